"""The `scope` command: which duties bind a body on a date, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from opendata_check.cli import completion, verbosity
from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from opendata_check.cli.bodies import Told
    from opendata_check.law.rules import Law
    from opendata_check.model.scope import ScopeAnswer


def command(
    body: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ORGANISME]",
            help="Nom, code INSEE, SIREN, SIRET, code postal, ou nom d'intercommunalité. Rien avec --kind ou --all.",
            autocompletion=completion.bodies,
        ),
    ] = None,
    agents: Annotated[
        str | None,
        typer.Option("--agents", metavar="NOMBRE", help="Agents, en équivalent temps plein (deux mi-temps = 1)."),
    ] = None,
    agents_band: Annotated[
        str | None,
        typer.Option("--agents-band", metavar="TRANCHE", help="Tranche d'effectif de l'Insee, par exemple 21."),
    ] = None,
    sirene: Annotated[
        str | None,
        typer.Option("--sirene", metavar="FICHIER", help="Extrait de Sirene (CSV ou Parquet) où lire cette tranche."),
    ] = None,
    population: Annotated[
        str | None,
        typer.Option("--population", metavar="NOMBRE", help="Habitants (population municipale)."),
    ] = None,
    population_totale: Annotated[
        str | None,
        typer.Option("--population-totale", metavar="NOMBRE", help="Habitants (population totale)."),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="NATURE", help="Imagine un organisme : commune, epci, syndicat, ccas, spl…"),
    ] = None,
    epci: Annotated[
        bool,
        typer.Option("--epci", help="Intercommunalité ; avec --kind commune : commune membre."),
    ] = False,
    fact: Annotated[
        list[str] | None,
        typer.Option("--fact", metavar="NOM=VALEUR", help="Une réponse : site_internet=oui. Peut se répéter."),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Juge à cette date (aujourd'hui sinon).")
    ] = None,
    explain: Annotated[
        str | None, typer.Option("--explain", metavar="RÈGLE", help="Explique une règle, condition par condition.")
    ] = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="Toutes les communes et intercommunalités, dans un fichier (-o).")
    ] = False,
    config: Annotated[
        str | None,
        typer.Option("--config", metavar="FICHIER", help="Vos réponses (./opendata-check.toml sinon)."),
    ] = None,
    rules: Annotated[
        str | None, typer.Option("--rules", metavar="DOSSIER", help="Ajoute vos règles locales à celles du pays.")
    ] = None,
    report_format: Annotated[
        str | None, typer.Option("--format", "-f", metavar="FORMAT", help="terminal ou json (selon le nom donné à -o).")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FICHIER", help="Écrit la réponse dans ce fichier.")
    ] = None,
    debug: verbosity.Debug = False,
) -> None:
    """
    Dit quelles règles d'ouverture des données concernent une collectivité, depuis quand, et pourquoi.

    Exemples :
      opendata-check scope 54395 --agents 62
      opendata-check scope "Saint-Denis (93)" --on 2025-06-01
      opendata-check scope Nancy --explain actes
      opendata-check scope --kind commune --population 3600 --agents 55
      opendata-check scope --all -o communes.csv
    """
    from opendata_check.cli import bodies, options
    from opendata_check.config import FILE_NAME

    options.keep_inputs(output, [config or FILE_NAME, sirene, rules])
    law = bodies.law_with(rules)
    day = bodies.checked_date(on, law)
    if everybody:
        from opendata_check.cli.country import write_everybody

        given = [body, agents, agents_band, population, population_totale, kind, explain, config]
        plain = not body and not epci and all(item is None for item in given[1:])
        write_everybody(law, day, output, report_format, sirene, plain=plain and not fact)
        return
    told = bodies.Told(
        name=" ".join(body or ()),
        kind=kind,
        epci=epci,
        agents=agents,
        agents_band=agents_band,
        sirene=sirene,
        population=population,
        population_totale=population_totale,
        facts=tuple(fact or ()),
        config=config,
        on=on,
        rules=rules,
    )
    answer = bodies.answer(told, day, law)
    text = _text(answer, law, explain, options.format_for(report_format, output), told)
    options.deliver(text, output)


def _text(answer: ScopeAnswer, law: Law, explain: str | None, report_format: str, told: Told) -> str:
    from opendata_check.cli import options
    from opendata_check.cli.bodies import rule_named
    from opendata_check.reports import scope

    width = options.screen_width()
    if explain is None:
        return scope.render_scope(answer, report_format, width=width, target=told.again, interview=told.interview)
    rule = rule_named(law, explain)
    if rule.to_verify:
        raise UsageError(
            f"la règle « {rule.id} » est rangée à part et n'est pas appliquée",
            where="--explain",
            remedy=f"Pour savoir pourquoi : opendata-check rules show {rule.id}.",
        )
    return scope.render_explanation(answer, rule.id, report_format, width=width)
