"""Inspects one Content: what it is, then what its kind lets us read, each part by its own reader."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from opendata_check.inspection.envelope import TEXT, envelope_of
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.other_kinds import OTHER_KINDS, read_other
from opendata_check.inspection.spatial.maps import MAPS, with_map
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts

_XML = ("xml", "kml", "rdf")
_JSON = ("json", "jsonld")
_WORKBOOKS = ("xlsx", "ods", "xls")
_ARCHIVES = ("zip", "shapefile-zip", "gtfs", "kmz")


def inspect(content: Content, *, declared_format: str = "") -> ContentFacts:
    """Return all that can be read in a file; ``declared_format`` is what its catalogue says, as written.

    A part that cannot be read leaves its reason in ``fault``. Raises InspectionError only when the file itself cannot
    be opened.
    """
    try:
        facts = ContentFacts(
            envelope=envelope_of(content, declared_format),
            sha256=_sha256(content),
            byte_size=content.path.stat().st_size,
        )
        return _read(content, facts)
    except OSError as error:
        raise InspectionError(
            "ce fichier ne peut pas être lu",
            where=content.origin,
            remedy="Vérifiez qu'il existe et que vous avez le droit de l'ouvrir.",
        ) from error


def _sha256(content: Content) -> str:
    with content.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(content: Content, facts: ContentFacts) -> ContentFacts:
    """Return the facts completed by the reader of the detected format."""
    detected = facts.envelope.detected
    if detected in OTHER_KINDS or facts.envelope.variety == "locked":
        return read_other(content, facts)
    if detected == "zip":
        return _read_zip(content, facts)
    if detected == "xls":
        return _read_workbook(content, facts)
    if detected == "pdf":
        return _read_pdf(content, facts)
    if detected in _JSON:
        return _read_json(content, facts)
    if detected in _XML:
        return _read_xml(content, facts)
    if detected in MAPS:
        return with_map(content, facts)
    if detected == TEXT:
        return _read_text(content, facts)
    return facts


def _detected(facts: ContentFacts, detected: str) -> ContentFacts:
    return replace(facts, envelope=replace(facts.envelope, detected=detected))


def _read_text(content: Content, facts: ContentFacts) -> ContentFacts:
    """Read a text: a table when its name or its lines say so."""
    from opendata_check.inspection.delimited import read_table
    from opendata_check.inspection.opening import layout_of
    from opendata_check.inspection.text import read_text

    text = read_text(content)
    facts = replace(facts, text=text)
    layout = layout_of(content, text.encoding)
    if facts.envelope.extension_format != "csv" and not layout.tabular:
        return facts
    read = read_table(content, text.encoding, layout)
    return replace(
        _detected(facts, "csv"), table=read.table, personal=read.personal, spatial=read.spatial, fault=read.fault
    )


def _read_json(content: Content, facts: ContentFacts) -> ContentFacts:
    from opendata_check.inspection.structure import read_json
    from opendata_check.inspection.text import read_text

    text = read_text(content)
    facts = replace(facts, text=text)
    try:
        structure, spatial, personal = read_json(content, text.encoding)
    except InspectionError as error:
        return replace(facts, fault=str(error))
    if spatial is not None and spatial.carrier == "geojson":
        facts = _detected(facts, "geojson")
    return replace(facts, structure=structure, spatial=spatial, personal=personal)


def _read_xml(content: Content, facts: ContentFacts) -> ContentFacts:
    from opendata_check.inspection.structure import read_xml
    from opendata_check.inspection.text import read_text

    facts = replace(facts, text=read_text(content))
    try:
        return with_map(content, replace(facts, structure=read_xml(content)))
    except InspectionError as error:
        return replace(facts, fault=str(error))


def _read_pdf(content: Content, facts: ContentFacts) -> ContentFacts:
    from opendata_check.inspection.pdf.document import read_pdf

    try:
        document, personal, traces = read_pdf(content)
    except InspectionError as error:
        return replace(facts, fault=str(error))
    return replace(facts, document=document, personal=personal, traces=traces)


def _read_workbook(content: Content, facts: ContentFacts) -> ContentFacts:
    from opendata_check.inspection.sheets.workbook import read

    try:
        book = read(content, facts.envelope.detected)
    except InspectionError as error:
        return replace(facts, fault=str(error))
    return replace(
        facts,
        spreadsheet=book.facts,
        table=book.table,
        personal=book.personal,
        spatial=book.spatial,
        traces=book.traces,
    )


def _read_zip(content: Content, facts: ContentFacts) -> ContentFacts:
    """Read a zip: an archive, a workbook or another document that is a zip inside."""
    from opendata_check.inspection.archives.zip import kind_of, read_zip

    try:
        archive = read_zip(content)
    except InspectionError as error:
        return replace(facts, fault=str(error))
    kind = kind_of(archive)
    facts = _detected(facts, "kml" if kind == "kmz" else kind)
    if kind in _WORKBOOKS:
        return _read_workbook(content, facts)
    if kind in OTHER_KINDS:
        return read_other(content, facts)
    if kind in _ARCHIVES:
        facts = replace(facts, archive=archive)
    return with_map(content, facts, kind)
