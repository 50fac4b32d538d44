"""Builds by hand what inspection would have found, so that this room is tested alone."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from opendata_check import schemas, tables
from opendata_check.model.content import Content
from opendata_check.model.facts import (
    ContentFacts,
    Dialect,
    EnvelopeFacts,
    PersonalDataHint,
    TableFacts,
    TextFacts,
)
from opendata_check.model.schema import Field, SchemaMatch, TableSchema, TableValidation, ValueIssue

SIRET = "21340172200011"
DELIBERATION = {
    "COLL_NOM": "Commune de Valmont",
    "COLL_SIRET": SIRET,
    "DELIB_ID": "2024-001",
    "DELIB_DATE": "2024-01-31",
    "DELIB_MATIERE_CODE": "7.1",
    "DELIB_MATIERE_NOM": "Finances",
    "DELIB_OBJET": "Budget primitif",
}
SUBVENTION = {
    "nomAttribuant": "Commune de Valmont",
    "idAttribuant": SIRET,
    "dateConvention": "2024-01-31",
    "nomBeneficiaire": "Les Amis du Lavoir",
    "idBeneficiaire": SIRET,
    "objet": "Fonctionnement",
    "montant": "1500.00",
    "nature": "aide en numéraire",
    "conditionsVersement": "unique",
    "datesPeriodeVersement": "2024-03-01",
    "notificationUE": "non",
    "pourcentageSubvention": "1",
}
ADRESSE = {
    "id_ban_commune": "0f6b1d3a-2c58-4e1f-9b7a-5d3c1e8f4a20",
    "id_ban_toponyme": "1a7c2e4b-3d69-4f20-8c8b-6e4d2f9a5b31",
    "id_ban_adresse": "2b8d3f5c-4e7a-4a31-9d9c-7f5e3a0b6c42",
    "commune_insee": "14118",
    "toponyme": "Rue du Lavoir",
    "numero": "12",
    "long": "-0.370679",
    "lat": "49.182863",
    "position": "entrée",
}


def csv_text(rows: Sequence[dict[str, str]], *, delimiter: str = ",", line_end: str = "\n") -> str:
    """Return a CSV of dictionaries that share their keys."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return stream.getvalue()


def line_ending_of(text: str) -> str:
    """Return what ends the lines outside quotes: ``lf``, ``crlf``, ``cr``, ``mixed`` or ``none``."""
    kinds = {"\r\n": "crlf", "\n": "lf", "\r": "cr"}
    found = {kinds[end] for end in re.findall(r"\r\n|\n|\r", re.sub(r'"[^"]*"', "", text))}
    return found.pop() if len(found) == 1 else "mixed" if found else "none"


def facts_of(
    data: bytes,
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
    quotechar: str = '"',
    header_row: int | None = 1,
    personal: tuple[PersonalDataHint, ...] = (),
    undecodable_line: int | None = None,
    unclosed_quote_row: int | None = None,
) -> ContentFacts:
    """Return the facts of a CSV whose encoding, delimiter and header line are given."""
    bom = data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig" if bom else encoding, errors="replace")
    labels: tuple[str, ...] = ()
    if header_row is not None:
        stream = io.StringIO(text, newline="")
        for _ in range(header_row - 1):
            stream.readline()
        labels = tuple(next(csv.reader(stream, delimiter=delimiter, quotechar=quotechar), ()))
    return ContentFacts(
        envelope=EnvelopeFacts("csv" if data else "empty", "csv"),
        text=TextFacts(encoding, bom, line_ending_of(text), undecodable_line=undecodable_line),
        table=TableFacts(
            header_row, labels, 0, dialect=Dialect(delimiter, quotechar), unclosed_quote_row=unclosed_quote_row
        ),
        personal=personal,
    )


def content_of(path: Path) -> Content:
    return Content(path, path.name, path.stat().st_size, path.name)


def validated(
    folder: Path,
    data: str | bytes,
    *,
    declared: str = "",
    max_rows: int | None = None,
    truncated: bool = False,
    **facts,
) -> TableValidation:
    """Write a CSV and validate it against the schema its header is recognised for."""
    raw = data.encode(facts.get("encoding", "utf-8")) if isinstance(data, str) else data
    path = folder / "donnees.csv"
    path.write_bytes(raw)
    read = facts_of(raw, **facts)
    assert read.table is not None
    match = schemas.recognise(read.table.labels, declared=declared)
    assert match is not None, read.table.labels
    return tables.validate(replace(content_of(path), truncated=truncated), read, match, max_rows=max_rows)


def against(folder: Path, text: str, schema: TableSchema, **facts) -> TableValidation:
    """Write a CSV and validate it against any schema, columns named exactly."""
    path = folder / "donnees.csv"
    path.write_bytes(text.encode())
    return tables.validate(content_of(path), facts_of(text.encode(), **facts), SchemaMatch(schema, 1.0, "declared"))


def schema_of(
    *fields: Field, missing_values: tuple[str, ...] = ("",), primary_key: tuple[str, ...] = ()
) -> TableSchema:
    return TableSchema("essai/essai", "1.0.0", "Essai", fields, missing_values, primary_key)


def issue(validation: TableValidation, rule: str, column: str = "") -> ValueIssue:
    """Return the only issue of a rule (and a column)."""
    found = [i for i in validation.issues if i.rule == rule and (not column or i.column == column)]
    assert len(found) == 1, validation.issues
    return found[0]


def lines_of(found: ValueIssue) -> list[int]:
    return [line for first, last in found.rows for line in range(first, last + 1)]
