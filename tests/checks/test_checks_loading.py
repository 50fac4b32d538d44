"""A malformed rule is refused with the file and the key at fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from opendata_check.checks.loading import all_checks, read_rule, rules
from opendata_check.errors import RulesError
from opendata_check.model.finding import Severity
from opendata_check.model.legal import ReferenceKind

GOOD = """
id: essai
axis: usable
scope: file
title: Le texte est lisible
action: Corrigez le texte
severity: minor
weight: 2
effort: demi_heure
obligation: format-ouvert
why: Pour lire.
remedy: >-
  Ouvrez,
  corrigez.
messages: {compliant: "Bon.", non_compliant: "Mauvais : {what}.", worse: "Pire."}
severities: {worse: critical}
blocker: [worse]
parameters: {limit: 3, words: [a, b]}
legal_basis:
  - {text: CRPA, article: article L300-4, version: 2016-10-09}
  - {text: RFC 4180, article: section 2, kind: standard}
examples:
  - {title: bon, outcome: compliant, facts: {}}
"""


def written(folder: Path, text: str, name: str = "essai.yaml") -> Path:
    path = folder / "usable" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_rule_is_read_whole(tmp_path):
    rule = read_rule(written(tmp_path, GOOD))
    assert rule.remedy == "Ouvrez, corrigez."
    assert rule.severities == {"worse": Severity.CRITICAL}
    assert rule.blocker == {"worse"}
    assert rule.parameters == {"limit": 3, "words": ("a", "b")}
    assert rule.legal_basis[0].version == "2016-10-09"
    assert rule.legal_basis[1].kind is ReferenceKind.STANDARD


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("weight: 2", "weight: 9", "weight"),
        ("weight: 2", "weight: true", "weight"),
        ("weight: 2", "poids: 2", "weight"),
        ("why: Pour lire.", "why: Pour lire.\nraison: Autre.", "raison"),
        ("axis: usable", "axis: utilisable", "axis"),
        ("axis: usable", "axis: reusable", "axis"),
        ("id: essai", "id: autre", "id"),
        ("severity: minor", "severity: grave", "severity"),
        ("effort: demi_heure", "effort: un_an", "effort"),
        ("why: Pour lire.", 'why: ""', "why"),
        ("why: Pour lire.", "why: [a]", "why"),
        ("{what}", "{what", "non_compliant"),
        ("{what}", "{what.secret}", "non_compliant"),
        ("blocker: [worse]", "blocker: [inconnu]", "blocker"),
        ("severities: {worse: critical}", "severities: {inconnu: critical}", "severities"),
        ("parameters: {limit: 3, words: [a, b]}", "parameters: {limit: deux}", "limit"),
        ("kind: standard", "kind: norme", "kind"),
        ("outcome: compliant, facts", "outcome: error, facts", "case"),
        ("outcome: compliant, facts", "outcome: compliant, faits", "facts"),
    ],
)
def test_a_malformed_rule_names_the_file_and_the_key(tmp_path, old, new, key):
    assert old in GOOD
    with pytest.raises(RulesError) as caught:
        read_rule(written(tmp_path, GOOD.replace(old, new)))
    assert "essai.yaml" in str(caught.value)
    assert f"« {key} »" in str(caught.value)


def test_a_rule_without_reference_is_refused(tmp_path):
    text = (
        GOOD[: GOOD.index("legal_basis:")] + "legal_basis: []\nexamples: [{title: b, outcome: compliant, facts: {}}]\n"
    )
    with pytest.raises(RulesError, match="legal_basis"):
        read_rule(written(tmp_path, text))


def test_a_file_that_is_no_table_is_refused(tmp_path):
    with pytest.raises(RulesError, match=r"essai\.yaml"):
        read_rule(written(tmp_path, "- liste\n"))


def test_rules_and_checks_are_loaded_once_and_in_the_same_order():
    assert rules() is rules()
    assert tuple(check.rule for check in all_checks()) == rules()
