"""Draws small PDFs for the tests of documents: prose, budgets, scans, and one written by hand."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from reportlab.lib import pdfencrypt
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from opendata_check.inspection.pdf import document
from opendata_check.model.content import Content
from opendata_check.model.facts import DocumentFacts, PersonalDataHint

WIDTH, HEIGHT = 595, 842
STAMP = "Envoye en prefecture le 04/07/2024 - Recu en prefecture le 04/07/2024 - ID : 999-219999999-20240704-D12-DE"


def read(path: Path, data: bytes) -> tuple[DocumentFacts, tuple[PersonalDataHint, ...]]:
    path.write_bytes(data)
    return document.read_pdf(Content(path, path.name, len(data), path.name))[:2]


def drawn(*pages: Callable[[Canvas], None], password: str | None = None) -> bytes:
    stream = io.BytesIO()
    lock = pdfencrypt.StandardEncryption(password, ownerPassword="mairie") if password is not None else None
    canvas = Canvas(stream, pagesize=(WIDTH, HEIGHT), encrypt=lock)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def prose(canvas: Canvas) -> None:
    for line in range(40):
        canvas.drawString(
            50, 800 - 15 * line, f"Article {line} : le conseil du 12/03/2024 vote {line * 3} euros, 2 voix contre."
        )


def phone_book(canvas: Canvas) -> None:
    for line in range(40):
        canvas.drawString(50, 800 - 15 * line, f"Association numero {line}")
        canvas.drawString(300, 800 - 15 * line, f"03 83 00 00 {line:02d}")
        canvas.drawString(450, 800 - 15 * line, "12/03/2024")


def budget(canvas: Canvas) -> None:
    for line in range(20):
        canvas.drawString(50, 800 - 15 * line, f"Chapitre {line}")
        for column, right in enumerate((350, 450, 550)):
            canvas.drawRightString(right, 800 - 15 * line, f"{line * 7 + column} {line * 37 % 900 + 100},50")


def image(canvas: Canvas, *, width: float, height: float) -> None:
    canvas.drawImage(ImageReader(Image.new("RGB", (60, 80), (200, 190, 180))), 0, 0, width, height)


def scan(canvas: Canvas) -> None:
    image(canvas, width=WIDTH, height=HEIGHT)


def stamped_scan(canvas: Canvas) -> None:
    scan(canvas)
    canvas.drawString(20, 820, STAMP)


def logo(canvas: Canvas) -> None:
    image(canvas, width=100, height=80)


def blank(_canvas: Canvas) -> None:
    return


def one_stream(stream: bytes, filters: bytes, more: bytes = b"") -> bytes:
    """Return a PDF of one page whose content is this stream, written by hand."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        b"<</Length %d%s/Filter%s>>stream\n%s\nendstream" % (len(stream), more, filters, stream),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )
