"""Our nine criteria against udata's own code: every dataset a real udata serves, and its table of frequencies."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from serving import LiveServer, LiveUnavailableError
from udata_live import live_udata

from opendata_check.fetching import Limits, open_fetcher
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.peer_score import Mark
from opendata_check.peer_scores import peer_rules
from opendata_check.peer_scores.udata import assess
from opendata_check.sources.udata import UdataSource

pytestmark = pytest.mark.live

RULE = next(rule for rule in peer_rules() if rule.id == "data-gouv")
_PYTHON = Path(__file__).resolve().parents[2] / "build" / "live" / "udata" / "venv" / "bin" / "python"
_CONSTANTS = """
import json
from udata.core.dataset.constants import CLOSED_FORMATS, UpdateFrequency
delays = {one.id: one.delta.total_seconds() / 86400 if one.delta else None for one in UpdateFrequency}
former = {key: one.id for key, one in UpdateFrequency._LEGACY_FREQUENCIES.items()}
print(json.dumps({"delays": delays, "former": former, "closed": CLOSED_FORMATS}))
"""


@pytest.fixture(scope="module")
def udata() -> Iterator[LiveServer]:
    try:
        with live_udata() as server:
            yield server
    except LiveUnavailableError as error:
        pytest.skip(f"udata ne peut pas être installé ici : {error}")


def test_every_dataset_served_has_the_marks_its_portal_gives_it(udata: LiveServer) -> None:
    with open_fetcher(cache_folder=None, allow_private=True, limits=Limits(requests_per_second=1000.0)) as fetcher:
        catalog = UdataSource(udata.base_url, "portal").collect(fetcher)
    assert len(catalog.datasets) > 10
    today, unequal = datetime.now(UTC).date(), set()
    for dataset in catalog.datasets:
        said = dict(dataset.declared_quality)
        files = tuple(InspectedFile(one, one.title) for one in dataset.distributions)
        found = assess(InspectedDataset(dataset, files), RULE, today)
        differing = {
            one.criterion for one in found.marks if (one.mark is Mark.MET) is not said.get(one.criterion, False)
        }
        assert all(one.mark in (Mark.MET, Mark.NOT_MET) for one in found.marks), dataset.title
        unequal |= differing
        if "license" in differing:
            # « License Not Specified » chosen by someone gives the point; the API shows it as it shows no licence
            assert said["license"] and dataset.license == ""
        assert found.low / 9 == pytest.approx(said["score"] - len(differing) / 9), dataset.title
    assert unequal <= {"license"}


def test_delays_and_closed_formats_are_those_of_udata(udata: LiveServer) -> None:
    run = subprocess.run([_PYTHON, "-c", _CONSTANTS], capture_output=True, text=True, check=True)
    told = json.loads(run.stdout.splitlines()[-1])
    assert told["delays"].pop("unknown") is None
    ours = {name: None if days == "none" else days for name, days in RULE.table("delays_days").items()}
    assert ours == pytest.approx(told["delays"])
    assert dict(RULE.table("former_frequencies")) == told["former"]
    assert list(RULE.words("closed_formats")) == told["closed"]
