"""From addresses typed to sources, each with how it was recognised."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from opendata_check.cli.network import Network
    from opendata_check.fetching import Fetcher
    from opendata_check.model.catalog import Catalog
    from opendata_check.model.identification import KnownSource
    from opendata_check.model.organization import Organization
    from opendata_check.sources import Source


@dataclass(frozen=True, slots=True)
class Unreached:
    """An address where no kind of portal could be told: its turn comes to nothing, and the others are read."""

    label: str
    what: str
    remedy: str
    kind: str = "unknown"

    def collect(self, fetcher: Fetcher) -> Catalog:
        """Raise SourceError: nothing can be seen there."""
        from opendata_check.sources import SourceError

        raise SourceError(self.what, where=self.label, remedy=self.remedy)


def address_of(typed: str) -> str:
    """Return the web address that was typed: without quotes, with its scheme, bytes that are no text written as %E9."""
    from opendata_check.cli.options import unquoted
    from opendata_check.sources.detect import with_scheme

    return re.sub(r"[\udc80-\udcff]", lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", with_scheme(unquoted(typed)))


def recognised(
    targets: Sequence[str], fetcher: Fetcher, chosen: Network, base_url: str | None = None, *, alone: bool = True
) -> tuple[tuple[Source, ...], tuple[KnownSource, ...]]:
    """Return the source of each address, the same one once, and how its kind was known.

    Raises UsageError when one is no address at all; SourceError when the only one (``alone``) is of no known kind or
    does not answer: beside others, it becomes a source that says so.
    """
    from opendata_check.fetching.naming import shown_url
    from opendata_check.kept import cache_folder
    from opendata_check.model.identification import KnownSource
    from opendata_check.sources import DEFAULT_BASE_URL, SourceError, find, unknown_kind

    kept_in = cache_folder() if chosen.remembers else None
    found: dict[Source, KnownSource] = {}
    for target in [_address(text) for text in targets]:
        try:
            seen = find(target, fetcher, kept_in=kept_in, base_url=base_url or DEFAULT_BASE_URL)
            known = seen.identity().source
            if seen.recognition is None or known is None:
                raise unknown_kind(seen)
        except SourceError as error:
            if alone and len(targets) == 1:
                raise
            label = shown_url(target)
            lost = Unreached(label, error.what, error.remedy)
            found.setdefault(lost, KnownSource(label, lost.kind, "type inconnu", label))
        else:
            found.setdefault(seen.recognition.source, known)
    return tuple(found), tuple(found.values())


def _address(text: str) -> str:
    """Return a web address with its scheme. Raises UsageError for anything else, with what would do."""
    target = address_of(text)
    if "://" in target:
        return target
    said = f"« {text[:60]} »"
    if Path(text).exists():
        remedy = f"C'est un dossier ou un fichier. Pour l'examiner, tapez : opendata-check audit {said}"
    else:
        remedy = f"Par exemple : https://data.ma-ville.fr. Pour une commune, tapez : opendata-check audit {said}"
    raise UsageError("ce n'est pas une adresse web", where=said, remedy=remedy)


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
    from opendata_check.sources.udata import about

    national = base_url or DEFAULT_BASE_URL
    given, _ = recognised(more, fetcher, chosen, base_url, alone=False)
    address = address_of(target)
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
