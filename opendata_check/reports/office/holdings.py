"""The tables of what was found: datasets and files, with what was observed of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from opendata_check.model.finding import Outcome
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.report import AuditReport
from opendata_check.reports.office.tables import Cell, Column, Kind
from opendata_check.wording import delimiter_name, encoding_name

Row = tuple[Cell, ...]

DATASETS = (
    Column("dataset", Kind.LONG, 40),
    Column("recognised", Kind.LONG, 34),
    Column("file_count", Kind.WHOLE, 12),
    Column("good", Kind.WHOLE, 10),
    Column("to_mend", Kind.WHOLE, 12),
    Column("unsure", Kind.WHOLE, 12),
    Column("license", Kind.LONG, 26),
    Column("frequency", width=20),
    Column("issued", Kind.DATE, 12),
    Column("modified", Kind.DATE, 12),
    Column("publisher", Kind.LONG, 26),
    Column("page", width=40),
    Column("id", width=30),
)
FILES = (
    Column("file", Kind.LONG, 40),
    Column("dataset", Kind.LONG, 34),
    Column("declared_format", width=16),
    Column("detected_format", width=16),
    Column("bytes", Kind.WHOLE, 16),
    Column("row_count", Kind.WHOLE, 14),
    Column("encoding", width=20),
    Column("delimiter", width=16),
    Column("schema", width=26),
    Column("schema_version", width=14),
    Column("issues", Kind.WHOLE, 12),
    Column("modified", Kind.DATE, 12),
    Column("fault", Kind.LONG, 40),
    Column("address", width=40),
    Column("sha256", width=20),
)


def datasets(report: AuditReport) -> Iterator[Row]:
    """Yield one line a dataset, as DATASETS says."""
    counts = Counter((finding.dataset, finding.outcome) for finding in report.findings if finding.dataset)
    names = {one.family: one.title for one in report.expected.families}
    names |= {duty.obligation: duty.title for duty in report.duties}
    for item in report.datasets:
        yield _dataset(item, names, counts)


def _dataset(item: InspectedDataset, names: dict[str, str], counts: Counter[tuple[str, Outcome]]) -> Row:
    dataset = item.dataset
    best = max((match for match in item.matches if match.named), key=lambda match: match.confidence, default=None)
    licence, address = dataset.stated_license
    return (
        dataset.title,
        names.get(best.family, best.family) if best else "",
        sum(not file.member for file in item.files),
        counts[item.key, Outcome.COMPLIANT],
        counts[item.key, Outcome.NON_COMPLIANT],
        counts[item.key, Outcome.UNVERIFIABLE] + counts[item.key, Outcome.ERROR],
        licence or address,
        dataset.frequency,
        dataset.issued,
        dataset.modified,
        dataset.publisher,
        dataset.landing_page,
        dataset.id,
    )


def files(report: AuditReport) -> Iterator[Row]:
    """Yield one line a file, members of archives included, as FILES says."""
    for item in report.datasets:
        for file in item.files:
            yield _file(file, item.dataset.title)


def _file(file: InspectedFile, title: str) -> Row:
    facts, schema = file.facts, file.schema
    table = facts.table if facts else None
    return (
        file.name,
        title,
        file.distribution.declared_format,
        facts.envelope.detected if facts else "",
        facts.byte_size if facts and facts.byte_size else file.distribution.byte_size,
        table.row_count if table else None,
        encoding_name(facts.text.encoding) if facts and facts.text and facts.text.encoding else "",
        delimiter_name(table.dialect.delimiter) if table and table.dialect and table.dialect.delimiter else "",
        schema.schema.id if schema else "",
        schema.schema.version if schema else "",
        len(file.validation.issues) if file.validation else None,
        file.distribution.modified,
        file.fault.what if file.fault else "",
        file.distribution.url,
        facts.sha256 if facts else "",
    )
