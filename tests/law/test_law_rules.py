"""The rules as data: the eight obligations, what they must say, and what must never be cited or written in code."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import opendata_check.law
from opendata_check.law import obligations, scope
from opendata_check.law.loading import law
from opendata_check.model.legal import Certainty
from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.resources import rules_folder

_EIGHT = {
    "anonymisation",
    "bal",
    "decp-marches",
    "diffusion-par-principe",
    "format-ouvert",
    "licence",
    "rip",
    "subventions",
}
_EFFORTS = {"demi_heure", "demi_journee", "deux_jours", "demander_au_prestataire"}
_REPEALED = re.compile(r"L\.?\s*1112-23")


def test_the_eight_obligations_are_there_sorted_by_id() -> None:
    ids = [obligation.id for obligation in obligations()]
    assert ids == sorted(ids)
    assert set(ids) >= _EIGHT


def test_ids_are_those_of_the_law_table(shared: Path) -> None:
    lines = (shared / "law" / "table.tsv").read_text(encoding="utf-8").splitlines()[1:]
    known = {line.split("\t")[0].split(" (")[0] for line in lines}
    assert {obligation.id for obligation in obligations()} <= known


def test_the_repealed_article_is_cited_nowhere() -> None:
    files = sorted(rules_folder().rglob("*.yaml"))
    assert files
    for path in files:
        assert not _REPEALED.search(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("obligation", obligations(), ids=lambda obligation: obligation.id)
def test_an_obligation_says_all_a_report_needs(obligation: opendata_check.law.loading.Obligation) -> None:
    for text in (obligation.what, obligation.where, obligation.authority, obligation.holder, obligation.frequency):
        assert text
    assert obligation.effort in _EFFORTS
    first = obligation.legal_basis[0]
    dated = (
        first.version or "(copie du " in first.article
    )  # a dated copy of the code, when the article's own date is unread
    assert dated or first.certainty is Certainty.INTERPRETATION
    assert "amende de" not in obligation.authority


@pytest.mark.parametrize("name", ["bal", "decp-marches", "rip"])
def test_a_legal_place_no_audit_sees_is_told(name: str) -> None:
    obligation = next(item for item in obligations() if item.id == name)
    assert obligation.proof.places[0] in {"national_base", "site"}
    assert "désigne" in obligation.proof.elsewhere


def test_opening_by_default_came_in_three_steps_dated_by_others() -> None:
    commune = Organization("Essai", OrganizationKind.COMMUNE, agents_etp=10)
    duty = next(item for item in scope(commune, date(2026, 11, 23)) if item.obligation == "diffusion-par-principe")
    assert [part.since for part in duty.parts] == [date(2017, 4, 7), date(2017, 10, 7), date(2018, 10, 7)]
    assert {part.certainty for part in duty.parts} == {Certainty.INTERPRETATION}
    assert all("selon" in part.label for part in duty.parts)


def test_thresholds_are_the_ones_of_the_texts() -> None:
    on = date(2026, 11, 23)
    values = {name: parameter.on(on) for name, parameter in law().parameters.items()}
    assert {name: dated.value for name, dated in values.items() if dated} == {
        "seuil-population-diffusion": 3500,
        "seuil-agents-diffusion": 50,
        "seuil-population-subventions": 3500,
        "seuil-montant-subvention": 23000,
        "seuil-marches-decp": 40000,
        "seuil-population-bal": 2000,
    }


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("seuil-population-diffusion", date(2016, 10, 9)),
        ("seuil-agents-diffusion", date(2017, 1, 1)),
        ("seuil-marches-decp", date(2024, 1, 1)),
    ],
)
def test_a_threshold_is_unknown_the_day_before_its_history_starts(name: str, first: date) -> None:
    parameter = law().parameters[name]
    assert parameter.on(first) is not None
    assert parameter.on(date.fromordinal(first.toordinal() - 1)) is None


def test_no_threshold_and_no_article_is_written_in_python() -> None:
    forbidden = re.compile(
        r"\b(3[ _]?500|50|23[ _]?000|40[ _]?000|2[ _]?000)\b|\b[LRD]\.?\s?\*?\d{3,4}-\d|2017-779|2023-767"
    )
    files = sorted(Path(opendata_check.law.__file__).parent.glob("*.py"))
    assert len(files) > 5
    for path in files:
        assert not forbidden.search(path.read_text(encoding="utf-8")), path


def test_the_documented_form_names_every_key() -> None:
    readme = (rules_folder() / "README.md").read_text(encoding="utf-8")
    from opendata_check.law import conditions, loading

    keys = {*loading._REQUIRED, *loading._OPTIONAL, *conditions._GROUPS, *conditions._CLAUSES, *conditions._COMMON}
    for key in keys | set(conditions._KINDS) | set(loading._PLACES) | set(loading._LEVELS):
        assert f"`{key}" in readme, key


def test_overseas_where_own_rules_were_not_read_nothing_is_affirmed() -> None:
    from datetime import date

    from opendata_check import law
    from opendata_check.model.legal import Applicability
    from opendata_check.model.organization import Organization, OrganizationKind

    noumea = Organization("Nouméa", OrganizationKind.COMMUNE, insee_code="98818", departement_code="988")
    duties = law.scope(noumea, date(2026, 11, 23))
    assert {duty.applicability for duty in duties} == {Applicability.UNKNOWN}
    assert all("propres règles" in duty.reason and duty.since is None and not duty.parts for duty in duties)


def test_a_step_that_is_undecided_gives_no_date() -> None:
    """Which of the two address dates applied depends on the population of 2024, which we may not know."""
    from datetime import date

    from opendata_check import law
    from opendata_check.model.organization import Organization, OrganizationKind, PopulationFigures

    figures = (PopulationFigures(2023, 2026, 103671, None, "Insee"),)
    nancy = Organization("Nancy", OrganizationKind.COMMUNE, populations=figures)
    (bal,) = [duty for duty in law.scope(nancy, date(2026, 11, 23)) if duty.obligation == "bal"]
    assert bal.since is None
    assert [part.since for part in bal.parts] == [date(2024, 1, 1), date(2024, 6, 1)]
