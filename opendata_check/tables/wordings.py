"""Says in plain French what a group of faulty cells has in common."""

from __future__ import annotations

from typing import Any

from opendata_check.model.schema import Field
from opendata_check.wording import french_number, plural

_STRUCTURE = {
    "blank_row": "{who} {are} entièrement {empty}",
    "missing_cell": "{who} {stop} avant la dernière colonne : des cellules manquent",
    "extra_cell": "{who} {have} plus de cellules que l'en-tête",
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
        empty="vides" if many else "vide",
    )


def column_message(rule: str, field: Field, count: int, where: str) -> str:
    """Return the sentence for the cells of one column; ``where`` names it: « la colonne B (dateConvention) »."""
    return f"{plural(count, 'ligne')} : {where} {_complaint(rule, field)}"


def pair_message(kind: str, field: Field, count: int, where: str, other: str) -> str:
    """Return the sentence for cells that disagree with another column of their row."""
    unless = field.options.get("check_required_unless", {}).get("value", "")
    complaint = {
        "at_least": f"est avant {other}",
        "at_most": f"dépasse {other}",
        "together": f"et {other} doivent être remplies ensemble, ou vides ensemble",
        "required_unless": f"est vide, ce qui n'est permis que si {other} vaut {unless}",
        "one_of": f"et {other} sont vides : l'une des deux doit être remplie",
    }[kind]
    return f"{plural(count, 'ligne')} : {where} {complaint}"


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
        case "siret":
            return "n'est pas un SIRET juste (14 chiffres, dont une clé de contrôle)"
        case "pattern" if field.options.get("check_siret"):
            return "n'est pas un SIRET de 14 chiffres sans espace"
        case "pattern":
            return f"n'a pas la forme attendue, par exemple « {field.example} »" if field.example else _UNEXPECTED
        case "enum":
            values = [f"« {value} »" for value in limit[:_SHOWN_VALUES]]
            return (
                f"n'est pas une des valeurs permises : {', '.join(values)}{'…' if len(limit) > _SHOWN_VALUES else ''}"
            )
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
    return _UNEXPECTED


_UNEXPECTED = "n'a pas la forme attendue"


def _type_complaint(field: Field) -> str:
    if field.type == "boolean":
        yes = field.options.get("trueValues", ["true", "1"])
        no = field.options.get("falseValues", ["false", "0"])
        return f"ne vaut ni « {yes[0]} » ni « {no[0]} »"
    if field.type == "date" and field.format not in ("default", "any"):
        return f"n'est pas une date écrite comme « {field.example} »" if field.example else "n'est pas une date"
    return _TYPES.get(field.type) or _FORMATS.get(field.format) or _UNEXPECTED


def _bound(limit: Any) -> str:
    if isinstance(limit, bool) or not isinstance(limit, int | float):
        return str(limit)
    return french_number(limit, 0 if float(limit).is_integer() else 2)
