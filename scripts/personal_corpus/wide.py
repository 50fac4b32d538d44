"""A large table for measuring pace: what a town hall's exports hold, a fifth of it about persons."""

from __future__ import annotations

import csv
from pathlib import Path

from . import belongings as p
from . import makers as m
from .designs import design
from .names import TUNE as NAMES
from .persons import World
from .places import TUNE as PLACES

_DISTINCT = 100_000
"""Rows that differ; they are written again until the table is full, far apart enough for no batch to see it."""
_WIDE = design(
    "wide",
    0,
    ("id", "none", m.rank("DOS-{:07}")),
    ("date_depot", "none", m.day("%d/%m/%Y", 2015, 2025)),
    ("siret", "none", m.siret),
    ("raison_sociale", "none", m.firm),
    ("nom", "person_name", p.last),
    ("prenom", "person_name", p.first),
    ("adresse", "person_address", p.home),
    ("code_postal", "none", m.postcode),
    ("commune", "none", m.town),
    ("telephone", "phone", p.phone(" ")),
    ("courriel", "email", m.blend(p.mailbox, p.service_mail("contact", "mairie"))),
    ("objet", "none", p.text("Réfection de la {street}, tranche {n}", "Travaux : {place}", "Fournitures, lot {n}")),
    ("montant", "none", m.decimal(10, 90000)),
    ("latitude", "none", m.decimal(48.8, 48.9, 6, ".")),
    ("reference", "none", m.digits("2#############")),
)


def write_wide(path: Path, count: int) -> list[str]:
    """Write ``count`` rows of 15 columns as CSV; return the labels."""
    world = World("wide", NAMES, PLACES)
    rows = []
    for row in range(min(count, _DISTINCT)):
        world.turn(row)
        rows.append([column.make(world) for column in _WIDE.columns])
    labels = [column.label for column in _WIDE.columns]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(labels)
        for start in range(0, count, len(rows)):
            writer.writerows(rows[: count - start])
    return labels
