"""What the tests of this room share."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from opendata_check.tables import columnar


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the readings by columns that ended (``columns``) and those given up for rows (``rows``)."""
    found: Counter[str] = Counter()
    judge = columnar.judge_columns

    def judge_and_count(*arguments: Any) -> Any:
        run = judge(*arguments)
        found["rows" if run is None else "columns"] += 1
        return run

    monkeypatch.setattr(columnar, "judge_columns", judge_and_count)
    return found
