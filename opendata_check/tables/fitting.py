"""Tells how well the first values of a table fit a schema, to choose between schemas whose headers are alike."""

from __future__ import annotations

from contextlib import closing
from itertools import islice

from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts
from opendata_check.model.schema import SchemaMatch
from opendata_check.tables.errors import TablesError
from opendata_check.tables.plan import plan_of
from opendata_check.tables.rows import Reading, csv_rows

_ROWS = 50


def fit(content: Content, facts: ContentFacts, match: SchemaMatch) -> float:
    """Return the share (0 to 1) of filled cells of the first rows that the schema accepts; 0 when there are none."""
    assert facts.text is not None and facts.table is not None
    try:
        with closing(csv_rows(content, facts.text, facts.table, Reading())) as rows:
            header = next(rows, None)
            if header is None:
                return 0.0
            plan = plan_of(header[1], facts.table, match)
            filled = right = 0
            for _, cells in islice(rows, _ROWS):
                for column, judge in zip(plan.columns, plan.judges, strict=True):
                    cell = cells[column.position] if column.position < len(cells) else ""
                    if cell:
                        filled += 1
                        right += not judge.rules(cell)
    except TablesError:
        return 0.0
    return right / filled if filled else 0.0
