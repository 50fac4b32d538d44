"""How our pages are made from templates: everything escaped, typography set, our own script allowed by digest."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opendata_check.reports.page.typesetting import typeset

if TYPE_CHECKING:
    from jinja2 import Environment


def environment(folder: Path, **words: Any) -> Environment:
    """Return the environment of a folder of templates, with the ``words`` they may call; a missing name is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_displayed,
    )
    made.globals.update(words)
    return made


def digest(text: str) -> str:
    """Return the SHA-256 of an inline script or style in base64, as a content security policy names it."""
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _displayed(value: Any) -> Any:
    """Set the typography of each text printed; what is already markup is left alone."""
    return typeset(value) if type(value) is str else value
