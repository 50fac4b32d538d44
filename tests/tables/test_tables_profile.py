"""What a table's profile says of its columns: the same by rows and by columns, true of every cell, and nobody's name."""

from __future__ import annotations

import csv
import io
import random
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_factory import content_of, facts_of
from tables_strategies import EVERY_TRAP

from opendata_check import inspection
from opendata_check.model.facts import PersonalDataHint
from opendata_check.model.profile import ColumnProfile, TableProfile
from opendata_check.tables.errors import ProvisionalEncodingError, TablesError
from opendata_check.tables.profile import profile

BY_COLUMNS, BY_ROWS = 10**9, 0
"""Sizes announced, so that Arrow or csv.reader cuts a small file."""


def profiled(text: str | bytes, *, size: int = BY_ROWS, **facts: Any) -> TableProfile:
    """Profile a CSV separated by semicolons."""
    raw = text.encode() if isinstance(text, str) else text
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "donnees.csv"
        path.write_bytes(raw)
        return profile(content_of(path), replace(facts_of(raw, delimiter=";", **facts), byte_size=size))


def text_of(labels: list[str], rows: list[list[str]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(labels)
    writer.writerows(rows)
    return stream.getvalue()


def column(*cells: str, label: str = "colonne", size: int = BY_ROWS) -> ColumnProfile:
    """Profile one column, beside another that is always filled."""
    return profiled(text_of(["rang", label], [["x", cell] for cell in cells]), size=size).columns[1]


# --- both ways of reading say the same ------------------------------------------------------------------------------

_cells = st.one_of(
    st.sampled_from(EVERY_TRAP),
    st.sampled_from(["", " ", "1", "01", "12,5", "1 234,50", "2024-01-31", "31/12/2024", "oui", "non", "NC", "a\nb", "a\r\nb"]),
    st.text(max_size=6),
)  # fmt: skip


@st.composite
def ragged_tables(draw: st.DrawFn) -> str:
    """Draw a table with rows too short, too long, or blank, and line breaks inside cells."""
    width = draw(st.integers(2, 4))
    lines = []
    for _ in range(draw(st.integers(0, 30))):
        many = draw(st.sampled_from([width] * 8 + [0, 1, width - 1, width + 1, width + 3]))
        lines.append(draw(st.lists(_cells, min_size=many, max_size=many)))
    return text_of([f"c{n}" for n in range(width)], lines)


@given(ragged_tables())
@settings(deadline=None)
def test_rows_and_columns_give_one_profile(text: str) -> None:
    assert profiled(text, size=BY_COLUMNS) == profiled(text, size=BY_ROWS)


def test_lines_are_those_a_person_counts_whatever_cells_hold() -> None:
    text = 'a;b\n1;"deux\nlignes"\n2;x\n\n3;"c\r\nd";de trop\n4;x\ncinq;"y\nz"\nsix\n7;x\n' + "8;x\n" * 300
    for size in (BY_COLUMNS, BY_ROWS):
        found = profiled(text, size=size)
        assert (found.rows, found.blank_rows) == (307, 1)
        assert (found.ragged_rows, found.ragged_lines) == (2, (6, 11))
        assert found.columns[0].kind == "integer"
        assert (found.columns[0].exceptions, found.columns[0].exception_lines) == (2, (9, 11))


def test_records_are_numbered_from_one() -> None:
    text = text_of(["a", "b"], [["1", "x"]] * 300 + [["un", "x"]])
    raw = text.encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "donnees.csv"
        path.write_bytes(raw)
        found = profile(content_of(path), facts_of(raw, delimiter=";"), places="record")
    assert found.columns[0].exception_lines == (301,)


# --- counts are those of the cells ----------------------------------------------------------------------------------


@given(st.lists(_cells, max_size=40), st.sampled_from([BY_ROWS, BY_COLUMNS]))
@settings(deadline=None)
def test_counts_are_those_of_the_cells(cells: list[str], size: int) -> None:
    found = column(*cells, size=size)
    filled = [cell for cell in cells if cell.strip()]
    assert (found.filled, found.empty) == (len(filled), len(cells) - len(filled))
    assert (found.distinct, found.distinct_exact) == (len(set(filled)), True)
    assert found.unique is (bool(filled) and len(set(filled)) == len(filled))
    assert (found.shortest, found.longest) == (min(map(len, filled), default=0), max(map(len, filled), default=0))
    assert found.padded == sum(cell != cell.strip() for cell in filled)
    assert 0 <= found.exceptions + found.absent <= found.filled
    assert 0.99 <= found.share <= 1
    assert all(item.count <= Counter(filled).most_common(1)[0][1] for item in found.frequent)


@given(st.lists(st.integers(-(10**30), 10**30), min_size=1), st.sampled_from(["{}", "{:,}"]))
@settings(deadline=None)
def test_extremes_are_exact_whatever_the_number_of_figures(numbers: list[int], form: str) -> None:
    found = column(*[form.format(number).replace(",", " ") for number in numbers], label="montant")
    if found.personal:  # figures may make a social security number
        assert found.minimum == found.maximum == ""
    elif found.kind == "integer":
        assert (int(found.minimum), int(found.maximum)) == (min(numbers), max(numbers))
    else:  # long figures that are all as many are codes
        assert len({len(str(number)) for number in numbers}) == 1


# Below 1000, strftime writes the year with less than four figures.
MOMENTS = st.datetimes(min_value=datetime(1000, 1, 1))


@given(st.lists(MOMENTS, min_size=1), st.sampled_from(["%d/%m/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S"]))
@settings(deadline=None)
def test_extremes_of_moments_are_in_iso_form(moments: list[datetime], form: str) -> None:
    moments = [moment.replace(microsecond=0) for moment in moments]
    found = column(*[moment.strftime(form) for moment in moments])
    assert found.kind == "datetime"
    if found.written.date_format.startswith("%m"):
        assert all(moment.day <= 12 for moment in moments)
    else:
        assert (found.minimum, found.maximum) == (min(moments).isoformat(), max(moments).isoformat())


@pytest.mark.parametrize("size", [BY_ROWS, BY_COLUMNS])
def test_distinct_values_are_counted_to_a_hundred_thousand_then_said_to_be_at_least_that(size: int) -> None:
    rows = [f"{n};{n % 99_000};{n // 2};{n}" for n in range(240_000)]
    rows[-1] = "239999;0;119999;0"  # the last column repeats its very first value
    found = profiled("a;b;c;d\n" + "\n".join(rows) + "\n", size=size)
    assert [(c.distinct, c.distinct_exact, c.unique) for c in found.columns] == [
        (240_000, True, True),
        (99_000, True, False),
        (100_000, False, False),
        (100_000, False, False),
    ]


# --- kinds and forms ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "kind", "example", "minimum", "maximum"),
    [
        (["12", "-3", "0"], "integer", "", "-3", "12"),
        (["1 234", "12", "1 234 567"], "integer", "1 234", "12", "1234567"),
        (["1.50", "-2", "0.5"], "number", "", "-2", "1.5"),
        (["1 234,56", "7", "-0,5"], "number", "1 234,56", "-0.5", "1234.56"),
        (["1\u202f234,5 €", "12 €"], "number", "1\u202f234,56 €", "12", "1234.5"),
        (["12 %", "3,5%"], "number", "1234,56 %", "3.5", "12"),
        (["1,5E+03", "2"], "number", "1234,56", "2", "1500"),
        (["2024-02-29", "2023-12-31"], "date", "", "2023-12-31", "2024-02-29"),
        (["31/12/2023", "1/2/2024"], "date", "31/12/2024", "2023-12-31", "2024-02-01"),
        (["12/31/2023", "02/01/2024"], "date", "12/31/2024", "2023-12-31", "2024-02-01"),
        (["31/12/23", "01/02/68"], "date", "31/12/24", "2023-12-31", "2068-02-01"),
        (["31.12.2023"], "date", "31.12.2024", "2023-12-31", "2023-12-31"),
        ([f"202401{day:02}" for day in range(1, 30)], "date", "20241231", "2024-01-01", "2024-01-29"),
        (["2024-01-31T10:00:00Z", "2024-01-31T11:30:00+02:00"], "datetime", "", "2024-01-31T11:30:00+02:00", "2024-01-31T10:00:00Z"),
        (["2024-01-31 10:00:00"], "datetime", "2024-12-31 14:30:00", "2024-01-31T10:00:00", "2024-01-31T10:00:00"),
        (["31/12/2023 9:05"], "datetime", "31/12/2024 14:30", "2023-12-31T09:05:00", "2023-12-31T09:05:00"),
        (["oui", "Non", "NON"], "boolean", "oui/non", "", ""),
        (["true", "False"], "boolean", "", "", ""),
        (["O", "N"], "boolean", "O/N", "", ""),
        (["2019", "2024"], "year", "", "2019", "2024"),
        (["2.35, 48.85", "-0.5,44.8"], "geopoint", "", "", ""),
        (["48.85, 2.35", "44.8,-0.5"], "geopoint", "latitude, longitude", "", ""),
        (["-21.1,55.4"], "geopoint", "ordre des coordonnées inconnu", "", ""),
        (["", " ", "\u00a0"], "empty", "", "", ""),
        (["1", "deux"], "string", "", "", ""),
        (["2024-02-30", "2023-02-29"], "string", "", "", ""),
        (["N", "N"], "string", "", "", ""),
        (["1.234,56", "1"], "string", "", "", ""),
        (["١٢", "1"], "string", "", "", ""),
    ],
)  # fmt: skip
def test_a_column_is_of_the_kind_and_form_of_its_cells(
    cells: list[str], kind: str, example: str, minimum: str, maximum: str
) -> None:
    found = column(*cells)
    assert (found.kind, found.written.example) == (kind, example)
    assert (found.minimum, found.maximum) == (minimum, maximum)


def test_a_column_of_two_forms_is_of_its_kind_but_mixed() -> None:
    dates = column(*["2024-01-31"] * 5, *["31/12/2023"] * 3)
    assert (dates.kind, dates.mixed, dates.exceptions, dates.uniform) == ("date", True, 0, False)
    assert (dates.minimum, dates.maximum) == ("2023-12-31", "2024-01-31")
    american = column("12/31/2024 10:00", "01/02/2024 10:00", "01/02/2024 10:00:00")
    assert (american.kind, american.mixed, american.maximum) == ("datetime", True, "2024-12-31T10:00:00")
    moments = column("2024-01-31T10:00:00Z", "2024-01-31T10:00:00")
    assert (moments.kind, moments.mixed, moments.minimum) == ("datetime", True, "")
    numbers = column(*["1,5"] * 3, *["1.5"] * 2)
    assert (numbers.kind, numbers.mixed, numbers.written.decimal_char) == ("number", True, ",")


@pytest.mark.parametrize(
    ("label", "cells", "digits"),
    [
        ("colonne", ["01", "75"], 2),
        ("code_departement", ["75", "92"], 2),
        ("colonne", ["123456789", "987654321"], 9),
        ("colonne", ["01", "1"], 0),
        ("tel", ["0102030405"], 10),
    ],
)
def test_codes_stay_strings(label: str, cells: list[str], digits: int) -> None:
    found = column(*cells, label=label)
    assert (found.kind, found.digits) == ("string", digits)


@pytest.mark.parametrize(("label", "kind"), [("annee", "year"), ("nb_places", "integer"), ("population", "integer")])
def test_four_figures_are_years_unless_the_label_counts_something(label: str, kind: str) -> None:
    assert column("2019", "2020", "2021", label=label).kind == kind


def test_a_kind_holds_when_ninety_nine_cells_in_a_hundred_are_of_it() -> None:
    almost = column(*["12"] * 99, "douze")
    assert (almost.kind, almost.exceptions, almost.exception_lines, almost.share) == ("integer", 1, (101,), 0.99)
    assert not almost.uniform
    assert column(*["12"] * 98, "douze", "treize").kind == "string"


def test_words_for_nothing_are_told_apart_from_numbers() -> None:
    found = column("12", "NC", "-", "n/d", " ", "NC")
    assert (found.kind, found.filled, found.empty, found.absent, found.exceptions) == ("integer", 5, 1, 4, 0)
    assert found.missing_values == (" ", "-", "NC", "n/d")
    assert found.uniform
    texts = column("voirie", "NC", " ")
    assert (texts.kind, texts.absent, texts.missing_values) == ("string", 0, (" ",))


def test_rows_that_say_nothing_anywhere_are_counted() -> None:
    found = profiled("a;b\n1;2\nNC;-\n ;\n;\n")
    assert (found.rows, found.blank_rows, found.hollow_rows) == (3, 1, 2)


# --- identifiers, formats, persons ----------------------------------------------------------------------------------

SIRETS = ["21340172200011", "21690123100011", "21750001600019", "13002526500013"]


@pytest.mark.parametrize(
    ("label", "cells", "identifier", "invalid"),
    [
        ("colonne", SIRETS, "siret", 0),
        ("colonne", [*SIRETS * 10, "12345678901234"], "siret", 1),
        ("colonne", ["12345678901234", "22345678901234", "32345678901234"], "", 0),
        ("idBeneficiaire", SIRETS[:1], "siret", 0),
        ("COLL_SIRET", ["213 401 722 00011", SIRETS[0]], "siret", 1),
        ("siren", ["213401722", "213401723"], "siren", 1),
        ("code_insee", ["2A004", "01001", "1001"], "code_insee", 1),
        ("CODE POSTAL", ["54000", "01000"], "code_postal", 0),
        ("nb_siret", ["1", "2"], "", 0),
        ("siret", ["en cours", "à venir"], "", 0),
    ],
)
def test_identifiers_are_recognised_by_their_keys_or_their_label(
    label: str, cells: list[str], identifier: str, invalid: int
) -> None:
    found = column(*cells, label=label)
    assert (found.identifier, found.identifier_invalid) == (identifier, invalid)
    assert not identifier or found.kind == "string"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["mairie@exemple.fr", "a.b@exemple.fr"], "email"),
        (["https://exemple.fr/a", "http://exemple.fr"], "uri"),
        (["0f6b1d3a-2c58-4e1f-9b7a-5d3c1e8f4a20"], "uuid"),
        (["urn:x", "mailto:a"], ""),
        (["https://exemple.fr/a", "voir la mairie"], ""),
    ],
)
def test_formats_of_texts_are_recognised(cells: list[str], expected: str) -> None:
    assert column(*cells).format == expected


NAMES = ["Jean Dupont", "DURAND Marie", "Zoé Lefèvre", "Paul-Henri Martin"]


@pytest.mark.parametrize(
    ("label", "cells"),
    [
        ("nom", [*NAMES * 5]),
        ("prenom_eleve", ["Zoé", "Jean"] * 5),
        ("colonne", ["zoe.lefevre@exemple.fr", "jean.dupont@exemple.fr"] * 5),
        ("colonne", ["06 12 34 56 78", "0687654321"] * 5),
        ("date_naissance", ["1961-03-02", "1975-12-24"] * 5),
        ("num", ["161037511200127", "275127511200112"] * 5),
        ("portable", ["612345678", "687654321"] * 5),
        ("adresse", ["12 rue des Lilas", "3 rue Basse"] * 5),
        ("colonne", [f"{first} {last}" for first in ("Jean", "Zoé", "Anne", "Luc") for last in ("Dupont", "Martin", "Lefèvre")]),
    ],
)  # fmt: skip
def test_no_value_of_a_column_about_persons_is_told(label: str, cells: list[str]) -> None:
    found = column(*cells, label=label)
    assert found.personal
    assert not found.frequent and not found.values and not found.minimum and not found.maximum
    assert not any(cell in repr(found) for cell in cells)


def test_what_inspection_saw_of_persons_is_heeded() -> None:
    hint = PersonalDataHint("phone", "b", "B", 2)
    found = profiled("a;b\n1;2\n1;2\n", personal=(hint,))
    assert [column.personal for column in found.columns] == [False, True]
    assert found.columns[1].minimum == ""


def test_a_name_among_few_values_is_masked_and_forbids_to_list_them() -> None:
    found = column(*["voirie"] * 20, *["Jean Dupont"] * 6)
    assert not found.personal
    assert [(item.value, item.count) for item in found.frequent] == [("voirie", 20), ("(valeur masquée)", 6)]
    assert found.values == ()


def test_few_values_are_listed_with_their_counts() -> None:
    found = column(*["eau"] * 12, *["voirie"] * 20)
    assert [(item.value, item.count) for item in found.frequent] == [("voirie", 20), ("eau", 12)]
    assert found.values == ("eau", "voirie")


def test_periods_are_not_phones() -> None:
    found = column(*["2014-04-01/2014-12-31"] * 10)
    assert not found.personal and found.values == ("2014-04-01/2014-12-31",)


# --- any rubbish ----------------------------------------------------------------------------------------------------


def test_a_table_has_five_thousand_columns_at_most() -> None:
    text = ";".join(f"c{n}" for n in range(5_000)) + "\n" + ";".join(["7"] * 5_000) + "\n"
    assert len(profiled(text).columns) == 5_000
    assert {found.kind for found in profiled(text, size=BY_COLUMNS).columns} == {"integer"}
    with pytest.raises(TablesError, match="plus de 5000 colonnes"):
        profiled("c;" + text)


def test_a_table_without_rows_has_empty_columns() -> None:
    for size in (BY_COLUMNS, BY_ROWS):
        found = profiled("a;b\n", size=size)
        assert (found.rows, found.complete) == (0, True)
        assert [c.kind for c in found.columns] == ["empty", "empty"]


def test_a_table_without_a_header_is_refused() -> None:
    with pytest.raises(TablesError, match="en-tête"):
        profiled("1;2\n", header_row=None)
    with pytest.raises(TablesError, match="en-tête"):
        profiled("a;b\n", header_row=7)


def test_what_stops_the_reading_is_told() -> None:
    found = profiled('a;b\n1;2\n3;"4\n5;6\n', unclosed_quote_row=3)
    assert (found.rows, found.complete) == (1, False)
    assert "ligne 3" in found.note
    endless = "a;b\n1;2\n3;" + "x" * 5_000_000 + "\n4;5\n"
    for size in (BY_COLUMNS, BY_ROWS):
        assert "démesurée" in profiled(endless, size=size).note


def test_a_long_cell_in_a_row_of_another_width_is_read() -> None:
    text = "a;b\n1;2\n3;" + "x" * 200_000 + ";de trop\n"
    assert profiled(text, size=BY_COLUMNS).columns[1].longest == 200_000
    assert profiled(text, size=BY_COLUMNS) == profiled(text)


def test_a_header_on_several_lines_is_left_out_whole() -> None:
    text = '"a\nb";c\n1;2\n'
    assert profiled(text, size=BY_COLUMNS).columns[0].filled == 1


def test_a_file_whose_every_row_has_a_cell_too_many_is_read() -> None:
    text = "a;b\n" + "".join(f"{n};{n};\n" for n in range(3_000))
    for size in (BY_COLUMNS, BY_ROWS):
        found = profiled(text, size=size)
        assert (found.rows, found.ragged_rows, found.ragged_lines) == (3_000, 3_000, (2, 3, 4, 5, 6))
        assert found.columns[1].kind == "integer"


@pytest.mark.parametrize("end", ["2;école\n", "2;école;de trop\n"])
def test_an_encoding_looked_for_at_the_beginning_only_is_looked_for_again(
    tmp_path: Path, end: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "donnees.csv"
    path.write_bytes(b"a;b\n" + b"1;x\n" * 1_200_000 + end.encode("cp1252"))
    head = inspection.read_head(content_of(path))
    assert head.text is not None and head.text.provisional
    with pytest.raises(ProvisionalEncodingError):
        profile(content_of(path), head)
    found = profile(content_of(path), inspection.read_head(content_of(path), whole=True))
    assert [(item.value, item.count) for item in found.columns[1].frequent] == [("x", 1_200_000), ("école", 1)]
    assert capfd.readouterr().err == ""  # Arrow tells what it hides


@given(st.binary(max_size=200), st.sampled_from([BY_ROWS, BY_COLUMNS]))
@settings(deadline=None)
def test_any_bytes_are_profiled_or_refused_in_french(raw: bytes, size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "donnees.csv"
        path.write_bytes(b"a;b\n" + raw)
        facts = inspection.read_head(content_of(path))
        try:
            found = profile(content_of(path), replace(facts, byte_size=size))
        except TablesError as error:
            assert str(error)
            return
    assert all(c.filled + c.empty == found.rows for c in found.columns)


def test_the_profile_does_not_depend_on_chance() -> None:
    chance = random.Random(7)
    rows = [[str(chance.randrange(50)), chance.choice(["oui", "non", "NC", ""])] for _ in range(500)]
    text = text_of(["a", "b"], rows)
    assert len({repr(profiled(text)) for _ in range(5)}) == 1
