"""Decides whether all that a dataset says of its licence is one thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import dataset_of, record_of
from opendata_check.checks.texts import plain, quoted
from opendata_check.licensing import Statement, read_licence, statements
from opendata_check.model.finding import Location, Outcome


def decide(case: Case) -> Iterable[Verdict]:
    """Yield a verdict for each contradiction; one good verdict when several statements agree; none for a single one."""
    stated = statements(record_of(case))
    quarrels = list(_within(stated)) + list(_between(case, stated))
    if quarrels:
        yield from quarrels
    elif any(_times_said(one) > 1 for one in stated):
        yield Verdict(Outcome.COMPLIANT, values={"licence": plain(stated[0].written)})


def _within(stated: Sequence[Statement]) -> Iterable[Verdict]:
    """Yield the statements that name two licences: an id against its link, or a sentence."""
    for rank, said in enumerate(stated):
        if not said.reading.contradictory:
            continue
        values = {
            "licence": plain(said.text or said.url),
            "candidates": quoted([one.title for one in said.reading.candidates]),
        }
        by_link = bool(said.url.strip()) and not read_licence(said.text).contradictory
        outcome = Outcome.NON_COMPLIANT if by_link else Outcome.UNVERIFIABLE
        yield Verdict(outcome, case="link_differs" if by_link else "two_named", values=values, rule=str(rank))


def _between(case: Case, stated: Sequence[Statement]) -> Iterable[Verdict]:
    """Yield the files whose licence is not the dataset's, or not that of the other files."""
    key = dataset_of(case).key
    for said in stated[1:]:
        names = [item.title or item.id for item in said.distributions]
        yield Verdict(
            Outcome.UNVERIFIABLE,
            case="files_differ" if stated[0].own else "files_quarrel",
            values={"files": quoted(names, 3), "licence": plain(said.written), "other": plain(stated[0].written)},
            locations=tuple(Location(dataset=key, file=name) for name in names),
            rule=said.written,
        )


def _times_said(said: Statement) -> int:
    """Return how many times a licence is stated: by a word, by a link, by files."""
    own = bool(said.text.strip()) + bool(said.url.strip()) if said.text.strip() != said.url.strip() else 1
    return own + len(said.distributions) - (not said.own)
