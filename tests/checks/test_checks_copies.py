"""Which files and dates of two copies are held to differ."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from checks_building import TODAY

from opendata_check.checks.loading import all_checks
from opendata_check.checks.running import run_checks
from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.model.copies import Copy
from opendata_check.model.finding import Finding, Outcome, Severity
from opendata_check.model.inspected import Evidence, InspectedDataset

CHECK = next(check for check in all_checks() if check.rule.id == "copies-concordantes")
ODS, GOUV = "https://data.ville.fr/", "https://www.data.gouv.fr/organizations/ville/"


def file(url: str, **fields: Any) -> Distribution:
    name = url.rpartition("/")[2]
    return Distribution(**{"id": name, "title": name, "url": url, "declared_format": name.rpartition(".")[2]} | fields)


def dataset(*files: Distribution, **fields: Any) -> Dataset:
    given = {"id": "arbres", "title": "Arbres", "described": True, "license": "lov2", "distributions": files}
    return Dataset(**given | fields)


def judged(first: Dataset, *others: Dataset) -> Finding:
    places = [ODS, GOUV, "/donnees/mairie"]
    copies = tuple(Copy(rank, "x", places[rank], one) for rank, one in enumerate((first, *others)))
    (finding,) = run_checks([CHECK], Evidence(None, TODAY, (), (), (InspectedDataset(first, (), copies=copies),)))
    return finding


def harvested(*files: Distribution, **fields: Any) -> Dataset:
    return dataset(*files, **{"harvested_from": "data.ville.fr"} | fields)


CSV = file("https://data.ville.fr/arbres.csv")


def test_a_dataset_found_once_is_not_judged() -> None:
    alone = InspectedDataset(dataset(CSV), (), copies=(Copy(0, "x", ODS, dataset(CSV)),))
    assert run_checks([CHECK], Evidence(None, TODAY, (), (), (alone,))) == ()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (CSV, file("http://data.ville.fr/arbres.csv", title="Export")),
        (CSV, file("https://static.fr/x/1.csv", title="Les arbres de la ville")),
        (file("https://a.fr/1", title="Arbres", declared_format="CSV"), file("https://b.fr/2.csv", title="arbres")),
        (file("https://a.fr/1.zip", checksum="sha1:AB"), file("https://b.fr/2.bin", checksum="sha1:ab")),
        (file("https://a.fr/1.csv", byte_size=1000), file("https://b.fr/1.csv", byte_size=1050)),
        (file("https://a.fr/1.csv", byte_size=1000), file("https://a.fr/1.csv", byte_size=10)),
    ],
)
def test_one_file_under_two_names_is_no_difference(ours: Distribution, theirs: Distribution) -> None:
    assert judged(dataset(ours), harvested(theirs)).outcome is Outcome.COMPLIANT


def test_formats_made_on_request_are_not_held_to_be_lacking() -> None:
    made = [
        file(f"https://data.ville.fr/exports/{ending}", declared_format=ending, synthesised=True)
        for ending in ("csv", "json", "geojson", "parquet")
    ]
    copy = [
        file("https://data.ville.fr/explore/dataset/arbres/download?format=csv", declared_format="csv"),
        file("https://data.ville.fr/explore/dataset/arbres/download?format=shp", declared_format="shp"),
    ]
    assert judged(dataset(*made), harvested(*copy)).outcome is Outcome.COMPLIANT
    notice = file("https://data.ville.fr/attachments/plan.csv", title="Plan des plantations", declared_format="pdf")
    assert "Plan des plantations" in judged(dataset(*made, notice), harvested(*copy)).message


def test_what_differs_is_told_with_where() -> None:
    old = harvested(
        file("https://static.fr/1.csv", title="arbres.csv", byte_size=500),
        file("https://static.fr/vieux.pdf"),
        license="",
        modified=date(2026, 4, 1),
    )
    new = dataset(
        file("https://a.fr/arbres.csv", byte_size=900), file("https://a.fr/a.json"), modified=date(2026, 5, 3)
    )
    found = judged(new, old)
    assert (found.outcome, found.severity, found.count) == (Outcome.NON_COMPLIANT, Severity.MINOR, 5)
    for words in (
        "licence : Licence Ouverte 2.0 sur data.ville.fr, aucune sur data.gouv.fr",
        "mise à jour : 3 mai 2026 sur data.ville.fr, 1er avril 2026 sur data.gouv.fr",
        "fichier « a.json » : sur data.ville.fr, pas sur data.gouv.fr",
        "fichier « vieux.pdf » : sur data.gouv.fr, pas sur data.ville.fr",
        "1 de plus",
    ):
        assert words in found.message
    assert [where.url for where in found.locations] == [ODS, GOUV]


@pytest.mark.parametrize(
    ("ours", "theirs", "outcome"),
    [
        (date(2026, 5, 3), date(2026, 4, 2), Outcome.COMPLIANT),
        (date(2026, 5, 3), date(2026, 4, 1), Outcome.NON_COMPLIANT),
        (date(2026, 4, 1), date(2026, 5, 30), Outcome.COMPLIANT),
        (None, date(2020, 1, 1), Outcome.COMPLIANT),
        (date(2026, 5, 3), None, Outcome.COMPLIANT),
    ],
)
def test_a_copy_may_be_a_month_late(ours: date | None, theirs: date | None, outcome: Outcome) -> None:
    assert judged(dataset(CSV, modified=ours), harvested(CSV, modified=theirs)).outcome is outcome


def test_a_folder_without_a_record_has_no_licence_to_compare() -> None:
    folder = dataset(CSV, described=False, license="")
    assert judged(dataset(CSV), harvested(CSV), folder).outcome is Outcome.COMPLIANT
    assert "dans le dossier « mairie »" in judged(dataset(CSV), harvested(CSV), folder).message


def test_two_unknown_licences_are_compared_by_their_words() -> None:
    ours, theirs = dataset(CSV, license="Conditions de la ville"), harvested(CSV, license="CONDITIONS de la  ville")
    assert judged(ours, theirs).outcome is Outcome.COMPLIANT
    assert judged(ours, harvested(CSV, license="Autre")).outcome is Outcome.NON_COMPLIANT
