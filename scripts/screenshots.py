"""Takes pictures of the HTML report at three widths, in the dark and on paper, so that somebody looks at them.

Needs Chromium and playwright (development tools). Without a name, both example communes are audited.
Run: python scripts/screenshots.py [DOSSIER | rapport.html]… [--out build/screenshots]
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = (ROOT / "examples" / "commune-exemple", ROOT / "examples" / "commune-conforme")
DATE = "2026-11-26"
WIDTHS = (375, 768, 1280)
TALLEST = 6000
"""Pixels of a picture: beyond, nobody sees anything in it."""
SHEETS = 4
UNFOLD = "for (const one of document.querySelectorAll('details')) one.open = true"


def page_of(given: Path, folder: Path) -> Path:
    """Return the page to look at: the one given, or the audit of a folder, written under ``folder``."""
    if given.suffix.lower() == ".html":
        return given
    page = folder / f"{given.name}.html"
    command = [sys.executable, "-m", "opendata_check", "audit", str(given), "--on", DATE, "--quiet", "-o", str(page)]
    subprocess.run(command, check=True)
    return page


def pictures(browser: Browser, page: Path, folder: Path) -> list[Path]:
    """Write the pictures of one page and return them: each width folded, the widest unfolded, dark, then paper."""
    written = []
    for width, scheme, unfolded in [
        *((w, "light", False) for w in WIDTHS),
        (1280, "dark", False),
        (1280, "light", True),
    ]:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
        )
        tab = context.new_page()
        tab.goto(page.resolve().as_uri())
        if unfolded:
            tab.evaluate(UNFOLD)
        height = min(TALLEST, int(tab.evaluate("document.documentElement.scrollHeight")))
        picture = folder / f"{page.stem}-{width}-{scheme}{'-deplie' if unfolded else ''}.png"
        area = {"x": 0.0, "y": 0.0, "width": float(width), "height": float(height)}
        tab.screenshot(path=picture, full_page=True, clip=area)  # type: ignore[arg-type]
        written.append(picture)
        context.close()
    return [*written, *_paper(browser, page, folder)]


def _paper(browser: Browser, page: Path, folder: Path) -> list[Path]:
    import pypdfium2

    tab = browser.new_page()
    tab.goto(page.resolve().as_uri())
    printed = folder / f"{page.stem}.pdf"
    tab.pdf(path=printed, prefer_css_page_size=True, print_background=True)
    tab.close()
    document = pypdfium2.PdfDocument(printed)
    written = [printed]
    for number in range(min(SHEETS, len(document))):
        picture = folder / f"{page.stem}-page-{number + 1}.png"
        document[number].render(scale=1.6).to_pil().save(picture)
        written.append(picture)
    document.close()
    return written


def main() -> int:
    """Take the pictures; return 1 when a tool is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("given", nargs="*", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "screenshots")
    arguments = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("playwright manque : installez les outils de développement.", file=sys.stderr)
        return 1
    if chromium is None:
        print("Chromium est introuvable.", file=sys.stderr)
        return 1
    arguments.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for given in arguments.given or EXAMPLES:
            for picture in pictures(browser, page_of(given, arguments.out), arguments.out):
                print(picture)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
