"""What docs/methode.md tells the public is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from opendata_check import scoring
from opendata_check.model.finding import Axis
from opendata_check.wording import word

TEXT = (Path(__file__).resolve().parents[1] / "docs" / "methode.md").read_text(encoding="utf-8")


def test_axis_weights_and_questions_are_those_of_the_scale() -> None:
    for axis in Axis:
        row = re.search(rf"^\| {re.escape(word('axes', axis))} \| (.+?) \| (\d+) \|", TEXT, re.MULTILINE)
        assert row is not None, axis
        assert row.group(1) == word("axes", axis, "question")
        assert int(row.group(2)) == scoring.scale().axis_weights[axis]


def test_levels_are_those_of_the_scale() -> None:
    for level in scoring.scale().levels:
        assert re.search(rf"^\| {level.since:g} \| {level.label} \|", TEXT, re.MULTILINE), level


def test_severity_shares_are_told() -> None:
    words = ("d'abord", "important", "utile", "information")
    told = re.search(
        r"une part : (\S+) si .+? (\S+) s'il est important, (\S+) s'il est\s+utile, (\S+) s'il", TEXT, re.DOTALL
    )
    assert told is not None
    shares = [float(value.replace(",", ".")) for value in told.groups()]
    assert shares == list(scoring.scale().severity_share.values()), words
