"""Every commune and every intercommunalité of the embedded reference, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.model.organization import Organization
from opendata_check.territory import layout, organizations, store


def count() -> int:
    """Return how many bodies ``everyone`` gives."""
    reference = store.reference()
    return reference.count("communes", layout.COMMUNE) + reference.count("groups", layout.GROUP)


def everyone() -> Iterator[Organization]:
    """Yield the communes in the order of INSEE codes, then the EPCI and EPT in the order of SIREN."""
    reference = store.reference()
    for position in range(reference.count("communes", layout.COMMUNE)):
        yield organizations.commune(position)
    for position in range(reference.count("groups", layout.GROUP)):
        yield organizations.group(position)
