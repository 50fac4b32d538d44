"""The report as one HTML page: no script, nothing fetched, fit for a screen, a phone and paper."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opendata_check.model.report import AuditReport
from opendata_check.reports.explain.phrases import phrase
from opendata_check.reports.explain.standing import summary
from opendata_check.reports.interface import Layout
from opendata_check.reports.outline import outline
from opendata_check.reports.outline.phrases import say, say_count
from opendata_check.reports.page.typesetting import typeset
from opendata_check.wording import glossary, word

if TYPE_CHECKING:
    from jinja2 import Template

EXTENSION = "html"
SUMMARY = "une page à lire et à imprimer"
_TEMPLATES = Path(__file__).parent / "templates"


def render(report: AuditReport, layout: Layout) -> str:
    """Return the page. Every text of the report is escaped by the template engine; the layout is the reader's own."""
    return _template().render(
        told=outline(report),
        glossary=glossary(),
        peers=summary(report.others_scores),
        peers_heading=phrase("scores_heading"),
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_displayed,
    )
    environment.globals.update(say=say, say_count=say_count, sign=_sign, state_word=_state_word)
    return environment.get_template("audit.html")


def _displayed(value: Any) -> Any:
    """Set the typography of each text printed; what a macro has already escaped is left alone."""
    return typeset(value) if type(value) is str else value


def _sign(state: str) -> str:
    return word("outcomes", state, "sign")


def _state_word(state: str) -> str:
    return word("outcomes", state)
