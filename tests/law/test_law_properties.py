"""Laws that every answer of scope obeys, whatever the organization and the date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from opendata_check.law import scope
from opendata_check.law.everywhere import decide_all
from opendata_check.law.loading import law
from opendata_check.law.questions import open_questions
from opendata_check.law.references import conditions_of, leaf_tests
from opendata_check.law.rules import FactType
from opendata_check.model.legal import Applicability, ConditionNode, Duty, NodeKind
from opendata_check.model.organization import (
    DeclaredFact,
    EvidenceKind,
    Organization,
    OrganizationKind,
    PopulationFigures,
)
from opendata_check.territory.headcount import BANDS, band

_APPLIES, _EXEMPT, _UNKNOWN = Applicability.APPLIES, Applicability.EXEMPT, Applicability.UNKNOWN
_NOT_IN_FORCE = Applicability.NOT_IN_FORCE
_RESULT = {_APPLIES: True, _EXEMPT: False, _NOT_IN_FORCE: False, _UNKNOWN: None}
_APART = {kind for body in law().apart for kind in body.kinds}
_BOOLEANS = [fact.id for fact in law().facts.values() if fact.type is FactType.BOOLEAN]
_NUMBERS = [
    fact.id for fact in law().facts.values() if fact.type is FactType.NUMBER and not fact.id.startswith("popul")
]
_DATES = st.dates(date(2016, 1, 1), date(2029, 12, 31))
_COUNTS = st.one_of(st.integers(0, 12_000), st.sampled_from([1999, 2000, 2001, 3499, 3500, 3501]))
_AGENTS = st.one_of(st.none(), st.floats(0, 400), st.sampled_from([49.9, 50.0, 50.1]))
_KINDS = st.sampled_from([kind for kind in OrganizationKind if kind not in _APART])
_ANSWERS = st.dictionaries(st.sampled_from(_BOOLEANS), st.booleans(), max_size=8)
_AMOUNTS = st.dictionaries(
    st.sampled_from([name for name in _NUMBERS if name not in {"agents_etp", "agents_effectif"}]),
    st.sampled_from([0.0, 2.0, 3.0, 20.0, 21.0, 3499.0, 3500.0, 23000.0, 23001.0, 40000.0]),
    max_size=3,
)
_BANDS = st.one_of(st.none(), st.sampled_from(sorted(BANDS)).map(band))


@st.composite
def _vintages(draw: st.DrawFn) -> tuple[PopulationFigures, ...]:
    years = sorted(draw(st.sets(st.integers(2016, 2028), max_size=4)), reverse=True)
    vintages = []
    for year in years:
        municipale = draw(st.one_of(st.none(), _COUNTS))
        apart = draw(st.one_of(st.none(), st.integers(0, 300)))
        totale = None if apart is None else (municipale if municipale is not None else draw(_COUNTS)) + apart
        evidence = draw(st.sampled_from(EvidenceKind))
        vintages.append(PopulationFigures(year - 3, year, municipale, totale, "source", evidence))
    return tuple(vintages)


@st.composite
def _organizations(draw: st.DrawFn) -> Organization:
    answers = {**draw(_ANSWERS), **draw(_AMOUNTS)}
    syndicat = draw(st.sampled_from(["", "communes", "mixte_ferme", "mixte_ouvert"]))
    if syndicat:
        answers["type_de_syndicat"] = syndicat
    return Organization(
        "Organisme d'essai",
        draw(_KINDS),
        populations=draw(_vintages()),
        largest_member_populations=draw(_vintages()),
        agents_etp=draw(_AGENTS),
        headcount_band=draw(_BANDS),
        acts_as=draw(st.sampled_from([(), (OrganizationKind.DEPARTEMENT,)])),
        declared=tuple(DeclaredFact(name, value) for name, value in sorted(answers.items())),
    )


def _verdicts(organization: Organization | None, on: date) -> dict[str, Applicability]:
    return {duty.obligation: duty.applicability for duty in scope(organization, on)}


def _same(before: Applicability, after: Applicability) -> bool:
    """Return whether two answers agree: bound, or not bound whatever the ground."""
    return before is after or (before.binds_not and after.binds_not)


def _raised(organization: Organization, inhabitants: int, agents: float) -> Organization:
    def more(populations: tuple[PopulationFigures, ...]) -> tuple[PopulationFigures, ...]:
        return tuple(
            replace(
                item,
                municipale=None if item.municipale is None else item.municipale + inhabitants,
                totale=None if item.totale is None else item.totale + inhabitants,
            )
            for item in populations
        )

    return replace(
        organization,
        populations=more(organization.populations),
        largest_member_populations=more(organization.largest_member_populations),
        agents_etp=None if organization.agents_etp is None else organization.agents_etp + agents,
    )


@given(_organizations(), _DATES, st.integers(0, 50_000), st.floats(0, 300))
def test_growing_never_frees_from_any_obligation(
    organization: Organization, on: date, inhabitants: int, agents: float
) -> None:
    """No text read frees a body because it grew; the only bound from above is a mode of publication, not a duty."""
    before = _verdicts(organization, on)
    after = _verdicts(_raised(organization, inhabitants, agents), on)
    for obligation, verdict in before.items():
        if verdict is _APPLIES:
            assert after[obligation] is _APPLIES, obligation
        if after[obligation].binds_not:
            assert verdict.binds_not, obligation


@given(_organizations(), _DATES, st.floats(0, 400), _COUNTS, _ANSWERS)
def test_supplying_a_missing_fact_never_overturns_a_verdict(
    organization: Organization, on: date, agents: float, inhabitants: int, answers: dict[str, bool]
) -> None:
    known = {fact.name for fact in organization.declared}
    figures = PopulationFigures(on.year - 3, on.year, inhabitants, inhabitants, "source", EvidenceKind.DECLARED)
    completed = replace(
        organization,
        agents_etp=agents if organization.agents_etp is None else organization.agents_etp,
        populations=organization.populations or (figures,),
        declared=organization.declared
        + tuple(DeclaredFact(name, value) for name, value in answers.items() if name not in known),
    )
    if organization.headcount_band is not None and organization.agents_etp is None:
        return  # a band only presumes: the declared number may say otherwise
    before, after = _verdicts(organization, on), _verdicts(completed, on)
    for obligation, verdict in before.items():
        assert verdict is _UNKNOWN or _same(verdict, after[obligation])


@given(_organizations(), _DATES, _KINDS)
def test_naming_the_kind_never_overturns_a_verdict(
    organization: Organization, on: date, kind: OrganizationKind
) -> None:
    before = _verdicts(replace(organization, kind=OrganizationKind.UNKNOWN), on)
    after = _verdicts(replace(organization, kind=kind), on)
    for obligation, verdict in before.items():
        assert verdict is _UNKNOWN or _same(verdict, after[obligation])


@given(_organizations(), _DATES)
def test_an_event_never_changes_a_verdict(organization: Organization, on: date) -> None:
    events = {duty.event_fact for duty in scope(organization, on)} - {""} - _CONDITIONS
    silent = replace(organization, declared=tuple(fact for fact in organization.declared if fact.name not in events))
    assert _verdicts(organization, on) == _verdicts(silent, on)


_CONDITIONS = {
    test.fact for obligation in law().obligations for part in conditions_of(obligation) for test in leaf_tests(part)
}
"""Facts that conditions read; one of them (a website) is an event for another duty."""


def _nodes(node: ConditionNode) -> list[ConditionNode]:
    return [node, *(inner for child in node.children for inner in _nodes(child))]


def _explains_itself(duty: Duty) -> None:
    assert _RESULT[duty.applicability] is duty.condition.result
    assert duty.reason.endswith((".", "?")) and "{" not in duty.reason and "  " not in duty.reason
    assert duty.legal_basis
    assert bool(duty.missing_facts) == (duty.applicability is _UNKNOWN)
    assert not duty.what_if or duty.applicability is _UNKNOWN
    for node in _nodes(duty.condition):
        assert node.label and "{" not in node.label
        assert bool(node.children) == (node.kind is not NodeKind.TEST)


@given(st.one_of(st.none(), _organizations()), _DATES)
def test_every_duty_explains_itself(organization: Organization | None, on: date) -> None:
    duties = scope(organization, on)
    assert [(-duty.weight, duty.obligation) for duty in duties] == sorted(
        (-duty.weight, duty.obligation) for duty in duties
    )
    for duty in duties:
        _explains_itself(duty)


@settings(max_examples=60)
@given(_organizations(), st.dates(date(2024, 7, 1), date(2027, 12, 31)), _COUNTS)
def test_what_if_tells_what_the_answer_would_really_do(organization: Organization, on: date, agents: float) -> None:
    duty = next(duty for duty in scope(organization, on) if duty.obligation == "diffusion-par-principe")
    if len(duty.missing_facts) != 1 or organization.agents_etp is not None:
        return
    if duty.missing_facts[0].fact != "agents_etp":
        return
    yes, no = duty.what_if
    assert (yes.status, no.status) == (_APPLIES, _EXEMPT)
    assert yes.text.endswith("s'applique.") and no.text.endswith("ne s'applique pas.")
    for value, verdict in ((50.0, _APPLIES), (49.99, _EXEMPT)):
        answered = replace(organization, agents_etp=value)
        assert _verdicts(answered, on)["diffusion-par-principe"] is verdict


@settings(max_examples=60)
@given(_organizations(), _DATES)
def test_every_question_left_would_change_something(organization: Organization, on: date) -> None:
    duties = scope(organization, on)
    open_facts = {question.fact for question in open_questions(duties)}
    needed = {missing.fact for duty in duties for missing in duty.missing_facts if missing.fact}
    events = {duty.event_fact for duty in duties if duty.event_happened is None and not duty.applicability.binds_not}
    assert open_facts == needed | (events - {""})
    for duty in duties:
        for fact in {missing.fact for missing in duty.missing_facts}:
            answers = {item.status for item in duty.what_if if item.fact == fact}
            assert not answers or answers != {_UNKNOWN}


@settings(max_examples=60)
@given(st.lists(_organizations(), max_size=6), _DATES)
def test_the_whole_country_is_decided_as_one_body_is(organizations: list[Organization], on: date) -> None:
    for organization, verdicts in decide_all(organizations, on, law()):
        duties = {duty.obligation: duty for duty in scope(organization, on)}
        expected = [duties[obligation.id].applicability for obligation in law().obligations]
        assert list(verdicts.statuses) == expected
        missing = {
            fact.fact for duty in duties.values() for fact in duty.missing_facts if duty.applicability is _UNKNOWN
        }
        assert set(verdicts.missing) == missing


@given(_organizations(), _DATES)
def test_what_was_declared_is_told_apart(organization: Organization, on: date) -> None:
    declared = {fact.name for fact in organization.declared} | {
        "agents_etp",
        "agents_effectif",
        "population",
        "population_totale",
    }
    for duty in scope(organization, on):
        assert set(duty.declared_facts) <= declared
