from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from opendata_check import sources
from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.sources import SourceError, detect
from opendata_check.sources.folder import FolderSource
from opendata_check.sources.udata import UdataSource

COMMUNE = Organization("Exempleville", OrganizationKind.COMMUNE, siren="213503287")
NATIONAL = "https://www.data.gouv.fr"


def test_an_existing_folder_is_a_folder(tmp_path: Path) -> None:
    source = detect(str(tmp_path))
    assert isinstance(source, FolderSource)
    assert source.kind == "folder"
    assert source.label == tmp_path.as_posix()


def test_an_existing_folder_comes_before_an_organization(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Exempleville").mkdir()
    monkeypatch.chdir(tmp_path)
    assert isinstance(detect("Exempleville", organization=COMMUNE), FolderSource)


@pytest.mark.parametrize(
    ("url", "base", "what", "key"),
    [
        ("https://www.data.gouv.fr/organizations/commune-de-sixt-sur-aff/", NATIONAL, "organization", "commune-de-sixt-sur-aff"),
        ("https://www.data.gouv.fr/fr/organizations/exempleville/#/datasets", NATIONAL, "organization", "exempleville"),
        ("http://data.gouv.fr/fr/datasets/budget/", NATIONAL, "dataset", "budget"),
        ("www.data.gouv.fr/datasets/budget", NATIONAL, "dataset", "budget"),
        ("data.gouv.fr/fr/organizations/exempleville", NATIONAL, "organization", "exempleville"),
        ("https://www.data.gouv.fr/api/1/organizations/5baa0e468b4c414416b6f7b2/datasets/", NATIONAL, "organization", "5baa0e468b4c414416b6f7b2"),
        ("https://www.data.gouv.fr/api/1/datasets/?organization=5baa0e468b4c414416b6f7b2", NATIONAL, "organization", "5baa0e468b4c414416b6f7b2"),
        ("https://demo.data.gouv.fr/datasets/budget/", "https://demo.data.gouv.fr", "dataset", "budget"),
        ("http://127.0.0.1:8804/organizations/x/", "http://127.0.0.1:8804", "organization", "x"),
        ("https://www.data.gouv.fr/organizations/%C3%A9cole/", NATIONAL, "organization", "école"),
    ],
)  # fmt: skip
def test_a_udata_url_names_its_organization_or_dataset(url: str, base: str, what: str, key: str) -> None:
    source = detect(url, organization=COMMUNE)
    assert isinstance(source, UdataSource)
    assert (source.base_url, source.what, source.key) == (base, what, key)


def test_another_portal_may_stand_for_data_gouv_fr() -> None:
    source = detect("https://www.data.gouv.fr/organizations/x/", base_url="http://127.0.0.1:1/")
    assert isinstance(source, UdataSource)
    assert source.base_url == "http://127.0.0.1:1"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.data.gouv.fr/",
        "https://www.data.gouv.fr/pages/about/",
        "https://www.data.gouv.fr/reuses/une-carte/",
    ],
)
def test_another_page_of_data_gouv_fr_is_told(url: str) -> None:
    with pytest.raises(SourceError, match="ni celle d'une organisation"):
        detect(url)


@pytest.mark.parametrize("url", ["https://opendata.exemple.fr/explore/", "http://exemple.fr", "https://[::1/x"])
def test_another_site_is_told_with_what_is_accepted(url: str) -> None:
    with pytest.raises(SourceError, match=r"pas encore reconnu.*data\.gouv\.fr"):
        detect(url)


def test_another_scheme_is_told() -> None:
    with pytest.raises(SourceError, match="« ftp:// »"):
        detect("ftp://exemple.fr/donnees")


@pytest.mark.parametrize("typed", ["213503287", "213 503 287", "Exempleville", "35328"])
def test_an_organization_is_looked_for_by_its_siren(typed: str) -> None:
    source = detect(typed, organization=COMMUNE)
    assert isinstance(source, UdataSource)
    assert (source.what, source.key, source.name, source.siret) == ("siren", "213503287", "Exempleville", "")


def test_a_typed_siret_is_kept() -> None:
    source = detect("213 503 287 00012")
    assert isinstance(source, UdataSource)
    assert (source.key, source.siret) == ("213503287", "21350328700012")


def test_an_organization_without_siren_is_told() -> None:
    with pytest.raises(SourceError, match="sans numéro SIREN"):
        detect("Exempleville", organization=Organization("Exempleville", OrganizationKind.COMMUNE))


def test_a_missing_folder_suggests_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "Données").mkdir()
    with pytest.raises(SourceError, match="ce dossier n'existe pas") as caught:
        detect(str(tmp_path / "donnees"))
    assert "/Données »" in caught.value.remedy


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="ce fichier n'existe pas"):
        detect(str(tmp_path / "x.csv"), organization=None)


@pytest.mark.parametrize("typed", ["./absent", "a/b/c", "a\x00b", "x" * 5000, "~personne-de-ce-nom/x", "Trifouillis"])
def test_whatever_is_typed_gives_one_line(typed: str) -> None:
    with pytest.raises(SourceError) as caught:
        detect(typed)
    assert "\n" not in str(caught.value) and "\x00" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_nothing_typed_is_told() -> None:
    with pytest.raises(SourceError, match="rien n'est indiqué"):
        detect("  ")


def test_a_path_is_missed_even_when_a_commune_was_found() -> None:
    with pytest.raises(SourceError, match="n'existe pas"):
        detect("./Exempleville", organization=COMMUNE)


def test_every_kind_says_what_it_accepts() -> None:
    for module in pkgutil.iter_modules(sources.__path__):
        if not module.ispkg and module.name not in ("interface", "detect", "merging"):
            kind = __import__(f"opendata_check.sources.{module.name}", fromlist=["ACCEPTS"])
            assert kind.ACCEPTS and callable(kind.recognise)


def test_choosing_a_source_loads_no_heavy_library() -> None:
    code = "import sys; from opendata_check.sources import detect; detect('.'); print({'requests', 'yaml', 'stdnum', 'csv'} & set(sys.modules) - {'csv'})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
