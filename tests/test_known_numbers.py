"""SIRET and SIREN of files are looked for in an extract of Sirene, whatever its shape; what is missing is asked about."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from stdnum import luhn

from opendata_check.territory.sirene import SireneError
from opendata_check.territory.sirene_numbers import known_numbers


def siret(number: int) -> str:
    base = f"{number:08d}"
    first = base + luhn.calc_check_digit(base)
    return first + "0001" + luhn.calc_check_digit(first + "0001")


KNOWN, UNKNOWN = [siret(n) for n in range(100, 130)], [siret(n) for n in range(500, 503)]


def extract(folder: Path, shape: str) -> Path:
    if shape == "etablissements":
        path = folder / "StockEtablissement.csv"
        path.write_text("siren,nic,siret\n" + "".join(f"{n[:9]},{n[9:]},{n}\n" for n in KNOWN))
    elif shape == "unites":
        path = folder / "StockUniteLegale.csv"
        path.write_text("siren;denomination\n" + "".join(f"{n[:9]};X\n" for n in KNOWN))
    else:
        path = folder / "StockEtablissement.parquet"
        pq.write_table(pa.table({"siret": [int(n) for n in KNOWN]}), path)  # a number loses its first zeros
    return path


@pytest.mark.parametrize(("shape", "kind"), [("etablissements", "siret"), ("unites", "siren"), ("parquet", "siret")])
def test_numbers_are_looked_for_in_any_extract(tmp_path: Path, shape: str, kind: str) -> None:
    known = known_numbers(extract(tmp_path, shape), [*KNOWN, *UNKNOWN, KNOWN[0][:9], UNKNOWN[0][:9]])
    assert (known.kind, known.rows) == (kind, 30)
    assert all(known.knows(number) for number in [*KNOWN, KNOWN[0][:9]])
    assert not any(known.knows(number) for number in [*UNKNOWN, UNKNOWN[0][:9]])


def test_a_file_that_is_no_extract_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("nom,prenom\nx,y\n")
    with pytest.raises(SireneError, match="siret"):
        known_numbers(path, KNOWN)


@pytest.mark.parametrize("shape", ["etablissements", "unites"])
def test_the_audit_asks_about_unknown_numbers_without_printing_them(tmp_path: Path, shape: str) -> None:
    data = tmp_path / "donnees"
    data.mkdir()
    rows = "".join(f"Association {at};{number}\n" for at, number in enumerate([*KNOWN, *UNKNOWN]))
    (data / "subventions.csv").write_text("nom;siret\n" + rows, encoding="utf-8")
    command = [sys.executable, "-m", "opendata_check", "audit", str(data), "--on", "2026-11-26", "--format", "json"]
    found = subprocess.run(
        [*command, "--known-siret", str(extract(tmp_path, shape))], capture_output=True, text=True, check=True
    )
    assert '"numeros-connus"' in found.stdout and "3 SIRE" in found.stdout
    assert not any(number in found.stdout for number in UNKNOWN)


def test_a_broken_extract_is_told_and_the_audit_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("nom;siret\n" + "".join(f"A;{number}\n" for number in KNOWN), encoding="utf-8")
    command = [sys.executable, "-m", "opendata_check", "audit", str(tmp_path / "a.csv"), "--on", "2026-11-26"]
    found = subprocess.run(
        [*command, "--known-siret", str(tmp_path / "no")], capture_output=True, text=True, check=True
    )
    assert "--known-siret" in found.stdout
