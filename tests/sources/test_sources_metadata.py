"""Metadata found in a folder: data packages, SCDL catalogues, DCAT, sidecars, and how they meet."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata_check.fetching import open_fetcher
from opendata_check.model.catalog import Catalog, Dataset
from opendata_check.sources import detect


def _collect(root: Path) -> Catalog:
    with open_fetcher(cache_folder=None) as fetcher:
        return detect(str(root)).collect(fetcher)


def _by_id(catalog: Catalog) -> dict[str, Dataset]:
    return {dataset.id: dataset for dataset in catalog.datasets}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with two files of data, inside a folder with a file that must stay out of reach."""
    folder = tmp_path / "donnees"
    folder.mkdir()
    (folder / "budget.csv").write_bytes(b"a;b\n")
    (folder / "arbres.geojson").write_bytes(b"{}")
    (tmp_path / "secret.csv").write_bytes(b"secret\n")
    return folder


def _write(path: Path, value: Any) -> None:
    path.write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), encoding="utf-8")


# ---- datapackage.json

PACKAGE = {
    "title": "Données d'Exempleville",
    "description": "Tout.",
    "licenses": [{"name": "etalab-2.0", "title": "Licence Ouverte 2.0", "path": "https://exemple.fr/lo"}],
    "contributors": [
        {"title": "Jeanne Dupont", "email": "jeanne@exemple.fr", "role": "author"},
        {"title": "Commune d'Exempleville", "email": "opendata@exemple.fr", "role": "publisher"},
    ],
    "created": "2024-05-06T10:00:00Z",
    "modified": "2025-01-31",
    "frequency": "annual",
    "keywords": ["commune"],
    "resources": [
        {
            "name": "budget",
            "path": "budget.csv",
            "title": "Budget primitif",
            "format": "CSV",
            "mediatype": "text/csv",
            "hash": "abc",
            "schema": {"name": "scdl-budget", "path": "https://schema.data.gouv.fr/schemas/scdl/budget/1.0/schema.json", "version": "1.0"},
        },
        {"name": "arbres", "path": "./arbres.geojson", "modified": "2025-02-01", "keywords": ["arbre"], "licenses": [{"path": "https://exemple.fr/odbl"}]},
    ],
}  # fmt: skip


def test_each_resource_of_a_package_is_a_dataset_completed_by_the_package(root: Path) -> None:
    _write(root / "datapackage.json", PACKAGE)
    catalog = _collect(root)
    found = _by_id(catalog)
    assert sorted(found) == ["arbres", "budget"] and catalog.faults == ()
    budget, trees = found["budget"], found["arbres"]
    assert catalog.title == "Données d'Exempleville"
    assert (budget.title, trees.title) == ("Budget primitif", "Arbres")
    assert (budget.license, budget.license_url) == ("etalab-2.0", "https://exemple.fr/lo")
    assert (trees.license, trees.license_url) == ("https://exemple.fr/odbl", "https://exemple.fr/odbl")
    assert (budget.modified, trees.modified, budget.issued) == (date(2025, 1, 31), date(2025, 2, 1), date(2024, 5, 6))
    assert (budget.frequency, budget.keywords, trees.keywords) == ("annual", ("commune",), ("arbre",))
    assert budget.description == "Tout." and budget.described


def test_a_resource_gives_format_schema_and_checksum(root: Path) -> None:
    _write(root / "datapackage.json", PACKAGE)
    (found,) = _by_id(_collect(root))["budget"].distributions
    assert (found.declared_format, found.media_type, found.checksum) == ("csv", "text/csv", "md5:abc")
    assert found.schema_name == "https://schema.data.gouv.fr/schemas/scdl/budget/1.0/schema.json"
    assert found.schema_version == "1.0"
    assert found.path == root / "budget.csv"


def test_only_the_publisher_is_named(root: Path) -> None:
    _write(root / "datapackage.json", PACKAGE)
    budget = _by_id(_collect(root))["budget"]
    assert (budget.publisher, budget.contact) == ("Commune d'Exempleville", "opendata@exemple.fr")
    assert "Dupont" not in repr(budget)


def test_a_package_of_one_resource_gives_it_its_title(root: Path) -> None:
    _write(root / "datapackage.json", {"title": "Les arbres", "resources": [{"name": "x", "path": "arbres.geojson"}]})
    assert _by_id(_collect(root))["arbres"].title == "Les arbres"


def test_files_the_package_forgets_are_listed_all_the_same(root: Path) -> None:
    (root / "budget.pdf").write_bytes(b"%PDF")
    _write(root / "datapackage.json", {"resources": [{"name": "b", "path": "budget.csv"}]})
    found = _by_id(_collect(root))
    assert [item.id for item in found["budget"].distributions] == ["budget.csv", "budget.pdf"]
    assert found["budget"].described and not found["arbres"].described


def test_a_listed_file_that_is_missing_is_a_fault_that_names_it(root: Path) -> None:
    _write(root / "datapackage.json", {"resources": [{"name": "x", "path": "sous/absent.csv"}]})
    catalog = _collect(root)
    (fault,) = catalog.faults
    assert fault.where == "datapackage.json › sous/absent.csv" and "introuvable" in fault.what
    assert len(catalog.datasets) == 2


@pytest.mark.parametrize(
    "path",
    [
        "../secret.csv",
        "/etc/passwd",
        "a/../../secret.csv",
        "..\\secret.csv",
        "C:\\x.csv",
        "%2e%2e/secret.csv",
        "file:///etc/passwd",
        "a\x00b",
    ],
)
def test_a_listed_path_never_leaves_the_folder(root: Path, path: str) -> None:
    _write(root / "datapackage.json", {"resources": [{"name": "x", "path": path}]})
    catalog = _collect(root)
    assert len(catalog.faults) == 1
    assert all(
        "secret" not in str(item.path) and "passwd" not in str(item.path)
        for dataset in catalog.datasets
        for item in dataset.distributions
    )


def test_a_listed_link_never_leaves_the_folder(root: Path) -> None:
    (root / ".lien.csv").symlink_to(root.parent / "secret.csv")
    _write(root / "datapackage.json", {"resources": [{"name": "x", "path": ".lien.csv"}]})
    catalog = _collect(root)
    assert "sort du dossier" in catalog.faults[0].what and len(catalog.datasets) == 2


def test_a_path_may_be_a_list_or_a_url(root: Path) -> None:
    resources = [
        {"name": "x", "path": ["budget.csv", "arbres.geojson"]},
        {"name": "distant", "path": "https://exemple.fr/d.csv"},
    ]
    _write(root / "datapackage.json", {"resources": resources})
    found = _by_id(_collect(root))
    assert [item.id for item in found["budget"].distributions] == ["budget.csv", "arbres.geojson"]
    assert found["datapackage.json#distant"].distributions[0].url == "https://exemple.fr/d.csv"


def test_a_local_schema_is_metadata_not_data(root: Path) -> None:
    _write(root / "schema.json", {"name": "mon-schema", "version": "0.2", "fields": []})
    _write(root / "datapackage.json", {"resources": [{"name": "b", "path": "budget.csv", "schema": "schema.json"}]})
    found = _by_id(_collect(root))
    assert sorted(found) == ["arbres", "budget"]
    assert (found["budget"].distributions[0].schema_name, found["budget"].distributions[0].schema_version) == (
        "mon-schema",
        "0.2",
    )


def test_a_package_in_a_subfolder_speaks_of_its_own_files(root: Path) -> None:
    (root / "sous").mkdir()
    (root / "sous" / "budget.csv").write_bytes(b"x")
    _write(
        root / "sous" / "datapackage.json", {"resources": [{"name": "b", "title": "Sous-budget", "path": "budget.csv"}]}
    )
    found = _by_id(_collect(root))
    assert (found["sous/budget"].title, found["budget"].title) == ("Sous-budget", "Budget")


def test_the_title_of_a_subfolder_is_not_that_of_the_whole(root: Path) -> None:
    (root / "sous").mkdir()
    _write(root / "sous" / "datapackage.json", {"title": "Archives", "resources": []})
    assert _collect(root).title == "Donnees"


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"resources": 3}', '"x"', "", "[" * 100_000, '{"resources": [1, null, {"path": 3}]}']
)
def test_a_malformed_package_is_a_fault_and_the_audit_goes_on(root: Path, content: str) -> None:
    _write(root / "datapackage.json", content)
    catalog = _collect(root)
    assert sorted(_by_id(catalog)) == ["arbres", "budget"]
    assert catalog.faults and catalog.faults[0].where.startswith("datapackage.json")


JSON_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["path", "name", "title", "role", "schema", "licenses"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(PACKAGE)), JSON_VALUE),
    st.dictionaries(st.sampled_from(["path", "schema", "title", "hash", "licenses"]), JSON_VALUE),
)
def test_a_package_of_any_shape_is_read(
    tmp_path_factory: pytest.TempPathFactory, package: dict[str, Any], resource: dict[str, Any]
) -> None:
    root = tmp_path_factory.mktemp("p")
    (root / "budget.csv").write_bytes(b"x")
    resources = package.get("resources")
    package["resources"] = [*(resources if isinstance(resources, list) else []), {"path": "budget.csv"} | resource]
    _write(root / "datapackage.json", package)
    assert "budget" in _by_id(_collect(root))


# ---- SCDL catalogue

COLUMNS = [
    "COLL_NOM",
    "COLL_SIRET",
    "ID",
    "TITRE",
    "DESCRIPTION",
    "THEME",
    "PRODUCTEUR_NOM",
    "PRODUCTEUR_SIRET",
    "COUV_SPAT_MAILLE",
    "COUV_SPAT_NOM",
    "COUV_TEMP_DEBUT",
    "COUV_TEMP_FIN",
    "DATE_PUBL",
    "FREQ_MAJ",
    "DATE_MAJ",
    "MOTS_CLES",
    "LICENCE",
    "NOMBRE_RESSOURCES",
    "FORMAT_RESSOURCES",
    "URL",
]


def _scdl(*rows: dict[str, str], delimiter: str = ",") -> str:
    base = {"COLL_NOM": "Exempleville", "COLL_SIRET": "21350328700012", "LICENCE": "Licence Ouverte-LO"}
    lines = [COLUMNS, *([(base | row).get(column, "") for column in COLUMNS] for row in rows)]
    return "".join(delimiter.join(f'"{cell}"' for cell in line) + "\r\n" for line in lines)


ROW = {
    "ID": "21350328700012-budget",
    "TITRE": "Budget",
    "DESCRIPTION": "Le budget, en détail",
    "THEME": "Administration",
    "PRODUCTEUR_NOM": "Ville d'Exempleville",
    "COUV_SPAT_MAILLE": "Communale",
    "COUV_SPAT_NOM": "Exempleville",
    "COUV_TEMP_DEBUT": "2024-01-01",
    "COUV_TEMP_FIN": "2024-12-31",
    "DATE_PUBL": "2024-03-01",
    "FREQ_MAJ": "Annuelle",
    "DATE_MAJ": "2025-03-01",
    "MOTS_CLES": "budget;finances",
    "FORMAT_RESSOURCES": "csv",
}


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_row_of_the_catalogue_describes_the_file_of_its_title(root: Path, delimiter: str, encoding: str) -> None:
    (root / "catalogue.csv").write_bytes(_scdl(ROW, delimiter=delimiter).encode(encoding))
    catalog = _collect(root)
    budget = _by_id(catalog)["budget"]
    assert [item.id for item in budget.distributions] == ["budget.csv"]
    assert (budget.title, budget.description, budget.license) == (
        "Budget",
        "Le budget, en détail",
        "Licence Ouverte-LO",
    )
    assert (budget.issued, budget.modified, budget.frequency) == (date(2024, 3, 1), date(2025, 3, 1), "Annuelle")
    assert (budget.keywords, budget.themes) == (("budget", "finances"), ("Administration",))
    assert (budget.spatial, budget.temporal) == ("Exempleville", "2024-01-01/2024-12-31")
    assert (budget.publisher, budget.described) == ("Ville d'Exempleville", True)
    assert (catalog.title, catalog.publisher_siren, catalog.faults) == ("Exempleville", "213503287", ())


@pytest.mark.parametrize(
    "row",
    [
        {"ID": "ARBRES", "TITRE": "Patrimoine arboré"},
        {"ID": "x", "TITRE": "Patrimoine arboré", "URL": "https://exemple.fr/f/arbres.geojson"},
        {"ID": "x", "TITRE": "Patrimoine arboré", "URL": "arbres.geojson"},
        {"ID": "x", "TITRE": "Arbres"},
    ],
)
def test_a_row_finds_its_file_by_url_id_or_title(root: Path, row: dict[str, str]) -> None:
    (root / "catalogue.csv").write_text(_scdl(row), encoding="utf-8")
    assert _by_id(_collect(root))["arbres"].described


def test_a_row_without_local_file_points_to_its_url(root: Path) -> None:
    rows = [
        {"ID": "1", "TITRE": "Eau", "URL": "https://exemple.fr/f/eau.csv", "FORMAT_RESSOURCES": "CSV"},
        {"ID": "2", "TITRE": "Gaz", "URL": "https://exemple.fr/explore/dataset/gaz"},
        {"ID": "3", "TITRE": "Vent"},
    ]
    (root / "21350328700012_catalogue.csv").write_text(_scdl(*rows), encoding="utf-8")
    catalog = _collect(root)
    water, gas, wind = (_by_id(catalog)[key] for key in "123")
    assert (water.distributions[0].url, water.distributions[0].declared_format) == (
        "https://exemple.fr/f/eau.csv",
        "csv",
    )
    assert (gas.distributions, gas.landing_page) == ((), "https://exemple.fr/explore/dataset/gaz")
    assert wind.distributions == ()
    assert [fault.where for fault in catalog.faults] == ["21350328700012_catalogue.csv, ligne 4"]


def test_a_csv_called_catalogue_that_is_not_one_is_data(root: Path) -> None:
    (root / "catalogue.csv").write_text("oeuvre;auteur\nA;B\n", encoding="utf-8")
    catalog = _collect(root)
    assert "catalogue" in _by_id(catalog) and catalog.faults == ()


def test_a_row_without_title_is_a_fault(root: Path) -> None:
    (root / "catalogue.csv").write_text(_scdl({"ID": "1"}, ROW), encoding="utf-8")
    catalog = _collect(root)
    assert catalog.faults[0].where == "catalogue.csv, ligne 2"
    assert _by_id(catalog)["budget"].described


def test_a_catalogue_the_csv_module_refuses_is_a_fault(root: Path) -> None:
    (root / "catalogue.csv").write_text(_scdl(ROW) + '"' + "x" * 200_000, encoding="utf-8")
    catalog = _collect(root)
    assert "ne peut pas être lu" in catalog.faults[0].what
    assert sorted(_by_id(catalog)) == ["arbres", "budget"]


# ---- DCAT

DCAT_COMPACT = {
    "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "titre": "dct:title"},
    "@type": "dcat:Catalog",
    "titre": "Catalogue d'Exempleville",
    "dcat:dataset": [
        {
            "@type": "dcat:Dataset",
            "dct:identifier": "b1",
            "titre": [{"@value": "Budget (en)", "@language": "en"}, {"@value": "Budget communal", "@language": "fr"}],
            "dct:description": "Le budget.",
            "dct:issued": {"@value": "2024-01-02T03:04:05", "@type": "xsd:dateTime"},
            "dct:modified": "2025-01-02",
            "dct:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/ANNUAL"},
            "dcat:keyword": ["budget", "finances"],
            "dcat:theme": {"@id": "http://exemple.fr/t/1", "skos:prefLabel": "Économie"},
            "dct:publisher": {"@type": "foaf:Organization", "foaf:name": "Exempleville"},
            "dcat:contactPoint": {"vcard:fn": "Jeanne Dupont", "vcard:hasEmail": {"@id": "mailto:opendata@exemple.fr"}},
            "dct:temporal": {"dcat:startDate": "2024-01-01", "dcat:endDate": "2024-12-31"},
            "dct:spatial": {"@id": "http://id.insee.fr/geo/commune/35328"},
            "dcat:landingPage": {"@id": "https://exemple.fr/budget"},
            "dcat:distribution": {
                "@type": "dcat:Distribution",
                "dct:title": "CSV",
                "dcat:downloadURL": {"@id": "https://exemple.fr/f/budget.csv"},
                "dct:license": {"@id": "https://www.etalab.gouv.fr/licence-ouverte-open-licence"},
                "dct:format": {"@id": "http://publications.europa.eu/resource/authority/file-type/CSV"},
                "dcat:mediaType": {"@id": "https://www.iana.org/assignments/media-types/text/csv"},
                "dct:conformsTo": {"@id": "https://schema.data.gouv.fr/schemas/scdl/budget/latest/schema.json"},
                "spdx:checksum": {"spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"}, "spdx:checksumValue": "ab12"},
            },
        },
        {"@type": "dcat:Dataset", "titre": "Arbres", "dcat:distribution": [{"dcat:downloadURL": "arbres.geojson"}, {"dct:title": "vide"}]},
        {"@type": "dcat:Dataset", "dct:identifier": "d", "titre": "Distant", "dcat:distribution": {"dcat:accessURL": "https://exemple.fr/api", "dcat:bytesSize": "12.0", "dcat:accessService": {"dct:title": "API"}}},
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", ["catalog.jsonld", "dcat.jsonld", "mes-donnees.json"])
def test_a_dcat_catalogue_describes_the_files_it_names(root: Path, name: str) -> None:
    _write(root / name, DCAT_COMPACT)
    catalog = _collect(root)
    found = _by_id(catalog)
    assert sorted(found) == ["arbres", "budget", "d"]
    budget = found["budget"]
    assert catalog.title == "Catalogue d'Exempleville"
    assert (budget.title, budget.description) == ("Budget communal", "Le budget.")
    assert (budget.issued, budget.modified) == (date(2024, 1, 2), date(2025, 1, 2))
    assert budget.frequency == "http://publications.europa.eu/resource/authority/frequency/ANNUAL"
    assert (budget.keywords, budget.themes) == (("budget", "finances"), ("Économie",))
    assert (budget.publisher, budget.contact) == ("Exempleville", "opendata@exemple.fr")
    assert (budget.temporal, budget.spatial) == ("2024-01-01/2024-12-31", "http://id.insee.fr/geo/commune/35328")
    assert budget.license == budget.license_url == "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
    assert budget.landing_page == "https://exemple.fr/budget"
    assert "Dupont" not in repr(catalog)
    assert [fault.where for fault in catalog.faults] == [f"{name} › vide"]


def test_a_dcat_distribution_gives_all_it_says(root: Path) -> None:
    _write(root / "catalog.jsonld", DCAT_COMPACT)
    found = _by_id(_collect(root))
    (csv,) = found["budget"].distributions
    assert (csv.path, csv.url, csv.declared_format, csv.media_type) == (
        root / "budget.csv",
        "https://exemple.fr/f/budget.csv",
        "csv",
        "text/csv",
    )
    assert (csv.checksum, csv.schema_name) == (
        "sha256:ab12",
        "https://schema.data.gouv.fr/schemas/scdl/budget/latest/schema.json",
    )
    (api,) = found["d"].distributions
    assert (api.role, api.byte_size, api.path, api.url) == ("api", 12, None, "https://exemple.fr/api")


def test_expanded_flat_json_ld_is_the_same(root: Path) -> None:
    dct, dcat = "http://purl.org/dc/terms/", "http://www.w3.org/ns/dcat#"
    _write(
        root / "export.jsonld",
        [
            {"@id": "_:c", "@type": [f"{dcat}Catalog"], f"{dcat}dataset": [{"@id": "http://x.fr/1"}]},
            {"@id": "http://x.fr/1", "@type": [f"{dcat}Dataset"], f"{dct}title": [{"@value": "Budget"}], f"{dcat}distribution": [{"@id": "_:d"}], f"{dct}publisher": [{"@id": "_:o"}]},
            {"@id": "_:d", "@type": [f"{dcat}Distribution"], f"{dcat}downloadURL": [{"@id": "http://x.fr/budget.csv"}]},
            {"@id": "_:o", "http://xmlns.com/foaf/0.1/name": [{"@value": "Exempleville"}]},
        ],
    )  # fmt: skip
    budget = _by_id(_collect(root))["budget"]
    assert (budget.publisher, budget.described, budget.distributions[0].path) == (
        "Exempleville",
        True,
        root / "budget.csv",
    )


def test_nodes_that_refer_to_one_another_do_not_loop(root: Path) -> None:
    loop = {
        "@graph": [
            {"@id": "a", "@type": "dcat:Dataset", "title": "A", "publisher": {"@id": "b"}},
            {"@id": "b", "dcat:dataset": [{"@id": "a"}], "name": "B"},
            {"@id": "a", "publisher": {"@id": "b", "x": {"@id": "a"}}},
        ]
    }
    _write(root / "x.jsonld", loop)
    dataset = _by_id(_collect(root))["a"]
    assert (dataset.title, dataset.publisher) == ("A", "B")


@pytest.mark.parametrize("address", ["../secret.csv", "/etc/passwd", "file:///etc/passwd", "ftp://exemple.fr/x.csv"])
def test_a_dcat_address_never_leaves_the_folder(root: Path, address: str) -> None:
    _write(root / "x.jsonld", {"@type": "dcat:Dataset", "title": "A", "distribution": {"downloadURL": address}})
    catalog = _collect(root)
    assert len(catalog.faults) == 1
    assert all(
        item.path is None or item.path.parent == root for dataset in catalog.datasets for item in dataset.distributions
    )


def test_geojson_and_ordinary_json_are_data(root: Path) -> None:
    _write(root / "menus.json", {"menus": []})
    _write(root / "lien.jsonld", {"@context": "https://schema.org", "@type": "Place"})
    catalog = _collect(root)
    assert {"menus", "lien"} <= set(_by_id(catalog)) and catalog.faults == ()


@pytest.mark.parametrize(
    "content", ['{"@context": "dcat#", ', '{"@context": {"dcat": "http://www.w3.org/ns/dcat#"}, "@graph": []}']
)
def test_a_malformed_dcat_file_is_a_fault(root: Path, content: str) -> None:
    _write(root / "catalog.jsonld", content)
    catalog = _collect(root)
    assert catalog.faults[0].where == "catalog.jsonld"
    assert sorted(_by_id(catalog)) == ["arbres", "budget"]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "count"),
    [("flat.jsonld", 3), ("nested.jsonld", 1), ("bnodes.jsonld", 3), ("ckanext-catalog_with_at_graph.jsonld", None)],
)
def test_recorded_dcat_catalogues_are_read(shared: Path, tmp_path: Path, name: str, count: int | None) -> None:
    (tmp_path / name).write_bytes((shared / "portals" / "dcat" / name).read_bytes())
    catalog = _collect(tmp_path)
    assert catalog.datasets and all(dataset.title and dataset.described for dataset in catalog.datasets)
    if count:
        assert len(catalog.datasets) == count
        assert {dataset.publisher for dataset in catalog.datasets} <= {"An Organization", ""}


@pytest.mark.shared
def test_a_catalogue_exported_by_udata_is_read(shared: Path, tmp_path: Path) -> None:
    source = shared / "portals" / "udata" / "live-site-catalog-p2.jsonld"
    (tmp_path / source.name).write_bytes(source.read_bytes())
    graph = json.loads(source.read_bytes())["@graph"]
    catalog = _collect(tmp_path)
    assert len(catalog.datasets) == sum(node.get("@type") == "Dataset" for node in graph)
    assert sum(len(dataset.distributions) for dataset in catalog.datasets) == sum(
        node.get("@type") == "Distribution" for node in graph
    )


# ---- sidecars

SAID = {
    "title": "Budget primitif",
    "description": "Le budget",
    "license": "lov2",
    "frequency": "annual",
    "modified": "2025-01-31",
    "contact": "opendata@exemple.fr",
    "keywords": ["budget"],
    "schema": {"name": "scdl/budget", "version": "1.0"},
}
FORMS = {
    "json": json.dumps(SAID),
    "yaml": "titre: Budget primitif\ndescription: Le budget\nlicence: lov2\nfréquence: annual\nmise_a_jour: 2025-01-31\n"
    "contact: opendata@exemple.fr\nmots_cles: [budget]\nschema: {name: scdl/budget, version: '1.0'}\n",
    "toml": 'title = "Budget primitif"\ndescription = "Le budget"\nlicense = "lov2"\nfrequency = "annual"\n'
    'modified = 2025-01-31\ncontact = "opendata@exemple.fr"\nkeywords = ["budget"]\n'
    '[schema]\nname = "scdl/budget"\nversion = "1.0"\n',
}


@pytest.mark.parametrize("subject", ["budget.csv", "budget", "BUDGET.CSV"])
@pytest.mark.parametrize("form", sorted(FORMS))
def test_a_sidecar_describes_its_file(root: Path, subject: str, form: str) -> None:
    _write(root / f"{subject}.meta.{form}", FORMS[form])
    catalog = _collect(root)
    budget = _by_id(catalog)["budget"]
    assert catalog.faults == () and len(catalog.datasets) == 2
    assert (budget.title, budget.description, budget.license) == ("Budget primitif", "Le budget", "lov2")
    assert (budget.frequency, budget.modified, budget.contact) == ("annual", date(2025, 1, 31), "opendata@exemple.fr")
    assert (budget.keywords, budget.described) == (("budget",), True)
    assert (budget.distributions[0].schema_name, budget.distributions[0].schema_version) == ("scdl/budget", "1.0")


def test_the_schema_of_one_file_is_not_that_of_the_others(root: Path) -> None:
    (root / "budget.xlsx").write_bytes(b"x")
    _write(root / "budget.csv.meta.json", {"schema": "scdl/budget"})
    found = {item.id: item.schema_name for item in _by_id(_collect(root))["budget"].distributions}
    assert found == {"budget.csv": "scdl/budget", "budget.xlsx": ""}


def test_a_sidecar_prevails_over_a_catalogue_and_completes_it(root: Path) -> None:
    _write(root / "datapackage.json", PACKAGE)
    _write(root / "budget.meta.json", {"license": "odc-odbl"})
    budget = _by_id(_collect(root))["budget"]
    assert (budget.license, budget.title) == ("odc-odbl", "Budget primitif")


def test_a_sidecar_of_nothing_is_a_fault(root: Path) -> None:
    _write(root / "absent.csv.meta.json", {"title": "x"})
    catalog = _collect(root)
    assert catalog.faults[0].where == "absent.csv.meta.json"
    assert len(catalog.datasets) == 2


BOMB = (
    "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "keywords: *i\ntitle: *i\n"
)


@pytest.mark.parametrize(
    ("form", "content"),
    [("json", "{"), ("json", "[1]"), ("yaml", "a: [\n"), ("yaml", "- 1\n"), ("toml", "a = "), ("yaml", "{" * 5000), ("yaml", "!!python/object/apply:os.system ['true']"), ("json", "\ufffe" * 3), ("yaml", "a: 2025-13-45")],
)  # fmt: skip
def test_a_malformed_sidecar_is_a_fault(root: Path, form: str, content: str) -> None:
    _write(root / f"budget.meta.{form}", content)
    catalog = _collect(root)
    assert "ne peuvent pas être lues" in catalog.faults[0].what
    assert sorted(_by_id(catalog)) == ["arbres", "budget"]


def test_a_yaml_bomb_does_nothing(root: Path) -> None:
    _write(root / "budget.meta.yaml", BOMB)
    assert _by_id(_collect(root))["budget"].title == "Budget"


# ---- together


def test_two_catalogues_of_one_file_make_one_dataset(root: Path) -> None:
    _write(root / "datapackage.json", {"resources": [{"name": "b", "path": "budget.csv", "title": "Du paquet"}]})
    (root / "catalogue.csv").write_text(_scdl(ROW), encoding="utf-8")
    _write(root / "catalog.jsonld", DCAT_COMPACT)
    catalog = _collect(root)
    budget = _by_id(catalog)["budget"]
    assert (budget.title, budget.frequency, budget.contact) == ("Du paquet", "Annuelle", "opendata@exemple.fr")
    assert [item.id for item in budget.distributions] == ["budget.csv"]
    paths = [item.path for dataset in catalog.datasets for item in dataset.distributions if item.path]
    assert len(paths) == len(set(paths))


def test_a_metadata_file_may_be_the_target(root: Path) -> None:
    _write(root / "datapackage.json", PACKAGE)
    assert sorted(_by_id(_collect(root / "datapackage.json"))) == ["arbres", "budget"]


def test_a_metadata_file_that_is_too_long_is_a_fault(root: Path) -> None:
    (root / "datapackage.json").write_bytes(b" " * (10 * 1024 * 1024 + 1))
    assert _collect(root).faults[0].where == "datapackage.json"
