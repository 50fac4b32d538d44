"""GTFS: each rule on both sides, a real dataset, and files made to harm."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from opendata_check.standards import gtfs
from opendata_check.standards.gtfs import gathering, sequences, store
from opendata_check.standards.gtfs.facts import RULES, facts
from opendata_check.standards.interface import Fault

ON = date(2026, 3, 2)

RIGHT: dict[str, str] = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone,agency_lang,agency_phone,agency_email\n"
    "1,Navettes de Crach,https://navettes.crach.fr,Europe/Paris,fr,02 97 00 00 00,bus@crach.fr\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,zone_id,level_id\n"
    "GARE,Gare,47.66,-2.98,1,,,\n"
    "Q1,Gare quai 1,47.6601,-2.9801,0,GARE,Z1,N0\n"
    'B,"Bourg, mairie",47.61,-3.00,,,Z1,\n'
    "E1,Entrée,47.6602,-2.9802,2,GARE,,\n"
    "X1,,,,3,GARE,,\n"
    "A1,,,,4,Q1,,\n",
    "levels.txt": "level_id,level_index\nN0,0\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type,route_color,route_url\n"
    "R1,1,1,Gare - Bourg,3,0039A6,https://navettes.crach.fr/1?a=b\n"
    "R2,1,,Marché,3,,\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "SEM,1,1,1,1,1,0,0,20260101,20261231\n",
    "calendar_dates.txt": "service_id,date,exception_type\nSEM,20260501,2\nMARCHE,20260614,1\n",
    "trips.txt": "route_id,service_id,trip_id,direction_id,shape_id\n"
    "R1,SEM,T1,0,FORME\n"
    "R1,SEM,T2,1,\n"
    "R2,MARCHE,T3,0,\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,timepoint,shape_dist_traveled\n"
    "T1,08:00:00,08:00:00,Q1,1,1,0\n"
    "T1,8:10:00,08:11:00,B,2,1,6.2\n"
    "T2,23:55:00,23:55:00,B,1,,\n"
    "T2,24:10:00,24:10:00,Q1,5,,\n"
    "T3,10:00:00,10:00:00,Q1,1,,\n"
    "T3,,,B,2,0,\n"
    "T3,10:30:00,10:30:00,Q1,3,,\n",
    "shapes.txt": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled\n"
    "FORME,47.66,-2.98,1,0\n"
    "FORME,47.61,-3.00,2,6.2\n",
    "fare_attributes.txt": "fare_id,price,currency_type,payment_method,transfers\nPLEIN,1.50,EUR,0,\n",
    "fare_rules.txt": "fare_id,route_id,origin_id\nPLEIN,R1,Z1\n",
    "frequencies.txt": "trip_id,start_time,end_time,headway_secs\nT2,06:00:00,09:00:00,600\n",
    "transfers.txt": "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nQ1,B,2,120\n",
    "pathways.txt": "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional\nP1,E1,Q1,5,1\n",
    "feed_info.txt": "feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,feed_end_date\n"
    "Crach,https://crach.fr,fr,20260101,20261231\n",
    "attributions.txt": "organization_name,is_producer\nCrach,1\n",
}


def judged(folder: Path, files: Mapping[str, str | bytes], on: date | None = ON) -> list[Fault]:
    """Write the files of a dataset and return its faults."""
    members: dict[str, Path] = {}
    for place, (name, content) in enumerate(files.items()):
        members[name] = folder / f"{place}.txt"
        members[name].write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(gtfs.validate(members, on))


def changed(name: str, replaced: str, by: str) -> dict[str, str]:
    assert replaced in RIGHT[name], (name, replaced)
    return {**RIGHT, name: RIGHT[name].replace(replaced, by, 1)}


def without(*names: str) -> dict[str, str]:
    return {name: content for name, content in RIGHT.items() if name not in names}


def test_a_right_dataset_has_no_fault(tmp_path: Path) -> None:
    assert judged(tmp_path, RIGHT) == []


def test_a_dataset_with_a_bom_and_windows_lines_has_no_fault(tmp_path: Path) -> None:
    files = {name: b"\xef\xbb\xbf" + content.replace("\n", "\r\n").encode() for name, content in RIGHT.items()}
    assert judged(tmp_path, files) == []


FLEX = {
    "locations.geojson": '{"type": "FeatureCollection", "features": [{"type": "Feature", "id": "ZONE", "properties": {},'
    ' "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}}]}',
    "booking_rules.txt": "booking_rule_id,booking_type,prior_notice_duration_min\nTAD,1,60\n",
    "trips.txt": RIGHT["trips.txt"] + "R1,SEM,T4,0,\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,timepoint,location_id,"
    "start_pickup_drop_off_window,end_pickup_drop_off_window,pickup_type,pickup_booking_rule_id\n"
    "T1,08:00:00,08:00:00,Q1,1,1,,,,,\nT1,08:10:00,08:11:00,B,2,1,,,,,\n"
    "T2,08:00:00,08:00:00,Q1,1,1,,,,,\nT2,08:10:00,08:11:00,B,2,1,,,,,\n"
    "T3,08:00:00,08:00:00,Q1,1,1,,,,,\nT3,08:10:00,08:11:00,B,2,1,,,,,\n"
    "T4,,,,1,,ZONE,08:00:00,18:00:00,2,TAD\nT4,,,,2,,ZONE,08:00:00,18:00:00,1,\n",
}


def test_a_service_on_demand_has_no_fault(tmp_path: Path) -> None:
    assert judged(tmp_path, {**RIGHT, **FLEX}) == []


BROKEN: list[tuple[str, Mapping[str, str | bytes], str, str, tuple[int, ...], tuple[str, ...]]] = [
    ("gtfs.fichier_manquant", without("agency.txt"), "agency.txt", "", (), ()),
    ("gtfs.fichier_manquant", without("stop_times.txt"), "stop_times.txt", "", (), ()),
    ("gtfs.fichier_manquant", without("routes.txt"), "routes.txt", "", (), ()),
    ("gtfs.fichier_manquant", without("levels.txt") | {"stops.txt": RIGHT["stops.txt"].replace("N0", "")}, "levels.txt",
     "", (), ()),
    ("gtfs.fichier_manquant", without("feed_info.txt") | {"translations.txt":
     "table_name,field_name,language,translation,record_id\nstops,stop_name,br,Ti-gar,GARE\n"}, "feed_info.txt", "", (), ()),
    ("gtfs.fichier_interdit", changed("routes.txt", "route_url\n", "network_id\n") | {"networks.txt": "network_id\nN\n",
     "routes.txt": "route_id,route_short_name,route_type,network_id\nR1,1,3,N\nR2,2,3,\n"}, "networks.txt", "", (), ()),
    ("gtfs.sous_dossier", {f"export/{name}": content for name, content in RIGHT.items()}, "export", "", (), ()),
    ("gtfs.sous_dossier", {**RIGHT, "vieux/stops.txt": "x"}, "vieux/stops.txt", "", (), ()),
    ("gtfs.nom_de_fichier", without("agency.txt") | {"Agency.txt": RIGHT["agency.txt"]}, "Agency.txt", "", (), ()),
    ("gtfs.fichier_inconnu", {**RIGHT, "notes.txt": "x"}, "notes.txt", "", (), ()),
    ("gtfs.fichier_vide", {**RIGHT, "transfers.txt": "\n"}, "transfers.txt", "", (), ()),
    ("gtfs.sans_ligne", {**RIGHT, "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n",
     "routes.txt": RIGHT["routes.txt"].replace(",1,", ",,")}, "agency.txt", "", (), ()),
    ("gtfs.pas_texte", {**RIGHT, "transfers.txt": b"PK\x03\x04\x00\x00"}, "transfers.txt", "", (), ()),
    ("gtfs.pas_texte", {**RIGHT, "transfers.txt": RIGHT["transfers.txt"].encode("utf-16")}, "transfers.txt", "", (), ()),
    ("gtfs.encodage", {**RIGHT, "levels.txt": "level_id,level_index,level_name\nN0,0,été\n".encode("latin-1")}, "levels.txt",
     "", (2,), ()),
    ("gtfs.csv", changed("transfers.txt", "Q1,B", '"Q1"x,B'), "transfers.txt", "", (2,), ()),
    ("gtfs.csv", changed("transfers.txt", "Q1,B", '"Q1,B'), "transfers.txt", "", (2,), ()),
    ("gtfs.separateur", {**RIGHT, "transfers.txt": RIGHT["transfers.txt"].replace(",", ";")}, "transfers.txt", "", (), ()),
    ("gtfs.colonne_double", changed("levels.txt", "level_index\nN0,0", "level_index,level_index\nN0,0,0"), "levels.txt",
     "level_index", (), ()),
    ("gtfs.colonne_sans_nom", changed("levels.txt", "level_index\nN0,0", "level_index,\nN0,0,"), "levels.txt", "", (), ()),
    ("gtfs.colonne_manquante", changed("agency.txt", "agency_name", "agency_nom"), "agency.txt", "agency_name", (), ()),
    ("gtfs.colonne_manquante", changed("transfers.txt", "transfer_type", "type"), "transfers.txt", "transfer_type", (), ()),
    ("gtfs.colonne_inconnue", changed("agency.txt", "agency_phone", "telephone"), "agency.txt", "telephone", (), ()),
    ("gtfs.nombre_de_colonnes", changed("stops.txt", '"Bourg, mairie"', "Bourg, mairie"), "stops.txt", "", (4,), ()),
    ("gtfs.ligne_vide", changed("stops.txt", "B,", "\nB,") , "stops.txt", "", (4,), ()),
    ("gtfs.valeur_manquante", changed("agency.txt", "Navettes de Crach", ""), "agency.txt", "agency_name", (2,), ()),
    ("gtfs.valeur_manquante", changed("stops.txt", "Entrée", ""), "stops.txt", "stop_name", (5,), ()),
    ("gtfs.valeur_manquante", changed("stops.txt", ",3,GARE", ",3,"), "stops.txt", "parent_station", (6,), ()),
    ("gtfs.valeur_manquante", changed("routes.txt", "Marché", ""), "routes.txt", "route_short_name", (3,), ()),
    ("gtfs.valeur_manquante", changed("stop_times.txt", "10:00:00,Q1,1,,", ",Q1,1,1,"), "stop_times.txt", "departure_time",
     (6,), ()),
    ("gtfs.valeur_interdite", changed("stops.txt", "-2.98,1,,", "-2.98,1,GARE,"), "stops.txt", "parent_station", (2,),
     ("GARE",)),
    ("gtfs.espace", changed("agency.txt", "Navettes de Crach", " Navettes de Crach"), "agency.txt", "agency_name", (2,),
     (" Navettes de Crach",)),
    ("gtfs.saut_de_ligne", changed("agency.txt", "Navettes de Crach", '"Navettes\nde Crach"'), "agency.txt", "agency_name",
     (2,), ("Navettes de Crach",)),
    ("gtfs.identifiant", changed("levels.txt", "N0", "N0") | {"levels.txt": "level_id,level_index\nN0,0\nÉtage,1\n"},
     "levels.txt", "level_id", (3,), ("Étage",)),
    ("gtfs.date", changed("calendar.txt", "20260101", "2026-01-01"), "calendar.txt", "start_date", (2,), ("2026-01-01",)),
    ("gtfs.date", changed("calendar_dates.txt", "20260501", "20260231"), "calendar_dates.txt", "date", (2,), ("20260231",)),
    ("gtfs.heure", changed("stop_times.txt", "23:55:00,23:55:00", "23:55,23:55:00"), "stop_times.txt", "arrival_time", (4,),
     ("23:55",)),
    ("gtfs.heure_locale", {**RIGHT, "timeframes.txt": "timeframe_group_id,start_time,end_time,service_id\n"
     "A,08:00:00,24:00:01,SEM\n"}, "timeframes.txt", "end_time", (2,), ("24:00:01",)),
    ("gtfs.entier", changed("transfers.txt", "120", "2 min"), "transfers.txt", "min_transfer_time", (2,), ("2 min",)),
    ("gtfs.nombre", changed("fare_attributes.txt", "1.50", '"1,50"'), "fare_attributes.txt", "price", (2,), ("1,50",)),
    ("gtfs.hors_bornes", changed("frequencies.txt", "600", "0"), "frequencies.txt", "headway_secs", (2,), ("0",)),
    ("gtfs.latitude", changed("stops.txt", "47.61", "147.61"), "stops.txt", "stop_lat", (4,), ("147.61",)),
    ("gtfs.longitude", changed("stops.txt", "-3.00", "ouest"), "stops.txt", "stop_lon", (4,), ("ouest",)),
    ("gtfs.point_origine", changed("stops.txt", "47.61,-3.00", "0,0.0"), "stops.txt", "stop_lat", (4,), ("0, 0.0",)),
    ("gtfs.point_origine", changed("shapes.txt", "47.61,-3.00", "-0.5,0"), "shapes.txt", "shape_pt_lat", (3,), ("-0.5, 0",)),
    ("gtfs.valeur_inconnue", changed("trips.txt", "T2,1,", "T2,2,"), "trips.txt", "direction_id", (3,), ("2",)),
    ("gtfs.valeur_inconnue", changed("routes.txt", "Bourg,3,", "Bourg,99,"), "routes.txt", "route_type", (2,), ("99",)),
    ("gtfs.type_ligne_etendu", changed("routes.txt", "Bourg,3,", "Bourg,700,"), "routes.txt", "route_type", (2,), ("700",)),
    ("gtfs.couleur", changed("routes.txt", "0039A6", "#0039A6"), "routes.txt", "route_color", (2,), ("#0039A6",)),
    ("gtfs.url", changed("agency.txt", "https://navettes", "navettes"), "agency.txt", "agency_url", (2,),
     ("navettes.crach.fr",)),
    ("gtfs.url", changed("agency.txt", "https://navettes.crach.fr", "https://navettes.crach.fr/mes lignes"), "agency.txt",
     "agency_url", (2,), ("https://navettes.crach.fr/mes lignes",)),
    ("gtfs.fuseau", changed("agency.txt", "Europe/Paris", "europe/paris"), "agency.txt", "agency_timezone", (2,),
     ("europe/paris",)),
    ("gtfs.langue", changed("agency.txt", ",fr,", ",français,"), "agency.txt", "agency_lang", (2,), ("français",)),
    ("gtfs.courriel", changed("agency.txt", "bus@crach.fr", "bus chez crach"), "agency.txt", "agency_email", (2,),
     ("bus chez crach",)),
    ("gtfs.telephone", changed("agency.txt", "02 97 00 00 00", "à la mairie"), "agency.txt", "agency_phone", (2,),
     ("à la mairie",)),
    ("gtfs.monnaie", changed("fare_attributes.txt", "EUR", "€"), "fare_attributes.txt", "currency_type", (2,), ("€",)),
    ("gtfs.cle_double", changed("stops.txt", "B,", "GARE,47.66,47.66,-2.98,1,,,\nB,"), "stops.txt", "stop_id", (4,),
     ("GARE",)),
    ("gtfs.cle_double", changed("calendar_dates.txt", "MARCHE,2", "SEM,20260501,1\nMARCHE,2"), "calendar_dates.txt",
     "service_id", (3,), ("SEM, 20260501",)),
    ("gtfs.cle_double", {**RIGHT, "fare_rules.txt": RIGHT["fare_rules.txt"] + "PLEIN,R1,Z1\n"}, "fare_rules.txt", "", (3,),
     ("PLEIN, R1, Z1",)),
    ("gtfs.cle_double", changed("stop_times.txt", "Q1,5,,", "Q1,1,,"), "stop_times.txt", "stop_sequence", (5,), ("1",)),
    ("gtfs.reference", changed("trips.txt", "R1,SEM,T1", "R9,SEM,T1"), "trips.txt", "route_id", (2,), ("R9",)),
    ("gtfs.reference", changed("trips.txt", "R1,SEM,T1", "R1,ETE,T1"), "trips.txt", "service_id", (2,), ("ETE",)),
    ("gtfs.reference", changed("trips.txt", "FORME", "AUTRE"), "trips.txt", "shape_id", (2,), ("AUTRE",)),
    ("gtfs.reference", changed("stop_times.txt", "23:55:00,B,", "23:55:00,C,"), "stop_times.txt", "stop_id", (4,), ("C",)),
    ("gtfs.reference", changed("stops.txt", ",2,GARE", ",2,PORT"), "stops.txt", "parent_station", (5,), ("PORT",)),
    ("gtfs.reference", changed("fare_rules.txt", "R1,Z1", "R1,Z9"), "fare_rules.txt", "origin_id", (2,), ("Z9",)),
    ("gtfs.reference", changed("fare_rules.txt", "PLEIN,", "DEMI,"), "fare_rules.txt", "fare_id", (2,), ("DEMI",)),
    ("gtfs.reference", changed("routes.txt", "R1,1,", "R1,2,"), "routes.txt", "agency_id", (2,), ("2",)),
    ("gtfs.une_seule_ligne", {**RIGHT, "feed_info.txt": RIGHT["feed_info.txt"] + "Auray,https://auray.fr,fr,,\n"},
     "feed_info.txt", "", (3,), ()),
    ("gtfs.agence_manquante", changed("routes.txt", "R2,1,", "R2,,") | {"agency.txt": RIGHT["agency.txt"]
     + "2,Auray,https://auray.fr,Europe/Paris,fr,,\n", "fare_attributes.txt": RIGHT["fare_attributes.txt"].replace(
         "transfers\n", "transfers,agency_id\n").replace("0,\n", "0,,2\n")}, "routes.txt", "agency_id", (3,), ()),
    ("gtfs.agence_manquante", changed("agency.txt", "\n1,", "\n1,") | {"agency.txt": RIGHT["agency.txt"]
     + ",Auray,https://auray.fr,Europe/Paris,fr,,\n", "fare_attributes.txt": RIGHT["fare_attributes.txt"].replace(
         "transfers\n", "transfers,agency_id\n").replace("0,\n", "0,,1\n")}, "agency.txt", "agency_id", (3,), ()),
    ("gtfs.fuseau_agences", changed("agency.txt", "\n1,", "\n1,") | {"agency.txt": RIGHT["agency.txt"]
     + "2,Auray,https://auray.fr,Europe/London,fr,,\n", "fare_attributes.txt": RIGHT["fare_attributes.txt"].replace(
         "transfers\n", "transfers,agency_id\n").replace("0,\n", "0,,2\n")}, "agency.txt", "agency_timezone", (3,),
     ("Europe/London",)),
    ("gtfs.parent_type", changed("stops.txt", ",2,GARE", ",2,Q1"), "stops.txt", "parent_station", (5,), ("Q1",)),
    ("gtfs.parent_type", changed("stops.txt", ",4,Q1", ",4,GARE"), "stops.txt", "parent_station", (7,), ("GARE",)),
    ("gtfs.arret_type", changed("stop_times.txt", "24:10:00,Q1", "24:10:00,GARE"), "stop_times.txt", "stop_id", (5,),
     ("GARE",)),
    ("gtfs.trace_manquant", changed("routes.txt", "route_url\n", "continuous_pickup\n") | {"routes.txt":
     "route_id,route_short_name,route_type,continuous_pickup\nR1,1,3,\nR2,2,3,0\n"}, "trips.txt", "shape_id", (4,), ()),
    ("gtfs.dates_inversees", changed("calendar.txt", "20260101,20261231", "20261231,20260401"), "calendar.txt", "end_date",
     (2,), ("20260401",)),
    ("gtfs.dates_inversees", changed("frequencies.txt", "06:00:00,09:00:00", "9:00:00,6:00:00"), "frequencies.txt",
     "end_time", (2,), ("6:00:00",)),
    ("gtfs.horaire_recule", changed("stop_times.txt", "8:10:00,08:11:00", "7:59:59,08:11:00"), "stop_times.txt",
     "arrival_time", (3,), ("7:59:59",)),
    ("gtfs.depart_avant_arrivee", changed("stop_times.txt", "8:10:00,08:11:00", "8:10:00,08:09:00"), "stop_times.txt",
     "departure_time", (3,), ("08:09:00",)),
    ("gtfs.horaire_manquant", changed("stop_times.txt", "24:10:00,24:10:00", ",24:10:00"), "stop_times.txt", "arrival_time",
     (5,), ()),
    ("gtfs.distance_recule", changed("stop_times.txt", ",1,1,0\n", ",1,1,7\n"), "stop_times.txt", "shape_dist_traveled",
     (3,), ("6.2",)),
    ("gtfs.distance_recule", changed("shapes.txt", "2,6.2", "0,6.2"), "shapes.txt", "shape_dist_traveled", (2,), ("0",)),
    ("gtfs.course_un_arret", changed("stop_times.txt", "T2,24:10:00,24:10:00,Q1,5,,\n", ""), "stop_times.txt", "trip_id",
     (4,), ()),
    ("gtfs.course_sans_horaire", {**RIGHT, "trips.txt": RIGHT["trips.txt"] + "R1,SEM,T4,0,\n"}, "trips.txt", "trip_id", (5,),
     ("T4",)),
    ("gtfs.service_perime", {**RIGHT, "calendar.txt": RIGHT["calendar.txt"] + "VIEUX,1,1,1,1,1,0,0,20250101,20251231\n"},
     "calendar.txt", "end_date", (3,), ("20251231",)),
    ("gtfs.flux_perime", changed("feed_info.txt", "20260101,20261231", "20250101,20251231"), "feed_info.txt",
     "feed_end_date", (2,), ("20251231",)),
    ("gtfs.geojson", {**RIGHT, **FLEX, "locations.geojson": FLEX["locations.geojson"].replace("Polygon", "Point")},
     "locations.geojson", "features.geometry.type", (1,), ("Point",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "files", "part", "field", "rows", "values"), BROKEN, ids=lambda given: str(given)[:30]
)
def test_a_broken_rule_is_said_in_its_place(
    code: str,
    files: Mapping[str, str | bytes],
    part: str,
    field: str,
    rows: tuple[int, ...],
    values: tuple[str, ...],
    tmp_path: Path,
) -> None:
    faults = judged(tmp_path, files)
    # A misnamed column is both unknown and missing; a row cut in the wrong place also breaks what its cells hold.
    aside = {"gtfs.colonne_inconnue"} if code == "gtfs.colonne_manquante" else set()
    if code == "gtfs.nombre_de_colonnes":
        aside = {fault.code for fault in faults} - {code}
    (fault,) = [fault for fault in faults if fault.code not in aside]
    assert (fault.code, fault.part, fault.field) == (code, part, field)
    assert (tuple(fault.rows), tuple(fault.values)) == (rows, values)


def test_every_rule_is_broken_by_a_test() -> None:
    elsewhere = {
        "gtfs.illisible", "gtfs.demesure", "gtfs.calendrier_perime", "gtfs.calendrier_bientot_perime",
        "gtfs.non_verifie", "gtfs.non_liste",
    }  # fmt: skip
    assert {case[0] for case in BROKEN} | elsewhere == set(RULES.rules)


def test_what_refers_to_a_file_that_lacks_is_said_once(tmp_path: Path) -> None:
    assert [fault.code for fault in judged(tmp_path, without("stops.txt"))] == ["gtfs.fichier_manquant"]
    assert [fault.code for fault in judged(tmp_path, {**RIGHT, "stops.txt": b"\x00"})] == ["gtfs.pas_texte"]
    (fault,) = judged(tmp_path, without("shapes.txt"))
    assert (fault.code, fault.part, fault.remedy) == ("gtfs.reference", "trips.txt", "Ajoutez le fichier shapes.txt.")


def test_a_value_written_another_way_shows_the_right_one(tmp_path: Path) -> None:
    for name, wrong, right in (
        ("routes.txt", "#0039A6", "0039A6"),
        ("calendar.txt", "2026-01-01", "20260101"),
        ("agency.txt", "europe/paris", "Europe/Paris"),
    ):
        (fault,) = judged(tmp_path, changed(name, right, wrong))
        assert tuple(fault.expected) == (right,)


def test_the_values_admitted_are_told(tmp_path: Path) -> None:
    (fault,) = judged(tmp_path, changed("transfers.txt", "B,2,", "B,9,"))
    assert fault.remedy == "Valeurs admises : 0, 1, 2, 3, 4, 5."


def test_addresses_of_persons_are_masked(tmp_path: Path) -> None:
    (fault,) = judged(tmp_path, changed("agency.txt", "bus@crach.fr", "jeanne martin"))
    assert fault.personal


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (None, []),
        (date(2026, 12, 24), []),
        (date(2026, 12, 31), ["gtfs.calendrier_bientot_perime"]),
        (date(2027, 1, 1), ["gtfs.service_perime", "gtfs.flux_perime", "gtfs.calendrier_perime"]),
    ],
)
def test_calendars_are_judged_of_the_day_given(on: date | None, codes: list[str], tmp_path: Path) -> None:
    assert [fault.code for fault in judged(tmp_path, RIGHT, on)] == codes


def test_a_day_added_keeps_the_calendar_alive(tmp_path: Path) -> None:
    files = {**RIGHT, "calendar_dates.txt": RIGHT["calendar_dates.txt"] + "MARCHE,20270614,1\n"}
    assert "gtfs.calendrier_perime" not in [fault.code for fault in judged(tmp_path, files, date(2027, 1, 1))]
    only_days = without("calendar.txt") | {"trips.txt": RIGHT["trips.txt"].replace("SEM", "MARCHE")}
    (fault,) = judged(tmp_path, only_days, date(2026, 6, 15))
    assert (fault.code, fault.part) == ("gtfs.calendrier_perime", "calendar_dates.txt")


# Rows of a trip that do not stand together

SCATTERED = (
    "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "T1,08:00:00,08:00:00,Q1,1\nT2,09:00:00,09:00:00,Q1,1\nT3,09:00:00,09:00:00,Q1,1\n"
    "T1,{t1},{t1},B,2\nT2,09:30:00,09:30:00,B,2\nT3,09:30:00,09:30:00,B,{s3}\n"
)


def test_trips_in_disorder_are_judged_whole(tmp_path: Path) -> None:
    assert judged(tmp_path, {**RIGHT, "stop_times.txt": SCATTERED.format(t1="08:10:00", s3=2)}) == []
    faults = judged(tmp_path, {**RIGHT, "stop_times.txt": SCATTERED.format(t1="07:10:00", s3=1)})
    assert {(fault.code, tuple(fault.rows)) for fault in faults} == {
        ("gtfs.horaire_recule", (5,)),
        ("gtfs.cle_double", (7,)),
    }


def test_rows_are_put_in_the_order_of_their_sequence(tmp_path: Path) -> None:
    lines = RIGHT["stop_times.txt"].splitlines(keepends=True)
    assert judged(tmp_path, {**RIGHT, "stop_times.txt": lines[0] + "".join(reversed(lines[1:]))}) == []


def test_beyond_a_bound_it_is_said_that_all_was_not_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequences, "MAX_SCATTERED", 2)
    faults = judged(tmp_path, {**RIGHT, "stop_times.txt": SCATTERED.format(t1="07:10:00", s3=1)})
    assert [(fault.code, fault.field) for fault in faults] == [("gtfs.non_verifie", "stop_sequence")]
    monkeypatch.undo()
    monkeypatch.setattr(store, "MAX_IDS", 2)
    faults = judged(tmp_path, changed("stop_times.txt", "23:55:00,B,", "23:55:00,C,"))
    assert {fault.code for fault in faults} == {"gtfs.non_verifie"}
    assert ("stops.txt", "stop_id") in {(fault.part, fault.field) for fault in faults}


def test_identifiers_longer_than_any_real_one_are_not_kept(tmp_path: Path) -> None:
    files = {**RIGHT, "levels.txt": f"level_id,level_index\nN0,0\n{'N' * 2_000},1\n"}
    assert [(fault.code, fault.part, fault.field) for fault in judged(tmp_path, files)] == [
        ("gtfs.non_verifie", "levels.txt", "level_id")
    ]


def test_a_rule_broken_everywhere_lists_so_many_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MAX_PLACES", 3)
    dates = "".join(f"SEM,{day},1\n" for day in range(5))
    faults = judged(tmp_path, {**RIGHT, "calendar_dates.txt": RIGHT["calendar_dates.txt"] + dates})
    assert [(fault.code, fault.field, len(fault.rows)) for fault in faults] == [
        ("gtfs.date", "date", 3),
        ("gtfs.non_liste", "date", 0),
    ]


# Files made to harm


@pytest.mark.parametrize(
    "content",
    [
        b"x" * 3_000_000,
        b"from_stop_id,to_stop_id,transfer_type\n" + b"Q1" * 1_000_000,
        b'from_stop_id,to_stop_id,transfer_type\n"' + b"Q1\n" * 1_000_000,
        b'from_stop_id,to_stop_id,transfer_type\n"Q1' + b'","\n' * 1_000_000,
        b"a," * 400_000 + b"\n",
    ],
    ids=["one line", "long line", "open quote", "endless record", "columns"],
)
def test_what_never_ends_is_one_fault(content: bytes, tmp_path: Path) -> None:
    (fault,) = judged(tmp_path, {**RIGHT, "transfers.txt": content})
    assert (fault.code, fault.level, fault.part) == ("gtfs.demesure", "error", "transfers.txt")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'"x"', b'{"type": "FeatureCollection", "features": [' + b"[" * 100_000, b"\xff\xfe\x00"],
    ids=["empty", "cut", "array", "text", "deep", "binary"],
)
def test_zones_that_are_no_geojson_are_one_fault(content: bytes, tmp_path: Path) -> None:
    (fault,) = judged(tmp_path, {**RIGHT, "locations.geojson": content})
    assert (fault.code, fault.part) == ("gtfs.geojson", "locations.geojson")


def test_a_file_that_cannot_be_opened_is_a_fault(tmp_path: Path) -> None:
    members = {name: tmp_path / name for name in RIGHT}
    for name, path in members.items():
        if name != "transfers.txt":
            path.write_text(RIGHT[name])
    assert [(fault.code, fault.part) for fault in gtfs.validate(members, ON)] == [("gtfs.illisible", "transfers.txt")]


def test_an_empty_archive_says_what_it_lacks(tmp_path: Path) -> None:
    assert {fault.code for fault in gtfs.validate({})} == {"gtfs.fichier_manquant"}


WEIGH = """
import resource, sys
from pathlib import Path
from opendata_check.standards import gtfs
members = {path.name: path for path in Path(sys.argv[1]).iterdir()}
list(gtfs.validate({name: members[name] for name in members if name != "stop_times.txt"}))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
codes = [(fault.code, len(fault.rows)) for fault in gtfs.validate(members)]
print(codes, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, sep="|")
"""


def test_memory_does_not_follow_the_number_of_times(tmp_path: Path) -> None:
    for name, content in RIGHT.items():
        (tmp_path / name).write_text(content)
    with (tmp_path / "stop_times.txt").open("a") as file:
        for trip in range(6_000):
            file.writelines(f"I{trip},10:{minute:02}:00,10:{minute:02}:00,Q1,{minute},,\n" for minute in range(50))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", WEIGH, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300, env=environment)
    codes, megabytes = done.stdout.split("|")
    assert "('gtfs.reference', 10000), ('gtfs.non_liste', 0)" in codes
    assert int(megabytes) < 60


@pytest.mark.parametrize(
    ("names", "is_one"),
    [
        (list(RIGHT), True),
        ([f"export/{name}" for name in RIGHT], True),
        (["stops.txt", "routes.txt"], False),
        (["a/stops.txt", "b/routes.txt", "c/trips.txt"], False),
        (["lisez-moi.txt", "carte.shp"], False),
        ([], False),
    ],
)
def test_a_dataset_is_recognised_by_its_files(names: list[str], is_one: bool) -> None:
    assert gtfs.recognises(names) is is_one


def test_facts_refer_to_columns_that_exist() -> None:
    tables = facts().tables
    for table in tables.values():
        names = {*table.key, *table.point, *(name for pair in table.ordered for name in pair)}
        if table.sequence:
            names |= {table.sequence.group, table.sequence.order, *table.sequence.times, *table.sequence.windows}
        assert names <= set(table.fields), table.name
        for field in table.fields.values():
            for ref in field.refs:
                name, _, column = ref.partition("/")
                assert name == "locations.geojson" or column in tables[name].fields, (table.name, field.name)
                order = list(tables)
                assert name == "locations.geojson" or order.index(name) <= order.index(table.name)
            for condition in field.required_if + field.forbidden_if:
                assert set(condition) <= set(table.fields), (table.name, field.name)


# Shared sample


@pytest.mark.shared
def test_a_real_dataset_has_no_error(shared: Path, tmp_path: Path) -> None:
    archive = shared / "samples/real/etalab+transport-site/apps__transport__test__fixture__files__gtfs.zip"
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path)
    members = {path.name: path for path in tmp_path.iterdir()}
    assert gtfs.recognises(members)
    assert {fault.code for fault in gtfs.validate(members)} == set()
    assert {fault.code for fault in gtfs.validate(members, date(2017, 4, 2))} == {
        "gtfs.service_perime",
        "gtfs.calendrier_bientot_perime",
    }
    assert {fault.code for fault in gtfs.validate(members, date(2026, 1, 1))} == {
        "gtfs.service_perime",
        "gtfs.calendrier_perime",
    }
