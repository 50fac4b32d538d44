"""The report on a screen: the order told, the width, no colour, and every fault with its article, file and remedy."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import report_samples as samples
from rich.cells import cell_len
from test_reports_formats import ESCAPES, HOSTILE, MARKUP, poisoned

from opendata_check import reports
from opendata_check.model.finding import Location, Outcome, Severity
from opendata_check.model.legal import Applicability, Certainty, LegalReference
from opendata_check.model.organization import OrganizationKind

SPACES = re.compile(r"\s+")


def flat(text: str) -> str:
    """Return ``text`` on one line with plain spaces."""
    return SPACES.sub(" ", text)


def shown(name: str, width: int = 200, **options: object) -> str:
    return reports.render(samples.ALL[name](), "terminal", width=width, **options)  # type: ignore[arg-type]


def block(text: str, heading: str) -> str:
    """Return what stands under a heading, up to the next one."""
    found = re.search(rf"^{re.escape(heading.upper())}\n[─-]+\n(.*?)(?=^[^\n]+\n[─-]{{5,}}$|\Z)", text, re.M | re.S)
    assert found is not None, heading
    return found[1]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("bound", "Votre commune est tenue de publier ses données par principe."),
        ("exempt", "Votre commune n'est pas tenue de publier ses données par principe."),
        ("undecided", "Votre commune est peut-être tenue de publier ses données par principe."),
        ("intercommunality", "Votre intercommunalité est tenue de publier ses données par principe."),
        ("nobody", "Votre organisme est peut-être tenu de publier ses données par principe."),
    ],
)
def test_first_line_is_the_verdict(name: str, sentence: str) -> None:
    assert shown(name).splitlines()[0] == sentence


@pytest.mark.parametrize("kind", OrganizationKind)
def test_every_kind_of_body_has_its_sentence(kind: OrganizationKind) -> None:
    report = samples.bound_commune()
    assert report.organization is not None
    text = reports.render(replace(report, organization=replace(report.organization, kind=kind)), "terminal")
    assert re.match(r"(Votre) [\w ]+ est tenue? de publier ses données par principe\.", text.splitlines()[0])


def test_verdict_gives_figures_with_year_and_source() -> None:
    text = flat(shown("bound"))
    assert "6 200 habitants (population municipale)" in text
    assert "Source : Insee, populations de référence 2023, en vigueur en 2026 (constaté)" in text
    assert "62 agents en équivalent temps plein (déclaré le 4 mars 2026)" in text
    assert "23 novembre 2026" in text


def test_undecided_body_is_told_what_follows_from_each_answer() -> None:
    text = flat(shown("undecided"))
    assert "50 agents ou plus : la commune est concernée." in text
    assert "Moins de 50 agents : elle n'est pas concernée." in text
    assert "agents_etp = …" in text
    assert "[organization]" in text


def test_blocks_come_in_the_readers_order() -> None:
    text = shown("bound")
    places = [
        text.index(word)
        for word in ("Votre commune", "Déjà bien", "À FAIRE D'ABORD", "OÙ VOUS EN ÊTES", "CE QUE DIT LA LOI",
                     "CE QUE VOUS SEULS POUVEZ DIRE", "VOS FICHIERS", "VIE PRIVÉE", "CE QUE NOUS N'AVONS PAS PU VOIR",
                     "CE QUE VOUS RISQUEZ", "QUI PEUT VOUS AIDER", "DIX MOTS EXPLIQUÉS", "MÉTHODE")
    ]  # fmt: skip
    assert places == sorted(places)


def test_at_most_five_actions_blockers_first() -> None:
    actions = block(shown("bound"), "À faire d'abord")
    assert re.findall(r"^(\d+)\. ", actions, re.M) == ["1", "2", "3", "4", "5"]
    assert "1. Retirez du fichier ce qui désigne des personnes (à régler avant toute autre publication)" in actions
    assert "et 7 autres actions" in flat(actions)


def test_an_action_says_all_it_takes() -> None:
    first = flat(block(shown("bound"), "À faire d'abord")).split("2. ")[0]
    for text in ("Pourquoi", "Quoi faire", "Qui l'a", "Logiciel", "Temps une demi-heure (estimation)",
                 "Fichier inscriptions-cantine.csv", "Gain environ 9 points sur 100", "Article CRPA"):  # fmt: skip
        assert text in first


def test_a_suppliers_action_comes_with_the_sentence_to_send() -> None:
    text = flat(shown("bound"))
    assert "« Pouvez-vous exporter “Budget primitif 2025” au format CSV, encodé en UTF-8 ? »" in text


@pytest.mark.parametrize("name", ["bound", "exempt", "intercommunality", "partial"])
def test_every_fault_is_printed_with_article_file_and_remedy(name: str) -> None:
    report = samples.ALL[name]()
    text = flat(shown(name))
    faults = [finding for finding in report.findings if finding.outcome is Outcome.NON_COMPLIANT]
    assert len(faults) == 25
    actions = {one: priority for priority in report.priorities[:5] for one in priority.findings}
    for fault in faults:
        action = actions.get(fault.fingerprint)
        remedy = f"Quoi faire {flat(fault.remedy)}"
        if action is not None:  # told once, at the top
            assert remedy in text.partition("OÙ VOUS EN ÊTES")[0]
            remedy = f"Quoi faire voir l'action {action.rank}, plus haut."
        segments = [text[match.end() :] for match in re.finditer(re.escape(flat(fault.message)), text)]
        ends = [re.split(r" Article ", segment, maxsplit=1) for segment in segments]
        told = [
            (before, after)
            for before, after in ends
            if remedy in before
            and after.startswith(flat(fault.legal_basis[0].label))
            and "Fichier" in before
            and all(place.file in before for place in fault.locations)
        ]
        assert told, fault.message


def test_a_fault_without_a_file_says_that_none_was_found() -> None:
    assert "Fichier aucun fichier trouvé dans les lieux examinés" in flat(shown("bound"))


def test_repeated_cells_are_one_line_with_first_places_and_an_example() -> None:
    text = flat(shown("bound"))
    assert "colonne C (dateConvention), lignes 4, 9 à 12, 15 et 230 autres" in text
    assert "31/12/2023 devient 2023-12-31" in text


def test_one_gesture_over_many_datasets_is_told_once() -> None:
    files = block(shown("bound"), "Vos fichiers")
    assert files.count("Choisissez « Licence Ouverte 2.0 »".replace("« ", "«\xa0").replace(" »", "\xa0»")) == 1
    assert "elections-2024.csv" in files


def test_files_without_a_fault_are_one_line() -> None:
    assert "Rien à corriger : adresses.csv, deliberations-2025.csv, marches-2025.json, prenoms.csv" in flat(
        shown("bound")
    )


def test_scores_say_how_much_was_verified_and_never_a_letter() -> None:
    board = flat(block(shown("bound"), "Où vous en êtes"))
    assert "58 sur 100" in board
    assert "Calculé sur 82 % des points à vérifier." in board
    assert "Un point à régler d'abord." in board
    assert not re.search(r"\b[A-F]\b(?!-t-on)", board)


def test_a_score_is_cut_downwards() -> None:
    report = samples.bound_commune()
    almost = replace(report, scores=replace(report.scores, overall=99.9))
    assert "99 sur 100" in flat(reports.render(almost, "terminal"))


@pytest.mark.parametrize(
    ("title", "state"),
    [
        ("Publier la liste de ses documents", "non trouvé"),
        ("Déposer la base adresse locale", "publié et bon"),
        ("Publier les données essentielles des subventions", "à améliorer"),
        ("Publier les données essentielles des marchés publics", "à confirmer"),
    ],
)
def test_each_duty_has_its_state(title: str, state: str) -> None:
    assert f"{title} : {state}" in flat(block(shown("bound"), "Ce que dit la loi"))


def test_an_interpretation_says_according_to_whom() -> None:
    law = flat(block(shown("bound"), "Ce que dit la loi"))
    assert "Lecture à confirmer, selon deux commentaires concordants." in law
    assert "article 10, version du 23 février 2022 (selon deux commentaires concordants)" in law


def test_what_a_machine_cannot_know_is_asked() -> None:
    asked = flat(block(shown("bound"), "Ce que vous seuls pouvez dire"))
    assert "Y a-t-il chez vous une subvention de plus de 23 000 € par an" in asked
    assert "[declarations]" in asked
    assert "subventions_plus_de_23000 = true" in asked
    assert "opendata-check init" in asked


def test_an_exempt_body_is_never_told_it_must() -> None:
    text = flat(shown("exempt"))
    assert "obligatoire" not in text.lower()
    assert "Vous pouvez le faire" in text
    assert "PAR OÙ COMMENCER" in text
    assert "(au choix : ce texte ne vous y oblige pas)" in text
    assert "Publier ses données par principe : non concerné" in text


@pytest.mark.parametrize("name", samples.ALL)
def test_never_says_absent_nor_plainly_compliant(name: str) -> None:
    text = flat(shown(name)).lower()
    assert "absent" not in text.replace("l'absence", "")
    plain = text.replace("« conforme » tout court", "").replace("conforme sur les points contrôlés", "")
    assert "conforme" not in plain
    for blame in ("insuffisant", "infraction", "violation"):
        assert blame not in text


def test_a_faultless_body_reads_conforme_on_checked_points_only() -> None:
    text = flat(shown("faultless"))
    assert "Aucune remarque : conforme sur les points contrôlés." in text
    assert "Rien à corriger sur les points contrôlés." in text
    assert "tout ce qui a été contrôlé est bon" in text


def test_nothing_found_is_still_a_whole_report() -> None:
    text = flat(shown("nobody"))
    assert "rien n'a encore été trouvé" in text
    assert "Aucun fichier n'a été trouvé dans les lieux examinés." in text
    assert 'code = "…"' in text
    assert "non noté" in text


def test_a_partial_audit_says_so_at_the_top_and_in_its_block() -> None:
    text = shown("partial")
    assert "une partie de ces lieux n'a pas pu être vue" in flat(text.split("À FAIRE D'ABORD")[0])
    assert "le portail répond « 500 »" in flat(block(text, "Ce que nous n'avons pas pu voir"))


def test_private_life_is_a_calm_block_with_what_is_allowed() -> None:
    private = flat(block(shown("bound"), "Vie privée"))
    for text in ("signalements à vérifier", "colonne F (NUM_SECU)", "Ce qui est permis", "neuf familles", "D312-1-3"):
        assert text in private


@pytest.mark.parametrize("width", [40, 41, 57, 80, 133, 200])
@pytest.mark.parametrize("name", samples.ALL)
def test_no_line_is_longer_than_the_width(name: str, width: int) -> None:
    assert max(cell_len(line) for line in shown(name, width).splitlines()) <= width


@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_line_is_longer_than_the_width(text: str) -> None:
    lines = reports.render(poisoned(text), "terminal", width=60).splitlines()
    assert max(cell_len(line) for line in lines) <= 60


@pytest.mark.parametrize(("asked", "kept"), [(1, 40), (10_000, 200)])
def test_width_is_kept_reasonable(asked: int, kept: int) -> None:
    assert max(cell_len(line) for line in shown("bound", asked).splitlines()) == kept


def test_numbers_are_never_cut_at_their_thousands() -> None:
    for width in range(40, 90):
        assert not re.search(r"\d\n\s*\d{3} (habitants|€)", shown("bound", width))


def test_without_colour_there_is_no_escape_code() -> None:
    assert "\x1b" not in shown("bound", color=False)


def test_colour_changes_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = shown("bound", 80, color=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == shown("bound", 80)


def test_no_color_wins_over_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert shown("bound", color=True) == shown("bound")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "cp850"])
@pytest.mark.parametrize("name", ["bound", "nobody"])
def test_an_old_screen_gets_signs_it_can_carry(name: str, encoding: str) -> None:
    text = shown(name, 80, encoding=encoding)
    text.encode(encoding)
    assert "?bien" not in text
    assert "[ok]" in text or name == "nobody"
    assert max(len(line) for line in text.splitlines()) <= 80


def test_markup_in_data_is_printed_not_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "[red]rouge[/red]" in flat(reports.render(poisoned(MARKUP), "terminal", width=200))
    assert "\x1b[31mrouge" not in reports.render(poisoned(ESCAPES), "terminal", width=200, color=True)


def test_a_duty_answered_elsewhere_is_not_called_missing() -> None:
    report = samples.bound_commune()
    rip = next(duty for duty in report.duties if duty.obligation == "rip")
    settled = replace(rip, event="un document", event_happened=False)
    duties = tuple(settled if duty is rip else duty for duty in report.duties)
    text = flat(reports.render(replace(report, duties=duties), "terminal", width=200))
    assert f"{rip.title} : non concerné" in text


def test_a_fault_of_a_whole_dataset_names_its_files() -> None:
    report = samples.bound_commune()
    place = Location(dataset="menus.csv")
    whole = samples.finding("jeu-decrit", dataset="menus.csv", message="Pas de fiche.", locations=(place,))
    text = flat(reports.render(replace(report, findings=(whole,), priorities=()), "terminal", width=200))
    assert re.search(r"Pas de fiche\..*Fichier menus\.csv Article CRPA", text)


def test_an_example_told_by_the_message_is_not_told_twice() -> None:
    report = samples.bound_commune()
    dates = next(finding for finding in report.findings if finding.count == 236)
    told = replace(dates, message="236 lignes : « 31/12/2023 » devient « 2023-12-31 ».")
    text = flat(reports.render(replace(report, findings=(told,)), "terminal", width=200))
    assert text.count("31/12/2023") == 1


def test_one_gesture_on_faults_of_two_weights_shows_the_heavier() -> None:
    report = samples.bound_commune()
    light = replace(samples.finding("jeu-decrit", dataset="menus.csv", message="Un."), severity=Severity.INFO)
    heavy = replace(samples.finding("jeu-decrit", dataset="menus.csv", message="Deux."), severity=Severity.MAJOR)
    files = flat(block(reports.render(replace(report, findings=(light, heavy)), "terminal"), "Vos fichiers"))
    assert "Décrivez vos jeux de données (important) - Deux. - Un. Quoi faire" in files


def test_points_left_open_on_the_same_files_name_them_once() -> None:
    report = samples.bound_commune()
    open_points = tuple(
        samples.finding(check, Outcome.UNVERIFIABLE, dataset=name, message="On ne sait pas.")
        for check in ("licence-indiquee", "frequence-indiquee")
        for name in ("menus.csv", "arbres.csv")
    )
    limits = block(reports.render(replace(report, findings=open_points), "terminal"), "Ce qui reste à confirmer")
    assert limits.count("menus.csv et arbres.csv") == 1
    assert "À confirmer : « La licence est indiquée »" in flat(limits)


def test_where_room_is_short_only_the_text_that_was_read_is_cited() -> None:
    report = samples.bound_commune()
    fault = samples.finding("jeu-decrit", dataset="menus.csv", message="Un.")
    fault = replace(fault, legal_basis=(samples.OPEN_DATES, samples.OPEN))
    files = flat(block(reports.render(replace(report, findings=(fault,)), "terminal"), "Vos fichiers"))
    assert "Article CRPA, article L312-1-1" in files
    assert "Banque des territoires" not in files
    assert "Banque des territoires" in flat(block(shown("bound"), "Ce que dit la loi"))


def test_an_authority_is_not_said_to_speak_according_to_itself() -> None:
    report = samples.bound_commune()
    advice = LegalReference("CADA", "conseil n° 1", certainty=Certainty.INTERPRETATION, according_to="la CADA")
    duty = replace(report.duties[0], legal_basis=(advice,))
    law = flat(block(reports.render(replace(report, duties=(duty,)), "terminal"), "Ce que dit la loi"))
    assert "CADA, conseil n° 1" in law
    assert "(selon la CADA)" not in law


def test_duties_that_bind_come_before_those_that_do_not() -> None:
    report = samples.bound_commune()
    first = replace(report.duties[0], applicability=Applicability.EXEMPT)
    law = block(reports.render(replace(report, duties=(first, *report.duties[1:])), "terminal"), "Ce que dit la loi")
    assert law.index(report.duties[-1].title) < law.index(first.title)
