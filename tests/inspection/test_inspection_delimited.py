"""A delimited text is read as a table: dialect, header, every row, in bounded memory."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata_check.inspection.delimited import read_table
from opendata_check.inspection.dialect import find_layout
from opendata_check.inspection.opening import layout_of
from opendata_check.model.content import Content
from opendata_check.model.facts import Dialect, TableFacts


def content_of(tmp_path: Path, text: str | bytes, *, truncated: bool = False) -> Content:
    path = tmp_path / "t.csv"
    data = text.encode() if isinstance(text, str) else text
    path.write_bytes(data)
    return Content(path, path.name, len(data), path.name, truncated=truncated)


def table_of(tmp_path: Path, text: str | bytes, *, truncated: bool = False) -> TableFacts:
    content = content_of(tmp_path, text, truncated=truncated)
    table, _, _, fault = read_table(content, "utf-8", layout_of(content, "utf-8"))
    assert not fault
    return table


def dialect_of(text: str) -> Dialect:
    return find_layout(text.splitlines(keepends=True)).dialect


CELLS = st.text(alphabet='abcdé ,;|\t"\n', min_size=0, max_size=12).filter(
    lambda cell: not re.search(r'["\s][;,|\t]|[;,|\t]"', cell)
)


@settings(max_examples=150, deadline=None)
@given(
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    body=st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=3, max_size=12),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_rows_written_by_the_csv_module_are_counted_as_written(
    tmp_path_factory: pytest.TempPathFactory, delimiter: str, body: list[list[str]], quoting: int
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\r\n")
    # A wide header makes the delimiter plain; the cells do their best to hide it.
    wide = [[*row, "x", "y", "z", str(index)] for index, row in enumerate(body)]
    writer.writerows([["id", "nom", "objet", "adresse", "ville", "type", "note", "rang"], *wide])
    table = table_of(tmp_path_factory.mktemp("d"), out.getvalue())
    assert table.dialect is not None
    assert table.dialect.delimiter == delimiter
    assert (table.row_count, table.ragged_count, table.blank_count) == (len(body), 0, 0)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\n1,5;2,5\n3,5;4,5\n6,5;7,5\n", ";"),
        ("lieu;coordonnées;prix\nA;48,85;1,20\nB;48,86;1,30\n", ";"),
        ("a\tb\n1,5\t2,5\n3,5\t4,5\n", "\t"),
        ("a,b,c\n1,2,3\n4,5,6\n", ","),
        ('nom,liste\nA,"x;y"\nB,"z;t"\n', ","),
        ("a|b\n1|2\n", "|"),
        ("nom;adresse\nA;12, rue X\nB;13, rue Y, bât. 2\n", ";"),
    ],
)
def test_the_delimiter_is_the_one_that_makes_a_table(text: str, delimiter: str) -> None:
    assert dialect_of(text).delimiter == delimiter


def test_one_column_takes_a_delimiter_it_does_not_use() -> None:
    layout = find_layout(["adresse\n", "12, rue X\n", "rue Y\n", "3, place Z, hall B\n"])
    assert (layout.width, layout.dialect.delimiter) == (1, ";")


def test_rows_of_all_widths_are_cut_by_what_they_share() -> None:
    assert dialect_of("a;b;c;d;e\n1;2;3;4;5;6;7\n1;2;3\n").delimiter == ";"
    assert dialect_of("Il vint, vit\net, là, vainquit\nun, deux, trois, quatre\nfin\n").delimiter != ","


def test_a_column_of_french_numbers_is_one_column() -> None:
    assert find_layout(["montant\n", "12,5\n", "13,75\n", "1,00\n"]).width == 1


def test_titles_do_not_hide_the_width_of_a_small_table() -> None:
    layout = find_layout(["Subventions 2024\n", "Commune de X\n", "\n", "nom;montant;date\n", "A;1,5;2024\n"])
    assert (layout.width, layout.dialect.delimiter, layout.tabular) == (3, ";", True)


def test_prose_is_not_a_table() -> None:
    prose = "Ce fichier, publié par la commune, décrit les écoles.\nIl est mis à jour, chaque année, en mai.\n" * 3
    assert not find_layout(prose.splitlines(keepends=True)).tabular


def test_apostrophes_may_quote_cells() -> None:
    assert dialect_of("a,b\n'x, y','z'\n'u','v, w'\n'p','q'\n").quotechar == "'"


def test_apostrophes_inside_words_do_not_quote() -> None:
    assert dialect_of("a,b\nl'école,d'été\nl'eau,d'ici\n").quotechar == '"'


def test_backslashes_may_escape_quotes(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'nom,type\n"Salle \\"Joffre\\", rdc",salle\n"Le \\"Dojo\\", étage",sport\n')
    assert table.dialect == Dialect(",", doublequote=False)
    assert (table.row_count, table.ragged_count) == (2, 0)


def test_spaces_after_delimiters_are_part_of_the_dialect(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'nom, ville, type\nA, "Paris, 12e", x\nB, "Lyon, 3e", y\n')
    assert table.dialect == Dialect(",", skip_initial_space=True)
    assert table.labels == ("nom", "ville", "type")


def test_lines_are_physical_when_cells_hold_line_breaks(tmp_path: Path) -> None:
    text = 'id;objet;date\n1;"deux\nlignes";2024-01-01\n2;x\n\n3;"a\nb\nc";2024-01-02\n4;y;2024-01-03;trop\n'
    table = table_of(tmp_path, text)
    assert (table.row_count, table.ragged_rows, table.blank_rows) == (4, ((4, 4), (9, 9)), ((5, 5),))
    assert table.unclosed_quote_row is None


def test_titles_are_apart_from_the_header(tmp_path: Path) -> None:
    table = table_of(tmp_path, "Équipements 2024;;\n\nid;nom;ville\n1;Gymnase;Antony\n2;Stade;Sceaux\n")
    assert (table.header_row, table.title_rows, table.row_count, table.blank_count) == (3, ((1, 2),), 2, 0)


def test_missing_and_repeated_labels_are_told(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id;nom;;nom; \n1;a;b;c;d\n2;e;f;g;h\n")
    assert (table.empty_labels, table.duplicate_labels) == ((2, 4), ("nom",))


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id;nom;ville\n")
    assert (table.header_row, table.row_count, [c.kind for c in table.columns]) == (1, 0, ["empty"] * 3)


def test_a_table_without_header_keeps_its_first_row(tmp_path: Path) -> None:
    table = table_of(tmp_path, "1;2024-01-01;12,5\n2;2024-01-02;13,5\n3;2024-01-03;14,5\n")
    assert (table.header_row, table.labels, table.row_count) == (None, (), 3)
    assert [column.kind for column in table.columns] == ["integer", "date", "number"]


def test_rows_of_delimiters_only_are_blank(tmp_path: Path) -> None:
    table = table_of(tmp_path, "a;b\n1;2\n;\n ; \n3;4\n;\n")
    assert (table.row_count, table.blank_rows) == (2, ((3, 4), (6, 6)))


ROWS = "".join(f"{n};salle {n};2024-01-01\n" for n in range(1, 41))


def test_a_quote_that_swallows_the_rest_is_found_and_got_over(tmp_path: Path) -> None:
    text = "id;nom;date\n" + ROWS.replace("salle 12;", '"salle 12;')
    table = table_of(tmp_path, text)
    assert (table.unclosed_quote_row, table.row_count, table.ragged_count) == (13, 40, 0)


def test_a_quote_closed_by_a_later_one_is_found(tmp_path: Path) -> None:
    text = "id;nom;date\n" + ROWS.replace("salle 12;", '"salle 12;').replace("salle 20;", '"salle 20";')
    table = table_of(tmp_path, text)
    assert (table.unclosed_quote_row, table.row_count) == (13, 40)


def test_a_quote_closed_on_its_own_line_at_the_wrong_place_is_found(tmp_path: Path) -> None:
    text = "id;nom;date\n" + ROWS.replace("12;salle 12;", '"12;"salle 12";')
    table = table_of(tmp_path, text)
    assert (table.unclosed_quote_row, table.row_count) == (13, 40)


def test_an_open_quote_on_the_last_line_is_found(tmp_path: Path) -> None:
    assert table_of(tmp_path, 'a;b\n1;2\n3;4\n5;6\n7;8\n9;"dix\n').unclosed_quote_row == 6


def test_quotes_inside_words_are_not_open_quotes(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'a;b\n1;Salle "Joffre"\n2;écran 15" plat\n3;"Le Dojo" étage\n')
    assert (table.unclosed_quote_row, table.row_count, table.ragged_count) == (None, 3, 0)


def test_an_open_quote_in_a_long_file_takes_bounded_memory(tmp_path: Path) -> None:
    rows = "".join(f"{n};ligne numéro {n};valeur\n" for n in range(60_000))
    content = content_of(tmp_path, 'id;nom;note\n0;"ouvert;x\n' + rows)
    tracemalloc.start()
    table, _, _, fault = read_table(content, "utf-8", layout_of(content, "utf-8"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (table.unclosed_quote_row, table.row_count, fault) == (2, 60_001, "")
    assert peak < 40_000_000


def test_an_endless_line_stops_the_reading_with_a_reason(tmp_path: Path) -> None:
    content = content_of(tmp_path, "a;b\n1;2\n" + "x" * 5_000_000)
    table, _, _, fault = read_table(content, "utf-8", layout_of(content, "utf-8"))
    assert table.truncated
    assert table.row_count == 1
    assert "ligne 3" in fault


def test_a_truncated_file_leaves_its_last_row_out(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'a;b;c\n1;2;3\n4;5;6\n7;"8', truncated=True)
    assert (table.row_count, table.ragged_count, table.unclosed_quote_row, table.truncated) == (2, 0, None, True)


def test_columns_beyond_a_thousand_are_left_out(tmp_path: Path) -> None:
    header = ";".join(f"c{n}" for n in range(10_050))
    table = table_of(tmp_path, header + "\n" + ";".join(["1"] * 10_050) + "\n")
    assert table.truncated
    assert (len(table.labels), len(table.columns), table.row_count, table.ragged_count) == (1_000, 1_000, 1, 0)


def test_unreadable_letters_do_not_stop_the_reading(tmp_path: Path) -> None:
    assert table_of(tmp_path, b"a;b\ncaf\xe9;1\nth\xe9;2\n").row_count == 2


def test_lines_of_old_macintosh_files_are_lines(tmp_path: Path) -> None:
    table = table_of(tmp_path, "a;b\r1;2\r3;4;5\r6;7\r")
    assert (table.row_count, table.ragged_rows) == (3, ((3, 3),))


def test_many_open_quotes_stop_the_reading_rather_than_take_forever(tmp_path: Path) -> None:
    rows = "".join(f'{n};"{"x" * 300_000}\n' for n in range(120))
    content = content_of(tmp_path, "a;b\n1;2\n2;3\n" + rows)
    table, _, _, fault = read_table(content, "utf-8", layout_of(content, "utf-8"))
    assert (table.unclosed_quote_row, table.truncated) == (4, True)
    assert "guillemets" in fault
