"""The beginning of a text is enough to cut it into cells: the same facts as a whole inspection, at a small price."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from opendata_check.inspection import InspectionError, head, inspect, read_head
from opendata_check.model.content import Content

ROWS = "".join(f"{n};arbre {n};{n}.5\n" for n in range(60))


def content_of(tmp_path: Path, data: bytes, name: str = "t.csv") -> Content:
    path = tmp_path / name
    path.write_bytes(data)
    return Content(path=path, name=name, byte_size=len(data), origin=name)


SAME = {
    "utf-8": ("id;nom;haut\n" + ROWS).encode(),
    "marque": ("id;nom;haut\n" + ROWS).encode("utf-8-sig"),
    "cp1252": ("id;nom;été\n" + ROWS + "1;hêtre;2\n").encode("cp1252"),
    "utf-16": ("id;nom;haut\n" + ROWS).encode("utf-16"),
    "cr": ("id;nom;haut\n" + ROWS).replace("\n", "\r").encode(),
    "crlf": ("id;nom;haut\n" + ROWS).replace("\n", "\r\n").encode(),
    "virgules": ("id;nom;haut\n" + ROWS).replace(";", ",").encode(),
    "titre": ("Les arbres\n\nid;nom;haut\n" + ROWS).encode(),
    "sans en-tête": ROWS.encode(),
    "étiquettes vides et doubles": ("id;;id\n" + ROWS).encode(),
    "guillemet ouvert": ("id;nom;haut\n" + ROWS + '1;"x;2\n' + ROWS).encode(),
    "accents abîmés": ("id;nom;haut\n" + ROWS.replace("arbre", "chÃªne")).encode(),
    "octets nuls": ("id;nom;haut\n" + ROWS + "1;a\0b;2\n").encode(),
    "encodages mêlés": ("id;nom;haut\n" + ROWS.replace("arbre", "chêne")).encode() + "1;été;2\n".encode("cp1252"),
    "vide": b"",
    "page": b"<!DOCTYPE html><html></html>",
}


@pytest.mark.parametrize("kind", SAME)
def test_the_head_says_what_a_whole_inspection_says(kind: str, tmp_path: Path) -> None:
    content = content_of(tmp_path, SAME[kind])
    some, all_ = read_head(content), inspect(content)
    assert some.envelope == all_.envelope
    assert some.text == all_.text
    if all_.table is None:
        assert some.table is None
        return
    assert some.table is not None
    for name in (
        "header_row",
        "labels",
        "dialect",
        "title_rows",
        "empty_labels",
        "duplicate_labels",
        "unclosed_quote_row",
    ):
        assert getattr(some.table, name) == getattr(all_.table, name), name


def large(tail: bytes = b"") -> bytes:
    return b"id;nom\n" + b"1;arbre\n" * 600_000 + tail


def test_a_large_text_is_not_read_to_its_end(tmp_path: Path) -> None:
    content = content_of(tmp_path, large("2;hêtre\n".encode("cp1252")))
    facts = read_head(content)
    assert facts.text is not None
    assert (facts.text.encoding, facts.text.provisional, facts.text.line_ending) == ("utf-8", True, "lf")
    assert facts.table is not None
    assert facts.table.labels == ("id", "nom")
    whole = read_head(content, whole=True)
    assert whole.text is not None
    assert (whole.text.encoding, whole.text.provisional) == ("cp1252", False)


def test_a_large_text_that_does_not_start_in_utf8_is_read_whole_at_once(tmp_path: Path) -> None:
    data = "id;été\n".encode("cp1252") + b"1;arbre\n" * 600_000
    facts = read_head(content_of(tmp_path, data))
    assert facts.text is not None
    assert (facts.text.encoding, facts.text.provisional) == ("cp1252", False)


def test_a_large_utf16_is_read_whole_at_once(tmp_path: Path) -> None:
    facts = read_head(content_of(tmp_path, ("id;nom\n" + "1;arbre\n" * 300_000).encode("utf-16")))
    assert facts.text is not None
    assert (facts.text.encoding, facts.text.provisional) == ("utf-16", False)


@pytest.mark.parametrize(("end", "said"), [("\r\n", "crlf"), ("\r", "cr"), ("\n", "lf")])
def test_the_line_ends_of_a_large_text_are_told_from_its_beginning(end: str, said: str, tmp_path: Path) -> None:
    facts = read_head(content_of(tmp_path, large().replace(b"\n", end.encode())))
    assert facts.text is not None
    assert facts.text.line_ending == said


@pytest.mark.parametrize("start", [b"", b"id;nom\n" + b"1;a\n" * 50, "id;été\n".encode("cp1252")])
def test_a_line_without_end_is_refused_before_it_is_read(start: bytes, tmp_path: Path) -> None:
    content = content_of(tmp_path, start + b"x" * 20_000_000)
    with content.path.open("r+b") as file:
        file.truncate(4 << 30)
    before = time.monotonic()
    with pytest.raises(InspectionError) as refused:
        read_head(content, whole=True)
    assert time.monotonic() - before < 3
    number = len(start.splitlines()) + 1
    assert f"la ligne {number} n'a pas de fin" in str(refused.value)
    assert "t.csv" in str(refused.value)


def test_a_long_line_that_ends_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head, "CHUNK", 1_000)
    monkeypatch.setattr(head, "_LONGEST_LINE", 10_000)
    facts = read_head(content_of(tmp_path, ("id;nom\n" + f"1;{'x' * 9_000}\n" * 5).encode()))
    assert facts.table is not None
    with pytest.raises(InspectionError, match="la ligne 3 n'a pas de fin"):
        read_head(content_of(tmp_path, ("id;nom\n1;a\n" + f"1;{'x' * 12_000}\n").encode()))


def test_a_text_that_is_no_table_has_none(tmp_path: Path) -> None:
    assert read_head(content_of(tmp_path, b"Bonjour. Ceci est un texte.", "t.md")).table is None
    assert read_head(content_of(tmp_path, b'{"a": 1}', "t.json")).text is None
