"""The page in a real browser: nothing for axe-core to say, all of it by keyboard, at any width, on paper, and quick."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import large_reports
import pytest
import report_samples as samples
from test_reports_formats import SCRIPT, poisoned

from opendata_check import reports
from opendata_check.model.report import AuditReport

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_TOOLS = find_spec("playwright") is not None and find_spec("axe_playwright_python") is not None
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None or not _TOOLS, reason="Chromium, playwright ou axe absents"),
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MODES: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 700}, "color_scheme": "light"},
    "print": {"viewport": {"width": 794, "height": 1123}, "color_scheme": "light"},
}
PAGES: dict[str, Callable[[], AuditReport]] = {
    "bound": samples.bound_commune,
    "faultless": samples.faultless_commune,
    "nobody": samples.nobody,
    "partial": samples.partial,
    "hostile": lambda: poisoned(SCRIPT),
    "many": lambda: large_reports.report_of(5000),
}
EXAMPLES = ("commune-exemple", "commune-conforme")
ALL = (*EXAMPLES, *PAGES)
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> Callable[[str], Path]:
    """Return a function that writes a page once (the examples are audited as a user does it) and returns its file."""
    folder = tmp_path_factory.mktemp("pages")

    def write(name: str) -> Path:
        file = folder / f"{name}.html"
        if name in EXAMPLES:
            command = ["audit", str(examples / name), "--on", "2026-11-26", "--quiet", "-o", str(file)]
            if not file.exists():
                subprocess.run([sys.executable, "-m", "opendata_check", *command], check=True, capture_output=True)
        elif not file.exists():
            file.write_text(reports.render(PAGES[name](), "html"), encoding="utf-8")
        return file

    return write


@pytest.fixture
def opened(browser: Any, written: Callable[[str], Path]) -> Iterator[Open]:
    """Return a function that opens a page in a mode of reading; ``script=False`` reads it without its script."""
    contexts = []

    def open_(name: str, mode: str = "light", fragment: str = "", *, script: bool = True, **options: Any) -> Any:
        context = browser.new_context(**{**MODES[mode], "java_script_enabled": script, **options})
        contexts.append(context)
        page = context.new_page()
        page.goto(written(name).as_uri() + fragment)
        if mode == "print":
            page.emulate_media(media="print")
        return page

    yield open_
    for context in contexts:
        context.close()


THIN = """() => {
  const heavy = document.querySelector('main.heavy');
  if (!heavy) return;
  heavy.classList.remove('heavy');
  for (const list of document.querySelectorAll('.seen')) for (const one of [...list.children].slice(10)) one.remove();
  for (const one of [...document.querySelectorAll('.dataset')].slice(12)) one.remove();
}"""
"""axe takes minutes on thousands of like lines: of a long list, the first ten are looked at.

It also measures wrong the blocks that a browser has not laid out yet (``content-visibility``): all are, here.
"""


def violations(page: Any) -> list[str]:
    """Return what axe-core finds, everything unfolded, one line each."""
    import axe_playwright_python

    script = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    page.evaluate(THIN)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.evaluate(script.read_text(encoding="utf-8"))  # the page's policy lets no other script be added
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", TAGS
    )
    return [
        f"{one['id']} ({len(one['nodes'])}) : {node['html'][:200]} {node['failureSummary'][:200]}"
        for one in found["violations"]
        for node in one["nodes"][:2]
    ]


def test_the_instrument_sees_faults(browser: Any, tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text('<!doctype html><html><title>x</title><img src="x.png"><p style="color:#999">pâle</p></html>')
    page = browser.new_page()
    page.goto(bad.as_uri())
    found = " ".join(violations(page))
    page.close()
    assert "image-alt" in found
    assert "html-has-lang" in found
    assert "color-contrast" in found


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ALL)
def test_axe_finds_nothing(name: str, mode: str, opened: Open) -> None:
    assert violations(opened(name, mode)) == []


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_wider_than_a_small_phone(name: str, opened: Open) -> None:
    page = opened(name, "narrow")
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_twice_as_large_still_fits(opened: Open) -> None:
    """At 200 % a screen of 1 280 pixels is one of 640."""
    page = opened("bound", viewport={"width": 640, "height": 450}, device_scale_factor=2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  return {
    key: one.tagName + (one.getAttribute('href') || '') + one.textContent.slice(0, 60),
    outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: style.color !== 'rgba(0, 0, 0, 0)' && box.width > 0 && box.height > 0,
    inside: box.bottom > 0 && box.top < innerHeight,
  };
}"""


def test_every_control_is_reached_by_keyboard_and_shows_it(opened: Open) -> None:
    page = opened("bound")
    reachable = page.evaluate(
        "[...document.querySelectorAll('a[href], summary, input, select, button')]"
        ".filter(one => one.checkVisibility()).length"
    )
    met: list[dict[str, Any]] = []
    for _ in range(reachable + 5):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:  # past the last: the browser's own controls, not a trap
            break
        met.append(focused)
    assert len(met) == reachable
    assert [one["key"] for one in met if not (one["outline"] and one["seen"] and one["inside"])] == []


def test_a_folded_block_opens_by_keyboard(opened: Open) -> None:
    page = opened("bound")
    page.focus("details.dataset > summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")


SMALL = """() => [...document.querySelectorAll('a[href], summary, input, select, button')]
  .filter(one => one.checkVisibility() && !one.closest('.skip') && getComputedStyle(one).display !== 'inline')
  .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24).map(([text]) => text)"""


def test_targets_are_large_enough_for_a_finger(opened: Open) -> None:
    page = opened("bound", "narrow")
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("script", [True, False])
def test_the_link_of_a_finding_opens_what_folds_it(script: bool, opened: Open) -> None:
    page = opened("bound")
    target = page.evaluate("document.querySelector('details.dataset .seen > li[id]').id")
    page = opened("bound", fragment=f"#{target}", script=script)
    assert page.locator(f"#{target}").is_visible()
    box = page.locator(f"#{target}").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 900


def test_the_links_stay_from_one_audit_to_the_next() -> None:
    report = samples.bound_commune()
    page = reports.render(report, "html")
    for finding in report.findings:
        if finding.outcome != "compliant":
            assert f'id="c-{finding.fingerprint}"' in page


def test_without_script_nothing_dead_shows(opened: Open) -> None:
    page = opened("bound", script=False)
    assert page.locator("input, select, button").count() == 0
    assert page.locator("h1").is_visible()


def test_filters_narrow_and_say_how_many(opened: Open) -> None:
    page = opened("bound")
    every = page.locator(".filtered .seen > li").count()
    page.get_by_label("Mot cherché").fill("Cantine")
    page.locator(".filter [role=status]:not(:empty)").wait_for()
    status = page.locator(".filter [role=status]").last
    left = page.locator(".filtered .seen > li:visible").count()
    assert 0 < left < every
    page.get_by_label("Mot cherché").fill("zzz introuvable")
    page.get_by_text("Aucun constat ne répond").wait_for()
    assert page.locator(".filtered .seen > li:visible").count() == 0
    page.get_by_role("button", name="Tout afficher").click()
    assert status.text_content() == ""
    page.get_by_label("Axe").select_option("protected")
    assert page.locator(".filtered .group:visible").count() == page.locator(".personal .group").count() > 0


def test_rules_are_filtered_by_where_they_stand(opened: Open) -> None:
    page = opened("bound")
    page.get_by_label("Montrer les règles").select_option("unmet")
    rows = page.locator("tr[data-tally]:visible")
    assert rows.count() > 0
    assert {row.get_attribute("data-tally") for row in rows.all()} == {"unmet"}


def test_nothing_moves_by_itself(opened: Open) -> None:
    page = opened("bound")
    assert page.evaluate("document.getAnimations().length") == 0
    moving = (
        "[...document.querySelectorAll('*')].filter(one => getComputedStyle(one).transitionDuration !== '0s').length"
    )
    assert page.evaluate(moving) == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
