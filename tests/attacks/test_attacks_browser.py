"""An enemy's audit and an enemy's list, opened in a real browser: nothing runs, nothing leaves, no link is a script."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import poisoned_audits as enemy
import pytest
from test_reports_lot import audited, lot_of

from opendata_check.lot_pages import batch_pages
from opendata_check.model.lot import Cover

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None or find_spec("playwright") is None, reason="Chromium ou playwright absents"),
]
ACTIVE = ("script", "javascript", "data", "attribute", "style", "svg", "template", "markdown")
_LINKS = "[...document.querySelectorAll('a[href],area[href],form[action]')].map(one => one.protocol || one.action)"
_BACKGROUNDS = "[...document.querySelectorAll('*')].map(one => getComputedStyle(one).backgroundImage)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def assert_inert(browser: Any, page_file: Path) -> None:
    """Open a page, move over and unfold all of it, and fail on anything that ran or left."""
    context = browser.new_context()
    page = context.new_page()
    events: list[str] = []
    page.on("dialog", lambda dialog: (events.append("dialog"), dialog.dismiss()))
    page.on("pageerror", lambda error: events.append(str(error)))
    page.on("request", lambda asked: None if asked.url == page_file.as_uri() else events.append(asked.url[:80]))
    page.on("popup", lambda _: events.append("popup"))
    page.goto(page_file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(
        "document.querySelectorAll('body *').forEach(one => ['mouseover', 'focus', 'click'].forEach("
        "kind => one.closest('a,button,summary') || one.dispatchEvent(new Event(kind, {bubbles: true}))))"
    )
    assert page.title() != "pris"
    assert set(page.evaluate(_LINKS)) <= {"http:", "https:", "file:", "mailto:"}
    assert not [one for one in page.evaluate(_BACKGROUNDS) if "evil" in one]
    assert events == []
    context.close()


@pytest.mark.parametrize("name", ACTIVE)
def test_a_report_runs_nothing_of_the_enemys(name: str, browser: Any, tmp_path: Path) -> None:
    page = tmp_path / "rapport.html"
    page.write_bytes(enemy.written(enemy.with_texts(enemy.TEXTS[name]), "html"))
    assert_inert(browser, page)


@pytest.mark.parametrize("name", ACTIVE)
def test_the_pages_of_a_lot_run_nothing_of_the_enemys(name: str, browser: Any, tmp_path: Path) -> None:
    text = enemy.TEXTS[name]
    results = audited(
        5, lambda one: replace(one, name=text, epci_name=text, departement_name=text, first_action=text, bound=text)
    )
    results = tuple(replace(one, entry=replace(one.entry, typed=text, extra=((text, text),))) for one in results)
    lot = replace(lot_of(*results, cover=Cover(text, text, text, text, text)), title=text, tool_version=text)
    for path, content in batch_pages(lot, lambda _: (), rank=True):
        if path.endswith(".html"):
            page = tmp_path / path.replace("/", "-")
            page.write_text(content if isinstance(content, str) else "".join(map(str, content)), encoding="utf-8")
            assert_inert(browser, page)
