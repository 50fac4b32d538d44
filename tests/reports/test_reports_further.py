"""Beyond the law: short on the screen, whole in the JSON, suggestions and never faults."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import report_samples as samples
from test_reports_formats import HOSTILE

from opendata_check import law, reports
from opendata_check.completeness import expected
from opendata_check.model.catalog import Catalog
from opendata_check.model.completeness import Completeness, YearSeries
from opendata_check.model.inspected import Evidence
from opendata_check.model.organization import Organization
from opendata_check.model.peer_score import PeerScore
from opendata_check.model.report import AuditReport

ON = date(2026, 11, 26)
SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "docs" / "schemas" / "audit.schema.json").read_text(encoding="utf-8")
)
HEADING = "POUR ALLER PLUS LOIN, AU CHOIX"
GAPS = (
    YearSeries("subventions", "Subventions versées", ("s",), ("2021", "2023"), ("2022",), "", True),
    YearSeries("prenoms", "Prénoms des nouveau-nés", ("p",), ("2021", "2022"), (), "2025", True),
    YearSeries("budget", "Budget", ("b",), ("2019", "2021"), ("2020",), "2025", False),
)


def complete(body: Organization | None, *series: YearSeries) -> Completeness:
    catalog = Catalog("udata", "portal", "https://exemple.fr", "Portail", ())
    evidence = Evidence(body, ON, law.scope(body, ON), (catalog,), ())
    return replace(expected(evidence, (), law.open_elsewhere(body, ON), ()), series=series)


def report(*series: YearSeries) -> AuditReport:
    body = replace(samples.commune(), epci_name="CC des Trois Vallons")
    return replace(samples.bound_commune(), organization=body, expected=complete(body, *series))


def block(audit: AuditReport, width: int = 80) -> list[str]:
    lines = reports.render(audit, "terminal", width=width).splitlines()
    start = lines.index(HEADING)
    end = next((n for n in range(start + 2, len(lines)) if not lines[n]), len(lines))
    return lines[start:end]


def flat(lines: list[str]) -> str:
    return re.sub(r"\s+", " ", " ".join(lines))


@pytest.mark.parametrize("series", [(), GAPS[:1], GAPS])
def test_the_section_is_short_at_eighty_columns(series: tuple[YearSeries, ...]) -> None:
    lines = block(report(*series))
    assert len(lines) <= 12
    assert all(len(line) <= 80 for line in lines)


def test_it_shows_the_commonest_and_easiest_first() -> None:
    told = [line for line in block(report()) if line.startswith("- ")]
    assert len(told) == 5
    assert told[0].startswith("- Prénoms des nouveau-nés")
    assert "demi-heure" in told[0]


def test_it_names_the_intercommunality_and_the_bodies_alike_without_ranking() -> None:
    text = flat(block(report()))
    assert "CC des Trois Vallons pourrait publier : « Collecte des déchets »" in text
    assert "Parmi les communes de 5 000 à 10 000 habitants qui publiaient, la moitié offrait 3 jeux" in text
    assert "mars 2022" in text


def test_a_sure_gap_is_told_and_what_is_not_sure_is_asked() -> None:
    text = flat(block(report(*GAPS)))
    assert "Années non trouvées : Subventions versées (2022) et Budget (2020, à confirmer)." in text
    assert "À publier bientôt ? Prénoms des nouveau-nés (2025) et Budget (2025)." in text


def test_no_duty_unmet_is_told_again() -> None:
    audit = report()
    due = {one.title for one in audit.expected.families if not one.usual}
    assert not [title for title in due if f"- {title} :" in flat(block(audit))]


def test_of_nobody_known_no_family_is_suggested() -> None:
    audit = replace(samples.nobody(), expected=complete(None))
    assert HEADING not in reports.render(audit, "terminal", width=80)


def test_the_json_is_whole_and_follows_its_schema() -> None:
    audit = report(*GAPS)
    told = json.loads(reports.render(audit, "json"))
    jsonschema.validate(told, SCHEMA)
    assert [one["family"] for one in told["expected"]["families"]] == [one.family for one in audit.expected.families]
    assert len(told["expected"]["series"]) == 3
    assert told["expected"]["comparison"]["median"] == 3


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_title_harms_nothing(text: str) -> None:
    audit = report(YearSeries("", text, (text,), ("2021", "2023"), ("2022",)))
    assert len(block(audit, 60)) <= 60
    jsonschema.validate(json.loads(reports.render(audit, "json")), SCHEMA)


def test_the_page_tells_the_same_suggestions_and_the_scores_of_others() -> None:
    score = PeerScore("mqa", "Évaluation européenne", "Europe (MQA)", "", (), 68, 203.7, 405)
    audit = replace(report(*GAPS), others_scores=(score,))
    page = flat(html.unescape(reports.render(audit, "html")).splitlines())
    assert "Années non trouvées : Subventions versées (2022) et Budget (2020, à confirmer)." in page
    assert "Europe (MQA) : 68 à 203,7 sur 405." in page
    assert 'href="#plus-loin"' in page


def test_a_page_without_suggestions_has_no_empty_block() -> None:
    page = reports.render(replace(samples.nobody(), expected=complete(None)), "html")
    assert "plus-loin" not in page
    assert "autres-notes" not in page


def test_what_public_security_guards_is_never_suggested() -> None:
    audit = report()
    only = tuple(
        replace(one, state="not_found") if one.family in ("videoprotection", "arbres") else one
        for one in audit.expected.families
        if one.family in ("videoprotection", "arbres")
    )
    assert len(only) == 2
    text = flat(block(replace(audit, expected=replace(audit.expected, families=only))))
    assert "rbres" in text
    assert "vidéoprotection" not in text
