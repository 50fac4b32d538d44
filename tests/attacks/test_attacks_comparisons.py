"""« diff » of two audits that an enemy wrote: each answer is read again, and nothing of theirs acts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import poisoned_audits as enemy
import pytest
from markdown_it import MarkdownIt


@pytest.fixture
def compared(program: Callable[..., Any], tmp_path: Path) -> Callable[[dict[str, Any], str], str]:
    """Return a function that compares the honest audit with another one and returns what is written."""

    def compare(after: dict[str, Any], end: str) -> str:
        for name, document in (("avant", enemy.honest()), ("apres", after)):
            (tmp_path / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
        done = program("diff", tmp_path / "avant.json", tmp_path / "apres.json", "-o", tmp_path / f"d.{end}")
        assert done.code in (0, 3), done.err
        return (tmp_path / f"d.{end}").read_text(encoding="utf-8")

    return compare


@pytest.mark.parametrize("name", [*enemy.TEXTS])
def test_texts_of_the_enemy_stay_texts(name: str, compared: Callable[[dict[str, Any], str], str]) -> None:
    document = enemy.with_texts(enemy.TEXTS[name])
    text = compared(document, "txt")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]", text)
    assert len(text) < 2_000_000
    json.loads(compared(document, "json"), parse_constant=lambda found: pytest.fail(found))
    parsed = MarkdownIt("commonmark", {"html": True}).enable(["table"]).parse(compared(document, "md"))
    tokens = [one for token in parsed for one in (token, *(token.children or ()))]
    assert not [one.content for one in tokens if one.type in {"html_inline", "html_block", "image", "link_open"}]


@pytest.mark.parametrize("number", enemy.NUMBERS)
def test_numbers_at_their_ends_are_compared(number: float, compared: Callable[[dict[str, Any], str], str]) -> None:
    for end in ("txt", "md", "json"):
        assert len(compared(enemy.with_numbers(number), end)) < 1_000_000


@pytest.mark.parametrize("day", enemy.DAYS)
def test_days_at_the_ends_of_the_calendar_are_compared(
    day: str, compared: Callable[[dict[str, Any], str], str]
) -> None:
    assert compared(enemy.with_days(day), "txt")
