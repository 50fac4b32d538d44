"""The `rules` commands: the list of rules, the card of one, and what changed in them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from opendata_check.cli import french, verbosity
from opendata_check.errors import UsageError

app = french.group(
    """
    Montre les règles elles-mêmes : leur liste, la fiche d'une règle, ce qui a changé.

    Exemples :
      opendata-check rules list
      opendata-check rules show subventions
      opendata-check rules changes --since 2023-01-01 Nancy
    """
)

_Rules = Annotated[str | None, typer.Option("--rules", metavar="DOSSIER", help="Ajoute vos règles locales.")]
_Format = Annotated[str | None, typer.Option("--format", "-f", metavar="FORMAT", help="terminal ou json.")]
_Output = Annotated[str | None, typer.Option("--output", "-o", metavar="FICHIER", help="Écrit dans ce fichier.")]


@app.command("list", cls=french.FrenchCommand)
def list_rules(
    rules: _Rules = None, report_format: _Format = None, output: _Output = None, debug: verbosity.Debug = False
) -> None:
    """
    Liste toutes les règles connues.

    Exemple :
      opendata-check rules list
    """
    from opendata_check.cli import bodies, options
    from opendata_check.law.cards import cards
    from opendata_check.reports.rule_cards.cards import listing

    options.keep_inputs(output, [rules])
    chosen, law = _format(report_format, output), bodies.law_with(rules)
    options.deliver(listing(cards(law), law.read_on, chosen, options.screen_width()), output)


@app.command("show", cls=french.FrenchCommand)
def show(
    name: Annotated[str, typer.Argument(metavar="RÈGLE", help="Le nom d'une règle, donné par « rules list ».")],
    rules: _Rules = None,
    report_format: _Format = None,
    output: _Output = None,
    debug: verbosity.Debug = False,
) -> None:
    """
    Montre la fiche d'une règle : le texte, qui est tenu, comment on le vérifie, des exemples.

    Exemple :
      opendata-check rules show diffusion-par-principe
    """
    from opendata_check import checks
    from opendata_check.cli import bodies, options
    from opendata_check.law.cards import card as card_of
    from opendata_check.reports.rule_cards.cards import card

    options.keep_inputs(output, [rules])
    law = bodies.law_with(rules)
    item = bodies.rule_named(law, name)
    serving = [rule.title for rule in checks.rules() if rule.obligation == item.id]
    options.deliver(card(card_of(law, item), serving, _format(report_format, output), options.screen_width()), output)


@app.command("changes", cls=french.FrenchCommand)
def changes(
    body: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ORGANISME]", help="Nom, code INSEE ou SIREN. Sans organisme : toutes les règles."),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Depuis cette date (un an avant sinon).")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Jusqu'à cette date (aujourd'hui sinon).")
    ] = None,
    agents: Annotated[
        str | None, typer.Option("--agents", metavar="NOMBRE", help="Agents, en équivalent temps plein.")
    ] = None,
    fact: Annotated[
        list[str] | None, typer.Option("--fact", metavar="NOM=VALEUR", help="Une réponse. Peut se répéter.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="NATURE", help="Imagine un organisme : commune, epci, syndicat…")
    ] = None,
    population: Annotated[
        str | None, typer.Option("--population", metavar="NOMBRE", help="Habitants (population municipale).")
    ] = None,
    rules: _Rules = None,
    report_format: _Format = None,
    output: _Output = None,
    debug: verbosity.Debug = False,
) -> None:
    """
    Dit ce qui a changé dans les règles depuis une date, pour un organisme ou en général.

    Exemples :
      opendata-check rules changes --since 2023-01-01 Nancy
      opendata-check rules changes --since 2020-01-01 --on 2024-12-31
    """
    from opendata_check.cli import bodies, options
    from opendata_check.config import FILE_NAME
    from opendata_check.law.changes import changes as find
    from opendata_check.reports.rule_cards.cards import changed
    from opendata_check.wording import word

    options.keep_inputs(output, [rules, FILE_NAME])
    law = bodies.law_with(rules)
    until = bodies.checked_date(on, law)
    start = (
        options.read_date(since, "--since")
        if since is not None
        else until.replace(year=until.year - 1, day=min(until.day, 28))
    )
    if start >= until:
        raise UsageError(
            "la première date doit venir avant la seconde", where="--since", remedy="Vérifiez les deux dates."
        )
    told = bodies.Told(
        name=" ".join(body or ()), kind=kind, agents=agents, facts=tuple(fact or ()), population=population
    )
    organization = None
    if told.name or told.kind or Path(FILE_NAME).is_file():
        organization, _ = bodies.organization_of(told, until, law)
    elif agents or fact or population:
        raise UsageError("il manque l'organisme dont vous donnez les réponses", remedy="Donnez son nom, ou --kind.")
    name = (organization.name or word("kinds", organization.kind, "your")) if organization else ""
    found = find(law, start, until, organization)
    options.deliver(changed(found, start, until, name, _format(report_format, output), options.screen_width()), output)


def _format(typed: str | None, output: str | None) -> str:
    from opendata_check.cli import options
    from opendata_check.reports.rule_cards.cards import FORMATS

    return options.among(options.format_for(typed, output), FORMATS)
