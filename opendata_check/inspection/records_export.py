"""Gives records of JSON, GeoJSON or Parquet as a CSV, so that the same engine judges them."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from opendata_check.inspection.errors import InspectionError
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, Dialect, PersonalDataHint, StructureFacts, TableFacts, TextFacts

RECORD_FORMATS = frozenset({"json", "geojson", "ndjson", "parquet"})
"""Formats whose records can be given as rows."""

_MAX_LABELS = 5_000
_MAX_LABEL = 1_000
"""Characters of the name of a column."""
_MAX_ROW = 20_000_000
"""Characters of a row."""
_MAX_WRITTEN = 2_000_000_000
_FREE_WRITTEN = 100_000_000
_MAX_RATIO = 200
"""Characters written at most for each byte of the file, beyond the first 100 million: a small Parquet, or a JSON whose
records have no key in common, may grow beyond any disk."""
_BREAKS = str.maketrans({"\r": " ", "\n": " "})


@contextmanager
def records_as_csv(content: Content, facts: ContentFacts) -> Iterator[tuple[Content, ContentFacts]]:
    """Yield a temporary UTF-8 CSV of the records, one a line after the header, with the facts that describe it.

    Keys of the first level become columns, in the order they are met; what is deeper stays as JSON in its cell; null
    is an empty cell. Of GeoJSON, the properties. Raises InspectionError when there are no records, or they are broken.
    """
    kind = facts.envelope.detected
    if kind != "parquet":
        _refuse_broken(content, facts.structure)
    with tempfile.TemporaryDirectory(prefix="opendata-check-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "table.csv"
        labels = (_write_parquet if kind == "parquet" else _write_json)(content, facts, path)
        exported = replace(content, path=path, byte_size=path.stat().st_size)
        described = replace(
            facts,
            envelope=replace(facts.envelope, detected="csv"),
            text=TextFacts("utf-8", has_bom=False, line_ending="lf"),
            table=TableFacts(1, tuple(labels), 0, dialect=Dialect(",")),
            personal=_hints_by_label(facts.personal, labels),
        )
        yield exported, described


def _refuse_broken(content: Content, structure: StructureFacts | None) -> None:
    """Raise InspectionError, with the place, for a JSON that inspection could not read to its end.

    This also keeps out what would crash or choke ijson: endless numbers, endless texts, a hundred levels of nesting.
    """
    if structure is not None and structure.well_formed:
        return
    what = structure.error if structure is not None and structure.error else "ce JSON ne se lit pas"
    if structure is not None and structure.error_line:
        what = (
            f"le JSON est mal formé à la ligne {structure.error_line}, caractère {structure.error_column or 1} : {what}"
        )
    raise InspectionError(what, where=content.origin)


def _hints_by_label(hints: Iterable[PersonalDataHint], labels: list[str]) -> tuple[PersonalDataHint, ...]:
    """Return the hints of personal data by the name of their column: letters were those of another order.

    A hint on « lieu.telephone » holds for the cell « lieu », which holds it.
    """
    known = set(labels)
    return tuple(
        replace(hint, letter="", column=hint.column if hint.column in known else hint.column.partition(".")[0])
        for hint in hints
    )


def _label(name: str, content: Content) -> str:
    """Return the name of a column on one line. Raises InspectionError when nobody could read it."""
    if len(name) > _MAX_LABEL:
        raise InspectionError(f"le nom d'une colonne dépasse {_MAX_LABEL} caractères", where=content.origin)
    return name.translate(_BREAKS)


class _Rows:
    """Writes rows of texts within bounds."""

    def __init__(self, stream: TextIO, content: Content) -> None:
        self._writer = csv.writer(stream, lineterminator="\n")
        self._content = content
        self._number = 0
        self._left = min(_MAX_WRITTEN, max(_FREE_WRITTEN, _MAX_RATIO * content.byte_size))

    def write(self, cells: list[str], filled: Iterable[str] | None = None) -> None:
        """Write one row, ``filled`` being its cells but empty ones. Raises InspectionError when too much is written."""
        self._number += 1
        size = sum(map(len, cells if filled is None else filled)) + len(cells)
        self._left -= size
        if size > _MAX_ROW:
            raise InspectionError(f"l'enregistrement n° {self._number} est démesuré", where=self._content.origin)
        if self._left < 0:
            raise InspectionError("ce fichier devient démesuré une fois mis en tableau", where=self._content.origin)
        self._writer.writerow(cells)


def _write_json(content: Content, facts: ContentFacts, path: Path) -> list[str]:
    """Write the records to ``path`` and return the columns: a key met late widens the rows already written."""
    from opendata_check.inspection.json_text.items import as_cell, records_of

    places: dict[str, int] = {}
    first_width: int | None = None
    body = path.with_name("rows.csv")
    with body.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        rows = _Rows(stream, content)
        for record in records_of(content, facts):
            for key in record:
                if key not in places:
                    places[key] = len(places)
                    _label(key, content)
            if len(places) > _MAX_LABELS:
                what = f"les enregistrements ont plus de {_MAX_LABELS} clés différentes"
                raise InspectionError(what, where=content.origin)
            first_width = len(places) if first_width is None else first_width
            filled = {key: as_cell(value) for key, value in record.items()}
            cells = [""] * len(places)
            for key, cell in filled.items():
                cells[places[key]] = cell
            rows.write(cells, filled.values())
    if not places:
        raise InspectionError("aucun enregistrement n'a été trouvé dans ce JSON", where=content.origin)
    names = [_label(key, content) for key in places]
    with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        _Rows(stream, content).write(names)
        with body.open(encoding="utf-8", newline="") as written:
            if first_width == len(names):
                shutil.copyfileobj(written, stream, 1 << 20)
            else:
                _widen(written, stream, len(names), content)
    body.unlink()
    return names


def _widen(written: TextIO, stream: TextIO, width: int, content: Content) -> None:
    before = csv.field_size_limit(_MAX_ROW)
    try:
        rows = _Rows(stream, content)
        for cells in csv.reader(written):
            rows.write(cells + [""] * (width - len(cells)))
    finally:
        csv.field_size_limit(before)


def _write_parquet(content: Content, facts: ContentFacts, path: Path) -> list[str]:
    from opendata_check.inspection.parquet_rows import read_rows

    with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        rows = _Rows(stream, content)
        read = read_rows(content)
        names = [_label(name, content) for name in next(read)]
        if len(names) > _MAX_LABELS:
            raise InspectionError(f"ce fichier a plus de {_MAX_LABELS} colonnes", where=content.origin)
        rows.write(names)
        for cells in read:
            rows.write(cells)
    return names
