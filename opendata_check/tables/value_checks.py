"""The checks of one cell that French schemas name beyond Table Schema: identifiers, years, the nomenclature of acts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from opendata_check.folding import fold
from opendata_check.model.schema import CustomCheck
from opendata_check.resources import load_yaml, rules_folder

ValueTest = Callable[[str], bool]
"""From a cell that is not missing: True when it is right."""

_SIRET = re.compile(r"[0-9]{14}")
_SIREN = re.compile(r"[0-9]{9}")
_YEARS = re.compile(r"([0-9]{4})/([0-9]{4})")
_YEAR = re.compile(r"[0-9]{4}")
_PHONE = re.compile(r"(?:\+33|0033|0)[1-9](?:[0-9]{8})|(?:\+|00)[1-9][0-9]{6,14}|3[0-9]{3}|1[0-9]{1,3}|11[0-9]{4}")
_POSTCODE = re.compile(r"(?:0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3}")
_COMMUNE = re.compile(r"(?:0[1-9]|1[0-9]|2[1-9AB]|[3-9][0-9])[0-9]{3}")
_DEPARTEMENT = re.compile(r"0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5]|97[1-8]|98[4-9]")
"""Corsica's codes begin with 2A and 2B since 1976, no longer with 20 (its postcodes still do)."""


def is_siret(cell: str) -> bool:
    """Return True for fourteen digits with a right key.

    The key is Luhn's, but for La Poste's offices (356000000…), whose digits add up to a multiple of five
    (INSEE, Sirene documentation). Spaces are a fault: the schemas ask for digits only.
    """
    from stdnum.fr import siret

    return _SIRET.fullmatch(cell) is not None and bool(siret.is_valid(cell))


def is_siren(cell: str) -> bool:
    """Return True for nine digits with a right Luhn key."""
    from stdnum.fr import siren

    return _SIREN.fullmatch(cell) is not None and bool(siren.is_valid(cell))


def _year_interval(params: Mapping[str, Any]) -> ValueTest:
    """``2024/2025``, the first year before the second; a single year when ``allow-year-only``."""
    single = str(params.get("allow-year-only", "")).lower() in ("yes", "true", "1", "oui")

    def right(cell: str) -> bool:
        if single and _YEAR.fullmatch(cell):
            return True
        found = _YEARS.fullmatch(cell)
        return found is not None and found[1] < found[2]

    return right


def _nomenclature(params: Mapping[str, Any]) -> ValueTest:
    """A label of the nomenclature ACTES, « matière/sous-matière », whatever its case and accents."""
    known: frozenset[str] | None = None

    def right(cell: str) -> bool:
        nonlocal known
        if known is None:
            known = frozenset(
                _act_key(label) for label in load_yaml(rules_folder() / "nomenclature_actes.yaml")["labels"]
            )
        return "/" not in cell or _act_key(cell) in known

    return right


def _act_key(label: str) -> str:
    return "/".join(" ".join(re.findall(r"[a-z0-9]+", part)) for part in fold(label).split("/"))


def _phone(cell: str) -> bool:
    """Return True for a French or international number, with the usual marks between its digits."""
    return _PHONE.fullmatch(re.sub(r"(?:\(0\))|[ .\-\u00a0\u202f]", "", cell)) is not None


def _opening_hours(cell: str) -> bool:
    """Return True for hours in OpenStreetMap's syntax, as far as their words, signs and times tell."""
    from opendata_check.tables.opening_hours import is_opening_hours

    return is_opening_hours(cell)


def _always(test: ValueTest) -> Callable[[Mapping[str, Any]], ValueTest]:
    return lambda params: test


VALUE_CHECKS: Mapping[str, Callable[[Mapping[str, Any]], ValueTest]] = {
    "french-siret-value": _always(is_siret),
    "french-siren-value": _always(is_siren),
    "year-interval-value": _year_interval,
    "nomenclature-actes-value": _nomenclature,
    "phone-number-value": _always(_phone),
    "opening-hours-value": _always(_opening_hours),
    "french-postcode-value": _always(lambda cell: _POSTCODE.fullmatch(cell) is not None),
    "french-commune-code-value": _always(lambda cell: _COMMUNE.fullmatch(cell) is not None),
    "french-departement-code-value": _always(lambda cell: _DEPARTEMENT.fullmatch(cell) is not None),
}
"""By the name that schemas give; the last three are ours."""


def value_test(check: CustomCheck) -> ValueTest | None:
    """Return the test of a check on one cell, or None when the check is of another kind or unknown."""
    make = VALUE_CHECKS.get(check.name)
    return make(check.params) if make is not None else None
