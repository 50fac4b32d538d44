"""Writes RDF 1.1 Turtle, subject by subject, so that a long graph never stands in memory.

pyoxigraph can serialise too, but gives the whole graph at once and chooses the order; the two escapes that the syntax
needs are here, and the tests read the result with two independent parsers.
Source: W3C, « RDF 1.1 Turtle », sections 2.4, 6.4 and 6.5; RFC 3987 for the characters of an IRI.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import quote, urlsplit

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})
_KEPT = "!#$%&'()*+,/:;=?@_.~-"
"""What an IRI may hold besides letters and digits; square brackets only stand in the host of IPv6 addresses."""
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}(?::\d{1,5})?")
_CUT = "…"

Triple = tuple[str, str]
"""Predicate and object, as Turtle writes them."""


def prologue() -> str:
    """Return the declarations of prefixes."""
    return "".join(f"@prefix {name}: <{space}> .\n" for name, space in PREFIXES.items()) + "\n"


def iri(address: str) -> str:
    """Return an IRI as Turtle writes it; what no IRI may hold is percent-encoded."""
    return f"<{quote(_LONE_PERCENT.sub('%25', address), safe=_KEPT)}>"


def web_address(address: str | None) -> str:
    """Return an absolute http(s) address as ``iri`` writes it, or "": none, cut, with a password, or an odd host."""
    if not address or _CUT in address:
        return ""
    try:
        parts = urlsplit(address.strip())
        host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(host):
        return ""
    return iri(parts._replace(netloc=host).geturl())


def literal(words: str, language: str = "") -> str:
    """Return a text, with its language when it is known."""
    return f'"{words.translate(_ESCAPED)}"' + (f"@{language}" if language else "")


def day(value: date) -> str:
    """Return an xsd:date."""
    return f'"{value.isoformat()}"^^xsd:date'


def decimal(value: float) -> str:
    """Return an xsd:decimal, of four decimals."""
    return f'"{value:.4f}"^^xsd:decimal'


def whole(value: int) -> str:
    """Return an xsd:nonNegativeInteger."""
    return f'"{max(0, value)}"^^xsd:nonNegativeInteger'


def described(subject: str, triples: Iterable[Triple]) -> str:
    """Return one subject with all that is said of it; objects left empty are not said."""
    lines = [f"    {predicate} {value}" for predicate, value in triples if value]
    return f"{subject}\n" + " ;\n".join(lines) + " .\n\n" if lines else ""
