"""A stand-in for the Solr that CKAN needs: no Solr package exists here (it is a Java server, neither in Debian nor on PyPI).

It holds CKAN's documents in memory and answers the few calls that CKAN makes: ``/update`` (add, delete), ``/select`` and
the schema. What is specific to it, and is not as the real Solr does:

- words are compared whole, without case or accents: no stemming, no synonyms, no n-grams, no fuzziness, no boost;
- there is no relevance: ``score`` sorts nothing, ``mm``, ``qf``, ``tie`` and ``bf`` are not read, every word must match;
- a field of type ``text`` (title, notes, author…) matches by words, any other by its whole value, with case;
- ``[a TO b]`` compares texts, which suits ISO dates only; ``{!…}`` parsers (geographic ones too) are refused;
- facets are counted, never paged; nothing is highlighted, grouped, suggested; commits do nothing, since all is seen at once.

So a test on it says how CKAN pages, filters, hides and describes, and nothing about which words find which dataset.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

Doc = dict[str, Any]
Match = Callable[[Doc], bool]

_TEXT_FIELDS = frozenset({"text", "title", "notes", "author", "author_email", "maintainer", "maintainer_email", "urls"})
_SEARCHED = ("title", "name", "notes", "tags", "groups", "organization", "res_name", "res_description", "author")
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<open>\() | (?P<close>\)) | (?P<sign>[+\-!]) | (?P<and>AND\b|&&) | (?P<or>OR\b|\|\|) | (?P<not>NOT\b)
      | (?P<field>[\w.\-*]+):(?=\S) | (?P<range>[\[{][^\]}]*[\]}]) | "(?P<phrase>(?:[^"\\]|\\.)*)" | (?P<word>(?:[^\s()"\\]|\\.)+)
    )""",
    re.VERBOSE,
)


class QueryError(Exception):
    """A query or sort that Solr would refuse with a 400."""


def _values(doc: Doc, name: str) -> list[str]:
    value = doc.get(name)
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.findall(r"\w+", plain)


def _has_words(wanted: list[str], texts: list[str]) -> bool:
    found = set(_words(" ".join(texts)))
    return all(word in found for word in wanted)


def _leaf(name: str, text: str) -> Match:
    """Match one word or phrase in one field, or anywhere when ``name`` is ""."""
    text = re.sub(r"\\(.)", r"\1", text)
    if text == "*":
        return (lambda doc: bool(_values(doc, name))) if name not in ("", "*") else (lambda doc: True)
    if not name or name == "text":
        wanted = _words(text)
        return lambda doc: _has_words(wanted, [value for column in _SEARCHED for value in _values(doc, column)])
    if name in _TEXT_FIELDS:
        wanted = _words(text)
        return lambda doc: _has_words(wanted, _values(doc, name))
    if "*" in text:
        pattern = re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL)
        return lambda doc: any(pattern.fullmatch(value) for value in _values(doc, name))
    return lambda doc: text in _values(doc, name)


def _range(name: str, text: str) -> Match:
    bounds = re.fullmatch(r"[\[{]\s*(\S+)\s+TO\s+(\S+)\s*[\]}]", text)
    if bounds is None:
        raise QueryError(f"Cannot parse '{text}'")
    low, high = bounds[1].strip('"'), bounds[2].strip('"')
    return lambda doc: any(low in ("*", min(low, v)) and high in ("*", max(high, v)) for v in _values(doc, name))


class _Parser:
    """Lucene's query language, as far as CKAN's queries go: signs, AND, OR, NOT, groups, fields, phrases, ranges."""

    def __init__(self, query: str) -> None:
        if query.lstrip().startswith("{!"):
            raise QueryError("no local parameters in this stand-in")
        self._tokens: list[tuple[str, str]] = []
        position, query = 0, query.strip()
        while position < len(query):
            found = _TOKEN.match(query, position)
            if found is None:
                raise QueryError(f"Cannot parse '{query}'")
            kind = str(found.lastgroup)
            self._tokens.append((kind, found[kind]))
            position = found.end()

    def parse(self) -> Match:
        match = self._any("")
        if self._tokens:
            raise QueryError("unbalanced parenthesis")
        return match

    def _peek(self) -> str:
        return self._tokens[0][0] if self._tokens else "close"

    def _any(self, name: str) -> Match:
        """Clauses joined by OR; without a word between them they are joined by AND (``q.op=AND``)."""
        choices = [self._all(name)]
        while self._peek() == "or":
            self._tokens.pop(0)
            choices.append(self._all(name))
        return choices[0] if len(choices) == 1 else lambda doc: any(choice(doc) for choice in choices)

    def _all(self, name: str) -> Match:
        parts: list[Match] = []
        while self._peek() not in ("close", "or"):
            if self._peek() == "and":
                self._tokens.pop(0)
                continue
            parts.append(self._clause(name))
        return lambda doc: all(part(doc) for part in parts)

    def _clause(self, name: str) -> Match:
        kind, text = self._tokens.pop(0)
        if kind in ("sign", "not"):
            inner = self._clause(name)
            return inner if text == "+" else lambda doc: not inner(doc)
        if not self._tokens and kind in ("open", "field"):
            raise QueryError("the query ends too early")
        if kind == "field":
            return self._clause(text)
        if kind == "open":
            inner = self._any(name)
            if not self._tokens:
                raise QueryError("unbalanced parenthesis")
            self._tokens.pop(0)
            return inner
        return _range(name, text) if kind == "range" else _leaf(name, text)


def _sorted(docs: list[Doc], spec: str) -> list[Doc]:
    for part in reversed([part.split() for part in spec.split(",") if part.strip()]):
        if len(part) != 2 or part[1] not in ("asc", "desc"):
            raise QueryError(f"Can't determine a Sort Order (asc or desc) in sort spec '{spec}'")
        if part[0] != "score":
            docs.sort(key=lambda doc: _values(doc, part[0])[:1], reverse=part[1] == "desc")
    return docs


@dataclass
class FakeSolr:
    """The stand-in: its address and what it holds, by ``index_id``."""

    url: str = ""
    schema: bytes = b""
    docs: dict[str, Doc] = field(default_factory=dict)

    def update(self, body: str) -> None:
        """Add or delete what an ``/update`` says, in JSON or XML."""
        if body.lstrip().startswith("<"):
            root = ElementTree.fromstring(body)
            queries = [query.text or "" for query in root.iter("query")]
            queries += [f'index_id:"{found.text}"' for found in root.iter("id")]
            for query in queries if root.tag == "delete" else []:
                self.delete(query)
            return
        said = json.loads(body or "[]")
        for doc in said if isinstance(said, list) else [said["add"]["doc"]] if "add" in said else []:
            self.docs[doc["index_id"]] = doc

    def delete(self, query: str) -> None:
        """Delete what ``query`` matches."""
        match = _Parser(query).parse()
        for key in [key for key, doc in self.docs.items() if match(doc)]:
            del self.docs[key]

    def select(self, asked: dict[str, list[str]]) -> dict[str, Any]:
        """Return what a ``/select`` answers. Raises QueryError."""

        def first(name: str, default: str) -> str:
            return (asked.get(name) or [default])[0]

        matches = [_Parser(query).parse() for query in [first("q", "*:*"), *asked.get("fq", [])] if query.strip()]
        found = _sorted(
            [doc for doc in list(self.docs.values()) if all(match(doc) for match in matches)], first("sort", "")
        )
        start, rows = int(first("start", "0")), int(first("rows", "10"))
        shown = re.split(r"[\s,]+", first("fl", "*").strip())
        page = [{k: v for k, v in doc.items() if "*" in shown or k in shown} for doc in found[start : start + rows]]
        return {
            "responseHeader": {"status": 0, "QTime": 1},
            "response": {"numFound": len(found), "start": start, "numFoundExact": True, "docs": page},
            "facet_counts": {"facet_queries": {}, "facet_fields": _facets(found, asked), "facet_ranges": {}},
        }


def _facets(docs: list[Doc], asked: dict[str, list[str]]) -> dict[str, list[Any]]:
    facets: dict[str, list[Any]] = {}
    for name in asked.get("facet.field", []):
        counted = Counter(value for doc in docs for value in _values(doc, name))
        facets[name] = [part for pair in counted.most_common() for part in pair]
    return facets


def _handler(solr: FakeSolr, lock: threading.Lock) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

        def _answer(self, body: str) -> None:
            parts = urlsplit(self.path)
            action = parts.path.rstrip("/").rpartition("/")[2]
            if action in ("schema", "file"):
                self._send(200, solr.schema, "text/xml")
                return
            try:
                with lock:
                    if action == "update":
                        solr.update(body)
                        answer: dict[str, Any] = {"responseHeader": {"status": 0, "QTime": 1}}
                    else:
                        answer = solr.select(parse_qs(parts.query) | parse_qs(body))
            except QueryError as error:
                answer = {"responseHeader": {"status": 400}, "error": {"msg": str(error), "code": 400}}
            status = 400 if "error" in answer else 200
            self._send(status, json.dumps(answer).encode(), "application/json;charset=utf-8")

        def _send(self, status: int, body: bytes, media_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@contextmanager
def fake_solr(schema: Path, kept: Path) -> Iterator[FakeSolr]:
    """Serve the stand-in until the block ends; what ``kept`` holds is there at once.

    The caller writes ``kept`` (JSON, the documents by id) when it has loaded what it wants to find again.
    """
    docs = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    solr = FakeSolr(schema=schema.read_bytes(), docs=docs)

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), _handler(solr, threading.Lock()))
    solr.url = f"http://127.0.0.1:{server.server_address[1]}/solr/ckan"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield solr
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
