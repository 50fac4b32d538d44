"""The shared logic of the checks that look for private persons' data: places and counts, never a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import at, facts_of, place
from opendata_check.checks.texts import column
from opendata_check.model.facts import PersonalDataHint
from opendata_check.model.finding import Outcome
from opendata_check.resources import load_yaml, rules_folder
from opendata_check.wording import join_list, plural

_SHOWN = 4
"""Columns named in one sentence."""


@cache
def _said() -> Mapping[str, Any]:
    return dict(load_yaml(rules_folder() / "personal_data.yaml"))


def reasons() -> Mapping[str, str]:
    """Return, by id, the French clause that says what was recognised."""
    return dict(_said()["reasons"])


def hints_of(case: Case, *kinds: str) -> tuple[PersonalDataHint, ...]:
    """Return the alarms of these kinds in the file: the hints that no family of article D312-1-3 lets through."""
    return tuple(hint for hint in _all(case, kinds) if not hint.public_family)


def public_hints_of(case: Case, *kinds: str) -> tuple[PersonalDataHint, ...]:
    """Return the hints of these kinds that a family of article D312-1-3 of the CRPA lets through."""
    return tuple(hint for hint in _all(case, kinds) if hint.public_family)


def _all(case: Case, kinds: Sequence[str]) -> Iterable[PersonalDataHint]:
    facts = facts_of(case)
    return (hint for hint in facts.personal if hint.kind in kinds) if facts else ()


def judged(case: Case, kinds: Sequence[str], name: Callable[[PersonalDataHint], str]) -> Iterable[Verdict]:
    """Yield one verdict per alarm (named by ``name``, or ``doubt``); without any, what is public, else one a table."""
    hints = hints_of(case, *kinds)
    for hint in hints:
        yield fault(case, hint, name(hint))
    if not hints:
        public = public_hints_of(case, *kinds)
        yield from [allowed(case, public)] if public else clear(case)


def fault(case: Case, hint: PersonalDataHint, kind: str) -> Verdict:
    """Return the verdict on one column (or document): where it is, how many cells, what was recognised, no more.

    Under the confidence that the rule asks for (parameter ``alarm``), it is a question: the case ``doubt``.
    """
    sure = hint.confidence >= case.number("alarm")
    reason = reasons().get(hint.reason, "")
    return Verdict(
        Outcome.NON_COMPLIANT if sure else Outcome.UNVERIFIABLE,
        case=kind if sure else "doubt",
        values={
            "where": f"la {column(hint.column, hint.letter)}" if hint.column or hint.letter else "le document",
            "count": plural(hint.count, "cellule concernée", "cellules concernées"),
            "rows": at(hint.rows),
            "clue": f" Indice : {reason}." if reason else "",
        },
        locations=place(case, column=hint.column, letter=hint.letter, rows=hint.rows),
        count=max(hint.count, 1),
        rule=hint.kind,
        column=hint.column,
    )


def allowed(case: Case, hints: Sequence[PersonalDataHint]) -> Verdict:
    """Return the verdict on columns about persons that the decree lets be published as they are, and why."""
    families = {hint.public_family: _said()["families"][hint.public_family]["label"] for hint in hints}
    columns = [column(hint.column, hint.letter) for hint in hints]
    more = len(columns) - _SHOWN
    if more > 0:
        columns = [*columns[:_SHOWN], plural(more, "autre colonne", "autres colonnes")]
    return Verdict(
        Outcome.COMPLIANT,
        case="public",
        values={"columns": join_list(columns), "family": join_list(sorted(families.values()))},
        count=len(hints),
    )


def clear(case: Case) -> Iterable[Verdict]:
    """Yield the verdict of a table where nothing was found: good when all of it was read."""
    facts = facts_of(case)
    if facts is None or facts.table is None:
        return
    rows = {"rows": plural(facts.table.row_count, "ligne lue", "lignes lues")}
    if facts.table.truncated:
        yield Verdict(Outcome.UNVERIFIABLE, values=rows)
    else:
        yield Verdict(Outcome.COMPLIANT, values=rows)
