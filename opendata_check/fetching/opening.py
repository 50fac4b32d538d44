"""Opens a Fetcher with what the user asked for, and ends it with its temporary files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opendata_check.fetching.client import Fetcher
from opendata_check.fetching.errors import StorageError
from opendata_check.fetching.identity import user_agent as our_user_agent
from opendata_check.fetching.limits import Limits

if TYPE_CHECKING:
    from opendata_check.fetching.cache import Cache
    from opendata_check.fetching.recording import Recorder
    from opendata_check.fetching.replaying import Replay
    from opendata_check.fetching.tls import Trust


@contextmanager
def open_fetcher(
    *,
    cache_folder: Path | None,
    allow_private: bool = False,
    limits: Limits | None = None,
    user_agent: str | None = None,
    refresh: bool = False,
    offline: bool = False,
    ca_bundle: Path | None = None,
    insecure_hosts: frozenset[str] = frozenset(),
    record: Path | None = None,
    replay: Path | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Iterator[Fetcher]:
    """Give a Fetcher whose temporary files and connections end with the block; it may be used by several threads.

    ``cache_folder`` keeps answers between runs (None: nothing is kept); ``refresh`` asks all anew and replaces them,
    ``offline`` asks nothing and gives only them. ``allow_private`` lets URLs lead to private addresses, for an
    intranet. ``ca_bundle`` holds the certificates of an administration's own authority; those of ``insecure_hosts``
    are not verified. ``record`` is an empty folder where every answer is kept, with ``extra``; ``replay`` is such a
    folder, from which every answer is then taken. Raises StorageError when no temporary folder can be made,
    UnreadableFileError for a bad ``ca_bundle``, RecordingError for a bad ``record`` or ``replay``, UsageError for a
    bad $OPENDATA_CHECK_CONTACT.
    """
    within = limits or Limits()
    agent = our_user_agent() if user_agent is None else user_agent
    trust = _trust(ca_bundle, insecure_hosts)
    replayed = _replay(replay) if replay is not None else None
    recorder = _recorder(record, extra, within) if record is not None else None
    try:
        temporary = tempfile.TemporaryDirectory(prefix="opendata-check-", ignore_cleanup_errors=True)
    except OSError as error:
        raise StorageError(
            "aucun dossier temporaire ne peut être créé", remedy="Vérifiez la place libre sur le disque."
        ) from error
    with temporary as folder:
        fetcher = Fetcher(
            Path(folder),
            allow_private=allow_private,
            limits=within,
            user_agent=agent,
            cache=_cache(cache_folder, within, refresh=refresh),
            offline=offline,
            trust=trust,
            recorder=recorder,
            replay=replayed,
        )
        try:
            yield fetcher
        finally:
            fetcher.close()


def _cache(folder: Path | None, limits: Limits, *, refresh: bool) -> Cache | None:
    if folder is None:
        return None
    from opendata_check.fetching.cache import Cache

    return Cache(folder, limits.cache_bytes, refresh=refresh)


def _trust(ca_bundle: Path | None, insecure_hosts: frozenset[str]) -> Trust | None:
    if ca_bundle is None and not insecure_hosts:
        return None
    from opendata_check.fetching.tls import Trust  # ssl: only for whoever goes on line

    return Trust(ca_bundle, insecure_hosts)


def _recorder(folder: Path, extra: Mapping[str, Any] | None, limits: Limits) -> Recorder:
    from opendata_check.fetching.recording import Recorder

    return Recorder(folder, extra, limits)


def _replay(folder: Path) -> Replay:
    from opendata_check.fetching.replaying import Replay

    return Replay(folder)
