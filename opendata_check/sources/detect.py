"""Chooses the kind of source from what the user typed."""

from __future__ import annotations

import difflib
import re
from itertools import islice
from pathlib import Path

from opendata_check.fetching import Fetcher
from opendata_check.fetching.errors import status_error
from opendata_check.fetching.naming import printable, shown_path, shown_url
from opendata_check.model.organization import Organization
from opendata_check.sources.finding.kinds import all_kinds
from opendata_check.sources.finding.probing import Identification, identify
from opendata_check.sources.finding.remembering import recall, remember
from opendata_check.sources.interface import DEFAULT_BASE_URL, Recognition, Source, SourceError, Target

_MAX_NEIGHBOURS = 10_000
_CLOSED = frozenset({401, 403, 407, 429})


def detect(target: str, *, organization: Organization | None = None, base_url: str = DEFAULT_BASE_URL) -> Source:
    """Return the source ``target`` names: an existing folder or file, a portal's URL, else the organization's page.

    Only what was typed is looked at, no request is made: ``find`` also asks the site what it is. ``organization`` is
    what the target was resolved to, if anything. ``base_url`` stands for data.gouv.fr.
    Raises SourceError when nothing fits, saying what would.
    """
    seen = _look(target, organization, base_url.rstrip("/"))
    source = _recognised(seen)
    if source is None:
        raise _nothing_fits(seen)
    return source


def find(
    target: str,
    fetcher: Fetcher,
    *,
    organization: Organization | None = None,
    base_url: str = DEFAULT_BASE_URL,
    kept_in: Path | None = None,
) -> Identification:
    """Return what ``target`` is, as ``detect`` does, a bare address being asked what stands there.

    ``kept_in`` is where an earlier run's finding is kept (None: nothing is kept).
    Raises SourceError when the target is no address and nothing fits, or when the site does not answer, refuses
    everybody or is down: then nothing says what it is.
    """
    seen = _look(target, organization, base_url.rstrip("/"))
    source = _recognised(seen)
    if source is None and seen.url is None:
        raise _nothing_fits(seen)
    url = seen.url or seen.text
    if source is not None:
        known = Recognition(source, "la forme de l'adresse suffit" if seen.url else "", source.label)
        return Identification(url, url, 0, known, (), 0)
    remembered = recall(kept_in, url) if kept_in else None
    if remembered is not None:
        return Identification(url, url, 0, remembered, (), 0)
    found = identify(url, fetcher)
    if found.recognition is None and (found.status in _CLOSED or found.status >= 500):
        told = status_error(found.status, shown_url(url))
        raise SourceError(told.what, where=told.where, remedy=told.remedy)
    if kept_in and found.recognition is not None:
        remember(kept_in, url, found.recognition)
    return found


def unknown_kind(found: Identification) -> SourceError:
    """Return the error of a site whose kind was not recognised: what was tried, and what can be given instead."""
    tried = ", ".join(dict.fromkeys(attempt.name for attempt in found.attempts))
    status = f" (la page répond {found.status})" if found.status >= 400 else ""
    return SourceError(
        f"ce site n'est d'aucun type connu{status}" + (f" ; essayés : {tried}" if tried else ""),
        where=shown_url(found.url),
        remedy="Donnez l'adresse du portail de données lui-même, ou celle d'une de ses pages.",
    )


def with_scheme(text: str) -> str:
    """Return a web address with the https:// that people leave out (``data.ville.fr``); anything else as it is."""
    bare = re.fullmatch(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)+(?::\d+)?(?:[/?#]\S*)?", text, re.IGNORECASE)
    return f"https://{text}" if bare and _existing(text) is None else text


def _recognised(seen: Target) -> Source | None:
    """Return the source that the first kind to know this target gives."""
    for kind in all_kinds():
        source: Source | None = kind.recognise(seen)
        if source is not None:
            return source
    return None


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


def _nothing_fits(target: Target) -> SourceError:
    """Return the error that says why no source was recognised, and what would be."""
    choices = " ; ".join(str(kind.ACCEPTS) for kind in all_kinds())
    if target.url:
        return SourceError(
            "ce type de site n'est pas encore reconnu", where=shown_url(target.url), remedy=f"Ce qui l'est : {choices}."
        )
    scheme = re.match(r"([a-z][a-z0-9+.-]+)://", target.text, re.IGNORECASE)
    if scheme:
        return SourceError(
            f"une adresse « {scheme[1].lower()}:// » ne peut pas être lue",
            where=shown_url(target.text),
            remedy="Une adresse commence par https:// : vérifiez-la.",
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
