"""What tables of town halls are written with: the makers of the labelled corpus, under short names."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from personal_corpus import belongings as p
from personal_corpus import makers as m

__all__ = [
    "BORN",
    "EI",
    "FEW",
    "HEALTH",
    "HOME",
    "INIT",
    "JP",
    "MAIL",
    "MOB",
    "NAME",
    "NO",
    "PLATE",
    "PUB",
    "SCHOOL",
    "SOCIAL",
    "TEL",
    "TEXT",
    "F",
    "L",
    "N",
    "T",
    "Tables",
    "W",
    "day",
    "dig",
    "m",
    "num",
    "one",
    "p",
    "plan",
    "rank",
]  # fmt: skip

Plan = tuple[tuple[str, str, m.Maker], ...]
Tables = dict[str, Plan]
one, num, dig, day, rank, W = m.one_of, m.number, m.digits, m.day, m.rank, p.who
NO, EI, PUB = "none", "either", "public:organisation_charts"
NAME, TEL, MAIL, BORN, HOME, TEXT = "person_name", "phone", "email", "birth_date", "person_address", "named_in_text"
HEALTH, SOCIAL, SCHOOL, FEW, PLATE = "health", "social", "school", "small_counts", "plate"
MOB = "06 39 98 ## ##"
INIT = W("{i} {LAST}")
N, T, F, L = W("{LAST} {first}"), W("{title} {LAST}"), W("{first} {LAST}"), W("{LAST}")
JP = m.blend(W("{LAST} {i}"), W("{i}-{i} {LAST}"), W("{i} {last}"))


def plan(*columns: tuple[str, str, m.Maker]) -> Plan:
    """Return the columns of a table: label, what is expected, maker of cells."""
    return columns
