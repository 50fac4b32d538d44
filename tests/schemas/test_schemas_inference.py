"""The schema inferred from a table is one that the table follows, whatever it holds, and that frictionless accepts."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from frictionless import Schema
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tables"))
from tables_factory import content_of, facts_of
from tables_strategies import EVERY_TRAP

from opendata_check import schemas, tables
from opendata_check.model.profile import ColumnProfile, TableProfile, WrittenForm
from opendata_check.model.schema import SchemaMatch, TableValidation
from opendata_check.schemas.descriptor import from_descriptor
from opendata_check.schemas.inference import inferred
from opendata_check.tables.profile import profile

SIRET = "21340172200011"
untimed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


# --- a table and the schema inferred from it ------------------------------------------------------------------------


def text_of(labels: list[str], rows: list[list[str]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(labels)
    writer.writerows(rows)
    return stream.getvalue()


def inferred_and_judged(
    folder: Path, text: str, *, bounds: bool = False, columnar: bool = False
) -> tuple[dict[str, Any], TableValidation]:
    """Write a table, infer its schema, and judge the table by it."""
    path = folder / "donnees.csv"
    path.write_bytes(text.encode())
    facts = replace(facts_of(text.encode(), delimiter=";"), byte_size=10**9 if columnar else 0)
    descriptor = inferred(profile(content_of(path), facts), bounds=bounds)
    assert facts.table is not None
    match = schemas.match_header(facts.table.labels, from_descriptor(descriptor, where="essai"))
    return descriptor, tables.validate(content_of(path), facts, match, columnar=columnar)


def field_of(folder: Path, *cells: str, label: str = "colonne", bounds: bool = False) -> dict[str, Any]:
    """Return the field inferred for one column, beside another that numbers the rows in words."""
    rows = [[f"rang {number}", cell] for number, cell in enumerate(cells)]
    descriptor, validation = inferred_and_judged(folder, text_of(["rang", label], rows), bounds=bounds)
    assert validation.valid, validation.issues
    found: dict[str, Any] = descriptor["fields"][1]
    return found


# --- the law: a table follows its own schema ------------------------------------------------------------------------

_days = st.dates(date(1950, 1, 1), date(2060, 12, 31))
_moments = st.datetimes(datetime(1950, 1, 1), datetime(2060, 12, 31))
_numbers = st.decimals(-(10**7), 10**7, places=2, allow_nan=False)


def _french(value: Any, group: str) -> str:
    return f"{value:,}".replace(",", group).replace(".", ",")


KINDS = [
    st.integers(-5, 10**9).map(str),
    st.integers(0, 10**9).map(lambda value: _french(value, " ")),
    _numbers.map(str),
    _numbers.map(lambda value: _french(value, "\u202f")),
    _numbers.map(lambda value: f"{_french(value, ' ')} €"),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(0, 1).map(lambda value: f"{value:.20f}"),
    st.integers(0, 10**20).map(str),
    st.integers(0, 99_999).map("{:05d}".format),
    st.integers(1850, 2100).map(str),
    *[_days.map(lambda day, form=form: day.strftime(form)) for form in ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d", "%d.%m.%Y", "%d/%m/%y", "%d-%m-%Y")],
    *[_moments.map(lambda moment, form=form: moment.strftime(form)) for form in ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S+02:00", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M")],
    *[st.sampled_from(words) for words in (["oui", "non"], ["OUI", "Non", "oui"], ["true", "false"], ["O", "N"], ["N"], ["VRAI", "FAUX"], ["0", "1"])],
    st.tuples(st.floats(42, 50), st.floats(-4, 8)).map(lambda point: f"{point[0]:.5f}, {point[1]:.5f}"),
    st.tuples(st.floats(42, 50), st.floats(-4, 8)).map(lambda point: f"{point[1]:.5f},{point[0]:.5f}"),
    st.emails(),
    st.integers(0, 99).map("https://exemple.fr/é/{}".format),
    st.uuids().map(str),
    st.sampled_from(["voirie", "eau", "école "]),
    st.sampled_from([SIRET, "356000000", "35600000000048", "213401722"]),
    st.text(max_size=8),
    st.sampled_from(EVERY_TRAP),
]  # fmt: skip
ODD = ["", "", " ", "\u00a0", "NC", "-", "n/d", " 12 ", "\x1f12", "12\u2028", "0", "-0", "+1", "1_000", "١٢", "1e5"]


@st.composite
def columns_of_cells(draw: st.DrawFn, rows: int) -> list[str]:
    """Draw a column of one kind, now and then with a few cells of another."""
    few = draw(st.lists(draw(st.sampled_from(KINDS)), min_size=1, max_size=min(rows, 30)))
    cells = (few * rows)[:rows]
    for cell in draw(st.lists(st.sampled_from([*ODD, *EVERY_TRAP]), max_size=2)):
        cells[draw(st.integers(0, rows - 1))] = cell
    return cells


@st.composite
def any_table(draw: st.DrawFn) -> str:
    """Draw a whole table, without rows that are blank: those are faults, whatever the schema."""
    rows, width = draw(st.sampled_from([1, 3, 12, 30, 300])), draw(st.integers(1, 4))
    columns = [draw(columns_of_cells(rows)) for _ in range(width)]
    names = st.sampled_from(["annee", "code", "date", "valeur", "SIRET", "cp", "code_insee", "nb", "a", "A", "", "é"])
    labels = draw(st.lists(names, min_size=width, max_size=width))
    lines = [list(cells) for cells in zip(*columns, strict=True) if any(cells)]
    return text_of([label or "sans nom" if width == 1 else label for label in labels], lines)


@given(any_table(), st.booleans(), st.booleans())
@untimed
def test_a_table_follows_the_schema_inferred_from_it(
    tmp_path_factory: Any, text: str, bounds: bool, columnar: bool
) -> None:
    folder = tmp_path_factory.mktemp("table")
    descriptor, validation = inferred_and_judged(folder, text, bounds=bounds, columnar=columnar)
    assert [(i.rule, i.column, i.before) for i in validation.issues] == [], descriptor
    errors = list(Schema.metadata_validate(dict(descriptor)))
    assert errors == []
