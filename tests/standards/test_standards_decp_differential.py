"""Public contracts: our reading of the national schema says what jsonschema says, place by place."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema  # type: ignore[import-untyped]
import pytest

from opendata_check.standards import decp
from opendata_check.standards.decp.facts import RULES, Kind, format_named

Places = set[str]

SCHEMAS = {
    "2022": "schemas/_repos/139bercy+format-commande-publique/schema_decp_v2.0.3.json",
    "2019": "schemas/139bercy__format-commande-publique/1.5.0.json",
}
REAL = [
    "samples/examples/139bercy+format-commande-publique/exemples__json__concessions.json",
    "samples/examples/139bercy+format-commande-publique/exemples__json__marches_avec_modifications.json",
    "samples/examples/139bercy+format-commande-publique/exemples__json__marches_concessions.json",
    "portals/decp/002_modification_montant.json",
    "portals/decp/decp_test_2019.json",
    "portals/decp/decp_test_2022.json",
    "samples/real/ColinMaudry+decp-processing/tests__data__decp_test_2019.json",
    "samples/real/megalis-bretagne+decp-validation/decp-59920013600241-2024-07-09-01.json",
    "samples/real/dataforgoodfr+13_eclaireur_public/back__tests__inputs__ci_raw_marches.json",
    "samples/real/dataforgoodfr+13_eclaireur_public/back__tests__data__marches_publics__"
    "34ad127d2c6e13d4d3f50f75c4ddff0559c908a7f6147e7c4d344fb035a26683__raw.json",
]


class Judge:
    """jsonschema with the national schemas."""

    def __init__(self, shared: Path) -> None:
        self._whole: dict[str, Any] = {}
        self._families: dict[str, Any] = {}
        for name, path in SCHEMAS.items():
            schema = json.loads((shared / path).read_text("utf-8"))
            kind = jsonschema.validators.validator_for(schema)
            self._whole[name] = kind(schema)
            if name == "2019":
                for family in ("marche", "contrat-concession"):
                    self._families[family] = kind({**schema, "properties": {}, "$ref": f"#/definitions/{family}"})

    def places(self, document: Any) -> list[Places]:
        """Return the places at fault; several sets when the schema lets a contract be of either family."""
        name = "2019" if isinstance(document.get("marches"), list) else "2022"
        found: list[Places] = [set()]
        for error in self._whole[name].iter_errors(document):
            path = list(error.absolute_path)
            if error.validator == "anyOf" and name == "2019":
                contract = document["marches"][path[1]]
                either = [set(_places(self._families[family].iter_errors(contract), path)) for family in self._families]
                found = [done | one for done in found for one in either]
            else:
                found = [done | set(_places([error], [])) for done in found]
        return found


def _places(errors: Any, prefix: list[Any]) -> Iterator[str]:
    for error in errors:
        path = [*prefix, *error.absolute_path]
        if error.validator == "required":
            yield from (written([*path, key]) for key in error.validator_value if key not in error.instance)
        elif error.validator == "additionalProperties":
            known = error.schema["properties"]
            yield from (written([*path, key]) for key in error.instance if key not in known)
        else:
            yield written(path)


def written(path: list[Any]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def ours(path: Path) -> Places:
    places: Places = set()
    for fault in decp.validate_json(path):
        rule = RULES.rules[fault.code]
        assert fault.level == rule.level
        if not rule.beyond:
            whole = "".join(f".{piece}" for piece in (fault.part, fault.field) if piece)
            places.add(".marches" if fault.code == "decp.contrat_repete" else whole)
    return places


def agree(judge: Judge, document: Any, path: Path) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
    found, expected = ours(path), judge.places(document)
    closest = min(expected, key=lambda one: len(one ^ found))
    assert found == closest, (
        f"\nseulement nous : {sorted(found - closest)}\nseulement jsonschema : {sorted(closest - found)}"
    )


@pytest.fixture(scope="module")
def judge(shared: Path) -> Judge:
    return Judge(shared)


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL, ids=lambda name: name.rsplit("/", 1)[-1][:50])
def test_real_files_are_faulted_where_jsonschema_faults_them(
    name: str, judge: Judge, shared: Path, tmp_path: Path
) -> None:
    not_json: list[str] = []
    document = json.loads((shared / name).read_text("utf-8"), parse_constant=not_json.append)
    if not_json:  # NaN, which Python reads: we say it is no JSON, then the rest is judged with null in its place
        assert [fault.code for fault in decp.validate_json(shared / name)][-1] == "decp.json"
    agree(judge, document, tmp_path / "marches.json")


SCALARS: list[Any] = [
    None,
    True,
    0,
    1,
    -1,
    12.0,
    0.5,
    2,
    "",
    "x",
    "12",
    "2024-05-15",
    "Sans objet",
    "Marché",
    "x" * 1001,
    [],
    {},
    [[]],
]


def mutate(document: Any, rng: random.Random) -> None:
    """Damage one place of a document."""
    holders = list(_holders(document))
    holder = rng.choice(holders)
    keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    deed = rng.choice(["remove", "replace", "replace", "double", "add", "copy"])
    if deed == "add" and isinstance(holder, dict):
        holder[rng.choice(["inconnu", "_type", "uid", "nom", "modifications", "titulaires"])] = rng.choice(SCALARS)
    elif not keys:
        return
    elif deed == "remove":
        del holder[rng.choice(keys)]
    elif deed == "double" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[0]))
    elif deed == "copy":
        other = rng.choice(holders)
        holder[rng.choice(keys)] = copy.deepcopy(other)
    else:
        holder[rng.choice(keys)] = copy.deepcopy(rng.choice(SCALARS))


def _holders(value: Any) -> Iterator[Any]:
    """Yield the objects and lists from « marches » down; the root itself is not damaged here."""
    for child in value.values() if isinstance(value, dict) else value:
        if isinstance(child, dict | list):
            yield child
            yield from _holders(child)


@pytest.mark.shared
@pytest.mark.parametrize("seed", range(6))
def test_damaged_contracts_are_faulted_where_jsonschema_faults_them(
    seed: int, judge: Judge, shared: Path, tmp_path: Path
) -> None:
    rng = random.Random(seed)
    bases = [json.loads((shared / name).read_text("utf-8")) for name in (REAL[0], REAL[1], REAL[2], REAL[3])]
    for _ in range(150):
        document = copy.deepcopy(rng.choice(bases))
        for _ in range(rng.randint(1, 4)):
            mutate(document, rng)
        agree(judge, document, tmp_path / "marches.json")


# XML: no validator of XSD is at hand, so the XSD itself is read and compared with our facts, element by element

XS = "{http://www.w3.org/2001/XMLSchema}"


def children_of(element: Any) -> Iterator[Any]:
    """Yield the elements that an element of the XSD holds, not theirs."""
    for child in element:
        if child.tag == f"{XS}element":
            yield child
        elif child.tag in (f"{XS}complexType", f"{XS}sequence", f"{XS}all"):
            yield from children_of(child)


def facets_of(element: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for child in element:
        if child.tag != f"{XS}complexType":
            for facet in child.iter():
                found.setdefault(facet.tag.removeprefix(XS), set()).add(facet.get("value") or facet.get("base") or "")
    return found


def compare_with_xsd(element: Any, kind: Kind, at: str, seen: list[str]) -> None:
    """Assert that an element of the XSD says what our facts say."""
    seen.append(at)
    inner = list(children_of(element))
    if kind.keys is not None:
        assert {child.get("name") for child in inner} == set(kind.keys), at
        required = {child.get("name") for child in inner if child.get("minOccurs") != "0"}
        assert required == set(kind.required), at
        for child in inner:
            compare_with_xsd(child, kind.keys[child.get("name")], f"{at}/{child.get('name')}", seen)
        return
    if kind.type == "array" and not kind.repeated:
        (item,) = inner
        assert item.get("name") == kind.element, at
        assert (item.get("minOccurs") == "0") == (kind.min_items == 0) or kind.min_items == 0, at
        assert kind.items is not None
        wrapped = (kind.items.keys or {})[kind.wrapper] if kind.wrapper else kind.items
        compare_with_xsd(item, wrapped, f"{at}/{kind.element}", seen)
        return
    single = kind.items if kind.repeated and kind.items is not None else kind
    facets = facets_of(element)
    if single.type == "boolean":
        assert facets["enumeration"] == {"oui", "non", "true", "false", "0", "1"}, at
        return
    assert facets.get("enumeration", set()) == set(single.enum), at
    assert (element.get("type") == "xs:date" or "xs:date" in facets.get("restriction", set())) == (
        single.rule == "date"
    ), at
    base = {"integer": "xs:integer", "number": "xs:decimal"}.get(single.type)
    assert base is None or base in facets["restriction"], at
    for facet, value in (
        ("maxLength", single.max_length),
        ("minInclusive", single.minimum),
        ("maxInclusive", single.maximum),
    ):
        known = facets.get(facet, set()) - ({"0"} if single.empty_in_xml and facet == "maxLength" else set())
        assert known == ({str(value)} if value is not None else set()), (at, facet)


@pytest.mark.shared
@pytest.mark.parametrize("family", ["marche", "contrat-concession"])
def test_our_facts_are_those_of_the_xsd(family: str, shared: Path) -> None:
    root = ElementTree.parse(
        shared / "schemas/_repos/139bercy+format-commande-publique/schema_decp_v2.0.2.xsd"
    ).getroot()
    element = next(child for child in root if child.get("name") == family)
    seen: list[str] = []
    compare_with_xsd(element, format_named("2022").contracts[family], family, seen)
    assert len(seen) > 30
