"""Makes every text of a report safe to print, whatever a portal or a file name holds, before any format sees it."""

from __future__ import annotations

import operator
import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, TypeVar

from opendata_check.model.legal import LegalReference

if TYPE_CHECKING:
    from opendata_check.model.report import AuditReport

Value = TypeVar("Value")

MAX_TEXT = 2000
MAX_TITLE = 300
_TITLES = frozenset({"title", "dataset_title", "label", "column"})
_PLAIN = frozenset({int, float, bool, type(None), dict})
_MAX_MARKS = 3
"""Combining marks kept in a row: enough for any living script, too few to climb over the lines around."""

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor moves
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC: window titles, links
    r"|\x1b[ -/]*[0-~]?"  # any other escape
)
_SPACES = str.maketrans("\u00a0\u202f", "  ")


def _is_harmless(text: str) -> bool:
    """Return whether cleaning would leave ``text`` as it is: Western letters and signs, no mark, nothing invisible."""
    plain = text.translate(_SPACES)
    if not plain.isprintable():
        return False
    try:
        plain.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """Return ``text`` on one line, without terminal escapes, controls or invisible marks, at most ``limit`` long.

    Unassigned, private and surrogate code points become U+FFFD, so that the result encodes in UTF-8.
    """
    if len(text) <= limit and _is_harmless(text):
        return text
    kept: list[str] = []
    marks = 0
    for character in _ESCAPES.sub("", text[: 4 * limit]):
        category = unicodedata.category(character)
        if category in {"Cc", "Cf"} and character not in "\t\n\r\v\f":
            continue
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if character in "\t\n\r\v\f" or category in {"Zl", "Zp"}:
            kept.append(" ")
        elif category in {"Cs", "Co", "Cn"}:
            kept.append("\N{REPLACEMENT CHARACTER}")
        elif marks <= _MAX_MARKS:
            kept.append(character)
    if len(text) > 4 * limit:
        kept.append("…")
    return shorten("".join(kept), limit)


_ORDERS = re.compile(r"##(?=\[|vso\[|teamcity\[)")


def without_orders(line: str) -> str:
    """Return a line that a CI server takes for no order when it reads it in a log.

    GitHub obeys « ##[error] » anywhere in a line, Azure « ##vso[ », TeamCity « ##teamcity[ ».
    """
    return _ORDERS.sub("## ", line)


_FORMULA = frozenset("=+-@＝＋－＠\t\r")


def may_be_formula(text: str) -> bool:
    """Return whether a spreadsheet may take a cell for a formula. Source: OWASP, « CSV Injection »."""
    return text[:1] in _FORMULA or text.lstrip()[:1] in _FORMULA


def inert(text: str) -> str:
    """Return a cell as a spreadsheet shows it, never as a formula: an apostrophe stands before what may be one."""
    return f"'{text}" if may_be_formula(text) else text


def shorten(text: str, limit: int) -> str:
    """Return ``text`` cut to ``limit`` characters; a cut is shown by an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def is_absolute(location: str) -> bool:
    """Return True for an absolute local path of any system (never for a URL)."""
    return PurePosixPath(location).is_absolute() or PureWindowsPath(location).is_absolute()


def last_part(location: str) -> str:
    """Return the last component of a local path of any system; the location itself when it has none."""
    return PureWindowsPath(location).name or location


def made_safe(report: AuditReport) -> AuditReport:
    """Return the same report with every text cleaned, and local folders reduced to what is relative to them."""
    safe: AuditReport = _Cleaning(_roots(report)).safe(replace(report, target=""), MAX_TEXT)
    return replace(safe, target=clean(report.target))


def safe_value(value: Value) -> Value:
    """Return a value that holds no local path, with every text cleaned."""
    cleaned: Value = _Cleaning(()).safe(value, MAX_TEXT)
    return cleaned


def _roots(report: AuditReport) -> tuple[str, ...]:
    """Return the folders that were read, as they may stand in texts, longest first."""
    found = {catalog.location.rstrip("/\\") for catalog in report.catalogs if is_absolute(catalog.location)}
    for item in report.datasets:
        for distribution in item.dataset.distributions:
            path = "" if distribution.path is None else distribution.path.as_posix()
            if path.endswith("/" + distribution.id):
                found.add(path.removesuffix("/" + distribution.id))
    return tuple(sorted((root for root in found if root), key=lambda root: (-len(root), root)))


@cache
def _limits(kind: type) -> tuple[tuple[str, int], ...]:
    """Return the fields of a kind of value, with the length their texts may have."""
    return tuple((field.name, MAX_TITLE if field.name in _TITLES else MAX_TEXT) for field in fields(kind))


class _Cleaning:
    """Makes one value safe; what it holds many times (a text, the same articles in every finding) is cleaned once."""

    def __init__(self, roots: tuple[str, ...]) -> None:
        self._roots = roots
        self._texts: dict[int, dict[str, str]] = {MAX_TITLE: {}, MAX_TEXT: {}}
        self._articles: dict[int, tuple[tuple[LegalReference, ...], Any]] = {}
        """By identity: the articles themselves are kept too, so that their number is given to no others."""

    def safe(self, value: Any, limit: int) -> Any:
        """Return ``value`` rebuilt with safe texts; dates, numbers, paths and mappings are left as they are."""
        kind = type(value)
        if kind is str:
            return self._texts[limit].get(value) or self._text(value, limit)
        if kind is tuple:
            return self._tuple(value, limit) if value else value
        if kind in _PLAIN or not is_dataclass(kind):
            return self._text(value, limit) if isinstance(value, str) and not isinstance(value, Enum) else value
        if kind.__name__ == "Dialect":
            return value  # a tabulation there is a fact, and no format prints it raw
        changed = {}
        for name, longest in _limits(kind):
            before = getattr(value, name)
            after = self.safe(before, longest)
            if after is not before:
                changed[name] = after
        return replace(value, **changed) if changed else value

    def _text(self, text: str, limit: int) -> str:
        cleaned = clean(_without_roots(text, self._roots), limit)
        known = self._texts[limit][text] = text if cleaned == text else cleaned
        return known

    def _tuple(self, value: tuple[Any, ...], limit: int) -> tuple[Any, ...]:
        known = self._articles.get(id(value))
        if known is not None:
            return known[1]  # type: ignore[no-any-return]
        if all(isinstance(item, int) or _is_range(item) for item in value):
            return value
        made = tuple([self.safe(item, limit) for item in value])
        result = value if all(map(operator.is_, made, value)) else made
        if isinstance(value[0], LegalReference):
            self._articles[id(value)] = (value, result)
        return result


def _is_range(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(item, int) for item in value)


def _without_roots(text: str, roots: tuple[str, ...]) -> str:
    for root in roots:
        if root in text:
            alone = r"(?<![\w/.\\-])" + re.escape(root)
            text = re.sub(alone + r"[/\\]", "", text)
            text = last_part(root).join(re.split(alone + r"(?![\w-]|\.\w)", text))
    return text
