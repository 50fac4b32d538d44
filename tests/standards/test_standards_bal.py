"""Each rule of the BAL standard that one row shows, on both sides; every row but the one judged is in order."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from opendata_check.errors import UsageError
from opendata_check.standards.bal import BalRules, profiles
from opendata_check.standards.interface import Fault

TODAY = date(2026, 11, 23)
GOOD = {
    "cle_interop": "14118_0150_00012_bis",
    "id_ban_commune": "0f6b1d3a-2c58-4e1f-9b7a-5d3c1e8f4a20",
    "id_ban_toponyme": "1a7c2e4b-3d69-4f20-8c8b-6e4d2f9a5b31",
    "id_ban_adresse": "2b8d3f5c-4e7a-4a31-9d9c-7f5e3a0b6c42",
    "commune_insee": "14118",
    "commune_nom": "Caen",
    "commune_deleguee_insee": "",
    "commune_deleguee_nom": "",
    "voie_nom": "Rue du Lavoir",
    "lieudit_complement_nom": "",
    "numero": "12",
    "suffixe": "bis",
    "position": "entrée",
    "x": "454304.17",
    "y": "6903369.46",
    "long": "-0.370679",
    "lat": "49.182863",
    "cad_parcelles": "14118000AB0012|14118000AB0013",
    "source": "Commune de Caen",
    "date_der_maj": "2024-01-31",
    "certification_commune": "1",
}
"""An address without fault in profile 1.4."""
COMMUNES = {"01004": "Ambérieu-en-Bugey", "14118": "Caen", "2A004": "Ajaccio", "76618": "Petit-Caux", "75056": "Paris"}
FORMER = {"76001": "76618", "76618": "76618"}


def table(rows: Sequence[Mapping[str, str]], labels: Sequence[str] = ()) -> tuple[list[str], pa.RecordBatch]:
    """Return the header and the cells of rows."""
    header = list(labels or rows[0])
    arrays = [pa.array([row.get(label, "") for row in rows], pa.string()) for label in header]
    return header, pa.RecordBatch.from_arrays(arrays, names=[str(place) for place in range(len(header))])


def faults_of(rows: Sequence[Mapping[str, str]], **options: Any) -> list[Fault]:
    """Return every fault of a small file."""
    header, batch = table(rows)
    known = {
        "on": TODAY,
        "known_commune": COMMUNES.__contains__,
        "current_of": FORMER.get,
        "delegated": {"76618"}.__contains__,
        "official_name": COMMUNES.get,
    }
    rules = BalRules(header, **{**known, **options})
    return [*rules.judge(batch, 2), *rules.finish()]


def codes_of(*changes: Mapping[str, str | None], **options: Any) -> set[str]:
    """Return the codes of a file of one good row for each mapping, changed by it (None: without the column)."""
    rows = [{k: v for k, v in {**GOOD, **change}.items() if v is not None} for change in changes or ({},)]
    return {fault.code for fault in faults_of(rows, **options)}


def test_address_in_order_has_no_fault() -> None:
    assert codes_of() == set()


CELLS: tuple[tuple[str, dict[str, str], set[str]], ...] = (
    ("cle_interop", {"14118_0150_00012_BIS": "casse_invalide", "14118_0150": "structure_invalide"}, set()),
    ("cle_interop", {"14118__00012": "structure_invalide", "14118_0150_00012_": "structure_invalide"}, set()),
    ("cle_interop", {"14999_0150_00012_bis": "commune_invalide", "": "valeur_manquante"}, set()),
    ("cle_interop", {"14118_015_00012_bis": "voie_invalide", "14118_xxxx_00012_bis": "voie_non_renseignee"}, set()),
    ("cle_interop", {"14118_0000_00012_bis": "voie_non_renseignee", "14118_0150_12_bis": "numero_prefixe_manquant"}, set()),
    ("cle_interop", {"14118_0150_0012b_bis": "numero_invalide", " 14118_0150_00012_bis": "espaces_debut_fin"}, set()),
    ("id_ban_commune", {"0f6b1d3a-2c58-4e1f-9b7a": "type_invalide"}, set()),
    ("id_ban_toponyme", {"1a7c2e4b3d694f208c8b6e4d2f9a5b31": "type_invalide"}, set()),
    ("id_ban_adresse", {"2b8d3f5c-4e7a-9a31-9d9c-7f5e3a0b6c42": "type_invalide"}, {"2B8D3F5C-4E7A-4A31-9D9C-7F5E3A0B6C42"}),
    ("commune_insee", {"14999": "commune_invalide", "14 118": "commune_invalide", "": "valeur_manquante"}, set()),
    ("commune_nom", {"CAEN": "casse_incorrecte", "caen": "casse_incorrecte"}, set()),
    ("commune_deleguee_insee", {"14999": "commune_invalide", "76001": "commune_non_deleguee"}, set()),
    ("voie_nom", {"": "valeur_manquante", "Ru": "trop_court", "a" * 201: "trop_long", "Rue du Caf\ufffd": "caractere_invalide"}, {"Bld", "B" + "é" * 199}),
    ("voie_nom", {"RUE DU LAVOIR": "casse_incorrecte", "Rue_du_Lavoir": "contient_tiret_bas"}, {"rue du lavoir", "1914"}),
    ("numero", {"": "valeur_manquante", "12b": "type_invalide", "-1": "type_invalide", "012": "contient_prefixe"}, set()),
    ("numero", {"0": "not_to_be_zero", "100000": "trop_grand", "9" * 300: "trop_grand", "1.5": "type_invalide"}, set()),
    ("suffixe", {"-bis": "debut_invalide", "abcdefghij": "trop_long", "b-2": "caractere_invalide"}, {"BIS"}),
    ("position", {"Entrée": "enum_fuzzy", "cage d'escalier": "enum_fuzzy", "porte": "valeur_invalide"}, {"cage d’escalier", "segment"}),
    ("x", {"454304,17": "separateur_decimal_invalide", "abc": "valeur_invalide", "1e5": "valeur_invalide"}, {"454203"}),
    ("y", {"6903369,46": "separateur_decimal_invalide", "6 901 268": "valeur_invalide"}, {"6901268.1234"}),
    ("long", {"-0,370679": "separateur_decimal_invalide", ".5": "valeur_invalide", "00.5": "valeur_invalide"}, set()),
    ("lat", {"49,182863": "separateur_decimal_invalide", "49.": "valeur_invalide"}, set()),
    ("cad_parcelles", {"|14118000AB0012": "pipe_debut_fin", "14118000AB001": "valeur_invalide", "|": "valeur_invalide"}, {"", "141180000AB0012"}),
    ("source", {"": "valeur_manquante"}, {"OSM"}),
    ("date_der_maj", {"": "valeur_manquante", "31/01/2024": "date_invalide", "2024-02-30": "date_invalide"}, {"2024-02-29"}),
    ("date_der_maj", {"2009-12-31": "date_ancienne", "2026-11-24": "date_future"}, {"2010-01-01", "2026-11-23"}),
    ("certification_commune", {"oui": "valeur_invalide", "2": "valeur_invalide"}, {"", "0"}),
)  # fmt: skip


def _cases() -> Iterator[Any]:
    for column, wrong, right in CELLS:
        for value, rule in wrong.items():
            yield pytest.param(column, value, rule, True, id=f"{column}:{value[:24]}→{rule}")
        for value in sorted(right):
            for rule in sorted({rule for rule in wrong.values() if rule != "valeur_manquante"}):
                yield pytest.param(column, value, rule, False, id=f"{column}:{value[:24]}≠{rule}")


@pytest.mark.parametrize(("column", "value", "rule", "wrong"), tuple(_cases()))
def test_cell_is_at_fault_when_its_value_breaks_the_rule(column: str, value: str, rule: str, wrong: bool) -> None:
    faults = [fault for fault in faults_of([GOOD, {**GOOD, column: value}]) if fault.code == f"{column}.{rule}"]
    assert bool(faults) == wrong
    for fault in faults:
        assert fault.rows == (3,)
        assert fault.field == column
        assert fault.values == (() if rule == "valeur_manquante" else (value[:200],))
        assert fault.message and fault.remedy


ROWS: tuple[tuple[str, dict[str, str], dict[str, str]], ...] = (
    ("row.incoherence_numero", {"cle_interop": "14118_0150_00013_bis"}, {"cle_interop": "14118_0150_12_bis"}),
    ("row.incoherence_commune", {"cle_interop": "2a004_0150_00012_bis"}, {"cle_interop": "14118_0151_00012_bis"}),
    ("row.incoherence_suffixe", {"cle_interop": "14118_0150_00012_ter"}, {"suffixe": "BIS"}),
    ("row.incoherence_suffixe", {"suffixe": ""}, {"cle_interop": "14118_0150_00012_b_is"}),
    ("row.adresse_incomplete", {"numero": "x"}, {"numero": "0"}),
    ("row.adresse_incomplete", {"voie_nom": "ab"}, {"voie_nom": "abc"}),
    ("row.commune_manquante", {"commune_insee": "", "cle_interop": ""}, {"commune_insee": ""}),
    ("row.commune_manquante", {"commune_insee": "14999", "cle_interop": "x"}, {"cle_interop": ""}),
    ("row.position_manquante", {"position": ""}, {"position": "", "numero": "99999"}),
    ("row.longlat_vides", {"long": ""}, {"long": "", "lat": "", "numero": "99999"}),
    ("row.longlat_invalides", {"long": "49.18", "lat": "-0.37"}, {"long": "166.45", "lat": "-22.27"}),
    ("row.longlat_invalides", {"long": "1" + "0" * 400}, {"long": ""}),
    ("row.longlat_invalides", {"long": "", "lat": "", "numero": ""}, {"long": "", "lat": "", "numero": "99999"}),
    ("row.longlat_xy_incoherents", {"x": "454315"}, {"x": "454313"}),
    ("row.longlat_xy_incoherents", {"x": "0"}, {"x": ""}),
    ("row.voie_nom_have_same_lieudit_complement_nom", {"lieudit_complement_nom": "RUE  DU-LAVOIR"}, {"lieudit_complement_nom": "Le Lavoir"}),
    ("row.commune_nom_invalide", {"commune_nom": "Cæn"}, {"commune_nom": ""}),
    ("row.commune_nom_invalide", {"commune_nom": "Paris"}, {"commune_nom": "Paris", "commune_insee": "75056"}),
    ("row.chef_lieu_invalide", {"commune_deleguee_insee": "76001"}, {"commune_deleguee_insee": "76001", "commune_insee": "76618"}),
    ("row.lack_of_id_ban", {"id_ban_adresse": ""}, {"id_ban_adresse": "", "numero": "99999"}),
    ("row.lack_of_id_ban", {"id_ban_commune": "x"}, {"id_ban_commune": "", "id_ban_toponyme": "", "id_ban_adresse": ""}),
    ("row.different_id_ban_adresses_with_same_adresse", {"id_ban_adresse": "3b8d3f5c-4e7a-4a31-9d9c-7f5e3a0b6c42"}, {"id_ban_adresse": "3b8d3f5c-4e7a-4a31-9d9c-7f5e3a0b6c42", "numero": "13"}),
    ("row.different_adresse_with_same_id_ban_adresse", {"numero": "13"}, {"numero": "99999"}),
    ("row.different_id_ban_toponyme_with_same_voie_nom", {"id_ban_toponyme": "3b8d3f5c-4e7a-4a31-9d9c-7f5e3a0b6c42"}, {"id_ban_toponyme": ""}),
    ("row.different_voie_nom_with_same_id_ban_toponyme", {"voie_nom": "Rue du Puits"}, {"voie_nom": "RUE DU LAVOIR"}),
    ("row.adresse_en_double", {}, {"position": "parcelle"}),
    ("row.adresse_en_double", {"suffixe": "BIS"}, {"suffixe": "ter"}),
    ("row.adresse_en_double", {"long": "-0.3706790"}, {"long": "-0.370680"}),
    ("row.lieudit_complement_nom_not_declared", {"lieudit_complement_nom": "Le Puits"}, {"voie_nom": "Le Puits", "lieudit_complement_nom": "Le Puits", "numero": "99999"}),
)  # fmt: skip


@pytest.mark.parametrize(("code", "wrong", "right"), ROWS)
def test_row_is_at_fault_when_its_columns_disagree(code: str, wrong: dict[str, str], right: dict[str, str]) -> None:
    assert code in codes_of({}, wrong)
    assert code not in codes_of({}, right)


def test_key_of_a_former_commune_is_told_with_a_warning_and_is_not_another_commune() -> None:
    row = {**GOOD, "cle_interop": "76001_0150_00012_bis", "commune_insee": "76618", "commune_nom": "Petit-Caux"}
    assert {fault.code: fault.level for fault in faults_of([row])} == {"cle_interop.commune_ancienne": "warning"}


def test_code_of_a_former_commune_is_told_with_the_commune_of_today() -> None:
    fault = next(f for f in faults_of([{**GOOD, "commune_insee": "76001"}]) if f.field == "commune_insee")
    assert (fault.code, fault.level, fault.expected) == ("commune_insee.commune_ancienne", "warning", ("76618",))


def test_corsican_codes_are_read_whatever_their_case() -> None:
    row = {"cle_interop": "2a004_0150_00012_bis", "commune_nom": "Ajaccio"}
    assert codes_of({**row, "commune_insee": "2A004"}, {**row, "commune_insee": "2a004", "numero": "12"}) == {
        "row.adresse_en_double"
    }


def test_communes_are_not_judged_beyond_their_shape_when_none_is_known() -> None:
    nothing: dict[str, Any] = dict.fromkeys(("known_commune", "current_of", "delegated", "official_name"))
    assert codes_of({"commune_insee": "14999", "commune_deleguee_insee": "76001", "cle_interop": ""}, **nothing) == {
        "cle_interop.valeur_manquante"
    }
    assert "commune_insee.commune_invalide" in codes_of({"commune_insee": "1411"}, **nothing)


def test_point_out_of_its_commune_is_told_when_its_extent_is_known() -> None:
    box = (-0.42, 49.15, -0.33, 49.21)
    assert codes_of(extent_of={"14118": box}.get) == set()
    far = {"long": "2.308310", "lat": "48.850244", "x": "", "y": ""}
    assert codes_of(far, extent_of={"14118": box}.get) == {"row.position_hors_commune"}
    assert codes_of(far, extent_of={"75056": box}.get) == set()


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        ("numero.contient_prefixe", "0012", "12"),
        ("numero.type_invalide", "12.0", "12"),
        ("commune_insee.commune_invalide", "1004", "01004"),
        ("position.enum_fuzzy", "BATIMENT", "bâtiment"),
        ("date_der_maj.date_invalide", "5/11/2024", "2024-11-05"),
        ("date_der_maj.date_invalide", "2024.11.05", "2024-11-05"),
        ("long.separateur_decimal_invalide", "-0,370679", "-0.370679"),
        ("cle_interop.casse_invalide", "14118_0150_00012_BIS", "14118_0150_00012_bis"),
        ("cle_interop.numero_prefixe_manquant", "14118_0150_12_bis", "14118_0150_00012_bis"),
        ("cad_parcelles.pipe_debut_fin", "14118000AB0012|", "14118000AB0012"),
        ("voie_nom.contient_tiret_bas", "Rue_du_Lavoir", "Rue du Lavoir"),
        ("source.espaces_debut_fin", " Caen\u00a0", "Caen"),
    ],
)
def test_value_that_is_sure_is_given(rule: str, value: str, expected: str) -> None:
    column = rule.partition(".")[0]
    fault = next(fault for fault in faults_of([{**GOOD, column: value}]) if fault.code == rule)
    assert (fault.values, fault.expected) == ((value,), (expected,))


def test_long_value_is_cut_and_nothing_is_expected_of_it() -> None:
    fault = next(f for f in faults_of([{**GOOD, "source": " " + "a" * 5000}]) if f.code == "source.espaces_debut_fin")
    assert (len(fault.values[0]), fault.expected) == (200, ())


def test_official_name_is_given_for_another_spelling_of_it_only() -> None:
    shouted, other = (
        faults_of([{**GOOD, "commune_nom": "CAEN", "numero": "12"}]),
        faults_of([{**GOOD, "commune_nom": "Paris"}]),
    )
    assert [f.expected for f in shouted if f.code == "row.commune_nom_invalide"] == [("Caen",)]
    assert [f.expected for f in other if f.code == "row.commune_nom_invalide"] == [()]


def test_unsure_date_expects_nothing() -> None:
    fault = next(f for f in faults_of([{**GOOD, "date_der_maj": "31/02/2024"}]) if f.code.startswith("date"))
    assert fault.expected == ()


def test_identifiers_are_read_in_uid_adresse_when_their_columns_are_missing() -> None:
    without: dict[str, str | None] = dict.fromkeys(("id_ban_commune", "id_ban_toponyme", "id_ban_adresse"))
    uid = f"@c:{GOOD['id_ban_commune']} @v:{GOOD['id_ban_toponyme']}"
    whole = {**without, "uid_adresse": f"{uid} @a:{GOOD['id_ban_adresse']}"}
    missing = {f"field.{name}.missing" for name in without}
    assert codes_of(whole) == missing
    assert codes_of({**without, "uid_adresse": uid}) == {*missing, "row.lack_of_id_ban"}
    columns = {"field.lieudit_complement_nom.missing"} & set()
    assert codes_of({**without, "uid_adresse": uid + " @a:12"}, profile="1.3") == {
        "uid_adresse.type_invalide",
        *columns,
    }


def test_column_of_another_version_is_not_judged_but_its_row_is() -> None:
    row = {**GOOD, "toponyme": GOOD["voie_nom"], "cle_interop": "14118_xxxx_00013_BIS"}
    assert codes_of(row, profile="1.5") == {"row.incoherence_numero"}
    assert "cle_interop.voie_non_renseignee" in codes_of(row, profile="1.4")


def test_toponyme_names_the_rows_that_voie_nom_leaves_empty() -> None:
    both = {"toponyme": "", "voie_nom": "Rue du Lavoir"}
    other = {"toponyme": "Le Puits", "voie_nom": "", "numero": "13", "cle_interop": "14118_0150_00013_bis"}
    assert codes_of(both, {**other, "id_ban_adresse": "3b8d3f5c-4e7a-4a31-9d9c-7f5e3a0b6c42"}) == {
        "voie_nom.valeur_manquante",
        "row.different_voie_nom_with_same_id_ban_toponyme",
    }


def test_regional_name_is_judged_in_its_own_column() -> None:
    (fault,) = faults_of([{**GOOD, "voie_nom_bre": "-", "commune_nom_bre": "", "voie_nom_xyz": "-"}])
    assert (fault.code, fault.field, fault.level) == ("voie_nom_bre.trop_court", "voie_nom_bre", "warning")
    assert codes_of({"voie_nom_bre": "-", "toponyme": "Rue du Lavoir"}, profile="1.5") == set()


def test_missing_column_is_told_with_the_level_of_the_profile() -> None:
    levels = {profile: faults_of([{"numero": "12"}], profile=profile) for profile in ("1.5", "1.4", "1.3-relax", "1.1")}
    found = {p: {f.field: f.level for f in faults if f.code.startswith("field.")} for p, faults in levels.items()}
    assert found["1.5"]["toponyme"] == "error" and "voie_nom" not in found["1.5"]
    assert found["1.4"]["id_ban_commune"] == "warning" and found["1.4"]["cad_parcelles"] == "note"
    assert found["1.3-relax"]["lat"] == "warning" and "commune_insee" not in found["1.1"]
    assert "numero" not in found["1.4"]


def test_label_written_otherwise_is_read_and_is_as_bad_as_a_missing_column() -> None:
    row = {("Voie_Nom " if key == "voie_nom" else key): value for key, value in GOOD.items()}
    (fault,) = faults_of([row])
    assert (fault.code, fault.field, fault.level) == ("field.voie_nom.fuzzy", "Voie_Nom ", "error")
    assert [f for f in faults_of([row], profile="1.3-relax") if "voie_nom" in f.code] == []


def test_well_written_label_is_preferred_to_another() -> None:
    assert codes_of({"NUMERO": "x"}) == set()


def test_byte_order_mark_before_the_first_label_is_nothing() -> None:
    assert faults_of([{f"\ufeff{key}" if key == "cle_interop" else key: value for key, value in GOOD.items()}]) == []


def test_carrier_of_the_file_is_judged_when_it_is_told() -> None:
    assert codes_of(encoding="utf-8", delimiter=";", line_end="crlf") == set()
    assert codes_of(encoding="cp1252", delimiter=",", line_end="cr") == {
        "file.encoding.non_standard",
        "file.delimiter.non_standard",
        "file.linebreak.non_standard",
    }


def test_unknown_profile_is_refused_with_those_known() -> None:
    with pytest.raises(UsageError, match=r"1\.3-relax"):
        BalRules(list(GOOD), profile="2.0")


@pytest.mark.parametrize(("asked", "given"), [("1.4.0", "1.4"), ("1.1", "1.1-strict"), ("1.3-relax", "1.3-relax")])
def test_profile_is_found_by_name_or_version(asked: str, given: str) -> None:
    assert BalRules(list(GOOD), profile=asked).profile.name == given


def test_record_numbers_are_those_given_even_when_some_are_skipped() -> None:
    header, batch = table([{**GOOD, "source": ""}, GOOD, {**GOOD, "source": ""}])
    rules = BalRules(header, on=TODAY)
    (found,) = [f for f in rules.judge(batch, np.array([7, 12, 40], np.int64)) if f.code == "source.valeur_manquante"]
    assert found.rows == (7, 40)
    double = next(f for f in rules.finish() if f.code == "row.adresse_en_double")
    assert double.rows == (7, 12, 40)


def test_batch_of_another_shape_or_type_is_read() -> None:
    header = list(GOOD)
    arrays = [pa.array([value], pa.large_string()) for value in GOOD.values()]
    arrays[0] = pa.array([GOOD["cle_interop"]]).dictionary_encode()
    arrays[6] = pa.array([None], pa.string())
    batch = pa.RecordBatch.from_arrays(arrays[:-1], names=header[:-1])
    assert [fault.code for fault in BalRules(header, on=TODAY).judge(batch.slice(0, 1), 2)] == []


def test_importing_the_standard_loads_nothing_heavy() -> None:
    program = "import sys, opendata_check.standards.bal; print({'numpy', 'pyarrow', 'yaml'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_every_rule_has_words_in_plain_french_and_a_level_for_each_profile() -> None:
    for code, words in profiles.wordings().items():
        assert len(words.levels) == len(profiles.names()) and set(words.levels) <= set("EWN"), code
        assert words.message[0].islower() and not words.message.endswith("."), code
        assert words.remedy.endswith((".", "»")) and len(words.remedy) < 130, code
        assert " : " not in words.message and "{" not in words.message + words.remedy, code
