"""Which family a dataset answers, by order of evidence, and the false friends that must not."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import pytest

from opendata_check import wording
from opendata_check.errors import RulesError
from opendata_check.law.loading import law
from opendata_check.matching import families, match, settings, words_of
from opendata_check.model.catalog import Dataset, Distribution, FieldDescription
from opendata_check.model.facts import ContentFacts, EnvelopeFacts, StructureFacts, TableFacts
from opendata_check.model.inspected import InspectedFile, Match
from opendata_check.model.schema import SchemaMatch, TableSchema
from opendata_check.resources import rules_folder


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
    found = best(Dataset("j", "x", ()), file("Repertoire_Informations_Publiques.pdf"))
    assert (found.family, found.confidence, found.by) == ("rip", 0.7, "file_name")
    assert found.heard == "répertoire des informations publiques"


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
    assert len(families()) >= 107


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
    boxes = match(Dataset("j", "x", ()), (file("OSM_MTP_BoiteLettre.csv", ("type", "osm_id")),))
    assert [item.family for item in boxes] == ["mobilier-urbain"]


# --- Every family is whole -----------------------------------------------------------------------------------------


def test_what_families_name_elsewhere_exists():
    known = law()
    national = {item.id for _, item in known.open_elsewhere}
    obligations = {item.id for item in known.obligations}
    for family in families():
        assert family.usual or family.obligation in obligations, family.id
        assert not family.national or family.national in national, family.id
        assert not family.needs or family.needs in known.facts, family.id
        assert wording.word("efforts", family.effort)
    for _, item in known.open_elsewhere:
        assert not item.family or item.family in {family.id for family in families()}


def test_an_expression_with_a_figure_keeps_enough_words_to_mean_something():
    for family in families():
        for text in (*family.titles, *family.hints, *family.exclusions):
            assert not any(letter.isdigit() for letter in text) or "30" in text or "2000" in text, text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    effort: demi_journee\n", ""),
        ("    effort: demi_journee\n", "    effort: demi_journee\n    couleur: bleue\n"),
        ("    common: true\n", "    common: souvent\n"),
        ("    stratum: 3500\n", "    stratum: beaucoup\n"),
        ("    series: annual\n", "    series: parfois\n"),
        ("holders: [commune, epci]\n", "holders: [commune, voisins]\n"),
        ("enough: 0.7\n", "enough: 7\n"),
        ("  first: 1990\n", ""),
        ("kinds: [commune, commune_deleguee, ecole]", "kinds: [village]"),
        ("  - id: bal\n", "  - id: rip\n"),
        ("    nature: document\n", "    nature: papier\n"),
    ],
)
def test_a_badly_written_rule_is_refused_in_french(old, new, tmp_path, monkeypatch):
    text = (rules_folder() / "expected_datasets.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "expected_datasets.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    loading = sys.modules["opendata_check.matching.families"]
    monkeypatch.setattr(loading, "rules_folder", lambda: tmp_path)
    for kept in (loading._content, loading.families, loading.settings):
        kept.cache_clear()
    try:
        with pytest.raises(RulesError, match=r"clé|identifiant"):
            families()
    finally:
        monkeypatch.undo()
        for kept in (loading._content, loading.families, loading.settings):
            kept.cache_clear()


# --- Words that mislead ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "family"),
    [
        ("Fréquentation des piscines", "frequentation"),  # what is named first
        ("Parkings à vélos", "stationnement-cyclable"),  # the longer expression
        ("Budget participatif", "concertation"),
        ("Logement : ménages présents depuis 5 ans ou plus", None),  # « plus » is no PLU
        ("Zones 30", "vitesses-tonnages"),
        ("Zone de chalandise", None),  # and not any zone
        ("Données essentielles des marchés publics et des concessions", "decp-marches"),
        ("PLUi", "gpu"),  # capitals inside a short word
        ("SCoT", "scot"),
        ("defribillateurs", "dae"),
        ("dechetteries et decheteries", "points-apport-volontaire"),
        ("Mairie de Montluel - Borne de recharge", "irve"),
        ("points-dapport-volontaire-verre", "points-apport-volontaire"),  # the address of a page glues « d' »
        ("plan-local-durbanisme", "gpu"),
        ("qualite-de-lair", "bruit-air"),
        ("lavoirs", "patrimoine"),  # and « l » is not always an article
    ],
)
def test_titles_that_could_mislead(title, family):
    found = match(titled(title), (PLAIN_CSV,))
    assert (found[0].family if found else None) == family


def test_two_readings_of_a_word_are_both_told():
    found = match(titled("Points d'eau"), (PLAIN_CSV,))
    assert {item.family for item in found} == {"fontaines", "pei"}
    assert {item.rivals for item in found} == {("pei",), ("fontaines",)}
    assert {item.heard for item in found} == {"points d'eau"}
    assert all(item.confidence < settings().enough for item in found)


def test_what_the_catalogue_declares_is_heard_before_any_file_is_read():
    columns = tuple(FieldDescription(name) for name in ("delib_id", "delib_date", "delib_objet", "delib_url"))
    documented = Dataset("j", "Export", (), described=True, fields=columns)
    assert [(item.family, item.by) for item in match(documented, ())] == [("deliberations", "columns")]
    conforming = Dataset("j", "Export", (), conforms_to=("https://schema.data.gouv.fr/scdl/subventions/2.1.1",))
    assert [(item.family, item.by) for item in match(conforming, ())] == [("subventions", "declared_schema")]


def test_a_keyword_never_speaks_louder_than_the_title():
    found = match(titled("Arbres d'alignement", keywords=("espaces verts", "voirie")), (PLAIN_CSV,))
    assert found[0].family == "arbres"
    assert {item.confidence for item in found[1:]} == {0.5}


def test_the_address_of_a_file_is_heard_when_its_title_says_nothing():
    remote = Distribution("r", "Export principal", url="https://exemple.fr/data/subventions%202024.csv")
    found = match(Dataset("j", "x", (remote,)), (InspectedFile(remote, "Export principal"),))
    assert [(item.family, item.by) for item in found] == [("subventions", "file_name")]
    broken = Distribution("r", "x", url="http://[::1")
    assert match(Dataset("j", "x", (broken,)), (InspectedFile(broken, "x"),)) == ()


def labelled(part: str) -> list[tuple[str, str]]:
    lines = (Path(__file__).parent / "matching_titles.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(title, family) for kind, title, family in rows if kind == part]


@pytest.mark.parametrize("part", ["tune", "test"])
def test_labelled_titles_are_recognised(part):
    """Precision and recall of the best guess, a weak one included, on titles as communes write them."""
    right = wrong = missed = 0
    for title, wanted in labelled(part):
        found = match(titled(title), (PLAIN_CSV,))
        said = found[0].family if found else "-"
        right += said == wanted != "-"
        wrong += said not in (wanted, "-")
        missed += wanted not in (said, "-")
    assert right / (right + wrong) >= 0.95
    assert right / (right + missed) >= 0.97


def test_labelled_titles_are_many_and_name_most_families():
    rows = labelled("tune") + labelled("test")
    assert len(rows) >= 300
    assert len({title for title, _ in rows}) == len(rows)
    assert {family for _, family in rows} - {"-"} <= {family.id for family in families()}
    assert len({family for _, family in rows}) >= 95


def test_hostile_words_cost_little():
    endless = Dataset("j", "zone 30 " * 50_000, (), described=True, keywords=("subvention " * 1_000,) * 5_000)
    glued = Dataset("j", "equipementscollectifspublics" * 5_000, (), described=True)
    names = tuple(file("aire" * 5_000 + ".csv", ("x" * 10_000,)) for _ in range(20))
    started = time.perf_counter()
    match(endless, ())
    match(glued, names)
    assert time.perf_counter() - started < 2
