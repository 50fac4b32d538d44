"""What each rule of a standard says when it is broken, and the fault made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from opendata_check.resources import data_file, load_yaml
from opendata_check.standards.interface import Fault

_MAX_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Rule:
    """What is said when a rule is broken."""

    level: str
    message: str
    remedy: str
    beyond: bool
    """True when no national schema states the rule."""


@dataclass
class RuleBook:
    """The rules of one standard, read from ``standards/data/<file>`` when first asked for."""

    file: str

    @cached_property
    def sentences(self) -> Mapping[str, Any]:
        """Return all that the file holds."""
        return dict(load_yaml(data_file("standards", self.file)))

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Return the rules, by code."""
        return {
            code: Rule(rule["level"], rule["message"], rule.get("remedy", ""), rule.get("beyond", False))
            for code, rule in self.sentences["rules"].items()
        }

    def fault(
        self,
        code: str,
        *,
        part: str = "",
        field: str = "",
        line: int = 0,
        value: str | None = None,
        expected: str = "",
        remedy: str = "",
        personal: bool = False,
    ) -> Fault:
        """Return the fault of a rule at one place; ``remedy`` says more than the rule's own."""
        rule = self.rules[code]
        return Fault(
            code=code,
            level=rule.level,
            message=rule.message,
            field=shown(field),
            part=shown(part),
            rows=(line,) if line else (),
            values=() if value is None or not line else (shown(value),),
            expected=(shown(expected),) if expected and line else (),
            remedy=remedy or rule.remedy,
            personal=personal,
        )


def shown(text: str) -> str:
    """Return a text fit for a report: cut, without control characters."""
    cut = text[:_MAX_SHOWN]
    return cut if cut.isprintable() else "".join(character if character.isprintable() else " " for character in cut)
