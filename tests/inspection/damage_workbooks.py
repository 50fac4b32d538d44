"""Damages workbooks in a thousand ways and reads them: run apart by the spreadsheet tests, for a crash is an answer."""

from __future__ import annotations

import io
import random
import sys
import zipfile
from pathlib import Path

from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.office.compound_file import CompoundFile, compound_file
from opendata_check.inspection.sheets import workbook as spreadsheet
from opendata_check.model.content import Content


def damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 2, 8])):
        at = chance.randrange(len(changed))
        if chance.random() < 0.3:
            changed[at : at + 4] = chance.choice([b"\xff\xff\xff\xff", b"\x00\x00\x00\x7f", b"\xff\xff\x00\x00"])
        else:
            changed[at] = chance.choice([0, 255, 128, chance.randrange(256)])
    return bytes(changed)


def damaged_workbook(data: bytes, kind: str, chance: random.Random) -> bytes:
    if chance.random() < 0.2:
        return damaged(data, chance)
    if kind == "xls":
        return compound_file("Workbook", damaged(CompoundFile(data).stream("Workbook"), chance))
    source, stream = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    chosen = chance.choice(source.namelist())
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name in source.namelist():
            content = source.read(name)
            file.writestr(name, damaged(content, chance) if name == chosen else content)
    return stream.getvalue()


def main(folder: Path) -> None:
    for kind in ("xlsx", "ods", "xls"):
        source = (folder / f"source.{kind}").read_bytes()
        for seed in range(400):
            path = folder / f"damaged.{kind}"
            path.write_bytes(damaged_workbook(source, kind, random.Random(seed)))
            try:
                spreadsheet.read(Content(path, path.name, 0, path.name), kind)
            except InspectionError:
                continue


if __name__ == "__main__":
    main(Path(sys.argv[1]))
