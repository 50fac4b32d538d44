"""What a municipal agent gets from a file: grouped issues, exact lines, plain French, an example, what to write instead."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from tables_factory import (
    ADRESSE,
    DELIBERATION,
    SIRET,
    SUBVENTION,
    content_of,
    csv_text,
    facts_of,
    issue,
    lines_of,
    validated,
)

from opendata_check import schemas, tables
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, EnvelopeFacts, TableFacts

GOOD = [DELIBERATION, SUBVENTION, ADRESSE]


@pytest.mark.parametrize("row", GOOD)
def test_a_right_file_is_valid_and_every_row_is_judged(tmp_path: Path, row: dict[str, str]):
    validation = validated(tmp_path, csv_text([row] * 7))
    assert validation.valid
    assert validation.row_count == 7


def test_faulty_cells_are_one_issue_per_rule_and_column_with_exact_lines(tmp_path: Path):
    rows = [{**SUBVENTION, "dateConvention": "31/12/2023" if n % 2 else "2024-01-31"} for n in range(10)]
    validation = validated(tmp_path, csv_text(rows))
    found = issue(validation, "type")
    assert (found.column, found.letter, found.count) == ("dateConvention", "C", 5)
    assert lines_of(found) == [3, 5, 7, 9, 11]
    assert (
        found.message
        == "5\N{NO-BREAK SPACE}lignes : la colonne C (dateConvention) n'est pas une date de la forme 2024-01-31"
    )
    assert (found.before, found.after) == ("31/12/2023", "2023-12-31")


def test_there_is_no_limit_to_the_number_of_faults(tmp_path: Path):
    rows = [{**DELIBERATION, "DELIB_DATE": "hier", "DELIB_MATIERE_CODE": "x"}] * 5000
    validation = validated(tmp_path, csv_text(rows))
    assert [i.count for i in validation.issues] == [5000, 5000]
    assert all(i.rows == ((2, 5001),) for i in validation.issues)
    assert validation.complete


def test_ranges_are_capped_but_the_count_stays_exact(tmp_path: Path):
    rows = [{**DELIBERATION, "DELIB_ID": "" if n % 2 else "1"} for n in range(24_000)]
    found = issue(validated(tmp_path, csv_text(rows)), "required")
    assert found.count == 12_000
    assert len(found.rows) == 10_000


def test_two_rules_broken_by_one_cell_are_two_issues(tmp_path: Path):
    schema = "scdl/subventions"
    rows = [{**SUBVENTION, "pourcentageSubvention": "0"}, {**SUBVENTION, "pourcentageSubvention": "100"}]
    validation = validated(tmp_path, csv_text(rows), declared=schema)
    assert lines_of(issue(validation, "minimum")) == [2]
    above = issue(validation, "maximum")
    assert lines_of(above) == [3]
    assert above.after == "1"


def test_columns_may_stand_in_any_order_and_optional_ones_be_absent(tmp_path: Path):
    reordered = dict(reversed(SUBVENTION.items()))
    validation = validated(tmp_path, csv_text([reordered, {**reordered, "montant": "1 234,50"}]))
    found = issue(validation, "type")
    assert (found.letter, found.after) == ("F", "1234.50")
    assert lines_of(found) == [3]


def test_header_differences_are_not_repeated_but_misspelt_columns_are_judged(tmp_path: Path):
    renamed = {("Date convention" if k == "dateConvention" else k): v for k, v in SUBVENTION.items() if k != "montant"}
    validation = validated(tmp_path, csv_text([{**renamed, "Date convention": "1/2/2024", "Notes": "x"}]))
    assert [(i.rule, i.column) for i in validation.issues] == [("type", "Date convention")]
    assert validation.issues[0].after == "2024-02-01"


def test_a_label_given_twice_is_judged_once_where_it_is_spelt_right(tmp_path: Path):
    text = csv_text([{**SUBVENTION, "Montant": "beaucoup"}])
    assert validated(tmp_path, text).valid


def test_a_header_below_title_rows_keeps_the_files_own_line_numbers(tmp_path: Path):
    text = "Délibérations 2024\n\n" + csv_text([DELIBERATION, {**DELIBERATION, "DELIB_DATE": "31-01-2024"}])
    found = issue(validated(tmp_path, text, header_row=3), "type")
    assert lines_of(found) == [5]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_breaks_inside_cells_do_not_shift_line_numbers(tmp_path: Path, line_end: str):
    rows = [
        {**DELIBERATION, "DELIB_OBJET": f"Objet{line_end}sur{line_end}trois lignes"},
        {**DELIBERATION, "DELIB_DATE": "2024-02-30"},
        {**DELIBERATION, "DELIB_OBJET": f"Deux{line_end}lignes", "DELIB_DATE": "demain"},
        {**DELIBERATION, "DELIB_DATE": ""},
    ]
    validation = validated(tmp_path, csv_text(rows, line_end=line_end))
    assert lines_of(issue(validation, "type")) == [5, 6]
    assert lines_of(issue(validation, "required")) == [8]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig", "mac_roman", "cp850"])
def test_the_encoding_inspection_found_is_used(tmp_path: Path, encoding: str):
    data = csv_text([SUBVENTION, {**SUBVENTION, "nature": "aide en numeraire"}], delimiter=";").encode(encoding)
    if encoding == "utf-8-sig":
        validation = validated(tmp_path, data, delimiter=";")
    else:
        validation = validated(tmp_path, data, encoding=encoding, delimiter=";")
    found = issue(validation, "enum")
    assert (found.before, found.after) == ("aide en numeraire", "aide en numéraire")


def test_blank_short_and_long_rows_are_told_once_each_as_rows(tmp_path: Path):
    good = ",".join(DELIBERATION.values())
    short = ",".join(list(DELIBERATION.values())[:5])
    text = "\n".join([",".join(DELIBERATION), good, "", ",,,,,,", short, good + ",de,trop", ""])
    validation = validated(tmp_path, text)
    assert [(i.rule, i.column, i.count, lines_of(i)) for i in validation.issues] == [
        ("blank_row", "", 2, [3, 4]),
        ("missing_cell", "", 1, [5]),
        ("extra_cell", "", 1, [6]),
    ]
    assert validation.row_count == 3
    assert validation.issues[0].message == "2\N{NO-BREAK SPACE}lignes sont entièrement vides"


def test_a_file_with_a_trailing_separator_on_every_row_has_its_cells_judged(tmp_path: Path):
    good = ",".join(DELIBERATION.values())
    text = "\n".join([",".join(DELIBERATION), *[good + ","] * 3, good.replace("2024-01-31", "hier") + ","])
    validation = validated(tmp_path, text)
    assert issue(validation, "extra_cell").count == 4
    assert lines_of(issue(validation, "type")) == [5]


def test_a_value_of_a_shifted_row_is_never_shown(tmp_path: Path):
    shifted = "Commune," + SIRET + ",1,Jeanne Exemple 12,7.1,Finances"
    text = "\n".join([",".join(DELIBERATION), shifted])
    found = issue(validated(tmp_path, text), "type")
    assert (found.before, found.after) == ("", "")


def test_unreadable_characters_are_counted_by_line(tmp_path: Path):
    good = csv_text([DELIBERATION] * 4).encode()
    lines = good.split(b"\n")
    lines[2] = lines[2].replace(b"Budget", b"D\xe9pense")
    validation = validated(tmp_path, b"\n".join(lines), undecodable_line=3)
    found = issue(validation, "encoding")
    assert (found.count, lines_of(found)) == (1, [3])


def test_max_rows_stops_early_and_says_so(tmp_path: Path):
    text = csv_text([DELIBERATION] * 50)
    validation = validated(tmp_path, text, max_rows=20)
    assert (validation.row_count, validation.complete, validation.valid) == (20, False, False)
    assert "20 premières lignes" in validation.note
    assert validated(tmp_path, text, max_rows=50).complete


def test_a_header_without_rows_has_zero_rows_judged(tmp_path: Path):
    validation = validated(tmp_path, ",".join(DELIBERATION))
    assert (validation.row_count, validation.issues) == (0, ())


def test_an_empty_file_is_incomplete_and_says_why(tmp_path: Path):
    path = tmp_path / "vide.csv"
    path.write_bytes(b"")
    match = schemas.recognise(list(DELIBERATION))
    assert match is not None
    validation = tables.validate(content_of(path), ContentFacts(EnvelopeFacts("empty", "csv")), match)
    assert not validation.complete
    assert "vide" in validation.note


def test_without_a_header_line_nothing_is_judged(tmp_path: Path):
    validation = validated(tmp_path, "1,2,3\n", header_row=None, declared="scdl/deliberations")
    assert (validation.complete, validation.row_count) == (False, 0)
    assert "en-tête" in validation.note


def test_a_header_line_beyond_the_end_is_told(tmp_path: Path):
    path = tmp_path / "court.csv"
    path.write_bytes(b"a,b\n")
    match = schemas.recognise(list(DELIBERATION))
    assert match is not None
    facts = facts_of(b"a,b\n")
    moved = ContentFacts(facts.envelope, facts.text, TableFacts(9, (), 0, dialect=facts.table.dialect))
    assert "avant sa ligne d'en-tête" in tables.validate(content_of(path), moved, match).note


def test_a_download_cut_short_is_not_called_valid(tmp_path: Path):
    validation = validated(tmp_path, csv_text([DELIBERATION]), truncated=True)
    assert not validation.valid
    assert "début du fichier" in validation.note


def test_another_format_is_not_judged_and_says_so(tmp_path: Path):
    path = tmp_path / "a.json"
    path.write_text("[]", encoding="utf-8")
    match = schemas.recognise(list(DELIBERATION))
    assert match is not None
    facts = ContentFacts(EnvelopeFacts("json", "json"), table=TableFacts(1, tuple(DELIBERATION), 0))
    assert "n'est pas du CSV" in tables.validate(content_of(path), facts, match).note


@pytest.mark.parametrize("trouble", ["absent", "folder"])
def test_a_file_that_cannot_be_opened_is_one_french_line(tmp_path: Path, trouble: str):
    path = tmp_path / "absent.csv" if trouble == "absent" else tmp_path
    match = schemas.recognise(list(DELIBERATION))
    assert match is not None
    with pytest.raises(tables.TablesError, match="ne peut pas être lu"):
        tables.validate(Content(path, "absent.csv", 0, "absent.csv"), facts_of(b"a,b\n"), match)


def test_an_unknown_encoding_is_one_french_line(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n")
    match = schemas.recognise(list(DELIBERATION))
    assert match is not None
    facts = facts_of(b"a,b\n")
    assert facts.text is not None
    strange = ContentFacts(facts.envelope, type(facts.text)("klingon", False, "lf"), facts.table)
    with pytest.raises(tables.TablesError, match="encodage"):
        tables.validate(content_of(path), strange, match)


def test_validating_changes_no_global_limit_of_csv(tmp_path: Path):
    before = csv.field_size_limit()
    validated(tmp_path, csv_text([{**DELIBERATION, "DELIB_OBJET": "x" * 300_000}]))
    validated(tmp_path, csv_text([DELIBERATION] * 50), max_rows=1)
    assert csv.field_size_limit() == before


def test_the_same_file_gives_the_same_answer_twice(tmp_path: Path):
    rows = [{**SUBVENTION, "montant": str(n) + ",5", "nature": "don"} for n in range(50)]
    assert validated(tmp_path, csv_text(rows)) == validated(tmp_path, csv_text(rows))


def test_an_ordinary_file_right_or_wrong_never_imports_frictionless(tmp_path: Path):
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from tables_factory import ADRESSE, DELIBERATION, SUBVENTION, csv_text, validated
for row in (DELIBERATION, SUBVENTION, ADRESSE):
    assert validated(Path({str(tmp_path)!r}), csv_text([row] * 3)).valid
wrong = {{**SUBVENTION, "montant": "1 234,50", "dateConvention": "31/12/2023", "nature": "don", "notificationUE": "OUI"}}
assert [issue.after for issue in validated(Path({str(tmp_path)!r}), csv_text([wrong])).issues] == [
    "2023-12-31", "1234.50", "", "oui"
]
assert "frictionless" not in sys.modules and "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[2])


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path):
    script = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from opendata_check import schemas, tables
from opendata_check.model.content import Content
from tables_factory import DELIBERATION, facts_of
path = Path(sys.argv[2])
header = (",".join(DELIBERATION) + "\\n").encode()
tables.validate(Content(path, "a", 0, "a"), facts_of(header), schemas.recognise(list(DELIBERATION)))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
    peaks = []
    for count in (3_000, 90_000):
        path = tmp_path / f"{count}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(DELIBERATION)
            for number in range(count):
                row = {**DELIBERATION, "DELIB_ID": str(number), "DELIB_DATE": f"0{number}", "DELIB_OBJET": "x" * 200}
                writer.writerow(row.values())
        command = [sys.executable, "-c", script, str(Path(__file__).parent), str(path)]
        done = subprocess.run(command, check=True, cwd=Path(__file__).parents[2], capture_output=True, text=True)
        peaks.append(int(done.stdout))
    assert peaks[1] - peaks[0] < 30, peaks
