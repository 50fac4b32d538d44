"""Rebuilds places, datasets and files: what JSON keeps of them, no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from opendata_check.model.availability import Availability
from opendata_check.model.catalog import Catalog, Dataset, Distribution, Fault, ServiceOffer
from opendata_check.model.copies import Copy
from opendata_check.model.facts import ContentFacts, Dialect, EnvelopeFacts, TableFacts, TextFacts
from opendata_check.model.inspected import InspectedDataset, InspectedFile, Match
from opendata_check.model.schema import Field, SchemaMatch, TableSchema, TableValidation, ValueIssue
from opendata_check.reports.safety import last_part
from opendata_check.rereading.nodes import Node

_MOST_ISSUES = 100_000
"""Groups of faulty cells in one file: one by column and rule."""
_LONGEST_DELIMITER = 4
_INVISIBLE_DELIMITERS = ("\t", "\x1f", "\x1e", "\xa0")
"""Formats write delimiters as they are, uncleaned."""


def fault(node: Node) -> Fault:
    """Return what stayed unseen."""
    return Fault(node.text("what"), node.text("where"), node.text("remedy"))


def catalog(node: Node) -> Catalog:
    """Return a place; its datasets are known by their ids alone until ``with_datasets``."""
    place, location, title = node.text("place"), node.text("location"), node.text("title")
    if place == "folder":
        location = node.text("name", "") or location
        title = title or (last_part(location) if location != "." else "")
    return Catalog(
        source=node.text("source"),
        place=place,
        location=location,
        title=title,
        datasets=tuple(Dataset(id=key, title="", distributions=()) for key in node.texts("datasets")),
        faults=tuple(fault(item) for item in node.items("faults")),
        complete=node.flag("complete"),
        publisher_siren=node.text_or_none("publisher_siren"),
        software=node.text("software", ""),
        announced=node.whole_or_none("announced"),
        left_out=tuple((item.text("reason"), item.whole("count")) for item in node.items("left_out")),
        publisher_badges=node.texts("publisher_badges"),
        about_others=node.flag("about_others", False),
        interrupted=node.flag("interrupted", False),
    )


def with_datasets(found: Catalog, known: Mapping[str, Dataset]) -> Catalog:
    """Return a place with its datasets as the report describes them, when it does."""
    return replace(found, datasets=tuple(known.get(each.id, each) for each in found.datasets))


def dataset(node: Node, about_others: bool) -> InspectedDataset:
    """Return a dataset with its files."""
    files = tuple(_file(item) for item in node.items("files"))
    described = Dataset(
        id=node.text("key"),
        title=node.text("title"),
        distributions=tuple(file.distribution for file in files if not file.member),
        license=node.text("license"),
        license_url=node.text("license_url"),
        frequency=node.text("frequency"),
        issued=node.day_or_none("issued"),
        modified=node.day_or_none("modified"),
        publisher=node.text("publisher"),
        landing_page=node.text("landing_page"),
        described=node.flag("described"),
        harvested_from=node.text("harvested_from"),
        about_others=about_others,
    )
    return InspectedDataset(
        dataset=described,
        files=files,
        matches=tuple(_match(item) for item in node.items("matches")),
        catalog_location=node.text("catalog", ""),
        copies=tuple(_copy(item) for item in node.items("copies")),
    )


def _match(node: Node) -> Match:
    return Match(
        family=node.text("family"),
        confidence=node.number("confidence"),
        by=node.text("by"),
        heard=node.text("heard", ""),
        rivals=node.texts("rivals"),
    )


def _copy(node: Node) -> Copy:
    described = Dataset(
        id=node.text("dataset"),
        title="",
        distributions=(),
        landing_page=node.text("landing_page"),
        license=node.text("license"),
        modified=node.day_or_none("modified"),
    )
    return Copy(0, node.text("source"), node.text("location"), described)


def _file(node: Node) -> InspectedFile:
    facts = _facts(node)
    schema, validation = node.inner("schema"), node.inner("validation")
    unread, seen = node.inner("fault"), node.inner("availability")
    return InspectedFile(
        distribution=_distribution(node),
        name=node.text("name"),
        facts=facts,
        schema=None if schema is None else _schema(schema),
        validation=None if validation is None else _validation(validation),
        fault=None if unread is None else fault(unread),
        unreachable=node.flag("unreachable"),
        member=node.flag("member"),
        availability=None if seen is None else _availability(seen),
    )


def _distribution(node: Node) -> Distribution:
    key, protocol = node.text("id", ""), node.text_or_none("service")
    return Distribution(
        id=key,
        title=node.text("title"),
        path=Path(key) if node.flag("local", False) else None,
        url=node.text_or_none("url"),
        declared_format=node.text("declared_format"),
        byte_size=node.whole_or_none("declared_size" if "declared_size" in node.value else "byte_size"),
        modified=node.day_or_none("modified"),
        role=node.text("role"),
        service=None if protocol is None else ServiceOffer(protocol),
    )


def _facts(node: Node) -> ContentFacts | None:
    detected, digest = node.text("detected_format"), node.text("sha256")
    if not node.flag("read", bool(detected or digest)):
        return None
    encoding, rows = node.text("encoding"), node.whole_or_none("row_count")
    return ContentFacts(
        envelope=EnvelopeFacts(detected=detected, extension=""),
        text=TextFacts(encoding, has_bom=False, line_ending="none") if encoding else None,
        table=None if rows is None else _table(node, rows),
        sha256=digest,
        byte_size=node.whole("byte_size"),
        fault=node.text("read_fault", ""),
    )


def _table(node: Node, rows: int) -> TableFacts:
    delimiter = node.text("delimiter")
    if len(delimiter) > _LONGEST_DELIMITER or not (delimiter.isprintable() or delimiter in _INVISIBLE_DELIMITERS):
        raise node.at("delimiter").wrong("un séparateur de colonnes, par exemple « ; »")
    return TableFacts(
        header_row=node.whole_or_none("header_row"),
        labels=(),
        row_count=rows,
        dialect=Dialect(delimiter) if delimiter else None,
    )


def _schema(node: Node) -> SchemaMatch:
    return SchemaMatch(
        schema=_named_schema(node.text("id"), node.text("version"), node.text("title", ""), node.texts("columns")),
        confidence=node.number("confidence"),
        by=node.text("by"),
        missing_columns=node.texts("missing_columns"),
        extra_columns=node.texts("extra_columns"),
        misspelt_columns=tuple((item.text("found"), item.text("expected")) for item in node.items("misspelt_columns")),
    )


@lru_cache(256)
def _named_schema(key: str, version: str, title: str, columns: tuple[str, ...]) -> TableSchema:
    return TableSchema(key, version, title, tuple(Field(name) for name in columns))


def _validation(node: Node) -> TableValidation:
    """JSON counts the groups of faulty cells and keeps none: that many empty ones stand for them."""
    count = node.whole("issue_count")
    if not 0 <= count <= _MOST_ISSUES:
        raise node.at("issue_count").wrong("un nombre de 0 à 100 000")
    return TableValidation(
        schema_id=node.text("schema_id"),
        schema_version=node.text("schema_version"),
        row_count=node.whole("row_count"),
        issues=_unsaid(count, "warning" if node.flag("valid") else "error"),
        complete=node.flag("complete"),
        note=node.text("note"),
    )


@lru_cache(1024)
def _unsaid(count: int, level: str) -> tuple[ValueIssue, ...]:
    return (ValueIssue("", "", "", 0, (), "", level=level),) * count


def with_examples(file: InspectedFile, examples: tuple[ValueIssue, ...]) -> InspectedFile:
    """Return a file whose groups of faulty cells hold the examples that findings keep, in the place of empty ones."""
    validation = file.validation
    if validation is None:
        return file
    level = "error" if any(issue.level == "error" for issue in validation.issues) else "warning"
    told = tuple(replace(issue, level=level) for issue in examples)
    issues = (*told, *validation.issues[len(told) :])
    return replace(file, validation=replace(validation, issues=issues))


def _availability(node: Node) -> Availability:
    return Availability(
        state=node.text("state"),
        status=node.whole_or_none("status"),
        final_url=node.text("final_url"),
        ground=node.text("ground"),
        detail=node.text("detail"),
    )
