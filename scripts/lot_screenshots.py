"""Makes a fictional lot and pictures of its pages at three widths, by night and on paper, to be looked at.

Usage: python scripts/lot_screenshots.py FOLDER
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WIDTHS = (375, 768, 1280)
PAGES = ("index", "comparaison", "evolution", "classement")
TALLEST = 2600
"""Pixels of a picture: what lies below looks the same."""


def main(folder: Path) -> None:
    """Write the lot in ``folder/lot`` and its pictures beside."""
    sys.path.insert(0, str(ROOT / "tests" / "reports"))
    import lot_samples

    from opendata_check.lot_pages import batch_pages

    site = folder / "lot"
    for path, content in lot_samples.contents(lot_samples.lot(60, cover=lot_samples.COVER), batch_pages, True).items():
        file = site / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    pictures(site, folder)


def pictures(site: Path, folder: Path) -> None:
    """Picture each page of a site."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in PAGES:
            address = (site / f"{name}.html").as_uri()
            for width in WIDTHS:
                page = browser.new_page(viewport={"width": width, "height": TALLEST})
                page.goto(address)
                page.screenshot(path=folder / f"{name}-{width}.png")
                page.close()
            page = browser.new_page(viewport={"width": 1280, "height": 1600}, color_scheme="dark")
            page.goto(address)
            page.screenshot(path=folder / f"{name}-nuit.png")
            page.pdf(path=folder / f"{name}.pdf", prefer_css_page_size=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
