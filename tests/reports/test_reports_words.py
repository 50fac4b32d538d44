"""Plain words: what a report says of people never blames, frightens or promises; the list is rules/report.yaml."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
import report_samples as samples

from opendata_check import reports
from opendata_check.reports.outline.guidance import fitting_remedy, heard_questions
from opendata_check.resources import load_yaml, rules_folder

RULES = load_yaml(rules_folder() / "report.yaml")
READ_BY_PEOPLE = [
    name for name in ("html", "terminal", "markdown", "github-summary", "plan") if name in reports.formats()
]
LONGEST = 30
"""Words of a sentence of ours: twenty are aimed at; a list of colons may take it further."""


def readable(text: str) -> str:
    """Return what the eye reads of a report: no tag, no style, no name of a check."""
    text = re.sub(r"<(style|script)>.*?</\1>", " ", text, flags=re.S)
    text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    text = re.sub(r"[a-z0-9]+(?:-[a-z0-9]+){1,}", " ", text)
    return re.sub(r"\s+", " ", text)


def said(text: str) -> list[str]:
    """Return the words to avoid that a text says, with what stands around."""
    found = []
    for rule in RULES["avoid"]:
        plain = text
        for allowed in rule.get("except", ()):
            plain = re.sub(re.escape(allowed).replace(r"\ ", r"\s"), " ", plain, flags=re.I)
        for match in re.finditer(rule["word"], plain, re.I):
            around = plain[max(0, match.start() - 40) : match.end() + 40]
            found.append(f"{match[0]} ({rule['instead']}) : {around}")
    return found


@pytest.mark.parametrize("name", samples.ALL)
@pytest.mark.parametrize("form", READ_BY_PEOPLE)
def test_a_report_says_no_word_to_avoid(form: str, name: str) -> None:
    assert said(readable(reports.render(samples.ALL[name](), form))) == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Votre commune est en infraction.", False),
        ("Le fichier est absent.", False),
        ("Tout est conforme.", False),
        ("Aucune remarque : conforme sur les points contrôlés.", True),
        ("Le fichier est non trouvé.", True),
        ("Ce dataset est vide.", False),
    ],
)
def test_the_lint_tells_right_from_wrong(text: str, right: bool) -> None:
    assert (said(text) == []) is right


def _phrases() -> Iterator[tuple[str, str]]:
    table = load_yaml(rules_folder() / "words.yaml")
    for key, entry in table["report"].items():
        for text in entry.values():
            yield f"report.{key}", str(text)
    for question in heard_questions():
        yield f"question.{question.id}", f"{question.heard} {question.answer}"


def test_phrases_of_reports_say_no_word_to_avoid() -> None:
    assert [(key, said(text)) for key, text in _phrases() if said(text)] == []


def test_sentences_are_short() -> None:
    long = []
    for key, text in _phrases():
        for sentence in re.split(r"(?<=[.!?…;:])\s", text):
            words = re.findall(r"\w+(?:['’-]\w+)*", sentence)
            if len(words) > LONGEST:
                long.append((key, len(words), sentence))
    assert long == []


def test_titles_hold_no_jargon() -> None:
    table = load_yaml(rules_folder() / "words.yaml")["report"]
    titles = ("actions", "actions_exempt", "scores", "law", "law_others", "law_elsewhere", "questions", "found",
              "found_general", "found_repeated", "found_each", "personal", "to_check", "limits", "documents",
              "further", "risk", "help", "heard", "glossary", "method", "checks")  # fmt: skip
    jargon = re.compile(rf"\b({'|'.join(RULES['avoid_in_titles'])})s?\b", re.I)
    assert [table[key]["label"] for key in titles if jargon.search(table[key]["label"])] == []


@pytest.mark.parametrize("name", ["bound", "exempt", "intercommunality"])
def test_no_share_is_told_without_what_it_is_a_share_of(name: str) -> None:
    text = readable(reports.render(samples.ALL[name](), "html"))
    shares = re.findall(r"\d+\s%(?!\))[^.]{0,40}", text)
    assert shares
    assert [share for share in shares if not re.match(r"\d+\s% (des|de|du)\b", share)] == []


def test_dates_are_written_in_full() -> None:
    text = readable(reports.render(samples.bound_commune(), "html"))
    shown = re.sub(r"« [^»]*»|Exemple .*?\.", " ", text)
    assert "23 novembre 2026" in shown
    assert not re.search(r"\b23/11/2026\b", shown)


def test_a_gesture_is_said_for_a_folder_when_the_files_are_in_one() -> None:
    portal = "Sur la page du jeu de données, cliquez sur « Modifier » et ajoutez trois mots-clés."
    assert fitting_remedy(portal, in_folder=False) == portal
    told = fitting_remedy(portal, in_folder=True)
    assert "cliquez" not in told
    assert "datapackage.json" in told
    assert told.endswith("ajoutez trois mots-clés.")


def test_no_gesture_of_a_check_still_speaks_of_a_page_in_a_folder() -> None:
    remedies = []
    for file in sorted((rules_folder() / "checks").rglob("*.yaml")):
        content = load_yaml(file)
        remedies += [content.get("remedy", ""), *(content.get("remedies") or {}).values()]
    spoken = [text for text in remedies if isinstance(text, str) and "Sur la page du jeu de données" in text]
    assert spoken
    assert [text for text in spoken if "Sur la page du jeu" in fitting_remedy(text, in_folder=True)] == []
