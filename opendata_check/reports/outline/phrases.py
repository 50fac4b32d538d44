"""French phrases the blocks share: citations, places in a file, times, levels; their words are in rules/words.yaml."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from opendata_check.errors import RulesError
from opendata_check.model.legal import Certainty, LegalReference, ReferenceKind
from opendata_check.model.organization import Organization
from opendata_check.reports.outline.basics import Citation
from opendata_check.resources import load_yaml, rules_folder
from opendata_check.wording import french_date, french_number, join_list, plural, word

if TYPE_CHECKING:
    from opendata_check.model.facts import RowRange
    from opendata_check.model.finding import Location

ASK_SUPPLIER = "demander_au_prestataire"
"""The effort that is a question to the software supplier."""
_SHOWN_POSITIONS = 3


def say(key: str, **values: object) -> str:
    """Return a phrase of the table ``report``, its braces filled."""
    return word("report", key).format(**values)


def say_count(key: str, count: int, **values: object) -> str:
    """Return the phrase ``key_one`` or ``key_many``."""
    return say(f"{key}_{'one' if count == 1 else 'many'}", count=french_number(count), **values)


def kind_word(organization: Organization | None, form: str) -> str:
    """Return « votre commune », « Votre intercommunalité »… for the body's kind."""
    return word("kinds", organization.kind if organization else "unknown", form)


def sentence(text: str) -> str:
    """Return ``text`` with a capital and a full stop, for texts the rules write either way."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?…»" else ".")


def whole(value: float) -> int:
    """Return a score or a percentage cut downwards: 100 is said only of what is whole."""
    return math.floor(value + 1e-9)


@cache
def _levels() -> dict[str, tuple[str, str]]:
    content = load_yaml(rules_folder() / "scoring.yaml")
    try:
        entries = [*content["levels"], content["blocked"], content["unknown"]]
        return {entry["id"]: (str(entry["label"]), str(entry["next"])) for entry in entries}
    except (KeyError, TypeError) as error:
        raise RulesError("les niveaux sont mal écrits", where="scoring.yaml") from error


def level(level_id: str) -> tuple[str, str]:
    """Return a level's name and what can be done next. Raises RulesError when rules/scoring.yaml lacks it."""
    try:
        return _levels()[level_id]
    except KeyError as error:
        raise RulesError(f"niveau inconnu « {level_id} »", where="scoring.yaml") from error


def effort(effort_id: str) -> str:
    """Return « une demi-heure (estimation) », or "" when the effort is not said; a supplier's time is not estimated."""
    if not effort_id or effort_id == ASK_SUPPLIER:
        return word("efforts", effort_id) if effort_id else ""
    return say("estimate", effort=word("efforts", effort_id))


_FEW = 4


def a_few(titles: Sequence[str]) -> list[str]:
    """Return the first titles, then how many more there are."""
    more = len(titles) - _FEW
    return [*titles[:_FEW], *([say("scope_more", count=more)] if more > 0 else [])]


def citation(reference: LegalReference) -> Citation:
    """Return a reference as printed: who says so when the text was not read, what kind of text when not a law."""
    label, dated = reference.label, reference.label
    day = _iso_day(reference.version)
    if day is not None:
        dated = say("version", label=label, day=french_date(day))
    if reference.kind is ReferenceKind.STANDARD:
        label, dated = say("standard", label=label), say("standard", label=dated)
    elif reference.certainty is Certainty.INTERPRETATION:
        label, dated = _according(reference, label), _according(reference, dated)
    url = reference.url if reference.url.startswith(("https://", "http://")) else ""
    return Citation(label=label, version=dated, url=url)


def _according(reference: LegalReference, label: str) -> str:
    if reference.text and reference.text in reference.according_to:
        return label  # « CADA, conseil… (selon la CADA) » would say it twice
    if reference.according_to:
        return say("according_to", label=label, source=reference.according_to)
    return say("unread", label=label)


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def citations(references: Iterable[LegalReference]) -> tuple[Citation, ...]:
    """Return the references as printed; when there is none, that it is a usage."""
    found = tuple(citation(reference) for reference in references)
    return found or (Citation(label=say("no_article"), version=say("no_article")),)


def main_citations(references: Iterable[LegalReference]) -> tuple[Citation, ...]:
    """Return the references whose text was read, or all of them when none was: for places where room is short."""
    every = tuple(references)
    return citations(tuple(ref for ref in every if ref.certainty is Certainty.TEXT) or every)


def first_text(references: Sequence[LegalReference]) -> str:
    """Return the first text, shortly, for a line of a table: « CGCT, art. L2131-1 »."""
    first = references[0]
    return f"{first.text}, {first.article}".replace(", article ", ", art. ").replace(", articles ", ", art. ")


def labels(articles: Sequence[Citation]) -> str:
    """Return the citations on one line."""
    return " ; ".join(article.label for article in articles)


def versions(articles: Sequence[Citation]) -> str:
    """Return the citations on one line, each with the date of the version read."""
    return " ; ".join(article.version for article in articles)


def quoted(titles: Sequence[str], shown: int = 3) -> str:
    """Return « a », « b » et 4 autres."""
    first = [f"«\N{NO-BREAK SPACE}{title}\N{NO-BREAK SPACE}»" for title in titles[:shown]]
    rest = len(titles) - len(first)
    return join_list([*first, plural(rest, "autre")] if rest else first)


def listed(names: Sequence[str], shown: int) -> str:
    """Return « a, b et 4 autres », or « a, b et c » when there are few."""
    rest = len(names) - shown
    if rest <= 1:  # « et 1 autre » is no shorter than the name
        return join_list(tuple(names))
    return join_list([*names[:shown], plural(rest, "autre")])


def place(location: Location, count: int) -> str:
    """Return where in its file: « feuille « 2025 », colonne B (date), lignes 4, 9, 12 et 233 autres »; "" when whole.

    ``count`` is how many rows are at fault when that is known to exceed what the ranges keep.
    """
    parts = []
    if location.sheet:
        parts.append(say("sheet", sheet=location.sheet))
    if location.letter and location.column:
        parts.append(say("column", letter=location.letter, label=location.column))
    elif location.letter:
        parts.append(say("column_letter", letter=location.letter))
    elif location.column:
        parts.append(say("column_label", label=location.column))
    if location.rows:
        parts.append(_rows(location.rows, count))
    return ", ".join(parts)


def _rows(rows: Sequence[RowRange], count: int) -> str:
    positions: list[RowRange] = []
    for first, last in rows[:_SHOWN_POSITIONS]:
        positions += [(first, first), (last, last)] if last == first + 1 else [(first, last)]
    positions = positions[:_SHOWN_POSITIONS]
    shown = [
        french_number(first) if first == last else say("to", first=french_number(first), last=french_number(last))
        for first, last in positions
    ]
    seen = sum(last - first + 1 for first, last in positions)
    rest = max(count, sum(last - first + 1 for first, last in rows)) - seen
    if rest:
        return say("lines_more", rows=", ".join(shown), count=french_number(rest))
    return say("line" if seen == 1 else "lines", rows=join_list(shown))
