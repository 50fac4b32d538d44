"""Reads the embedded reference: a mapped file where a record is found by bisection, without reading the rest."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from struct import Struct
from typing import Any, NamedTuple

from opendata_check.errors import RulesError
from opendata_check.resources import data_file
from opendata_check.territory import layout


class Vintage(NamedTuple):
    """One vintage of population figures."""

    reference_year: int
    in_force_year: int
    source: str


class Commune(NamedTuple):
    """A current commune. Figures are None where the reference has none; ``epci`` and ``ept`` are positions."""

    position: int
    code: str
    name: str
    siren: str | None
    municipale_new: int | None
    municipale_old: int | None
    totale_old: int | None
    epci: int | None
    ept: int | None


class Group(NamedTuple):
    """An EPCI or an EPT. ``largest_*`` are the figures of its most populated member commune."""

    position: int
    siren: str
    name: str
    nature: str
    departements: tuple[str, ...]
    municipale_old: int | None
    totale_old: int | None
    largest_municipale_new: int | None
    largest_municipale_old: int | None
    largest_totale_old: int | None


class Former(NamedTuple):
    """A code or a name that is not (or no longer) a commune's; ``commune`` is the current commune's position."""

    code: str
    name: str
    """ "" when the reference gives only the code."""
    status: int
    commune: int


class Area(NamedTuple):
    """A département, a région or an overseas collectivité of the reference."""

    code: str
    name: str
    zone: str
    municipale_new: int | None


@dataclass(frozen=True, slots=True)
class Reference:
    """The mapped file and where its sections lie (offset, size)."""

    data: mmap.mmap
    sections: dict[str, tuple[int, int]]

    def count(self, section: str, record: Struct) -> int:
        """Return how many records a section holds."""
        return self.sections[section][1] // record.size

    def raw(self, section: str, record: Struct, position: int) -> tuple[Any, ...]:
        """Return the fields of one record."""
        return record.unpack_from(self.data, self.sections[section][0] + position * record.size)

    def position(self, section: str, rank: int) -> int:
        """Return the position that section ``*_by_*`` holds at ``rank``."""
        offset = self.sections[section][0] + rank * layout.POSITION.size
        return int(layout.POSITION.unpack_from(self.data, offset)[0])

    def line(self, section: str, offset: int) -> str:
        """Return the line of a text section that starts at ``offset``."""
        start = self.sections[section][0] + offset
        return self.data[start : self.data.find(b"\n", start)].decode()

    def text(self, section: str) -> str:
        """Return a whole text section, without its last line end."""
        offset, size = self.sections[section]
        return self.data[offset : offset + size].decode().removesuffix("\n")


def open_reference(path: Path) -> Reference:
    """Map the file at ``path``.

    Raises RulesError when it is not whole or not of our format (a broken installation).
    """
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise _broken(path) from error
    if len(data) < layout.HEADER.size:
        raise _broken(path)
    magic, version, count, size = layout.HEADER.unpack_from(data, 0)
    if (magic, version, size) != (layout.MAGIC, layout.FORMAT_VERSION, len(data)) or count != len(layout.SECTIONS):
        raise _broken(path)
    sections = {}
    for rank in range(count):
        name, offset, length = layout.ENTRY.unpack_from(data, layout.HEADER.size + rank * layout.ENTRY.size)
        sections[name.rstrip(b"\0").decode()] = (offset, length)
    return Reference(data, sections)


def _broken(path: Path) -> RulesError:
    return RulesError(
        "la référence des communes est abîmée",
        where=str(path),
        remedy="L'installation est incomplète : réinstallez opendata-check.",
    )


@cache
def reference() -> Reference:
    """Return the embedded reference, mapped once."""
    return open_reference(data_file("territory", layout.FILE_NAME))


@cache
def vintages() -> tuple[Vintage, Vintage]:
    """Return the two vintages of the figures, the new one first."""
    new, old = (line.split("\t") for line in reference().text("vintages").split("\n"))
    return Vintage(int(new[0]), int(new[1]), new[2]), Vintage(int(old[0]), int(old[1]), old[2])


def _figure(value: int) -> int | None:
    return None if value == layout.NO_FIGURE else value


def _position(value: int) -> int | None:
    return None if value == layout.NO_POSITION else value


def commune_at(position: int) -> Commune:
    """Return the commune at ``position`` (0-based, in the order of codes)."""
    ref = reference()
    code, name, siren, new, old, totale, epci, ept = ref.raw("communes", layout.COMMUNE, position)
    return Commune(
        position=position,
        code=code.decode(),
        name=ref.line("commune_names", name),
        siren=None if siren == layout.NO_SIREN else str(siren),
        municipale_new=_figure(new),
        municipale_old=_figure(old),
        totale_old=_figure(totale),
        epci=_position(epci),
        ept=_position(ept),
    )


def group_at(position: int) -> Group:
    """Return the EPCI or EPT at ``position`` (0-based, in the order of SIREN)."""
    ref = reference()
    siren, name, nature, *figures = ref.raw("groups", layout.GROUP, position)
    label, departements = ref.line("group_names", name).split("\t")
    municipale, totale, new, old, largest_totale = (_figure(value) for value in figures)
    return Group(
        position=position,
        siren=str(siren),
        name=label,
        nature=layout.NATURES[nature],
        departements=tuple(departements.split(",")),
        municipale_old=municipale,
        totale_old=totale,
        largest_municipale_new=new,
        largest_municipale_old=old,
        largest_totale_old=largest_totale,
    )


def former_at(position: int) -> Former:
    """Return the former or partial commune at ``position`` (0-based, in the order of codes)."""
    ref = reference()
    code, name, status, commune = ref.raw("formers", layout.FORMER, position)
    return Former(code.decode(), ref.line("former_names", name), status, commune)


def _areas(section: str) -> tuple[Area, ...]:
    """Return every département (section ``departements``) or région (``regions``) of the reference, by code."""
    rows = (line.split("\t") for line in reference().text(section).split("\n"))
    return tuple(
        Area(code, name, zone, int(municipale) if municipale else None) for code, name, zone, municipale in rows
    )


@cache
def departements() -> dict[str, Area]:
    """Return the départements and overseas collectivités by code."""
    return {area.code: area for area in _areas("departements")}


@cache
def regions() -> dict[str, Area]:
    """Return the régions and overseas collectivités by code."""
    return {area.code: area for area in _areas("regions")}


def departement_of(code: str) -> str:
    """Return the code of the département of an INSEE code: its first two characters, three overseas."""
    return code[:3] if code.startswith(("97", "98")) else code[:2]
