"""Laws that every answer of scope obeys, whatever the organization and the date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from opendata_check.law import scope
from opendata_check.model.legal import Applicability, ConditionNode, Duty, NodeKind
from opendata_check.model.organization import (
    DeclaredFact,
    EvidenceKind,
    Organization,
    OrganizationKind,
    PopulationFigures,
)

_APPLIES, _EXEMPT, _UNKNOWN = Applicability.APPLIES, Applicability.EXEMPT, Applicability.UNKNOWN
_VERDICT = {True: _APPLIES, False: _EXEMPT, None: _UNKNOWN}
_DATES = st.dates(date(2016, 1, 1), date(2029, 12, 31))
_COUNTS = st.one_of(st.integers(0, 12_000), st.sampled_from([1999, 2000, 2001, 3499, 3500, 3501]))
_AGENTS = st.one_of(st.none(), st.floats(0, 400), st.sampled_from([49.9, 50.0, 50.1]))
_KINDS = st.sampled_from(list(OrganizationKind))
_ANSWERS = st.dictionaries(
    st.sampled_from(["subventions_plus_de_23000", "marches_plus_de_40000", "acheteur_public"]), st.booleans()
)


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
    answers = draw(_ANSWERS)
    return Organization(
        "Organisme d'essai",
        draw(_KINDS),
        populations=draw(_vintages()),
        agents_etp=draw(_AGENTS),
        declared=tuple(DeclaredFact(name, value) for name, value in sorted(answers.items())),
    )


def _verdicts(organization: Organization | None, on: date) -> dict[str, Applicability]:
    return {duty.obligation: duty.applicability for duty in scope(organization, on)}


def _raised(organization: Organization, inhabitants: int, agents: float) -> Organization:
    populations = tuple(
        replace(
            item,
            municipale=None if item.municipale is None else item.municipale + inhabitants,
            totale=None if item.totale is None else item.totale + inhabitants,
        )
        for item in organization.populations
    )
    etp = None if organization.agents_etp is None else organization.agents_etp + agents
    return replace(organization, populations=populations, agents_etp=etp)


@given(_organizations(), _DATES, st.integers(0, 5000), st.floats(0, 100))
def test_growing_never_frees_from_opening_by_default(
    organization: Organization, on: date, inhabitants: int, agents: float
) -> None:
    before = _verdicts(organization, on)
    after = _verdicts(_raised(organization, inhabitants, agents), on)
    for obligation in ("diffusion-par-principe", "subventions"):
        if before[obligation] is _APPLIES:
            assert after[obligation] is _APPLIES
        if after[obligation] is _EXEMPT:
            assert before[obligation] is _EXEMPT


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
    before, after = _verdicts(organization, on), _verdicts(completed, on)
    for obligation, verdict in before.items():
        assert verdict is _UNKNOWN or after[obligation] is verdict


@given(_organizations(), _DATES, _KINDS)
def test_naming_the_kind_never_overturns_a_verdict(
    organization: Organization, on: date, kind: OrganizationKind
) -> None:
    before = _verdicts(replace(organization, kind=OrganizationKind.UNKNOWN), on)
    after = _verdicts(replace(organization, kind=kind), on)
    for obligation, verdict in before.items():
        assert verdict is _UNKNOWN or after[obligation] is verdict


@given(_organizations(), _DATES)
def test_an_event_never_changes_a_verdict(organization: Organization, on: date) -> None:
    events = {duty.event_fact for duty in scope(organization, on)} - {""}
    silent = replace(organization, declared=tuple(fact for fact in organization.declared if fact.name not in events))
    assert _verdicts(organization, on) == _verdicts(silent, on)


def _nodes(node: ConditionNode) -> list[ConditionNode]:
    return [node, *(inner for child in node.children for inner in _nodes(child))]


def _explains_itself(duty: Duty) -> None:
    assert duty.applicability is _VERDICT[duty.condition.result]
    assert duty.reason.endswith(".") and "{" not in duty.reason and "  " not in duty.reason
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
    yes, no = duty.what_if
    assert yes.endswith("s'applique.") and no.endswith("ne s'applique pas à cette date.")
    for value, verdict in ((50.0, _APPLIES), (49.99, _EXEMPT)):
        answered = replace(organization, agents_etp=value)
        assert _verdicts(answered, on)["diffusion-par-principe"] is verdict
