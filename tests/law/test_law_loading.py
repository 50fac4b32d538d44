"""Malformed rules are refused with the file, the line and the key at fault; local rules never replace national ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from opendata_check.errors import RulesError
from opendata_check.law import LawError, scope
from opendata_check.law.hypothesis import imagined
from opendata_check.law.loading import law, read_law, with_local_rules
from opendata_check.model.legal import Applicability
from opendata_check.model.organization import OrganizationKind
from opendata_check.resources import rules_folder

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Return a function that copies the rules and replaces ``old`` by ``new`` in one file of the copy."""

    def edit(name: str, old: str, new: str) -> Path:
        for part in ("parameters", "obligations", "conditions"):
            shutil.copytree(rules_folder() / part, tmp_path / part)
        for file in ("facts.yaml", "apart.yaml", "open_nationally.yaml"):
            shutil.copy(rules_folder() / file, tmp_path / file)
        path = tmp_path / name
        content = path.read_text(encoding="utf-8")
        assert old in content, "le texte à remplacer a changé"
        path.write_text(content.replace(old, new, 1), encoding="utf-8")
        return tmp_path

    return edit


_FAULTS = [
    ("obligations/rip.yaml", "holder:", "detenteur:", "la clé « detenteur »"),
    ("obligations/rip.yaml", "id: rip", "id: repertoire", "le nom du fichier"),
    ("obligations/rip.yaml", "weight: 3", "weight: 6", "« weight »"),
    ("obligations/rip.yaml", "weight: 3", "weight: true", "« weight »"),
    ("obligations/rip.yaml", "level: hard", "level: dur", "« level »"),
    ("obligations/rip.yaml", "effort: demi_journee", "effort: un_an", "« effort »"),
    ("obligations/rip.yaml", "since: 2016-10-09", "since: 9 octobre 2016", "« since »"),
    ("obligations/rip.yaml", "note: À", "note: [1] #", "« note »"),
    ("obligations/rip.yaml", "    - inventaire des donnees", "    - Inventaire des données", "sans accents"),
    ("obligations/rip.yaml", "places: [site, portal, folder]", "places: [affichage]", "« places »"),
    ("obligations/rip.yaml", "evidence: [observed, declared]", "evidence: [vu]", "« evidence »"),
    ("obligations/rip.yaml", "use: administration-sans-seuil", "use: administrations", "administration"),
    ("obligations/rip.yaml", "    status: applies", "    status: oui", "« status »"),
    ("obligations/rip.yaml", "version: 2016-10-09, certainty", "certainty", "« version », ou « copy »"),
    ("obligations/rip.yaml", "    date: 2026-11-23", "    on: 2026-11-23", "entre guillemets"),
    ("obligations/bal.yaml", "fact: kind", "fact: kinds", "« kinds » n'existe pas"),
    ("obligations/bal.yaml", "in: [commune]", "in: [village]", "« village »"),
    ("obligations/bal.yaml", "seuil-population-bal", "seuil-perdu", "seuil-perdu"),
    ("obligations/bal.yaml", "      more_than: seuil-population-bal\n", "", "at_least"),
    ("obligations/bal.yaml", "  - since: 2024-01-01", "  - since: 2025-01-01", "« parts »"),
    ("obligations/bal.yaml", "judged: at_start", "judged: un_jour", "« judged »"),
    ("obligations/subventions.yaml", "compte {valeur} (", "compte {valeurs} (", "{valeurs}"),
    ("obligations/subventions.yaml", "compte {valeur} (", "compte {valeur.real} (", "{valeur.real}"),
    ("obligations/subventions.yaml", "plus de {seuil} €", "plus de {seuil €", "« label »"),
    ("obligations/subventions.yaml", "fact: subventions_plus_de_23000", "fact: agents_etp", "n'est pas du type"),
    ("obligations/decp-marches.yaml", "    until: 2023-12-31", "    until: 2017-12-31", "« until »"),
    ("obligations/decp-marches.yaml", "  label_unknown:", "  label_inconnu:", "label_inconnu"),
    (
        "obligations/inspire.yaml",
        "obligation: diffusion-par-principe",
        "obligation: diffusion",
        "diffusion-par-principe",
    ),
    ("conditions/acheteur.yaml", "is: true", "is: oui", "« is »"),
    ("conditions/acheteur.yaml", "id: acheteur", "id: acheteurs", "le nom du fichier"),
    ("parameters/seuil-agents-diffusion.yaml", "value: 50", "value: cinquante", "« value »"),
    ("parameters/seuil-agents-diffusion.yaml", "value: 50", "value: .nan", "« value »"),
    ("parameters/seuil-agents-diffusion.yaml", "certainty: text", "certainty: interpretation", "according_to"),
    ("parameters/seuil-agents-diffusion.yaml", "unit_one: agent\n", "", "unit_one"),
    ("parameters/wording/reasons.yaml", "missing: Il manque {manque}.", "missing: Il manque {x}.", "{x}"),
    ("parameters/wording/reasons.yaml", "  missing: Il manque {manque}.\n", "", "« missing »"),
    ("facts.yaml", "  - id: population_totale", "  - id: population", "deux fois"),
    ("facts.yaml", "    unit: véhicules\n", "", "« unit »"),
    ("facts.yaml", "    type: boolean\n", "    type: oui_non\n", "« type »"),
    ("apart.yaml", "answer: unknown", "answer: applies", "« answer »"),
    ("apart.yaml", "kinds: [ecole]", "kinds: [creche]", "« creche »"),
    ("apart.yaml", "read_on: 2026-11-25", "read_on: hier", "« read_on »"),
    ("open_nationally.yaml", "    by: l'Insee\n", "", "« by »"),
]


@pytest.mark.parametrize(("name", "old", "new", "said"), _FAULTS)
def test_a_fault_names_its_file_and_its_key(edited: Edit, name: str, old: str, new: str, said: str) -> None:
    with pytest.raises(LawError) as raised:
        read_law(edited(name, old, new))
    message = str(raised.value)
    assert name in message
    assert said in message
    assert "\n" not in message


def test_a_fault_gives_the_line_of_the_file(edited: Edit) -> None:
    folder = edited("obligations/rip.yaml", "level: hard", "level: dur")
    line = (folder / "obligations/rip.yaml").read_text(encoding="utf-8").splitlines().index("level: dur") + 1
    with pytest.raises(LawError, match=f"ligne {line} :"):
        read_law(folder)


def test_what_is_not_yaml_is_refused(edited: Edit) -> None:
    with pytest.raises(RulesError, match="YAML valide"):
        read_law(edited("obligations/rip.yaml", "id: rip", "id: [rip"))


def test_an_empty_folder_of_rules_is_refused(tmp_path: Path, edited: Edit) -> None:
    folder = edited("obligations/rip.yaml", "weight: 3", "weight: 3")
    shutil.rmtree(folder / "obligations")
    with pytest.raises(LawError, match="vide ou absent"):
        read_law(folder)


def test_a_condition_too_deep_is_refused(edited: Edit) -> None:
    deep = "{label: x, fact: kind, in: [commune]}"
    for _ in range(12):
        deep = f"{{label: x, not: {deep}}}"
    folder = edited("obligations/rip.yaml", "who: {use: administration-sans-seuil}", f"who: {deep}")
    with pytest.raises(LawError, match="trop d'étages"):
        read_law(folder)


def test_a_named_condition_that_leans_on_itself_is_refused(edited: Edit) -> None:
    folder = edited("conditions/acheteur.yaml", "condition:", "condition: {use: organisme-public}\nformer:")
    (folder / "conditions/acheteur.yaml").write_text("id: acheteur\ncondition: {use: organisme-public}\n")
    (folder / "conditions/organisme-public.yaml").write_text("id: organisme-public\ncondition: {use: acheteur}\n")
    with pytest.raises(LawError, match="tourne en rond : acheteur → organisme-public → acheteur"):
        read_law(folder)


def test_two_obligations_that_lean_on_each_other_are_refused(edited: Edit) -> None:
    leaf = "who: {label: x, obligation: inspire}"
    folder = edited("obligations/rip.yaml", "who: {use: administration-sans-seuil}", leaf)
    path = folder / "obligations/inspire.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("obligation: diffusion-par-principe", "obligation: rip"))
    with pytest.raises(LawError, match="s'appuie sur elle-même : inspire → rip → inspire"):
        read_law(folder)


def test_a_new_dated_value_is_read_without_touching_code(edited: Edit) -> None:
    reference = "{text: CRPA, article: article D312-1-1-1, version: 2030-01-01, certainty: text}"
    new = (
        f"values:\n  - from: 2017-01-01\n    value: 50\n    reference: {reference}\n  - from: 2030-01-01\n    value: 30"
    )
    law = read_law(
        edited("parameters/seuil-agents-diffusion.yaml", "values:\n  - from: 2017-01-01\n    value: 50", new)
    )
    parameter = law.parameters["seuil-agents-diffusion"]
    before, after = parameter.on(date(2029, 12, 31)), parameter.on(date(2030, 1, 1))
    assert before is not None and before.value == 50
    assert after is not None and after.value == 30


# --- Local rules ------------------------------------------------------------------------------------------------------

_LOCAL = """
id: charte-locale
title: Publier le compte rendu de la charte locale
level: conditional
weight: 1
who:
  label: commune signataire
  all:
    - {label: commune, fact: kind, in: [commune]}
    - {label: charte signée, fact: charte_signee, is: true, if_true: a signé la charte, if_false: n'a pas signé la charte}
    - {label: habitants, fact: population, at_least: seuil-charte}
parts:
  - {since: 2025-01-01, label: charte}
what: Publier le compte rendu.
where: Sur votre site.
format: ""
licence: ""
delay: ""
frequency: Une fois par an.
authority: Le syndicat.
sanction: ""
note: ""
legal_basis:
  - {text: Charte du pays, article: article 3, version: 2025-01-01, certainty: text}
holder: le secrétariat
software: ""
effort: demi_heure
proof: {places: [site], evidence: [declared]}
examples:
  - {title: signataire, body: {kind: commune, population: 900, charte_signee: true}, date: 2026-01-01, status: applies}
  - {title: autre, body: {kind: commune, population: 900, charte_signee: false}, date: 2026-01-01, status: exempt}
"""
_FACTS = """
facts:
  - {id: charte_signee, type: boolean, name: la signature de la charte, question: "Avez-vous signé la charte ?"}
"""
_PARAMETER = """
id: seuil-charte
title: Habitants de la charte
unit: habitants
unit_one: habitant
values:
  - from: 2025-01-01
    value: 800
    reference: {text: Charte du pays, article: article 1, version: 2025-01-01, certainty: text}
"""


@pytest.fixture
def local(tmp_path: Path) -> Path:
    """Return a folder of local rules: one rule, its fact, its threshold."""
    folder = tmp_path / "mes-regles"
    for part in ("obligations", "parameters"):
        (folder / part).mkdir(parents=True)
    (folder / "obligations/charte-locale.yaml").write_text(_LOCAL, encoding="utf-8")
    (folder / "parameters/seuil-charte.yaml").write_text(_PARAMETER, encoding="utf-8")
    (folder / "facts.yaml").write_text(_FACTS, encoding="utf-8")
    return folder


def test_a_local_rule_is_added_to_the_national_ones_and_says_so(local: Path) -> None:
    whole = with_local_rules(law(), local)
    assert len(whole.obligations) == len(law().obligations) + 1
    body = imagined(OrganizationKind.COMMUNE, {"population": 900.0, "charte_signee": True}, date(2026, 1, 1))
    (duty,) = [duty for duty in scope(body, date(2026, 1, 1), whole) if duty.obligation == "charte-locale"]
    assert duty.applicability is Applicability.APPLIES
    assert "a signé la charte" in duty.reason and "Elle n'est pas nationale" in duty.reason


@pytest.mark.parametrize(
    ("part", "name", "content"),
    [
        ("obligations", "rip", _LOCAL.replace("id: charte-locale", "id: rip")),
        ("parameters", "seuil-agents-diffusion", _PARAMETER.replace("seuil-charte", "seuil-agents-diffusion")),
        ("conditions", "acheteur", "id: acheteur\ncondition: {label: x, fact: kind, in: [commune]}\n"),
    ],
)
def test_a_national_rule_is_never_replaced(local: Path, part: str, name: str, content: str) -> None:
    (local / part).mkdir(exist_ok=True)
    (local / part / f"{name}.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(LawError, match=f"« {name} » est déjà le nom d'une règle nationale"):
        with_local_rules(law(), local)


def test_a_national_fact_is_never_replaced(local: Path) -> None:
    (local / "facts.yaml").write_text(_FACTS.replace("charte_signee", "site_internet"), encoding="utf-8")
    with pytest.raises(LawError, match="site_internet"):
        with_local_rules(law(), local)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fact: charte_signee", "fact: charte_signe", "charte_signee"),
        ("at_least: seuil-charte", "at_least: seuil-chartes", "Noms proches : seuil-charte"),
        ("level: conditional", "level: fort", "ligne 4"),
        ("weight: 1", "weight: &poids 1\nsectoral: *poids", "renvois"),
        ("who:", "who: {", "YAML valide"),
    ],
)
def test_a_malformed_local_rule_names_file_line_and_what_was_expected(
    local: Path, old: str, new: str, said: str
) -> None:
    path = local / "obligations/charte-locale.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulesError) as raised:
        with_local_rules(law(), local)
    assert "charte-locale.yaml" in str(raised.value)
    assert said in str(raised.value)


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawError, match="n'existe pas"):
        with_local_rules(law(), tmp_path / "rien")
    with pytest.raises(LawError, match="aucune règle"):
        with_local_rules(law(), tmp_path)
