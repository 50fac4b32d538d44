"""What running the checks promises: order, stability, safety of texts, and that a failing check costs only itself."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date
from functools import cache

import pytest
from checks_building import build, case_of, evidence_of
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata_check.checks import rules, run
from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.loading import Check, all_checks
from opendata_check.checks.running import run_checks
from opendata_check.model.finding import Axis, Finding, Location, Outcome, Severity
from opendata_check.model.inspected import Evidence, InspectedDataset
from opendata_check.model.legal import Duty

CHECKS = {check.rule.id: check for check in all_checks()}


def examples() -> list[Evidence]:
    return [
        evidence_of(example["facts"])
        for check in all_checks()
        for example in check.rule.examples
    ]  # fmt: skip


@cache
def everything() -> Evidence:
    """Return one body that holds every dataset of every example, each under a key of its own."""
    datasets = [item for evidence in examples() for item in evidence.datasets]
    keyed = [
        replace(item, dataset=replace(item.dataset, id=f"{item.dataset.id}-{rank}"))
        for rank, item in enumerate(datasets)
    ]  # fmt: skip
    return replace(examples()[0], datasets=tuple(keyed))


@cache
def all_findings() -> tuple[Finding, ...]:
    return run(everything())


def only(check_id: str, facts: dict) -> Finding:
    (finding,) = run_checks([CHECKS[check_id]], evidence_of(facts))
    return finding


def csv(**table: object) -> dict:
    return {"file": {"name": "a.csv", "facts": {"envelope": {"detected": "csv"}, "table": table}}}


# --- Order and stability ---------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_of_datasets_and_files_changes_nothing(random):
    evidence = everything()
    datasets = [replace(item, files=tuple(random.sample(item.files, len(item.files)))) for item in evidence.datasets]
    random.shuffle(datasets)
    assert run(replace(evidence, datasets=tuple(datasets))) == all_findings()


def test_findings_are_sorted_by_axis_then_outcome_then_severity():
    axes, severities = list(Axis), list(Severity)
    outcomes = ["non_compliant", "unverifiable", "error", "compliant", "not_applicable"]
    keys = [
        (axes.index(f.axis), outcomes.index(f.outcome), severities.index(f.severity), f.check, f.dataset, f.fingerprint)
        for f in all_findings()
    ]
    assert keys == sorted(keys)


def test_fingerprints_are_sixteen_hexadecimal_characters_and_all_different():
    prints = [finding.fingerprint for finding in all_findings()]
    assert len(set(prints)) == len(prints)
    assert all(len(item) == 16 and int(item, 16) >= 0 for item in prints)


def test_fingerprint_stays_when_lines_and_counts_move():
    before = only("lignes-regulieres", csv(ragged_count=3, ragged_rows=[[4, 6]]))
    after = only("lignes-regulieres", csv(ragged_count=9, ragged_rows=[[40, 48]], row_count=900))
    assert before.message != after.message
    assert before.fingerprint == after.fingerprint


def test_fingerprint_changes_with_check_dataset_file_column_and_rule():
    def column(label: str, **more: object) -> dict:
        return csv(columns=[{"label": label, "identifier": "siret", "filled": 3, "identifier_invalid": 1, **more}])

    base = column("siret")
    others = [
        base,
        column("siret_2"),
        column("siret", identifier="siren"),
        {**base, "dataset": {"id": "autre"}},
        {"file": {**base["file"], "name": "b.csv"}},
    ]
    prints = {only("identifiants-valides", facts).fingerprint for facts in others}
    prints.add(only("entete-correct", csv(header_row=None)).fingerprint)
    assert len(prints) == len(others) + 1


def test_two_columns_of_one_name_have_two_fingerprints():
    columns = [
        {"label": "siret", "letter": letter, "identifier": "siret", "filled": 3, "identifier_invalid": 1}
        for letter in "AB"
    ]
    first, second = run_checks([CHECKS["identifiants-valides"]], evidence_of(csv(columns=columns)))
    assert first.fingerprint != second.fingerprint


# --- Law -------------------------------------------------------------------------------------------------------------


def test_every_finding_cites_something_even_without_duties():
    evidence = replace(everything(), duties=())
    assert all(finding.legal_basis for finding in run(evidence))


def test_a_file_cites_the_rule_s_own_articles_not_all_that_founds_the_duty():
    duty = {
        "obligation": "format-ouvert",
        "applicability": "applies",
        "legal_basis": [{"text": "CRPA", "article": "article L300-4"}, {"text": "CADA", "article": "conseil n° 1"}],
    }
    finding = only("encodage-utf8", {
        "duties": [duty],
        "file": {"name": "a.csv", "facts": {"envelope": {"detected": "csv"}, "text": {"encoding": "cp1252"}}},
    })  # fmt: skip
    labels = [reference.label for reference in finding.legal_basis]
    assert labels == ["CRPA, article L300-4", "RFC 3629, UTF-8"]


def test_the_organization_is_told_all_that_founds_the_duty_and_no_article_twice():
    duty = {
        "obligation": "rip",
        "applicability": "applies",
        "proof": {"places": ["folder"]},
        "legal_basis": [{"text": "CRPA", "article": "article L322-6", "version": "2030-01-01"}],
    }
    finding = only("rip-publie", {"duties": [duty], "catalogs": [{"location": "donnees/"}]})
    labels = [reference.label for reference in finding.legal_basis]
    assert labels == ["CRPA, article L322-6", "CRPA, article R322-7"]
    assert finding.legal_basis[0].version == "2030-01-01"


def test_columns_of_a_model_the_law_names_serve_that_obligation():
    rule = CHECKS["colonnes-conformes"].rule
    example = next(item for item in rule.examples if item.get("case") == "missing")
    assert only(rule.id, example["facts"]).obligation == "subventions"


def test_repeated_articles_of_rules_agree_with_the_obligations():
    """An article that a rule cites and an obligation cites too must carry the same version."""
    from opendata_check.resources import load_yaml, rules_folder

    told = {
        (item["text"], item["article"]): str(item.get("version", ""))
        for path in sorted((rules_folder() / "obligations").glob("*.yaml"))
        for item in load_yaml(path)["legal_basis"]
    }
    for rule in rules():
        for reference in rule.legal_basis:
            version = told.get((reference.text, reference.article))
            assert version in (None, reference.version), f"{rule.id} : {reference.label}"


# --- A check that fails ----------------------------------------------------------------------------------------------


def failing(case: Case) -> list[Verdict]:
    raise ValueError("1 84 12 75 115 005 42")


def test_a_failing_check_gives_one_error_for_its_subject_and_the_others_go_on():
    broken = Check(CHECKS["encodage-utf8"].rule, failing)
    evidence = evidence_of(csv(row_count=3))
    findings = run_checks([broken, CHECKS["fichier-non-vide"]], evidence)
    assert [(f.check, f.outcome) for f in findings] == [
        ("fichier-non-vide", Outcome.COMPLIANT),
        ("encodage-utf8", Outcome.ERROR),
    ]
    error = findings[1]
    assert error.locations[0].file == "a.csv"
    assert error.legal_basis
    assert "84 12" not in json.dumps(asdict(error), default=str)
    assert "Traceback" not in error.message


def test_a_verdict_without_its_words_is_an_error_not_a_crash():
    def wordless(case: Case) -> list[Verdict]:
        return [Verdict(Outcome.NON_COMPLIANT, case="likely")]

    (finding,) = run_checks([Check(CHECKS["encodage-utf8"].rule, wordless)], evidence_of(csv()))
    assert finding.outcome is Outcome.ERROR


# --- Texts -----------------------------------------------------------------------------------------------------------

HOSTILE = "\x1b[31mrouge\x07 \u202etxt.exe\n{message} %s <b>" + "a" * 5000


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in strings(item)]
    return []


def hostile(item: InspectedDataset) -> InspectedDataset:
    """Return the dataset with hostile names everywhere a name can be."""
    files = tuple(
        replace(file, name=HOSTILE + file.name, distribution=replace(file.distribution, url=HOSTILE))
        for file in item.files
    )
    dataset = replace(item.dataset, title=HOSTILE, license=HOSTILE, frequency=HOSTILE, id=HOSTILE + item.key)
    return replace(item, dataset=dataset, files=files)


def test_no_control_character_and_no_endless_text_reaches_a_finding():
    evidence = everything()
    for finding in run(replace(evidence, datasets=tuple(hostile(item) for item in evidence.datasets))):
        for text in strings(asdict(finding)):
            assert not any(ord(character) < 32 or character in "\x7f\u202e" for character in text)
            assert len(text) <= 2000


SECRET = "2840275115005-Bernadette"


@pytest.mark.parametrize("check_id", ["nir-absent", "dates-de-naissance-absentes", "coordonnees-personnelles-absentes"])
def test_personal_findings_hold_places_and_counts_only(check_id):
    for example in CHECKS[check_id].rule.examples:
        for finding in run_checks([CHECKS[check_id]], evidence_of(example["facts"])):
            assert all(set(asdict(place)) == set(asdict(Location())) for place in finding.locations)
            if finding.outcome is Outcome.NON_COMPLIANT:
                assert "À vérifier" in finding.message or "à vérifier" in finding.message
                assert finding.count > 0


def test_an_example_value_of_a_personal_column_is_never_shown():
    issue = {"rule": "pattern", "column": "nom", "letter": "A", "count": 1, "rows": [[2, 2]],
             "message": "1 ligne : la colonne A n'a pas la forme attendue", "before": SECRET}  # fmt: skip
    facts = {
        "file": {
            "name": "a.csv",
            "facts": {
                "envelope": {"detected": "csv"},
                "personal": [{"kind": "person_name", "column": "nom", "letter": "A", "count": 1}],
            },
            "validation": {"schema_id": "s/a", "schema_version": "1", "row_count": 1, "issues": [issue]},
        }
    }
    shown = json.dumps([asdict(finding) for finding in run(evidence_of(facts))], default=str)
    assert "n'a pas la forme attendue" in shown
    assert SECRET not in shown


def test_contact_and_description_are_never_repeated():
    facts = {"dataset": {"described": True, "contact": SECRET, "description": SECRET, "title": "Arbres"}}
    assert SECRET not in json.dumps([asdict(finding) for finding in run(evidence_of(facts))], default=str)


# --- What must not be judged -----------------------------------------------------------------------------------------


def test_structural_issues_of_validation_are_left_to_the_check_of_lines():
    issue = {"rule": "extra_cell", "column": "", "letter": "", "count": 2, "rows": [[2, 3]], "message": "2 lignes"}
    facts = {
        "file": {
            "name": "a.csv",
            "validation": {"schema_id": "s/a", "schema_version": "1", "row_count": 3, "issues": [issue]},
        }
    }
    assert only("valeurs-conformes", facts).outcome is Outcome.COMPLIANT


def test_a_modification_within_the_tolerance_is_on_time():
    late = {"described": True, "frequency": "monthly", "modified": date(2026, 10, 16)}
    assert only("mise-a-jour-dans-les-temps", {"dataset": late}).outcome is Outcome.COMPLIANT
    too_late = {**late, "modified": date(2026, 10, 15)}
    assert only("mise-a-jour-dans-les-temps", {"dataset": too_late}).outcome is Outcome.NON_COMPLIANT


def test_the_newest_file_dates_a_dataset_that_has_no_date():
    distributions = [{"modified": date(2020, 1, 1)}, {"modified": date(2026, 5, 1)}]
    facts = {"dataset": {"described": True, "frequency": "annual", "distributions": distributions}}
    assert only("mise-a-jour-dans-les-temps", facts).outcome is Outcome.COMPLIANT


def test_an_archive_is_judged_by_its_members():
    archive = {"envelope": {"detected": "zip", "extension": "zip"},
               "archive": {"members": [{"name": "a.PDF", "byte_size": 1, "compressed_size": 1}]}}  # fmt: skip
    alone = {"dataset": {"described": True}, "files": [{"name": "a.zip", "facts": archive}]}
    assert only("format-ouvert", alone).outcome is Outcome.NON_COMPLIANT
    member = {"name": "a.zip › a.csv", "member": True, "facts": {"envelope": {"detected": "csv"}},
              "distribution": {"id": "a.zip", "title": "a"}}  # fmt: skip
    assert only("format-ouvert", {**alone, "files": [*alone["files"], member]}).outcome is Outcome.COMPLIANT


def test_documentation_beside_a_dataset_is_not_its_format():
    files = [
        {"name": "a.xls", "facts": {"envelope": {"detected": "xls"}}},
        {"name": "notice.csv", "facts": {"envelope": {"detected": "csv"}},
         "distribution": {"id": "n", "title": "Notice", "role": "documentation"}},
    ]  # fmt: skip
    assert only("format-ouvert", {"files": files}).case == "closed"


def test_a_duty_the_rules_do_not_hold_gives_no_verdict():
    assert run_checks([CHECKS["rip-publie"]], evidence_of({"duties": []})) == ()


def test_a_short_word_in_a_title_is_not_enough_but_a_full_title_is_for_the_inventory():
    duty = {"obligation": "rip", "applicability": "applies", "proof": {"places": ["folder"]}}

    def outcome(confidence: float) -> str:
        match = {"family": "rip", "confidence": confidence, "by": "title"}
        facts = {"duties": [duty], "catalogs": [{}], "datasets": [{"dataset": {}, "matches": [match]}]}
        return only("rip-publie", facts).case

    assert [outcome(value) for value in (0.4, 0.5, 0.6)] == ["not_found", "probable", "compliant"]


def test_not_found_says_where_and_when_we_looked():
    duty = {"obligation": "subventions", "applicability": "applies", "proof": {"places": ["folder"]}}
    facts = {"duties": [duty], "catalogs": [{"location": "communes/exemple"}], "datasets": []}
    finding = only("subventions-publiees", facts)
    assert finding.case == "not_found"
    assert "« communes/exemple »" in finding.message
    assert "23 novembre 2026" in finding.message


def test_nobody_is_at_fault_when_nothing_was_looked_at():
    duty = {"obligation": "subventions", "applicability": "applies", "proof": {"places": ["folder"]}}
    assert only("subventions-publiees", {"duties": [duty], "datasets": []}).outcome is Outcome.UNVERIFIABLE


def test_building_refuses_an_unknown_field():
    with pytest.raises(AssertionError, match="champ inconnu"):
        build(Duty, {"obligation": "rip", "applicability": "applies", "seuil": 3})
    with pytest.raises(AssertionError, match="clés inconnues"):
        case_of(CHECKS["nir-absent"].rule, {"fichier": {}})
