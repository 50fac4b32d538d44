"""Tells which format a text is of, from its first characters: page, XML and its families, JSON, RDF, plan, table."""

from __future__ import annotations

import re

from opendata_check.folding import fold
from opendata_check.vocabulary import error_pages, format_of_extension

TEXT = "txt"
"""What is answered for a text that is neither a page, XML nor JSON: it may be a table."""

_BEFORE_ROOT = re.compile(r"\s*(?:<\?[^>]*\?>|<!--.*?-->|<!DOCTYPE(?!\s+html)[^>\[]*(?:\[.*?\]\s*)?>)", re.S | re.I)
_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|title|script|meta|table|div|center|h1|p|br)\b", re.I)
_ROOT = re.compile(r"\s*<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?=[\s>/]|$)")
_ROOT_TAG = 4_000
_ROOTS = {"kml": "kml", "rdf": "rdf", "svg": "svg"}
# Root element, in lower case: what this XML is.
_FAMILIES = {
    "gpx": "gpx", "publicationdelivery": "netex", "siri": "siri", "documentbudgetaire": "totem", "feed": "atom",
    "rss": "rss", "urlset": "sitemap", "osm": "osm", "kml": "kml", "mets": "mets", "ead": "ead",
}  # fmt: skip
_GML = "http://www.opengis.net/gml"
_EXCEL_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
_JSON_OBJECT = re.compile(r'\s*\{\s*(?:"|\}|$)')
_JSON_ARRAY = re.compile(r'\s*\[\s*(?:[\[{"\]\d-]|true|false|null|$)')
_JSON_ARRAY_SURE = re.compile(r"\s*\[\s*[\[{\]]")
_JSON_FAILURE = re.compile(r'\s*\{\s*"(?:errors?|error_?code)"\s*:(?!\s*(?:null|false|0\b|""|\[\s*\]|\{\s*\}))', re.I)
_TOPOJSON = re.compile(r'"type"\s*:\s*"Topology"')
_TEXT_STARTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"\s*BEGIN:VCALENDAR"), "ics", ""),
    (re.compile(r"\s*(?:@prefix|@base|PREFIX)\s+\S*:?\s*<"), "rdf", "turtle"),
    (re.compile(r"\s*<[a-z]{2,9}:[^>\s]{1,2000}>\s+<[a-z]{2,9}:[^>\s]{1,2000}>\s"), "rdf", "ntriples"),
    (re.compile(r"\s*(?:PROJCS|GEOGCS|PROJCRS|GEOGCRS)\["), "shp", "prj"),
    (re.compile(r"\s*0\r?\n\s*SECTION\r?\n"), "dxf", ""),
    (re.compile(r"\s*999\r?\n[^\n]{0,200}\n\s*0\r?\n\s*SECTION\r?\n"), "dxf", ""),
    (re.compile(r"!table\s+!version\s+\d", re.I), "mapinfo", "tab"),
    (re.compile(r"version\s+\d+\s+(?:charset|delimiter|coordsys|columns)\b", re.I), "mapinfo", "mif"),
)
_CODE_PAGE = re.compile(r"\s*[\w -]{3,20}\s*", re.ASCII)
_TITLE = re.compile(r"<(title|h1)\b[^>]{0,200}>(.{0,300}?)</\1", re.S | re.I)
_TITLE_PARTS = re.compile(r"\s[-–—|:]\s")
_SHORT_ANSWER = 2_000
_SHORT_JSON = 5_000


def text_kind(text: str, extension: str, *, size: int) -> tuple[str, str]:
    """Return the format and the variety of a text from its first characters; ``size`` is the file's, in bytes."""
    found, variety = _markup_kind(text, size)
    if found:
        return found, variety
    if _JSON_OBJECT.match(text) or _is_json_array(text, extension):
        return _json_kind(text, size)
    for pattern, kind, variety in _TEXT_STARTS:
        if pattern.match(text):
            return kind, variety
    if extension == "cpg" and _CODE_PAGE.fullmatch(text):
        return "shp", "cpg"
    return TEXT, "error" if size <= _SHORT_ANSWER and _is_short_error(text) else ""


def _markup_kind(text: str, size: int) -> tuple[str, str]:
    """Return html, svg, kml, rdf or xml with its family; ("", "") when the text is not markup."""
    start = 0
    while found := _BEFORE_ROOT.match(text, start):
        start = found.end()
    if _PAGE.match(text, start):
        return "html", "error" if _is_error_page(text) else ""
    root = _ROOT.match(text, start)
    if not root:
        return ("xml", "") if text.lstrip().startswith("<?xml") else ("", "")
    name = root[1].lower()
    if name in _ROOTS:
        return _ROOTS[name], ""
    if name in error_pages()[1] and size <= 10 * _SHORT_ANSWER:
        return "xml", "error"
    return "xml", _xml_family(name, text[start : start + _ROOT_TAG])


def _xml_family(root: str, tag: str) -> str:
    if root == "workbook" and _EXCEL_2003 in tag:
        return "spreadsheetml"
    if root == "document" and "opendocument" in tag:
        return "flat-opendocument"
    return _FAMILIES.get(root) or ("gml" if _GML in tag else "")


def _json_kind(text: str, size: int) -> tuple[str, str]:
    if '"@context"' in text[:4_000]:
        return "jsonld", ""
    if size <= _SHORT_JSON and _JSON_FAILURE.match(text):
        return "json", "error"
    return "json", "topojson" if _TOPOJSON.search(text, 0, 2_000) else ""


def _is_json_array(text: str, extension: str) -> bool:
    """Return whether the text starts as a JSON array; « [1] » may also start a text, so its name is heard."""
    announced = format_of_extension(extension) in ("json", "geojson", "jsonld")
    return bool((_JSON_ARRAY if announced else _JSON_ARRAY_SURE).match(text))


def _says_error(text: str) -> bool:
    said = fold(text)
    return bool(said) and said.startswith(error_pages()[0])


def _is_error_page(text: str) -> bool:
    """Return whether the page's title, or a part of it (« Mairie - 404 »), is how a server says it failed."""
    return any(_says_error(part) for found in _TITLE.finditer(text, 0, 20_000) for part in _TITLE_PARTS.split(found[2]))


def _is_short_error(text: str) -> bool:
    """Return whether a few lines are all there is, and say that a server failed: a table of numbers does not."""
    lines = [line.strip(" \"'") for line in text.strip("\ufeff").splitlines() if line.strip()]
    if not lines or len(lines) > 3 or any(mark in lines[0] for mark in ";\t,"):
        return False
    return any(letter.isalpha() for letter in lines[0]) and _says_error(lines[0])
