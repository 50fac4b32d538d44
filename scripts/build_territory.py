"""Builds the embedded reference of communes and EPCI from the material of shared/reference (see its README).

    python scripts/build_territory.py [--reference DIR] [--output FILE]

The same input always gives the same bytes. The two vintages of population stay in fields of their own.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stdnum.fr.siren import is_valid

_ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(_ROOT))

from opendata_check.territory import layout  # noqa: E402 - the checkout's package, not an installed one
from opendata_check.territory.names import search_key  # noqa: E402

Row = dict[str, str]
VINTAGES = (
    (2023, 2026, "Insee, populations de référence 2023"),
    (2022, 2025, "DGCL, d'après les populations de référence 2022 de l'Insee"),
)
"""Which column is which vintage is said by the README beside the material."""
CITIES = {"13": "13055", "69": "69123", "75": "75056"}
"""Commune of the municipal arrondissements, by département: the reference leaves it empty."""
STATUSES = {
    "commune-deleguee": layout.DELEGATED,
    "commune-associee": layout.ASSOCIATED,
    "arrondissement-municipal": layout.ARRONDISSEMENT,
}
LYON_METROPOLIS = "MET69"


@dataclass(frozen=True)
class Material:
    """The rows of the reference, each sorted by its key, and where communes and groups lie."""

    communes: list[Row]
    groups: list[Row]
    formers: list[Row]
    former_codes: list[Row]
    postcodes: list[Row]
    departements: list[dict[str, Any]]
    regions: list[dict[str, Any]]
    commune_positions: dict[str, int]
    group_positions: dict[str, int]


def read_material(folder: Path) -> Material:
    """Read the reference of ``folder``; raises OSError or KeyError when it is not the one described there."""

    def rows(name: str, key: str) -> list[Row]:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            return sorted(csv.DictReader(file), key=lambda row: row[key])

    def areas(name: str) -> list[dict[str, Any]]:
        return sorted(json.loads((folder / name).read_text(encoding="utf-8")), key=lambda area: str(area["code"]))

    communes, groups = rows("communes.csv", "code_insee"), rows("epci.csv", "siren")
    return Material(
        communes=communes,
        groups=groups,
        formers=rows("former_and_partial_communes.csv", "code_insee"),
        former_codes=rows("former_codes.csv", "ancien_code"),
        postcodes=rows("postcodes.csv", "code_postal"),
        departements=areas("departements.json"),
        regions=areas("regions.json"),
        commune_positions={row["code_insee"]: position for position, row in enumerate(communes)},
        group_positions={row["siren"]: position for position, row in enumerate(groups)},
    )


def siren(text: str) -> int:
    """Return a SIREN as stored, its control key checked; raises ValueError when it is false."""
    if text and not is_valid(text):
        raise ValueError(f"SIREN {text} has a false control key")
    return int(text or layout.NO_SIREN)


def figure(text: str) -> int:
    """Return a population figure as stored: « absent » has a value of its own, never zero."""
    return int(text) if text else layout.NO_FIGURE


def text_section(lines: Iterable[str]) -> tuple[bytes, list[int]]:
    """Return the bytes of a text section, and where each of its lines starts."""
    content, starts = bytearray(), []
    for line in lines:
        if "\n" in line:
            raise ValueError(f"a line end in {line!r}")
        starts.append(len(content))
        content += line.encode() + b"\n"
    return bytes(content), starts


def order_section(count: int, key: Callable[[int], Any]) -> bytes:
    """Return positions 0 … count-1 in the order of ``key`` (equal keys keep the order of positions)."""
    return b"".join(layout.POSITION.pack(position) for position in sorted(range(count), key=key))


def commune_sections(material: Material) -> dict[str, bytes]:
    """Return the sections about current communes."""
    communes, groups = material.communes, material.group_positions
    names, starts = text_section(row["nom"] for row in communes)
    records = b"".join(
        layout.COMMUNE.pack(
            row["code_insee"].encode("ascii"),
            start,
            siren(row["siren"]),
            figure(row["population_municipale"]),
            figure(row["population_municipale_dgcl"]),
            figure(row["population_totale_dgcl"]),
            groups[row["epci"]] if row["epci"] else layout.NO_POSITION,
            groups[row["ept"]] if row["ept"] else layout.NO_POSITION,
        )
        for row, start in zip(communes, starts, strict=True)
    )
    return {
        "communes": records,
        "commune_names": names,
        "communes_by_siren": order_section(len(communes), lambda p: int(communes[p]["siren"] or layout.NO_SIREN)),
        "communes_by_name": order_section(len(communes), lambda p: search_key(communes[p]["nom"])),
    }


def group_sections(material: Material) -> dict[str, bytes]:
    """Return the sections about EPCI and EPT, with their départements and their largest member's figures."""
    members: defaultdict[str, list[Row]] = defaultdict(list)
    for row in material.communes:
        for group in filter(None, (row["epci"], row["ept"])):
            members[group].append(row)
    names, starts = text_section(
        f"{row['nom']}\t{','.join(sorted({member['departement'] for member in members[row['siren']]}))}"
        for row in material.groups
    )
    records = b"".join(
        layout.GROUP.pack(
            siren(row["siren"]),
            start,
            layout.NATURES.index(row["nature"]),
            figure(row["population_municipale"]),
            figure(row["population_totale"]),
            *(
                max(figure(member[column]) for member in members[row["siren"]])
                for column in ("population_municipale", "population_municipale_dgcl", "population_totale_dgcl")
            ),
        )
        for row, start in zip(material.groups, starts, strict=True)
    )
    return {"groups": records, "group_names": names}


def former_rows(material: Material) -> list[tuple[str, str, int, str]]:
    """Return (code, name, status, current commune) by code.

    The list of delegated and associated communes prevails over the bare list of old codes where both know a code:
    two codes (55273, 60455) differ there, after a commune left one merger for another.
    """
    found = {
        row["code_insee"]: (
            row["nom"],
            STATUSES[row["type"]],
            row["code_insee_commune_actuelle"] or CITIES[row["departement"]],
        )
        for row in material.formers
    }
    for row in material.former_codes:
        found.setdefault(row["ancien_code"], ("", layout.REPLACED, row["code_insee"]))
    return [(code, *found[code]) for code in sorted(found)]


def former_sections(material: Material) -> dict[str, bytes]:
    """Return the sections about what is not, or no longer, a commune of full exercise."""
    rows = former_rows(material)
    names, starts = text_section(name for _, name, _, _ in rows)
    records = b"".join(
        layout.FORMER.pack(code.encode("ascii"), start, status, material.commune_positions[current])
        for (code, _, status, current), start in zip(rows, starts, strict=True)
    )
    named = [position for position, row in enumerate(rows) if row[1]]
    named.sort(key=lambda position: search_key(rows[position][1]))
    return {
        "formers": records,
        "former_names": names,
        "formers_by_name": b"".join(layout.POSITION.pack(position) for position in named),
    }


def postcode_sections(material: Material) -> dict[str, bytes]:
    """Return postcodes ↔ communes; rows of municipal arrondissements double their city's and are left out."""
    pairs = sorted(
        {
            (row["code_postal"], material.commune_positions[row["code_insee"]])
            for row in material.postcodes
            if row["code_insee"] in material.commune_positions
        }
    )
    return {
        "postcodes": b"".join(layout.POSTCODE.pack(code.encode("ascii"), commune) for code, commune in pairs),
        "postcodes_by_commune": order_section(len(pairs), lambda rank: pairs[rank][1]),
    }


def area_sections(material: Material) -> dict[str, bytes]:
    """Return départements and régions, with the sum of their communes' municipale population (new vintage).

    The département of Rhône is counted without the Métropole de Lyon, which holds the département's powers there.
    """
    lyon = {row["siren"] for row in material.groups if row["nature"] == LYON_METROPOLIS}
    sums: dict[str, defaultdict[str, int]] = {"departement": defaultdict(int), "region": defaultdict(int)}
    for row in material.communes:
        population = int(row["population_municipale"] or 0)
        sums["region"][row["region"]] += population
        if row["epci"] not in lyon:
            sums["departement"][row["departement"]] += population

    def lines(areas: list[dict[str, Any]], column: str) -> bytes:
        return text_section(
            f"{area['code']}\t{area['nom']}\t{area['zone']}\t"
            f"{sums[column][area['code']] if area['zone'] != 'com' else ''}"
            for area in areas
        )[0]

    return {
        "departements": lines(material.departements, "departement"),
        "regions": lines(material.regions, "region"),
        "vintages": text_section("\t".join(map(str, vintage)) for vintage in VINTAGES)[0],
    }


def assemble(sections: dict[str, bytes]) -> bytes:
    """Return the file: header, directory, sections in the order of the layout."""
    start = layout.HEADER.size + layout.ENTRY.size * len(layout.SECTIONS)
    directory, body = bytearray(), bytearray()
    for name in layout.SECTIONS:
        directory += layout.ENTRY.pack(name.encode("ascii"), start + len(body), len(sections[name]))
        body += sections[name]
    header = layout.HEADER.pack(layout.MAGIC, layout.FORMAT_VERSION, len(layout.SECTIONS), start + len(body))
    return header + bytes(directory) + bytes(body)


def build(folder: Path) -> bytes:
    """Return the bytes of the embedded reference built from ``folder``."""
    material = read_material(folder)
    return assemble(
        commune_sections(material)
        | group_sections(material)
        | former_sections(material)
        | postcode_sections(material)
        | area_sections(material)
    )


def main() -> None:
    """Write the embedded reference."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--reference", type=Path, default=_ROOT.parent / "shared" / "reference")
    parser.add_argument(
        "--output", type=Path, default=_ROOT / "opendata_check" / "territory" / "data" / layout.FILE_NAME
    )
    options = parser.parse_args()
    content = build(options.reference)
    partial = options.output.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(options.output)
    print(f"{options.output}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
