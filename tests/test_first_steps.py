"""The page for newcomers: every command it says to type works in a fresh folder with a fresh home."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from scripts import first_steps  # noqa: E402

PAGE = first_steps.PAGE.read_text("utf-8")


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> list:
    program = Path(sys.executable).with_name("opendata-check")
    return list(first_steps.walked(tmp_path_factory.mktemp("bureau"), program))


def test_every_command_of_the_page_works(walk: list) -> None:
    refused = [(step.command, done.returncode, done.stderr) for step, done in walk if done.returncode not in step.codes]
    assert len(walk) >= 10 and not refused


def test_only_what_asks_for_a_connection_or_a_person_is_not_tried(walk: list) -> None:
    typed = {line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.strip().splitlines()}
    left = typed - {step.command for step, _ in walk}
    assert all(re.match(r"python -m |opendata-check (init|audit Pithiviers)", line) for line in left), left


def test_nothing_shown_is_wider_than_a_screen(walk: list) -> None:
    screens = [done for step, done in walk if "--format" not in step.command]
    wide = [line for done in screens for line in done.stdout.splitlines() if len(line) > 80]
    assert not wide


def test_the_pictures_exist_have_a_text_and_show_real_answers(walk: list) -> None:
    for alt, name in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", PAGE):
        assert alt and (first_steps.PAGE.parent / name).is_file()
    for step, done in walk:
        if step.picture:
            picture = ElementTree.parse(first_steps.PAGE.parent / step.picture)
            shown = [node.text or "" for node in picture.iter("{http://www.w3.org/2000/svg}text")]
            assert shown[0] == f"> {step.command}"
            assert shown[1] == next(line for line in done.stdout.splitlines() if line)


def test_links_of_the_page_lead_somewhere() -> None:
    for name in re.findall(r"\]\(([\w./-]+\.md)\)", PAGE):
        assert (first_steps.PAGE.parent / name).is_file(), name
