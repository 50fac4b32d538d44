"""Licences judged: by dataset and by file, by date, by what the data are; OpenStreetMap as information only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from checks_building import TODAY, evidence_of

from opendata_check.checks.loading import all_checks
from opendata_check.checks.running import run_checks
from opendata_check.model.finding import Finding, Outcome, Severity

CHECKS = {check.rule.id: check for check in all_checks()}


def found(
    check: str, dataset: Mapping[str, Any], files: tuple[Mapping[str, Any], ...] = (), on: date = TODAY
) -> list[Finding]:
    """Return the findings of one check on one described dataset."""
    facts = {"dataset": {"described": True, **dataset}, "files": list(files), "on": on}
    return list(run_checks([CHECKS[check]], evidence_of(facts)))


def one(check: str, dataset: Mapping[str, Any], files: tuple[Mapping[str, Any], ...] = (), on: date = TODAY) -> Finding:
    (finding,) = found(check, dataset, files, on)
    return finding


def distribution(name: str, **said: str) -> dict[str, str]:
    return {"id": name, "title": name, **said}


@pytest.mark.parametrize(
    ("licence", "outcome", "severity"),
    [
        ("lov2", Outcome.COMPLIANT, Severity.MAJOR),
        ("Licnce Ouverte", Outcome.COMPLIANT, Severity.MAJOR),
        ("ODbL", Outcome.COMPLIANT, Severity.MAJOR),
        ("CC BY 4.0", Outcome.NON_COMPLIANT, Severity.MINOR),
        ("cc-zero", Outcome.NON_COMPLIANT, Severity.MINOR),
        ("CC BY-NC-ND 4.0", Outcome.NON_COMPLIANT, Severity.MAJOR),
        ("tous droits réservés", Outcome.NON_COMPLIANT, Severity.MAJOR),
        ("Licence payante, sous convention", Outcome.NON_COMPLIANT, Severity.MAJOR),
        ("licence ouverte sauf usage commercial", Outcome.UNVERIFIABLE, Severity.MAJOR),
        ("non soumis à licence ouverte", Outcome.UNVERIFIABLE, Severity.MAJOR),
        ("other-open", Outcome.UNVERIFIABLE, Severity.MAJOR),
        ("Conditions de la ville", Outcome.UNVERIFIABLE, Severity.MAJOR),
        ("Utilisation libre sous réserve de mentionner la source", Outcome.NOT_APPLICABLE, Severity.MAJOR),
    ],
)
def test_a_licence_is_judged_by_the_decree(licence: str, outcome: Outcome, severity: Severity) -> None:
    finding = one("licence-homologuee", {"license": licence})
    assert (finding.outcome, finding.severity) == (outcome, severity), finding.message


def test_the_list_is_that_of_the_day() -> None:
    code = {"distributions": [distribution("a.zip", role="code")], "license": "EUPL-1.2"}
    assert one("licence-homologuee", code, on=date(2021, 12, 3)).outcome is Outcome.NON_COMPLIANT
    assert one("licence-homologuee", code, on=date(2021, 12, 4)).outcome is Outcome.COMPLIANT
    assert one("licence-homologuee", {"license": "lov2"}, on=date(2017, 4, 28)).outcome is Outcome.NOT_APPLICABLE


def test_a_licence_of_software_is_good_for_code_and_not_for_data() -> None:
    code = {"distributions": [distribution("a.zip", role="code"), distribution("a.pdf", role="documentation")]}
    data = {"distributions": [distribution("a.csv", role="main"), distribution("a.zip", role="code")]}
    assert one("licence-homologuee", {**code, "license": "MIT"}).case == "approved_software"
    assert one("licence-homologuee", {**code, "license": "AGPL-3.0"}).case == "software_doubt"
    assert one("licence-homologuee", {**data, "license": "MIT"}).case == "software_on_data"


@pytest.mark.parametrize(
    "declared",
    [
        {"applicable_legislation": ["http://data.europa.eu/eli/reg_impl/2023/138/oj"]},
        {"applicable_legislation": ["https://eur-lex.europa.eu/legal-content/FR/TXT/?uri=CELEX:32023R0138"]},
        {"hvd_categories": ["http://data.europa.eu/bna/c_ac64a52d"]},
        {"keywords": ["HVD"]},
    ],
)
def test_high_value_data_may_be_cc_by_from_the_day_of_the_regulation(declared: dict[str, list[str]]) -> None:
    assert one("licence-homologuee", {**declared, "license": "CC BY 4.0"}).case == "high_value"
    assert one("licence-homologuee", {**declared, "license": "lov2"}).case == "approved"
    assert one("licence-homologuee", {**declared, "license": "CC BY 4.0"}, on=date(2024, 6, 8)).case == "open"
    assert one("licence-homologuee", {**declared, "license": "CC BY-NC 4.0"}).case == "closed"
    assert one("licence-homologuee", {**declared, "license": "ODbL"}).case == "high_value_share_alike"


def test_transport_data_follow_their_own_rules_and_nothing_else_does() -> None:
    gtfs = ({"name": "gtfs.zip", "facts": {"envelope": {"detected": "gtfs"}}},)
    assert one("licence-homologuee", {"license": "mobility-licence"}, gtfs).case == "mobility"
    assert one("licence-homologuee", {"license": "CC BY 4.0"}, gtfs).case == "mobility_choice"
    assert one("licence-homologuee", {"license": "CC BY-NC 4.0"}, gtfs).case == "closed"
    assert one("licence-homologuee", {"license": "mobility-licence"}).case == "open"
    assert one("licence-homologuee", {"license": "CC BY 4.0", "keywords": ["transport"]}).case == "open"


def test_each_file_with_its_own_licence_is_judged_and_named() -> None:
    files = [distribution("a.csv", license="CC BY-NC 4.0"), distribution("b.csv", license="Licence Ouverte")]
    good, bad = sorted(
        found("licence-homologuee", {"license": "lov2", "distributions": files}), key=lambda item: item.outcome.value
    )
    assert (good.outcome, bad.outcome) == (Outcome.COMPLIANT, Outcome.NON_COMPLIANT)
    assert "« a.csv »" in bad.message
    assert [where.file for where in bad.locations] == ["a.csv"]
    assert good.fingerprint != bad.fingerprint


def test_a_licence_that_only_the_files_state_is_the_licence() -> None:
    files = [distribution("a.csv", license="odc-odbl"), distribution("b.csv", license="ODbL 1.0")]
    dataset = {"license": "notspecified", "distributions": files}
    assert one("licence-presente", dataset).outcome is Outcome.COMPLIANT
    assert one("licence-homologuee", dataset).outcome is Outcome.COMPLIANT
    assert one("licences-concordantes", dataset).outcome is Outcome.COMPLIANT


def test_a_statement_about_access_states_no_licence() -> None:
    text = "Aucun des articles de la loi ne peut être invoqué pour justifier d'une restriction d'accès public."
    assert one("licence-presente", {"license": text}).outcome is Outcome.NON_COMPLIANT
    assert found("licence-homologuee", {"license": text}) == []


def test_name_and_link_that_quarrel_are_told_and_none_is_chosen() -> None:
    dataset = {"license": "lov2", "license_url": "https://opendatacommons.org/licenses/odbl/1-0/"}
    quarrel = one("licences-concordantes", dataset)
    assert quarrel.outcome is Outcome.NON_COMPLIANT
    assert "Licence Ouverte 2.0" in quarrel.message
    assert "ODbL" in quarrel.message
    assert one("licence-homologuee", dataset).case == "either_approved"


def test_a_bare_name_and_the_page_of_the_licence_agree() -> None:
    url = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
    for text in ("Licence Ouverte", "Licence Ouverte 1.0", "fr-lo", "lov2"):
        assert one("licences-concordantes", {"license": text, "license_url": url}).outcome is Outcome.COMPLIANT


def test_one_statement_alone_has_nothing_to_agree_with() -> None:
    assert found("licences-concordantes", {"license": "lov2"}) == []
    assert found("licences-concordantes", {"license": "lov2", "distributions": [distribution("a.csv")]}) == []


@pytest.mark.parametrize(
    ("licence", "outcome"),
    [("lov2", Outcome.COMPLIANT), ("fr-lo", Outcome.COMPLIANT), ("ODbL", Outcome.COMPLIANT), ("cc-zero", Outcome.COMPLIANT),
     ("odc-pddl", Outcome.COMPLIANT), ("CC BY 3.0", Outcome.UNVERIFIABLE), ("CC BY-SA 4.0", Outcome.NOT_APPLICABLE)],
)  # fmt: skip
def test_openstreetmap_is_information_and_never_a_fault_of_an_open_licence(licence: str, outcome: Outcome) -> None:
    geojson = ({"name": "a.geojson", "facts": {"envelope": {"detected": "geojson"}}},)
    finding = one("compatible-openstreetmap", {"license": licence}, geojson)
    assert (finding.outcome, finding.severity) == (outcome, Severity.INFO)
    assert all(reference.kind == "standard" for reference in finding.legal_basis)
    assert found("compatible-openstreetmap", {"license": licence}, ({"name": "a.csv"},)) == []


def test_openstreetmap_looks_at_tables_with_coordinates() -> None:
    table = ({"name": "a.csv", "facts": {"envelope": {"detected": "csv"}, "spatial": {"carrier": "columns"}}},)
    assert one("compatible-openstreetmap", {"license": "lov2"}, table).outcome is Outcome.COMPLIANT
