"""From rows to bodies: codes that lost their zero, homonyms, names beside codes, rows that are nobody, twice the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from opendata_check.batch import BatchError
from opendata_check.batch.listing import Listing, listing_of
from opendata_check.batch.rows import read_stream
from opendata_check.model.lot import LotState


def listing(text: str, base: Path = Path(), column: str | None = None) -> Listing:
    return listing_of(read_stream(text.encode()), base, column)


def keys(found: Listing) -> list[str]:
    return [job.entry.key for job in found.jobs]


def faults(found: Listing) -> dict[int, str]:
    return {one.entry.line: one.fault.line for one in found.refused if one.fault is not None}


def test_the_column_of_codes_is_followed_and_the_others_are_kept() -> None:
    found = listing("Liste;;\n\nCommune;Code INSEE;Référent\nNancy;54395;Anne\nBron;69029;\n")
    assert keys(found) == ["54395-nancy", "69029-bron"]
    assert found.jobs[0].entry.extra == (("Commune", "Nancy"), ("Référent", "Anne"))
    assert found.jobs[0].entry.line == 4


def test_an_insee_code_without_its_first_zero_is_read_and_told() -> None:
    found = listing("insee;nom\n1004;Ambérieu-en-Bugey\n54395;Nancy\n")
    assert keys(found) == ["01004-amberieu-en-bugey", "54395-nancy"]
    assert found.remarks == ["Ligne 2 : « 1004 » a perdu son premier zéro : 01004 est lu."]


def test_five_digits_are_an_insee_code_or_a_postcode_as_their_column_says() -> None:
    assert keys(listing("code insee\n54395\n")) == ["54395-nancy"]
    assert keys(listing("code postal\n54000\n")) == ["54395-nancy"]


@pytest.mark.parametrize("row", ["Saint-Denis (93)", "Saint-Denis, Seine-Saint-Denis", "93066"])
def test_a_homonym_is_told_apart_in_its_own_cell(row: str) -> None:
    assert keys(listing(f"{row}\nNancy\n"))[0] == "93066-saint-denis"


@pytest.mark.parametrize("row", ["Saint-Denis;93;", "Saint-Denis;Seine-Saint-Denis;", "Saint-Denis;;93200"])
def test_a_homonym_is_told_apart_by_another_column(row: str) -> None:
    assert keys(listing(f"commune;dép;code postal\n{row}\n")) == ["93066-saint-denis"]


def test_a_homonym_alone_is_unknown_with_the_codes_to_write() -> None:
    found = listing("commune;note\nNancy;\nSaint-Denis;à voir\n")
    (refused,) = found.refused
    assert refused.state is LotState.UNKNOWN
    assert "93066 (Saint-Denis, Seine-Saint-Denis)" in faults(found)[3]
    assert refused.entry.extra == (("note", "à voir"),)


def test_a_name_in_another_departement_is_nobody_chosen_at_random() -> None:
    found = listing("commune;département\nBron;54\nNancy;54\n")
    assert keys(found) == ["54395-nancy"]
    assert "69029 (Bron, Rhône)" in faults(found)[2]


def test_a_misspelt_name_is_told_with_what_was_probably_meant() -> None:
    assert "Nancy (54)" in faults(listing("commune\nNanci\nMetz\n"))[2]


def test_the_same_body_by_name_and_by_code_is_audited_once() -> None:
    found = listing("Nancy\nMetz\n54395\nville de Nancy\n215403957\n")
    assert keys(found) == ["54395-nancy", "57463-metz"]
    assert [(one.entry.line, one.state) for one in found.refused] == [(line, LotState.DUPLICATE) for line in (3, 4, 5)]
    assert all("ligne 1" in text for text in faults(found).values())


def test_a_code_beside_the_name_of_another_body_is_followed_and_told() -> None:
    found = listing("commune;insee\nMetz;54395\n")
    assert keys(found) == ["54395-nancy"]
    assert "54395 (Nancy, Meurthe-et-Moselle)" in found.remarks[0]
    assert listing("commune;insee\nville de Nancy;54395\n").remarks == []


def test_a_row_without_code_falls_back_on_its_name() -> None:
    assert keys(listing("insee;commune\n54395;Nancy\n;Bron\n")) == ["54395-nancy", "69029-bron"]


def test_without_labels_the_column_that_reads_best_names_the_bodies() -> None:
    found = listing("Anne;oui;54395\nBo;non;69029\nCy;oui;57463\n")
    assert keys(found) == ["54395-nancy", "69029-bron", "57463-metz"]
    assert "colonne C" in found.remarks[0]


def test_a_column_can_be_named_by_its_label_its_letter_or_its_rank() -> None:
    text = "Secteur;Adhérent du réseau\nNancy;Bron\nMetz;Lyon\n"
    for named in ("Adhérent du réseau", "adherent du reseau", "B", "2"):
        assert keys(listing(text, column=named)) == ["69029-bron", "69123-lyon"]
    with pytest.raises(BatchError, match="Vouliez-vous dire « Adhérent du réseau »"):
        listing(text, column="adhérents du réseau")


def test_titles_above_a_plain_list_are_told_and_left_out() -> None:
    found = listing("Liste des communes\nNancy\nMetz\n")
    assert keys(found) == ["54395-nancy", "57463-metz"]
    assert "est pris pour un titre" in found.remarks[0]


def test_a_line_set_aside_with_a_hash_is_left_out() -> None:
    assert keys(listing("# essai\nNancy\n# Metz\n")) == ["54395-nancy"]


def test_addresses_and_folders_are_audited_too(tmp_path: Path) -> None:
    (tmp_path / "fichiers").mkdir()
    found = listing("https://data.exemple.fr/a\ndata.exemple.fr\n./fichiers\nNancy\n", tmp_path)
    assert [job.target for job in found.jobs][:2] == ["https://data.exemple.fr/a", "https://data.exemple.fr"]
    assert found.jobs[2].entry.typed == "fichiers"
    assert len(set(keys(found))) == 4


def test_a_row_says_where_a_body_publishes_and_how_many_agents_it_has() -> None:
    found = listing(
        "commune;portail;agents;tranche\nNancy;data.nancy.fr https://sig.nancy.fr;62,5 ETP;42\nMetz;;beaucoup;\n"
    )
    nancy, metz = found.jobs
    assert nancy.places == ("https://data.nancy.fr", "https://sig.nancy.fr") and nancy.host == "data.nancy.fr"
    assert (nancy.agents, nancy.agents_band) == (62.5, "42")
    assert metz.agents is None and "beaucoup" in found.remarks[0]


def test_a_folder_or_answers_that_are_not_there_are_told_at_their_line(tmp_path: Path) -> None:
    found = listing("commune;config\nNancy;absent.toml\nMetz;\n", tmp_path)
    assert keys(found) == ["57463-metz"] and 2 in faults(found)
    assert "n'existe pas" in faults(listing("dossier;commune\nabsent;Nancy\n;Metz\n", tmp_path))[2]


def test_a_number_that_excel_abridged_is_told() -> None:
    assert "format Texte" in faults(listing("siren;x\n2,15404E+08;a\n215403957;b\n"))[2]


def test_keys_do_not_depend_on_the_order_of_the_list() -> None:
    one, other = listing("Nancy\nMetz\nhttps://a.fr\n"), listing("https://a.fr\nMetz\nNancy\n")
    assert sorted(keys(one)) == sorted(keys(other))


def test_a_list_that_names_nobody_is_refused_with_its_first_fault() -> None:
    with pytest.raises(BatchError, match="Nanci"):
        listing("commune;x\nNanci;1\n")


def test_names_with_control_characters_or_formulas_stay_texts() -> None:
    found = listing("commune;note\nNancy;=cmd|' /C calc'!A0\n=HYPERLINK(1);x\n\x1b[31mMetz;\u202ey\n")
    assert keys(found)[0] == "54395-nancy"
    assert all("/" not in key and "\\" not in key for key in keys(found))
