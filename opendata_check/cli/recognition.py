"""From addresses typed to sources, each with how it was recognised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from opendata_check.cli.network import Network
    from opendata_check.fetching import Fetcher
    from opendata_check.model.identification import KnownSource
    from opendata_check.model.organization import Organization
    from opendata_check.sources import Source


def recognised(
    targets: Sequence[str], fetcher: Fetcher, chosen: Network, base_url: str | None = None
) -> tuple[tuple[Source, ...], tuple[KnownSource, ...]]:
    """Return the source of each address, the same one once, and how its kind was known.

    Raises SourceError when an address is of no known kind, UsageError when one is no address at all.
    """
    from opendata_check.kept import cache_folder
    from opendata_check.sources import DEFAULT_BASE_URL, find, unknown_kind
    from opendata_check.sources.detect import with_scheme

    kept_in = cache_folder() if chosen.remembers else None
    found: dict[Source, KnownSource] = {}
    for text in targets:
        target = with_scheme(text)
        if "://" not in target:
            raise UsageError(
                "ce n'est pas une adresse web",
                where=f"« {text[:60]} »",
                remedy="Donnez l'adresse du portail, par exemple https://data.ma-ville.fr.",
            )
        seen = find(target, fetcher, kept_in=kept_in, base_url=base_url or DEFAULT_BASE_URL)
        known = seen.identity().source
        if seen.recognition is None or known is None:
            raise unknown_kind(seen)
        found.setdefault(seen.recognition.source, known)
    return tuple(found), tuple(found.values())


def audited(
    target: str,
    more: Sequence[str],
    fetcher: Fetcher,
    chosen: Network,
    body: Organization | None,
    base_url: str | None = None,
) -> tuple[Source, ...]:
    """Return the sources of an audit: what the target names, the addresses of --source, and the national portal.

    A body that was named is looked for on data.gouv.fr, what it publishes and what others say of its territory. It
    needs no SIREN when a --source is given. Raises SourceError, UsageError.
    """
    from opendata_check.kept import cache_folder
    from opendata_check.sources import DEFAULT_BASE_URL, SourceError, detect, find, unknown_kind
    from opendata_check.sources.detect import with_scheme
    from opendata_check.sources.udata import about

    national = base_url or DEFAULT_BASE_URL
    given, _ = recognised(more, fetcher, chosen, base_url)
    address = with_scheme(target)
    found: list[Source] = []
    if "://" in address:
        kept_in = cache_folder() if chosen.remembers else None
        seen = find(address, fetcher, organization=body, base_url=national, kept_in=kept_in)
        if seen.recognition is None:
            raise unknown_kind(seen)
        found.append(seen.recognition.source)
    else:
        try:
            found.append(detect(target, organization=body, base_url=national))
        except SourceError:
            if body is None or not given:
                raise
    named = bool(found) and found[0].kind == "udata" and "://" not in address
    zone = about(body, national) if body is not None and named else None
    return tuple(dict.fromkeys([*found, *([zone] if zone is not None else []), *given]))
