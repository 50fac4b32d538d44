"""Whose name the pages bear: texts cut, logo checked, colour made readable on both papers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from opendata_check.model.lot import Cover
from opendata_check.reports.safety import clean

_LOGO = re.compile(r"data:image/(?:png|jpeg|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}")
_MAX_LOGO = 400_000
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_LIGHT = ((251, 249, 244), (255, 255, 255), (251, 240, 217), (228, 239, 235))
_DARK = ((22, 28, 26), (30, 38, 35), (51, 42, 23), (32, 53, 48))
"""What lot.css writes on, by day and by night: --paper, --card, --ochre-pale, --accent-pale."""
_ENOUGH = 4.5
"""Contrast of a text with its paper. Source: WCAG 2.2, criterion 1.4.3."""

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Branding:
    """A cover ready to print."""

    name: str
    contact: str
    text: str
    logo: str
    """``data:`` URI, or "" when there is none or when it is not a picture we show."""
    light: str
    """Colour by day, « #1b4965 »; "" for ours."""
    dark: str


def branding(cover: Cover) -> Branding:
    """Return the cover as the pages print it; a colour too pale or too dark for its paper is moved until it reads."""
    shown = len(cover.logo) <= _MAX_LOGO and _LOGO.fullmatch(cover.logo)
    light = dark = ""
    if _COLOUR.fullmatch(cover.colour):
        digits = cover.colour[1:] if len(cover.colour) == 7 else "".join(2 * digit for digit in cover.colour[1:])
        wanted = (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16))
        light, dark = _readable(wanted, _LIGHT, (0, 0, 0)), _readable(wanted, _DARK, (255, 255, 255))
    return Branding(
        name=clean(cover.name, 200),
        contact=clean(cover.contact, 300),
        text=clean(cover.text, 2000),
        logo=cover.logo if shown else "",
        light=light,
        dark=dark,
    )


def _readable(colour: Rgb, papers: tuple[Rgb, ...], end: Rgb) -> str:
    """Return the colour, moved by twentieths towards black or white until a text of it reads on every paper."""
    for step in range(21):
        part = step / 20
        red, green, blue = (round(a + (b - a) * part) for a, b in zip(colour, end, strict=True))
        if all(contrast((red, green, blue), paper) >= _ENOUGH for paper in papers):
            return f"#{red:02x}{green:02x}{blue:02x}"
    return ""


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast of two colours, 1 to 21. Source: WCAG 2.2, « contrast ratio » and « relative luminance »."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (part / 255 for part in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
