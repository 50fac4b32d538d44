"""Whatever its bytes, a file gives facts within a moment and a bounded memory: every format damaged, cut, and huge."""

from __future__ import annotations

import gzip
import io
import json
import random
import sqlite3
import struct
import subprocess
import sys
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from opendata_check.inspection import InspectionError, inspect
from opendata_check.inspection.office.compound_file import compound_file
from opendata_check.model.content import Content

ROUNDS = 20
MOMENT = 2.0


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def csv() -> bytes:
    return "code;libellé;montant\n".encode() + b"".join(b"%d;rue %d;12,50\n" % (n, n) for n in range(100))


def xlsx() -> bytes:
    stream, book = io.BytesIO(), openpyxl.Workbook()
    for row in range(30):
        book.active.append([row, "rue", 12.5])
    book.save(stream)
    return stream.getvalue()


def xls() -> bytes:
    stream, book = io.BytesIO(), xlwt.Workbook()
    sheet = book.add_sheet("a")
    for row in range(30):
        sheet.write(row, 0, row)
        sheet.write(row, 1, "rue")
    book.save(stream)
    return stream.getvalue()


def pdf() -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.setAuthor("Camille Exemple")
    for line in range(12):
        canvas.drawString(50, 700 - 15 * line, "Chapitre")
        canvas.drawRightString(300, 700 - 15 * line, "1 250,00")
        canvas.drawRightString(400, 700 - 15 * line, "2 500,00")
        canvas.line(50, 700 - 15 * line, 400, 700 - 15 * line)
    canvas.save()
    return stream.getvalue()


def image(kind: str) -> Callable[[], bytes]:
    def draw() -> bytes:
        stream = io.BytesIO()
        Image.new("RGB", (30, 20), (9, 9, 90)).save(stream, kind)
        return stream.getvalue()

    return draw


def geojson() -> bytes:
    point = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [6.1, 48.7]}, "properties": {"a": 1}}
    return json.dumps({"type": "FeatureCollection", "features": [point] * 20}).encode()


def gpkg() -> bytes:
    base = sqlite3.connect(":memory:")
    base.execute("create table arbres (a)")
    return base.serialize()


def tape() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        info = tarfile.TarInfo("a.csv")
        info.size = 4
        archive.addfile(info, io.BytesIO(b"a;b\n"))
    return stream.getvalue()


def docx() -> bytes:
    body = b"<w:document xmlns:w='w'><w:tbl><w:tr><w:tc><w:t>a</w:t></w:tc></w:tr></w:tbl><w:ins/></w:document>"
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": body, "docProps/core.xml": b"<a/>"})


def ods() -> bytes:
    content = (
        b"<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x'><office:body><office:spreadsheet>"
        b"<table:table table:name='a'><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        b"</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def dbf() -> bytes:
    header = struct.pack("<BBBBIHH20x", 3, 124, 5, 17, 2, 65, 11) + b"NOM".ljust(11, b"\0") + b"C" + bytes(4) + b"\x0a"
    return header.ljust(64, b"\0") + b"\r" + b" arbre     " * 2 + b"\x1a"


SOURCES: dict[str, Callable[[], bytes]] = {
    "arbres.csv": csv,
    "arbres-16.csv": lambda: csv().decode().encode("utf-16"),
    "a.xlsx": xlsx,
    "a.xls": xls,
    "a.ods": ods,
    "a.pdf": pdf,
    "a.docx": docx,
    "a.doc": lambda: compound_file("WordDocument", bytes(range(256)) * 20),
    "a.rtf": lambda: b"{\\rtf1{\\info{\\author Camille}}" + b"{\\v a}" * 50 + b"}",
    "a.png": image("PNG"),
    "a.jpg": image("JPEG"),
    "a.tif": image("TIFF"),
    "a.webp": image("WEBP"),
    "a.gif": image("GIF"),
    "a.heic": lambda: b"\0\0\0\x18ftypheic" + b"\0\0\0\x14ispe" + bytes(40) + b"Exif\0\0II*\0\x08\0\0\0\1\0" + bytes(90),
    "a.svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>a</script><rect onload="b"/></svg>',
    "a.json": lambda: json.dumps([{"a": 1, "b": "rue"}] * 20).encode(),
    "a.geojson": geojson,
    "a.xml": lambda: b"<?xml version='1.0'?><budget>" + b"<ligne a='1'>2</ligne>" * 30 + b"</budget>",
    "a.kml": lambda: b"<kml xmlns='http://www.opengis.net/kml/2.2'><Placemark><Point><coordinates>6,48</coordinates></Point></Placemark></kml>",
    "a.gml": lambda: b"<gml:FeatureCollection xmlns:gml='http://www.opengis.net/gml'><gml:pos>6 48</gml:pos></gml:FeatureCollection>",
    "a.zip": lambda: zipped({"a.csv": csv(), "b.zip": zipped({"c.csv": csv()})}),
    "carte.zip": lambda: zipped({"a.shp": b"\0\0\x27\x0a" + bytes(200), "a.dbf": dbf(), "a.shx": bytes(100)}),
    "a.csv.gz": lambda: gzip.compress(csv()),
    "a.tgz": tape,
    "a.gpkg": gpkg,
    "a.dbf": dbf,
    "a.shp": lambda: b"\0\0\x27\x0a" + bytes(200),
    "a.html": lambda: b"<!DOCTYPE html><html><head><title>404 Not Found</title></head></html>",
    "a.ttl": lambda: b"@prefix dcat: <http://www.w3.org/ns/dcat#> .\n<a> a dcat:Dataset .\n" * 10,
    "a.parquet": lambda: b"PAR1" + bytes(range(256)) + b"PAR1",
}  # fmt: skip


@pytest.mark.parametrize("name", SOURCES)
def test_every_format_damaged_or_cut_gives_facts_within_a_moment(tmp_path: Path, name: str) -> None:
    source = SOURCES[name]()
    path = tmp_path / name
    for seed in range(ROUNDS):
        chance = random.Random(f"{name} {seed}")
        data = bytearray(source[: chance.randrange(1, len(source))] if seed % 2 else source)
        for _ in range(chance.choice([0, 1, 4, 30])):
            data[chance.randrange(len(data))] = chance.choice([0, 255, 60, 34, chance.randrange(256)])
        path.write_bytes(bytes(data))
        started = time.process_time()
        try:
            inspect(Content(path, name, len(data), name))
        except InspectionError:
            continue
        assert time.process_time() - started < MOMENT, f"{name}, seed {seed}"


@pytest.mark.parametrize("name", ["a.csv", "a.pdf", "a.zip", "a.png", "a.docx", "a.xlsx", "a.svg", "a.json"])
@pytest.mark.parametrize("data", [b"", bytes(5_000), b"\xff" * 5_000, b"\r\n" * 5_000, b"PK\x05\x06" + bytes(18)])
def test_nothing_noise_and_blanks_give_facts(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    facts = inspect(Content(path, name, len(data), name))
    assert facts.byte_size == len(data)


BEGINNINGS = {
    "nuls.csv": b"",
    "a.pdf": b"%PDF-1.4\n",
    "a.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    "a.png": b"\x89PNG\r\n\x1a\n",
    "a.tif": b"II*\0\xf0\xff\xff\x7f",
    "a.heic": b"\0\0\0\x18ftypheic",
    "a.webp": b"RIFF\0\0\0\x7fWEBP",
    "a.docx": b"PK\x03\x04",
    "a.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + b"\x09\0\x06\0" + bytes(18) + bytes(500) + "WordDocument".encode("utf-16-le"),
    "a.rtf": b"{\\rtf1 ",
    "a.svg": b"<svg xmlns='http://www.w3.org/2000/svg'>",
    "a.tar": b"",
    "a.gz": b"\x1f\x8b\x08\0\0\0\0\0\0\x03",
    "a.gpkg": b"SQLite format 3\0",
    "a.7z": b"7z\xbc\xaf\x27\x1c",
}  # fmt: skip

WHOLE = frozenset({"a.pdf", "a.svg", "a.tar"})
"""Those tried at two gigabytes; 600 megabytes held in memory would show as well."""


@pytest.mark.parametrize("name", BEGINNINGS)
def test_two_gigabytes_stay_within_memory_and_600_megabytes_of_the_others(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        if name == "a.tar":
            with tarfile.open(fileobj=file, mode="w") as archive:
                info = tarfile.TarInfo("grand.csv")
                archive.addfile(info)
        file.write(BEGINNINGS[name])
        file.truncate(2_000_000_000 if name in WHOLE else 600_000_000)
    program = (
        "import re, sys, time; from pathlib import Path; from opendata_check.inspection import inspect;"
        "from opendata_check.model.content import Content; path = Path(sys.argv[1]);"
        "facts = inspect(Content(path, path.name, path.stat().st_size, path.name));"
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 400_000


def test_a_zip_of_thousands_of_files_and_of_itself_is_listed_in_a_moment(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{number}.csv": b"" for number in range(15_000)}))
    started = time.monotonic()
    facts = inspect(Content(path, path.name, 0, path.name))
    assert facts.archive is not None and facts.archive.member_count == 15_000
    deep = csv()
    for _ in range(200):
        deep = zipped({"a.zip": deep})
    path.write_bytes(deep)
    facts = inspect(Content(path, path.name, 0, path.name))
    assert facts.archive is not None and facts.archive.nested_count == 1
    assert time.monotonic() - started < 3


def test_a_zip_whose_list_lies_is_told(tmp_path: Path) -> None:
    raw = bytearray(zipped({"a.csv": csv()}))
    at = raw.rfind(b"PK\x05\x06")
    struct.pack_into("<H", raw, at + 10, 60_000)
    path = tmp_path / "a.zip"
    path.write_bytes(raw)
    facts = inspect(Content(path, path.name, 0, path.name))
    assert facts.archive is not None
    assert "trop de fichiers" in facts.archive.dangers[0]


def test_a_huge_text_hidden_in_an_image_is_not_unpacked(tmp_path: Path) -> None:
    bomb = zlib.compress(bytes(100_000_000), 9)
    chunk = struct.pack(">I", len(bomb) + 6) + b"zTXtnom\0\0\0" + bomb
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 60, 40) + bytes(9) + chunk)
    started = time.process_time()
    facts = inspect(Content(path, path.name, 0, path.name))
    assert facts.image is not None and facts.image.width == 60
    assert time.process_time() - started < 1
