"""Prints an audit's answer in a chosen format; groups, orders and words what the report value holds, judges nothing."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache, cached_property
from typing import TYPE_CHECKING, cast

from opendata_check.reports.interface import Layout, Rendered, ReportError, ReportFormat

if TYPE_CHECKING:
    from opendata_check.model.report import AuditReport

__all__ = [
    "Prepared", "Rendered", "ReportError", "extension", "formats", "is_for_files", "render", "rendered",
    "summary",
]  # fmt: skip

_SHARED = {"interface", "safety"}
"""What every format rests on."""


@cache
def formats() -> tuple[str, ...]:
    """Return the names of the formats, sorted: one per file of this folder."""
    found = (module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg)
    return tuple(sorted(name.replace("_", "-") for name in found if name not in _SHARED))


def extension(format: str) -> str:  # noqa: A002 - the word every caller uses
    """Return the usual file extension of a format, without its dot. Raises ReportError when there is no such format."""
    return _module(format).EXTENSION


def summary(format: str) -> str:  # noqa: A002
    """Return in a few French words what a format is for. Raises ReportError when there is no such format."""
    return _module(format).SUMMARY


def is_for_files(format: str) -> bool:  # noqa: A002
    """Return whether a format is made of bytes, which no screen shows. Raises ReportError when there is none such."""
    return bool(getattr(_module(format), "BYTES", False))


class Prepared:
    """A report made ready once, for as many formats as are wanted: on a large one this costs more than many of them."""

    def __init__(self, report: AuditReport) -> None:
        from opendata_check.reports.safety import made_safe

        self.safe = made_safe(report)
        """With every text made safe: what the JSON holds, and what is summed up."""

    @cached_property
    def told(self) -> AuditReport:
        """The same, with what to do said for where the files are: what every other format prints."""
        from opendata_check.reports.outline.guidance import fitted

        return fitted(self.safe)


def rendered(
    report: AuditReport | Prepared,
    format: str,  # noqa: A002
    *,
    width: int = 80,
    color: bool = False,
    encoding: str = "utf-8",
) -> Rendered:
    """Return the report as a text ending with a line end, as its pieces, or as bytes; same report, same answer.

    ``width`` (cells a line, kept between 40 and 200), ``color`` and ``encoding`` (what the screen can carry) matter to
    the terminal only. Every text is made safe first: no control character, no bidirectional trick, no absolute local
    path, nothing endless. Raises ReportError when there is no such format.
    """
    chosen = _module(format)
    ready = report if isinstance(report, Prepared) else Prepared(report)
    told = ready.safe if format == "json" else ready.told  # JSON keeps what the rule says: it is told anew from there
    return chosen.render(told, Layout(width=max(40, min(200, width)), color=color, encoding=encoding))


def render(
    report: AuditReport | Prepared,
    format: str,  # noqa: A002
    *,
    width: int = 80,
    color: bool = False,
    encoding: str = "utf-8",
) -> str:
    """Return the report as one text, as ``rendered`` makes it. Raises ReportError for a format made of bytes."""
    made = rendered(report, format, width=width, color=color, encoding=encoding)
    if isinstance(made, bytes):
        raise ReportError("ce format ne s'écrit que dans un fichier", where=format, remedy="Donnez son nom avec -o.")
    return made if isinstance(made, str) else "".join(made)


def _module(name: str) -> ReportFormat:
    if name not in formats():
        raise ReportError(
            "ce format de rapport n'existe pas",
            where=name[:40] if name.isprintable() else "",
            remedy=f"Choisissez : {', '.join(formats())}.",
        )
    return cast(ReportFormat, importlib.import_module(f"{__name__}.{name.replace('-', '_')}"))
