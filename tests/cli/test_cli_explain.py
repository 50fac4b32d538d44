"""`explain`: what can be explained, a word, a check, a score, and a score on someone's data."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from opendata_check import checks
from opendata_check.peer_scores import peer_rules
from opendata_check.reports.explain.phrases import terms

Program = Callable[..., Any]
SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "docs/schemas/explain.schema.json").read_text(encoding="utf-8")
)
ON = ("--on", "2026-11-26")
SCORES = [rule.id for rule in peer_rules()]


def _json(program: Program, *arguments: object) -> dict[str, Any]:
    run = program("explain", *arguments, "--format", "json")
    assert (run.code, run.err) == (0, "")
    content: dict[str, Any] = json.loads(run.out)
    jsonschema.validate(content, SCHEMA)
    return content


def _flat(text: str) -> str:
    return " ".join(text.split())


def test_without_a_subject_all_that_can_be_explained_is_listed(program: Program) -> None:
    listed = _json(program)
    assert [one["id"] for one in listed["scores"]] == SCORES
    assert [one["id"] for one in listed["checks"]] == [rule.id for rule in checks.rules()]
    assert len(listed["terms"]) >= 30
    shown = program("explain")
    assert shown.code == 0
    assert all(rule.id in shown.out for rule in checks.rules())


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.word)
def test_every_word_and_each_of_its_names_is_explained(program: Program, term: Any) -> None:
    for name in (term.word, *term.names):
        assert _flat(term.meaning)[:30] in _flat(
            program("explain", name).out.replace("\u00a0", " ").replace("\u202f", " ")
        )


def test_the_glossary_is_plain_and_refers_to_itself() -> None:
    known = {term.word for term in terms()}
    for term in terms():
        assert set(term.see) <= known, term.word
        for sentence in term.meaning.split(". "):
            assert len(sentence.split()) <= 25, sentence


@pytest.mark.parametrize("rule", checks.rules(), ids=lambda rule: rule.id)
def test_every_check_has_its_card(program: Program, rule: Any) -> None:
    card = _json(program, rule.id)
    assert (card["title"], card["why"]) == (rule.title, rule.why)
    assert len(card["legal_basis"]) >= 1
    shown = program("explain", rule.id)
    assert shown.code == 0
    assert "{" not in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80


@pytest.mark.parametrize("score", SCORES)
def test_every_score_shows_its_criteria_points_and_source(program: Program, score: str) -> None:
    rule = next(one for one in peer_rules() if one.id == score)
    told = _json(program, score)["score"]
    assert sum(one["points"] for one in told["criteria"]) == told["out_of"]
    shown = program("explain", score)
    assert all(_flat(one.title) in _flat(shown.out.replace("\u00a0", " ")) for one in rule.criteria)
    assert max(len(line) for line in shown.out.splitlines() if "http" not in line) <= 80


@pytest.mark.parametrize("name", ["data.gouv.fr", "5 étoiles", "Europe", "check-list", "MQA"])
def test_a_score_has_the_names_people_give_it(program: Program, name: str) -> None:
    assert _json(program, name)["kind"] == "score"


def test_words_typed_without_quotes_are_one_subject(program: Program) -> None:
    assert _json(program, "jeu", "de", "données")["word"] == "jeu de données"


def _as_explained(value: Any, *left: str) -> Any:
    """Return a score of an audit's JSON without what is there for other formats alone."""
    if isinstance(value, list):
        return [_as_explained(item, "title") for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _as_explained(item) for key, item in value.items() if key not in ("how", "short", *left)}


@pytest.mark.parametrize("score", SCORES)
def test_a_score_on_a_folder_tells_what_the_audit_tells(program: Program, examples: Path, score: str) -> None:
    folder = examples / "commune-exemple"
    told = _json(program, score, folder, *ON, "-q")
    audit = json.loads(program("audit", folder, *ON, "-q", "--format", "json").out)
    assert told["result"] == _as_explained(next(one for one in audit["others_scores"] if one["id"] == score))
    shown = program("explain", score, folder, *ON, "-q")
    assert shown.code == 0
    assert "Le premier nombre est sûr" in shown.out or told["result"]["low"] == told["result"]["high"]


def test_the_gesture_that_gains_most_is_told_with_its_gain(program: Program, examples: Path) -> None:
    folder = examples / "commune-exemple"
    best = _json(program, "data-gouv", folder, *ON, "-q")["result"]["best_change"]
    shown = _flat(program("explain", "data-gouv", folder, *ON, "-q").out.replace("\u00a0", " "))
    assert f"{best['text']} : {best['gain']:g} points de plus en tout, sur {best['datasets']} jeux de données." in shown


def test_the_audit_shows_the_scores_in_eight_lines(program: Program, examples: Path) -> None:
    out = program("audit", examples / "commune-exemple", *ON, "-q").out
    section = out.partition("LES NOTES QUE D'AUTRES DONNENT")[2].partition("\n\n")[0].strip("\n")
    assert len(section.splitlines()) <= 8
    assert max(map(len, section.splitlines())) <= 80
    assert section.count(" sur ") >= 4


def test_a_folder_without_data_has_nothing_to_score(program: Program, tmp_path: Path) -> None:
    assert _json(program, "mqa", tmp_path, *ON, "-q")["result"] is None
    assert "rien à noter" in program("explain", "mqa", tmp_path, *ON, "-q").out


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("moissonage", "moissonnage"),
        ("encodage-utf9", "encodage-utf8"),
        ("cinq-etoile", "cinq-etoiles"),
        ("license", "licence"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest(program: Program, typed: str, near: str) -> None:
    run = program("explain", typed)
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1)
    assert near in run.err


@pytest.mark.parametrize("typed", ["zzzzqqq", "\x1b[31mrouge", "x" * 5000, "😀"])
def test_a_name_that_means_nothing_is_one_short_line(program: Program, typed: str) -> None:
    run = program("explain", typed)
    assert (run.code, run.err.count("\n")) == (2, 1)
    assert len(run.err) < 400 and "\x1b" not in run.err and "imprévue" not in run.err


def test_only_a_score_takes_a_target(program: Program, tmp_path: Path) -> None:
    run = program("explain", "csv", tmp_path)
    assert run.code == 2
    assert "seule une note" in run.err


def test_a_target_that_does_not_exist_is_told_as_audit_tells_it(program: Program) -> None:
    run = program("explain", "mqa", "dossier-qui-n-existe-pas/a.csv")
    assert (run.code, run.out) == (2, "")


def test_an_answer_can_be_written_to_a_file(program: Program, tmp_path: Path) -> None:
    run = program("explain", "mqa", "-o", tmp_path / "mqa.json")
    assert run.code == 0
    jsonschema.validate(json.loads((tmp_path / "mqa.json").read_text(encoding="utf-8")), SCHEMA)


def test_an_unknown_format_is_refused(program: Program) -> None:
    assert program("explain", "mqa", "--format", "html").code == 2
