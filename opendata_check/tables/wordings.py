"""Says in plain French what a group of faulty cells has in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from opendata_check.model.schema import CustomCheck, Field
from opendata_check.wording import french_number, join_list, plural

_STRUCTURE = {
    "blank_row": "{who} {are} entièrement {empty}",
    "missing_cell": "{who} {stop} avant la dernière colonne : des cellules manquent",
    "extra_cell": "{who} {have} plus de cellules que l'en-tête",
    "unclosed_quote": "{who} {open} un guillemet qui n'est jamais refermé : les lignes suivantes sont avalées",
    "duplicate_row": "{who} {repeat} une ligne déjà vue plus haut, cellule pour cellule",
    "encoding": "{who} {hold} des caractères illisibles, perdus à l'enregistrement",
}

_TYPES = {
    "date": "n'est pas une date de la forme 2024-01-31",
    "datetime": "n'est pas une date avec heure de la forme 2024-01-31T10:00:00Z",
    "time": "n'est pas une heure de la forme 10:00:00",
    "integer": "n'est pas un nombre entier, en chiffres seulement",
    "number": "n'est pas un nombre écrit avec un point et sans espace, comme 1234.50",
    "year": "n'est pas une année de quatre chiffres",
    "yearmonth": "n'est pas un mois de la forme 2024-01",
    "geopoint": "n'est pas une position de la forme longitude,latitude",
}
_FORMATS = {
    "uri": "n'est pas une adresse web complète, qui commence par https://",
    "email": "n'est pas une adresse électronique",
    "uuid": "n'est pas un identifiant de 32 caractères avec ses tirets (0f6b1d3a-2c58-4e1f-9b7a-5d3c1e8f4a20)",
}
_SHOWN_VALUES = 6


def structure_message(rule: str, count: int) -> str:
    """Return the sentence for rows whose shape is at fault."""
    many = count > 1
    return _STRUCTURE[rule].format(
        who=plural(count, "ligne"),
        are="sont" if many else "est",
        stop="s'arrêtent" if many else "s'arrête",
        have="ont" if many else "a",
        hold="contiennent" if many else "contient",
        open="ouvrent" if many else "ouvre",
        repeat="répètent" if many else "répète",
        empty="vides" if many else "vide",
    )


def structure_complaint(rule: str) -> str:
    """Return what is wrong with one row: « la ligne est entièrement vide »."""
    return structure_message(rule, 1).replace(plural(1, "ligne"), "la ligne", 1)


def counted(count: int, complaint: str) -> str:
    """Return the sentence for all the rows that share a complaint."""
    return f"{plural(count, 'ligne')} : {complaint}"


def column_complaint(rule: str, field: Field, where: str) -> str:
    """Return what is wrong with a cell; ``where`` names its column: « la colonne B (dateConvention) »."""
    return f"{where} {_complaint(rule, field)}"


def row_complaint(check: CustomCheck, where: str, others: Sequence[str], *, dated: bool) -> str:
    """Return what is wrong between a cell and others of its row; ``others`` name their columns.

    ``dated`` says that they hold dates, not figures.
    """
    params = check.params
    listed = join_list(list(others))
    match check.name:
        case "compare-columns-value":
            words = _DATED if dated else _COMPARED
            return f"{where} {words.get(str(params.get('op')), 'ne va pas avec')} {listed}"
        case "sum-columns-value":
            return f"{where} n'est pas la somme de {listed}"
        case "cohesive-columns-value":
            return f"{where} et {listed} doivent être remplies ensemble, ou vides ensemble"
        case "one-of-required":
            return f"{where} est vide, comme {listed} : remplissez l'une des deux"
        case "required-unless-value":
            return f"{where} est vide, ce qui n'est permis que si {listed} vaut {params.get('value', '')}"
    return f"{where} ne va pas avec {listed}"


_COMPARED = {
    ">=": "est plus petite que",
    ">": "n'est pas plus grande que",
    "<=": "est plus grande que",
    "<": "n'est pas plus petite que",
    "==": "n'est pas égale à",
    "=": "n'est pas égale à",
    "!=": "est égale à",
}
_DATED = _COMPARED | {
    ">=": "est avant",
    ">": "n'est pas après",
    "<=": "est après",
    "<": "n'est pas avant",
}
_VALUE_CHECKS = {
    "french-siret-value": "n'est pas un SIRET juste (14 chiffres, dont une clé de contrôle)",
    "french-siren-value": "n'est pas un SIREN juste (9 chiffres, dont une clé de contrôle)",
    "year-interval-value": "n'est pas une année, ou deux années dans l'ordre séparées par une barre, comme 2024/2025",
    "nomenclature-actes-value": "n'est pas une matière de la nomenclature ACTES, écrite « matière/sous-matière »",
    "phone-number-value": "n'est pas un numéro de téléphone",
    "opening-hours-value": "n'est pas un horaire écrit comme « Mo-Fr 08:30-12:00 » (syntaxe d'OpenStreetMap)",
    "french-postcode-value": "n'est pas un code postal de 5 chiffres",
    "french-commune-code-value": "n'est pas un code Insee de commune (5 caractères ; le code postal est autre chose)",
    "french-departement-code-value": "n'est pas un code de département",
}


def _complaint(rule: str, field: Field) -> str:
    limit: Any = field.constraints.get(
        {"min_length": "minLength", "max_length": "maxLength"}.get(rule, rule),
        field.constraints.get({"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}.get(rule, ""), ""),
    )
    match rule:
        case "required":
            return "est vide alors qu'elle est obligatoire"
        case "type":
            return _type_complaint(field)
        case _ if rule in _VALUE_CHECKS:
            return _VALUE_CHECKS[rule]
        case "pattern" if field.constraints.get("pattern") in _SIRET_PATTERNS:
            return "n'est pas un SIRET de 14 chiffres sans espace"
        case "pattern_timeout":
            return "n'a pas pu être comparée au motif du schéma, trop long à essayer"
        case "pattern":
            return f"n'a pas la forme attendue, par exemple « {field.example} »" if field.example else _UNEXPECTED
        case "enum":
            values = [f"« {value} »" for value in limit[:_SHOWN_VALUES]]
            return (
                f"n'est pas une des valeurs permises : {', '.join(values)}{'…' if len(limit) > _SHOWN_VALUES else ''}"
            )
        case "minimum" if field.constraints.get("minimum") is None:
            return f"n'est pas plus grande que {_bound(limit)}"
        case "maximum" if field.constraints.get("maximum") is None:
            return f"n'est pas plus petite que {_bound(limit)}"
        case "minimum":
            return f"est en dessous du minimum, {_bound(limit)}"
        case "maximum":
            return f"est au-dessus du maximum, {_bound(limit)}"
        case "min_length":
            return f"a moins de {plural(limit, 'caractère')}"
        case "max_length":
            return f"dépasse {plural(limit, 'caractère')}"
        case "unique":
            return "répète une valeur déjà vue plus haut, alors que chacune doit être unique"
        case "primary_key":
            return "(avec les autres colonnes de la clé) est vide ou répète une ligne plus haut"
        case "foreign_key":
            return "renvoie à une valeur qui n'existe pas dans la colonne visée"
    return _UNEXPECTED


_SIRET_PATTERNS = (r"^\d{14}$", r"\d{14}", "^[0-9]{14}$", "[0-9]{14}")
_UNEXPECTED = "n'a pas la forme attendue"


def _type_complaint(field: Field) -> str:
    if field.type == "boolean":
        words = [*field.options.get("trueValues", ["true"])[:1], *field.options.get("falseValues", ["false"])[:1]]
        return f"ne vaut ni {' ni '.join(f'« {word} »' for word in words)}" if words else _UNEXPECTED
    if field.type == "date" and field.format not in ("default", "any"):
        return f"n'est pas une date écrite comme « {field.example} »" if field.example else "n'est pas une date"
    return _TYPES.get(field.type) or _FORMATS.get(field.format) or _UNEXPECTED


def _bound(limit: Any) -> str:
    if isinstance(limit, bool) or not isinstance(limit, int | float):
        return str(limit)
    return french_number(limit, 0 if float(limit).is_integer() else 2)
