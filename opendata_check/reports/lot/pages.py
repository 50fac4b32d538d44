"""Sets the pages: one template engine, everything escaped, one security policy by page that names its own script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opendata_check.model.lot import Lot
from opendata_check.reports.lot.branding import Branding, branding
from opendata_check.reports.lot.phrases import french_date, say, say_count, short
from opendata_check.reports.page.templating import digest, environment
from opendata_check.wording import french_number

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"
_PIECES = 400
"""Template events joined before they are given away: a long page is never whole in memory."""

_SMALL_LOGO = 20_000
"""Characters: a larger one stays on the first pages, for a long list has hundreds."""


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the menu."""

    key: str
    href: str
    here: bool


class Site:
    """What every page of one lot shares: its cover, its date, its style, its menu."""

    def __init__(self, lot: Lot, rank: bool) -> None:
        self.brand = branding(lot.cover)
        self._day = french_date(lot.on)
        self._made_by = say("made_by", version=short(lot.tool_version, 30), day=self._day)
        self._style = _read("lot.css") + _brand_style(self.brand)
        self._script = _read("lot.js")
        self._policy = (
            f"default-src 'none'; style-src 'sha256-{digest(self._style)}'; "
            f"script-src 'sha256-{digest(self._script)}'; img-src data:; base-uri 'none'; form-action 'none'"
        )
        self._menu = [("nav_index", "index.html"), ("nav_comparison", "comparaison.html")]
        self._menu += [("nav_evolution", "evolution.html")]
        self._menu += [("nav_rank", "classement.html")] if rank else []
        self._menu += [("nav_workbook", "synthese.xlsx"), ("nav_table", "synthese.csv")]

    def page(self, template: str, title: str, here: str, root: str = "", **values: Any) -> Iterable[str]:
        """Yield a page piece by piece; ``root`` leads from the page to the site's root ("" or « ../ »)."""
        from markupsafe import Markup

        return _joined(
            _environment()
            .get_template(template)
            .generate(
                csp=Markup(self._policy),  # noqa: S704 - our own words
                style=Markup(self._style),  # noqa: S704 - our own file and a checked colour
                script=Markup(self._script),  # noqa: S704 - our own file
                page_title=f"{title} · {self.brand.name}" if self.brand.name else title,
                brand=replace(self.brand, logo="") if root and len(self.brand.logo) > _SMALL_LOGO else self.brand,
                day=self._day,
                made_by=self._made_by,
                nav=[Link(key, href, href == here) for key, href in self._menu],
                root=root,
                **values,
            )
        )


def _joined(events: Iterable[str]) -> Iterable[str]:
    held: list[str] = []
    for event in events:
        held.append(event)
        if len(held) >= _PIECES:
            yield "".join(held)
            held.clear()
    yield "".join(held)


def _brand_style(brand: Branding) -> str:
    if not brand.light:
        return ""
    light, dark = f":root {{ --accent: {brand.light}; }}", f":root {{ --accent: {brand.dark}; }}"
    return f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n@media print {{ {light} }}\n"


@cache
def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return environment(_TEMPLATES, say=say, say_count=say_count, number=french_number)
