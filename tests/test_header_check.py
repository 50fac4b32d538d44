"""A header read with a schema: what lacks is a fault, what differs in form is noted, and each difference is told once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from opendata_check import schemas
from opendata_check.header_check import (
    foreign_errors,
    foreign_groups,
    header_errors,
    header_facts,
    header_groups,
    text_errors,
    text_groups,
)
from opendata_check.model.facts import ContentFacts, EnvelopeFacts, TableFacts, TextFacts
from opendata_check.model.schema import Field, ForeignKey, TableSchema

SCHEMA = TableSchema(
    "m",
    "1",
    "M",
    (Field("COLL_SIRET", constraints={"required": True}), Field("DELIB_DATE"), Field("montant")),
    optional_columns=frozenset({"DELIB_DATE", "montant"}),
)
Told = tuple[str, str, str, int]


def facts_of(*labels: str, **changes: object) -> ContentFacts:
    twice = tuple(dict.fromkeys(label for label in labels if label and labels.count(label) > 1))
    blank = tuple(place for place, label in enumerate(labels) if not label)
    table = TableFacts(1, labels, 5, empty_labels=blank, duplicate_labels=twice)
    text = TextFacts("utf-8", has_bom=False, line_ending="lf")
    facts = ContentFacts(EnvelopeFacts("csv", "csv"), text=text, table=table)
    return replace(facts, **changes)  # type: ignore[arg-type]


def groups_of(*labels: str, schema: TableSchema | None = SCHEMA) -> list[Told]:
    facts = facts_of(*labels)
    assert facts.table is not None
    match = schemas.match_header(labels, schema) if schema is not None else None
    header = header_facts(facts.table, match)
    groups = list(header_groups(header, facts.table))
    listed = [error.type for error in header_errors(header, facts)]
    assert listed == [group.type for group in groups if group.level != "note" for _ in range(group.count)]
    return [(group.level, group.type, group.field, group.count) for group in groups]


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (("COLL_SIRET", "DELIB_DATE", "montant"), []),
        (("\ufeffCOLL_SIRET", "DELIB_DATE", "montant"), []),
        (("montant", "COLL_SIRET", "DELIB_DATE"), [("note", "label-order", "", 1)]),
        (("coll_siret", "Delib Date", "Montant"), [("note", "incorrect-label", "", 3)]),
        (("COLL_SIRE", "DELIB_DATE", "montant"), [("error", "incorrect-label", "COLL_SIRE", 1)]),
        (("DELIB_DATE", "montant"), [("error", "missing-label", "COLL_SIRET", 1)]),
        (("COLL_SIRET",), [("note", "missing-optional-label", "", 2)]),
        (("COLL_SIRET", "DELIB_DATE", "montant", "interne"), [("note", "extra-label", "interne", 1)]),
        (("COLL_SIRET", "DELIB_DATE", "montant", "montant"), [("error", "duplicate-label", "montant", 1)]),
        (("COLL_SIRET", "DELIB_DATE", "montant", "", ""), [("error", "blank-label", "", 2)]),
    ],
)  # fmt: skip
def test_each_difference_is_told_once_and_as_serious_as_it_is(labels: tuple[str, ...], told: list[Told]) -> None:
    assert groups_of(*labels) == told


def test_without_a_schema_only_names_that_lack_or_come_twice_are_told() -> None:
    assert groups_of("a", "b", "c", schema=None) == []
    assert groups_of("a", "", "a", schema=None) == [
        ("error", "duplicate-label", "a", 1),
        ("error", "blank-label", "", 1),
    ]


def test_a_column_without_a_name_is_shown_by_its_letter() -> None:
    facts = facts_of("a", "", "c")
    assert facts.table is not None
    header = header_facts(facts.table, None)
    (group,) = header_groups(header, facts.table)
    assert (group.field, group.letter, group.lines) == ("", "B", ((1, 1),))
    assert "B" in group.message
    (error,) = header_errors(header, facts)
    assert (error.row, error.line, error.field, error.value) == (1, 1, "", "B")


def test_a_hundred_differences_make_one_short_sentence() -> None:
    schema = replace(SCHEMA, fields=tuple(Field(f"f{n}", constraints={"required": True}) for n in range(200)))
    facts = facts_of("autre")
    assert facts.table is not None
    header = header_facts(facts.table, schemas.match_header(["autre"], replace(schema, optional_columns=frozenset())))
    (missing, *_) = header_groups(header, facts.table)
    assert missing.count == 200
    assert "192" in missing.message
    assert len(missing.message) < 300


@pytest.mark.parametrize(
    ("changes", "level", "kind", "count", "lines"),
    [
        ({"nul_count": 3}, "warning", "nul-bytes", 3, ()),
        ({"mojibake_count": 2}, "warning", "mojibake", 2, ()),
        ({"encoding": "cp1252"}, "note", "encoding", 1, ()),
        ({"encoding": "utf-16"}, "note", "encoding", 1, ()),
    ],
)
def test_what_is_wrong_with_the_text_is_told(
    changes: dict[str, object], level: str, kind: str, count: int, lines: tuple[tuple[int, int], ...]
) -> None:
    facts = facts_of("a", "b")
    assert facts.text is not None
    facts = replace(facts, text=replace(facts.text, **changes))  # type: ignore[arg-type]
    (group,) = text_groups(facts)
    assert (group.level, group.type, group.count, group.lines) == (level, kind, count, lines)
    assert len(list(text_errors(facts))) == (level != "note")


def test_rows_above_the_header_are_a_fault_on_their_lines() -> None:
    facts = facts_of("a", "b")
    assert facts.table is not None
    facts = replace(facts, table=replace(facts.table, header_row=4, title_rows=((1, 3),)))
    (group,) = text_groups(facts)
    assert (group.level, group.type, group.count, group.lines) == ("error", "title-rows", 3, ((1, 3),))
    (error,) = text_errors(facts)
    assert (error.row, error.line) == (1, 1)


def test_a_sound_text_is_not_told() -> None:
    assert list(text_groups(facts_of("a", "b"))) == []
    assert list(text_errors(facts_of("a", "b"))) == []


def test_a_key_to_another_table_is_said_not_to_be_checked_and_one_to_itself_is_not() -> None:
    schema = replace(
        SCHEMA, foreign_keys=(ForeignKey(("montant",), "autre", ("x",)), ForeignKey(("montant",), "", ("COLL_SIRET",)))
    )
    (error,) = foreign_errors(schema)
    assert (error.level, error.type, error.field, error.row) == ("warning", "foreign-key", "montant", None)
    (group,) = foreign_groups(schema)
    assert "autre" in group.message
    assert (group.count, group.lines) == (1, ())
