"""Every question of a town hall has its answer in the report, and the fifteen proposals made of users are followed."""

from __future__ import annotations

import html
import re
import tomllib
from dataclasses import replace

import pytest
import report_samples as samples

from opendata_check import reports
from opendata_check.model.finding import Outcome
from opendata_check.model.legal import Applicability
from opendata_check.model.report import AuditReport
from opendata_check.reports.outline import outline
from opendata_check.reports.outline.guidance import heard_questions

# The questions as heard, and what must be read at the place that answers (shared/design/users.md, part 4).
ASKED = {
    "concerned": ("6 200 habitants", "62 agents", "Insee", "2026"),
    "first": ("Retirez du fichier",),
    "format": ("CSV", "colonnes attendues"),
    "holder": ("Qui l'a",),
    "time": ("estimations",),
    "frequency": ("L312-1-1", "rythme"),
    "risk": ("aucune amende", "CADA", "juge", "nom par erreur"),
    "names": ("D312-1-3", "neuf familles"),
    "already": ("publié", "non trouvé"),
    "pdf": ("acte", "tableau"),
    "licence": ("Licence Ouverte 2.0", "ODbL"),
    "help": ("intercommunalité", "prestataire", "data.gouv.fr"),
    "peers": ("classe personne",),
    "roles": ("producteur", "aménageur", "responsable"),
    "refused": ("colonne C (dateConvention), lignes 4",),
}


def page(report: AuditReport | None = None) -> str:
    return reports.render(report or samples.bound_commune(), "html")


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", text))).replace("\u202f", " ")


def place(text: str, anchor: str) -> str:
    """Return what is read at an anchor: the whole section when it names one, else the element alone."""
    heading = re.search(rf'<section[^>]*aria-labelledby="{anchor}">.*?</section>', text, re.S)
    if heading:
        return plain(heading[0])
    element = re.search(rf'<div id="{anchor}">.*?</div>', text, re.S)
    assert element is not None, anchor
    return plain(element[0])


def test_all_the_questions_are_there() -> None:
    assert [question.id for question in heard_questions()] == list(ASKED)


@pytest.mark.parametrize("asked", ASKED)
def test_each_question_has_its_answer_where_it_points(asked: str) -> None:
    question = next(one for one in heard_questions() if one.id == asked)
    text = page()
    answer = place(text, question.block)
    for words in ASKED[asked]:
        assert words in answer
    assert question.heard in plain(text)


@pytest.mark.parametrize("name", samples.ALL)
def test_each_question_points_somewhere_on_every_page(name: str) -> None:
    text = page(samples.ALL[name]())
    assert [one.id for one in heard_questions() if f'id="{one.block}"' not in text] == []


# The fifteen proposals (shared/design/users.md, part 6), in their order; 12 is the table of communes and 13 the formats
# of continuous integration: each has its own tests.


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Applicability.APPLIES, "est tenue de publier"),
        (Applicability.EXEMPT, "n'est pas tenue de publier"),
        (Applicability.UNKNOWN, "est peut-être tenue de publier"),
    ],
)
def test_1_the_first_sentence_is_the_verdict(answer: Applicability, words: str) -> None:
    report = replace(samples.bound_commune(), duties=samples.duties(answer, samples.commune()))
    first = re.search(r"<h1[^>]*>(.*?)</h1>", page(report))
    assert first is not None
    assert words in plain(first[1])


def test_2_then_five_actions_at_most_the_rest_folded() -> None:
    text = page()
    assert text.index('id="verdict"') < text.index('id="actions"') < text.index('id="scores"') < text.index('id="loi"')
    assert text.count('<li class="action') == 5
    told = outline(samples.bound_commune()).actions.first
    for action in told:
        labels = {fact.label for fact in (*action.gesture, *action.practical)}
        assert {"Pourquoi", "Quoi faire", "Temps", "Gain"} <= labels
        assert action.articles


def test_2_each_action_on_files_says_who_has_them_and_where_they_come_from() -> None:
    for action in outline(samples.bound_commune()).actions.first:
        if action.files:
            labels = {fact.label for fact in action.practical}
            assert "Qui l'a" in labels, action.title


def test_3_a_missing_dataset_is_not_found_with_where_and_when() -> None:
    text = plain(page())
    assert "non trouvé" in text
    assert "23 novembre 2026" in text
    assert "commune-exemple" in text


def test_4_what_is_usual_stands_apart_from_what_the_law_asks() -> None:
    text = page()
    law = place(text, "loi")
    assert "Menus" not in law
    report = samples.bound_commune()
    fewer = replace(report, expected=replace(report.expected, families=()))
    assert outline(report).board == outline(fewer).board


def test_5_a_document_and_a_data_file_are_told_apart() -> None:
    told = place(page(), "documents")
    assert "Un document à lire : budget-2025.pdf." in told
    assert "fichiers de données à reprendre" in told
    assert "Le PDF suffit pour lire" in told


def test_6_what_is_already_good_comes_before_what_is_not() -> None:
    text = page()
    assert text.index("Déjà bien") < text.index('id="actions"')


def test_7_private_life_is_calm_and_says_the_alert_once() -> None:
    report = samples.bound_commune()
    alert = next(f for f in report.findings if f.outcome is Outcome.NON_COMPLIANT and f.axis == "protected")
    worded = replace(alert, message="Signalement à vérifier : la colonne F (« NUM_SECU ») semble contenir des numéros.")
    findings = tuple(worded if one is alert else one for one in report.findings)
    told = place(page(replace(report, findings=findings)), "vie-privee")
    assert "La colonne F (« NUM_SECU ») semble contenir des numéros." in told
    assert told.lower().count("signalement à vérifier") == 1
    assert "violation" not in told.lower()


def test_7_what_the_first_actions_say_is_not_said_again() -> None:
    report = samples.bound_commune()
    first = report.priorities[0]
    assert plain(page(report)).count(plain(first.remedy)) == 1
    assert "Quoi faire : voir l'action 1" in place(page(report), "vie-privee").replace("\u00a0", " ")


def test_8_scores_by_axis_with_what_was_verified_and_what_actions_gain() -> None:
    text = page()
    board = re.findall(r'aria-label="([^"]*) sur 100, calculé sur (\d+)\s% des points à vérifier"', text)
    assert len(board) == 7
    assert "environ 9 points sur 100" in plain(text)
    assert "Ils ne classent personne" in plain(text)
    assert text.index('id="actions"') < text.index('id="scores"')


def test_9_repeated_cells_are_one_line_with_places_and_an_example() -> None:
    text = plain(page())
    assert "colonne C (dateConvention), lignes 4, 9 à 12, 15 et 230 autres" in text
    assert "31/12/2023 devient 2023-12-31" in text


def test_10_at_most_three_questions_whose_answers_can_be_kept() -> None:
    told = outline(samples.bound_commune())
    assert 1 <= len(told.questions) <= 3
    kept = tomllib.loads(told.answers)
    assert set(kept) == {"declarations"}
    assert set(kept["declarations"].values()) == {True}
    asked = place(page(), "questions")
    assert "opendata-check init" in asked
    assert "opendata-check.toml" in asked


def test_10_an_unknown_number_of_agents_is_asked_with_its_table() -> None:
    told = outline(samples.undecided_commune())
    assert "[organization]\nagents_etp = …" in told.answers


def test_11_time_is_called_an_estimate_and_three_doors_are_named() -> None:
    for action in outline(samples.bound_commune()).actions.first:
        assert action.time.endswith("(estimation)") or "prestataire" in action.time
    doors = place(page(), "aide")
    assert "« Pouvez-vous exporter ces données au format CSV" in doors
    assert "« Pouvez-vous exporter “Budget primitif 2025” au format CSV, encodé en UTF-8 ? »" in plain(
        reports.render(samples.bound_commune(), "terminal", width=200)
    ).replace("\u00a0", " ")


def test_13_the_names_of_checks_are_those_of_the_other_formats() -> None:
    text = page()
    for finding in samples.bound_commune().findings:
        assert f'id="controle-{finding.check}"' in text
        assert f"contrôle {finding.check}" in plain(text)


def test_14_the_risk_is_one_true_line() -> None:
    told = place(page(), "risques")
    assert "aucune amende" in told
    assert "L342-1" in told
    assert len(told.split()) < 90


def test_15_ten_words_at_most_are_explained_and_every_duty_has_its_article() -> None:
    words = re.search(r'<dl class="glossary">(.*?)</dl>', page(), re.S)
    assert words is not None
    assert words[1].count("<dt>") == 10
    for rule in outline(samples.bound_commune()).rules:
        assert rule.articles
        assert all(article.label for article in rule.articles)


# Every known duty stands in one count, and only one.


@pytest.mark.parametrize("name", samples.ALL)
def test_counts_of_duties_leave_none_out(name: str) -> None:
    report = samples.ALL[name]()
    assert sum(tally.count for tally in outline(report).tallies) == len(report.duties)


def test_a_duty_that_only_the_body_says_it_meets_is_counted_apart() -> None:
    from opendata_check.model.organization import EvidenceKind

    report = samples.faultless_commune()
    met = {tally.state: tally.count for tally in outline(report).tallies}["met"]
    declared = tuple(
        replace(finding, evidence_kind=EvidenceKind.DECLARED) if finding.obligation == "rip" else finding
        for finding in report.findings
    )
    counts = {tally.state: tally.count for tally in outline(replace(report, findings=declared)).tallies}
    assert counts["declared"] == 1
    assert counts["met"] == met - 1


def test_2_the_holder_and_the_software_are_those_of_the_family_recognised() -> None:
    from opendata_check.model.completeness import Completeness, ExpectedFamily
    from opendata_check.model.score import Priority

    report = samples.bound_commune()
    family = ExpectedFamily("subventions", "Subventions", "subventions", "non_compliant", "faults",
                            holder="le service des finances", software="le logiciel de comptabilité")  # fmt: skip
    fault = next(f for f in report.findings if f.check == "valeurs-conformes" and f.outcome == "non_compliant")
    priority = Priority(1, fault.check, fault.action, fault.why, fault.remedy, "", fault.legal_basis, 1.0,
                        "demi_journee", 1.0, (fault.fingerprint,))  # fmt: skip
    known = replace(report, priorities=(priority,), expected=Completeness(families=(family,)))
    practical = {fact.label: fact.text for fact in outline(known).actions.first[0].practical}
    assert practical["Qui l'a"] == "le service des finances"
    assert practical["Logiciel"] == "le logiciel de comptabilité"
    unknown = replace(known, expected=Completeness())
    practical = {fact.label: fact.text for fact in outline(unknown).actions.first[0].practical}
    assert practical["Qui l'a"] == "le service qui a fait le fichier"
