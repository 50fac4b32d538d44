"""A portal's catalogue: the JSON follows its schema whatever the portal says; the screen fits 80 columns."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from opendata_check.model.availability import Availability
from opendata_check.model.catalog import (
    Catalog,
    Dataset,
    Distribution,
    Fault,
    FieldDescription,
    Inspire,
    ServiceOffer,
)
from opendata_check.model.copies import Copy
from opendata_check.model.finding import Axis, Finding, Location, Outcome, Severity
from opendata_check.model.identification import Attempt, Identity, KnownSource
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.organization import EvidenceKind
from opendata_check.model.survey import Survey
from opendata_check.reports.interface import Layout
from opendata_check.reports.portal import catalogue_json, identity, screen

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<script>alert(1)</script>\x1b[31m=cmd|' /C calc'!A0\u202egpj.exe"

FULL = Distribution(
    id="a",
    title="Arbres 2025",
    url="https://data.exemple.fr/arbres.csv",
    declared_format="csv",
    media_type="text/csv",
    byte_size=1200,
    checksum="sha1:00ff",
    modified=date(2025, 3, 1),
    schema_name="etalab/schema-arbres",
    schema_version="1.0.0",
    description="Les arbres.",
    available=True,
    access_url="https://data.exemple.fr/arbres",
    stable_url="https://data.exemple.fr/r/a",
    issued=date(2024, 1, 1),
    license="lov2",
    license_url="https://licence.exemple.fr",
    asynchronous=True,
    synthesised=True,
    row_count=12,
    service=ServiceOffer("wfs", "arbres", ("GML", "json"), ("EPSG:2154",), 12, "2.0.0"),
    also_at=("https://ailleurs.exemple.fr/arbres.csv",),
)
TREES = Dataset(
    id="arbres",
    title="Arbres d'alignement",
    distributions=(FULL,),
    description="Chaque arbre.",
    license="Licence Ouverte 2.0",
    frequency="annual",
    issued=date(2020, 1, 1),
    modified=date(2025, 3, 1),
    keywords=("arbres", "nature"),
    themes=("environnement",),
    spatial="Exempleville",
    temporal="2020-01-01/2025-12-31",
    publisher="Ville d'Exempleville",
    contact="opendata@exemple.fr",
    landing_page="https://data.exemple.fr/arbres",
    described=True,
    harvested_from="data.exemple.fr",
    identifiers=("arbres", "urn:1"),
    metadata_modified=date(2025, 3, 2),
    language="fr",
    access_rights="open",
    publisher_siren="213503287",
    bbox=(-1.0, 47.5, -0.5, 48.0),
    series="plantes",
    conforms_to=("http://exemple.fr/norme",),
    applicable_legislation=("http://data.europa.eu/eli/reg_impl/2023/138/oj",),
    hvd_categories=("environment",),
    fields=(FieldDescription("essence", "Essence", "text", "Nom latin"),),
    declared_quality=(("license", True), ("score", 0.8)),
    inspire=Inspire("dataset", ("Habitats",), ("environment",), (("Règlement 1089/2010", None), ("COVADIS", True)),
                    "Relevés", ("aucune",), ("lo",), ("EPSG:2154",), "fre", "fre", True, "id-1", "5000", ("lineage",)),
)  # fmt: skip
SEEN = Availability("unavailable", 404, "https://data.exemple.fr/arbres.csv", "text/html", None, None, "http_404", "cette page n'existe pas (réponse 404)")  # fmt: skip


def finding(**more: Any) -> Finding:
    values = {
        "check": "licence-presente", "axis": Axis.REUSABLE, "outcome": Outcome.NON_COMPLIANT, "severity": Severity.MINOR,
        "weight": 3, "title": "Une licence est indiquée", "message": "Aucune licence n'est indiquée.", "why": "Parce que.",
        "remedy": "Choisissez une licence.", "effort": "demi_heure", "legal_basis": (), "obligation": "", "dataset": "arbres",
        "dataset_title": "Arbres d'alignement", "locations": (Location(dataset="arbres", file="arbres.csv"),),
        "evidence": "Vu.", "evidence_kind": EvidenceKind.OBSERVED, "fingerprint": "0" * 16,
        "action": "Choisissez une licence pour chaque jeu de données",
    }  # fmt: skip
    return Finding(**(values | more))


def survey(**more: Any) -> Survey:
    copies = (
        Copy(0, "opendatasoft", "https://data.exemple.fr", TREES),
        Copy(1, "udata", "https://www.data.gouv.fr", replace(TREES, id="5f")),
    )
    item = InspectedDataset(TREES, (InspectedFile(FULL, "Arbres 2025", availability=SEEN),), (), "", copies)
    catalog = Catalog(
        "opendatasoft", "portal", "https://data.exemple.fr", "Données d'Exempleville", (TREES,),
        (Fault("3 jeux de données annoncés n'ont pas été vus", "https://data.exemple.fr"),), False, "213503287",
        "Opendatasoft", 4, (("private", 2), ("service", 1)), ("certified",),
    )  # fmt: skip
    values: dict[str, Any] = {
        "target": "https://data.exemple.fr", "on": date(2026, 11, 26),
        "sources": (KnownSource("https://data.exemple.fr", "opendatasoft", "Opendatasoft", "data.exemple.fr", "ses balises", "tout le portail"),),
        "catalogs": (catalog,), "datasets": (item,), "findings": (finding(),), "links_checked": True,
        "faults": catalog.faults, "tool_version": "0.0",
    }  # fmt: skip
    return Survey(**(values | more))


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "docs" / "schemas" / "portal.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return found


def told(value: Survey) -> Any:
    return json.loads("".join(catalogue_json.pieces(value)))


def test_the_json_follows_its_schema(schema: dict[str, Any]) -> None:
    jsonschema.validate(told(survey()), schema)


def test_an_empty_survey_follows_it_too(schema: dict[str, Any]) -> None:
    empty = survey(catalogs=(), datasets=(), findings=(), faults=(), sources=())
    jsonschema.validate(told(empty), schema)
    assert told(empty)["datasets"] == []
    bare = InspectedDataset(Dataset("x", "", ()), ())
    jsonschema.validate(told(survey(datasets=(bare, bare))), schema)


def test_no_field_of_a_dataset_is_left_out_of_the_json() -> None:
    written = told(survey())["datasets"][0]
    for name, value in written.items():
        assert value not in (None, "", [], {}) or name == "licenseUrl" or value is False, name
    for name, value in written["distribution"][0].items():
        assert value not in (None, "", [], {}), name
    assert all(value not in ("", [], None) for value in written["inspire"].values())


def test_the_json_has_its_keys_sorted_and_ends_with_a_line_end() -> None:
    text = "".join(catalogue_json.pieces(survey()))
    assert text.endswith("}\n")
    assert list(told(survey())["datasets"][0]) == sorted(told(survey())["datasets"][0])
    assert text == "".join(catalogue_json.pieces(survey()))


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_screen_fits_and_says_what_matters(width: int) -> None:
    page = screen.render(survey(), Layout(width=width))
    flat = " ".join(page.replace("\N{NO-BREAK SPACE}", " ").split())
    assert all(len(line) <= width for line in page.splitlines())
    assert "1 jeu de données lu, 4 annoncés" in flat
    assert "2 privés" in flat
    assert "1 ne répond pas" in flat
    assert "CE QUI N'A PAS ÉTÉ VU" in flat
    assert "Choisissez une licence" in flat


def test_a_hostile_portal_writes_no_control_sign_on_the_screen() -> None:
    bad = replace(TREES, title=HOSTILE, license=HOSTILE, frequency=HOSTILE, harvested_from=HOSTILE)
    item = InspectedDataset(bad, (InspectedFile(replace(FULL, declared_format=HOSTILE), HOSTILE),))
    catalog = Catalog(
        "ckan", "portal", HOSTILE, HOSTILE, (bad,), (Fault(HOSTILE, HOSTILE, HOSTILE),), False, software=HOSTILE
    )
    page = screen.render(
        survey(
            datasets=(item,), catalogs=(catalog,), faults=catalog.faults, findings=(finding(dataset_title=HOSTILE),)
        ),
        Layout(),
    )
    assert "\x1b" not in page and "\u202e" not in page


def test_the_screen_is_legible_in_ascii() -> None:
    assert screen.render(survey(), Layout(encoding="ascii")).encode("ascii")


def known(source: KnownSource | None = None) -> Identity:
    attempts = (
        Attempt("ckan", "CKAN", "sa balise « generator »", False, ("https://exemple.fr/api/3",)),
        Attempt("udata", "udata", "", source is not None, ("https://exemple.fr/api/1/site/",)),
    )
    return Identity("https://exemple.fr", "https://www.exemple.fr/", 200, source, attempts, 3)


def test_what_stands_at_an_address_follows_its_schema() -> None:
    found = json.loads((ROOT / "docs" / "schemas" / "sources.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    source = KnownSource(
        "https://exemple.fr", "udata", "udata", "exemple.fr", "son interface répond", "tout le portail"
    )
    for value in (known(), known(source)):
        jsonschema.validate(json.loads(identity.document(value)), found)


def test_an_unknown_site_says_what_was_tried() -> None:
    page = identity.screen(known(), 80)
    assert all(len(line) <= 80 for line in page.splitlines())
    flat = " ".join(page.replace("\N{NO-BREAK SPACE}", " ").split())
    assert "d'aucun type connu" in flat and "CKAN" in flat and "3 demandes" in flat and "Que faire" in flat
