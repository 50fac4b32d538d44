"""Europe's 405 points, the five stars and the checklist, each against its published rule and at its edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from opendata_check.model.availability import Availability
from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.model.facts import (
    ArchiveFacts,
    ArchiveMember,
    ColumnFacts,
    ContentFacts,
    EnvelopeFacts,
    TableFacts,
    TextFacts,
)
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.peer_score import Mark
from opendata_check.peer_scores import five_stars, mqa, opquast, peer_rules
from opendata_check.peer_scores.interface import Assessment

ON = date(2026, 11, 26)
RULES = {rule.id: rule for rule in peer_rules()}

CSV = Distribution(
    "a",
    "Arbres",
    url="https://data.exemple.fr/arbres.csv",
    access_url="https://data.exemple.fr/arbres",
    declared_format="csv",
    media_type="text/csv",
    byte_size=12,
    checksum="sha256:ef",
)
FACTS = ContentFacts(
    EnvelopeFacts("csv", "csv", "csv", "csv"),
    text=TextFacts("utf-8", has_bom=False, line_ending="lf"),
    table=TableFacts(1, ("id", "date"), 2, (ColumnFacts("date", 1, "B", kind="date", date_form="iso"),)),
    sha256="ef",
)
DATASET = Dataset(
    id="5f",
    title="Arbres de la ville",
    distributions=(CSV,),
    description="d" * 101,
    license="odc-odbl",
    frequency="annual",
    issued=date(2020, 1, 1),
    modified=date(2026, 1, 1),
    keywords=("arbre",),
    themes=("ENVI",),
    spatial="fr:commune:54395",
    temporal="2025-01-01/2025-12-31",
    publisher="Ville",
    contact="donnees@ville.example",
    access_rights="http://publications.europa.eu/resource/authority/access-right/PUBLIC",
    language="fr",
    landing_page="https://data.exemple.fr/arbres",
)


def _item(dataset: Dataset = DATASET, facts: ContentFacts | None = FACTS, **changes: Any) -> InspectedDataset:
    """Return a dataset whose files were tried and answered; ``changes`` are those of its first file."""
    first, *others = dataset.distributions
    distributions = (replace(first, **changes), *others)
    files = tuple(
        InspectedFile(one, one.title, facts, availability=Availability("available", 200)) for one in distributions
    )
    return InspectedDataset(replace(dataset, distributions=distributions), files)


def _marks(found: Assessment) -> dict[str, Mark]:
    return {one.criterion: one.mark for one in found.marks}


# ---- Europe


def _mqa(item: InspectedDataset) -> Assessment:
    return mqa.assess(item, RULES["mqa"], ON)


def test_a_whole_record_has_all_the_points_but_those_nobody_can_see_here() -> None:
    found = _mqa(_item())
    unseen = {one.criterion for one in found.marks if one.mark is Mark.UNVERIFIABLE}
    assert unseen == {"dcat_ap", "rights"}
    assert (found.low, found.high, found.out_of) == (370, 405, 405)
    assert RULES["mqa"].rating(found.low, found.high) == "excellent"


def test_dimensions_add_up_as_the_method_says() -> None:
    groups: dict[str, float] = {}
    for one in RULES["mqa"].criteria:
        groups[one.group] = groups.get(one.group, 0) + one.points
    assert groups == {"Trouver": 100, "Accéder": 100, "Relier": 110, "Réutiliser": 75, "Situer": 20}


def test_the_best_file_alone_counts_not_the_best_of_each() -> None:
    bare = Distribution("b", "B", url="https://data.exemple.fr/b", media_type="text/csv")
    worse = replace(CSV, id="a", media_type="", declared_format="csv")
    found = _mqa(_item(replace(DATASET, distributions=(worse, bare))))
    assert _marks(found)["media_type"] is Mark.NOT_MET
    assert found.low == _mqa(_item(replace(DATASET, distributions=(worse,)))).low
    assert [one.name for one in found.files] == ["Arbres", "B"]
    assert found.files[0].low > found.files[1].low


def test_a_link_that_nobody_tried_is_a_range() -> None:
    item = InspectedDataset(DATASET, (InspectedFile(CSV, "Arbres"),))
    found = _mqa(item)
    assert _marks(found)["access_url_works"] is _marks(found)["download_url_works"] is Mark.UNVERIFIABLE
    assert found.high - found.low == 80 + 35


def test_a_broken_link_loses_eighty_points() -> None:
    broken = InspectedFile(CSV, "Arbres", availability=Availability("unavailable", 404))
    assert _mqa(InspectedDataset(DATASET, (broken,))).low == 370 - 80


@pytest.mark.parametrize(
    ("declared", "free", "machine"),
    [
        ("csv", True, True),
        ("XLSX", False, True),
        ("pdf", False, False),
        ("geojson", True, True),
        ("http://publications.europa.eu/resource/authority/file-type/ODS", True, True),
        ("zip", True, False),
        ("shp", False, True),
        ("ogc:wms", True, False),
        ("html", True, False),
    ],
)
def test_formats_follow_the_european_lists(declared: str, free: bool, machine: bool) -> None:
    marks = _marks(_mqa(_item(declared_format=declared)))
    assert marks["vocabulary"] is Mark.MET
    assert marks["non_proprietary"] is (Mark.MET if free else Mark.NOT_MET)
    assert marks["machine_readable"] is (Mark.MET if machine else Mark.NOT_MET)


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        ("text/csv; charset=utf-8", Mark.MET),
        ("application/x-esri-shape", Mark.NOT_MET),
        ("", Mark.NOT_MET),
        ("application/vnd.rare", Mark.UNVERIFIABLE),
    ],
)
def test_a_media_type_counts_when_iana_knows_it(media: str, expected: Mark) -> None:
    assert _marks(_mqa(_item(declared_format="inconnu", media_type=media)))["vocabulary"] is expected


@pytest.mark.parametrize(
    ("licence", "stated", "listed"),
    [
        ("odc-odbl", Mark.MET, Mark.MET),
        ("cc-by", Mark.MET, Mark.MET),
        ("lov2", Mark.MET, Mark.UNVERIFIABLE),
        ("notspecified", Mark.NOT_MET, Mark.NOT_MET),
        ("", Mark.NOT_MET, Mark.NOT_MET),
        ("Conditions de la régie", Mark.MET, Mark.UNVERIFIABLE),
    ],
)
def test_a_licence_is_stated_and_on_the_european_list(licence: str, stated: Mark, listed: Mark) -> None:
    marks = _marks(_mqa(_item(replace(DATASET, license=licence))))
    assert (marks["licence"], marks["licence_vocabulary"]) == (stated, listed)


def test_a_label_of_udata_is_no_theme() -> None:
    assert _marks(_mqa(_item(replace(DATASET, themes=("hvd",)))))["theme"] is Mark.NOT_MET


def test_a_date_of_the_dataset_stands_for_its_files() -> None:
    dateless = replace(DATASET, issued=None)
    assert _marks(_mqa(_item(dateless)))["issued"] is Mark.NOT_MET
    assert _marks(_mqa(_item(dateless, issued=date(2020, 1, 1))))["issued"] is Mark.MET


def test_a_record_without_any_file_keeps_the_points_of_the_record() -> None:
    found = _mqa(InspectedDataset(replace(DATASET, distributions=()), ()))
    assert (found.low, found.high) == (100 + 45 + 10, 100 + 45 + 10 + 30)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (351, 405, "excellent"),
        (350, 351, "de « bon » à « excellent »"),
        (221, 350, "bon"),
        (121, 220, "suffisant"),
        (0, 120, "mauvais"),
        (0, 121, "de « mauvais » à « suffisant »"),
    ],
)
def test_rating_words_have_the_bounds_of_the_method(low: float, high: float, expected: str) -> None:
    assert RULES["mqa"].rating(low, high) == expected


# ---- five stars


def _stars(item: InspectedDataset) -> tuple[float, float]:
    found = five_stars.assess(item, RULES["cinq-etoiles"], ON)
    return found.low, found.high


@pytest.mark.parametrize(
    ("declared", "stars"),
    [("pdf", (1, 1)), ("xls", (2, 2)), ("xlsx", (2, 2)), ("csv", (3, 3)), ("geojson", (3, 3)), ("rdf", (4, 5))],
)
def test_stars_follow_the_format(declared: str, stars: tuple[float, float]) -> None:
    assert _stars(_item(facts=None, declared_format=declared, url="https://data.exemple.fr/a")) == stars


def test_without_an_open_licence_there_is_no_star() -> None:
    assert _stars(_item(replace(DATASET, license=""))) == (0, 0)
    assert _stars(_item(replace(DATASET, license="cc-by-nc-4.0"))) == (0, 0)


def test_a_licence_in_unknown_words_leaves_all_stars_in_doubt() -> None:
    assert _stars(_item(replace(DATASET, license="Conditions de la régie"))) == (0, 3)


def test_a_file_of_a_folder_is_not_on_line_yet() -> None:
    assert _stars(_item(path=Path("/donnees/arbres.csv"), url=None)) == (0, 3)


def test_a_broken_link_has_no_star() -> None:
    broken = InspectedFile(CSV, "Arbres", availability=Availability("unavailable", 404))
    assert _stars(InspectedDataset(DATASET, (broken,))) == (0, 0)


def test_the_bytes_prevail_over_the_format_announced() -> None:
    pdf = replace(FACTS, envelope=EnvelopeFacts("pdf", "csv"))
    assert _stars(_item(facts=pdf)) == (1, 1)


def test_a_dataset_is_worth_its_best_file_and_a_notice_is_no_data() -> None:
    pdf = replace(CSV, id="b", declared_format="pdf", url="https://data.exemple.fr/b.pdf")
    both = replace(DATASET, distributions=(pdf, CSV))
    assert _stars(_item(both, facts=None)) == (3, 3)
    notice = replace(DATASET, distributions=(pdf, replace(CSV, role="documentation")))
    assert _stars(_item(notice, facts=None)) == (1, 1)


def test_an_archive_is_worth_what_it_holds() -> None:
    members = (ArchiveMember("data/a.csv", 1, 1), ArchiveMember("lisez-moi.pdf", 1, 1))
    facts = ContentFacts(EnvelopeFacts("zip", "zip"), archive=ArchiveFacts(members, 2, 2))
    assert _stars(_item(facts=facts, declared_format="zip", url="https://data.exemple.fr/a.zip")) == (3, 3)


# ---- checklist


def _practices(item: InspectedDataset) -> dict[str, Mark]:
    return _marks(opquast.assess(item, RULES["opquast"], ON))


def test_a_whole_record_follows_every_practice() -> None:
    assert set(_practices(_item()).values()) == {Mark.MET}


def test_practices_that_do_not_concern_a_pdf_are_left_out_of_the_count() -> None:
    facts = ContentFacts(EnvelopeFacts("pdf", "pdf"), sha256="ef")
    found = opquast.assess(_item(facts=facts, declared_format="pdf"), RULES["opquast"], ON)
    left_out = {one.criterion for one in found.marks if one.mark is Mark.NOT_APPLICABLE}
    assert left_out == {"p33-charset", "p36-dates", "naming-headings"}
    assert found.out_of == 21 - 3
    assert _marks(found)["p37-open"] is Mark.NOT_MET


def test_a_service_has_no_file_to_name_weigh_or_open() -> None:
    service = replace(CSV, declared_format="wfs", url="https://data.exemple.fr/wfs?service=WFS", media_type="")
    marks = _practices(_item(replace(DATASET, distributions=(service,)), facts=None))
    named = ("p43-direct", "p45-checksum", "p56-names", "p65-size", "p34-type", "p33-charset", "naming-headings")
    assert {marks[name] for name in named} == {Mark.NOT_APPLICABLE}


def test_what_was_not_read_is_not_verified() -> None:
    marks = _practices(InspectedDataset(DATASET, (InspectedFile(CSV, "Arbres"),)))
    unseen = {name for name, mark in marks.items() if mark is Mark.UNVERIFIABLE}
    assert unseen == {"p33-charset", "p34-type", "p36-dates", "naming-headings", "p43-direct"}


@pytest.mark.parametrize(
    ("practice", "changes"),
    [
        ("p24-title", {"title": "export_arbres_v2.csv"}),
        ("p24-description", {"description": "d" * 100}),
        ("p26-updated", {"modified": date(2027, 1, 1)}),
        ("p26-updated", {"modified": date(2019, 1, 1)}),
        ("p27-category", {"keywords": (), "themes": ()}),
        ("p47-licence", {"license": ""}),
        ("p62-frequency", {"frequency": "unknown"}),
        ("p22-publisher", {"publisher": ""}),
        ("p46-contact", {"contact": ""}),
    ],
)
def test_a_record_that_lacks_something_loses_that_practice_alone(practice: str, changes: dict[str, Any]) -> None:
    marks = _practices(_item(replace(DATASET, **changes)))
    assert {name for name, mark in marks.items() if mark is not Mark.MET} == {practice}
    assert marks[practice] is Mark.NOT_MET


@pytest.mark.parametrize(
    ("practice", "changes"),
    [
        ("p56-names", {"url": "https://data.exemple.fr/Liste%20des%20arbres.csv"}),
        ("p56-names", {"url": "https://data.exemple.fr/forêt.csv"}),
        ("p65-size", {"byte_size": None}),
        ("p45-checksum", {"checksum": ""}),
        ("p45-checksum", {"checksum": "sha256:00"}),
        ("p34-type", {"declared_format": "pdf"}),
        ("p34-type", {"declared_format": ""}),
    ],
)
def test_a_file_that_fails_loses_that_practice_alone(practice: str, changes: dict[str, Any]) -> None:
    marks = _practices(_item(**changes))
    assert {name for name, mark in marks.items() if mark is Mark.NOT_MET} == {practice}


@pytest.mark.parametrize(
    ("practice", "facts"),
    [
        ("p33-charset", replace(FACTS, text=TextFacts("cp1252", has_bom=False, line_ending="lf"))),
        ("p36-dates", replace(FACTS, table=TableFacts(1, ("d",), 1, (ColumnFacts("d", 0, "A", kind="date", date_form="french"),)))),
        ("naming-headings", replace(FACTS, table=TableFacts(1, ("a", "a"), 1, FACTS.table.columns, duplicate_labels=("a",)))),
        ("naming-headings", replace(FACTS, table=TableFacts(3, ("a",), 1, FACTS.table.columns, title_rows=((1, 2),)))),
    ],
)  # fmt: skip
def test_what_the_bytes_say_decides(practice: str, facts: ContentFacts) -> None:
    marks = _practices(_item(facts=facts))
    assert {name for name, mark in marks.items() if mark is not Mark.MET} == {practice}


def test_a_page_in_place_of_the_file_is_no_direct_link() -> None:
    marks = _practices(_item(facts=ContentFacts(EnvelopeFacts("html", "csv"), sha256="ef")))
    assert marks["p43-direct"] is Mark.NOT_MET


def test_an_empty_language_is_not_a_fault() -> None:
    assert _practices(_item(replace(DATASET, language="")))["p29-language"] is Mark.UNVERIFIABLE
