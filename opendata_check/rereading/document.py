"""Gathers the members of an audit's JSON as they come, in any order, and makes the report of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from opendata_check.model.completeness import Completeness
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.legal import Duty
from opendata_check.model.report import AuditReport
from opendata_check.model.schema import ValueIssue
from opendata_check.model.score import Priority
from opendata_check.rereading import expectations, law, origin, places, verdicts
from opendata_check.rereading.errors import RereadingError
from opendata_check.rereading.nodes import Node, ShapeError

_MOST_ISSUES = 4_000_000
"""Groups of faulty cells over all files."""
_LONGEST, _START = 120, 55
"""Characters of a place that are told: the beginning and the end of a longer one."""
_LISTS: dict[str, Callable[[Node], Any]] = {
    "duties": law.duty,
    "already_open": law.open_elsewhere,
    "catalogs": places.catalog,
    "datasets": lambda node: places.dataset(node, about_others=False),
    "by_others": lambda node: places.dataset(node, about_others=True),
    "priorities": verdicts.priority,
    "others_scores": expectations.peer_score,
    "findings": verdicts.finding,
    "faults": places.fault,
}
"""The members that are lists of objects, and what makes a value of one."""
_SINGLE = frozenset({"schema_version", "tool", "on", "target", "interrupted", "organization", "scores", "expected"})
"""The others that are read; any other key is of a later form, and ignored."""
Cell = tuple[str, str, tuple[tuple[int, int], ...]]
"""Column, letter and rows of an example."""


class Document:
    """What was read so far."""

    def __init__(self, name: str = "") -> None:
        self._name = name
        self._keys: set[str] = set()
        self._single: dict[str, Any] = {}
        self._lists: dict[str, list[Any]] = defaultdict(list)
        self._examples: dict[tuple[str, str], dict[Cell, ValueIssue]] = defaultdict(dict)
        self._issues = 0
        self._duties: set[str] = set()
        self._wrong: ShapeError | None = None
        self.notes: list[str] = []
        """French lines for the user, once the report is made."""

    def take(self, key: str, value: Any, rank: int | None = None) -> None:
        """Take one member, or the item of that rank in one.

        What is wrong in it is told by ``report``: whose document it is matters first.
        """
        self._keys.add(key)
        if key in _SINGLE:
            self._single[key] = value if rank is None else [value]
        if self._wrong is not None or key not in _LISTS:
            return
        try:
            if rank is not None:
                self._item(key, value, rank)
            elif not isinstance(value, list):
                raise ShapeError(key, "une liste [ … ]")
            else:
                for place, item in enumerate(value):
                    self._item(key, item, place)
        except ShapeError as error:
            self._wrong = error

    def _item(self, key: str, value: Any, rank: int) -> None:
        node = Node(value, f"[{rank}]", Node(None, key))
        made = _LISTS[key](node)
        if key == "findings":
            made, kept = made
            if kept is not None:
                cell = (kept.issue.column, kept.issue.letter, kept.issue.rows)
                self._examples[kept.dataset, kept.file].setdefault(cell, kept.issue)
        elif isinstance(made, Priority):
            if made.rank != rank + 1:  # reports say « voir l'action 3 » and go and look there
                raise node.at("rank").wrong(f"le rang de cette action dans la liste : {rank + 1}")
        elif isinstance(made, Duty):
            if made.obligation in self._duties:
                raise node.at("id").wrong("un identifiant qu'aucune autre règle ne porte")
            self._duties.add(made.obligation)
        elif isinstance(made, InspectedDataset):
            self._issues += sum(len(file.validation.issues) for file in made.files if file.validation)
            if self._issues > _MOST_ISSUES:
                raise node.wrong("moins de 4 millions de défauts en tout")
        self._lists[key].append(made)

    def report(self) -> AuditReport:
        """Return the report. Raises RereadingError for what is no audit of ours, or not written as one."""
        tool = self._single.get("tool")
        note = origin.accepted(self._keys, tool, self._single.get("schema_version"), self._name)
        try:
            if self._wrong is not None:
                raise self._wrong
            report = self._made(Node(self._single, ""))
        except ShapeError as error:
            told = error.place if len(error.place) <= _LONGEST else f"{error.place[:_START]}…{error.place[-_START:]}"
            place = f"{self._name}, {told}" if self._name else told
            raise RereadingError(f"il faut ici {error.expected}", where=place, remedy=_MEND) from error
        if note:
            self.notes.append(note)
        return report

    def _made(self, root: Node) -> AuditReport:
        body, tool, scores = root.inner("organization"), root.inner("tool"), root.inner("scores")
        if tool is None or scores is None:
            raise ShapeError("scores", "un objet { … }")
        expected = root.inner("expected")
        own, others = self._with_examples("datasets"), self._with_examples("by_others")
        known = {item.key: item.dataset for item in (*others, *own)}
        return AuditReport(
            target=root.text("target"),
            on=root.day("on"),
            organization=None if body is None else law.organization(body),
            duties=tuple(self._lists["duties"]),
            catalogs=tuple(places.with_datasets(found, known) for found in self._lists["catalogs"]),
            datasets=own,
            findings=tuple(self._lists["findings"]),
            scores=verdicts.scores(scores),
            priorities=tuple(self._lists["priorities"]),
            faults=tuple(self._lists["faults"]),
            tool_version=tool.text("version"),
            already_open=tuple(self._lists["already_open"]),
            by_others=others,
            interrupted=root.flag("interrupted", False),
            others_scores=tuple(self._lists["others_scores"]),
            expected=Completeness() if expected is None else expectations.expected(expected),
        )

    def _with_examples(self, key: str) -> tuple[InspectedDataset, ...]:
        """Return the datasets, the examples that findings keep put back in the files they were seen in."""
        return tuple(self._completed(item) for item in self._lists[key])

    def _completed(self, item: InspectedDataset) -> InspectedDataset:
        if not any((item.key, file.name) in self._examples for file in item.files):
            return item
        files = tuple(
            places.with_examples(file, tuple(self._examples[item.key, file.name].values()))
            if (item.key, file.name) in self._examples
            else file
            for file in item.files
        )
        return replace(item, files=files)


_MEND = "Corrigez cet endroit, ou refaites l'audit : opendata-check audit … -o audit.json."
