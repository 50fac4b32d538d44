"""What changed in the law between two days: rules that begin or end, thresholds and texts that change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise

from opendata_check.law.deciding import concerned
from opendata_check.law.figures import Figures, exact_number, figures_of
from opendata_check.law.references import conditions_of, leaf_tests
from opendata_check.law.rules import Law, Obligation, Threshold
from opendata_check.law.scoping import scope
from opendata_check.model.legal import Applicability
from opendata_check.model.organization import EvidenceKind, Organization, PopulationFigures
from opendata_check.model.rulebook import Change, RuleChanges


def changes(law: Law, since: date, until: date, organization: Organization | None = None) -> tuple[RuleChanges, ...]:
    """Return, rule by rule, what changed after ``since`` and up to ``until``, the latest change first.

    With an organization, only the rules that concern it on one of the two days, judged with its facts of today: what
    is told is the change of the law, not that of the body.
    """
    before = _answers(organization, since, until, law)
    after = _answers(organization, until, until, law)
    found = []
    for obligation in law.obligations:
        happened = tuple(sorted(_changes(obligation, since, until, organization, law), key=lambda item: item.on))
        was, now = before.get(obligation.id), after.get(obligation.id)
        if organization is not None and was is not None and now is not None and was.binds_not and now.binds_not:
            continue
        if happened:
            found.append(RuleChanges(obligation.id, obligation.title, happened, was, now))
    return tuple(sorted(found, key=lambda item: (-item.changes[-1].on.toordinal(), item.obligation)))


def _answers(organization: Organization | None, day: date, facts_of: date, law: Law) -> dict[str, Applicability]:
    if organization is None:
        return {}
    same = _with_figures_of(organization, facts_of, day)
    return {duty.obligation: duty.applicability for duty in scope(same, day, law)}


def _with_figures_of(organization: Organization, known_on: date, day: date) -> Organization:
    """Return the organization with the population of ``known_on`` and its headcount band taken for those of ``day``."""

    def moved(populations: tuple[PopulationFigures, ...]) -> tuple[PopulationFigures, ...]:
        known = [item for item in populations if item.in_force_year <= known_on.year]
        if not known or day == known_on:
            return populations
        newest = max(known, key=lambda item: item.in_force_year)
        return (replace(newest, in_force_year=day.year, evidence=EvidenceKind.DECLARED), *populations)

    band = organization.headcount_band
    return replace(
        organization,
        headcount_band=band and replace(band, year=None),
        populations=moved(organization.populations),
        largest_member_populations=moved(organization.largest_member_populations),
    )


def _changes(
    obligation: Obligation, since: date, until: date, organization: Organization | None, law: Law
) -> Iterator[Change]:
    @cache
    def figures(day: date) -> Figures:
        """Return the facts of today, whichever day a step was judged on."""
        return figures_of(organization and _with_figures_of(organization, until, day))

    def within(day: date) -> bool:
        return since < day <= until

    for part in obligation.parts:
        if organization is not None and concerned(part, figures(part.judged_on(until)), until, law) is False:
            continue
        if within(part.since):
            yield Change(part.since, "begins", law.say("changes", "begins", etape=part.label))
        if part.until is not None and within(part.until):
            yield Change(part.until, "ends", law.say("changes", "ends", etape=part.label))
    for name in _parameters(obligation):
        values = law.parameters[name].values
        for old, new in pairwise(values):
            if within(new.since) and old.value != new.value:
                said = {"avant": exact_number(old.value), "apres": exact_number(new.value)}
                text = law.say("changes", "threshold", titre=law.parameters[name].title, **said)
                yield Change(new.since, "threshold", text)
    for source in obligation.sources:
        begun = source.since is not None and source.since > obligation.parts[0].since  # else the rule itself is new
        if source.reference.version and source.since is not None and begun and within(source.since):
            text = law.say("changes", "text", texte=source.reference.label)
            yield Change(source.since, "text", text)


def _parameters(obligation: Obligation) -> tuple[str, ...]:
    tests = (test for condition in conditions_of(obligation) for test in leaf_tests(condition))
    names = [test.comparison.parameter for test in tests if isinstance(test.comparison, Threshold)]
    if obligation.event is not None and obligation.event.parameter:
        names.append(obligation.event.parameter)
    return tuple(dict.fromkeys(names))
