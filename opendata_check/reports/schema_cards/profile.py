"""A table's profile on a screen, one block a column in plain French, or as JSON (docs/schemas/profile.schema.json)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from opendata_check import __version__
from opendata_check.model.check import FileFacts
from opendata_check.model.profile import ColumnProfile, TableProfile
from opendata_check.reports.interface import Layout
from opendata_check.reports.page.lines import Lines
from opendata_check.reports.safety import clean
from opendata_check.wording import delimiter_name, french_date, french_number, join_list, legible, plural

SCHEMA_VERSION = "1.0"
FORMATS = ("terminal", "json")
_KINDS = {
    "integer": "Nombres entiers",
    "number": "Nombres",
    "date": "Dates",
    "datetime": "Dates avec l'heure",
    "boolean": "Oui ou non",
    "year": "Années",
    "geopoint": "Coordonnées d'un point",
}
_IDENTIFIERS = {
    "siret": "Numéros SIRET",
    "siren": "Numéros SIREN",
    "code_insee": "Codes INSEE de communes",
    "code_postal": "Codes postaux",
}
_FORMATS = {"email": "Adresses électroniques", "uri": "Adresses web", "uuid": "Identifiants UUID"}
_CELL = 40
_LABEL = 200


def rendered(profile: TableProfile, file: FileFacts, report_format: str, layout: Layout) -> str:
    """Return the profile as text, in one of ``FORMATS``."""
    return _json(profile, file) if report_format == "json" else _screen(profile, file, layout)


# --- on a screen ----------------------------------------------------------------------------------------------------


def _screen(profile: TableProfile, file: FileFacts, layout: Layout) -> str:
    lines = Lines(layout.width)
    lines.paragraph(clean(file.name, _LABEL))
    how = [file.format.upper(), file.encoding]
    if file.delimiter:
        how.append(f"séparateur {clean(delimiter_name(file.delimiter))}")
    how += [_rows(profile.rows, profile), plural(len(profile.columns), "colonne")]
    lines.paragraph(", ".join(part for part in how if part))
    if profile.blank_rows:
        lines.paragraph(f"Laissées de côté car vides : {_rows(profile.blank_rows, profile)}.")
    if profile.ragged_rows:
        said = f"{_rows(profile.ragged_rows, profile)} : le nombre de cellules n'est pas celui de l'en-tête"
        lines.paragraph(f"{said} ({_places(profile.ragged_lines, profile.ragged_rows, profile)}).")
    if profile.note:
        lines.paragraph(f"Lecture incomplète : {clean(profile.note)}")
    for column in profile.columns:
        lines.gap()
        lines.paragraph(f"{column.letter}  {clean(column.label, _LABEL).strip() or '(sans nom)'}")
        for sentence in _sentences(column, profile):
            lines.paragraph(sentence, indent=3)
    lines.gap()
    lines.paragraph("Le schéma de ce tableau : --format tableschema -o schema.json")
    return legible(lines.text(), layout.encoding)


def _sentences(column: ColumnProfile, profile: TableProfile) -> list[str]:
    """Return what is said of one column, a line each."""
    if not column.filled:
        return ["Aucune cellule n'est remplie."]
    said = [_what(column), f"{_filling(column)} {_distinct(column)}"]
    if column.absent:
        words = [f"« {clean(word, _CELL)} »" for word in column.missing_values if word.strip()]
        said.append(f"{plural(column.absent, 'cellule')} sans valeur : on y lit {join_list(words[:5], 'ou')}.")
    if column.exceptions:
        what = "est d'une autre sorte" if column.exceptions == 1 else "sont d'une autre sorte"
        where = _places(column.exception_lines, column.exceptions, profile)
        said.append(f"{plural(column.exceptions, 'cellule')} {what} : {where}.")
    if column.padded:
        said.append(f"Des espaces entourent la valeur dans {plural(column.padded, 'cellule')}.")
    if column.personal:
        said.append("Peut concerner des personnes : aucune valeur n'est montrée.")
    if column.frequent:
        shown = [f"« {clean(item.value, _CELL)} » ({french_number(item.count)})" for item in column.frequent]
        some = column.distinct > len(shown)
        said.append(f"{'Le plus souvent' if some else 'Valeurs'} : {', '.join(shown)}.")
    return said


def _what(column: ColumnProfile) -> str:
    """Return the kind of a column, how it is written, and its extremes."""
    if column.kind == "string":
        return _text(column)
    said = _KINDS[column.kind]
    if column.mixed:
        said += ", sous plusieurs formes"
    elif column.kind == "geopoint":
        said += f" : {column.written.example or 'longitude, latitude'}"
    elif column.written.example:
        said += f", sous la forme {column.written.example}"
    if not column.minimum:
        return f"{said}."
    if column.minimum == column.maximum:
        always = f"le {_day(column.minimum)}" if column.kind in ("date", "datetime") else _number(column.minimum)
        return f"{said} : toujours {always if column.kind != 'year' else column.minimum}."
    if column.kind in ("date", "datetime"):
        return f"{said}, du {_day(column.minimum)} au {_day(column.maximum)}."
    if column.kind == "year":
        return f"{said}, de {column.minimum} à {column.maximum}."
    return f"{said}, de {_number(column.minimum)} à {_number(column.maximum)}."


def _text(column: ColumnProfile) -> str:
    if column.identifier:
        wrong = column.identifier_invalid
        faulty = f", dont {french_number(wrong)} incorrect{'s' if wrong > 1 else ''}" if wrong else ""
        return f"{_IDENTIFIERS[column.identifier]}{faulty}."
    if column.format:
        others = column.format_exceptions
        apart = f", sauf {plural(others, 'cellule')}" if others else ""
        return f"{_FORMATS[column.format]}{apart}."
    if column.digits:
        return f"Codes de {plural(column.digits, 'chiffre')}."
    length = f"de {french_number(column.shortest)} à {french_number(column.longest)} caractères"
    if column.shortest == column.longest:
        length = f"de {plural(column.longest, 'caractère')}"
    return f"Textes {length}."


def _filling(column: ColumnProfile) -> str:
    if not column.empty:
        return "Toujours rempli."
    share = 100 * column.empty / (column.filled + column.empty)
    told = "moins de 1" if share < 1 else "plus de 99" if share > 99 else french_number(share)
    return f"Vide {french_number(column.empty)} fois ({told} %)."


def _distinct(column: ColumnProfile) -> str:
    if column.unique and column.filled > 1:
        return "Toutes les valeurs sont différentes."
    if column.distinct == 1:
        return "Une seule valeur."
    least = "" if column.distinct_exact else "Au moins "
    return f"{least}{plural(column.distinct, 'valeur différente', 'valeurs différentes')}."


def _day(text: str) -> str:
    day = date.fromisoformat(text[:10])
    time = f" à {text[11:16]}" if len(text) > 10 else ""
    return french_date(day) + time


def _number(text: str) -> str:
    """Return a number as the French write it, all its figures kept."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, decimals = digits.partition(".")
    shown = french_number(int(whole or 0))
    return f"{sign}{shown}{',' if decimals else ''}{decimals}"


def _rows(count: int, profile: TableProfile) -> str:
    return plural(count, "ligne" if profile.places == "line" else "enregistrement")


def _places(first: Sequence[int], count: int, profile: TableProfile) -> str:
    """Return « lignes 5, 9 et 12 », « lignes 5, 9, 12, 13, 20 et 30 autres »."""
    noun = "ligne" if profile.places == "line" else "enregistrement"
    said = [french_number(line) for line in first]
    if count > len(said):
        said.append(f"{french_number(count - len(said))} autres")
    return f"{noun}{'s' if len(said) > 1 else ''} {join_list(said)}"


# --- as JSON --------------------------------------------------------------------------------------------------------


def _json(profile: TableProfile, file: FileFacts) -> str:
    value = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "opendata-check", "version": __version__},
        "file": {
            "name": clean(file.name, 300),
            "format": file.format,
            "byte_size": file.byte_size,
            "encoding": file.encoding,
            "delimiter": file.delimiter,
            "line_ending": file.line_ending,
            "header_row": file.header_row,
        },
        "rows": profile.rows,
        "places": profile.places,
        "blank_rows": profile.blank_rows,
        "ragged_rows": profile.ragged_rows,
        "ragged_lines": list(profile.ragged_lines),
        "complete": profile.complete,
        "note": clean(profile.note),
        "columns": [_column(column) for column in profile.columns],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _column(column: ColumnProfile) -> dict[str, Any]:
    written = column.written
    return {
        "label": clean(column.label, _LABEL),
        "letter": column.letter,
        "position": column.position,
        "filled": column.filled,
        "empty": column.empty,
        "kind": column.kind,
        "share": column.share,
        "form": {
            "example": written.example,
            "date_format": written.date_format,
            "decimal_char": written.decimal_char,
            "group_char": written.group_char,
            "unit": written.unit,
            "true_values": list(written.true_values),
            "false_values": list(written.false_values),
        },
        "mixed": column.mixed,
        "format": column.format,
        "format_exceptions": column.format_exceptions,
        "absent": column.absent,
        "exceptions": column.exceptions,
        "exception_lines": list(column.exception_lines),
        "uniform": column.uniform,
        "missing_values": list(column.missing_values),
        "distinct": column.distinct,
        "distinct_exact": column.distinct_exact,
        "unique": column.unique,
        "minimum": column.minimum or None,
        "maximum": column.maximum or None,
        "shortest": column.shortest,
        "longest": column.longest,
        "digits": column.digits,
        "identifier": column.identifier,
        "identifier_invalid": column.identifier_invalid,
        "padded": column.padded,
        "frequent": [{"value": clean(item.value, _LABEL), "count": item.count} for item in column.frequent],
        "values": [clean(value, _LABEL) for value in column.values],
        "personal": column.personal,
    }
