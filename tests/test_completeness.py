"""What is expected of a body and where each of it stands: five states, candidates, years, who could publish."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from opendata_check import law, scoring, sources
from opendata_check.audit import Request, audit
from opendata_check.completeness import expected
from opendata_check.completeness.series import series, spans_of
from opendata_check.fetching import open_fetcher
from opendata_check.matching import families, match, settings
from opendata_check.model.catalog import Catalog, Dataset, Distribution
from opendata_check.model.completeness import Completeness, ExpectedFamily
from opendata_check.model.facts import ColumnFacts, ContentFacts, EnvelopeFacts, TableFacts
from opendata_check.model.finding import Axis, Finding, Outcome, Severity
from opendata_check.model.inspected import Evidence, InspectedDataset, InspectedFile
from opendata_check.model.organization import (
    DeclaredFact,
    EvidenceKind,
    Organization,
    OrganizationKind,
    PopulationFigures,
)
from opendata_check.model.report import AuditReport

ON = date(2026, 11, 26)
FOUND = {"compliant", "non_compliant"}


def commune(people: int = 6_200, **more: object) -> Organization:
    figures = PopulationFigures(2023, 2026, people, people, "Insee")
    body = Organization("Vauclair", OrganizationKind.COMMUNE, insee_code="99001", populations=(figures,))
    return replace(body, epci_name="CC du Val clair", epci_nature="CC", **more)  # type: ignore[arg-type]


def epci(**more: object) -> Organization:
    return replace(commune(40_000), kind=OrganizationKind.EPCI, name="CC du Val clair", **more)  # type: ignore[arg-type]


def table(name: str, *columns: ColumnFacts) -> InspectedFile:
    facts = ContentFacts(
        envelope=EnvelopeFacts(detected="csv", extension="csv"),
        table=TableFacts(header_row=1, labels=tuple(c.label for c in columns) or ("a", "b"), row_count=3,
                         columns=columns),
    )  # fmt: skip
    return InspectedFile(Distribution(name, name), name, facts)


def days(first: str, last: str) -> ColumnFacts:
    return ColumnFacts("date", 0, "A", kind="date", first_date=first, last_date=last)


def dataset(title: str, *files: InspectedFile, others: bool = False, **more: object) -> InspectedDataset:
    record = Dataset(title, title, tuple(file.distribution for file in files), described=True, about_others=others,
                     **more)  # type: ignore[arg-type]  # fmt: skip
    return InspectedDataset(record, files, match(record, files))


def named(name: str, **more: object) -> InspectedDataset:
    """Return a dataset surely recognised: its title and its file say the same."""
    return dataset(name, table(f"{name}.csv"), **more)


def finding(check: str, outcome: Outcome, *, of: str = "", obligation: str = "", axis: Axis = Axis.USABLE) -> Finding:
    return Finding(
        check=check, axis=axis, outcome=outcome, severity=Severity.MINOR, weight=1, title="", message="", why="",
        remedy="", effort="demi_heure", legal_basis=(), obligation=obligation, dataset=of, dataset_title=of,
        locations=(), evidence="", evidence_kind=EvidenceKind.OBSERVED, fingerprint=f"{check}{of}",
    )  # fmt: skip


def gathered(
    datasets: tuple[InspectedDataset, ...] = (),
    body: Organization | None = None,
    *,
    place: str = "portal",
    complete: bool = True,
    others: tuple[InspectedDataset, ...] = (),
    findings: tuple[Finding, ...] = (),
) -> Completeness:
    catalog = Catalog("udata", place, "https://exemple.fr", "Portail", (), complete=complete)
    evidence = Evidence(body, ON, law.scope(body, ON), (catalog,), datasets)
    return expected(evidence, others, law.open_elsewhere(body, ON), findings)


def family(of: Completeness, name: str) -> ExpectedFamily:
    return next(one for one in of.families if one.family == name)


def stands(of: Completeness, name: str) -> tuple[str, str]:
    one = family(of, name)
    return one.state, one.reason


# --- The states -----------------------------------------------------------------------------------------------------


def test_every_family_is_told_once_in_the_order_of_the_rules() -> None:
    assert [one.family for one in gathered().families] == [one.id for one in families()]


def test_a_dataset_without_fault_is_published_well() -> None:
    answer = gathered((named("Arbres remarquables"),), commune())
    assert stands(answer, "arbres") == ("compliant", "found")
    [candidate] = family(answer, "arbres").found
    assert (candidate.dataset, candidate.confidence, candidate.heard) == ("Arbres remarquables", 0.75, "arbres remarquables")  # fmt: skip


def test_a_dataset_at_fault_is_to_be_improved() -> None:
    fault = finding("encodage-utf8", Outcome.NON_COMPLIANT, of="Arbres remarquables")
    good = finding("encodage-utf8", Outcome.COMPLIANT, of="Arbres remarquables")
    found = (named("Arbres remarquables"),)
    assert stands(gathered(found, commune(), findings=(fault,)), "arbres") == ("non_compliant", "faults")
    assert stands(gathered(found, commune(), findings=(good,)), "arbres") == ("compliant", "found")
    remark = replace(fault, severity=Severity.INFO)
    assert stands(gathered(found, commune(), findings=(remark,)), "arbres") == ("compliant", "found")


def test_a_title_alone_is_to_be_confirmed_with_what_it_could_be() -> None:
    answer = gathered((dataset("Points d'eau", table("export.csv")),), commune())
    for name, rival in (("fontaines", "pei"), ("pei", "fontaines")):
        assert stands(answer, name) == ("unverifiable", "probable")
        assert family(answer, name).probable[0].rivals == (rival,)
        assert not family(answer, name).found


def test_what_the_state_publishes_is_already_open_and_never_missing() -> None:
    answer = gathered((), commune())
    assert stands(answer, "elections") == ("already_open", "national")
    assert stands(answer, "cadastre") == ("already_open", "national")
    assert family(answer, "cadastre").elsewhere[0].national


def test_what_a_neighbour_publishes_on_the_territory_is_already_open() -> None:
    theirs = named("Points d'apport volontaire", others=True, publisher="CC du Val clair")
    answer = gathered((), commune(), others=(theirs,))
    assert stands(answer, "points-apport-volontaire") == ("already_open", "by_others")
    assert family(answer, "points-apport-volontaire").elsewhere[0].by == "CC du Val clair"


def test_the_body_s_own_dataset_comes_before_the_others() -> None:
    own, theirs = named("Arbres"), named("Arbres d'alignement", others=True)
    assert stands(gathered((own,), commune(), others=(theirs,)), "arbres") == ("compliant", "found")


def test_a_family_of_the_intercommunality_does_not_concern_the_commune_and_names_it() -> None:
    answer = gathered((), commune())
    assert stands(answer, "dechets-collecte") == ("not_applicable", "holder")
    first = family(answer, "dechets-collecte").publishers[0]
    assert (first.kind, first.name, first.named) == ("epci", "CC du Val clair", True)
    assert stands(gathered((), epci()), "dechets-collecte") == ("not_found", "not_found")


def test_a_family_of_larger_towns_does_not_concern_a_village() -> None:
    assert stands(gathered((), commune(900)), "arbres") == ("not_applicable", "stratum")
    assert stands(gathered((), commune(5_000)), "arbres") == ("not_found", "not_found")
    assert stands(gathered((), epci()), "friches") == ("not_found", "not_found"), "strata are those of communes"
    assert stands(gathered((), replace(commune(), populations=())), "arbres") == ("not_found", "not_found")


def test_a_competence_declared_away_concerns_nobody_here() -> None:
    without = epci(declared=(DeclaredFact("competence_dechets", False),))
    assert stands(gathered((), without), "dechets-collecte") == ("not_applicable", "need")


def test_nobody_knows_what_a_syndicat_is_in_charge_of() -> None:
    syndicat = replace(commune(), kind=OrganizationKind.SYNDICAT)
    assert stands(gathered((), syndicat), "eclairage-public") == ("unverifiable", "competence_unknown")
    assert stands(gathered((), syndicat), "arbres") == ("not_applicable", "holder")
    assert stands(gathered((), syndicat), "budget") == ("not_found", "not_found")


def test_what_a_village_publishes_all_the_same_is_seen() -> None:
    assert stands(gathered((named("Arbres"),), commune(300)), "arbres") == ("compliant", "found")


def test_a_duty_that_does_not_bind_is_not_concerned_and_one_not_known_is_to_be_confirmed() -> None:
    small = gathered((), commune(300, agents_etp=3.0))
    assert stands(small, "prada") == ("not_applicable", "exempt")
    assert stands(gathered((), commune()), "irve") == ("unverifiable", "duty_unknown")
    without = commune(declared=(DeclaredFact("irve_amenageur", False),))
    assert stands(gathered((), without), "irve")[0] == "not_applicable"


def test_what_a_check_could_not_tell_is_not_said_missing() -> None:
    body = commune(agents_etp=62.0)
    unsure = finding("rip-publie", Outcome.UNVERIFIABLE, obligation="rip", axis=Axis.PUBLISHED)
    missing = finding("rip-publie", Outcome.NON_COMPLIANT, obligation="rip", axis=Axis.PUBLISHED)
    assert stands(gathered((), body, findings=(unsure,)), "rip") == ("unverifiable", "place_unseen")
    assert stands(gathered((), body, findings=(missing,)), "rip") == ("not_found", "not_found")


def test_a_place_seen_in_part_is_never_said_empty() -> None:
    assert stands(gathered((), commune(), complete=False), "toilettes") == ("unverifiable", "incomplete")


def test_of_nobody_known_nothing_is_said_not_concerned_for_its_size() -> None:
    answer = gathered((), None)
    assert answer.comparison is None
    assert "stratum" not in {one.reason for one in answer.families}
    assert "holder" not in {one.reason for one in answer.families}


def test_nobody_publishes_for_another_what_each_has_of_its_own() -> None:
    answer = gathered((), commune())
    assert family(answer, "compte-administratif").publishers == ()
    assert [one.kind for one in family(answer, "covoiturage").publishers] == ["departement", "epci"]


def test_usual_families_change_no_score_and_no_verdict(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    with open_fetcher(cache_folder=None) as fetcher:
        *_, report = audit(Request("x", ON, commune(), (sources.detect(str(tmp_path)),)), fetcher)
    assert isinstance(report, AuditReport)
    usual = {one.family for one in report.expected.families if one.usual}
    assert sum(one.state == "not_found" for one in report.expected.families if one.usual) > 20
    assert report.scores == scoring.score(report.findings)
    assert report.priorities == scoring.priorities(report.findings, report.duties)
    assert not usual & {item.obligation for item in report.findings}


# --- Laws of the code -----------------------------------------------------------------------------------------------

POOL = tuple(
    named(title)
    for title in (
        "Subventions 2022", "Subventions 2023", "Subventions 2025", "Arbres", "Menus scolaires", "Points d'eau",
        "Budget primitif 2024", "Comptes administratifs", "Délibérations du conseil municipal", "Déchèteries",
        "Parkings à vélos", "Export", "Prénoms 2019", "Prénoms 2020", "Prénoms 2022", "Bornes de recharge",
    )
)  # fmt: skip


def test_the_order_of_the_datasets_changes_nothing() -> None:
    wanted = gathered(POOL, commune())
    shuffled = list(POOL)
    for seed in range(10):
        random.Random(seed).shuffle(shuffled)
        assert gathered(tuple(shuffled), commune()) == wanted


@hypothesis_settings(max_examples=40)
@given(st.lists(st.sampled_from(POOL), unique=True), st.sampled_from(POOL))
def test_one_more_dataset_never_makes_a_family_not_found(some: list[InspectedDataset], more: InspectedDataset) -> None:
    before = gathered(tuple(some), commune())
    after = gathered((*some, *([] if more in some else [more])), commune())
    for old, new in zip(before.families, after.families, strict=True):
        assert old.state not in FOUND or new.state in FOUND
        assert len(new.found) >= len(old.found)


# --- Years ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "spans"),
    [
        ("Budget 2019", [(2019, 2019)]),
        ("BudgetPri_2014", [(2014, 2014)]),
        ("BP2021v2", [(2021, 2021)]),
        ("Subventions 2019-2021", [(2019, 2021)]),
        ("Comptes 2015 à 2019", [(2015, 2019)]),
        ("Du 01/01/2018 au 31/12/2020", [(2018, 2020)]),
        ("2019-01-01/2020-12-31", [(2019, 2020)]),
        ("Effectifs 2022-2023", [(2022, 2023)]),
        ("Effectifs 2022-23", [(2022, 2023)]),
        ("20190315_deliberations", [(2019, 2019)]),
        ("DECP-21560046100010-2024-07-09-01", [(2024, 2024)]),
        ("Séance du 4.11.2021", [(2021, 2021)]),
        ("2011-12-05", [(2011, 2011)]),
        ("CP 20190", []),
        ("SIRET 21350238820190", []),
        ("2000 arbres", []),
        ("2 019 habitants", []),
        ("2019,500 km", []),
        ("Agenda 2030", []),
        ("Horizon 2020", []),
        ("Natura 2000", []),
        ("Loi 2016-1321", []),
        ("Rue du 8 mai 1945", []),
        ("Prénoms de 1946", []),
        ("Budget 2031", []),
        ("2021-2019", [(2019, 2019), (2021, 2021)]),
        ("9" * 100_000 + " 2019", []),
    ],
)  # fmt: skip
def test_years_are_read_in_names_and_look_alikes_are_not(name: str, spans: list[tuple[int, int]]) -> None:
    assert list(spans_of(name, ON)) == spans


def years(*titles: str) -> tuple[tuple[str, ...], str, bool]:
    [one] = series([named(title) for title in titles], ON)
    return one.missing, one.expected, one.certain


def test_a_gap_between_two_years_is_told() -> None:
    assert years("Subventions 2022", "Subventions 2023", "Subventions 2025") == (("2024",), "", True)


def test_a_range_fills_its_years() -> None:
    assert years("Subventions 2019-2021", "Subventions 2022", "Subventions 2023", "Subventions 2025")[0] == ("2024",)


def test_school_years_are_told_as_such() -> None:
    titles = [f"Effectifs scolaires {years}" for years in ("2020-2021", "2021-2022", "2023-2024", "2024-2025")]
    assert years(*titles) == (("2022-2023",), "2025-2026", True)


def test_the_year_that_has_just_ended_is_a_question_never_a_gap() -> None:
    assert years("Prénoms 2021", "Prénoms 2022", "Prénoms 2023") == ((), "2025", True)


def test_two_files_make_no_series_and_neither_does_a_poll_every_six_years() -> None:
    assert series([named("Subventions 2019"), named("Subventions 2022")], ON) == ()
    assert series([named(f"Budget primitif {year}") for year in (2008, 2014, 2020)], ON) == ()
    assert series([named(f"Résultats des élections {year}") for year in (2019, 2020, 2022)], ON) == ()


def test_the_years_of_a_date_column_fill_the_gap() -> None:
    others = [named(f"Subventions {year}") for year in (2021, 2022, 2024)]
    whole = dataset("Subventions", table("subventions.csv", days("2023-01-04", "2023-12-20")))
    [one] = series([*others, whole], ON)
    assert (one.missing, one.certain) == ((), True)


def test_a_few_days_of_another_year_fill_nothing() -> None:
    files = [
        table(f"subventions_{year}.csv", days(f"{year - 1}-12-20", f"{year}-12-31")) for year in (2020, 2021, 2023)
    ]
    [one] = series([dataset("Subventions", *files)], ON)
    assert one.missing == ("2022",)


def test_the_period_of_the_record_tells_the_year_when_no_name_does() -> None:
    items = [
        replace(item, dataset=replace(item.dataset, id=year, temporal=f"{year}-01-01/{year}-12-31"))
        for year in ("2020", "2021", "2023")
        for item in (named("Subventions"),)
    ]
    [one] = series(items, ON)
    assert (one.missing, one.certain) == (("2022",), True)


def test_a_file_that_tells_no_year_makes_the_gap_a_question() -> None:
    titles = ("Subventions 2022", "Subventions 2023", "Subventions 2025")
    assert years(*titles, "Subventions") == (("2024",), "", False)


def test_a_dataset_of_no_family_has_its_series_too() -> None:
    item = dataset("Hauteurs d'eau", *(table(f"hauteurs_{year}.csv") for year in (2020, 2021, 2023)))
    [one] = series([item], ON)
    assert (one.family, one.title, one.missing) == ("", "Hauteurs d'eau", ("2022",))


def test_a_budget_that_speaks_of_subsidies_is_no_year_of_subsidies() -> None:
    titles = ("Subventions 2021", "Subventions 2022", "Subventions 2024", "Budget primitif 2023 et subventions")
    found = {one.family: one.missing for one in series([named(title) for title in titles], ON)}
    assert found["subventions"] == ("2023",)


def test_a_thousand_files_and_odd_dates_cost_little() -> None:
    odd = days("pas une date", "9999-99-99")
    wide = days("0001-01-01", "9999-12-31")
    files = [table(f"subventions_{1990 + n % 37}_{n}.csv", odd, wide) for n in range(5_000)]
    started = time.perf_counter()
    [one] = series([dataset("Subventions", *files)], ON)
    assert time.perf_counter() - started < 5
    assert one.missing == ()


# --- Comparable bodies ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "label", "median"),
    [
        (0, "moins de 1 000", 1),
        (999, "moins de 1 000", 1),
        (1_000, "1 000 à 2 000", 2),
        (3_500, "3 500 à 5 000", 2),
        (9_999, "5 000 à 10 000", 3),
        (100_000, "100 000 habitants ou plus", 35),
        (2_100_000, "100 000 habitants ou plus", 35),
    ],
)
def test_a_commune_is_told_what_its_stratum_published(people: int, label: str, median: int) -> None:
    found = gathered((), commune(people)).comparison
    assert found is not None
    assert label in found.label.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert (found.median, found.year) == (median, 2022)
    assert found.publishing is not None and found.bodies is not None and found.publishing <= found.bodies


def test_other_bodies_have_their_own_figures_or_none() -> None:
    assert gathered((), epci()).comparison.median == 2  # type: ignore[union-attr]
    assert gathered((), replace(epci(), epci_nature="METRO")).comparison.median == 108  # type: ignore[union-attr]
    assert gathered((), replace(commune(), kind=OrganizationKind.DEPARTEMENT)).comparison.median == 24  # type: ignore[union-attr]
    assert gathered((), replace(commune(), kind=OrganizationKind.SYNDICAT)).comparison is None
    assert gathered((), replace(commune(), populations=())).comparison is None


def test_confidences_of_the_rules_are_those_of_the_checks() -> None:
    """A family said found here must be the one that the check of its duty calls found."""
    import yaml

    folder = Path(__file__).resolve().parents[1] / "rules" / "checks" / "published"
    known = {family.obligation: family for family in families() if not family.usual}
    checks = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in folder.glob("*.yaml")]
    judged = [check for check in checks if check.get("obligation") in known]
    assert len(judged) >= 4
    for check in judged:
        family, figures = known[check["obligation"]], check["parameters"]
        assert (figures["enough"], figures["probable"]) == (family.enough, settings().probable), check["id"]
