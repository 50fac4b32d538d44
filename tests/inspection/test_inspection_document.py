"""PDFs: text or scan, social security numbers, and what they try to do to the reader."""

from __future__ import annotations

import base64
import random
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from pdf_drawing import (
    HEIGHT,
    WIDTH,
    blank,
    budget,
    drawn,
    logo,
    one_stream,
    phone_book,
    prose,
    read,
    scan,
    stamped_scan,
)
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.pdf import document
from opendata_check.model.content import Content
from opendata_check.model.facts import DocumentFacts, PersonalDataHint

# What a PDF is


def test_a_text_is_counted_without_white_space(tmp_path: Path) -> None:
    facts, hints = read(
        tmp_path / "a.pdf", drawn(lambda canvas: canvas.drawString(50, 700, "Compte rendu du conseil municipal"))
    )
    assert facts == DocumentFacts(1, 1, text_characters=29, pages_without_text=0, image_pages=0, tagged=False)
    assert hints == ()


def test_scans_even_stamped_have_no_text_and_a_logo_is_no_scan(tmp_path: Path) -> None:
    facts, _ = read(tmp_path / "a.pdf", drawn(scan, stamped_scan, prose, logo, blank))
    assert (facts.page_count, facts.image_pages, facts.pages_without_text) == (5, 2, 4)


def test_a_scan_with_recognised_text_has_text(tmp_path: Path) -> None:
    def recognised(canvas: Canvas) -> None:
        scan(canvas)
        prose(canvas)

    facts, _ = read(tmp_path / "a.pdf", drawn(recognised))
    assert (facts.image_pages, facts.pages_without_text) == (0, 0)


def test_a_scan_cut_in_strips_is_a_scan(tmp_path: Path) -> None:
    def strips(canvas: Canvas) -> None:
        picture = ImageReader(Image.new("RGB", (60, 8), (200, 190, 180)))
        for strip in range(10):
            canvas.drawImage(picture, 0, strip * HEIGHT / 10, WIDTH, HEIGHT / 10)

    assert read(tmp_path / "a.pdf", drawn(strips))[0].image_pages == 1


@pytest.mark.parametrize(
    ("page", "tabular"), [(budget, True), (prose, False), (phone_book, False), (scan, False), (blank, False)]
)
def test_rows_of_aligned_figures_make_a_table(tmp_path: Path, page: Callable[[Canvas], None], tabular: bool) -> None:
    assert read(tmp_path / "a.pdf", drawn(page))[0].looks_tabular is tabular


def test_four_rows_of_figures_are_no_table(tmp_path: Path) -> None:
    def totals(canvas: Canvas) -> None:
        prose(canvas)
        for line in range(4):
            canvas.drawRightString(350, 180 - 15 * line, f"1 2{line}0,00")
            canvas.drawRightString(450, 180 - 15 * line, f"3 4{line}0,00")

    assert not read(tmp_path / "a.pdf", drawn(totals))[0].looks_tabular


def test_two_figures_drawn_as_one_text_are_parted_by_their_gap(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        for line in range(10):
            canvas.drawString(300, 800 - 15 * line, f"1 {line}00      12 {line}50")

    assert read(tmp_path / "a.pdf", drawn(page))[0].looks_tabular


def test_fifty_pages_are_read_and_no_more(tmp_path: Path) -> None:
    facts, _ = read(tmp_path / "a.pdf", drawn(*[logo] * 60))
    assert (facts.page_count, facts.pages_read) == (60, 50)


def test_a_social_security_number_is_hinted_and_never_shown(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        body = 1_85_05_78_006_084
        canvas.drawString(50, 700, f"Agent : 1 85 05 78 006 084 {97 - body % 97:02d}")
        canvas.drawString(50, 650, f"Facture : 1 85 05 78 006 084 {(97 - body % 97) % 97 + 1:02d}")

    hints = read(tmp_path / "a.pdf", drawn(page))[1]
    assert hints == (PersonalDataHint(kind="nir", column="", count=1),)


def test_a_pdf_that_asks_for_a_password_says_so(tmp_path: Path) -> None:
    assert read(tmp_path / "a.pdf", drawn(prose, password="secret"))[0] == DocumentFacts(0, 0, 0, 0, 0, encrypted=True)


def test_a_pdf_locked_for_changes_only_is_read(tmp_path: Path) -> None:
    facts, _ = read(tmp_path / "a.pdf", drawn(prose, password=""))
    assert (facts.encrypted, facts.pages_without_text) == (False, 0)


# What a PDF tries


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5])
def test_a_truncated_pdf_gives_a_french_fault(tmp_path: Path, kept: float) -> None:
    data = drawn(prose)
    with pytest.raises(InspectionError, match="abîmé"):
        read(tmp_path / "a.pdf", data[: int(len(data) * kept)])


def test_a_missing_file_gives_a_french_fault(tmp_path: Path) -> None:
    with pytest.raises(InspectionError, match="ne peut pas être lu"):
        document.read_pdf(Content(tmp_path / "absent.pdf", "absent.pdf", 0, "absent.pdf"))


def test_a_pdf_too_large_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "a.pdf").open("wb") as file:
        file.truncate(document.MAX_FILE + 1)
    with pytest.raises(InspectionError, match="Mo"):
        document.read_pdf(Content(tmp_path / "a.pdf", "a.pdf", 0, "a.pdf"))


BOMB = zlib.compress(b" " * 150_000_000, 9)


@pytest.mark.parametrize(
    ("stream", "filters", "more"),
    [
        (BOMB, b"/FlateDecode", b""),
        (BOMB, b" [ /FlateDecode ]", b""),
        (BOMB, b"/#46lateDecode", b""),
        (zlib.compress(BOMB, 9), b"[/FlateDecode/FlateDecode]", b""),
        (zlib.compress(BOMB, 9), b"[/Fl/Fl]", b"/Subtype/Image"),
        (base64.a85encode(BOMB) + b"~>", b"[/ASCII85Decode/FlateDecode]", b""),
    ],
    ids=["plain", "array", "escaped name", "twice", "twice in an image", "in ASCII"],
)
def test_a_stream_that_would_swell_is_refused(tmp_path: Path, stream: bytes, filters: bytes, more: bytes) -> None:
    with pytest.raises(InspectionError, match="démesurée"):
        read(tmp_path / "a.pdf", one_stream(stream, filters, more))


def test_an_ordinary_stream_and_a_white_scan_are_let_through(tmp_path: Path) -> None:
    assert read(tmp_path / "a.pdf", one_stream(zlib.compress(b"BT ET" * 1000), b"/FlateDecode"))[0].page_count == 1
    white = zlib.compress(b"\xff" * 100_000_000)
    assert read(tmp_path / "b.pdf", one_stream(white, b"/FlateDecode", b"/Subtype/Image"))[0].page_count == 1


def test_damaged_bytes_give_facts_or_a_fault_and_nothing_else(tmp_path: Path) -> None:
    source = drawn(budget, stamped_scan, prose)
    for seed in range(300):
        chance = random.Random(seed)
        data = bytearray(source)
        for _ in range(chance.choice([1, 5, 30])):
            data[chance.randrange(len(data))] = chance.choice([0, 255, 60, 91, chance.randrange(256)])
        try:
            read(tmp_path / "a.pdf", bytes(data))
        except InspectionError:
            continue


@pytest.mark.shared
def test_a_real_pdf_is_read(shared: Path) -> None:
    paths = sorted(shared.rglob("*.pdf"))
    assert paths
    for path in paths:
        facts = document.read_pdf(Content(path, path.name, 0, path.name))[0]
        assert facts.page_count and facts.text_characters
