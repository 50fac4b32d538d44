"""Reads the sheets of an ODS as they stream: OpenDocument 1.3, part 3, sections 9 (tables) and 19 (attributes)."""

from __future__ import annotations

import zipfile
from xml.parsers import expat

from opendata_check.inspection.archives.zip import member_chunks
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.layout.marks import HEAD_ROWS
from opendata_check.inspection.sheets.formulas import adds_up_above
from opendata_check.inspection.sheets.ods_values import repeats_of, typed_value
from opendata_check.inspection.sheets.table import MAX_CELL, MAX_SHEETS, CellBudget, Sheet, new_sheet
from opendata_check.inspection.xml_stream import Attributes, Elements, Refused, read_elements

_MAX_CONTENT = 400_000_000
_MAX_MANIFEST = 5_000_000
_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384
_MAX_NAME = 200
_MAX_STYLES = 20_000
_MOST_COLOURED = 200
"""Cells of one colour in a row; more is the void at the right of the sheet."""
_WHITE = frozenset({"", "transparent", "#ffffff"})
_HIDDEN = frozenset({"collapse", "filter"})
_NUMBER_STARTS = frozenset("0123456789+-")
# What these hold looks like cells or text but is not the sheet's content: history, notes, drawings, links, charts.
_ASIDE = {"dde-links", "forms", "scenario"}
_DRAWN = {"shapes", "frame", "custom-shape", "g"}


def read_ods(archive: zipfile.ZipFile, budget: CellBudget) -> list[Sheet]:
    """Return the sheets of an ODS in order, each read to its end or to a limit.

    Rows and cells that repeat are unrolled as they are read, within the limits: a few bytes that announce a billion
    cells cost nothing. Raises InspectionError when the document is damaged or protected by a password.
    """
    if _is_encrypted(archive):
        raise InspectionError(
            "le classeur est protégé par un mot de passe", remedy="Enregistrez-le sans mot de passe, puis republiez-le."
        )
    reading = _ContentReading(budget)
    try:
        read_elements(member_chunks(archive, "content.xml", _MAX_CONTENT), reading.elements, reading.text)
    except InspectionError:
        # Too heavy to be read to its end, but what is wanted of it is read already.
        if not budget.is_spent:
            raise
        reading.close()
    except Refused as error:
        raise InspectionError(f"le classeur est refusé : {error}") from error
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise InspectionError(
            "le classeur est abîmé ou incomplet",
            remedy="Ouvrez-le dans votre tableur, enregistrez-le de nouveau, puis republiez-le.",
        ) from error
    return reading.sheets


def _is_encrypted(archive: zipfile.ZipFile) -> bool:
    """Return True when the manifest describes encrypted parts (OpenDocument 1.3 part 2, 4.8)."""
    if "META-INF/manifest.xml" not in archive.namelist():
        return False
    manifest = b"".join(member_chunks(archive, "META-INF/manifest.xml", _MAX_MANIFEST))
    return b"encryption-data" in manifest


class _ContentReading:
    """Follows content.xml and gives its rows to the tables."""

    def __init__(self, budget: CellBudget) -> None:
        self.sheets: list[Sheet] = []
        self._budget = budget
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._cell_style = ""
        self._colours: dict[str, str] = {}
        self._column_at = 0
        self._hidden_row = False
        self._colour = ""
        self._sheet: Sheet | None = None
        self._inner_tables = 0
        self._row = 0
        self._row_repeats = 1
        self._cells: list[str] = []
        self._column = 0
        self._cell_repeats = 1
        self._value: str | None = None
        self._pieces: list[str] = []
        self._length = 0
        self._paragraphs = 0
        self._in_paragraph = 0
        self._kept_text = True
        self._has_changes = False
        self.elements: Elements = Elements(
            {
                "table-cell": self._start_cell,
                "covered-table-cell": self._start_cell,
                "p": self._start_paragraph,
                "h": self._start_paragraph,
                "s": self._spaces,
                "tab": lambda _: self.text("\t"),
                "line-break": lambda _: self.text("\n"),
                "table-row": self._start_row,
                "table": self._start_table,
                "table-column": self._start_column,
                "table-cell-properties": self._cell_properties,
                "style": self._start_style,
                "table-properties": self._table_properties,
                **dict.fromkeys(_ASIDE, lambda _: self.elements.set_aside()),
                **dict.fromkeys(_DRAWN, self._drawing),
                "annotation": self._annotation,
                "tracked-changes": self._tracked,
            },
            {
                "table-cell": self._end_cell,
                "covered-table-cell": self._end_cell,
                "p": self._end_paragraph,
                "h": self._end_paragraph,
                "table-row": self._end_row,
                "table": self._end_table,
            },
        )

    def close(self) -> None:
        """Close the sheet that was being read when the reading stopped."""
        if self._sheet is not None:
            self._sheet.close()
            self._sheet = None

    def text(self, data: str) -> None:
        """Take the characters of a paragraph, as far as a cell may hold."""
        if self._in_paragraph and self._length < MAX_CELL and not self.elements.is_aside:
            self._pieces.append(data[: MAX_CELL - self._length])
            self._length += len(data)

    def _start_style(self, attributes: Attributes) -> None:
        family, name = attributes.get("style:family"), attributes.get("style:name", "")[:_MAX_NAME]
        self._style = name if family == "table" else ""
        self._cell_style = name if family == "table-cell" else ""

    def _table_properties(self, attributes: Attributes) -> None:
        if self._style and attributes.get("table:display") == "false" and len(self._hidden_styles) < _MAX_STYLES:
            self._hidden_styles.add(self._style[:_MAX_NAME])

    def _cell_properties(self, attributes: Attributes) -> None:
        colour = attributes.get("fo:background-color", "")[:20].lower()
        if self._cell_style and colour not in _WHITE and len(self._colours) < _MAX_STYLES:
            self._colours[self._cell_style] = colour

    def _annotation(self, _attributes: Attributes) -> None:
        self.elements.set_aside()
        if self._sheet is not None:
            self._sheet.notes += 1

    def _tracked(self, _attributes: Attributes) -> None:
        self.elements.set_aside()
        self._has_changes = True

    def _drawing(self, _attributes: Attributes) -> None:
        self.elements.set_aside()
        if self._sheet is not None:
            self._sheet.marks.drawing = True

    def _start_column(self, attributes: Attributes) -> None:
        repeats = repeats_of(attributes.get("table:number-columns-repeated"))
        if self._sheet is not None and attributes.get("table:visibility") in _HIDDEN and not self._inner_tables:
            self._sheet.marks.hide_columns(self._column_at, self._column_at + repeats - 1)
        self._column_at += repeats

    def _start_table(self, attributes: Attributes) -> None:
        if self._sheet is not None:
            self._inner_tables += 1
            return
        name = attributes.get("table:name", "")
        hidden = attributes.get("table:style-name", "")[:_MAX_NAME] in self._hidden_styles
        self._sheet = new_sheet(name, hidden, self._budget)
        self._sheet.changes = self._has_changes
        self._sheet.marks.protected = attributes.get("table:protected") == "true"
        self._row = self._column_at = 0
        # A name that opens with 'file: is the copy of another file's sheet, kept for its formulas.
        if len(self.sheets) < 10 * MAX_SHEETS and not name.startswith("'file:"):
            self.sheets.append(self._sheet)

    def _end_table(self) -> None:
        if self._inner_tables:
            self._inner_tables -= 1
        elif self._sheet is not None:
            self._sheet.close()
            self._sheet = None

    def _start_row(self, attributes: Attributes) -> None:
        if self._sheet is not None and self._sheet.table.truncated:
            self.elements.set_aside()
            return
        self._row_repeats = repeats_of(attributes.get("table:number-rows-repeated"))
        self._cells, self._column = [], 0
        self._hidden_row = attributes.get("table:visibility") in _HIDDEN

    def _start_paragraph(self, _attributes: Attributes) -> None:
        self._in_paragraph += 1
        self._paragraphs += 1
        if self._paragraphs > 1:
            self.text("\n")

    def _end_paragraph(self) -> None:
        self._in_paragraph -= 1

    def _spaces(self, attributes: Attributes) -> None:
        self.text(" " * min(repeats_of(attributes.get("text:c")), 1_000))

    def _start_cell(self, attributes: Attributes) -> None:
        self._cell_repeats = 1
        self._value = None
        self._pieces, self._length, self._paragraphs = [], 0, 0
        self._kept_text, self._colour = True, ""
        if not attributes:
            return
        if "table:number-columns-repeated" in attributes:
            self._cell_repeats = repeats_of(attributes["table:number-columns-repeated"])
        kind = attributes.get("office:value-type")
        self._kept_text = kind in (None, "string")
        if self._colours:
            self._colour = self._colours.get(attributes.get("table:style-name", ""), "")
        if kind is not None and kind != "string":
            self._value = typed_value(kind, attributes)
        elif kind == "string":
            self._value = attributes.get("office:string-value")
        sheet = self._sheet
        if sheet is None:
            return
        if "table:formula" in attributes:
            sheet.formula_count += self._cell_repeats
            if adds_up_above(attributes["table:formula"], self._row + 1):
                sheet.marks.sums(self._row + 1)
        if "table:number-columns-spanned" not in attributes and "table:number-rows-spanned" not in attributes:
            return
        columns = repeats_of(attributes.get("table:number-columns-spanned"))
        rows = repeats_of(attributes.get("table:number-rows-spanned"))
        if columns > 1 or rows > 1:
            sheet.merge(self._row, self._column, self._row + rows - 1, self._column + columns - 1)

    def _end_cell(self) -> None:
        value = (self._value if self._value is not None else "".join(self._pieces))[:MAX_CELL]
        wanted = self._sheet is not None and not self._sheet.table.truncated
        if value and wanted and self._column < _MAX_COLUMN:
            if len(self._cells) < self._column:
                self._cells.extend([""] * (self._column - len(self._cells)))
            if self._cell_repeats == 1:
                self._cells.append(value)
            else:
                self._cells.extend([value] * min(self._cell_repeats, _MAX_COLUMN - self._column))
        if self._sheet is not None and self._row < HEAD_ROWS:
            self._look(self._sheet, value)
        self._column += self._cell_repeats

    def _look(self, sheet: Sheet, value: str) -> None:
        """Note the colour and the kind of a cell of the first rows."""
        if self._colour and self._cell_repeats <= _MOST_COLOURED:
            for column in range(self._column, self._column + self._cell_repeats):
                sheet.marks.fill(self._row + 1, column, self._colour)
        if self._kept_text and value[:1] in _NUMBER_STARTS and self._cell_repeats == 1:
            sheet.marks.text_number(self._row + 1, self._column)

    def _end_row(self) -> None:
        """Give the row to the table as often as it repeats; empty rows only move the count on."""
        if self._sheet is None:
            return
        repeats = min(self._row_repeats, max(_MAX_ROW - self._row, 0))
        if self._cells:
            for line in range(self._row + 1, self._row + repeats + 1):
                if not self._sheet.table.add(line, self._cells.copy()):
                    break
                if self._hidden_row:
                    self._sheet.marks.hidden_rows.add(line)
        self._row += repeats
        self._cells, self._column = [], 0
