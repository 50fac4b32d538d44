"""Hypothesis' material for this room: fields of every type, cells that fit them or nearly, and whole tables."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from opendata_check.model.schema import Field, ForeignKey, TableSchema

TRAPS: dict[str, list[str]] = {
    "text": [
        " ", "\u00a0", "NC", "NA", "-", "a", "b", "ab", "ax", "xb", "abc", "é", "É", "e\u0301", "😀", "😀" * 5, "x" * 256, "x" * 257,
        'gui"llemet', '"', '""', "'", "l'été", "ligne\nsuivante", "retour\rseul", "c\r\nd", "\n", "\r", "nul\0", "\0", "\ufeff", "a\u2028b",
        "a\u0085b", "a\x0bb", "a\x1cb", "a,b", "a;b", "a\tb", "a|b", "oui", "OUI", "non", "None", "null", "١٢", "２０２４", "²", "½",
        "aide en numéraire", "\U000e0001", "W123456789", "A1", "a-b", "a_b", "ab\n", "abc\n", "12\n", "12a", " 12", "12 ", "1 2",
    ],
    "number": [
        "0", "-0", "1", "01", "00012", " 12 ", "\u00a012", "12\u2028", "\x1f12", "+1", "-1", "--1", "1-", "-", "+", ".", "1.5", "1,5", ".5", "-.5",
        "5.", "1.e5", "1e5", "1E-400", "1e400", "e5", "1e", "NaN", "nan", "-nan", "NaN123", "sNaN", "Inf", "INF", "-inf", "+Infinity", "1 000",
        "1\u202f000", "1.000,5", "1,000.5", "1 0 0 0", "1_000", "1__0", "_1", "1_", "0x10", "−5", "1\0", "99999", "100000", "0.1", "0.3", "0.30",
        "0.30000000000000000001", "0.29999999999999999", "0.1000000000000000055", "1.0000000000000000000001", "123456789012345",
        "1234567890123456", "12345678901234567", "9007199254740993", "9007199254740992", "0.0000000000000000000000", "00000000000000000001",
        "1.0", "1.00", "1.000000000000000000", "10", "1e1", "1" * 300, "1" * 4301, "1e999999999999999999999", "50%", "1 €", "€ -5", "x 1.5 y",
        "a-1", "- 5", "a", "-a", "a1b2c", "1a", "٣", "１２", "²", "1.2.3", "1..2", "1,2,3", "..", ",", "1'000", "12@5", "2", "3", "-5", "-3",
    ],
    "date": [
        "2024-01-31", "2024-1-5", "2024-01-5", "2023-02-29", "2024-02-29", "2000-02-29", "1900-02-29", "2024-02-30", "2024-04-31", "2024-13-01",
        "2024-00-10", "2024-01-00", "0000-01-01", "0001-01-01", "0999-12-31", "1000-01-01", "9999-12-31", "10000-01-01", "24-01-31", "20240131",
        "2024-01- 5", "2024-01-31 ", " 2024-01-31", "2024-01-31\n", "٢٠٢٤-٠١-٣١", "２０２４-01-31", "2024-01-3١", "31/12/2023", "5/1/2024", "05/01/24",
        "31/02/2024", "05/01/2024 ", "2024/01/31", "2024-01-31T00:00:00", "2024", "10:30", "Jan 5", "5 janvier 2024", "13/1/2024", "Thursday",
        "2024-01", "2024-1", "24-1", " 2024 - 1 ", "1_0-1", "2024-13", "2024-00", "2024-01-01-01", "-1-1", "0-1", "2024-0x1", "２０２４-1",
        "202", " 202", "+202", "20_2", "-202", "0000", "9999", "2024.", "2024 ", "02024", "20 4",
    ],
    "datetime": [
        "2024-01-31T10:00:00Z", "2024-01-31T10:00:00z", "2024-01-31T10:00:00", "2024-01-31 10:00:00", "2024-01-31x10:00:00",
        "2024-01-31T10:00:00+02", "2024-01-31T10:00:00+0200", "2024-01-31T10:00:00+02:00", "2024-01-31T10:00:00-12:00", "2024-01-31T10:00:00+13:00",
        "2024-01-31T10:00:00+24:00", "2024-01-31T10:00:00,02:00", "2024-01-31T24:00:00", "2024-01-31T24:00:01", "2024-01-31T25:00:00",
        "2024-01-31T10:00:60", "2024-01-31T10:60:00", "2024-01-31T10:00", "2024-01-31T10:00:00 ", "2024-1-5T10:00:00", "2024-02-30T10:00:00",
        "0000-01-01T00:00:00", "2024-02-29T10:00:00Z", "2024-01-31T10:00:00.123456789", "2024-01-31T10:00:00,5", "2024-W01-1T10:00:00",
        "2024-01-31T10:00:00+00:00", "2024-01-31T10:00:00-00:00", "2024-01-31T1٠:00:00", "31/01/2024 10:00", "31/01/2024 1:2",
        "10:00:00", "10:00:00Z", "10:00:00.5", "24:00:00", "10:00", "1:00:00", "23:59:59", "10:00:60", "25:00:00", "10h30", "10:00:00+02:00",
        "10:00:00 ", "9:59:59", "10:00:0", "00:00:00", "10.00",
    ],
    "boolean": ["true", "True", "TRUE", "false", "False", "FALSE", "1", "0", "oui", "non", "Oui", "vrai", "faux", "true ", " true", "tRue", "2", "yes"],
    "geo": [
        "1,2", "1, 2", " 1 , 2 ", "1e1,2", "1_0,2", "180,90", "-180,-90", "180.0000001,0", "0,90.1", "1,2,3", "1;2", "NaN,1", "1,INF", "sNaN,1",
        ",", "1,", "91,91", "１,２", "[1, 2]", "[1,2]", '["1","2"]', "[1]", "[1,2,3]", "[true,false]", "[null,1]", "[[1],2]", "[181,0]", "[1e2,0]",
        "[NaN, 1]", "[Infinity, 1]", '{"lon": 1, "lat": 2}', '{"lat": 2, "lon": 1}', '{"lon": "1", "lat": "2"}', '{"lon": 1}',
        '{"lon": 1, "lat": 2, "x": 3}', '{"lon": null, "lat": 2}', '{"lon": 181, "lat": 0}', '"12"', "12", "null", "{}", "[", "[[[[",
        '{"type": "Point", "coordinates": [1, 2]}', '{"type": "Point"}', '{"type": "Feature", "geometry": null, "properties": {}}',
        '{"type": "Topology", "objects": {}, "arcs": []}',
    ],
    "json": [
        "[]", "{}", "[1]", "[1, 2]", '["a"]', '["a","b"]', "[true]", "[null]", '{"a": 1}', '{"a": 1, "b": 2}', "null", "true", "1", '"a"', "[1,]",
        "{'a': 1}", "[NaN]", "[[1], [2]]", "[1, 2, 3]", "[" * 60, "[" * 2_000, '{"a": {"b": [1]}}', "a,b", "1,2", "1;2", "1,x", "1,2,3", "true,false",
        "2024-01-31,2024-02-01", ",", "a", "1,,2", "P1Y", "P1D", "PT1H", "P1Y2M3DT4H5M6S", "P", "PT", "P1", "1Y", "P1W", "-P1D", "P0D", "P1.5D",
        "P1Y1W", "pt1h", "P2024-01-01T00:00:00", "PT36H", "P1D ",
    ],
    "string": [
        "a@b.fr", "é@b.fr", "a@é.fr", "A@B.FR", "a.b-c_d@e-f.g.fr", "a@b", "a@b.f", "a@b.123", "a@b.c0m", "a@localhost", "a@[127.0.0.1]", "a@127.0.0.1",
        "a..b@c.fr", ".a@b.fr", "a.@b.fr", "a@b_c.fr", "a@-b.fr", "a@b-.fr", "a@b--c.fr", "a@xn--bcher-kva.fr", "a@xn--a.fr", "a@b.xn--fr", '"a b"@c.fr',
        "a b@c.fr", "a@b.fr\n", " a@b.fr", "a@b.fr ", "a@@b.fr", "a@b@c.fr", "a+b@c.fr", "a'b@c.fr", "a&b@c.fr", "a@b..fr", "a@.fr", "@b.fr", "a@",
        "a" * 64 + "@b.fr", "a" * 65 + "@b.fr", "a@" + "b" * 63 + ".fr", "a@" + "b" * 64 + ".fr", "a@" + "b." * 130 + "fr", "1@2.fr", "a@b.fr.", "a@b.FR1",
        "_a@b.fr", "-a@b.fr", "a-@b.fr", "a_@b.fr", "a@b.co-m", "a@1.fr", "a@1-2.fr", "a/b@c.fr", "a=b@c.fr", "a{b@c.fr", "a`b@c.fr", "a|b@c.fr",
        "https://a.fr", "http://a.fr/é x", "http:", "http://", "https:/a", "a:b", "C:\\x", "1a:b", "é:b", "a b:c", " http://a.fr", "www.a.fr", "//a.fr/b",
        "mailto:a@b.fr", "urn:x", "http://[::1]", "http://[", "http://a:b", "http://a:99999/", "http://a.fr\n", "http://\n", "ht\ntp://a", "a+b-c.1:", ":a", "",
        "http://é.fr", "HTTP://A", "https:é", "%zz:a", "a%20b:c", "http://a.fr/<>|{}%zz", "http://a/?q#f#g", "\thttp://a", "http\0://a", "h:\0", "0:1",
        "0f6b1d3a-2c58-4e1f-9b7a-5d3c1e8f4a20", "0F6B1D3A-2C58-4E1F-9B7A-5D3C1E8F4A20", "{0f6b1d3a-2c58-4e1f-9b7a-5d3c1e8f4a20}",
        "0f6b1d3a2c584e1f9b7a5d3c1e8f4a20", "urn:uuid:0f6b1d3a-2c58-4e1f-9b7a-5d3c1e8f4a20", "0f6b1d3a-2c58-4e1f-9b7a-5d3c1e8f4a2g",
        "0f6b1d3a:2c58-4e1f-9b7a-5d3c1e8f4a20", "0f6b1d3a-2c58-4e1f-9b7a-5d3c1e8f4a2", "00000000-0000-0000-0000-000000000000", "0f6b1d3a-2c58-4e1f-9b7a-5d3c1e8f4a2@",
        "YQ==", "YQ", "YQ=", "!!!!", "!!!", "aGVsbG8=", "aGVs bG8=", "é===", "====", "YQ==YQ==", "a", "ab", "abc", "abcd", "abcde", "\0",
        "POINT (1 2)", "POINT(1 2)", "POINT", "LINESTRING (1 2, 3 4)", "POINT (1 2", "point (1 2)",
    ],
}  # fmt: skip
"""Cells known to be read in surprising ways, by family of types."""

EVERY_TRAP = sorted({cell for cells in TRAPS.values() for cell in cells})

_FAMILIES = {
    "string": ("string", "text"), "any": ("text", "number"), "integer": ("number",), "number": ("number",), "boolean": ("boolean",),
    "date": ("date", "datetime"), "datetime": ("datetime", "date"), "time": ("datetime",), "year": ("date", "number"), "yearmonth": ("date",),
    "geopoint": ("geo",), "array": ("json", "geo"), "object": ("json", "geo"), "list": ("json", "text"), "duration": ("json",), "geojson": ("geo", "json"),
}  # fmt: skip
_ORDERED = ("integer", "number", "date", "datetime", "time", "year", "yearmonth")
_DATE_FORMS = ("default", "any", "%d/%m/%Y", "%Y%m%d", "%d %m %Y", "%Y")
_FORMATS: dict[str, tuple[str, ...]] = {
    "string": ("default", "default", "default", "uri", "email", "uuid", "binary"),
    "date": _DATE_FORMS,
    "datetime": ("default", "any", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S%z"),
    "time": ("default", "any", "%H:%M", "%H:%M:%S%z"),
    "geopoint": ("default", "array", "object"),
    "geojson": ("default", "topojson"),
}
PATTERNS = (
    r"^\d{14}$", r"\d{2}", r"[0-9]{2}", "a|b", "(a|b)x?", "^a$|^b$", "a|", "(a|ab)(c|bcd)?", "[a-z]+", "[A-Z][a-z]*", "é+", "[éÉ]", "[^a]", r"[^\d]+",
    r"\D*", r"\w+", r"\W", r"\s", r"\S+", ".", ".*", ".+", "(?i:ab)", "(?:a|b){2}", "a{,3}", r"\d+(,\d+)?", r"(?=a)ab", r"a\b.*", r"(a)\1", "[a-c-]+", r"\d{4}-\d{2}",
    r"^(\d{2}|2[AB])\d{3}$", r"W\d{9}", "(?s:.)", "(?m:^a$)", r"\x61b?", "[[:alpha:]]", "", "^$", "a++", r"(?>ab|a)b?", r"[\w.]+@[\w.]+", r"(?a:\w)+", r"\Aab\Z",
    r"(a?){3}b", "😀", "[a-é]+", r"\u00e9", "(?x: a b)", "[\\s\\S]{1,3}", "x{256}", "(?!x).*", "(?<=a)b", "a$", r"-?\d+\.?\d*",
)  # fmt: skip
"""Patterns frictionless accepts: alternatives, sets, categories, non-ASCII, flags, look-around."""

_BOUND_VALUES: dict[str, list[Any]] = {
    "integer": [0, 1, -3, 99999, "5", 2.0],
    "number": [0, 1, -5, 0.1, 0.3, 1.5, "0.3", "1", 1e5, 123456789012345, 9007199254740993],
    "date": ["2024-01-31", "2000-01-01", "0001-01-01"],
    "datetime": ["2024-01-31T10:00:00", "2024-01-31T10:00:00Z", "2000-01-01T00:00:00"],
    "time": ["10:00:00", "10:00:00Z", "00:00:00"],
    "year": ["2024", 2024, 0, 9999],
    "yearmonth": ["2024-01", "2024-1", [2024, 1]],
}
_ENUMS: dict[str, list[list[Any]]] = {
    "string": [["a", "b"], ["a"], ["é", "oui", ""], ["a@b.fr", "https://a.fr"], [1, 2]],
    "any": [["a", "1"], [1, "b"]],
    "integer": [["1", "2"], [1, 2], [0, "x"]],
    "number": [["1", "0.1"], [1, 0.3], ["1.0", None]],
    "boolean": [["true"], [True], ["oui", False]],
    "date": [["2024-01-31", "x"]],
    "datetime": [["2024-01-31T10:00:00Z"]],
    "time": [["10:00:00"]],
    "year": [["2024"], [2024]],
    "yearmonth": [["2024-01"], [[2024, 1]]],
    "geopoint": [["1,2"], ["1, 2.0", "91,91"]],
    "array": [["[1]", "[1, 2]"], [[1]]],
    "object": [['{"a": 1}', "{}"]],
    "duration": [["P1D", "PT1H"]],
    "geojson": [['{"type": "Point", "coordinates": [1, 2]}']],
}
_TYPES = tuple(_FAMILIES)


def _bounds(kind: str, form: str) -> list[Any]:
    """Return bounds a field can read in its own format."""
    if kind in ("date", "datetime", "time") and form.startswith("%"):
        return {
            "%d/%m/%Y": ["31/01/2024"], "%Y%m%d": ["20240131"], "%d %m %Y": ["31 01 2024"], "%Y": ["2024"], "%d/%m/%Y %H:%M": ["31/01/2024 10:00"],
            "%Y-%m-%dT%H:%M:%S%z": ["2024-01-31T10:00:00+0200"], "%H:%M": ["10:00"], "%H:%M:%S%z": ["10:00:00Z"],
        }[form]  # fmt: skip
    return _BOUND_VALUES[kind]


@st.composite
def options_of(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Draw the options of a type: marks of numbers, words of booleans, items of lists."""
    options: dict[str, Any] = {}
    if kind in ("integer", "number") and draw(st.booleans()):
        options["bareNumber"] = draw(st.booleans())
    if kind == "number":
        if draw(st.booleans()):
            options["decimalChar"] = draw(st.sampled_from([".", ",", "@", ""]))
        if draw(st.booleans()):
            options["groupChar"] = draw(st.sampled_from(["", " ", ",", ".", "\u202f", "'"]))
        if draw(st.sampled_from([False, False, True])):
            options["floatNumber"] = draw(st.booleans())
    if kind == "boolean":
        if draw(st.booleans()):
            options["trueValues"] = draw(st.sampled_from([["oui"], ["1", "vrai"], ["true", "oui", "0"], [""]]))
        if draw(st.booleans()):
            options["falseValues"] = draw(st.sampled_from([["non"], ["0", "faux"], ["false", "oui"]]))
    if kind == "list" and draw(st.booleans()):
        options["itemType"] = draw(st.sampled_from(["string", "integer", "number", "boolean", "date"]))
        options["delimiter"] = draw(st.sampled_from([",", ";"]))
    if kind == "array" and draw(st.booleans()):
        options["arrayItem"] = draw(st.sampled_from([{"type": "integer"}, {"constraints": {"enum": ["a"]}}]))
    if draw(st.sampled_from([False] * 5 + [True])):
        options["missingValues"] = draw(MISSING)
    return options


@st.composite
def constraints_of(draw: st.DrawFn, kind: str, form: str) -> dict[str, Any]:
    """Draw constraints that frictionless applies to the type."""
    possible = ["required"]
    if kind in _ORDERED:
        possible += [
            draw(st.sampled_from(["minimum", "exclusiveMinimum"])),
            draw(st.sampled_from(["maximum", "exclusiveMaximum"])),
        ]
    if kind in ("string", "array", "object", "list"):
        possible += ["minLength", "maxLength"]
    if kind == "string":
        possible += ["pattern", "pattern"]
    if kind in _ENUMS:
        possible += ["enum"]
    found: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(possible), max_size=3)):
        if name == "required":
            found[name] = draw(st.booleans())
        elif name in ("minLength", "maxLength"):
            found[name] = draw(st.integers(0, 6))
        elif name == "pattern":
            found[name] = draw(st.sampled_from(PATTERNS))
        elif name == "enum":
            found[name] = draw(st.sampled_from(_ENUMS[kind]))
        else:
            found[name] = draw(st.sampled_from(_bounds(kind, form)))
    return found


MISSING = st.sampled_from(
    [("",), ("",), ("", "NC"), ("", "0"), ("", "1", "-"), ("-",), (), ("", " "), ("", "None", "é"), ("", "2024-01-31")]
)


@st.composite
def fields(draw: st.DrawFn, name: str = "champ", kinds: tuple[str, ...] = _TYPES) -> Field:
    """Draw a field of any type, with options and constraints."""
    kind = draw(st.sampled_from(kinds))
    form = draw(st.sampled_from(_FORMATS.get(kind, ("default",))))
    return Field(name, kind, form, draw(constraints_of(kind, form)), draw(options_of(kind)))


_TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
_NEAR: dict[str, st.SearchStrategy[str]] = {
    "number": st.one_of(
        st.decimals(allow_nan=False, allow_infinity=False).map(str), st.integers().map(str),
        st.from_regex(r"\A\s?[-+]?[0-9_]{0,17}[.,]?\d{0,17}([eE][0-9]{1,3})?\s?\Z"), st.text("0123456789.,-+ eE_€%a", max_size=8),
    ),
    "date": st.one_of(st.dates().map(str), st.from_regex(r"\A\s?[0-9]{3,5}-\d{1,2}-\d{1,2}\s?\Z"), st.from_regex(r"\A\d{1,2}/\d{1,2}/\d{2,5}\Z")),
    "datetime": st.one_of(st.datetimes().map(lambda d: d.isoformat()), st.from_regex(r"\A\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d+)?(Z|[+-]\d\d(:?\d\d)?)?\Z")),
    "string": st.one_of(
        st.from_regex(r"\A[A-Za-z0-9._+-]{1,8}@[A-Za-z0-9-]{1,8}(\.[A-Za-z0-9-]{1,4}){1,2}\Z"), st.from_regex(r"\A[A-Za-z][a-z+.-]{0,6}:[!-~é]{0,12}\Z"),
        st.from_regex(r"\A[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{11,12}\Z"),
    ),
    "geo": st.from_regex(r"\A-?\d{1,3}(\.\d+)?, ?-?\d{1,2}(\.\d+)?\Z"),
}  # fmt: skip


def cells(kind: str) -> st.SearchStrategy[str]:
    """Return a strategy of cells for a type: its traps, near misses, and anything."""
    families = _FAMILIES[kind]
    own = [st.sampled_from([cell for family in families for cell in TRAPS[family]])]
    near = [_NEAR[family] for family in families if family in _NEAR]
    return st.one_of(*own, *own, *near, st.sampled_from(EVERY_TRAP), _TEXT)


@dataclass(frozen=True)
class Drawn:
    """A schema and the bytes of a table, with how they are written."""

    schema: TableSchema
    data: bytes
    delimiter: str
    quotechar: str
    bom: bool
    header_row: int


def _keys(draw: st.DrawFn, names: list[str], present: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if draw(st.sampled_from([False, False, True])):
        found["primary_key"] = tuple(draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)))
    if draw(st.sampled_from([False] * 3 + [True])):
        width = draw(st.integers(1, min(2, len(present))))
        here = draw(st.lists(st.sampled_from(present), min_size=width, max_size=width, unique=True))
        there = draw(st.lists(st.sampled_from(present), min_size=width, max_size=width, unique=True))
        found["foreign_keys"] = (ForeignKey(tuple(here), "", tuple(there)),)
    return found


_HASHABLE = tuple(kind for kind in _TYPES if kind not in ("array", "object", "list", "geojson"))


@st.composite
def tables_of_every_kind(draw: st.DrawFn) -> Drawn:
    """Draw a table: fields of any type, keys, any dialect, blank, ragged and repeated rows anywhere."""
    keyed = draw(st.booleans())
    kinds = _HASHABLE if keyed else _TYPES  # frictionless cannot hash a list: such keys have their own tests
    columns = [draw(fields(f"c{number}", kinds)) for number in range(draw(st.integers(1, 4)))]
    if keyed:
        columns = [_unique(field) if draw(st.sampled_from([False, False, True])) else field for field in columns]
    present = list(draw(st.permutations(columns))[: draw(st.integers(1, len(columns)))])
    keys = _keys(draw, [field.name for field in columns], [field.name for field in present]) if keyed else {}
    schema = TableSchema("essai/essai", "1", "Essai", tuple(columns), draw(MISSING), **keys)
    present += [Field(f"h{n}") for n in range(draw(st.sampled_from([0, 0, 1] if len(present) > 1 else [0, 1, 1])))]
    pools = [draw(st.lists(cells(field.type), min_size=1, max_size=4)) for field in present]
    rows = []
    for _ in range(draw(st.integers(0, 8))):
        row = [
            draw(st.one_of(st.sampled_from(pool), cells(field.type)))
            for field, pool in zip(present, pools, strict=True)
        ]
        rows.append(_shaped(draw, row, schema, rows))
    return _written(draw, schema, [field.name for field in present], rows)


def _unique(field: Field) -> Field:
    return Field(field.name, field.type, field.format, {**field.constraints, "unique": True}, field.options)


def _shaped(draw: st.DrawFn, row: list[str], schema: TableSchema, rows: list[list[str]]) -> list[str]:
    shape = draw(st.sampled_from(["right"] * 6 + ["short", "long", "blank", "missing", "line", "again"]))
    if shape == "short":
        return row[: draw(st.integers(1, len(row)))]
    if shape == "long":
        return row + draw(st.sampled_from([[""], ["de trop"], ["un", 'd"eux'], ["a\u2028b", "x\ny"]]))
    if shape == "blank":
        return [""] * len(row)
    if shape == "missing" and schema.missing_values:
        return [draw(st.sampled_from(schema.missing_values)) for _ in row]
    if shape == "line":
        return []
    if shape == "again" and rows:
        return list(draw(st.sampled_from(rows)))
    return row


def _written(draw: st.DrawFn, schema: TableSchema, labels: list[str], rows: list[list[str]]) -> Drawn:
    delimiter = draw(st.sampled_from([",", ",", ";", "\t", "|"]))
    quotechar = draw(st.sampled_from(['"', '"', '"', "'"]))
    ends = draw(st.sampled_from([["\n"], ["\r\n"], ["\r"], ["\n", "\r\n", "\r"]]))
    titles = draw(st.sampled_from([0, 0, 0, 2]))
    stream = io.StringIO(newline="")
    for number in range(titles):
        stream.write(f"Titre {number}{ends[0]}")
    for row in [labels, *rows]:
        end = draw(st.sampled_from(ends))
        quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL] * 3 + [csv.QUOTE_ALL]))
        csv.writer(stream, delimiter=delimiter, quotechar=quotechar, lineterminator=end, quoting=quoting).writerow(row)
    text = stream.getvalue()
    if draw(st.booleans()):
        text = text.rstrip("\r\n") if rows and any(rows[-1]) else text  # the last line may have no end
    bom = draw(st.sampled_from([False, False, True]))
    return Drawn(
        schema, (b"\xef\xbb\xbf" if bom else b"") + text.encode("utf-8"), delimiter, quotechar, bom, titles + 1
    )
