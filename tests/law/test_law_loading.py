"""Malformed rules are refused with the file and the key at fault."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from opendata_check.errors import RulesError
from opendata_check.law import LawError
from opendata_check.law.loading import read_law
from opendata_check.resources import rules_folder

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Return a function that copies the rules and replaces ``old`` by ``new`` in one file of the copy."""

    def edit(name: str, old: str, new: str) -> Path:
        for part in ("parameters", "obligations"):
            shutil.copytree(rules_folder() / part, tmp_path / part)
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
    ("obligations/rip.yaml", "fact: kind", "fact: kinds", "la clé « in »"),
    ("obligations/rip.yaml", "in: [commune,", "in: [village,", "« village »"),
    ("obligations/bal.yaml", "seuil-population-bal", "seuil-perdu", "seuil-perdu.yaml"),
    ("obligations/bal.yaml", "      more_than: seuil-population-bal\n", "", "at_least"),
    ("obligations/bal.yaml", "  - since: 2024-01-01", "  - since: 2025-01-01", "« parts »"),
    ("obligations/subventions.yaml", "compte {valeur} (", "compte {valeurs} (", "{valeurs}"),
    ("obligations/subventions.yaml", "compte {valeur} (", "compte {valeur.real} (", "{valeur.real}"),
    ("obligations/subventions.yaml", "plus de {seuil} €", "plus de {seuil €", "« label »"),
    ("obligations/decp-marches.yaml", "    until: 2023-12-31", "    until: 2017-12-31", "« until »"),
    ("obligations/decp-marches.yaml", "is: true", "is: oui", "« is »"),
    ("parameters/seuil-agents-diffusion.yaml", "value: 50", "value: cinquante", "« value »"),
    ("parameters/seuil-agents-diffusion.yaml", "value: 50", "value: .nan", "« value »"),
    ("parameters/seuil-agents-diffusion.yaml", "certainty: text", "certainty: interpretation", "according_to"),
    ("parameters/seuil-agents-diffusion.yaml", "unit_one: agent\n", "", "unit_one"),
    ("parameters/wording/reasons.yaml", "missing: Il manque {manque}.", "missing: Il manque {x}.", "{x}"),
    ("parameters/wording/reasons.yaml", "  missing: Il manque {manque}.\n", "", "« missing »"),
]


@pytest.mark.parametrize(("name", "old", "new", "said"), _FAULTS)
def test_a_fault_names_its_file_and_its_key(edited: Edit, name: str, old: str, new: str, said: str) -> None:
    with pytest.raises(LawError) as raised:
        read_law(edited(name, old, new))
    message = str(raised.value)
    assert name in message
    assert said in message
    assert "\n" not in message


def test_what_is_not_yaml_is_refused(edited: Edit) -> None:
    with pytest.raises(RulesError, match="YAML valide"):
        read_law(edited("obligations/rip.yaml", "id: rip", "id: [rip"))


def test_an_empty_folder_of_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawError, match="vide ou absent"):
        read_law(tmp_path)


def test_a_condition_too_deep_is_refused(edited: Edit) -> None:
    deep = "{label: x, fact: kind, in: [commune]}"
    for _ in range(12):
        deep = f"{{label: x, not: {deep}}}"
    folder = edited("obligations/bal.yaml", "who:", f"who: {deep}\nformer:")
    path = folder / "obligations" / "bal.yaml"
    content = path.read_text(encoding="utf-8")
    start, end = content.index("former:"), content.index("parts:")
    path.write_text(content[:start] + content[end:], encoding="utf-8")
    with pytest.raises(LawError, match="trop d'étages"):
        read_law(folder)


def test_a_new_dated_value_is_read_without_touching_code(edited: Edit) -> None:
    from datetime import date

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
