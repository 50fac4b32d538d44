"""Licences as portals write them: ids, addresses, titles, sentences, slips; a doubt stays a doubt."""

from __future__ import annotations

import json
import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from opendata_check.licensing import admitted, agree, licence_of, licences, read_licence, statements
from opendata_check.licensing.tokens import LIMIT, key
from opendata_check.model.catalog import Dataset, Distribution

TODAY = date(2026, 11, 26)
INSPIRE = "Aucun des articles de la loi ne peut être invoqué pour justifier d'une restriction d'accès public. "
ETALAB = "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        # ids of udata, CKAN, SPDX, the European authority table
        ("lov2", "lov2"), ("fr-lo", "fr-lo"), ("odc-odbl", "odc-odbl"), ("etalab-2.0", "lov2"), ("ODbL-1.0", "odc-odbl"),
        ("cc-zero", "cc-zero"), ("CC0-1.0", "cc-zero"), ("CC-BY-3.0-FR", "cc-by-3.0"), ("cc-by-sa", "cc-by-sa"),
        ("PDDL-1.0", "odc-pddl"), ("mobility-licence", "licence-mobilites"), ("other-at", "other-at"),
        ("CC_BYNC_4_0", "cc-by-nc-4.0"), ("ODC_BL", "odc-odbl"), ("GPL-3.0-or-later", "gpl"), ("MIT", "mit"),
        ("http://publications.europa.eu/resource/authority/licence/CC_BYNCND_3_0", "cc-by-nc-nd-3.0"),
        ("http://publications.europa.eu/resource/authority/licence/CC0", "cc-zero"),
        # addresses
        ("https://creativecommons.org/licenses/by/4.0/deed.fr", "cc-by-4.0"),
        ("http://creativecommons.org/licenses/by-sa/2.0/fr/legalcode", "cc-by-sa-2.0"),
        ("https://creativecommons.org/licenses/by-nc-nd/3.0/igo/", "cc-by-nc-nd-3.0"),
        ("creativecommons.org/publicdomain/zero/1.0/", "cc-zero"),
        ("https://opendatacommons.org/licenses/odbl/1-0/", "odc-odbl"),
        ("http://www.opendefinition.org/licenses/odc-odbl", "odc-odbl"),
        ("https://spdx.org/licenses/CC-BY-3.0.html", "cc-by-3.0"),
        ("https://eur-lex.europa.eu/legal-content/FR/TXT/?uri=CELEX:32017D0863", "eupl"),
        (ETALAB, "lov2"), ("https://www.etalab.gouv.fr/licence-ouverte-open-licence/", "lov2"),
        ("http://www.data.gouv.fr/Licence-Ouverte-Open-Licence", "fr-lo"),
        # titles, with slips
        ("Licence Ouverte v1.0 (Etalab)", "fr-lo"), ("licence ouverte etalab 2", "lov2"), ("Open Licence V2.0", "lov2"),
        ("Licence Ouverte / Open Licence version 2.0", "lov2"), ("Licnce Ouverte", "licence-ouverte"),
        ("License Ouvrte 2.0", "lov2"), ("ODBL", "odc-odbl"), ("OBDL", "odc-odbl"), ("Creative Commons CCZero", "cc-zero"),
        ("Creative Commons BY-NC 3.0 FR", "cc-by-nc-3.0"), ("CC-by 2.0 BE", "cc-by-2.0"),
        ("Creative Commons Attribution 4.0 International (CC BY 4.0)", "cc-by-4.0"),
        ("Creative Commons Paternité - Pas d'Utilisation Commerciale - Partage dans les mêmes conditions 2.0 France",
         "cc-by-nc-sa-2.0"),
        ("Open Data Commons Open Database License (ODbL)", "odc-odbl"), ("Apache License, Version 2.0", "apache"),
        # sentences
        (INSPIRE + "Licence ouverte Version 2.0 " + ETALAB, "lov2"),
        (INSPIRE, "access-only"), ("Pas de restriction d'accès public selon INSPIRE", "access-only"),
        ("Aucune condition ne s'applique, licence ouverte 2.0", "lov2"),
        ("<p>Soumis à la licence <a href='https://www.etalab.gouv.fr/licence-ouverte-open-licence'>Etalab</a></p>", "lov2"),
        ("Licence Ouverte 1.0 https://www.etalab.gouv.fr/licence-ouverte-open-licence", "fr-lo"),
        ("Utilisation libre sous réserve de mentionner la source et la date de sa dernière mise à jour", "free-terms"),
        ("Réutilisation à des fins commerciales ou non, licence ouverte 2.0", "lov2"),
        ("Licence ouverte, compatible avec CC-BY", "licence-ouverte"), ("Licence ouverte, 2 fichiers", "licence-ouverte"),
        ("tous droits réservés", "all-rights-reserved"), ("Licence non spécifiée", "notspecified"),
    ],
)  # fmt: skip
def test_licences_are_recognised_however_they_are_written(written: str, expected: str) -> None:
    licence = licence_of(written)
    assert licence is not None
    assert licence.id == expected


@pytest.mark.parametrize(
    "written",
    ["Licence maison de la ville", "sous une licence ouverte", "Creative Commons", "CC de la Vallée", "Licences ouvertes",
     "https://opendatacommons.org/licenses/inconnue/", "voir les mentions légales", "https://exemple.fr/license.json",
     "zone couverte par une licence de débit de boissons", "le plan cadastral décrit les limites apparentes"],
)  # fmt: skip
def test_an_unknown_licence_is_never_taken_for_another(written: str) -> None:
    assert licence_of(written) is None
    assert licence_of("", written) is None


@pytest.mark.parametrize(
    ("text", "url", "told"),
    [
        ("Licence Ouverte ou ODbL", "", {"licence-ouverte", "odc-odbl"}),
        ("lov2", "https://opendatacommons.org/licenses/odbl/", {"lov2", "odc-odbl"}),
        ("CC BY 4.0 / CC BY-SA 4.0", "", {"cc-by-4.0", "cc-by-sa-4.0"}),
        ("Licence ouverte https://creativecommons.org/licenses/by/4.0/", "", {"licence-ouverte", "cc-by-4.0"}),
    ],
)
def test_two_licences_are_both_told_and_none_chosen(text: str, url: str, told: set[str]) -> None:
    reading = read_licence(text, url)
    assert reading.licence is None
    assert reading.contradictory
    assert {one.id for one in reading.candidates} == told


@pytest.mark.parametrize(
    "written",
    ["non soumis à licence ouverte", "licence ouverte sauf usage commercial", "Licence payante", "sous convention",
     "Licence ouverte, sous convention", "hors licence ouverte", "Licence Ouverte non applicable",
     "n'est plus sous licence ouverte", "licence ouverte (usage interne uniquement)", "pas de licence ouverte",
     "Licence ouverte. Toute reproduction est interdite.", "ODbL, utilisation commerciale interdite",
     "Licence ouverte après accord préalable", "Licence Ouverte - tous droits réservés", "Licence payante ou ODbL"],
)  # fmt: skip
def test_a_denial_or_a_condition_never_becomes_an_approved_licence(written: str) -> None:
    reading = read_licence(written)
    assert reading.licence is None or reading.licence.status == "closed"
    assert reading.condition


@pytest.mark.parametrize(
    "written",
    ["Licence Ouverte 2.0, sans restriction d'usage", "Licence ouverte : réutilisation commerciale autorisée",
     "Données fournies sans garantie sous Licence Ouverte 2.0", "Licence ouverte, aucune redevance",
     "Pas de restriction. Licence ouverte", "Licence ODbL, à des fins non commerciales ou commerciales"],
)  # fmt: skip
def test_harmless_words_around_a_licence_change_nothing(written: str) -> None:
    licence = licence_of(written)
    assert licence is not None
    assert licence.status == "approved"


def test_two_versions_of_one_licence_leave_the_licence_without_version() -> None:
    licence = licence_of("Licence Ouverte 1.0 ou 2.0")
    assert licence is not None
    assert licence.id == "licence-ouverte"


def test_versions_are_kept_apart_yet_agree_with_a_bare_name() -> None:
    known = licences()
    assert not agree(known["lov2"], known["fr-lo"])
    assert not agree(known["cc-by-3.0"], known["cc-by-4.0"])
    assert agree(known["lov2"], known["licence-ouverte"])
    assert not agree(known["cc-by"], known["cc-by-sa"])


def test_lists_are_dated() -> None:
    known = licences()
    assert admitted(known["licence-ouverte"], "data", date(2017, 4, 29))
    assert not admitted(known["lov2"], "data", date(2017, 4, 28))
    assert admitted(known["mit"], "software", date(2017, 4, 29))
    assert not admitted(known["eupl"], "software", date(2021, 12, 3))
    assert admitted(known["eupl"], "software", date(2021, 12, 4))
    assert not admitted(known["cc-by-4.0"], "high-value", date(2024, 6, 8))
    assert admitted(known["cc-by-4.0"], "high-value", date(2024, 6, 9))
    assert not admitted(known["cc-by-sa-4.0"], "high-value", TODAY)
    assert not admitted(known["cc-by-4.0"], "data", TODAY)


def test_only_the_decree_makes_approved() -> None:
    assert {one.family for one in licences().values() if one.status == "approved"} == {"licence-ouverte", "odc-odbl"}


def test_every_name_leads_to_one_licence_only() -> None:
    names = [
        name
        for one in licences().values()
        for name in {key(text) for text in (one.id, one.title, *one.ids, *one.names)}
    ]
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)
    urls = [url for one in licences().values() for url in (*one.urls, *one.home)]
    assert len(urls) == len(set(urls))


def test_a_dataset_tells_each_licence_once_with_its_files() -> None:
    files = tuple(
        Distribution(id=str(rank), title=f"{rank}.csv", license=text)
        for rank, text in enumerate(("Licence Ouverte", "notspecified", "", "ODbL", "odc-odbl", "lov2"))
    )
    own, other = statements(Dataset(id="a", title="a", distributions=files, license="lov2"))
    assert own.own
    assert [item.id for item in own.distributions] == ["0", "5"]
    assert [item.id for item in other.distributions] == ["3", "4"]


def test_a_dataset_of_many_odd_licences_stays_bounded() -> None:
    files = tuple(
        Distribution(id=str(n), title=str(n), license=f"Conditions numéro {n} de la ville") for n in range(5000)
    )
    start = time.perf_counter()
    assert len(statements(Dataset(id="a", title="a", distributions=files))) == 20
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    "hostile",
    ["licence " * 20_000, "<" * 200_000, "&" * 200_000, "(" * 200_000, "cc by nc " * 20_000, "http://" * 30_000,
     "l" * 200_000, "https://creativecommons.org/licenses/by/" + "4.0/" * 50_000, "\ufdfa" * 10_000, "sauf " * 40_000,
     "v. 2 " * 40_000, "1.0" * 50_000, "\x01" * 100_000, "-a" * 100_000, "www." * 50_000, "<a href=" * 30_000],
)  # fmt: skip
def test_a_hostile_text_is_read_in_bounded_time(hostile: str) -> None:
    for text in (hostile, hostile[:LIMIT]):
        start = time.perf_counter()
        read_licence(text, text)
        assert time.perf_counter() - start < 1


def test_a_text_too_long_to_be_a_licence_is_not_read() -> None:
    assert licence_of("Licence ouverte " + "x" * LIMIT) is None


@settings(deadline=None)
@given(st.text(max_size=600))
@example("\x01" + "9" * 30)
@example("cc")
@example("creative commons by 4.0 ou")
def test_no_text_breaks_the_reading(text: str) -> None:
    reading = read_licence(text, text)
    assert reading.licence is None or not reading.contradictory
    assert key(key(text)) == key(text)


@settings(deadline=None)
@given(st.sampled_from(["lov2", "cc-by-4.0", "odc-odbl"]), st.text(max_size=80))
def test_a_known_id_is_never_changed_into_another_by_an_unknown_address(licence: str, url: str) -> None:
    found = licence_of(licence, "exemple-" + url)
    assert found is not None
    assert found.id == licence


def _licences_written_by_portals(folder: Path) -> set[str]:
    """Return the values of the fields « license » of the recorded answers in JSON."""
    found: set[str] = set()

    def walk(value: object) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                if re.fullmatch(r"licen[sc]e(_id|_title)?", str(name)) and isinstance(inner, str) and inner.strip():
                    found.add(inner.strip())
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    for path in sorted(folder.rglob("*.json")):
        try:
            walk(json.loads(path.read_text(encoding="utf-8")))
        except ValueError:
            continue
    return found


def test_what_recorded_portals_write_is_recognised(shared: Path) -> None:
    written = _licences_written_by_portals(shared / "portals")
    unknown = {text for text in written if licence_of(text) is None}
    assert len(written) >= 20
    assert unknown <= {"[]", "OpenAPI (c) Opendatasoft", "Copyright Opendatasoft", "dct:license"}, unknown
