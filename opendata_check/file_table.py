"""A file of any tabular format as one table: what it is, which member of an archive, and its rows as a CSV."""

from __future__ import annotations

from contextlib import ExitStack

from opendata_check import inspection
from opendata_check.errors import OpendataCheckError
from opendata_check.fetching import Fetcher
from opendata_check.model.catalog import Fault
from opendata_check.model.check import FileFacts
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts

_WORKBOOKS = frozenset({"xlsx", "ods", "xls"})
ARCHIVES = frozenset({"zip", "gz"})
_INSPECTED = frozenset({"zip", "xls", "json", "xml"})
"""What must be read further to know what it is; nothing else is, however long."""
_TABULAR = frozenset(
    {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".json", ".geojson", ".ndjson", ".jsonl", ".xml", ".parquet"}
)


class FileCheckError(OpendataCheckError):
    """The file cannot be checked: not a table, not readable, or not one file."""


def facts_of(content: Content) -> ContentFacts:
    """Return what a file is and, for a text, how it is cut into cells.

    Raises FileCheckError for what is plainly no data.
    """
    facts = inspection.read_head(content)
    facts = inspection.inspect(content) if facts.envelope.detected in _INSPECTED else facts
    _refuse(content, facts.envelope.detected)
    return facts


def _refuse(content: Content, kind: str) -> None:
    """Raise FileCheckError for what is plainly no data."""
    said = {
        "empty": ("ce fichier est vide", "Exportez de nouveau les données."),
        "html": (
            "ce fichier est une page web, pas des données",
            "Téléchargez le fichier lui-même, pas la page qui le montre.",
        ),
        "pdf": (
            "ce fichier est un PDF : ses données ne peuvent pas être contrôlées",
            "Publiez aussi le tableau, en CSV.",
        ),
        "binary": ("ce fichier n'est ni un texte ni un format connu", "Donnez un CSV, un classeur, un JSON ou un XML."),
    }.get(kind)
    if said is not None:
        raise FileCheckError(said[0], where=content.origin, remedy=said[1])


def only_member(content: Content, member_name: str, fetcher: Fetcher, stack: ExitStack) -> Content:
    """Return the file of an archive that is meant. Raises FileCheckError when none or several may be."""
    found: list[Content] = []
    faults: list[Fault] = []
    for member in fetcher.members(content):
        if isinstance(member, Fault):
            faults.append(member)
            continue
        stack.callback(fetcher.release, member)
        named = member_name and member.name == member_name.rsplit("/", 1)[-1]
        if named or (not member_name and member.path.suffix.lower() in _TABULAR):
            found.append(member)
    if len(found) == 1:
        return found[0]
    if not found:
        why = faults[0].what if faults else "cette archive ne contient pas de tableau"
        raise FileCheckError(why, where=content.origin)
    names = ", ".join(member.name for member in found[:6])
    raise FileCheckError(
        f"cette archive contient {len(found)} tableaux",
        where=content.origin,
        remedy=f"Choisissez avec --member : {names}.",
    )


def as_table(content: Content, facts: ContentFacts, stack: ExitStack) -> tuple[Content, ContentFacts]:
    """Return the file's table as a CSV with the facts that describe it: the file itself, or a copy.

    A copy lasts as long as ``stack``. Raises FileCheckError or InspectionError when there is no table.
    """
    kind = facts.envelope.detected
    if kind in inspection.RECORD_FORMATS:
        return stack.enter_context(inspection.records_as_csv(content, facts))
    if kind in _WORKBOOKS:
        if facts.table is None:
            raise FileCheckError(facts.fault or "ce classeur ne contient pas de tableau", where=content.origin)
        return stack.enter_context(inspection.sheet_as_csv(content, facts))
    if facts.table is None:
        raise _no_table(content, facts)
    return content, facts


def _no_table(content: Content, facts: ContentFacts) -> FileCheckError:
    structure = facts.structure
    if structure is not None and not structure.well_formed:
        line = f"ligne {structure.error_line} : " if structure.error_line else ""
        return FileCheckError(f"{line}{structure.error}", where=content.origin)
    return FileCheckError(
        facts.fault or "ce fichier n'est pas un tableau",
        where=content.origin,
        remedy="Donnez un CSV, un classeur, un JSON, un GeoJSON ou un Parquet.",
    )


def file_facts(content: Content, kind: str, facts: ContentFacts) -> FileFacts:
    """Return how a file is written; ``kind`` is its own format, ``facts`` those of its table."""
    text, table = facts.text, facts.table
    tabular = kind == "csv"
    return FileFacts(
        name=content.name,
        format=kind,
        byte_size=content.byte_size,
        encoding=text.encoding if text and kind not in _WORKBOOKS and kind != "parquet" else "",
        delimiter=table.dialect.delimiter if tabular and table and table.dialect else "",
        line_ending=text.line_ending if tabular and text else "",
        header_row=table.header_row if table and kind not in inspection.RECORD_FORMATS else None,
    )
