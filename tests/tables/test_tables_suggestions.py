"""What is suggested in place of a faulty cell is always right for its field."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata_check import schemas
from opendata_check.model.schema import Field
from opendata_check.tables.columns import cell_verdict
from opendata_check.tables.suggestions import iso_date, suggestion

SCHEMAS = [schemas.load(id_) for id_ in reversed(schemas.known())]
FIELDS = {f.name: f for schema in SCHEMAS for f in schema.fields}
CHECKS = {f.name: [c for c in s.checks if c.params.get("column") == f.name] for s in SCHEMAS for f in s.fields}
VERDICTS = {name: cell_verdict(field, ("",), CHECKS[name]) for name, field in FIELDS.items()}


def suggest(name: str, cell: str) -> str:
    return suggestion(FIELDS[name], cell, lambda candidate: not VERDICTS[name](candidate))


@pytest.mark.parametrize(
    ("field", "cell", "expected"),
    [
        ("dateConvention", "31/12/2023", "2023-12-31"),
        ("dateConvention", "1.2.2024", "2024-02-01"),
        ("dateConvention", " 2024-01-31 ", "2024-01-31"),
        ("dateConvention", "20240131", "2024-01-31"),
        ("dateConvention", "2022-08-23T00:00:00.000Z", "2022-08-23"),
        ("dateConvention", "12 février 2024", "2024-02-12"),
        ("dateConvention", "lundi 1er août 2022", "2022-08-01"),
        ("dateConvention", "45322", "2024-01-31"),
        ("dateConvention", "31/12/23", ""),
        ("dateConvention", "31/02/2023", ""),
        ("dateConvention", "201312", ""),
        ("montant", "1 234,50", "1234.50"),
        ("montant", "1\u202f234,50 €", "1234.50"),
        ("montant", "1.234,50", "1234.50"),
        ("montant", "1,234.50", "1234.50"),
        ("montant", "beaucoup", ""),
        ("pourcentageSubvention", "50 %", "0.5"),
        ("pourcentageSubvention", "80", "0.8"),
        ("pourcentageSubvention", "0,45", "0.45"),
        ("VOTE_POUR", "25,0", "25"),
        ("VOTE_POUR", "25.5", ""),
        ("COLL_SIRET", "213 401 722 00011", "21340172200011"),
        ("COLL_SIRET", "0" + "05880034", ""),
        ("COLL_SIRET", "2134017220001", ""),
        ("notificationUE", "OUI", "oui"),
        ("notificationUE", "False", "non"),
        ("certification_commune", "oui", "true"),
        ("nature", "Aide en numeraire", "aide en numéraire"),
        ("nature", "prêt", ""),
        ("position", "Entrée", "entrée"),
        ("position", "cage d'escalier", "cage d’escalier"),
        ("DELIB_MATIERE_CODE", "8,4", "8.4"),
        ("datesPeriodeVersement", "01/03/2024", "2024-03-01"),
        ("datesPeriodeVersement", "01/03/2024 au 31/12/2024", "2024-03-01/2024-12-31"),
        ("rnaBeneficiaire", "w142000123", "W142000123"),
        ("commune_insee", "1004", "01004"),
        ("long", "-0,370679", "-0.370679"),
        ("DELIB_URL", "www.exemple.fr/a.pdf", "https://www.exemple.fr/a.pdf"),
        ("DELIB_URL", "voir en mairie", ""),
    ],
)
def test_usual_mistakes_are_mended(field: str, cell: str, expected: str):
    assert suggest(field, cell) == expected


def test_a_siret_that_lost_its_leading_zero_gets_it_back():
    complete = "00588003400012"
    siret = next(
        f"{n:014}" for n in range(int(complete), int(complete) + 100) if not VERDICTS["COLL_SIRET"](f"{n:014}")
    )
    assert suggest("COLL_SIRET", siret.lstrip("0")) == siret


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(FIELDS)), st.one_of(st.text(max_size=40), st.from_regex(r"\A[ 0-9/.,€%-]{1,20}\Z")))
def test_a_suggestion_is_always_accepted_by_the_field(name: str, cell: str):
    found = suggest(name, cell)
    assert found == "" or not VERDICTS[name](found)


@given(st.dates())
def test_a_french_date_and_its_iso_form_are_the_same_day(day):
    assert iso_date(day.strftime("%d/%m/").lstrip("0") + f"{day.year:04}") == day.isoformat()


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_dates(text: str):
    found = iso_date(text)
    assert found == "" or len(found) == 10


def test_a_very_long_cell_gets_no_suggestion():
    assert suggestion(Field("n", "number"), "1" * 500 + ",5", lambda cell: True) == ""
