"""The whole country in one file: every obligation decided for every commune and every intercommunalité."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from opendata_check.cli import options
from opendata_check.cli.progress import ProgressLine
from opendata_check.errors import UsageError
from opendata_check.law.everywhere import Verdicts, decide_all
from opendata_check.law.rules import Law
from opendata_check.model.organization import Organization
from opendata_check.model.report import Progress
from opendata_check.reports.safety import inert
from opendata_check.territory import store
from opendata_check.territory.everyone import count, everyone

FORMATS = ("csv", "parquet")
_EVERY = 2000


def write_everybody(
    law: Law,
    on: date,
    output: str | None,
    report_format: str | None,
    sirene: str | None,
    *,
    plain: bool,
) -> None:
    """Write the table of all bodies to ``output``, CSV or Parquet. Raises UsageError, SireneError or OutputError.

    ``plain`` tells that no option about a single body was typed.
    """
    if not plain:
        raise UsageError(
            "--all regarde tout le pays : il ne va pas avec un organisme ni avec ses réponses",
            where="--all",
            remedy="Gardez seulement --on, --sirene, --rules, --format et -o.",
        )
    chosen = _format(report_format, output)
    _check_place(output)
    bodies = everyone()
    if sirene is not None:
        bodies = _with_bands(bodies, sirene)
    line = ProgressLine()
    rows = _shown(decide_all(bodies, on, law), line)
    columns = _columns(law)
    if chosen == "parquet":
        content: str | bytes = _parquet(columns, rows)
    else:
        content = _csv(columns, rows)
    line.clear()
    options.deliver(content, output)


def _check_place(output: str | None) -> None:
    """Raise UsageError for a place where nothing can be written, before the work is done."""
    if output is None and sys.stdout.isatty():
        raise UsageError(
            "36 000 lignes ne se lisent pas à l'écran", where="--all", remedy="Par exemple : -o communes.csv."
        )
    if output not in {None, "-"} and not Path(str(output)).resolve().parent.is_dir():
        raise UsageError("le dossier où écrire n'existe pas", where=f"-o {output}", remedy="Créez-le, ou changez -o.")


def _format(typed: str | None, output: str | None) -> str:
    announced = Path(output).suffix.lower().lstrip(".") if output else "csv"
    chosen = (typed or announced).strip().lower()
    if chosen not in FORMATS:
        raise UsageError(
            f"« {chosen[:30]} » n'est pas un format de tableau"
            if chosen
            else "ce nom de fichier ne dit pas son format",
            where="--format" if typed else "-o",
            remedy=f"Choisissez : {', '.join(FORMATS)} ; par exemple -o communes.csv.",
        )
    if chosen == "parquet" and output in {None, "-"}:
        raise UsageError(
            "un fichier Parquet ne s'affiche pas à l'écran", where="-o", remedy="Par exemple : -o communes.parquet."
        )
    return chosen


def _with_bands(bodies: Iterator[Organization], sirene: str) -> Iterator[Organization]:
    """Return the bodies with their headcount band, read in one pass over the extract."""
    from opendata_check.territory.sirene import bands_of

    line = ProgressLine()
    every = list(bodies)
    found = bands_of(
        Path(sirene),
        {body.siren for body in every if body.siren},
        lambda rows: line.show(Progress(f"Lecture de Sirene : {rows} lignes")),
    )
    line.clear()
    return (replace(body, headcount_band=found[body.siren]) if body.siren in found else body for body in every)


def _shown(
    decided: Iterator[tuple[Organization, Verdicts]], line: ProgressLine
) -> Iterator[tuple[Organization, Verdicts]]:
    total = count()
    for number, item in enumerate(decided):
        if number % _EVERY == 0:
            line.show(Progress("Décision pour chaque organisme", number, total))
        yield item


def _columns(law: Law) -> list[str]:
    new, old = (str(vintage.in_force_year) for vintage in store.vintages())
    return [
        "nature", "code_insee", "siren", "nom", "departement", "epci", f"population_municipale_{new}",
        f"population_municipale_{old}", f"population_totale_{old}", "tranche_effectif", "manque",
        *(obligation.id for obligation in law.obligations),
    ]  # fmt: skip


def _cells(body: Organization) -> list[Any]:
    """Return what is known of the body, as the first columns say it."""
    new, old = store.vintages()
    figures = {item.in_force_year: item for item in body.populations}
    newest, older = figures.get(new.in_force_year), figures.get(old.in_force_year)
    return [
        body.kind.value,
        body.insee_code,
        body.siren,
        body.name,
        body.departement_code,
        body.epci_siren,
        newest.municipale if newest else None,
        older.municipale if older else None,
        older.totale if older else None,
        body.headcount_band.code if body.headcount_band else None,
    ]


class _Words(dict[int, tuple[str, ...]]):
    """The last columns: what is missing, and each answer; the same for the many bodies that share their verdicts."""

    def of(self, verdicts: Verdicts) -> tuple[str, ...]:
        """Return the columns of these verdicts (they live as long as the pass: their address names them)."""
        found = self.get(id(verdicts))
        if found is None:
            found = (" ".join(verdicts.missing), *(status.value for status in verdicts.statuses))
            self[id(verdicts)] = found
        return found


def _csv(columns: Sequence[str], rows: Iterator[tuple[Organization, Verdicts]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    words = _Words()
    for body, verdicts in rows:
        writer.writerow([*map(_harmless, _cells(body)), *words.of(verdicts)])
    return text.getvalue()


def _harmless(cell: Any) -> Any:
    return inert(cell) if isinstance(cell, str) else cell


def _parquet(columns: Sequence[str], rows: Iterator[tuple[Organization, Verdicts]]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    words = _Words()
    cells = [(*_cells(body), *words.of(verdicts)) for body, verdicts in rows]
    table = pa.table({name: list(column) for name, column in zip(columns, zip(*cells, strict=True), strict=True)})
    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd")
    return stream.getvalue()
