"""Reads a text document or a presentation that is a zip of XML (DOCX, PPTX, ODT, ODP): text, tables, traces."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from opendata_check.inspection.archives.zip import list_zip, member_chunks
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.office.parts import Body, Properties, member_traces
from opendata_check.inspection.personal_values import NIR, counts_in_text
from opendata_check.inspection.traces import MAX_PLACES, merged
from opendata_check.inspection.xml_stream import Elements, Refused, read_elements
from opendata_check.model.content import Content
from opendata_check.model.facts import ArchiveFacts, DocumentFacts, PersonalDataHint, TraceFacts

KINDS = frozenset({"docx", "pptx", "odt"})
MAX_FILE = 200_000_000
_MAX_PART = 100_000_000
_MAX_PARTS = 500
"""Slides, notes and comments read one by one."""
_TALL = 5
_REFUSED_DANGERS = ("piégée", "trop de fichiers", "revient", "Go")
# The parts that hold text, then comments, then the notes of the speaker: the names of ECMA-376 and ODF.
_BODY = re.compile(r"word/document\.xml|ppt/slides/slide\d+\.xml|content\.xml", re.I)
_COMMENTS = re.compile(r"word/comments\.xml|ppt/comments/[^/]+\.xml", re.I)
_NOTES = re.compile(r"ppt/notesslides/notesslide\d+\.xml", re.I)
_DIGITS = re.compile(r"\d+")
_SPOKEN = 20
"""Characters of notes above which there is more than the number of the slide."""
_PROPERTIES = re.compile(r"docprops/(?:core|app)\.xml|meta\.xml", re.I)

OfficeReading = tuple[DocumentFacts, tuple[PersonalDataHint, ...], TraceFacts]


def read_office(content: Content, kind: str) -> OfficeReading:
    """Return what a document holds, a hint when its text has social security numbers, and its traces.

    ``kind`` is docx, pptx (ODP included) or odt. Nothing is run, unpacked to disk or fetched. Raises InspectionError
    when the file is too large, damaged or booby-trapped; a part that breaks sets ``sampled`` and ``partly_read``.
    """
    try:
        size = content.path.stat().st_size
        if size > MAX_FILE:
            raise InspectionError(
                f"le document pèse {size / 1e6:.0f} Mo : au-delà de {MAX_FILE // 1_000_000} Mo, il n’est pas lu",
                remedy="Allégez-le, par exemple en réduisant ses images.",
            )
        listed = list_zip(content.path)
        _refuse_dangers(listed)
        if listed.encrypted_count:
            return _locked(kind)
        with zipfile.ZipFile(content.path) as archive:
            return _read(archive, kind)
    except zipfile.BadZipFile as error:
        raise InspectionError(
            "le document est abîmé ou incomplet", remedy="Enregistrez-le de nouveau, puis republiez-le."
        ) from error
    except OSError as error:
        raise InspectionError("le fichier ne peut pas être lu", remedy="Vérifiez qu’il existe et s’ouvre.") from error


def _refuse_dangers(facts: ArchiveFacts) -> None:
    for danger in facts.dangers:
        if any(word in danger for word in _REFUSED_DANGERS):
            raise InspectionError(
                f"le document n’a pas été ouvert, car {danger}",
                remedy="Enregistrez-le de nouveau depuis votre traitement de texte.",
            )


def _locked(kind: str) -> OfficeReading:
    return DocumentFacts(0, 0, 0, 0, 0, encrypted=True, carrier=kind), (), TraceFacts()


def _read(archive: zipfile.ZipFile, kind: str) -> OfficeReading:
    names = archive.namelist()
    if _is_locked(archive, names):
        return _locked(kind)
    body, notes, properties = Body(), Body(), Properties()
    comments, hidden, slides, broken = 0, [], 0, False
    for name in _wanted(names):
        if _COMMENTS.fullmatch(name):
            counted = Body()
            broken |= not _part(archive, name, counted)
            comments += counted.comments
        elif _NOTES.fullmatch(name):
            broken |= not _part(archive, name, notes)
            notes.pages += 1
        elif _PROPERTIES.fullmatch(name):
            broken |= not _part(archive, name, properties)
        else:
            slides += 1
            body.hidden_slide = False
            broken |= not _part(archive, name, body)
            if body.hidden_slide:
                hidden.append("diapositive " + _DIGITS.search(name)[0])  # type: ignore[index]
    spoken = notes.characters > _SPOKEN * max(1, notes.pages)
    places = [*hidden, *body.hidden_places(), *(["commentaires de l’orateur"] if spoken else [])]
    text = TraceFacts(
        author=properties.author,
        last_author=properties.last_author,
        tracked_changes=body.changes,
        comments=comments + body.comments,
        hidden_count=len(hidden) + body.hidden + spoken,
        hidden_places=tuple(places[:MAX_PLACES]),
        partly_read=broken or len(names) > _MAX_PARTS,
    )
    found = counts_in_text(body.text()).get(NIR, 0)
    facts = DocumentFacts(
        page_count=properties.pages or (max(slides, body.pages) if kind == "pptx" else 0),
        pages_read=0,
        text_characters=body.characters,
        pages_without_text=0,
        image_pages=0,
        looks_tabular=body.largest >= _TALL,
        carrier=kind,
        table_count=body.tables,
        largest_table=body.largest,
        sampled=broken,
    )
    hints = (PersonalDataHint(kind=NIR, column="", count=found),) if found else ()
    return facts, hints, merged((text, member_traces(archive)))


def _wanted(names: list[str]) -> Iterator[str]:
    """Yield the parts to read, the first 500, the text before the rest."""
    parts = [*filter(_BODY.fullmatch, names), *filter(_PROPERTIES.fullmatch, names)]
    parts += [*filter(_COMMENTS.fullmatch, names), *filter(_NOTES.fullmatch, names)]
    yield from parts[:_MAX_PARTS]


def _part(archive: zipfile.ZipFile, name: str, reader: Body | Properties) -> bool:
    """Read one part; False when it breaks or is refused. What was read before counts."""
    try:
        read_elements(member_chunks(archive, name, _MAX_PART), reader.elements, reader.keep)
    except (InspectionError, Refused, expat.ExpatError, ValueError, LookupError):
        return False
    finally:
        reader.close()
    return True


def _is_locked(archive: zipfile.ZipFile, names: list[str]) -> bool:
    """Return whether an OpenDocument is under a password: its manifest says so (ODF 1.2, part 3, 3.4)."""
    if "META-INF/manifest.xml" not in names:
        return False
    found: list[bool] = []
    elements = Elements({"encryption-data": lambda _attributes: found.append(True)}, {})
    try:
        read_elements(member_chunks(archive, "META-INF/manifest.xml", 5_000_000), elements)
    except (InspectionError, Refused, expat.ExpatError, ValueError, LookupError):
        return False
    return bool(found)
