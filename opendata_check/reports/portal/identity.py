"""What stands at an address, on a screen and as JSON."""

from __future__ import annotations

import json

from opendata_check import __version__
from opendata_check.model.identification import Attempt, Identity
from opendata_check.reports.page.lines import Lines
from opendata_check.reports.safety import clean
from opendata_check.wording import plural

SCHEMA_VERSION = "1.0"
"""Raised with docs/schemas/sources.schema.json."""


def document(identity: Identity) -> str:
    """Return the answer as JSON, keys sorted."""
    source = identity.source
    value = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "opendata-check", "version": __version__},
        "url": identity.url,
        "final_url": identity.final_url,
        "status": identity.status,
        "requests": identity.requests,
        "source": None
        if source is None
        else {
            "kind": source.kind,
            "name": source.name,
            "label": source.label,
            "ground": source.ground,
            "scope": source.scope,
        },
        "attempts": [
            {
                "kind": attempt.kind,
                "name": attempt.name,
                "hint": attempt.hint,
                "answered": attempt.answered,
                "asked": list(attempt.asked),
            }
            for attempt in identity.attempts
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def screen(identity: Identity, width: int) -> str:
    """Return the answer as lines of at most ``width`` characters."""
    lines = Lines(width)
    lines.paragraph(clean(identity.url, 300))
    if identity.final_url.rstrip("/") != identity.url.rstrip("/"):
        lines.fact("Mène à", clean(identity.final_url, 300))
    lines.gap()
    source = identity.source
    if source is None:
        lines.paragraph("Ce site n'est d'aucun type connu.")
        if identity.status >= 400:
            lines.paragraph(f"La page répond par une erreur ({identity.status}).")
    else:
        lines.fact("Type", clean(source.name))
        lines.fact("Ce qui sera lu", clean(source.scope or source.label, 300))
        if source.ground:
            lines.fact("Reconnu à ceci", clean(source.ground, 300))
    if identity.attempts and (source is None or len(identity.attempts) > 1):
        lines.heading("Ce qui a été essayé")
        for attempt in identity.attempts:
            _attempt(lines, attempt)
    lines.gap()
    spent = plural(identity.requests, "demande au site", "demandes au site") if identity.requests else "aucune demande"
    lines.paragraph(f"Coût : {spent}.")
    if source is None:
        lines.paragraph(
            "Que faire : donnez l'adresse du portail de données lui-même, ou celle d'une de ses pages. "
            "Les fichiers du site peuvent aussi être rangés dans un dossier, puis examinés avec audit."
        )
    return lines.text()


def _attempt(lines: Lines, attempt: Attempt) -> None:
    why = f"la page le laisse penser ({clean(attempt.hint, 200)})" if attempt.hint else "essayé car répandu"
    result = "son interface répond" if attempt.answered else "son interface ne répond pas"
    lines.paragraph(f"{clean(attempt.name)} : {why} ; {result}.", indent=2, mark="-")
    for address in attempt.asked:
        lines.paragraph(clean(address, 300), indent=6)
