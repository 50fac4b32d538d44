"""The gate run as a CI runs it, on small repositories: what passes, what fails, and why."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gate_repositories import DAY, SCHEMAS, committed, git, repository, subsidies

FILE = "data/subventions-2025.csv"
BASELINE = ".opendata-check-baseline.json"
EXEMPTION = '\n[[gate.exemptions]]\ncheck = "valeurs-conformes"\nreason = "export ancien"\nowner = "finances"\nuntil = {until}\n'


@pytest.fixture
def gate(
    program: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., Any]:
    """Return a function that runs `gate` at the root of a repository, its memory empty."""
    monkeypatch.setenv("OPENDATA_CHECK_CACHE", str(tmp_path_factory.mktemp("memoire")))

    def run(*arguments: str, command: tuple[str, ...] = ("gate",), at: Path | None = None) -> Any:
        monkeypatch.chdir(at or tmp_path)
        return program(*command, *arguments, *(() if "--on" in arguments else ("--on", DAY)))

    return run


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """Return a repository with one fault in one file."""
    folder = repository(tmp_path, {FILE: subsidies("100.00", "12,50"), "data/autre.csv": "nom,valeur\na,1\nb,2\n"})
    git(folder, "init", "-q", "-b", "main")
    return folder


def problems(text: str) -> list[str]:
    """Return the lines of « À corriger »."""
    block = text.split("À corriger (", 1)[1].split("\n\n")[0] if "À corriger (" in text else ""
    return [line.strip() for line in block.splitlines()[1:]]


def test_good_files_pass(gate: Callable[..., Any], tmp_path: Path) -> None:
    repository(tmp_path, {FILE: subsidies("100.00", "12.50")})
    done = gate()
    assert (done.code, done.err) == (0, "")
    assert "conforme sur les points contrôlés" in done.out
    assert f"{FILE} : scdl/subventions 2.1.1\n" in done.out  # la version jugée


def test_a_fault_fails_on_one_line_with_file_line_check_and_remedy(gate: Callable[..., Any], faulty: Path) -> None:
    done = gate()
    assert done.code == 1
    (line,) = problems(done.out)
    assert line.startswith(f"{FILE}:3: [valeurs-conformes] ") and " → " in line


def test_the_same_files_give_the_same_log_wherever_it_is_run_from(gate: Callable[..., Any], faulty: Path) -> None:
    logs = {gate(*spelling, at=place).out for spelling, place in (
        (("--no-cache",), faulty), (("--no-cache", "."), faulty), (("--no-cache",), faulty / "data"),
        (("--no-cache", str(faulty)), faulty.parent), (("--no-cache", "../data/.."), faulty / "data"),
    )}  # fmt: skip
    assert len(logs) == 1


def test_a_severity_of_the_settings_decides(gate: Callable[..., Any], faulty: Path) -> None:
    repository(faulty, {}, f'{SCHEMAS}\n[gate.severity]\nvaleurs-conformes = "minor"\n')
    done = gate()
    assert done.code == 0 and "Signalé, sans bloquer" in done.out
    repository(faulty, {}, SCHEMAS.replace("[gate]", '[gate]\nfail-on = "critical"'))
    assert gate().code == 0


@pytest.mark.parametrize(("text", "key"), [("min-score = 100", "min-score"), ("min-axis = {usable = 100}", "min-axis")])
def test_a_score_below_what_is_asked_fails(gate: Callable[..., Any], faulty: Path, text: str, key: str) -> None:
    repository(faulty, {}, SCHEMAS.replace("[gate]", f'[gate]\nfail-on = "critical"\n{text}'))
    done = gate()
    assert done.code == 1
    assert problems(done.out)[0].startswith(f"opendata-check.toml: [{key}] ")


def test_an_exemption_lets_through_and_says_why_who_and_until_when(gate: Callable[..., Any], faulty: Path) -> None:
    repository(faulty, {}, SCHEMAS + EXEMPTION.format(until=DAY))
    done = gate()
    assert done.code == 0
    assert "ignoré parce que : export ancien (finances, jusqu'au 26 novembre 2026)" in done.out


def test_an_expired_exemption_fails_and_is_named(gate: Callable[..., Any], faulty: Path) -> None:
    repository(faulty, {}, SCHEMAS + EXEMPTION.format(until="2026-11-25"))
    done = gate()
    assert done.code == 1
    assert [line.split(" ")[1] for line in problems(done.out)] == ["[valeurs-conformes]", "[exemption]"]
    repository(faulty, {FILE: subsidies("1.00")}, SCHEMAS + EXEMPTION.format(until="2026-11-25"))
    done = gate()
    assert done.code == 1
    assert problems(done.out)[0].startswith("opendata-check.toml:6: [exemption] ")


def test_an_exemption_for_other_files_lets_nothing_through_and_is_told(gate: Callable[..., Any], faulty: Path) -> None:
    repository(faulty, {}, SCHEMAS + EXEMPTION.format(until=DAY) + 'files = "data/autre*.csv"\n')
    done = gate()
    assert done.code == 1 and "ne sert plus" in done.out


def test_the_baseline_lets_the_old_through_but_not_the_new(gate: Callable[..., Any], faulty: Path) -> None:
    update = ("baseline", "update")
    assert gate(command=update).out.replace("\xa0", " ").startswith(f"{BASELINE} : 1 ajouté, 0 retiré, 0 inchangé.")
    before = (faulty / BASELINE).read_bytes()
    assert gate().code == 0
    repository(faulty, {FILE: subsidies("7.00", "8.00", "9.00", "100.00", "12,50")})  # des lignes au-dessus
    assert gate().code == 0
    gate(command=update)
    assert (faulty / BASELINE).read_bytes() == before
    repository(faulty, {FILE: subsidies("12,50", date="13/06/2025")})
    done = gate()
    assert done.code == 1 and len(problems(done.out)) == 1
    assert f"ignoré parce que déjà dans {BASELINE}" in done.out
    assert gate("--no-baseline").code == 1 and len(problems(gate("--no-baseline").out)) == 2


def test_what_is_mended_is_told_then_removed(gate: Callable[..., Any], faulty: Path) -> None:
    gate(command=("baseline", "update"))
    repository(faulty, {FILE: subsidies("12.50")})
    done = gate()
    assert done.code == 0 and "1 constat qui n'est plus vu y reste" in done.out.replace("\xa0", " ")
    assert "0 ajouté, 1 retiré, 0 inchangé" in gate(command=("baseline", "update")).out.replace("\xa0", " ")
    assert json.loads((faulty / BASELINE).read_text(encoding="utf-8"))["findings"] == []


def test_the_baseline_holds_from_another_folder_and_another_spelling(gate: Callable[..., Any], faulty: Path) -> None:
    gate(command=("baseline", "update"))
    assert gate("./subventions-2025.csv", at=faulty / "data").code == 0
    assert gate(str(faulty / FILE), at=faulty.parent).code == 0
    assert gate("data/../data/subventions-2025.csv").code == 0


def test_updating_one_path_keeps_the_rest(gate: Callable[..., Any], faulty: Path) -> None:
    repository(faulty, {"data/subventions-2024.csv": subsidies("1,50", date="2024-06-13")})
    gate(command=("baseline", "update"))
    repository(faulty, {FILE: subsidies("12.50")})
    assert "0 retiré, 2 inchangés" in gate("data/subventions-2024.csv", command=("baseline", "update")).out.replace(
        "\xa0", " "
    )
    assert "1 retiré, 1 inchangé" in gate(FILE, command=("baseline", "update")).out.replace("\xa0", " ")


def test_a_half_merged_baseline_stops_the_gate_and_update_mends_it(gate: Callable[..., Any], faulty: Path) -> None:
    (faulty / BASELINE).write_text("<<<<<<< HEAD\n{}\n=======\n>>>>>>> x\n", encoding="utf-8")
    done = gate()
    assert done.code == 2 and "fusion git" in done.err and done.err.count("\n") == 1
    assert gate(command=("baseline", "update")).code == 0
    assert gate().code == 0


def test_show_tells_what_is_admitted(gate: Callable[..., Any], faulty: Path, program: Callable[..., Any]) -> None:
    gate(command=("baseline", "update"))
    done = program("baseline", "show")
    assert f"{FILE}: [valeurs-conformes] " in done.out and done.out.endswith("1 constats admis.\n")


def test_only_changed_files_are_judged_and_the_rest_is_said(gate: Callable[..., Any], faulty: Path) -> None:
    settings = SCHEMAS.replace("[gate]", "[gate]\nmin-score = 100")
    repository(faulty, {}, settings)
    start = committed(faulty)
    assert gate("--changed-since", start).code == 0
    assert "rien à contrôler" in gate("--changed-since", start).out
    repository(faulty, {"data/autre.csv": "nom,valeur\na,1\nb,3\n"}, settings)
    done = gate("--changed-since", start)
    assert done.code == 0 and "1 fichier contrôlé" in done.out.replace("\xa0", " ")
    assert "Ce qui touche tout le catalogue" in done.out and "Les scores demandés" in done.out
    repository(faulty, {"data/subventions-neuf.csv": subsidies("1,50")}, settings)  # pas encore suivi par git
    assert gate("--changed-since", start).code == 1


def test_changed_settings_bring_everything_back(gate: Callable[..., Any], faulty: Path) -> None:
    start = committed(faulty)
    repository(faulty, {}, SCHEMAS + "# autre\n")
    assert gate("--changed-since", start).code == 1


def test_a_description_that_changed_brings_back_what_it_describes(gate: Callable[..., Any], faulty: Path) -> None:
    package = {"name": "x", "resources": [{"name": "s", "path": "subventions-2025.csv"}]}
    repository(faulty, {"data/datapackage.json": json.dumps(package)})
    start = committed(faulty)
    repository(faulty, {"data/datapackage.json": json.dumps({**package, "title": "Y"})})
    assert gate("--changed-since", start).code == 1


def test_a_fault_of_another_file_does_not_stop_the_one_given(gate: Callable[..., Any], faulty: Path) -> None:
    assert gate("data/autre.csv").code == 0
    assert gate(FILE).code == 1


def test_what_settings_leave_out_is_not_read(gate: Callable[..., Any], faulty: Path) -> None:
    repository(faulty, {}, SCHEMAS.replace("[gate]", '[gate]\nexclude = ["subventions-*.csv"]'))
    assert gate().code == 0
    done = gate(FILE)
    assert done.code == 0 and "rien à contrôler" in done.out
    repository(faulty, {"ailleurs/mal.csv": "a,a\n1\n"})
    assert gate("ailleurs/mal.csv").code == 0


def test_several_reports_at_once_say_the_same(gate: Callable[..., Any], faulty: Path, tmp_path_factory: Any) -> None:
    out = tmp_path_factory.mktemp("rapports")
    asked = [f"sarif:{out}/a.sarif", f"junit:{out}/a.xml", f"gitlab:{out}/q.json"]
    done = gate(*(word for one in asked for word in ("-o", one)), "-f", "github")
    assert done.code == 1
    assert "::error" in done.out and "À corriger (1)" in done.err  # le journal laisse la place
    results = json.loads((out / "a.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert FILE in json.dumps(results)
    assert ET.parse(out / "a.xml").getroot() is not None
    assert FILE in (out / "q.json").read_text(encoding="utf-8")


def test_reports_count_paths_from_the_top_of_the_git_repository(
    gate: Callable[..., Any], tmp_path: Path, tmp_path_factory: Any
) -> None:
    out = tmp_path_factory.mktemp("rapports")
    inside = repository(tmp_path / "ouvert", {FILE: subsidies("12,50")})
    committed(tmp_path)
    for place in (inside, inside / "data", tmp_path):
        gate(*(["ouvert"] if place == tmp_path else []), "-o", f"gitlab:{out}/q.json", at=place)
        (issue,) = json.loads((out / "q.json").read_text(encoding="utf-8"))
        assert issue["location"]["path"] == f"ouvert/{FILE}"


def test_what_is_let_through_is_no_failure_in_the_reports(
    gate: Callable[..., Any], faulty: Path, tmp_path_factory: Any
) -> None:
    out = tmp_path_factory.mktemp("rapports")
    repository(faulty, {}, SCHEMAS + EXEMPTION.format(until=DAY))
    gate("-o", f"sarif:{out}/a.sarif", "-o", f"junit:{out}/a.xml", "-o", f"json:{out}/a.json")
    results = json.loads((out / "a.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    failed = [one for one in results if one["ruleId"] == "valeurs-conformes" and not one.get("suppressions")]
    assert not [one for one in failed if one.get("kind", "fail") == "fail"]
    assert "valeurs-conformes" not in " ".join(
        f"{case.get('name')} {case.get('classname')}"
        for case in ET.parse(out / "a.xml").getroot().iter("testcase")
        if case.find("failure") is not None
    )
    report = json.loads((out / "a.json").read_text(encoding="utf-8"))
    assert not [f for f in report["findings"] if f["check"] == "valeurs-conformes" and f["outcome"] == "non_compliant"]


def test_a_report_written_twice_is_the_same_from_memory(
    gate: Callable[..., Any], faulty: Path, tmp_path_factory: Any
) -> None:
    out = tmp_path_factory.mktemp("rapports")
    first, second = gate("-o", f"json:{out}/a.json"), gate("-o", f"json:{out}/b.json")
    assert "rien n'a changé" in second.out and "rien n'a changé" not in first.out
    assert (out / "a.json").read_bytes() == (out / "b.json").read_bytes()


def test_a_report_never_overwrites_what_is_judged(gate: Callable[..., Any], faulty: Path) -> None:
    before = (faulty / FILE).read_bytes()
    done = gate("-o", f"json:{FILE}")
    assert done.code == 2 and (faulty / FILE).read_bytes() == before


def test_a_file_that_cannot_be_seen_makes_it_incomplete(gate: Callable[..., Any], faulty: Path) -> None:
    (faulty / "data" / "lien.csv").symlink_to("/etc/hostname")
    done = gate()
    assert done.code == 3 and "data/lien.csv" in done.out  # 3 l'emporte sur 1
    assert gate(FILE).code == 1  # le lien n'est pas demandé
    refused = gate("data/lien.csv")
    assert refused.code == 2 and "hors du dépôt" in refused.err
    assert "/etc" not in done.out + refused.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rien.csv"], "n'existe pas"),
        (["/etc"], "hors du dépôt"),
        (["--config", "rien.toml"], "n'existe pas"),
        (["--baseline", "rien.json"], "n'existe pas"),
        (["--baseline", "x", "--no-baseline"], "se contredisent"),
        (["--changed-since", "HEAD"], "ne connaît pas"),
        (["--on", "hier"], "n'est pas une date"),
        (["-f", "sarfi"], "sarif"),
        (["a\0b"], "n'existe pas"),
    ],
)
def test_what_cannot_be_done_says_so_in_one_line(
    gate: Callable[..., Any], faulty: Path, arguments: list[str], words: str
) -> None:
    done = gate(*arguments)
    assert done.code == 2 and words in done.err and done.err.count("\n") == 1 and done.out == ""


def test_nothing_to_check_is_no_success(gate: Callable[..., Any], tmp_path: Path) -> None:
    repository(tmp_path, {"README.md": "x"}, '[gate]\npaths = ["donnees"]\n')
    done = gate()
    assert done.code == 2 and "aucun fichier" in done.err


def test_without_settings_a_folder_is_judged_as_it_is(gate: Callable[..., Any], tmp_path: Path) -> None:
    repository(tmp_path, {"a.csv": "nom,nom\n1,2\n"}, "")
    assert gate().code == 1
    assert gate("a.csv").code == 1


def test_settings_are_found_up_to_the_root_of_the_repository_and_no_further(
    gate: Callable[..., Any], tmp_path: Path
) -> None:
    repository(tmp_path, {}, "[gate]\nmin_score = 3\n")
    inside = repository(tmp_path / "depot", {"data/a.csv": "nom\na\n"}, "")
    committed(inside)
    assert gate(at=inside / "data").code == 0
    assert gate(at=tmp_path).code == 2


def test_names_of_files_cannot_forge_a_line_of_the_log(gate: Callable[..., Any], tmp_path: Path) -> None:
    name = "data/x\n::error::faux\x1b[31m.csv"
    repository(tmp_path, {name: "nom,nom\n1,2\n"}, "")
    done = gate()
    assert done.code == 1
    assert not [line for line in done.out.splitlines() if line.startswith("::error")]
    assert "\x1b" not in done.out


def test_a_quiet_success_says_nothing(gate: Callable[..., Any], faulty: Path) -> None:
    assert gate("-q", "data/autre.csv").out == ""
    assert "À corriger (1)" in gate("-q").out
