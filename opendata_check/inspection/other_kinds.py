"""Reads the kinds that are neither table, map nor PDF: office documents, images, drawings, tapes, locked files."""

from __future__ import annotations

from dataclasses import replace

from opendata_check.inspection.errors import InspectionError
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, DocumentFacts

_IMAGES = frozenset({"png", "jpeg", "gif", "tiff", "webp", "heic"})
_TAPES = frozenset({"gz", "tar"})
_OFFICE = frozenset({"docx", "odt", "pptx"})
OTHER_KINDS = _IMAGES | _TAPES | _OFFICE | {"doc", "svg"}
_PASSWORD = "le fichier est protégé par un mot de passe"  # noqa: S105 - a message


def read_other(content: Content, facts: ContentFacts) -> ContentFacts:
    """Return the facts completed by the reader of the detected format, the fault told. Raises OSError."""
    detected, variety = facts.envelope.detected, facts.envelope.variety
    try:
        if variety == "locked":
            return _locked(facts)
        if detected in _IMAGES:
            return _image(content, facts)
        if detected in _TAPES:
            return _tape(content, facts)
        if detected == "svg":
            return _drawing(content, facts)
        return _document(content, facts)
    except InspectionError as error:
        return replace(facts, fault=str(error))


def _locked(facts: ContentFacts) -> ContentFacts:
    """A document under a password is told by its document facts, a workbook by its fault."""
    if facts.envelope.detected in _OFFICE | {"doc"}:
        return replace(facts, document=DocumentFacts(0, 0, 0, 0, 0, encrypted=True, carrier=facts.envelope.detected))
    return replace(facts, fault=_PASSWORD)


def _image(content: Content, facts: ContentFacts) -> ContentFacts:
    from opendata_check.inspection.image.images import read_image

    with content.path.open("rb") as file:
        image, traces = read_image(file, facts.envelope.detected)
    if image.georeferenced:
        facts = replace(facts, envelope=replace(facts.envelope, variety="geotiff"))
    return replace(facts, image=image, traces=traces)


def _tape(content: Content, facts: ContentFacts) -> ContentFacts:
    from opendata_check.inspection.archives.tape import read_tape

    archive, is_tape = read_tape(content, facts.envelope.detected)
    variety = "tar" if is_tape and facts.envelope.detected == "gz" else facts.envelope.variety
    return replace(facts, archive=archive, envelope=replace(facts.envelope, variety=variety))


def _drawing(content: Content, facts: ContentFacts) -> ContentFacts:
    from opendata_check.inspection.image.svg import read_svg
    from opendata_check.inspection.structure import read_xml
    from opendata_check.inspection.text import read_text

    image, traces = read_svg(content)
    return replace(facts, text=read_text(content), structure=read_xml(content), image=image, traces=traces)


def _document(content: Content, facts: ContentFacts) -> ContentFacts:
    """Read an office document: a zip of XML, an OLE2 file or an RTF, whatever its name says."""
    from opendata_check.inspection.magic import OLE2
    from opendata_check.inspection.office.document import read_office
    from opendata_check.inspection.office.old import read_old_document, read_rtf

    if facts.envelope.variety == "rtf":
        document, traces = read_rtf(content)
        return replace(facts, document=document, traces=traces)
    with content.path.open("rb") as file:
        old = file.read(len(OLE2)) == OLE2
    if old:
        document, traces = read_old_document(content, facts.envelope.detected)
        return replace(facts, document=document, traces=traces)
    document, personal, traces = read_office(content, facts.envelope.detected)
    return replace(facts, document=document, personal=personal, traces=traces)
