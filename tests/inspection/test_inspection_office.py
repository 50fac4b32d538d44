"""Office documents: text, tables, and what they keep of those who wrote them; locked, damaged and booby-trapped ones."""

from __future__ import annotations

import io
import random
import struct
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from opendata_check.inspection import inspect
from opendata_check.inspection.office.compound_file import compound_file
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, DocumentFacts, PersonalDataHint, TraceFacts

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def inspected(path: Path, data: bytes) -> ContentFacts:
    path.write_bytes(data)
    return inspect(Content(path, path.name, len(data), path.name))


def zipped(members: Mapping[str, str | bytes], *, mimetype: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def docx(body: str, **more: str | bytes) -> bytes:
    members = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
    }
    return zipped({**members, **{name.replace("__", "/"): data for name, data in more.items()}})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(rows: int, columns: int) -> str:
    cell = f"<w:tc>{paragraph('12')}</w:tc>"
    return f"<w:tbl>{f'<w:tr>{cell * columns}</w:tr>' * rows}</w:tbl>"


CORE = "<cp:coreProperties><dc:creator>{}</dc:creator><cp:lastModifiedBy>{}</cp:lastModifiedBy></cp:coreProperties>"


def core(author: str, last: str) -> str:
    namespaces = 'xmlns:cp="x" xmlns:dc="y"'
    return CORE.format(author, last).replace("<cp:coreProperties>", f"<cp:coreProperties {namespaces}>")


def document(facts: ContentFacts) -> DocumentFacts:
    assert facts.document is not None
    return facts.document


def test_a_text_is_counted_without_what_is_deleted_or_commented(tmp_path: Path) -> None:
    body = paragraph("Compte rendu") + (
        "<w:p><w:ins><w:r><w:t>ajout</w:t></w:r></w:ins><w:del><w:r><w:delText>retrait</w:delText></w:r></w:del>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    facts = inspected(tmp_path / "a.docx", docx(body))
    assert (facts.envelope.detected, facts.fault) == ("docx", "")
    assert document(facts).text_characters == len("Compterenduajout")
    assert facts.traces == TraceFacts(tracked_changes=2)


def test_tables_are_counted_but_not_frames(tmp_path: Path) -> None:
    facts = document(inspected(tmp_path / "a.docx", docx(table(12, 3) + table(2, 2) + table(1, 4) + table(9, 1))))
    assert (facts.table_count, facts.largest_table, facts.looks_tabular) == (2, 12, True)
    assert not document(inspected(tmp_path / "b.docx", docx(table(3, 2)))).looks_tabular


def test_authors_comments_macros_and_attachments_are_counted(tmp_path: Path) -> None:
    data = docx(
        paragraph("Règlement") + "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>caché</w:t></w:r></w:p>",
        docProps__core__xml="",
    )
    members = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"),
        "docProps/core.xml": core("Camille Exemple", "Service des finances"),
        "docProps/app.xml": "<Properties><Pages>4</Pages></Properties>",
        "word/comments.xml": f"<w:comments {W}><w:comment w:author='x'>{paragraph('a revoir')}</w:comment></w:comments>",
        "word/vbaProject.bin": b"\xd0\xcf\x11\xe0",
        "word/embeddings/oleObject1.bin": b"x",
        "word/_rels/settings.xml.rels": "<Relationships><Relationship Type='x/attachedTemplate' Target='file:///x.dotm' TargetMode='External'/>"
        "<Relationship Type='x/hyperlink' Target='https://exemple.fr' TargetMode='External'/></Relationships>",
    }
    facts = inspected(tmp_path / "a.docm", zipped(members))
    assert facts.traces == TraceFacts(
        author=True,
        comments=1,
        hidden_count=1,
        hidden_places=("texte masqué",),
        embedded_files=1,
        macros=1,
        external_links=1,
    )
    assert document(facts).page_count == 4
    assert "Camille" not in repr(facts)


def test_a_document_of_a_service_without_traces_has_none(tmp_path: Path) -> None:
    members = {"docProps__core.xml": core("Mairie d'Exempleville", "Microsoft Office User")}
    facts = inspected(tmp_path / "a.docx", docx(paragraph("Règlement"), **members))
    assert facts.traces == TraceFacts()


def test_photographs_in_a_document_keep_their_place(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (48.0, 41.0, 33.0), 3: "E", 4: (6.0, 10.0, 59.0)}
    placed, plain = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (8, 8)).save(placed, "JPEG", exif=exif)
    Image.new("RGB", (8, 8)).save(plain, "JPEG")
    more = {"word__media__image1.jpeg": placed.getvalue(), "word__media__image2.jpeg": plain.getvalue()}
    facts = inspected(tmp_path / "a.docx", docx(paragraph("Patrimoine"), **more))
    assert facts.traces == TraceFacts(positions=1, position_places=("image1.jpeg",))


def test_a_social_security_number_is_hinted_and_never_shown(tmp_path: Path) -> None:
    body = 1_85_05_78_006_084
    facts = inspected(tmp_path / "a.docx", docx(paragraph(f"Agent : {body}{97 - body % 97:02d}")))
    assert facts.personal == (PersonalDataHint(kind="nir", column="", count=1),)


def test_an_opendocument_is_read_the_same_way(tmp_path: Path) -> None:
    content = (
        '<o:document-content xmlns:o="o" xmlns:t="t" xmlns:b="b" xmlns:dc="d"><o:body><o:text>'
        "<t:tracked-changes><t:changed-region><t:deletion><t:p>retrait</t:p></t:deletion></t:changed-region></t:tracked-changes>"
        "<t:p>Compte rendu<o:annotation><dc:creator>Camille</dc:creator><t:p>a revoir</t:p></o:annotation></t:p>"
        + "<b:table>" + "<b:table-row><b:table-cell/><b:table-cell/></b:table-row>" * 6 + "</b:table>"
        "</o:text></o:body></o:document-content>"
    )  # fmt: skip
    meta = (
        '<o:meta xmlns:o="o" xmlns:meta="m" xmlns:dc="d"><meta:initial-creator>Camille Exemple</meta:initial-creator>'
        "<dc:creator>Dominique Exemple</dc:creator><meta:document-statistic meta:page-count='3'/></o:meta>"
    )
    members = {
        "content.xml": content,
        "meta.xml": meta,
        "Basic/Standard/Module1.xml": "<m/>",
        "Basic/script-lc.xml": "<m/>",
    }
    facts = inspected(tmp_path / "a.odt", zipped(members, mimetype="application/vnd.oasis.opendocument.text"))
    assert facts.envelope.detected == "odt"
    assert facts.traces == TraceFacts(author=True, last_author=True, tracked_changes=1, comments=1, macros=1)
    found = document(facts)
    assert (found.page_count, found.text_characters, found.table_count, found.looks_tabular) == (3, 11, 1, True)


def test_hidden_slides_and_spoken_notes_are_told(tmp_path: Path) -> None:
    def slide(text: str, attribute: str = "") -> str:
        return f"<p:sld xmlns:p='p' {A} {attribute}><a:t>{text}</a:t></p:sld>"

    members = {
        "[Content_Types].xml": "<Types/>",
        "ppt/presentation.xml": "<p/>",
        "ppt/slides/slide1.xml": slide("Budget"),
        "ppt/slides/slide2.xml": slide("Brouillon", "show='0'"),
        "ppt/notesSlides/notesSlide1.xml": slide("Ne pas dire que le projet est en retard"),
        "ppt/comments/comment1.xml": "<p:cmLst xmlns:p='p'><p:cm/><p:cm/></p:cmLst>",
    }
    facts = inspected(tmp_path / "a.pptx", zipped(members))
    assert facts.traces == TraceFacts(
        comments=2, hidden_count=2, hidden_places=("diapositive 2", "commentaires de l’orateur")
    )
    assert (document(facts).page_count, document(facts).text_characters) == (2, len("BudgetBrouillon"))
    members["ppt/notesSlides/notesSlide1.xml"] = slide("1")
    again = inspected(tmp_path / "b.pptx", zipped(members)).traces
    assert again is not None and again.hidden_count == 1


# Old formats


def summary(values: Mapping[int, str | int]) -> bytes:
    body, places = b"", []
    for number, value in values.items():
        places.append((number, 8 + 8 * len(values) + len(body)))
        if isinstance(value, int):
            body += struct.pack("<Ii", 3, value)
        else:
            raw = value.encode("cp1252") + b"\0"
            body += struct.pack("<II", 30, len(raw)) + raw.ljust(-(-len(raw) // 4) * 4, b"\0")
    section = struct.pack("<II", 8 + 8 * len(values) + len(body), len(values))
    section += b"".join(struct.pack("<II", *place) for place in places) + body
    return struct.pack("<HHI16sI16sI", 0xFFFE, 0, 0, b"", 1, b"", 48) + section


def test_the_summary_of_an_old_document_is_read(tmp_path: Path) -> None:
    stream = summary({4: "Camille Exemple", 8: "Mairie", 14: 7, 16: 1_200})
    path = tmp_path / "a.doc"
    facts = inspected(path, compound_file("\x05SummaryInformation", stream))
    assert facts.envelope.detected == "doc"
    assert facts.traces == TraceFacts(author=True, partly_read=True)
    assert (document(facts).page_count, document(facts).text_characters) == (7, 1_200)


def test_a_document_under_a_password_says_so_and_nothing_else(tmp_path: Path) -> None:
    locked = compound_file("EncryptedPackage", b"x" * 5_000)
    facts = inspected(tmp_path / "a.docx", locked)
    assert facts.document == DocumentFacts(0, 0, 0, 0, 0, encrypted=True, carrier="docx")
    assert "mot de passe" in inspected(tmp_path / "a.xlsx", locked).fault
    assert "mot de passe" in inspected(tmp_path / "a.csv", locked).fault
    header = bytearray(5_000)
    struct.pack_into("<H", header, 10, 0x0100)
    assert document(inspected(tmp_path / "a.doc", compound_file("WordDocument", bytes(header)))).encrypted
    manifest = "<m:manifest xmlns:m='m'><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"
    members = {"content.xml": b"\x8a\x00\x17", "META-INF/manifest.xml": manifest}
    odt = zipped(members, mimetype="application/vnd.oasis.opendocument.text")
    assert document(inspected(tmp_path / "a.odt", odt)).encrypted


def test_an_rtf_says_who_wrote_it_and_what_changed(tmp_path: Path) -> None:
    data = (
        rb"{\rtf1{\info{\author Camille Exemple}{\operator Mairie}{\nofpages3}{\nofchars900}}"
        rb"{\revised\revauth1 ajout}{\*\annotation a revoir}{\v cache}}"
    )
    facts = inspected(tmp_path / "a.doc", data)
    assert facts.traces == TraceFacts(
        author=True, tracked_changes=1, comments=1, hidden_count=1, hidden_places=("texte masqué",)
    )
    assert (document(facts).page_count, document(facts).text_characters) == (3, 900)


# What they try


def test_a_part_that_breaks_keeps_what_was_read(tmp_path: Path) -> None:
    more = {"docProps__core.xml": core("Camille Exemple", "")}
    facts = inspected(tmp_path / "a.docx", docx(paragraph("Compte rendu") + "<w:p></w:r>", **more))
    assert facts.traces == TraceFacts(author=True, partly_read=True)
    assert (document(facts).text_characters, document(facts).sampled) == (11, True)


@pytest.mark.parametrize(
    "body",
    [
        "<w:p>" * 50_000,
        "<w:tbl><w:tr><w:tc>" * 300 + "</w:tc></w:tr></w:tbl>" * 300,
        paragraph("x" * 9_000_000),
        paragraph("budget " * 3_000_000),
    ],
    ids=["deep", "tables in tables", "one endless word", "a long text"],
)
def test_an_absurd_document_is_read_in_a_moment(tmp_path: Path, body: str) -> None:
    data = docx(body)
    started = time.monotonic()
    inspected(tmp_path / "a.docx", data)
    assert time.monotonic() - started < 5


def test_a_bomb_and_entities_are_refused(tmp_path: Path) -> None:
    bomb = docx(paragraph(" " * 150_000_000))
    facts = inspected(tmp_path / "a.docx", bomb)
    assert "piégée" in facts.fault
    laughs = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><a>&b;</a>'
    members = {"[Content_Types].xml": "<Types/>", "word/document.xml": laughs}
    assert document(inspected(tmp_path / "b.docx", zipped(members))).sampled


def test_damaged_documents_give_facts_or_a_fault(tmp_path: Path) -> None:
    more = {"docProps__core.xml": core("Camille Exemple", "x"), "word__comments.xml": f"<w:comments {W}/>"}
    sources = {
        "docx": docx(table(4, 3) + paragraph("Compte rendu"), **more),
        "doc": compound_file("\x05SummaryInformation", summary({4: "Camille Exemple", 14: 7})),
    }
    for kind, source in sources.items():
        for seed in range(150):
            chance = random.Random(seed)
            data = bytearray(source[: chance.randrange(8, len(source))] if seed % 2 else source)
            for _ in range(chance.choice([1, 5, 30])):
                data[chance.randrange(8, len(data) + 1) - 1] = chance.randrange(256)
            inspected(tmp_path / f"a.{kind}", bytes(data))
