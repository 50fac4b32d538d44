"""Which schema is meant by what somebody typed: a name, a part of it, a title."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from opendata_check.model.schema import TableSchema
    from opendata_check.reports.schema_cards.cards import ListedSchema
    from opendata_check.schemas.registry import Catalogue, Held, RegistryEntry

_FEW = 5
_NEAR = 70
"""Below this likeness (0 to 100), a name is not what somebody meant."""


def pulled_folder() -> Path | None:
    """Return where schemas that were got are kept, None when nobody's home can be found."""
    from opendata_check.kept import cache_folder

    try:
        return cache_folder() / "schemas"
    except RuntimeError:
        return None


def known_schema(typed: str, version: str | None) -> TableSchema:
    """Return the schema, embedded or pulled, that a name or a part of it means. Raises UsageError, SchemaError."""
    from opendata_check.schemas.registry import load_held

    item, _ = held_named(typed, version)
    return load_held(pulled_folder(), item)


def held_named(typed: str, version: str | None) -> tuple[Held, tuple[str, ...]]:
    """Return the schema meant and its other versions. Raises UsageError with what is close."""
    from opendata_check.schemas.registry import held

    known = held(pulled_folder())
    advice = "La liste : opendata-check schemas list. Les autres schémas du pays : opendata-check schemas pull."
    schema_id = _meant(typed, dict.fromkeys(known, ""), "") or _meant(
        typed, {id_: listed_schema(versions).title for id_, versions in known.items()}, advice
    )
    names = [item.version for item in known[schema_id]]
    chosen = version_among(version, names, schema_id)
    return known[schema_id][names.index(chosen)], tuple(name for name in names if name != chosen)


def entry_named(typed: str, registry: Catalogue) -> RegistryEntry:
    """Return the table schema meant in the registry. Raises UsageError."""
    from opendata_check.schemas.registry import TABLE

    tables = {entry.id: entry.title for entry in registry.entries if entry.kind == TABLE}
    others = {entry.id.casefold(): entry for entry in registry.entries if entry.kind != TABLE}
    if other := others.get(typed.strip().casefold()):
        inside = [entry.id for entry in registry.entries if entry.package == other.id and entry.kind == TABLE]
        remedy = f"Ses tableaux : {', '.join(inside)}." if inside else "La liste : opendata-check schemas pull."
        raise UsageError("ce schéma ne décrit pas un tableau", where=other.id, remedy=remedy)
    schema_id = _meant(typed, tables, "La liste du registre : opendata-check schemas pull.")
    return next(entry for entry in registry.entries if entry.id == schema_id)


def version_among(typed: str | None, known: list[str], schema_id: str) -> str:
    """Return the version typed (« 2.1.1 », « v2.1.1 »), or the last. Raises UsageError with those there are."""
    wanted = (typed or known[-1]).strip()
    for version in known:
        if version.removeprefix("v") == wanted.removeprefix("v"):
            return version
    last = ", ".join(reversed(known[-8:]))
    raise UsageError(
        f"la version « {printable(wanted)} » de {schema_id} n'est pas connue",
        where="--version",
        remedy=f"Versions connues : {last}.",
    )


def listed_schema(versions: tuple[Held, ...]) -> ListedSchema:
    """Return a schema as the list shows it, read in its last version; a damaged one is listed with its fault."""
    from opendata_check.reports.schema_cards.cards import ListedSchema
    from opendata_check.schemas import SchemaError
    from opendata_check.schemas.registry import load_held

    last = versions[-1]
    shown = tuple((item.version, "pulled" if item.pulled else "embedded") for item in versions)
    try:
        schema = load_held(pulled_folder(), last)
    except SchemaError as error:
        return ListedSchema(last.id, "", shown, None, fault=f"Illisible : {error.what}.")
    return ListedSchema(last.id, schema.title, shown, len(schema.fields))


def _meant(typed: str, titles: Mapping[str, str], advice: str) -> str:
    """Return the id that is typed, whole or in part, or whose title holds the words typed.

    Raises UsageError when several are meant, or none (with the nearest names); without ``advice``, none gives "".
    """
    wanted, words = typed.strip().casefold(), plain(typed)
    whole = [id_ for id_ in titles if id_.casefold() == wanted]
    by_name = [id_ for id_ in titles if words and words in plain(id_)]
    own = [id_ for id_ in by_name if plain(id_.partition("/")[2]).removeprefix("schema ") == words]
    by_title = [id_ for id_, title in titles.items() if words and words in plain(title)]
    for found in (whole, own if len(own) == 1 else [], by_name, by_title):
        if len(found) == 1:
            return found[0]
        if found:
            from opendata_check.reports.outline.phrases import listed

            names = listed(found, _FEW)
            raise UsageError(
                f"plusieurs schémas répondent à « {printable(typed)} »",
                remedy=f"Donnez le nom de l'un d'eux : {names}.",
            )
    if not advice:
        return ""
    close = _nearest(words, titles)
    hint = f"Vouliez-vous dire : {', '.join(close)} ? " if close else ""
    raise UsageError(f"aucun schéma ne s'appelle « {printable(typed)} »", remedy=f"{hint}{advice}")


def _nearest(words: str, titles: Mapping[str, str]) -> list[str]:
    """Return the ids most like what was typed, three at most."""
    from rapidfuzz import fuzz

    if not words:
        return []
    scored = []
    for id_ in titles:
        own = plain(id_.partition("/")[2]).removeprefix("schema ")
        scored.append((max(fuzz.ratio(words, plain(id_)), fuzz.ratio(words, own)), id_))
    return [id_ for score, id_ in sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:3] if score >= _NEAR]


def printable(text: str) -> str:
    """Return what was typed, fit for a message: 60 characters at most, none of them a control."""
    return "".join(character for character in text if character.isprintable())[:60]


def plain(text: str) -> str:
    """Return a text as names are compared: without case, accents or hyphens."""
    from opendata_check.folding import fold

    return fold(text).replace("-", " ")
