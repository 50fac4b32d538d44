"""Which licence an address names: the exact ones of rules/licences.yaml, and the forms of a few great vocabularies."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import unquote

from opendata_check.licensing.knowledge import licences
from opendata_check.licensing.tokens import key

_LIMIT = 600
_SCHEME = re.compile(r"^(?:https?:)?(?://)?(?:www\d?\.)?")
_TAIL = re.compile(
    r"/(?:deed|legalcode|rdf|summary)(?:[.-][a-z]{2}(?:[_-][a-z]{2,4})?)?(?:\.txt|\.html)?$|\.(?:html|json|jsonld|rdf)$"
)
_CREATIVE_COMMONS = re.compile(
    r"^creativecommons\.org/(?:licen[sc]es)/(by(?:-nc)?(?:-sa|-nd)?)(?:/(\d\.\d)(?:/(?:[a-z]{2,3}|igo|scotland))?)?$"
)
_CODES = (
    re.compile(r"^publications\.europa\.eu/resource/authority/licence/([a-z0-9_.-]{1,60})$"),
    re.compile(r"^spdx\.org/licen[sc]es/([a-z0-9.+-]{1,60})$"),
    re.compile(r"^(?:opendefinition|opensource)\.org/licen[sc]es?/([a-z0-9.-]{1,60})$"),
    re.compile(r"^dcat-ap\.de/def/licenses/([a-z0-9./-]{1,60})$"),
)
_CELEX = {"32017d0863": "eupl", "32011d0833": "com-reuse"}
_CC_CODE = re.compile(r"^cc-?(by(?:-?nc)?(?:-?(?:sa|nd))?)(?:-(\d)[.-](\d))?(?:-[a-z]{2,4})?$")


def licence_at(address: str) -> tuple[str, bool]:
    """Return the id of the licence an address names, and whether it proves its version; ("", False) when none."""
    bare = _bare(address)
    if not bare:
        return "", False
    found = _known().get(bare) or _known().get(_TAIL.sub("", bare).rstrip("/"))
    if found:
        return found
    for celex, licence in _CELEX.items():
        if bare.startswith("eur-lex.europa.eu/") and celex in address.casefold()[:_LIMIT]:
            return licence, True
    bare = _TAIL.sub("", bare).rstrip("/")
    match = _CREATIVE_COMMONS.match(bare)
    if match:
        return _version(f"cc-{match[1]}", match[2] or ""), True
    for form in _CODES:
        match = form.match(bare)
        if match:
            return licence_coded(match[1]), True
    return "", False


def licence_coded(code: str) -> str:
    """Return the id of the licence of a code (``CC_BYNC_4_0``, ``ODC_BL``, ``CC-BY-3.0-FR``), or ""."""
    folded = code.casefold().replace("_", "-").replace("/", "-")
    match = _CC_CODE.match(folded)
    if match:
        elements = re.sub(r"(?<=[a-z])-?(nc|sa|nd)", r"-\1", match[1])
        return _version(f"cc-{elements}", f"{match[2]}.{match[3]}" if match[2] else "")
    plain = re.sub(r"(?<=\d)-(?=\d)", ".", folded).replace("-", " ")
    return exact_ids().get(key(plain), "")


def _version(base: str, version: str) -> str:
    known = licences()
    return f"{base}-{version}" if f"{base}-{version}" in known else base if base in known else ""


def _bare(address: str) -> str:
    text = _SCHEME.sub("", unquote(address.strip()[:_LIMIT]).casefold())
    return text.split("#")[0].split("?")[0].rstrip("/.,; ")


@cache
def _known() -> dict[str, tuple[str, bool]]:
    exact = {_bare(url): (one.id, True) for one in licences().values() for url in one.urls}
    return exact | {_bare(url): (one.id, False) for one in licences().values() for url in one.home}


@cache
def exact_ids() -> dict[str, str]:
    """Return the licence of each id and title, folded as ``tokens.key`` folds."""
    return {key(name): one.id for one in licences().values() for name in (one.id, one.title, *one.ids, *one.names)}
