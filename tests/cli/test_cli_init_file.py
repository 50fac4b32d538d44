"""`init` and its file: what is kept, by whom and when, and what is never touched."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conversation import declared, flat, questions

from opendata_check import config

Talk = Callable[..., Any]
Program = Callable[..., Any]
TODAY = "2026-11-23"


def test_the_answers_of_another_body_are_left_as_they_are(talk: Talk, file: Path) -> None:
    content = b'# les n\xc3\xb4tres\r\n[organization]\r\ncode   =  "54395"\r\nagents_etp=62\r\n'
    file.write_bytes(content)
    run = talk("Lyon", typed="12\noui\n")
    assert run.code == 2 and "54395" in run.err and "-o" in run.err
    assert file.read_bytes() == content
    assert talk("Lyon", "-o", "lyon.toml", typed="fin\n").code == 0
    assert config.read(Path("lyon.toml")).code == "69123"
    assert file.read_bytes() == content


@pytest.mark.parametrize("content", ["[organization\n", "[organization]\nville = 1\n", "[autre]\ncle = 1\n"])
def test_a_file_that_cannot_be_read_is_not_lost(talk: Talk, file: Path, content: str) -> None:
    file.write_text(content, encoding="utf-8")
    talk("Nancy", typed="62\n")
    assert content.strip() in file.read_text(encoding="utf-8")


def test_review_asks_again_and_enter_keeps(talk: Talk, file: Path) -> None:
    talk("Nancy", typed="62\noui\nfin\n")
    kept = file.read_bytes()
    run = talk("--review", typed="\n\nfin\n")
    assert questions(run)[:2] == ["agents_etp", "site_internet"]
    assert "Entrée : garder 62" in flat(run.out) and "Entrée : garder oui" in flat(run.out)
    assert file.read_bytes() == kept
    talk("--review", typed="70\nnon\nfin\n")
    assert (config.read(file).agents_etp, declared(file)) == (70, {"site_internet": False})


def test_each_answer_keeps_its_date_and_who_gave_it(talk: Talk, file: Path) -> None:
    talk("Nancy", "--by", " service \t finances ", typed="62\noui\nfin\n")
    (fact,) = config.read(file).declarations
    assert (fact.name, fact.stated_on, fact.note) == ("site_internet", date.today(), "service finances")
    assert 'agents_etp_note = "service finances"' in file.read_text(encoding="utf-8")


def test_what_is_not_ours_in_the_file_stays(talk: Talk, file: Path) -> None:
    ours = (
        "# Mairie de Nancy\n[organization] # qui\ncode = '54395' # le code\n\n# compté en mars\nagents_etp = 62\n\n"
        '[declarations]\nexploite_dae = {value = true, note = "à l\'accueil"} # trois appareils\nzzz = 1\n# fin\n'
    )
    file.write_text(ours, encoding="utf-8")
    talk("--review", "--by", "accueil", typed="70\n\nnon\nfin\n")
    left = file.read_text(encoding="utf-8")
    for line in ours.replace("agents_etp = 62", "agents_etp = 70").splitlines():
        assert line in left
    assert declared(file) == {"exploite_dae": True, "site_internet": False, "zzz": 1}


@pytest.mark.parametrize(("target", "said"), [("nulle-part/x.toml", "n'existe pas"), (".", "nom de fichier")])
def test_a_file_that_cannot_be_written_is_told(talk: Talk, file: Path, target: str, said: str) -> None:
    run = talk("Nancy", "-o", target, typed="62\n")
    assert run.code == 2 and said in run.err and "-o" in run.err
    assert list(file.parent.iterdir()) in ([], [file.parent / "cache"])


def test_a_read_only_folder_keeps_the_old_answers(talk: Talk, file: Path) -> None:
    file.write_text('[organization]\ncode = "54395"\n', encoding="utf-8")
    file.parent.chmod(0o500)
    try:
        if os.access(file.parent, os.W_OK):
            pytest.skip("ce compte écrit partout")
        run = talk("Nancy", typed="62\n")
    finally:
        file.parent.chmod(0o700)
    assert run.code == 2 and "droit d'écrire" in run.err
    assert file.read_text(encoding="utf-8") == '[organization]\ncode = "54395"\n'


def test_it_ends_with_the_verdict_that_scope_gives(talk: Talk, program: Program) -> None:
    said = flat(talk("Nancy", typed="62\nfin\n").out)
    duties = json.loads(program("scope", "--on", TODAY, "--format", "json").out)["duties"]
    bound = sum(duty["status"] == "applies" for duty in duties)
    assert "Au 23 novembre 2026, voici ce que la loi vous demande : Votre commune est tenue" in said
    assert f" {bound} vous concernent" in said
