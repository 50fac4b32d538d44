"""Writes a file to fill in, as a workbook or a CSV: a header, an example row, help. Same input, same bytes."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from opendata_check.model.schema import Field, TableSchema
from opendata_check.reports.interface import ReportError
from opendata_check.reports.outline.phrases import sentence
from opendata_check.reports.safety import clean, may_be_formula
from opendata_check.reports.schema_cards.cards import (
    column_rules,
    column_texts,
    ended,
    presence,
    table_rules,
    type_words,
)
from opendata_check.wording import join_list

DATA_SHEET = "Données"
GUIDE_SHEET = "Mode d'emploi"
LISTS_SHEET = "Listes"
_MADE_ON = datetime(2000, 1, 1)
"""Written in every workbook as the day it was made: two runs give the same bytes."""
_MAX_COLUMNS = 16_000
_MAX_NAME = 255
_NOT_KEPT = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_MAX_CELL = 30_000
_LAST_ROW = 1_048_575
_NARROWEST, _WIDEST = 12, 44


class Column(Protocol):
    """What the writer needs of a column."""

    @property
    def field(self) -> Field:
        """Its field."""

    @property
    def example(self) -> str:
        """A value allowed there, or ""."""

    @property
    def choices(self) -> tuple[str, ...]:
        """The only values allowed, when they can be listed."""

    @property
    def day_form(self) -> str:
        """``%Y-%m-%d``… when it holds days, else ""."""

    @property
    def whole(self) -> bool:
        """Whether it holds whole numbers."""


def as_csv(columns: Sequence[Column]) -> bytes:
    """Return a header and an example row, comma-separated, UTF-8 with the mark that Excel needs to read accents.

    Raises ReportError for a schema whose column names cannot stand in such a file.
    """
    _check_names(columns)
    risky = [column.field.name for column in columns if may_be_formula(column.field.name)]
    if risky:
        raise ReportError(
            "un nom de colonne de ce schéma serait une formule dans un tableur",
            where=clean(risky[0], 60),
            remedy="Signalez-le à qui publie ce schéma.",
        )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.field.name for column in columns])
    writer.writerow([column.example for column in columns])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(schema: TableSchema, columns: Sequence[Column]) -> bytes:
    """Return a workbook: the sheet to fill in, how to use it, and the lists of values allowed.

    No cell is a formula: each is written as a text, a number or a date, whatever its letters. Raises ReportError for a
    schema whose column names cannot stand in a workbook.
    """
    import xlsxwriter

    _check_names(columns)
    if len(columns) > _MAX_COLUMNS:
        raise ReportError("ce schéma a trop de colonnes pour un tableur", where=schema.id, remedy="Demandez un CSV.")
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties(
        {"title": clean(schema.title, 200), "subject": clean(f"{schema.id} {schema.version}", 200), "created": _MADE_ON}
    )
    looks = _looks(book)
    data, guide = book.add_worksheet(DATA_SHEET), book.add_worksheet(GUIDE_SHEET)
    lists = book.add_worksheet(LISTS_SHEET) if any(map(_offered, columns)) else None
    _write_data(data, schema, columns, looks)
    if lists is not None:
        _write_lists(lists, data, columns, looks)
    _write_guide(guide, schema, columns, looks)
    book.close()
    return stream.getvalue()


def _check_names(columns: Sequence[Column]) -> None:
    """Raise ReportError when a column's name holds what a file cannot keep exactly: a control, half a character.

    A mark that is merely invisible is kept: a national schema has one, and expects it.
    """
    for column in columns:
        name = column.field.name
        if not name or len(name) > _MAX_NAME or {unicodedata.category(letter) for letter in name} & _NOT_KEPT:
            raise ReportError(
                "un nom de colonne de ce schéma est vide, trop long ou contient des caractères interdits",
                where=clean(name, 60),
                remedy="Signalez-le à qui publie ce schéma.",
            )


_BASE = {"font_name": "Calibri", "font_size": 11}
_DARK, _LIGHT, _GREY = "#1F3864", "#DCE6F2", "#595959"


def _looks(book: Any) -> dict[str, Any]:
    """Return the formats by name. Colour is never alone: what must be filled is bold, the rest in italics."""
    header = {"text_wrap": True, "valign": "top", "num_format": "@", "border": 1}
    wanted: Mapping[str, Mapping[str, Any]] = {
        "mandatory": {**header, "bold": True, "font_color": "#FFFFFF", "bg_color": _DARK},
        "optional": {**header, "italic": True, "font_color": "#000000", "bg_color": _LIGHT},
        "text": {"num_format": "@"},
        "whole": {"num_format": "0"},
        "title": {"bold": True, "font_size": 14},
        "heading": {"bold": True, "font_color": "#FFFFFF", "bg_color": _DARK, "text_wrap": True, "valign": "top"},
        "wrapped": {"text_wrap": True, "valign": "top", "num_format": "@"},
        "example text": {"num_format": "@", "italic": True, "font_color": _GREY},
        "example whole": {"num_format": "0", "italic": True, "font_color": _GREY},
    }
    return {name: book.add_format({**_BASE, **look}) for name, look in wanted.items()} | {"book": book}


# --- the sheet to fill in -------------------------------------------------------------------------------------------


def _write_data(sheet: Any, schema: TableSchema, columns: Sequence[Column], looks: Mapping[str, Any]) -> None:
    days: dict[str, tuple[Any, Any]] = {}
    for number, column in enumerate(columns):
        field = column.field
        kind = "whole" if column.whole else "text"
        plain, example = looks[kind], looks[f"example {kind}"]
        if column.day_form:
            form = _day_code(column.day_form)
            if form not in days:
                italic = {"num_format": form, "italic": True, "font_color": _GREY}
                days[form] = (
                    looks["book"].add_format({**_BASE, "num_format": form}),
                    looks["book"].add_format({**_BASE, **italic}),
                )
            plain, example = days[form]
        width = max(_NARROWEST, min(_WIDEST, max(len(field.name), len(column.example)) + 3))
        sheet.set_column(number, number, width, plain)
        sheet.write_string(0, number, field.name, looks["mandatory" if field.required else "optional"])
        _comment(sheet, 0, number, _comment_text(schema, field))
        _write_example(sheet, number, column, example)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    # Codes and amounts are texts on purpose: no green triangle in every cell.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{_LAST_ROW + 1}"})


def _write_example(sheet: Any, number: int, column: Column, look: Any) -> None:
    text = column.example
    day = _day_of(text, column.day_form) if column.day_form else None
    if day is not None:
        sheet.write_datetime(1, number, datetime(day.year, day.month, day.day), look)
    elif column.whole and re.fullmatch(r"-?[0-9]{1,15}", text) and str(int(text)) == text:
        sheet.write_number(1, number, int(text), look)
    elif text:
        sheet.write_string(1, number, text, look)
    else:
        sheet.write_blank(1, number, None, look)
    if number == 0:
        _comment(sheet, 1, 0, "Ligne d'exemple : supprimez-la avant de publier.")


def _day_of(text: str, form: str) -> date | None:
    """Return the day that a text says, when a workbook can hold it (from March 1900, for Excel takes 1900 for leap)."""
    try:
        day = datetime.strptime(text, form).date()
    except ValueError:
        return None
    return day if day >= date(1900, 3, 1) and day.strftime(form) == text else None


def _day_code(form: str) -> str:
    """Return a spreadsheet's way of writing a form of date: ``%d/%m/%Y`` is ``dd\\/mm\\/yyyy``."""
    code = form.replace("%Y", "yyyy").replace("%m", "mm").replace("%d", "dd")
    return code.replace("/", "\\/")  # else Excel puts the country's own mark


def _comment_text(schema: TableSchema, field: Field) -> str:
    first = sentence(presence(schema, field))
    return "\n".join([first, *column_texts(schema, field)])[:_MAX_CELL]


def _comment(sheet: Any, row: int, number: int, text: str) -> None:
    rows = sum(1 + len(line) // 48 for line in text.split("\n"))
    sheet.write_comment(row, number, text, {"author": "", "width": 330, "height": min(400, 24 + 17 * rows)})


# --- lists ----------------------------------------------------------------------------------------------------------


def _offered(column: Column) -> list[str]:
    """Return the values that a list can offer: one that cannot be seen or written is left out."""
    return [choice for choice in column.choices if choice and clean(choice, _MAX_CELL) == choice]


def _write_lists(sheet: Any, data: Any, columns: Sequence[Column], looks: Mapping[str, Any]) -> None:
    """Write each list of values allowed in a column of its own, and offer it in the column to fill in.

    A list written inside the rule itself would be cut at 255 characters, and split at each comma.
    """
    from xlsxwriter.utility import xl_range_abs

    number = 0
    for place, column in enumerate(columns):
        choices = _offered(column)
        if not choices:
            continue
        sheet.set_column(number, number, 30, looks["text"])
        sheet.write_string(0, number, column.field.name, looks["heading"])
        for row, choice in enumerate(choices, start=1):
            sheet.write_string(row, number, choice, looks["text"])
        source = f"='{LISTS_SHEET}'!{xl_range_abs(1, number, len(choices), number)}"
        data.data_validation(
            1,
            place,
            _LAST_ROW,
            place,
            {
                "validate": "list",
                "source": source,
                "ignore_blank": True,
                "error_title": "Valeur non permise",
                "error_message": f"Choisissez une valeur de la liste. Elles sont dans la feuille « {LISTS_SHEET} ».",
            },
        )
        number += 1
    sheet.freeze_panes(1, 0)


# --- how to use it --------------------------------------------------------------------------------------------------

_COLUMNS = ("Colonne", "Faut-il la remplir ?", "Ce que l'on écrit", "Type", "Règles", "Exemple")
_WIDTHS = (28, 24, 48, 30, 48, 30)


def _steps(schema: TableSchema, columns: Sequence[Column]) -> list[str]:
    """Return what to do with the workbook, in order."""
    steps = [
        f"Remplissez la feuille « {DATA_SHEET} ». La ligne 1 porte les noms des colonnes : ne les changez pas.",
        "La ligne 2 est un exemple. Supprimez-la avant de publier : clic droit sur le numéro 2, puis « Supprimer ».",
        "Colonnes sombres, en gras : remplissez chaque case. Colonnes claires, en italique : la case peut rester vide.",
    ]
    fields = [column.field for column in columns]
    if kept := [field.name for field in fields if not field.required and field.name not in schema.optional_columns]:
        steps.append(f"Même vides, gardez ces colonnes : {join_list(kept)}.")
    steps.append("Passez la souris sur un nom de colonne : une note dit ce que l'on écrit.")
    if any(map(_offered, columns)):
        steps.append("Certaines cases offrent une liste : cliquez sur la petite flèche et choisissez.")
    if any(column.day_form for column in columns):
        steps.append(
            "Dates : tapez 31/01/2024. Le tableur la montre dans la forme demandée. Ne changez pas cette forme."
        )
    steps += [
        "Codes (INSEE, SIRET, téléphone) : tapez-les tels quels. Les zéros du début restent : les cases sont du texte.",
        "Nombres à décimales : mettez un point, pas une virgule, et pas d'espace. Par exemple 1500.50.",
        f"Une fois tout rempli, restez sur la feuille « {DATA_SHEET} » et enregistrez en CSV. Avec Excel : "
        "« Enregistrer sous », puis « CSV UTF-8 ». Avec LibreOffice : « Texte CSV », puis « Unicode (UTF-8) ».",
        "Excel sépare parfois les colonnes par des points-virgules : le contrôle sait les lire.",
        "Contrôlez le fichier avant de le publier : opendata-check check mon-fichier.csv",
    ]
    return steps


def _write_guide(sheet: Any, schema: TableSchema, columns: Sequence[Column], looks: Mapping[str, Any]) -> None:
    for number, width in enumerate(_WIDTHS):
        sheet.set_column(number, number, width, looks["wrapped"])
    sheet.write_string(0, 0, clean(schema.title, 300), looks["title"])
    sheet.write_string(1, 0, f"Schéma {clean(schema.id)}, version {clean(schema.version, 60)}", looks["text"])
    row = 3
    rules = [f"À savoir : {sentence(text)}" for text in table_rules(schema)]
    for text in (*(f"{n}. {step}" for n, step in enumerate(_steps(schema, columns), start=1)), *rules):
        sheet.write_string(row, 0, text, looks["text"])
        row += 1
    row += 1
    for number, text in enumerate(_COLUMNS):
        sheet.write_string(row, number, text, looks["heading"])
    for column in columns:
        row += 1
        field = column.field
        told = (
            field.name,
            sentence(presence(schema, field)),
            ended(clean(field.meaning)),
            sentence(type_words(field)),
            "\n".join(sentence(rule) for rule in column_rules(schema, field)),
            column.example,
        )
        for number, text in enumerate(told):
            sheet.write_string(row, number, text[:_MAX_CELL], looks["wrapped"])
    if schema.source:
        sheet.write_string(row + 2, 0, f"Source : {clean(schema.source)}", looks["text"])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
