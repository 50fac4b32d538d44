"""Deciding the whole country gives each body what `scope` gives it alone, whatever bodies came before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from law_cases import cases, organization

from opendata_check.law import scope
from opendata_check.law.everywhere import Verdicts, decide_all
from opendata_check.law.loading import law, with_local_rules
from opendata_check.law.rules import Comparison, FactType, Law, Obligation, Threshold
from opendata_check.law.rules import Test as Leaf
from opendata_check.model.legal import Applicability
from opendata_check.model.organization import (
    DeclaredFact,
    EvidenceKind,
    Organization,
    OrganizationKind,
    PopulationFigures,
)
from opendata_check.resources import rules_folder
from opendata_check.territory.everyone import count, everyone
from opendata_check.territory.headcount import BANDS, band

ON = date(2026, 11, 23)
DAYS = (date(2016, 12, 1), date(2018, 10, 7), date(2024, 3, 1), date(2025, 6, 1), ON, date(2030, 1, 1))
"""Before and after the steps of several texts, in the years of each embedded vintage, and beyond them."""


def alone(body: Organization, on: date, within: Law) -> Verdicts:
    """Return the verdicts of one body as ``scope`` gives them."""
    duties = {duty.obligation: duty for duty in scope(body, on, within)}
    missing = {fact.fact for duty in duties.values() for fact in duty.missing_facts}
    return Verdicts(
        tuple(duties[item.id].applicability for item in within.obligations),
        tuple(name for name in within.facts if name in missing),
    )


def check_same(bodies: Iterable[Organization], on: date, within: Law | None = None) -> list[Verdicts]:
    chosen = within or law()
    expected = list(bodies)
    decided = list(decide_all(expected, on, chosen))
    assert [body for body, _ in decided] == expected
    for body, verdicts in decided:
        assert verdicts == alone(body, on, chosen), (body, on)
    return [verdicts for _, verdicts in decided]


@pytest.fixture(scope="module")
def sample() -> list[Organization]:
    """Return two hundred bodies of the embedded reference: communes of everywhere, then groups."""
    bodies = list(islice(everyone(), 0, None, count() // 200))
    assert len(bodies) >= 200
    assert {OrganizationKind.COMMUNE, OrganizationKind.EPCI} <= {body.kind for body in bodies}
    return bodies


@pytest.mark.parametrize("on", [date(2018, 10, 7), date(2025, 6, 1), ON])
def test_real_bodies_are_decided_as_each_is_alone(sample: list[Organization], on: date) -> None:
    verdicts = check_same(sample, on)
    assert len(set(verdicts)) > 1


def test_bodies_of_the_cases_of_the_law_are_decided_as_each_is_alone() -> None:
    bodies = [body for case in cases()[::4] if (body := organization(case["organisme"])) is not None]
    assert len(bodies) > 100
    verdicts = check_same(bodies, ON)
    assert {status for item in verdicts for status in item.statuses} == set(Applicability) - {
        Applicability.NOT_IN_FORCE
    }


_BOOLEANS = [fact.id for fact in law().facts.values() if fact.type is FactType.BOOLEAN]
_COUNTS = st.sampled_from([0, 1999, 2001, 3499, 3500, 9999, 10_000, 40_000, 40_001, 80_001])
_KINDS = st.sampled_from(OrganizationKind)
_ANSWERS = st.dictionaries(st.sampled_from(_BOOLEANS), st.booleans(), max_size=3)
_NUMBERS = st.dictionaries(
    st.sampled_from(
        ["vehicules_du_parc", "emplois_fonctionnels", "plus_grande_commune", "montant_du_plus_gros_marche"]
    ),
    st.sampled_from([0, 3, 20, 21.0, 3500, 40_000]),
    max_size=2,
)
_CHOICES = st.sampled_from(["", "communes", "mixte_ferme", "mixte_ouvert", "autre"])


@st.composite
def _vintages(draw: st.DrawFn) -> tuple[PopulationFigures, ...]:
    found = []
    for year in draw(st.sampled_from([(), (2026,), (2026, 2025), (2026, 2024), (2026, 2023, 2018)])):
        municipale, apart = draw(_COUNTS), draw(st.sampled_from([None, 0, 1, 200]))
        totale = None if apart is None else municipale + apart
        evidence = draw(st.sampled_from(EvidenceKind))
        found.append(PopulationFigures(year - 3, year, municipale, totale, "source", evidence))
    return tuple(found)


@st.composite
def _bodies(draw: st.DrawFn) -> Organization:
    declared: dict[str, bool | float | str] = {**draw(_ANSWERS), **draw(_NUMBERS), "type_de_syndicat": draw(_CHOICES)}
    return Organization(
        "Essai",
        draw(_KINDS),
        departement_code=draw(st.sampled_from([None, "54", "988"])),
        populations=draw(_vintages()),
        largest_member_populations=draw(_vintages()),
        agents_etp=draw(st.sampled_from([None, 0.0, 49.9, 50.0, 200.0])),
        agents_effectif=draw(st.sampled_from([None, 0, 49, 50, 200])),
        headcount_band=draw(st.sampled_from([None, *BANDS]).map(lambda code: band(code or "", "2023"))),
        acts_as=draw(st.sampled_from([(), (OrganizationKind.DEPARTEMENT,)])),
        declared=tuple(DeclaredFact(name, value) for name, value in declared.items()),
    )


@st.composite
def _variants(draw: st.DrawFn) -> list[Organization]:
    """Return bodies that differ by one thing each, so that those which share a decision are many."""
    first = draw(_bodies())
    others = draw(st.lists(_bodies(), min_size=2, max_size=2))
    names = (
        "kind", "departement_code", "populations", "largest_member_populations", "agents_etp", "agents_effectif",
        "headcount_band", "acts_as", "declared",
    )  # fmt: skip
    chosen = draw(st.lists(st.sampled_from(names), min_size=2, max_size=5, unique=True))
    return [first, *others, *(replace(first, **{name: getattr(others[0], name)}) for name in chosen), first]


@settings(max_examples=60, deadline=None)
@given(_variants(), st.sampled_from(DAYS) | st.dates(date(2016, 1, 1), date(2030, 1, 1)))
def test_drawn_bodies_are_decided_as_each_is_alone(bodies: list[Organization], on: date) -> None:
    check_same(bodies, on)


def test_bodies_that_differ_by_one_answer_to_a_choice_are_told_apart() -> None:
    syndicat = Organization("Essai", OrganizationKind.SYNDICAT)
    kinds = [(DeclaredFact("type_de_syndicat", name),) for name in law().facts["type_de_syndicat"].choices]
    verdicts = check_same([syndicat, *(replace(syndicat, declared=answers) for answers in kinds)], ON)
    assert len(set(verdicts)) >= 3


def test_a_step_judged_on_its_first_day_reads_the_figures_of_that_day() -> None:
    bal = law().by_id["bal"]
    assert bal.parts[0].at_start
    only_first = replace(law(), obligations=(replace(bal, parts=bal.parts[:1]),))
    now = PopulationFigures(2023, 2026, 3000, 3000, "source")
    then = [PopulationFigures(2021, 2024, count, count, "source") for count in (1000, 3000)]
    bodies = [Organization("Essai", OrganizationKind.COMMUNE, populations=(now, figures)) for figures in then]
    assert len(set(check_same(bodies, ON, only_first))) == 2


def test_at_least_and_more_than_one_threshold_are_two_comparisons() -> None:
    def bound_by(name: str, comparison: Comparison) -> Obligation:
        return replace(law().by_id[name], who=Leaf("n", "population", Threshold("seuil-population-prada", comparison)))

    rules = [bound_by(*pair) for pair in zip(("bal", "inspire", "licence", "rip"), Comparison, strict=True)]
    counts = (PopulationFigures(2023, 2026, count, count, "source") for count in (9999, 10_000, 10_001))
    bodies = [Organization("Essai", OrganizationKind.COMMUNE, populations=(figures,)) for figures in counts]
    assert len(set(check_same(bodies, ON, replace(law(), obligations=tuple(rules))))) == 3


def test_what_is_missing_is_in_the_order_of_the_facts_and_only_for_what_is_unknown() -> None:
    ((_, verdicts),) = decide_all([Organization("Essai", OrganizationKind.COMMUNE)], ON, law())
    assert verdicts.missing[:2] == ("population", "population_totale")
    assert list(verdicts.missing) == [name for name in law().facts if name in verdicts.missing]
    none_left = [Organization("Essai", OrganizationKind.ECOLE)]
    ((_, answered),) = decide_all(none_left, ON, law())
    assert answered == Verdicts((Applicability.EXEMPT,) * len(law().obligations), ())


def test_bodies_that_agree_on_everything_share_one_decision() -> None:
    body = Organization("Un", OrganizationKind.COMMUNE, agents_etp=60.0)
    (_, first), (_, second) = decide_all([body, replace(body, name="Deux", agents_etp=61.0)], ON, law())
    assert first is second


def test_bodies_are_decided_as_they_come_and_none_is_needed() -> None:
    def endless() -> Iterable[Organization]:
        while True:
            yield Organization("Essai", OrganizationKind.CCAS)

    assert len(list(islice(decide_all(endless(), ON, law()), 3))) == 3
    assert list(decide_all([], ON, law())) == []


def test_a_law_of_fewer_rules_gives_as_many_answers() -> None:
    bodies = [Organization("Essai", kind) for kind in OrganizationKind]
    few = replace(law(), obligations=tuple(item for item in law().obligations if item.id in {"bal", "inspire", "rip"}))
    for verdicts in check_same(bodies, ON, few):
        assert len(verdicts.statuses) == 3


@pytest.fixture
def leaning(tmp_path: Path) -> Law:
    """Return the law with a local rule that leans, at a day of its own, on a national one with thresholds."""
    folder = tmp_path / "mes-regles" / "obligations"
    folder.mkdir(parents=True)
    text = (rules_folder() / "obligations" / "inspire.yaml").read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    content |= {
        "id": "locale",
        "who": {"label": "commune", "fact": "kind", "in": ["commune"]},
        "parts": [
            {
                "since": date(2024, 6, 1),
                "label": "tenue à la publication ce jour-là",
                "judged": "at_start",
                "when": {"label": "publication par principe", "obligation": "diffusion-par-principe"},
            }
        ],
        "examples": [
            {"title": "oui", "body": {"kind": "commune"}, "date": date(2026, 1, 1), "status": "applies"},
            {"title": "non", "body": {"kind": "epci"}, "date": date(2026, 1, 2), "status": "exempt"},
        ],
    }
    content.pop("doubtful_exemption")
    (folder / "locale.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return with_local_rules(law(), folder.parent)


def test_a_rule_that_leans_on_another_on_an_earlier_day_is_decided_body_by_body(leaning: Law) -> None:
    def grown(before: int) -> Organization:
        figures = tuple(
            PopulationFigures(year - 3, year, inhabitants, inhabitants, "Insee")
            for year, inhabitants in ((2026, 4000), (2024, before))
        )
        return Organization("Essai", OrganizationKind.COMMUNE, populations=figures, agents_etp=60)

    place = [item.id for item in leaning.obligations].index("locale")
    verdicts = check_same([grown(3000), grown(4000)], ON, leaning)
    assert verdicts[0].statuses[place] is not verdicts[1].statuses[place] is Applicability.APPLIES
