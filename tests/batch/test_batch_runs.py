"""A lot from run to run: stopped, killed, resumed, retried, done again at another date, its list changed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from batch_folders import ROOT, batch, batch_command, commune, digests, folder_list

from opendata_check.batch.journal import read_summary

NAMES = ["aa", "bb", "cc", "dd", "ee", "ff"]


def states(lot: Path) -> dict[str, str]:
    """Return the state of each row of a lot, by what was typed."""
    return {row["typed"]: row["state"] for row in json.loads((lot / "lot.json").read_text("utf-8"))["rows"]}


def place(lot: Path, name: str) -> Path:
    (found,) = (lot / "communes").glob(f"{name}-*")
    return found


def test_a_lot_is_a_report_a_page_and_a_summary_for_each_body(tmp_path: Path) -> None:
    listed = folder_list(tmp_path, NAMES[:2])
    ran = batch(listed, tmp_path / "lot")
    assert ran.returncode == 0, ran.stderr
    assert states(tmp_path / "lot") == {"aa": "done", "bb": "done"}
    report = json.loads((place(tmp_path / "lot", "aa") / "rapport.json").read_text("utf-8"))
    kept = read_summary((place(tmp_path / "lot", "aa") / "resume.json").read_bytes())
    assert report["on"] == "2026-11-26"
    assert kept is not None and kept.summary is not None and kept.summary.overall == report["scores"]["overall"]
    assert (tmp_path / "lot" / "index.html").is_file()
    rows = json.loads((tmp_path / "lot" / "lot.json").read_text("utf-8"))["rows"]
    assert rows[0]["extra"] == [{"label": "Référent", "value": "Anne aa"}]
    told = [path for path in (tmp_path / "lot").rglob("*") if path.suffix in (".json", ".html", ".csv")]
    assert [path for path in told if str(tmp_path) in path.read_text("utf-8")] == [], "where the folders lie is told"


def test_a_second_run_does_nothing_twice_and_writes_the_same(tmp_path: Path) -> None:
    listed = folder_list(tmp_path, NAMES[:3])
    batch(listed, tmp_path / "lot", "--limit", "1")
    assert sorted(states(tmp_path / "lot").values()) == ["done", "waiting", "waiting"]
    first = next((tmp_path / "lot" / "communes").iterdir())
    before = first.stat().st_ino, (first / "rapport.json").stat().st_mtime_ns
    ran = batch(listed, tmp_path / "lot")
    assert ran.returncode == 0 and "Reprise" in ran.stderr
    assert (first.stat().st_ino, (first / "rapport.json").stat().st_mtime_ns) == before
    whole = digests(tmp_path / "lot")
    batch(listed, tmp_path / "lot")
    assert digests(tmp_path / "lot") == whole
    batch(listed, tmp_path / "autre")
    assert digests(tmp_path / "autre") == whole, "a lot done in several runs differs from one done at once"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_killed_at_any_moment_it_resumes_as_if_never_killed(tmp_path: Path) -> None:
    listed = folder_list(tmp_path, NAMES)
    began = time.monotonic()
    batch(listed, tmp_path / "temoin")
    whole = time.monotonic() - began
    chance = random.Random(8)
    for _ in range(4):
        process = subprocess.Popen(
            batch_command(listed, tmp_path / "lot"), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.2, 0.9) * whole)
        process.kill()
        process.wait()
        for report in (tmp_path / "lot").glob("communes/[!.]*/rapport.json"):
            json.loads(report.read_text("utf-8"))
    assert batch(listed, tmp_path / "lot").returncode == 0
    assert digests(tmp_path / "lot") == digests(tmp_path / "temoin")


@pytest.mark.skipif(os.name == "nt", reason="SIGINT")
def test_ctrl_c_stops_cleanly_and_the_same_command_goes_on(tmp_path: Path) -> None:
    listed = folder_list(tmp_path, [f"c{n:02d}" for n in range(30)])
    with subprocess.Popen(
        batch_command(listed, tmp_path / "lot", "--jobs", "1"),
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        while not list((tmp_path / "lot").glob("communes/c*")):
            assert process.poll() is None
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all the processes
        began = time.monotonic()
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130 and time.monotonic() - began < 15
    assert "La même commande reprend" in out and "Traceback" not in err and "Interrompu" in err
    counted = list(states(tmp_path / "lot").values())
    assert counted.count("done") == len(list((tmp_path / "lot").glob("communes/c*"))) > 0
    assert counted.count("waiting") > 0
    assert batch(listed, tmp_path / "lot").returncode == 0
    assert not list((tmp_path / "lot" / "communes").glob(".*")), "a draft is left"


def test_what_failed_is_done_again_only_when_asked(tmp_path: Path) -> None:
    listed = folder_list(tmp_path, NAMES[:2])
    answers = tmp_path / "donnees" / "aa" / "opendata-check.toml"
    answers.write_text("organization = 3\n", encoding="utf-8")
    ran = batch(listed, tmp_path / "lot")
    assert ran.returncode == 3 and "--retry-failed" in ran.stdout
    assert states(tmp_path / "lot") == {"aa": "failed", "bb": "done"}
    answers.unlink()
    assert batch(listed, tmp_path / "lot").returncode == 3
    assert batch(listed, tmp_path / "lot", "--retry-failed").returncode == 0
    assert states(tmp_path / "lot") == {"aa": "done", "bb": "done"}
    assert not (place(tmp_path / "lot", "aa") / "echec.json").exists()


def test_a_later_run_keeps_the_last_one_to_compare(tmp_path: Path) -> None:
    listed, lot = folder_list(tmp_path, NAMES[:2]), tmp_path / "lot"
    batch(listed, lot)
    first = (place(lot, "aa") / "resume.json").read_bytes()
    refused = batch(listed, lot, on="2026-12-31")
    assert refused.returncode == 2 and "--again" in refused.stderr
    assert (place(lot, "aa") / "resume.json").read_bytes() == first
    commune(tmp_path / "donnees", "aa", label="arbres")
    ran = batch(listed, lot, "--again", on="2026-12-31")
    assert ran.returncode == 0, ran.stderr
    assert (place(lot, "aa") / "precedent.json").read_bytes() == first
    told = json.loads((lot / "lot.json").read_text("utf-8"))
    assert (told["on"], told["turn"]) == ("2026-12-31", 2)
    batch(listed, lot, "--again", on="2026-12-31")  # the same day again: still compared with the other date
    assert (place(lot, "aa") / "precedent.json").read_bytes() == first


def test_a_clock_gone_back_loses_nothing(tmp_path: Path) -> None:
    listed, lot = folder_list(tmp_path, NAMES[:1]), tmp_path / "lot"
    batch(listed, lot)
    ran = batch(listed, lot, "--again", on="2026-01-05")
    assert ran.returncode == 0 and "avant le dernier passage" in ran.stderr
    kept = read_summary((place(lot, "aa") / "precedent.json").read_bytes())
    assert kept is not None and kept.summary is not None and kept.summary.on.isoformat() == "2026-11-26"


def test_without_a_date_a_lot_goes_on_at_its_own(tmp_path: Path) -> None:
    listed, lot = folder_list(tmp_path, NAMES[:2]), tmp_path / "lot"
    batch(listed, lot, "--limit", "1", on="2025-03-01")
    ran = batch(listed, lot, on="")
    assert ran.returncode == 0 and "continue au 1er mars 2025" in ran.stderr
    assert json.loads((lot / "lot.json").read_text("utf-8"))["on"] == "2025-03-01"


def test_rows_may_come_and_go_between_runs(tmp_path: Path) -> None:
    lot = tmp_path / "lot"
    batch(folder_list(tmp_path, ["aa", "bb"]), lot)
    ran = batch(folder_list(tmp_path, ["bb", "cc"]), lot)
    assert ran.returncode == 0
    assert "n'est plus dans la liste (aa-" in ran.stderr and "de plus dans la liste (cc-" in ran.stderr
    assert states(lot) == {"bb": "done", "cc": "done"} and place(lot, "aa").is_dir()


def test_a_row_that_asks_for_something_else_is_done_again(tmp_path: Path) -> None:
    lot, listed = tmp_path / "lot", folder_list(tmp_path, ["aa", "bb"])
    batch(listed, lot)
    before = (place(lot, "bb") / "resume.json").stat().st_mtime_ns
    text = listed.read_text("utf-8").replace("Référent", "Référent;agents").replace("Anne aa", "Anne aa;62")
    listed.write_text(text, encoding="utf-8")
    assert "1" in batch(listed, lot).stderr
    kept = read_summary((place(lot, "aa") / "resume.json").read_bytes())
    assert kept is not None and (place(lot, "bb") / "resume.json").stat().st_mtime_ns == before


def test_other_options_ask_for_a_new_run(tmp_path: Path) -> None:
    lot, listed = tmp_path / "lot", folder_list(tmp_path, ["aa"])
    batch(listed, lot)
    ran = batch(listed, lot, "--portal", "https://demo.data.gouv.fr")
    assert ran.returncode == 2 and "--portal" in ran.stderr and "--again" in ran.stderr


@pytest.mark.parametrize("damage", ["{", '{"schema_version": "9.0"}', "[]"])
def test_a_journal_damaged_or_of_another_version_is_told_and_not_overwritten(tmp_path: Path, damage: str) -> None:
    lot, listed = tmp_path / "lot", folder_list(tmp_path, ["aa"])
    batch(listed, lot)
    (lot / "lot.json").write_text(damage, encoding="utf-8")
    ran = batch(listed, lot)
    assert ran.returncode == 2 and "--again" in ran.stderr and "Traceback" not in ran.stderr
    assert (lot / "lot.json").read_text("utf-8") == damage
    assert batch(listed, lot, "--again").returncode == 0


def test_a_summary_changed_by_hand_is_audited_again(tmp_path: Path) -> None:
    lot, listed = tmp_path / "lot", folder_list(tmp_path, ["aa", "bb"])
    batch(listed, lot)
    whole = digests(lot)
    for name, text in (("aa", "{}"), ("bb", '{"schema_version": "1.0", "row": 1}')):
        (place(lot, name) / "resume.json").write_text(text, encoding="utf-8")
    assert batch(listed, lot).returncode == 0
    assert digests(lot) == whole


def test_two_lots_on_one_folder_the_second_is_refused(tmp_path: Path) -> None:
    listed = folder_list(tmp_path, [f"c{n:02d}" for n in range(20)])
    with subprocess.Popen(
        batch_command(listed, tmp_path / "lot"), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as first:
        while not (tmp_path / "lot" / "lot.json").is_file():
            time.sleep(0.05)
        second = batch(listed, tmp_path / "lot")
        assert first.poll() is None
        assert second.returncode == 2 and "un autre lot écrit déjà" in second.stderr
        assert len(second.stderr.strip().splitlines()) == 1
        first.wait(120)
        assert first.returncode == 0


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="un petit disque ne se monte qu'en root")
def test_a_full_disk_stops_with_one_line_and_the_rest_resumes(tmp_path: Path) -> None:
    disk, listed = tmp_path / "disque", folder_list(tmp_path, NAMES)
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "none", disk], check=False).returncode:
        pytest.skip("ce système ne monte pas de disque en mémoire")
    try:
        ran = batch(listed, disk / "lot", "--jobs", "1")
        assert ran.returncode == 2 and "disque est plein" in ran.stderr and "Traceback" not in ran.stderr
        for report in disk.glob("lot/communes/[!.]*/rapport.json"):
            json.loads(report.read_text("utf-8"))
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        assert batch(listed, disk / "lot").returncode == 0
        assert set(states(disk / "lot").values()) == {"done"}
    finally:
        subprocess.run(["umount", disk], check=True)


def test_what_is_no_longer_there_is_not_told_as_mended(tmp_path: Path) -> None:
    listed, lot = folder_list(tmp_path, ["aa", "bb"]), tmp_path / "lot"
    for name in ("aa", "bb"):
        (tmp_path / "donnees" / name / "prix.csv").write_bytes("id;libellé\n1;été\n2;hiver;trop\n".encode("cp1252"))
    batch(listed, lot)
    (tmp_path / "donnees" / "aa" / "prix.csv").unlink()
    (tmp_path / "donnees" / "bb" / "prix.csv").write_bytes("id;libellé\n1;été\n2;hiver\n".encode())
    ran = batch(listed, lot, "--again", on="2026-12-31")
    assert ran.returncode == 0, ran.stderr
    kept = {name: read_summary((place(lot, name) / "resume.json").read_bytes()) for name in ("aa", "bb")}
    before = {name: read_summary((place(lot, name) / "precedent.json").read_bytes()) for name in ("aa", "bb")}
    assert all(kept.values()) and all(before.values())
    about = {mark.fingerprint for mark in before["aa"].marks if mark.dataset.lower() == "prix"}
    assert about and about <= set(kept["aa"].unseen)
    gone = {mark.fingerprint for mark in before["bb"].marks} - {mark.fingerprint for mark in kept["bb"].marks}
    assert gone - set(kept["bb"].unseen)
