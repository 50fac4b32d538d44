"""Tells in French what an OGC service refused: its own words are never repeated, its codes are a known list."""

from __future__ import annotations

from dataclasses import dataclass

from opendata_check.sources.reading.xml_safe import Element, parse

REPORTS = frozenset({"ExceptionReport", "ServiceExceptionReport"})
EXCEPTIONS = frozenset({"Exception", "ServiceException"})
_MEANINGS = {
    "invalidparametervalue": "une valeur de la demande est refusée",
    "missingparametervalue": "il manque une valeur à la demande",
    "operationnotsupported": "cette opération n'existe pas sur ce service",
    "optionnotsupported": "cette option n'existe pas sur ce service",
    "versionnegotiationfailed": "cette version du protocole n'est pas parlée par ce service",
    "noapplicablecode": "le service a rencontré une erreur",
    "operationprocessingfailed": "le service a rencontré une erreur",
    "operationparsingfailed": "la demande n'a pas été comprise",
    "invalidformat": "ce format n'est pas donné par ce service",
    "layernotdefined": "cette couche n'existe pas sur ce service",
    "notfound": "ce qui est demandé n'existe pas sur ce service",
    "accessdenied": "l'accès est refusé",
}
_PARTS = {
    "sortby": "sort", "sortproperty": "sort", "propertyname": "sort", "valuereference": "sort",
    "typename": "types", "typenames": "types",
    "outputschema": "schema",
    "version": "version", "acceptversions": "version",
    "elementsetname": "set", "elementname": "set",
    "startposition": "position", "maxrecords": "size", "id": "id",
    "constraint": "constraint", "constraintlanguage": "constraint", "filter": "constraint",
}  # fmt: skip


_TOLD = ("sortby", "sortproperty", "typename", "outputschema", "startposition", "constraint", "filter")
"""What the text of an exception may name, when its locator does not."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an exception report says."""

    code: str
    """In lower case, when it is a known one, else ""."""
    part: str
    """Part of the request at fault: ``sort``, ``types``, ``schema``, ``version``, ``position``…, "" when not told."""

    @property
    def words(self) -> str:
        """Return the refusal in French."""
        return _MEANINGS.get(self.code, "le service refuse la demande")


def refusal_of(exception: Element) -> Refusal:
    """Return what an ``Exception`` or ``ServiceException`` element says."""
    code = (exception.get("exceptionCode") or exception.get("code") or "").strip().lower()
    locator = (exception.get("locator") or "").strip().lower()
    part = _PARTS.get(locator.rpartition(":")[2], "")
    if not part:
        told = " ".join(text for text in exception.itertext())[:2_000].lower()
        part = next((_PARTS[name] for name in _TOLD if name in told), "")
    return Refusal(code if code in _MEANINGS else "", part)


def is_exception(name: str) -> bool:
    """Return True for the local name of an exception."""
    return name in EXCEPTIONS


def refusal_in(beginning: bytes) -> Refusal | None:
    """Return the refusal that the body of an HTTP error tells, None when it is something else."""
    root = parse(beginning)
    if root is None or root.tag not in REPORTS:
        return None
    found = next((element for element in root.iter() if element.tag in EXCEPTIONS), None)
    return refusal_of(found) if found is not None else Refusal("", "")
