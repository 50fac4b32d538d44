"""Decides whether a text file is stored in UTF-8."""

from __future__ import annotations

from collections.abc import Iterable

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import facts_of, place
from opendata_check.model.finding import Outcome

_GOOD = frozenset({"utf-8", "utf-8-sig", "ascii"})
_NAMES = {
    "cp1252": "Windows-1252, l'encodage d'Excel",
    "latin-1": "ISO 8859-1 (Latin-1)",
    "utf-16": "UTF-16",
    "mac_roman": "l'ancien encodage des Mac",
    "cp850": "l'ancien encodage de MS-DOS",
}


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per text file of the formats the rule names."""
    facts = facts_of(case)
    if facts is None or facts.text is None or facts.envelope.detected not in case.words("formats"):
        return
    text = facts.text
    if text.encoding in _GOOD:
        yield Verdict(Outcome.COMPLIANT)
        return
    name = _NAMES.get(text.encoding, text.encoding)
    line = text.first_non_ascii_line
    yield Verdict(
        Outcome.NON_COMPLIANT,
        case="non_compliant" if text.certain else "likely",
        values={"encoding": name},
        locations=place(case, rows=((line, line),) if line else ()),
        seen=f"Encodage lu : {name}." + (f" Première lettre accentuée : ligne {line}." if line else ""),
    )
