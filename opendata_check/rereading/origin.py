"""Tells whether a JSON document is an audit of ours that this version can read, else what it is and what to type."""

from __future__ import annotations

import re
from collections.abc import Collection

from opendata_check.rereading.errors import RereadingError

READS = (2, 3)
"""Newest form read: major, minor. ``reports.json.SCHEMA_VERSION`` says the same; a test holds them together."""
_VERSION = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})")
_AUDIT = {"findings", "duties", "scores", "priorities"}
_OTHERS = (
    ("diff", {"mended", "unseen"}),
    ("portal", {"links_checked", "sources"}),
    ("check", {"errors_shown", "groups"}),
    ("sources", {"final_url", "requests"}),
    ("scope", {"duties", "remarks"}),
    ("schemas profile", {"schema_version", "tool", "columns"}),
    ("explain", {"schema_version", "kind"}),
    ("rules", {"schema_version", "rules"}),
    ("schemas", {"schema_version", "schemas"}),
)
"""What the answers of the other commands hold, surest first."""
_AGAIN = "Refaites l'audit : opendata-check audit … -o audit.json."


def accepted(keys: Collection[str], tool: object, version: object, name: str) -> str:
    """Return what the user must know of a document (""), from its keys, its tool and its version.

    Raises RereadingError for what is no audit of ours, and for a form of another major version.
    """
    ours = isinstance(tool, dict) and tool.get("name") == "opendata-check"
    known = set(keys)
    if not known >= _AUDIT or not ours:
        raise _foreign(known, ours, name)
    match = _VERSION.fullmatch(version) if isinstance(version, str) else None
    if match is None:
        raise RereadingError("il faut une version comme « 2.3 »", where=_at(name, "schema_version"), remedy=_AGAIN)
    major, minor = int(match[1]), int(match[2])
    if major > READS[0]:
        raise RereadingError(
            f"cet audit vient d'une version plus récente (forme {major}.{minor})",
            where=name,
            remedy="Mettez opendata-check à jour.",
        )
    if major < READS[0]:
        raise RereadingError(f"cet audit est trop ancien (forme {major}.{minor})", where=name, remedy=_AGAIN)
    if (major, minor) < READS:
        older = f"cet audit est d'une forme ancienne ({major}.{minor}) : quelques détails y manquent. {_AGAIN}"
        return f"{name} : {older}" if name else older
    return ""


def _foreign(keys: set[str], ours: bool, name: str) -> RereadingError:
    command = next((command for command, signs in _OTHERS if signs <= keys), "") if "schema_version" in keys else ""
    if command and (ours or "tool" not in keys):
        return RereadingError(
            f"ce JSON vient de « opendata-check {command} », pas d'un audit",
            where=name,
            remedy="Enregistrez un audit : opendata-check audit … -o audit.json.",
        )
    if ours:
        missing = ", ".join(sorted(_AUDIT - keys))
        return RereadingError(f"il manque {missing} à cet audit", where=name, remedy=_AGAIN)
    return RereadingError(
        "ce JSON vient d'un autre programme",
        where=name,
        remedy="Il faut un audit de ce programme : opendata-check audit … -o audit.json.",
    )


def _at(name: str, place: str) -> str:
    return f"{name}, {place}" if name else place
