"""What a file is comes from its bytes, whatever its name and catalogue say."""

from __future__ import annotations

import random
import sqlite3
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata_check.inspection.envelope import envelope_of
from opendata_check.model.content import Content
from opendata_check.model.facts import EnvelopeFacts


def envelope(tmp_path: Path, name: str, data: bytes, declared: str = "") -> EnvelopeFacts:
    path = tmp_path / "copy"
    path.write_bytes(data)
    return envelope_of(Content(path, name, len(data), name), declared)


def ole2(stream: str) -> bytes:
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[30:32] = struct.pack("<H", 9)
    header[48:52] = struct.pack("<I", 0)
    entries = b""
    for name in ("Root Entry", stream):
        raw = name.encode("utf-16-le")
        entries += raw.ljust(64, b"\0") + struct.pack("<H", len(raw) + 2) + bytes(62)
    return bytes(header) + entries.ljust(512, b"\0")


def dbf() -> bytes:
    header_size = 32 + 32 + 1
    return struct.pack("<BBBBIHH20x", 3, 124, 5, 17, 0, header_size, 11) + b"NOM".ljust(32, b"\0") + b"\r" + b"\x1a"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (b"\n\n%PDF-1.4\n", "pdf"),
        (b"PK\x03\x04rest", "zip"),
        (b"\x89PNG\r\n\x1a\n\0\0", "png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "jpeg"),
        (b"GIF89a....", "gif"),
        (b"II*\x00\x08\0\0\0", "tiff"),
        (b"\x1f\x8b\x08\0", "gz"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "7z"),
        (b"Rar!\x1a\x07\x01\0", "7z"),
        (b"PAR1\x15\x04", "parquet"),
        (b"SQLite format 3\x00".ljust(100, b"\0"), "sqlite"),
        (b"SQLite format 3\x00".ljust(68, b"\0") + b"GPKG".ljust(32, b"\0"), "gpkg"),
        (ole2("Workbook"), "xls"),
        (ole2("Book"), "xls"),
        (ole2("WordDocument"), "doc"),
        (b"{\\rtf1\\ansi", "doc"),
        (b"\x00\x00\x27\x0a".ljust(100, b"\0"), "shp"),
        (dbf(), "shp"),
        (b"<!DOCTYPE html><html>", "html"),
        (b"\xef\xbb\xbf \n<!-- servi par x -->\n<HTML lang=fr>", "html"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html>', "html"),
        ("<html><body>Erreur</body>".encode("utf-16"), "html"),
        (b"<table><tr><td>a</td></tr></table>", "html"),
        (b'<?xml version="1.0"?>\n<docs:root xmlns:docs="x"/>', "xml"),
        (b"<!-- a --><budget>", "xml"),
        (b'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2">', "kml"),
        (b'<rdf:RDF xmlns:rdf="x">', "rdf"),
        (b'{"type": "FeatureCollection"}', "json"),
        (b" \n[ {}, {} ]", "json"),
        (b'{"@context": "https://schema.org"}', "jsonld"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0", "ics"),
        (b"@prefix dcat: <http://www.w3.org/ns/dcat#> .", "rdf"),
        (b'PROJCS["RGF93_Lambert_93",GEOGCS[', "shp"),
        (b"a;b\n1;2\n", "txt"),
        ("école\n".encode("cp1252"), "txt"),
        ("a;b\n1;2\n".encode("utf-16-le"), "txt"),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07" * 20, "binary"),
    ],
)
def test_bytes_tell_the_format_whatever_the_name(tmp_path: Path, data: bytes, expected: str) -> None:
    assert envelope(tmp_path, "donnees.csv", data).detected == expected


@settings(max_examples=50)
@given(seed=st.integers(0, 10**6), size=st.integers(200, 3000))
def test_random_bytes_called_csv_are_binary(tmp_path_factory: pytest.TempPathFactory, seed: int, size: int) -> None:
    data = b"\xfe" + random.Random(seed).randbytes(size)
    assert envelope(tmp_path_factory.mktemp("b"), "a.csv", data).detected == "binary"


def test_a_real_sqlite_database_is_recognised(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "base.csv") as base:
        base.execute("create table t (a)")
    base.close()
    assert envelope(tmp_path, "base.csv", (tmp_path / "base.csv").read_bytes()).detected == "sqlite"


def test_a_locked_office_file_is_what_its_name_says_or_unknown(tmp_path: Path) -> None:
    assert envelope(tmp_path, "a.xlsx", ole2("EncryptedPackage")).detected == "xlsx"
    assert envelope(tmp_path, "a.csv", ole2("EncryptedPackage")).detected == "binary"


def test_an_ole2_header_pointing_nowhere_does_not_fail(tmp_path: Path) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600
    assert envelope(tmp_path, "a.xls", data).detected == "xls"


def test_brackets_start_json_only_where_the_name_announces_it(tmp_path: Path) -> None:
    assert envelope(tmp_path, "a.txt", b"[1] premier point").detected == "txt"
    assert envelope(tmp_path, "a.json", b"[1, 2]").detected == "json"


def test_nul_padding_leaves_a_text_a_text(tmp_path: Path) -> None:
    assert envelope(tmp_path, "a.csv", b"nom;ville\nmairie\x00;Paris\x00\n" * 50).detected == "txt"


@pytest.mark.parametrize(
    ("name", "extension", "announced"),
    [
        ("a.CSV", "csv", "csv"),
        ("dossier.v2/sans", "", ""),
        ("carte.geojson", "geojson", "geojson"),
        ("x.geo.json", "json", "json"),
        ("export.php?id=1", "", ""),
        ("a.xyz", "xyz", ""),
    ],
)
def test_the_name_announces_a_format(tmp_path: Path, name: str, extension: str, announced: str) -> None:
    facts = envelope(tmp_path, name, b"a")
    assert (facts.extension, facts.extension_format) == (extension, announced)


def test_the_catalogue_announces_a_format_in_its_own_words(tmp_path: Path) -> None:
    assert envelope(tmp_path, "a", b"a", "text/csv; charset=utf-8").declared_format == "csv"
    assert envelope(tmp_path, "a", b"a", "Tableau").declared_format == ""
