"""Beyond the law: what comparable bodies publish too, the years that series lack, and who could publish instead."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.model.completeness import Comparison, Completeness, ExpectedFamily, YearSeries
from opendata_check.model.organization import OrganizationKind
from opendata_check.model.report import AuditReport
from opendata_check.reports.outline.phrases import listed, quoted, say
from opendata_check.reports.outline.values import Further
from opendata_check.wording import effort_rank, plural, word

_SHOWN = 5
_SHOWN_BESIDE_YEARS = 3
_FEW = 3
_THEIRS = 2
_EPCI = "epci"
_OF_AN_EPCI = frozenset({OrganizationKind.COMMUNE, OrganizationKind.COMMUNE_DELEGUEE, OrganizationKind.ECOLE})


def further(report: AuditReport) -> Further:
    """Return a few suggestions; none of families when nobody knows whose data these are."""
    expected = report.expected
    body = report.organization
    years = tuple(_years(expected.series))
    return Further(
        usual=tuple(_usual(expected))[: _SHOWN_BESIDE_YEARS if years else _SHOWN] if body else (),
        years=" ".join(years),
        others=_others(expected) if body and body.kind in _OF_AN_EPCI else "",
        like=_like(expected.comparison) if expected.comparison else "",
    )


def _usual(expected: Completeness) -> Iterator[str]:
    missing = [one for one in expected.families if one.usual and not one.guarded and one.state == "not_found"]
    for one in sorted(missing, key=_ease):
        holder = one.holder.partition(" ou ")[0].partition(",")[0]  # the first of them: one line for each family
        yield say("further_usual", title=one.title, holder=holder, effort=word("efforts", one.effort))


def _ease(one: ExpectedFamily) -> tuple[bool, bool, int, int]:
    """Return the order of suggestions: what bodies of this kind open first, then what takes least time."""
    return not one.mine, not one.common, effort_rank(one.effort), one.stratum


def _years(every: tuple[YearSeries, ...]) -> Iterator[str]:
    """Yield the years between others that nothing holds, then the last year, which may be on its way."""
    gaps = [one for one in every if one.missing]
    if gaps:
        told = [
            say("further_years_of" if one.certain else "further_years_doubt", title=one.title,
                years=listed(one.missing, _FEW))
            for one in gaps
        ]  # fmt: skip
        yield say("further_years", series=listed(told, _FEW))
    late = [say("further_years_of", title=one.title, years=one.expected) for one in every if one.expected]
    if late:
        yield say("further_years_asked", series=listed(late, _FEW))


def _others(expected: Completeness) -> str:
    """Return what the intercommunality is the first to publish and that is nowhere yet."""
    theirs = [one for one in expected.families if one.reason == "holder" and _is_theirs(one)]
    if not theirs:
        return ""
    name = next((one.publishers[0].name for one in theirs if one.publishers[0].named), say("further_epci_unnamed"))
    return say("further_epci", name=name, titles=quoted([one.title for one in theirs[:_THEIRS]]))


def _is_theirs(one: ExpectedFamily) -> bool:
    return bool(one.publishers) and one.publishers[0].kind == _EPCI


def _like(comparison: Comparison) -> str:
    return say(
        "further_like",
        label=comparison.label,
        median=plural(comparison.median, "jeu de données", "jeux de données"),
        source=comparison.source,
    )
