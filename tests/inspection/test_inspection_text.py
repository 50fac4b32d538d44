"""How characters are stored is found on the whole file, and French is never mistaken for another language."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from opendata_check.inspection import french
from opendata_check.inspection.text import CHUNK, read_text, unicode_mark
from opendata_check.model.content import Content
from opendata_check.model.facts import TextFacts

TEXT = (
    "école élèves été déjà où là à ça français reçu forêt fête hôtel île août connaît sûr naïf Noël mairie commune de la "
    "les du Élus Évry Île À ÉCOLE MÉDIATHÈQUE Hôpital théâtre bâtiment pêche évènement règlement très près délibération "
    "société générale crédit subvention équipement Besançon Nîmes Orléans Angoulême Sète Béziers Châlons Saint-Étienne "
    "Mâcon bibliothèque crèche intérieur contrôle dépôt côté diplôme «été» 5° m²"
)
WORDS = TEXT.split()


def facts_of(tmp_path: Path, data: bytes, *, truncated: bool = False) -> TextFacts:
    path = tmp_path / "f.csv"
    path.write_bytes(data)
    return read_text(Content(path, path.name, len(data), path.name, truncated=truncated))


def french_text() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(WORDS), min_size=30, max_size=120).map(" ".join)


@settings(max_examples=120, deadline=None)
@given(text=french_text(), encoding=st.sampled_from(["cp1252", "latin-1", "mac_roman", "cp850"]))
def test_any_french_text_is_found_back_from_its_one_byte_encoding(text: str, encoding: str) -> None:
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        assume(False)
        return
    assume(sum(byte > 127 for byte in data) >= 8)
    found, _ = french.choose(french.sample_contexts(data, 10_000))
    assert data.decode(found) == text


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\ufeff\ufffd"), max_size=300),
    lead=french_text(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
)
def test_any_unicode_text_is_found_back(
    tmp_path_factory: pytest.TempPathFactory, text: str, lead: str, encoding: str
) -> None:
    whole = lead + text
    data = whole.encode(encoding)
    facts = facts_of(tmp_path_factory.mktemp("t"), data)
    assert facts.certain
    assert facts.undecodable_line is None
    assert data.decode(facts.encoding) == whole


@settings(max_examples=80, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), encoding=st.sampled_from(["cp1252", "cp850"]))
def test_a_choice_said_certain_is_right_even_on_short_texts(words: list[str], encoding: str) -> None:
    data = " ".join(words).encode(encoding)
    found, certain = french.choose(french.sample_contexts(data, 1_000))
    if certain and not data.isascii():
        assert data.decode(found) == " ".join(words)


def test_ascii_is_utf8_and_certain(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, b"a;b\n1;2\n")
    assert (facts.encoding, facts.certain, facts.first_non_ascii_line) == ("utf-8", True, None)


def test_utf8_mark_is_told_and_is_not_a_letter(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, codecs.BOM_UTF8 + b"a;b\n")
    assert (facts.encoding, facts.has_bom, facts.first_non_ascii_line) == ("utf-8-sig", True, None)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_mark_is_recognised_by_its_zeros(tmp_path: Path, encoding: str) -> None:
    facts = facts_of(tmp_path, "nom;ville\nécole;Évry\n".encode(encoding))
    assert (facts.encoding, facts.has_bom, facts.nul_count, facts.first_non_ascii_line) == (encoding, False, 0, 2)


def test_utf16_with_mark_counts_lines_and_ends_in_characters(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "a;b\r\n1;é\r\n".encode("utf-16"))
    assert (facts.encoding, facts.has_bom, facts.line_ending, facts.first_non_ascii_line) == ("utf-16", True, "crlf", 2)


def test_utf16_cut_in_the_middle_of_a_character_is_told(tmp_path: Path) -> None:
    assert facts_of(tmp_path, "a;b\n1;é\n".encode("utf-16") + b"\x41").undecodable_line == 3


def test_cp1252_apostrophes_and_euros_are_not_taken_for_latin_1(tmp_path: Path) -> None:
    data = "nom;prix\nl’école d’été;5 €\nl’hôtel;3 €\n".encode("cp1252")
    assert facts_of(tmp_path, data).encoding == "cp1252"


def test_bytes_undefined_in_cp1252_exclude_it(tmp_path: Path) -> None:
    data = "école, élève, forêt, fête, hôtel\n".encode("latin-1") + b"\x81\x8d\n"
    facts = facts_of(tmp_path, data)
    assert (facts.encoding, facts.undecodable_line) == ("latin-1", None)


def test_one_undefined_byte_does_not_cost_a_cp1252_file_its_apostrophes(tmp_path: Path) -> None:
    data = "l’école d’été, l’île\n".encode("cp1252") * 50 + b"a\x81b\n"
    facts = facts_of(tmp_path, data)
    assert (facts.encoding, facts.undecodable_line) == ("cp1252", 51)


def test_a_first_accent_after_many_chunks_is_found_with_its_line(tmp_path: Path) -> None:
    line = b"1;mairie;75001\n"
    count = 3 * CHUNK // len(line)
    facts = facts_of(tmp_path, line * count + "2;école élémentaire;à côté\n".encode("cp1252"))
    assert (facts.encoding, facts.first_non_ascii_line) == ("cp1252", count + 1)


def test_one_accent_decides_but_is_not_certain(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "nom\nÉvry mairie école\n".encode("cp1252"))
    assert (facts.encoding, facts.certain) == ("cp1252", False)


def test_a_stray_byte_leaves_a_utf8_file_utf8_and_gives_its_line(tmp_path: Path) -> None:
    data = "école;élève\n".encode() * 5_000 + b"caf\xe9\n" + "été\n".encode() * 10
    facts = facts_of(tmp_path, data)
    assert (facts.encoding, facts.undecodable_line) == ("utf-8", 5_001)


def test_a_truncated_file_may_end_inside_a_character(tmp_path: Path) -> None:
    data = "école;été\nécole;ét".encode() + b"\xc3"
    assert facts_of(tmp_path, data, truncated=True).undecodable_line is None
    assert facts_of(tmp_path, data).undecodable_line == 2


@pytest.mark.parametrize("split", range(-3, 4))
def test_characters_and_line_ends_astride_two_chunks_are_whole(tmp_path: Path, split: int) -> None:
    data = b"a" * (CHUNK - 2 + split) + "éé\r\nb\r\n".encode()
    facts = facts_of(tmp_path, data)
    assert (facts.encoding, facts.undecodable_line, facts.line_ending) == ("utf-8", None, "crlf")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a\nb\n", "lf"),
        (b"a\r\nb\r\n", "crlf"),
        (b"a\rb\r", "cr"),
        (b"a\r\nb\n", "mixed"),
        (b"a", "none"),
        (b'a;"b\nc"\r\nd;e\r\n', "crlf"),
    ],
)
def test_line_ends_are_those_of_rows_not_of_cells(tmp_path: Path, data: bytes, expected: str) -> None:
    assert facts_of(tmp_path, data).line_ending == expected


def test_lines_end_with_lone_cr_too(tmp_path: Path) -> None:
    assert facts_of(tmp_path, "a\rb\ré\r".encode("mac_roman")).first_non_ascii_line == 3


def test_nul_characters_are_counted(tmp_path: Path) -> None:
    assert facts_of(tmp_path, b"a;b\n1;\x002\x00\n").nul_count == 2


def test_doubly_encoded_letters_are_counted(tmp_path: Path) -> None:
    broken = "école, élève, l’été, à Noël".encode().decode("cp1252", "replace")
    assert facts_of(tmp_path, broken.encode()).mojibake_count == 8


def test_real_capital_a_tilde_is_not_damage(tmp_path: Path) -> None:
    assert facts_of(tmp_path, "SÃO PAULO; Â".encode()).mojibake_count == 0


def test_random_bytes_prove_no_unicode_mark() -> None:
    assert unicode_mark(bytes(range(256)) * 20) == ""
