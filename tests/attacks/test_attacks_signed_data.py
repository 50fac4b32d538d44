"""A file that bears our signature to escape the audit: only what has the whole shape is left out, and it is counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opendata_check.own_reports import is_own_report

_PERSONS = "nom;prénom;date de naissance;téléphone\nMartin;Zoé;1980-02-03;0612345678\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("agents.csv", _PERSONS + "\ufeffRésultat;Gravité;Point contrôlé;\n"),
        ("agents.csv", "Résultat;Gravité;Point contrôlé;\n" + _PERSONS),
        ("agents.txt", f"\nopendata-check 0.1.0, examen au 3 mars 2026.\n{_PERSONS}"),
        ("agents.md", f"{_PERSONS}\nopendata-check est un programme\n"),
        ("agents.html", f'<html><body><p content="opendata-check">{_PERSONS}</p></body></html>'),
        ("agents.html", f'<p>x</p><meta name="generator" content="opendata-check">{_PERSONS}'),
        ("agents.json", json.dumps([{"name": "opendata-check", "nom": "Martin"}])),
        ("package.json", '{\n  "name": "opendata-check",\n  "version": "1.0.0"\n}\n'),
        ("agents.xml", f'<agents><!-- <testsuites name="opendata-check" -->{_PERSONS}</agents>'),
        ("agents.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-NOTE:PRODID:-//opendata-check//\r\nEND:VCALENDAR\r\n"),
        ("agents.ttl", f"# prov:wasGeneratedBy <urn:opendata-check:audit:1>\n# {_PERSONS}"),
        ("agents.sarif", '{"x": {"driver":{"name":"opendata-check"}}}'),
    ],
)
def test_a_word_of_ours_is_not_enough_to_escape(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(text.encode("utf-8"))
    assert not is_own_report(tmp_path / name)


def test_what_is_left_out_is_counted_in_the_answer(program: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    for name in ("un.txt", "deux.md"):
        (tmp_path / name).write_text(f"{_PERSONS}\nopendata-check 0.1.0, examen au 3 mars 2026.\n", encoding="utf-8")
    found = json.loads(program("audit", tmp_path, "--on", "2026-11-26", "-f", "json").out)
    assert found["catalogs"][0]["left_out"] == [{"count": 2, "reason": "own_report"}]
    (tmp_path / "audit.json").write_text(json.dumps(found), encoding="utf-8")
    again = json.loads(program("report", tmp_path / "audit.json", "-f", "json").out)
    assert again["catalogs"][0]["left_out"] == found["catalogs"][0]["left_out"]
