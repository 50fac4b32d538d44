"""Judges a file of public contracts, JSON or XML, one contract at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path as FilePath

from opendata_check.standards.capping import capped
from opendata_check.standards.decp import beyond, json_reading, xml_reading
from opendata_check.standards.decp.conformity import Reader, compare
from opendata_check.standards.decp.facts import RULES, Format, Kind, expected_type, format_named
from opendata_check.standards.decp.nodes import Broken, Node, Path, fingerprint, written
from opendata_check.standards.interface import Fault

_MAX_KNOWN = 1_000_000
_CONCESSION_KEYS = frozenset({"autoriteConcedante", "concessionnaires", "dateSignature", "dateDebutExecution"})
_TELLING_KEYS = frozenset(
    {"acheteur", "autoriteConcedante", "codeCPV", "procedure", "titulaires", "concessionnaires", "dateNotification",
     "dateSignature", "datePublicationDonnees", "lieuExecution", "dureeMois", "montant", "valeurGlobale"}
)  # fmt: skip


def recognises(root: str, keys: Iterable[str] = ()) -> bool:
    """Return whether a file holds public contracts.

    ``root`` is the root element of an XML, or the key at the root of a JSON; ``keys`` are those it holds, or those of
    the first contract. « marches » alone may be about market places: it takes its families, or three known keys.
    """
    held = set(keys)
    return root == "marches" and (bool(held & {"marche", "contrat-concession"}) or len(held & _TELLING_KEYS) >= 3)


def validate_json(path: FilePath) -> Iterator[Fault]:
    """Yield what a JSON file of public contracts breaks. Never raises: what cannot be read is a fault.

    Places read « marches[3].titulaires[0] » (2019) or « marches.marche[3] » (2022), counted from 0 as JSON does; rows
    are lines. The version is told from the structure: in 2019 « marches » is a list. Source: 139bercy, schemas 1.5.0
    and 2.0.3.
    """
    return capped(_json(path), _more)


def _more(code: str) -> Fault:
    return RULES.fault("decp.non_liste", field=code)


def _json(path: FilePath) -> Iterator[Fault]:
    judging = _Judging(in_xml=False)
    is_read = False
    try:
        for item in json_reading.items(path):
            is_read = is_read or item.at != ()
            yield from _json_item(item, judging)
        if not is_read and not judging.is_refused:
            yield RULES.fault("decp.racine")
        yield from judging.end()
    except Broken as broken:
        yield _broken(broken)


def _json_item(item: json_reading.Item, judging: _Judging) -> Iterator[Fault]:
    at, node = item.at, item.node
    if node is None:
        if at == ("marches",):
            yield judging.choose("2022" if item.opens == "object" else "2019")
        elif at:
            yield from judging.enter(str(at[-1]), at, item.line)
    elif at == ():
        judging.is_refused = True
        yield RULES.fault("decp.racine", line=node.line)
    elif isinstance(at[-1], str):
        yield from judging.misplace(node, at)
    else:
        yield from judging.contract(node, str(at[-2]), at)


def validate_xml(path: FilePath) -> Iterator[Fault]:
    """Yield what an XML file of public contracts breaks. Never raises: what cannot be read is a fault.

    Places read as in JSON, rows are lines. The version is told from what the first contract holds. Source: 139bercy,
    XSD 2.0.2; of the XSD of 2019 only what JSON Schema 1.5.0 also says is judged.
    """
    return capped(_xml(path), _more)


def _xml(path: FilePath) -> Iterator[Fault]:
    judging = _Judging(in_xml=True)
    try:
        stream = xml_reading.trees(path)
        root = next(stream, None)
        if root is None or root.name != "marches":
            yield RULES.fault("decp.racine", line=root.line if root else 0, value=root.name if root else None)
            return
        counts: dict[str, int] = {}
        for tree in stream:
            if judging.format is None:
                held = {child.name for child in tree.children}
                yield judging.choose("2022" if held & format_named("2022").telling else "2019")
            kind = judging.kind_of(tree.name)
            if kind is None:
                yield RULES.fault("decp.famille_inconnue", part="marches", field=tree.name, line=tree.line)
                continue
            number = counts.get(tree.name, 0)
            counts[tree.name] = number + 1
            yield from judging.contract(xml_reading.node_of(tree, kind), tree.name, ("marches", tree.name, number))
        yield from judging.end()
    except Broken as broken:
        yield _broken(broken)


def _broken(broken: Broken) -> Fault:
    return RULES.fault(broken.code, line=broken.line, remedy=broken.remedy)


class _Judging:
    """What is remembered from one contract to the next."""

    def __init__(self, *, in_xml: bool) -> None:
        self.format: Format | None = None
        self.is_refused = False
        """True when a fault says why no contract was found."""
        self._in_xml = in_xml
        self._families = 0
        self._contracts = 0
        self._identities: set[bytes] = set()
        self._whole: set[bytes] = set()
        self._is_full = False

    def choose(self, name: str) -> Fault:
        """Settle the version of the format, and return the note that says it."""
        self.format = format_named(name)
        return RULES.fault(f"decp.format_{name}")

    def kind_of(self, family: str) -> Kind | None:
        """Return what a contract of that family must be."""
        return self.format.contracts.get(family) if self.format else None

    def enter(self, family: str, at: Path, line: int) -> Iterator[Fault]:
        """Begin a list of contracts (2022)."""
        if self.kind_of(family) is None:
            yield RULES.fault("decp.famille_inconnue", part="marches", field=str(at[-1]), line=line)
        else:
            self._families += 1

    def misplace(self, node: Node, at: Path) -> Iterator[Fault]:
        """Judge what stands where a list of contracts is expected."""
        family = str(at[-1])
        if len(at) > 1 and self.kind_of(family) is None:
            yield RULES.fault("decp.famille_inconnue", part="marches", field=family, line=node.line)
            return
        self.is_refused = True
        self._families += 1
        remedy = expected_type("array", in_xml=False)
        yield RULES.fault("decp.type", part=written(at[:-1]), field=family, line=node.line, remedy=remedy)

    def contract(self, node: Node, family: str, at: Path) -> Iterator[Fault]:
        """Judge one contract."""
        self._contracts += 1
        form = self.format
        if form is None:
            return
        if form.name == "2019" and not self._in_xml:
            yield from self._either(node, form, at)
        else:
            kind = self.kind_of(family)
            if kind is None:
                return  # the family itself is at fault
            yield from self._compare(node, kind, form, at)
        if node.kind == "object":
            yield from beyond.judge_contract(node, form, at)
        yield from self._duplicates(node, form, at)

    def _compare(self, node: Node, kind: Kind, form: Format, at: Path) -> Iterator[Fault]:
        return compare(Reader(form, self._in_xml, beyond.judge), node, kind, at)

    def _either(self, node: Node, form: Format, at: Path) -> Iterator[Fault]:
        """Judge a contract of 2019, which may be of either family: the schema asks that it fits one of them."""
        kinds = [form.contracts["marche"], form.contracts["contrat-concession"]]
        if node.kind == "object" and len(_CONCESSION_KEYS & node.value.keys()) >= 2:
            kinds.reverse()
        likely = list(self._compare(node, kinds[0], form, at))
        if any(one.level == "error" for one in likely):
            other = list(self._compare(node, kinds[1], form, at))
            if not any(one.level == "error" for one in other):
                likely = other
        yield from likely

    def _duplicates(self, node: Node, form: Format, at: Path) -> Iterator[Fault]:
        """Yield when the contract, or its identity, was seen before."""
        if len(self._identities) >= _MAX_KNOWN or len(self._whole) >= _MAX_KNOWN:
            self._is_full = True
            return
        part = written(at)
        if form.name == "2019" and not self._in_xml:
            whole = fingerprint(node)
            if whole in self._whole:
                yield RULES.fault("decp.contrat_repete", part=part, line=node.line)
                return
            self._whole.add(whole)
        pair = beyond.identity(node) if node.kind == "object" else None
        if pair is None:
            return
        key = blake2b("\0".join(pair).encode("utf-8", "replace"), digest_size=16).digest()
        if key in self._identities:
            yield RULES.fault("decp.id_double", part=part, field="id", line=node.line, value=pair[1])
        self._identities.add(key)

    def end(self) -> Iterator[Fault]:
        """Say what only the whole file tells."""
        if self.format is not None and not self._in_xml and not self.is_refused:
            if self.format.name == "2022" and not self._families:
                yield RULES.fault("decp.structure", part="marches")
                return
            if self.format.name == "2019" and not self._contracts:
                yield RULES.fault("decp.aucun_contrat", field="marches")
                return
        if (self.format is not None or self._in_xml) and not self._contracts and not self.is_refused:
            yield RULES.fault("decp.vide")
        if self._is_full:
            yield RULES.fault("decp.non_verifie")
