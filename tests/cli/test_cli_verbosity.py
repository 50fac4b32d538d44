"""How much is told: nothing, the line of progress, or every step; the answer itself never changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "commune-conforme"


def test_verbose_tells_each_file_once_with_the_time(program: Callable[..., object]) -> None:
    run = program("audit", str(EXAMPLE), "--on", "2026-11-23", "--verbose")
    assert run.code == 0
    steps = run.err.splitlines()
    assert all(re.match(r" *\d+,\d s  \S", step) for step in steps)
    told = [step.partition(" s  ")[2] for step in steps]
    assert len(told) == len(set(told))
    assert "Lecture de equipements.csv" in told


def test_the_answer_is_the_same_however_much_is_told(program: Callable[..., object]) -> None:
    runs = [program("audit", str(EXAMPLE), "--on", "2026-11-23", *more) for more in ((), ("-q",), ("-v",))]
    assert len({run.out for run in runs}) == 1
    assert runs[0].err == runs[1].err == ""


@pytest.mark.parametrize("command", ["audit", "check", "portal"])
def test_quiet_and_verbose_exclude_each_other(program: Callable[..., object], command: str) -> None:
    target = "https://data.example.fr" if command == "portal" else str(EXAMPLE / "equipements.csv")
    run = program(command, target, "-q", "-v")
    assert run.code == 2
    assert run.err == "--quiet et --verbose : ces options se contredisent. N'en gardez qu'une.\n"
