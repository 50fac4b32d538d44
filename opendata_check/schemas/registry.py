"""The national registry of schemas: reads its catalogue, keeps what was got from it signed, and checks it when read.

A schema that was got is two files of one folder: ``<owner>__<name>__<version>.json``, its bytes as they came, and
``<owner>__<name>__<version>.signature``, a small JSON that says where and when they came from and what they weigh.
Bytes that no longer answer to their signature are refused. Nothing here opens a socket: bytes are given.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from opendata_check.errors import OutputError
from opendata_check.model.schema import TableSchema
from opendata_check.output import write_atomically
from opendata_check.schemas.errors import SchemaError
from opendata_check.schemas.store import known, load, versions

CATALOGUE = "https://schema.data.gouv.fr/schemas.json"
MAX_BYTES = 10_000_000
MAX_DEPTH = 40
TABLE = "tableschema"
"""The only kind of the registry's schemas that describes a table."""

_PART = r"[A-Za-z0-9](?:(?!__)[A-Za-z0-9._-]){0,79}(?<!_)"
_ID = re.compile(rf"{_PART}/{_PART}")
_VERSION = re.compile(r"[A-Za-z0-9](?:(?!__)[A-Za-z0-9._-]){0,39}(?<!_)")
_MAX_SIGNATURE = 20_000
_REGISTRY_PAGE = re.compile(
    r"https?://schema\.data\.gouv\.fr/(?:schemas/)?([\w.-]+/[\w.-]+)(?:/(latest|v?\d[\w.-]*))?/?(?:documentation\.html)?"
    r"(?:[?#].*)?"
)


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """A schema as the registry's catalogue lists it."""

    id: str
    title: str
    kind: str
    """``tableschema``, ``jsonschema``, ``datapackage``, ``other``."""
    package: str
    """Id of the data package it belongs to, or ""."""
    versions: tuple[tuple[str, str], ...]
    """(version, address of its file), oldest first."""

    @property
    def latest(self) -> str:
        """Return the name of the last version."""
        return self.versions[-1][0]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The registry's catalogue."""

    entries: tuple[RegistryEntry, ...]
    unusable: int
    """Entries without a usable name, or without a version that says where its file is."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is known of a schema that was got: it stands beside the bytes, and vouches for them."""

    id: str
    version: str
    url: str
    """Where from: an address, or the path of a local file."""
    got_on: str
    """Date and time, ISO, UTC."""
    etag: str
    last_modified: str
    sha256: str
    byte_size: int


@dataclass(frozen=True, slots=True)
class Held:
    """One version of a schema that can be read without a network."""

    id: str
    version: str
    pulled: bool
    """False when the program embeds it."""


def parse_catalogue(raw: bytes, *, where: str) -> Catalogue:
    """Return the schemas that a catalogue file lists, in the order of their names. Raises SchemaError."""
    content = _json(raw, where)
    listed = content.get("schemas") if isinstance(content, dict) else None
    if not isinstance(listed, list):
        raise SchemaError(
            "ce fichier n'est pas un catalogue de schémas", where=where, remedy=f"Celui du pays est à {CATALOGUE}."
        )
    entries = {entry.id: entry for item in listed if (entry := _entry(item)) is not None}
    return Catalogue(tuple(entries[id_] for id_ in sorted(entries)), len(listed) - len(entries))


def _entry(item: Any) -> RegistryEntry | None:
    if not isinstance(item, dict) or not _ID.fullmatch(_text(item, "name")):
        return None
    offered: dict[str, str] = {}
    listed = item.get("versions")
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and _VERSION.fullmatch(_text(one, "version_name")) and _text(one, "schema_url"):
            offered[_text(one, "version_name")] = _text(one, "schema_url")
    if not offered:
        return None
    return RegistryEntry(
        id=_text(item, "name"),
        title=_text(item, "title"),
        kind=_text(item, "schema_type"),
        package=_text(item, "datapackage_name"),
        versions=tuple(sorted(offered.items(), key=lambda pair: version_order(pair[0]))),
    )


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    return value.strip() if isinstance(value, str) else ""


def version_order(version: str) -> tuple[tuple[int, ...], str]:
    """Return what puts versions in order: 1.9.0 comes before 1.10.0, 2.0.0-beta before 2.0.0."""
    numbers = re.match(r"v?(\d{1,9}(?:\.\d{1,9})*)(.*)", version)
    if not numbers:
        return (), version
    return tuple(int(part) for part in numbers[1].split(".")), numbers[2] or "~"


def registry_page(text: str) -> tuple[str, str]:
    """Return (schema id, version) of a page of the registry that somebody copied, each "" when there is none."""
    found = _REGISTRY_PAGE.fullmatch(text.strip())
    if not found:
        return "", ""
    version = (found[2] or "").removeprefix("v")
    return found[1], "" if version == "latest" else version


def parse_descriptor(raw: bytes, *, where: str) -> dict[str, Any]:
    """Return a schema as it was published, its columns not looked at yet. Raises SchemaError."""
    content = _json(raw, where)
    if isinstance(content, dict) and not isinstance(content.get("schemas"), list):
        return content
    remedy = "Donnez l'adresse d'un schéma de tableau (Table Schema)."
    if isinstance(content, dict):
        remedy = "C'est un catalogue : donnez-le avec --catalogue."
    raise SchemaError("ce fichier ne décrit pas les colonnes d'un tableau", where=where, remedy=remedy)


def schema_of(raw: bytes, schema_id: str, version: str, *, where: str) -> TableSchema:
    """Return the schema that bytes describe, under the name and version of the registry. Raises SchemaError.

    Versions inside schema files often disagree with the registry's, which is the one that people name.
    """
    from opendata_check.schemas.descriptor import from_descriptor

    return replace(from_descriptor(parse_descriptor(raw, where=where), where=where), id=schema_id, version=version)


def named_by(raw: bytes, owner: str, *, where: str) -> tuple[str, str]:
    """Return (id, version) of a schema that comes from elsewhere than the registry: what it says of itself.

    ``owner`` (a server, « local ») stands for the owner it does not name. Raises SchemaError when it has no name.
    """
    content = parse_descriptor(raw, where=where)
    name = re.sub(r"[^a-z0-9.-]+", "-", (_text(content, "name") or _text(content, "title")).lower()[:80]).strip("-.")
    version = _text(content, "version").removeprefix("v")
    schema_id = f"{re.sub(r'[^a-z0-9.-]+', '-', owner.lower()).strip('-.') or 'autre'}/{name}"
    if not _ID.fullmatch(schema_id):
        raise SchemaError(
            "ce schéma ne dit pas son nom", where=where, remedy="Ajoutez-lui « name », par exemple mes-subventions."
        )
    return schema_id, version if _VERSION.fullmatch(version) else "0"


def _json(raw: bytes, where: str) -> Any:
    """Return the value of a JSON file, within bounds. Raises SchemaError."""
    if len(raw) > MAX_BYTES:
        raise SchemaError("ce fichier dépasse 10 Mo : ce n'est pas un schéma", where=where)
    if raw.lstrip()[:1] == b"<":
        raise SchemaError(
            "c'est une page web, pas un schéma",
            where=where,
            remedy="Donnez l'adresse du fichier JSON lui-même (sur GitHub : le bouton « Raw »).",
        )
    try:
        value = json.loads(raw, parse_constant=_no_such_number)
    except (ValueError, RecursionError) as error:
        raise SchemaError(
            "ce fichier n'est pas du JSON, ou il est incomplet", where=where, remedy="Vérifiez l'adresse, ou réessayez."
        ) from error
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for item in level for child in _children(item)]
        if not level:
            return value
    raise SchemaError("ce fichier est fait de trop de niveaux : il n'est pas lu", where=where)


def _children(item: Any) -> Any:
    return item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


# --- what was got ---------------------------------------------------------------------------------------------------


def receipt_for(
    raw: bytes, schema_id: str, version: str, *, url: str, got_on: str, etag: str = "", last_modified: str = ""
) -> Receipt:
    """Return the receipt of bytes that were just got.

    Raises SchemaError for a name or a version that cannot be kept.
    """
    if not _ID.fullmatch(schema_id) or not _VERSION.fullmatch(version):
        raise SchemaError("ce nom de schéma ne peut pas être gardé", where=f"{schema_id} {version}"[:80])
    digest = hashlib.sha256(raw).hexdigest()
    return Receipt(schema_id, version, url, got_on, etag[:500], last_modified[:100], digest, len(raw))


def keep(folder: Path, raw: bytes, receipt: Receipt) -> Path:
    """Write a schema and its signature in ``folder``; return the schema's path. Raises OutputError."""
    path = _path(folder, receipt.id, receipt.version)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(path, raw)
        write_atomically(_signature(path), json.dumps(asdict(receipt), ensure_ascii=False, indent=2) + "\n")
    except (OSError, OutputError) as error:
        raise OutputError(
            "le schéma n'a pas pu être gardé dans ce dossier",
            where=str(folder),
            remedy="Vérifiez ses droits et la place libre, ou choisissez-en un autre : variable OPENDATA_CHECK_CACHE.",
        ) from error
    return path


def receipt_of(folder: Path | None, schema_id: str, version: str) -> Receipt | None:
    """Return the receipt of a schema that was got, or None when there is none or when it cannot be read."""
    if folder is None:
        return None
    try:
        with _signature(_path(folder, schema_id, version)).open("rb") as stream:
            receipt = Receipt(**json.loads(stream.read(_MAX_SIGNATURE)))
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    texts = (receipt.url, receipt.got_on, receipt.etag, receipt.last_modified, receipt.sha256)
    named = (receipt.id, receipt.version) == (schema_id, version)
    return receipt if named and all(isinstance(text, str) for text in texts) else None


def load_kept(folder: Path, schema_id: str, version: str) -> TableSchema:
    """Return a schema that was got, once its bytes have answered to their signature. Raises SchemaError."""
    path = _path(folder, schema_id, version)
    again = f"Récupérez-le de nouveau : opendata-check schemas pull {schema_id} --version {version}."
    receipt = receipt_of(folder, schema_id, version)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise SchemaError("ce schéma gardé ne peut pas être lu", where=path.name, remedy=again) from error
    if receipt is None:
        raise SchemaError("la signature de ce schéma manque ou est illisible", where=path.name, remedy=again)
    if hashlib.sha256(raw).hexdigest() != receipt.sha256:
        raise SchemaError("ce schéma a été modifié depuis qu'il a été récupéré", where=path.name, remedy=again)
    return replace(schema_of(raw, schema_id, version, where=path.name), source=receipt.url)


def held(folder: Path | None) -> dict[str, tuple[Held, ...]]:
    """Return what can be read without a network: schema id → versions, oldest first.

    The same version embedded and got is the embedded one. Nothing is opened: a file that is damaged is listed too.
    """
    found = {(id_, version): Held(id_, version, pulled=False) for id_ in known() for version in versions(id_)}
    try:
        names = sorted(path.stem for path in folder.glob("*__*__*.json")) if folder is not None else []
    except OSError:
        names = []
    for owner, name, version in (parts for stem in names if len(parts := stem.split("__")) == 3):
        if _ID.fullmatch(f"{owner}/{name}") and _VERSION.fullmatch(version):
            found.setdefault((f"{owner}/{name}", version), Held(f"{owner}/{name}", version, pulled=True))
    by_id: dict[str, list[Held]] = {}
    for (id_, _), item in sorted(found.items(), key=lambda pair: (pair[0][0], version_order(pair[0][1]))):
        by_id.setdefault(id_, []).append(item)
    return {id_: tuple(items) for id_, items in by_id.items()}


def load_held(folder: Path | None, item: Held) -> TableSchema:
    """Return a schema among those held. Raises SchemaError."""
    if item.pulled and folder is not None:
        return load_kept(folder, item.id, item.version)
    return load(item.id, item.version)


def _path(folder: Path, schema_id: str, version: str) -> Path:
    return folder / f"{schema_id.replace('/', '__')}__{version}.json"


def _signature(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(".json") + ".signature")
