"""Saved audits that an enemy wrote: the form is ours, every text, number or day in them is theirs."""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

for room in ("rereading", "reports"):
    sys.path.append(str(Path(__file__).resolve().parents[1] / room))

import rereading_samples  # noqa: E402 - found by the path above

from opendata_check import reports  # noqa: E402
from opendata_check.rereading import RereadingError, report_from  # noqa: E402

Path_ = tuple[str | int, ...]

TEXTS = {
    "script": "<script>document.title='pris'</script></style></script></title><img src=x onerror=document.title='pris'>",
    "javascript": "javascript:document.title='pris'",
    "data": "data:text/html,<script>parent.document.title='pris'</script>",
    "attribute": 'https://evil.example/"onmouseover="document.title=\'pris\'" style="background:url(//evil.example)',
    "style": "red;}</style><style>*{background:url(https://evil.example/x)}",
    "svg": "<svg onload=\"document.title='pris'\"><use href='data:image/svg+xml,x'/></svg>",
    "formula": '=cmd|"/C calc"!A0',
    "formula-blank": " \t@SUM(1+1)*cmd|' /C calc'!A0",
    "calendar": "x\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nATTACH:https://evil.example\r\nEND:VALARM",
    "turtle": 'x> . <urn:evil> a <urn:evil> . """ "@fr . <urn:evil> <urn:p> \\',
    "xml": "]]>\x00\x01\ufffe<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "github": "x\n::set-output name=a::b\r\n::error::x%0A::stop-commands::y\n##[add-mask]z",
    "markdown": "x\n# titre\n[lien](javascript:alert(1)) ![i](https://evil.example/i.png) <b>|`@equipe` https://evil.example",
    "terminal": "\x1b]0;pris\x07\x1b[2J\x9b31m\u202egnp.exe\u2066",
    "path": "../../../../etc/passwd",
    "device": "CON",
    "template": "{{ 7 * 7 }}{% raw %}{0}{name}${7*7}",
    "surrogate": "moitié \ud83d de lettre",
    "empty": "",
    "long": "A" * 1_000_000,
}
NUMBERS = (0, -1, 10**18, 2**63 - 1, -(10**18), 1e308, -1e308, -0.0, 5e-324)
_ALONE = {("duties", "*", "id")}
"""What must stay different from one item to the next."""
DAYS = ("0001-01-01", "1899-12-31", "9999-12-31")


@cache
def _text() -> str:
    return json.dumps(_cut(json.loads(reports.render(rereading_samples.portal(), "json"))))


def _cut(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cut(item) for key, item in value.items()}
    return [_cut(item) for item in value[:3]] if isinstance(value, list) else value


def honest() -> dict[str, Any]:
    """Return a small audit with everything a report may hold."""
    found: dict[str, Any] = json.loads(_text())
    return found


def _leaves(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for rank, item in enumerate(value):
            yield from _leaves(item, (*path, rank))
    else:
        yield path, value


def _set(document: dict[str, Any], path: Path_, value: Any) -> None:
    node: Any = document
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not _is_day(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def with_texts(text: str) -> dict[str, Any]:
    """Return the audit with ``text`` everywhere the reader takes it."""
    return _with(text, _is_text)


def with_numbers(number: float) -> dict[str, Any]:
    """Return the audit with ``number`` everywhere the reader takes it."""
    return _with(number, _is_number)


def with_days(day: str) -> dict[str, Any]:
    """Return the audit with ``day`` everywhere the reader takes it."""
    return _with(day, _is_day)


def _with(value: Any, wanted: Callable[[Any], bool]) -> dict[str, Any]:
    document, taken = honest(), 0
    known: dict[tuple[str, ...], bool] = {}
    for path, before in _leaves(honest()):
        kind = tuple("*" if isinstance(step, int) else step for step in path)
        if not wanted(before) or path[0] == "schema_version" or path == ("tool", "name") or kind in _ALONE:
            continue
        if kind not in known:
            tried = copy.deepcopy(honest())
            _set(tried, path, value)
            known[kind] = _is_taken(tried)
        if known[kind]:
            _set(document, path, value)
            taken += 1
    assert taken > 5, "the reader refuses everything: nothing is attacked"
    return document


def _is_taken(document: dict[str, Any]) -> bool:
    try:
        report_from(document)
    except RereadingError:
        return False
    return True


def written(document: dict[str, Any], format_: str) -> bytes:
    """Return a format's bytes for a saved audit."""
    made = reports.rendered(report_from(document), format_)
    if isinstance(made, bytes):
        return made
    return (made if isinstance(made, str) else "".join(made)).encode("utf-8")
