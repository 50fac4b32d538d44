"""The `sources` command: which kind of portal stands at an address, and on what ground."""

from __future__ import annotations

from typing import Annotated

import typer

from opendata_check.cli import network, recognition, verbosity

_FORMATS = ("terminal", "json")


def command(
    url: Annotated[str, typer.Argument(metavar="ADRESSE", help="L'adresse d'un portail, ou d'une de ses pages.")],
    report_format: Annotated[
        str | None,
        typer.Option("--format", "-f", metavar="FORMAT", help="terminal ou json (selon -o, sinon terminal)."),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FICHIER", help="Écrit la réponse dans ce fichier.")
    ] = None,
    allow_private: network.AllowPrivate = False,
    refresh: network.Refresh = False,
    offline: network.Offline = False,
    ca_bundle: network.CaBundle = None,
    insecure_host: network.InsecureHost = None,
    record: network.Record = None,
    replay: network.Replay = None,
    debug: verbosity.Debug = False,
) -> None:
    """
    Reconnaît le type d'un portail de données et dit à quoi.

    Code de sortie : 0 reconnu, 1 d'aucun type connu, 2 le site ne répond pas.

    Exemples :
      opendata-check sources https://data.ma-ville.fr
      opendata-check sources https://data.ma-ville.fr/explore/dataset/budget/
    """
    from opendata_check.cli import options
    from opendata_check.kept import cache_folder
    from opendata_check.reports.portal import identity
    from opendata_check.sources import find

    announced = "json" if (output or "").lower().endswith(".json") else "terminal"
    chosen_format = options.among((report_format or announced).strip().lower(), _FORMATS)
    chosen = network.network(
        allow_private=allow_private,
        no_cache=False,
        refresh=refresh,
        offline=offline,
        ca_bundle=ca_bundle,
        insecure_hosts=insecure_host,
        record=record,
        replay=replay,
    )
    target = recognition.address_of(url)
    with network.opened(chosen, {"target": target}) as fetcher:
        found = find(target, fetcher, kept_in=cache_folder() if chosen.remembers else None)
    told, as_json = found.identity(), chosen_format == "json"
    said = identity.document(told) if as_json else identity.screen(told, options.screen_width())
    answer = network.discreet([target])(said)
    if as_json and output in (None, "-"):
        options.print_data([answer])
    else:
        options.deliver(answer, output)
    raise typer.Exit(0 if found.recognition is not None else 1)
