"""Extracts of Sirene as they come: odd labels, decimals, damaged archives, hostile titles, large files."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata_check.territory.headcount import band
from opendata_check.territory.sirene import SireneError, bands_of

NANCY, OTHER = "215403957", "217500016"
HEADER = "siren,nom,trancheEffectifsUniteLegale,anneeEffectifsUniteLegale\n"
PLAIN = f"{HEADER}{OTHER},Paris,53,2022\n{NANCY},Nancy,51,2022\n"
FOUND = {NANCY: ("51", 2022)}


def read(path: Path, *sirens: str) -> dict[str, tuple[str, int | None]]:
    return {siren: (item.code, item.year) for siren, item in bands_of(path, sirens).items()}


def extract(folder: Path, content: str | bytes, name: str = "extrait") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", PLAIN * 20)
    return stream.getvalue()


def table(columns: Any, names: list[str]) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table([pa.array(column) for column in columns], names=names), stream)
    return stream.getvalue()


# A. gzip
@pytest.mark.parametrize("content", [PLAIN, PLAIN.replace(",", ";"), "\ufeff" + PLAIN])
def test_a_gz_is_read_as_the_csv_inside(tmp_path: Path, content: str) -> None:
    assert read(extract(tmp_path, gzip.compress(content.encode())), NANCY) == FOUND


def test_a_gz_cut_in_its_rows_is_refused(tmp_path: Path) -> None:
    content = (HEADER + "".join(f"{n:09},x{n * n},51,2022\n" for n in range(20_000))).encode()
    with pytest.raises(SireneError):
        bands_of(extract(tmp_path, gzip.compress(content)[:-5000]), [NANCY])


# B. exceptions that are not ours
def _flagged(content: bytes, local: int, value: bytes) -> bytes:
    """Return a ZIP with ``value`` written at ``local`` of its entry, and at the same field of its directory."""
    directory = content.index(b"PK\x01\x02") + local + 2
    changed = bytearray(content)
    changed[local : local + len(value)] = value
    changed[directory : directory + len(value)] = value
    return bytes(changed)


ZIP, GZ = zipped(), gzip.compress(PLAIN.encode() * 20)


@pytest.mark.parametrize("content", [
    ZIP[:45] + b"\xff" * 20 + ZIP[65:], GZ[:12] + b"\xff" * 20 + GZ[32:],
    _flagged(ZIP, 6, b"\x01"), _flagged(ZIP, 8, b"\x63"), _flagged(ZIP, 4, b"\xff"),
    table([[NANCY], ["51"], ["52"]], ["siren", "tefen", "tefen"]),
    table([[NANCY], [NANCY], ["52"]], ["siren", "siren", "tefen"]),
    table([[[NANCY]], ["51"]], ["siren", "tefen"]),
    table([[NANCY], [{"code": "51"}]], ["siren", "tefen"]),
], ids=[
    "zip-damaged", "gz-damaged", "zip-locked", "zip-unknown-method", "zip-unknown-version", "parquet-band-twice",
    "parquet-siren-twice", "parquet-list", "parquet-struct",
])  # fmt: skip
def test_a_damaged_or_odd_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SireneError) as caught:
        bands_of(extract(tmp_path, content), [NANCY])
    assert caught.value.where and caught.value.remedy


@settings(max_examples=300)
@given(st.sampled_from([ZIP, GZ]), st.integers(4, 150), st.binary(min_size=1, max_size=40))
def test_a_damaged_archive_gives_bands_or_our_error(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, place: int, content: bytes
) -> None:
    path = extract(tmp_path_factory.getbasetemp(), whole[:place] + content + whole[place + len(content) :])
    try:
        bands_of(path, [NANCY])
    except SireneError as error:
        assert error.where == str(path)


# C. a row of another width with bytes that are not UTF-8
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("row", [b"217500016,H\xf4tel\n", b"217500016,H\xf4tel,21,2022,x\n"])
def test_a_latin1_row_of_another_width_is_passed_over(tmp_path: Path, row: bytes) -> None:
    path = extract(tmp_path, HEADER.encode() + row + f"{NANCY},Nancy,51,2022\n".encode())
    assert read(path, NANCY) == FOUND


# D. silence instead of an answer or an error
@pytest.mark.parametrize("content", [
    PLAIN.replace("nom", '"nom, usuel"'), PLAIN.replace("\n", "\r"),
    HEADER.strip() + "," + ",".join(f"c{n}" for n in range(15_000)) + f"\n{NANCY},Nancy,51,2022" + ",1" * 15_000 + "\n",
    HEADER.replace("nom", "x" * 70_000) + f"{NANCY},Nancy,51,2022\n",
], ids=["comma-in-title", "old-mac", "wide", "long-title"])  # fmt: skip
def test_titles_are_read_as_the_rows_are(tmp_path: Path, content: str) -> None:
    assert read(extract(tmp_path, content), NANCY) == FOUND


# E. decimals, as pandas writes a column with holes
def test_a_csv_that_pandas_wrote_is_read(tmp_path: Path) -> None:
    path = extract(tmp_path, f"{HEADER}{NANCY},Nancy,51.0,2022.0\n{OTHER},Paris,3.0,\n")
    assert read(path, NANCY, OTHER) == {**FOUND, OTHER: ("03", None)}


@pytest.mark.parametrize(("text", "code"), [("3.0", "03"), ("21.0", "21"), ("2.0", "02")])
def test_a_code_written_as_a_decimal_is_that_code(text: str, code: str) -> None:
    found = band(text)
    assert found is not None and found.code == code


# F. labels
@pytest.mark.parametrize(
    "text", ["20 et plus", "50 salariés et plus", "20 ou plus", "10 salariés ou plus", "10 à plus"]
)
def test_a_label_without_an_end_is_only_that_of_the_last_band(text: str) -> None:
    assert band(text) is None


@pytest.mark.parametrize("text", [
    "03/05/2024", "01-02-2024", "1er", "3 rue de la Paix", "10 - 19 - 30", "10 – 99", "10 a\u0300 99",
    "3 à", "1,5", "1 000 euros", "20 %",
])  # fmt: skip
def test_what_only_begins_like_a_label_gives_none(text: str) -> None:
    assert band(text) is None


@pytest.mark.parametrize("text", ["9" * 5_000, "10 à " + "9" * 5_000])
def test_a_very_long_number_gives_none(text: str) -> None:
    assert band(text) is None


@pytest.mark.parametrize("year", ["²⁰²²", "²", "9" * 5_000])
def test_digits_that_make_no_year_give_no_year(year: str) -> None:
    found = band("21", year)
    assert found is not None and found.year is None


@pytest.mark.parametrize("row", [f"{OTHER},x,53,²", f"{OTHER},x,53,{'9' * 5_000}", f"{OTHER},x,{'9' * 5_000},2022"])
def test_one_odd_row_does_not_refuse_the_file(tmp_path: Path, row: str) -> None:
    assert read(extract(tmp_path, f"{PLAIN}{row}\n"), NANCY, OTHER)[NANCY] == FOUND[NANCY]


@given(st.text(max_size=60), st.text(st.characters(categories=["Nd", "No"]), max_size=8))
def test_any_text_and_any_year_give_a_band_or_none(text: str, year: str) -> None:
    assert band("21", year) is not None
    band(text, year)


# G. what is shown
def test_what_a_file_says_cannot_drive_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(SireneError) as caught:
        bands_of(extract(tmp_path, "siren\x1b[2J\x07\u202e,x\n"), [NANCY])
    assert str(caught.value).isprintable()


# H. progress
def test_an_error_of_the_screen_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    def closed(rows: int) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        bands_of(extract(tmp_path, PLAIN), [NANCY], closed)


# I. a header alone
def test_a_header_alone_without_line_end_gives_nothing(tmp_path: Path) -> None:
    assert read(extract(tmp_path, HEADER.strip()), NANCY) == {}


# J. memory
def peak(path: Path) -> float:
    code = (
        "import re, sys; from pathlib import Path; from opendata_check.territory.sirene import bands_of;"
        "print(list(bands_of(Path(sys.argv[1]), ['215403957'])));"
        "print(re.search(r'VmHWM:\\s+([0-9]+) kB', Path('/proc/self/status').read_text())[1])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, env=os.environ)
    found, kilobytes = done.stdout.splitlines()
    assert found == f"['{NANCY}']"
    return int(kilobytes) / 1024


def test_a_csv_ten_times_larger_takes_no_more_memory(tmp_path: Path) -> None:
    sizes = {}
    row = f"{OTHER},{'Mairie de Nancy ' * 3},NN,2022\n"
    for megabytes in (6, 60):
        rows = row * (megabytes * 1_000_000 // len(row))
        sizes[megabytes] = peak(extract(tmp_path, f"{HEADER}{NANCY},a,51,2022\n{rows}", f"{megabytes}.csv"))
    assert sizes[60] - sizes[6] < 40, sizes


def test_a_text_repeated_by_a_dictionary_takes_no_memory(tmp_path: Path) -> None:
    rows = 200_000
    bands = pa.DictionaryArray.from_arrays(pa.array([0] + [1] * rows), pa.array(["51", "x" * 20_000]))
    table_ = pa.table({"siren": pa.array([NANCY] + [OTHER] * rows), "tefen": bands})
    path = tmp_path / "grand.parquet"
    pq.write_table(table_, path, store_schema=False)  # an ordinary text column, of 4 GB once spread out
    assert path.stat().st_size < 100_000
    assert peak(path) < 600


def test_one_row_repeated_without_end_is_read_once_a_block(tmp_path: Path) -> None:
    path = extract(tmp_path, HEADER + f"{NANCY},Nancy,51,2022\n" * 200_000)
    assert read(path, NANCY) == FOUND
