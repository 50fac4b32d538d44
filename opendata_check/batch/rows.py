"""Reads a list of bodies as rows of cells, whatever it is written with: CSV of any office, workbook, plain text."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from opendata_check.batch.errors import BatchError
from opendata_check.errors import OpendataCheckError
from opendata_check.model.content import Content

LARGEST = 50_000_000
"""Bytes of a list: the 35 000 communes with ten columns weigh four million."""
MOST_ROWS = 200_000
MOST_COLUMNS = 200
LONGEST_CELL = 1_000
_WORKBOOKS = frozenset({"xlsx", "ods", "xls"})
_TO_OPEN = frozenset({"zip", "ole", "xls"})
"""What only its inside tells to be a workbook."""
_TEXTS = frozenset({"txt", "csv", "tsv", "binary"})
_DELIMITERS = ";\t,|"
_SAMPLE = 200
_STEADY = 0.6
"""Share of the lines that a delimiter must part in the same number of cells."""
_REMEDY = "Donnez un CSV, un classeur (.xlsx, .ods) ou un texte avec un nom par ligne."


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank."""

    line: int
    """Physical line, 1-based."""
    cells: tuple[str, ...]


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a list, blank ones left out. Raises BatchError when it cannot be read or holds nothing."""
    shown = path.name
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise BatchError("c'est un dossier, pas une liste", where=shown, remedy=_REMEDY)
    except OSError as error:
        raise BatchError(
            "cette liste ne peut pas être lue", where=shown, remedy="Vérifiez le nom du fichier et vos droits."
        ) from error
    if size > LARGEST:
        raise BatchError("cette liste est trop lourde", where=shown, remedy="Gardez la colonne des noms ou des codes.")
    try:
        rows = list(_read(Content(path, shown, size, shown)))
    except BatchError:
        raise
    except OpendataCheckError as error:
        raise BatchError(error.what, where=shown, remedy=error.remedy) from error
    except (OSError, ValueError, csv.Error) as error:
        raise BatchError("cette liste ne peut pas être lue", where=shown, remedy=_REMEDY) from error
    if not rows:
        raise BatchError("cette liste est vide", where=shown, remedy=_REMEDY)
    return rows


def read_stream(data: bytes) -> list[Row]:
    """Return the rows of a list that comes through a pipe. Raises BatchError."""
    if len(data) > LARGEST:
        raise BatchError("cette liste est trop lourde", where="-", remedy="Donnez-la dans un fichier.")
    with tempfile.TemporaryDirectory(prefix="opendata-check-") as folder:
        path = Path(folder) / "entrée standard"
        path.write_bytes(data)
        return read_rows(path)


def _read(content: Content) -> Iterator[Row]:
    from opendata_check.inspection import inspect, read_head

    kind = read_head(content).envelope.detected
    if kind in _TO_OPEN:
        kind = inspect(content).envelope.detected
    if kind in _WORKBOOKS:
        return _tidy(_of_workbook(content, kind))
    if kind in _TEXTS:
        return _tidy(_of_text(content))
    what = "cette liste est vide" if kind == "empty" else "ce fichier n'est pas une liste d'organismes"
    raise BatchError(what, where=content.name, remedy=_REMEDY)


def _of_workbook(content: Content, kind: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the workbook's first sheet that holds any, hidden ones last."""
    from opendata_check.inspection.sheets.table import CellBudget
    from opendata_check.inspection.sheets.workbook import read_sheets

    kept: dict[str, list[tuple[int, list[str]]]] = {}

    def keep(sheet: str, line: int, cells: list[str]) -> None:
        kept.setdefault(sheet, []).append((line, list(cells)))

    sheets = read_sheets(content, kind, CellBudget(keep))
    chosen = next((one.name for one in sorted(sheets, key=lambda one: one.hidden) if one.name in kept), None)
    yield from kept[chosen] if chosen is not None else ()


def _of_text(content: Content) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each record of a text, with the line where it begins."""
    from opendata_check.inspection.text import read_text

    encoding = read_text(content).encoding
    text = content.path.read_bytes().decode(encoding, "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    lines = text.split("\n")
    if lines[0][:4].lower() == "sep=":  # what Excel writes above its own CSV
        lines[0] = ""
    delimiter = _delimiter([line for line in lines[:_SAMPLE] if line.strip()])
    if delimiter is None:
        yield from ((number, [line]) for number, line in enumerate(lines, start=1))
        return
    if max(map(len, lines)) > csv.field_size_limit():
        raise BatchError("une ligne est trop longue", where=content.name, remedy=_REMEDY)
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter)
    before = 0
    for cells in reader:
        yield before + 1, cells
        before = reader.line_num


def _delimiter(lines: list[str]) -> str | None:
    """Return what parts the cells of most lines, None for a list of one column.

    A comma parts cells only when the lines agree: « Nancy, Meurthe-et-Moselle » is one name.
    """
    best: tuple[int, str] | None = None
    for delimiter in _DELIMITERS:
        counts = Counter(len(cells) for cells in csv.reader(lines, delimiter=delimiter))
        width, often = max(counts.items(), key=lambda one: (one[1], one[0]))
        wide = sum(count for cells, count in counts.items() if cells > 1)
        needed = 0.9 if delimiter == "," else _STEADY
        if delimiter == "," and len(lines) < 2:
            continue
        if width > 1 and often >= needed * len(lines):
            score = often * 10 + width
        elif delimiter != "," and wide >= _STEADY * len(lines):
            score = wide
        else:
            continue
        if best is None or score > best[0]:
            best = (score, delimiter)
    return best[1] if best else None


def _tidy(rows: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    """Yield the rows that hold something, within bounds, their cells without the spaces around."""
    for count, (line, cells) in enumerate(rows):
        if count >= MOST_ROWS:
            raise BatchError("cette liste est trop longue", remedy="Coupez-la en plusieurs.")
        kept = tuple(" ".join(cell[:LONGEST_CELL].split()) for cell in cells[:MOST_COLUMNS])
        if any(kept):
            yield Row(line, kept)
