"""How a table's header and text read: what a reader would stumble on is a fault, what differs in form is only noted."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.folding import fold
from opendata_check.model.check import CellError, ErrorGroup, HeaderFacts
from opendata_check.model.facts import ContentFacts, RowRange, TableFacts, TextFacts
from opendata_check.model.schema import SchemaMatch, TableSchema
from opendata_check.ranges import column_letter
from opendata_check.reports.safety import clean
from opendata_check.tables.row_checks import ROW_CHECKS
from opendata_check.tables.value_checks import VALUE_CHECKS
from opendata_check.wording import encoding_name, join_list, plural

_SHOWN = 8
KNOWN_CHECKS = VALUE_CHECKS.keys() | ROW_CHECKS.keys()
"""Checks that the tables room applies."""


def header_facts(table: TableFacts, match: SchemaMatch | None) -> HeaderFacts:
    """Return how the header reads with the schema, and on its own when there is none."""
    blank = tuple(column_letter(position) for position in table.empty_labels)
    if match is None:
        return HeaderFacts(duplicate=table.duplicate_labels, blank=blank)
    misspelt = dict(match.misspelt_columns)
    read = [misspelt.get(label, label.lstrip("\ufeff")) for label in table.labels]
    names = [field.name for field in match.schema.fields]
    known = set(names)
    present = list(dict.fromkeys(name for name in read if name in known))  # a name written twice is another fault
    return HeaderFacts(
        missing=match.missing_columns,
        absent_optional=tuple(n for n in names if n not in present and n not in match.missing_columns),
        extra=tuple(label for label in match.extra_columns if label.strip() not in table.duplicate_labels),
        misspelt=match.misspelt_columns,
        duplicate=table.duplicate_labels,
        blank=blank,
        reordered=present != [name for name in names if name in set(present)],
    )


def header_groups(header: HeaderFacts, table: TableFacts) -> Iterator[ErrorGroup]:
    """Yield one group per kind of difference."""
    lines = ((table.header_row, table.header_row),) if table.header_row else ()
    for kind, level, names, message in _said(header):
        single = names[0] if len(names) == 1 else ""
        field, letter = ("", single) if kind == "blank-label" else (single, "")
        yield ErrorGroup(kind, kind, level, field, letter, len(names) or 1, lines, message)


def text_groups(facts: ContentFacts) -> Iterator[ErrorGroup]:
    """Yield what is wrong with the text around the cells: titles above the header, damaged letters."""
    for kind, level, lines, count, message, remedy in _text_said(facts):
        yield ErrorGroup(kind, kind, level, "", "", count, lines, message, remedy=remedy)


def text_errors(facts: ContentFacts) -> Iterator[CellError]:
    """Yield the same faults, one each."""
    for kind, level, lines, _, message, _ in _text_said(facts):
        if level != "note":
            line = lines[0][0] if lines else None
            yield CellError(line, line, "", kind, "", message, level)


_Said = tuple[str, str, tuple[RowRange, ...], int, str, str]


def _text_said(facts: ContentFacts) -> Iterator[_Said]:
    """Yield (type, level, lines, count, sentence, remedy)."""
    text, table = facts.text, facts.table
    if table is not None and table.title_rows:
        count = sum(last - first + 1 for first, last in table.title_rows)
        above = plural(count, "ligne")
        said = f"{above} au-dessus de l'en-tête : les logiciels prennent la première pour les noms de colonnes"
        yield "title-rows", "error", table.title_rows, count, said, "Supprimez-les." if count > 1 else "Supprimez-la."
    if text is None:
        return
    if text.nul_count:
        found = plural(text.nul_count, "octet nul", "octets nuls")
        said = f"Le texte contient {_least(text)}{found}, que des logiciels refusent"
        yield "nul-bytes", "warning", (), text.nul_count, said, "Exportez de nouveau le fichier."
    if text.mojibake_count:
        found = plural(text.mojibake_count, "endroit")
        said = f"Des accents sont abîmés en {_least(text)}{found} (« Ã© » pour « é »)"
        remedy = "Le fichier a été lu dans un encodage et enregistré dans un autre : exportez-le de nouveau en UTF-8."
        yield "mojibake", "warning", (), text.mojibake_count, said, remedy
    if text.encoding not in ("utf-8", "utf-8-sig", "ascii"):
        said = f"Le texte est en {encoding_name(text.encoding)} : les logiciels attendent de l'UTF-8"
        yield "encoding", "note", (), 1, said, "Dans Excel : Enregistrer sous, CSV UTF-8."


def _least(text: TextFacts) -> str:
    return "au moins " if text.provisional else ""


def unjudged_groups(schema: TableSchema, table: TableFacts, *, empty: bool) -> Iterator[ErrorGroup]:
    """Yield what was not judged, so that nobody takes silence for approval; ``empty``: read whole, it has no row."""
    unknown = sorted({check.name for check in schema.checks} - KNOWN_CHECKS)
    if unknown:
        said = f"Le modèle demande des contrôles que ce programme ne connaît pas : {_list(tuple(unknown))}"
        yield ErrorGroup("unknown-check", "unknown-check", "note", "", "", len(unknown), (), said)
    if empty:
        lines = ((table.header_row, table.header_row),) if table.header_row else ()
        yield ErrorGroup("no-rows", "no-rows", "warning", "", "", 1, lines, _NO_ROWS)


def unjudged_errors(table: TableFacts, *, empty: bool) -> Iterator[CellError]:
    """Yield what of it is a fault: a table without rows."""
    if empty:
        yield CellError(table.header_row, table.header_row, "", "no-rows", "", _NO_ROWS, "warning")


_NO_ROWS = "Le tableau n'a aucune ligne de données"


def foreign_errors(schema: TableSchema) -> Iterator[CellError]:
    """Yield one warning per foreign key that leads to another table: one file alone cannot answer it."""
    for key in schema.foreign_keys:
        if key.resource:
            said = f"La colonne {_list(key.fields)} renvoie à la table « {_short(key.resource)} », qui n'est pas donnée"
            yield CellError(
                None, None, key.fields[0], "foreign-key", "", f"{said} : ces renvois ne sont pas contrôlés", "warning"
            )


def foreign_groups(schema: TableSchema) -> Iterator[ErrorGroup]:
    """Yield the same, as groups."""
    for error in foreign_errors(schema):
        yield ErrorGroup(error.type, "foreign_key", error.level, error.field, "", 1, (), error.message)


def header_errors(header: HeaderFacts, facts: ContentFacts) -> Iterator[CellError]:
    """Yield each fault of the header, one by one; notes are in the groups only."""
    row = facts.table.header_row if facts.table else None
    for kind, level, names, message in _said(header):
        if level == "note":
            continue
        for name in names:
            yield CellError(row, row, name if kind != "blank-label" else "", kind, clean(name, 100), message, level)


def _said(header: HeaderFacts) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """Yield (type, level, names, sentence), faults first."""
    if header.missing:
        what = "des colonnes obligatoires" if len(header.missing) > 1 else "une colonne obligatoire"
        said = f"Il manque {what} : {_list(header.missing)}"
        yield "missing-label", "error", header.missing, said
    if header.duplicate:
        yield (
            "duplicate-label",
            "error",
            header.duplicate,
            f"Deux colonnes portent le même nom : {_list(header.duplicate)}",
        )
    if header.blank:
        said = f"{plural(len(header.blank), 'colonne')} sans nom dans l'en-tête : {_list(header.blank)}"
        yield "blank-label", "error", header.blank, said
    wrong = tuple(pair for pair in header.misspelt if _bare(pair[0]) != _bare(pair[1]))
    for level, pairs in (("error", wrong), ("note", tuple(pair for pair in header.misspelt if pair not in wrong))):
        if pairs:
            yield "incorrect-label", level, tuple(label for label, _ in pairs), _rewritten(pairs, level)
    if header.extra:
        yield "extra-label", "note", header.extra, f"Colonnes que le modèle ne prévoit pas : {_list(header.extra)}"
    if header.absent_optional:
        said = f"Colonnes facultatives absentes : {_list(header.absent_optional)}"
        yield "missing-optional-label", "note", header.absent_optional, said
    if header.reordered:
        yield "label-order", "note", (), "Les colonnes ne sont pas dans l'ordre du modèle : ce n'est pas une faute"


def _bare(label: str) -> str:
    """Return what two labels share when only case, accents, spaces or marks part them."""
    return "".join(character for character in fold(label) if character.isalnum())


def _rewritten(pairs: tuple[tuple[str, str], ...], level: str) -> str:
    said = [f"vous avez écrit « {_short(label)} », le modèle dit « {_short(name)} »" for label, name in pairs[:_SHOWN]]
    rest = len(pairs) - len(said)
    more = f" ; et {plural(rest, 'autre')}" if rest else ""
    if level == "note":
        count = plural(len(pairs), "nom de colonne diffère", "noms de colonne diffèrent")
        return f"{count} du modèle par la casse, les accents ou les espaces : {' ; '.join(said)}{more}"
    return f"{plural(len(pairs), 'nom')} de colonne à corriger : {' ; '.join(said)}{more}"


def _list(names: tuple[str, ...]) -> str:
    shown = [_short(name) for name in names[:_SHOWN]]
    if len(names) > _SHOWN:
        shown.append(f"{len(names) - _SHOWN} autres")
    return join_list(shown)


def _short(name: str) -> str:
    return clean(name, 60)
