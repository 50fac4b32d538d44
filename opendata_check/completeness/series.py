"""Which years a series of files holds, and which years between the first and the last are missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from opendata_check.folding import fold
from opendata_check.matching import families, settings
from opendata_check.model.completeness import YearSeries
from opendata_check.model.inspected import InspectedDataset, InspectedFile

_FEWEST = 3
"""Distinct years that make a series: with two, nobody knows the rhythm."""
_WIDEST_RANGE = 60
_MAX_TEXT = 300
_MAX_FILES = 5_000

_DAY = (
    r"(?<![0-9])(?:((?:19|20)[0-9]{2})[-_. ]?(?:0[1-9]|1[0-2])[-_. ]?(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0?[1-9]|[12][0-9]|3[01])[-_./ ](?:0?[1-9]|1[0-2])[-_./ ]((?:19|20)[0-9]{2}))(?![0-9])"
)
_FULL_DATE = re.compile(_DAY)
_FROM_TO = re.compile(rf"{_DAY} ?(?:a|au|-|–|/) ?{_DAY}")
_PAIR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2}) ?(?:[-–_/]| a | au )? ?((?:19|20)[0-9]{2})(?![0-9])")
_SHORT_PAIR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})[-_/]([0-9]{2})(?![-_/]?[0-9])")
_ONE = re.compile(r"(?<![0-9])(?<![0-9][.,])((?:19|20)[0-9]{2})(?![0-9])(?![.,][0-9]{3}(?![0-9]))")
_WORD_BEFORE = re.compile(r"([a-z0-9]+)[^a-z0-9]*$")
_WORD_AFTER = re.compile(r"[^a-z0-9]*([a-z]+[0-9]?)")

Span = tuple[int, int]
"""First and last year that a name speaks of; alike for a single year."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """One file of a series."""

    dataset: str
    spans: tuple[Span, ...]
    """What its name (else its dataset's) says; empty when nothing is said."""
    covered: frozenset[int]
    """Years that its date columns show."""
    sure: bool
    """Whether it surely belongs to the family."""


def series(datasets: Sequence[InspectedDataset], on: date) -> tuple[YearSeries, ...]:
    """Return the series by year: those of families that come out yearly, and those of a dataset without family.

    A gap is only told between the first and the last year; the year that has just ended is a question.
    """
    annual = {family.id: family.title for family in families() if family.series}
    groups: dict[tuple[str, str, str], list[_Unit]] = {}
    known = {family.id for family in families()}
    for item in datasets:
        confidence = {match.family: match.confidence for match in item.matches if match.family in known}
        best = max(confidence.values(), default=0.0)
        for family in sorted(name for name in confidence if name in annual):
            # Only what the dataset is first of all: a budget that names subsidies is no year of subsidies.
            if confidence[family] >= max(settings().probable, best):
                sure = confidence[family] >= settings().enough
                groups.setdefault((family, annual[family], ""), []).extend(_units(item, on, sure=sure))
        if best < settings().probable:
            groups.setdefault(("", item.dataset.title or item.key, item.key), []).extend(_units(item, on, sure=True))
    found = (_series(family, title, units, on) for (family, title, _), units in groups.items())
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.title, one.datasets)))


# --- What one file says of its years ------------------------------------------------------------------------------


def _units(item: InspectedDataset, on: date, *, sure: bool) -> Iterator[_Unit]:
    own = [file for file in item.files[:_MAX_FILES] if file.distribution.role == "main" and not file.member]
    title = spans_of(item.dataset.title, on) or spans_of(item.dataset.temporal, on)
    for file in own:
        spans = spans_of(_last_part(file.name), on) or spans_of(file.distribution.title, on) or title
        if not spans and (file.fault is not None or (file.facts is not None and file.facts.table is None)):
            continue  # a notice, or what could not be read, says nothing of years
        yield _Unit(item.key, spans, _covered(file, bool(spans)), sure)
    if not own and title:
        yield _Unit(item.key, title, frozenset(), sure)


def _last_part(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def spans_of(text: str, on: date) -> tuple[Span, ...]:
    """Return the years that a name speaks of, sorted: (2019, 2019), (2019, 2021) for « 2019-2021 ».

    No year of data: what is out of reach (before rules' ``first``, after next year), a figure inside a longer number,
    what follows certain words (« horizon 2020 »), a quantity (« 2000 arbres »).
    """
    plain = fold(text[:_MAX_TEXT])
    if "19" not in plain and "20" not in plain:
        return ()
    found: set[Span] = set()
    plain = _take(_FROM_TO, plain, found, on)
    plain = _take(_FULL_DATE, plain, found, on)
    plain = _take(_PAIR, plain, found, on)
    plain = _take(_SHORT_PAIR, plain, found, on)
    _take(_ONE, plain, found, on)
    return tuple(sorted(found))


def _take(pattern: re.Pattern[str], plain: str, found: set[Span], on: date) -> str:
    """Add to ``found`` what a pattern reads, and return the text without it."""
    rest = []
    start = 0
    for seen in pattern.finditer(plain):
        span = _span(pattern, seen)
        if span is None:
            continue
        if _reachable(span, on) and not _is_no_year(plain[: seen.start()], plain[seen.end() :], span):
            found.add(span)
        rest.append(plain[start : seen.start()])
        start = seen.end()
    return " ".join([*rest, plain[start:]])


def _span(pattern: re.Pattern[str], seen: re.Match[str]) -> Span | None:
    """Return the years read, or None when the pattern took two numbers that are no range."""
    if pattern is _FULL_DATE or pattern is _ONE:
        year = int(next(group for group in seen.groups() if group))
        return year, year
    if pattern is _FROM_TO:
        first, last = (int(group) for group in seen.groups() if group)
        return (first, last) if first <= last <= first + _WIDEST_RANGE else None
    first = int(seen[1])
    last = int(seen[2]) if pattern is _PAIR else first // 100 * 100 + int(seen[2])
    if pattern is _SHORT_PAIR and last != first + 1:
        return None
    return (first, last) if first < last <= first + _WIDEST_RANGE else None


def _reachable(span: Span, on: date) -> bool:
    return settings().first_year <= span[0] and span[1] <= on.year + 1


def _is_no_year(before: str, after: str, span: Span) -> bool:
    word = _WORD_BEFORE.search(before[-40:])
    if word is not None and word[1] in settings().not_years_after:
        return True
    behind = _WORD_AFTER.match(after[:40])
    return span[0] == span[1] and behind is not None and behind[1] in settings().counted


def _covered(file: InspectedFile, named: bool) -> frozenset[int]:
    """Return the years that a file's date columns show: all of them, or whole years only when its name tells one."""
    years: set[int] = set()
    columns = file.facts.table.columns if file.facts is not None and file.facts.table is not None else ()
    for column in columns:
        try:
            first, last = date.fromisoformat(column.first_date), date.fromisoformat(column.last_date)
        except ValueError:
            continue
        if not first <= last or last.year - first.year > _WIDEST_RANGE:
            continue
        whole = (
            year
            for year in range(first.year, last.year + 1)
            if not named or (first <= date(year, 1, 31) and last >= date(year, 12, 1))
        )
        years.update(whole)
    return frozenset(years)


# --- What the series says -----------------------------------------------------------------------------------------


def _series(family: str, title: str, units: Sequence[_Unit], on: date) -> YearSeries | None:
    spans = {span for unit in units for span in unit.spans}
    if len(spans) < _FEWEST:
        return None
    school = all(last == first + 1 for first, last in spans)
    present = {first for first, _ in spans} if school else _years(spans)
    dated = sorted(present)
    steps = [after - before for before, after in pairwise(dated)]
    if len(dated) < _FEWEST or 2 * steps.count(1) < len(steps):
        return None  # every two or six years: nobody expects the years between
    covered = frozenset[int]().union(*(unit.covered for unit in units))
    missing = [year for year in range(dated[0], dated[-1]) if year not in present and year not in covered]
    last = on.year - 1
    late = dated[-1] < last and last not in covered
    return YearSeries(
        family=family,
        title=title,
        datasets=tuple(sorted({unit.dataset for unit in units if unit.spans})),
        present=tuple(_label(year, school=school) for year in dated),
        missing=tuple(_label(year, school=school) for year in missing),
        expected=_label(last, school=school) if late else "",
        certain=all(unit.sure and bool(unit.spans or unit.covered) for unit in units),
    )


def _years(spans: Iterable[Span]) -> set[int]:
    return {year for first, last in spans for year in range(first, last + 1)}


def _label(year: int, *, school: bool) -> str:
    return f"{year}-{year + 1}" if school else str(year)
