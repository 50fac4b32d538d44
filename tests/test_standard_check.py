"""Rules of a format of its own, told like a schema's: one cause for all its places, and each place in the list."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from opendata_check.inspection import inspect
from opendata_check.model.check import CellError
from opendata_check.model.content import Content
from opendata_check.standard_check import Found, Standard, _Collected, standard_for
from opendata_check.standards.interface import Fault
from opendata_check.tables import MASKED, validation

sys.path.insert(0, str(Path(__file__).resolve().parent / "cli"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from test_cli_check import addresses, contracts
from test_file_check import answers, check_of


def content_of(tmp_path: Path, name: str, data: bytes) -> Content:
    (tmp_path / name).write_bytes(data)
    return Content(path=tmp_path / name, name=name, byte_size=len(data), origin=name)


# --- which standard -------------------------------------------------------------------------------------------------


def standard_of(tmp_path: Path, name: str, data: bytes) -> str:
    content = content_of(tmp_path, name, data)
    found = standard_for(content, inspect(content))
    return found.id if found is not None else ""


@pytest.mark.parametrize(
    ("name", "data", "standard"),
    [
        ("a.json", contracts({}), "decp"),
        ("a.json", contracts({}).decode().encode("utf-8-sig"), "decp"),
        ("a.json", contracts({}).decode().encode("utf-16"), "decp"),
        ("a.json", b'{"$schema": "x", "total": 1, ' + contracts({})[1:], "decp"),
        ("a.json", contracts({})[:-60], "decp"),
        ("a.json", b'{"marches": {"marche": []}}', "decp"),
        ("a.json", b'{"marches": [{"jour": "mardi"}]}', ""),
        ("a.json", b'[{"marches": 1}]', ""),
        ("a.json", b'{"a": {"marches": [{"id": 1, "montant": 2, "codeCPV": 3, "acheteur": 4}]}}', ""),
        ("a.json", b'{"marches": [{"id": ' + b"9" * 100_000 + b"}]}", ""),
        ("a.json", b"[" * 100_000, ""),
        ("a.xml", b"<marches><marche><id>1</id></marche></marches>", "decp"),
        ("a.xml", b'<DocumentBudgetaire xmlns="http://www.minefi.gouv.fr/cp/demat/docbudgetaire"/>', "totem"),
        ("a.xml", b"<autre/>", ""),
        ("a.csv", b"a;b\n1;2\n", ""),
    ],
)
def test_the_standard_is_told_from_what_the_file_holds(name: str, data: bytes, standard: str, tmp_path: Path) -> None:
    assert standard_of(tmp_path, name, data) == standard


def test_only_addresses_are_a_table_with_rules_of_its_own() -> None:
    assert [Standard(id_).tabular for id_ in ("bal", "gtfs", "decp", "totem")] == [True, False, False, False]
    assert all(Standard(id_).name for id_ in ("bal", "gtfs", "decp", "totem"))


# --- faults put together --------------------------------------------------------------------------------------------


def collected(*faults: Fault, by_part: bool = False, lines: bool = True) -> tuple[Found, list[CellError]]:
    together = _Collected({}, by_part=by_part)
    together.take(faults)
    found = together.found(None, lines=lines)
    errors = list(found.errors())
    assert errors == list(found.errors())
    assert len(errors) == found.count
    together.close()
    return found, errors


def test_one_rule_broken_in_many_places_is_one_cause() -> None:
    faults = [Fault("code", "error", "Mal écrit", "nom", f"marches[{n}]", (40 - n,), (f"v{n}",)) for n in range(3)]
    found, errors = collected(*faults)
    (group,) = found.groups
    assert (group.count, group.lines, group.value, group.part) == (3, ((38, 40),), "v0", "")
    assert [(error.row, error.value, error.part) for error in errors] == [
        (38, "v2", "marches[2]"),
        (39, "v1", "marches[1]"),
        (40, "v0", "marches[0]"),
    ]


def test_one_place_is_named_by_its_part_and_files_of_an_archive_are_kept_apart() -> None:
    found, _ = collected(Fault("code", "error", "mal écrit", "nom", "marches[3]", (4,)))
    assert found.groups[0].message == "marches[3] : nom : mal écrit"
    faults = [Fault("code", "error", "mal écrit", "nom", part, (2, 3)) for part in ("stops.txt", "trips.txt")]
    found, _ = collected(*faults, by_part=True)
    assert [(group.part, group.count) for group in found.groups] == [("stops.txt", 2), ("trips.txt", 2)]


def test_what_concerns_the_whole_file_has_no_place_and_comes_first() -> None:
    found, errors = collected(Fault("a", "error", "x", rows=(5,)), Fault("b", "error", "Le fichier est vide"))
    assert [error.row for error in errors] == [None, 5]
    assert found.groups[1].lines == ()


def test_faults_come_before_warnings_and_notes() -> None:
    found, _ = collected(*[Fault(level, level, "x") for level in ("note", "error", "warning")])
    assert [group.level for group in found.groups] == ["error", "warning", "note"]


@pytest.mark.parametrize(
    ("values", "expected", "shown"),
    [
        (("a", "b"), ("", "B"), ("b", "B")),
        (("", "b"), ("A", "B"), ("b", "B")),
        (("a", "b"), (), ("a", "")),
        ((), (), ("", "")),
    ],
)
def test_the_value_shown_and_the_right_one_are_of_the_same_place(
    values: tuple[str, ...], expected: tuple[str, ...], shown: tuple[str, str]
) -> None:
    found, _ = collected(Fault("code", "error", "x", rows=(2, 3), values=values, expected=expected))
    assert (found.groups[0].value, found.groups[0].expected) == shown


def test_persons_are_masked_and_so_is_what_their_value_should_be() -> None:
    for fault in (
        Fault("a", "error", "x", rows=(2,), values=("dupont",), expected=("Dupont",), personal=True),
        Fault("a", "error", "x", rows=(2,), values=("06.12.34.56.78",), expected=("0612345678",)),
    ):
        found, errors = collected(fault)
        assert (found.groups[0].value, found.groups[0].expected, errors[0].value) == (MASKED, "", MASKED)


def test_a_table_whose_rows_are_not_lines_gives_no_line() -> None:
    found, errors = collected(Fault("a", "error", "x", rows=(2,)), lines=False)
    assert (found.groups[0].lines, errors[0].row, errors[0].line) == ((), 2, None)


# --- addresses, whole -----------------------------------------------------------------------------------------------


def _rows(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def odd_addresses() -> str:
    """Return addresses with a blank row, a short one, a cell of two lines, and a row of wrong cells."""
    header, *rows = _rows(addresses(*map(str, range(1, 60))))
    rows[10] = rows[10].replace("2024-05-12", "12/05/2024")
    rows[20] = ";" * 20 + "\n"
    rows[21] = "\n"
    rows[30] = "54395;Nancy\n"
    rows[40] = rows[40].replace("Rue Stanislas", '"Rue\nStanislas"')
    rows[50] = rows[50].replace("2024-05-12", "13/05/2024")
    return "".join([header, *rows])


def _told(tmp_path: Path, text: str, **asked: Any) -> dict[str, str]:
    path = tmp_path / "54395_bal.csv"
    path.write_text(text, encoding="utf-8")
    with check_of(path, **asked) as check:
        assert check.standard == "bal"
        return answers(check)


def _faults(answer: dict[str, str], level: str = "error") -> Iterable[tuple[str, str, Any]]:
    return [(e["type"], e["field"], e["row"]) for e in json.loads(answer["json"])["errors"] if e["level"] == level]


def test_blank_and_short_rows_of_addresses_are_told_once(tmp_path: Path) -> None:
    found = list(_faults(_told(tmp_path, odd_addresses())))
    assert [(kind, row) for kind, _, row in found if row in (22, 23)] == [("blank-row", 22), ("blank-row", 23)]
    assert {kind for kind, _, row in found if row == 32} == {"missing-cell"}
    assert [row for kind, field, row in found if (kind, field) == ("date_der_maj.date_invalide", "date_der_maj")] == [
        12,
        52,
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_large_file_of_addresses_is_told_as_a_small_one(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "54395_bal.csv"
    path.write_bytes(odd_addresses().encode(encoding))
    found = []
    for threshold in (10**9, 0):
        monkeypatch.setattr(validation, "COLUMNAR_BYTES", threshold)
        with check_of(path) as check:
            found.append(answers(check))
    assert found[0] == found[1]
