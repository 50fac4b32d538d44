"""Looks, in the extract of Sirene the user gave, for the SIRET and SIREN that the files hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from opendata_check.model.catalog import Fault
from opendata_check.model.facts import NumbersSeen
from opendata_check.model.inspected import InspectedDataset, InspectedFile, UnknownNumbers
from opendata_check.ranges import LineRanges
from opendata_check.territory.sirene import SireneError
from opendata_check.territory.sirene_numbers import KnownNumbers, known_numbers


def with_unknown_numbers(
    datasets: Sequence[InspectedDataset], extract: Path
) -> tuple[list[InspectedDataset], tuple[Fault, ...]]:
    """Return the datasets, each file with the numbers that the extract does not hold.

    An extract that cannot be read changes no dataset, and is told as a fault.
    """
    wanted = {number for item in datasets for file in item.files for seen in _seen(file) for number in seen.lines}
    if not wanted:
        return list(datasets), ()
    try:
        known = known_numbers(extract, wanted)
    except SireneError as error:
        return list(datasets), (Fault(error.what, error.where, error.remedy),)
    return [replace(item, files=tuple(_judged(file, known) for file in item.files)) for item in datasets], ()


def _seen(file: InspectedFile) -> tuple[NumbersSeen, ...]:
    return file.facts.table.numbers if file.facts is not None and file.facts.table is not None else ()


def _judged(file: InspectedFile, known: KnownNumbers) -> InspectedFile:
    found = [unknown for seen in _seen(file) if (unknown := _unknown(seen, known)).count]
    return replace(file, unknown_numbers=tuple(found)) if found else file


def _unknown(seen: NumbersSeen, known: KnownNumbers) -> UnknownNumbers:
    lines = LineRanges()
    lines.extend(sorted(line for number, line in seen.lines.items() if not known.knows(number)))
    kind = "siren" if "siren" in (seen.kind, known.kind) else "siret"
    return UnknownNumbers(kind, seen.column, seen.letter, lines.count, len(seen.lines), lines.ranges())
