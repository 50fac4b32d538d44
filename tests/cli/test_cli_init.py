"""`init` as a conversation: whom it asks about, what it asks, and that it can be left at any moment."""

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
from opendata_check.model.organization import OrganizationKind

Talk = Callable[..., Any]
Program = Callable[..., Any]
TODAY = "2026-11-23"


def _left(program: Program) -> list[str]:
    """Return the facts that `scope` still asks for, with the answers of the folder."""
    run = program("scope", "--config", config.FILE_NAME, "--on", TODAY, "--format", "json")
    return [item["fact"] for item in json.loads(run.out)["open_questions"]]


# --- Who ----------------------------------------------------------------------------------------------------------


def test_it_asks_who_then_what_changes_a_verdict(talk: Talk, file: Path, program: Program) -> None:
    run = talk(typed="Nancy\nfin\n")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("De quel organisme s'agit-il")
    assert "Nancy, commune" in run.out and "54395" in run.out
    assert questions(run) == ["agents_etp"] == _left(program)[:1]
    assert config.read(file).code == "54395"


def test_a_body_named_on_the_command_is_not_asked(talk: Talk, file: Path) -> None:
    for words in (["Métropole", "du", "Grand", "Nancy"], ["245400676"]):
        run = talk(*words, typed="fin\n")
        assert run.code == 0 and "De quel organisme" not in run.out
        assert config.read(file).code == "245400676"


def test_a_body_out_of_the_national_list_is_asked_its_kind(talk: Talk, file: Path) -> None:
    run = talk(typed="CCAS de Zzyzx\nccas\nfin\n")
    known = config.read(file)
    assert run.code == 0 and "quelle est sa nature" in run.out
    assert (known.name, known.kind, known.code) == ("CCAS de Zzyzx", OrganizationKind.CCAS, "")
    assert "CCAS de Zzyzx, CCAS" in flat(run.out)


def test_another_name_may_be_given_instead_of_a_kind(talk: Talk, file: Path) -> None:
    talk(typed="Nanci\n\nNancy\nfin\n")
    known = config.read(file)
    assert (known.code, known.name, known.kind) == ("54395", "", None)


def test_a_body_that_is_never_recognised_leaves_no_file(talk: Talk, file: Path) -> None:
    run = talk(typed="\n" * 30)
    assert run.code == 2 and run.err.count("\n") == 1 and "code INSEE" in run.err
    assert not file.exists()


def test_a_body_that_the_list_lacks_is_known_by_its_kind(talk: Talk, file: Path) -> None:
    run = talk("CCAS", "de", "Nancy", typed="ccas\nfin\n")
    assert run.code == 0 and run.err == ""
    assert (config.read(file).name, config.read(file).kind) == ("CCAS de Nancy", OrganizationKind.CCAS)


def test_a_name_that_several_bear_is_asked_again_and_never_given_a_kind(talk: Talk, file: Path) -> None:
    run = talk("Saint-Denis", typed="93066\nfin\n")
    assert run.code == 0 and "peut désigner" in flat(run.out)
    assert config.read(file).code == "93066"
    other = file.with_name("autre.toml")
    assert talk("Saint-Denis", "-o", other, typed="").code == 2 and not other.exists()


def test_what_is_no_kind_is_taken_for_another_name(talk: Talk, file: Path) -> None:
    assert talk("Zzyzx", typed="Nancy\nfin\n").code == 0
    assert config.read(file).code == "54395"


@pytest.mark.parametrize("words", [[], ["Zzyzx"], ["00000"]])
def test_nothing_is_written_when_nobody_answers(talk: Talk, file: Path, words: list[str]) -> None:
    run = talk(*words, typed="")
    assert run.code == 2 and "rien n'est gardé" in run.err and not file.exists()


def test_a_code_that_is_also_a_postcode_is_read_back_as_a_code(talk: Talk, program: Program, file: Path) -> None:
    assert talk("Châtenay (01)", typed="fin\n").code == 0
    assert config.read(file).code == "01090"
    assert program("scope", "--on", TODAY).out.count("Châtenay")


@pytest.mark.parametrize("typed", ["²", "9" * 5000, "\x1b[31m", "٣"])
def test_a_strange_key_is_a_wrong_answer_and_no_more(talk: Talk, typed: str) -> None:
    run = talk("Nancy", typed=f"{typed}\nfin\n")
    assert (run.code, run.err) == (0, "") and "\x1b" not in run.out


def test_a_line_without_end_is_the_end(talk: Talk, file: Path) -> None:
    assert talk("Nancy", typed="9" * 6_000_000).code == 0
    assert config.read(file).agents_etp is None


def test_a_file_about_a_body_that_nobody_knows_can_be_mended(talk: Talk, file: Path) -> None:
    file.write_text('[organization]\ncode = "99999"\nagents_etp = 62\n', encoding="utf-8")
    assert talk(typed="Nancy\nfin\n").code == 0
    assert (config.read(file).code, config.read(file).agents_etp) == ("54395", 62)


def test_two_populations_that_contradict_each_other_are_never_written(talk: Talk, file: Path) -> None:
    year = date.today().year
    file.write_text(
        f'[organization]\nname = "X"\nkind = "commune"\npopulation_municipale = 3600\npopulation_totale = 3700\n'
        f"population_date = {year}-01-01\n",
        encoding="utf-8",
    )
    run = talk("--review", typed="4000\n\nfin\n")
    assert "ne peut pas être plus petite" in flat(run.out)
    figures = config.read(file).population
    assert figures is not None and (figures.municipale, figures.totale) == (3600, 3700)


# --- Questions ----------------------------------------------------------------------------------------------------


def test_enter_skips_and_what_is_decided_is_not_asked(talk: Talk, file: Path) -> None:
    run = talk("Nancy", typed="62\n\n?\nje ne sais pas\noui\n")
    asked = questions(run)
    assert asked[:2] == ["agents_etp", "site_internet"]
    assert "agents_effectif" not in asked  # 62 equivalents are 62 people at least
    assert len(set(asked)) == len(asked)
    known = config.read(file)
    assert (known.agents_etp, known.agents_etp_date) == (62, date.today())
    assert list(declared(file).items()) == [(asked[4], True)]


def test_it_says_how_many_questions_are_left_and_what_they_decide(talk: Talk, program: Program) -> None:
    run = talk("Nancy", typed="fin\n")
    assert f"Il reste au plus {len(_left(program))} questions" in flat(run.out)
    assert "- Publier ses données par principe" in run.out


@pytest.mark.parametrize("stop", ["fin", "FIN", "stop", "quitter", None])
@pytest.mark.parametrize("answers", [0, 1, 3])
def test_what_was_answered_is_kept_wherever_it_stops(talk: Talk, file: Path, stop: str | None, answers: int) -> None:
    typed = ["62", "non", "oui"][:answers]
    run = talk("Nancy", typed="".join(f"{line}\n" for line in [*typed, *([stop, "12", "oui"] if stop else [])]))
    assert run.code == 0
    assert "gardées" in run.out and config.FILE_NAME in run.out
    known = config.read(file)
    assert known.agents_etp == (62 if answers else None)
    assert declared(file) == [{}, {}, {}, {"site_internet": False, "service_delegue": True}][answers]


def test_run_again_it_asks_only_what_is_left(talk: Talk, file: Path, program: Program) -> None:
    first = talk("Nancy", typed="62\noui\nfin\n")
    kept = file.read_bytes()
    left = _left(program)
    again = talk(typed="\n" * 60)
    assert again.code == 0 and config.FILE_NAME in again.out.splitlines()[0]
    assert questions(again) == left
    assert not set(left) & set(questions(first)[:2])
    assert file.read_bytes() == kept
    assert questions(talk("Nancy", typed="fin\n")) == left[:1]


@pytest.mark.parametrize("answer", ["0", "1"])
@pytest.mark.parametrize("name", ["Nancy", "Lys-Saint-Georges", "245400676"])
def test_after_every_answer_no_question_is_left(
    talk: Talk, file: Path, program: Program, answer: str, name: str
) -> None:
    run = talk(name, typed=f"{answer}\n" * 60)
    assert run.code == 0 and len(questions(run)) > 15
    assert _left(program) == []
    duties = json.loads(program("scope", "--config", file, "--on", TODAY, "--format", "json").out)["duties"]
    assert "unknown" not in {duty["status"] for duty in duties}
    assert questions(talk()) == []


@pytest.mark.parametrize(
    ("wrong", "advice"), [("soixante", "Donnez un nombre"), ("-3", "Donnez un nombre"), ("oui", "Donnez un nombre")]
)
def test_a_wrong_number_is_asked_again(talk: Talk, file: Path, wrong: str, advice: str) -> None:
    run = talk("Nancy", typed=f"{wrong}\n6 200,5\nfin\n")
    assert run.out.count(advice) == 1
    assert config.read(file).agents_etp == 6200.5


def test_a_wrong_yes_or_no_is_asked_again_then_left(talk: Talk, file: Path) -> None:
    run = talk("Nancy", typed="62\npeut-être\nNON\nfin\n")
    assert run.out.count("Répondez oui ou non") == 1
    assert declared(file) == {"site_internet": False}
    tired = talk(typed="bof\n" * 5 + "oui\n")
    assert len(questions(tired)) == 3
    assert declared(file)["document_urbanisme"] is True


def test_a_choice_is_answered_by_its_number(talk: Talk, file: Path) -> None:
    file.write_text('[organization]\nname = "Zzyzx"\nkind = "syndicat"\n', encoding="utf-8")
    before = questions(talk(typed="\n" * 60)).index("type_de_syndicat")
    run = talk(typed="\n" * before + "9\n3\nfin\n")
    assert "1. seulement des communes" in run.out and "Tapez un numéro de 1 à 3" in flat(run.out)
    assert declared(file) == {"type_de_syndicat": "mixte_ouvert"}


def test_answers_that_contradict_each_other_are_asked_again(talk: Talk, file: Path) -> None:
    run = talk("Lys-Saint-Georges", typed="5000\n12\nfin\n")
    assert run.out.count("se contredisent") == 1 and "5 000 agents" in flat(run.out)
    assert config.read(file).agents_etp == 12


def test_a_strange_answer_given_twice_is_kept_and_told_the_next_time(talk: Talk, file: Path) -> None:
    talk("Lys-Saint-Georges", typed="5000\n5000\nfin\n")
    assert config.read(file).agents_etp == 5000
    again = talk(typed="12\nfin\n")
    assert "se contredisent" in again.out and questions(again)[0] == "agents_etp"
    assert config.read(file).agents_etp == 12
    assert "se contredisent" not in talk(typed="fin\n").out


def test_the_answers_of_one_body_are_never_given_to_another(talk: Talk, file: Path) -> None:
    assert talk("Nancy", typed="60\nfin\n").code == 0
    before = file.read_bytes()
    run = talk("CCAS", "de", "Nancy", typed="ccas\nfin\n")
    assert run.code == 2 and "autre organisme" in run.err and file.read_bytes() == before
    file.write_text('[organization]\nname = "Zzz"\nkind = "ccas"\nagents_etp = 60\n', encoding="utf-8")
    assert talk("Nancy", typed="fin\n").code == 2


def test_a_number_is_never_the_name_of_a_body(talk: Talk, file: Path) -> None:
    assert talk("Saint-Denis", typed="93\ncommune\n").code == 2
    assert not file.exists()


def test_no_question_comes_twice_whatever_day_is_judged(program: Program, file: Path, monkeypatch: Any) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("60\n61\n62\nfin\n"))
    run = program("init", "Nancy", "--on", "2020-01-01")
    assert run.code == 0 and max(questions(run).count(name) for name in questions(run)) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pas de tube nommé ici")
def test_a_pipe_is_no_file_of_answers(talk: Talk, file: Path) -> None:
    os.mkfifo(file)
    run = talk("Nancy", typed="fin\n")
    assert run.code == 2 and "ordinaire" in run.err
