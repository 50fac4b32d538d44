"""Compares our verdicts with those of the published validator (validateur-bal 3.5.2) on its own test files."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from opendata_check import territory
from opendata_check.standards.bal import BalRules, profiles
from opendata_check.standards.interface import Fault

LETTERS = {"error": "E", "warning": "W", "note": "I"}
MEASURED_ON = date(2026, 11, 23)
LINE_ENDS = {"Unix": "lf", "Windows": "crlf", "Old Mac/BSD": "cr"}

NOT_GIVEN = {
    # No column names a street nor a hamlet: the published validator compares nothing with nothing, and finds them alike.
    "junk.ascii.csv": {"row.voie_nom_have_same_lieudit_complement_nom"},
    "without-voie_nom-nor-toponyme.csv": {"row.voie_nom_have_same_lieudit_complement_nom"},
}
OTHER_VERDICT = {
    # Refused in 1.4 for a fault of uid_adresse, a column 1.4 does not have and whose faults it does not list.
    ("1.3-invalid-uid_adresse.csv", "1.4"),
}
COUNTED_TWICE = {"row.lack_of_id_ban"}
"""The published validator gives it once for each identifier that a row lacks; we give it once a row."""
NOT_JUDGED = {"row.cog_no_match_id_ban_commune", "uid_adresse.incoherence_ids_ban"}
"""See the docstring of the standard."""


def faults_of(path: Path, profile: str, case: dict[str, str]) -> list[Fault]:
    """Return every fault of a file of theirs."""
    with path.open(encoding=case["encoding"], newline="") as stream:
        header, *rows = csv.reader(stream, delimiter=case["delimiter"])
    rules = BalRules(
        header,
        profile=profile,
        on=MEASURED_ON,
        known_commune=territory.is_commune,
        current_of=territory.current_code,
        delegated=territory.is_delegated,
        official_name=territory.official_name,
        encoding=case["encoding"],
        delimiter=case["delimiter"],
        line_end=LINE_ENDS.get(case["linebreak"], case["linebreak"]),
    )
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in range(len(header))]
    batch = pa.RecordBatch.from_arrays(columns, names=[str(place) for place in range(len(header))])
    return [*rules.judge(batch, 2), *rules.finish()]


@pytest.fixture(scope="module")
def published(shared: Path) -> Path:
    return shared / "peers" / "validateur-bal"


@pytest.fixture(scope="module")
def cases(published: Path) -> list[dict[str, str]]:
    with (published / "EXPECTED.tsv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.shared
def test_codes_and_levels_are_those_of_the_published_validator_in_every_file_and_profile(
    published: Path, cases: list[dict[str, str]]
) -> None:
    compared, parted = 0, {}
    for case in (case for case in cases if case["parseOk"] == "true"):
        faults = faults_of(published / case["file"], case["profile"], case)
        ours = {f"{f.code}:{LETTERS[f.level]}" for f in faults if f.code not in profiles.own_codes()}
        left_out = NOT_GIVEN.get(Path(case["file"]).name, set())
        theirs = {code for code in case["profilErrors_unique"].split(",") if code.partition(":")[0] not in left_out}
        compared += 1
        if ours != theirs:
            parted[case["file"], case["profile"]] = (ours - theirs, theirs - ours)
    assert parted == {}
    assert compared == 84


@pytest.mark.shared
def test_rows_at_fault_are_as_many_as_theirs(published: Path, cases: list[dict[str, str]]) -> None:
    for case in (case for case in cases if case["parseOk"] == "true"):
        faults = faults_of(published / case["file"], case["profile"], case)
        ours: dict[str, int] = {}
        for fault in faults:
            ours[fault.code] = ours.get(fault.code, 0) + len(fault.rows)
        theirs: dict[str, Any] = json.loads(case["rowErrors"] or "{}")
        for code in (ours.keys() & theirs.keys()) - COUNTED_TWICE:
            assert ours[code] == theirs[code], (case["file"], case["profile"], code)


@pytest.mark.shared
def test_verdict_of_each_of_the_seven_profiles_is_theirs(published: Path, cases: list[dict[str, str]]) -> None:
    parted, compared = set(), 0
    for case in (case for case in cases if case["parseOk"] == "true" and case["profile"] == "1.4"):
        for profile, accepted in json.loads(case["profilesValidation"]).items():
            faults = faults_of(published / case["file"], profile, case)
            compared += 1
            if accepted != (not any(fault.level == "error" for fault in faults)):
                parted.add((Path(case["file"]).name, profile))
    assert parted == OTHER_VERDICT
    assert compared == 7 * 28


@pytest.mark.shared
def test_every_published_code_has_its_level_in_each_profile_but_two(published: Path) -> None:
    with (published / "ERROR_CODES.tsv").open(encoding="utf-8", newline="") as stream:
        theirs = {
            row["code"]: "".join({"E": "E", "W": "W"}.get(row[name] or "", "N") for name in profiles.names())
            for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
            if not row["code"].startswith("*.")
        }
    ours = {code: words.levels for code, words in profiles.wordings().items()}
    assert {code for code in theirs if code not in ours} == NOT_JUDGED
    assert {code: levels for code, levels in theirs.items() if ours.get(code, levels) != levels} == {}
    notes = {code for code in ours if code not in theirs and code not in profiles.own_codes()}
    assert {ours[code] for code in notes} == {"NNNNNNN"}


@pytest.mark.shared
def test_real_files_of_several_communes_are_read_and_told_apart(shared: Path) -> None:
    folder = shared / "samples" / "real" / "BaseAdresseNationale+moissonneur-bal"
    case = {"encoding": "utf-8", "delimiter": ";", "linebreak": "Unix"}
    found = {}
    for path in sorted(folder.iterdir()):
        faults = faults_of(path, "1.3", case)
        found[path.name.rpartition("__")[2]] = {fault.code for fault in faults if fault.level == "error"}
        assert "rows.plusieurs_communes" in {fault.code for fault in faults}
    assert found == {
        "1.3-not-valid-multi-commune.csv": {
            "cle_interop.numero_prefixe_manquant",
            "numero.valeur_manquante",
            "row.adresse_incomplete",
        },
        "1.3-valid-multi-commune.csv": set(),
    }
