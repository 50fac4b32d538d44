"""Which obligation or usual family a dataset answers, by evidence: schema, columns, file name, keyword, title.

The families stand in rules/expected_datasets.yaml; a family that answers an obligation carries the obligation's id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from opendata_check.errors import RulesError
from opendata_check.folding import fold
from opendata_check.model.catalog import Dataset
from opendata_check.model.inspected import InspectedFile, Match
from opendata_check.resources import load_yaml, rules_folder
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
_HEADER_LIKENESS = 0.6
_COLUMNS_WANTED = 3
_GLUED_LETTERS = 12
_MAX_WORDS = 60
_MAX_TEXT = 300

Words = tuple[str, ...]
Sight = tuple[str, float, str]
"""Family id, confidence, kind of evidence."""


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of dataset one may expect of a public body."""

    id: str
    title: str
    obligation: str
    """Id of the obligation it answers, or ``usage`` when no text asks for this very dataset."""
    nature: str
    """``data`` (a table or a map), ``document`` (a text to read) or ``both``."""
    titles: tuple[str, ...]
    """Expressions that name it, in any case and number."""
    holder: str
    """French: who usually holds it."""
    software: str
    """French: where it usually comes out of."""
    frequency: str
    """French: its usual or lawful rhythm."""
    hints: tuple[str, ...] = ()
    """Ambiguous short words: worth a look, no more."""
    exclusions: tuple[str, ...] = ()
    """False friends: with one of them, words prove nothing."""
    schemas: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    """Typical columns: three of them (or all, when fewer are given) name the family."""
    roots: tuple[str, ...] = ()
    """XML root elements that only this family has."""
    formats: tuple[str, ...] = ()
    """Formats that only this family uses."""


_STRINGS = frozenset({"id", "title", "obligation", "nature", "holder", "software", "frequency"})
_LISTS = frozenset({"titles", "hints", "exclusions", "schemas", "columns", "roots", "formats"})
_NATURES = frozenset({"data", "document", "both"})


@cache
def families() -> tuple[Family, ...]:
    """Return the families in the order of the file. Raises RulesError naming the family and key at fault."""
    path = rules_folder() / "expected_datasets.yaml"
    content = load_yaml(path)
    entries = content.get("families") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise RulesError("on attend une liste « families »", where=path.name)
    found = tuple(_family(entry) for entry in entries)
    if len({family.id for family in found}) != len(found):
        raise RulesError("un identifiant de famille sert deux fois", where=path.name)
    return found


def _family(entry: Any) -> Family:
    where = f"expected_datasets.yaml, famille « {entry.get('id', '?') if isinstance(entry, dict) else '?'} »"
    if not isinstance(entry, dict):
        raise RulesError("on attend une table de clés et de valeurs", where=where)
    for key, value in entry.items():
        words = isinstance(value, list) and all(isinstance(word, str) and word for word in value)
        if not (key in _STRINGS and isinstance(value, str)) and not (key in _LISTS and words):
            raise RulesError(f"clé « {key} » inconnue ou mal formée", where=where)
    missing = sorted((_STRINGS | {"titles"}) - entry.keys())
    if missing:
        raise RulesError(f"clé « {missing[0]} » : elle manque", where=where)
    if entry["nature"] not in _NATURES:
        raise RulesError("clé « nature » : on attend data, document ou both", where=where)
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return Family(**values)


# --- Words --------------------------------------------------------------------------------------------------------

_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_PARTS = re.compile(r"[a-z]+|[0-9]+")
_STOP = frozenset(
    {"a", "au", "aux", "avec", "ce", "ces", "d", "dans", "de", "des", "du", "en", "et", "l", "la", "le", "les", "leur",
     "leurs", "notre", "nos", "ou", "par", "pour", "s", "sa", "se", "ses", "son", "sur", "un", "une", "vos", "votre"}
)  # fmt: skip
_SHORT = 3
"""Words of three letters or fewer are never put in the singular (PAV, RIP, bus)."""


def words_of(text: str) -> Words:
    """Return the words of a text as they are compared: folded, singular, without stop words nor figures.

    « Jeu-de-données : BudgetPrimitif_2024 » → (jeu, donnee, budget, primitif).
    """
    found = _PARTS.findall(fold(_CAMEL.sub(" ", text[:_MAX_TEXT]).lower()))
    kept = (_singular(word) for word in found if word not in _STOP and not word.isdigit())
    return tuple(kept)[:_MAX_WORDS]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > _SHORT and word[-1] in "sx" and not word.endswith("ss") else word


def _without_name(words: Words, name: Words) -> Words:
    """Return the words without the body's own name, so that no town is taken for what it is called after."""
    size = len(name)
    for start in range(len(words) - size + 1) if size else ():
        if words[start : start + size] == name:
            return words[:start] + words[start + size :]
    return words


def _unplural(word: str) -> str:
    return word.replace("s", "").replace("x", "")


@dataclass(frozen=True, slots=True)
class _Expression:
    """An expression of a family, with what finding it means."""

    family: Family
    words: Words
    role: str
    """``title``, ``hint`` or ``exclusion``."""
    glued: str
    """How it looks in one long word (« equipementscollectifspublics »); "" for short ones."""


def _expression(family: Family, text: str, role: str) -> _Expression:
    words = words_of(text)
    if not words:
        raise RulesError(f"l'expression « {text} » ne contient aucun mot utile", where="expected_datasets.yaml")
    glued = "".join(words) if len(words) > 1 else ""
    return _Expression(family, words, role, _unplural(glued) if len(glued) >= _GLUED_LETTERS else "")


@cache
def _expressions() -> dict[str, list[_Expression]]:
    """Return all expressions by their first word, so that a text is only compared with those it may hold."""
    index: dict[str, list[_Expression]] = {}
    for family in families():
        for role, texts in (("title", family.titles), ("hint", family.hints), ("exclusion", family.exclusions)):
            for text in texts:
                expression = _expression(family, text, role)
                index.setdefault(expression.words[0], []).append(expression)
    return index


@cache
def _glued() -> tuple[_Expression, ...]:
    return tuple(item for group in _expressions().values() for item in group if item.glued)


def _named(words: Words) -> Iterator[tuple[Family, bool]]:
    """Yield the families a text names, and whether surely (an expression) or weakly (an ambiguous short word)."""
    roles: dict[Family, set[str]] = {}
    for start, word in enumerate(words):
        for item in _expressions().get(word, ()):
            if words[start : start + len(item.words)] == item.words:
                roles.setdefault(item.family, set()).add(item.role)
        if len(word) >= _GLUED_LETTERS:
            plain = _unplural(word)
            for item in _glued():
                if item.glued in plain:
                    roles.setdefault(item.family, set()).add(item.role)
    for family, found in roles.items():
        if "exclusion" not in found:
            yield family, "title" in found


# --- Evidence -----------------------------------------------------------------------------------------------------


def match(dataset: Dataset, files: Sequence[InspectedFile]) -> tuple[Match, ...]:
    """Return what a dataset seems to be, the surest first, then by family id.

    Where a schema or columns tell, the words of title and keywords that say something else are not heard.
    """
    by_file = [list(_structural(file)) for file in files]
    structural = [sight for sights in by_file for sight in sights]
    structural += [
        (family.id, _DECLARED, "declared_schema")
        for item in dataset.distributions
        for family in _of_schema(item.schema_name)
    ]
    unknown = [file for file, sights in zip(files, by_file, strict=True) if not sights]
    textual = list(_textual(dataset, files, unknown))
    certain = {family for family, _, _ in structural}
    if certain:
        textual = [sight for sight in textual if sight[0] in certain or sight[2] == "file_name"]
    best: dict[str, tuple[float, str]] = {}
    for family, confidence, by in (*structural, *textual):
        if confidence > best.get(family, (0.0, ""))[0]:
            best[family] = confidence, by
    found = [Match(family, round(confidence, 2), by) for family, (confidence, by) in best.items()]
    return tuple(sorted(found, key=lambda item: (-item.confidence, item.family)))


def _of_schema(name: str) -> Iterator[Family]:
    """Yield the families of a declared schema, given as an id or as an address that contains it."""
    if not name.strip():
        return
    written = f"/{name.strip().casefold()[:_MAX_TEXT]}/"
    for schema, family in _schemas():
        if f"/{schema}/" in written:
            yield family


@cache
def _schemas() -> tuple[tuple[str, Family], ...]:
    return tuple((schema.casefold(), family) for family in families() for schema in family.schemas)


@cache
def _typical() -> tuple[tuple[Family, frozenset[str]], ...]:
    return tuple((family, frozenset(_label(label) for label in family.columns)) for family in families())


def _structural(file: InspectedFile) -> Iterator[Sight]:
    """Yield what the file itself is: its schema, its columns, its root element, its format."""
    if file.schema is not None:
        declared = file.schema.by == "declared"
        likeness = min(_COLUMNS_AT_MOST, max(_COLUMNS_AT_LEAST, file.schema.confidence))
        if declared or file.schema.confidence >= _HEADER_LIKENESS:
            for family in _of_schema(file.schema.schema.id):
                yield (family.id, _DECLARED, "declared_schema") if declared else (family.id, likeness, "columns")
    if file.facts is None:
        return
    labels = {_label(label) for label in file.facts.table.labels} if file.facts.table else set()
    root = file.facts.structure.root if file.facts.structure else ""
    for family, typical in _typical():
        wanted = min(_COLUMNS_WANTED, len(typical))
        common = len(typical & labels)
        if typical and common >= wanted:
            yield family.id, min(_COLUMNS_AT_MOST, _COLUMNS_AT_LEAST + 0.03 * (common - wanted)), "columns"
        if root in family.roots or file.facts.envelope.detected in family.formats:
            yield family.id, _COLUMNS_AT_MOST, "columns"


def _label(label: str) -> str:
    return "".join(_PARTS.findall(fold(label)))


def _textual(dataset: Dataset, files: Sequence[InspectedFile], unknown: Sequence[InspectedFile]) -> Iterator[Sight]:
    """Yield what words say, bounded by what the dataset holds; files already recognised are not read by their name."""
    holds_data = any(_is_data(file) for file in files)
    name = words_of(dataset.publisher)
    witnesses: dict[Family, list[str]] = {}
    for by, confidence, texts in _texts(dataset, files, unknown):
        heard: dict[Family, bool] = {}
        for text in texts:
            for family, surely in _named(_without_name(words_of(text), name)):
                heard[family] = heard.get(family, False) or surely
        for family, surely in heard.items():
            if surely:
                witnesses.setdefault(family, []).append(by)
            yield family.id, _bounded(family, confidence if surely else _WEAK, holds_data), by
    for family, kinds in witnesses.items():
        if len(kinds) > 1:
            yield family.id, _bounded(family, _TWO_WITNESSES, holds_data), kinds[0]


def _texts(
    dataset: Dataset, files: Sequence[InspectedFile], unknown: Sequence[InspectedFile]
) -> Iterator[tuple[str, float, tuple[str, ...]]]:
    """Yield each kind of words with its weight; a title made from a file's name is no second witness."""
    yield "file_name", _FILE_NAME, tuple(_stem(file.name) for file in unknown if file.distribution.role == "main")
    yield "keyword", _KEYWORD, dataset.keywords
    if dataset.described or not files:
        yield "title", _TITLE, (dataset.title,)


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
