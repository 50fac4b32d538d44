"""A repository, its settings, its git and the machine around it may be hostile: the gate answers, and obeys nobody."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gate_repositories import DAY, SCHEMAS, committed, git, repository, subsidies

from opendata_check.gate.changes import changed_since
from opendata_check.gate.errors import GateError
from opendata_check.gate.globs import matches
from opendata_check.gate.log import inert
from opendata_check.gate.memory import Memory, Room

NAMES = (
    "::error file=a,line=1::pris.csv",
    "##[error]pris.csv",
    "##vso[task.complete result=Succeeded]pris.csv",
    "100%0A::error::pris.csv",
    "a\n::error::pris.csv",
    "\n::warning::premier.csv",
    "\x1b[31mrouge\x1b]0;titre\x07.csv",
    "fin\r.csv",
    "\u202evsc.csv",
    "- [x](http:) `a` <b>.csv",
    "-o.csv",
)
EMPTY = "a;b\n1\n"


@pytest.fixture
def run(program: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return a function that runs `gate` in the folder « depot »."""
    folder = tmp_path / "depot"
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)
    return lambda *arguments: program("gate", "--on", DAY, *arguments)


def orders(text: str) -> list[str]:
    """Return the lines that a chain would obey."""
    return [
        line
        for line in text.splitlines()
        if line.lstrip().startswith("::") or any(sign in line for sign in ("##[", "##vso[", "##teamcity["))
    ]


@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
def test_no_file_name_gives_an_order_to_the_chain_that_reads_the_log(
    run: Callable[..., Any], tmp_path: Path, quiet: tuple[str, ...]
) -> None:
    for name in NAMES:
        (tmp_path / "depot" / name).write_bytes("é;b\n1\n".encode("cp1252"))
    done = run(*quiet)
    assert done.code in (1, 3)
    assert "pris.csv" in done.out
    assert not orders(done.out + done.err)
    assert all(character.isprintable() or character in "\n\u202f\u00a0" for character in done.out)


def test_no_file_name_gives_an_order_through_the_reports(run: Callable[..., Any], tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / "depot" / name).write_bytes("é;b\n1\n".encode("cp1252"))
    done = run("-f", "github")
    for line in done.out.splitlines():
        start = line.split("::")[1].split(" ")[0] if line.startswith("::") else ""
        assert start in ("", "error", "warning", "notice", "group", "endgroup"), line
        assert line.startswith("::") or "##[" not in line  # within an order, GitHub looks for no other
        assert "\x1b" not in line
    assert not orders(done.err)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("  ::error::x", "  ./::error::x"),
        ("a::error::x", "a::error::x"),
        ("a ##[error]x", "a ## [error]x"),
        ("##vso[x", "## vso[x"),
        ("## titre", "## titre"),
    ],
)
def test_only_what_would_be_an_order_is_changed(line: str, shown: str) -> None:
    assert inert(line) == shown


def test_each_name_given_by_git_is_judged_even_one_that_starts_with_a_line_end(tmp_path: Path) -> None:
    folder = repository(tmp_path / "depot", {"a.csv": EMPTY}, "")
    start = committed(folder)
    for name in NAMES:
        (folder / name).write_text(EMPTY, encoding="utf-8")
    assert changed_since(start, folder) == set(NAMES)
    committed(folder, "deux")
    assert changed_since(start, folder) == set(NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "[gate]\n" + "# x\n" * 2_600_000,
        "a = " + "[" * 100_000 + "]" * 100_000,
        "a = " + "{a=" * 20_000 + "1" + "}" * 20_000,
        "[" + "a." * 50_000 + "b]\n",
        "[gate]\n" + '[[gate.exemptions]]\ncheck = "encodage-utf8"\n' * 60_000,
        '[gate]\nexclude = ["' + '", "'.join("*a" * 100 for _ in range(5_000)) + '"]\n',
        "[gate]\nmin-score = " + "9" * 100_000 + "\n",
        '[gate]\npaths = ["\\u0000"]\n',
        "[gate]\npaths = [" + '"a", ' * 499 + '"' + "a/" * 149 + '"]\nfail-on = "x' + "\\u202e" * 50 + '"\n',
    ],
)
def test_monstrous_settings_are_refused_in_one_line(run: Callable[..., Any], tmp_path: Path, text: str) -> None:
    folder = repository(tmp_path / "depot", {"a.csv": EMPTY}, text)
    assert folder.is_dir()
    done = run()
    assert done.code == 2
    assert done.err.count("\n") == 1 and len(done.err) < 3_000 and "erreur imprévue" not in done.err


def test_patterns_made_to_be_slow_are_not() -> None:
    name = "a" * 200 + "/" + "a" * 200
    slow = ["*a" * 120 + "b", "**/" * 99 + "b", "*/" * 149 + "b", "[!" + "a" * 290]
    for number in range(300):
        for pattern in slow:
            assert not matches(pattern, f"{name}{number}")


def test_loops_of_links_are_told_and_do_not_stop_the_rest(run: Callable[..., Any], tmp_path: Path) -> None:
    folder = repository(tmp_path / "depot", {"a.csv": "a,b\n1,2\n"}, "")
    (folder / "x.csv").symlink_to("y.csv")
    (folder / "y.csv").symlink_to("x.csv")
    (folder / "dossier").mkdir()
    (folder / "dossier" / "haut").symlink_to("..", target_is_directory=True)
    (folder / "dehors.csv").symlink_to("/etc/passwd")
    done = run()
    assert done.code == 3
    assert "x.csv" in done.out and "dehors.csv" in done.out and "root:" not in done.out
    start = committed(folder)
    (folder / "z.csv").symlink_to("z.csv")
    done = run("--changed-since", start)
    assert done.code == 3 and "z.csv" in done.out and "x.csv" not in done.out


REVISIONS = (
    "--upload-pack=touch pris", "-x", "--output=pris", "", " ", "HEAD\nHEAD", "HEAD..HEAD", "^HEAD", "HEAD:a.csv",
    "HEAD^{/x", ":/(", "@{99999 years ago}..", "\u202eHEAD", "a" * 5000, "$(touch pris)", "`touch pris`", "HEAD^{tree}",
    "--all", "-", "refs/heads/*", "FETCH_HEAD", "\0",
)  # fmt: skip


@pytest.mark.parametrize("revision", REVISIONS)
def test_no_revision_is_taken_for_an_option_or_a_command(tmp_path: Path, revision: str) -> None:
    folder = repository(tmp_path / "depot", {"a.csv": EMPTY}, "")
    committed(folder)
    before = sorted(folder.iterdir())
    with pytest.raises(GateError) as caught:
        changed_since(revision, folder)
    assert "\n" not in str(caught.value) and sorted(folder.iterdir()) == before


@pytest.mark.parametrize("revision", ["HEAD@{1 day ago}", "refs/heads/-x", "étiquette", "HEAD", "a.csv"])
def test_strange_names_that_git_knows_are_revisions(tmp_path: Path, revision: str) -> None:
    folder = repository(tmp_path / "depot", {"a.csv": EMPTY}, "")
    start = committed(folder)
    git(folder, "update-ref", "refs/heads/-x", start)
    git(folder, "tag", "étiquette")
    git(folder, "branch", "a.csv")  # a branch named as a file
    git(folder, "checkout", "-q", "--detach")
    (folder / "b.csv").write_text(EMPTY, encoding="utf-8")
    assert changed_since(revision, folder) == {"b.csv"}


def test_the_commands_that_a_repository_names_are_not_run(tmp_path: Path) -> None:
    folder = repository(tmp_path / "depot", {"a.csv": EMPTY, ".gitattributes": "*.csv filter=mal diff=mal\n"}, "")
    start = committed(folder)
    trap = f"touch {tmp_path}/pris; cat"
    for key in (
        "filter.mal.clean", "filter.mal.process", "filter.mal.smudge", "diff.mal.command", "diff.mal.textconv",
        "core.fsmonitor", "diff.external", "core.pager", "core.sshCommand", "core.askPass",
    ):  # fmt: skip
        git(folder, "config", key, trap)
    git(folder, "config", "filter.mal.required", "true")
    hook = folder / ".git" / "hooks" / "post-index-change"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/pris\n", encoding="utf-8")
    hook.chmod(0o755)
    (folder / "a.csv").write_text("a;b\n2\n", encoding="utf-8")
    assert changed_since(start, folder) == {"a.csv"}
    assert not (tmp_path / "pris").exists()


def test_a_clone_that_lacks_objects_does_not_go_and_fetch_them(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origine", {"a.csv": EMPTY}, "")
    committed(origin)
    git(origin, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=tree:0", "--no-checkout", f"file://{origin}", "court")
    folder = tmp_path / "court"
    git(folder, "config", "remote.origin.uploadpack", f"touch {tmp_path}/pris; git-upload-pack")
    with pytest.raises(GateError):
        changed_since("HEAD", folder)
    assert not (tmp_path / "pris").exists()


def test_a_bare_repository_says_so(tmp_path: Path) -> None:
    committed(repository(tmp_path / "depot", {"a.csv": EMPTY}, ""))
    git(tmp_path, "clone", "-q", "--bare", str(tmp_path / "depot"), "nu.git")
    with pytest.raises(GateError):
        changed_since("HEAD", tmp_path / "nu.git")


def test_a_sparse_folder_judges_what_is_there(run: Callable[..., Any], tmp_path: Path) -> None:
    folder = repository(tmp_path / "depot", {"a/a.csv": "a,b\n1,2\n", "b/b.csv": EMPTY}, "")
    start = committed(folder)
    (folder / "a" / "c.csv").write_text("a,b\n1,3\n", encoding="utf-8")
    (folder / "b" / "d.csv").write_text(EMPTY, encoding="utf-8")
    committed(folder, "deux")
    git(folder, "sparse-checkout", "set", "a")
    assert not (folder / "b").exists()
    done = run("--changed-since", start)
    assert "1\u00a0fichier contrôlé" in done.out and "b/" not in done.out


def test_a_submodule_whose_commit_changed_is_judged_as_a_whole(run: Callable[..., Any], tmp_path: Path) -> None:
    committed(repository(tmp_path / "autre", {"a.csv": "a,b\n1,2\n", "b.csv": "a,b\n1,2\n"}, ""))
    folder = repository(tmp_path / "depot", {"c.csv": "a,b\n1,2\n"}, "")
    committed(folder)
    git(folder, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(tmp_path / "autre"), "données")
    start = committed(folder, "deux")
    assert "0\u00a0fichier contrôlé" in run("--changed-since", start).out
    (folder / "données" / "a.csv").write_text("a,b\n1,3\n", encoding="utf-8")
    committed(folder / "données", "trois")
    assert "2\u00a0fichiers contrôlés" in run("--changed-since", start).out


def test_a_description_that_is_deleted_has_its_folder_judged(run: Callable[..., Any], tmp_path: Path) -> None:
    package = '{"name": "x", "resources": [{"name": "a", "path": "a.csv"}]}'
    folder = repository(
        tmp_path / "depot", {"d/a.csv": "a,b\n1,2\n", "d/datapackage.json": package, "c.csv": "a\n1\n"}, ""
    )
    start = committed(folder)
    (folder / "d" / "datapackage.json").unlink()
    assert "1\u00a0fichier contrôlé" in run("--changed-since", start).out


def test_files_that_change_during_the_run_leave_no_false_memory(run: Callable[..., Any], tmp_path: Path) -> None:
    folder = repository(
        tmp_path / "depot", {f"data/subventions-{n}.csv": subsidies(f"{n}.00") for n in range(6)}, SCHEMAS
    )
    stop = threading.Event()

    def meddle() -> None:
        rank = 0
        while not stop.is_set():
            rank += 1
            place = folder / "data" / f"subventions-{rank % 6}.csv"
            if rank % 7 == 0:
                place.unlink(missing_ok=True)
            else:
                place.write_text(subsidies("12,50" if rank % 2 else "1.00"), encoding="utf-8")

    thread = threading.Thread(target=meddle)
    thread.start()
    try:
        codes = [run().code for _ in range(3)]
    finally:
        stop.set()
        thread.join()
    assert set(codes) <= {0, 1, 3}
    repository(folder, {f"data/subventions-{n}.csv": subsidies(f"{n}.00") for n in range(6)}, SCHEMAS)
    assert run("-f", "json").out == run("-f", "json", "--no-cache").out


def test_two_gates_at_once_give_the_same_answer(tmp_path: Path) -> None:
    folder = repository(
        tmp_path / "depot", {f"data/subventions-{n}.csv": subsidies(f"{n}.00") for n in range(5)}, SCHEMAS
    )
    environment = {**os.environ, "OPENDATA_CHECK_CACHE": str(tmp_path / "memoire")}
    command = [sys.executable, "-m", "opendata_check", "gate", "--on", DAY, "-f", "json"]
    root = Path(__file__).resolve().parents[2]
    environment["PYTHONPATH"] = str(root)
    started = [
        subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    given = [one.communicate(timeout=300)[0] for one in started]
    assert len({one.returncode for one in started}) == 1 and started[0].returncode in (0, 1)
    assert given[0] and len(set(given)) == 1


ROOM = Room("gate", most=10, bytes=1_000_000)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPENDATA_CHECK_CACHE", str(tmp_path / "memoire"))
    place = tmp_path / "memoire" / "gate"
    place.mkdir(parents=True, mode=0o700)
    return place


def test_a_memory_that_others_may_write_in_is_not_used(tmp_path: Path, cache: Path) -> None:
    Memory([tmp_path / "depot"], ROOM).put("k", ("faux",), "found")
    assert Memory([tmp_path / "depot"], ROOM).get("k", tuple[str, ...], "found") == ("faux",)
    cache.chmod(0o777)
    own = Memory([tmp_path / "depot"], ROOM)
    assert own.get("k", tuple[str, ...], "found") is None and "d'autres que vous" in own.refused


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives a folder away")
def test_a_memory_of_somebody_else_is_not_used(tmp_path: Path, cache: Path) -> None:
    Memory([tmp_path / "depot"], ROOM).put("k", ("faux",), "found")
    (place,) = cache.iterdir()
    os.chown(place, 12345, 12345)
    assert Memory([tmp_path / "depot"], ROOM).get("k", tuple[str, ...], "found") is None
    os.chown(place, 0, 0)
    os.chown(cache, 12345, 12345)
    own = Memory([tmp_path / "depot"], ROOM)
    assert own.get("k", tuple[str, ...], "found") is None and own.refused


def test_a_file_with_two_names_is_not_taken_for_the_memory(tmp_path: Path, cache: Path) -> None:
    Memory([tmp_path / "depot"], ROOM).put("k", ("vrai",), "found")
    (place,) = cache.iterdir()
    os.link(place, tmp_path / "autre")
    assert Memory([tmp_path / "depot"], ROOM).get("k", tuple[str, ...], "found") is None


def test_a_memory_in_the_git_repository_above_the_settings_is_not_used(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = repository(tmp_path / "depot", {"bas/data/a.csv": "a,b\n1,2\n"}, "")
    repository(folder / "bas", {}, SCHEMAS)
    committed(folder)
    monkeypatch.chdir(folder / "bas")
    monkeypatch.setenv("OPENDATA_CHECK_CACHE", str(folder / "memoire"))
    assert "la mémoire n'est pas utilisée" in run().out
    assert not (folder / "memoire" / "gate").exists()


def test_a_pipe_in_the_memory_does_not_block(tmp_path: Path, cache: Path) -> None:
    os.mkfifo(cache / "k.found")
    assert Memory([tmp_path / "depot"], ROOM).get("k", tuple[str, ...], "found") is None


@pytest.mark.parametrize("made", [False, True])
def test_a_read_only_home_changes_nothing(tmp_path: Path, made: bool) -> None:
    limits: list[str] = []
    if os.geteuid() == 0:  # root writes anywhere, unless it gives that power up
        if shutil.which("setpriv") is None:
            pytest.skip("setpriv absent : root écrirait partout")
        limits = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]
    folder = repository(tmp_path / "depot", {"data/subventions-1.csv": subsidies("1.00")}, SCHEMAS)
    home = tmp_path / "maison"
    place = home / ".cache" / "opendata-check" / "gate" if made else home
    place.mkdir(parents=True)
    place.chmod(0o500)
    environment = {
        key: value for key, value in os.environ.items() if key not in ("OPENDATA_CHECK_CACHE", "XDG_CACHE_HOME")
    }
    environment |= {"HOME": str(home), "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    command = [*limits, sys.executable, "-m", "opendata_check", "gate", "--on", DAY]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr and not list(place.iterdir())


@pytest.mark.parametrize(
    ("settings", "link", "target"),
    [
        (SCHEMAS, ".opendata-check-baseline.json", "../victime"),
        (SCHEMAS, ".opendata-check-baseline.json", "../absente"),
        (SCHEMAS, ".opendata-check-baseline.json", ".git/hooks/pre-commit"),
        (SCHEMAS, ".opendata-check-baseline.json", ".opendata-check-baseline.json"),
        (SCHEMAS.replace("[gate]\n", '[gate]\nbaseline = "lien/victime"\n', 1), "lien", ".."),
        (SCHEMAS.replace("[gate]\n", '[gate]\nbaseline = ".git/config"\n', 1), "autre", "."),
    ],
)
def test_a_repository_cannot_have_a_file_outside_written_over(
    program: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str, link: str, target: str
) -> None:
    folder = repository(tmp_path / "depot", {"data/subventions-1.csv": subsidies("12,50")}, settings)
    (tmp_path / "victime").write_text("à garder", encoding="utf-8")
    (folder / link).symlink_to(target)
    committed(folder)
    before = (folder / ".git" / "config").read_bytes()
    monkeypatch.chdir(folder)
    for words in (("baseline", "update"), ("baseline", "show"), ("gate",)):
        done = program(*words, *(() if "show" in words else ("--on", DAY)))
        assert done.code == 2 and done.err.count("\n") == 1, done.err
    assert (tmp_path / "victime").read_text(encoding="utf-8") == "à garder"
    assert not (tmp_path / "absente").exists() and not (folder / ".git" / "hooks" / "pre-commit").exists()
    assert (folder / ".git" / "config").read_bytes() == before
