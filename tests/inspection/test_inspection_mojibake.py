"""Letters that a wrong encoding damaged are counted, named and turned back; sound letters are left alone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from opendata_check.inspection.mojibake import count_in
from opendata_check.inspection.text import read_text
from opendata_check.model.content import Content
from opendata_check.model.facts import TextFacts


def facts_of(folder: Path, data: bytes) -> TextFacts:
    path = folder / "a.csv"
    path.write_bytes(data)
    return read_text(Content(path, path.name, len(data), path.name))


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac_roman", "cp850", "cp1250"])
def test_letters_read_in_another_encoding_are_turned_back(tmp_path: Path, encoding: str) -> None:
    garbled = "Société, très, été".encode().decode(encoding)
    told = facts_of(tmp_path, garbled.encode()).mojibake
    assert [(letter, count) for _, letter, count in told] == [("é", 4), ("è", 1)]
    text = garbled
    for seen, letter, _ in told:
        text = text.replace(seen, letter)
    assert text == "Société, très, été"


def test_letters_damaged_twice_are_one_letter(tmp_path: Path) -> None:
    twice = "é".encode().decode("cp1252").encode().decode("cp1252")
    assert [(letter, count) for _, letter, count in facts_of(tmp_path, f"cit{twice}\n".encode()).mojibake] == [("é", 1)]


def test_utf8_bytes_inside_a_windows_file_are_told(tmp_path: Path) -> None:
    data = "créée élève été\n".encode("cp1252") * 5 + "cité ".encode()
    facts = facts_of(tmp_path, data)
    assert (facts.encoding, facts.mojibake) == ("cp1252", (("Ã©", "é", 1),))


def test_central_european_letters_in_french_words_are_told_once_they_are_several(tmp_path: Path) -> None:
    assert facts_of(tmp_path, "prčs, trčs, fęte et bűche\n".encode()).mojibake[0] == ("č", "è", 2)
    assert facts_of(tmp_path, "Dvořák, Janáček\n".encode()).mojibake == ()


@pytest.mark.parametrize(
    "text",
    ["Noël à Orléans, « Ô Canada »", "BÂTIMENT ÂGÉ", "São Paulo, Ürün, Ángel", "Ã l’ancienne", "5 € — ‚cité’, 12 m²", "√2 ≈ 1,41"],
)  # fmt: skip
def test_sound_letters_are_left_alone(text: str) -> None:
    assert count_in(text.encode()) == 0


def test_a_late_windows_byte_does_not_change_the_encoding_of_a_utf8_file(tmp_path: Path) -> None:
    data = "é;è\n".encode() * 400_000 + b"caf\xe9;x\n"
    facts = facts_of(tmp_path, data)
    assert (facts.encoding, facts.undecodable_line, facts.undecodable_count) == ("utf-8", 400_001, 1)


def test_lost_letters_are_counted_and_addresses_are_not(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "Soci?t? g?n?rale ; cité\nhttps://a.fr/page?id=3\nVraiment ?\n".encode())
    assert facts.lost_letters == 3


def test_letters_lost_before_saving_are_counted(tmp_path: Path) -> None:
    assert facts_of(tmp_path, "Soci\ufffdt\ufffd\n".encode()).replaced_count == 2


def test_signs_that_open_many_groups_cost_no_more_than_others() -> None:
    text = ("Ã" * 200 + "Ã©").encode() * 20_000
    before = time.process_time()
    assert count_in(text) == 20_000
    assert time.process_time() - before < 3
