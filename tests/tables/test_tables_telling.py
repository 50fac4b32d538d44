"""Faults told one by one: in order, in the words of the schema, and with nothing a person should not see."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check import inspection, schemas, tables
from opendata_check.model.check import CellError
from opendata_check.model.content import Content
from opendata_check.model.schema import Field, SchemaMatch
from opendata_check.schemas.descriptor import from_descriptor
from opendata_check.tables import MASKED, Listing, Teller, merged, shown_apart
from opendata_check.tables.telling import value_shower

TEXT = Field("objet")
PUBLIC = Field("lieu", options={"personal": False})
CODE = Field("code", constraints={"pattern": "^[0-9]{5}$"}, options={"personal": False})
DAY = Field("jour", type="date", options={"personal": False})

# --- one value ------------------------------------------------------------------------------------------------------

PERSONS = [
    "jeanne.martin@exemple.fr", "écrire à j@x.fr", "0612345678", "06 12 34 56 78", "06.12.34.56.78", "06-12-34-56-78",
    "06\u00a012\u00a034\u00a056\u00a078", "+33 6 12 34 56 78", "+33612345678", "0033612345678", "+33(0)612345678",
    "Tél.0383000000", "285057800608436", "2 85 05 78 006 084 36", "2850578006084", "185052A00608436", "né(e) 285057800608436",
    "FR7630006000011234567890189", "FR76 3000 6000 0112 3456 7890 189", "fr7630006000011234567890189",
    "Jeanne Martin", "MARTIN Jeanne", "Anne-Marie LE GOFF", "Martin, Jeanne", "Mme Martin", "M. Martin", "Dr Élise Noël",
    "O'Brien Mary", "  Jeanne Martin  ",
]  # fmt: skip
NOBODY = [
    "", "x", "Nancy", "54000", "01053", "1 234,50 €", "12.5", "2024-01-31", "31/01/2024", "01-02-2003", "2024-01-31T10:00:00",
    "2.352221901234", "0.612345678", "5.0612345678", "48.692054, 6.184417", "50 %", "Rue de la Paix", "Commune de Nancy",
    "aide en numéraire", "https://www.nancy.fr/page", "2,1540E+13", "21540395700013", "215 403 957 00013", "45261000-4",
]  # fmt: skip


@pytest.mark.parametrize("cell", PERSONS)
def test_what_may_be_a_person_is_masked(cell: str) -> None:
    assert value_shower(None, personal=False)(cell) == MASKED
    assert value_shower(TEXT, personal=False)(cell) == MASKED
    assert shown_apart(cell) == MASKED


@pytest.mark.parametrize("cell", NOBODY)
def test_what_is_nobody_is_shown_as_it_is(cell: str) -> None:
    assert value_shower(TEXT, personal=False)(cell) == cell
    assert shown_apart(cell) == cell


@pytest.mark.parametrize("cell", ["x", "12", "2024-01-31", "Nancy", " "])
def test_a_column_of_persons_shows_nothing_but_empty_cells(cell: str) -> None:
    shown = value_shower(TEXT, personal=True)(cell)
    assert shown == (MASKED if cell.strip() else cell)
    assert value_shower(TEXT, personal=True)("") == ""


def test_a_column_that_the_schema_calls_public_shows_names_of_places_but_not_numbers_of_persons() -> None:
    show = value_shower(PUBLIC, personal=False)
    assert show("Saint Denis") == "Saint Denis"
    assert show("0612345678") == MASKED
    assert show("jeanne@exemple.fr") == MASKED


@pytest.mark.parametrize("field", [CODE, DAY])
def test_a_name_shifted_into_a_column_of_codes_or_dates_is_masked(field: Field) -> None:
    assert value_shower(field, personal=False)("Jeanne Martin") == MASKED


def test_a_number_of_thirteen_digits_is_shown_when_it_is_our_own_and_masked_when_it_may_be_a_persons() -> None:
    ours = value_shower(TEXT, personal=False, digits=True)
    theirs = value_shower(TEXT, personal=False, digits=True, theirs=True)
    for cell in ("2134017220001", "213 401 722 00012", "21540395700013"):
        assert ours(cell) == cell
    assert theirs("2134017220001") == MASKED
    assert theirs("285 057 800 608 436") == MASKED
    assert theirs("21540395700013") == "21540395700013"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (" 12 ", " 12 "),
        ("   ", "   "),
        ("a\nb\tc", "a b c"),
        ("a\x1b[31mb", "a [31mb"),
        ("\u202eabc\u200b", " abc "),
        ("\u2028", " "),
        ("\ue000", " "),
        ("x" * 100, "x" * 100),
        ("x" * 101, "x" * 99 + "…"),
        ("x" * 1_000_000, "x" * 99 + "…"),
    ],
)
def test_a_cell_is_shown_on_one_line_with_its_spaces_and_cut(cell: str, shown: str) -> None:
    assert value_shower(TEXT, personal=False)(cell) == shown


@given(cell=st.text(alphabet=st.characters(exclude_categories=()), max_size=150), personal=st.booleans())
def test_what_is_shown_can_always_be_printed(cell: str, personal: bool) -> None:
    shown = value_shower(TEXT, personal=personal)(cell)
    assert len(shown) <= 100
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}]
    assert shown == value_shower(TEXT, personal=personal)(cell)


@pytest.mark.parametrize(
    "cell", ["Aa-" * 330, "A'" * 500, "Aa " * 330 + "1", "1 " * 500, "0 1" * 300, "fr12 aaaa " * 100]
)
def test_no_cell_takes_long_to_judge(cell: str) -> None:
    before = time.monotonic()
    value_shower(None, personal=False)(cell)
    assert time.monotonic() - before < 0.5


# --- a table's faults -----------------------------------------------------------------------------------------------

MODEL: dict[str, Any] = {
    "fields": [
        {"name": "siret", "constraints": {"required": True, "pattern": "^[0-9]{14}$"}},
        {"name": "siretBeneficiaire", "constraints": {"pattern": "^[0-9]{14}$"}},
        {"name": "jour", "type": "date"},
        {"name": "nom", "type": "integer"},
    ],
    "custom_checks": [{"name": "french-siret-value", "params": {"column": "siret", "level": "warning"}}],
}
HEADER = "SIRET;siretBeneficiaire;libre;jour;nom\n"


def told(tmp_path: Path, rows: str) -> tuple[list[CellError], Teller]:
    """Judge rows and return their faults, one by one."""
    path = tmp_path / "t.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    content = Content(path=path, name="t.csv", byte_size=path.stat().st_size, origin="t.csv")
    facts = inspection.read_head(content)
    assert facts.table is not None
    match: SchemaMatch = schemas.match_header(facts.table.labels, from_descriptor(MODEL, where="m.json"))
    listing = Listing()
    tables.validate(content, facts, match, listing=listing)
    teller = Teller(content, facts, match)
    found = list(teller.told(listing))
    assert found == list(teller.told(listing))
    listing.close()
    return found, teller


def test_faults_name_the_field_of_the_schema_and_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    rows = "21540395700012;;;31/01/2024;x\n2134017220001;2134017220001;;;\n;;;;5\n"
    found, _ = told(tmp_path, rows)
    assert [(e.row, e.line, e.field, e.type, e.value, e.level) for e in found] == [
        (2, 2, "siret", "french-siret-value", "21540395700012", "warning"),
        (2, 2, "jour", "type-error", "31/01/2024", "error"),
        (2, 2, "nom", "type-error", MASKED, "error"),
        (3, 3, "siret", "constraint-error", "2134017220001", "error"),
        (3, 3, "siretBeneficiaire", "constraint-error", MASKED, "error"),
        (4, 4, "siret", "constraint-error", "", "error"),
    ]
    assert all(error.message[:1].isupper() for error in found)


def test_a_row_in_excess_has_no_field_and_a_short_one_names_what_lacks(tmp_path: Path) -> None:
    right = "21340172200011;;;2024-01-31;1"
    found, _ = told(tmp_path, f"{right}\n{right}\n{right};6;7\n21340172200011;;\n")
    assert [(e.row, e.field, e.type, e.value) for e in found] == [
        (4, "", "extra-cell", "6"),
        (4, "", "extra-cell", "7"),
        (5, "jour", "missing-cell", ""),
        (5, "nom", "missing-cell", ""),
    ]


def test_a_correction_is_given_only_when_it_is_sure_and_names_nobody(tmp_path: Path) -> None:
    _, teller = told(tmp_path, "1;2;3;31/01/2024;x\n")
    assert teller.corrected("type", 3, "31/01/2024") == "2024-01-31"
    assert teller.corrected("type", 3, "peut-être") == ""
    assert teller.corrected("type", 3, "") == ""
    assert teller.corrected("type", 4, "1,0") == ""  # the column is called « nom »
    assert teller.corrected("type", 2, "31/01/2024") == ""  # no field judges this column


def test_columns_are_named_by_their_field_their_label_and_their_letter(tmp_path: Path) -> None:
    _, teller = told(tmp_path, "")
    assert [teller.name(place) for place in range(-1, 7)] == [
        "", "siret", "siretBeneficiaire", "libre", "jour", "nom", "", ""
    ]  # fmt: skip
    assert [teller.letter(place) for place in (0, 25, 26)] == ["A", "Z", "AA"]


def test_errors_of_several_origins_are_merged_by_row_the_whole_file_first() -> None:
    def of(*rows: int | None) -> list[CellError]:
        return [CellError(row, row, "", "x", "", "") for row in rows]

    streams = (iter(of(None, 2, 9)), iter(of(1, 2, 3)), iter(of()))
    assert [error.row for error in merged(*streams)] == [None, 1, 2, 2, 3, 9]
