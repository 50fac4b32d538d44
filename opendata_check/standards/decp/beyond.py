"""Judges what no schema can: control keys, real dates and their order, likely amounts, codes of places, duplicates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from opendata_check.standards.decp.facts import (
    RULES,
    Format,
    Kind,
    cpv_divisions,
    limit,
    place_forms,
)
from opendata_check.standards.decp.nodes import Node, Path, part_and_field, written
from opendata_check.standards.interface import Fault

_SIRET = re.compile(r"[0-9]{14}")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2}Z?)?")
"""A day, with the time zone that the format of 2019 and XML Schema admit."""
_VAT = re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,13}")


def judge(node: Node, kind: Kind, path: Path) -> Iterator[Fault]:
    """Yield what our rules say of one value, of which the type is right."""
    rule = _RULES.get(kind.rule)
    if rule is not None:
        yield from rule(node, kind, path)


def _fault(code: str, node: Node, path: Path) -> Fault:
    part, field = part_and_field(path)
    return RULES.fault(code, part=part, field=field, line=node.line, value=node.text())


def _siret(node: Node, _kind: Kind, path: Path) -> Iterator[Fault]:
    """SIRET of a buyer. Source: INSEE, Luhn key over 14 digits (La Poste has its own)."""
    if _SIRET.fullmatch(node.value) and not is_siret(node.value):
        yield _fault("decp.siret_acheteur", node, path)


def is_siret(text: str) -> bool:
    """Return whether a text is 14 digits of which the control key is right."""
    from stdnum.fr import siret

    return bool(_SIRET.fullmatch(text)) and bool(siret.is_valid(text))


def _cpv(node: Node, kind: Kind, path: Path) -> Iterator[Fault]:
    is_formed = kind.pattern is not None and kind.pattern.search(node.value)
    if is_formed and node.value[:2] not in cpv_divisions():
        yield _fault("decp.cpv_division", node, path)


def _date(node: Node, kind: Kind, path: Path) -> Iterator[Fault]:
    """A date that the schema lets through, and that no calendar knows."""
    is_formed = kind.pattern is not None and kind.pattern.search(node.value)
    if is_formed and day_of(node) is None:
        yield _fault("decp.date_iso", node, path)


def day_of(node: Node | None) -> date | None:
    """Return the day a value gives, None when it gives none."""
    if node is None or node.kind != "string":
        return None
    found = _DATE.fullmatch(node.value.strip())
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _amount(node: Node, kind: Kind, path: Path) -> Iterator[Fault]:
    if kind.minimum is not None and node.value < kind.minimum:
        return  # the schema has said it
    if node.value <= 0:
        yield _fault("decp.montant_nul", node, path)
    elif node.value > limit("amount"):
        yield _fault("decp.montant_douteux", node, path)


def _months(node: Node, kind: Kind, path: Path) -> Iterator[Fault]:
    if node.value > limit(kind.rule):
        yield _fault("decp.duree_douteuse", node, path)


def _operator(node: Node, _kind: Kind, path: Path) -> Iterator[Fault]:
    """Say whether the number of a company is of the type it claims."""
    claimed, number = _string(node, "typeIdentifiant"), _string(node, "id")
    if claimed is None or number is None:
        return
    if claimed.value == "SIRET" and not is_siret(number.value):
        yield _fault("decp.siret_titulaire", number, (*path, "id"))
    elif claimed.value == "TVA" and not _VAT.fullmatch(number.value):
        yield _fault("decp.tva_titulaire", number, (*path, "id"))


def _place(node: Node, _kind: Kind, path: Path) -> Iterator[Fault]:
    """Say whether a code is of the type it claims; that a commune exists is for others to say."""
    claimed, code = _string(node, "typeCode"), _string(node, "code")
    form = place_forms().get(claimed.value) if claimed is not None else None
    if form is None or code is None:
        return
    text: str = code.value
    is_right = text in form.codes or (form.pattern is not None and form.pattern.fullmatch(text) is not None)
    if is_right and form.prefixes:
        is_right = text[:2] in form.prefixes or text[:3] in form.prefixes
    if not is_right:
        yield _fault("decp.lieu_code", code, (*path, "code"))


def _string(node: Node, key: str) -> Node | None:
    child: Node | None = node.value.get(key)
    return child if child is not None and child.kind == "string" else None


_RULES: dict[str, Callable[[Node, Kind, Path], Iterator[Fault]]] = {
    "siret": _siret,
    "cpv": _cpv,
    "date": _date,
    "amount": _amount,
    "months": _months,
    "concession_months": _months,
    "operator": _operator,
    "place": _place,
}


def judge_contract(contract: Node, form: Format, path: Path) -> Iterator[Fault]:
    """Yield what our rules say of a contract as a whole: the order of its dates, and the format it is due in."""
    keys: dict[str, Node] = contract.value
    concluded = keys.get("dateNotification") or keys.get("dateSignature")
    concluded_on = day_of(concluded)
    if form.until and concluded_on and concluded_on >= form.until and concluded:
        yield RULES.fault("decp.format_perime", part=written(path), line=contract.line)
    yield from _ordered(keys, concluded_on, "datePublicationDonnees", path)
    for key, wrapper, change, before in _CHANGES:
        many = keys.get(key)
        if many is None or many.kind != "array":
            continue
        for number, item in enumerate(many.value):
            inside = item.value.get(wrapper, item) if item.kind == "object" else item
            if inside.kind != "object":
                continue
            at = (*path, key, number, *((wrapper,) if inside is not item else ()))
            done = inside.value.get(change)
            done_on = day_of(done)
            if before and done_on and concluded_on and done_on < concluded_on:
                yield _fault("decp.date_modification", done, (*at, change))
            published = "datePublicationDonneesModification" if wrapper == "modification" else "datePublicationDonnees"
            yield from _ordered(inside.value, done_on, published, at)


_CHANGES = (
    ("modifications", "modification", "dateNotificationModification", True),
    ("modifications", "modification", "dateSignatureModification", True),
    ("actesSousTraitance", "acteSousTraitance", "dateNotification", False),
    ("modificationsActesSousTraitance", "modificationActeSousTraitance", "dateNotificationModificationSousTraitance",
     True),
)  # fmt: skip
"""Where a contract tells what happened later: the list, the key of its items, their date, whether it comes after."""


def _ordered(keys: dict[str, Node], done_on: date | None, published: str, path: Path) -> Iterator[Fault]:
    """Yield when something is said to be published before it was done."""
    node = keys.get(published)
    day = day_of(node)
    if node is not None and day and done_on and day < done_on:
        yield _fault("decp.date_ordre", node, (*path, published))


def identity(contract: Node) -> tuple[str, str] | None:
    """Return what must be unique: the buyer and its own number for the contract; None when one is missing."""
    keys: dict[str, Node] = contract.value
    buyer = keys.get("acheteur") or keys.get("autoriteConcedante")
    number = _string(contract, "id")
    if buyer is None or buyer.kind != "object" or number is None:
        return None
    buyer_id = _string(buyer, "id")
    return (buyer_id.value[:100], number.value[:100]) if buyer_id is not None else None
