"""Every national schema, and frictionless' own test data, judged as frictionless judges them."""

from __future__ import annotations

import csv
import io
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tables_factory import facts_of
from tables_oracle import both_engines, faults_of, plain, same_as_frictionless
from tables_strategies import EVERY_TRAP

from opendata_check.errors import OpendataCheckError
from opendata_check.model.facts import ContentFacts, Dialect, EnvelopeFacts, TableFacts, TextFacts
from opendata_check.model.schema import Field, TableSchema
from opendata_check.schemas.descriptor import from_descriptor
from opendata_check.tables.types import error_type

_ROWS = 10
"""Rows of a real file that are compared: frictionless takes its time."""
_QUIET_TRAPS = [cell for cell in EVERY_TRAP if "sNaN" not in cell and len(cell) < 1_000]


def _national(shared: Path) -> dict[str, TableSchema]:
    """Return every version of every schema of tables, those of a data package included, once each."""
    found: dict[str, TableSchema] = {}
    for path in sorted((shared / "schemas").rglob("*.json")):
        try:
            said = json.loads(path.read_text(encoding="utf-8-sig"))
        except ValueError:
            continue
        inner = said.get("resources", []) if isinstance(said, dict) else []
        tables = [said, *(entry.get("schema") for entry in inner if isinstance(entry, dict))]
        for number, descriptor in enumerate(tables):
            try:
                schema = from_descriptor(descriptor, where=path.name)
            except OpendataCheckError:
                continue  # a JSON Schema, or a package's own descriptor
            facts = json.dumps([repr(plain(schema).fields), schema.missing_values, schema.primary_key])
            found.setdefault(facts, schema)
            assert number == 0 or "resources" in said
    return {f"{schema.id} {number}": schema for number, schema in enumerate(found.values())}


def _real(shared: Path) -> Iterator[tuple[Path, bytes, dict[str, Any], list[str]]]:
    """Yield the beginning of every CSV of the samples, with how it is written and its labels."""
    for folder in ("examples", "real", "derived"):
        for path in sorted((shared / "samples" / folder).rglob("*.csv")):
            raw = b"".join(path.read_bytes().splitlines(keepends=True)[: _ROWS + 1])
            encoding = next(name for name in ("utf-8", "cp1252", "latin-1") if _reads(raw, name))
            first = raw.split(b"\n", 1)[0]
            delimiter = max(",;\t|", key=lambda mark: first.count(mark.encode()))
            text = raw.decode(encoding).lstrip("\ufeff")
            labels = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
            if len(set(labels)) == len(labels):
                yield path, raw, {"encoding": encoding, "delimiter": delimiter}, labels


def _reads(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.shared
def test_real_files_get_frictionless_verdicts_against_every_schema_their_header_fits(shared: Path, tmp_path: Path):
    schemas = {schema.id: schema for schema in _national(shared).values()}  # the last version of each
    compared: Counter[str] = Counter()
    for path, raw, options, labels in _real(shared):
        for name, schema in schemas.items():
            common = {field.name for field in schema.fields} & set(labels)
            if len(common) < 2 or len(common) < 0.6 * len(labels):
                continue
            copy = tmp_path / "reel.csv"
            copy.write_bytes(raw)
            compared["faults"] += len(same_as_frictionless(copy, facts_of(raw, **options), plain(schema)))
            compared[path.name] += 1
            compared[name] += 1
    assert len(compared) > 90
    assert compared["faults"] > 150


@pytest.mark.shared
def test_rows_of_examples_and_traps_get_frictionless_verdicts_against_every_schema(shared: Path, tmp_path: Path):
    schemas = _national(shared)
    assert len(schemas) > 130
    seen: set[str] = set()
    for name, schema in schemas.items():
        # A field that another version, or another schema, has alike is judged once.
        keys = {*schema.primary_key, *(key for foreign in schema.foreign_keys for key in foreign.fields)}
        fields = [field for field in schema.fields if field.name in keys or _facts(field, schema) not in seen]
        seen.update(_facts(field, schema) for field in fields)
        if not fields:
            continue
        chance = random.Random(name)
        stream = io.StringIO(newline="")
        writer = csv.writer(stream)
        writer.writerow(field.name for field in fields)
        for _ in range(12):
            writer.writerow(_cell(field, chance) for field in fields)
        path = tmp_path / "essai.csv"
        path.write_bytes(stream.getvalue().encode())
        same_as_frictionless(path, facts_of(path.read_bytes()), replace(plain(schema), fields=tuple(fields)))
    assert len(seen) > 400


def _facts(field: Field, schema: TableSchema) -> str:
    return repr((replace(field, name="", example="", meaning=""), schema.missing_values))


def _cell(field: Field, chance: random.Random) -> str:
    return chance.choice([field.example] * 6 + [chance.choice(_QUIET_TRAPS)] * 4 + [""])


LEFT_OUT = {
    "[table].csv": "its name is a pattern for frictionless, which reads nothing",
    "empty.csv": "there is no table",
    "without-rows.csv": "its schema cannot be inferred: there are no cells",
    "blank-headers.csv": "a label is blank: inspection's matter, and fields are paired by name",
    "issue-1138.csv": "a label is blank",
    "invalid.csv": "labels are blank and given twice",
    "capital-invalid.csv": "a label is given twice",
    "duplicate-column.csv": "a label is given twice",
    "duplicate-headers.csv": "labels are given twice",
    "wide.csv": "it has more columns than a schema of ours may have",
    "matrix-with-comment.csv": "one row of its header is a comment, said by an option of the test",
}
"""Plain tables of frictionless' data that are not compared, and why."""


def _inferred(path: Path) -> tuple[TableSchema, ContentFacts]:
    """Return what frictionless makes of a file by itself: its schema, encoding, dialect and labels."""
    import frictionless
    from frictionless import formats

    resource = frictionless.Resource(
        path=path.name, basepath=str(path.parent), format="csv" if path.suffix == ".csv" else "tsv"
    )
    with resource:
        schema = from_descriptor(resource.schema.to_descriptor(), where=path.name)
        control = formats.CsvControl.from_dialect(resource.dialect).to_python()
        encoding = resource.encoding or "utf-8"
        labels = tuple(resource.labels)
        header_row = resource.dialect.header_rows[0] if resource.dialect.header else None
    dialect = Dialect(
        control.delimiter, control.quotechar or "", bool(control.doublequote), bool(control.skipinitialspace)
    )
    return schema, ContentFacts(
        EnvelopeFacts("csv", "csv"),
        TextFacts(encoding, path.read_bytes().startswith(b"\xef\xbb\xbf"), "mixed"),
        TableFacts(header_row, labels, 0, dialect=dialect),
    )


@pytest.mark.shared
def test_frictionless_own_tables_get_the_verdicts_it_expects(shared: Path):
    root = shared / "peers" / "frictionless-py"
    compared: Counter[str] = Counter()
    for line in (root / "EXPECTED.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, verdict, count, _, first = line.split("\t")
        path = root / "data" / name
        if path.suffix not in (".csv", ".tsv") or name in LEFT_OUT or name.startswith("compression/"):
            continue
        schema, facts = _inferred(path)
        validation, found = both_engines(path, facts, schema)
        width = len(facts.table.labels) if facts.table else 0
        ours = sorted(
            (fault.row, None if fault.rule == "blank_row" else fault.position + 1, error_type(fault.rule))
            for fault in found
        )
        expected = sorted((row, field, kind) for row, field, kind in json.loads(first))
        assert ours[: len(expected)] == expected, name
        assert min(len(ours), 1_000) == int(count) or len(ours) >= 100 == int(count), name
        assert validation.valid is (verdict == "valid"), name
        assert faults_of(found, facts) or not ours
        assert width
        compared[verdict] += 1
    assert compared["valid"] >= 80
    assert compared["invalid"] >= 14
