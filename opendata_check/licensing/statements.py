"""The licences that a dataset and its distributions state, each distinct one told once with where it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace

from opendata_check.licensing.reading import Reading, agree, read_licence
from opendata_check.licensing.tokens import key
from opendata_check.model.catalog import Dataset, Distribution

MAX_STATEMENTS = 20


@dataclass(frozen=True, slots=True)
class Statement:
    """One licence as stated."""

    text: str
    url: str
    reading: Reading
    folded: str
    """What an unknown one is compared by."""
    own: bool
    """True for the dataset's own statement."""
    distributions: tuple[Distribution, ...] = ()
    """The distributions that state it themselves."""

    @property
    def written(self) -> str:
        """Return the licence's name when it is known, else what was written."""
        if self.reading.licence is not None and self.reading.licence.id != "restricted-terms":
            return self.reading.licence.title
        return self.text.strip() or self.url.strip()

    def same_as(self, other: Statement) -> bool:
        """Return whether both may be of one licence."""
        mine, theirs = self.reading.licence, other.reading.licence
        if mine is not None and theirs is not None:
            return agree(mine, theirs)
        return mine is theirs and self.folded == other.folded


def statements(dataset: Dataset) -> tuple[Statement, ...]:
    """Return the distinct licences stated, the dataset's own first; « non précisée » is no statement. At most 20."""
    found: list[Statement] = []
    own = _statement(dataset.license, dataset.license_url, None)
    if own:
        found.append(own)
    seen: dict[tuple[str, str], int] = {}
    for item in dataset.distributions:
        pair = (item.license, item.license_url)
        if pair not in seen:
            said = _statement(*pair, item)
            rank = _rank(found, said) if said else -1
            if said and rank == len(found) and len(found) < MAX_STATEMENTS:
                found.append(said)
                seen[pair] = rank
                continue
            seen[pair] = rank if rank < len(found) else -1
        if seen[pair] >= 0:
            found[seen[pair]] = _with(found[seen[pair]], item)
    return tuple(found)


def _statement(text: str, url: str, item: Distribution | None) -> Statement | None:
    if not text.strip() and not url.strip():
        return None
    reading = read_licence(text, url)
    if reading.licence is not None and not reading.licence.states:
        return None
    return Statement(text, url, reading, key(text or url), item is None, (item,) if item else ())


def _rank(found: list[Statement], said: Statement) -> int:
    """Return where that licence already stands, or the next place."""
    return next((rank for rank, one in enumerate(found) if one.same_as(said)), len(found))


def _with(one: Statement, item: Distribution) -> Statement:
    return replace(one, distributions=(*one.distributions, item))
