"""Reads the families of datasets that one may expect of a public body: rules/expected_datasets.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from opendata_check.errors import RulesError
from opendata_check.model.organization import OrganizationKind
from opendata_check.resources import load_yaml, rules_folder

_FILE = "expected_datasets.yaml"


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of dataset one may expect of a public body."""

    id: str
    title: str
    obligation: str
    """Id of the obligation it answers, or ``usage`` when no text asks for this very dataset."""
    nature: str
    """``data`` (a table or a map), ``document`` (a text to read) or ``both``."""
    titles: tuple[str, ...]
    """Expressions that name it, in any case and number."""
    holder: str
    """French: who usually holds it."""
    software: str
    """French: where it usually comes out of."""
    frequency: str
    """French: its usual or lawful rhythm."""
    holders: tuple[str, ...]
    """Who usually publishes it, the most frequent first: codes of ``Settings.holders``."""
    effort: str
    """Time it usually takes: a key of the table of words « efforts »."""
    hints: tuple[str, ...] = ()
    """Ambiguous short words: worth a look, no more."""
    exclusions: tuple[str, ...] = ()
    """False friends: with one of them, words prove nothing."""
    schemas: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    """Typical columns: three of them (or all, when fewer are given) name the family."""
    roots: tuple[str, ...] = ()
    """XML root elements that only this family has."""
    formats: tuple[str, ...] = ()
    """Formats that only this family uses."""
    stratum: int = 0
    """Inhabitants from which a commune commonly publishes it: an observation, never a legal threshold."""
    own: bool = False
    """True when each body publishes its own (its budget, its acts): nobody can do it for another."""
    common: bool = False
    """Among the families that bodies open first."""
    guarded: bool = False
    """True when public security may forbid its details (CRPA, article L311-5): never suggested, only recognised."""
    series: str = ""
    """``annual`` when it comes out year by year."""
    enough: float = 0.0
    """Confidence from which it is found: that of ``Settings``, unless the check of its duty has another."""
    national: str = ""
    """Id in rules/open_nationally.yaml, when the State publishes it for everyone."""
    needs: str = ""
    """Fact of rules/facts.yaml; declared false, the family does not concern the body."""

    @property
    def usual(self) -> bool:
        """Return whether no text asks for it."""
        return self.obligation == "usage"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who may publish a family."""

    code: str
    label: str
    """French, with its article: « la commune »."""
    kinds: frozenset[OrganizationKind]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the rules say of all families together."""

    enough: float
    """Confidence (0 to 1) from which a family is found."""
    probable: float
    """Confidence from which it may be found."""
    holders: Mapping[str, Holder]
    first_year: int
    """No four digits below it are a year of data."""
    not_years_after: frozenset[str]
    """Folded words after which four digits are no year of data."""
    counted: frozenset[str]
    """Folded words that four digits count: « 2000 arbres » is no year."""


_STRINGS = frozenset({"id", "title", "obligation", "nature", "holder", "software", "frequency", "effort"})
_OPTIONAL_STRINGS = frozenset({"series", "national", "needs"})
_LISTS = frozenset({"titles", "hints", "exclusions", "schemas", "columns", "roots", "formats", "holders"})
_FLAGS = frozenset({"common", "guarded", "own"})
_NATURES = frozenset({"data", "document", "both"})


@cache
def _content() -> dict[str, Any]:
    content = load_yaml(rules_folder() / _FILE)
    if not isinstance(content, dict):
        raise RulesError("on attend une table de clés et de valeurs", where=_FILE)
    unknown = sorted(set(map(str, content)) - {"families", "enough", "probable", "holders", "years"})
    if unknown:
        raise RulesError(f"clé « {unknown[0]} » inconnue", where=_FILE)
    return content


@cache
def families() -> tuple[Family, ...]:
    """Return the families in the order of the file. Raises RulesError naming the family and key at fault."""
    entries = _content().get("families")
    if not isinstance(entries, list):
        raise RulesError("on attend une liste « families »", where=_FILE)
    known = settings().holders.keys()
    found = tuple(_family(entry, frozenset(known)) for entry in entries)
    if len({family.id for family in found}) != len(found):
        raise RulesError("un identifiant de famille sert deux fois", where=_FILE)
    return found


def _family(entry: Any, holders: frozenset[str]) -> Family:
    where = f"{_FILE}, famille « {entry.get('id', '?') if isinstance(entry, dict) else '?'} »"
    if not isinstance(entry, dict):
        raise RulesError("on attend une table de clés et de valeurs", where=where)
    for key, value in entry.items():
        if not _is_well_formed(key, value):
            raise RulesError(f"clé « {key} » inconnue ou mal formée", where=where)
    missing = sorted((_STRINGS | {"titles", "holders"}) - entry.keys())
    if missing:
        raise RulesError(f"clé « {missing[0]} » : elle manque", where=where)
    if entry["nature"] not in _NATURES:
        raise RulesError("clé « nature » : on attend data, document ou both", where=where)
    if entry.get("series", "annual") != "annual":
        raise RulesError("clé « series » : on attend annual", where=where)
    strangers = sorted(set(entry["holders"]) - holders)
    if strangers:
        raise RulesError(f"clé « holders » : « {strangers[0]} » n'est pas dans la table « holders »", where=where)
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    values.setdefault("enough", settings().enough)
    return Family(**values)


def _is_well_formed(key: str, value: Any) -> bool:
    if key in _STRINGS or key in _OPTIONAL_STRINGS:
        return isinstance(value, str) and bool(value)
    if key in _LISTS:
        return isinstance(value, list) and all(isinstance(word, str) and word for word in value)
    if key in _FLAGS:
        return isinstance(value, bool)
    if key == "enough":
        return isinstance(value, float) and 0 < value <= 1
    return key == "stratum" and isinstance(value, int) and not isinstance(value, bool) and value >= 0


@cache
def settings() -> Settings:
    """Return what the rules say of all families. Raises RulesError naming the key at fault."""
    content = _content()
    enough, probable = content.get("enough"), content.get("probable")
    if not isinstance(enough, float) or not isinstance(probable, float) or not 0 < probable <= enough <= 1:
        raise RulesError("clés « enough » et « probable » : on attend deux nombres entre 0 et 1", where=_FILE)
    years = content.get("years")
    if not isinstance(years, dict) or not isinstance(years.get("first"), int):
        raise RulesError("clé « years » : on attend « first », « not_after » et « counted »", where=_FILE)
    words: dict[str, frozenset[str]] = {}
    for key in ("not_after", "counted"):
        if not isinstance(years.get(key), list) or not all(isinstance(word, str) for word in years[key]):
            raise RulesError(f"clé « years.{key} » : on attend une liste de mots", where=_FILE)
        words[key] = frozenset(years[key])
    holders = _holders(content.get("holders"))
    return Settings(enough, probable, holders, years["first"], words["not_after"], words["counted"])


def _holders(table: Any) -> dict[str, Holder]:
    if not isinstance(table, dict) or not table:
        raise RulesError("clé « holders » : on attend une table", where=_FILE)
    found: dict[str, Holder] = {}
    for code, entry in table.items():
        try:
            kinds = frozenset(OrganizationKind(kind) for kind in entry["kinds"])
            found[code] = Holder(code, str(entry["label"]), kinds)
        except (KeyError, TypeError, ValueError) as error:
            raise RulesError(f"clé « holders.{code} » : on attend « label » et « kinds »", where=_FILE) from error
    return found
