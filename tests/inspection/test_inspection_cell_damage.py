"""What spreadsheet programs do to codes, dates and numbers is told by column, and sound columns stay quiet."""

from __future__ import annotations

import pytest

from opendata_check.inspection.cell_damage import code_of
from opendata_check.inspection.columns import TableProfiler
from opendata_check.model.facts import CellDamage, TableFacts


def told(profiler: TableProfiler) -> TableFacts:
    return profiler.completed(TableFacts(1, (), 0))


def damage_of(label: str, values: list[str]) -> dict[str, CellDamage]:
    profiler = TableProfiler([label, "autre"])
    for line, value in enumerate(values, start=2):
        profiler.add(line, [value, "x"])
    return {damage.kind: damage for damage in told(profiler).damage}


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("code_insee", "insee"), ("Code INSEE de la commune", "insee"), ("COG", "insee"), ("code_commune", "insee"),
        ("CODE POSTAL", "postcode"), ("cp", "postcode"), ("siret", "siret"), ("idBeneficiaire", "siret"),
        ("Téléphone", "phone"), ("codeCPV", ""), ("nom", ""), ("montant", ""), ("nb_siret", ""),
    ],
)  # fmt: skip
def test_a_label_announces_a_code(label: str, code: str) -> None:
    assert code_of(label) == code


@pytest.mark.parametrize(
    ("label", "values", "kind", "count"),
    [
        ("code_insee", ["1004", "01004", "54395"], "lost_zero", 1),
        ("code_postal", ["1000", "54000"], "lost_zero", 1),
        ("siret", ["5720784300015", "21540395500011"], "lost_zero", 1),
        ("telephone", ["387654321", "612345678"], "lost_zero", 2),
        ("siret", ["2,13E+13", "2.1540E+13"], "scientific", 2),
        ("reference", ["1234567890123450", "1234567890123460", "9876543210987650"], "rounded", 3),
        ("date_deliberation", ["45291", "45292", "45300"], "serial_date", 3),
        ("date", ["45291", "01/02/2024", "2024-02-01"], "serial_date", 1),
        ("tranche", ["0-2", "3-avr", "6-11"], "auto_date", 1),
        ("montant", ["1 250", "1\u00a0250\u202f000,50", "3"], "grouped", 2),
        ("montant", ["12,5", "13"], "decimal_comma", 1),
        ("tarif", ["12 €", "13,50 €", "gratuit"], "unit", 2),
        ("tarif", ["65 780 € HT", "13,50 € TTC"], "unit", 2),
        ("date", ["2024-01-31"] * 8 + ["31/01/2024"] * 2, "mixed_dates", 2),
    ],
)
def test_damage_is_counted(label: str, values: list[str], kind: str, count: int) -> None:
    found = damage_of(label, values)
    assert found[kind].count == count
    if kind not in ("mixed_dates",):
        assert found[kind].rows


@pytest.mark.parametrize(
    ("label", "values"),
    [
        ("code_insee", ["01004", "2A004", "54395"]),
        ("code_insee", ["1", "2", "3", "1004"]),  # ranks, whatever the label says
        ("population", ["1004", "45291"]),
        ("date_creation", ["1998", "2004"]),
        ("nb_date", ["45291", "45292"]),
        ("reference", ["1234567890123450", "1234567890123461", "9876543210987650"]),
        ("mesure", ["1.2E-05", "3.4E-05", "1E3"]),
        ("mois", ["janv-24", "févr-24"]),
        ("date", ["2024-01-31", "2024-02-01"]),
        ("adresse", ["12 rue des Lilas", "1 250 route du Lac"]),
        ("IDENT", ["254 118", "1 250"]),
        ("telephone", ["03 87 65 43 21", "0612345678"]),
        ("", ["", "  "]),
    ],
)
def test_sound_columns_stay_quiet(label: str, values: list[str]) -> None:
    assert damage_of(label, values) == {}


def test_rows_are_physical_lines_over_many_batches() -> None:
    values = ["54395"] * 50_000 + ["1004"]
    assert damage_of("code_insee", values)["lost_zero"].rows == ((50_002, 50_002),)
