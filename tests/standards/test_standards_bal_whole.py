"""What only a whole BAL file shows, and what must hold whatever is in it or however it is cut into batches."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_standards_bal import COMMUNES, FORMER, GOOD, TODAY, codes_of, faults_of, table

from opendata_check.standards.bal import BalRules, geodesy, profiles, whole

IDENTIFIERS = ("id_ban_commune", "id_ban_toponyme", "id_ban_adresse")
OTHER_ID = "3b8d3f5c-4e7a-4a31-9d9c-7f5e3a0b6c42"
NEXT = {"numero": "13", "cle_interop": "14118_0150_00013_bis", "id_ban_adresse": OTHER_ID}
HAMLET = {
    "numero": "99999",
    "suffixe": "",
    "voie_nom": "Le Puits",
    "cle_interop": "14118_b123_99999",
    "id_ban_adresse": "",
    "id_ban_toponyme": OTHER_ID,
}


def test_file_without_rows_is_empty() -> None:
    header = list(GOOD)
    assert [fault.code for fault in BalRules(header).finish()] == ["rows.empty"]
    rules = BalRules(header)
    assert list(rules.judge(table([], header)[1], 2)) == []
    assert [(f.code, f.level) for f in rules.finish()] == [("rows.empty", "error")]


def test_identifiers_on_some_rows_only_are_told_once_for_the_file() -> None:
    nothing = dict.fromkeys(IDENTIFIERS, "")
    assert codes_of({}, {**NEXT, **nothing}) == {"rows.every_line_required_id_ban"}
    assert codes_of(nothing, {**NEXT, **nothing}) == set()


def test_hamlet_needs_no_identifier_of_address() -> None:
    assert codes_of({}, NEXT, HAMLET) == set()


def test_two_identifiers_of_commune_are_told_when_every_row_has_its_own() -> None:
    assert codes_of({}, {**NEXT, "id_ban_commune": OTHER_ID}) == {"rows.multi_id_ban_commune"}
    partial = {**NEXT, "id_ban_commune": OTHER_ID, "id_ban_toponyme": ""}
    assert "rows.multi_id_ban_commune" not in codes_of({}, partial)


def test_two_communes_are_only_remarked() -> None:
    other = {**NEXT, "commune_insee": "75056", "commune_nom": "Paris", "cle_interop": "75056_0150_00013_bis"}
    found = {fault.code: fault.level for fault in faults_of([GOOD, {**GOOD, **other}])}
    assert found["rows.plusieurs_communes"] == "note"
    assert "rows.plusieurs_communes" not in codes_of({}, {**NEXT, "commune_insee": "99999"})


def test_same_street_name_in_two_delegated_communes_is_two_streets() -> None:
    place = {"commune_insee": "76618", "commune_nom": "Petit-Caux", "cle_interop": ""}
    one = {**place, "commune_deleguee_insee": "76618"}
    two = {**place, "commune_deleguee_insee": "76001", "id_ban_toponyme": OTHER_ID, "id_ban_adresse": OTHER_ID}
    assert codes_of(one, two) == {"cle_interop.valeur_manquante", "commune_deleguee_insee.commune_non_deleguee"}


def test_all_rows_of_a_duplicate_are_given() -> None:
    faults = faults_of([GOOD, {**GOOD, **NEXT}, GOOD, {**GOOD, "position": "parcelle"}])
    (double,) = [fault for fault in faults if fault.code == "row.adresse_en_double"]
    assert (double.rows, double.level) == ((2, 4), "warning")


def test_rows_whose_number_or_name_cannot_be_read_are_no_duplicates() -> None:
    assert "row.adresse_en_double" not in codes_of({"numero": "x"}, {"numero": "y"})
    assert "row.adresse_en_double" not in codes_of({"voie_nom": ""}, {"voie_nom": ""})


def test_hamlet_is_declared_by_a_row_before_or_after() -> None:
    complement = {"lieudit_complement_nom": "Le Puits"}
    assert codes_of({**HAMLET}, complement) == codes_of(complement, {**HAMLET}) == set()
    (fault,) = faults_of([GOOD, {**GOOD, **NEXT, "lieudit_complement_nom": "Le Four"}])
    assert (fault.code, fault.rows, fault.values) == ("row.lieudit_complement_nom_not_declared", (3,), ("Le Four",))


def test_rows_beyond_what_is_remembered_are_judged_alone_and_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "MAX_ROWS", 3)
    header, batch = table([GOOD, {**GOOD, "lieudit_complement_nom": "Le Four", "source": ""}])
    rules = BalRules(header, on=TODAY)
    found = [fault for first in (2, 4, 6) for fault in rules.judge(batch, first)]
    ending = {fault.code: fault for fault in rules.finish()}
    assert [fault.rows for fault in found if fault.code == "source.valeur_manquante"] == [(3,), (5,), (7,)]
    assert ending["rows.doublons_non_cherches"].level == "note"
    assert "row.lieudit_complement_nom_not_declared" not in ending


def test_memory_is_some_bytes_a_row() -> None:
    header, batch = table([{**GOOD, "numero": str(n % 9999 + 1), "id_ban_adresse": ""} for n in range(5000)])
    rules = BalRules(header, on=TODAY)
    for first in (2, 5002):
        list(rules.judge(batch, first))
    kept = rules._whole
    arrays = [*kept._addresses, *kept._points, *(part for part in kept._identifiers if not isinstance(part, int))]
    assert sum(array.nbytes for array in arrays) == 20 * 10_000


def test_street_table_gives_the_same_number_to_the_same_pair_in_any_batch() -> None:
    chance = np.random.default_rng(1)
    streets, seen = whole.Streets(), dict[tuple[int, int], int]()
    for _ in range(20):
        names, identifiers = (chance.integers(0, 30, 50).astype(np.uint64) for _ in range(2))
        for pair, number in zip(
            zip(names.tolist(), identifiers.tolist(), strict=True),
            streets.numbers(names, identifiers).tolist(),
            strict=True,
        ):
            assert seen.setdefault(pair, number) == number
            assert (int(streets.names[number]), int(streets.identifiers[number])) == pair
    assert len(set(seen.values())) == len(seen)


# ---------------------------------------------------------------------- laws

POOL: dict[str, list[str]] = {
    "cle_interop": ["", "14118_0150_00012_bis", "2A004_xxxx_12", "14999_0150_00012", "76001_015_x", "a_b", "__", "é_0000_00012"],
    "id_ban_commune": ["", GOOD["id_ban_commune"], OTHER_ID, "x"],
    "id_ban_toponyme": ["", GOOD["id_ban_toponyme"], OTHER_ID.upper(), " "],
    "id_ban_adresse": ["", GOOD["id_ban_adresse"], OTHER_ID, "00000000-0000-0000-0000-000000000000"],
    "uid_adresse": ["", f"@c:{OTHER_ID} @v:{OTHER_ID} @a:{OTHER_ID}", "@c:12", "@A:"],
    "commune_insee": ["14118", "2a004", "", "14999", "76001", " 75056"],
    "commune_nom": ["Caen", "CAEN", "", "Ajaccio"],
    "commune_deleguee_insee": ["", "76001", "76618", "xx"],
    "voie_nom": ["Rue du Lavoir", "RUE_DU LAVOIR", "", "ab", "1914", "Caf\ufffd", "a" * 201, "\n\n\n"],
    "toponyme": ["", "Le Puits", "LE PUITS"],
    "voie_nom_bre": ["", "-", "Straed"],
    "lieudit_complement_nom": ["", "Le Puits", "rue du lavoir"],
    "numero": ["12", "0", "00", "99999", "100000", "", "x", "012", "9" * 50, "１２"],
    "suffixe": ["", "bis", "BIS", "-", "abcdefghij", "b\n", "b-"],
    "position": ["entrée", "Entree", "", "porte", "cage d'escalier", "\u0301", "délivrance" + "-" * 250 + "postale"],
    "x": ["", "454304.17", "1,5", "x", "1" * 400],
    "y": ["", "6903369.46", "-0", "nan"],
    "long": ["", "-0.370679", "-0,370679", "166.45", "1e5", "1" * 400],
    "lat": ["", "49.182863", "-22.27", "inf", "49."],
    "cad_parcelles": ["", "14118000AB0012", "|14118000AB0012", "||", "x"],
    "source": ["", "Commune", " Commune"],
    "date_der_maj": ["", "2024-01-31", "2024-02-30", "2009-01-01", "2030-01-01", "0000-00-00", "1/2/2024"],
    "certification_commune": ["", "1", "2"],
}  # fmt: skip
ROWS = st.lists(st.fixed_dictionaries({name: st.sampled_from(values) for name, values in POOL.items()}), max_size=9)


def judged(rows: Sequence[Mapping[str, str]], cuts: Sequence[int], profile: str = "1.4") -> dict[str, Any]:
    """Return code → rows and values of a file read in batches."""
    header, batch = table(rows, list(POOL))
    rules = BalRules(
        header,
        profile=profile,
        on=TODAY,
        known_commune=COMMUNES.__contains__,
        current_of=FORMER.get,
        official_name=COMMUNES.get,
        extent_of={"14118": (-0.5, 49.0, -0.2, 49.3)}.get,
    )
    edges = [0, *sorted(cut % (len(rows) + 1) for cut in cuts), len(rows)]
    found: dict[str, Any] = defaultdict(lambda: ([], []))
    parts = [rules.judge(batch.slice(a, b - a), a + 2) for a, b in pairwise(edges)]
    for faults in (*parts, rules.finish()):
        for fault in faults:
            found[fault.code][0].extend(fault.rows)
            found[fault.code][1].extend(fault.values)
            assert not fault.values or len(fault.values) == len(fault.rows)
            assert not fault.expected or len(fault.expected) == len(fault.rows)
    return {code: (tuple(rows), tuple(values)) for code, (rows, values) in found.items()}


@settings(max_examples=60)
@given(ROWS, st.lists(st.integers(0, 8), max_size=3))
def test_faults_are_the_same_however_the_file_is_cut(rows: list[dict[str, str]], cuts: list[int]) -> None:
    assert judged(rows, cuts) == judged(rows, ())


@settings(max_examples=60)
@given(
    st.lists(st.fixed_dictionaries({name: st.text(max_size=30) for name in POOL}), max_size=4),
    st.sampled_from(profiles.names()),
)
def test_any_text_is_judged_without_failing(rows: list[dict[str, str]], profile: str) -> None:  # fmt: skip
    judged([{k: v.encode("utf-8", "replace").decode() for k, v in row.items()} for row in rows], (2,), profile)


@settings(max_examples=120)
@given(ROWS)
def test_faults_of_rows_are_those_found_one_row_at_a_time(rows: list[dict[str, str]]) -> None:
    plainly: dict[str, list[int]] = defaultdict(list)
    for record, row in enumerate(rows, start=2):
        for code in one_by_one(row):
            plainly[code].append(record)
    found = {code: list(rows) for code, (rows, _) in judged(rows, ()).items()}
    for code in {*plainly, *found} & ONE_BY_ONE:
        assert found.get(code, []) == plainly.get(code, []), code


ONE_BY_ONE = {
    *(f"cle_interop.{rule}" for rule in ("casse_invalide", "structure_invalide", "commune_invalide", "commune_ancienne", "voie_invalide", "voie_non_renseignee", "numero_invalide", "numero_prefixe_manquant")),
    *(f"voie_nom.{rule}" for rule in ("valeur_manquante", "trop_court", "trop_long", "caractere_invalide", "contient_tiret_bas", "casse_incorrecte")),
    *(f"numero.{rule}" for rule in ("valeur_manquante", "type_invalide", "contient_prefixe", "trop_grand", "not_to_be_zero")),
    *(f"suffixe.{rule}" for rule in ("debut_invalide", "trop_long")),
    *(f"{axis}.{rule}" for axis in ("x", "y", "long", "lat") for rule in ("valeur_invalide", "separateur_decimal_invalide")),
    *(f"date_der_maj.{rule}" for rule in ("date_invalide", "date_ancienne", "date_future", "valeur_manquante")),
    "cad_parcelles.pipe_debut_fin", "cad_parcelles.valeur_invalide", "commune_insee.commune_invalide",
    "commune_insee.commune_ancienne", "row.adresse_incomplete", "row.commune_manquante", "row.incoherence_numero",
    "row.longlat_vides", "row.position_manquante", "row.lack_of_id_ban",
}  # fmt: skip
UUID = re.compile(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|0{8}(-0{4}){3}-0{12}")


def one_by_one(row: Mapping[str, str]) -> set[str]:
    """Return the codes of one row of the 1.4 profile, found plainly, by other means than those of the standard."""
    cell = {name: value.strip() for name, value in row.items()}
    found: set[str] = set()
    key = _key(cell["cle_interop"], found)
    name = _name(cell["voie_nom"], found)
    number = _number(cell["numero"], found)
    commune = _commune("commune_insee", cell["commune_insee"].upper(), found) if cell["commune_insee"] else None
    _others(cell, found)
    if number is None or not (name or len(cell["toponyme"]) > 2):
        found.add("row.adresse_incomplete")
    if key is None and commune is None:
        found.add("row.commune_manquante")
    if number and key is not None and key != number:
        found.add("row.incoherence_numero")
    if number and number != 99999:
        found |= {"row.position_manquante"} if not cell["position"] else set()
        found |= {"row.longlat_vides"} if not (cell["long"] and cell["lat"]) else set()
    merged = dict(re.findall(r"(?i)@([cva]):(\S+)", cell["uid_adresse"]))
    merged = (
        {} if any(not UUID.fullmatch(value) for value in merged.values()) else {k.lower(): v for k, v in merged.items()}
    )
    ids = [cell[f"id_ban_{kind}"] if UUID.fullmatch(cell[f"id_ban_{kind}"]) else merged.get(letter, "") for kind, letter in (("commune", "c"), ("toponyme", "v"), ("adresse", "a"))]  # fmt: skip
    if any(ids) and not (ids[0] and ids[1] and (ids[2] or number == 99999)):
        found.add("row.lack_of_id_ban")
    return found


def _commune(column: str, code: str, found: set[str]) -> str | None:
    if code in COMMUNES:
        return code
    found.add(f"{column}.commune_ancienne" if code in FORMER else f"{column}.commune_invalide")
    return code if code in FORMER else None


def _key(value: str, found: set[str]) -> int | None:
    """Return the number of a key, None when it cannot be read."""
    if not value:
        return None
    if value != value.lower():
        found.add("cle_interop.casse_invalide")
    parts = value.split("_")
    if len(parts) < 3 or not all(parts):
        found.add("cle_interop.structure_invalide")
        return None
    _commune("cle_interop", parts[0].upper(), found)
    if len(parts[1]) != 4:
        found.add("cle_interop.voie_invalide")
    if parts[1].lower() in ("xxxx", "0000"):
        found.add("cle_interop.voie_non_renseignee")
    if not re.fullmatch("[0-9]+", parts[2]):
        found.add("cle_interop.numero_invalide")
        return None
    if len(parts[2]) != 5:
        found.add("cle_interop.numero_prefixe_manquant")
    return int(parts[2])


def _name(value: str, found: set[str]) -> str:
    rule = ""
    if not value:
        rule = "valeur_manquante"
    elif len(value) < 3:
        rule = "trop_court"
    elif len(value) > 200:
        rule = "trop_long"
    elif "\ufffd" in value:
        rule = "caractere_invalide"
    if rule:
        found.add(f"voie_nom.{rule}")
        return ""
    if "_" in value:
        found.add("voie_nom.contient_tiret_bas")
    if value.isupper():
        found.add("voie_nom.casse_incorrecte")
    return value


def _number(value: str, found: set[str]) -> int | None:
    if not value:
        found.add("numero.valeur_manquante")
        return None
    if not re.fullmatch("[0-9]+", value):
        found.add("numero.type_invalide")
        return None
    if value.startswith("0") and value != "0":
        found.add("numero.contient_prefixe")
    if int(value) > 99_999:
        found.add("numero.trop_grand")
        return None
    if int(value) == 0:
        found.add("numero.not_to_be_zero")
    return int(value)


def _others(cell: Mapping[str, str], found: set[str]) -> None:
    if cell["suffixe"] and not re.match("[0-9a-zA-Z]", cell["suffixe"]):
        found.add("suffixe.debut_invalide")
    elif len(cell["suffixe"]) > 9:
        found.add("suffixe.trop_long")
    for axis in ("x", "y", "long", "lat"):
        if cell[axis] and not re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", cell[axis]):
            comma = re.fullmatch(r"-?(0|[1-9][0-9]*),[0-9]+", cell[axis])
            found.add(f"{axis}.separateur_decimal_invalide" if comma else f"{axis}.valeur_invalide")
    parcels = cell["cad_parcelles"].strip("|")
    if parcels != cell["cad_parcelles"]:
        found.add("cad_parcelles.pipe_debut_fin")
    if cell["cad_parcelles"] and any(len(parcel) not in (14, 15) for parcel in parcels.split("|")):
        found.add("cad_parcelles.valeur_invalide")
    _day(cell["date_der_maj"], found)


def _day(value: str, found: set[str]) -> None:
    try:
        day = date.fromisoformat(value) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else None
    except ValueError:
        day = None
    if day is None:
        found.add("date_der_maj.date_invalide" if value else "date_der_maj.valeur_manquante")
    elif day < date(2010, 1, 1):
        found.add("date_der_maj.date_ancienne")
    elif day > TODAY:
        found.add("date_der_maj.date_future")


# ---------------------------------------------------------------------- many rows


def test_faults_sown_in_many_rows_are_found_at_their_record_numbers() -> None:
    chance = random.Random(3)
    start = date(2012, 1, 1)
    rows = [
        {
            **GOOD,
            "numero": str(n % 400 + 1),
            "cle_interop": f"14118_{n // 400:04}_{n % 400 + 1:05}",
            "suffixe": "",
            "voie_nom": f"Rue {n // 400} du Lavoir",
            "date_der_maj": (start + timedelta(days=chance.randrange(4000))).isoformat(),
        }
        | dict.fromkeys(IDENTIFIERS, "")
        for n in range(20_000)
    ]
    sown = sorted(chance.sample(range(20_000), 30))
    for n in sown:
        rows[n]["numero"] = "12b"
    header, batch = table(rows)
    rules = BalRules(header, on=TODAY, known_commune=COMMUNES.__contains__)
    found = [f for at in range(0, 20_000, 7_000) for f in rules.judge(batch.slice(at, 7_000), at + 2)]
    seen = [record for fault in found if fault.code == "numero.type_invalide" for record in fault.rows]
    assert seen == [n + 2 for n in sown]
    assert list(rules.finish()) == []


# ---------------------------------------------------------------------- projections

POINTS = [
    (geodesy.LAMBERT_93, 2.308310, 48.850244, 649242.57, 6861355.85),
    (geodesy.Utm(20), -61.540298, 16.248957, 655995.30, 1797030.02),
    (geodesy.Utm(22), -52.338867, 4.885560, 351541.87, 540162.02),
    (geodesy.Utm(40, southern=True), 55.447998, -20.893366, 338573.17, 7688873.88),
    (geodesy.Utm(38, southern=True), 45.197995, -12.792185, 521488.64, 8585837.37),
    (geodesy.Utm(21), -56.315575, 46.875213, 552154.77, 5191524.54),
    (geodesy.CONIC_ZONES[0], 3.0, 42.0, 1_700_000.0, 1_200_000.0),
    (geodesy.CONIC_ZONES[8], 3.0, 50.0, 1_700_000.0, 9_200_000.0),
    (geodesy.TERRITORIES[6].main, 166.0, -21.5, 400_000.0, 300_000.0),
]
"""Known points: of the published library's tests, then the origins of the other projections."""


@pytest.mark.parametrize(("projection", "long", "lat", "x", "y"), POINTS)
def test_projection_gives_known_points_within_ten_centimetres(
    projection: geodesy.Projection, long: float, lat: float, x: float, y: float
) -> None:
    found = projection.project(np.array([long]), np.array([lat]))
    assert np.hypot(found[0][0] - x, found[1][0] - y) < 0.1


def test_any_legal_projection_of_the_territory_agrees_and_no_other_does() -> None:
    long, lat = np.array([-0.370679]), np.array([49.182863])
    for projection in (geodesy.LAMBERT_93, *geodesy.CONIC_ZONES):
        assert geodesy.agree(long, lat, *projection.project(long, lat), 10).all()
    assert not geodesy.agree(long, lat, *geodesy.Utm(30).project(long, lat), 10).any()
    east = np.array([-54.0]), np.array([4.0])
    assert geodesy.agree(*east, *geodesy.Utm(21).project(*east), 10).all()


def test_point_is_in_france_in_its_overseas_territories_too() -> None:
    long = np.array([2.35, -61.5, -176.2, -149.57, 166.45, -19.0, 2.35, np.nan, np.inf])
    lat = np.array([48.85, 16.2, -13.3, -17.53, -22.27, 65.0, -48.85, 48.0, 48.0])
    assert geodesy.in_france(long, lat).tolist() == [True] * 5 + [False] * 4


def test_cells_are_arrow_texts_of_any_layout() -> None:
    header, batch = table([GOOD, {**GOOD, **NEXT}, GOOD])
    chunked = pa.Table.from_batches([batch.slice(1, 2)]).combine_chunks().to_batches()[0]
    assert [f.code for f in BalRules(header, on=TODAY).judge(chunked, 3)] == []
