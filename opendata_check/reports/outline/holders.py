"""Who has the data of an action in the town hall, and which software they come out of: as sure as what is known."""

from __future__ import annotations

from collections.abc import Sequence

from opendata_check.model.completeness import ExpectedFamily
from opendata_check.model.finding import Axis, Finding
from opendata_check.model.report import AuditReport
from opendata_check.reports.outline.phrases import listed, say

_FILES = frozenset({Axis.PUBLISHED, Axis.USABLE})
"""Axes mended in the file itself; the others are mended where the file is described."""
_SHOWN = 2


class Holders:
    """Holders and software by dataset, from the families the datasets were recognised as."""

    def __init__(self, report: AuditReport) -> None:
        families = {one.family: one for one in report.expected.families}
        self._duties = {duty.obligation: duty for duty in report.duties}
        self._families: dict[str, ExpectedFamily] = {}
        for item in report.datasets:
            known = [match for match in item.matches if match.named and match.family in families]
            if known:
                best = max(known, key=lambda match: match.confidence)
                self._families[item.key] = families[best.family]

    def holder(self, findings: Sequence[Finding]) -> str:
        """Return who usually has these data; else the service, in general words."""
        if not findings:
            return ""
        if findings[0].axis is Axis.PROTECTED:
            duty = self._duties.get(findings[0].obligation)
            return (duty.holder if duty else "") or say("holder_personal")
        found = self._said([family.holder for family in self._of(findings)])
        if found:
            return found
        return say("holder_files" if findings[0].axis in _FILES else "holder_page")

    def software(self, findings: Sequence[Finding]) -> str:
        """Return the software these data usually come out of; else general words, or "" when none would be true."""
        if not findings:
            return ""
        axis = findings[0].axis
        if axis is Axis.PROTECTED:
            duty = self._duties.get(findings[0].obligation)
            return (duty.software if duty else "") or say("software_files")
        if axis is Axis.REUSABLE:
            return say("software_page")
        found = self._said([family.software for family in self._of(findings)])
        return found or (say("software_files") if axis in _FILES else "")

    def _of(self, findings: Sequence[Finding]) -> list[ExpectedFamily]:
        """Return the families of all the findings, or none when one of them is unknown: half an answer misleads."""
        keys = dict.fromkeys(finding.dataset for finding in findings)
        if not keys or any(key not in self._families for key in keys):
            return []
        return [self._families[key] for key in keys]

    @staticmethod
    def _said(names: Sequence[str]) -> str:
        return listed(tuple(dict.fromkeys(filter(None, names))), _SHOWN)
