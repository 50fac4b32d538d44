"""Extracts of Sirene that are damaged, hostile or another file: what is still read, one French line for the rest."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.territory.sirene import SireneError, bands_of

NANCY, OTHER = "215403957", "217500016"
HEADER = "siren,nom,trancheEffectifsUniteLegale,anneeEffectifsUniteLegale\n"
PLAIN = f"{HEADER}{NANCY},Nancy,51,2022\n"
FOUND = {NANCY: ("51", 2022)}
MEGABYTE = 1_000_000


def read(path: Path, *sirens: str) -> dict[str, tuple[str, int | None]]:
    """Return the code and the year found for each SIREN."""
    return {siren: (item.code, item.year) for siren, item in bands_of(path, sirens).items()}


def extract(folder: Path, content: str | bytes) -> Path:
    path = folder / "extrait de Sirene"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refused(path: Path) -> SireneError:
    """Return the error, once checked that it names the file, says what to do, and is one short line."""
    with pytest.raises(SireneError) as caught:
        bands_of(path, [NANCY])
    error = caught.value
    assert error.where == str(path) and error.what and error.remedy
    line = str(error)
    assert line.startswith(str(path)) and line.endswith(".")
    assert len(line) - len(str(path)) < 600 and len(line.splitlines()) == 1
    return error


def zipped(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, PLAIN * 20)
    return stream.getvalue()


def parquet(*names: str) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table({name: [NANCY] for name in names}), stream)
    return stream.getvalue()


WHOLE = parquet("siren", "trancheEffectifsUniteLegale")


@pytest.mark.parametrize("content", [
    b"PAR1", b"PAR1" + bytes(500) + b"PAR1", WHOLE[: len(WHOLE) // 2], WHOLE[:4] + b"\xff" * 60 + WHOLE[64:],
    b"PK\x03\x04", zipped("a.csv")[:60], zipped("a.csv")[:-4],
    b"\x1f\x8b", b"\x1f\x8brubbish", gzip.compress(PLAIN.encode())[:-20],
], ids=[
    "parquet-mark", "parquet-rubbish", "parquet-cut", "parquet-damaged", "zip-mark", "zip-cut", "zip-without-its-end",
    "gz-mark", "gz-rubbish", "gz-cut",
])  # fmt: skip
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    error = refused(extract(tmp_path, content))
    assert error.what == "cet extrait de Sirene ne peut pas être lu"
    assert "StockUniteLegale" in error.remedy and error.__cause__ is not None


@pytest.mark.parametrize("content", [
    bytes(range(256)) * 100, bytes(MEGABYTE), PLAIN.encode("utf-16"), b"\x7fELF\x02\x01\x01" + bytes(60),
    b"siren\0" + PLAIN.encode(), zipped()
], ids=["every-byte", "only-nul", "utf-16", "program", "nul-in-header", "zip-of-nothing"])  # fmt: skip
def test_what_is_no_table_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    assert refused(extract(tmp_path, content)).what == "ce n'est ni un CSV, ni un Parquet"


@pytest.mark.parametrize("names", [("a.csv", "b.csv"), ("StockUniteLegale.csv", "x/Stock.CSV"), ("a.txt",), ("csv",)])
def test_a_zip_without_one_csv_and_only_one_is_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    error = refused(extract(tmp_path, zipped(*names)))
    assert "ZIP" in error.what and error.remedy == "Décompressez-le."


@pytest.mark.parametrize("name", ["absent.csv", "absent/StockUniteLegale.csv", "."])
def test_a_path_that_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    assert "--sirene" in refused(tmp_path / name).remedy


@pytest.mark.parametrize(("header", "missing", "seen"), [
    ("siren,nom,dateCreation", "trancheEffectifsUniteLegale", "siren, nom, dateCreation"),
    ('"nom";"trancheEffectifsUniteLegale"', "siren", "nom, trancheEffectifsUniteLegale"),
    ("siret\ttrancheEffectifsUniteLegale", "siren", "siret, trancheEffectifsUniteLegale"),
    ("\N{ZERO WIDTH NO-BREAK SPACE}nom", "siren", "nom"),
])  # fmt: skip
def test_a_column_missing_in_a_csv_is_named_with_those_seen(
    tmp_path: Path, header: str, missing: str, seen: str
) -> None:
    error = refused(extract(tmp_path, f"{header}\n1;2,3\t4\n"))
    assert error.what == f"il manque la colonne « {missing} » ; colonnes vues : {seen}"
    assert "StockUniteLegale" in error.remedy


@pytest.mark.parametrize(("names", "missing"), [
    (("siren", "dateCreation"), "trancheEffectifsUniteLegale"), (("siret", "trancheEffectifsUniteLegale"), "siren"),
])  # fmt: skip
def test_a_column_missing_in_parquet_is_named_with_those_seen(
    tmp_path: Path, names: tuple[str, ...], missing: str
) -> None:
    error = refused(extract(tmp_path, parquet(*names)))
    assert error.what == f"il manque la colonne « {missing} » ; colonnes vues : {', '.join(names)}"


def test_the_file_of_etablissements_is_told_from_that_of_legal_units(tmp_path: Path) -> None:
    header = "siren,nic,siret,trancheEffectifsEtablissement,anneeEffectifsEtablissement"
    error = refused(extract(tmp_path, f"{header}\n{NANCY},00017,{NANCY}00017,51,2022\n"))
    assert "« trancheEffectifsUniteLegale »" in error.what and "établissements" in error.remedy


@pytest.mark.parametrize("content", ["\n\n\n", "\r\n", "\N{ZERO WIDTH NO-BREAK SPACE}", " "])
def test_an_empty_file_lacks_its_columns(tmp_path: Path, content: str) -> None:
    assert "« siren »" in refused(extract(tmp_path, content)).what


def test_the_columns_seen_are_told_shortly(tmp_path: Path) -> None:
    names = [f"{number}{'x' * 300}" for number in range(150)]
    error = refused(extract(tmp_path, ",".join(names) + "\n"))
    assert all(name[:40] in error.what for name in names[:8]) and names[8][:5] not in error.what


@pytest.mark.parametrize("wrong", [f"{OTHER},Paris,53", f"{OTHER},Paris,53,2022,x", f"{OTHER}", ",,,,,,,", "\n\n", "x"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_row_of_another_width_is_passed_over(tmp_path: Path, wrong: str, place: int) -> None:
    rows = [f"{NANCY},Nancy,51,2022", "219999999,Autre,11,2022"]
    rows.insert(place, wrong)
    found = read(extract(tmp_path, HEADER + "\n".join(rows) + "\n"), NANCY, OTHER, "219999999")
    assert found == {**FOUND, "219999999": ("11", 2022)}


@pytest.mark.parametrize("cell", [
    b"H\xf4tel de ville", b"\0\0\0", b"\xff\xfe\xfd", b"x" * MEGABYTE, b'"a\nb;c,d""e"', "Hôtel\u2028".encode(), b"",
], ids=["latin1", "nul", "no-utf8", "megabyte", "quoted", "utf8", "empty"])  # fmt: skip
def test_whatever_stands_in_other_columns_does_not_count(tmp_path: Path, cell: bytes) -> None:
    path = extract(tmp_path, HEADER.encode() + b"".join(b"%d,%s,51,2022\n" % (n, cell) for n in (217500016, 215403957)))
    assert read(path, NANCY, OTHER) == {**FOUND, OTHER: ("51", 2022)}


@pytest.mark.parametrize("wrong", ["x" * MEGABYTE, "NN\0", "\0", "\N{SNOWMAN}", "'51'"], ids=len)
def test_a_cell_that_is_no_band_hides_no_other_row(tmp_path: Path, wrong: str) -> None:
    rows = [f"{OTHER},Paris,{wrong},2022", f"{wrong},x,53,2022", f"{NANCY},Nancy,51,{wrong}", f"{NANCY},Nancy,51,2022"]
    assert read(extract(tmp_path, HEADER + "\n".join(rows)), NANCY, OTHER) == FOUND


def test_a_header_of_one_megabyte_is_read_when_its_first_columns_are_ours(tmp_path: Path) -> None:
    content = f"siren,tefen,defen,{'x' * MEGABYTE}\n{NANCY},51,2022,y\n"
    assert read(extract(tmp_path, content), NANCY) == FOUND


@given(st.sampled_from([b"", b"PAR1", b"PK\x03\x04", b"\xef\xbb\xbf", WHOLE[:-100]]), st.binary(max_size=300))
def test_any_bytes_give_our_error(tmp_path_factory: pytest.TempPathFactory, start: bytes, content: bytes) -> None:
    refused(extract(tmp_path_factory.getbasetemp(), start + content))


@given(
    st.sampled_from(["", "siren,tefen,", "siren;tefen\n", HEADER, PLAIN, f'{HEADER}"', f"{HEADER}{NANCY},x,51,"]),
    st.text(max_size=300),
)
def test_any_text_gives_bands_of_the_siren_asked_for_or_our_error(
    tmp_path_factory: pytest.TempPathFactory, start: str, content: str
) -> None:
    path = extract(tmp_path_factory.getbasetemp(), start + content)
    try:
        found = bands_of(path, [NANCY])
    except SireneError as error:
        assert error.where == str(path) and error.remedy
    else:
        assert set(found) <= {NANCY}
