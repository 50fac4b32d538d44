"""Measures the inspection of large files of every format: time, peak memory, and how much of them was read.

    python benchmarks/inspection.py              200 MB of each format, and the example commune
    python benchmarks/inspection.py csv 2000     one format, so many MB
    python benchmarks/inspection.py example      the example commune alone

Asked: 2 GB of any format within 400 MB of memory; the example commune inspected in a second. Each measure is a process
of its own, imports included. The peer is the machine's own reading of the same bytes (a SHA-256), in the same run.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MB = 1_000_000
ONE = """
import sys
from pathlib import Path
from opendata_check.inspection import inspect
from opendata_check.model.content import Content
path = Path(sys.argv[1])
facts = inspect(Content(path, path.name, path.stat().st_size, path.name))
table = f"{facts.table.row_count} rows" if facts.table else ""
print(facts.envelope.detected, table, facts.fault[:60])
"""
FOLDER = """
import sys
from pathlib import Path
from opendata_check.inspection import inspect
from opendata_check.model.content import Content
for path in sorted(Path(sys.argv[1]).rglob("*")):
    if path.is_file():
        inspect(Content(path, path.name, path.stat().st_size, path.name))
print("all files")
"""
READ = "import hashlib,sys; print(hashlib.file_digest(open(sys.argv[1],'rb'),'sha256').hexdigest()[:8])"


def lines(size: int, made: Callable[[int], str]) -> Iterator[bytes]:
    """Yield lines until they weigh ``size`` bytes."""
    written = number = 0
    while written < size:
        block = "".join(made(number + at) for at in range(1_000)).encode()
        yield block
        written += len(block)
        number += 1_000


def csv(path: Path, size: int) -> None:
    """Write a CSV of five columns."""
    with path.open("wb") as file:
        file.write(b"id;date;nom_voie;montant;objet\n")
        row = "{0};2024-01-{1:02};rue des Érables;{2},50;Travaux n° {0} à l'école\n"
        file.writelines(lines(size, lambda at: row.format(at, at % 28 + 1, at % 9_000)))


def json_list(path: Path, size: int) -> None:
    """Write a JSON array of objects."""
    with path.open("wb") as file:
        file.write(b"[")
        file.writelines(lines(size, lambda at: json.dumps({"id": at, "nom": f"École {at}", "places": at % 90}) + ",\n"))
        file.write(b"{}]")


def geojson(path: Path, size: int) -> None:
    """Write a GeoJSON of points."""
    feature = (
        '{{"type":"Feature","properties":{{"id":{0}}},"geometry":{{"type":"Point","coordinates":[6.{0},48.{0}]}}}},\n'
    )
    with path.open("wb") as file:
        file.write(b'{"type":"FeatureCollection","features":[')
        file.writelines(lines(size, feature.format))
        file.write(b'{"type":"Feature","properties":{},"geometry":null}]}')


def one_geometry(path: Path, size: int) -> None:
    """Write a GeoJSON of one line of a great many vertices."""
    with path.open("wb") as file:
        file.write(b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":')
        file.write(b'{"type":"LineString","coordinates":[')
        file.writelines(lines(size, lambda at: f"[6.{at % 10_000:05},48.{at % 10_000:05}],"))
        file.write(b"[6,48]]}}]}")


def xml(path: Path, size: int) -> None:
    """Write an XML of many elements."""
    with path.open("wb") as file:
        file.write(b"<marches>")
        file.writelines(lines(size, lambda at: f"<marche><id>{at}</id><objet>Travaux {at}</objet></marche>\n"))
        file.write(b"</marches>")


def kml(path: Path, size: int) -> None:
    """Write a KML of points."""
    place = "<Placemark><name>{0}</name><Point><coordinates>6.{0},48.{0}</coordinates></Point></Placemark>\n"
    with path.open("wb") as file:
        file.write(b'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>')
        file.writelines(lines(size, place.format))
        file.write(b"</Document></kml>")


def txt(path: Path, size: int) -> None:
    """Write a text of sentences."""
    with path.open("wb") as file:
        file.writelines(
            lines(size, lambda at: f"La délibération numéro {at} est adoptée à l'unanimité des présents.\n")
        )


def xlsx(path: Path, size: int) -> None:
    """Write a workbook whose sheet weighs ``size`` bytes once unfolded."""
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["id", "date", "nom", "montant"])
    for at in range(1, min(1_048_575, size // 160)):
        sheet.write_row(at, 0, [at, "2024-01-31", f"Association {at}", at % 9_000 + 0.5])
    book.close()


def gz(path: Path, size: int) -> None:
    """Write a GZ of a CSV."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.writelines(lines(size, lambda at: f"{at};rue des Lilas;{at % 900}\n"))


def zip_of_csv(path: Path, size: int) -> None:
    """Write a ZIP of a CSV."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("a.csv", "w") as file,
    ):
        for block in lines(size, lambda at: f"{at};rue des Lilas;{at % 900}\n"):
            file.write(block)


def gpkg(path: Path, size: int) -> None:
    """Write a GeoPackage with one layer of points."""
    base = sqlite3.connect(path)
    base.executescript(
        "PRAGMA application_id=0x47504B47;"
        "CREATE TABLE gpkg_spatial_ref_sys(srs_name,srs_id,organization,organization_coordsys_id,definition,description);"
        "INSERT INTO gpkg_spatial_ref_sys VALUES('RGF93',2154,'EPSG',2154,'','');"
        "CREATE TABLE gpkg_contents(table_name,data_type,identifier,description,last_change,min_x,min_y,max_x,max_y,srs_id);"
        "INSERT INTO gpkg_contents VALUES('a','features','a','','',900000,6800000,910000,6810000,2154);"
        "CREATE TABLE gpkg_geometry_columns(table_name,column_name,geometry_type_name,srs_id,z,m);"
        "INSERT INTO gpkg_geometry_columns VALUES('a','geom','POINT',2154,0,0);"
        "CREATE TABLE a(fid INTEGER PRIMARY KEY, geom BLOB, nom TEXT);"
    )
    blob = b"GP\x00\x01" + (2154).to_bytes(4, "little") + b"\x01\x01\x00\x00\x00" + bytes(16)
    base.executemany("INSERT INTO a VALUES(?,?,?)", ((at, blob, "x" * 60) for at in range(size // 110)))
    base.commit()
    base.close()


def noise(path: Path, size: int) -> None:
    """Write bytes that are nothing known."""
    chance = random.Random(1)
    with path.open("wb") as file:
        for _ in range(size // MB):
            file.write(chance.randbytes(MB))


def pdf(path: Path, size: int) -> None:
    """Write a PDF with as many empty pages as the size allows."""
    count = max(1, size // 80)
    with path.open("wb") as file:
        file.write(b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n")
        places = [9]
        places.append(file.tell())
        file.write(b"2 0 obj<</Type/Pages/Count %d/Kids[" % count)
        for at in range(count):
            file.write(b"%d 0 R " % (at + 3))
        file.write(b"]>>endobj\n")
        for at in range(count):
            places.append(file.tell())
            file.write(b"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n" % (at + 3))
        start = file.tell()
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (count + 3))
        for place in places:
            file.write(b"%010d 00000 n \n" % place)
        file.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (count + 3, start))


FORMATS: dict[str, tuple[str, Callable[[Path, int], None]]] = {
    "csv": ("a.csv", csv),
    "txt": ("a.txt", txt),
    "json": ("a.json", json_list),
    "geojson": ("a.geojson", geojson),
    "vertices": ("b.geojson", one_geometry),
    "xml": ("a.xml", xml),
    "kml": ("a.kml", kml),
    "xlsx": ("a.xlsx", xlsx),
    "zip": ("a.zip", zip_of_csv),
    "gz": ("a.csv.gz", gz),
    "gpkg": ("a.gpkg", gpkg),
    "pdf": ("a.pdf", pdf),
    "noise": ("a.dat", noise),
}


def measured(code: str, path: Path) -> tuple[float, float, float, str]:
    """Return wall seconds, CPU seconds, peak MB and what the process printed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, env=environment)
    assert process.stdout is not None
    said = process.stdout.read().decode().strip()
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said


def one(kind: str, megabytes: int) -> None:
    """Write a file of one format, inspect it, and print the figures."""
    name, write = FORMATS[kind]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path, megabytes * MB)
        size = path.stat().st_size / MB
        _, read, _, _ = measured(READ, path)
        wall, cpu, peak, said = measured(ONE, path)
        ratio = cpu / max(read, 0.01)
        print(
            f"{kind:9} {size:7.0f} MB {wall:7.1f} s {cpu:7.1f} CPU s {peak:5.0f} MB peak, {ratio:6.1f} × a SHA-256: {said}"
        )


def example() -> None:
    """Inspect every file of the example commune."""
    wall, cpu, peak, said = measured(FOLDER, ROOT / "examples" / "commune-exemple")
    print(f"example commune: {wall:.2f} s, {cpu:.2f} CPU s, {peak:.0f} MB peak ({said})")


if __name__ == "__main__":
    asked = sys.argv[1:]
    if asked != ["example"]:
        for format_name in asked[:1] or FORMATS:
            one(format_name, int(asked[1]) if len(asked) > 1 else 200)
    if not asked or asked == ["example"]:
        example()
