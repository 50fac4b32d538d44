"""Decides whether the columns whose names nobody can guess are explained somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import MAIN_ROLES, file_of, place, record_of, table_of
from opendata_check.checks.texts import quoted
from opendata_check.folding import fold
from opendata_check.model.finding import Outcome
from opendata_check.wording import plural

_PIECES = re.compile(r"[^\W\d_]+")
_VOWELS = frozenset("aeiouy")
_SHOWN = 5


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per table that has cryptic names; none when all can be understood.

    A national model recognised, columns described by the catalogue or a notice among the files explain them.
    """
    table = table_of(case)
    if table is None or table.header_row is None or file_of(case).distribution.role not in MAIN_ROLES:
        return
    known = frozenset(case.words("short_names"))
    cryptic = [label for label in table.labels if label.strip() and _is_cryptic(label, known)]
    few = max(case.number("columns_from"), case.number("share") * len(table.labels))
    if len(cryptic) < few:
        return
    left = cryptic if file_of(case).schema is None else []
    told = {_key(field.name) for field in record_of(case).fields if field.description.strip() or field.label.strip()}
    left = [label for label in left if _key(label) not in told]
    if len(left) < few or _has_a_notice(case):
        yield Verdict(Outcome.COMPLIANT)
        return
    yield Verdict(
        Outcome.NON_COMPLIANT,
        values={
            "count": plural(len(left), "colonne a un nom abrégé", "colonnes ont un nom abrégé"),
            "names": _names(left),
        },
        locations=place(case),
        count=len(left),
    )


def _has_a_notice(case: Case) -> bool:
    return any(one.role == "documentation" for one in record_of(case).distributions)


def _names(labels: Sequence[str]) -> str:
    return quoted(labels, _SHOWN)


def _is_cryptic(label: str, known: frozenset[str]) -> bool:
    """Return whether no piece of a name is a word: four letters or more with a vowel, or a short one everyone knows."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label[:200])
    pieces = _PIECES.findall(fold(spaced))
    if not pieces:  # a year or a rank, as the columns of a series have
        return False
    return not any(piece in known or (len(piece) >= 4 and not _VOWELS.isdisjoint(piece)) for piece in pieces)


def _key(name: str) -> str:
    return re.sub(r"\W+|_", "", fold(name))
