"""Finds the organizations of a udata portal that bear a SIREN: by the likeliest SIRETs, then by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from opendata_check.model.catalog import Fault
from opendata_check.sources.interface import SourceError
from opendata_check.sources.reading import values
from opendata_check.sources.reading.udata.pages import Reader
from opendata_check.sources.reading.udata.record import mapping

_NAME_PAGES = 5


def organizations_of(
    reader: Reader, siren: str, *, siret: str, name: str, page_size: int
) -> Iterator[Mapping[str, Any] | Fault]:
    """Yield each organization whose own SIRET begins with the SIREN, never one for its name alone, and the fault of
    the search that failed, if one did.

    The portal only searches a whole SIRET, exactly: the likeliest ones are tried, then the name.
    Raises SourceError when the first search failed: nothing can be said then.
    """
    sirets = dict.fromkeys([known for known in (siret, *likely_sirets(siren)) if known])
    searches: list[tuple[dict[str, str], int]] = [({"business_number_id": known}, 2) for known in sirets]
    if name:
        searches.append(({"q": name}, 2 * _NAME_PAGES))  # a page comes as its total, then its entries
    endpoint = f"{reader.base_url}/api/1/organizations/"
    seen: set[str] = set()
    for number, (params, most) in enumerate(searches):
        for part in islice(reader.pages(endpoint, params, page_size=page_size), most):
            if isinstance(part, Fault):
                if number == 0:
                    raise SourceError(part.what, where=part.where, remedy=part.remedy)
                yield part
                return
            for record in map(mapping, part if isinstance(part, list) else ()):
                identifier = values.text(record.get("id"), 100)
                same = values.siren_of(record.get("business_number_id")) == siren
                if same and identifier and identifier not in seen and not record.get("deleted"):
                    seen.add(identifier)
                    yield record


def likely_sirets(siren: str) -> list[str]:
    """Return the SIRETs of the first three establishments a SIREN may have had.

    The last five digits are an establishment's number, given in order, and one control digit (Luhn) that makes it
    unique (Insee, Sirene).
    """
    from stdnum import luhn

    numbered = [f"{siren}{number:04}" for number in (1, 2, 3)]
    return [number + luhn.calc_check_digit(number) for number in numbered]


def badges_of(organizations: list[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return what the portal vouches for of these organizations (``certified``…), without doubles."""
    listed = (organization.get("badges") for organization in organizations)
    kinds = [mapping(badge).get("kind") for badges in listed if isinstance(badges, list) for badge in badges[:50]]
    return values.words(kinds)
