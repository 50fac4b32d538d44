"""Schemas on a screen or for a machine: their list, and the card of one with its columns in plain French."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opendata_check.model.schema import CustomCheck, Field, TableSchema
from opendata_check.reports.outline.phrases import sentence
from opendata_check.reports.page.lines import Lines
from opendata_check.reports.safety import clean, inert
from opendata_check.wording import french_date, join_list, plural

SCHEMA_VERSION = "1.0"
LIST_FORMATS = ("terminal", "json", "csv")
CARD_FORMATS = ("terminal", "json")
_ORIGINS = {"embedded": "fourni", "pulled": "récupéré", "registry": "au registre"}
_GAPS = 6
_TITLE = 24
"""Columns that a title needs beside the name, the versions and the count; under that, it is written below."""
_SHOWN_VALUES = 40


@dataclass(frozen=True, slots=True)
class ListedSchema:
    """A schema as a list shows it."""

    id: str
    title: str
    versions: tuple[tuple[str, str], ...]
    """(version, ``embedded``, ``pulled`` or ``registry``), oldest first."""
    column_count: int | None
    """Columns of the last version; None when it was not read."""
    fault: str = ""
    """French: why the last version cannot be read."""

    @property
    def origins(self) -> tuple[str, ...]:
        """Return where its versions are, each once."""
        return tuple(dict.fromkeys(origin for _, origin in self.versions))


@dataclass(frozen=True, slots=True)
class CardOrigin:
    """Where the schema shown comes from, beyond what it says itself."""

    kind: str
    """``embedded`` or ``pulled``."""
    other_versions: tuple[str, ...] = ()
    url: str = ""
    got_on: str = ""
    """Date and time, ISO, UTC; "" for an embedded schema."""
    sha256: str = ""


# --- the list -------------------------------------------------------------------------------------------------------


def listing(items: Sequence[ListedSchema], words: str, report_format: str, width: int) -> str:
    """Return the schemas, one a line; ``words`` are those that were searched, "" when all are listed."""
    if report_format == "json":
        return _json({"schemas": [_summary(item) for item in items]})
    if report_format == "csv":
        return _csv(items)
    lines = Lines(width)
    if not items:
        lines.paragraph(f"Aucun schéma ne répond à « {clean(words, 60)} ».")
        lines.paragraph("La liste entière : opendata-check schemas list")
        return lines.text()
    found = f" pour « {clean(words, 60)} »" if words else ""
    lines.paragraph(f"{plural(len(items), 'schéma')}{found}. Un schéma dit quelles colonnes un tableau doit avoir.")
    lines.gap()
    _table(lines, items, width)
    pulled = [item for item in items if "pulled" in item.origins]
    lines.gap()
    if pulled:
        lines.paragraph("* récupéré par vous avec « schemas pull » ; les autres sont fournis avec le programme.")
    lines.paragraph("Les colonnes d'un schéma : opendata-check schemas show NOM")
    lines.paragraph("Un fichier à remplir : opendata-check schemas template NOM")
    lines.paragraph("Les autres schémas du pays : opendata-check schemas pull")
    return lines.text()


def registry_listing(items: Sequence[ListedSchema], others: int, unusable: int, width: int) -> str:
    """Return the table schemas of the national registry; ``others`` describe something else than a table."""
    lines = Lines(width)
    lines.paragraph(f"{plural(len(items), 'schéma')} de tableau au registre national.")
    if others:
        lines.paragraph(f"Schémas d'autre chose que d'un tableau, qui ne se récupèrent pas ici : {others}.")
    if unusable:
        lines.paragraph(f"Entrées illisibles de ce catalogue, laissées de côté : {unusable}.")
    lines.gap()
    for item in items:
        have = [version for version, origin in item.versions if origin != "registry"]
        mark = f" (déjà ici : {', '.join(have)})" if have else ""
        lines.paragraph(f"{clean(item.id)} {item.versions[-1][0]}{mark}", mark="-")
        lines.paragraph(sentence(clean(item.title, 200)), 2)
    lines.gap()
    lines.paragraph("En récupérer un : opendata-check schemas pull NOM")
    return lines.text()


def _table(lines: Lines, items: Sequence[ListedSchema], width: int) -> None:
    rows = [_cells(item) for item in items]
    names, numbers = max(4, *(len(row[0]) for row in rows)), 8
    versions = max(7, *(min(12, len(row[1])) for row in rows))
    room = width - names - versions - numbers - _GAPS
    if room < _TITLE:
        for name, version, count, title in rows:
            said = f", {count} colonnes" if count else ""
            lines.paragraph(f"{name}, version {version}{said}", mark="-")
            lines.paragraph(title, 2)
        return
    widths = (names, versions, numbers, room)
    lines.row(("Nom", "Version", "Colonnes", "Titre"), widths)
    for name, version, count, title in rows:
        lines.row((name, version, count.rjust(numbers), title), widths)


def _cells(item: ListedSchema) -> tuple[str, str, str, str]:
    versions = ", ".join(f"{version}{'*' if origin == 'pulled' else ''}" for version, origin in item.versions)
    count = "" if item.column_count is None else str(item.column_count)
    return clean(item.id, 200), versions, count, clean(item.title or item.fault, 200)


def _summary(item: ListedSchema) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "versions": [{"version": version, "origin": origin} for version, origin in item.versions],
        "column_count": item.column_count,
        "fault": item.fault,
    }


def _csv(items: Sequence[ListedSchema]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("nom", "titre", "version", "origine", "colonnes"))
    for item in items:
        latest = item.versions[-1][0]
        for version, origin in item.versions:
            count = item.column_count if version == latest and item.column_count is not None else ""
            writer.writerow((*map(_plain_cell, (item.id, item.title, version)), _ORIGINS[origin], count))
    return text.getvalue()


def _plain_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return inert(clean(text))


# --- the card of one schema -----------------------------------------------------------------------------------------


def card(schema: TableSchema, origin: CardOrigin, report_format: str, width: int) -> str:
    """Return all that a schema asks of a table, column by column."""
    if report_format == "json":
        return _json({"schema": _whole(schema, origin)})
    lines = Lines(width)
    lines.paragraph(f"{clean(schema.title, 300)} ({clean(schema.id)}, version {schema.version})")
    lines.gap()
    if schema.source:
        lines.fact("Source", sentence(clean(schema.source)))
    if origin.got_on:
        lines.fact("Récupéré", f"le {_day(origin.got_on)}.")
        lines.fact("Signature", f"sha256 {origin.sha256}")
    if origin.other_versions:
        lines.fact("Autres versions ici", ", ".join(origin.other_versions))
    if schema.carrier == "geojson":
        lines.fact("Sous quelle forme", "un fichier GeoJSON ; les colonnes sont les propriétés de chaque objet.")
    required = sum(field.required for field in schema.fields)
    absent = sum(field.name in schema.optional_columns for field in schema.fields)
    lines.fact("Colonnes", f"{len(schema.fields)} (toujours remplies : {required} ; facultatives : {absent}).")
    for text in table_rules(schema):
        lines.fact("Règle", sentence(text))
    lines.heading("Colonnes")
    for number, field in enumerate(schema.fields, start=1):
        lines.gap()
        lines.paragraph(f"{clean(field.name, 200)} ({presence(schema, field)})", mark=f"{number}.")
        indent = len(f"{number}. ")
        for text in column_texts(schema, field):
            lines.paragraph(text, indent)
    lines.gap()
    lines.paragraph("Un fichier à remplir :")
    lines.paragraph(f"opendata-check schemas template {schema.id}", 2)
    return lines.text()


def column_texts(schema: TableSchema, field: Field) -> tuple[str, ...]:
    """Return what to say of a column, one sentence each: its meaning, its type, its rules, an example."""
    rules = column_rules(schema, field)
    return tuple(
        text
        for text in (
            ended(clean(field.meaning)),
            f"Type : {type_words(field)}.",
            *(f"Règle : {rule}." for rule in rules),
            f"Exemple : {clean(field.example, 200)}" if field.example else "",
            "Attention : cette colonne peut nommer une personne." if field.options.get("personal") is True else "",
        )
        if text
    )


def ended(text: str) -> str:
    """Return a text with its full stop, its first letter as it is: « true si… » begins with what must be written."""
    return f"{text}." if text and text[-1] not in ".!?…»" else text


def presence(schema: TableSchema, field: Field) -> str:
    """Return whether a column must be there and be filled."""
    absent = field.name in schema.optional_columns
    if field.required:
        return "facultative, mais à remplir si elle est là" if absent else "obligatoire"
    return "facultative" if absent else "à garder, case vide permise"


def table_rules(schema: TableSchema) -> tuple[str, ...]:
    """Return the rules on several columns or rows: the key, and columns whose values are those of another table."""
    rules = []
    if schema.primary_key:
        rules.append(f"deux lignes n'ont jamais la même valeur de {_names(schema.primary_key)}")
    for key in schema.foreign_keys:
        other = f"du tableau « {clean(key.resource, 100)} »" if key.resource else "du même tableau"
        rules.append(f"{_names(key.fields)} : une valeur de {_names(key.reference_fields)} {other}")
    return tuple(rules)


def _names(names: Sequence[str]) -> str:
    return join_list([clean(name, 100) for name in names])


def _day(moment: str) -> str:
    from datetime import datetime

    try:
        return french_date(datetime.fromisoformat(moment).date())
    except ValueError:
        return clean(moment, 40)


_TYPES = {
    "string": "texte",
    "integer": "nombre entier, en chiffres seulement",
    "datetime": "date et heure, comme 2024-01-31T10:00:00Z",
    "time": "heure, comme 10:00:00",
    "year": "année de quatre chiffres",
    "yearmonth": "année et mois, comme 2024-01",
    "duration": "durée, comme P1D pour un jour",
    "geojson": "forme géographique, en GeoJSON",
    "array": "liste, entre crochets : [\"a\", \"b\"]",
    "object": "plusieurs valeurs nommées, entre accolades (JSON)",
    "any": "libre",
}  # fmt: skip
_TEXTS = {
    "uri": "adresse web complète, qui commence par https://",
    "email": "adresse électronique",
    "uuid": "identifiant de 36 caractères, tirets compris",
    "binary": "contenu de fichier en base64",
}


def type_words(field: Field) -> str:
    """Return what kind of value a column holds, in plain French."""
    if field.type == "string":
        return _TEXTS.get(field.format, _TYPES["string"])
    if field.type == "number":
        mark = "une virgule" if field.options.get("decimalChar") == "," else "un point"
        return f"nombre, avec {mark} pour les décimales et sans espace"
    if field.type == "boolean":
        yes = field.options.get("trueValues") or ["true", "1"]
        no = field.options.get("falseValues") or ["false", "0"]
        return f"oui ou non, écrit {_either(yes)} pour oui et {_either(no)} pour non"
    if field.type == "date":
        return f"date, {_date_form(field.format)}"
    if field.type == "geopoint":
        forms = {"array": "[longitude, latitude]", "object": '{"lon": …, "lat": …}'}
        return f"position, écrite {forms.get(field.format, 'longitude,latitude')}"
    return _TYPES.get(field.type, clean(field.type, 40))


def _either(words: Any) -> str:
    listed = words if isinstance(words, list | tuple) else [words]
    return join_list([_quoted(word) for word in listed[:4]], "ou")


def _date_form(form: str) -> str:
    if form in ("default", "any", "", "%Y-%m-%d"):
        return "année-mois-jour, comme 2024-01-31"
    shown = form
    for code, letters in (("%Y", "AAAA"), ("%m", "MM"), ("%d", "JJ"), ("%H", "HH"), ("%M", "mm"), ("%S", "SS")):
        shown = shown.replace(code, letters)
    return f"de la forme {clean(shown, 60)}"


def column_rules(schema: TableSchema, field: Field) -> tuple[str, ...]:
    """Return the rules on one column, each in plain French, without its full stop."""
    about = [check for check in schema.checks if field.name == check.params.get("column", check.params.get("column1"))]
    found = [*_constraint_rules(field), *map(_check_words, about)]
    if {"french-siret-value", "french-siren-value"} & {check.name for check in about}:
        found = [rule for rule in found if rule not in _SAID_BY_A_KEY]
    return tuple(dict.fromkeys(found))


_SAID_BY_A_KEY = (plural(14, "chiffre"), plural(9, "chiffre"))


def _constraint_rules(field: Field) -> Iterator[str]:
    limits = field.constraints
    values = limits.get("enum")
    if isinstance(values, list | tuple) and values:
        yield f"une de ces valeurs : {_some(values)}"
    yield from _bounds(limits)
    short, long = limits.get("minLength"), limits.get("maxLength")
    if short is not None and short == long:
        yield f"{_characters(long)} exactement"
    else:
        if short is not None and short != 1:  # a cell that is filled has one
            yield f"{_characters(short)} au moins"
        if long is not None:
            yield f"{_characters(long)} au plus"
    if isinstance(limits.get("pattern"), str):
        yield pattern_words(limits["pattern"], has_example=bool(field.example))
    if limits.get("unique"):
        yield "chaque valeur n'est écrite qu'une fois dans la colonne"


def _bounds(limits: Mapping[str, Any]) -> Iterator[str]:
    low, high = limits.get("minimum"), limits.get("maximum")
    if low is not None and high is not None:
        yield f"de {_bound(low)} à {_bound(high)}"
    elif low is not None or high is not None:
        yield f"au moins {_bound(low)}" if low is not None else f"au plus {_bound(high)}"
    for name, words in (("exclusiveMinimum", "plus de"), ("exclusiveMaximum", "moins de")):
        if limits.get(name) is not None:
            yield f"{words} {_bound(limits[name])}"


def _some(values: Sequence[Any]) -> str:
    rest = len(values) - _SHOWN_VALUES
    shown = [_quoted(value) for value in values[:_SHOWN_VALUES]]
    return " ; ".join([*shown, f"et {plural(rest, 'autre')}"] if rest > 0 else shown)


def _characters(count: Any) -> str:
    return plural(count, "caractère") if isinstance(count, int | float) else f"{clean(str(count), 20)} caractères"


def _bound(value: Any) -> str:
    """Return a limit as it must be typed: a point before decimals, no space."""
    return clean(str(int(value) if isinstance(value, float) and value.is_integer() else value), 60)


def _quoted(value: Any) -> str:
    return f"« {clean(str(value).lower() if isinstance(value, bool) else str(value), 200)} »"


_SIRET = "un SIRET juste : 14 chiffres sans espace, dont une clé de contrôle"
_CHECKS = {
    "french-siret-value": _SIRET,
    "french-siren-value": "un SIREN juste : 9 chiffres sans espace, dont une clé de contrôle",
    "phone-number-value": "un numéro de téléphone",
    "opening-hours-value": "des horaires écrits comme dans OpenStreetMap : Mo-Fr 08:00-18:00",
    "nomenclature-actes-value": "une matière de la nomenclature des actes, comme « Finances locales/Subventions »",
    "year-interval-value": "une année, ou deux séparées par une barre : 2023/2024",
    "french-postcode-value": "un code postal : 5 chiffres",
    "french-commune-code-value": "un code INSEE de commune : 5 caractères, 2A ou 2B en Corse",
    "french-departement-code-value": "un numéro de département : 01 à 95, 2A, 2B, 971 à 989",
}
_SIGNS = {
    ">=": "au moins égale à", "<=": "au plus égale à", ">": "plus grande que", "<": "plus petite que", "==": "égale à",
}  # fmt: skip


def _check_words(check: CustomCheck) -> str:
    params = check.params
    others = params.get("columns") or params.get("othercolumns") or ()
    names = _names([str(name) for name in others]) if isinstance(others, list | tuple) else ""
    match check.name:
        case "compare-columns-value":
            return f"{_SIGNS.get(str(params.get('op')), 'à comparer à')} {clean(str(params.get('column2')), 100)}"
        case "one-of-required":
            return f"à remplir si {clean(str(params.get('column2')), 100)} est vide"
        case "dependencies":
            return f"à remplir seulement si {clean(str(params.get('column2')), 100)} l'est aussi"
        case "required-unless-value":
            unless, value = (clean(str(params.get(key)), 100) for key in ("unless", "value"))
            return f"vide seulement si {unless} vaut {value}"
        case "sum-columns-value":
            return f"égale à la somme de {names}"
        case "cohesive-columns-value":
            return f"à remplir avec {names}, ou vides ensemble"
    return _CHECKS.get(check.name, f"un contrôle de plus, « {clean(check.name, 60)} »")


# --- patterns -------------------------------------------------------------------------------------------------------

_KNOWN_PATTERNS = {
    r"([013-9]\d|2[AB1-9])\d{3}": "un code INSEE de commune : 5 caractères, 2A ou 2B en Corse",
    r"([0-9]{2}|2[AB])[0-9]{3}": "un code INSEE de commune : 5 caractères, 2A ou 2B en Corse",
    r"(https?)://[^\s/$.?#].[^\s]*": "une adresse web complète, qui commence par https://",
    r"-?[0-9]{1,3}(\.[0-9]+)?": "un nombre de degrés, avec un point pour les décimales",
    r"-?[0-9]{1,2}(\.[0-9]+)?": "un nombre de degrés, avec un point pour les décimales",
    r"-?[0-9]{1,7}(\.[0-9]+)?": "un nombre, avec un point pour les décimales",
    r"[0-9]{4}\-[0-9]{2}\-[0-9]{2}(\/[0-9]{4}\-[0-9]{2}\-[0-9]{2})?": (
        "une date (2024-01-31), ou deux séparées par une barre (2024-01-31/2024-12-31)"
    ),
    r"[^\uFFFD]+": "pas de caractère perdu (�)",
}
_PIECE = re.compile(r"(?P<digit>\\d|\[0-9\])|\\(?P<escaped>[^\w\s])|(?P<letter>[A-Za-zÀ-ÿ0-9 _/:;,@-])")
_TIMES = re.compile(r"\{(\d{1,3})(?:(,)(\d{0,3}))?\}|(\+)")
_CHOICES = (
    re.compile(r"\(\?:\(\?:\^\|\\?(?P<mark>[|,;])\)\((?P<words>[^()\\\[\]*+?{}^$]+)\)\)\+"),
    re.compile(r"\((?P<words>[^()\\\[\]*+?{}^$]+)\)(?:\{1\})?\(\\?(?P<mark>[|,;])\((?P=words)\)\)\*"),
)
_ONE_OF = re.compile(r"\((?:\?:)?(?P<words>[^()\\\[\]*+?{}^$]+)\)")


def pattern_words(pattern: str, *, has_example: bool) -> str:
    """Return what a regular expression asks, in French: the shapes that most schemas use, else « as the example »."""
    bare = pattern.removeprefix("^").removesuffix("$")
    if bare in _KNOWN_PATTERNS:
        return _KNOWN_PATTERNS[bare]
    for form in _CHOICES:
        if found := form.fullmatch(bare):
            words = _some(found["words"].split("|"))
            return f"une ou plusieurs de ces valeurs, séparées par « {found['mark']} » : {words}"
    if (found := _ONE_OF.fullmatch(bare)) and "|" in found["words"]:
        return f"une de ces valeurs : {_some(found['words'].split('|'))}"
    pieces = _pieces(bare)
    if pieces:
        return " puis ".join(pieces)
    return "la même forme que l'exemple" if has_example else "une forme précise, que donne --format json"


def _pieces(pattern: str) -> list[str]:
    """Return « 9 chiffres », « W »… for an expression made only of digits and plain characters; nothing otherwise."""
    pieces: list[str] = []
    place = 0
    while place < len(pattern):
        piece = _PIECE.match(pattern, place)
        if piece is None:
            return []
        place = piece.end()
        times = _TIMES.match(pattern, place)
        if not piece["digit"]:
            if times:
                return []
            literal = piece["escaped"] or piece["letter"]
            joined = pieces and pieces[-1].startswith("« ")
            pieces[-1:] = [f"{pieces[-1][:-2]}{literal} »"] if joined else [*pieces[-1:], f"« {literal} »"]
            continue
        place = times.end() if times else place
        pieces.append(_digits(times))
    return pieces if any("chiffre" in piece for piece in pieces) else []


def _digits(times: re.Match[str] | None) -> str:
    if times is None:
        return "1 chiffre"
    if times[4] or (times[2] and not times[3]):
        return f"{times[1]} chiffres ou plus" if times[1] and times[1] != "1" else "des chiffres"
    return f"de {times[1]} à {times[3]} chiffres" if times[2] else plural(int(times[1]), "chiffre")


# --- JSON -----------------------------------------------------------------------------------------------------------


def _whole(schema: TableSchema, origin: CardOrigin) -> dict[str, Any]:
    return {
        "id": schema.id,
        "version": schema.version,
        "title": schema.title,
        "source": schema.source,
        "origin": origin.kind,
        "pulled": {"url": origin.url, "got_on": origin.got_on, "sha256": origin.sha256} if origin.got_on else None,
        "other_versions": list(origin.other_versions),
        "carrier": schema.carrier,
        "missing_values": list(schema.missing_values),
        "primary_key": list(schema.primary_key),
        "foreign_keys": [
            {"fields": list(key.fields), "resource": key.resource, "reference_fields": list(key.reference_fields)}
            for key in schema.foreign_keys
        ],
        "checks": [{"name": check.name, "params": check.params} for check in schema.checks],
        "rules": list(table_rules(schema)),
        "fields": [_field(schema, field) for field in schema.fields],
    }


def _field(schema: TableSchema, field: Field) -> dict[str, Any]:
    personal = field.options.get("personal")
    return {
        "name": field.name,
        "type": field.type,
        "format": field.format,
        "constraints": field.constraints,
        "options": {key: value for key, value in field.options.items() if key != "personal"},
        "required": field.required,
        "may_be_absent": field.name in schema.optional_columns,
        "may_name_somebody": personal if isinstance(personal, bool) else None,
        "example": field.example,
        "meaning": field.meaning,
        "rules": list(column_rules(schema, field)),
    }


def _json(content: dict[str, Any]) -> str:
    content = {"schema_version": SCHEMA_VERSION, **content}
    return json.dumps(_safe(content), ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"


def _safe(value: Any) -> Any:
    """Return a value that JSON can carry and that prints without harm: texts cleaned, dates and the like as texts."""
    if isinstance(value, Mapping):
        return {clean(str(key), 200): _safe(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_safe(item) for item in value]
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return clean(str(value))
