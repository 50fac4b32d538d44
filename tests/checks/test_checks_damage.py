"""One gesture is one verdict, and each of its columns keeps its place."""

from __future__ import annotations

from checks_building import case_of

from opendata_check.checks.loading import all_checks
from opendata_check.model.finding import Location, Outcome

CHECKS = {check.rule.id: check for check in all_checks()}


def table(*damage: dict[str, object]) -> dict[str, object]:
    envelope = {"detected": "csv", "extension": "csv"}
    return {
        "file": {"name": "a.csv", "facts": {"envelope": envelope, "table": {"row_count": 9, "damage": list(damage)}}}
    }


def test_columns_mended_together_are_all_located() -> None:
    check = CHECKS["nombres-bien-ecrits"]
    content = table(
        {"kind": "unit", "column": "tarif", "letter": "B", "count": 2, "rows": [[2, 3]]},
        {"kind": "unit", "column": "remise", "letter": "D", "count": 1, "rows": [[5, 5]]},
    )
    (verdict,) = check.decide(case_of(check.rule, content))
    assert (verdict.count, verdict.values["where"]) == (3, "colonnes B, D")
    places: list[Location] = list(verdict.locations)
    assert [(place.column, place.letter, place.rows) for place in places] == [
        ("tarif", "B", ((2, 3),)),
        ("remise", "D", ((5, 5),)),
    ]


def test_a_short_postcode_is_asked_and_a_short_insee_code_is_not() -> None:
    check = CHECKS["codes-intacts"]
    content = table(
        {"kind": "lost_zero", "column": "cp", "letter": "A", "count": 1, "of": "postcode"},
        {"kind": "lost_zero", "column": "insee", "letter": "B", "count": 1, "of": "insee"},
    )
    told = [(verdict.case, verdict.outcome) for verdict in check.decide(case_of(check.rule, content))]
    assert told == [("lost_zero_postcode", Outcome.UNVERIFIABLE), ("lost_zero", Outcome.NON_COMPLIANT)]
