"""`scope` when something is wrong: one French line that names the place and the remedy, and nothing hostile printed."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opendata_check.law.loading import law
from opendata_check.wording import french_date

Program = Callable[..., Any]
TODAY = "2026-11-23"
FILE = "opendata-check.toml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _commune(program: Program, *arguments: object) -> Any:
    return program("scope", "--kind", "commune", *arguments)


def _refused(run: Any, *words: str) -> None:
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1), run.err
    said = " ".join(run.err.split())
    for word in words:
        assert word in said
    assert "imprévue" not in said


def _is_harmless(text: str) -> bool:
    return all(c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"} for c in text)


def _diffusion(program: Program, *arguments: object) -> tuple[str, list[str]]:
    """Return the verdict of one rule and the names of its facts that were declared."""
    run = program("scope", *arguments, "--on", TODAY, "--format", "json")
    duty = next(item for item in json.loads(run.out)["duties"] if item["id"] == "diffusion-par-principe")
    return duty["status"], duty["declared_facts"]


@pytest.mark.parametrize(
    "day", ["", "hier", "2026-13-01", "2026-02-30", "2025-02-29", "26-1-1", "31/12/25", "12/31/2025", "x" * 10_000]
)
def test_a_bad_date_is_refused_with_the_form_to_write(program: Program, day: str) -> None:
    run = _commune(program, "--on", day)
    _refused(run, "--on : ", "n'est pas une date", "2026-01-31")
    assert len(run.err) < 200


def test_no_answer_is_given_before_the_first_text(program: Program) -> None:
    first = law().first_text
    assert _commune(program, "--on", first).code == 0
    _refused(_commune(program, "--on", first.replace(year=first.year - 1)), "--on : ", french_date(first))
    _refused(_commune(program, "--on", "0001-01-01"), "--on : ", french_date(first))


def test_an_answer_after_the_last_reading_says_so(program: Program) -> None:
    read_on = law().read_on
    said = f"{french_date(read_on)}"
    remarks = [
        json.loads(_commune(program, "--on", day, "--format", "json").out)["remarks"]
        for day in (read_on, read_on.replace(year=read_on.year + 1))
    ]
    assert not remarks[0]
    assert any(said in remark for remark in remarks[1])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["54395", "--kind", "commune"], ["scope : ", "ne vont pas ensemble", "--kind"]),
        (["--kind", "region", "--epci"], ["--epci : ", "Retirez --epci"]),
        (["--kind", "village"], ["--kind : ", "« village »", "commune, ", "société locale"]),
        (["--kind", "unknown"], ["--kind : ", "n'est pas une nature connue"]),
        (["--kind", "Hôpital"], ["--kind : ", "n'examine pas « Hôpital »"]),
        (["--kind", ""], ["--kind : ", "n'est pas une nature connue"]),
        (
            ["--kind", "commune", "--population", "3600", "--population-totale", "3599"],
            ["--population-totale : ", "inférieure", "Vérifiez les deux nombres"],
        ),
        (
            ["--kind", "commune", "--fact", "population=3600", "--fact", "population_totale=3599"],
            ["inférieure à la population municipale"],
        ),
        (["--kind", "commune", "--fact", "site_internet"], ["--fact : ", "NOM=VALEUR", "site_internet=oui"]),
        (["--kind", "commune", "--fact", "site_web=oui"], ["--fact : ", "« site_web » n'est pas un fait", "site_inte"]),
        (["--kind", "commune", "--fact", "kind=epci"], ["--fact : ", "n'est pas un fait connu"]),
        (["--kind", "commune", "--fact", "=oui"], ["--fact : ", "n'est pas un fait connu"]),
        (["--kind", "commune", "--fact", "site_internet=peut-être"], ["« peut-être »", "Répondez oui ou non"]),
        (["--kind", "commune", "--fact", "vehicules_du_parc=-1"], ["« -1 »", "Donnez un nombre"]),
        (["--kind", "commune", "--fact", "vehicules_du_parc=nan"], ["« nan »", "Donnez un nombre"]),
        (["--kind", "commune", "--fact", "vehicules_du_parc=1e9"], ["« 1e9 »", "Donnez un nombre"]),
        (["--kind", "syndicat", "--fact", "type_de_syndicat=gros"], ["« gros »", "mixte_ferme"]),
        (["--kind", "commune", "--agents", "-1"], ["--agents : ", "n'est pas un nombre"]),
        (["--kind", "commune", "--agents", "inf"], ["--agents : ", "n'est pas un nombre"]),
        (["--kind", "commune", "--population", ""], ["--population : ", "n'est pas un nombre"]),
        (["--kind", "commune", "--population", "1e10"], ["--population : ", "n'est pas un nombre"]),
        (["--kind", "commune", "--agents-band", "99"], ["--agents-band : ", "« 99 »", "00, 01, 02"]),
        (["--kind", "commune", "--agents-band", "beaucoup"], ["--agents-band : ", "tranche d'effectif"]),
        (["--kind", "commune", "--agents-band", ""], ["--agents-band : ", "tranche d'effectif"]),
        (["--kind", "commune", "--sirene", "extrait.csv"], ["--sirene : ", "SIREN", "--agents-band"]),
        (["--kind", "commune", "--explain", "subvanti"], ["« subvanti »", "subventions", "rules list"]),
        (["--kind", "commune", "--explain", ""], ["aucune règle", "rules list"]),
        (["--kind", "commune", "--format", "html"], ["--format : ", "« html »", "terminal, json"]),
        (["--kind", "commune", "-o", "page.html"], ["n'est pas un format", "terminal, json"]),
        (["--kind", "commune", "-o", "nulle-part/x.json"], ["nulle-part", "n'existe pas", "-o"]),
    ],
)
def test_a_mistake_names_its_place_and_its_remedy(program: Program, arguments: list[str], words: list[str]) -> None:
    _refused(program("scope", *arguments), *words)


_HOSTILE = [
    "\x1b[31mNancy\x1b[0m",
    "\x1b]0;titre\x07Nancy",
    "\x9b31mNancy",
    "Nan\x00cy\x08\x7f",
    "\u202eycnaN",
    "Zzyzx\u2066\u200b",
    "Nancy\r\nErreur : tout va bien",
    "x" * 10_000,
    "é" * 10_000,
    "🙂" * 50,
    "\ud800",
    "%s%n{0}{nom}",
]


@pytest.mark.parametrize("name", _HOSTILE)
def test_a_hostile_name_reaches_no_stream(program: Program, name: str) -> None:
    for arguments in (
        [name],
        ["--kind", "commune", "--explain", name],
        ["--kind", "commune", "--fact", f"{name}=oui"],
        ["--kind", "commune", "--fact", f"site_internet={name}"],
    ):
        run = program("scope", *arguments)
        assert _is_harmless(run.out) and _is_harmless(run.err), arguments
        assert run.code in {0, 2} and len(run.err) < 1000
        assert run.code == 0 or (run.out == "" and run.err.count("\n") == 1)
        assert "imprévue" not in run.err


def test_a_hostile_name_in_the_answers_is_cleaned(program: Program, folder: Path) -> None:
    (folder / FILE).write_text(
        '[organization]\nname = "\\u001b[31mRégie\\u202e\\u0007 des eaux"\nkind = "epic"\n', encoding="utf-8"
    )
    for form in ("terminal", "json"):
        run = program("scope", "--on", TODAY, "--format", form)
        assert (run.code, run.err) == (0, "")
        assert "Régie des eaux" in run.out
        assert _is_harmless(run.out)


def test_answers_in_the_folder_are_read_when_nobody_is_named(program: Program, folder: Path) -> None:
    (folder / FILE).write_text('[organization]\ncode = "54395"\nagents_etp = 62\n', encoding="utf-8")
    assert _diffusion(program) == ("applies", ["agents_etp"])
    assert _diffusion(program, "--agents", "40") == ("exempt", ["agents_etp"])
    assert "Nancy" in program("scope", "--on", TODAY).out


def test_an_imagined_body_takes_nothing_from_the_folder(program: Program, folder: Path) -> None:
    expected = _commune(program, "--on", TODAY, "--population", 3600).out
    (folder / FILE).write_text('[organization]\ncode = "54395"\nagents_etp = 62\n', encoding="utf-8")
    assert _commune(program, "--on", TODAY, "--population", 3600).out == expected


def test_a_named_file_of_answers_comes_before_the_one_in_the_folder(program: Program, folder: Path) -> None:
    (folder / FILE).write_text('[organization]\ncode = "69123"\n', encoding="utf-8")
    (folder / "nancy.toml").write_text(
        '[organization]\ncode = "54395"\nagents_etp = 62\n[declarations]\nsite_internet = false\n', encoding="utf-8"
    )
    content = json.loads(program("scope", "--config", "nancy.toml", "--on", TODAY, "--format", "json").out)
    assert content["organization"]["insee_code"] == "54395"
    assert {duty["id"]: duty["status"] for duty in content["duties"]}["pv-conseil"] == "exempt"
    told = program("scope", "--config", "nancy.toml", "--fact", "site_internet=oui", "--on", TODAY, "-f", "json").out
    assert {duty["id"]: duty["status"] for duty in json.loads(told)["duties"]}["pv-conseil"] == "applies"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, ["n'existe pas"]),
        (b"[organization\n", ["mal écrit", "ligne 1"]),
        (b'[organization]\nname = "Nancy\n', ["mal écrit", "ligne 2"]),
        (b'[organization]\nville = "Nancy"\n', ["organization.ville", "n'existe pas"]),
        (b'[organization]\ncode = "54395"\nagents_etp = "62"\n', ["agents_etp", "on attend un nombre"]),
        (b'[organization]\ncode = "54395"\nagents_etp = -1\n', ["agents_etp", "on attend un nombre"]),
        (b'[organization]\ncode = "54395"\nagents_etp_date = "hier"\n', ["agents_etp_date", "on attend une date"]),
        (b'[organization]\nname = "Nancy"\nkind = "village"\n', ["kind", "commune"]),
        (b"[organization]\npopulation_municipale = 3600\n", ["population_date"]),
        (b'[organization]\nname = "Z\xe9ro"\n', ["ne peut pas être lu", "UTF-8"]),
        (b"[declarations]\nsite_internet = true\n", ["il manque le nom ou le code"]),
    ],
)
def test_a_bad_file_of_answers_is_named(
    program: Program, folder: Path, content: bytes | None, words: list[str]
) -> None:
    if content is not None:
        (folder / "reponses.toml").write_bytes(content)
    run = program("scope", "--config", "reponses.toml", "--on", TODAY)
    _refused(run, *words)
    assert run.err.startswith(("reponses.toml : ", "reponses.toml, ligne ")) or "il manque le nom" in run.err


def test_an_answer_that_no_rule_reads_is_told(program: Program, folder: Path) -> None:
    (folder / FILE).write_text(
        '[organization]\ncode = "54395"\n[declarations]\nsite_internt = true\nexploite_dae = "beaucoup"\n',
        encoding="utf-8",
    )
    remarks = " ".join(json.loads(program("scope", "--on", TODAY, "--format", "json").out)["remarks"])
    assert "site_internt" in remarks and "site_internet" in remarks
    assert "exploite_dae" in remarks


def test_answers_that_contradict_each_other_are_told(program: Program) -> None:
    told = json.loads(_commune(program, "--population", 300, "--agents", 5000, "--on", TODAY, "-f", "json").out)
    assert any("contredisent" in remark for remark in told["remarks"])
    calm = json.loads(_commune(program, "--population", 300, "--agents", 5, "--on", TODAY, "-f", "json").out)
    assert not any("contredisent" in remark for remark in calm["remarks"])
