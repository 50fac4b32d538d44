"""The `schemas` commands: which schemas there are, what one asks, how to get another, and a file to fill in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opendata_check.cli import french, verbosity
from opendata_check.cli.schema_names import (
    entry_named,
    held_named,
    listed_schema,
    plain,
    printable,
    pulled_folder,
    version_among,
)
from opendata_check.cli.schema_pull import beside, bytes_at, is_place, pull_schema, registry_list
from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from contextlib import ExitStack

    from opendata_check.fetching import Fetcher
    from opendata_check.model.check import FileFacts
    from opendata_check.model.content import Content
    from opendata_check.model.profile import TableProfile
    from opendata_check.model.schema import Field, TableSchema

app = french.group(
    """
    Montre les schémas : quelles colonnes un tableau doit avoir, ce que l'on écrit dans chacune. Donne aussi un fichier
    à remplir.

    Exemples :
      opendata-check schemas list
      opendata-check schemas show subventions
      opendata-check schemas template subventions -o subventions.xlsx
    """
)

_Format = Annotated[str | None, typer.Option("--format", "-f", metavar="FORMAT", help="terminal ou json.")]
_Output = Annotated[str | None, typer.Option("--output", "-o", metavar="FICHIER", help="Écrit dans ce fichier.")]
_Version = Annotated[
    str | None, typer.Option("--version", metavar="VERSION", help="Une version précise (la dernière sinon).")
]
_NAME_HELP = "Le nom d'un schéma, donné par « schemas list », ou une partie de ce nom."


@app.command("list", cls=french.FrenchCommand)
def list_schemas(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[MOTS]", help="Ne garde que les schémas dont le nom ou le titre contient ces mots."),
    ] = None,
    report_format: Annotated[
        str | None, typer.Option("--format", "-f", metavar="FORMAT", help="terminal, json ou csv.")
    ] = None,
    output: _Output = None,
    debug: verbosity.Debug = False,
) -> None:
    """
    Liste les schémas connus sans connexion : ceux du programme, et ceux que vous avez récupérés.

    Exemples :
      opendata-check schemas list
      opendata-check schemas list adresse
    """
    from opendata_check.cli import options
    from opendata_check.reports.schema_cards.cards import LIST_FORMATS, listing
    from opendata_check.schemas.registry import held

    options.keep_inputs(output, [])
    chosen, typed = _format(report_format, output, LIST_FORMATS), " ".join(words or ())
    items = [listed_schema(versions) for versions in held(pulled_folder()).values()]
    wanted = plain(typed).split()
    found = [item for item in items if all(word in plain(f"{item.id} {item.title}") for word in wanted)]
    options.deliver(listing(found, typed if wanted else "", chosen, options.screen_width()), output)


@app.command("show", cls=french.FrenchCommand)
def show(
    name: Annotated[str, typer.Argument(metavar="SCHÉMA", help=_NAME_HELP)],
    version: _Version = None,
    report_format: _Format = None,
    output: _Output = None,
    debug: verbosity.Debug = False,
) -> None:
    """
    Montre ce qu'un schéma demande : chaque colonne, ce que l'on y écrit, la règle, un exemple.

    Exemples :
      opendata-check schemas show subventions
      opendata-check schemas show etalab/schema-bal --version 1.4.0
    """
    from opendata_check.cli import options
    from opendata_check.reports.schema_cards.cards import CARD_FORMATS, CardOrigin, card
    from opendata_check.schemas.registry import load_held, receipt_of

    options.keep_inputs(output, [])
    chosen = _format(report_format, output, CARD_FORMATS)
    item, others = held_named(name, version)
    schema = load_held(pulled_folder(), item)
    receipt = receipt_of(pulled_folder(), item.id, item.version) if item.pulled else None
    origin = CardOrigin(
        kind="pulled" if item.pulled else "embedded",
        other_versions=others,
        url=receipt.url if receipt else "",
        got_on=receipt.got_on if receipt else "",
        sha256=receipt.sha256 if receipt else "",
    )
    options.deliver(card(schema, origin, chosen, options.screen_width()), output)


@app.command("pull", cls=french.FrenchCommand)
def pull(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[SCHÉMA]",
            help="Nom ou partie du nom d'un schéma du registre, adresse web ou fichier. Rien : la liste du registre.",
        ),
    ] = None,
    version: _Version = None,
    catalogue: Annotated[
        str | None,
        typer.Option("--catalogue", metavar="URL", help="Un autre registre que celui du pays : adresse ou fichier."),
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private-network", help="Autorise les adresses internes (intranet).")
    ] = False,
    debug: verbosity.Debug = False,
) -> None:
    """
    Récupère un schéma du registre national, schema.data.gouv.fr, et le garde pour travailler sans connexion.

    Le fichier est gardé avec son adresse, sa date et sa signature. S'il est modifié ensuite, il n'est plus lu.

    Exemples :
      opendata-check schemas pull
      opendata-check schemas pull stationnement
    """
    from opendata_check.cli import options
    from opendata_check.fetching import Limits, open_fetcher
    from opendata_check.kept import cache_folder
    from opendata_check.schemas.registry import CATALOGUE, MAX_BYTES, parse_catalogue, registry_page

    limits = Limits(max_bytes=MAX_BYTES, download_seconds=60, retries=1)
    typed = options.unquoted(name or "")
    kept_in = cache_folder() if pulled_folder() is not None else None
    with open_fetcher(cache_folder=kept_in, allow_private=allow_private, limits=limits) as fetcher:
        page, page_version = registry_page(typed)
        if not page and is_place(typed):
            if version is not None:
                raise UsageError(
                    "une adresse ne donne qu'une version", where="--version", remedy="Retirez cette option."
                )
            options.deliver(pull_schema(fetcher, typed), None)
            return
        place = options.unquoted(catalogue or CATALOGUE)
        raw, where, _ = bytes_at(fetcher, place)
        registry = parse_catalogue(raw, where=where)
        if not typed:
            options.deliver(registry_list(registry), None)
            return
        entry = entry_named(page or typed, registry)
        chosen = version_among(version or page_version, [one for one, _ in entry.versions], entry.id)
        address = beside(dict(entry.versions)[chosen], place)
        inside = None if "://" in place else Path(place).parent
        options.deliver(pull_schema(fetcher, address, entry.id, chosen, inside), None)


@app.command("template", cls=french.FrenchCommand)
def template(
    name: Annotated[str, typer.Argument(metavar="SCHÉMA", help=_NAME_HELP)],
    version: _Version = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FICHIER", help="Fichier .xlsx ou .csv (modele-….xlsx sinon)."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Remplace le fichier s'il existe déjà.")] = False,
    debug: verbosity.Debug = False,
) -> None:
    """
    Écrit un fichier à remplir : les colonnes d'un schéma, une ligne d'exemple, de l'aide, des listes où choisir.

    Exemples :
      opendata-check schemas template subventions
      opendata-check schemas template subventions -o subventions.csv
    """
    from opendata_check.cli import options
    from opendata_check.reports.schema_cards.template import as_csv, as_xlsx
    from opendata_check.schemas.registry import load_held
    from opendata_check.schemas.template import template as made_of

    options.keep_inputs(output, [])
    item, _ = held_named(name, version)
    target = output or f"modele-{item.id.partition('/')[2].removeprefix('schema-')}.xlsx"
    kind = "csv" if target == "-" else Path(target).suffix.lower().lstrip(".")
    if kind not in ("xlsx", "csv"):
        raise UsageError(
            "un fichier à remplir est un classeur ou un CSV",
            where=f"-o {target[:60]}",
            remedy="Donnez un nom en .xlsx ou .csv.",
        )
    if Path(target).is_file() and not force:
        remedy = "Ajoutez --force pour le remplacer, ou choisissez un autre nom avec -o."
        raise UsageError("ce fichier existe déjà : il est peut-être rempli", where=target, remedy=remedy)
    schema = load_held(pulled_folder(), item)
    if schema.carrier != "table":
        raise UsageError(
            "ce schéma décrit un fichier GeoJSON, pas un tableau à remplir",
            where=schema.id,
            remedy=f"Ses colonnes : opendata-check schemas show {schema.id}.",
        )
    made = made_of(schema, _judge(schema))
    content = as_csv(made.columns) if kind == "csv" else as_xlsx(schema, made.columns)
    options.deliver(content.decode("utf-8-sig") if target == "-" else content, target)
    _tell(schema, made.without_example, csv=kind == "csv")


@app.command("infer", cls=french.FrenchCommand)
def infer(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FICHIER", help="Un fichier ou son adresse web : CSV, classeur, JSON, GeoJSON, Parquet, ou un zip."
        ),
    ],
    report_format: Annotated[
        str | None,
        typer.Option(
            "--format", "-f", metavar="FORMAT", help="terminal, json ou tableschema (si -o donne un nom en .json)."
        ),
    ] = None,
    output: _Output = None,
    bounds: Annotated[
        bool, typer.Option("--bounds", help="Ajoute au schéma les valeurs extrêmes de chaque colonne.")
    ] = False,
    member: Annotated[
        str,
        typer.Option("--member", metavar="NOM", help="Le fichier à lire, quand une archive en contient plusieurs."),
    ] = "",
    allow_private: Annotated[
        bool, typer.Option("--allow-private-network", help="Autorise les adresses internes (intranet).")
    ] = False,
    debug: verbosity.Debug = False,
) -> None:
    """
    Décrit les colonnes d'un tableau sans schéma, et écrit le schéma que ses données suivent déjà.

    Aucune valeur n'est montrée d'une colonne qui peut concerner des personnes. Code de sortie : 0 lu en entier, 3 lu
    en partie, 2 illisible.

    Exemples :
      opendata-check schemas infer budget.csv
      opendata-check schemas infer budget.csv -o schema.json
    """
    from contextlib import ExitStack

    from opendata_check.cli import options
    from opendata_check.cli.check import content_at
    from opendata_check.fetching import open_fetcher
    from opendata_check.kept import cache_folder
    from opendata_check.reports.interface import Layout
    from opendata_check.reports.schema_cards.profile import rendered

    target = options.unquoted(file)
    options.keep_inputs(output, [target])
    chosen = _infer_format(report_format, output, bounds=bounds)
    with open_fetcher(cache_folder=cache_folder(), allow_private=allow_private) as fetcher, ExitStack() as stack:
        profile, described = _profiled(content_at(target, fetcher), member, fetcher, stack)
    if chosen == "tableschema":
        text = _descriptor_text(profile, Path(described.name).stem, bounds=bounds)
        if profile.note:
            print(f"Lecture incomplète : {profile.note}", file=sys.stderr)  # noqa: T201
    else:
        layout = Layout(width=options.screen_width(), encoding=sys.stdout.encoding or "utf-8")
        text = rendered(profile, described, chosen, layout)
    options.deliver(text, output)
    if not profile.complete:
        raise typer.Exit(3)


def _infer_format(typed: str | None, output: str | None, *, bounds: bool) -> str:
    """Return the format asked for; a file in .json is a schema, unless its format is told."""
    known = ("terminal", "json", "tableschema")
    named = Path(output).suffix.lower() == ".json" if typed is None and output else False
    chosen = "tableschema" if named else _format(typed, output, known)
    if bounds and chosen != "tableschema":
        raise UsageError("cette option complète un schéma", where="--bounds", remedy="Ajoutez --format tableschema.")
    return chosen


def _profiled(content: Content, member: str, fetcher: Fetcher, stack: ExitStack) -> tuple[TableProfile, FileFacts]:
    """Return the profile of the table that a file holds, whatever its format, and how the file is written."""
    from opendata_check import file_table, inspection
    from opendata_check.tables.errors import ProvisionalEncodingError
    from opendata_check.tables.profile import profile

    facts = file_table.facts_of(content)
    kind = facts.envelope.detected
    if kind in file_table.ARCHIVES or member:
        return _profiled(file_table.only_member(content, member, fetcher, stack), "", fetcher, stack)
    table, described = file_table.as_table(content, facts, stack)
    places = "record" if kind in inspection.RECORD_FORMATS else "line"
    try:
        found = profile(table, described, places=places)
    except ProvisionalEncodingError:
        described = inspection.read_head(table, whole=True)
        found = profile(table, described, places=places)
    return found, file_table.file_facts(content, kind, described)


def _descriptor_text(profile: TableProfile, title: str, *, bounds: bool) -> str:
    """Return the Table Schema as JSON, what cannot be seen on a screen escaped (no-break spaces in a number's form)."""
    import json

    from opendata_check.schemas.inference import inferred

    text = json.dumps(inferred(profile, name=printable(title), bounds=bounds), ensure_ascii=False, indent=2)
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text) + "\n"


def _tell(schema: TableSchema, without_example: tuple[str, ...], *, csv: bool) -> None:
    """Say on the error stream what the file cannot say itself."""
    from opendata_check.reports.outline.phrases import listed
    from opendata_check.reports.safety import clean

    optional = [clean(field.name, 60) for field in schema.fields if field.name in schema.optional_columns]
    if csv and optional:
        print(f"Colonnes facultatives : {listed(optional, 10)}.", file=sys.stderr)  # noqa: T201
    if without_example:
        names = listed([clean(name, 60) for name in without_example], 10)
        print(f"Sans exemple, à remplir d'après leur règle : {names}.", file=sys.stderr)  # noqa: T201


def _judge(schema: TableSchema) -> Callable[[Field, str], bool]:
    """Return the verdict of ``tables`` on one cell of a schema, as a yes or no."""
    from opendata_check.tables import TablesError
    from opendata_check.tables.columns import cell_verdict

    def accepts(field: Field, text: str) -> bool:
        about = [check for check in schema.checks if check.params.get("column") == field.name]
        try:
            return not cell_verdict(field, schema.missing_values, about)(text)
        except (TablesError, TypeError, ValueError, ArithmeticError):
            return False  # a field whose own facts make no sense cannot be judged: it gets no example

    return accepts


def _format(typed: str | None, output: str | None, known: tuple[str, ...]) -> str:
    from opendata_check.cli import options

    by_name = Path(output).suffix.lower().lstrip(".") if typed is None and output else ""
    chosen = by_name if by_name in known else options.format_for(typed, output)
    return options.among("terminal" if chosen == "text" else chosen, known)
