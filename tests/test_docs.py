"""What is generated in docs/ is what the program decides today; what the README shows is what it prints."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder where the generated pages were made anew."""
    folder = tmp_path_factory.mktemp("docs")
    subprocess.run([sys.executable, str(ROOT / "scripts" / "build_docs.py"), str(folder)], check=True)
    return folder


@pytest.mark.parametrize(
    "name",
    [
        "obligations.md",
        "controles.md",
        "commandes.md",
        "portails.md",
        "schemas/scope.schema.json",
        "schemas/rules.schema.json",
        "schemas/portal.schema.json",
    ],
)
def test_generated_pages_are_up_to_date(rebuilt: Path, name: str) -> None:
    kept = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert kept == (rebuilt / name).read_text(encoding="utf-8"), "lancez : make docs"


@pytest.mark.parametrize("name", ["README.md", "README.en.md"])
def test_the_readme_shows_what_the_demo_prints(
    program: Callable[..., Any], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    printed = program("audit", "examples/commune-exemple", "--on", "2026-11-23").out
    readme = (ROOT / name).read_text(encoding="utf-8")
    (shown,) = re.findall(r"```text\n(.*?)\n\[…\]\n```", readme, re.DOTALL)
    assert printed.startswith(shown), "le README ne montre plus ce que la commande affiche"
    assert shown.count("\n") > 15


def test_links_of_the_docs_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "rules").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} : {target}"
