"""Images and drawings: their size and what they keep, read in their header, whatever their bytes try."""

from __future__ import annotations

import io
import random
import struct
import time
from pathlib import Path

import pytest
from PIL import Image

from opendata_check.inspection import inspect
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts, ImageFacts, TraceFacts

GPS, ARTIST = 0x8825, 0x013B
LATITUDE = (48.0, 41.0, 33.0)


def inspected(path: Path, data: bytes) -> ContentFacts:
    path.write_bytes(data)
    return inspect(Content(path, path.name, len(data), path.name))


def picture(kind: str, *, placed: bool = False, artist: str = "", size: tuple[int, int] = (60, 40)) -> bytes:
    image = Image.new("RGB", size, (90, 120, 60))
    exif = Image.Exif()
    if artist:
        exif[ARTIST] = artist
    if placed:
        exif[GPS] = {1: "N", 2: LATITUDE, 3: "E", 4: (6.0, 10.0, 59.0)}
    if kind == "TIFF" and placed:  # Pillow writes no GPS block in a TIFF: this is its header, pixels left out
        exif[256], exif[257] = size
        return exif.tobytes().removeprefix(b"Exif\0\0")
    stream = io.BytesIO()
    image.save(stream, kind, **({"exif": exif} if artist or placed else {}))
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_the_place_of_a_photograph_is_seen_and_not_kept(tmp_path: Path, kind: str) -> None:
    facts = inspected(tmp_path / "photo", picture(kind, placed=True))
    assert facts.image == ImageFacts(60, 40)
    assert facts.traces == TraceFacts(positions=1)
    assert "48" not in repr(facts.traces)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF"])
def test_an_image_without_a_place_has_no_trace(tmp_path: Path, kind: str) -> None:
    facts = inspected(tmp_path / "photo", picture(kind))
    assert (facts.image, facts.traces, facts.fault) == (ImageFacts(60, 40), TraceFacts(), "")


def test_an_empty_gps_block_is_no_place(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[GPS] = {0: b"\2\3\0\0"}
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "JPEG", exif=exif)
    assert inspected(tmp_path / "a.jpg", stream.getvalue()).traces == TraceFacts()


def test_the_photographer_is_a_person_or_a_service(tmp_path: Path) -> None:
    assert inspected(tmp_path / "a.jpg", picture("JPEG", artist="Camille Exemple")).traces == TraceFacts(author=True)
    assert inspected(tmp_path / "b.jpg", picture("JPEG", artist="Ville d'Exempleville")).traces == TraceFacts()


def test_a_place_written_in_xmp_is_seen(tmp_path: Path) -> None:
    plain = picture("JPEG")
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude='48,41.5N'/>"
    marked = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(xmp) + 2) + xmp + plain[2:]
    assert inspected(tmp_path / "a.jpg", marked).traces == TraceFacts(positions=1)


def test_a_place_in_a_heic_is_seen(tmp_path: Path) -> None:
    exif = picture("TIFF", placed=True)
    ispe = struct.pack(">I4sIII", 20, b"ispe", 0, 4032, 3024)
    data = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + ispe + b"mdat" + struct.pack(">I", 6) + b"Exif\0\0" + exif
    facts = inspected(tmp_path / "a.heic", data)
    assert (facts.envelope.detected, facts.image, facts.traces) == (
        "heic",
        ImageFacts(4032, 3024),
        TraceFacts(positions=1),
    )


def geotiff(*, far: bool = False) -> bytes:
    entries = [(256, 4, 1, 500), (257, 4, 1, 300), (33550, 12, 3, 8), (34735, 3, 4, 8)]
    start = 5_000_000 if far else 8
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries) + bytes(4)
    return (b"II*\0" + struct.pack("<I", start)).ljust(start, b"\0") + directory


@pytest.mark.parametrize("far", [False, True])
def test_a_geotiff_is_told_from_a_photograph(tmp_path: Path, far: bool) -> None:
    facts = inspected(tmp_path / "ortho.tif", geotiff(far=far))
    assert facts.image == ImageFacts(500, 300, georeferenced=True)
    assert facts.envelope.variety == "geotiff"


def test_an_image_called_csv_is_an_image(tmp_path: Path) -> None:
    facts = inspected(tmp_path / "arbres.csv", picture("PNG"))
    assert (facts.envelope.detected, facts.envelope.extension_format, facts.table) == ("png", "csv", None)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF"])
def test_damaged_or_cut_images_give_facts(tmp_path: Path, kind: str) -> None:
    source = picture(kind, placed=kind != "GIF", artist="" if kind == "GIF" else "Camille Exemple")
    for seed in range(200):
        chance = random.Random(seed)
        data = bytearray(source[: chance.randrange(4, len(source))] if seed % 2 else source)
        for _ in range(chance.choice([1, 5, 30])):
            data[chance.randrange(4, len(data) + 1) - 1] = chance.randrange(256)
        inspected(tmp_path / "a", bytes(data))


def test_a_tag_that_points_to_itself_or_claims_billions_does_not_last(tmp_path: Path) -> None:
    loop = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 65_535) + struct.pack("<HHII", GPS, 4, 1, 8) * 600
    huge = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + struct.pack("<HHII", ARTIST, 2, 0xFFFFFFFF, 0)
    chunks = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", 0, b"tEXt") * 100_000
    started = time.monotonic()
    for data in (loop, huge, chunks, b"\xff\xd8" + b"\xff" * 3_000_000, b"\xff\xd8" + b"\xff\xe1\0\2" * 500_000):
        inspected(tmp_path / "a", data)
    assert time.monotonic() - started < 3


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="60px" height="40">%s</svg>'


@pytest.mark.parametrize(
    ("inside", "traces"),
    [
        ('<path d="M0 0"/><style>rect { fill: url(#a) }</style>', TraceFacts()),
        ('<image href="data:image/png;base64,AAAA"/><use href="#a"/>', TraceFacts()),
        ('<a href="https://exemple.fr"><text>Mairie</text></a>', TraceFacts()),
        ("<script>alert(1)</script>", TraceFacts(scripts=1)),
        ('<rect onload="alert(1)" onclick="x"/>', TraceFacts(scripts=2)),
        ('<a xlink:href=" javascript:alert(1)"><text>x</text></a>', TraceFacts(scripts=1)),
        ('<image xlink:href="https://pisteur.exemple/a.png"/>', TraceFacts(external_links=1)),
        ("<style>@import '//exemple.fr/a.css'; a { fill: url(http://b.fr/x) }</style>", TraceFacts(external_links=2)),
        (
            '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">x</body></foreignObject>',
            TraceFacts(embedded_files=1),
        ),
        ('<g xmlns:i="x" i:export-filename="/home/agent/plan.png"/>', TraceFacts(last_author=True)),
    ],
)
def test_what_a_drawing_would_run_or_fetch_is_counted(tmp_path: Path, inside: str, traces: TraceFacts) -> None:
    facts = inspected(tmp_path / "plan.svg", (SVG % inside).encode())
    assert (facts.envelope.detected, facts.image, facts.traces) == ("svg", ImageFacts(60, 40), traces)


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><svg>&b;</svg>',
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg><text>&x;</text></svg>',
        b"<svg>" + b"<g>" * 200_000,
        b"<svg><g",
        b"<svg><text>" + b"x" * 20_000_000,
        b"<svg a='" + b"x" * 20_000_000,
        b'<?xml version="1.0" encoding="x-inconnu"?><svg/>',
    ],
)
def test_a_hostile_drawing_is_not_read_to_the_end_and_says_so(tmp_path: Path, data: bytes) -> None:
    started = time.monotonic()
    facts = inspected(tmp_path / "plan.svg", data)
    assert time.monotonic() - started < 3
    assert facts.structure is not None and not facts.structure.well_formed
    assert facts.traces is not None and facts.traces.partly_read


def test_spaces_made_to_be_slow_to_read_are_read_at_once(tmp_path: Path) -> None:
    blank = " " * 400_000
    drawing = f"<svg width='1{blank}x' viewBox='0 0 1{blank}x 2'><style>url({blank}x @import{blank}x</style></svg>"
    started = time.process_time()
    inspected(tmp_path / "a.svg", drawing.encode())
    assert time.process_time() - started < 1
