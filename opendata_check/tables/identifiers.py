"""SIRET control: fourteen digits, the Luhn key, and La Poste's exception."""

from __future__ import annotations

import re

_FORM = re.compile(r"[0-9]{14}")


def is_siret(cell: str) -> bool:
    """Return True for fourteen digits with a right key.

    The key is Luhn's, but for La Poste's offices (356000000…), whose digits add up to a multiple of five
    (INSEE, Sirene documentation). Spaces are a fault: the schemas ask for digits only.
    """
    from stdnum.fr import siret

    return _FORM.fullmatch(cell) is not None and bool(siret.is_valid(cell))
