"""Names: homonyms, qualifiers, typos, EPCI, départements, régions, former communes, hostile text."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from opendata_check.errors import OpendataCheckError
from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.territory import (
    AmbiguousTerritoryError,
    UnknownTerritoryError,
    layout,
    organizations,
    resolve,
    store,
)

COMMUNES = st.integers(0, store.reference().count("communes", layout.COMMUNE) - 1).map(organizations.commune)
GROUPS = st.integers(0, store.reference().count("groups", layout.GROUP) - 1).map(organizations.group)


def candidates(query: str) -> tuple[Organization, ...]:
    """Return what ``query`` may designate: one body, or the candidates of its ambiguity."""
    try:
        return (resolve(query),)
    except AmbiguousTerritoryError as error:
        return error.candidates


def suggestions(query: str) -> tuple[str, ...]:
    with pytest.raises(UnknownTerritoryError) as caught:
        resolve(query)
    return caught.value.suggestions


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("Nancy", "54395"),
        ("nancy", "54395"),
        ("NANCY", "54395"),
        ("Nancy (54)", "54395"),
        ("Nancy, Meurthe-et-Moselle", "54395"),
        ("Nancy, Meurthe-et-Moselle (54)", "54395"),
        ("nancy meurthe et moselle", "54395"),
        ("Nancy 54", "54395"),
        ("54000 Nancy", "54395"),
        ("Nancy 54000", "54395"),
        ("Nancy (54395)", "54395"),
        ("ville de Nancy", "54395"),
        ("Mairie de Nancy (54)", "54395"),
        ("la commune de Nancy", "54395"),
        ("st-etienne", "42218"),
        ("Œuf-en-Ternois", "62633"),
        ("oeuf en ternois", "62633"),
        ("L’Haÿ-les-Roses", "94038"),
        ("hay les roses", "94038"),
        ("Mans", "72181"),
        ("ville du Mans", "72181"),
        ("commune des Ulis", "91692"),
        ("Ville-d'Avray", "92077"),
        ("St Denis 93", "93066"),
        ("Saint-Denis Seine-Saint-Denis", "93066"),
        ("Saint-Denis, La Réunion", "97411"),
        ("Saint-Denis (Réunion)", "97411"),
        ("Saint-Denis 93200", "93066"),
        ("Bastia 2B", "2B033"),
        ("Neuilly-sur-Marne en Seine-Saint-Denis", "93050"),
        ("Bors (Canton de Charente-Sud)", "16053"),
        ("Château-Chinon (Ville)", "58062"),
        ("Vergné (17)", "17464"),
        ("La Vergne (17)", "17465"),
        ("Haguenau 67", "67180"),
    ],
)
def test_commune_is_found_however_it_is_typed(query: str, code: str) -> None:
    found = resolve(query)
    assert (found.kind, found.insee_code) == (OrganizationKind.COMMUNE, code)


def test_homonyms_are_listed_with_departement_and_code() -> None:
    with pytest.raises(AmbiguousTerritoryError) as caught:
        resolve("Saint-Denis")
    assert [body.insee_code for body in caught.value.candidates] == ["11339", "30247", "93066", "97411"]
    assert "Saint-Denis, Seine-Saint-Denis (93), code 93066" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_only_exact_official_spelling_wins_and_names_the_others() -> None:
    found = resolve("Saint-Remy")
    assert found.insee_code == "88435"
    assert found.notes[0].startswith("À ne pas confondre avec : Saint-Rémy (01)")


def test_lazy_spelling_never_chooses_between_near_homonyms() -> None:
    assert len(candidates("saint-remy")) == 9


def test_two_exact_names_are_both_listed() -> None:
    assert {body.departement_code for body in candidates("La Rochelle")} == {"17", "70"}
    assert {body.departement_code for body in candidates("Rochelle")} == {"17", "70"}


def test_names_told_apart_by_brackets_are_listed_without_them() -> None:
    assert [body.insee_code for body in candidates("Château-Chinon")] == ["58063", "58062"]


def test_same_name_in_another_departement_is_suggested() -> None:
    assert suggestions("Nancy (57)") == ("Nancy (54)",)


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("Nanci", "Nancy (54)"),
        ("Nanci (54)", "Nancy (54)"),
        ("ville de nanci", "Nancy (54)"),
        ("Pont-a-Moussson", "Pont-à-Mousson (54)"),
        ("Chalons", "Châlons-en-Champagne (51)"),
        ("Métropole de Nancy", "Métropole du Grand Nancy"),
        ("région Bretange", "région Bretagne"),
        ("département Meuze", "département Meuse (55)"),
        ("Meuse", "département Meuse (55)"),
    ],
)
def test_what_was_meant_comes_first(typo: str, meant: str) -> None:
    assert suggestions(typo)[0] == meant


def test_suggestions_are_in_the_line() -> None:
    with pytest.raises(UnknownTerritoryError, match=r"Vouliez-vous dire « Nancy \(54\) »"):
        resolve("Nanci")


@pytest.mark.parametrize(
    ("query", "siren"),
    [
        ("Métropole du Grand Nancy", "245400676"),
        ("Grand Nancy", "245400676"),
        ("grand nancy métropole", "245400676"),
        ("la métropole du Grand Nancy", "245400676"),
        ("Dijon Métropole", "242100410"),
        ("métropole de Dijon", "242100410"),
        ("CC Faucigny Glières", "200000172"),
        ("Communauté de communes Faucigny-Glières", "200000172"),
        ("Faucigny Glières", "200000172"),
        ("COBAN", "243301504"),
        ("CC des Quatre Rivières (74)", "247400666"),
        ("Communauté de communes des Quatre Rivières, Haute-Saône", "247000623"),
        ("Eurométropole de Strasbourg", "246700488"),
        ("métropole de Lyon", "200046977"),
        ("Plaine Commune", "200057867"),
        ("EPT Plaine Commune", "200057867"),
    ],
)
def test_epci_is_found_with_or_without_its_nature(query: str, siren: str) -> None:
    assert resolve(query).siren == siren


def test_epci_homonyms_are_listed_with_a_way_out() -> None:
    with pytest.raises(AmbiguousTerritoryError) as caught:
        resolve("CC des Quatre Rivières")
    assert [body.siren for body in caught.value.candidates] == ["247000623", "247400666"]
    assert resolve("CC des Quatre Rivières (70)").siren == "247000623"
    assert "« CC des Quatre Rivières (70) »" in str(caught.value)


def test_nature_typed_chooses_between_epci_and_a_wrong_one_is_said() -> None:
    assert {body.epci_nature for body in candidates("intercommunalité du Sud")} == {"CC", "CA"}
    assert resolve("CC du Sud").epci_nature == "CC"
    found = resolve("CA Faucigny - Glières")
    assert found.epci_nature == "CC"
    assert "communauté de communes" in found.notes[0]


@pytest.mark.parametrize(
    ("query", "kind", "code"),
    [
        ("département de la Meuse", OrganizationKind.DEPARTEMENT, "55"),
        ("Département 55", OrganizationKind.DEPARTEMENT, "55"),
        ("département Meuse (55)", OrganizationKind.DEPARTEMENT, "55"),
        ("conseil départemental de l'Ain", OrganizationKind.DEPARTEMENT, "01"),
        ("CD54", OrganizationKind.DEPARTEMENT, "54"),
        ("département de Paris", OrganizationKind.DEPARTEMENT, "75"),
        ("département de la Réunion", OrganizationKind.DEPARTEMENT, "974"),
        ("région Grand Est", OrganizationKind.REGION, "44"),
        ("Grand Est", OrganizationKind.REGION, "44"),
        ("ile de france", OrganizationKind.REGION, "11"),
        ("région 53", OrganizationKind.REGION, "53"),
        ("région Bretagne", OrganizationKind.REGION, "53"),
        ("conseil régional de Bretagne", OrganizationKind.REGION, "53"),
        ("collectivité de Corse", OrganizationKind.COLLECTIVITE_PARTICULIERE, "94"),
        ("département 2A", OrganizationKind.COLLECTIVITE_PARTICULIERE, "2A"),
        ("département 68", OrganizationKind.DEPARTEMENT, "68"),
        ("Guadeloupe", OrganizationKind.REGION, "01"),
    ],
)
def test_departements_and_regions(query: str, kind: OrganizationKind, code: str) -> None:
    found = resolve(query)
    assert (found.kind, found.insee_code, found.siren) == (kind, code, None)


def test_region_and_communes_of_one_name_are_listed_together() -> None:
    assert [(body.kind.value, body.insee_code) for body in candidates("Bretagne")] == [
        ("commune", "36024"),
        ("commune", "90019"),
        ("region", "53"),
    ]


def test_area_population_is_said_to_be_a_sum() -> None:
    (figures,) = resolve("région Bretagne").populations
    assert figures.reference_year == 2023 and figures.source.startswith("somme")


def test_rhone_is_counted_without_the_metropole_de_lyon() -> None:
    rhone = resolve("département du Rhône")
    assert rhone.populations[0].municipale is not None and rhone.populations[0].municipale < 600_000
    assert "Métropole de Lyon" in rhone.notes[0]


@pytest.mark.parametrize("query", ["Paris", "métropole de Lyon", "collectivité de Corse", "département 67", "Nouméa"])
def test_special_statuses_are_said(query: str) -> None:
    assert resolve(query).notes


def test_commune_of_greater_paris_names_its_ept() -> None:
    assert "Plaine Commune (SIREN 200057867)" in resolve("93066").notes[0]


@pytest.mark.parametrize(
    ("query", "code", "word"),
    [
        ("Saint-Bois", "01015", "commune déléguée"),
        ("saint bois (01)", "01015", "commune déléguée"),
        ("Lamarche-en-Woëvre", "55386", "commune associée"),
        ("Marseille 1er arrondissement", "13055", "arrondissement municipal"),
        ("Paris 16e", "75056", "arrondissement municipal"),
        ("paris 16ème arrondissement", "75056", "arrondissement municipal"),
        ("Lyon 3", "69123", "arrondissement municipal"),
    ],
)
def test_former_or_partial_commune_answers_with_the_current_one(query: str, code: str, word: str) -> None:
    found = resolve(query)
    assert found.insee_code == code
    assert word in found.notes[0]


def test_departement_number_after_a_city_is_not_an_arrondissement() -> None:
    assert not any("arrondissement" in note for note in resolve("Marseille 13").notes)


def test_current_commune_wins_over_a_former_one_and_says_so() -> None:
    found = resolve("Béon (89)")
    assert found.insee_code == "89037"
    assert any("ancienne commune" in note for note in resolve("Béon").notes)


def test_former_name_that_larger_communes_begin_with_is_never_guessed() -> None:
    with pytest.raises(AmbiguousTerritoryError) as caught:
        resolve("Boulogne")
    codes = {candidate.insee_code for candidate in caught.value.candidates}
    assert {"85084", "92012", "62160"} <= codes
    assert resolve("Boulogne (85)").insee_code == "85084"


@pytest.mark.parametrize("query", ["Polynésie française", "Nouvelle-Calédonie"])
def test_overseas_collectivity_is_refused_with_its_reason(query: str) -> None:
    with pytest.raises(UnknownTerritoryError, match="outre-mer"):
        resolve(query)


def test_body_outside_the_list_is_told_how_to_be_described() -> None:
    with pytest.raises(UnknownTerritoryError, match="scope --kind ccas"):
        resolve("CCAS de Nancy")


@pytest.mark.parametrize(
    "query", ["", "   ", "\n\t", "x" * 10_000, "\x00\x1b[31m", "🙂", "日本", "---", "’", "()", "."]
)
def test_hostile_text_gets_one_clean_french_line(query: str) -> None:
    with pytest.raises(UnknownTerritoryError) as caught:
        resolve(query)
    line = str(caught.value)
    assert line.isprintable() and len(line) < 300


@given(st.text(max_size=300))
@example("54 " * 100)
@example("cc cc cc")
@example("département ")
@example("saint " * 50)
@example("nancy 54 54 54 54")
@example("region 999 54")
@example("2a 2b 2a004 2b033")
@settings(deadline=None)
def test_any_text_is_answered_or_refused_properly(text: str) -> None:
    try:
        found = resolve(text)
    except OpendataCheckError as error:
        assert str(error).isprintable()
    else:
        assert found.name


@given(st.lists(st.sampled_from(
    ["saint", "denis", "la", "cc", "métropole", "de", "54", "54395", "meuse", "(", ")", "région", "ville", "grand", "st", "1er",
     "département", "lyon", "2A", "nanci", "54000", ",", "arrondissement", "sud"]), max_size=8).map(" ".join))  # fmt: skip
@settings(deadline=None)
def test_any_mix_of_known_words_is_answered_or_refused_properly(text: str) -> None:
    try:
        found = resolve(text)
    except AmbiguousTerritoryError as error:
        assert len(error.candidates) > 1
    except UnknownTerritoryError as error:
        for suggestion in error.suggestions:
            assert candidates(suggestion)
    else:
        assert found.name


@given(COMMUNES)
@settings(deadline=None)
def test_every_commune_is_found_by_name_and_departement(commune: Organization) -> None:
    assert resolve(organizations.typed(commune)).insee_code == commune.insee_code
    assert commune.insee_code in [body.insee_code for body in candidates(commune.name.upper())]


@given(GROUPS)
@settings(deadline=None)
def test_every_epci_is_found_by_name_and_siren(group: Organization) -> None:
    assert group.siren in [body.siren for body in candidates(group.name)]
    assert resolve(group.siren or "") == group


@given(COMMUNES, st.data())
@settings(deadline=None)
def test_every_candidate_can_be_chosen_by_what_the_message_proposes(commune: Organization, data: st.DataObject) -> None:
    found = candidates(commune.name)
    chosen = data.draw(st.sampled_from(found))
    again = resolve(organizations.typed_among(chosen, found))
    assert (again.kind, again.insee_code) == (chosen.kind, chosen.insee_code)
