"""Bodies judged apart, datasets the State publishes, and obligations that lean on others: read strictly, then used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from opendata_check.law import LawError, open_elsewhere, scope
from opendata_check.law.apart import apart_of, read_apart, read_open_elsewhere, read_open_since
from opendata_check.law.loading import law
from opendata_check.law.references import check_references, conditions_of, leaf_tests, leaves_of, others_of
from opendata_check.law.rules import Apart, Group, Law, Obligation, OtherObligation
from opendata_check.law.rules import Test as Leaf
from opendata_check.model.legal import Applicability, NodeKind
from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.resources import rules_folder

ON = date(2026, 11, 23)
ONE = "  - kinds: [ecole]\n    answer: exempt\n    reason: La commune répond.\n"
DATASET = "  - {id: elus, title: Élus, kinds: [commune], by: le ministère, where: data.gouv.fr}\n"


def written(folder: Path, content: str) -> Path:
    path = folder / "essai.yaml"
    path.write_text(content, encoding="utf-8")
    return path


def test_bodies_apart_are_read_with_their_answer_reason_kinds_and_territories(tmp_path: Path) -> None:
    overseas = '  - departements: ["988"]\n    answer: unknown\n    reason: Autres règles.\n'
    path = written(tmp_path, f"read_on: 2026-11-25\nbodies:\n{overseas}{ONE}")
    assert read_apart(path) == (
        Apart(Applicability.UNKNOWN, "Autres règles.", frozenset(), frozenset({"988"})),
        Apart(Applicability.EXEMPT, "La commune répond.", frozenset({OrganizationKind.ECOLE})),
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (ONE, "", "« bodies »"),
        ("ecole", "creche", "« creche »"),
        ("ecole", "unknown", "« unknown »"),
        ("[ecole]", "[]", "« kinds »"),
        ("exempt", "not_in_force", "« answer »"),
        ("reason", "raison", "« raison »"),
        ("La commune répond.", '""', "« reason » est vide"),
    ],
)
def test_a_fault_in_the_bodies_apart_names_the_file_and_the_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    content = f"read_on: 2026-11-25\nbodies:\n{ONE}"
    with pytest.raises(LawError) as caught:
        read_apart(written(tmp_path, content.replace(old, new)))
    assert said in str(caught.value) and "essai.yaml" in str(caught.value)


def test_the_first_answer_that_covers_a_body_is_its_answer() -> None:
    school = Organization("Essai", OrganizationKind.ECOLE, departement_code="988")
    territory = Apart(Applicability.UNKNOWN, "a", departements=frozenset({"988"}))
    kind = Apart(Applicability.EXEMPT, "b", frozenset({OrganizationKind.ECOLE}))
    assert apart_of(school, (territory, kind)) is territory
    assert apart_of(school, (kind, territory)) is kind
    assert apart_of(replace(school, departement_code="54"), (territory, kind)) is kind
    assert apart_of(replace(school, departement_code=None, kind=OrganizationKind.COMMUNE), (territory, kind)) is None
    assert apart_of(None, (territory, kind)) is None


@pytest.mark.parametrize("body", [body for body in law().apart if body.kinds], ids=lambda body: min(body.kinds))
def test_a_kind_judged_apart_has_one_answer_for_every_duty_and_none_before_the_texts(body: Apart) -> None:
    one = Organization("Essai", min(body.kinds))
    for duty in scope(one, ON):
        assert (duty.applicability, duty.reason, duty.parts) == (body.answer, body.reason, ())
        assert not (duty.missing_facts or duty.what_if or duty.condition.children)
    early = {duty.applicability for duty in scope(one, date(2016, 12, 1))}
    assert early == {Applicability.NOT_IN_FORCE, body.answer}


def test_a_dataset_the_state_publishes_is_read_with_its_kinds(tmp_path: Path) -> None:
    ((kinds, item),) = read_open_elsewhere(written(tmp_path, f"datasets:\n{DATASET}"))
    assert kinds == {OrganizationKind.COMMUNE}
    assert (item.id, item.title, item.by, item.where, item.family) == (
        "elus", "Élus", "le ministère", "data.gouv.fr", "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"), [("id: elus, ", ""), ("elus", "Élus"), ("[commune]", "[]"), ("by:", "par:"), (DATASET, "  []\n")]
)
def test_a_fault_in_the_datasets_of_the_state_is_refused(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(LawError, match=r"essai\.yaml"):
        read_open_elsewhere(written(tmp_path, f"datasets:\n{DATASET}".replace(old, new, 1)))


def test_what_the_state_publishes_depends_on_the_kind_and_on_what_it_acts_as() -> None:
    def ids(kind: OrganizationKind, *acts_as: OrganizationKind) -> set[str]:
        return {item.id for item in open_elsewhere(Organization("Essai", kind, acts_as=acts_as), ON)}

    commune, departement = ids(OrganizationKind.COMMUNE), ids(OrganizationKind.DEPARTEMENT)
    assert "associations" in commune - departement
    assert ids(OrganizationKind.DELEGATAIRE) == set() and open_elsewhere(None, ON) == ()
    both = ids(OrganizationKind.EPCI, OrganizationKind.DEPARTEMENT)
    assert both == ids(OrganizationKind.EPCI) | departement
    order = [item.id for _, item in read_open_elsewhere(rules_folder() / "open_nationally.yaml")]
    assert [item.id for item in open_elsewhere(Organization("Essai", OrganizationKind.COMMUNE), ON)] == [
        name for name in order if name in commune
    ]


def test_nothing_is_already_open_before_the_law_asked_for_databases(tmp_path: Path) -> None:
    commune, first = Organization("Essai", OrganizationKind.COMMUNE), law().open_since
    assert first == date(2018, 10, 7)
    assert open_elsewhere(commune, first) and open_elsewhere(commune, first - timedelta(1)) == ()
    path = written(tmp_path, f"since: 2020-01-02\ndatasets:\n{DATASET}")
    assert read_open_since(path) == date(2020, 1, 2) and len(read_open_elsewhere(path)) == 1
    assert read_open_since(written(tmp_path, f"datasets:\n{DATASET}")) == date.min
    with pytest.raises(LawError, match="« since »"):
        read_open_since(written(tmp_path, f"since: hier\ndatasets:\n{DATASET}"))


def leaning_on(name: str, *others: str) -> Obligation:
    leaves = tuple(OtherObligation("autre", other) for other in others)
    who = Group(NodeKind.ALL, "toutes", leaves) if leaves else law().by_id["rip"].who
    return replace(law().by_id["rip"], id=name, who=who)


def made_of(*obligations: Obligation) -> Law:
    return replace(law(), by_id={item.id: item for item in obligations})


@pytest.mark.parametrize(
    ("obligations", "said"),
    [
        ((leaning_on("a", "a"),), "a → a"),
        ((leaning_on("a", "b"), leaning_on("b", "c"), leaning_on("c", "a")), "a → b → c → a"),
        ((leaning_on("a", "b"), leaning_on("b", "c", "b"), leaning_on("c")), "a → b → b"),
        ((leaning_on("a", "perdue"),), "« perdue » n'existe pas"),
    ],
)
def test_a_chain_that_comes_back_or_leads_nowhere_is_refused(obligations: tuple[Obligation, ...], said: str) -> None:
    with pytest.raises(LawError) as caught:
        check_references(made_of(*obligations))
    assert said in str(caught.value) and "obligations/" in str(caught.value)


def test_a_chain_hidden_in_the_condition_of_a_step_is_refused_too() -> None:
    rip = law().by_id["rip"]
    step = replace(rip.parts[0], when=OtherObligation("elle-même", "rip"))
    with pytest.raises(LawError, match="rip → rip"):
        check_references(made_of(replace(rip, parts=(step,))))


def test_two_obligations_may_lean_on_the_same_one() -> None:
    check_references(made_of(leaning_on("a", "c"), leaning_on("b", "c", "a"), leaning_on("c")))
    check_references(law())


def _walked(node: object) -> Iterator[object]:
    yield node
    for child in getattr(node, "children", ()):
        yield from _walked(child)


@pytest.mark.parametrize("obligation", law().by_id.values(), ids=lambda obligation: obligation.id)
def test_every_leaf_of_every_condition_is_found_in_the_order_written(obligation: Obligation) -> None:
    for condition in conditions_of(obligation):
        leaves = [node for node in _walked(condition) if not isinstance(node, Group)]
        assert list(leaves_of(condition)) == leaves
        assert list(leaf_tests(condition)) == [leaf for leaf in leaves if isinstance(leaf, Leaf)]
    assert list(conditions_of(obligation)) == [
        obligation.who, *(part.when for part in obligation.parts if part.when is not None),
    ]  # fmt: skip


def test_inspire_leans_on_opening_by_default_and_no_test_means_no_leaf() -> None:
    assert others_of(law().by_id["inspire"]) == ("diffusion-par-principe",)
    assert others_of(law().by_id["rip"]) == () and list(leaves_of(None)) == []
