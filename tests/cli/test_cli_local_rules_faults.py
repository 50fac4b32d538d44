"""`--rules` on a faulty folder: the file, the line and the word at fault in one French line, whatever it holds."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from local_rules import RULE, WHO, refused, written

Program = Callable[..., Any]
TODAY = "2026-11-23"


def _judged(program: Program, folder: Path, *arguments: object) -> Any:
    return program("scope", "--kind", "commune", "--on", TODAY, *arguments, "--rules", folder)


def _line(content: str, start: str) -> str:
    return f"ligne {next(n for n, line in enumerate(content.splitlines(), 1) if line.strip().startswith(start))} :"


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ("fact: arbres_plantes", "fact: arbres", "fact: arbres", ["« arbres » n'existe pas", "arbres_plantes"]),
        ("at_least: seuil-arbres", "at_least: seuil-fleurs", "at_least", ["« seuil-fleurs » n'existe pas", "seuil-"]),
        ("in: [commune]", "in: [village]", "in:", ["« village »", "commune_deleguee"]),
        ("weight: 1", "weight: 9", "weight", ["« weight »", "de 1 à 5"]),
        ("effort: demi_heure", "effort: une_vie", "effort", ["« une_vie »"]),
        ("{valeur} (seuil", "{valeur.real} (seuil", "if_true", ["{valeur.real}"]),
        ('note: ""', 'note: ""\nnotes: x', "notes", ["« notes » n'est pas connue", "note, "]),
        ("title: Publier", 'title: "\\e[31mPublier" #', "title", ["« title »", "caractère invisible"]),
        ("id: arbres\n", "id: fleurs\n", "id", ["« fleurs » doit être le nom du fichier"]),
    ],
)
def test_a_fault_names_its_file_and_its_line(
    program: Program, tmp_path: Path, old: str, new: str, key: str, words: list[str]
) -> None:
    content = RULE.replace(old, new, 1)
    assert content != RULE
    run = _judged(program, written(tmp_path / "region", **{"obligations/arbres.yaml": content}))
    refused(run, "region/obligations/arbres.yaml", _line(content, key), *words)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (RULE.replace("weight: 1", "weight: [1"), ["ligne 5", "YAML valide"]),
        (RULE.replace("weight: 1", "weight: 1\nweight: 2"), ["ligne ", "« weight » deux fois"]),
        ("!!python/object/apply:os.system ['touch pirate']\n", ["ligne 1"]),
        ("- a\n- b\n", ["une liste de clés et de valeurs"]),
        ("", ["une liste de clés et de valeurs"]),
        (b"\xff\xfe\x00", ["ne peut pas être lu"]),
        (f"who: {'[' * 500}{']' * 500}\n", ["trop d'étages"]),
        ("a: b\n" * 500_000, ["trop gros"]),
    ],
)
def test_what_is_no_rule_is_named(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | bytes, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = written(tmp_path / "region", **{"obligations/arbres.yaml": content})
    refused(_judged(program, folder), "obligations/arbres.yaml", *words)
    assert not (tmp_path / "pirate").exists()


@pytest.mark.parametrize("path", ["obligations/arbres.yaml", "facts.yaml", "conditions/a.yaml", "parameters/a.yaml"])
def test_an_alias_bomb_is_refused_before_it_unfolds(program: Program, tmp_path: Path, path: str) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    folder, started = written(tmp_path / "region", **{path: "\n".join(lines)}), time.monotonic()
    refused(_judged(program, folder), path, "ligne 2", "ne sont pas admis")
    assert time.monotonic() - started < 5


def test_rules_that_lean_on_one_another_are_refused(program: Program, tmp_path: Path) -> None:
    leaning = {
        f"obligations/{name}.yaml": RULE.replace("id: arbres", f"id: {name}").replace(
            WHO, f"who: {{label: x, obligation: {other}}}\n"
        )
        for name, other in (("arbres", "fleurs"), ("fleurs", "arbres"))
    }
    refused(
        _judged(program, written(tmp_path / "region", **leaning)), "obligations/arbres.yaml", "arbres → fleurs → arbres"
    )


def test_a_condition_that_turns_in_circles_is_refused(program: Program, tmp_path: Path) -> None:
    folder = written(
        tmp_path / "region",
        **{
            "obligations/arbres.yaml": RULE.replace(WHO, "who: {use: ronde}\n"),
            "conditions/ronde.yaml": "id: ronde\ncondition: {use: manege}\n",
            "conditions/manege.yaml": "id: manege\ncondition: {use: ronde}\n",
        },
    )
    refused(_judged(program, folder), "region/conditions/manege.yaml", "ligne 2", "ronde → manege → ronde")


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("who: {label: x, obligation: acte}\n", ["« acte » n'existe pas", "actes"]),
        ("who: {use: acheteurs}\n", ["« acheteurs » n'existe pas", "acheteur"]),
    ],
)
def test_a_reference_to_nothing_names_its_neighbours(
    program: Program, tmp_path: Path, who: str, words: list[str]
) -> None:
    folder = written(tmp_path / "region", **{"obligations/arbres.yaml": RULE.replace(WHO, who)})
    refused(_judged(program, folder), "obligations/arbres.yaml", *words)
