"""Finds a body by its numbers: INSEE code, postcode, SIREN or SIRET, alone or after the word that says which."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from opendata_check.model.organization import Organization
from opendata_check.territory import layout, lookup, organizations, store
from opendata_check.territory.failures import AmbiguousTerritoryError, UnknownTerritoryError
from opendata_check.territory.wordings import did_you_mean, listed
from opendata_check.wording import plural

_WORDS = "code insee|insee|code commune|cog|code postal|cp|siren|siret"
_NUMBER = re.compile(rf"(?:(?P<word>{_WORDS})[ :]*)?(?:n[o°][ :]*)?(?P<number>[0-9][0-9ab .\-]*)")
_CODE = re.compile(r"[0-9]{5}|2[AB][0-9]{3}")
_MEANING = {"code insee": "insee", "insee": "insee", "code commune": "insee", "cog": "insee"} | {
    "code postal": "postcode",
    "cp": "postcode",
}
_SIREN_SIZE = 9
_SIRET_SIZE = 14
_STATUS_WORDS = {
    layout.DELEGATED: "une commune déléguée",
    layout.ASSOCIATED: "une commune associée",
    layout.ARRONDISSEMENT: "un arrondissement municipal",
}
_ABSENT = (
    "Elle ne donne le SIREN que des communes, des intercommunalités à fiscalité propre et des établissements publics "
    "territoriaux. Pour un département ou une région, tapez « département » ou « région », puis son nom."
)


class Number(NamedTuple):
    """A number that was typed: its digits (and the A or B of Corsica), and what it was said to be."""

    digits: str
    meaning: str
    """``insee``, ``postcode`` or "" when nothing settles it."""


def number_in(text: str) -> Number | None:
    """Return the number ``text`` is, spaces, dots and hyphens left out; None when it is something else."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).casefold().strip())
    if not found:
        return None
    digits = re.sub(r"[ .\-]", "", found["number"]).upper()
    if not digits.isdigit() and not _CODE.fullmatch(digits):
        return None
    return Number(digits, _MEANING.get(found["word"] or "", ""))


def replaced_note(former: store.Former) -> str:
    """Return the sentence that says which commune answers for a former or partial one, and no more than is known."""
    current = store.commune_at(former.commune)
    target = f"{current.name} ({current.code})"
    if former.status == layout.REPLACED:
        return f"Le code {former.code} n'est plus celui d'une commune : la liste nationale le remplace par {target}."
    where = f" ({former.code})" if former.code != current.code else ""
    return f"{former.name}{where} est {_STATUS_WORDS[former.status]} ; la commune est {target}."


def by_insee(code: str) -> Organization | None:
    """Return the commune whose INSEE code is ``code``, or the one that replaced it (said in its notes)."""
    code = code.strip().upper()
    if not _CODE.fullmatch(code):
        return None
    position = lookup.find_commune(code)
    if position is not None:
        return organizations.commune(position)
    rank = lookup.find_former(code)
    if rank is None:
        return None
    former = store.former_at(rank)
    return organizations.commune(former.commune, [replaced_note(former)])


def by_siren(siren: str) -> Organization | None:
    """Return the commune, EPCI or EPT whose SIREN is ``siren`` (nine digits), None when the reference lacks it."""
    if not re.fullmatch(r"[0-9]{9}", siren):
        return None
    position = lookup.find_commune_siren(siren)
    if position is not None:
        return organizations.commune(position)
    position = lookup.find_group_siren(siren)
    return organizations.group(position) if position is not None else None


def postcodes_of(insee_code: str) -> tuple[str, ...]:
    """Return the postcodes of a current commune, sorted; () when the code is not a current commune's."""
    code = insee_code.strip().upper()
    position = lookup.find_commune(code) if _CODE.fullmatch(code) else None
    return lookup.postcodes_of_commune(position) if position is not None else ()


def resolve_number(number: Number) -> Organization:
    """Return the body a number designates.

    Raises UnknownTerritoryError when it is mistyped or not in the reference, AmbiguousTerritoryError when a postcode
    serves several communes or five digits are both a postcode and an INSEE code.
    """
    digits = number.digits
    if _CODE.fullmatch(digits):
        return _resolve_code(digits, number.meaning)
    if len(digits) in (_SIREN_SIZE, _SIRET_SIZE):
        return _resolve_siren(digits)
    suggestions: tuple[str, ...] = ()
    if len(digits) == 4:  # a spreadsheet dropped the first zero
        suggestions = (f"0{digits}",) if _known_code(f"0{digits}") else ()
    elif len(digits) <= 3:
        area = store.departements().get(digits.zfill(2))
        suggestions = (organizations.typed(organizations.departement(area.code)),) if area else ()
    raise UnknownTerritoryError(
        f"le numéro saisi compte {plural(len(digits), 'chiffre')}",
        suggestions=suggestions,
        remedy=did_you_mean(suggestions)
        or "Un code INSEE ou postal en a 5, un numéro SIREN 9, un numéro SIRET 14 : vérifiez la saisie.",
    )


def _known_code(code: str) -> bool:
    return by_insee(code) is not None or bool(lookup.communes_of_postcode(code))


def _resolve_code(code: str, meaning: str) -> Organization:
    named = by_insee(code) if meaning != "postcode" else None
    served = lookup.communes_of_postcode(code) if meaning != "insee" else ()
    bodies = [organizations.commune(position) for position in served]
    others = [body for body in bodies if named is None or body.insee_code != named.insee_code]
    candidates = ((named,) if named else ()) + tuple(others)
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        what = {"insee": "code INSEE", "postcode": "code postal"}.get(meaning, "code INSEE ou postal")
        raise UnknownTerritoryError(
            f"« {code} » n'est pas un {what} connu",
            remedy="Vérifiez le code, ou tapez le nom de la commune ; un code CEDEX ne désigne pas une commune.",
        )
    what = f"le code postal {code} dessert {len(others)} communes : {listed(others)}"
    if named:
        kind = "code INSEE" if named.insee_code == code else "ancien code INSEE"
        what = (
            f"« {code} » a deux sens. Comme {kind}, il désigne : {organizations.described(named)}. "
            f"Comme code postal, il dessert : {listed(bodies)}"
        )
    example = organizations.typed_among(candidates[-1], candidates)
    remedy = f"Tapez le nom avec son département, par exemple « {example} »."
    if named:
        remedy = f"Tapez « insee {code} » pour le code INSEE ; pour le code postal, le nom : « {example} »."
    raise AmbiguousTerritoryError(what, candidates=candidates, remedy=remedy)


def _resolve_siren(digits: str) -> Organization:
    body = by_siren(digits)
    if body:  # the build controls every key: python-stdnum, slow to import, has nothing to add
        return body
    from stdnum.exceptions import ValidationError
    from stdnum.fr import siren, siret

    name, control = ("SIREN", siren) if len(digits) == _SIREN_SIZE else ("SIRET", siret)
    try:
        control.validate(digits)  # La Poste's establishments follow a rule of their own, which siret knows
    except ValidationError as error:
        raise UnknownTerritoryError(
            f"le numéro {name} « {digits} » est mal saisi : sa clé de contrôle est fausse",
            remedy="Recopiez-le depuis un document officiel, ou tapez le nom de la commune.",
        ) from error
    body = by_siren(digits[:_SIREN_SIZE])
    if body is None:
        raise UnknownTerritoryError(
            f"le numéro {name} « {digits} » est bien formé, mais il n'est pas dans la liste nationale",
            remedy=_ABSENT,
        )
    return body
