from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata_check.fetching import Fetcher, open_fetcher
from opendata_check.model.catalog import Catalog, Dataset
from opendata_check.sources import SourceError, detect
from opendata_check.sources.folder import FolderSource
from opendata_check.sources.reading.folder import tree as tree_module

posix_only = pytest.mark.skipif(os.name == "nt", reason="liens et tubes POSIX")


def _fill(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x;y\n")


def _collect(root: Path) -> Catalog:
    with open_fetcher(cache_folder=None) as fetcher:
        return detect(str(root)).collect(fetcher)


def _ids(dataset: Dataset) -> list[str]:
    return [found.id for found in dataset.distributions]


def test_an_empty_folder_has_no_dataset(tmp_path: Path) -> None:
    catalog = _collect(tmp_path)
    assert (catalog.datasets, catalog.faults, catalog.complete) == ((), (), True)
    assert (catalog.source, catalog.place, catalog.location) == ("folder", "folder", tmp_path.as_posix())


def test_files_of_one_basename_are_one_dataset(tmp_path: Path) -> None:
    _fill(
        tmp_path, "budget_2025.csv", "budget_2025.xlsx", "budget_2025.pdf", "Budget_2025.JSON", "sous/budget_2025.csv"
    )
    first, second = _collect(tmp_path).datasets
    assert {first.id.lower(), second.id} == {"budget_2025", "sous/budget_2025"}
    assert len(first.distributions) == 4
    assert first.title == "Budget 2025"
    assert not first.described and first.license == ""


def test_a_distribution_names_its_file(tmp_path: Path) -> None:
    _fill(tmp_path, "sous/a.csv")
    ((found,),) = [dataset.distributions for dataset in _collect(tmp_path).datasets]
    assert (found.id, found.title, found.byte_size, found.url, found.role) == ("sous/a.csv", "a.csv", 4, None, "main")
    assert found.path == tmp_path / "sous" / "a.csv"
    assert found.modified is None


def test_compressed_forms_belong_to_their_dataset(tmp_path: Path) -> None:
    _fill(tmp_path, "a.csv", "a.csv.gz", "a.geojson.zip", "a.zip", "b.2024.csv")
    assert [len(dataset.distributions) for dataset in _collect(tmp_path).datasets] == [4, 1]


def test_a_shapefile_is_one_dataset_led_by_its_shp(tmp_path: Path) -> None:
    _fill(tmp_path, "voirie.cpg", "voirie.dbf", "voirie.prj", "voirie.shp", "voirie.shx", "voirie.shp.xml", "seul.dbf")
    alone, roads = _collect(tmp_path).datasets
    assert [found.role for found in alone.distributions] == ["main"]
    assert roads.distributions[0].id == "voirie.shp"
    assert [found.role for found in roads.distributions] == ["main"] + ["other"] * 5


def test_clutter_and_texts_about_the_folder_are_no_data(tmp_path: Path) -> None:
    _fill(
        tmp_path, ".cache.csv", ".git/config", "~$budget.xlsx", "Thumbs.db", ".DS_Store", "desktop.ini", "__MACOSX/a.csv",
        "opendata-check.toml", "README.md", "LISEZ-MOI.txt", "LICENCE", "a.csv",
    )  # fmt: skip
    assert [dataset.id for dataset in _collect(tmp_path).datasets] == ["a"]


def test_the_order_of_creation_changes_nothing(tmp_path: Path) -> None:
    names = ["b.csv", "a.csv", "c/z.csv", "c/a.json", "B.pdf", "é.csv"]
    for number, order in enumerate((names, names[::-1])):
        _fill(tmp_path / str(number), *order)
    first, second = (_collect(tmp_path / str(number)) for number in range(2))
    assert [_ids(dataset) for dataset in first.datasets] == [_ids(dataset) for dataset in second.datasets]


NAMES = st.lists(
    st.from_regex(r"(a|b|sous/)?[abc]{1,2}(\.csv|\.xlsx|\.shp|\.dbf|\.csv\.gz|)", fullmatch=True),
    max_size=8,
    unique_by=str.lower,
)


@settings(max_examples=50, deadline=None)
@given(NAMES)
def test_every_file_is_in_exactly_one_dataset(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    root = tmp_path_factory.mktemp("d")
    _fill(root, *names)
    datasets = _collect(root).datasets
    assert sorted(path for dataset in datasets for path in _ids(dataset)) == sorted(names)
    assert len({dataset.id for dataset in datasets}) == len(datasets)


@posix_only
def test_a_name_that_is_not_utf8_is_read_as_windows_wrote_it(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"d\xe9lib.csv")).write_bytes(b"x")
    (dataset,) = _collect(tmp_path).datasets
    assert (dataset.title, _ids(dataset)) == ("Délib", ["délib.csv"])
    assert dataset.distributions[0].path is not None and dataset.distributions[0].path.exists()


@posix_only
def test_control_characters_in_a_name_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\nb.csv").write_bytes(b"x")
    (dataset,) = _collect(tmp_path).datasets
    assert "\x1b" not in repr(dataset.title) and "\n" not in dataset.title + dataset.id


def test_mac_and_windows_forms_of_a_name_are_one(tmp_path: Path) -> None:
    _fill(tmp_path, "délib.csv", "de\u0301lib.xlsx")
    (dataset,) = _collect(tmp_path).datasets
    assert len(dataset.distributions) == 2


# ---- links and special files


@posix_only
def test_a_link_that_leaves_the_folder_is_a_fault(tmp_path: Path) -> None:
    root = tmp_path / "racine"
    _fill(tmp_path, "secret/s.csv", "racine/a.csv")
    (root / "lien.csv").symlink_to(tmp_path / "secret" / "s.csv")
    (root / "lien").symlink_to(tmp_path / "secret")
    catalog = _collect(root)
    assert [dataset.id for dataset in catalog.datasets] == ["a"]
    assert sorted(fault.where for fault in catalog.faults) == ["lien", "lien.csv"]
    assert all("hors du dossier" in fault.what for fault in catalog.faults)


@posix_only
def test_links_inside_the_folder_never_loop(tmp_path: Path) -> None:
    _fill(tmp_path, "sous/a.csv")
    (tmp_path / "sous" / "boucle").symlink_to(tmp_path)
    (tmp_path / "alias.csv").symlink_to("sous/a.csv")
    (tmp_path / "mort.csv").symlink_to("absent.csv")
    catalog = _collect(tmp_path)
    assert [dataset.id for dataset in catalog.datasets] == ["alias", "sous/a"]
    assert [(fault.where, fault.what) for fault in catalog.faults] == [("mort.csv", "ce lien ne mène nulle part")]


@posix_only
def test_a_pipe_is_a_fault(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tube.csv")
    catalog = _collect(tmp_path)
    assert catalog.datasets == ()
    assert "fichier ordinaire" in catalog.faults[0].what


@posix_only
def test_a_device_as_target_is_told(fetcher: Fetcher) -> None:
    with pytest.raises(SourceError, match="ni un dossier ni un fichier"):
        detect("/dev/null").collect(fetcher)


@posix_only
def test_a_folder_reached_by_a_link_is_read(tmp_path: Path) -> None:
    _fill(tmp_path, "vrai/a.csv")
    (tmp_path / "lien").symlink_to("vrai")
    catalog = _collect(tmp_path / "lien")
    assert [dataset.id for dataset in catalog.datasets] == ["a"] and catalog.faults == ()


# ---- bounds


@pytest.mark.parametrize(("count", "complete"), [(tree_module.MAX_FILES, True), (tree_module.MAX_FILES + 3, False)])
def test_ten_thousand_files_are_listed_and_no_more(tmp_path: Path, count: int, complete: bool) -> None:
    for number in range(count):
        (tmp_path / f"{number:05}.csv").touch()
    catalog = _collect(tmp_path)
    assert len(catalog.datasets) == tree_module.MAX_FILES
    assert catalog.complete is complete
    assert [fault.line for fault in catalog.faults if "plus de 10000 fichiers" in fault.what] == [
        fault.line for fault in catalog.faults
    ]
    assert len(catalog.faults) == (0 if complete else 1)


def test_too_deep_a_folder_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    deep = "/".join("d" for _ in range(25))
    _fill(tmp_path, f"{deep}/profond.csv", "z/a.csv")
    catalog = _collect(tmp_path)
    assert [dataset.id for dataset in catalog.datasets] == ["z/a"]
    assert not catalog.complete and "20 niveaux" in catalog.faults[0].what


# ---- one file


def test_a_file_is_a_catalogue_of_one_dataset(tmp_path: Path) -> None:
    _fill(tmp_path, "budget_2025.csv", "autre.csv", "budget_2025.xlsx")
    catalog = _collect(tmp_path / "budget_2025.csv")
    assert [_ids(dataset) for dataset in catalog.datasets] == [["budget_2025.csv"]]
    assert catalog.title == "Budget 2025"


def test_a_shapefile_target_brings_its_parts_and_its_metadata(tmp_path: Path) -> None:
    _fill(tmp_path, "v.shp", "v.dbf", "v.csv", "w.dbf")
    (tmp_path / "v.meta.json").write_text('{"title": "Voirie"}')
    (dataset,) = _collect(tmp_path / "v.shp").datasets
    assert (_ids(dataset), dataset.title) == (["v.shp", "v.dbf"], "Voirie")


def test_the_current_folder_is_a_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(tmp_path, "a.csv")
    monkeypatch.chdir(tmp_path)
    catalog = _collect(Path())
    assert [dataset.id for dataset in catalog.datasets] == ["a"]
    assert catalog.location == "."


def test_a_folder_that_vanished_is_told(tmp_path: Path, fetcher: Fetcher) -> None:
    with pytest.raises(SourceError, match="ni un dossier ni un fichier"):
        FolderSource(tmp_path / "absent").collect(fetcher)


@pytest.mark.shared
def test_the_real_samples_are_all_listed(shared: Path) -> None:
    root = shared / "samples" / "real"
    catalog = _collect(root)
    listed = {found.path for dataset in catalog.datasets for found in dataset.distributions}
    on_disk = {path for path in root.rglob("*") if path.is_file() and not path.name.startswith(".")}
    left_out = {path.name for path in on_disk - listed}
    assert catalog.complete
    assert all(
        name.lower().startswith(("readme", "licen", "catalog")) or name.endswith((".jsonld", ".json"))
        for name in left_out
    )
