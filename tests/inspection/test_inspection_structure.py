"""JSON, GeoJSON and XML: well formed or not, where they break, what they hold."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata_check.inspection import structure
from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.json_text.syntax import SyntaxFault, first_fault
from opendata_check.model.content import Content
from opendata_check.model.facts import PersonalDataHint, SpatialFacts, StructureFacts

PATH = {"point": {"type": "Point", "coordinates": [2.35, 48.85]}}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "fichier"


def content_of(path: Path, data: bytes | str) -> Content:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return Content(path, path.name, path.stat().st_size, path.name)


def read(
    path: Path, data: bytes | str, encoding: str = "utf-8"
) -> tuple[StructureFacts, SpatialFacts | None, tuple[PersonalDataHint, ...]]:
    return structure.read_json(content_of(path, data), encoding)


def apart(code: str, argument: Path) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process of its own, which may crash or be weighed."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", code, str(argument)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env=environment)


def collection(*geometries: object, **more: object) -> str:
    features = [{"type": "Feature", "properties": {"nom": "x"}, "geometry": geometry} for geometry in geometries]
    return json.dumps({"type": "FeatureCollection", "features": features, **more})


# JSON


@pytest.mark.parametrize(
    ("text", "root", "items"),
    [
        ("[1, 2, 3]", "array", 3),
        ("[[1, 2], {}]", "array", 2),
        ("[]", "array", 0),
        ('{"a": {"b": [1]}}', "object", None),
        ('{"a": 1, "a": 2}', "object", None),
        ('"texte"', "", None),
        ("[1e400, 123456789012345678901234567890]", "array", 2),
        ('["\\ud800"]', "array", 1),
        ('{"a": 1}\n{"a": 2}\n', "lines", 2),
        ("[1]\n[2]\n[3]", "lines", 3),
    ],
)
def test_a_well_formed_json_says_its_root_and_items(written: Path, text: str, root: str, items: int | None) -> None:
    assert read(written, text)[0] == StructureFacts(True, root=root, item_count=items)


@pytest.mark.parametrize(
    ("text", "words", "line", "column"),
    [
        ("", "vide", 1, 1),
        (" \n ", "vide", 1, 1),
        ("[1,]", "virgule est en trop", 1, 4),
        ('{\n  "a": 1\n  "b": 2\n}', "manque une virgule", 3, 3),
        ('{"a" 1}', "deux-points", 1, 6),
        ("{a: 1}", "guillemets droits", 1, 2),
        ("{'a': 1}", "guillemets droits", 1, 2),
        ("[NaN]", "écrivez null", 1, 2),
        ("[1,\r\n-Infinity]", "écrivez null", 2, 1),
        ("[True]", "écrivez true", 1, 2),
        ("[01]", "nombre est mal écrit", 1, 3),
        ('["a\tb"]', "tabulation", 1, 4),
        ('["\\x"]', "barre oblique", 1, 3),
        ('["\\ud83d\\ude00 \\\\udc00 \\udc00"]', "première moitié", 1, 24),
        ('["été', "guillemet ouvert", 1, 2),
        ('{\n"a": [1', "ouvert à la ligne 2", 2, 8),
        ('{"a": 1}}', "en trop après la fin", 1, 9),
        ("[1}", "croisés", 1, 3),
        ("[1] fin", "suit la fin", 1, 5),
        ("[1] // note", "suit la fin", 1, 5),
        ("[1, /* note */ 2]", "commentaires", 1, 5),
        ("1 2 3", "suit la fin", 1, 3),
        ("a;b;c", "attend ici une valeur", 1, 1),
    ],
)
def test_a_broken_json_says_where_and_why(written: Path, text: str, words: str, line: int, column: int) -> None:
    facts = read(written, text)[0]
    assert not facts.well_formed
    assert words in facts.error
    assert (facts.error_line, facts.error_column) == (line, column)


def test_no_value_of_the_file_is_in_the_message(written: Path) -> None:
    facts = read(written, '{"nom": "Durand" "prenom": "Zoé"}')[0]
    assert "Durand" not in facts.error and "Zoé" not in facts.error


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_an_accented_json_is_read_in_its_encoding(written: Path, encoding: str) -> None:
    assert read(written, '{"é": [1]}'.encode(encoding), encoding)[0].well_formed


def test_a_bom_is_no_fault_whatever_the_encoding_said(written: Path) -> None:
    assert read(written, b"\xef\xbb\xbf[1]", "utf-8")[0].well_formed


def test_a_byte_that_is_not_utf8_is_placed(written: Path) -> None:
    facts = read(written, b'[1,\n"caf\xe9"]')[0]
    assert ("UTF-8" in facts.error, facts.error_line, facts.error_column) == (True, 2, 5)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "n-existe-pas"])
def test_a_text_in_another_encoding_than_said_gets_an_answer(written: Path, encoding: str) -> None:
    assert isinstance(read(written, '{"é": 1'.encode("utf-16-be"), encoding)[0].well_formed, bool)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_a_hundred_levels_are_read_and_no_more(written: Path, opening: str, closing: str) -> None:
    core = "1" if opening != "[" else ""
    assert read(written, opening * 100 + core + closing * 100)[0].well_formed
    facts = read(written, opening * 101 + core + closing * 101)[0]
    assert "100 niveaux" in facts.error
    assert facts.error_column == 100 * len(opening) + 1


def test_a_hundred_thousand_levels_get_a_clean_answer(written: Path) -> None:
    assert "100 niveaux" in read(written, "[" * 100_000)[0].error


@pytest.mark.parametrize("place", [0, 262_144 - 4_000, 262_144 - 2])
def test_a_number_python_refuses_does_not_end_the_process(written: Path, place: int) -> None:
    """ijson's C reader crashes on over 4300 digits: run apart, so that a crash is a failed test."""
    content_of(written, "[" + " " * place + "9" * 5_000 + "]")
    code = (
        "import sys; from pathlib import Path; from opendata_check.inspection.structure import read_json;"
        "from opendata_check.model.content import Content;"
        "print(read_json(Content(Path(sys.argv[1]), '', 0, ''), 'utf-8')[0].well_formed)"
    )
    done = apart(code, written)
    assert (done.returncode, done.stdout.strip()) == (0, "False")


def test_an_endless_text_is_refused(written: Path) -> None:
    assert not read(written, '["' + "a" * 17_000_000 + '"]')[0].well_formed


def test_a_missing_file_gives_a_french_fault(tmp_path: Path) -> None:
    missing = Content(tmp_path / "absent", "absent", 0, "absent")
    with pytest.raises(InspectionError, match="ne peut pas être lu"):
        structure.read_json(missing, "utf-8")
    with pytest.raises(InspectionError, match="ne peut pas être lu"):
        structure.read_xml(missing)


def json_values(text: st.SearchStrategy[str]) -> st.SearchStrategy[object]:
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
        max_leaves=12,
    )


# Damaging what is written with two escapes leaves half a character, which Python accepts and ijson does not.
WITHOUT_PAIRS = json_values(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"])))


def faults(text: str, size: int) -> SyntaxFault | None:
    return first_fault((text[at : at + size] for at in range(0, len(text), size)), several=False)


@given(json_values(st.text()), st.sampled_from([None, 1, "\t"]), st.booleans(), st.integers(1, 40))
def test_what_python_writes_has_no_fault(value: object, indent: int | str | None, ascii_only: bool, size: int) -> None:
    assert faults(json.dumps(value, indent=indent, ensure_ascii=ascii_only), size) is None


@settings(max_examples=400)
@given(WITHOUT_PAIRS, st.data())
def test_a_damaged_text_has_a_fault_exactly_when_python_refuses_it(value: object, data: st.DataObject) -> None:
    text = json.dumps(value, indent=data.draw(st.sampled_from([None, 1])))
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 2))
    text = (
        text[:at] + data.draw(st.sampled_from(["", ",", "]", "}", '"', "\\", "1", "x", ":", "\r\n"])) + text[at + cut :]
    )
    try:
        json.loads(text, parse_constant=lambda name: int(name))
        accepted = True
    except ValueError:
        accepted = False
    fault = faults(text, data.draw(st.integers(1, 40)))
    assert (fault is None) == accepted
    assert fault == faults(text, 1_000_000)


@settings(max_examples=200, deadline=None)
@given(WITHOUT_PAIRS, st.data())
def test_both_readings_agree_on_what_is_well_formed(
    tmp_path_factory: pytest.TempPathFactory, value: object, data: st.DataObject
) -> None:
    text = json.dumps([value])
    at = data.draw(st.integers(0, len(text)))
    text = text[:at] + data.draw(st.sampled_from(["", ",", "]", "}", '"', "\\", "1", "x"])) + text[at:]
    facts = read(tmp_path_factory.mktemp("json") / "a.json", text)[0]
    assert facts.well_formed == (first_fault(iter([text]), several=True) is None)
    assert facts.well_formed or facts.error_line


# GeoJSON


def test_a_collection_says_its_types_count_and_box(written: Path) -> None:
    text = collection(
        {"type": "Point", "coordinates": [2.35, 48.85, 35.0]},
        {"type": "MultiPolygon", "coordinates": [[[[2.0, 48.0], [3.0, 48.0], [3.0, 49.5], [2.0, 48.0]]]]},
        None,
    )
    facts, spatial, _ = read(written, text)
    assert facts.item_count == 3
    assert spatial is not None
    assert (spatial.geometry_types, spatial.feature_count) == (("MultiPolygon", "Point"), 3)
    assert (spatial.bbox, spatial.declared_crs) == ((2.0, 48.0, 3.0, 49.5), "")
    assert (spatial.apparent_crs, spatial.carrier, spatial.has_z) == ("wgs84", "geojson", True)


def test_the_type_may_come_after_the_features(written: Path) -> None:
    text = '{"features": [{"geometry": {"coordinates": [1, 2], "type": "Point"}}], "type": "FeatureCollection"}'
    spatial = read(written, text)[1]
    assert spatial is not None
    assert (spatial.geometry_types, spatial.feature_count, spatial.bbox) == (("Point",), 1, (1.0, 2.0, 1.0, 2.0))


@pytest.mark.parametrize(
    ("name", "crs"),
    [
        ("urn:ogc:def:crs:EPSG::2154", "EPSG:2154"),
        ("EPSG:3948", "EPSG:3948"),
        ("http://www.opengis.net/def/crs/EPSG/0/2154", "EPSG:2154"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("maison\x1b[31m", "maison[31m"),
    ],
)
def test_the_old_crs_member_is_read(written: Path, name: str, crs: str) -> None:
    text = collection(PATH["point"], crs={"type": "name", "properties": {"name": name}})
    spatial = read(written, text)[1]
    assert spatial is not None
    assert spatial.declared_crs == crs


def test_metres_of_lambert93_are_seen_despite_a_point_at_zero(written: Path) -> None:
    text = collection(
        {"type": "Point", "coordinates": [652_469.0, 6_862_035.2]}, {"type": "Point", "coordinates": [0, 0]}
    )
    spatial = read(written, text)[1]
    assert spatial is not None
    assert (spatial.apparent_crs, spatial.bbox) == ("lambert93", (0.0, 0.0, 652_469.0, 6_862_035.2))


def test_latitude_first_is_seen(written: Path) -> None:
    spatial = read(written, collection({"type": "Point", "coordinates": [48.85, 2.35]}))[1]
    assert spatial is not None
    assert spatial.apparent_crs == "swapped"


def test_a_feature_a_geometry_and_lines_of_features_are_maps(written: Path) -> None:
    feature = json.dumps({"type": "Feature", "properties": {}, "geometry": PATH["point"]})
    nested = {"type": "GeometryCollection", "geometries": [PATH["point"], {"type": "LineString", "coordinates": []}]}
    for text, count, types in (
        (feature, 1, ("Point",)),
        (json.dumps(PATH["point"]), 1, ("Point",)),
        (json.dumps(nested), 1, ("GeometryCollection", "LineString", "Point")),
        (f"{feature}\n{feature}\n", 2, ("Point",)),
    ):
        spatial = read(written, text)[1]
        assert spatial is not None, text
        assert (spatial.feature_count, spatial.geometry_types, spatial.bbox) == (count, types, (2.35, 48.85) * 2)


@pytest.mark.parametrize(
    "value",
    [
        {"type": "Topology", "objects": {}},
        {"type": "FeatureCollection"},
        {"features": []},
        [{"type": "Feature"}],
        {"type": ["Feature"], "geometry": None},
        {"coordinates": [1, 2]},
    ],
)
def test_what_only_resembles_a_map_is_none(written: Path, value: object) -> None:
    assert read(written, json.dumps(value))[1] is None


@pytest.mark.parametrize(
    "coordinates", [[], [1], ["2", "48"], [None, 1], [{"x": 1}], [[]], [[1, 2], 3], [1e400, 2], [True, False]]
)
def test_absurd_coordinates_get_an_answer(written: Path, coordinates: object) -> None:
    text = collection({"type": "Point", "coordinates": coordinates}).replace("Infinity", "1e400")
    spatial = read(written, text)[1]
    assert spatial is not None
    assert spatial.geometry_types == ("Point",)


def test_a_truncated_map_is_still_known_as_one(written: Path) -> None:
    text = collection(*[PATH["point"]] * 10)
    facts, spatial, _ = read(written, text[:-40])
    assert not facts.well_formed and facts.error_line == 1
    assert spatial is not None and spatial.geometry_types == ("Point",)


# Personal data


def person(number: int) -> dict[str, object]:
    return {"nom": f"Nom{number}", "prenom": "Zoé", "date_naissance": f"19{50 + number % 50}-01-31"}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([person(number) for number in range(300)]),
        json.dumps({"eleves": [person(number) for number in range(300)]}),
        json.dumps({"a": {"b": [person(number) for number in range(300)]}}),
        "\n".join(json.dumps(person(number)) for number in range(300)),
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {"type": "Feature", "geometry": PATH["point"], "properties": person(number)}
                    for number in range(300)
                ],
            }
        ),
    ],
    ids=["array", "named array", "deeper array", "lines", "features"],
)
def test_birth_dates_are_hinted_with_their_order_and_never_a_value(written: Path, text: str) -> None:
    hints = {hint.kind: hint for hint in read(written, text)[2]}
    assert hints["birth_date"].column == "date_naissance"
    assert (hints["birth_date"].count, hints["birth_date"].rows) == (300, ((1, 300),))
    assert "person_name" in hints
    assert "Nom1" not in repr(hints)


def test_a_label_beyond_the_first_records_costs_nothing(written: Path) -> None:
    records = [{"a": 1}] * 300 + [{f"cle{number}": number} for number in range(3_000)]
    assert read(written, json.dumps(records))[0].item_count == 3_300


def test_nested_names_are_told_by_their_path(written: Path) -> None:
    records = [{"enfant": {"date_naissance": "2015-01-31"}}] * 5
    assert [hint.column for hint in read(written, json.dumps(records))[2]] == ["enfant.date_naissance"]


# XML


@pytest.mark.parametrize(
    ("data", "root"),
    [
        (b"<a/>", "a"),
        (b'<gml:FeatureCollection xmlns:gml="u"><gml:x/></gml:FeatureCollection>', "FeatureCollection"),
        ('<?xml version="1.0" encoding="utf-16"?><é/>'.encode("utf-16"), "é"),
        (b'<?xml version="1.0" encoding="windows-1252"?><a>\xe9\x80</a>', "a"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>', "a"),
    ],
)
def test_a_well_formed_xml_says_its_root(written: Path, data: bytes, root: str) -> None:
    assert structure.read_xml(content_of(written, data)) == StructureFacts(True, root=root)


@pytest.mark.parametrize(
    ("data", "words", "line", "column"),
    [
        (b"", "vide", 1, 1),
        (b"<a>\n<b></a>", "ne correspond pas", 2, 6),
        (b"<a>\n  &</a>", "isolé", 2, 4),
        (b"<a>&eacute;</a>", "entité", 1, 4),
        (b"<a/><b/>", "suit la fin", 1, 5),
        (b'\n<?xml version="1.0"?><a/>', "tout début", 2, 1),
        (b'<?xml version="1.0" encoding="zorglub"?><a/>', "encodage", 1, 31),
        (b'<?xml version="1.0" encoding="shift_jis"?><a/>', "encodage", None, None),
        (b"<a><b>", "", 1, 7),
    ],
)
def test_a_broken_xml_says_where_and_why(
    written: Path, data: bytes, words: str, line: int | None, column: int | None
) -> None:
    facts = structure.read_xml(content_of(written, data))
    assert not facts.well_formed and facts.error
    assert words in facts.error
    if line is not None:
        assert (facts.error_line, facts.error_column) == (line, column)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;',
    ],
)
def test_entities_are_refused(written: Path, declaration: str) -> None:
    facts = structure.read_xml(content_of(written, f"<!DOCTYPE r [{declaration}]><r>&a;</r>"))
    assert not facts.well_formed
    assert "entités" in facts.error


def test_a_billion_laughs_is_refused_at_once(written: Path) -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    facts = structure.read_xml(content_of(written, f'<!DOCTYPE r [<!ENTITY l0 "ha">{levels}]><r>&l9;</r>'))
    assert "entités" in facts.error


def test_nesting_and_endless_tags_are_bounded(written: Path) -> None:
    assert "1000 niveaux" in structure.read_xml(content_of(written, "<a>" * 5_000)).error
    assert "8 millions" in structure.read_xml(content_of(written, '<a b="' + "x" * 9_000_000)).error


def test_damaged_bytes_give_an_answer_and_nothing_else(written: Path) -> None:
    json_source = collection(*[PATH["point"]] * 5, crs={"properties": {"name": "EPSG:2154"}}).encode()
    xml_source = b'<?xml version="1.0"?><a xmlns:b="c"><b:d e="f">g</b:d><!-- h --><![CDATA[i]]></a>'
    for seed in range(600):
        chance = random.Random(seed)
        for source in (json_source, xml_source):
            data = bytearray(source)
            for _ in range(chance.choice([1, 3, 20])):
                data[chance.randrange(len(data))] = chance.choice([0, 255, 34, 60, 91, chance.randrange(256)])
            content = content_of(written, bytes(data))
            if source is json_source:
                structure.read_json(content, chance.choice(["utf-8", "utf-16", "cp1252"]))
            else:
                structure.read_xml(content)


# Real files and real sizes


@pytest.mark.shared
def test_every_real_json_and_xml_is_read(shared: Path) -> None:
    maps = 0
    for path in sorted((shared / "samples/real").rglob("*")):
        content = Content(path, path.name, 0, path.name)
        if path.suffix in (".json", ".geojson"):
            facts, spatial, _ = structure.read_json(content, "utf-8")
            maps += spatial is not None and spatial.apparent_crs == "wgs84"
        elif path.suffix in (".xml", ".kml"):
            facts = structure.read_xml(content)
        else:
            continue
        assert facts.well_formed, f"{path.name} : {facts.error}"
    assert maps >= 4


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="la mémoire se lit dans /proc")
def test_a_map_of_a_hundred_megabytes_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "voirie.geojson"
    line = ",".join(f"[6.{number:07d},48.{number * 3:07d}]" for number in range(8))
    with path.open("w") as file:
        file.write('{"type":"FeatureCollection","features":[')
        for number in range(420_000):
            file.write(
                f'{"," if number else ""}{{"type":"Feature","properties":{{"id":{number},"nom":"Rue {number}"}},'
                f'"geometry":{{"type":"LineString","coordinates":[{line}]}}}}\n'
            )
        file.write("]}")
    assert path.stat().st_size > 100_000_000
    code = (
        "import re, sys; from pathlib import Path; from opendata_check.inspection.structure import read_json;"
        "from opendata_check.model.content import Content;"
        "facts, spatial, _ = read_json(Content(Path(sys.argv[1]), '', 0, ''), 'utf-8');"
        "peak = re.search(r'VmHWM:\\s+([0-9]+) kB', Path('/proc/self/status').read_text());"
        "print(facts.item_count, int(peak[1]) // 1024)"
    )
    items, megabytes = map(int, apart(code, path).stdout.split())
    assert items == 420_000
    assert megabytes < 160  # some 60 are Arrow's code
