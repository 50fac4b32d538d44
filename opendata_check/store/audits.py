"""The store as its callers see it: add an audit, read a body's, compare two, sum up all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from opendata_check.model.history import Comparison, Health, KnownBody, StoredAudit, Trend
from opendata_check.model.summary import AuditSummary, Difference, FindingMark
from opendata_check.store import reading, writing
from opendata_check.store.failures import StoreError, told

if TYPE_CHECKING:
    from collections.abc import Callable


class Store:
    """An open store. Obtained from ``opened``; every method may raise StoreError."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    def add(
        self, summary: AuditSummary, marks: Iterable[FindingMark], report_json: bytes | None = None, run: str = ""
    ) -> bool:
        """Keep one audit, whole or not at all; return True when it is new.

        The same audit (same body, same date, same summary and open findings) is kept once, whatever its ``run``; the
        report given with it is added if there was none. An audit dated before others is kept too: it takes its place
        by date, and keeps its order of arrival.
        """
        listed = tuple(marks)
        with told(self.path):
            return writing.add(self._connection, summary, listed, report_json, run)

    def last(self, body: str, before: date | None = None) -> tuple[AuditSummary, tuple[FindingMark, ...]] | None:
        """Return the audit of a body with the latest date (strictly before a day, when given), and its open findings.

        Among audits of one date, the last to arrive. None when there is none.
        """
        found = reading.last_audit(self._connection, self.path, body, before)
        return None if found is None else (found.summary, self.marks(found))

    def history(self, body: str) -> tuple[AuditSummary, ...]:
        """Return the audits of a body, by date then by order of arrival."""
        return tuple(one.summary for one in self.audits(body))

    def audits(self, body: str) -> tuple[StoredAudit, ...]:
        """Return the audits of a body as they are kept, by date then by order of arrival."""
        return reading.audits_of(self._connection, self.path, body)

    def has(self, body: str) -> bool:
        """Return whether the store keeps audits of a body."""
        return reading.last_audit(self._connection, self.path, body, None) is not None

    def changes(self, body: str) -> tuple[tuple[StoredAudit, Difference | None], ...]:
        """Return the audits of a body in the order of ``audits``, each with what changed since the one before."""
        from opendata_check.summaries import difference

        found: list[tuple[StoredAudit, Difference | None]] = []
        before: tuple[FindingMark, ...] | None = None
        for audit in self.audits(body):
            now = self.marks(audit)
            found.append((audit, None if before is None else difference(before, now)))
            before = now
        return tuple(found)

    def marks(self, audit: StoredAudit) -> tuple[FindingMark, ...]:
        """Return the open findings of an audit, in the order they were given."""
        return self._marks(audit)

    def difference(self, body: str, one: date | int, other: date | int) -> Difference:
        """Return what changed between two audits of a body, ``one`` the earlier.

        A date stands for the last audit to arrive of that date, a number for an order of arrival.
        """
        return self.comparison(body, one, other).change

    def comparison(self, body: str, one: date | int, other: date | int) -> Comparison:
        """Return two audits of a body and what changed. Raises StoreError when one of them is not in the store."""
        from opendata_check.summaries import difference

        known = self.audits(body)
        before, after = _chosen(known, one, self.path), _chosen(known, other, self.path)
        return Comparison(body, before, after, difference(self.marks(before), self.marks(after)))

    def bodies(self) -> tuple[KnownBody, ...]:
        """Return every body of the store, by key."""
        return reading.known_bodies(self._connection, self.path)

    def trend(self, step: str = "month", *, departement: str = "", epci: str = "") -> Trend:
        """Return medians by ``step`` (day, month, year), who moves and who has gone silent.

        ``departement`` is a code or a name, ``epci`` a SIREN or a name: "" for all.
        """
        from opendata_check.store.trends import trend

        return trend(self._connection, self.path, step, *_places(departement, epci))

    def export(self, *, departement: str = "", epci: str = "") -> Iterator[StoredAudit]:
        """Yield every audit in order of arrival, a few at a time; others may write meanwhile."""
        return reading.every_audit(self._connection, self.path, *_places(departement, epci))

    def report(self, audit: StoredAudit) -> bytes | None:
        """Return the whole report kept with an audit, None when none was."""
        return reading.report_of(self._connection, self.path, audit.number)

    def health(self) -> Health:
        """Read the whole store and say what is wrong in it."""
        from opendata_check.store.checking import health

        return health(self._connection, self.path)

    @cached_property
    def _marks(self) -> Callable[[StoredAudit], tuple[FindingMark, ...]]:
        return reading.mark_reader(self._connection, self.path)


def _chosen(known: tuple[StoredAudit, ...], wanted: date | int, path: Path) -> StoredAudit:
    for audit in reversed(known):
        if wanted == (audit.number if isinstance(wanted, int) else audit.summary.on):
            return audit
    from opendata_check.wording import french_date

    said = f"numéro {wanted}" if isinstance(wanted, int) else f"du {french_date(wanted)}"
    raise StoreError(f"aucun audit {said} pour cet organisme", where=str(path),
                     remedy="« opendata-check store history » donne les dates connues.")  # fmt: skip


def _places(departement: str, epci: str) -> tuple[str, tuple[str, ...]]:
    """Return a condition on ``body``, and what fills it."""
    conditions, values = ["1"], []
    if departement:
        conditions.append("(body.departement = ? COLLATE NOCASE OR body.departement_name = ? COLLATE NOCASE)")
        values += [departement, departement]
    if epci:
        conditions.append("(body.epci = ? OR body.epci_name = ? COLLATE NOCASE)")
        values += [epci, epci]
    return " AND ".join(conditions), tuple(values)
