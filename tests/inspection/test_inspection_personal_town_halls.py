"""Over some three hundred tables of town halls, persons are found and things are left in peace, column by column."""

from __future__ import annotations

import pytest
import town_hall_everyday
import town_hall_forms
import town_hall_lures
import town_hall_offices
import town_hall_persons
import town_hall_registers
import town_hall_things
from personal_corpus import measure
from personal_corpus.designs import design, made

from opendata_check.inspection.batch import TableBatch
from opendata_check.inspection.personal import PersonalWatch

ROOMS = (
    town_hall_persons,
    town_hall_things,
    town_hall_everyday,
    town_hall_forms,
    town_hall_registers,
    town_hall_offices,
    town_hall_lures,
)
PLANS = {name: plan for room in ROOMS for name, plan in room.TABLES.items()}
ROWS = 40


def test_the_rooms_share_no_table() -> None:
    assert len(PLANS) == sum(len(room.TABLES) for room in ROOMS) >= 250


@pytest.mark.parametrize("name", PLANS)
def test_persons_are_found_and_things_left_in_peace(name: str) -> None:
    table = made(design(name, ROWS, *PLANS[name]), "tune")
    watch = PersonalWatch(list(table.labels))
    columns = [tuple(row[place] for row in table.rows) for place in range(len(table.labels))]
    watch.take(TableBatch.of_rows(range(2, ROWS + 2), columns))
    for seen in measure.compare(table, watch.hints()):
        assert not seen.counted or seen.flagged == seen.positive, seen.label
