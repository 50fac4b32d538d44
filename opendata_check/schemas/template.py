"""What a file to fill in holds: the columns of a schema in order, a value allowed in each, and lists to choose from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from opendata_check.model.schema import CustomCheck, Field, TableSchema

Accepts = Callable[[Field, str], bool]
"""Whether a cell is right in a column: the verdict of whoever judges tables."""

_MAX_CHOICES = 5_000
_MAX_EXAMPLE = 500
_DAY = re.compile(r"(?=.*%Y)(?=.*%m)(?=.*%d)%[Ymd][-/. ]?%[Ymd][-/. ]?%[Ymd]")
_FORMULA = re.compile(r"[=+\-@\t\r\n]")
_NUMBERS = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[,; ]+[+-]?[0-9]+(?:\.[0-9]+)?)*")
"""Numbers and nothing else: a longitude, a position, a telephone number. No function, no other cell."""
_BY_TYPE = {
    "datetime": ("2024-01-31T10:00:00Z", "2024-01-31T10:00:00"),
    "time": ("10:00:00", "10:00"),
    "year": ("2024",),
    "yearmonth": ("2024-01",),
    "geopoint": ("2.35,48.85", "[2.35,48.85]", '{"lon": 2.35, "lat": 48.85}'),
    "geojson": ('{"type": "Point", "coordinates": [2.35, 48.85]}',),
    "array": ("[]", '["texte"]'),
    "object": ("{}",),
    "duration": ("P1D",),
}
_COMMON = (
    "Texte", "texte", "A", "1", "0", "1.50", "12", "123", "14118", "2024", "2024-01-31", "2024-01-31T10:00:00Z",
    "10:00", "21340172200011", "213401722", "W142000123", "0199001234", "+33199001234", "https://www.exemple.fr",
    "https://www.exemple.fr/photo.jpg", "contact@exemple.fr", "FR", "Mo-Fr 08:00-18:00", "oui", "non",
    "0f6b1d3a-2c58-4e1f-9b7a-5d3c1e8f4a20",
)  # fmt: skip
"""Values of usual forms, tried in turn; the telephone numbers are of the range that nobody is given."""


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column of a file to fill in."""

    field: Field
    example: str
    """A value allowed there; "" when none was found, or when the cell may stay empty."""
    choices: tuple[str, ...]
    """The only values allowed, when they can be listed."""
    day_form: str
    """``%Y-%m-%d``… when the column holds days that a spreadsheet can show so; "" otherwise."""
    whole: bool
    """True when it holds whole numbers written plainly."""


@dataclass(frozen=True, slots=True)
class Template:
    """A file to fill in."""

    columns: tuple[TemplateColumn, ...]

    @property
    def without_example(self) -> tuple[str, ...]:
        """Return the columns that must be filled and for which no example was found."""
        return tuple(column.field.name for column in self.columns if column.field.required and not column.example)


def template(schema: TableSchema, accepts: Accepts) -> Template:
    """Return the file to fill in for a schema, its example row right by ``accepts`` and the rules between columns.

    A cell that would be a formula in a spreadsheet is never given as an example.
    """

    def right(field: Field, text: str) -> bool:
        return bool(text) and _is_safe(text) and accepts(field, text)

    row = {
        field.name: next((text for text in _candidates(schema, field) if right(field, text)), "")
        for field in schema.fields
    }
    _make_agree(schema, row, right)
    columns = tuple(
        TemplateColumn(
            field=field,
            example=row[field.name],
            choices=choices(field),
            day_form=_day_form(field),
            whole=_is_whole(field),
        )
        for field in schema.fields
    )
    return Template(columns)


def choices(field: Field) -> tuple[str, ...]:
    """Return the only texts a column admits: those of its list, or the words for yes and no; empty when it is free."""
    listed = field.constraints.get("enum")
    if isinstance(listed, list | tuple) and field.type not in ("array", "object", "boolean"):
        return tuple(dict.fromkeys(_as_text(value) for value in listed))[:_MAX_CHOICES]
    return yes_and_no(field) if field.type == "boolean" else ()


def yes_and_no(field: Field) -> tuple[str, str]:
    """Return how a column of yes and no is best written: as its example is, when several ways are allowed."""
    yes = _words(field.options.get("trueValues")) or ["true", "True", "TRUE", "1"]
    no = _words(field.options.get("falseValues")) or ["false", "False", "FALSE", "0"]
    if len(yes) == len(no):
        for index, pair in enumerate(zip(yes, no, strict=True)):
            if field.example in pair:
                return yes[index], no[index]
    return yes[0], no[0]


def _words(listed: Any) -> list[str]:
    return [_as_text(word) for word in listed] if isinstance(listed, list | tuple) else []


def _as_text(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _day_form(field: Field) -> str:
    if field.type != "date" or field.constraints.get("enum"):
        return ""
    if field.format in ("default", "any", ""):
        return "%Y-%m-%d"
    return field.format if _DAY.fullmatch(field.format) else ""


def _is_whole(field: Field) -> bool:
    plain = not {"groupChar", "bareNumber"} & set(field.options)
    return field.type == "integer" and plain and not choices(field)


def _is_safe(text: str) -> bool:
    """Return whether a cell is taken for a text or a number by a spreadsheet, never for a formula."""
    if len(text) > _MAX_EXAMPLE or not text.isprintable() or text != text.strip():
        return False
    return not _FORMULA.match(text) or _NUMBERS.fullmatch(text) is not None


def _candidates(schema: TableSchema, field: Field) -> Iterator[str]:
    """Yield what an example might be, the schema's own first."""
    if field.example not in schema.missing_values:
        yield field.example
    if listed := choices(field):
        yield from (text for text in listed if text not in schema.missing_values)
        return
    form = _day_form(field) or (field.format if field.type == "date" else "")
    if form:
        yield form.replace("%Y", "2024").replace("%m", "01").replace("%d", "31")
    yield from _BY_TYPE.get(field.type, ())
    if field.type in ("integer", "number"):
        yield from _numbers(field)
    if field.type == "string":
        shortest = field.constraints.get("minLength")
        digits = field.options.get("check_digits")
        for size in (shortest, digits):
            if isinstance(size, int) and 0 < size <= _MAX_EXAMPLE:
                yield "1" * size
    yield from _COMMON


def _numbers(field: Field) -> Iterator[str]:
    lowest, highest = field.constraints.get("minimum"), field.constraints.get("maximum")
    yield from ("1", "0")
    yield from (_as_text(bound) for bound in (lowest, highest) if bound is not None)
    mark = str(field.options.get("decimalChar", "."))
    yield f"0{mark}5"


# --- rules between columns ------------------------------------------------------------------------------------------


def _make_agree(schema: TableSchema, row: dict[str, str], right: Callable[[Field, str], bool]) -> None:
    """Change the cells of an example row that disagree: two equal values are both « at least » and « at most »."""
    fields = {field.name: field for field in schema.fields}
    for _ in range(4):  # a change may undo an earlier one
        changed = False
        for wanted in _wanted(schema, row):
            for name, value in wanted.items():
                if name in fields and row[name] != value and (right(fields[name], value) or not fields[name].required):
                    row[name] = value if right(fields[name], value) else ""
                    changed = True
        if not changed:
            return


def _wanted(schema: TableSchema, row: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield the values that would mend each rule between columns that a row breaks."""
    for left, right, test in _comparisons(schema):
        one, other = row.get(left, ""), row.get(right, "")
        if one and other and not test(_order(one, other)):
            yield {left: other}
    for check in schema.checks:
        if check.name == "sum-columns-value":
            total, parts = _sum(check, row)
            if total and parts is not None:
                yield {total: str(parts)}
    for group in _together(schema):
        if any(not row.get(name) for name in group) and any(row.get(name) for name in group):
            yield dict.fromkeys(group, "")


def _comparisons(schema: TableSchema) -> Iterator[tuple[str, str, Callable[[int], bool]]]:
    """Yield (column, other column, test of their order) for each rule that compares two columns."""
    tests: dict[str, Callable[[int], bool]] = {
        ">=": lambda order: order >= 0,
        "<=": lambda order: order <= 0,
        ">": lambda order: order > 0,
        "<": lambda order: order < 0,
        "==": lambda order: order == 0,
        "=": lambda order: order == 0,
    }
    for check in schema.checks:
        test = tests.get(str(check.params.get("op")))
        if check.name == "compare-columns-value" and test is not None:
            yield str(check.params.get("column")), str(check.params.get("column2")), test


def _order(one: str, other: str) -> int:
    """Return -1, 0 or 1: numbers by value, anything else (dates) by its letters."""
    try:
        left, right = float(one), float(other)
    except ValueError:
        return (one > other) - (one < other)
    return (left > right) - (left < right)


def _sum(check: CustomCheck, row: Mapping[str, str]) -> tuple[str, int | None]:
    """Return the column of a total and what its parts make together; None when a part is no whole number."""
    names = check.params.get("columns")
    total = str(check.params.get("column"))
    cells = [row.get(str(name), "") for name in names] if isinstance(names, list | tuple) else []
    if not row.get(total) or not cells or not all(cell.isascii() and cell.isdigit() for cell in cells):
        return total, None
    return total, sum(int(cell) for cell in cells)


def _together(schema: TableSchema) -> Iterator[tuple[str, ...]]:
    """Yield the groups of columns that are filled together or left empty together."""
    for check in schema.checks:
        others = check.params.get("othercolumns")
        if check.name == "cohesive-columns-value" and isinstance(others, list | tuple):
            yield str(check.params.get("column")), *(str(name) for name in others)
