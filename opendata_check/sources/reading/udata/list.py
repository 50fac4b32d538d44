"""Reads a list of udata's datasets: each entry as a Dataset, or why it is not kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from opendata_check.model.catalog import Fault
from opendata_check.sources.reading import values
from opendata_check.sources.reading.collecting import Announced, LeftOut, Part
from opendata_check.sources.reading.udata.pages import Reader
from opendata_check.sources.reading.udata.record import dataset_of, id_of, left_out, mapping


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A list of datasets to ask for."""

    endpoint: str
    params: Mapping[str, Any]
    mask: str
    page_size: int
    announces: bool
    """True for a list that the portal filters itself: its total then counts what is shown, and nothing else."""


def read_list(
    reader: Reader, query: ListQuery, sirens: Mapping[str, str | None], *, others: bool = False
) -> Iterator[Part]:
    """Yield each public dataset of a list, the records left out (each once) and the faults.

    ``sirens`` are the SIREN of the organizations known, by id. With ``others``, a dataset that none of them publishes
    is ``about_others``.
    """
    dropped: set[str] = set()
    for part in reader.pages(
        query.endpoint, query.params, f"data{{{query.mask}}},next_page,total", page_size=query.page_size
    ):
        if not isinstance(part, list):
            if not isinstance(part, Announced) or query.announces:
                yield part
            continue
        records = [entry for entry in part if id_of(entry)]
        if len(records) < len(part):
            yield Fault(f"{len(part) - len(records)} jeux de données n'ont pas pu être lus", query.endpoint)
        for entry in records:
            record, faults = reader.whole(entry)
            yield from faults
            reason = left_out(record)
            if not reason:
                owner = values.text(mapping(record.get("organization")).get("id"), 100)
                yield dataset_of(record, sirens.get(owner), about_others=others and owner not in sirens)
            elif id_of(record) not in dropped:
                dropped.add(id_of(record))
                yield LeftOut(reason)
