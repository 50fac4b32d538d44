"""Headcount bands read in an extract of Sirene: every form of the file, and what is kept of its rows."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from itertools import permutations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opendata_check.territory.headcount import band
from opendata_check.territory.sirene import bands_of

NANCY, LYON, ZERO, OTHER = "215403957", "216901231", "015403957", "217500016"
TITLES = ("siren", "trancheEffectifsUniteLegale", "anneeEffectifsUniteLegale")
HEADER = ",".join(TITLES) + "\n"
ROOT = Path(__file__).resolve().parents[2]
Found = dict[str, tuple[str, int | None]]


def read(path: Path, *sirens: str) -> Found:
    """Return the code and the year found for each SIREN."""
    return {siren: (item.code, item.year) for siren, item in bands_of(path, sirens).items()}


def extract(folder: Path, content: str | bytes, name: str = "StockUniteLegale.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zipped(**members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return stream.getvalue()


def parquet(folder: Path, columns: dict[str, Any], **options: Any) -> Path:
    path = folder / "StockUniteLegale.parquet"
    pq.write_table(pa.table(columns), path, **options)
    return path


PLAIN = f"{HEADER}{OTHER},53,2022\n{NANCY},51,2022\n{LYON},52,\n"
QUOTED = re.sub(r"[^,\n]+", lambda cell: f'"{cell[0]}"', PLAIN)


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", "|"),
        "\N{ZERO WIDTH NO-BREAK SPACE}" + PLAIN,
        QUOTED,
        "\N{ZERO WIDTH NO-BREAK SPACE}" + QUOTED.replace(",", ";"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.removesuffix("\n"),
        PLAIN.replace(HEADER, HEADER.upper()),
        PLAIN.replace(HEADER, "SIREN, Tranche effectifs , Annee effectifs\n"),
        PLAIN.replace("\n", ",x\n"),
    ],
    ids=["comma", "semicolon", "tab", "pipe", "bom", "quoted", "bom-quoted", "crlf", "unended", "upper", "spaced", "+"],
)
def test_a_csv_is_read_however_it_is_written(tmp_path: Path, content: str) -> None:
    assert read(extract(tmp_path, content), NANCY, LYON) == {NANCY: ("51", 2022), LYON: ("52", None)}


@pytest.mark.parametrize(("title", "year"), [
    ("trancheEffectifs", "anneeEffectifs"), ("tranche_effectif_salarie", "annee_tranche_effectif_salarie"),
    ("TEFEN", "DEFEN"), ("trancheEffectifsSalaries", "anneeEffectifs"),
    ("tranche_effectif_salarie_entreprise", "anneeEffectifsUniteLegale"),
])  # fmt: skip
def test_other_files_that_give_the_same_facts_are_read(tmp_path: Path, title: str, year: str) -> None:
    path = extract(tmp_path, f"{year};nom;{title};SIREN\n2021;x;12;{NANCY}\n")
    assert read(path, NANCY) == {NANCY: ("12", 2021)}


def test_the_column_of_the_legal_unit_wins_over_others(tmp_path: Path) -> None:
    path = extract(tmp_path, f"siren,tefen,trancheEffectifsUniteLegale,defen\n{NANCY},11,51,2020\n")
    assert read(path, NANCY) == {NANCY: ("51", 2020)}


def test_a_file_without_years_gives_bands_without_year(tmp_path: Path) -> None:
    assert read(extract(tmp_path, f"siren,tefen\n{NANCY},51\n"), NANCY) == {NANCY: ("51", None)}


def test_only_the_siren_asked_for_are_given(tmp_path: Path) -> None:
    path = extract(tmp_path, PLAIN)
    assert read(path, NANCY, "999999999", "") == {NANCY: ("51", 2022)}
    assert read(path) == {}


def test_zeros_that_a_spreadsheet_dropped_come_back(tmp_path: Path) -> None:
    assert read(extract(tmp_path, f"{HEADER} 15403957 , 1 ,2022\n"), ZERO) == {ZERO: ("01", 2022)}


@pytest.mark.parametrize("code", ["NN", "", "null", "99"])
def test_a_code_that_says_nothing_gives_no_band(tmp_path: Path, code: str) -> None:
    assert read(extract(tmp_path, f"{HEADER}{NANCY},{code},2022\n"), NANCY) == {}


def test_a_header_alone_gives_nothing(tmp_path: Path) -> None:
    assert read(extract(tmp_path, HEADER), NANCY) == {}


@pytest.mark.parametrize("order", list(permutations(["21,2021", "22,2023", "31,2022", "32,"])))
def test_the_latest_year_wins_whatever_the_order(tmp_path: Path, order: tuple[str, ...]) -> None:
    path = extract(tmp_path, HEADER + "".join(f"{NANCY},{row}\n" for row in order))
    assert read(path, NANCY) == {NANCY: ("22", 2023)}


def test_a_later_row_that_says_nothing_does_not_hide_an_older_band(tmp_path: Path) -> None:
    assert read(extract(tmp_path, f"{HEADER}{NANCY},21,2021\n{NANCY},NN,2023\n"), NANCY) == {NANCY: ("21", 2021)}


@pytest.mark.parametrize("columns", [
    (pa.array([OTHER, NANCY, None]), pa.array(["53", "51", "12"]), pa.array(["2022", "2022", None])),
    (pa.array([217500016, 215403957, None]), pa.array([53, 51, 12]), pa.array([2022, 2022, None])),
    (pa.array([217500016.0, 215403957.0, None]), pa.array([53.0, 51.0, None]), pa.array([2022.0, 2022.0, None])),
    (pa.array([OTHER, NANCY], pa.large_string()), pa.array(["53", "51"]).dictionary_encode(), pa.array([2022, 2022])),
], ids=["texts", "integers", "floats", "large-and-encoded"])  # fmt: skip
def test_parquet_is_read_whatever_its_types(tmp_path: Path, columns: tuple[pa.Array, ...]) -> None:
    assert read(parquet(tmp_path, dict(zip(TITLES, columns, strict=True))), NANCY) == {NANCY: ("51", 2022)}


def test_integers_of_parquet_get_their_first_zero_back(tmp_path: Path) -> None:
    path = parquet(tmp_path, {"siren": [15403957], "trancheEffectifsUniteLegale": [1]})
    assert read(path, ZERO) == {ZERO: ("01", None)}


def test_columns_of_parquet_stand_in_any_order_among_any_others(tmp_path: Path) -> None:
    columns = {"defen": [2022], "noms": [["a", "b"]], "tefen": ["51"], "lieu": [{"code": "54"}], "SIREN": [NANCY]}
    assert read(parquet(tmp_path, columns), NANCY) == {NANCY: ("51", 2022)}


def test_a_zip_is_read_through_its_only_csv(tmp_path: Path) -> None:
    archive = zipped(StockUniteLegale_CSV=PLAIN, LISEZMOI_txt="siren")
    assert read(extract(tmp_path, archive, "a.zip"), NANCY) == {NANCY: ("51", 2022)}


def test_what_a_file_is_called_does_not_count(tmp_path: Path) -> None:
    table = parquet(tmp_path, {"siren": [NANCY], "tefen": ["51"]}).read_bytes()
    for number, content in enumerate((PLAIN.encode(), zipped(a_csv=PLAIN), table)):
        assert read(extract(tmp_path, content, f"{number}.dat"), NANCY)[NANCY][0] == "51"


def test_a_csv_of_many_blocks_is_read_to_its_last_row(tmp_path: Path) -> None:
    count = 500_000
    path = extract(tmp_path, HEADER + f"{OTHER},12,2022\n" * count + f"{OTHER},NN,\n{NANCY},51,2022")
    seen: list[int] = []
    assert bands_of(path, [NANCY], seen.append) == {NANCY: band("51", "2022")}
    assert seen == sorted(set(seen)) and len(seen) > 1
    assert seen[-1] == count + 2


def test_progress_tells_the_rows_of_parquet_read_so_far(tmp_path: Path) -> None:
    path = parquet(tmp_path, {"siren": [OTHER] * 150_000 + [NANCY], "tefen": ["51"] * 150_001}, row_group_size=100_000)
    seen: list[int] = []
    assert list(bands_of(path, [NANCY], seen.append)) == [NANCY]
    assert seen == sorted(set(seen)) and len(seen) > 2
    assert seen[-1] == 150_001


def peak(path: Path) -> float:
    """Return the peak of resident memory, in MB, of a process that reads ``path``."""
    code = (
        "import re, sys; from pathlib import Path; from opendata_check.territory.sirene import bands_of;"
        "print(list(bands_of(Path(sys.argv[1]), ['215403957'])));"
        "print(re.search(r'VmHWM:\\s+([0-9]+) kB', Path('/proc/self/status').read_text())[1])"
    )  # not ru_maxrss, which a child inherits from the pytest process that started it
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, env=os.environ, cwd=ROOT
    )
    found, kilobytes = done.stdout.splitlines()
    assert found == f"['{NANCY}']"
    return int(kilobytes) / 1024


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="la mémoire se lit dans /proc")
def test_a_zip_that_unfolds_to_300_megabytes_is_never_held_whole(tmp_path: Path) -> None:
    sizes = {}
    row = f"{OTHER},{'Mairie de Nancy ' * 3},NN,2022\n"
    for megabytes in (6, 300):
        path = tmp_path / f"{megabytes}.zip"
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
            archive.open("a.csv", "w") as member,
        ):
            member.write(f"siren,nom,tefen,defen\n{NANCY},a,51,2022\n".encode())
            for _ in range(megabytes):
                member.write(row.encode() * (1_000_000 // len(row)))
        sizes[megabytes] = peak(path)
    assert sizes[300] - sizes[6] < 220, sizes
