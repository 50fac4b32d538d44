"""The options of every command that goes on line, and the fetcher they ask for."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from opendata_check.cli.progress import ProgressLine
    from opendata_check.fetching import Fetcher
    from opendata_check.model.report import Progress

AllowPrivate = Annotated[
    bool, typer.Option("--allow-private-network", help="Autorise les adresses internes (intranet).")
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Relit tout en ligne, sans copie locale.")]
Refresh = Annotated[bool, typer.Option("--refresh", help="Relit tout en ligne et remplace la copie locale.")]
Offline = Annotated[bool, typer.Option("--offline", help="Ne va pas en ligne : seule la copie locale est lue.")]
CaBundle = Annotated[
    str | None,
    typer.Option("--ca-bundle", metavar="FICHIER", help="Certificats de votre administration (fichier .pem)."),
]
InsecureHost = Annotated[
    list[str] | None,
    typer.Option(
        "--insecure-host", metavar="SERVEUR", help="Accepte un certificat fautif pour ce serveur. Peut se répéter."
    ),
]
Record = Annotated[
    str | None,
    typer.Option("--record", metavar="DOSSIER", help="Garde toutes les réponses du réseau dans ce dossier."),
]
Replay = Annotated[
    str | None,
    typer.Option("--replay", metavar="DOSSIER", help="Refait l'examen avec ces réponses gardées, sans réseau."),
]

Answer = TypeVar("Answer")

_SHORTEST_SECRET = 8
"""A shorter one that an address gives may be any word: it would be hidden everywhere."""


@dataclass(frozen=True, slots=True)
class Network:
    """What was typed about the network."""

    allow_private: bool = False
    no_cache: bool = False
    refresh: bool = False
    offline: bool = False
    ca_bundle: str | None = None
    insecure_hosts: Sequence[str] = ()
    record: str | None = None
    replay: str | None = None

    @property
    def remembers(self) -> bool:
        """Return True when what an earlier run found may be used: a recording must hold, and give, every question."""
        return not (self.no_cache or self.refresh or self.record or self.replay)


def network(
    *,
    allow_private: bool,
    no_cache: bool,
    refresh: bool,
    offline: bool,
    ca_bundle: str | None,
    insecure_hosts: Sequence[str] | None,
    record: str | None,
    replay: str | None,
) -> Network:
    """Return the options together. Raises UsageError when two of them contradict each other, or a file is missing."""
    exclusive = [
        name
        for name, given in (
            ("--record", record),
            ("--replay", replay),
            ("--offline", offline),
        )
        if given
    ]
    if len(exclusive) > 1:
        raise UsageError("ces options s'excluent", where=" et ".join(exclusive), remedy="N'en gardez qu'une.")
    if offline and (refresh or no_cache):
        other = "--refresh" if refresh else "--no-cache"
        raise UsageError("ces options se contredisent", where=f"--offline et {other}", remedy="N'en gardez qu'une.")
    if ca_bundle is not None and not Path(ca_bundle).is_file():
        raise UsageError("ce fichier n'existe pas", where=f"--ca-bundle {ca_bundle[:80]}", remedy="Vérifiez le chemin.")
    if replay is not None and not Path(replay).is_dir():
        raise UsageError(
            "ce dossier n'existe pas",
            where=f"--replay {replay[:80]}",
            remedy="Donnez le dossier qu'a écrit --record.",
        )
    return Network(allow_private, no_cache, refresh, offline, ca_bundle, tuple(insecure_hosts or ()), record, replay)


@contextmanager
def opened(chosen: Network, extra: Mapping[str, str] | None = None) -> Iterator[Fetcher]:
    """Give the fetcher these options ask for; ``extra`` is kept with a recording (the date, the target)."""
    from opendata_check.fetching import open_fetcher
    from opendata_check.kept import cache_folder

    with open_fetcher(
        cache_folder=None if chosen.no_cache or chosen.record or chosen.replay else cache_folder(),
        allow_private=chosen.allow_private,
        refresh=chosen.refresh,
        offline=chosen.offline,
        ca_bundle=Path(chosen.ca_bundle) if chosen.ca_bundle else None,
        insecure_hosts=frozenset(host.lower() for host in chosen.insecure_hosts),
        record=Path(chosen.record) if chosen.record else None,
        replay=Path(chosen.replay) if chosen.replay else None,
        extra=extra,
    ) as fetcher:
        yield fetcher


def day_of(typed: str | None, chosen: Network) -> str | None:
    """Return the date typed, else the one of the recording that is replayed: the same report comes out on any day."""
    if typed is not None or chosen.replay is None:
        return typed
    from opendata_check.fetching import read_extra

    return read_extra(Path(chosen.replay)).get("on")


def discreet(typed: Iterable[str]) -> Callable[[str], str]:
    """Return a function that hides the keys of the environment, and those of the addresses typed, in what is printed.

    A portal may repeat what it was sent: stars stand in place of each letter, as in a recording.
    """
    from opendata_check.fetching.secrecy import KnownSecrets, secret_parameters

    known = KnownSecrets()
    known.learn(value for url in typed for value in secret_parameters(url) if len(value) >= _SHORTEST_SECRET)
    return lambda text: known.hide(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")


def followed(events: Generator[Progress | Answer, None, None], line: ProgressLine) -> Answer:
    """Return what ``events`` ends with, showing the rest. Ctrl-C is handed to it: it ends with what it has.

    A second Ctrl-C stops everything.
    """
    from opendata_check.model.report import Progress

    stopped: KeyboardInterrupt | None = None
    while True:
        event = next(events) if stopped is None else events.throw(stopped)
        stopped = None
        if not isinstance(event, Progress):
            line.clear()
            return event
        try:
            line.show(event)
        except KeyboardInterrupt as stop:
            stopped = stop
