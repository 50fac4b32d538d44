"""Reads rules/special_bodies.yaml: bodies that also exercise the powers of another kind, and what to say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from opendata_check.errors import RulesError
from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.resources import load_yaml, rules_folder

_FILE = "special_bodies.yaml"
_LISTS = ("communes", "groups", "departements", "regions", "zones")


@dataclass(frozen=True, slots=True)
class Special:
    """What sets a body apart from those of its list."""

    note: str = ""
    """French sentence with its article; "" when nothing must be said."""
    kind: OrganizationKind | None = None
    """Its kind, when it is not that of its list."""
    acts_as: tuple[OrganizationKind, ...] = ()

    def applied(self, body: Organization) -> Organization:
        """Return ``body`` with its kind, its powers and, last among its notes, the sentence."""
        if self is _ORDINARY:
            return body
        notes = (*body.notes, self.note) if self.note else body.notes
        return replace(body, kind=self.kind or body.kind, acts_as=self.acts_as or body.acts_as, notes=notes)


_ORDINARY = Special()


def special(where: str, code: str) -> Special:
    """Return what sets apart the body ``code`` (INSEE code, or SIREN of a group) of the list ``where``.

    ``where`` is one of « communes », « groups », « departements », « regions », « zones ». Raises RulesError when
    the file is malformed.
    """
    return _specials().get((where, code), _ORDINARY)


@cache
def _specials() -> Mapping[tuple[str, str], Special]:
    content = load_yaml(rules_folder() / _FILE)
    try:
        return {
            (where, str(code)): _read(body)
            for body in content["bodies"]
            for where in _LISTS
            for code in body.get(where, ())
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RulesError(f"une collectivité est mal décrite ({error})", where=_FILE) from error


def _read(body: dict[str, Any]) -> Special:
    unknown = set(body) - {*_LISTS, "kind", "acts_as", "note"}
    if unknown:
        raise ValueError(f"la clé « {min(unknown)} » n'est pas connue")
    kind = OrganizationKind(body["kind"]) if "kind" in body else None
    return Special(str(body.get("note", "")), kind, tuple(map(OrganizationKind, body.get("acts_as", ()))))
