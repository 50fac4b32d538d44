"""Reads only the beginning of a large text: enough to cut it into cells, when its every byte will be read anyway."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, islice

from opendata_check.inspection.envelope import TEXT, envelope_of
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.header import ROWS_READ, clean_label, find_header
from opendata_check.inspection.mojibake import count_in
from opendata_check.inspection.opening import duplicate_labels, layout_of, open_text
from opendata_check.inspection.records import MAX_LINE, read_records
from opendata_check.inspection.text import CHUNK, read_text, unicode_mark
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, TableFacts, TextFacts

WHOLE_BYTES = 4_000_000
"""Up to this size, the whole text is read to find its encoding."""
_SAMPLE = 1_000_000
_LONGEST_LINE = 4 * MAX_LINE
"""Bytes: a character takes four at most."""


def read_head(content: Content, *, whole: bool = False) -> ContentFacts:
    """Return the envelope of a file and, for a text, its encoding, dialect and header; rows are not counted.

    The encoding of a large file is found on its first megabyte and marked ``provisional``: whoever reads the rest must
    come back with ``whole`` when it does not fit. Raises InspectionError for an endless first line, OSError.
    """
    facts = ContentFacts(envelope=envelope_of(content, ""), byte_size=content.path.stat().st_size)
    if facts.envelope.detected not in (TEXT, "csv"):
        return facts
    text = None if whole or facts.byte_size <= WHOLE_BYTES else _provisional(content)
    if text is None:
        _refuse_endless_line(content)
        text = read_text(content)
    layout = layout_of(content, text.encoding)
    facts = replace(facts, text=text)
    if facts.envelope.extension_format != "csv" and not layout.tabular:
        return facts
    try:
        with open_text(content, text.encoding) as stream:
            records = read_records(stream, layout.dialect, layout.width, complete=True)
            first = list(islice(records, ROWS_READ))
            rest = () if text.provisional else records
            unclosed = next((record.line for record in chain(first, rest) if record.unclosed), None)
    except InspectionError as error:
        raise InspectionError(error.what, where=content.origin, remedy=error.remedy) from error
    index = find_header([record.cells for record in first])
    header = first[index] if index is not None else None
    labels = [clean_label(cell) for cell in header.cells] if header else []
    table = TableFacts(
        header_row=header.line if header else None,
        labels=tuple(labels),
        row_count=0,
        dialect=layout.dialect,
        title_rows=((1, header.line - 1),) if header and header.line > 1 else (),
        empty_labels=tuple(position for position, label in enumerate(labels) if not label.strip()),
        duplicate_labels=duplicate_labels(labels),
        unclosed_quote_row=unclosed,
    )
    return replace(facts, envelope=replace(facts.envelope, detected="csv"), table=table)


def _refuse_endless_line(content: Content) -> None:
    """Raise InspectionError at the first line that no table has, before gigabytes of it are looked at."""
    lines, since = 1, 0
    with content.path.open("rb") as file:
        while chunk := file.read(CHUNK):
            last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            since = since + len(chunk) if last < 0 else len(chunk) - last
            lines += chunk.count(b"\n") or chunk.count(b"\r")
            if since > _LONGEST_LINE:
                raise InspectionError(
                    f"la ligne {lines} n'a pas de fin : elle dépasse {_LONGEST_LINE // 1_000_000} millions d'octets",
                    where=content.origin,
                    remedy="Vérifiez que le fichier est bien un tableau, une ligne par enregistrement.",
                )


def _provisional(content: Content) -> TextFacts | None:
    """Return the encoding of a text whose beginning is UTF-8, or None when all of it must be read to tell."""
    with content.path.open("rb") as file:
        sample = file.read(_SAMPLE)
    mark = unicode_mark(sample)
    if mark.startswith("utf-16"):
        return None
    cut = sample[: sample.rfind(b"\n") + 1] or sample[:-4]
    try:
        cut.decode("utf-8")
    except UnicodeDecodeError:
        return None
    feeds, returns = cut.count(b"\n"), cut.count(b"\r")
    both = cut.count(b"\r\n")
    endings = {"lf": feeds > both, "crlf": both > 0, "cr": returns > both}
    found = [name for name, there in endings.items() if there]
    ending = found[0] if len(found) == 1 else "mixed" if found else "none"
    return TextFacts(
        "utf-8-sig" if mark else "utf-8",
        has_bom=bool(mark),
        line_ending=ending,
        nul_count=cut.count(0),
        mojibake_count=count_in(cut),
        provisional=True,
    )
