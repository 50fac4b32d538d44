"""The report as one HTML page, whole without its script, nothing fetched, fit for a screen, a phone and paper."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from opendata_check.model.finding import Axis
from opendata_check.model.report import AuditReport
from opendata_check.reports.explain.phrases import phrase
from opendata_check.reports.explain.standing import summary
from opendata_check.reports.interface import Layout
from opendata_check.reports.outline import counts, outline
from opendata_check.reports.outline.guidance import heard_questions
from opendata_check.reports.outline.phrases import say, say_count
from opendata_check.reports.outline.values import Files, Outline
from opendata_check.reports.page.anchors import Anchors
from opendata_check.reports.page.bounds import bounded, fingerprints, named
from opendata_check.reports.page.templating import digest, environment
from opendata_check.wording import french_number, glossary, word

if TYPE_CHECKING:
    from jinja2 import Template

EXTENSION = "html"
SUMMARY = "une page à lire et à imprimer"
_TEMPLATES = Path(__file__).parent / "templates"
_AXES = tuple(axis.value for axis in Axis)
_HEAVY = 400
"""Findings from which a browser should lay out only what is on screen."""


def render(report: AuditReport, layout: Layout) -> str:
    """Return the page. Every text of the report is escaped by the template engine; the layout is the reader's own."""
    cut = bounded(outline(report))
    told = cut.told
    faults, more_faults = named(told.limits.faults)
    declared = counts.declared(report.findings)
    limit = say("bounded", shown=french_number(cut.shown), total=french_number(cut.total))
    return _template().render(
        told=told,
        bounded=limit if cut.shown < cut.total else "",
        heavy=cut.shown > _HEAVY,
        anchors=Anchors(fingerprints(told)),
        alone=_alone(told.files),
        faults=faults,
        more_faults=more_faults,
        tallied={rule.obligation: counts.tally_of(rule, declared) for rule in told.rules},
        counted=counts.said(told.tallies),
        known_checks=frozenset(one.check for one in told.checks),
        filters={"axes": [(axis, word("axes", axis)) for axis in _AXES], "severities": _severities(told)},
        to_check=[one for one in told.limits.undecided if one.open],
        unseen=[one for one in told.limits.undecided if not one.open],
        blocks=_blocks(told),
        heard=heard_questions(),
        glossary=glossary(),
        peers=summary(report.others_scores),
        peers_heading=phrase("scores_heading"),
        script=_script(),
    )


def _blocks(told: Outline) -> dict[str, str]:
    """Return the titles of the blocks that questions are answered by, by anchor."""
    return {
        "verdict": told.verdict.sentence,
        "actions": told.actions.heading,
        **{anchor: say(key) for anchor, key in (("fichiers", "found"), ("documents", "documents"),
                                                ("risques", "risk"), ("aide", "help"))},
    }  # fmt: skip


def _alone(files: Files) -> list[tuple[tuple[str, ...], list[str]]]:
    """Return together the datasets of which nothing more is to say than what stands elsewhere."""
    found: dict[tuple[str, ...], list[str]] = {}
    for one in files.datasets:
        if not (one.groups or one.notes):
            titled = one.title if one.title == one.files else f"{one.title} ({one.files})"
            found.setdefault(one.also, []).append(titled)
    return list(found.items())


def _severities(told: Outline) -> list[str]:
    groups = (*told.files.general, *told.files.repeated, *(g for one in told.files.datasets for g in one.groups),
              *told.personal.groups)  # fmt: skip
    return list(dict.fromkeys(group.severity for group in groups))


@cache
def _script() -> dict[str, str]:
    """Return the script that filters, and the digest by which the page allows this one and no other."""
    from markupsafe import Markup

    text = (_TEMPLATES / "audit.js").read_text(encoding="utf-8")
    return {"text": Markup(text), "allowed": f"'sha256-{digest(text)}'"}  # noqa: S704 - our own file


@cache
def _template() -> Template:
    made = environment(_TEMPLATES, say=say, say_count=say_count, word=word, sign=_sign, names=_names)
    return made.get_template("audit.html")


def _sign(state: str) -> str:
    return word("outcomes", state, "sign")


def _names(files: Sequence[str]) -> str:
    """Return names in a row; past what one reads, how many more there are."""
    first, more = named(files)
    text = ", ".join(first)
    return say("more_files", files=text, count=french_number(more)) if more else text
