"""A small folder of local rules, right as it stands, whose files a test may change one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

RULE = """\
id: arbres
title: Publier la liste des arbres
level: hard
weight: 1
who:
  label: commune assez plantée
  all:
    - label: commune
      fact: kind
      in: [commune]
    - label: nombre d'arbres
      fact: arbres_plantes
      at_least: seuil-arbres
      if_true: "entretient {valeur} (seuil : {seuil})"
      if_false: "entretient {valeur}, moins que le seuil de {seuil} ({article})"
parts:
  - {since: 2020-01-01, label: délibération de la région}
what: Publier une ligne par arbre.
where: Sur le portail de la région.
format: ""
licence: ""
delay: ""
frequency: ""
authority: La région.
sanction: ""
note: ""
legal_basis:
  - {text: délibération régionale, article: article 1, version: 2020-01-01, certainty: text}
holder: les espaces verts
software: ""
effort: demi_heure
proof: {places: [portal], evidence: [observed]}
examples:
  - {title: une commune boisée, body: {kind: commune, arbres_plantes: 100}, date: 2026-11-23, status: applies}
  - {title: une région, body: {kind: region}, date: 2026-11-23, status: exempt}
"""
FACTS = """\
facts:
  - id: arbres_plantes
    type: number
    unit: arbres
    unit_one: arbre
    name: le nombre d'arbres
    question: Combien d'arbres entretenez-vous ?
"""
PARAMETER = """\
id: seuil-arbres
title: Nombre d'arbres
unit: arbres
unit_one: arbre
values:
  - from: 2020-01-01
    value: 100
    reference: {text: délibération régionale, article: article 2, version: 2020-01-01, certainty: text}
"""
WHO = RULE[RULE.index("who:") : RULE.index("parts:")]
"""The condition of the rule, to be replaced by another."""


def written(folder: Path, **changed: str | bytes | None) -> Path:
    """Return ``folder`` filled with the rules: files by path, None to leave one out."""
    files: dict[str, str | bytes | None] = {
        "obligations/arbres.yaml": RULE,
        "facts.yaml": FACTS,
        "parameters/seuil-arbres.yaml": PARAMETER,
    }
    files.update(changed)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is not None:
            path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return folder


def refused(run: Any, *words: str) -> None:
    """Assert that a command wrote one French line with all these words, and nothing else."""
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1), run.err
    for word in words:
        assert word in run.err
    assert "imprévue" not in run.err
