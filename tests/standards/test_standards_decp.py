"""Public contracts: each rule on both sides, both formats, JSON and XML, and files made to harm."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from opendata_check.standards import decp
from opendata_check.standards.capping import MAX_PLACES
from opendata_check.standards.decp import validation
from opendata_check.standards.decp.facts import RULES
from opendata_check.standards.interface import Fault

Contract = dict[str, Any]

MARCHE: Contract = {
    "id": "2024-17",
    "acheteur": {"id": "21560046100010"},
    "nature": "Marché",
    "objet": "Réfection de la toiture de l'école",
    "codeCPV": "45261000-4",
    "techniques": {"technique": ["Sans objet"]},
    "modalitesExecution": {"modaliteExecution": ["Tranches"]},
    "marcheInnovant": False,
    "ccag": "Travaux",
    "offresRecues": 3,
    "attributionAvance": True,
    "tauxAvance": 0.1,
    "typeGroupementOperateurs": "Pas de groupement",
    "procedure": "Procédure adaptée",
    "lieuExecution": {"code": "56046", "typeCode": "Code commune"},
    "dureeMois": 6,
    "dateNotification": "2024-03-01",
    "datePublicationDonnees": "2024-03-15",
    "montant": 84000.5,
    "typesPrix": {"typePrix": ["Définitif ferme"]},
    "formePrix": "Forfaitaire",
    "sousTraitanceDeclaree": True,
    "titulaires": [{"titulaire": {"typeIdentifiant": "SIRET", "id": "55204599900869"}}],
    "considerationsSociales": {"considerationSociale": ["Clause sociale"]},
    "considerationsEnvironnementales": {"considerationEnvironnementale": ["Pas de considération environnementale"]},
    "actesSousTraitance": [
        {
            "acteSousTraitance": {
                "id": 1,
                "sousTraitant": {"typeIdentifiant": "TVA", "id": "FR55204599900"},
                "dureeMois": 2,
                "dateNotification": "2024-04-02",
                "datePublicationDonnees": "2024-04-20",
                "montant": 12000,
                "variationPrix": "Ferme",
            }
        }
    ],
    "modifications": [
        {
            "modification": {
                "id": 1,
                "dateNotificationModification": "2024-06-01",
                "datePublicationDonneesModification": "2024-06-10",
                "montant": 90000,
            }
        }
    ],
}
CONCESSION: Contract = {
    "id": "DSP-1",
    "autoriteConcedante": {"id": "21560046100010"},
    "nature": "Délégation de service public",
    "objet": "Gestion du camping",
    "procedure": "Procédure négociée ouverte",
    "dureeMois": 120,
    "dateSignature": "2024-01-10",
    "datePublicationDonnees": "2024-01-20",
    "dateDebutExecution": "2024-02-01",
    "valeurGlobale": 800000,
    "montantSubventionPublique": 0,
    "concessionnaires": [{"concessionnaire": {"typeIdentifiant": "SIRET", "id": "55204599900869"}}],
    "considerationsSociales": {"considerationSociale": ["Concession réservée"]},
    "considerationsEnvironnementales": {"considerationEnvironnementale": ["Critère environnemental"]},
    "donneesExecution": [
        {
            "donneesAnnuelles": {
                "datePublicationDonneesExecution": "2025-02-01",
                "depensesInvestissement": 0,
                "tarifs": [{"tarif": {"intituleTarif": "Nuitée", "tarif": 12.5}}],
            }
        }
    ],
}
OLD: Contract = {
    "id": "2019-0017",
    "acheteur": {"id": "21560046100010", "nom": "Commune de Crach"},
    "nature": "Marché",
    "objet": "Réfection de la toiture de l'école",
    "codeCPV": "45261000-4",
    "procedure": "Procédure adaptée",
    "lieuExecution": {"code": "56046", "typeCode": "Code commune", "nom": "Crach"},
    "dureeMois": 6,
    "dateNotification": "2019-03-01",
    "datePublicationDonnees": "2019-03-15+02:00",
    "montant": 84000.5,
    "formePrix": "Ferme",
    "titulaires": [{"typeIdentifiant": "SIRET", "id": "55204599900869", "denominationSociale": "Toits d'Armor"}],
    "modifications": [],
}
OLD_CONCESSION: Contract = {
    "id": "2019-DSP",
    "autoriteConcedante": {"id": "21560046100010", "nom": "Commune de Crach"},
    "nature": "Délégation de service public",
    "objet": "Gestion du camping",
    "procedure": "Procédure négociée ouverte",
    "lieuExecution": {"code": "FR", "typeCode": "Code pays", "nom": "France"},
    "dureeMois": 120,
    "dateSignature": "2019-01-10",
    "datePublicationDonnees": "2019-01-20",
    "dateDebutExecution": "2019-02-01",
    "valeurGlobale": 800000,
    "montantSubventionPublique": 0,
    "donneesExecution": [],
    "concessionnaires": [
        {"typeIdentifiant": "SIRET", "id": "55204599900869", "denominationSociale": "Les Campeurs réunis"}
    ],
    "modifications": [],
}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "marches"


def of_2022(*marches: Contract, concessions: Iterable[Contract] = ()) -> dict[str, Any]:
    return {"marches": {"marche": list(marches), "contrat-concession": list(concessions)}}


def of_2019(*contracts: Contract) -> dict[str, Any]:
    return {"marches": list(contracts)}


def judged(path: Path, document: Any) -> list[Fault]:
    """Return the faults of a document (a text is written as it is), but for the note that names the format."""
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False, indent=1)
    path.write_text(text, "utf-8")
    return [fault for fault in decp.validate_json(path) if not fault.code.startswith("decp.format_2")]


def changed(contract: Contract, **changes: Any) -> Contract:
    """Return a copy with other values: ``acheteur__id=…`` goes down, None removes."""
    other = copy.deepcopy(contract)
    for name, value in changes.items():
        *way, last = name.split("__")
        holder: Any = other
        for step in way:
            holder = holder[int(step) if step.isdigit() else step]
        if value is None:
            del holder[last]
        else:
            holder[last] = value
    return other


@pytest.mark.parametrize(
    "document",
    [of_2022(MARCHE, concessions=[CONCESSION]), of_2019(OLD, OLD_CONCESSION), {"marches": {"marche": [MARCHE]}}],
    ids=["2022", "2019", "one family"],
)
def test_a_right_file_has_no_fault(document: Any, written: Path) -> None:
    assert judged(written, document) == []


@pytest.mark.parametrize(
    ("document", "code"), [(of_2022(MARCHE), "decp.format_2022"), (of_2019(OLD), "decp.format_2019")]
)
def test_the_format_is_told_from_the_structure(document: Any, code: str, written: Path) -> None:
    written.write_text(json.dumps(document))
    first = next(decp.validate_json(written))
    assert (first.code, first.level) == (code, "note")


TWICE = [{"titulaire": {"typeIdentifiant": "SIRET", "id": "55204599900869"}}] * 2
LATER = changed(MARCHE, id="2024-18")

# code, document, where the fault is said to be, value shown
BROKEN: list[tuple[str, Any, str, str, tuple[str, ...]]] = [
    ("decp.manquant", of_2022(changed(MARCHE, ccag=None)), "marches.marche[0]", "ccag", ()),
    ("decp.manquant", of_2022(changed(MARCHE, acheteur__id=None)), "marches.marche[0].acheteur", "id", ()),
    ("decp.manquant", of_2019(changed(OLD, titulaires__0__id=None)), "marches[0].titulaires[0]", "id", ()),
    ("decp.manquant", of_2019(OLD, changed(OLD_CONCESSION, objet=None)), "marches[1]", "objet", ()),
    ("decp.cle_inconnue", of_2022(changed(MARCHE, uid="1")), "marches.marche[0]", "uid", ()),
    ("decp.cle_ancienne", of_2022(changed(MARCHE, _type="Marché")), "marches.marche[0]", "_type", ()),
    ("decp.cle_double", json.dumps(of_2022(MARCHE)).replace('"id": "2024-17"', '"id": "x", "id": "2024-17"', 1),
     "marches.marche[0]", "id", ()),
    ("decp.type", of_2022(changed(MARCHE, dureeMois="6")), "marches.marche[0]", "dureeMois", ("6",)),
    ("decp.type", of_2022(changed(MARCHE, marcheInnovant="non")), "marches.marche[0]", "marcheInnovant", ("non",)),
    ("decp.type", {"marches": {"marche": MARCHE}}, "marches", "marche", ()),
    ("decp.type", {"marches": "rien"}, "", "marches", ()),
    ("decp.objet_attendu", of_2022(changed(MARCHE, titulaires=["x"])), "marches.marche[0]", "titulaires[0]", ("x",)),
    ("decp.valeur_inconnue", of_2022(changed(MARCHE, nature="MARCHE")), "marches.marche[0]", "nature", ("MARCHE",)),
    ("decp.valeur_inconnue", of_2022(changed(MARCHE, techniques__technique=["Sans objet", "?"])),
     "marches.marche[0].techniques", "technique[1]", ("?",)),
    ("decp.valeur_ancienne", of_2019(changed(OLD, procedure="Procédure concurrentielle avec négociation")), "marches[0]",
     "procedure", ("Procédure concurrentielle avec négociation",)),
    ("decp.forme", of_2022(changed(MARCHE, acheteur__id="215600461")), "marches.marche[0].acheteur", "id", ("215600461",)),
    ("decp.forme", of_2022(changed(MARCHE, codeCPV="4526")), "marches.marche[0]", "codeCPV", ("4526",)),
    ("decp.trop_long", of_2022(changed(MARCHE, id="x" * 17)), "marches.marche[0]", "id", ("x" * 17,)),
    ("decp.trop_court", of_2022(changed(MARCHE, id="")), "marches.marche[0]", "id", ("",)),
    ("decp.trop_petit", of_2022(changed(MARCHE, dureeMois=0)), "marches.marche[0]", "dureeMois", ("0",)),
    ("decp.trop_grand", of_2022(changed(MARCHE, tauxAvance=30)), "marches.marche[0]", "tauxAvance", ("30",)),
    ("decp.liste_vide", of_2022(changed(MARCHE, titulaires=[])), "marches.marche[0]", "titulaires", ()),
    ("decp.liste_doublon", of_2022(changed(MARCHE, titulaires=TWICE)), "marches.marche[0]", "titulaires", ()),
    ("decp.contrat_repete", of_2019(OLD, OLD), "marches[1]", "", ()),
    ("decp.aucun_contrat", {"marches": []}, "", "marches", ()),
    ("decp.vide", {"marches": {"marche": []}}, "", "", ()),
    ("decp.structure", {"marches": {}}, "marches", "", ()),
    ("decp.famille_inconnue", {"marches": {"marche": [MARCHE], "marchés": []}}, "marches", "marchés", ()),
    ("decp.racine", [MARCHE], "", "", ()),
    ("decp.racine", {"lignes": []}, "", "", ()),
    ("decp.format_perime", of_2019(changed(OLD, dateNotification="2024-01-01", datePublicationDonnees="2024-01-02")),
     "marches[0]", "", ()),
    ("decp.siret_acheteur", of_2022(changed(MARCHE, acheteur__id="21560046100011")), "marches.marche[0].acheteur", "id",
     ("21560046100011",)),
    ("decp.siret_titulaire", of_2022(changed(MARCHE, titulaires__0__titulaire__id="552 045 999")),
     "marches.marche[0].titulaires[0].titulaire", "id", ("552 045 999",)),
    ("decp.tva_titulaire", of_2022(changed(MARCHE, actesSousTraitance__0__acteSousTraitance__sousTraitant__id="552045999")),
     "marches.marche[0].actesSousTraitance[0].acteSousTraitance.sousTraitant", "id", ("552045999",)),
    ("decp.cpv_division", of_2022(changed(MARCHE, codeCPV="00000000")), "marches.marche[0]", "codeCPV", ("00000000",)),
    ("decp.date_iso", of_2022(changed(MARCHE, dateNotification="2024-02-30")), "marches.marche[0]", "dateNotification",
     ("2024-02-30",)),
    ("decp.date_iso", of_2022(changed(MARCHE, dateNotification="2024-03-01T00:00:00")), "marches.marche[0]",
     "dateNotification", ("2024-03-01T00:00:00",)),
    ("decp.date_ordre", of_2022(changed(MARCHE, datePublicationDonnees="2024-02-29")), "marches.marche[0]",
     "datePublicationDonnees", ("2024-02-29",)),
    ("decp.date_ordre", of_2022(concessions=[changed(CONCESSION, datePublicationDonnees="2024-01-09")]),
     "marches.contrat-concession[0]", "datePublicationDonnees", ("2024-01-09",)),
    ("decp.date_modification",
     of_2022(changed(MARCHE, modifications__0__modification__dateNotificationModification="2024-02-01")),
     "marches.marche[0].modifications[0].modification", "dateNotificationModification", ("2024-02-01",)),
    ("decp.montant_nul", of_2019(changed(OLD, montant=0)), "marches[0]", "montant", ("0",)),
    ("decp.montant_douteux", of_2022(changed(MARCHE, montant=1e17)), "marches.marche[0]", "montant", ("1E+17",)),
    ("decp.duree_douteuse", of_2022(changed(MARCHE, dureeMois=999)), "marches.marche[0]", "dureeMois", ("999",)),
    ("decp.id_double", of_2022(MARCHE, changed(MARCHE, montant=2)), "marches.marche[1]", "id", ("2024-17",)),
    ("decp.lieu_code", of_2022(changed(MARCHE, lieuExecution__code="Crach")), "marches.marche[0].lieuExecution", "code",
     ("Crach",)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "document", "part", "field", "values"), BROKEN, ids=lambda given: str(given)[:40])
def test_a_broken_rule_is_the_only_fault_and_its_place_is_said(
    code: str, document: Any, part: str, field: str, values: tuple[str, ...], written: Path
) -> None:
    (fault,) = judged(written, document)
    assert (fault.code, fault.part, fault.field, tuple(fault.values)) == (code, part, field, values)


def test_every_rule_is_broken_by_a_test() -> None:
    elsewhere = {
        "decp.illisible", "decp.encodage", "decp.json", "decp.xml", "decp.demesure", "decp.format_2019",
        "decp.format_2022", "decp.element_double", "decp.non_verifie", "decp.non_liste",
    }  # fmt: skip
    assert {code for code, *_ in BROKEN} | elsewhere == set(RULES.rules)


def test_the_line_of_the_value_is_given(written: Path) -> None:
    (fault,) = judged(written, of_2022(MARCHE, changed(LATER, dureeMois=0)))
    lines = written.read_text("utf-8").split("\n")
    assert lines[fault.rows[0] - 1].strip() == '"dureeMois": 0,'


def test_a_value_written_another_way_shows_the_right_one(written: Path) -> None:
    wrong = changed(MARCHE, ccag="Techniques de l’information et de la communication", nature="marche")
    faults = judged(written, of_2022(wrong))
    assert [fault.expected for fault in faults] == [
        ("Marché",),
        ("Techniques de l'information et de la communication",),
    ]


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("Code commune", "2A004", "20004"),
        ("Code commune", "97411", "99100"),
        ("Code postal", "20000", "96000"),
        ("Code département", "2B", "20"),
        ("Code département", "974", "96"),
        ("Code région", "53", "99"),
        ("Code pays", "FR", "XX"),
        ("Code arrondissement", "561", "Lorient"),
        ("Code canton", "5601", "1"),
    ],
)
def test_the_code_of_a_place_is_of_its_type(kind: str, right: str, wrong: str, written: Path) -> None:
    for code, expected in ((right, []), (wrong, ["decp.lieu_code"])):
        contract = changed(MARCHE, lieuExecution={"code": code, "typeCode": kind})
        assert [fault.code for fault in judged(written, of_2022(contract))] == expected


def test_an_integer_written_with_decimals_is_one_since_2022(written: Path) -> None:
    text = json.dumps(of_2022(MARCHE)).replace('"dureeMois": 6', '"dureeMois": 6.0')
    assert judged(written, text) == []
    text = json.dumps(of_2019(OLD)).replace('"dureeMois": 6', '"dureeMois": 6.0')
    assert [fault.code for fault in judged(written, text)] == ["decp.type"]


def test_the_name_of_a_company_is_masked(written: Path) -> None:
    (fault,) = judged(written, of_2019(changed(OLD, titulaires__0__denominationSociale=12)))
    assert fault.personal


def test_a_rule_broken_everywhere_lists_so_many_places(written: Path) -> None:
    written.write_text('{"marches": {"marche": [' + ",".join(["1"] * (MAX_PLACES + 5)) + "]}}")
    faults = list(decp.validate_json(written))
    assert sum(fault.code == "decp.type" for fault in faults) == MAX_PLACES
    assert (faults[-1].code, faults[-1].field) == ("decp.non_liste", "decp.type")


def test_beyond_a_bound_duplicates_are_said_not_to_be_sought(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "_MAX_KNOWN", 1)
    assert [fault.code for fault in judged(written, of_2022(MARCHE, LATER, MARCHE))] == ["decp.non_verifie"]


# XML


def xml_of(contract: Contract, family: str = "marche") -> str:
    """Write a contract of 2022 in XML, in the way of the XSD."""

    def inside(key: str, value: Any) -> str:
        if isinstance(value, dict):
            return "".join(tag(name, child) for name, child in value.items())
        if isinstance(value, bool):
            return "oui" if value else "non"
        if isinstance(value, list):
            wrapped = [next(iter(item.items())) if isinstance(item, dict) else ("", item) for item in value]
            names = {"modificationActeSousTraitance": "modificationActesSousTraitance"}
            return "".join(tag(names.get(name, name), item) for name, item in wrapped)
        return str(value).replace("&", "&amp;").replace("<", "&lt;")

    def tag(key: str, value: Any) -> str:
        if isinstance(value, list) and value and not isinstance(value[0], dict):
            return "".join(f"<{key}>{item}</{key}>\n" for item in value)
        return f"<{key}>{inside(key, value)}</{key}>\n"

    return tag(family, contract)


def judged_xml(path: Path, text: str | bytes) -> list[Fault]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [fault for fault in decp.validate_xml(path) if not fault.code.startswith("decp.format_2")]


def test_a_right_xml_has_no_fault(written: Path) -> None:
    text = f"<marches>{xml_of(MARCHE)}{xml_of(CONCESSION, 'contrat-concession')}</marches>"
    assert judged_xml(written, text) == []
    assert next(decp.validate_xml(written)).code == "decp.format_2022"


def test_a_right_xml_of_2019_has_no_fault(written: Path) -> None:
    old = copy.deepcopy(OLD)
    old["titulaires"] = [{"titulaire": old["titulaires"][0]}]
    old["modifications"] = ""
    assert judged_xml(written, f"<marches>{xml_of(old)}</marches>") == []
    assert next(decp.validate_xml(written)).code == "decp.format_2019"


@pytest.mark.parametrize(
    ("replaced", "by", "code", "part", "field"),
    [
        ("<ccag>Travaux</ccag>", "", "decp.manquant", "marches.marche[0]", "ccag"),
        ("<dureeMois>6</dureeMois>", "<dureeMois>six</dureeMois>", "decp.type", "marches.marche[0]", "dureeMois"),
        ("<dureeMois>6</dureeMois>", "<dureeMois>6</dureeMois><dureeMois>7</dureeMois>", "decp.element_double",
         "marches.marche[0]", "dureeMois"),
        ("<marcheInnovant>non<", "<marcheInnovant>peut-être<", "decp.type", "marches.marche[0]", "marcheInnovant"),
        ("<technique>Sans objet<", "<technique>Rien<", "decp.valeur_inconnue", "marches.marche[0].techniques",
         "technique[0]"),
        ("<titulaire>", "<titulaire><nom>x</nom>", "decp.cle_inconnue", "marches.marche[0].titulaires[0].titulaire",
         "nom"),
        ("<objet>", "<objet2/><objet>", "decp.cle_inconnue", "marches.marche[0]", "objet2"),
        ("<montant>84000.5<", "<montant>0<", "decp.trop_petit", "marches.marche[0]", "montant"),
        ("<titulaires><titulaire>", "<titulaires><entreprise/><titulaire>", "decp.cle_inconnue",
         "marches.marche[0].titulaires", "entreprise"),
        ("</marche>", "</marche><avis/>", "decp.famille_inconnue", "marches", "avis"),
    ],
)  # fmt: skip
def test_a_broken_xml_is_faulted_in_its_place(
    replaced: str, by: str, code: str, part: str, field: str, written: Path
) -> None:
    text = f"<marches>\n{xml_of(MARCHE)}</marches>"
    assert replaced in text
    (fault,) = judged_xml(written, text.replace(replaced, by, 1))
    assert (fault.code, fault.part, fault.field) == (code, part, field)
    assert fault.rows
    assert by == "" or f"<{field.split('[')[0]}" in text.replace(replaced, by, 1).split("\n")[fault.rows[0] - 1]


def test_an_origin_left_empty_in_xml_is_no_fault(written: Path) -> None:
    assert judged_xml(written, f"<marches>{xml_of({**MARCHE, 'origineUE': ''})}</marches>") == []


def test_xml_and_json_are_judged_alike(written: Path) -> None:
    wrong = changed(MARCHE, nature="MARCHE", montant=0, acheteur__id="1", modifications__0__modification__id=0)
    by_json = {(fault.code, fault.part, fault.field) for fault in judged(written, of_2022(wrong))}
    by_xml = {
        (fault.code, fault.part, fault.field) for fault in judged_xml(written, f"<marches>{xml_of(wrong)}</marches>")
    }
    assert by_json == by_xml
    assert len(by_json) == 4


# Files that are not what they say, or made to harm


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "decp.json", 1),
        (b'{"marches": [\n{"id": "x"\n', "decp.json", 3),
        (b'{"marches": []}\nx', "decp.json", 2),
        (b'{"marches":\n[{"montant": NaN}]}', "decp.json", 2),
        (b'{"marches": [\n{"id": "\xe9"}]}', "decp.encodage", 2),
        ('{"marches": []}'.encode("utf-16"), "decp.encodage", 1),
        (b"\x00\x01\x02" * 100, "decp.json", 1),
        (b'{"marches": [' + b"[" * 500, "decp.demesure", 1),
        (b"[" * 1_000_000, "decp.racine", 1),
        (b'{"autre": ' + b"[" * 1_000_000, "decp.demesure", 1),
        (b'{"marches": [' + b"1" * 1_000_000 + b"]}", "decp.demesure", 1),
        (b'{"marches": [{"montant": 1e99999999999999999999999}]}', "decp.json", 1),
    ],
    ids=["empty", "cut", "followed", "NaN", "latin-1", "utf-16", "binary", "deep", "deep root", "deep aside", "digits", "exponent"],
)  # fmt: skip
def test_a_broken_json_is_one_fault(data: bytes, code: str, line: int, written: Path) -> None:
    written.write_bytes(data)
    (fault,) = [fault for fault in decp.validate_json(written) if fault.level != "note"]
    assert (fault.code, fault.level, tuple(fault.rows)) == (code, "error", (line,))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "decp.xml"),
        (b"<marches><marche><id>1", "decp.xml"),
        (b"<marches><marche></id></marches>", "decp.xml"),
        ("<marches><marche><id>é".encode("latin-1"), "decp.xml"),
        (b'<?xml version="1.0" encoding="klingon"?><marches/>', "decp.xml"),
        (b"\x00\x01\x02" * 100, "decp.xml"),
        (b'<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><marches>&b;</marches>', "decp.xml"),
        (b'<!DOCTYPE m SYSTEM "file:///etc/passwd"><marches/>', "decp.xml"),
        (b"<marches>" + b"<a>" * 1_000_000, "decp.demesure"),
        (b"<marches><marche><id>" + b"x" * 2_000_000, "decp.demesure"),
        (b"<html/>", "decp.racine"),
        (b"<marches/>", "decp.vide"),
    ],
    ids=["empty", "cut", "tags", "latin-1", "encoding", "binary", "bomb", "outside", "deep", "long", "root", "no contract"],
)  # fmt: skip
def test_a_broken_xml_is_one_fault(data: bytes, code: str, written: Path) -> None:
    assert [fault.code for fault in judged_xml(written, data)] == [code]


def test_a_bom_is_read_over(written: Path) -> None:
    written.write_bytes(b"\xef\xbb\xbf" + json.dumps(of_2022(MARCHE)).encode())
    assert [fault.code for fault in decp.validate_json(written)] == ["decp.format_2022"]


def test_a_file_that_cannot_be_opened_is_a_fault(tmp_path: Path) -> None:
    assert [fault.code for fault in decp.validate_json(tmp_path / "absent")] == ["decp.illisible"]
    assert [fault.code for fault in decp.validate_xml(tmp_path / "absent")] == ["decp.illisible"]


WEIGH = """
import resource, sys
from pathlib import Path
from opendata_check.standards import decp
validate = decp.validate_xml if sys.argv[2] == "xml" else decp.validate_json
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
codes = [fault.code for fault in validate(Path(sys.argv[1]))]
print(codes[-1], (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def weigh(path: Path, kind: str) -> tuple[str, int]:
    """Return the last code and the megabytes more that a reading took, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", WEIGH, str(path), kind]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, env=environment)
    code, megabytes = done.stdout.split()
    return code, int(megabytes)


def fill(path: Path, start: bytes, piece: bytes, times: int, end: bytes) -> None:
    with path.open("wb") as file:
        file.write(start)
        for _ in range(times):
            file.write(piece)
        file.write(end)


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [("json", b'{"marches": [{"id": "', b'"}]}'), ("xml", b"<marches><marche><id>", b"</id></marche></marches>")],
)
def test_a_text_of_100_megabytes_is_not_held(kind: str, start: bytes, end: bytes, written: Path) -> None:
    fill(written, start, b"x" * 1_000_000, 100, end)
    code, megabytes = weigh(written, kind)
    assert code == "decp.demesure"
    assert megabytes < 60


def test_memory_does_not_follow_the_number_of_contracts(written: Path) -> None:
    contract = json.dumps(MARCHE).encode() + b",\n"
    fill(written, b'{"marches": {"marche": [', contract, 5_000, json.dumps(LATER).encode() + b"]}}")
    code, megabytes = weigh(written, "json")
    assert code == "decp.id_double"
    assert megabytes < 30


@pytest.mark.parametrize(
    ("root", "keys", "is_one"),
    [
        ("marches", ["marche"], True),
        ("marches", ["contrat-concession"], True),
        ("marches", ["id", "acheteur", "codeCPV", "montant"], True),
        ("marches", ["jour", "commune", "montant"], False),
        ("marches", [], False),
        ("features", ["marche"], False),
    ],
)
def test_a_file_of_contracts_is_recognised(root: str, keys: list[str], is_one: bool) -> None:
    assert decp.recognises(root, keys) is is_one


# Shared samples


@pytest.mark.shared
@pytest.mark.parametrize("suffix", [".json", ".xml"])
def test_official_examples_have_no_error(suffix: str, shared: Path) -> None:
    folder = shared / "samples/examples/139bercy+format-commande-publique"
    validate: Callable[[Path], Iterable[Fault]] = decp.validate_json if suffix == ".json" else decp.validate_xml
    paths = sorted(folder.glob(f"exemples__*{suffix}"))
    assert paths
    for path in paths:
        faults = list(validate(path))
        assert [fault for fault in faults if fault.level == "error"] == [], path.name
        # Their SIRET are invented, some contracts are written twice, some changes precede their contract.
        invented = {"decp.siret_acheteur", "decp.siret_titulaire", "decp.id_double", "decp.date_modification"}
        assert {fault.code for fault in faults if fault.level == "warning"} <= invented, path.name


@pytest.mark.shared
def test_files_of_another_kind_are_refused_in_one_fault(shared: Path) -> None:
    for path in (
        shared / "samples/real/ColinMaudry+atexo-decp-scraper/acheteurs__marches.montpellier3m.fr.json",
        shared / "portals/decp/metadata.json",
    ):
        assert [fault.code for fault in decp.validate_json(path)] == ["decp.racine"]
