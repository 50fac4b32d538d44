"""`audit` as users type it: folders, files, a data.gouv.fr page, outputs and exit codes, and what goes wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))
from udata_server import Scripted, recorded_portal, serve_udata

DATE = "2026-11-23"
Program = Callable[..., Any]


def audit(program: Program, *arguments: object) -> tuple[dict[str, Any], Any]:
    """Run an audit to JSON; return it with the run."""
    run = program("audit", *arguments, "--on", DATE, "--format", "json")
    assert run.out, run.err
    return json.loads(run.out), run


# --- Folders and files -----------------------------------------------------------------------------------------------


def test_one_file_is_enough(program: Program, tmp_path: Path) -> None:
    (tmp_path / "arbres.csv").write_text("id,essence\n1,Chêne\n2,Tilleul\n", encoding="utf-8")
    report, run = audit(program, tmp_path / "arbres.csv")
    assert run.code == 0
    assert [d["title"] for d in report["datasets"]] == ["Arbres"]


def test_an_empty_folder_gets_a_report_that_says_so(program: Program, tmp_path: Path) -> None:
    run = program("audit", tmp_path, "--on", DATE)
    assert run.code == 0
    assert "Aucun fichier" in run.out
    assert "Traceback" not in run.err


def test_without_an_organization_duties_are_unknown_and_inspection_goes_on(program: Program, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    report, _ = audit(program, tmp_path)
    assert report["organization"] is None
    assert {d["status"] for d in report["duties"]} == {"unknown"}
    assert any(f["check"] == "encodage-utf8" and f["outcome"] == "compliant" for f in report["findings"])


def test_the_organization_may_be_named_with_its_agents(program: Program, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    report, _ = audit(program, tmp_path, "--organization", "54395", "--agents", "1200")
    assert report["organization"]["name"] == "Nancy"
    (duty,) = [d for d in report["duties"] if d["id"] == "diffusion-par-principe"]
    assert duty["status"] == "applies"


def test_a_commune_of_two_thousand_with_forty_agents_is_exempt(program: Program, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    (tmp_path / "opendata-check.toml").write_text(
        '[organization]\nname = "Petitville"\nkind = "commune"\npopulation_municipale = 2000\npopulation_date = 2026-01-01\nagents_etp = 40\n',
        encoding="utf-8",
    )
    run = program("audit", tmp_path, "--on", DATE)
    assert run.out.startswith("Votre commune n'est pas tenue de publier ses données par principe.")
    assert "obligatoire" not in run.out


def test_a_binary_called_csv_is_told_and_the_rest_is_audited(program: Program, tmp_path: Path) -> None:
    (tmp_path / "photo.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    (tmp_path / "bon.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    report, run = audit(program, tmp_path)
    assert run.code == 0
    assert any(f["check"] == "format-annonce-exact" and f["outcome"] == "non_compliant" for f in report["findings"])
    assert len(report["datasets"]) == 2


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="l'administrateur lit tout")
def test_an_unreadable_file_is_told_and_the_rest_is_audited(program: Program, tmp_path: Path) -> None:
    (tmp_path / "ferme.csv").write_text("a\n1\n", encoding="utf-8")
    (tmp_path / "ferme.csv").chmod(0)
    (tmp_path / "bon.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    report, run = audit(program, tmp_path)
    assert run.code == 0
    assert any("ferme.csv" in fault["where"] for fault in report["faults"])


def test_a_broken_settings_file_stops_with_one_line(program: Program, tmp_path: Path) -> None:
    (tmp_path / "opendata-check.toml").write_text("[organization\n", encoding="utf-8")
    run = program("audit", tmp_path)
    assert run.code == 2
    assert "opendata-check.toml" in run.err and run.err.count("\n") == 1


def test_a_folder_typo_suggests_its_neighbour(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mes-fichiers").mkdir()
    monkeypatch.chdir(tmp_path)
    run = program("audit", "mes-fichers")
    assert run.code == 2
    assert "mes-fichiers" in run.err


# --- Outputs ---------------------------------------------------------------------------------------------------------


def test_same_input_gives_the_same_bytes_wherever_it_lies(program: Program, examples: Path, tmp_path: Path) -> None:
    shutil.copytree(examples / "commune-exemple", tmp_path / "commune-exemple")
    for form in ("html", "json", "terminal"):
        here = program("audit", examples / "commune-exemple", "--on", DATE, "--format", form).out
        there = program("audit", tmp_path / "commune-exemple", "--on", DATE, "--format", form).out
        again = program("audit", tmp_path / "commune-exemple", "--on", DATE, "--format", form).out
        assert there == again, form
        assert here.replace(str(examples), "") == there.replace(str(tmp_path), ""), form


def test_json_follows_its_published_schema(program: Program, examples: Path) -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads((examples.parent / "docs/schemas/audit.schema.json").read_text(encoding="utf-8"))
    for name in ("commune-exemple", "commune-conforme"):
        report, _ = audit(program, examples / name)
        Draft202012Validator(schema).validate(report)


def test_a_report_is_written_where_asked(program: Program, examples: Path, tmp_path: Path) -> None:
    out = tmp_path / "rapport.html"
    run = program("audit", examples / "commune-conforme", "--on", DATE, "--format", "html", "-o", out)
    assert run.code == 0
    assert run.out == ""
    assert "rapport.html" in run.err
    assert (
        out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
        or "<html" in out.read_text(encoding="utf-8")[:200]
    )


def test_a_report_that_cannot_be_written_says_so_and_leaves_code_2(
    program: Program, examples: Path, tmp_path: Path
) -> None:
    run = program("audit", examples / "commune-conforme", "--on", DATE, "-o", tmp_path / "rien" / "r.txt")
    assert run.code == 2
    assert run.err.count("\n") == 1 and "n'existe pas" in run.err


@pytest.mark.skipif(sys.platform == "win32", reason="limite de taille de fichier absente de Windows")
def test_a_full_disk_leaves_the_previous_report_whole(examples: Path, tmp_path: Path) -> None:
    out = tmp_path / "rapport.html"
    out.write_text("ancien rapport", encoding="utf-8")
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        "from opendata_check.cli.app import run\n"
        f"run(['audit', {str(examples / 'commune-conforme')!r}, '--on', '{DATE}', '--format', 'html', '-o', {str(out)!r}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1, done.stderr
    assert out.read_text(encoding="utf-8") == "ancien rapport"


def test_screens_are_eighty_columns_and_colour_obeys(
    program: Program, examples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    out = program("audit", examples / "commune-exemple", "--on", DATE).out
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 80


# --- Exit codes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 0),
        (["--fail-under", "10"], 0),
        (["--fail-under", "99"], 1),
        (["--fail-on", "critical"], 1),
    ],
)
def test_exit_codes_follow_what_is_asked(program: Program, examples: Path, options: list[str], code: int) -> None:
    assert program("audit", examples / "commune-exemple", "--on", DATE, "-q", *options).code == code


def test_nothing_fails_on_a_commune_where_all_is_right(program: Program, examples: Path) -> None:
    assert (
        program("audit", examples / "commune-conforme", "--on", DATE, "--fail-under", "100", "--fail-on", "info").code
        == 0
    )


# --- data.gouv.fr ----------------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_the_recorded_organization_is_audited_through_the_real_protocol(program: Program, shared: Path) -> None:
    with serve_udata(**recorded_portal(shared / "portals" / "udata")) as portal:
        report, run = audit(
            program, "https://www.data.gouv.fr/organizations/commune-de-sixt-sur-aff/",
            "--portal", portal.base_url, "--allow-private-network", "--organization", "35328",
        )  # fmt: skip
    assert run.code in (0, 3)
    assert report["organization"]["name"] == "Sixt-sur-Aff"
    assert report["catalogs"][0]["source"] == "udata"
    assert any("défibrillateurs" in d["title"].lower() for d in report["datasets"])
    assert any(f["check"] == "licence-homologuee" for f in report["findings"])


@pytest.mark.shared
def test_a_commune_named_alone_is_found_by_its_siren(program: Program, shared: Path) -> None:
    with serve_udata(**recorded_portal(shared / "portals" / "udata")) as portal:
        report, run = audit(program, "Sixt-sur-Aff", "--portal", portal.base_url, "--allow-private-network")
    assert run.code in (0, 3)
    assert report["catalogs"][0]["datasets"]


@pytest.mark.parametrize(
    "answer",
    [
        Scripted(status=500),
        Scripted(body=b"<html><body>Maintenance</body></html>", headers={"Content-Type": "text/html"}),
        Scripted(body=b'{"data": [', headers={"Content-Type": "application/json"}),
    ],
    ids=["500", "html", "half-json"],
)
def test_a_portal_that_fails_gets_one_french_line(program: Program, answer: Scripted) -> None:
    with serve_udata([], [], scripted={"/api/1/organizations/ma-commune/": [replace(answer, keep=True)]}) as portal:
        run = program(
            "audit",
            "https://www.data.gouv.fr/organizations/ma-commune/",
            "--portal",
            portal.base_url,
            "--allow-private-network",
        )
    assert run.code == 2
    assert run.out == ""
    assert run.err.count("\n") == 1, run.err


def test_a_private_address_is_refused_unless_asked(program: Program) -> None:
    with serve_udata([], []) as portal:
        run = program("audit", "https://www.data.gouv.fr/organizations/ma-commune/", "--portal", portal.base_url)
    assert run.code == 2
    assert "--allow-private-network" in run.err


# --- Real files ------------------------------------------------------------------------------------------------------


@pytest.mark.shared
@pytest.mark.slow
def test_real_files_of_french_communes_are_audited_whole(program: Program, shared: Path) -> None:
    report, run = audit(program, shared / "samples" / "real")
    assert run.code == 0
    files = sum(len(d["files"]) for d in report["datasets"])
    assert files >= 146
    assert not [f for f in report["findings"] if f["outcome"] == "error"], [
        f["message"] for f in report["findings"] if f["outcome"] == "error"
    ]
    assert not [fault for fault in report["faults"] if "imprévue" in fault["what"]]


def test_auditing_a_folder_never_goes_on_line(program: Program, tmp_path: Path) -> None:
    with serve_udata([], [], files={"/loin.csv": b"a;b\n1;2\n"}) as portal:
        (tmp_path / "datapackage.json").write_text(
            json.dumps(
                {"name": "x", "resources": [{"name": "loin", "title": "Loin", "path": f"{portal.base_url}/loin.csv"}]}
            ),
            encoding="utf-8",
        )
        _, run = audit(program, tmp_path, "--allow-private-network")
        assert run.code == 0
        assert not portal.seen


def test_the_report_s_name_gives_its_format(program: Program, examples: Path, tmp_path: Path) -> None:
    program("audit", examples / "commune-conforme", "--on", DATE, "-o", tmp_path / "r.html")
    assert "<html" in (tmp_path / "r.html").read_text(encoding="utf-8")[:200]
    program("audit", examples / "commune-conforme", "--on", DATE, "-o", tmp_path / "r.json")
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["scores"]["overall"] == 100
    program("audit", examples / "commune-conforme", "--on", DATE, "-f", "json", "-o", tmp_path / "r.txt")
    assert (tmp_path / "r.txt").read_text(encoding="utf-8").startswith("{")


def test_quotes_around_a_copied_path_do_no_harm(program: Program, examples: Path) -> None:
    assert program("audit", f'"{examples / "commune-conforme"}"', "--on", DATE, "-q").code == 0


def test_names_alone_are_told_with_private_life_and_never_cleared(program: Program, tmp_path: Path) -> None:
    rows = "".join(f"Durand;Paul;{n} rue des Prés\n" for n in range(1, 60))
    (tmp_path / "liste.csv").write_text(f"Nom;Prénom;Adresse\n{rows}", encoding="utf-8")
    out = program("audit", tmp_path, "--on", DATE).out
    privacy = " ".join(out[out.index("VIE PRIVÉE") :].split())
    assert "noms de personnes" in privacy[:1500]
    assert "Nous n'avons repéré ni" not in out
    assert "Durand" not in out
