"""Chooses the kind of source from what the user typed."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType

from opendata_check import sources
from opendata_check.fetching.naming import printable, shown_path, shown_url
from opendata_check.model.organization import Organization
from opendata_check.sources.interface import DEFAULT_BASE_URL, Source, SourceError, Target

_PLUMBING = frozenset({"interface", "detect"})
_MAX_NEIGHBOURS = 10_000


def detect(target: str, *, organization: Organization | None = None, base_url: str = DEFAULT_BASE_URL) -> Source:
    """Return the source ``target`` names: an existing folder or file, a portal's URL, else the organization's page.

    ``organization`` is what the target was resolved to, if anything. ``base_url`` stands for data.gouv.fr.
    Raises SourceError when nothing fits, saying what would.
    """
    seen = _look(target, organization, base_url.rstrip("/"))
    kinds = list(_kinds())
    for kind in kinds:
        source: Source | None = kind.recognise(seen)
        if source is not None:
            return source
    raise _nothing_fits(seen, [str(kind.ACCEPTS) for kind in kinds])


def _kinds() -> Iterator[ModuleType]:
    """Yield the modules of this folder that are kinds of source, in the order of their names."""
    for found in sorted(pkgutil.iter_modules(sources.__path__), key=lambda found: found.name):
        if not found.ispkg and found.name not in _PLUMBING:
            yield importlib.import_module(f"{sources.__name__}.{found.name}")


def _look(target: str, organization: Organization | None, base_url: str) -> Target:
    """Return the target with what its text is: URL, existing path, or words."""
    text = target.strip()
    if not text:
        raise SourceError("rien n'est indiqué", remedy="Donnez un dossier, une adresse web ou le nom d'une commune.")
    url = _as_url(text)
    path = None if url else _existing(text)
    if url is None and path is None and _looks_like_path(text):
        organization = None  # « ./Exempleville » was meant as a folder, even when a commune has that name
    return Target(text, path, url, organization, base_url)


def _as_url(text: str) -> str | None:
    """Return ``text`` as an http(s) URL when it is one, with the scheme people leave out."""
    if re.match(r"https?://", text, re.IGNORECASE):
        return text
    if re.match(r"(www\.|demo\.)?data\.gouv\.fr/", text, re.IGNORECASE) and _existing(text) is None:
        return f"https://{text}"
    return None


def _existing(text: str) -> Path | None:
    """Return ``text`` as a path when something is there."""
    try:
        path = Path(text).expanduser()
        return path if path.exists() else None
    except (OSError, ValueError, RuntimeError):  # name too long, NUL character, unknown ~user
        return None


def _nothing_fits(target: Target, accepted: list[str]) -> SourceError:
    """Return the error that says why no source was recognised, and what would be."""
    choices = " ; ".join(accepted)
    if target.url:
        return SourceError(
            "ce type de site n'est pas encore reconnu", where=shown_url(target.url), remedy=f"Ce qui l'est : {choices}."
        )
    scheme = re.match(r"([a-z][a-z0-9+.-]+)://", target.text, re.IGNORECASE)
    if scheme:
        return SourceError(
            f"une adresse « {scheme[1].lower()}:// » ne peut pas être lue",
            where=shown_url(target.text),
            remedy=f"Ce qui peut l'être : {choices}.",
        )
    where = printable(target.text)
    if target.organization is not None:
        return SourceError(
            "sans numéro SIREN, sa page sur data.gouv.fr ne peut pas être cherchée",
            where=where,
            remedy="Donnez l'adresse de cette page, ou le dossier des fichiers.",
        )
    names = _close_names(target.text)
    remedy = f"Vouliez-vous dire {' ou '.join(f'« {name} »' for name in names)} ?" if names else "Vérifiez le chemin."
    what = "ce fichier n'existe pas" if Path(target.text).suffix else "ce dossier n'existe pas"
    return SourceError(what, where=where, remedy=remedy)


def _looks_like_path(text: str) -> bool:
    """Return True when ``text`` was meant as a path: separators, a leading dot or tilde, an extension."""
    return bool(re.search(r"[/\\]", text) or text[0] in ".~" or re.search(r"\.[A-Za-z]\w{1,6}$", text))


def _close_names(text: str) -> list[str]:
    """Return the names, beside the missing path, that look like it (three at most)."""
    try:
        path = Path(text).expanduser()
        parent = path.parent
        if not parent.is_dir():
            return []
        names = {found.name.casefold(): found for found in sorted(islice(parent.iterdir(), _MAX_NEIGHBOURS))}
    except (OSError, ValueError, RuntimeError):
        return []
    close = difflib.get_close_matches(path.name.casefold(), list(names), n=3, cutoff=0.6)
    return [shown_path(names[name]) for name in close]
