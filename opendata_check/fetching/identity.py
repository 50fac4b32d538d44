"""How we present ourselves to servers: the tool, its version, what it is for, and whom to write to."""

from __future__ import annotations

import os
import re

from opendata_check import __version__
from opendata_check.errors import UsageError

CONTACT_VARIABLE = "OPENDATA_CHECK_CONTACT"
_PROJECT = "opendata-check"
_LONGEST = 100
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_WEB = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[!#-'*-:=-\[\]-~]*)?")  # a comment has no ( ) \ ; nor quote


def user_agent() -> str:
    """Return our User-Agent. Raises UsageError when $OPENDATA_CHECK_CONTACT is neither an e-mail nor a web address."""
    return f"opendata-check/{__version__} (audit de donnees ouvertes; {contact()})"


def contact() -> str:
    """Return whom a server's owner may write to: $OPENDATA_CHECK_CONTACT, else the project's name.

    Raises UsageError when the variable is neither an e-mail nor a web address, or is too long.
    """
    given = os.environ.get(CONTACT_VARIABLE, "").strip()
    if not given:
        return _PROJECT
    if len(given) > _LONGEST or not (_EMAIL.fullmatch(given) or _WEB.fullmatch(given)):
        raise UsageError(
            "ce n'est ni un courriel ni une adresse web",
            where=CONTACT_VARIABLE,
            remedy=f"Écrivez-y votre courriel ({_LONGEST} caractères au plus).",
        )
    return given
