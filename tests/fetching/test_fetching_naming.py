from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.fetching.naming import (
    download_name,
    file_name,
    printable,
    short_suffix,
    shown_path,
    shown_url,
)


@given(st.text(st.characters(exclude_categories=()), max_size=400))
def test_printable_text_is_one_bounded_line_of_visible_characters(text: str) -> None:
    line = printable(text, 50)
    assert len(line) <= 50
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs"} for char in line)
    line.encode("utf-8")
    assert printable(line, 50) == line


@given(st.text(st.characters(exclude_categories=()), max_size=100))
def test_a_file_name_is_never_empty_nor_a_path(text: str) -> None:
    name = file_name(text)
    assert name
    assert "/" not in name and "\\" not in name
    assert name not in (".", "..")


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_hostile_header_gives_a_name_all_the_same(disposition: str, url: str) -> None:
    assert download_name(disposition, url)


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [
        ('attachment; filename="budget 2025.csv"', "budget 2025.csv"),
        ("attachment; filename*=UTF-8''d%C3%A9lib%C3%A9rations.csv", "délibérations.csv"),
        ('attachment; filename="dÃ©lib.csv"', "délib.csv"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\temp\\\\a.csv"', "a.csv"),
        ("inline", "base-adresse.csv"),
        ("", "base-adresse.csv"),
    ],
)
def test_download_name_comes_from_the_header_then_the_url(disposition: str, expected: str) -> None:
    assert download_name(disposition, "https://exemple.fr/f/base-adresse.csv?x=1") == expected


def test_download_name_decodes_the_url() -> None:
    assert download_name("", "https://exemple.fr/f/march%C3%A9s%20publics.csv") == "marchés publics.csv"
    assert download_name("", "https://exemple.fr/") == "fichier"


def test_a_shown_url_hides_passwords_and_keys() -> None:
    shown = shown_url("https://moi:motdepasse@exemple.fr/a?apikey=abc123&q=eau&access_token=zzz#f")
    assert shown == "https://exemple.fr/a?apikey=***&q=eau&access_token=***"


def test_a_shown_url_keeps_an_ordinary_query() -> None:
    assert shown_url("https://exemple.fr/api/?page=2&sort=-created") == "https://exemple.fr/api/?page=2&sort=-created"


def test_a_malformed_url_is_shown_without_its_password() -> None:
    assert "secret" not in shown_url("http://a:secret@[::1/x?token=secret")


@pytest.mark.skipif(os.name == "nt", reason="les noms de fichiers Windows sont en Unicode")
def test_a_windows_1252_file_name_is_read() -> None:
    assert shown_path(Path(os.fsdecode(b"dossier/d\xe9lib.csv"))) == "dossier/délib.csv"


def test_a_mac_file_name_is_composed() -> None:
    assert shown_path(Path("de\u0301lib.csv")) == "délib.csv"


@pytest.mark.parametrize(("name", "suffix"), [("a.CSV", ".csv"), ("a.b/..", ""), ("a.échu", ""), ("a." + "x" * 30, "")])
def test_only_a_plain_extension_is_reused_for_temporary_files(name: str, suffix: str) -> None:
    assert short_suffix(name) == suffix
