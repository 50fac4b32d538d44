"""Budget documents: each rule on both sides, real documents, and files made to harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from opendata_check.standards import totem
from opendata_check.standards.capping import MAX_PLACES
from opendata_check.standards.interface import Fault
from opendata_check.standards.totem.facts import RULES

BUDGET = """<?xml version="1.0" encoding="ISO-8859-1"?>
<DocumentBudgetaire xmlns="http://www.minefi.gouv.fr/cp/demat/docbudgetaire">
  <VersionSchema V="100"/>
  <EnTeteDocBudgetaire>
    <DteStr V="2024-04-12"/>
    <LibelleColl V="CRACH"/>
    <IdColl V="21560046100010"/>
  </EnTeteDocBudgetaire>
  <Budget>
    <EnTeteBudget>
      <LibelleEtab V="BUDGET PRINCIPAL"/>
      <IdEtab V="21560046100010"/>
      <Nomenclature V="M57-M57_A"/>
    </EnTeteBudget>
    <BlocBudget>
      <NatDec V="01"/>
      <Exer V="2024"/>
      <DteDec V="2024-04-08"/>
    </BlocBudget>
    <InformationsGenerales><Information Code="PopTot" V="3 446"/></InformationsGenerales>
    <LigneBudget><Nature V="6413"/><CodRD V="D"/><MtPrev V="1000.50"/></LigneBudget>
    <LigneBudget><Nature V="7311"/><CodRD V="R"/><MtPrev V="1000.50"/></LigneBudget>
    <LigneBudget><Nature V="2117"/><CodRD V="D"/><MtPrev V="300"/><MtRARPrec V="200"/></LigneBudget>
    <LigneBudget><Nature V="021"/><CodRD V="R"/><MtPrev V="500"/><MtSup V="500" Code="BudgetHorsRAR"/></LigneBudget>
    <Annexes>
      <DATA_CONCOURS>
        <CONCOURS><CodNatJurBenefCA V="P1"/><LibOrgaBenef V="Club de voile"/></CONCOURS>
        <CONCOURS><CodNatJurBenefCA V="P3"/><LibOrgaBenef V="Nom anonymisé"/></CONCOURS>
      </DATA_CONCOURS>
    </Annexes>
  </Budget>
</DocumentBudgetaire>
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "budget.xml"


def judged(path: Path, text: str | bytes) -> list[Fault]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode("iso-8859-1"))
    return list(totem.validate(path))


def test_a_right_budget_has_no_fault(written: Path) -> None:
    assert judged(written, BUDGET) == []


# what is replaced, by what, code, part, field, value shown, right value
BROKEN = [
    ('<IdColl V="21560046100010"/>', "", "totem.manquant", "EnTeteDocBudgetaire", "IdColl", (), ()),
    ('<Exer V="2024"/>', '<Exer V=""/>', "totem.manquant", "BlocBudget", "Exer", (), ()),
    ('<DteDec V="2024-04-08"/>', '<DteDec v="2024-04-08"/>', "totem.attribut_v", "BlocBudget", "DteDec", (), ()),
    ('<IdEtab V="21560046100010"', '<IdEtab V="215600461"', "totem.siret_forme", "EnTeteBudget", "IdEtab",
     ("215600461",), ()),
    ('<IdEtab V="21560046100010"', '<IdEtab V="21560046100011"', "totem.siret_cle", "EnTeteBudget", "IdEtab",
     ("21560046100011",), ()),
    ('V="2024"', 'V="2022 en erreur"', "totem.annee", "BlocBudget", "Exer", ("2022 en erreur",), ()),
    ("2024-04-08", "08/04/2024", "totem.date", "BlocBudget", "DteDec", ("08/04/2024",), ()),
    ("2024-04-08", "2024-02-30", "totem.date", "BlocBudget", "DteDec", ("2024-02-30",), ()),
    ('<NatDec V="01"/>', '<NatDec V="99"/>', "totem.etape", "BlocBudget", "NatDec", ("99",), ()),
    ("M57-M57_A", "M57_A", "totem.nomenclature", "EnTeteBudget", "Nomenclature", ("M57_A",), ()),
    ('<Nature V="6413"/>', '<CaracSup V="F" Code="Section"/>', "totem.nature", "LigneBudget", "Nature", ("",), ()),
    ('<MtSup V="500"', '<MtSup V="un peu"', "totem.montant", "LigneBudget", "MtSup", ("un peu",), ("",)),
    ('<MtSup V="500"', '<MtSup V="1 500,25"', "totem.montant", "LigneBudget", "MtSup", ("1 500,25",), ("1500.25",)),
    ("<Annexes>", '<LigneBudget><Nature V="6413"/><CodRD V="D"/></LigneBudget><Annexes>', "totem.sans_montant",
     "LigneBudget", "", (), ()),
    ('<CodRD V="R"/><MtPrev V="1000.50"/>', '<CodRD V="R"/><MtPrev V="900"/>', "totem.desequilibre_fonctionnement",
     "Budget", "", ("dépenses 1 000,50 €, recettes 900,00 €",), ()),
    ('<MtRARPrec V="200"/>', "", "totem.desequilibre_investissement", "Budget", "",
     ("dépenses 300,00 €, recettes 500,00 €",), ()),
    ("CRACH", "CR�CH".encode().decode("iso-8859-1"), "totem.caracteres_perdus", "EnTeteDocBudgetaire",
     "LibelleColl", (), ()),
    ('V="Nom anonymisé"', 'V="Jeanne Martin"', "totem.nom_de_personne", "CONCOURS", "LibOrgaBenef", (), ()),
    ("http://www.minefi.gouv.fr/cp/demat/docbudgetaire", "http://exemple.fr", "totem.espace_de_noms", "",
     "DocumentBudgetaire", ("http://exemple.fr",), ()),
    ("DocumentBudgetaire", "Budgets", "totem.racine", "", "Budgets", (), ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("replaced", "by", "code", "part", "field", "values", "expected"), BROKEN, ids=lambda x: str(x)[:30]
)
def test_a_broken_rule_is_the_only_fault_and_its_place_is_said(
    replaced: str, by: str, code: str, part: str, field: str, values: tuple[str, ...], expected: tuple[str, ...], written: Path
) -> None:  # fmt: skip
    assert replaced in BUDGET
    (fault,) = judged(written, BUDGET.replace(replaced, by, 2 if replaced == "DocumentBudgetaire" else 1).replace("</DocumentBudgetaire>", "</Budgets>" if by == "Budgets" else "</DocumentBudgetaire>"))  # fmt: skip
    shown = tuple(
        value.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ") for value in fault.values
    )
    assert (fault.code, fault.part, fault.field, shown) == (code, part, field, values)
    assert tuple(fault.expected) == tuple(value for value in expected if value)
    assert fault.rows
    assert fault.personal is (code == "totem.nom_de_personne")


def test_a_line_must_say_its_direction(written: Path) -> None:
    faults = judged(written, BUDGET.replace('<CodRD V="R"/><MtPrev V="500"/>', '<CodRD V="?"/><MtPrev V="500"/>'))
    assert [(fault.code, tuple(fault.values)) for fault in faults[:1]] == [("totem.sens", ("?",))]
    assert [fault.code for fault in faults[1:]] == ["totem.desequilibre_investissement"]


def test_the_line_of_the_file_is_given(written: Path) -> None:
    (fault,) = judged(written, BUDGET.replace('<Exer V="2024"/>', '<Exer V="24"/>'))
    assert BUDGET.split("\n")[fault.rows[0] - 1].strip() == '<Exer V="2024"/>'


@pytest.mark.parametrize("block", ["EnTeteDocBudgetaire", "EnTeteBudget", "BlocBudget", "Budget"])
def test_a_part_that_lacks_is_said(block: str, written: Path) -> None:
    start, end = BUDGET.index(f"<{block}>"), BUDGET.index(f"</{block}>") + len(block) + 3
    (fault,) = judged(written, BUDGET[:start] + BUDGET[end:])
    assert (fault.code, fault.field) == ("totem.bloc_manquant", block)


def test_a_budget_without_lines_is_said(written: Path) -> None:
    (fault,) = judged(written, "\n".join(line for line in BUDGET.split("\n") if "<LigneBudget>" not in line))
    assert (fault.code, fault.field) == ("totem.sans_ligne", "LigneBudget")


@pytest.mark.parametrize("step", ["02", "03", "09", "10"])
def test_only_a_primitive_budget_must_balance(step: str, written: Path) -> None:
    unbalanced = BUDGET.replace('<MtRARPrec V="200"/>', "")
    assert judged(written, unbalanced.replace('NatDec V="01"', f'NatDec V="{step}"')) == []


def test_when_the_section_is_unknown_the_whole_budget_is_weighed(written: Path) -> None:
    elsewhere = BUDGET.replace("M57-M57_A", "M22-M22")
    assert [fault.code for fault in judged(written, elsewhere)] == ["totem.nomenclature"]
    unbalanced = elsewhere.replace('<MtRARPrec V="200"/>', "")
    assert [fault.code for fault in judged(written, unbalanced)] == ["totem.nomenclature", "totem.desequilibre"]


def test_the_section_a_line_gives_goes_before_its_account(written: Path) -> None:
    moved = BUDGET.replace('<Nature V="2117"/>', '<Nature V="2117"/><CaracSup V="F" Code="Section"/>')
    codes = [fault.code for fault in judged(written, moved)]
    assert codes == ["totem.desequilibre_fonctionnement", "totem.desequilibre_investissement"]


def test_enriched_lines_of_a_single_account_are_not_judged(written: Path) -> None:
    enriched = BUDGET.replace("<Annexes>", '<LigneBudget calculated="true"><MtPrev V="9"/></LigneBudget><Annexes>')
    assert judged(written, enriched) == []


def test_a_document_inside_a_single_account_is_judged(written: Path) -> None:
    inside = BUDGET.partition("?>")[2].replace("2024-04-08", "demain").replace("é", "e")
    whole = f'<c:CompteFinancierUnique xmlns:c="http://www.minefi.gouv.fr/cp/demat/doccfu">{inside}</c:CompteFinancierUnique>'
    assert [fault.code for fault in judged(written, whole)] == ["totem.date"]
    empty = '<c:CompteFinancierUnique xmlns:c="http://www.minefi.gouv.fr/cp/demat/doccfu"/>'
    assert [(fault.code, fault.field) for fault in judged(written, empty)] == [
        ("totem.bloc_manquant", "DocumentBudgetaire")
    ]


def test_two_budgets_are_judged_apart(written: Path) -> None:
    start, end = BUDGET.index("<Budget>"), BUDGET.index("</Budget>") + len("</Budget>")
    budget = BUDGET[start:end]
    unbalanced = budget.replace('<MtRARPrec V="200"/>', "")
    faults = judged(written, BUDGET[:start] + budget + unbalanced + BUDGET[end:])
    assert [fault.code for fault in faults] == ["totem.desequilibre_investissement"]


def test_a_rule_broken_everywhere_lists_so_many_places(written: Path) -> None:
    lines = '<LigneBudget><Nature V="?"/><CodRD V="D"/><MtPrev V="0"/></LigneBudget>' * (MAX_PLACES + 1)
    faults = judged(written, BUDGET.replace("<Annexes>", lines + "<Annexes>"))
    assert sum(fault.code == "totem.nature" for fault in faults) == MAX_PLACES
    assert (faults[-1].code, faults[-1].field) == ("totem.non_liste", "totem.nature")


def test_every_rule_is_broken_by_a_test() -> None:
    elsewhere = {
        "totem.illisible", "totem.xml", "totem.demesure", "totem.bloc_manquant", "totem.sans_ligne", "totem.sens",
        "totem.desequilibre", "totem.non_liste",
    }  # fmt: skip
    assert {case[2] for case in BROKEN} | elsewhere == set(RULES.rules)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "totem.xml"),
        (BUDGET[:900].encode("iso-8859-1"), "totem.xml"),
        (BUDGET.replace("ISO-8859-1", "UTF-8").encode("iso-8859-1"), "totem.xml"),
        (BUDGET.replace("ISO-8859-1", "klingon").encode("iso-8859-1"), "totem.xml"),
        (b"\x00\x01" * 100, "totem.xml"),
        (b'<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><DocumentBudgetaire>&b;</DocumentBudgetaire>', "totem.xml"),
        (b'<DocumentBudgetaire xmlns="http://www.minefi.gouv.fr/cp/demat/docbudgetaire">' + b"<a>" * 100_000,
         "totem.demesure"),
        (b'<DocumentBudgetaire xmlns="http://www.minefi.gouv.fr/cp/demat/docbudgetaire"><a V="' + b"x" * 9_000_000,
         "totem.demesure"),
        (b"<html><body/></html>", "totem.racine"),
    ],
    ids=["empty", "cut", "not utf-8", "encoding", "binary", "bomb", "deep", "long", "root"],
)  # fmt: skip
def test_a_broken_file_is_one_fault(data: bytes, code: str, written: Path) -> None:
    assert [(fault.code, fault.level) for fault in judged(written, data)] == [(code, "error")]


def test_a_file_that_cannot_be_opened_is_a_fault(tmp_path: Path) -> None:
    assert [fault.code for fault in totem.validate(tmp_path / "absent")] == ["totem.illisible"]


@pytest.mark.parametrize(
    ("root", "namespace", "is_one"),
    [
        ("DocumentBudgetaire", "", True),
        ("DocumentBudgetaire", "http://www.minefi.gouv.fr/cp/demat/docbudgetaire", True),
        ("DocumentBudgetaire", "http://exemple.fr", False),
        ("CompteFinancierUnique", "", True),
        ("marches", "", False),
    ],
)
def test_a_budget_document_is_recognised(root: str, namespace: str, is_one: bool) -> None:
    assert totem.recognises(root, namespace) is is_one


# Shared samples: real documents of several communes, and some with a known defect

KNOWN = {
    "tests__data_alamarge__mauvais_totem.xml": {"totem.bloc_manquant"},
    "tests__data_extract_metadata__totem_mauvaise_annee.xml": {"totem.annee"},
    "tests__data_extract_metadata__totem_mauvaise_etape.xml": {"totem.etape"},
    "tests__data_extract_metadata__totem_mauvaise_nomenclature.xml": {"totem.nomenclature"},
    # A grant to a person, named in the annexes.
    "tests__exemples__DOCBUDG-21560046100010-056025-CA-2021-01032022000000__totem.xml": {"totem.nom_de_personne"},
}


@pytest.mark.shared
def test_real_documents_have_only_the_faults_they_are_known_for(shared: Path) -> None:
    paths = sorted((shared / "samples/real/megalis-bretagne+yatotem2scdl").glob("*totem*.xml"))
    assert len(paths) == 14
    for path in paths:
        # The accents of some were lost when they were made into test files.
        codes = {fault.code for fault in totem.validate(path)} - {"totem.caracteres_perdus"}
        assert codes == KNOWN.get(path.name, set()), path.name


@pytest.mark.shared
def test_the_section_told_by_the_account_is_the_one_real_lines_give(shared: Path) -> None:
    from opendata_check.standards.totem.lines import Line, section_of
    from opendata_check.standards.xml_stream import elements

    seen = 0
    for path in sorted((shared / "samples/real/megalis-bretagne+yatotem2scdl").glob("*totem*.xml")):
        line: Line | None = None
        for element in elements(path):
            if element.name == "LigneBudget":
                if element.opens:
                    line = Line(element.line)
                elif line is not None and line.section:
                    given, line.section = line.section, ""
                    assert section_of(line, "M14-M14") == given, (path.name, line.account)
                    seen += 1
            elif element.opens and line is not None:
                list(line.add(element))
    assert seen > 500
