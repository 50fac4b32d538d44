"""Long reports stay short and exact: names told apart, nothing said twice, and what was not read is said by the score."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path

import pytest
import report_samples as samples
from test_reports_terminal import block, flat

from opendata_check import reports
from opendata_check.model.catalog import Catalog, Dataset, Distribution, Fault
from opendata_check.model.facts import ContentFacts, EnvelopeFacts, RowRange
from opendata_check.model.finding import Axis, Finding, Location, Outcome
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.report import AuditReport

FOUND = "Vos fichiers"
LIMITS = "Ce que nous n'avons pas pu voir"
OPEN = "Ce qui reste à confirmer"
SCORES = "Où vous en êtes"


def opened(name: str, detected: str = "csv") -> InspectedFile:
    facts = ContentFacts(EnvelopeFacts(detected, Path(name).suffix[1:]), byte_size=10)
    return InspectedFile(Distribution(name, name, url=f"https://portail.example/{name}"), name, facts)


def unopened(name: str) -> InspectedFile:
    fault = Fault("le serveur ne répond pas", name, "Relancez plus tard.")
    return InspectedFile(Distribution(name, name, url=f"https://portail.example/{name}"), name, fault=fault)


def beside(name: str) -> InspectedFile:
    return InspectedFile(Distribution(name, name, path=samples.FOLDER / name), name)


def dataset(key: str, title: str, *files: InspectedFile) -> InspectedDataset:
    return InspectedDataset(Dataset(key, title, tuple(file.distribution for file in files)), files)


def report(*items: InspectedDataset, findings: tuple[Finding, ...] = ()) -> AuditReport:
    return replace(samples.bound_commune(), datasets=items, findings=findings, priorities=(), faults=())


def told(audit: AuditReport, heading: str) -> str:
    return flat(block(reports.render(audit, "terminal", width=80), heading))


def fault(key: str, file: str, message: str = "Les accents se perdent.", **where: object) -> Finding:
    place = Location(dataset=key, file=file, **where)  # type: ignore[arg-type]
    return samples.finding("encodage-utf8", dataset=key, message=message, locations=(place,))


def portal(number: int, datasets: int = 0, **changes: object) -> Catalog:
    address = f"https://portail-{number}.example/explore/?disjunctive.theme&sort=modified&q={'a' * 90}"
    items = tuple(Dataset(f"{number}-{rank}", "Titre", ()) for rank in range(datasets))
    return replace(Catalog("ods", "portal", address, "", items), **changes)  # type: ignore[arg-type]


def test_files_of_one_name_are_told_with_their_dataset() -> None:
    items = [dataset(key, title, opened("data.csv")) for key, title in (("a", "Arbres"), ("b", "Budget"))]
    text = told(report(*items, findings=(fault("a", "data.csv"), fault("b", "data.csv"))), FOUND)
    assert "data.csv (« Arbres »)" in text
    assert "data.csv (« Budget »)" in text


def test_a_fault_of_a_whole_dataset_names_it_when_its_files_bear_common_names() -> None:
    items = [dataset(key, title, opened("CSV"), opened("GeoJSON")) for key, title in (("a", "Arbres"), ("b", "Bancs"))]
    faults = tuple(
        samples.finding("jeu-decrit", dataset=key, title=title, message="Pas de fiche.", locations=())
        for key, title in (("a", "Arbres"), ("b", "Bancs"))
    )
    for one, title in zip(faults, ("Arbres", "Bancs"), strict=True):
        assert f"Fichier {title} Article" in told(report(*items, findings=(one,)), FOUND)


def test_a_name_of_its_own_is_told_bare() -> None:
    items = (dataset("a", "Arbres", opened("arbres.csv")), dataset("b", "Budget", opened("budget.csv")))
    text = told(report(*items, findings=(fault("a", "arbres.csv"),)), FOUND)
    assert "Fichier arbres.csv Article" in text


def test_a_long_list_of_files_is_cut_on_the_screen_and_whole_on_the_page() -> None:
    names = [f"fichier-{rank:02}.csv" for rank in range(40)]
    items = [dataset(name, f"Jeu {name}", opened(name)) for name in names]
    audit = report(*items, findings=tuple(fault(name, name) for name in names))
    assert "fichier-11.csv et 28 autres Article" in told(audit, FOUND)
    page = reports.render(audit, "html")
    assert ", ".join(names) in page


def test_a_gesture_whose_lines_name_their_files_does_not_name_them_again() -> None:
    names = ("arbres.csv", "budget.csv", "parcs.csv")
    items = [dataset(name, name, opened(name)) for name in names]
    text = told(report(*items, findings=tuple(fault(name, name, f"Vu dans {name[0]}.") for name in names)), FOUND)
    assert "arbres.csv : Vu dans a." in text
    assert "Fichiers" not in text


@pytest.mark.parametrize(
    ("message", "repeated"),
    [
        ("Colonne C (« date ») : 9 cellules (lignes 2 à 10) sans date.", False),
        ("Colonne C (« date ») : 9 cellules sans date.", True),
        ("Colonne C (« date ») : les lignes 2 à 105 sont sans date.", True),
    ],
)
def test_a_place_already_in_the_sentence_is_not_told_twice(message: str, repeated: bool) -> None:
    rows: tuple[RowRange, ...] = ((2, 10),)
    item = dataset("a", "Arbres", opened("arbres.csv"))
    finding = fault("a", "arbres.csv", message, column="date", letter="C", rows=rows)
    assert (" Où colonne C (date), lignes 2 à 10" in told(report(item, findings=(finding,)), FOUND)) is repeated


def test_what_was_seen_is_not_told_twice_when_it_counts_the_same_cells() -> None:
    item = dataset("a", "Arbres", opened("arbres.csv"))
    finding = fault("a", "arbres.csv", "12 lignes : la colonne B (date) est vide (lignes 2 à 13).")
    same, more = (replace(finding, evidence=f"{count} cellules (lignes 2 à 13).") for count in (12, 120))
    assert "Constaté" not in told(report(item, findings=(same,)), FOUND)
    assert "Constaté 120 cellules" in told(report(item, findings=(more,)), FOUND)


def test_a_sheet_without_a_cell_is_no_place() -> None:
    item = dataset("a", "Arbres", opened("arbres.xlsx", "xlsx"))
    finding = fault("a", "arbres.xlsx", "Le nom contient des espaces.", sheet="Feuille 1")
    assert "Feuille 1" not in told(report(item, findings=(finding,)), FOUND)


def test_a_doubt_said_of_many_files_is_one_sentence_with_what_to_do() -> None:
    names = [f"fichier-{rank}.csv" for rank in range(9)]
    doubts = tuple(
        replace(samples.finding("licence-indiquee", Outcome.UNVERIFIABLE, dataset=name, message="On ne sait pas.",
                                evidence=f"Rien dans {name}."), remedy="Écrivez la licence.")
        for name in names
    )  # fmt: skip
    text = told(report(*(dataset(name, name, opened(name)) for name in names), findings=doubts), OPEN)
    assert text.count("On ne sait pas. Écrivez la licence.") == 1
    assert "fichier-5.csv et 3 autres" in text


def test_many_places_are_told_by_the_fullest_and_a_count() -> None:
    audit = replace(samples.bound_commune(), catalogs=tuple(portal(rank, rank) for rank in range(30)))
    text = flat(reports.render(audit, "terminal", width=80)).partition("Déjà bien")[0]
    assert "« portail-29.example/explore » (29 jeux de données)" in text
    assert "Et 27 autres lieux (351 jeux de données)." in text
    assert "disjunctive" not in text


def test_four_places_are_all_named() -> None:
    audit = replace(samples.bound_commune(), catalogs=tuple(portal(rank, 1) for rank in range(4)))
    text = flat(reports.render(audit, "terminal", width=80))
    assert all(f"portail-{rank}.example" in text for rank in range(4))
    assert "autres lieux" not in text


def test_a_file_given_alone_is_not_called_a_folder() -> None:
    alone = Dataset("elus.csv", "Élus", (Distribution("elus.csv", "elus.csv", path=samples.FOLDER / "elus.csv"),))
    catalog = Catalog("folder", "folder", "donnees/elus.csv", "elus.csv", (alone,))
    text = flat(reports.render(replace(samples.bound_commune(), catalogs=(catalog,)), "terminal", width=80))
    assert "Le fichier « donnees/elus.csv », examiné comme s'il était publié." in text


def test_files_left_unread_are_said_beside_the_score() -> None:
    item = dataset("a", "Arbres", opened("arbres.csv"), unopened("haies.csv"), unopened("parcs.csv"))
    good = tuple(samples.finding("encodage-utf8", Outcome.COMPLIANT, dataset=name) for name in ("a", "b"))
    audit = replace(report(item, findings=good), scores=samples._scores(good, 100.0, "solide"))
    text = told(audit, SCORES)
    assert "Note calculée sur une partie des fichiers : 2 sur 3 n'ont pas pu être lus." in text
    assert text.count("Les fichiers non lus ne comptent pas.") == 1
    assert "2 sur 3 n'ont pas pu être lus." in html.unescape(flat(reports.render(audit, "html")))


def test_a_score_on_no_file_at_all_says_so() -> None:
    item = dataset("a", "Arbres", unopened("haies.csv"), unopened("parcs.csv"))
    assert "Note calculée sans ouvrir de fichier : aucun des 2 n'a pu être lu." in told(report(item), SCORES)


def test_a_score_on_all_files_says_nothing_more_and_a_shapefile_is_one_file() -> None:
    item = dataset("a", "Bancs", opened("bancs.shp", "shp"), beside("bancs.dbf"), beside("bancs.shx"))
    good = (samples.finding("encodage-utf8", Outcome.COMPLIANT, dataset="a"),)
    text = flat(reports.render(report(item, findings=good), "terminal", width=80))
    assert "Note calculée" not in text
    assert "n'ont pas été ouverts" not in text


def test_a_photo_with_an_open_question_about_private_life_is_not_said_faultless() -> None:
    item = dataset("a", "Photo", opened("photo.jpg", "image"))
    good = samples.finding("encodage-utf8", Outcome.COMPLIANT, dataset="a")
    asked = samples.finding("donnees-personnelles", Outcome.UNVERIFIABLE, dataset="a", message="Où est-ce ?")
    assert asked.axis is Axis.PROTECTED
    assert "Rien à corriger : photo.jpg" in told(report(item, findings=(good,)), FOUND)
    assert "Rien à corriger" not in told(report(item, findings=(good, asked)), FOUND)


def test_a_doubt_about_a_column_of_private_life_is_told_once_and_leads_there() -> None:
    item = dataset("a", "Signalements", opened("a.csv"))
    place = Location(dataset="a", file="a.csv", column="texte", letter="D")
    doubt = samples.finding("donnees-personnelles", Outcome.UNVERIFIABLE, dataset="a", message="À relire.",
                            locations=(place,))  # fmt: skip
    audit = report(item, findings=(doubt,))
    assert "À relire." in told(audit, "Vie privée")
    assert "À relire." not in told(audit, LIMITS)
    assert "Signalements (a.csv) : Voir aussi « Vie privée »." in told(audit, FOUND)


def test_tables_shut_in_a_budget_are_told_though_no_fault() -> None:
    item = dataset("a", "Budget", opened("budget.pdf", "pdf"))
    message = "C'est admis pour un budget. Mais il contient 14 tableaux."
    advice = replace(samples.finding("encodage-utf8", Outcome.NOT_APPLICABLE, dataset="a", message=message),
                     case="document_tables")  # fmt: skip
    assert "Budget (budget.pdf) C'est admis pour un budget. Mais il contient 14 tableaux." in told(
        report(item, findings=(advice,)), FOUND
    )
    assert "14 tableaux" not in told(report(item, findings=(replace(advice, case="document"),)), FOUND)


def test_datasets_with_nothing_of_their_own_stand_together_at_the_end() -> None:
    names = ("a.csv", "b.csv", "c.csv", "d.csv")
    items = [dataset(name, f"Jeu {name}", opened(name)) for name in names]
    text = told(report(*items, findings=tuple(fault(name, name) for name in names)), FOUND)
    assert "- Jeu a.csv (a.csv) ; Jeu b.csv (b.csv) ; Jeu c.csv (c.csv) ; Jeu d.csv (d.csv) : Voir aussi" in text
    assert text.count("Voir aussi plus haut") == 1
