"""What a file is comes from its bytes, whatever its name and catalogue say."""

from __future__ import annotations

import io
import random
import sqlite3
import struct
import tarfile
import zipfile
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
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "eps"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "webp"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
        (b"\xfd7zXZ\x00\0\x04", "bz2"),
        (b"BZh91AY&SY\0\0", "bz2"),
        (b"MZ".ljust(60, b"\0") + b"\x40\0\0\0PE\0\0", "exe"),
        (b"\x7fELF\x02\x01\x01", "exe"),
        (b"AC1027\0\0\0", "dwg"),
        (b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n", "dxf"),
        (b"!table\n!version 300\n!charset WindowsLatin1\n", "mapinfo"),
        (b'Version   300\nCharset "WindowsLatin1"\nDelimiter ","\n', "mapinfo"),
        (b"\x00\x01\x00\x00Standard ACE DB\x00", "mdb"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "svg"),
        (b"<http://a.fr/x> <http://b.fr/y> <http://c.fr/z> .\n", "rdf"),
        (b"PREFIX dcat: <http://www.w3.org/ns/dcat#>\n", "rdf"),
        (bytes(1_000), "empty"),
        (b"version;prix\n300;12\n", "txt"),
        (b"BZhou;rue\n", "txt"),
        (b"MZ;nom\n1;a\n", "txt"),
        (b"a;b\n1;2\n", "txt"),
        ("école\n".encode("cp1252"), "txt"),
        ("a;b\n1;2\n".encode("utf-16-le"), "txt"),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07" * 20, "binary"),
    ],
)
def test_bytes_tell_the_format_whatever_the_name(tmp_path: Path, data: bytes, expected: str) -> None:
    assert envelope(tmp_path, "donnees.csv", data).detected == expected


@settings(max_examples=50)
@given(seed=st.integers(0, 10**6), size=st.integers(200, 3_000))
def test_random_bytes_called_csv_are_binary(tmp_path_factory: pytest.TempPathFactory, seed: int, size: int) -> None:
    data = b"\xfd" + random.Random(seed).randbytes(size)  # no mark of UTF-16
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


@pytest.mark.parametrize(
    ("data", "variety"),
    [
        (b'<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2">', "gml"),
        (b'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">', "gpx"),
        (b'<PublicationDelivery xmlns="http://www.netex.org.uk/netex">', "netex"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "spreadsheetml"),
        (b"Rar!\x1a\x07\x01\0", "rar"),
        (dbf(), "dbf"),
        (b"{\\rtf1\\ansi", "rtf"),
        (b'{"type": "Topology", "objects": {}}', "topojson"),
        (ole2("EncryptedPackage"), "locked"),
        (bytes(100_000), "nul"),
        (b'<budget xmlns="http://exemple.fr">', ""),
        (b"a;b\n1;2\n", ""),
    ],
)
def test_a_variety_is_told_where_the_format_is_not_enough(tmp_path: Path, data: bytes, variety: str) -> None:
    assert envelope(tmp_path, "donnees.xlsx", data).variety == variety


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><html><head><title>404 Not Found</title></head></html>",
        "<html><head><title>Mairie d'Exempleville - Page non trouvée</title></head></html>".encode(),
        b"<html><body><h1>Service Unavailable</h1></body></html>",
        b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>',
        b'<ServiceExceptionReport version="1.3.0"><ServiceException>x</ServiceException></ServiceExceptionReport>',
        b'{"error":{"code":400,"message":"Invalid URL"}}',
        b'{"error_code": "ODSQLError", "message": "x"}',
        b"404 Not Found\n",
        b"Internal Server Error",
        b'"Bad request - Action name not known"',
        "Accès refusé\n".encode(),
    ],
)
def test_the_answer_of_a_failing_server_is_told(tmp_path: Path, data: bytes) -> None:
    assert envelope(tmp_path, "arbres.csv", data).variety == "error"


@pytest.mark.parametrize(
    "data",
    [
        b"<html><head><title>Les arbres de la commune</title></head></html>",
        b"code;libelle\n404;Rue des Lilas\n",
        b"404\n405\n406\n",
        b"erreur 404;nombre\n12;3\n",
        b'{"error": null, "rows": [1]}',
        b'{"errors": [], "rows": [1]}',
        b"maintenance;date\nchaudiere;2024-01-01\n",
        b"<errors><error line='1'/></errors>",
        b'{"error": "x", "rows": [' + b"1," * 4_000 + b"1]}",
    ],
)
def test_data_that_speak_of_errors_are_data(tmp_path: Path, data: bytes) -> None:
    assert envelope(tmp_path, "arbres.csv", data).variety == ""


def a_zip(name: str = "a.csv", data: bytes = b"a;b", compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


@pytest.mark.parametrize(
    ("data", "detected", "also"),
    [
        (PDF + a_zip(), "pdf", ("zip",)),
        (b"GIF89a" + bytes(50) + a_zip(), "gif", ("zip",)),
        (b"\xff\xd8\xff\xe0" + bytes(50) + a_zip(), "jpeg", ("zip",)),
        (b"<html><body><!--\n" + PDF + b"--></body></html>", "pdf", ("html",)),
        (a_zip(name="x" * 100, data=PDF, compression=zipfile.ZIP_STORED)[:-22] + PDF, "zip", ()),
        (b"PK\x03\x04" + bytes(200) + PDF, "zip", ("pdf",)),
        (PDF, "pdf", ()),
        (a_zip(), "zip", ()),
        (a_zip("notice.pdf", PDF * 3, zipfile.ZIP_STORED), "zip", ()),
        (PDF[:-6] + b"PK\x05\x06" + bytes(18), "pdf", ()),
        (b"nom;debut\nPDF;%PDF-1.4\n", "txt", ()),
        (b"a;b\nPK;1\n", "txt", ()),
    ],
)
def test_bytes_that_open_as_two_formats_are_told(
    tmp_path: Path, data: bytes, detected: str, also: tuple[str, ...]
) -> None:
    found = envelope(tmp_path, "donnees", data)
    assert (found.detected, found.also) == (detected, also)


def test_a_tar_is_known_by_its_sum(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("a.csv"))
    assert envelope(tmp_path, "a.tar", stream.getvalue()).detected == "tar"
    broken = bytearray(stream.getvalue())
    broken[3] ^= 1
    assert envelope(tmp_path, "a.tar", bytes(broken)).detected != "tar"
