"""How a table's header reads with a schema: what lacks is a fault, what differs in form is only noted."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.model.check import CellError, ErrorGroup, HeaderFacts
from opendata_check.model.facts import ContentFacts, TableFacts
from opendata_check.model.schema import SchemaMatch
from opendata_check.ranges import column_letter
from opendata_check.reports.safety import clean
from opendata_check.wording import join_list, plural

_SHOWN = 8


def header_facts(table: TableFacts, match: SchemaMatch | None) -> HeaderFacts:
    """Return how the header reads with the schema, and on its own when there is none."""
    blank = tuple(column_letter(position) for position in table.empty_labels)
    if match is None:
        return HeaderFacts(duplicate=table.duplicate_labels, blank=blank)
    misspelt = dict(match.misspelt_columns)
    read = [misspelt.get(label, label.lstrip("\ufeff")) for label in table.labels]
    names = [field.name for field in match.schema.fields]
    present = [name for name in read if name in set(names)]
    return HeaderFacts(
        missing=match.missing_columns,
        absent_optional=tuple(n for n in names if n not in present and n not in match.missing_columns),
        extra=match.extra_columns,
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
        yield ErrorGroup(kind, kind, level, single, "", len(names) or 1, lines, message)


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
        many = len(header.missing) > 1
        said = f"{'Il manque des colonnes obligatoires' if many else 'Il manque une colonne obligatoire'} : {_list(header.missing)}"
        yield "missing-label", "error", header.missing, said
    if header.duplicate:
        yield "duplicate-label", "error", header.duplicate, f"Deux colonnes portent le même nom : {_list(header.duplicate)}"
    if header.blank:
        said = f"{plural(len(header.blank), 'colonne')} sans nom dans l'en-tête : {_list(header.blank)}"
        yield "blank-label", "error", header.blank, said
    if header.misspelt:
        pairs = [f"vous avez écrit « {_short(label)} », le modèle dit « {_short(name)} »" for label, name in header.misspelt[:_SHOWN]]
        rest = len(header.misspelt) - len(pairs)
        said = f"Noms de colonnes à corriger : {' ; '.join(pairs)}{f' ; et {rest} autres' if rest else ''}"
        yield "incorrect-label", "note", tuple(label for label, _ in header.misspelt), said
    if header.extra:
        yield "extra-label", "note", header.extra, f"Colonnes que le modèle ne prévoit pas : {_list(header.extra)}"
    if header.absent_optional:
        said = f"Colonnes facultatives absentes : {_list(header.absent_optional)}"
        yield "missing-optional-label", "note", header.absent_optional, said
    if header.reordered:
        yield "label-order", "note", (), "Les colonnes ne sont pas dans l'ordre du modèle : ce n'est pas une faute"


def _list(names: tuple[str, ...]) -> str:
    shown = [_short(name) for name in names[:_SHOWN]]
    if len(names) > _SHOWN:
        shown.append(f"{len(names) - _SHOWN} autres")
    return join_list(shown)


def _short(name: str) -> str:
    return clean(name, 60)
