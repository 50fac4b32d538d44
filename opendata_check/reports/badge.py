"""The score as a small picture for a web page or a README: it stands alone, and says in words all that it shows."""

from __future__ import annotations

from opendata_check.model.report import AuditReport
from opendata_check.reports.ci.phrases import say
from opendata_check.reports.interface import Layout
from opendata_check.reports.outline.phrases import whole
from opendata_check.reports.safety import shorten
from opendata_check.wording import french_date

EXTENSION = "svg"
SUMMARY = "un badge à poser sur un site"
_HEIGHT, _PAD, _SIZE = 24, 9, 12
_DARK, _TEAL, _GREY, _INK = "#3d3a45", "#0b5d57", "#5c5966", "#ffffff"
"""White on each is above 6.5 to 1. One colour for every score: it says « noted », never « good » or « bad »."""
_NAME = 80
_NARROW = frozenset("iljtfI.,;:!'|()[]1 \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}r-")
_WIDE = frozenset("mwMW@%—")
_FONT = "Verdana,'DejaVu Sans',Geneva,sans-serif"


def render(report: AuditReport, layout: Layout) -> str:
    """Return an SVG: « données ouvertes | 82 sur 100 », with a title that says of whom, of what day, and its limits."""
    score = report.scores.overall
    text = say("badge_none") if score is None else say("badge_score", score=whole(score))
    if report.partial:
        text = say("badge_partial", text=text)
    label = say("badge_label")
    left, right = (_width(part) + 2 * _PAD for part in (label, text))
    title = _escaped(_title(report, text))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" '
        f'viewBox="0 0 {left + right} {_HEIGHT}" role="img" aria-label="{title}" lang="fr">\n'
        f"<title>{title}</title>\n"
        f'<rect width="{left + right}" height="{_HEIGHT}" rx="5" fill="{_GREY if score is None else _TEAL}"/>\n'
        f'<path d="M5 0H{left}V{_HEIGHT}H5A5 5 0 0 1 0 {_HEIGHT - 5}V5A5 5 0 0 1 5 0Z" fill="{_DARK}"/>\n'
        f'<g aria-hidden="true" fill="{_INK}" font-family="{_FONT}" font-size="{_SIZE}">\n'
        f"{_drawn(label, _PAD)}{_drawn(text, left + _PAD)}</g>\n</svg>\n"
    )


def _title(report: AuditReport, text: str) -> str:
    name = f", {shorten(report.organization.name, _NAME)}" if report.organization else ""
    lines = [say("badge_title", name=name, text=text, day=french_date(report.on))]
    if report.scores.overall is not None:
        lines += [say("badge_share", share=whole(100 * report.scores.confidence)), say("badge_meaning")]
    return " ".join(lines)


def _drawn(text: str, start: int) -> str:
    """Return a text that takes the width it was given, whatever font draws it."""
    middle = _HEIGHT // 2 + _SIZE // 3
    sized = f'textLength="{_width(text)}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{start}" y="{middle}" {sized}>{_escaped(text)}</text>\n'


def _width(text: str) -> int:
    """Return about how wide a text is in Verdana of 12 pixels, by three sizes of letters."""
    return round(sum(4.6 if letter in _NARROW else 11.2 if letter in _WIDE else 7.6 for letter in text))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
