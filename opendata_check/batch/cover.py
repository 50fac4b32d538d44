"""Reads whose name a lot's pages bear: a small TOML file, with a logo made safe to embed."""

from __future__ import annotations

import base64
import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from opendata_check.errors import ConfigError
from opendata_check.model.lot import Cover

_KEYS = {"name": "name", "nom": "name", "contact": "contact", "text": "text", "texte": "text", "logo": "logo",
         "colour": "colour", "couleur": "colour", "color": "colour"}  # fmt: skip
_LONGEST = {"name": 200, "contact": 300, "text": 2_000, "colour": 7, "logo": 1_000}
_LARGEST_FILE = 64_000
LARGEST_LOGO = 200_000
"""Bytes: every page of the lot carries it."""
_COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_TOO_WIDE = 4_000
_SVG_ELEMENTS = frozenset({
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "defs", "title",
    "desc", "lineargradient", "radialgradient", "stop", "clippath", "mask", "use", "symbol",
})  # fmt: skip
"""What draws; nothing that runs, links, loads or styles beyond itself."""


def read_cover(path: Path) -> Cover:
    """Return the cover that a TOML file describes. Raises ConfigError with the line to change."""
    shown = path.name
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ConfigError("ce fichier est trop long", where=shown, remedy="Il tient en cinq lignes.")
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(
            "ce fichier ne peut pas être lu", where=f"--cover {shown}", remedy="Vérifiez le nom."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(
            "ce fichier n'est pas un TOML bien écrit",
            where=shown,
            remedy='Une ligne par réglage, par exemple : name = "Syndicat du Val".',
        ) from error
    table = content.get("cover", content)
    if not isinstance(table, dict):
        raise ConfigError('on attend des lignes comme name = "Syndicat du Val"', where=shown)
    values = {_known(key, shown): _text(key, value, shown) for key, value in table.items()}
    if values.get("colour") and not _COLOUR.fullmatch(values["colour"]):
        raise ConfigError("la couleur s'écrit comme #1b4965", where=f"{shown}, colour")
    logo = _logo(path.parent / values["logo"], shown) if values.get("logo") else ""
    return Cover(**{**values, "logo": logo})


def _known(key: str, shown: str) -> str:
    if key.lower() in _KEYS:
        return _KEYS[key.lower()]
    close = get_close_matches(key.lower(), list(_KEYS), n=1, cutoff=0.6)
    hint = f"Vouliez-vous écrire « {close[0]} » ?" if close else "Il y a : name, contact, text, logo, colour."
    raise ConfigError(f"le réglage « {key[:40]} » n'existe pas", where=shown, remedy=hint)


def _text(key: str, value: Any, shown: str) -> str:
    name = _KEYS[key.lower()]
    if not isinstance(value, str) or len(value) > _LONGEST[name]:
        raise ConfigError(
            f"on attend un texte entre guillemets, de {_LONGEST[name]} signes au plus", where=f"{shown}, {key[:40]}"
        )
    return " ".join(value.split())


def _logo(path: Path, shown: str) -> str:
    """Return a logo as a ``data:`` URI. Raises ConfigError for what is no PNG, JPEG or harmless SVG."""
    where = f"{shown}, logo"
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST_LOGO else b""
    except (OSError, ValueError) as error:
        raise ConfigError(
            "ce logo ne peut pas être lu", where=where, remedy="Son chemin part de ce fichier."
        ) from error
    if size > LARGEST_LOGO:
        raise ConfigError(
            f"ce logo pèse plus de {LARGEST_LOGO // 1000} ko", where=where, remedy="Réduisez-le : chaque page le porte."
        )
    kind = _kind(data, where)
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def _kind(data: bytes, where: str) -> str:
    if data.startswith(_PNG) and data[12:16] == b"IHDR":
        width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
        if not (0 < width <= _TOO_WIDE and 0 < height <= _TOO_WIDE):
            raise ConfigError(f"ce logo dépasse {_TOO_WIDE} points de côté", where=where, remedy="Réduisez-le.")
        return "image/png"
    if data.startswith(_JPEG):
        return "image/jpeg"
    if b"<svg" in data[:4_000].lower():
        _refuse_unsafe(data, where)
        return "image/svg+xml"
    raise ConfigError("ce logo n'est ni un PNG, ni un JPEG, ni un SVG", where=where, remedy="Enregistrez-le en PNG.")


def _refuse_unsafe(data: bytes, where: str) -> None:
    """Raise ConfigError for a drawing that runs, loads or links anything, or is no XML."""
    from xml.etree import ElementTree

    unsafe = ConfigError(
        "ce logo SVG contient autre chose qu'un dessin", where=where, remedy="Enregistrez-le en PNG, ou en SVG simple."
    )
    if b"<!doctype" in data.lower() or b"<!entity" in data.lower():
        raise unsafe
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - no entity can be declared, and it is small
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
        raise ConfigError("ce logo SVG est abîmé", where=where, remedy="Enregistrez-le en PNG.") from error
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2].lower()
        if "}" in str(element.tag) and "www.w3.org/2000/svg" not in str(element.tag):
            continue  # notes of the drawing program
        if name not in _SVG_ELEMENTS:
            if name in ("metadata", "namedview"):
                continue
            raise unsafe
        for attribute, value in element.attrib.items():
            plain, said = attribute.rpartition("}")[2].lower(), value.lower().replace(" ", "")
            linked = plain == "href" and not said.startswith("#")
            if (
                plain.startswith("on")
                or linked
                or "javascript:" in said
                or re.search(r"url\((?!['\"]?#)|@import", said)
            ):
                raise unsafe
