"""One line of a budget: its account, its direction, its amounts; and the totals of a budget by section."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from opendata_check.standards.interface import Fault
from opendata_check.standards.totem.facts import RULES, facts
from opendata_check.standards.xml_stream import Element
from opendata_check.wording import french_number

_ACCOUNT = re.compile(r"[0-9A-Za-z]{1,20}")
_AMOUNT = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_WITH_COMMA = re.compile(r"[+-]?[0-9]{1,15},[0-9]{1,15}")
_VOTED = ("MtPrev", "MtRARPrec")
"""What is voted, and what was left to do the year before: together they balance."""


class Line:
    """What a budget line says, amounts as they are written."""

    __slots__ = ("account", "amounts", "direction", "has_amount", "line", "section")

    def __init__(self, line: int) -> None:
        self.line = line
        self.account = ""
        self.direction = ""
        self.section = ""
        self.amounts: dict[str, Decimal] = {}
        self.has_amount = False

    def add(self, element: Element) -> Iterator[Fault]:
        """Take in one value of the line."""
        name = element.name
        value = element.attributes.get("V", "").strip()
        if name == "Nature":
            self.account = value
        elif name == "CodRD":
            self.direction = value
        elif name == "CaracSup" and element.attributes.get("Code") == "Section":
            self.section = value
        elif name.startswith(("Mt", "Cred")):
            self.has_amount = True
            if _AMOUNT.fullmatch(value):
                if name in _VOTED:
                    self.amounts[name] = Decimal(value)
                return
            plain = "".join(value.split())
            meant = plain.replace(",", ".") if _WITH_COMMA.fullmatch(plain) else ""
            yield RULES.fault(
                "totem.montant", part="LigneBudget", field=name, line=element.line, value=value, expected=meant
            )


def judge_line(line: Line) -> Iterator[Fault]:
    """Yield what a whole line lacks."""
    if not _ACCOUNT.fullmatch(line.account):
        yield RULES.fault("totem.nature", part="LigneBudget", field="Nature", line=line.line, value=line.account)
    if line.direction not in ("D", "R"):
        yield RULES.fault("totem.sens", part="LigneBudget", field="CodRD", line=line.line, value=line.direction)
    if not line.has_amount:
        yield RULES.fault("totem.sans_montant", part="LigneBudget", line=line.line)


class Totals:
    """Expenses and revenue of a budget: by section, and in all when the section of a line is unknown."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, str], Decimal] = {}
        self._is_sectioned = True

    def add(self, line: Line, nomenclature: str) -> None:
        """Count a line."""
        section = section_of(line, nomenclature)
        amount = sum(line.amounts.values(), Decimal(0))
        if not section and amount:
            self._is_sectioned = False
        key = (section, line.direction)
        self._sums[key] = self._sums.get(key, Decimal(0)) + amount

    def judge(self, row: int) -> Iterator[Fault]:
        """Yield where expenses differ from revenue, with both figures.

        The law asks each section to balance (CGCT L1612-4); a surplus is allowed in some cases (L1612-6, L1612-7): this
        is for a person to look at, not an error.
        """
        sections = {"F": "_fonctionnement", "I": "_investissement"} if self._is_sectioned else {"": ""}
        for section, name in sections.items():
            expenses, revenue = (self._total(section, direction) for direction in ("D", "R"))
            if expenses != revenue:
                figures = f"dépenses {_euros(expenses)}, recettes {_euros(revenue)}"
                yield RULES.fault(f"totem.desequilibre{name}", part="Budget", line=row, value=figures)

    def _total(self, section: str, direction: str) -> Decimal:
        """Return the sum in one direction of a section, of all of them for ""."""
        found = (amount for (place, way), amount in self._sums.items() if way == direction and section in ("", place))
        return sum(found, Decimal(0))


def section_of(line: Line, nomenclature: str) -> str:
    """Return F (fonctionnement) or I (investissement): as the line says, else by its account; "" when unknown."""
    if line.section in ("F", "I"):
        return line.section
    if nomenclature.partition("-")[0] not in facts().sectioned:
        return ""
    for section, accounts in (("F", facts().operating), ("I", facts().investment)):
        if line.account in accounts and len(line.account) == 3:
            return section
    for section, accounts in (("F", facts().operating), ("I", facts().investment)):
        if line.account[:1] in accounts:
            return section
    return ""


def _euros(amount: Decimal) -> str:
    return f"{french_number(float(amount), 2)}\N{NO-BREAK SPACE}€"
