"""Freshness told by metadata, names and dates within the data; what cannot be known is asked, never accused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from checks_building import TODAY, evidence_of

from opendata_check.checks.dates import series_of_years, tells_events, years_named
from opendata_check.checks.loading import all_checks
from opendata_check.checks.running import run_checks
from opendata_check.model.finding import Finding, Outcome

CHECKS = {check.rule.id: check for check in all_checks()}
DELAY = "Trois mois au plus après la signature, selon Etalab et La Lettre du maire."


def found(check: str, dataset: Mapping[str, Any], files: list[Any] | None = None, **more: Any) -> list[Finding]:
    """Return the findings of one check on one described dataset."""
    facts = {"dataset": {"described": True, **dataset}, "files": files or [], **more}
    return list(run_checks([CHECKS[check]], evidence_of(facts)))


def table(name: str, label: str, first: str, last: str, **more: Any) -> dict[str, Any]:
    column = {"label": label, "kind": "date", "first_date": first, "last_date": last}
    return {"name": name, "facts": {"envelope": {"detected": "csv"}, "table": {"columns": [column], **more}}}


def named(*names: str) -> list[Any]:
    return [{"name": name} for name in names]


def yearly(first: int, last: int) -> list[Any]:
    return named(*(f"donnees/budget-{year}.csv" for year in range(first, last + 1)))


# ---- files named by year


@pytest.mark.parametrize(
    ("on", "outcome"),
    [(date(2025, 12, 31), Outcome.COMPLIANT), (date(2026, 1, 1), Outcome.NON_COMPLIANT)],
)
def test_an_annual_series_is_late_once_the_year_after_the_next_began(on: date, outcome: Outcome) -> None:
    (finding,) = found("rythme-reel", {"frequency": "annual"}, yearly(2019, 2023), on=on)
    assert finding.outcome is outcome


def test_a_series_without_announced_rhythm_is_a_question_and_a_finished_one_nothing() -> None:
    (finding,) = found("rythme-reel", {}, yearly(2015, 2019))
    assert finding.outcome is Outcome.UNVERIFIABLE
    for frequency in ("punctual", "never", "au fil de l'eau"):
        assert found("rythme-reel", {"frequency": frequency}, yearly(2015, 2019)) == []


def test_a_series_of_every_five_years_has_its_time() -> None:
    assert found("rythme-reel", {"frequency": "quinquennial"}, yearly(2019, 2021))[0].outcome is Outcome.COMPLIANT


@pytest.mark.parametrize(
    "files",
    [named("a.csv", "b.csv", "budget-2015.csv"), named("elections-2014.csv", "elections-2020.csv"),
     named("plan-1995.csv", "plan-2005.csv", "plan-2019.csv"), named("rue-du-11-novembre-1918.csv"),
     named("lot-20150101.csv", "lot-20160101.csv", "lot-20170101.csv")],
)  # fmt: skip
def test_a_few_years_in_names_are_no_series(files: list[Any]) -> None:
    assert found("rythme-reel", {"frequency": "annual"}, files) == []


def test_years_are_the_last_of_each_name() -> None:
    assert years_named(["saison 2019-2020", "Budget 2021", "n° 12019", "20220101"], 2027) == {2020, 2021}
    evidence = evidence_of({"dataset": {}, "files": yearly(2019, 2022)})
    assert series_of_years(evidence.datasets[0], 2027) == (2019, 2020, 2021, 2022)


# ---- dates within the data


def test_old_dates_of_events_are_a_question_and_recent_ones_are_good() -> None:
    old = [table("a.csv", "dateConvention", "2020-01-01", "2023-05-01")]
    new = [table("a.csv", "dateConvention", "2020-01-01", "2026-05-01")]
    (asked,) = found("rythme-reel", {"frequency": "annual"}, old)
    assert asked.outcome is Outcome.UNVERIFIABLE
    assert asked.locations[0].column == "dateConvention"
    assert found("rythme-reel", {"frequency": "annual"}, new)[0].outcome is Outcome.COMPLIANT


@pytest.mark.parametrize("label", ["date_construction", "date_naissance", "mise_en_service", "date_fin", "libellé"])
def test_the_age_of_things_says_nothing_of_the_age_of_data(label: str) -> None:
    assert found("rythme-reel", {"frequency": "monthly"}, [table("a.csv", label, "1900-01-01", "1999-01-01")]) == []


def test_the_furthest_of_several_tables_speaks_and_a_cut_table_does_not() -> None:
    files = [table("a.csv", "date", "2010-01-01", "2012-01-01"), table("b.csv", "date", "2026-01-01", "2026-11-01")]
    assert found("rythme-reel", {"frequency": "monthly"}, files)[0].outcome is Outcome.COMPLIANT
    assert (
        found(
            "rythme-reel",
            {"frequency": "monthly"},
            [table("a.csv", "date", "2010-01-01", "2012-01-01", truncated=True)],
        )
        == []
    )


def test_labels_of_events_are_told_from_others() -> None:
    words = ("notification", "maj")
    assert tells_events("dateNotification", words)
    assert tells_events("DATE_MAJ", words)
    assert tells_events("Date", ())
    assert not tells_events("date de fin", words)
    assert not tells_events("majeur", words)


# ---- record and files


def record(frequency: str, modified: date, *files: date, touched: date | None = None) -> dict[str, Any]:
    return {
        "frequency": frequency,
        "modified": modified,
        "metadata_modified": touched or modified,
        "distributions": [{"id": str(n), "title": str(n), "modified": day} for n, day in enumerate(files)],
    }


def test_a_record_touched_over_old_files_is_told() -> None:
    said = record("annual", date(2026, 4, 2), date(2022, 1, 1), date(2023, 4, 1))
    (finding,) = found("contenu-renouvele", said)
    assert finding.outcome is Outcome.NON_COMPLIANT
    assert "1er avril 2023" in finding.message


def test_the_same_gap_without_a_promise_or_with_another_date_of_record_is_a_question() -> None:
    for said in (
        record("", date(2026, 4, 2), date(2023, 4, 1)),
        record("annual", date(2026, 4, 2), date(2023, 4, 1), touched=date(2026, 10, 1)),
        record("annual", date(2026, 10, 2), date(2026, 4, 1)),
    ):
        assert [item.outcome for item in found("contenu-renouvele", said)] == [Outcome.UNVERIFIABLE]


def test_a_move_of_the_portal_raises_nothing() -> None:
    day = date(2026, 4, 2)
    assert found("contenu-renouvele", record("annual", day, day, day, day)) == []
    assert (
        found("contenu-renouvele", record("annual", day, date(2026, 3, 1), date(2026, 3, 20)))[0].outcome
        is Outcome.COMPLIANT
    )


def test_a_file_without_date_forbids_the_comparison() -> None:
    said = record("annual", date(2026, 4, 2), date(2020, 1, 1))
    said["distributions"].append({"id": "sans", "title": "sans"})
    assert found("contenu-renouvele", said) == []


def test_data_that_end_years_before_the_record_are_a_question() -> None:
    said = {"modified": date(2026, 4, 2), "metadata_modified": date(2026, 4, 2)}
    old = [table("a.csv", "dateConvention", "2015-01-01", "2020-05-01")]
    (finding,) = found("contenu-renouvele", said, old)
    assert (finding.outcome, finding.case) == (Outcome.UNVERIFIABLE, "data_end_before")
    assert found("contenu-renouvele", {"modified": date(2026, 4, 2)}, old) == []


# ---- legal delays


def owed(obligation: str, **more: Any) -> dict[str, Any]:
    return {
        "duties": [{"obligation": obligation, "applicability": "applies", "delay": DELAY, **more}],
        "matches": [{"family": obligation, "confidence": 1.0, "by": "columns"}],
    }


def test_a_last_agreement_published_in_time_is_good_and_a_quiet_year_is_a_question() -> None:
    recent = [table("a.csv", "dateConvention", "2026-01-01", "2026-05-01")]
    old = [table("a.csv", "dateConvention", "2023-01-01", "2025-05-01")]
    (good,) = found("delai-legal", {"modified": date(2026, 6, 1)}, recent, **owed("subventions"))
    (asked,) = found("delai-legal", {"modified": date(2025, 6, 1)}, old, **owed("subventions"))
    assert (good.outcome, good.obligation) == (Outcome.COMPLIANT, "subventions")
    assert (asked.outcome, asked.case) == (Outcome.UNVERIFIABLE, "silent")
    assert "selon Etalab" in asked.message


def test_a_delay_is_never_held_against_a_body_that_is_not_bound_or_had_no_event() -> None:
    old = [table("a.csv", "dateConvention", "2023-01-01", "2024-05-01")]
    for state in ("exempt", "unknown", "not_in_force"):
        assert found("delai-legal", {}, old, **owed("subventions", applicability=state)) == []
    assert found("delai-legal", {}, old, **owed("subventions", event_happened=False)) == []
    assert found("delai-legal", {}, old) == []


def test_a_probable_match_is_no_match() -> None:
    said = owed("subventions")
    said["matches"][0]["confidence"] = 0.4
    assert found("delai-legal", {}, named("a.csv"), **said) == []


@pytest.mark.parametrize(
    ("on", "outcome"), [(date(2026, 6, 30), Outcome.COMPLIANT), (date(2026, 7, 1), Outcome.NON_COMPLIANT)]
)
def test_purchases_of_a_year_are_due_by_the_end_of_june(on: date, outcome: Outcome) -> None:
    (finding,) = found("delai-legal", {"title": "Achats issus du réemploi 2024"}, on=on, **owed("agec-achats"))
    assert finding.outcome is outcome


def test_a_delay_known_by_a_commentary_is_only_a_question() -> None:
    (finding,) = found("delai-legal", {"title": "Véhicules 2022"}, **owed("flottes", certainty="interpretation"))
    assert finding.outcome is Outcome.UNVERIFIABLE


def test_each_year_may_have_its_own_dataset() -> None:
    match = [{"family": "agec-achats", "confidence": 1.0, "by": "columns"}]
    datasets = [
        {"dataset": {"id": str(year), "title": f"Achats {year}"}, "matches": match} for year in (2023, 2024, 2025)
    ]
    duties = owed("agec-achats")["duties"]
    evidence = evidence_of({"datasets": datasets, "duties": duties})
    findings = list(run_checks([CHECKS["delai-legal"]], evidence))
    assert [(item.dataset, item.outcome) for item in findings] == [("2025", Outcome.COMPLIANT)]


# ---- possible dates


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"modified": date(1970, 1, 1)}, Outcome.NON_COMPLIANT),
        ({"modified": date(2030, 1, 1)}, Outcome.NON_COMPLIANT),
        ({"issued": date(2026, 12, 1)}, Outcome.UNVERIFIABLE),
        ({"modified": date(2026, 11, 24)}, Outcome.COMPLIANT),
        ({"modified": TODAY, "issued": date(1995, 1, 1)}, Outcome.COMPLIANT),
    ],
)
def test_declared_dates_must_be_possible(said: dict[str, date], outcome: Outcome) -> None:
    (finding,) = found("dates-possibles", said)
    assert finding.outcome is outcome


def test_a_future_date_is_asked_of_past_events_only() -> None:
    def asked(label: str, last: str) -> list[str]:
        return [item.case for item in found("dates-possibles", {}, [table("a.csv", label, "2024-01-01", last)])]

    assert asked("date_signature", "2028-01-01") == ["inside_ahead"]
    assert asked("date", "2026-12-24") == []  # menus, agenda
    assert asked("date_fin", "2040-01-01") == []
    assert asked("date_fin", "9999-12-31") == ["senseless"]


def test_a_file_of_many_odd_columns_gives_ten_questions() -> None:
    columns = [{"label": f"date_maj_{n}", "first_date": "0001-01-01", "last_date": "9999-12-31"} for n in range(500)]
    files = [{"name": "a.csv", "facts": {"envelope": {"detected": "csv"}, "table": {"columns": columns}}}]
    assert len(found("dates-possibles", {}, files)) == 10


@pytest.mark.parametrize("check", ["rythme-reel", "contenu-renouvele", "delai-legal", "dates-possibles"])
def test_odd_texts_and_dates_break_nothing(check: str) -> None:
    odd = [
        table("\x00" * 50, "date", "n'est pas", "2026-13-45"),
        table("9999" * 1000, "date" * 1000, "0001-01-01", "9999-12-31"),
    ]
    said = {"title": "2" * 100_000, "frequency": "\ufdfa" * 400, "modified": date.max, "metadata_modified": date.min}
    for finding in found(check, said, odd, on=date.min, **owed("subventions")):
        assert finding.outcome is not Outcome.ERROR
    for finding in found(check, said, odd, on=date.max, **owed("agec-achats")):
        assert finding.outcome is not Outcome.ERROR
