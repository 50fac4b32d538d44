"""Gets a schema from the national registry, an address or a file, and keeps it with its signature."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from opendata_check.cli.schema_names import pulled_folder

if TYPE_CHECKING:
    from opendata_check.fetching import Fetcher
    from opendata_check.schemas.registry import Catalogue


def pull_schema(
    fetcher: Fetcher, place: str, schema_id: str = "", version: str = "", inside: Path | None = None
) -> str:
    """Get one schema, keep it with its signature, and return what to say of it."""
    from datetime import UTC, datetime
    from urllib.parse import urlsplit

    from opendata_check.errors import OutputError
    from opendata_check.reports.safety import clean
    from opendata_check.schemas import registry
    from opendata_check.wording import plural

    folder = pulled_folder()
    if folder is None:
        raise OutputError("aucun dossier où garder le schéma", remedy="Donnez-en un : variable OPENDATA_CHECK_CACHE.")
    raw, where, (etag, modified) = bytes_at(fetcher, place, inside)
    if not schema_id:
        owner = (urlsplit(place).hostname or "autre") if "://" in place else "local"
        schema_id, version = registry.named_by(raw, owner, where=where)
    schema = registry.schema_of(raw, schema_id, version, where=where)
    before = registry.receipt_of(folder, schema_id, version)
    receipt = registry.receipt_for(
        raw,
        schema_id,
        version,
        url=where,
        got_on=datetime.now(UTC).isoformat(timespec="seconds"),
        etag=etag,
        last_modified=modified,
    )
    path = registry.keep(folder, raw, receipt)
    lines = [
        f"Récupéré : {schema_id}, version {version}, {plural(len(schema.fields), 'colonne')}.",
        f"Signature : sha256 {receipt.sha256}",
        f"Gardé ici : {clean(str(path))}",
    ]
    if before is not None:
        same = before.sha256 == receipt.sha256
        lines.insert(
            1,
            "Rien n'a changé depuis la dernière fois."
            if same
            else "Attention : son contenu a changé depuis la dernière fois.",
        )
    if any(not item.pulled and item.version == version for item in registry.held(folder).get(schema_id, ())):
        lines.append("Le programme fournit déjà cette version : c'est la sienne qui sert.")
    return "\n".join([*lines, f"Ses colonnes : opendata-check schemas show {schema_id}", ""])


def bytes_at(fetcher: Fetcher, place: str, inside: Path | None = None) -> tuple[bytes, str, tuple[str, str]]:
    """Return the bytes of an address or a local file, its name as printed, and (ETag, Last-Modified).

    A local file stays ``inside`` the folder of the catalogue that names it. Raises FetchingError or SchemaError.
    """
    from opendata_check.fetching import TooLongError, cache
    from opendata_check.fetching.naming import shown_url
    from opendata_check.kept import cache_folder
    from opendata_check.schemas.registry import MAX_BYTES

    if "://" not in place:
        path = Path(place)
        content = fetcher.local(path, inside or path.parent)
        where = content.origin
    else:
        content = fetcher.download(place)
        where = shown_url(place)
    if content.truncated or content.byte_size > MAX_BYTES:
        raise TooLongError("le fichier dépasse 10 Mo : ce n'est pas un schéma", where=where)
    raw = content.path.read_bytes()
    fetcher.release(content)
    entry = None
    if "://" in place and pulled_folder() is not None:
        entry = cache.find(cache_folder(), cache.request_key(place, {"Accept": "*/*"}))
    return raw, where, (entry.etag, entry.last_modified) if entry else ("", "")


def registry_list(registry: Catalogue) -> str:
    """Return the table schemas of the registry, as the screen shows them, with those already here."""
    from opendata_check.cli import options
    from opendata_check.reports.schema_cards.cards import ListedSchema, registry_listing
    from opendata_check.schemas.registry import TABLE, held

    here = held(pulled_folder())
    items = []
    for entry in registry.entries:
        if entry.kind == TABLE:
            have = tuple((one.version, "pulled" if one.pulled else "embedded") for one in here.get(entry.id, ()))
            items.append(ListedSchema(entry.id, entry.title, (*have, (entry.latest, "registry")), None))
    others = len(registry.entries) - len(items)
    return registry_listing(items, others, registry.unusable, options.screen_width())


def beside(address: str, place: str) -> str:
    """Return the address of a schema as its catalogue means it: whole, or relative to the catalogue."""
    from urllib.parse import urljoin

    if "://" in address:
        return address
    return urljoin(place, address) if "://" in place else str(Path(place).parent / address)


def is_place(typed: str) -> bool:
    """Return whether what was typed is a web address or a file, not a name of the registry."""
    if "://" in typed or typed.lower().endswith(".json"):
        return True
    try:
        return bool(typed) and Path(typed).is_file()
    except (OSError, ValueError):
        return False
