"""Writes a title, a description, keywords, a period and a territory from what a dataset holds, for someone to correct.

No cell is ever copied: the words come from the kind of data recognised, from well-known column names, from counts of
rows and from years. The dates of columns that speak of persons are left out. Words stand in rules/suggestions.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from opendata_check.checks.subjects import is_main
from opendata_check.checks.texts import plain
from opendata_check.folding import fold
from opendata_check.model.facts import TableFacts
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.organization import Organization
from opendata_check.resources import load_yaml, rules_folder
from opendata_check.wording import join_list, plural

_SURE = 0.6
"""Confidence from which a recognised family names the subject."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_CODE = re.compile(r"\d{9}|\d{14}|v\d+|(?=\w*\d)[0-9a-fA-F-]{10,}")
"""A SIREN, a SIRET, a version, a digest or a uuid."""
_MOST_LABELS = 6
_MOST_KEYWORDS = 6
_MAX_TITLE = 120
_SHORT_SUBJECT = 4
_SUBJECT = 80


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What could be written in a record; each part is "" (or empty) when the content does not tell."""

    title: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    period: str = ""
    """« 2023 à 2025 », or one year."""
    territory: str = ""
    """« Nancy (54395) »."""


def suggestion(item: InspectedDataset, body: Organization | None, on: date) -> Suggestion:
    """Return what the record of a dataset could say."""
    subject, years = subject_of(item), years_of(item, on)
    name = plain(body.name, _SUBJECT) if body is not None else ""
    return Suggestion(
        title=_title(subject, name, years),
        description=_description(item, subject, name, years),
        keywords=_keywords(subject, name),
        period=_years(years),
        territory=territory_of(body),
    )


def territory_of(body: Organization | None) -> str:
    """Return the name of a body with its INSEE code, "" when nobody says who it is."""
    if body is None or not body.name:
        return ""
    name = plain(body.name, _SUBJECT)
    return f"{name} ({body.insee_code})" if body.insee_code else name


def subject_of(item: InspectedDataset) -> str:
    """Return what the data are about: the family recognised, the model of their table, else the title's own words."""
    known = [match for match in item.matches if match.confidence >= _SURE and match.family in _families()]
    if known:
        return _families()[max(known, key=lambda match: match.confidence).family]
    for file in item.files:
        if file.schema is not None and file.schema.schema.title and is_main(file):
            return plain(file.schema.schema.title, _SUBJECT)
    return _said_by(item.dataset.title)


def says_nothing(title: str) -> bool:
    """Return whether a title holds no word that names a subject: « export_2024_v2 », « Sans titre », « 3f2a-77 »."""
    return not any(_meaningful(title))


def years_of(item: InspectedDataset, on: date) -> tuple[int, int] | None:
    """Return the first and last year of the data: its dated columns', else those its title and file names hold."""
    found = [years for file in item.files if is_main(file) for years in _dated(file, on)]
    if not found:
        names = " ".join([item.dataset.title, *(file.name for file in item.files if is_main(file))])
        written = [int(year) for year in _YEAR.findall(names[:2000]) if _is_plausible(int(year), on)]
        found = [(year, year) for year in written]
    return (min(first for first, _ in found), max(last for _, last in found)) if found else None


def readable_labels(table: TableFacts) -> list[str]:
    """Return the column names that everybody understands, as written, six at most; never one that could be a value."""
    known = frozenset(_words()["known_labels"])
    return [plain(label, 40) for label in table.labels if _spaced(label) in known][:_MOST_LABELS]


# ---- parts


def _title(subject: str, name: str, years: tuple[int, int] | None) -> str:
    if not subject:
        return ""
    if name and fold(name) in fold(subject):
        name = ""
    told = {
        "subject": _YEAR.sub("", subject).strip(" -,()") if years else subject,
        "body": name,
        "years": _years(years),
    }
    key = "title" if name and years else "title_no_years" if name else "title_no_body" if years else ""
    return plain(_phrase(key, **told) if key else subject, _MAX_TITLE)


def _description(item: InspectedDataset, subject: str, name: str, years: tuple[int, int] | None) -> str:
    tables = [file.facts.table for file in item.files if is_main(file) and file.facts is not None and file.facts.table]
    table = max((found for found in tables if found.labels), key=lambda found: found.row_count, default=None)
    if not subject or table is None:
        return ""
    labels = readable_labels(table)
    told = _phrase(
        "table",
        rows=plural(table.row_count, "ligne"),
        columns=plural(len(table.labels), "colonne"),
        labels=_phrase("labels", names=join_list(labels)) if labels else "",
    )
    dated = (
        ""
        if years is None
        else _phrase("one_year" if years[0] == years[1] else "period", first=years[0], last=years[1])
    )
    of_body = _phrase("of_body", body=name) if name else ""
    return plain(_phrase("description", subject=subject, of_body=of_body, table=told, period=dated), 600)


def _keywords(subject: str, name: str) -> tuple[str, ...]:
    """Return the subject itself when it is short, then its words, then the body's name."""
    small = frozenset(_words()["small_words"])
    words = [word.lower() for word in _meaningful(subject) if len(word) > 3 and fold(word) not in small]
    whole = _YEAR.sub("", subject).strip(" -,()").lower()
    first = [whole] if 1 < len(whole.split()) <= _SHORT_SUBJECT else []
    kept = dict.fromkeys([*first, *words, *([name.lower()] if name else [])]) if words else {}
    return tuple(kept)[:_MOST_KEYWORDS]


def _years(years: tuple[int, int] | None) -> str:
    if years is None:
        return ""
    first, last = years
    return str(first) if first == last else _phrase("years", first=first, last=last)


# ---- reading


def _said_by(title: str) -> str:
    """Return a title made presentable, "" when it says nothing; numbers of bodies, versions and digests go."""
    bare = re.sub(r"\.\w{2,8}$", "", title.strip()[:300])
    spaced = re.sub(r"[_\s]+|(?<!\d)-|-(?!\d)", " ", bare)
    text = plain(" ".join(word for word in spaced.split() if not _CODE.fullmatch(word)), _SUBJECT)
    return f"{text[:1].upper()}{text[1:]}" if any(_meaningful(text)) else ""


def _meaningful(text: str) -> Iterator[str]:
    empty = frozenset(_words()["empty_words"])
    for word in re.findall(r"[^\W\d_]+", text[:500]):
        if len(word) > 1 and fold(word) not in empty:
            yield word


def _dated(file: InspectedFile, on: date) -> Iterator[tuple[int, int]]:
    """Yield the years of each dated column that speaks of facts, not of persons nor of the file itself."""
    if file.facts is None or file.facts.table is None:
        return
    personal = {hint.column for hint in file.facts.personal}
    for column in file.facts.table.columns:
        label = _spaced(column.label)
        if column.kind != "date" or not column.first_date or column.label in personal:
            continue
        if any(part in label for part in _words()["not_a_period"]):
            continue
        first, last = int(column.first_date[:4]), int(column.last_date[:4])
        if _is_plausible(first, on) and _is_plausible(last, on):
            yield first, last


def _is_plausible(year: int, on: date) -> bool:
    return int(_words()["oldest_year"]) <= year <= on.year + int(_words()["years_ahead"])


def _spaced(label: str) -> str:
    return " ".join(re.sub(r"[_\-.]+", " ", fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label[:100]))).split())


@cache
def _words() -> dict[str, Any]:
    return dict(load_yaml(rules_folder() / "suggestions.yaml"))


def _phrase(key: str, **values: object) -> str:
    text: str = _words()["phrases"][key].format(**values)
    return text


@cache
def _families() -> dict[str, str]:
    """Return the titles of the families of data one expects of a public body, by id."""
    content = load_yaml(rules_folder() / "expected_datasets.yaml")["families"]
    return {str(entry["id"]): str(entry["title"]) for entry in content}
