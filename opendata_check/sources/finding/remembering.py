"""Keeps, from one run to the next, which kind of portal an address turned out to be: finding it costs six requests.

What is kept is the recognised source's own fields as JSON. It counts for thirty days; anything odd in it is as good as
nothing kept. Nothing here raises.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import importlib
import json
import time
import uuid
from pathlib import Path
from typing import Any, get_origin, get_type_hints

from opendata_check import __version__, sources
from opendata_check.sources.finding.kinds import kind_names
from opendata_check.sources.interface import Recognition
from opendata_check.sources.reading import values

_SECONDS = 30 * 24 * 3600
_LARGEST = 20_000
_PLAIN = (str, int, bool, float)


def recall(folder: Path, url: str) -> Recognition | None:
    """Return what an earlier run recognised at ``url``, None when it did not, or too long ago."""
    place = _place(folder, url)
    try:
        if place.stat().st_size > _LARGEST or not 0 <= time.time() - place.stat().st_mtime < _SECONDS:
            return None
        kept = json.loads(place.read_text(encoding="utf-8"))
        if kept["version"] != __version__ or kept["url"] != url or kept["kind"] not in kind_names():
            return None
        module = importlib.import_module(f"{sources.__name__}.{kept['kind']}")
        shape: Any = getattr(module, kept["class"])
        if not (isinstance(shape, type) and dataclasses.is_dataclass(shape)) or shape.__module__ != module.__name__:
            return None
        fields = {name: _value(value) for name, value in kept["fields"].items()}
        hints = get_type_hints(shape)
        if not all(_fits(value, hints[name]) for name, value in fields.items()):
            return None
        source: Any = shape(**fields)
        shown = bool(source.label)  # a scope of no known kind has no words
        return Recognition(source, values.text(kept["ground"]), values.text(kept["scope"])) if shown else None
    except (OSError, ValueError, KeyError, NameError, TypeError, AttributeError, RecursionError):
        return None


def remember(folder: Path, url: str, found: Recognition) -> None:
    """Keep what was recognised at ``url``; a source that holds more than plain values is not kept."""
    source: Any = found.source
    if not dataclasses.is_dataclass(source):
        return
    fields = {field.name: getattr(source, field.name) for field in dataclasses.fields(source)}
    if not all(_is_plain(value) for value in fields.values()):
        return
    kept = {
        "version": __version__,
        "url": url,
        "kind": type(source).__module__.rpartition(".")[2],
        "class": type(source).__name__,
        "fields": fields,
        "ground": found.ground,
        "scope": found.scope,
    }
    place = _place(folder, url)
    draft = place.with_name(f".{uuid.uuid4().hex}.part")
    with contextlib.suppress(OSError, ValueError):
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)


def _place(folder: Path, url: str) -> Path:
    return folder / "portails" / f"{hashlib.sha256(url.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}.json"


def _is_plain(value: Any) -> bool:
    """Return True for what JSON gives back as it was: plain values, and tuples of them."""
    if isinstance(value, tuple):
        return all(_is_plain(item) for item in value)
    return value is None or type(value) in _PLAIN


def _fits(value: Any, hint: Any) -> bool:
    """Return True for a value of the type a field is said to have: a plain one, or pairs of texts."""
    if get_origin(hint) is tuple:
        pairs = value if isinstance(value, tuple) else (None,)
        return all(isinstance(pair, tuple) and [type(item) for item in pair] == [str, str] for pair in pairs)
    return type(value) is hint


def _value(value: Any) -> Any:
    """Return a kept value with its tuples back."""
    return tuple(_value(item) for item in value) if isinstance(value, list) else value
