"""Where reports go: the formats and files asked for, read once for every command that writes reports."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from opendata_check.model.report import AuditReport

_ANNOUNCED = {
    "": "terminal", ".txt": "terminal", ".html": "html", ".htm": "html", ".json": "json", ".md": "markdown",
    ".csv": "csv", ".xlsx": "xlsx", ".sarif": "sarif", ".xml": "junit", ".svg": "badge", ".ttl": "dqv",
    ".ics": "plan-ics",
}  # fmt: skip
"""Format that the end of a file's name announces; the other formats are named: ``gitlab:qualite.json``."""


def announced_by(name: str) -> tuple[str, ...]:
    """Return the ends of file names that announce a format, the usual one first; none when it must be named."""
    return tuple(end for end, known in _ANNOUNCED.items() if known == name)


_MEANT = {"excel": "xlsx", "classeur": "xlsx", "tableau": "csv", "agenda": "plan-ics"}
"""Words for formats, as people type them."""
_PDF = "Pour un PDF : -o rapport.html, ouvrez-le, puis imprimez-le en PDF."


@dataclass(frozen=True, slots=True)
class Destination:
    """One report to write."""

    format: str
    path: Path | None = None
    """None for the screen (or the pipe)."""


def destinations(formats: Sequence[str] | None, outputs: Sequence[str] | None) -> tuple[Destination, ...]:
    """Return what to write: ``-o FICHIER`` (the name's end tells the format), ``-o FORMAT:FICHIER``, ``-f FORMAT``.

    Several ``-o`` may be given; several ``-f`` go with as many ``-o``. Nothing typed is the screen. Raises UsageError
    for an unknown format, for formats and files that do not go together, and for two reports in one file.
    """
    from opendata_check import reports

    named = [_known(text, reports.formats()) for text in formats or ()]
    typed = [text for text in outputs or () if text]
    if not typed:
        if len(named) > 1:
            raise UsageError("plusieurs formats ne tiennent pas sur un écran", where="--format",
                             remedy="Donnez un fichier à chacun : -o rapport.html -o rapport.xlsx.")  # fmt: skip
        return (_for_the_screen(named[0] if named else "terminal"),)
    if named and len(named) not in (1, len(typed)):
        raise UsageError("il y a plus de formats que de fichiers, ou l'inverse", where="--format",
                         remedy="Écrivez plutôt -o FORMAT:FICHIER pour chacun.")  # fmt: skip
    if len(named) == 1 and len(typed) > 1:
        raise UsageError("un seul format pour plusieurs fichiers", where="--format",
                         remedy="Retirez --format : la fin du nom suffit (.html, .xlsx, .json…).")  # fmt: skip
    found = tuple(
        _destination(text, named[rank] if named else None, reports.formats()) for rank, text in enumerate(typed)
    )
    places = [one.path for one in found]
    for one in found:
        if places.count(one.path) > 1:
            raise UsageError("deux rapports iraient au même endroit", where=f"-o {one.path or '-'}",
                             remedy="Donnez un nom à chacun.")  # fmt: skip
    return found


def _for_the_screen(name: str) -> Destination:
    """Return the screen as a destination. Raises UsageError for a format that only a file can hold."""
    from opendata_check import reports

    if reports.is_for_files(name):
        raise UsageError(f"« {name} » ne s'affiche pas à l'écran", where="--format",
                         remedy=f"Donnez un fichier : -o rapport.{reports.extension(name)}.")  # fmt: skip
    return Destination(name)


def _known(text: str, formats: Sequence[str]) -> str:
    """Return a format's name as it is known. Raises UsageError with the nearest one."""
    from difflib import get_close_matches

    name = text.strip().lower().replace("_", "-")
    if name in formats:
        return name
    close = [_MEANT[name]] if name in _MEANT else get_close_matches(name, formats, n=1, cutoff=0.6)
    hint = f"{_PDF} " if name == "pdf" else f"Vouliez-vous dire « {close[0]} » ? " if close else ""
    shown = "".join(character for character in text if character.isprintable())[:30]
    raise UsageError(f"« {shown} » n'est pas un format de rapport", where="--format",
                     remedy=f"{hint}Choisissez : {', '.join(formats)}.")  # fmt: skip


def _destination(text: str, named: str | None, formats: Sequence[str]) -> Destination:
    from opendata_check import reports

    prefix, colon, rest = text.partition(":")
    if colon and len(prefix) > 1 and prefix.lower().replace("_", "-") in formats:  # « C: » is a disk
        return Destination(prefix.lower().replace("_", "-"), _path(rest))
    if text == "-":
        return _for_the_screen(named or "terminal")
    suffix = Path(text).suffix.lower()
    announced = _ANNOUNCED.get(suffix)
    if named is not None:
        if reports.is_for_files(named) != (suffix == f".{reports.extension('xlsx')}") and announced:
            raise UsageError(f"ce nom annonce un autre format que « {named} »", where=f"-o {text[:60]}",
                             remedy=f"Donnez-lui la fin .{reports.extension(named)}, ou retirez --format.")  # fmt: skip
        return Destination(named, Path(text))
    if announced is None or announced not in formats:
        endings = ", ".join(sorted(end for end, name in _ANNOUNCED.items() if end and name in formats))
        raise UsageError(f"ce programme n'écrit pas de fichier « {suffix[:20]} »", where=f"-o {text[:60]}",
                         remedy=_PDF if suffix == ".pdf" else f"Donnez un nom qui finit par {endings}.")  # fmt: skip
    return Destination(announced, Path(text))


def _path(text: str) -> Path | None:
    return None if text in ("", "-") else Path(text)


def keep_read_files(wanted: Sequence[Destination], inputs: Sequence[str | None], audited: str | None = None) -> None:
    """Raise UsageError when a report would destroy a file that the command reads.

    Raises OutputError when it is known beforehand that one cannot be written: nobody should learn it an hour later.
    """
    from opendata_check.cli.options import keep_inputs
    from opendata_check.output import refuse_early

    for one in wanted:
        if one.path is not None:
            keep_inputs(str(one.path), inputs, audited)
            refuse_early(one.path)


def deliver(report: AuditReport, wanted: Sequence[Destination]) -> None:
    """Write every report: files first, then the screen.

    One that cannot be written does not cost the others. Raises OutputError or ReportError, the first met, at the end.
    """
    from opendata_check import reports
    from opendata_check.cli import options
    from opendata_check.errors import OutputError
    from opendata_check.output import write_atomically

    failed: list[OutputError | reports.ReportError] = []
    ready = reports.Prepared(report)
    for one in sorted(wanted, key=lambda one: one.path is None):
        if one.path is not None:
            try:
                write_atomically(one.path, reports.rendered(ready, one.format))
                options.tell_written(str(one.path))
            except (OutputError, reports.ReportError) as error:
                failed.append(error)
            continue
        text = reports.render(
            ready,
            one.format,
            width=options.screen_width(),
            color=_color(one.format),
            encoding=sys.stdout.encoding or "utf-8",
        )
        if one.format == "terminal":
            sys.stdout.write(text)
            sys.stdout.flush()
        else:
            options.print_data([text])
    for other in failed[1:]:
        print(f"Non écrit : {other}", file=sys.stderr)  # noqa: T201 - the first is told by whoever catches it
    if failed:
        raise failed[0]


def _color(report_format: str) -> bool:
    """Return True when colour is wanted: a terminal, and no NO_COLOR (no-color.org) nor TERM=dumb."""
    if report_format != "terminal" or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()
