"""Checking one file, whatever the table: the answer's laws hold, and small and large files are told alike."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendata_check.fetching import open_fetcher
from opendata_check.file_check import Asked, FileCheckError, checked
from opendata_check.model.check import FileCheck
from opendata_check.reports.check import FORMATS, pieces
from opendata_check.reports.interface import Layout
from opendata_check.schemas.descriptor import from_descriptor
from opendata_check.tables import validation

sys.path.insert(0, str(Path(__file__).resolve().parent / "cli"))
from test_cli_check import CONTRACT, assert_safe, laws_hold

FIELDS: list[dict[str, Any]] = [
    {"name": "cle", "constraints": {"required": True, "unique": True}},
    {"name": "jour", "type": "date", "constraints": {"minimum": "2020-01-01"}},
    {"name": "nb", "type": "integer", "constraints": {"required": True, "maximum": 10}},
    {"name": "choix", "constraints": {"enum": ["oui", "non"]}},
]
CELLS = st.sampled_from(
    [
        "a",
        "b",
        "1",
        "2",
        "12",
        "2024-01-31",
        "31/01/2024",
        "2019-01-01",
        "oui",
        "OUI",
        "peut-être",
        " 1",
        "1,5",
        '"',
        "é;",
        "x\ny",
        "=1+1",
        "Jean Martin",
        "a@b.fr",
        "0612345678",
        "\x1b[31m",
        "\u202e",
        "",
    ]
)


@contextmanager
def check_of(path: Path, descriptor: dict[str, Any] | None = None, **asked: Any) -> Iterator[FileCheck]:
    """Check a file against a schema."""
    schema = from_descriptor(descriptor, where="m.json") if descriptor is not None else None
    with (
        open_fetcher(cache_folder=None) as fetcher,
        checked(fetcher.local(path, path.parent), Asked(schema, **asked), fetcher) as check,
    ):
        yield check


def answers(check: FileCheck, limit: int | None = None) -> dict[str, str]:
    """Return the three forms of an answer."""
    return {form: "".join(pieces(check, form, Layout(), limit)) for form in FORMATS}


@st.composite
def tables(draw: st.DrawFn) -> str:
    """Return a table of any form, with rows too short or too long, blank ones, and a header in any order."""
    labels = draw(st.permutations(["cle", "jour", "nb", "choix", "libre"]))
    labels = labels[: draw(st.integers(1, 5))]
    labels = [draw(st.sampled_from([label, label.upper(), label, ""])) for label in labels]
    row = st.lists(CELLS, max_size=7)
    usual = st.lists(CELLS, min_size=len(labels), max_size=len(labels))
    rows = draw(st.lists(st.one_of(usual, usual, usual, row, st.just([])), max_size=12))
    stream = io.StringIO(newline="")
    writer = csv.writer(
        stream, delimiter=draw(st.sampled_from(";,\t")), lineterminator=draw(st.sampled_from(["\n", "\r\n"]))
    )
    writer.writerows([labels, *rows])
    return stream.getvalue()


@pytest.mark.parametrize("columnar", [False, True], ids=["par lignes", "par colonnes"])
@given(text=tables(), encoding=st.sampled_from(["utf-8", "cp1252", "utf-16"]), limit=st.none() | st.integers(0, 5))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_laws_of_an_answer_hold_whatever_the_table(
    columnar: bool, text: str, encoding: str, limit: int | None, tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(validation, "COLUMNAR_BYTES", 0 if columnar else 10**9)
    path = tmp_path_factory.mktemp("t") / "t.csv"
    path.write_bytes(text.encode(encoding, "replace"))
    try:
        with check_of(path, {"fields": FIELDS}) as check:
            said = json.loads(answers(check, limit)["json"])
            CONTRACT.validate(said)
            laws_hold(said, 0 if check.valid else 1)
            assert answers(check, limit) == answers(check, limit)
            for line in answers(check, limit)["terminal"].splitlines():
                assert_safe(line)
                assert len(line) <= 80
    except FileCheckError as refused:
        assert_safe(str(refused))


Make = Callable[[int], str]


def _ordinary(rows: int) -> str:
    return "".join(f"k{n};2024-01-01;{n % 10};oui\n" for n in range(rows))


@pytest.mark.parametrize(
    "wrong",
    ["x;2024-02-30;3;oui\n", "x;;3;oui\n;;;\n", "k1;;3;oui\n", "x;;\n", "x;;1;oui;y;z\n", 'x;;"1\n";oui\n', "\n\n"],
    ids=["date", "vide", "répétée", "courte", "longue", "sur deux lignes", "lignes vides"],
)
def test_a_large_file_is_told_as_a_small_one(wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.csv"
    path.write_text("cle;jour;nb;choix\n" + _ordinary(300) + wrong + _ordinary(2).replace("k", "z"), encoding="utf-8")
    found = []
    for threshold in (10**9, 0):
        monkeypatch.setattr(validation, "COLUMNAR_BYTES", threshold)
        with check_of(path, {"fields": FIELDS}) as check:
            found.append(answers(check))
    assert found[0] == found[1]


def test_the_faults_can_be_read_several_times_and_count_as_announced(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("cle;jour;nb;choix\n" + "x;2024-02-30;a;b\n" * 50, encoding="utf-8")
    with check_of(path, {"fields": FIELDS}) as check:
        first, second = list(check.errors()), list(check.errors())
    assert first == second
    assert len(first) == check.count


def test_what_is_in_progress_is_said(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("cle;jour\n1;2024-01-01\n", encoding="utf-8")
    steps: list[str] = []
    with check_of(path, {"fields": FIELDS}, progress=steps.append):
        pass
    assert steps
    assert all(step[:1].isupper() for step in steps)


def test_a_short_row_is_one_fault_in_groups_and_one_a_cell_in_the_list(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("cle;jour;nb;choix\na;2024-01-01;1;oui\nb\n", encoding="utf-8")
    with check_of(path, {"fields": FIELDS}) as check:
        (group,) = check.groups
        listed = [(error.type, error.field) for error in check.errors()]
    assert (group.type, group.count) == ("missing-cell", 1)
    assert sorted(listed) == [
        ("constraint-error", "nb"),
        ("missing-cell", "choix"),
        ("missing-cell", "jour"),
        ("missing-cell", "nb"),
    ]


def test_the_snippet_shows_the_faulty_cell_between_its_neighbours(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("cle;jour;nb;choix\na;2024-01-01;1;oui\nb;31/01/2024;1;oui\n", encoding="utf-8")
    with check_of(path, {"fields": FIELDS}) as check:
        (snippet,) = check.snippets
    assert (snippet.line, snippet.labels, snippet.cells, snippet.faulty) == (
        3,
        ("cle", "jour", "nb"),
        ("b", "31/01/2024", "1"),
        1,
    )


def test_the_likely_schemas_are_given_when_none_is_sure(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("nomAttribuant;montant;zone;quartier;teinte\na;1;b;c;d\n", encoding="utf-8")
    with check_of(path) as check:
        assert check.schema is None
        assert all(0 < match.confidence < 0.6 for match in check.candidates)
        screen = answers(check)["terminal"]
    assert ("Les plus proches" in screen) == bool(check.candidates)


def test_the_published_form_of_the_answer_is_itself_right() -> None:
    jsonschema.Draft202012Validator.check_schema(CONTRACT.schema)
    defined = set(CONTRACT.schema["$defs"])
    used = {name for name in defined if f'"#/$defs/{name}"' in json.dumps(CONTRACT.schema)}
    assert used == defined
