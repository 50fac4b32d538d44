"""Cuts a delimited text into columns with Arrow, as csv.reader would cut it into rows (design/tables-spike.md §3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from opendata_check.model.facts import Dialect

BLOCK_BYTES = 2 << 20
"""Bytes read at once: larger blocks cost memory, smaller ones time."""


def open_columns(
    stream: BinaryIO | Any, dialect: Dialect, *, width: int, header_row: int, on_odd: Callable[[Any], str], block: int
) -> Iterator[Any]:
    """Yield record batches of ``width`` text columns from the line after the header on.

    Columns are named « 0 », « 1 »…; rows of another width are given to ``on_odd``, which answers « skip ». Raises
    ArrowInvalid for a text that is not UTF-8, or a row longer than a block.
    """
    import pyarrow as pa
    import pyarrow.csv as pacsv

    names = [str(position) for position in range(width)]
    try:
        reader = pacsv.open_csv(
            stream,
            read_options=pacsv.ReadOptions(
                use_threads=False, block_size=block, column_names=names, skip_rows=header_row
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quotechar or False,
                double_quote=True,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=on_odd,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return
        raise
    yield from reader
