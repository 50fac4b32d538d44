"""Long PDFs are sampled, and what a PDF keeps besides its text is seen: scripts, comments, author, profile."""

from __future__ import annotations

import contextlib
import io
import time
import zlib
from pathlib import Path

from pdf_drawing import budget, drawn, one_stream, prose, read, scan, stamped_scan
from PIL import Image
from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.pdf import document
from opendata_check.inspection.pdf import marks as pdf_marks
from opendata_check.inspection.pdf import pages as pdf_pages
from opendata_check.model.content import Content
from opendata_check.model.facts import TraceFacts

# What is read of a long document


def many_pages(count: int) -> bytes:
    """Return a PDF of many pages that share one text, written by hand."""
    kids = b" ".join(b"%d 0 R" % (5 + number) for number in range(count))
    text = b"BT /F1 12 Tf 50 700 Td (Compte rendu du conseil municipal) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R/Resources<</Font<</F1 4 0 R>>>>>>"
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, content in enumerate([*objects, *[page] * count], start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj%sendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, start))
    return out.getvalue()


def test_ten_thousand_pages_are_sampled_from_first_to_last(tmp_path: Path) -> None:
    started = time.monotonic()
    facts, _ = read(tmp_path / "a.pdf", many_pages(10_000))
    assert time.monotonic() - started < 10
    assert (facts.page_count, facts.pages_read, facts.sampled) == (10_000, 50, True)
    assert facts.text_characters == 50 * 29
    chosen = pdf_pages.chosen_pages(10_000)
    assert (chosen[0], chosen[-1], len(set(chosen))) == (0, 9_999, 50)


def test_a_table_on_the_last_of_many_pages_is_seen(tmp_path: Path) -> None:
    facts = read(tmp_path / "a.pdf", drawn(*[prose] * 119, budget))[0]
    assert (facts.sampled, facts.table_count, facts.table_pages) == (True, 1, ((120, 120),))


def test_a_page_count_that_lies_does_not_last(tmp_path: Path) -> None:
    data = many_pages(3).replace(b"/Count 3", b"/Count 3000000000")
    started = time.monotonic()
    with contextlib.suppress(InspectionError):
        read(tmp_path / "a.pdf", data)
    assert time.monotonic() - started < 5


# What a PDF is besides its text


def test_a_scan_whose_text_was_recognised_is_told_from_a_text_on_a_picture(tmp_path: Path) -> None:
    def recognised(canvas: Canvas) -> None:
        scan(canvas)
        text = canvas.beginText(50, 800)
        text.setTextRenderMode(3)
        for line in range(40):
            text.textLine(f"Article {line} : le conseil vote le budget de la commune.")
        canvas.drawText(text)

    def poster(canvas: Canvas) -> None:
        scan(canvas)
        prose(canvas)

    facts, _ = read(tmp_path / "a.pdf", drawn(recognised, poster, prose))
    assert (facts.ocr_pages, facts.image_pages) == (1, 0)


def test_a_cover_of_a_few_words_on_a_picture_is_no_scan(tmp_path: Path) -> None:
    assert read(tmp_path / "a.pdf", drawn(stamped_scan, prose, prose))[0].image_pages == 0
    assert read(tmp_path / "a.pdf", drawn(stamped_scan, stamped_scan, prose))[0].image_pages == 2
    assert read(tmp_path / "a.pdf", drawn(stamped_scan))[0].image_pages == 1


def test_a_pdf_that_forbids_copying_is_read_and_says_so(tmp_path: Path) -> None:
    stream = io.BytesIO()
    lock = pdfencrypt.StandardEncryption("", ownerPassword="mairie", canCopy=0)
    canvas = Canvas(stream, encrypt=lock)
    prose(canvas)
    canvas.save()
    facts, _ = read(tmp_path / "a.pdf", stream.getvalue())
    assert (facts.copy_forbidden, facts.encrypted) == (True, False)
    assert not read(tmp_path / "b.pdf", drawn(prose))[0].copy_forbidden


def with_objects(*more: bytes, catalog: bytes = b"") -> bytes:
    """Return a one-page PDF with these objects after the fourth."""
    data = one_stream(b"BT ET", b" [] ")
    return data.replace(b"<</Type/Catalog", b"<</Type/Catalog" + catalog).replace(
        b"xref\n",
        b"".join(b"%d 0 obj%sendobj\n" % (number, item) for number, item in enumerate(more, 5)) + b"xref\n",
        1,
    )


def traces(path: Path, data: bytes) -> TraceFacts:
    path.write_bytes(data)
    return document.read_pdf(Content(path, path.name, len(data), path.name))[2]


def test_scripts_and_launches_and_comments_are_counted_and_not_run(tmp_path: Path) -> None:
    found = traces(
        tmp_path / "a.pdf",
        with_objects(
            b"<</S/JavaScript/JS(app.alert\\(1\\))>>",
            b"<</Type/Action/S /Launch/F(calc.exe)>>",
            b"<</Type/Annot/Subtype/Text/Contents(a revoir)>>",
            b"<</Type/Annot/Subtype/Link>>",
        ),
    )
    assert (found.scripts, found.macros, found.comments) == (1, 1, 1)
    assert traces(tmp_path / "b.pdf", drawn(prose)) == TraceFacts()


def test_a_script_packed_in_an_object_stream_is_seen(tmp_path: Path) -> None:
    packed = zlib.compress(b"5 0 <</S/JavaScript/JS(app.alert)>>")
    item = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    (tmp_path / "a.pdf").write_bytes(with_objects(item))
    assert pdf_marks.marks_of(tmp_path / "a.pdf").scripts == 1


def test_the_author_is_a_person_or_a_service(tmp_path: Path) -> None:
    def signed(name: str) -> bytes:
        stream = io.BytesIO()
        canvas = Canvas(stream)
        canvas.setAuthor(name)
        prose(canvas)
        canvas.save()
        return stream.getvalue()

    assert traces(tmp_path / "a.pdf", signed("Camille Exemple")).author
    assert not traces(tmp_path / "b.pdf", signed("Mairie d'Exempleville")).author


def test_the_archival_profile_is_read_in_the_metadata(tmp_path: Path) -> None:
    xmp = b"<x><pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></x>"
    item = b"<</Type/Metadata/Subtype/XML/Length %d>>stream\n%s\nendstream" % (len(xmp), xmp)
    assert read(tmp_path / "a.pdf", with_objects(item))[0].pdf_a == "2b"
    other = xmp.replace(b"<pdfaid:part>2</pdfaid:part>", b"").replace(b"<x>", b'<x pdfaid:part="3">')
    item = b"<</Type/Metadata/Length %d>>stream\n%s\nendstream" % (len(other), other)
    assert read(tmp_path / "b.pdf", with_objects(item))[0].pdf_a == "3b"
    assert read(tmp_path / "c.pdf", drawn(prose))[0].pdf_a == ""


def test_a_photograph_kept_whole_in_a_pdf_keeps_its_place(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (48.0, 41.0, 33.0), 3: "E", 4: (6.0, 10.0, 59.0)}
    for placed in (True, False):
        photograph = io.BytesIO()
        Image.new("RGB", (8, 8)).save(photograph, "JPEG", **({"exif": exif} if placed else {}))
        found = traces(tmp_path / "a.pdf", one_stream(photograph.getvalue(), b"/DCTDecode", b"/Subtype/Image"))
        assert found.positions == placed


def test_two_hundred_thousand_streams_are_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4\n" + b"<<>>stream\nendstream\n" * 300_000)
    started = time.monotonic()
    assert pdf_marks.marks_of(path).partly_read
    assert time.monotonic() - started < 6
