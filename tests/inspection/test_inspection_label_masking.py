"""A column or a sheet whose name holds what identifies a person is shown with « ••• » in its place."""

from __future__ import annotations

import time
from io import BytesIO
from pathlib import Path

import pytest

from opendata_check.inspection import inspect
from opendata_check.inspection.label_masking import masked
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts

NIR, IBAN, MAIL, PHONE = (
    "1 85 05 78 006 084 91",
    "FR7630006000011234567890189",
    "jeanne.zebulonde@exemple.fr",
    "06 98 76 54 32",
)


def _facts(path: Path) -> ContentFacts:
    return inspect(Content(path, path.name, path.stat().st_size, path.name))


@pytest.mark.parametrize(
    "secret", [NIR, NIR.replace(" ", ""), IBAN, MAIL, PHONE, "+33 6 98 76 54 32", "2 85 05 2A 006 084 82"]
)
def test_what_identifies_a_person_is_hidden(secret: str) -> None:
    assert masked(f"montant {secret} 2024") == "montant ••• 2024"


def test_an_address_cut_as_the_names_of_sheets_are_is_hidden() -> None:
    assert masked("jeanne.zebulonde@exe") == "•••"


@pytest.mark.parametrize(
    "name",
    [
        "21540395900019", "185057800608436", "export_1732620000000", "2020 2021 2022 2023", "prix @ kg", "du 2024-01-02 au 2025-01-02",
        "FR7630006000011234567890188", "montant_2023", "0123",
    ],
)  # fmt: skip
def test_codes_dates_and_numbers_with_a_wrong_key_stay(name: str) -> None:
    assert masked(name) == name


@pytest.mark.parametrize(
    "name", ["1" * 200, "1 " * 100, "a@" * 100, "FR76 " + "A " * 100, "AA11" * 50, "a." * 100 + "@"]
)
def test_no_crafted_name_costs_more_than_a_millisecond(name: str) -> None:
    before = time.process_time()
    for _ in range(200):
        masked(name)
    assert time.process_time() - before < 0.5


@pytest.mark.parametrize("secret", [NIR, IBAN, MAIL, PHONE])
def test_no_fact_of_a_table_in_text_holds_it(secret: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = "\n".join(f"{n};-5;45291;12 €;1,5" for n in range(40))
    path.write_text(f"id;montant {secret};date {secret};prix {secret};total {secret}\n{rows}\n", encoding="utf-8")
    facts = _facts(path)
    assert facts.table is not None
    assert facts.table.header_row == 1
    assert facts.table.damage
    assert secret not in repr(facts)


@pytest.mark.parametrize("secret", [NIR, IBAN, MAIL, PHONE])
def test_no_fact_of_a_workbook_holds_it(secret: str, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    assert first is not None
    first.title = f"a {secret}"[:31]
    first.append(["id", f"montant {secret}", "valeur"])
    for number in range(30):
        first.append([number, -number, number])
    hidden = book.create_sheet(f"b {secret}"[:31])
    hidden.sheet_state = "hidden"
    hidden.append([f"nom {secret}", "x"])
    first.column_dimensions["C"].hidden = True
    stream = BytesIO()
    book.save(stream)
    path = tmp_path / "t.xlsx"
    path.write_bytes(stream.getvalue())
    facts = _facts(path)
    assert facts.spreadsheet is not None
    assert len(facts.spreadsheet.hidden_sheets) == 1
    assert secret not in repr(facts)
