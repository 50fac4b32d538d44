"""Weighs what was found: what fails, what is only told, what is let through and why, what nobody could see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from opendata_check.gate.baseline import Baseline, Known
from opendata_check.gate.findings import Found, first_file, weighed
from opendata_check.gate.globs import matches
from opendata_check.gate.selection import Selection
from opendata_check.gate.settings import Exemption, Settings
from opendata_check.gate.source import file_of
from opendata_check.model.finding import Axis, Finding, Outcome, Severity
from opendata_check.wording import french_date

_SEVERITIES = list(Severity)


@dataclass(frozen=True, slots=True)
class Exempted:
    """A finding let through by an exemption."""

    finding: Finding
    by: Exemption

    @property
    def why(self) -> str:
        """Return the reason, who answers for it, and until when, in French."""
        return f"{self.by.reason} ({self.by.owner}, jusqu'au {french_date(self.by.until)})"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A score below what the settings ask."""

    axis: Axis | None
    """None for the whole."""
    asked: float
    reached: float | None
    """None when nothing could be verified."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the files may go out, and why not."""

    failing: tuple[Finding, ...]
    told: tuple[Finding, ...]
    """Not serious enough to fail."""
    exempted: tuple[Exempted, ...]
    known: tuple[Finding, ...]
    """In the baseline."""
    broken: tuple[Finding, ...]
    """Checks of ours that stopped on an error."""
    expired: tuple[Exemption, ...]
    useless: tuple[Exemption, ...]
    """Exemptions that let nothing through any more."""
    mended: tuple[Known, ...]
    """In the baseline, and no longer found."""
    shortfalls: tuple[Shortfall, ...]
    unseen: bool
    """True when something that was to be judged could not be."""

    @property
    def passes(self) -> bool:
        """Return whether nothing fails."""
        return not (self.failing or self.expired or self.shortfalls)

    @property
    def exit_code(self) -> int:
        """Return 3 when something stayed unseen, else 1 when something fails, else 0 (decisions.md 2)."""
        return 3 if self.unseen else int(not self.passes)


def verdict(found: Found, settings: Settings, baseline: Baseline, selection: Selection, on: date) -> Verdict:
    """Return what becomes of each finding. An exemption is looked for before the baseline."""
    valid = [one for one in settings.exemptions if one.until >= on]
    used: set[int] = set()
    failing: list[Finding] = []
    told: list[Finding] = []
    exempted: list[Exempted] = []
    known: list[Finding] = []
    broken: list[Finding] = []
    for finding in weighed(found.findings, settings):
        exemption = next((one for one in valid if _covers(one, finding)), None)
        if exemption is not None:
            used.add(id(exemption))
            exempted.append(Exempted(finding, exemption))
        elif finding.outcome is Outcome.ERROR:
            broken.append(finding)
        elif finding.fingerprint in baseline.fingerprints:
            known.append(finding)
        elif _SEVERITIES.index(finding.severity) <= _SEVERITIES.index(settings.fail_on):
            failing.append(finding)
        else:
            told.append(finding)
    present = {finding.fingerprint for finding in found.findings}
    return Verdict(
        failing=tuple(failing),
        told=tuple(told),
        exempted=tuple(exempted),
        known=tuple(known),
        broken=tuple(broken),
        expired=tuple(one for one in settings.exemptions if one.until < on),
        useless=tuple(one for one in valid if id(one) not in used) if selection.whole else (),
        mended=tuple(one for one in baseline.findings if one.fingerprint not in present and looked_at(one, selection)),
        shortfalls=tuple(_shortfalls(found, settings)),
        unseen=bool(found.faults or broken),
    )


def looked_at(one: Known, selection: Selection) -> bool:
    """Return whether a finding of the baseline would have been found again in what is judged."""
    return selection.whole or one.file in selection.judged


def _covers(exemption: Exemption, finding: Finding) -> bool:
    """Return whether an exemption is about a finding: its check, and every file it points at."""
    if exemption.check != finding.check:
        return False
    if not exemption.files:
        return True
    files = {file_of(location.file) for location in finding.locations if location.file} or {first_file(finding)}
    return all(matches(exemption.files, file) for file in files)


def _shortfalls(found: Found, settings: Settings) -> Iterable[Shortfall]:
    if found.scores is None:
        return
    if settings.min_score is not None and (found.scores.overall is None or found.scores.overall < settings.min_score):
        yield Shortfall(None, settings.min_score, found.scores.overall)
    reached = {one.axis: one.score for one in found.scores.axes}
    for axis, asked in settings.min_axis:
        score = reached.get(axis)
        if score is None or score < asked:
            yield Shortfall(axis, asked, score)
