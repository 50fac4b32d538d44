"""The workers of a lot: any fault of one audit is told and the others go on, a dead worker included."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import batch_audits
import pytest
from batch_folders import commune

from opendata_check.batch import BatchError, folder
from opendata_check.batch.crew import Crew, by_turns
from opendata_check.batch.journal import read_summary
from opendata_check.batch.listing import Listing, listing_of
from opendata_check.batch.rows import read_stream
from opendata_check.batch.worker import Orders, Outcome
from opendata_check.fetching import open_fetcher


def listing(base: Path, names: list[str]) -> Listing:
    for name in names:
        commune(base, name)
    return listing_of(read_stream("\n".join(["dossier", *names]).encode()), base)


def run(base: Path, names: list[str], jobs: int = 4, debug: bool = False, silence: float = 600) -> dict[str, Outcome]:
    found = listing(base, names)
    root = base / "lot"
    folder.prepared(root)
    (base / "tmp").mkdir()
    orders = Orders(batch_audits.audit_of, root, base / "tmp", date(2026, 11, 26), 1, threads=1, debug=debug)
    with open_fetcher(cache_folder=None) as fetcher:
        return {one.key.rpartition("-")[0]: one for one in Crew(orders, fetcher, jobs, silence).run(found.jobs)}


def test_one_fault_never_stops_the_rest(tmp_path: Path) -> None:
    found = run(tmp_path, ["un", "casse", "deux", "refus", "trois", "mort", "quatre"])
    assert {name: one.state.value for name, one in found.items()} == {
        "un": "done", "deux": "done", "trois": "done", "quatre": "done",
        "casse": "failed", "refus": "failed", "mort": "failed",
    }  # fmt: skip
    for name, said in (("casse", "erreur imprévue"), ("refus", "ce dossier ne va pas"), ("mort", "arrêté net")):
        fault = found[name].fault
        assert fault is not None and said in fault.line
        kept = read_summary(folder.kept(tmp_path / "lot", found[name].key, folder.FAILURE))
        assert kept is not None and kept.fault == fault


@pytest.mark.slow
def test_an_audit_that_never_ends_is_given_up_and_the_rest_is_done(tmp_path: Path) -> None:
    found = run(tmp_path, ["un", "lent", "deux"], jobs=2, silence=15)
    assert {name: one.state.value for name, one in found.items()} == {"un": "done", "deux": "done", "lent": "failed"}


def test_a_trace_is_kept_only_when_asked_and_says_where(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    run(tmp_path / "a", ["casse"])
    assert not (tmp_path / "a" / "lot" / "erreurs").exists()
    run(tmp_path / "b", ["casse"], debug=True)
    (trace,) = (tmp_path / "b" / "lot" / "erreurs").iterdir()
    assert list((tmp_path / "b" / "tmp").iterdir()) == [], "downloads are left behind"
    assert "ZeroDivisionError" in trace.read_text(encoding="utf-8")
    (failure,) = (tmp_path / "b" / "lot" / "communes").rglob("echec.json")
    assert "secret" not in failure.read_text("utf-8")


def test_leaving_early_ends_within_seconds_and_drops_what_is_in_hand(tmp_path: Path) -> None:
    found = listing(tmp_path, ["un", "lent", "deux"])
    root = tmp_path / "lot"
    folder.prepared(root)
    (tmp_path / "tmp").mkdir()
    orders = Orders(batch_audits.audit_of, root, tmp_path / "tmp", date(2026, 11, 26), 1, threads=1)
    with open_fetcher(cache_folder=None) as fetcher:
        outcomes = Crew(orders, fetcher, 2).run(found.jobs)
        next(outcomes)
        began = time.monotonic()
        outcomes.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 10
    assert not list((root / "communes").glob("lent*"))


def test_a_folder_that_takes_nothing_more_stops_the_lot_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "lot").mkdir()
    found = listing(tmp_path, ["un", "deux"])
    (tmp_path / "tmp").mkdir()
    (tmp_path / "lot" / "communes").write_text("un fichier à la place du dossier", encoding="utf-8")
    orders = Orders(batch_audits.audit_of, tmp_path / "lot", tmp_path / "tmp", date(2026, 11, 26), 1, threads=1)
    with open_fetcher(cache_folder=None) as fetcher, pytest.raises(BatchError, match="ne peut pas être écrit"):
        list(Crew(orders, fetcher, 2).run(found.jobs))


def test_servers_take_turns_whatever_the_order_of_the_list() -> None:
    text = "\n".join(["url", *[f"https://{host}.fr/{n}" for host in "ab" for n in range(3)]])
    jobs = list(by_turns(listing_of(read_stream(text.encode()), Path()).jobs))
    assert [job.host for job in jobs] == ["a.fr", "b.fr"] * 3
