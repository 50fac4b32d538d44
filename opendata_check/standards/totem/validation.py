"""Judges a budget document (TotEM, @CTES): its parts, its codes, its lines, and the balance of a voted budget.

What is not judged, for want of the XSD or of a sure rule: the annexes (but for the names of persons), the general
information and ratios, the seal, the accounts against the nomenclature of their year, the order of elements, the sums
of modifications and accounts (only a primitive budget must balance), and the enriched lines of a single financial
account (``calculated="true"``), which repeat the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from opendata_check.standards.capping import capped
from opendata_check.standards.interface import Fault
from opendata_check.standards.totem.facts import RULES, facts
from opendata_check.standards.totem.lines import Line, Totals, judge_line
from opendata_check.standards.xml_stream import Element, XmlBroken, elements

_CODES = {"broken": "totem.xml", "huge": "totem.demesure", "unreadable": "totem.illisible"}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_SIRET = re.compile(r"[0-9]{14}")
_LOST = ("\N{REPLACEMENT CHARACTER}", "ï¿½")
"""What a letter became when it was written again in another encoding."""


def recognises(root: str, namespace: str = "") -> bool:
    """Return whether a file is a budget document, by its root element (local name) and its namespace when known."""
    return root in facts().roots and namespace in ("", facts().roots[root])


def validate(path: Path) -> Iterator[Fault]:
    """Yield what a budget document breaks. Never raises: what cannot be read is a fault.

    Parts are elements (« EnTeteBudget », « LigneBudget »), rows are lines of the file, amounts are in euros.
    """
    return capped(_faults(path), lambda code: RULES.fault("totem.non_liste", field=code))


def _faults(path: Path) -> Iterator[Fault]:
    document = _Document()
    try:
        for element in elements(path):
            yield from document.read(element)
            if document.is_foreign:
                return
        yield from document.end()
    except XmlBroken as broken:
        yield RULES.fault(_CODES[broken.why], line=broken.line, remedy=broken.remedy)


class _Document:
    """What is remembered while the elements go by: no line is kept."""

    def __init__(self) -> None:
        self.is_foreign = False
        self._opened: list[str] = []
        self._seen: set[str] = set()
        self._values: dict[str, str] = {}
        """Values of the block being read."""
        self._line: Line | None = None
        self._has_lines = False
        self._totals = Totals()
        self._person: dict[str, str] = {}
        self._step = ""
        self._nomenclature = ""
        self._budget_line = 0

    def read(self, element: Element) -> Iterator[Fault]:
        """Judge one tag."""
        if element.opens:
            inside = self._opened[-1] if self._opened else ""
            self._opened.append(element.name)
            yield from self._open(element, inside)
        else:
            self._opened.pop()
            yield from self._close(element)

    def _open(self, element: Element, inside: str) -> Iterator[Fault]:
        name = element.name
        if not inside:
            yield from self._root(element)
            return
        if name == "DocumentBudgetaire":
            self._seen.add(name)  # inside a single financial account
        value = element.attributes.get("V", "")
        if any(sign in value for sign in _LOST):
            yield RULES.fault("totem.caracteres_perdus", part=inside, field=name, line=element.line)
        if name == "LigneBudget" and inside == "Budget":
            self._has_lines = True
            self._line = None if element.attributes.get("calculated") == "true" else Line(element.line)
        elif self._line is not None and inside == "LigneBudget":
            yield from self._line.add(element)
        elif inside == facts().person_element and name in (facts().person_kind[0], facts().person_name):
            self._person[name] = value
        elif name in facts().blocks and facts().blocks[name].inside == inside:
            self._seen.add(name)
            self._values = {}
            if name == "Budget":
                self._begin_budget(element.line)
        elif inside in facts().blocks and name in facts().blocks[inside].known:
            yield from self._value(element, inside)

    def _root(self, element: Element) -> Iterator[Fault]:
        roots = facts().roots
        if element.name not in roots:
            self.is_foreign = True
            yield RULES.fault("totem.racine", field=element.name, line=element.line)
        elif element.namespace != roots[element.name]:
            yield RULES.fault("totem.espace_de_noms", field=element.name, line=element.line, value=element.namespace)
        self._seen.add(element.name)

    def _begin_budget(self, line: int) -> None:
        self._seen -= {name for name, block in facts().blocks.items() if block.inside == "Budget"}
        self._has_lines, self._totals, self._budget_line = False, Totals(), line
        self._step = self._nomenclature = ""

    def _value(self, element: Element, block: str) -> Iterator[Fault]:
        """Judge a value of a block."""
        value = element.attributes.get("V")
        if value is None:
            yield RULES.fault("totem.attribut_v", part=block, field=element.name, line=element.line)
            value = ""
        self._values[element.name] = value
        kind = facts().blocks[block].known[element.name]
        if kind == "step":
            self._step = value
        elif kind == "nomenclature":
            self._nomenclature = value
        code = _complaint(kind, value) if value else ""
        if code:
            yield RULES.fault(code, part=block, field=element.name, line=element.line, value=value)

    def _close(self, element: Element) -> Iterator[Fault]:
        name = element.name
        inside = self._opened[-1] if self._opened else ""
        if name == "LigneBudget" and inside == "Budget":
            if self._line is not None:
                yield from judge_line(self._line)
                self._totals.add(self._line, self._nomenclature)
                self._line = None
        elif name == facts().person_element:
            yield from self._named(element)
        elif name in facts().blocks and facts().blocks[name].inside == inside:
            for missing in facts().blocks[name].required:
                if not self._values.get(missing):
                    yield RULES.fault("totem.manquant", part=name, field=missing, line=element.line)
            self._values = {}
            if name == "Budget":
                yield from self._end_budget()

    def _named(self, element: Element) -> Iterator[Fault]:
        """Yield when the aid just read went to a person, who is named."""
        kind, person = facts().person_kind
        name = self._person.get(facts().person_name, "").strip()
        if self._person.get(kind) == person and name and "anonym" not in name.lower():
            yield RULES.fault(
                "totem.nom_de_personne", part=element.name, field=facts().person_name, line=element.line, personal=True
            )
        self._person = {}

    def _end_budget(self) -> Iterator[Fault]:
        for name, block in facts().blocks.items():
            if block.inside == "Budget" and name not in self._seen:
                yield RULES.fault("totem.bloc_manquant", part="Budget", field=name, line=self._budget_line)
        if not self._has_lines:
            yield RULES.fault("totem.sans_ligne", part="Budget", field="LigneBudget", line=self._budget_line)
        elif self._step == facts().voted_budget:
            yield from self._totals.judge(self._budget_line)

    def end(self) -> Iterator[Fault]:
        """Say which parts of the whole document were never seen."""
        if "DocumentBudgetaire" not in self._seen:
            self._seen.update(name for name, block in facts().blocks.items() if block.inside != "Budget")
            yield RULES.fault("totem.bloc_manquant", field="DocumentBudgetaire")
        for name, block in facts().blocks.items():
            if block.inside == "DocumentBudgetaire" and name not in self._seen:
                yield RULES.fault("totem.bloc_manquant", part="DocumentBudgetaire", field=name)


def _complaint(kind: str, value: str) -> str:
    """Return the code of the rule that a value of that kind breaks, or ""."""
    if kind == "siret":
        if not _SIRET.fullmatch(value):
            return "totem.siret_forme"
        from stdnum.fr import siret

        return "" if siret.is_valid(value) else "totem.siret_cle"
    if kind == "date":
        return "" if _is_day(value) else "totem.date"
    known = {
        "year": ("totem.annee", bool(_YEAR.fullmatch(value))),
        "step": ("totem.etape", value in facts().steps),
        "nomenclature": ("totem.nomenclature", value in facts().nomenclatures),
    }
    code, is_right = known.get(kind, ("", True))
    return "" if is_right else code


def _is_day(value: str) -> bool:
    try:
        return bool(_DAY.fullmatch(value)) and bool(date.fromisoformat(value))
    except ValueError:
        return False
