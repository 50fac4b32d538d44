"""Hides what identifies a person in a name that is going to be shown: a column's, a sheet's."""

from __future__ import annotations

import re

from opendata_check.inspection.personal_values import iban_is_valid, nir_is_valid

MASK = "•••"
"""What stands in place of the value."""

_ANY = re.compile(r"@|\d(?:\D{0,3}\d){8}")
"""Without it no name holds anything to hide: most names are left at once."""
_EMAIL = re.compile(r"(?<![\w.%+'-])[\w.%+'-]{1,64}@[\w.-]{2,190}")
"""The end of the address may lack: a spreadsheet cuts the name of a sheet after 31 characters."""
_IBAN = re.compile(
    r"(?<![0-9A-Za-z])(?:FR\d{2}(?:[ \u00a0]?[0-9A-Z]){23}|[A-Z]{2}\d{2}[0-9A-Z]{11,30})(?![0-9A-Za-z])", re.ASCII
)
"""A French one may be written in groups."""
_NIR = re.compile(
    r"(?<![0-9])([1-478](?:[ .\-/\u00a0\u202f]?\d){4}[ .\-/\u00a0\u202f]?\d[\dABab](?:[ .\-/\u00a0\u202f]?\d){6})"
    r"[ .\-/\u00a0\u202f]{0,3}(\d{2})(?![0-9])",
    re.ASCII,
)
_PHONE = re.compile(
    r"(?<![0-9])(?:(?:\+|00)33[ .\u00a0]?(?:\(0\))?[ .\u00a0]?|0)[1-9](?:[ .\-/\u00a0\u202f]?\d{2}){4}(?![0-9])",
    re.ASCII,
)


def masked(name: str) -> str:
    """Return ``name`` with each mailbox, phone, account number and social security number in it replaced by « ••• ».

    Account and social security numbers count when their control key is right: other long numbers are codes of things.
    """
    if not _ANY.search(name):
        return name
    name = _EMAIL.sub(MASK, name)
    name = _IBAN.sub(lambda found: MASK if iban_is_valid(found[0]) else found[0], name)
    name = _NIR.sub(lambda found: MASK if nir_is_valid(found[1], found[2]) else found[0], name)
    return _PHONE.sub(MASK, name)
