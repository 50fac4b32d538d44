"""Opens a delimited text and reads its first lines: encoding given, how they split into cells, which labels repeat."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from typing import TextIO

from opendata_check.inspection.dialect import SAMPLE_CHARACTERS, SAMPLE_LINES, Layout, find_layout
from opendata_check.inspection.records import MAX_LINE
from opendata_check.model.content import Content


def open_text(content: Content, encoding: str) -> TextIO:
    """Open a text in the encoding found, its line ends kept; what cannot be read becomes U+FFFD."""
    return io.TextIOWrapper(content.path.open("rb"), encoding=encoding, errors="replace", newline="")


def layout_of(content: Content, encoding: str) -> Layout:
    """Return how the first lines of a text split into cells."""
    with open_text(content, encoding) as stream:
        return find_layout(_first_lines(stream))


def _first_lines(stream: TextIO) -> list[str]:
    """Return the first physical lines, within the sample's limits; an endless line is cut."""
    lines: list[str] = []
    size = 0
    while len(lines) < SAMPLE_LINES and size < SAMPLE_CHARACTERS:
        line = stream.readline(MAX_LINE)
        if not line:
            break
        lines.append(line[:SAMPLE_CHARACTERS])
        size += len(line)
    return lines


def duplicate_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the labels that name several columns, in the order of their first appearance."""
    counts = Counter(label.strip() for label in labels)
    return tuple(label for label, count in counts.items() if count > 1 and label)
