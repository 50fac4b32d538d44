"""Tells which embedded schema a table was meant for: what the catalogue declares first, the header otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from opendata_check.folding import fold
from opendata_check.model.schema import SchemaMatch, TableSchema
from opendata_check.schemas.store import StoredSchema, known, stored, versions

THRESHOLD = 0.6
"""Below this confidence a header is taken for that of another table."""

_MAX_LABELS = 10_000
_MAX_FUZZY_LABELS = 300
_MOST_LIKELY = 8
"""Schemas whose header is read again with its typos: those that share the most with it."""
_MOST_KEYS = 4_096
"""Labels and names whose key is remembered: the same ones meet thirty schemas."""
_ORDINARY_WEIGHT = 0.3
_NAMED_DOUBT = 0.6
"""What is left of the doubt about a header when the file's name names the schema."""
_CUT_LENGTH = 10
"""A shapefile cuts column names after ten characters: « cle_intero »."""


@dataclass(frozen=True, slots=True)
class _HeaderReading:
    """A header read with one schema in mind."""

    entry: StoredSchema
    columns: dict[str, str]
    """Field name → label as written."""
    extra: tuple[str, ...]
    tolerated_count: int

    @property
    def missing(self) -> tuple[str, ...]:
        schema = self.entry.schema
        return tuple(
            field.name
            for field in schema.fields
            if field.name not in self.columns and field.name not in schema.optional_columns
        )

    @property
    def score(self) -> float:
        """0 to 1: share of the mandatory columns that are there, and of the header that is explained (geometric mean).

        Ordinary words (« montant », « x ») weigh a third of a column name that only this schema uses.
        """
        schema = self.entry.schema
        mandatory = [field.name for field in schema.fields if field.name not in schema.optional_columns]
        wanted = sum(self._weight(name) for name in mandatory)
        found = sum(self._weight(name) for name in mandatory if name in self.columns)
        explained = sum(self._weight(name) for name in self.columns) + _ORDINARY_WEIGHT * self.tolerated_count
        whole = explained + len(self.extra)
        if not wanted or not whole:
            return 0.0
        return float((found / wanted * explained / whole) ** 0.5)

    @property
    def telling(self) -> bool:
        """True when a column is there whose name not every table may use."""
        return any(name not in self.entry.ordinary for name in self.columns)

    @property
    def signed(self) -> bool:
        """True when a column that only this version of the schema has is there."""
        return bool(self.entry.signature & self.columns.keys())

    def _weight(self, name: str) -> float:
        return _ORDINARY_WEIGHT if name in self.entry.ordinary else 1.0

    def match(self, confidence: float, by: str) -> SchemaMatch:
        return SchemaMatch(
            schema=self.entry.schema,
            confidence=round(confidence, 2),
            by=by,
            missing_columns=self.missing,
            extra_columns=self.extra,
            misspelt_columns=tuple(
                (label, name) for name, label in self.columns.items() if label.lstrip("\ufeff") != name
            ),
        )


def recognise(
    labels: Sequence[str], *, declared: str = "", title: str = "", carrier: str = "table"
) -> SchemaMatch | None:
    """Return the embedded schema a header follows, or None when none is likely (confidence below 0.6).

    ``labels`` is the header as written; ``declared`` the schema's id or URL given by the catalogue: when it names an
    embedded schema it wins whatever the header is, with ``by="declared"`` and confidence 1. ``title`` is the file's
    name or title; ``carrier`` tells properties of GeoJSON features (``geojson``) from a table's columns. Differences
    of case, accents, spaces and small typos are mended and listed in ``misspelt_columns``.
    """
    wanted, version = declared_schema(declared)
    if wanted:
        read = [_read_header(labels[:_MAX_LABELS], stored(wanted, v)) for v in _candidates(wanted, version)]
        return _best(read).match(1.0, "declared")
    found = candidates(labels, title=title, carrier=carrier)
    return found[0] if found and found[0].confidence >= THRESHOLD else None


def candidates(labels: Sequence[str], *, title: str = "", carrier: str = "table") -> tuple[SchemaMatch, ...]:
    """Return the embedded schemas a header may have been meant for, the likeliest first, however unlikely.

    A file whose name or title names the schema gets the benefit of the doubt. A header of words that any table may use
    proves nothing: it is nobody's.
    """
    labels = list(labels[:_MAX_LABELS])
    named, _ = declared_schema(title)
    found = []
    entries = {id_: [stored(id_, version) for version in versions(id_)] for id_ in known()}
    plain = {id_: max(_read_header(labels, e, typos=False).score for e in group) for id_, group in entries.items()}
    likely = {id_ for id_, score in plain.items() if score > 0} or set(plain)
    for id_ in sorted(likely, key=lambda id_: (-plain[id_], id_))[:_MOST_LIKELY]:
        reading = _best([_read_header(labels, entry) for entry in entries[id_]])
        if reading.score == 0 or not (reading.telling or id_ == named) or not _carried(reading, carrier):
            continue
        confidence = reading.score if id_ != named else 1 - (1 - reading.score) * _NAMED_DOUBT
        found.append((-confidence, len(reading.entry.schema.fields), id_, reading.match(confidence, "header")))
    return tuple(match for *_, match in sorted(found, key=lambda item: item[:3]))


def match_header(labels: Sequence[str], schema: TableSchema) -> SchemaMatch:
    """Return how a header reads with a schema that somebody named, whatever it is."""
    entry = StoredSchema(schema, aliases=(), signature=frozenset(), ordinary=frozenset(), tolerated=())
    return _read_header(list(labels[:_MAX_LABELS]), entry).match(1.0, "declared")


def _carried(reading: _HeaderReading, carrier: str) -> bool:
    """A model of GeoJSON properties is not looked for in a table; a table's may well be in properties."""
    return reading.entry.schema.carrier == "table" or carrier == "geojson"


def declared_schema(declared: str) -> tuple[str, str]:
    """Return (schema id, version) meant by a catalogue's text, each "" when it names none we embed."""
    words = re.sub(r"[^a-z0-9.]+", "/", fold(declared)).strip("/")
    if not words:
        return "", ""
    for schema_id in known():
        for alias in stored(schema_id).aliases:
            found = re.search(rf"(?:^|/)(?:{alias})(?=/|$)", words)
            if found:
                version = re.search(r"(?:^|/)v?(\d+\.\d+(?:\.\d+)?)(?=/|$)", words[found.end() :])
                return schema_id, version[1] if version else ""
    return "", ""


def _candidates(schema_id: str, version: str) -> tuple[str, ...]:
    """Return the embedded versions a declared one leaves open: all of them when it is not embedded."""
    offered = versions(schema_id)
    exact = tuple(v for v in offered if v == version or (version and v.startswith(f"{version}.")))
    return exact or offered


def _best(readings: Sequence[_HeaderReading]) -> _HeaderReading:
    """Return the version whose signature column is there, then the one that explains most, then the latest."""
    return max(enumerate(readings), key=lambda item: (item[1].signed, item[1].score, item[0]))[1]


def _read_header(labels: Sequence[str], entry: StoredSchema, *, typos: bool = True) -> _HeaderReading:
    """Give each label to one field: exact names first, then case and accents, then typos; a field is given once."""
    names = [field.name for field in entry.schema.fields]
    columns: dict[str, str] = {}
    left = [label for label in labels if fold(label).strip()]
    for key_of in (lambda text: text.lstrip("\ufeff"), _key, _shuffled_key):
        by_key = {key_of(name): name for name in names if name not in columns}
        rest = []
        for label in left:
            name = by_key.pop(key_of(label), None)
            if name is None:
                rest.append(label)
            else:
                columns[name] = label
        left = rest
    tolerated = [label for label in left if any(re.fullmatch(p, label.strip().casefold()) for p in entry.tolerated)]
    left = [label for label in left if label not in tolerated]
    if typos and len(left) <= _MAX_FUZZY_LABELS:
        for label, name in _typos(left, [name for name in names if name not in columns]):
            columns[name] = label
            left.remove(label)
    ordered = {name: columns[name] for name in names if name in columns}
    return _HeaderReading(entry, ordered, tuple(left), len(tolerated))


@lru_cache(_MOST_KEYS)
def _key(text: str) -> str:
    """Return letters and digits only, lower case, without accents: « Coll-SIRET  » → ``collsiret``."""
    return "".join(character for character in fold(text) if character.isalnum())


@lru_cache(_MOST_KEYS)
def _shuffled_key(text: str) -> str:
    """Return the words of a label in alphabetical order: « DATE_DELIB » is « DELIB_DATE »; one word is its own."""
    words = sorted(re.findall(r"[a-z0-9]+", fold(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text))))
    return " ".join(words) if len(words) > 1 else _key(text)


def _typos(labels: Sequence[str], names: Sequence[str]) -> list[tuple[str, str]]:
    """Return (label, field) pairs one or two keystrokes apart, or cut by a shapefile, when nothing else is as near."""
    if not labels or not names:
        return []
    from rapidfuzz.distance import OSA

    pairs = []
    for label in labels:
        key = _key(label)
        near = []
        for name in names:
            target = _key(name)
            allowed = 0 if min(len(key), len(target)) < 5 else 1 if len(target) < 9 else 2
            distance = OSA.distance(key, target, score_cutoff=allowed)
            cut = len(label.strip()) == _CUT_LENGTH and name.casefold().startswith(label.strip().casefold())
            if allowed and (distance <= allowed or cut):
                near.append((0 if cut else distance, name))
        near.sort()
        if near and (len(near) == 1 or near[0][0] < near[1][0]):
            pairs.append((near[0][0], label, near[0][1]))
    given: dict[str, str] = {}
    for _, label, name in sorted(pairs, key=lambda pair: pair[0]):
        given.setdefault(name, label)
    return [(label, name) for name, label in given.items()]
