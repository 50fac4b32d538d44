"""Odd figures, dates and rows are pointed at; ordinary tables raise no question."""

from __future__ import annotations

import random

from opendata_check.inspection.columns import TableProfiler
from opendata_check.model.facts import Oddity, TableFacts


def profiled(labels: list[str], rows: list[list[str]]) -> TableProfiler:
    profiler = TableProfiler(labels)
    for line, cells in enumerate(rows, start=2):
        profiler.add(line, cells)
    return profiler


def told(profiler: TableProfiler) -> TableFacts:
    return profiler.completed(TableFacts(1, (), 0))


def oddities(labels: list[str], rows: list[list[str]]) -> dict[str, Oddity]:
    return {odd.kind: odd for odd in told(profiled(labels, rows)).oddities}


def ordinary(count: int, seed: int = 1) -> list[str]:
    made = random.Random(seed)
    return [f"{made.uniform(100, 9_000):.2f}".replace(".", ",") for _ in range(count)]


def test_one_negative_amount_among_many_is_asked() -> None:
    rows = [[amount] for amount in ordinary(60)]
    rows[7] = ["-1 250,00"]
    odd = oddities(["montant"], rows)["negative"]
    assert (odd.count, odd.rows, odd.letter) == (1, ((9, 9),), "A")


def test_amounts_that_are_often_negative_are_how_things_are_counted() -> None:
    rows = [[amount if at % 3 else f"-{amount}"] for at, amount in enumerate(ordinary(60))]
    assert oddities(["montant"], rows) == {}
    assert oddities(["solde_montant"], [["-5"], *[[a] for a in ordinary(60)]]) == {}


def test_an_amount_a_thousand_times_the_others_is_asked() -> None:
    rows = [[amount] for amount in ordinary(200)]
    rows[50] = ["9800000"]
    assert oddities(["Montant voté"], rows)["huge"].rows == ((52, 52),)


def test_amounts_that_grow_step_by_step_are_ordinary() -> None:
    rows = [[str(10 ** (at % 7))] for at in range(200)]
    assert oddities(["montant"], rows) == {}
    assert oddities(["montant"], [["1"], ["2"], ["9000000"]]) == {}  # too few to tell


def test_a_total_that_does_not_add_up_is_asked() -> None:
    rows = [[str(at), str(2 * at), str(3 * at)] for at in range(1, 41)]
    rows[9][2] = "1000"
    odd = oddities(["investissement", "fonctionnement", "total"], rows)["wrong_total"]
    assert (odd.count, odd.rows, odd.column) == (1, ((11, 11),), "total")


def test_a_total_of_other_things_is_left_alone() -> None:
    made = random.Random(3)
    rows = [[str(made.randint(1, 99)) for _ in range(3)] for _ in range(60)]
    assert oddities(["a", "b", "total"], rows) == {}


def test_a_total_that_stands_first_adds_what_follows() -> None:
    rows = [[str(3 * at), str(at), str(2 * at)] for at in range(1, 41)]
    rows[3][0] = "0,5"
    assert oddities(["total", "hommes", "femmes"], rows)["wrong_total"].rows == ((5, 5),)


def test_an_end_before_its_start_is_asked() -> None:
    rows = [["01/01/2024", "31/12/2024"]] * 20 + [["2024-05-01", "2023-05-01"]]
    odd = oddities(["date_debut", "date_fin"], rows)["order"]
    assert (odd.rows, odd.other) == (((22, 22),), "date_fin")


def test_more_voters_than_registered_are_asked() -> None:
    rows = [["800", "500"]] * 20 + [["800", "900"]]
    assert oddities(["inscrits", "votants"], rows)["order"].column == "votants"


def test_one_percentage_out_of_bounds_is_asked() -> None:
    rows = [[str(at % 100)] for at in range(60)] + [["140"]]
    assert oddities(["pourcentage_votes"], rows)["percent"].count == 1


def test_one_date_of_another_age_is_asked_and_old_collections_are_not() -> None:
    assert oddities(["date"], [["2024-01-31"]] * 30 + [["0203-01-31"]])["old_date"].rows == ((32, 32),)
    assert oddities(["date"], [["1850-01-31"]] * 30) == {}
    assert oddities(["date"], [["2024-01-31"]] * 100 + [["1850-01-31"]] * 8) == {}


def test_repeated_rows_are_counted_and_tables_compared() -> None:
    rows = [[str(at), "x"] for at in range(1_000)]
    first = told(profiled(["id", "nom"], [*rows, ["5", "x"]]))
    assert (first.repeated_count, first.repeated_rows) == (1, ((1_002, 1_002),))
    same = told(profiled(["id", "nom"], rows[::-1]))
    other = told(profiled(["id", "nom"], [[cell, "y"] for cell, _ in rows]))
    assert first.row_sketch == same.row_sketch
    assert not set(first.row_sketch) & set(other.row_sketch)


def test_a_title_that_comes_back_between_two_parts_is_no_repeated_row() -> None:
    rows = [["Travaux", "", ""], ["a", "1", "2"], ["Travaux", "", ""], ["b", "1", "2"]]
    assert told(profiled(["nom", "x", "y"], rows)).repeated_count == 0


def test_empty_and_hostile_tables_say_nothing() -> None:
    assert oddities(["montant", "total"], []) == {}
    assert oddities(["montant"], [["1e400"], ["-"], ["9" * 400], ["NaN"], ["inf"]] * 20) == {}
    assert oddities(["montant"] * 3_000, [["1"] * 3_000] * 3) == {}
