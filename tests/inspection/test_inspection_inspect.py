"""A Content is inspected by what its bytes are: each kind by its reader, faults told, nothing raised on real files."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendata_check.inspection import InspectionError, inspect
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts


def inspected(path: Path, name: str = "", declared: str = "") -> ContentFacts:
    content = Content(path, name or path.name, path.stat().st_size, name or path.name)
    return inspect(content, declared_format=declared)


def written(tmp_path: Path, name: str, data: bytes | str) -> ContentFacts:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return inspected(path)


def test_a_csv_is_a_text_and_a_table(tmp_path: Path) -> None:
    data = "nom;siret;né(e) le\nécole;21920002600016;01/02/1990\n".encode("cp1252")
    facts = written(tmp_path, "a.csv", data)
    assert facts.envelope.detected == "csv"
    assert facts.text is not None
    assert (facts.text.encoding, facts.text.first_non_ascii_line) == ("cp1252", 1)
    assert facts.table is not None
    assert facts.table.labels == ("nom", "siret", "né(e) le")
    assert [hint.kind for hint in facts.personal] == ["birth_date"]
    assert (facts.sha256, facts.byte_size) == (hashlib.sha256(data).hexdigest(), len(data))


def test_a_utf16_table_is_read_in_its_encoding(tmp_path: Path) -> None:
    facts = written(tmp_path, "a.csv", "id\tville\n1\tÉvry\n2\tNîmes\n".encode("utf-16"))
    assert facts.table is not None
    assert facts.table.dialect is not None
    assert (facts.table.dialect.delimiter, facts.table.labels) == ("\t", ("id", "ville"))


@pytest.mark.parametrize(
    ("name", "data", "detected"),
    [
        ("vide.csv", b"", "empty"),
        ("image.csv", b"\x89PNG\r\n\x1a\n" + bytes(50), "png"),
        ("bruit.csv", random.Random(1).randbytes(5_000), "binary"),
        ("erreur.csv", b"<!DOCTYPE html><html><body>404</body></html>", "html"),
        ("sans-extension", b"a;b;c\n1;2;3\n4;5;6\n", "csv"),
        ("tableau.xls", b"a\tb\n1\t2\n3\t4\n", "csv"),
        ("LISEZMOI.txt", "Les écoles, les crèches.\nMise à jour en mai.\n".encode(), "txt"),
        ("tableau.txt", b"a;b;c\n1;2;3\n4;5;6\n", "csv"),
        ("liste.csv", b"Une phrase seule", "csv"),
    ],
)
def test_a_misnamed_file_is_what_it_is(tmp_path: Path, name: str, data: bytes, detected: str) -> None:
    facts = written(tmp_path, name, data)
    assert facts.envelope.detected == detected
    assert (facts.table is not None) == (detected == "csv")
    assert facts.fault == ""


def test_the_declared_format_is_kept_beside_the_detected_one(tmp_path: Path) -> None:
    path = tmp_path / "donnees"
    path.write_bytes(b"a;b\n1;2\n3;4\n")
    envelope = inspected(path, "donnees.json", "Excel").envelope
    assert (envelope.detected, envelope.extension_format, envelope.declared_format) == ("csv", "json", "xls")


def test_geojson_is_told_from_json(tmp_path: Path) -> None:
    feature = {"type": "Feature", "properties": {"nom": "A"}, "geometry": {"type": "Point", "coordinates": [2.3, 48.8]}}
    facts = written(tmp_path, "a.json", json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert (facts.envelope.detected, facts.envelope.extension_format) == ("geojson", "json")
    assert facts.spatial is not None
    assert written(tmp_path, "b.json", '{"nom": "A"}').envelope.detected == "json"


def test_xml_is_checked_for_its_form(tmp_path: Path) -> None:
    facts = written(tmp_path, "a.xml", "<budget><ligne></budget>")
    assert facts.structure is not None
    assert not facts.structure.well_formed
    assert facts.fault == ""


def test_an_archive_is_listed_and_named_by_its_content(tmp_path: Path) -> None:
    for name, members, detected in [
        ("a.zip", ["a.csv"], "zip"),
        ("carte.zip", ["z.shp", "z.shx", "z.dbf"], "shapefile-zip"),
        ("bus.zip", ["agency.txt", "routes.txt", "trips.txt", "stop_times.txt", "stops.txt"], "gtfs"),
    ]:
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for member in members:
                archive.writestr(member, "x")
        facts = inspected(tmp_path / name)
        assert (facts.envelope.detected, facts.archive is not None) == (detected, True)


def test_a_cut_archive_leaves_its_fault_in_french(tmp_path: Path) -> None:
    facts = written(tmp_path, "a.zip", b"PK\x03\x04" + bytes(200))
    assert (facts.envelope.detected, facts.archive) == ("zip", None)
    assert "archive" in facts.fault


@pytest.mark.parametrize("name", ["a.pdf", "a.xls", "a.xlsx", "a.ods"])
def test_a_damaged_document_leaves_its_fault_or_its_facts(tmp_path: Path, name: str) -> None:
    heads = {"a.pdf": b"%PDF-1.7\n", "a.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)}
    path = tmp_path / name
    if name in heads:
        path.write_bytes(heads[name] + b"rien")
    else:
        member = "xl/workbook.xml" if name.endswith("xlsx") else "content.xml"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("[Content_Types].xml", "<x")
            archive.writestr(member, "<coupé")
    assert inspected(path).fault


def test_a_missing_file_is_an_error_in_french(tmp_path: Path) -> None:
    with pytest.raises(InspectionError, match="ne peut pas être lu"):
        inspect(Content(tmp_path / "absent.csv", "absent.csv", 0, "data/absent.csv"))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(
        [b"", b"{", b"[", b"<a>", b"%PDF-", b"PK\x03\x04", b"a;b\n", b"\xff\xfe", b"\xef\xbb\xbf", b'"']
    ),
    rest=st.binary(max_size=400),
    name=st.sampled_from(["a.csv", "a.json", "a.xml", "a.txt", "a", "a.zip"]),
)
def test_any_bytes_are_inspected_twice_alike(tmp_path: Path, start: bytes, rest: bytes, name: str) -> None:
    assert written(tmp_path, name, start + rest) == written(tmp_path, name, start + rest)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="la mémoire se lit dans /proc (Linux)")
def test_a_large_csv_takes_bounded_memory(tmp_path: Path) -> None:
    source = random.Random(5)
    path = tmp_path / "grand.csv"
    with path.open("w", encoding="cp1252", newline="") as file:
        file.write("id;siret;date;montant;objet;adresse\r\n")
        for block in range(600):
            file.writelines(
                f"{block * 1000 + n};{source.randrange(10**14):014d};2024-01-{n % 28 + 1:02d};{n},{block % 100:02d};"
                f"Objet de la délibération numéro {n} « été »;{source.randrange(5000)} rue de la République, bâtiment B\r\n"
                for n in range(1000)
            )
    assert path.stat().st_size > 60_000_000
    program = (
        "import re, sys; from pathlib import Path; from opendata_check.inspection import inspect;"
        "from opendata_check.model.content import Content; path = Path(sys.argv[1]);"
        "facts = inspect(Content(path, path.name, path.stat().st_size, path.name));"
        # Not ru_maxrss, which a child inherits from the pytest process that started it.
        "peak = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1];"
        "print(facts.table.row_count, facts.text.encoding, peak)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    rows, encoding, kilobytes = done.stdout.split()
    assert (int(rows), encoding) == (600_000, "cp1252")
    assert int(kilobytes) < 180_000


@pytest.mark.shared
def test_every_real_file_is_inspected(shared: Path) -> None:
    paths = sorted(path for path in (shared / "samples" / "real").rglob("*") if path.is_file())
    assert len(paths) > 140
    for path in paths:
        facts = inspected(path)
        assert facts.envelope.detected not in ("binary", "empty"), path
        assert facts.sha256
        if path.suffix == ".csv":
            assert facts.table is not None, path
            assert facts.table.unclosed_quote_row is None, path
            assert facts.fault == "", path


@pytest.mark.shared
def test_no_real_table_of_open_data_raises_a_false_alarm(shared: Path) -> None:
    found = {
        (path.name, hint.kind)
        for path in sorted((shared / "samples" / "real").rglob("*.csv"))
        for hint in inspected(path).personal
        if not hint.public_family and hint.kind in ("nir", "birth_date", "iban", "phone", "person_name")
    }
    assert found == set()


@pytest.mark.shared
def test_known_defects_are_found(shared: Path) -> None:
    folder = shared / "samples" / "mutations"
    facts = {path.stem[:2]: inspected(path) for path in sorted(folder.glob("*.csv"))}
    assert facts["34"].envelope.detected == "empty"
    texts = {key: value.text for key, value in facts.items() if value.text is not None}
    tables = {key: value.table for key, value in facts.items() if value.table is not None}
    assert {key for key, text in texts.items() if text.encoding not in ("utf-8", "utf-8-sig")} == {"02", "04"}
    assert (texts["02"].encoding, texts["04"].encoding) == ("cp1252", "utf-16")
    assert {key for key, text in texts.items() if text.line_ending != "lf"} == {"06"}
    assert {key for key, text in texts.items() if text.nul_count} == {"38"}
    assert {key for key, table in tables.items() if table.dialect and table.dialect.delimiter != ","} == {"02"}
    assert {key: table.title_rows for key, table in tables.items() if table.title_rows} == {"36": ((1, 2),)}
    assert {key: table.blank_rows for key, table in tables.items() if table.blank_rows} == {"14": ((52, 54),)}
    assert {key: table.ragged_rows for key, table in tables.items() if table.ragged_rows} == {"16": ((12, 12),)}
    assert {key: table.unclosed_quote_row for key, table in tables.items() if table.unclosed_quote_row} == {"18": 13}
    assert {key: table.row_count for key, table in tables.items() if table.row_count != 160} == {"32": 163}
    siret = {
        key: column.identifier_invalid
        for key, table in tables.items()
        for column in table.columns
        if column.identifier == "siret" and column.identifier_invalid
    }
    assert siret == {"18": 1, "22": 1, "24": 160}
    # Three subjects of deliberations name somebody: it is asked, in each file made of the same rows.
    assert {hint.kind for value in facts.values() for hint in value.personal} == {"named_in_text"}
