"""Weighs what a dataset's schema, columns, file names, keywords and title say of the family it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from urllib.parse import unquote, urlsplit

from opendata_check.matching.expressions import heard_in
from opendata_check.matching.families import Family, families
from opendata_check.matching.words import label_key, name_words, without_name, words_of
from opendata_check.model.catalog import Dataset
from opendata_check.model.inspected import InspectedFile, Match
from opendata_check.vocabulary import format_of, format_of_extension, formats

# How far each kind of evidence can be believed; a title alone is never more than « probable ».
_DECLARED = 0.95
_COLUMNS_AT_MOST = 0.94
_COLUMNS_AT_LEAST = 0.75
_FILE_NAME = 0.7
_TWO_WITNESSES = 0.75
_KEYWORD = 0.65
_TITLE = 0.6
_NO_DATA = 0.55
"""All that words can say of a family of data when the dataset holds no data (only a PDF, say)."""
_WEAK = 0.5
_NAMED_SECOND = 0.05
"""What is lost by a family that a text names after another one."""
_CLOSE = 0.1
"""Two families nearer than that are told together: somebody must choose."""
_MOST_RIVALS = 3
_HEADER_LIKENESS = 0.6
_COLUMNS_WANTED = 3
_MAX_TEXT = 300
_MAX_KEYWORDS = 60
_MAX_COLUMNS = 1_000

Sight = tuple[str, float, str, str]
"""Family id, confidence, kind of evidence, expression heard ("" when no words told)."""


def match(dataset: Dataset, files: Sequence[InspectedFile]) -> tuple[Match, ...]:
    """Return what a dataset seems to be, the surest first, then by family id, each with the families close to it.

    Where a schema or columns tell, the words of title and keywords that say something else are not heard.
    """
    by_file = [list(_structural(file)) for file in files]
    structural = [*_described(dataset), *(sight for sights in by_file for sight in sights)]
    unknown = [file for file, sights in zip(files, by_file, strict=True) if not sights]
    textual = list(_textual(dataset, files, unknown))
    certain = {sight[0] for sight in structural}
    if certain:
        textual = [sight for sight in textual if sight[0] in certain or sight[2] == "file_name"]
    best: dict[str, tuple[float, str, str]] = {}
    for family, confidence, by, heard in (*structural, *textual):
        if confidence > best.get(family, (0.0, "", ""))[0]:
            best[family] = confidence, by, heard
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
    return tuple(
        Match(family, round(confidence, 2), by, heard, _rivals(family, confidence, ranked))
        for family, (confidence, by, heard) in ranked
    )


def _rivals(family: str, confidence: float, ranked: Sequence[tuple[str, tuple[float, str, str]]]) -> tuple[str, ...]:
    if len(ranked) == 1:
        return ()
    close = [other for other, seen in ranked if other != family and abs(seen[0] - confidence) <= _CLOSE + 1e-9]
    return tuple(close[:_MOST_RIVALS])


def _described(dataset: Dataset) -> Iterator[Sight]:
    """Yield what the catalogue declares: the schemas of the dataset and of its files, the columns it documents."""
    declared = (*(item.schema_name for item in dataset.distributions), *dataset.conforms_to[:_MAX_KEYWORDS])
    for name in declared:
        if name:
            for family in _of_schema(name):
                yield family.id, _DECLARED, "declared_schema", ""
    if dataset.fields:
        yield from _of_columns([field.name for field in dataset.fields[:_MAX_COLUMNS]])


# --- What the file itself is --------------------------------------------------------------------------------------


@cache
def _schemas() -> tuple[tuple[str, Family], ...]:
    return tuple((f"/{schema.casefold()}/", family) for family in families() for schema in family.schemas)


@lru_cache(maxsize=1024)
def _of_schema(name: str) -> tuple[Family, ...]:
    """Return the families of a declared schema, given as an id or as an address that contains it."""
    written = f"/{name.strip().casefold()[:_MAX_TEXT]}/"
    return tuple(family for schema, family in _schemas() if schema in written)


@cache
def _by_column() -> Mapping[str, tuple[Family, ...]]:
    """Return which families each typical column belongs to."""
    index: dict[str, tuple[Family, ...]] = {}
    for family in families():
        for label in {label_key(column) for column in family.columns}:
            index[label] = (*index.get(label, ()), family)
    return index


@cache
def _by_root() -> Mapping[str, tuple[Family, ...]]:
    return _grouped("roots")


@cache
def _by_format() -> Mapping[str, tuple[Family, ...]]:
    return _grouped("formats")


def _grouped(key: str) -> dict[str, tuple[Family, ...]]:
    index: dict[str, tuple[Family, ...]] = {}
    for family in families():
        for value in getattr(family, key):
            index[value] = (*index.get(value, ()), family)
    return index


def _structural(file: InspectedFile) -> Iterator[Sight]:
    """Yield what the file itself is: its schema, its columns, its root element, its format."""
    if file.schema is not None:
        declared = file.schema.by == "declared"
        likeness = min(_COLUMNS_AT_MOST, max(_COLUMNS_AT_LEAST, file.schema.confidence))
        if declared or file.schema.confidence >= _HEADER_LIKENESS:
            for family in _of_schema(file.schema.schema.id):
                yield (
                    (family.id, _DECLARED, "declared_schema", "") if declared else (family.id, likeness, "columns", "")
                )
    if file.facts is None:
        return
    if file.facts.table:
        yield from _of_columns(file.facts.table.labels)
    if file.facts.structure and file.facts.structure.root:
        for family in _by_root().get(file.facts.structure.root, ()):
            yield family.id, _COLUMNS_AT_MOST, "columns", ""
    for family in _by_format().get(file.facts.envelope.detected, ()):
        yield family.id, _COLUMNS_AT_MOST, "columns", ""


def _of_columns(labels: Sequence[str]) -> Iterator[Sight]:
    index = _by_column()
    common: dict[Family, int] = {}
    for label in {label_key(label) for label in labels}:
        for family in index.get(label, ()):
            common[family] = common.get(family, 0) + 1
    for family, count in common.items():
        wanted = min(_COLUMNS_WANTED, len(family.columns))
        if count >= wanted:
            yield family.id, min(_COLUMNS_AT_MOST, _COLUMNS_AT_LEAST + 0.03 * (count - wanted)), "columns", ""


# --- What words say -----------------------------------------------------------------------------------------------


def _textual(dataset: Dataset, files: Sequence[InspectedFile], unknown: Sequence[InspectedFile]) -> Iterator[Sight]:
    """Yield what words say, bounded by what the dataset holds; files already recognised are not read by their name."""
    holds_data = any(_is_data(file) for file in files)
    name = name_words(dataset.publisher)
    witnesses: dict[str, list[tuple[str, float]]] = {}
    told: dict[str, tuple[Family, str]] = {}
    spoken: dict[str, bool] = {}
    for by, weight, texts in _texts(dataset, files, unknown):
        heard: dict[str, tuple[Family, float, str]] = {}
        for text in texts:
            for item in heard_in(without_name(words_of(text), name)):
                confidence = (weight if item.first else weight - _NAMED_SECOND) if item.surely else _WEAK
                if item.surely:
                    told.setdefault(item.family.id, (item.family, item.expression))
                if confidence > heard.get(item.family.id, (None, 0.0, ""))[1]:
                    heard[item.family.id] = item.family, confidence, item.expression
        for family_id, (family, confidence, expression) in heard.items():
            surely = confidence > _WEAK
            if by == "keyword" and spoken and not spoken.get(family_id):
                confidence = min(confidence, _WEAK)  # title and file name say something else: a theme, no more
            elif surely:
                witnesses.setdefault(family_id, []).append((by, confidence - weight))
            if by != "keyword" and surely:
                spoken[family_id] = True
            yield family_id, _bounded(family, confidence, holds_data), by, expression
    for family_id, seen in witnesses.items():
        if len(seen) > 1:
            family, expression = told[family_id]
            confidence = _TWO_WITNESSES + max(lost for _, lost in seen)  # named second by both: less sure
            yield family_id, _bounded(family, confidence, holds_data), _first_kind([by for by, _ in seen]), expression


_ORDER = ("file_name", "keyword", "title")
"""The kinds of words, the strongest first."""


def _first_kind(kinds: Sequence[str]) -> str:
    return min(kinds, key=_ORDER.index)


def _texts(
    dataset: Dataset, files: Sequence[InspectedFile], unknown: Sequence[InspectedFile]
) -> Iterator[tuple[str, float, Sequence[str]]]:
    """Yield each kind of words with its weight, keywords last; a title made from a file's name is no second witness."""
    yield (
        "file_name",
        _FILE_NAME,
        [text for file in unknown if file.distribution.role == "main" for text in _names(file)],
    )
    if dataset.described or not files:
        yield "title", _TITLE, (dataset.title,)
    yield "keyword", _KEYWORD, dataset.keywords[:_MAX_KEYWORDS]


def _names(file: InspectedFile) -> Iterator[str]:
    """Yield a file's own name; that of its address too, when the portal gives it another title."""
    yield _stem(file.name)
    url = file.distribution.url
    if url and file.distribution.path is None and not file.member:
        try:
            path = urlsplit(url[:2000]).path
        except ValueError:  # an address that is none
            return
        last = path.rsplit("/", 1)[-1]
        if "." in last:
            yield _stem(unquote(last))


def _stem(name: str) -> str:
    """Return a file's own name, without folders, archive and extension."""
    own = name.replace("\\", "/").rsplit("›", 1)[-1].rsplit("/", 1)[-1].strip()
    return own.rsplit(".", 1)[0] if "." in own else own


def _bounded(family: Family, confidence: float, holds_data: bool) -> float:
    """Return the confidence, cut for a family of data when the dataset holds no data."""
    return confidence if holds_data or family.nature != "data" else min(confidence, _NO_DATA)


def _is_data(file: InspectedFile) -> bool:
    """Return whether the file is a table, a map or the like; a plain text (README) is not."""
    if file.facts is not None:
        found = file.facts.envelope.detected
    else:
        found = format_of(file.distribution.declared_format) or format_of_extension(file.name.rsplit(".", 1)[-1])
    known = formats().get(found)
    return known is not None and known.machine and known.role in {"data", "service", "archive"} and known.id != "txt"
