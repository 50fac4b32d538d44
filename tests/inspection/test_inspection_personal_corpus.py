"""Over a corpus of labelled tables, the detector of personal data finds what it must and leaves the rest in peace."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from opendata_check.model.facts import PersonalDataHint

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import personal_corpus  # noqa: E402
from personal_corpus import LabelledTable, fresh_names, measure, names, page, places  # noqa: E402

RECALL = 0.98
PRECISION = 0.95
DETAIL = "python benchmarks/personal.py test --show"
"""Where columns are listed; not here, so that nobody sets the detector on the part that measures it."""
FICTION = re.compile(r"0(?:199 ?00|261 ?91|353 ?01|465 ?71|536 ?49|63998|798)")


@pytest.fixture(scope="module")
def corpus() -> dict[str, list[LabelledTable]]:
    return {split: list(personal_corpus.tables(split)) for split in page.SPLITS}


@pytest.fixture(scope="module")
def seen(corpus: dict[str, list[LabelledTable]], tmp_path_factory: pytest.TempPathFactory) -> list[measure.Outcome]:
    return list(measure.outcomes(corpus["test"], tmp_path_factory.mktemp("corpus")))


def digest(tables: Sequence[LabelledTable]) -> str:
    return hashlib.sha256(b"".join(map(personal_corpus.as_csv, tables))).hexdigest()


def share_nothing(*parts: Sequence[str]) -> bool:
    return len(set().union(*parts)) == sum(len(set(part)) for part in parts)


def test_personal_columns_are_found(seen: list[measure.Outcome]) -> None:
    assert measure.figures(seen).recall >= RECALL, DETAIL


def test_other_columns_raise_no_alarm(seen: list[measure.Outcome]) -> None:
    assert measure.figures(seen).precision >= PRECISION, DETAIL


def test_the_corpus_is_always_the_same(corpus: dict[str, list[LabelledTable]]) -> None:
    for split, tables in corpus.items():
        assert digest(list(personal_corpus.tables(split))) == digest(tables)


def test_the_corpus_is_as_large_as_asked(corpus: dict[str, list[LabelledTable]]) -> None:
    every = [table for tables in corpus.values() for table in tables]
    expected = [what for table in every for what in table.expected]
    assert len(every) >= 110
    assert len(expected) >= 700
    assert sum(what == "none" for what in expected) >= len(expected) / 2
    assert sum(what == "either" for what in expected) < 0.05 * len(expected)
    assert all(20 <= len(table.rows) <= 300 for table in every)


def test_every_kind_and_every_family_is_measured(corpus: dict[str, list[LabelledTable]]) -> None:
    known = {"none", "either", *personal_corpus.KINDS, *(f"public:{family}" for family in personal_corpus.FAMILIES)}
    for split in ("tune", "test", "fresh"):
        assert {what for table in corpus[split] for what in table.expected} == known
    assert {what for table in corpus["reserve"] for what in table.expected} < known


def test_the_parts_share_no_table_and_no_name(corpus: dict[str, list[LabelledTable]]) -> None:
    every = [table for part in corpus.values() for table in part]
    assert len({table.name for table in every}) == len(every)
    assert len({table.labels for table in every}) == len(every)
    for field in ("women", "men", "last"):
        assert share_nothing(*(getattr(part, field) for part in (names.TUNE, names.TEST, fresh_names.NAMES)))
    for field in ("streets", "equipment", "associations", "firms", "domains"):
        assert share_nothing(*(getattr(part, field) for part in (places.TUNE, places.TEST, fresh_names.PLACES)))


def test_most_labels_of_the_measured_parts_are_new(corpus: dict[str, list[LabelledTable]]) -> None:
    labels = {split: {label.casefold() for table in part for label in table.labels} for split, part in corpus.items()}
    for split in ("test", "fresh"):
        assert len(labels[split] - labels["tune"]) >= 0.7 * len(labels[split])


def test_tables_are_written_as_they_are_said(corpus: dict[str, list[LabelledTable]]) -> None:
    for table in corpus["test"] + corpus["fresh"]:
        written = list(csv.reader(io.StringIO(personal_corpus.as_csv(table).decode()), delimiter=";"))
        assert tuple(written[0]) == table.labels
        assert tuple(map(tuple, written[1:])) == table.rows
        assert len(table.labels) == len(table.expected)


def test_nobody_can_be_called_or_written_to(corpus: dict[str, list[LabelledTable]]) -> None:
    """Phones are in the ranges kept for fiction; mail goes to reserved or invented domains, or to a box with digits."""
    free_mail = re.compile(r"[\w.+-]*\d{3,}@(?:gmail|orange|wanadoo|free|hotmail|laposte|sfr|yahoo|outlook)\.")
    for table in (table for tables in corpus.values() for table in tables):
        for place, what in enumerate(table.expected):
            cells = [row[place] for row in table.rows if row[place]]
            if what == "phone" and table.name != "libelle_trompeur":
                for cell in cells:
                    figures = re.sub(r"\D", "", cell)
                    assert not figures or re.search(FICTION, figures) or re.search(FICTION, "0" + figures[-9:]), table
            for box in re.findall(r"[\w.+-]+@[\w.-]+", " ".join(cells).lower()):
                invented = box.endswith((".example", "example.org", "example.com", "example.net"))
                ours = box.split("@")[1] in {*places.TUNE.domains, *places.TEST.domains}
                assert invented or ours or free_mail.match(box), table.name


def test_figures_count_each_column_once() -> None:
    table = LabelledTable("t", "tune", ("a", "b", "c", "d"), (), ("phone", "none", "public:sports", "either"))
    hints = [
        PersonalDataHint("phone", "a", "A"),
        PersonalDataHint("email", "a", "A"),
        PersonalDataHint("phone", "b", "B"),
        PersonalDataHint("person_name", "c", "C", public_family="tourism"),
        PersonalDataHint("person_name", "d", "D"),
    ]
    seen = list(measure.compare(table, hints))
    assert measure.figures(seen) == measure.Figures(found=1, missed=0, false=1, right=1)
    assert [outcome.label for outcome in measure.wrong_families(seen)] == ["c"]
    assert measure.confusions(seen) == []


def test_the_page_tells_the_figures_of_today(
    seen: list[measure.Outcome], corpus: dict[str, list[LabelledTable]], tmp_path: Path
) -> None:
    """All but the pace, which depends on the machine."""
    others = {split: list(measure.outcomes(corpus[split], tmp_path)) for split in ("tune", "reserve", "fresh")}
    made = page.page({**others, "test": seen}, {"csv": 1.0, "arrow": 1.0, "scan": 1.0})
    kept = (ROOT / "docs" / "donnees-personnelles.md").read_text(encoding="utf-8")
    assert kept.split("## La vitesse")[0] == made.split("## La vitesse")[0], f"lancez : {page.COMMAND}"
