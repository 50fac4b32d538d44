"""The law as JSON: every value of the model has its key, in the one form that docs/schemas publishes for commands."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import report_samples as samples

from opendata_check.law import open_elsewhere, scope
from opendata_check.law.hypothesis import imagined
from opendata_check.law.loading import law
from opendata_check.model.legal import (
    Applicability,
    Certainty,
    ConditionNode,
    DatedPart,
    Duty,
    LegalReference,
    MissingFact,
    NodeKind,
    OpenElsewhere,
    Proof,
    ReferenceKind,
    WhatIf,
)
from opendata_check.model.organization import (
    DeclaredFact,
    EvidenceKind,
    HeadcountBand,
    Organization,
    OrganizationKind,
    PopulationFigures,
)
from opendata_check.reports.payload import legal

ON = date(2026, 11, 23)
SCHEMAS = Path(__file__).resolve().parents[2] / "docs/schemas"
SCOPE = json.loads((SCHEMAS / "scope.schema.json").read_text(encoding="utf-8"))
AUDIT = json.loads((SCHEMAS / "audit.schema.json").read_text(encoding="utf-8"))


def follows(content: dict[str, Any], form: str, schema: dict[str, Any] = SCOPE) -> None:
    """Fail unless ``content`` is JSON in the form ``form`` of a schema."""
    text = json.dumps(content, allow_nan=False)
    whole = {"$schema": schema["$schema"], "$ref": f"#/$defs/{form}", "$defs": schema["$defs"]}
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(whole, format_checker=checker).validate(json.loads(text))


@pytest.mark.parametrize(("value", "said"), [(None, None), (date(2026, 1, 2), "2026-01-02")])
def test_a_day_is_an_iso_date(value: date | None, said: str | None) -> None:
    assert legal.day(value) == said


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), None])
def test_a_number_that_json_cannot_carry_is_null(value: float | None) -> None:
    assert legal.number(value) is None


@pytest.mark.parametrize("value", [0.0, -1.5, 62, 1e300])
def test_any_other_number_is_itself(value: float) -> None:
    assert legal.number(value) == value


BODY = Organization(
    "Valombre", OrganizationKind.EPCI, "54395", "215403957", "54", "Meurthe", "245400676", "Métropole", "METRO",
    populations=(PopulationFigures(2023, 2026, 10, None, "Insee"),
                 PopulationFigures(2022, 2025, 9, 11, "dit ici", EvidenceKind.DECLARED)),
    agents_etp=49.5, agents_etp_stated_on=date(2026, 1, 1), agents_effectif=60,
    agents_effectif_stated_on=date(2026, 2, 1), headcount_band=HeadcountBand("53", 10_000, None, 2023),
    acts_as=(OrganizationKind.DEPARTEMENT,), notes=("Une note.",),
    declared=(DeclaredFact("site_internet", True, date(2026, 3, 1), "vu"), DeclaredFact("type_de_syndicat", "x"),
              DeclaredFact("vehicules_du_parc", 21), DeclaredFact("autre", float("inf"))),
)  # fmt: skip


def test_a_body_is_told_with_all_the_facts_the_law_reads() -> None:
    told = legal.organization(BODY)
    follows(told, "organization")
    plain = ("name", "insee_code", "siren", "departement_code", "departement_name", "epci_siren", "epci_name",
             "epci_nature", "agents_etp", "agents_effectif")  # fmt: skip
    assert all(told[key] == getattr(BODY, key) for key in plain)
    assert (told["kind"], told["acts_as"], told["notes"]) == ("epci", ["departement"], ["Une note."])
    assert (told["agents_etp_stated_on"], told["agents_effectif_stated_on"]) == ("2026-01-01", "2026-02-01")
    assert told["headcount_band"] == {
        "code": "53", "lowest": 10_000, "highest": None, "year": 2023, "evidence": "observed",
    }  # fmt: skip
    assert told["populations"][1] == {
        "reference_year": 2022, "in_force_year": 2025, "municipale": 9, "totale": 11, "source": "dit ici",
        "evidence": "declared",
    }  # fmt: skip
    assert [fact["value"] for fact in told["declared"]] == [True, "x", 21, None]
    assert told["declared"][0] == {"name": "site_internet", "value": True, "stated_on": "2026-03-01", "note": "vu"}


@pytest.mark.parametrize("kind", OrganizationKind)
def test_a_body_of_which_nothing_is_known_is_told_without_guessing(kind: OrganizationKind) -> None:
    told = legal.organization(Organization("", kind, agents_etp=float("nan")))
    follows(told, "organization")
    assert told["kind"] == kind.value
    assert {key for key, value in told.items() if value} == {"kind"}


def test_a_citation_stands_without_the_word_article() -> None:
    cited = LegalReference(
        "RFC 7946", "article 4", "2016-08-01", "https://rfc-editor.org", ReferenceKind.STANDARD,
        Certainty.INTERPRETATION, "l'IETF", "copie non datée",
    )  # fmt: skip
    told = legal.reference(cited)
    follows(told, "legal_reference")
    assert told == {
        "label": "RFC 7946, article 4 (copie non datée)", "code": "RFC 7946", "article": "4", "version": "2016-08-01",
        "copy": "copie non datée", "url": "https://rfc-editor.org", "kind": "standard", "certainty": "interpretation",
        "according_to": "l'IETF",
    }  # fmt: skip
    articles = ["articles L1 et L2", "article 3", "section 4", "notice"]
    told_ = [legal.reference(LegalReference("T", name))["article"] for name in articles]
    assert told_ == ["L1 et L2", "3", "section 4", "notice"]


def test_a_condition_keeps_its_tree_and_the_value_of_each_node() -> None:
    leaf = ConditionNode(NodeKind.TEST, None, "a", (), "agents_etp", "seuil", float("nan"), 50.0, "bal")
    others = tuple(ConditionNode(NodeKind.TEST, True, "b", value=value) for value in ("commune", True, 3))
    tree = ConditionNode(NodeKind.ALL, None, "racine", (ConditionNode(NodeKind.NOT, None, "non", (leaf,)), *others))
    told = legal.condition(tree)
    follows(told, "condition")
    assert told["children"][0]["children"] == [
        {"kind": "test", "result": None, "label": "a", "fact": "agents_etp", "parameter": "seuil", "value": None,
         "threshold": 50.0, "obligation": "bal", "children": []}
    ]  # fmt: skip
    assert [child["value"] for child in told["children"]] == [None, "commune", True, 3]
    assert (told["kind"], told["children"][0]["kind"]) == ("all", "not")


DUTY = replace(
    samples.duties()[0],
    obligation="essai", applicability=Applicability.UNKNOWN, certainty=Certainty.INTERPRETATION,
    missing_facts=(MissingFact("agents_etp", "les agents", "Combien ?"), MissingFact("", "un seuil"),
                   MissingFact("agents_etp", "les agents aussi", "Encore ?")),
    what_if=(WhatIf("agents_etp", "oui", Applicability.APPLIES, "oui : bon."),),
    parts=(DatedPart(date(2020, 1, 1), "étape", Certainty.INTERPRETATION, date(2021, 1, 1)),
           DatedPart(date(2022, 1, 1), "suite")),
    proof=Proof(("site",), "Regardez.", evidence=("observed", "declared")), declared_facts=("agents_effectif",),
)  # fmt: skip


def test_a_duty_names_each_missing_fact_once_and_asks_all_its_questions() -> None:
    told = legal.duty(DUTY)
    follows(told, "duty")
    assert told["missing_facts"] == ["agents_etp"]
    assert [item["question"] for item in told["questions"]] == ["Combien ?", "", "Encore ?"]
    assert told["what_if"] == [{"fact": "agents_etp", "answer": "oui", "status": "applies", "text": "oui : bon."}]
    assert (told["id"], told["status"], told["confidence"]) == ("essai", "unknown", "interpretation")
    assert (told["evidence"], told["elsewhere"]) == (["observed", "declared"], "Regardez.")
    assert told["declared_facts"] == ["agents_effectif"]
    assert told["parts"] == [
        {"since": "2020-01-01", "until": "2021-01-01", "label": "étape", "certainty": "interpretation"},
        {"since": "2022-01-01", "until": None, "label": "suite", "certainty": "text"},
    ]


def test_a_duty_keeps_every_text_and_every_number_of_the_model() -> None:
    told = legal.duty(DUTY)
    for key in ("title", "reason", "what", "where", "format", "licence", "delay", "frequency", "authority", "sanction",
                "level", "weight", "sectoral", "event", "event_fact", "event_happened", "note", "holder", "software",
                "effort"):  # fmt: skip
        assert told[key] == getattr(DUTY, key), key
    assert told["since"] == (DUTY.since.isoformat() if DUTY.since else None)
    assert told["legal_basis"] == [legal.reference(cited) for cited in DUTY.legal_basis]
    assert told["condition"] == legal.condition(DUTY.condition)
    assert legal.duty(replace(DUTY, since=None))["since"] is None


@pytest.mark.parametrize("kind", OrganizationKind)
@pytest.mark.parametrize("on", [date(2016, 12, 1), ON])
def test_every_real_duty_has_the_form_of_both_contracts(kind: OrganizationKind, on: date) -> None:
    duties: tuple[Duty, ...] = scope(imagined(kind, {"population": 3600.0}, on), on)
    assert len(duties) == len(law().obligations)
    for duty in duties:
        follows(legal.duty(duty), "duty")
        follows(legal.kept_duty(duty), "duty", AUDIT)


def test_a_dataset_of_the_state_is_told_whole() -> None:
    told = legal.already_open(OpenElsewhere("elus", "Élus", "le ministère", "data.gouv.fr", "elus"))
    assert told == {"id": "elus", "title": "Élus", "by": "le ministère", "where": "data.gouv.fr", "family": "elus"}
    for item in open_elsewhere(Organization("Essai", OrganizationKind.COMMUNE), ON):
        follows(legal.already_open(item), "already_open")
