"""Sheets laid out for the eye: where their table is, what stands around and inside it, and what is no fault at all."""

from __future__ import annotations

import random
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import PatternFill
from sheet_building import (
    DATA,
    HEADER,
    TOTAL,
    Rows,
    csv_layout,
    kinds,
    layout,
    mark,
    reading,
    remade,
    sheet_xml,
    texts,
    workbook,
)

from opendata_check.inspection.header import find_header
from opendata_check.inspection.layout.watch import HEAD_ROWS, TAIL_ROWS, LayoutWatch

# A table, and nothing but a table


def test_a_clean_table_raises_nothing_and_its_region_is_the_sheet(tmp_path: Path) -> None:
    found = layout(tmp_path, [HEADER, *DATA])
    assert (found.region, found.other_regions, found.marks) == ("A1:D7", (), ())
    assert found.confidence > 0.9
    assert not found.sampled


@pytest.mark.parametrize(
    "rows",
    [
        # « Total » names a category, as statisticians write it: every row is as full as the others.
        [["Année", "Sexe", "Âge", "Effectif"]]
        + [[year, sex, age, 10 + age] for year in (2022, 2023) for sex in ("Femmes", "Hommes", "Total") for age in (1, 2, 3)],
        # A supplier whose name starts like a total.
        [["Fournisseur", "Objet", "Montant"], ["TotalEnergies", "Gaz", 1200], ["Ensemblier SARL", "Décor", 300],
         ["Somme Numérique", "Fibre", 150], ["Dupin", "Toit", 1650]],
        # The last amount happens to be the sum of two others.
        [["Rue", "Travaux", "Montant"], ["A", "Voirie", 100], ["B", "Toit", 200], ["C", "Mur", 300]],
        # A column of notes, mostly empty.
        [["Nom", "Type", "Places", "Remarque"], ["A", "bus", 3, None], ["B", "tram", 4, "Source : voir la carte"],
         ["C", "bus", 5, None], ["D", "bus", 6, "Fermé"]],
        # Records that nobody finished.
        [["Nom", "Type", "Places"], ["A", "bus", 3], ["B", None, None], ["C", "bus", 5], ["D", "tram", 6], ["E", "bus", 7]],
        # Only texts.
        [["Nom", "Rôle", "Site"], ["École", "Enseigner", "Nord"], ["Mairie", "Servir", "Sud"], ["Parc", "Jouer", "Est"]],
        # Two years side by side are a comparison, not a series.
        [["Commune", "2023", "2024"], ["A", 10, 12], ["B", 20, 18], ["C", 5, 6], ["D", 7, 7]],
        # A list with a name.
        [["Commune"], ["Brocas"], ["Antibes"], ["Nantes"], ["Rennes"]],
        # A balanced account whose columns come back to zero.
        [["Compte", "Libellé", "Débit", "Crédit"], ["6061", "Eau", 10, 0], ["6062", "Gaz", 0, 10], ["6063", "Fuel", 5, 5]],
    ],
)  # fmt: skip
def test_what_looks_like_a_fault_and_is_none(tmp_path: Path, rows: Rows) -> None:
    assert layout(tmp_path, rows).marks == ()
    assert csv_layout(texts(rows)).marks == ()


def test_a_sheet_of_sentences_holds_no_table(tmp_path: Path) -> None:
    found = layout(
        tmp_path, [["Métadonnées du jeu de données"], [], ["Titre : arbres"], [], ["Licence : ouverte"], [], ["Fin"]]
    )
    assert (found.region, found.confidence) == ("", 0.0)


# Around the table


def test_titles_above_and_notes_below_are_left_out_of_the_region(tmp_path: Path) -> None:
    rows = [
        ["Arbres de la commune"],
        ["Édité le 3 mai"],
        [],
        HEADER,
        *DATA,
        [],
        ["Source : service des espaces verts"],
        ["(*) estimation"],
    ]
    found = layout(tmp_path, rows)
    assert found.region == "A4:D10"
    assert mark(found, "titles").rows == ((1, 2),)
    assert mark(found, "notes").rows == ((12, 13),)


def test_a_long_note_right_under_the_table_is_one(tmp_path: Path) -> None:
    note = "Les chiffres comprennent les arbres des cours d'école, comptés une fois par an par les jardiniers."
    found = layout(tmp_path, [HEADER, *DATA, [note]])
    assert found.region == "A1:D7"
    assert mark(found, "notes").rows == ((8, 8),)


def test_a_table_that_starts_lower_and_further_right(tmp_path: Path) -> None:
    found = layout(tmp_path, [[], [], *([None, None, *row] for row in [HEADER, *DATA])])
    assert found.region == "C3:F9"


# Rows that are no data


@pytest.mark.parametrize("name", ["Total", "TOTAL GÉNÉRAL", "Totaux :", "Ensemble", "Somme"])
def test_a_closing_total_is_told_by_its_name_and_its_figures(tmp_path: Path, name: str) -> None:
    found = layout(tmp_path, [HEADER, *DATA, [name, *TOTAL[1:]]])
    assert found.region == "A1:D7"
    total = mark(found, "total")
    assert (total.rows, total.count) == (((8, 8),), 1)
    assert total.confidence > 0.9


def test_a_total_without_a_name_is_told_by_its_sums_alone(tmp_path: Path) -> None:
    found = layout(tmp_path, [HEADER, *DATA, [None, None, 95, 4186.25]])
    assert mark(found, "total").rows == ((8, 8),)
    assert found.region == "A1:D7"


def test_a_total_without_a_known_name_is_told_by_its_formula(tmp_path: Path) -> None:
    def cell(place: str, value: object, formula: str = "") -> str:
        if isinstance(value, str):
            return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c r="{place}">{formula}<v>{value}</v></c>'

    rows = [
        "".join(cell(f"{'ABCD'[at]}{line}", value) for at, value in enumerate(row))
        for line, row in enumerate([HEADER, *DATA], start=1)
    ]
    rows.append(
        cell("A8", "Bilan")
        + cell("C8", 95, '<f t="shared" ref="C8:D8" si="0">SUM(C2:C7)</f>')
        + cell("D8", 4186.25, '<f t="shared" si="0"/>')
    )
    body = "".join(f'<row r="{line}">{row}</row>' for line, row in enumerate(rows, start=1))
    data = remade(workbook([]), {"xl/worksheets/sheet1.xml": sheet_xml(body)})
    found = reading(tmp_path / "a.xlsx", data).facts
    assert mark(found.layouts[0], "total").rows == ((8, 8),)
    assert found.layouts[0].region == "A1:D7"
    assert found.formula_count == 2


def test_subtotals_after_each_part_and_a_grand_total(tmp_path: Path) -> None:
    rows = [
        HEADER,
        *DATA[:3],
        ["Sous-total nord", None, 47, 2790.75],
        *DATA[3:],
        ["Sous-total sud", None, 48, 1395.5],
        TOTAL,
    ]
    found = layout(tmp_path, rows)
    assert mark(found, "subtotal").rows == ((5, 5), (9, 9))
    assert mark(found, "total").rows == ((10, 10),)
    assert found.region == "A1:D8"


def test_titles_of_groups_inside_the_table(tmp_path: Path) -> None:
    rows = [HEADER, ["QUARTIER NORD"], *DATA[:3], ["QUARTIER SUD"], *DATA[3:]]
    found = layout(tmp_path, rows, lambda sheet: (sheet.merge_cells("A2:D2"), sheet.merge_cells("A6:D6")))
    assert mark(found, "section").rows == ((2, 2), (6, 6))
    assert "merged_body" not in kinds(found)
    assert found.region == "A1:D9"


def test_a_header_repeated_from_page_to_page(tmp_path: Path) -> None:
    found = layout(tmp_path, [HEADER, *DATA[:3], HEADER, *DATA[3:]])
    assert mark(found, "repeated_header").rows == ((5, 5),)
    assert found.region == "A1:D8"


# Headers


def test_a_header_on_two_rows_is_told_by_its_merges(tmp_path: Path) -> None:
    rows: Rows = [["Rue", "Essence", "Comptage", None], [None, None, "Nombre", "Montant"], *DATA]
    found = layout(
        tmp_path,
        rows,
        lambda sheet: (sheet.merge_cells("C1:D1"), sheet.merge_cells("A1:A2"), sheet.merge_cells("B1:B2")),
    )
    assert mark(found, "two_row_header").rows == ((1, 2),)
    assert mark(found, "merged_header").count == 3
    assert found.region == "A1:D8"


def test_groups_above_the_header_belong_to_it_and_a_title_does_not(tmp_path: Path) -> None:
    groups: Rows = [[None, None, "Comptage", None], HEADER, *DATA]
    found = layout(tmp_path, groups, lambda sheet: sheet.merge_cells("C1:D1"))
    assert mark(found, "two_row_header").rows == ((1, 2),)
    titled = layout(tmp_path, [["Les arbres"], HEADER, *DATA], lambda sheet: sheet.merge_cells("A1:D1"))
    assert kinds(titled) == {"titles"}
    assert titled.region == "A2:D8"


def test_names_long_alike_from_page_to_page_are_still_a_header() -> None:
    rows = [["Titulaire", "Objet", "montant du marché - tranche 1"], ["SPIE", "", "12000"], ["Colas", "", "31000"]]
    rows += [["Titulaire", "Objet", "montant du marché - tranche 2"], ["Eiffage", "", "54000"], ["Malet", "", "7000"]]
    assert find_header(rows) == 0
    assert mark(csv_layout(rows), "repeated_header").rows == ((4, 4),)


def test_years_and_months_as_columns(tmp_path: Path) -> None:
    years = layout(tmp_path, [["Commune", 2020, 2021, 2022, 2023], ["A", 1, 2, 3, 4], ["B", 5, 6, 7, 8]])
    assert mark(years, "periods").columns == ("B", "C", "D", "E")
    months = ["janvier", "Février", "MARS", "avril", "mai", "juin"]
    assert (
        mark(layout(tmp_path, [["Acte", *months], ["Naissances", *range(6)], ["Décès", *range(6)]]), "periods").count
        == 6
    )


# Several tables, void columns


def test_tables_one_under_the_other(tmp_path: Path) -> None:
    other: Rows = [["Année", "Budget"], [2022, 1000], [2023, 1100], [2024, 1200]]
    found = layout(tmp_path, [HEADER, *DATA, [], ["Budget"], *other])
    assert found.region == "A1:D7"
    assert found.other_regions == ("A10:B13",)


def test_tables_side_by_side(tmp_path: Path) -> None:
    other = [["Rue", "Nombre"], ["Rue A", 3], ["Rue B", 4]]
    rows = [[*row, None, *(other[at] if at < len(other) else [])] for at, row in enumerate([HEADER, *DATA])]
    found = layout(tmp_path, rows)
    assert (found.region, found.other_regions) == ("A1:D7", ("F1:G3",))


def test_lists_side_by_side_without_a_void_column(tmp_path: Path) -> None:
    names = ["Emma", "Lucas", "Léa", "Thomas", "Enzo", "Hugo", "Louise", "Adam", "Gabriel", "Jules"]
    other = [*reversed(names[2:]), "Noé", "Lina"]
    lists = [[one, 90 - at, two, 50 - at] for at, (one, two) in enumerate(zip(names, other, strict=True))]
    found = layout(tmp_path, [["Prénom 2012", "Nombre 2012", "Prénom 2013", "Nombre 2013"], *lists])
    assert (found.region, found.other_regions) == ("A1:B11", ("C1:D11",))
    pairs = [[one, 90 - at, one, 50 - at] for at, one in enumerate(names)]
    kept = layout(tmp_path, [["Prénom 2012", "Nombre 2012", "Prénom 2013", "Nombre 2013"], *pairs])
    assert (kept.region, kept.other_regions) == ("A1:D11", ())


def test_a_void_column_inside_one_table(tmp_path: Path) -> None:
    rows = [[*row[:2], None, *row[2:]] for row in [HEADER, *DATA]]
    found = layout(tmp_path, rows)
    assert mark(found, "blank_column").columns == ("C",)
    assert (found.region, found.other_regions) == ("A1:E7", ())


# Cells


def test_merged_cells_of_the_data_are_told_and_those_of_titles_are_not(tmp_path: Path) -> None:
    found = layout(
        tmp_path,
        [["Les arbres"], HEADER, *DATA],
        lambda sheet: (sheet.merge_cells("A1:D1"), sheet.merge_cells("B4:B6")),
    )
    assert mark(found, "merged_body").cells == ("B4:B6",)
    assert "merged_header" not in kinds(found)


def test_colours_that_no_text_tells(tmp_path: Path) -> None:
    red = PatternFill("solid", fgColor="FFFF0000")

    def paint(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        for cell in ("C3", "C4", "C5"):
            sheet[cell].fill = red

    found = layout(tmp_path, [HEADER, *DATA, *DATA], paint)
    assert mark(found, "colour").columns == ("C",)
    assert mark(found, "colour").cells == ("C3", "C4", "C5")


def test_bands_headers_totals_and_colours_that_follow_a_text_mean_nothing_more(tmp_path: Path) -> None:
    grey, red = PatternFill("solid", fgColor="FFDDDDDD"), PatternFill("solid", fgColor="FFFF0000")

    def bands(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        for row in range(1, 14):
            for column in "ABCD":
                if row % 2:
                    sheet[f"{column}{row}"].fill = grey

    def by_text(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        for row in range(2, 14):
            if sheet[f"B{row}"].value == "Tilleul":
                sheet[f"C{row}"].fill = red

    assert kinds(layout(tmp_path, [HEADER, *DATA, *DATA], bands)) == set()
    assert kinds(layout(tmp_path, [HEADER, *DATA, *DATA], by_text)) == set()


def test_lists_in_a_cell_are_told_and_addresses_are_not(tmp_path: Path) -> None:
    lots = [["Marché", "Montants", "Adresse"]] + [
        [f"M{n}", "1200\n340\n50", "12 rue des Écoles\n40420 Brocas"] for n in range(4)
    ]
    found = layout(tmp_path, lots)
    assert mark(found, "many_values").columns == ("B",)
    assert mark(found, "many_values").count == 4


def test_numbers_kept_as_text_are_told_where_they_count_and_codes_are_not(tmp_path: Path) -> None:
    rows = [["Code commune", "SIRET", "Montant"]] + [["40056", "21400056300012", f"{n}50.25"] for n in range(1, 6)]
    found = layout(tmp_path, rows)
    assert mark(found, "text_numbers").columns == ("C",)
    true_numbers = [["Code commune", "Montant"]] + [["40056", n * 1.5] for n in range(1, 6)]
    assert kinds(layout(tmp_path, true_numbers)) == set()


def test_failed_formulas_are_told(tmp_path: Path) -> None:
    found = layout(tmp_path, [HEADER, *DATA[:2], ["Rue X", "#N/A", 3, "#REF!"], *DATA[2:]])
    assert mark(found, "errors").cells == ("B4", "D4")


# The same rows from a CSV


def test_a_csv_made_of_such_a_sheet_says_the_same() -> None:
    rows = texts([["Arbres de la commune"], [], HEADER, *DATA[:3], HEADER, *DATA[3:], TOTAL, [], ["Source : mairie"]])
    found = csv_layout(rows)
    assert found.region == "A3:D10"
    assert kinds(found) == {"titles", "repeated_header", "total", "notes"}


# Tables as communes write them

WRITTEN = [
    pytest.param(
        """Budget primitif 2024;;;
Commune de Brocas;;;
;;;
Chapitre;Libellé;CA 2023;BP 2024
SECTION DE FONCTIONNEMENT;;;
Dépenses;;;
011;Charges à caractère général;120000;130000
012;Charges de personnel;300000;310000
65;Autres charges;45000;40000
Total dépenses de fonctionnement;;465000;480000
Recettes;;;
70;Produits des services;65000;70000
73;Impôts et taxes;400000;410000
Total recettes de fonctionnement;;465000;480000
SECTION D'INVESTISSEMENT;;;
21;Immobilisations;50000;60000
23;Travaux;100000;90000
Total investissement;;150000;150000""",
        "A4:D17",
        {"titles", "total", "subtotal", "section"},
        id="a budget by section",
    ),
    pytest.param(
        """Association;Objet;Montant
AS Foot;Fonctionnement;1200
Club lecture;Festival;300
Chorale;Concert;450
;TOTAL;1950""",
        "A1:C4",
        {"total"},
        id="a total named in the second column",
    ),
    pytest.param(
        """Âge;Service;Hommes;;Femmes;
;;Titulaires;Contractuels;Titulaires;Contractuels
20-29;Voirie;3;1;2;2
30-39;École;4;0;5;1
40-49;Mairie;2;1;6;0""",
        "A1:F5",
        {"two_row_header"},
        id="a header on two rows without a merge",
    ),
    pytest.param(
        """Arbres plantés par quartier;;;;;
;;Hommes;;Femmes;
Âge;Service;Titulaires;Contractuels;Titulaires;Contractuels
20-29;Voirie;3;1;2;2
30-39;École;4;0;5;1
40-49;Mairie;2;1;6;0""",
        "A2:F6",
        {"titles", "two_row_header"},
        id="groups above the header",
    ),
    pytest.param(
        """2022;;
Rue;Essence;Nombre
A;Tilleul;3
B;Chêne;5
;;
2023;;
Rue;Essence;Nombre
A;Tilleul;4
C;Frêne;6""",
        "A2:C9",
        {"titles", "section", "repeated_header"},
        id="a table a year",
    ),
    pytest.param(
        """Tranche;Hommes;Femmes;Total
Ensemble;90;100;190
0-14;30;30;60
15-29;20;30;50
30-44;40;40;80""",
        "A1:D5",
        {"subtotal"},
        id="the whole first",
    ),
    pytest.param(
        """Nom;Mairie de Brocas
Adresse;Le Bourg
Téléphone;0558000000
Horaires;9h-12h""",
        "A1:B4",
        set(),
        id="a card",
    ),
    pytest.param(
        """Essence;Nord;Sud;Est
Tilleul;3;4;5
Chêne;1;0;2
Frêne;7;8;9
Total;11;12;16""",
        "A1:D4",
        {"total"},
        id="a crossed table",
    ),
    pytest.param(
        """Parcelle;Surface;Prix
;(m²);(€)
AB12;300;12000
AB13;450;15000
AC1;120;5000""",
        "A1:C5",
        {"two_row_header"},
        id="units under the names",
    ),
    pytest.param(
        """Site;Visiteurs;Gratuits
Musée;1200;300
Château (1);800;200
Piscine;5000;0
(1) Fermé de janvier à mars
(2) Chiffres provisoires""",
        "A1:C4",
        {"notes"},
        id="numbered notes",
    ),
    pytest.param(
        """id;nom;x;y;note
1;;;;
2;A;3;4;
3;;;;
4;B;;;
5;;1;2;ok""",
        "A1:E6",
        set(),
        id="very sparse",
    ),
    pytest.param(
        """Lot;Titulaire;Montant
1;Total Énergies;1200
2;Colas;300
3;Eiffage;900""",
        "A1:C4",
        set(),
        id="a supplier named Total",
    ),
    pytest.param(
        """Rue;Essence;Nombre
;;
A;Tilleul;3
B;Chêne;5
C;Frêne;9""",
        "A1:C5",
        set(),
        id="a blank row under the header",
    ),
    pytest.param(
        """Service;Agent;Heures
Voirie;A1;10
Voirie;A2;12
Total;;22
École;A3;9
École;A4;8
Total;;17
Mairie;A5;7
Mairie;A6;6
Total;;13
Total général;;52""",
        "A1:C9",
        {"total", "subtotal"},
        id="subtotals of the same name",
    ),
]


@pytest.mark.parametrize(("text", "region", "told"), WRITTEN)
def test_tables_as_communes_write_them(text: str, region: str, told: set[str]) -> None:
    found = csv_layout([line.split(";") for line in text.split("\n")])
    assert (found.region, kinds(found)) == (region, told)


# Long, wide and hostile sheets


def test_a_long_table_is_sampled_and_says_so() -> None:
    watch = LayoutWatch()
    watch.add(1, ["id", "nom", "montant"])
    for line in range(2, 10_002):
        watch.add(line, [str(line), f"nom {line}", "12.5"])
    watch.add(10_002, ["Total", "", "125000"])
    found = watch.facts(1)
    assert found.sampled
    assert found.rows_read == HEAD_ROWS + TAIL_ROWS
    assert found.region.startswith("A1:C100")


def test_the_last_rows_alone_say_the_same_as_all_of_them() -> None:
    rows = [["id", "nom", "montant"], *([str(n), f"nom {n}", "12.5"] for n in range(9_000)), ["Total", "", "112500"]]
    every, some = LayoutWatch(), LayoutWatch()
    for line, cells in enumerate(rows, start=1):
        every.add(line, cells)
        if not some.is_full:
            some.add(line, cells)
    for line, cells in list(enumerate(rows, start=1))[-TAIL_ROWS:]:
        some.add_last(line, cells)
    assert some.facts(1) == every.facts(1)
    assert mark(some.facts(1), "total").rows == ((9_002, 9_002),)
    short = LayoutWatch()
    for line, cells in enumerate(rows[:100], start=1):
        short.add(line, cells)
    for line, cells in list(enumerate(rows[:100], start=1))[-50:]:
        short.add_last(line, cells)
    assert not short.is_sampled
    assert short.facts(1).rows_read == 100


@pytest.mark.parametrize(
    "row",
    [["x" * 50_000] * 300, [str(n) for n in range(16_384)], ["Total"] * 16_384, ["\n".join("1" * 999)] * 99, ["€" * 300] * 50],
)  # fmt: skip
def test_wide_and_heavy_rows_stay_cheap(row: list[str]) -> None:
    watch = LayoutWatch()
    for line in range(1, 1_000):
        watch.add(line, row)
    found = watch.facts(1)
    assert all(len(item.columns) <= 50 and len(item.cells) <= 10 and len(item.rows) <= 50 for item in found.marks)


@given(
    st.lists(
        st.lists(st.sampled_from(["", "Total", "12", "Rue", "2020", "#N/A", "a\nb", "Source :"]), max_size=6),
        max_size=30,
    )
)
def test_any_rows_give_a_layout_whose_region_is_inside_the_sheet(rows: list[list[str]]) -> None:
    found = csv_layout(rows)
    assert 0 <= found.confidence <= 1
    if found.region:
        from openpyxl.utils import range_boundaries

        left, top, right, bottom = range_boundaries(found.region)
        assert 1 <= top <= bottom <= len(rows)
        assert 1 <= left <= right <= max(map(len, rows))


def test_no_text_of_a_cell_reaches_the_facts(tmp_path: Path) -> None:
    secret = "Zzyzx-Quuxberg"
    rows = [
        [f"Titre {secret}"],
        HEADER,
        [secret, secret, 1, 2],
        *DATA,
        [f"Total {secret}", None, 96, 4188.25],
        [f"Source : {secret}"],
    ]
    found = reading(tmp_path / "a.xlsx", workbook(rows))
    assert secret not in repr(found.facts.layouts)
    assert secret not in repr(found.traces)


def test_random_fills_of_a_large_palette_say_nothing(tmp_path: Path) -> None:
    chance = random.Random(3)

    def paint(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        for row in range(2, 14):
            sheet[f"C{row}"].fill = PatternFill("solid", fgColor=f"FF{chance.randrange(16**6):06X}")

    assert "colour" not in kinds(layout(tmp_path, [HEADER, *DATA, *DATA], paint))
