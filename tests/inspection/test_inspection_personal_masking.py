"""Property: whatever table holds persons' values, no report, message, log or exit text shows one of them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.fr import nir as stdnum_nir

from opendata_check.inspection.batch import TableBatch
from opendata_check.inspection.personal import PersonalWatch

FIRST = ("Paul", "Anaïs", "Karim", "Chloé", "Thomas", "Aminata", "Lucie", "Hugo")
LAST = ("Quendolmar", "Vrazhinec", "Tolbiazec", "Harispurua", "Kermadelan", "Zouaghmira")
"""Made up: no word of a report can hold one by chance."""
LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=6, max_size=10)


def _nir(figures: tuple[int, int, int, int, int]) -> str:
    sex, year, month, town, rank = figures
    body = f"{sex}{year:02}{month:02}78{town:03}{rank:03}"
    return body + str(stdnum_nir.calc_check_digits(body + "00"))


names = st.tuples(st.sampled_from(FIRST), st.sampled_from(LAST), LETTERS).map(
    lambda part: f"{part[1].upper()}{part[2].upper()} {part[0]}"
)
numbers = st.tuples(
    st.integers(1, 2), st.integers(0, 99), st.integers(1, 12), st.integers(1, 990), st.integers(1, 998)
).map(_nir)
mobiles = st.integers(10_000_000, 99_999_999).map(lambda number: f"06{number}")
mails = st.tuples(LETTERS, LETTERS).map(lambda part: f"{part[0]}.{part[1]}@gmail.com")
homes = st.tuples(st.integers(1, 99), LETTERS).map(lambda part: f"{part[0]} rue {part[1].title()}")
births = st.dates().map(lambda day: f"{day.day:02}/{day.month:02}/{1930 + day.year % 80}")
sentences = st.tuples(st.sampled_from(LAST), LETTERS).map(
    lambda part: f"Secours accordé à Mme {part[0]}{part[1]} pour ses loyers"
)
illnesses = LETTERS.map(lambda word: f"allergie {word}")
LABELS = {
    "usager": names, "nomBeneficiaire": names, "nom": names, "c1": names, "numero_secu": numbers, "idBeneficiaire": numbers,
    "telephone": mobiles, "montant": mobiles, "courriel": mails, "adresse": homes, "date_naissance": births, "dateConvention": births,
    "objet": sentences, "commentaire": sentences, "allergies": illnesses, "nature": illnesses,
}  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """Return labels and rows, every cell a secret."""
    labels = draw(st.lists(st.sampled_from(sorted(LABELS)), min_size=2, max_size=8, unique=True))
    rows = draw(st.lists(st.tuples(*(LABELS[label] for label in labels)).map(list), min_size=3, max_size=9))
    return labels, rows


def secrets_of(rows: list[list[str]]) -> set[str]:
    """Return the cells, and the words of the cells that nothing else could write."""
    cells = {cell for row in rows for cell in row}
    rare = {
        word for cell in cells for word in cell.split() if any(word.lower().startswith(name.lower()) for name in LAST)
    }
    return cells | rare


@settings(max_examples=80, deadline=None)
@given(tables())
def test_no_hint_carries_a_value(table: tuple[list[str], list[list[str]]]) -> None:
    labels, rows = table
    watch = PersonalWatch(labels)
    watch.take(TableBatch.of_rows(range(2, len(rows) + 2), list(zip(*rows, strict=True))))
    told = json.dumps([asdict(hint) for hint in watch.hints()], ensure_ascii=False)
    assert not [secret for secret in secrets_of(rows) if secret in told]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=tables(), name=st.sampled_from(["liste.csv", "subventions.csv", "deliberations.csv"]))
@pytest.mark.parametrize("form", ["terminal", "json", "html"])
def test_no_report_log_or_exit_text_shows_a_value(
    program: Callable[..., Any],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    form: str,
    table: tuple[list[str], list[list[str]]],
    name: str,
) -> None:
    labels, rows = table
    folder = tmp_path / "donnees"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    (folder / name).write_text("\n".join([";".join(labels), *(";".join(row) for row in rows)]) + "\n", encoding="utf-8")
    with caplog.at_level(logging.DEBUG):
        done = program("audit", folder, "--on", "2026-11-26", "--format", form)
    shown = done.out + done.err + caplog.text
    assert len(done.out) > 500
    assert not [secret for secret in secrets_of(rows) if secret in shown]
