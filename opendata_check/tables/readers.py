"""Reads a cell as a typed value, exactly as frictionless 5.21 does but without its import (0.4 s and more).

Each reader follows frictionless' ``create_value_reader`` and calls the same libraries (validators, rfc3986, dateutil)
when a cell is not plain; differential tests hold the two together. Rare types (array, object, list, geojson, duration,
wkt) have no reader here: frictionless reads them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from opendata_check.model.schema import Field

ValueReader = Callable[[str], Any]
"""From a cell that is not missing to its typed value, None when its type is wrong."""

_DATE = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])")
_DATETIME = re.compile(
    r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}"
)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]*")
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_EMAIL = re.compile(
    r"[A-Za-z0-9]{1,20}(?:[._-][A-Za-z0-9]{1,20}){0,2}@(?:[A-Za-z0-9]{1,30}(?:-[A-Za-z0-9]{1,25})?\.){1,3}[A-Za-z]{2,10}"
)
PLAIN = {"uri": _URI, "email": _EMAIL, "uuid": _UUID, "datetime": _DATETIME}
"""Forms of text that frictionless surely accepts."""
_BEFORE_NUMBER = re.compile(r"[^-\d]*")
_LONGEST_DATE = 10
_LONGEST_LOOSE = 200
"""Characters of a moment in a free form: the time dateutil takes grows as the square of its digits."""
DEFAULT_TRUE = ("true", "True", "TRUE", "1")
DEFAULT_FALSE = ("false", "False", "FALSE", "0")


def value_reader(field: Field) -> ValueReader | None:
    """Return our reader of a field's cells, or None when frictionless must read them."""
    make = _MAKERS.get(field.type)
    return make(field) if make is not None else None


def constraint_reader(field: Field) -> Callable[[Any], Any]:
    """Return what reads a bound or an enumerated value of a schema: a cell, or a JSON value of the right type."""
    read = value_reader(field)
    assert read is not None
    text = field.type in ("string", "any")

    def typed(value: Any) -> Any:
        if isinstance(value, str):
            return read(value)
        if field.type == "any":
            return value
        if text:
            return None
        return _JSON_VALUES[field.type](value, field) if field.type in _JSON_VALUES else None

    return typed


def _string(field: Field) -> ValueReader | None:
    return _STRINGS.get(field.format)


def _same(cell: str) -> str:
    return cell


def _uri(cell: str) -> str | None:
    if _URI.fullmatch(cell):
        return cell
    if ":" not in cell:  # no scheme: nothing more to ask
        return None
    import rfc3986

    validator = rfc3986.validators.Validator().require_presence_of("scheme")
    try:
        validator.validate(rfc3986.uri_reference(cell))
    except rfc3986.exceptions.ValidationError:
        return None
    return cell


def _email(cell: str) -> str | None:
    if _EMAIL.fullmatch(cell):
        return cell
    if cell.count("@") != 1:
        return None
    import validators

    return cell if validators.email(cell) else None


def _uuid(cell: str) -> str | None:
    if _UUID.fullmatch(cell):
        return cell
    import validators

    return cell if validators.uuid(cell) else None


def _binary(cell: str) -> str | None:
    import base64

    try:
        base64.b64decode(cell)
    except ValueError:
        return None
    return cell


_STRINGS: Mapping[str, ValueReader] = {
    "default": _same,
    "uri": _uri,
    "email": _email,
    "uuid": _uuid,
    "binary": _binary,
}
"""Another format is read by frictionless, which has one more (wkt) and takes the unknown ones for plain text."""


def _any(field: Field) -> ValueReader:
    return _same


def _boolean(field: Field) -> ValueReader:
    words: dict[str, bool] = dict.fromkeys(field.options.get("trueValues", DEFAULT_TRUE), True)
    words |= dict.fromkeys(field.options.get("falseValues", DEFAULT_FALSE), False)
    return words.get


def _bare(text: str) -> str:
    r"""Return a text from its first digit or hyphen to its last digit.

    What frictionless does with ``((^[^-\d]*)|(\D*$))``, in a time that only grows with the text.
    """
    found = _BEFORE_NUMBER.match(text)
    start = found.end() if found else 0
    end = len(text)
    while end > start and not text[end - 1].isdecimal():
        end -= 1
    return text[start:end]


def _integer(field: Field) -> ValueReader:
    bare = field.options.get("bareNumber", True)

    def read(cell: str) -> int | None:
        text = cell.strip()
        try:
            return int(text if bare else _bare(text))
        except ValueError:
            return None

    return read


def _number(field: Field) -> ValueReader:
    options = field.options
    bare = options.get("bareNumber", True)
    decimal_char, group_char = options.get("decimalChar", "."), options.get("groupChar", "")
    plain = not {"decimalChar", "groupChar", "bareNumber"} & options.keys()
    make: Callable[[str], Any] = float if options.get("floatNumber") else Decimal

    def read(cell: str) -> Any:
        text = cell.strip()
        if not plain:
            if not bare:
                text = _bare(text)
            text = text.replace(group_char, "")
            if decimal_char != "." and "." in text:
                return None
            text = text.replace(decimal_char, ".")
        try:
            return make(text)
        except (ArithmeticError, ValueError):
            return None

    return read


def _date(field: Field) -> ValueReader:
    if field.format == "default":
        return _iso_date
    if field.format == "any":
        return lambda cell: _loose(cell, "date")
    form = field.format
    return lambda cell: _formed(cell, form, "date")


def _iso_date(cell: str) -> date | None:
    found = _DATE.fullmatch(cell)
    if found and found[1] != "0000":
        return date(int(found[1]), int(found[2]), int(found[3]))
    # strptime's own form: four digits and two hyphens, nothing else; its refusal costs ten times this test.
    if len(cell) > _LONGEST_DATE or cell.count("-") != 2:
        return None
    return _formed(cell, "%Y-%m-%d", "date")  # type: ignore[no-any-return]


def _datetime(field: Field) -> ValueReader:
    if field.format == "default":
        return _iso_datetime
    if field.format == "any":
        return lambda cell: _loose(cell, "")
    form = field.format
    return lambda cell: _formed(cell, form, "")


def _iso_datetime(cell: str) -> datetime | None:
    if _DATETIME.fullmatch(cell):
        return datetime.fromisoformat(cell)
    if len(cell) < 19 or cell[16] != ":":
        return None
    return _isoparsed(cell)


def _isoparsed(text: str) -> datetime | None:
    from dateutil import parser

    try:
        return parser.isoparse(text)  # type: ignore[no-any-return]
    except Exception:  # noqa: BLE001 - frictionless does so: whatever the library raises is a wrong value
        return None


def _time(field: Field) -> ValueReader:
    if field.format == "default":

        def read(cell: str) -> time | None:
            if len(cell) < 8 or cell[5] != ":":
                return None
            moment = _isoparsed(f"2000-01-01T{cell}")
            return moment.timetz() if moment is not None else None

        return read
    if field.format == "any":
        return lambda cell: _loose(cell, "timetz")
    form = field.format
    return lambda cell: _formed(cell, form, "timetz")


def _formed(cell: str, form: str, part: str) -> Any:
    """Return a cell read with a strptime form; ``part`` names what is kept of it, "" for all."""
    try:
        moment = datetime.strptime(cell, form)
    except Exception:  # noqa: BLE001 - a form that makes no sense fits nothing
        return None
    return getattr(moment, part)() if part else moment


def _loose(cell: str, part: str) -> Any:
    from dateutil import parser

    if len(cell) > _LONGEST_LOOSE:
        return None
    try:
        moment = parser.parse(cell)
        return getattr(moment, part)() if part else moment
    except Exception:  # noqa: BLE001 - as frictionless does
        return None


def _year(field: Field) -> ValueReader:
    def read(cell: str) -> int | None:
        if len(cell) != 4:
            return None
        try:
            year = int(cell)
        except ValueError:
            return None
        return year if 0 <= year <= 9999 else None

    return read


def _yearmonth(field: Field) -> ValueReader:
    def read(cell: str) -> tuple[int, int] | None:
        try:
            year, month = map(int, cell.split("-"))
        except ValueError:
            return None
        return (year, month) if 1 <= month <= 12 else None

    return read


def _geopoint(field: Field) -> ValueReader | None:
    if field.format not in ("default", "array", "object"):
        return None
    form = field.format

    def read(cell: str) -> tuple[Decimal, Decimal] | None:
        try:
            lon, lat = _coordinates(cell, form)
            point = Decimal(lon), Decimal(lat)
            return point if -180 <= point[0] <= 180 and -90 <= point[1] <= 90 else None
        except Exception:  # noqa: BLE001 - as frictionless does
            return None

    return read


def _coordinates(cell: str, form: str) -> tuple[Any, Any]:
    if form == "default":
        lon, lat = cell.split(",")
        return lon.strip(), lat.strip()
    value = json.loads(cell)
    if form == "array":
        lon, lat = value
        return lon, lat
    if len(value) != 2:
        raise ValueError
    return value["lon"], value["lat"]


_MAKERS: Mapping[str, Callable[[Field], ValueReader | None]] = {
    "any": _any,
    "string": _string,
    "boolean": _boolean,
    "integer": _integer,
    "number": _number,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "year": _year,
    "yearmonth": _yearmonth,
    "geopoint": _geopoint,
}


def _number_of(value: Any, field: Field) -> Any:
    if isinstance(value, bool):
        return None
    if field.options.get("floatNumber"):
        return float(value) if isinstance(value, Decimal) else value if isinstance(value, int | float) else None
    if isinstance(value, float):
        return Decimal(str(value))
    return value if isinstance(value, int | Decimal) else None


def _integer_of(value: Any, field: Field) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return int(value) if value == int(value) else None


def _date_of(value: Any, field: Field) -> date | None:
    if isinstance(value, datetime):
        return value.date() if (value.hour, value.minute, value.second) == (0, 0, 0) else None
    return value if isinstance(value, date) else None


_JSON_VALUES: Mapping[str, Callable[[Any, Field], Any]] = {
    "number": _number_of,
    "integer": _integer_of,
    "boolean": lambda value, field: value if isinstance(value, bool) else None,
    "date": _date_of,
    "datetime": lambda value, field: value if isinstance(value, datetime) else None,
    "time": lambda value, field: value if isinstance(value, time) else None,
    "year": lambda value, field: value if isinstance(value, int) and 0 <= value <= 9999 else None,
    "yearmonth": lambda value, field: tuple(value) if isinstance(value, list | tuple) and len(value) == 2 else None,
}
"""Values that YAML or JSON gave already typed, by field type."""
