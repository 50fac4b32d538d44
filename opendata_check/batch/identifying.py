"""Finds the one body that a row of a list names: by its codes first, else by its name and its département."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from opendata_check import territory
from opendata_check.model.organization import Organization
from opendata_check.territory import AmbiguousTerritoryError, UnknownTerritoryError
from opendata_check.territory.names import search_key

_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_DOMAIN = re.compile(r"(?!ste?\.)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,12}(?:[:/?#]\S*)?", re.IGNORECASE)
_CODE = re.compile(r"[0-9]{5}|2[AB][0-9]{3}", re.IGNORECASE)
_SHORT = re.compile(r"[0-9]{4}")
_FLOATED = re.compile(r"([0-9]+)[.,]0+")
_SCIENTIFIC = re.compile(r"[0-9][.,][0-9]+e\+?[0-9]+", re.IGNORECASE)
_NUMBER_SIZES = frozenset({9, 14})
_MOST = 8


@dataclass(frozen=True, slots=True)
class Identified:
    """Whom a row names."""

    body: Organization
    query: str
    """What finds the same body again, whatever is written."""
    typed: str
    remarks: tuple[str, ...] = ()


class NobodyError(Exception):
    """A row names nobody, or several: ``what`` and ``remedy`` say so in French."""

    def __init__(self, typed: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.typed, self.what, self.remedy = typed, what, remedy


def kinds_of(value: str) -> tuple[str, ...]:
    """Return the roles that a cell alone may have: a known code, a known name, an address…"""
    code = _code(value)[0]
    digits = re.sub(r"[ .\-]", "", value)
    if is_address(value):
        return ("place",)
    if code:
        found = ("insee",) if territory.by_insee(code) else ()
        return found + (("postcode",) if _serves(code) else ())
    if digits.isdecimal():
        return ("siren",) if len(digits) in _NUMBER_SIZES and territory.by_siren(digits[:9]) else ()
    if re.search(r"^[.~]|[/\\]", value) and not re.search(r"s/", value, re.IGNORECASE):
        return ("folder",)
    try:
        territory.resolve(value)
    except AmbiguousTerritoryError:
        return ("name",)
    except UnknownTerritoryError:
        return ()
    return ("name",)


def is_address(text: str) -> bool:
    """Return whether a cell holds a web address, with or without its scheme."""
    return bool(_URL.match(text) or _DOMAIN.fullmatch(text))


def _serves(code: str) -> bool:
    from opendata_check.territory.lookup import communes_of_postcode

    return bool(communes_of_postcode(code))


def _code(value: str) -> tuple[str, bool]:
    """Return a five-character code, and whether its first zero had been lost; "" when it is none."""
    plain = value.replace(" ", "").upper()
    floated = _FLOATED.fullmatch(plain)
    plain = floated[1] if floated else plain
    if _CODE.fullmatch(plain):
        return plain, False
    if _SHORT.fullmatch(plain):
        return f"0{plain}", True
    return "", False


def identified(cells: Mapping[str, str]) -> Identified | None:
    """Return the body that a row's cells (by role) name; None when they name none, only a place.

    Raises NobodyError when what is written names nobody, or several.
    """
    last: NobodyError | None = None
    for role, finder in (("insee", _by_insee), ("siren", _by_siren), ("name", _by_name), ("postcode", _by_postcode)):
        if not cells.get(role):
            continue
        try:
            found = finder(cells)
        except NobodyError as error:
            last = last or error
            continue
        if last is not None:
            remark = f"« {last.typed[:60]} » n'est pas compris : « {found.typed[:60]} » désigne l'organisme"
            found = Identified(found.body, found.query, found.typed, (*found.remarks, remark))
        return found
    if last is not None:
        raise last
    return None


def _by_insee(cells: Mapping[str, str]) -> Identified:
    typed = cells["insee"]
    code, lost = _code(typed)
    body = territory.by_insee(code) if code else None
    if body is None:
        if not code:
            return _resolved(typed, typed)
        raise NobodyError(typed, f"« {typed[:40]} » n'est pas un code INSEE connu", "Vérifiez-le, ou écrivez le nom.")
    remarks = (f"« {typed} » a perdu son premier zéro : {code} est lu",) if lost else ()
    return Identified(body, f"insee {code}", typed, (*remarks, *_disagreement(cells, body)))


def _by_siren(cells: Mapping[str, str]) -> Identified:
    typed = cells["siren"]
    floated = _FLOATED.fullmatch(typed)
    plain = floated[1] if floated else typed
    digits = re.sub(r"[ .\-\u00a0\u202f]", "", plain)
    if _SCIENTIFIC.fullmatch(digits) or _SCIENTIFIC.fullmatch(plain):
        raise NobodyError(
            typed, f"le tableur a abrégé ce numéro : « {typed[:40]} »", "Mettez la colonne au format Texte."
        )
    digits = digits.zfill(14) if len(digits) == 13 else digits
    found = _resolved(digits if digits.isdecimal() else typed, typed)
    return Identified(found.body, found.query, typed, _disagreement(cells, found.body))


def _by_name(cells: Mapping[str, str]) -> Identified:
    """Return the body of that name, in the département and at the postcode that the row gives."""
    typed = cells["name"]
    code, lost = _code(typed)
    if lost and territory.by_insee(code):
        return _by_insee({"insee": typed})
    departement = re.sub(r"^(?:d[ée]p(?:artement)?\.?|dpt) ", "", cells.get("departement", ""), flags=re.IGNORECASE)
    postcode = _code(cells.get("postcode", ""))[0]
    for place in (postcode, departement):
        if not place or re.search(r"\d{5}", typed):
            continue
        try:
            return _resolved(f"{typed} {place}", typed)
        except NobodyError:
            continue
    found = _resolved(typed, typed)
    if departement and found.body.departement_code and not _same_place(departement, found.body):
        where = _told(found.body)
        raise NobodyError(
            typed,
            f"« {typed[:60]} » n'est pas dans le département « {departement[:30]} »",
            f"Il y a {where} : écrivez ce code si c'est elle.",
        )
    return found


def _same_place(departement: str, body: Organization) -> bool:
    code = departement.strip().upper().zfill(2)
    return code == body.departement_code or search_key(departement) == search_key(body.departement_name or "")


def _by_postcode(cells: Mapping[str, str]) -> Identified:
    code = _code(cells["postcode"])[0]
    return _resolved(f"code postal {code}" if code else cells["postcode"], cells["postcode"])


def _resolved(query: str, typed: str) -> Identified:
    try:
        body = territory.resolve(query)
    except AmbiguousTerritoryError as error:
        raise NobodyError(typed, _before_list(error.what), _which(error.candidates)) from error
    except UnknownTerritoryError as error:
        raise NobodyError(typed, error.what, error.remedy) from error
    return Identified(body, query_of(body) or query, typed)


def query_of(body: Organization) -> str:
    """Return what finds a body again for certain; "" when only its name does."""
    if body.insee_code:
        return f"insee {body.insee_code}"
    return body.siren if body.siren and territory.by_siren(body.siren) else ""


def _before_list(what: str) -> str:
    return what.partition(" : ")[0] if what.startswith("«") else what


def _which(candidates: tuple[Organization, ...]) -> str:
    told = " ; ".join(map(_told, candidates[:_MOST]))
    more = "…" if len(candidates) > _MOST else ""
    return f"Écrivez le code à la place du nom : {told}{more}."


def _told(body: Organization) -> str:
    code = body.insee_code or body.siren or ""
    where = f", {body.departement_name}" if body.departement_name else ""
    return f"{code} ({body.name}{where})" if code else f"{body.name}{where}"


def _disagreement(cells: Mapping[str, str], body: Organization) -> tuple[str, ...]:
    """Return what to say when the name beside a code is another body's: the code is followed."""
    name = cells.get("name", "")
    if not name or not any(letter.isalpha() for letter in name):
        return ()
    written, known = search_key(name), search_key(body.name)
    if not written or written in known or known in written or body.notes:
        return ()
    return (f"le code désigne {_told(body)}, la colonne du nom dit « {name[:60]} » : le code est suivi",)
