"""Divides a long list of bodies into pages that a browser opens at once: by département, then by number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from opendata_check.model.lot import LotResult
from opendata_check.reports.lot.phrases import say, short

PAGE_ROWS = 4000
"""Rows a page holds: more, and the list goes by département."""
_NOT_IN_CODE = re.compile(r"[^0-9A-Za-z]")


@dataclass(frozen=True, slots=True)
class Part:
    """The bodies of one page."""

    slug: str
    """"" when the whole list fits one page; else what names its files."""
    label: str
    results: tuple[LotResult, ...]


def parts(results: Sequence[LotResult]) -> tuple[Part, ...]:
    """Return the audited bodies page by page: all together when they fit, else by département."""
    if len(results) <= PAGE_ROWS:
        return (Part("", "", tuple(results)),)
    by_code: dict[str, list[LotResult]] = defaultdict(list)
    names: dict[str, str] = {}
    for result in results:
        summary = result.summary
        code = _NOT_IN_CODE.sub("", summary.departement_code)[:3] if summary else ""
        by_code[code].append(result)
        if summary and code:
            names.setdefault(code, f"{short(summary.departement_name, 60) or code} ({code})")
    found: list[Part] = []
    for code in sorted(by_code, key=lambda code: (not code, code)):
        label = names.get(code) or say("no_departement")
        found += _cut(code.lower() or "sans", label, by_code[code])
    return tuple(found)


def _cut(slug: str, label: str, results: list[LotResult]) -> list[Part]:
    pages = [results[start : start + PAGE_ROWS] for start in range(0, len(results), PAGE_ROWS)]
    if len(pages) == 1:
        return [Part(slug, label, tuple(results))]
    return [
        Part(f"{slug}-{number}", say("part", label=label, number=number), tuple(page))
        for number, page in enumerate(pages, start=1)
    ]
