"""An audit kept: by an option or by the settings, once, whole or not, and told."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from opendata_check import store

EXAMPLE = Path(__file__).parents[2] / "examples" / "commune-conforme"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPENDATA_CHECK_STORE", str(tmp_path / "account" / "audits.db"))
    return Path(shutil.copytree(EXAMPLE, tmp_path / "donnees"))


def audited(program: Callable[..., object], folder: Path, *more: str, on: str = "2026-11-23"):
    return program("audit", str(folder), "--on", on, "-q", *more)


def test_an_audit_is_kept_in_the_file_named_and_can_be_read_again(program, folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "audits.db"
    run = audited(program, folder, "--store", str(place))
    assert run.code == 0 and run.err == f"Gardé : {place}\n"
    audited(program, folder, "--store", str(place), on="2026-11-24")
    with store.opened(place) as kept:
        assert len(kept.bodies()) == 1
    told = program("store", "history", "Beaupré-l'Étang", "--store", str(place))
    assert told.code == 0 and "23/11/2026" in told.out and "24/11/2026" in told.out


def test_the_same_audit_is_kept_once(program, folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "audits.db"
    audited(program, folder, "--store", str(place))
    assert audited(program, folder, "--store", str(place)).err == f"Déjà gardé : {place}\n"


def test_keep_uses_the_accounts_file(program, folder: Path, tmp_path: Path) -> None:
    run = audited(program, folder, "--keep")
    assert run.code == 0 and (tmp_path / "account" / "audits.db").is_file()


def test_settings_keep_it_beside_the_data_and_it_is_no_data(program, folder: Path) -> None:
    settings = folder / "opendata-check.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[store]\npath = "audits.db"\nkeep-reports = true\n', "utf-8")
    first = audited(program, folder)
    assert first.code == 0 and (folder / "audits.db").is_file()
    second = audited(program, folder)
    assert "Un fichier y porte la marque de ce programme" in " ".join(second.out.split())
    assert all(re.search(r"\(7\s+jeux de données\)", run.out) for run in (first, second))
    assert second.err.startswith("Déjà gardé")


def test_nothing_is_kept_unless_asked(program, folder: Path, tmp_path: Path) -> None:
    assert audited(program, folder).err == ""
    assert not list(tmp_path.rglob("*.db"))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('path = "../ailleurs.db"', "store.path : on attend un fichier de ce dossier"),
        ('path = "/tmp/ailleurs.db"', "store.path : on attend un fichier de ce dossier"),
        ("path = 3", "store.path : on attend un nom de fichier"),
        ('pathh = "a.db"', "vouliez-vous écrire « path » ?"),
        ('path = "a.db"\nkeep-reports = "oui"', "store.keep-reports : on attend true (oui) ou false (non)"),
    ],
)
def test_bad_settings_are_named_with_their_line(program, folder: Path, written: str, said: str) -> None:
    settings = folder / "opendata-check.toml"
    settings.write_text(settings.read_text("utf-8") + f"\n[store]\n{written}\n", "utf-8")
    run = audited(program, folder)
    assert run.code == 2 and said in run.err and "ligne" in run.err and run.err.count("\n") == 1


def test_a_file_that_is_no_store_is_left_untouched(program, folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "notes.db"
    place.write_text("mes notes", "utf-8")
    run = audited(program, folder, "--store", str(place))
    assert run.code == 2 and run.err.count("\n") == 1
    assert place.read_text("utf-8") == "mes notes"


def test_the_gate_keeps_what_it_judged_whole(program, folder: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(folder)
    place = tmp_path / "audits.db"
    part = program("gate", "equipements.csv", "--on", "2026-11-23", "-q", "--store", str(place))
    assert part.code in (0, 1) and not place.exists()
    whole = program("gate", "--on", "2026-11-23", "-q", "--store", str(place))
    assert whole.code in (0, 1) and f"Gardé : {place}" in whole.err
    with store.opened(place) as kept:
        assert len(kept.bodies()) == 1
