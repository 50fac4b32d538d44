"""Reads headcount bands in an extract of Sirene that the user has, CSV or Parquet, by columns and in bounded memory.

The national file (StockUniteLegale) has tens of millions of rows: only three columns are read, a few megabytes at a
time, and only the rows of the SIREN asked for are kept. https://www.sirene.fr
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from opendata_check.errors import OpendataCheckError
from opendata_check.model.organization import HeadcountBand
from opendata_check.territory.headcount import band
from opendata_check.territory.names import printable

_BLOCK = 1 << 20
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
_LARGEST_BLOCK = 256_000_000
"""Bytes of one column in one row group of Parquet: the national file's hold a few million."""
_LONGEST_CELL = 64


UNREADABLE = (
    OSError, ValueError, EOFError, TypeError, LookupError, RuntimeError, MemoryError, zipfile.BadZipFile, zlib.error,
    lzma.LZMAError,
)  # fmt: skip
"""What gzip, zipfile and pyarrow raise for a damaged, locked or unknown file (ArrowException are of these kinds)."""


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
    with ExitStack() as stack:
        for read, kept in _readable(path, wanted, stack):
            rows += read
            for siren, code, year in kept:
                new = band(code or "", year or "")
                old = found.get(siren)
                if new is not None and (old is None or (old.year or 0) <= (new.year or 0)):
                    found[siren] = new
            progress(rows)
    return found


Batch = tuple[int, list[tuple[str, str | None, str | None]]]
"""How many rows were read, and (SIREN, band, year) of those kept."""


def _readable(path: Path, wanted: Sequence[str], stack: ExitStack) -> Iterator[Batch]:
    """Yield the batches; only what reading raises becomes a SireneError, not what the caller does with them."""
    try:
        yield from _batches(path, wanted, stack)
    except UNREADABLE as error:
        raise SireneError(
            "cet extrait de Sirene ne peut pas être lu",
            where=str(path),
            remedy="On attend le fichier StockUniteLegale de l'Insee, en CSV (ou ZIP) ou en Parquet.",
        ) from error


def _batches(path: Path, wanted: Sequence[str], stack: ExitStack) -> Iterator[Batch]:
    import pyarrow as pa
    import pyarrow.compute as pc

    values = pa.array(wanted, pa.string())
    for table in columns_read(path, _columns, stack):
        siren = _padded(table.column(0))
        kept = pc.is_in(siren, value_set=values)
        columns = [siren, *(table.column(number).cast(pa.string()) for number in range(1, table.num_columns))]
        names = [str(number) for number in range(len(columns))]
        chosen = pa.table([column.filter(kept) for column in columns], names=names)
        different = chosen.group_by(names).aggregate([])  # a file may repeat one row without end
        rows = [different.column(name).to_pylist() for name in names]
        years = rows[2] if len(rows) > 2 else [None] * len(rows[0])
        yield table.num_rows, list(zip(rows[0], rows[1], years, strict=True))


def _padded(column: Any) -> Any:
    """Return SIREN as nine digits: numbers and texts whose first zeros were dropped get them back."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.utf8_lpad(pc.utf8_trim_whitespace(column.cast(pa.string())), width=9, padding="0")


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


Choose = Callable[[Sequence[str], Path], list[str]]
"""Returns the names of the columns to read, among those of a file. Raises SireneError."""


def columns_read(path: Path, choose: Choose, stack: ExitStack) -> Iterator[Any]:
    """Yield record batches or tables of the columns chosen, as texts. Raises SireneError and what reading raises."""
    if not path.is_file():
        what = "ce n'est pas un fichier" if path.exists() else "ce fichier n'existe pas"
        raise SireneError(what, where=str(path), remedy="Vérifiez --sirene ou --known-siret.")
    if not path.stat().st_size:
        raise SireneError("ce fichier est vide", where=str(path), remedy="Vérifiez --sirene ou --known-siret.")
    yield from _parquet(path, choose, stack) if _is_parquet(path) else _csv(path, choose, stack)


def _parquet(path: Path, choose: Choose, stack: ExitStack) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as first:
        names = choose(first.schema_arrow.names, path)
        _refuse_huge_columns(first.metadata, names, path)
    file = stack.enter_context(pq.ParquetFile(path, read_dictionary=names))
    for batch in file.iter_batches(batch_size=_ROWS, columns=names):
        yield pa.record_batch([_short(batch.column(name)) for name in names], names=names)


def _refuse_huge_columns(metadata: Any, names: Sequence[str], path: Path) -> None:
    """Raise SireneError when one block of a column we need would take too much memory: a few bytes may unfold so."""
    for group in range(metadata.num_row_groups):
        block = metadata.row_group(group)
        for number in range(block.num_columns):
            column = block.column(number)
            if column.path_in_schema in names and column.total_uncompressed_size > _LARGEST_BLOCK:
                raise SireneError(
                    f"la colonne « {printable(column.path_in_schema)[:40]} » est démesurée",
                    where=str(path),
                    remedy="On attend le fichier StockUniteLegale de l'Insee.",
                )


def _short(column: Any) -> Any:
    """Return a column as texts of a few letters: a repeated text is cut once, before it is repeated."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def cut(values: Any) -> Any:
        return pc.utf8_slice_codeunits(values.cast(pa.string()), 0, _LONGEST_CELL)

    if not pa.types.is_dictionary(column.type):
        return cut(column)
    return pa.DictionaryArray.from_arrays(column.indices, cut(column.dictionary)).cast(pa.string())


def _csv(path: Path, choose: Choose, stack: ExitStack) -> Iterator[Any]:
    import pyarrow as pa
    from pyarrow import csv

    with _opened(path) as stream:
        line = stream.readline(_BLOCK)
        alone = not stream.read(1)
    header = line.decode("utf-8-sig", "replace").strip()
    if "\r" in header:  # lines that end as on an old Mac
        header, alone = header.split("\r")[0], False
    if "\0" in header:
        raise SireneError(
            "ce n'est ni un CSV, ni un Parquet", where=str(path), remedy="On attend le fichier StockUniteLegale."
        )
    delimiter = max(",;\t|", key=header.count)
    header = header.splitlines()[0] if header else ""
    columns = _titles(header, delimiter)
    names = choose(columns, path)
    if alone:
        return  # titles and no row
    reader = csv.open_csv(
        pa.PythonFile(_Ascii(stack.enter_context(_opened(path)), path), mode="r"),
        read_options=csv.ReadOptions(block_size=_BLOCK, column_names=columns, skip_rows=1),
        parse_options=csv.ParseOptions(delimiter=delimiter, invalid_row_handler=lambda row: "skip"),
        convert_options=csv.ConvertOptions(
            include_columns=names, column_types={name: pa.string() for name in names}, strings_can_be_null=True
        ),
    )
    with reader:
        yield from reader


_LONGEST = 40_000_000_000
"""Bytes of CSV read at most: the whole of StockUniteLegale, unfolded, is several times smaller."""
_PLAIN = bytes(code if code < 128 else 63 for code in range(256))


class _Ascii(io.RawIOBase):
    """Bytes whose letters outside ASCII read « ? »: the columns we keep have none, and pyarrow decodes odd rows."""

    def __init__(self, stream: IO[bytes], path: Path) -> None:
        self._stream = stream
        self._path = path
        self._read = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes. Raises SireneError past the bound: an archive may unfold without end."""
        found = self._stream.read(size)
        self._read += len(found)
        if self._read > _LONGEST:
            raise SireneError(
                "cet extrait de Sirene ne finit pas : plus de 40 milliards d'octets",
                where=str(self._path),
                remedy="On attend le fichier StockUniteLegale de l'Insee.",
            )
        return found.translate(_PLAIN)


def _titles(header: str, delimiter: str) -> list[str]:
    """Return the titles as the rows will be parted: a delimiter between quotes parts nothing."""
    import pyarrow as pa
    from pyarrow import csv

    if not header:
        return []
    line = pa.py_buffer(header.encode() + b"\n")
    table = csv.read_csv(
        line, csv.ReadOptions(block_size=2 * _BLOCK), csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    )
    return [name.strip() for name in table.column_names]


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
    names = [name for name in archive.namelist() if not name.startswith("__MACOSX/")]
    members = [name for name in names if name.lower().endswith(".csv")]
    if len(members) != 1:
        archive.close()
        raise SireneError("ce ZIP ne contient pas un seul fichier CSV", where=str(path), remedy="Décompressez-le.")
    return archive.open(members[0])


def _columns(names: Sequence[str], path: Path) -> list[str]:
    """Return the names of the three columns as the file spells them; the year may be absent. Raises SireneError."""
    plain = {"".join(c for c in name.lower() if c.isalnum()): name for name in names}
    found = [next((plain[known] for known in group if known in plain), None) for group in (_SIREN, _BAND, _YEAR)]
    if found[0] is None or found[1] is None:
        missing = "siren" if found[0] is None else "trancheEffectifsUniteLegale"
        seen = ", ".join(printable(name)[:40] for name in list(names)[:_SHOWN])
        raise SireneError(
            f"il manque la colonne « {missing} » ; colonnes vues : {seen}",
            where=str(path),
            remedy="On attend le fichier StockUniteLegale de l'Insee, non celui des établissements.",
        )
    return [name for name in found if name is not None]
