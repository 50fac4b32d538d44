"""Looks in an extract of Sirene for the SIRET and SIREN that somebody's files hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from opendata_check.territory.names import printable
from opendata_check.territory.sirene import UNREADABLE, SireneError, columns_read

_DIGITS = {"siret": 14, "siren": 9}
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class KnownNumbers:
    """What an extract knows of the numbers asked for."""

    kind: str
    """``siret`` when the extract lists establishments, ``siren`` when it lists legal units: then only the first nine
    digits of a SIRET could be looked for."""
    rows: int
    """Rows read."""
    found: frozenset[str]
    """Those of the numbers asked for (their first nine digits for ``siren``) that the extract holds."""

    def knows(self, number: str) -> bool:
        """Return whether a SIRET or a SIREN stands in the extract, as far as it can tell."""
        return number[: _DIGITS[self.kind]] in self.found


def known_numbers(
    path: Path, numbers: Collection[str], progress: Callable[[int], None] = lambda rows: None
) -> KnownNumbers:
    """Return which of the SIRET and SIREN given the extract holds (CSV, ZIP, GZ or Parquet), by columns.

    A SIREN (nine digits) is looked for among the establishments by its first nine. ``progress`` is called with the
    number of rows read. Raises SireneError naming the file, what was expected and what to do.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    chosen: list[str] = []
    found: set[str] = set()
    rows = 0
    try:
        with ExitStack() as stack:
            for table in columns_read(path, lambda names, where: _number_column(names, where, chosen), stack):
                width = _DIGITS[chosen[0]]
                column = pc.utf8_lpad(pc.utf8_trim_whitespace(table.column(0).cast(pa.string())), width, "0")
                for size in sorted({min(width, len(number)) for number in numbers}):
                    wanted = pa.array(sorted({number[:size] for number in numbers if min(width, len(number)) == size}))
                    cut = column if size == width else pc.utf8_slice_codeunits(column, 0, size)
                    found.update(pc.unique(cut.filter(pc.is_in(cut, value_set=wanted))).to_pylist())
                rows += table.num_rows
                progress(rows)
    except UNREADABLE as error:
        raise SireneError(
            "cet extrait de Sirene ne peut pas être lu",
            where=str(path),
            remedy="On attend StockEtablissement ou StockUniteLegale de l'Insee, en CSV (ou ZIP) ou en Parquet.",
        ) from error
    return KnownNumbers(chosen[0] if chosen else "siret", rows, frozenset(found))


def _number_column(names: Sequence[str], path: Path, chosen: list[str]) -> list[str]:
    """Return the name of the column of SIRET, else of SIREN, and note which in ``chosen``. Raises SireneError."""
    plain = {"".join(c for c in name.lower() if c.isalnum()): name for name in names}
    for kind in _DIGITS:
        if kind in plain:
            chosen[:] = [kind]
            return [plain[kind]]
    seen = ", ".join(printable(name)[:40] for name in list(names)[:_SHOWN])
    raise SireneError(
        f"il manque la colonne « siret » ou « siren » ; colonnes vues : {seen}",
        where=str(path),
        remedy="On attend StockEtablissement ou StockUniteLegale de l'Insee.",
    )
