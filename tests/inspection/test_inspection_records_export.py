"""Records of JSON, GeoJSON and Parquet become the rows of a table: nothing lost, nothing invented, within bounds."""

from __future__ import annotations

import csv
import datetime as dt
import decimal
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendata_check.inspection import InspectionError, inspect, parquet_rows, records_as_csv, records_export
from opendata_check.inspection.json_text import items as json_items
from opendata_check.model.content import Content


def content_of(path: Path) -> Content:
    return Content(path=path, name=path.name, byte_size=path.stat().st_size, origin=path.name)


def exported(path: Path) -> list[list[str]]:
    """Return the table made of a file, header first; the facts agree with it."""
    content = content_of(path)
    facts = inspect(content)
    with records_as_csv(content, facts) as (table, described):
        text = table.path.read_text(encoding="utf-8")
        folder = table.path.parent
        rows = list(csv.reader(text.split("\n")[:-1], strict=True))
        assert described.table is not None
        assert described.text is not None
        assert list(described.table.labels) == rows[0]
        assert (described.envelope.detected, described.text.encoding) == ("csv", "utf-8")
        assert (table.name, table.byte_size) == (path.name, table.path.stat().st_size)
    assert not folder.exists()
    return rows


def of_json(tmp_path: Path, text: str | bytes, name: str = "t.json") -> list[list[str]]:
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return exported(tmp_path / name)


# --- JSON -----------------------------------------------------------------------------------------------------------

ROWS = [["a", "b"], ["1", "x"], ["2", ""]]


@pytest.mark.parametrize(
    "text",
    [
        '[{"a":1,"b":"x"},{"a":2,"b":null}]',
        '[{"a":1,"b":"x"},{"a":2}]',
        '  \n[\n {"a": 1, "b": "x"},\n {"a": 2}\n]\n',
        '{"total":2,"lignes":[{"a":1,"b":"x"},{"a":2}]}',
        '{"parametres":{"facettes":["a","b"]},"lignes":[{"a":1,"b":"x"},{"a":2}],"autres":[{"z":1}]}',
        '{"reponse":{"lignes":[{"a":1,"b":"x"},{"a":2}]}}',
        '[3,{"a":1,"b":"x"},[4],null,{"a":2}]',
    ],
)
def test_records_are_found_whatever_wraps_them(text: str, tmp_path: Path) -> None:
    assert of_json(tmp_path, text) == ROWS


@pytest.mark.parametrize(
    "text", ['{"a":1,"b":"x"}\n{"a":2}\n', '{"a":1,"b":"x"}\n\n{"a":2}', '{"a":1,\n"b":"x"} {"a":2}']
)
def test_objects_one_after_the_other_are_records(text: str, tmp_path: Path) -> None:
    assert of_json(tmp_path, text) == ROWS


def test_one_object_alone_is_a_record_when_the_name_says_so(tmp_path: Path) -> None:
    assert of_json(tmp_path, '{"a":1,"b":"x"}', "t.jsonl") == ROWS[:2]
    with pytest.raises(InspectionError, match="liste"):
        of_json(tmp_path, '{"a":1,"b":"x"}')


def test_a_first_line_of_more_than_a_block_is_read(tmp_path: Path) -> None:
    long = "x" * 100_000
    assert of_json(tmp_path, f'{{"a":"{long}"}}\n{{"a":"y"}}\n') == [["a"], [long], ["y"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_the_encoding_of_a_json_is_followed(encoding: str, tmp_path: Path) -> None:
    text = json.dumps([{"été": "à Noël, l'œuvre"}] * 20, ensure_ascii=False)
    assert of_json(tmp_path, text.encode(encoding))[1] == ["à Noël, l'œuvre"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("null", ""),
        ("true", "true"),
        ("false", "false"),
        ("12", "12"),
        ("-0.10", "-0.10"),
        ("1e5", "1E+5"),
        ("12345678901234567890", "12345678901234567890"),
        ('"x"', "x"),
        ('"deux\\nlignes\\r\\n"', "deux lignes  "),
        ('"\\u00e9 \\"cité\\", ; "', 'é "cité", ; '),
        ('{"x":1.50,"é":[true,null]}', '{"x": 1.5, "é": [true, null]}'),
        ("[1.5,2]", "[1.5, 2]"),
        ("[]", "[]"),
        ("{}", "{}"),
    ],
)
def test_a_value_is_written_as_a_cell_of_one_line(value: str, cell: str, tmp_path: Path) -> None:
    assert of_json(tmp_path, f'[{{"a":{value},"b":0}}]') == [["a", "b"], [cell, "0"]]


def test_keys_met_late_widen_the_rows_before(tmp_path: Path) -> None:
    text = '[{"a":1},{"b":"x,y\\nz"},{},{"c":3,"a":4}]'
    assert of_json(tmp_path, text) == [["a", "b", "c"], ["1", "", ""], ["", "x,y z", ""], ["", "", ""], ["4", "", "3"]]


def test_a_key_with_a_line_break_or_no_name_stays_on_one_line(tmp_path: Path) -> None:
    assert of_json(tmp_path, '[{"a\\nb":1,"":2}]') == [["a b", ""], ["1", "2"]]


VALUES = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(max_size=10)


@given(records=st.lists(st.dictionaries(st.text(max_size=5), VALUES, max_size=5), min_size=1, max_size=8))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_value_is_found_again(records: list[dict[str, Any]], tmp_path: Path) -> None:
    keys = list(dict.fromkeys(key for record in records for key in record))
    if not keys:
        return
    path = tmp_path / "t.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    content = content_of(path)
    with (
        records_as_csv(content, inspect(content)) as (table, _),
        table.path.open(encoding="utf-8", newline="") as stream,
    ):
        rows = list(csv.reader(stream))
    expected = [[json_items.as_cell(record.get(key)) for key in keys] for record in records]
    safe = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in expected]
    assert rows[1:] == safe


# --- GeoJSON --------------------------------------------------------------------------------------------------------


def feature(properties: Mapping[str, Any] | None, **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [6, 48]}, "properties": properties, **more}


def test_the_records_of_a_map_are_the_properties_of_its_features(tmp_path: Path) -> None:
    value = {
        "type": "FeatureCollection",
        "bbox": [1, 2, 3, 4],
        "crs": {"type": "name", "properties": {"name": "EPSG:4326"}, "links": [{"z": 1}]},
        "features": [feature({"a": 1, "b": "x"}, id=7), feature({"a": 2})],
    }
    assert of_json(tmp_path, json.dumps(value), "t.geojson") == ROWS
    assert of_json(tmp_path, json.dumps(value), "t.json") == ROWS


def test_features_one_a_line_are_read_the_same(tmp_path: Path) -> None:
    text = "\n".join(map(json.dumps, [feature({"a": 1, "b": "x"}), feature({"a": 2})]))
    assert of_json(tmp_path, text, "t.geojsonl") == ROWS


def test_a_feature_without_properties_is_not_hidden(tmp_path: Path) -> None:
    value = {"type": "FeatureCollection", "features": [feature({"a": 1}), feature(None)]}
    rows = of_json(tmp_path, json.dumps(value))
    assert len(rows) == 3


def test_an_ordinary_record_may_have_a_geometry_and_properties(tmp_path: Path) -> None:
    text = '[{"type":"parc","geometry":{"x":1},"properties":{"a":1}}]'
    assert of_json(tmp_path, text) == [["type", "geometry", "properties"], ["parc", '{"x": 1}', '{"a": 1}']]


# --- personal data --------------------------------------------------------------------------------------------------


def test_hints_of_personal_data_follow_the_name_of_the_column(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    record = {"lieu": {"nom": "Nancy", "code": 1}, "x": 1, "contact": {"courriel": "jeanne.martin@gmail.com"}, "nir": 5}
    path.write_text(json.dumps([record] * 5), encoding="utf-8")
    content = content_of(path)
    with records_as_csv(content, inspect(content)) as (_, described):
        assert {(hint.column, hint.letter) for hint in described.personal} == {("contact", "")}


# --- bounds ---------------------------------------------------------------------------------------------------------


def test_a_record_a_row_and_a_whole_table_have_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_items, "_MAX_RECORD", 200_000)
    small = json.dumps([{"a": "x" * 1_000}] * 1_000)
    assert len(of_json(tmp_path, small)) == 1_001
    large = json.dumps([{"a": 1}, {"a": ["x" * 1_000] * 300}])
    with pytest.raises(InspectionError, match="n° 2 est démesuré"):
        of_json(tmp_path, large)
    monkeypatch.setattr(records_export, "_FREE_WRITTEN", 10_000)
    monkeypatch.setattr(records_export, "_MAX_RATIO", 1)
    with pytest.raises(InspectionError, match="démesuré une fois mis en tableau"):
        of_json(tmp_path, "\n".join(f'{{"k{n}":1}}' for n in range(500)))


def test_what_wraps_the_records_may_be_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_items, "_MAX_RECORD", 200_000)
    text = json.dumps({"lisez-moi": ["x" * 1_000] * 900, "lignes": [{"a": 1, "b": "x"}, {"a": 2}]})
    assert of_json(tmp_path, text) == ROWS


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[{"a":1},', "ligne 1, caractère 10"),
        ('[\n{"a":1},\n{"a":}\n]', "ligne 3"),
        ("[" * 300, "imbrication"),
        ('[{"a":' + "9" * 5_000 + "}]", "démesuré"),
        ("[]", "aucun enregistrement"),
        ("[{}]", "aucun enregistrement"),
        ('{"a":[1,2]}', "liste d'enregistrements"),
        ('{"type":"FeatureCollection","features":[]}', "liste d'enregistrements"),
    ],
)
def test_a_json_without_records_is_refused_with_the_reason(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(InspectionError) as refused:
        of_json(tmp_path, text)
    assert reason in str(refused.value)
    assert str(refused.value).startswith("t.json")


# --- Parquet --------------------------------------------------------------------------------------------------------


def of_parquet(tmp_path: Path, columns: Mapping[str, Any], **options: Any) -> list[list[str]]:
    pq.write_table(pa.table(dict(columns)), tmp_path / "t.parquet", **options)
    return exported(tmp_path / "t.parquet")


@pytest.mark.parametrize(
    ("values", "cells"),
    [
        (pa.array([1, None]), ["1", ""]),
        (pa.array([1.5, None]), ["1.5", ""]),
        (pa.array([True, None]), ["true", ""]),
        (pa.array(["a\nb", None]), ["a b", ""]),
        (pa.array([b"abc", None]), ["abc", ""]),
        (pa.array(["x", "x"]).dictionary_encode(), ["x", "x"]),
        (pa.array([decimal.Decimal("1.10"), None]), ["1.10", ""]),
        (pa.array([dt.date(2024, 1, 31), None]), ["2024-01-31", ""]),
        (pa.array([dt.datetime(2024, 1, 31, 10), None]), ["2024-01-31T10:00:00", ""]),
        (
            pa.array([dt.datetime(2024, 1, 31, 10, 0, 0, 120_000)] * 2, pa.timestamp("ns")),
            ["2024-01-31T10:00:00.12"] * 2,
        ),
        (
            pa.array([dt.datetime(2024, 1, 31, 10)] * 2, pa.timestamp("us", tz="Europe/Paris")),
            ["2024-01-31T10:00:00Z"] * 2,
        ),
        (pa.array([dt.time(10, 30), None]), ["10:30:00", ""]),
        (pa.array([[1, 2], None]), ["[1, 2]", ""]),
        (pa.array([["a"], None]), ['["a"]', ""]),
        (pa.array([{"a": 1.5, "b": "x"}, None]), ['{"a": 1.5, "b": "x"}', ""]),
        (pa.nulls(2), ["", ""]),
    ],
    ids=str,
)
def test_a_parquet_value_is_written_as_a_cell(values: Any, cells: list[str], tmp_path: Path) -> None:
    rows = of_parquet(tmp_path, {"a": values, "b": [1, 2]})
    assert rows == [["a", "b"], [cells[0], "1"], [cells[1], "2"]]


def test_a_parquet_in_pieces_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_rows, "_BATCH_BYTES", 100)
    columns = {
        "a": [f"v{n % 7}" for n in range(1_000)],
        "b": list(range(1_000)),
        "c": [["x", f"{n}"] for n in range(1_000)],
    }
    rows = of_parquet(tmp_path, columns, row_group_size=130)
    assert rows[1:] == [[f"v{n % 7}", str(n), f'["x", "{n}"]'] for n in range(1_000)]


def test_a_parquet_without_rows_keeps_its_header(tmp_path: Path) -> None:
    assert of_parquet(tmp_path, {"a": pa.array([], pa.string()), "b\nc": pa.array([], pa.int64())}) == [["a", "b c"]]


def test_a_parquet_that_is_none_or_huge_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InspectionError, match="n'a pas de colonnes"):
        of_parquet(tmp_path, {})
    monkeypatch.setattr(parquet_rows, "_MAX_ROWS", 10)
    with pytest.raises(InspectionError, match="démesuré"):
        of_parquet(tmp_path, {"a": list(range(11))})
    (tmp_path / "t.parquet").write_bytes(b"PAR1" + bytes(50) + b"PAR1")
    with pytest.raises(InspectionError, match="illisible"):
        exported(tmp_path / "t.parquet")
