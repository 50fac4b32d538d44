"""The `batch` command: a whole list of bodies audited in one go, in a folder that resumes where it was stopped."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opendata_check.cli import network, verbosity
from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from opendata_check.batch.listing import Listing
    from opendata_check.model.lot import Cover

_MOST_JOBS = 256


def command(
    listed: Annotated[
        str,
        typer.Argument(
            metavar="LISTE",
            help="La liste : .csv, .xlsx, .ods, un texte (un nom par ligne), ou - pour l'entrée standard.",
        ),
    ],
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="DOSSIER", help="Où écrire. Le même dossier reprend le lot.")
    ] = None,
    column: Annotated[
        str | None,
        typer.Option("--column", metavar="COLONNE", help="Celle qui nomme les organismes : son titre ou sa lettre."),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Juge à cette date (celle du lot, ou aujourd'hui).")
    ] = None,
    jobs: Annotated[str | None, typer.Option("--jobs", metavar="N", help="Audits menés à la fois (32 sinon).")] = None,
    limit: Annotated[
        str | None, typer.Option("--limit", metavar="N", help="N'en fait que N de plus, pour essayer.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="ORGANISME", help="Seulement lui, même déjà fait : dossier, code ou nom. Peut se répéter."
        ),
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Refait aussi ce qui a échoué ou reste partiel.")
    ] = False,
    again: Annotated[
        bool,
        typer.Option("--again", help="Refait tout : un nouveau passage, comparé au dernier d'une autre date."),
    ] = False,
    title: Annotated[str | None, typer.Option("--title", metavar="TITRE", help="Titre des pages.")] = None,
    cover: Annotated[
        str | None,
        typer.Option(
            "--cover", metavar="FICHIER", help="Au nom de qui : un .toml (name, contact, text, logo, colour)."
        ),
    ] = None,
    rank: Annotated[
        bool, typer.Option("--rank", help="Ajoute un classement, pour votre usage. Ne le publiez pas.")
    ] = False,
    store: Annotated[
        str | None,
        typer.Option("--store", metavar="FICHIER", help="Garde aussi chaque audit dans ce fichier d'audits."),
    ] = None,
    known_siret: Annotated[
        str | None,
        typer.Option("--known-siret", metavar="FICHIER", help="Extrait de Sirene où chercher les SIRET et SIREN."),
    ] = None,
    portal: Annotated[
        str | None, typer.Option("--portal", metavar="URL", help="Adresse du portail (data.gouv.fr sinon).")
    ] = None,
    allow_private: network.AllowPrivate = False,
    no_cache: network.NoCache = False,
    refresh: network.Refresh = False,
    offline: network.Offline = False,
    ca_bundle: network.CaBundle = None,
    insecure_host: network.InsecureHost = None,
    record: network.Record = None,
    replay: network.Replay = None,
    quiet: verbosity.Quiet = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Garde le détail de chaque erreur du programme dans « erreurs ».")
    ] = False,
) -> None:
    """
    Examine toute une liste d'organismes et écrit un dossier de pages.

    La liste a une ligne par organisme. Les titres au-dessus et les lignes vides ne gênent pas. Colonnes comprises :

      commune, code insee, siren, code postal   qui c'est : une seule suffit
      département                               départage les homonymes
      url, portail, site                        un autre endroit où il publie
      dossier                                   lit ce dossier, rien en ligne
      agents, tranche                           ses agents (temps plein)
      config                                    son fichier de réponses

    Les autres colonnes sont gardées dans les pages.

    Arrêtez quand vous voulez (Ctrl-C) : la même commande reprend où elle en était.

    Code de sortie : 0 tout est fait, 2 rien n'a pu se faire, 3 il reste des lignes à reprendre, 130 interrompu.

    Exemples :
      opendata-check batch communes.csv -o mes-communes
      opendata-check batch communes.xlsx -o mes-communes --column C --limit 3
      opendata-check batch communes.csv -o mes-communes --retry-failed
      opendata-check batch communes.csv -o mes-communes --again
      opendata-check batch communes.csv -o mes-communes --cover syndicat.toml
    """
    from opendata_check.cli import batch_run
    from opendata_check.cli.options import read_date, unquoted

    if not output:
        raise UsageError("il manque le dossier où écrire", where="-o", remedy="Par exemple : -o mes-communes.")
    chosen = network.network(
        allow_private=allow_private,
        no_cache=no_cache,
        refresh=refresh,
        offline=offline,
        ca_bundle=ca_bundle,
        insecure_hosts=insecure_host,
        record=record,
        replay=replay,
    )
    day = network.day_of(on, chosen)
    asked = batch_run.Asked(
        root=Path(unquoted(output)),
        typed=None if day is None else read_date(day),
        jobs=_count(jobs, "--jobs", _MOST_JOBS),
        limit=_count(limit, "--limit", 10_000_000),
        only=tuple(only or ()),
        retry=retry_failed,
        again=again,
        rank=rank,
        store=None if store is None else Path(unquoted(store)),
        register=None if known_siret is None else Path(unquoted(known_siret)),
        portal=portal,
        quiet=quiet,
        debug=debug,
    )
    bears = _cover(cover)
    listing = _listing(unquoted(listed), column)
    named = title or f"Données ouvertes : {Path(listed).stem if listed != '-' else 'la liste'}"
    raise typer.Exit(batch_run.run(listing, named[:200], bears, asked, chosen))


def _count(text: str | None, option: str, highest: int) -> int | None:
    from opendata_check.cli.options import read_number

    number = read_number(text, option, highest=highest, whole=True)
    if number is not None and number < 1:
        raise UsageError("il en faut au moins un", where=option, remedy="Par exemple : 4.")
    return None if number is None else int(number)


def _cover(path: str | None) -> Cover:
    from opendata_check.batch.cover import read_cover
    from opendata_check.cli.options import unquoted
    from opendata_check.model.lot import Cover

    return Cover() if path is None else read_cover(Path(unquoted(path)))


def _listing(path: str, column: str | None) -> Listing:
    """Return what the list asks for. Raises BatchError."""
    from opendata_check.batch import rows
    from opendata_check.batch.listing import listing_of
    from opendata_check.cli.progress import ProgressLine, Step

    line = ProgressLine()
    line.show(Step("Lecture de la liste"))
    try:
        if path == "-":
            return listing_of(rows.read_stream(sys.stdin.buffer.read(rows.LARGEST + 1)), Path(), column)
        return listing_of(rows.read_rows(Path(path)), Path(path).parent, column)
    finally:
        line.clear()
