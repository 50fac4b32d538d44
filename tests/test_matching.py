"""Which family a dataset answers, by order of evidence, and the false friends that must not."""

from __future__ import annotations

import random

import pytest

from opendata_check.matching import families, match, words_of
from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.model.facts import ContentFacts, EnvelopeFacts, StructureFacts, TableFacts
from opendata_check.model.inspected import InspectedFile, Match
from opendata_check.model.schema import SchemaMatch, TableSchema


def titled(title: str, **more: object) -> Dataset:
    return Dataset("jeu", title, (), described=True, **more)


def file(name: str, labels: tuple[str, ...] = (), schema: SchemaMatch | None = None, root: str = "") -> InspectedFile:
    kind = name.rsplit(".", 1)[-1]
    facts = ContentFacts(
        envelope=EnvelopeFacts(detected=kind, extension=kind),
        table=TableFacts(header_row=1, labels=labels, row_count=3) if labels else None,
        structure=StructureFacts(well_formed=True, root=root) if root else None,
    )
    return InspectedFile(Distribution(name, name), name, facts, schema)


def schema_match(schema_id: str, by: str = "header", confidence: float = 0.9) -> SchemaMatch:
    return SchemaMatch(TableSchema(schema_id, "1.0.0", "Modèle", ()), confidence, by)


def best(dataset: Dataset, *files: InspectedFile) -> Match:
    return match(dataset, files)[0]


PLAIN_CSV = file("export.csv", ("a", "b"))


@pytest.mark.parametrize(
    ("title", "family"),
    [
        ("Subventions versées aux associations en 2024", "subventions"),
        ("Données essentielles des conventions de subvention", "subventions"),
        ("Données essentielles des marchés publics - Ville de Meaux", "decp-marches"),
        ("Base Adresse Locale de Saint-Dié", "bal"),
        ("Répertoire des informations publiques", "rip"),
        ("jeu-de-donnees-defibrilateurs-dae", "dae"),
        ("la-plaine-destrees-deliberations", "deliberations"),
        ("actes-etat-civil-mariages-deces-de-neuville-saint-remy", "etat-civil"),
        ("equipementscollectifspublics", "equipements"),
        ("Prénoms des nouveaux-nés 2017-2022", "prenoms"),
        ("Bornes électriques (IRVE)", "irve"),
        ("Déchetteries du territoire", "points-apport-volontaire"),
        ("Menus des cantines", "menus"),
        ("Budget primitif 2025 (M57)", "budget"),
        ("Comptes administratifs", "compte-administratif"),
        ("Parkings à vélos", "stationnement-cyclable"),
        ("Arrêts de bus", "mmtis"),
        ("Arrêtés municipaux", "actes"),
        ("Permis de construire délivrés", "autorisations-urbanisme"),
    ],
)
def test_title_names_its_family(title, family):
    found = best(titled(title), PLAIN_CSV)
    assert (found.family, found.by) == (family, "title")


@pytest.mark.parametrize(
    ("title", "wrong"),
    [
        ("Marchés forains de la ville", "decp-marches"),
        ("Jours de marché", "decp-marches"),
        ("Budget participatif 2024", "budget"),
        ("Formulaire de demande de subvention", "subventions"),
        ("Subventions reçues", "subventions"),
        ("OSM_MTP_BoiteLettre", "bal"),
        ("Boîtes aux lettres (BAL)", "bal"),
        ("Parkings à vélos", "stationnement"),
        ("Arrêts de bus", "actes"),
        ("Points d'eau incendie", "fontaines"),
        ("Subventions aux associations", "associations"),
        ("Réseau d'initiative publique (RIP)", "rip"),
        ("Bal des pompiers au trip", "rip"),
        ("Arbrisseau", "arbres"),
        ("Balades en forêt", "bal"),
        ("Cadastre", "compte-administratif"),
    ],
)
def test_false_friends_are_not_taken(title, wrong):
    assert wrong not in {found.family for found in match(titled(title), (PLAIN_CSV,))}


def test_title_alone_is_never_more_than_probable():
    for family in families():
        for title in family.titles:
            assert all(found.confidence <= 0.6 for found in match(titled(title), (PLAIN_CSV,)) if found.by == "title")


def test_every_family_is_recognised_by_its_own_words():
    for family in families():
        named = {found.family for title in family.titles for found in match(titled(title), (PLAIN_CSV,))}
        assert family.id in named


def test_every_family_is_recognised_by_its_own_schema_and_columns():
    for family in families():
        for schema in family.schemas:
            declared = Dataset(
                "j", "x", (Distribution("a", "a", schema_name=f"https://schema.data.gouv.fr/{schema}/"),)
            )
            assert Match(family.id, 0.95, "declared_schema") in match(declared, ())
        if family.columns:
            found = match(titled("x"), (file("x.csv", family.columns),))
            assert (found[0].family, found[0].by) == (family.id, "columns")


def test_short_ambiguous_words_are_worth_a_look_no_more():
    assert best(titled("BAL 54395"), PLAIN_CSV).confidence == 0.5
    assert best(titled("Marchés conclus"), PLAIN_CSV).confidence == 0.5


def test_evidence_goes_from_schema_to_title():
    dataset = titled("Subventions")
    declared = best(dataset, file("x.csv", ("a",), schema_match("scdl/subventions", "declared")))
    header = best(dataset, file("x.csv", ("a",), schema_match("scdl/subventions", confidence=0.8)))
    columns = best(dataset, file("x.csv", ("nomAttribuant", "id Bénéficiaire", "DATECONVENTION")))
    named = best(Dataset("j", "x", ()), file("Subventions-2024.csv", ("a",)))
    tagged = best(titled("x", keywords=("subvention",)), PLAIN_CSV)
    title = best(dataset, PLAIN_CSV)
    found = [declared, header, columns, named, tagged, title]
    assert [item.by for item in found] == ["declared_schema", "columns", "columns", "file_name", "keyword", "title"]
    assert [item.confidence for item in found] == sorted((item.confidence for item in found), reverse=True)
    assert {item.family for item in found} == {"subventions"}


def test_two_kinds_of_words_that_agree_are_enough():
    dataset = titled("Données essentielles des marchés publics", keywords=("données-essentielles-marchés",))
    assert best(dataset, PLAIN_CSV).confidence >= 0.7


def test_title_made_from_the_file_name_is_no_second_witness():
    bare = Dataset("j", "subventions-2024", ())
    assert best(bare, file("subventions-2024.csv", ("a",))).confidence == 0.7


def test_words_never_make_data_of_a_document():
    dataset = titled("Subventions", keywords=("subventions",))
    assert best(dataset, file("subventions.pdf")).confidence < 0.6
    assert best(dataset, file("subventions.txt")).confidence < 0.6


def test_document_families_are_recognised_in_documents():
    assert best(Dataset("j", "x", ()), file("Repertoire_Informations_Publiques.pdf")) == Match("rip", 0.7, "file_name")


def test_schema_silences_what_the_title_says_of_another_family():
    dataset = titled("Délibérations sur les subventions")
    found = match(dataset, (file("x.csv", ("a",), schema_match("scdl/deliberations", "declared")),))
    assert [item.family for item in found] == ["deliberations"]


def test_another_file_of_the_dataset_is_still_heard():
    files = (file("x.csv", ("a",), schema_match("scdl/deliberations", "declared")), file("subventions.csv", ("a",)))
    assert {item.family for item in match(titled("x"), files)} == {"deliberations", "subventions"}


def test_xml_root_names_the_budget():
    assert best(titled("x"), file("doc.xml", root="DocumentBudgetaire")).family == "budget"


def test_name_of_the_body_is_not_heard():
    assert match(titled("Agenda 2030 de Les Arbres", publisher="Commune de Les Arbres"), ())[0].family == "agenda"
    found = match(titled("Plan de la commune de Les Arbres", publisher="Commune de Les Arbres"), (PLAIN_CSV,))
    assert found == ()


def test_words_are_folded_singular_and_without_figures():
    assert words_of("Jeu-de-données : BudgetsPrimitifs_2024 de la ville") == (
        "jeu",
        "donnee",
        "budget",
        "primitif",
        "ville",
    )
    assert words_of("Œuvres d’art") == ("oeuvre", "art")
    assert words_of("\x00" * 10 + "é" * 100_000)


def test_order_of_files_and_keywords_changes_nothing():
    names = ["subventions.csv", "budget.pdf", "deliberations.csv", "arbres.geojson", "bal.csv"]
    files = [file(name, ("a",) if name.endswith("csv") else ()) for name in names]
    keywords = ["prénoms", "menus scolaires", "arbres"]
    wanted = match(titled("Divers", keywords=tuple(keywords)), files)
    for seed in range(10):
        generator = random.Random(seed)
        generator.shuffle(files)
        generator.shuffle(keywords)
        assert match(titled("Divers", keywords=tuple(keywords)), files) == wanted


def test_families_that_answer_an_obligation_carry_its_id():
    for family in families():
        assert family.obligation in (family.id, "usage")
    assert len(families()) >= 25


@pytest.mark.shared
def test_real_file_names_are_recognised(shared):
    names = sorted({path.name.split("__")[-1] for path in (shared / "samples" / "real").rglob("*") if path.is_file()})
    known = {
        "VilleMTP_MTP_MarchesConclus_2012.ods": "decp-marches",
        "VilleMTP_MTP_BureauxVote.csv": "bureaux-de-vote",
        "VilleMTP_MTP_Prenoms.csv": "prenoms",
        "VilleMTP_MTP_BudgetPri_2014.csv": "budget",
        "Arbres_urbains_SGEL.csv": "arbres",
        "jeu-de-donnees-lieux-de-covoiturage-.csv": "covoiturage",
    }
    assert set(known) <= set(names)
    for name, family in known.items():
        assert best(Dataset("j", name, ()), file(name, ("a",))).family == family
    assert match(Dataset("j", "x", ()), (file("OSM_MTP_BoiteLettre.csv", ("type", "osm_id")),)) == ()
