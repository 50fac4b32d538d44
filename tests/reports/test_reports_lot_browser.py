"""The pages of a lot in a real browser: nothing for axe-core to say, sorted, searched and filtered, printed, quick."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import lot_samples as samples
import pytest
from test_reports_accessibility import MODES, SMALL, violations

from opendata_check.lot_pages import batch_pages
from opendata_check.model.lot import Cover, Lot

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_TOOLS = find_spec("playwright") is not None and find_spec("axe_playwright_python") is not None
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None or not _TOOLS, reason="Chromium, playwright ou axe absents"),
]
FILES = ["index", "comparaison", "evolution", "classement"]


def pale() -> Lot:
    """Return a lot whose cover has a colour that would not read, and no last run."""
    return samples.lot(12, since=None, cover=Cover(name="Conseil", colour="#ffee00"))


LOTS: dict[str, Callable[[], Lot]] = {
    "usual": lambda: samples.lot(60, cover=samples.COVER),
    "pale": pale,
    "empty": lambda: replace(samples.lot(0), results=()),
    "many": lambda: samples.lot(3000, departements=""),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that writes a lot's pages once and returns their folder."""
    root = tmp_path_factory.mktemp("lots")

    def write(name: str) -> Path:
        folder = root / name
        if not folder.exists():
            folder.mkdir()
            for path, content in batch_pages(LOTS[name](), samples.marks_of, True):
                if not path.endswith(".html"):
                    break
                assert not isinstance(content, bytes)
                (folder / path).write_text("".join(content), encoding="utf-8")
        return folder

    return write


@pytest.fixture
def opened(browser: Any, written: Callable[[str], Path]) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a page in a mode of reading and fails on what the console says."""
    contexts, complaints = [], []

    def open_(lot: str, name: str = "index", mode: str = "light", **options: Any) -> Any:
        context = browser.new_context(**{**MODES[mode], **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on(
            "request", lambda asked: None if asked.url.startswith(("file:", "data:")) else complaints.append(asked.url)
        )
        page.goto((written(lot) / f"{name}.html").as_uri())
        if mode == "print":
            page.emulate_media(media="print")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


CASES = [
    *(("usual", name, mode) for name in FILES for mode in MODES),
    *(("pale", name, mode) for name in ("index", "comparaison") for mode in ("light", "dark")),
    *(("empty", name, "light") for name in FILES),
]


@pytest.mark.parametrize(("lot", "name", "mode"), CASES)
def test_axe_finds_nothing_on_the_pages_of_a_lot(lot: str, name: str, mode: str, opened: Callable[..., Any]) -> None:
    assert violations(opened(lot, name, mode)) == []


@pytest.mark.parametrize("name", FILES)
def test_no_page_is_wider_than_a_small_phone(name: str, opened: Callable[..., Any]) -> None:
    page = opened("usual", name, "narrow")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(SMALL) == []


def names(page: Any) -> list[str]:
    return list(page.locator("#bodies tbody th a:visible").all_text_contents())


def test_search_and_filters_narrow_and_say_how_many(opened: Callable[..., Any]) -> None:
    from playwright.sync_api import expect

    page = opened("usual")
    every, status = names(page), page.locator("#shown")
    whole = f"{len(every)} lignes affichées sur {len(every)}."
    assert status.text_content() == whole
    page.get_by_label("Chercher un nom").fill(every[3].upper())
    expect(status).not_to_have_text(whole)
    assert every[3] in names(page)
    assert len(names(page)) < 5
    page.get_by_role("button", name="Tout afficher").click()
    expect(status).to_have_text(whole)
    page.get_by_label("Département").select_option(index=1)
    some = names(page)
    assert 0 < len(some) < len(every)
    page.get_by_label("Changement").select_option("lost")
    assert set(names(page)) < set(some)
    page.get_by_label("Chercher un nom").fill("zzz introuvable")
    expect(status).to_have_text(f"0 ligne affichée sur {len(every)}.")


def test_an_accent_left_out_still_finds(opened: Callable[..., Any]) -> None:
    from playwright.sync_api import expect

    page = opened("usual")
    whole = page.locator("#shown").text_content()
    page.get_by_label("Chercher un nom").fill("ecrivez")
    expect(page.locator("#shown")).not_to_have_text(whole)
    assert names(page)


def test_columns_sort_both_ways_by_keyboard(opened: Callable[..., Any]) -> None:
    page = opened("usual")
    first = names(page)
    button = page.get_by_role("button", name="Nom", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    up = names(page)
    assert sorted(first) == sorted(up)
    assert page.locator("th[aria-sort=ascending]").count() == 1
    page.keyboard.press("Enter")
    assert names(page)[0] == up[-1]
    assert page.locator("th[aria-sort=descending]").count() == 1
    page.get_by_role("button", name="Ce qui est trouvé").click()
    counts = page.locator("#bodies tbody td:nth-child(3)").evaluate_all(
        "cells => cells.map(one => Number(one.dataset.s))"
    )
    assert counts == sorted(counts)


def test_a_phone_sorts_by_a_list(opened: Callable[..., Any]) -> None:
    page = opened("usual", mode="narrow")
    page.get_by_label("Trier par").select_option("2d")
    counts = page.locator("#bodies tbody td:nth-child(3)").evaluate_all(
        "cells => cells.map(one => Number(one.dataset.s))"
    )
    assert counts == sorted(counts, reverse=True)


def test_without_script_every_row_reads_and_nothing_dead_shows(opened: Callable[..., Any]) -> None:
    page = opened("usual", java_script_enabled=False)
    assert page.locator("input:visible, select:visible, button:visible").count() == 0
    lot = LOTS["usual"]()
    assert page.locator("#bodies tbody tr:visible").count() == sum(one.summary is not None for one in lot.results)


def test_a_filter_is_not_printed_against_the_reader(opened: Callable[..., Any]) -> None:
    page = opened("usual")
    page.get_by_label("Changement").select_option("lost")
    shown = page.locator("#bodies tbody tr:visible").count()
    page.emulate_media(media="print")
    assert page.locator("#bodies tbody tr:visible").count() == shown
    assert page.locator("#tools").is_hidden()


def test_three_thousand_rows_stay_usable(opened: Callable[..., Any]) -> None:
    page = opened("many")
    loaded = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    took = page.evaluate(
        """() => {
          const began = performance.now();
          document.querySelector('thead th:nth-child(3) button').click();
          const sorted = performance.now();
          const select = document.querySelector('#f-c');
          select.value = 'lost'; select.dispatchEvent(new Event('change'));
          document.body.offsetHeight;
          return [sorted - began, performance.now() - sorted];
        }"""
    )
    assert page.locator("#bodies tbody tr").count() > 2500
    assert loaded < 10_000, loaded  # milliseconds on a busy machine: a third of that is usual
    assert max(took) < 5000, took
