"""Reads headcount bands in an extract of Sirene that the user has, CSV or Parquet, by columns and in bounded memory.

The national file (StockUniteLegale) has tens of millions of rows: only three columns are read, a few megabytes at a
time, and only the rows of the SIREN asked for are kept. https://www.sirene.fr
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from opendata_check.errors import OpendataCheckError
from opendata_check.model.organization import HeadcountBand
from opendata_check.territory.headcount import band

_BLOCK = 1 << 22
"""Bytes of CSV read at a time."""
_ROWS = 1 << 16
"""Rows of Parquet read at a time."""
_SIREN = ("siren",)
_BAND = (
    "trancheeffectifsunitelegale", "trancheeffectifs", "trancheeffectifsalarie", "trancheeffectifssalaries",
    "trancheeffectifsalarieentreprise", "tefen",
)  # fmt: skip
_YEAR = ("anneeeffectifsunitelegale", "anneeeffectifs", "anneetrancheeffectifsalarie", "defen")
_SHOWN = 8


class SireneError(OpendataCheckError):
    """The extract of Sirene cannot be read, or lacks the columns that are needed."""


def bands_of(
    path: Path, sirens: Collection[str], progress: Callable[[int], None] = lambda rows: None
) -> dict[str, HeadcountBand]:
    """Return the headcount band of each SIREN asked for that the extract gives one for.

    When a SIREN stands on several rows, the latest year counts. ``progress`` is called with the number of rows read.
    Raises SireneError naming the file, what was expected and what to do.
    """
    found: dict[str, HeadcountBand] = {}
    rows = 0
    wanted = sorted({siren for siren in sirens if siren})
    try:
        with ExitStack() as stack:
            for batch in _batches(path, wanted, stack):
                rows += batch[0]
                for siren, code, year in batch[1]:
                    new = band(code or "", year or "")
                    old = found.get(siren)
                    if new is not None and (old is None or (old.year or 0) <= (new.year or 0)):
                        found[siren] = new
                progress(rows)
    except SireneError:
        raise
    except (OSError, ValueError, zipfile.BadZipFile, EOFError) as error:
        raise SireneError(
            "cet extrait de Sirene ne peut pas être lu",
            where=str(path),
            remedy="On attend le fichier StockUniteLegale de l'Insee, en CSV (ou ZIP) ou en Parquet.",
        ) from error
    return found


Batch = tuple[int, list[tuple[str, str | None, str | None]]]
"""How many rows were read, and (SIREN, band, year) of those kept."""


def _batches(path: Path, wanted: Sequence[str], stack: ExitStack) -> Iterator[Batch]:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not path.is_file():
        raise SireneError("ce fichier n'existe pas", where=str(path), remedy="Vérifiez --sirene.")
    values = pa.array(wanted, pa.string())
    for table in _parquet(path, stack) if _is_parquet(path) else _csv(path, stack):
        siren = _padded(table.column(0))
        kept = pc.is_in(siren, value_set=values)
        columns = [siren, *(table.column(number).cast(pa.string()) for number in range(1, table.num_columns))]
        chosen = [column.filter(kept).to_pylist() for column in columns]
        years = chosen[2] if len(chosen) > 2 else [None] * len(chosen[0])
        yield table.num_rows, list(zip(chosen[0], chosen[1], years, strict=True))


def _padded(column: Any) -> Any:
    """Return SIREN as nine digits: numbers and texts whose first zeros were dropped get them back."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.utf8_lpad(pc.utf8_trim_whitespace(column.cast(pa.string())), width=9, padding="0")


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _parquet(path: Path, stack: ExitStack) -> Iterator[Any]:
    import pyarrow.parquet as pq

    file = stack.enter_context(pq.ParquetFile(path))
    names = _columns(file.schema_arrow.names, path)
    for batch in file.iter_batches(batch_size=_ROWS, columns=names):
        yield batch.select(names)


def _csv(path: Path, stack: ExitStack) -> Iterator[Any]:
    import pyarrow as pa
    from pyarrow import csv

    with _opened(path) as stream:
        header = stream.readline(65_536).decode("utf-8-sig", "replace").strip()
    if "\0" in header:
        raise SireneError(
            "ce n'est ni un CSV, ni un Parquet", where=str(path), remedy="On attend le fichier StockUniteLegale."
        )
    delimiter = max(",;\t|", key=header.count)
    columns = [name.strip().strip('"') for name in header.split(delimiter)]
    names = _columns(columns, path)
    reader = csv.open_csv(
        pa.PythonFile(stack.enter_context(_opened(path))),
        read_options=csv.ReadOptions(block_size=_BLOCK, column_names=columns, skip_rows=1),
        parse_options=csv.ParseOptions(delimiter=delimiter, invalid_row_handler=lambda row: "skip"),
        convert_options=csv.ConvertOptions(
            include_columns=names, column_types={name: pa.string() for name in names}, strings_can_be_null=True
        ),
    )
    with reader:
        yield from reader


def _opened(path: Path) -> IO[bytes]:
    """Return the bytes of a CSV: the file's own, or those of the only CSV inside a ZIP or a GZ."""
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] == b"\x1f\x8b":
        import gzip

        return io.BufferedReader(gzip.open(path))
    if start != b"PK\x03\x04":
        return path.open("rb")
    archive = zipfile.ZipFile(path)
    members = [name for name in archive.namelist() if name.lower().endswith(".csv")]
    if len(members) != 1:
        raise SireneError("ce ZIP ne contient pas un seul fichier CSV", where=str(path), remedy="Décompressez-le.")
    return archive.open(members[0])


def _columns(names: Sequence[str], path: Path) -> list[str]:
    """Return the names of the three columns as the file spells them; the year may be absent. Raises SireneError."""
    plain = {"".join(c for c in name.lower() if c.isalnum()): name for name in names}
    found = [next((plain[known] for known in group if known in plain), None) for group in (_SIREN, _BAND, _YEAR)]
    if found[0] is None or found[1] is None:
        missing = "siren" if found[0] is None else "trancheEffectifsUniteLegale"
        seen = ", ".join(name[:40] for name in list(names)[:_SHOWN])
        raise SireneError(
            f"il manque la colonne « {missing} » ; colonnes vues : {seen}",
            where=str(path),
            remedy="On attend le fichier StockUniteLegale de l'Insee, non celui des établissements.",
        )
    return [name for name in found if name is not None]
