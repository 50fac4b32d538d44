"""DCAT catalogues: one mapping for every syntax, what portals get wrong, paging that lies, documents that are hostile."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dcat_server import SYNTAXES, Paging, document, serve_dcat, statements
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse
from udata_server import Scripted

from opendata_check.fetching import Fetcher, Limits, open_fetcher
from opendata_check.model.catalog import Catalog, Dataset, Distribution, ServiceOffer
from opendata_check.sources import dcat
from opendata_check.sources.dcat import DcatSource
from opendata_check.sources.interface import DEFAULT_BASE_URL, Page, SourceError, Target
from opendata_check.sources.reading import values
from opendata_check.sources.reading.dcat.catalog import Records, datasets_in
from opendata_check.sources.reading.dcat.pages import following_url
from opendata_check.sources.reading.dcat.record import MAPPING, dataset_of
from opendata_check.sources.reading.dcat.us import dcat_us_dataset
from opendata_check.sources.reading.dcat.values import box, checksum, frequency, licence
from opendata_check.sources.reading.rdf.graph import Graph, UnreadableDocumentError
from opendata_check.sources.reading.rdf.syntax import is_dcat, read_document, syntax_of

BASE = "http://data.test.org/"
LO = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"


def _graph(
    content: bytes | str, folder: Path, name: str = "catalogue", media_type: str = "", charset: str = ""
) -> Graph:
    path = folder / "document"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    graph = Graph(BASE)
    read_document(path, graph, media_type=media_type, charset=charset, name=name)
    return graph


def _datasets(graph: Graph) -> list[Dataset]:
    records = Records(graph)
    return [dataset_of(node, record=records.of(node)) for node, reason in datasets_in(graph) if not reason]


def _xml(body: str) -> str:
    """Return an RDF/XML document with the usual namespaces."""
    names = {
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
        "vcard": "http://www.w3.org/2006/vcard/ns#", "schema": "http://schema.org/", "skos": "http://www.w3.org/2004/02/skos/core#",
        "adms": "http://www.w3.org/ns/adms#", "spdx": "http://spdx.org/rdf/terms#", "locn": "http://www.w3.org/ns/locn#",
        "gsp": "http://www.opengis.net/ont/geosparql#", "dcatap": "http://data.europa.eu/r5r/", "time": "http://www.w3.org/2006/time#",
        "org": "http://www.w3.org/ns/org#", "owl": "http://www.w3.org/2002/07/owl#", "geodcat": "http://data.europa.eu/930/",
    }  # fmt: skip
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in names.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF {spaces}>{body}</rdf:RDF>'


@pytest.fixture
def one(tmp_path: Path) -> Callable[[str], Dataset]:
    """Return the only dataset of an RDF/XML dcat:Dataset that says ``body``."""

    def read(body: str) -> Dataset:
        whole = _xml(
            f'<dcat:Dataset rdf:about="http://x.fr/1"><dct:title>Jeu</dct:title><dct:description>d</dct:description>{body}</dcat:Dataset>'
        )
        (found,) = _datasets(_graph(whole, tmp_path))
        return found

    return read


@pytest.fixture
def file(one: Callable[[str], Dataset]) -> Callable[[str], Distribution]:
    """Return the only distribution of a dataset, that says ``body``."""

    def read(body: str) -> Distribution:
        (found,) = one(
            f"<dcat:distribution><dcat:Distribution>{body}</dcat:Distribution></dcat:distribution>"
        ).distributions
        return found

    return read


# ---- recordings

RECORDINGS = (
    "dcat/bnodes.jsonld", "dcat/bnodes.xml", "dcat/catalog.xml", "dcat/ckan-catalog.jsonld", "dcat/ckan-catalog.rdf",
    "dcat/ckan-catalog.ttl", "dcat/ckanext-catalog.rdf", "dcat/ckanext-catalog_pod.jsonld",
    "dcat/ckanext-catalog_with_at_graph.jsonld", "dcat/ckanext-dataset.ttl", "dcat/ckanext-dataset_gov_de.rdf",
    "dcat/ckanext-dataset_sweden.rdf", "dcat/datafair-example-cio.json", "dcat/datafair-example-semiceu.json",
    "dcat/datafair-ods-export.rdf", "dcat/flat.jsonld", "dcat/geonetwork.xml", "dcat/nested.jsonld",
    "dcat/paged-collection-1.jsonld", "dcat/partial-collection-2.jsonld", "dcat/series.xml", "dcat/udata.xml",
    "udata/live-catalog-org.xml", "udata/live-site-catalog-p1.xml", "udata/live-site-catalog-p2.jsonld",
    "udata/live-site-catalog.ttl", "ckan/live-catalog-p2.jsonld", "ckan/live-catalog.ttl", "ckan/live-catalog.xml",
    "csw/geonetwork-dcat-page-1.xml", "csw/geonetwork-geodcatap-page-1.xml", "csw/geonetwork-geodcatap-page-5.xml",
    "csw/geonetworkv4-dcat-page-1.xml", "ods/rec-capatlantique-guerande-dcat-1.xml", "arcgishub/esri-dcat.jsonld",
    "datafair/generated-catalog-dcat.json",
)  # fmt: skip

Said = dict[Any, dict[str, list[Any]]]
"""Subject → local name of a property → its values, as pyoxigraph reads them."""


def _raw(path: Path) -> Said:
    """Return what a recording says, read without our readers."""
    content = path.read_bytes()
    if path.suffix in (".jsonld", ".json"):
        value = json.loads(content)
        if isinstance(value, dict) and isinstance(value.get("@context"), str):  # remote: only local names count here
            value["@context"] = {
                "@vocab": "http://v/",
                "dcat": "http://v/",
                "vcard": "http://v/",
                "org": "http://v/",
                "foaf": "http://v/",
            }
        parts, kind = [json.dumps(value).encode()], RdfFormat.JSON_LD
    elif path.suffix == ".ttl":
        parts, kind = [content], RdfFormat.TURTLE
    else:
        content = re.sub(rb'(rdf:resource="[^"]*")>[^<]+</', rb"\1></", content)  # GeoNetwork: no RDF/XML otherwise
        envelope = re.findall(rb"<rdf:RDF\b.*?</rdf:RDF>", content, re.DOTALL)
        parts, kind = (envelope if b"SearchResults" in content else [content]), RdfFormat.RDF_XML
    found: Said = {}
    for part in parts:
        statements = parse(part, format=kind, base_iri=BASE, lenient=True, rename_blank_nodes=True)
        while True:
            try:
                statement = next(statements)
            except StopIteration:
                break
            except SyntaxError:  # a recording with malformed statements: the others count
                continue
            name = re.split(r"[#/]", statement.predicate.value)[-1]
            name = "@type" if statement.predicate.value.endswith("rdf-syntax-ns#type") else name
            found.setdefault(statement.subject, {}).setdefault(name, []).append(statement.object)
    return found


def _is_a(said: dict[str, list[Any]], kind: str) -> bool:
    return any(re.split(r"[#/:]", found.value)[-1] == kind for found in said.get("@type", ()))


def _tells(value: Any, raw: Said, depth: int = 0) -> bool:
    """Return True when a value says something: words, an IRI, or a blank node that has some."""
    if isinstance(value, Literal):
        return bool(value.value.strip())
    if isinstance(value, BlankNode):
        inner = raw.get(value, {})
        return depth < 3 and any(
            _tells(item, raw, depth + 1) for name, items in inner.items() if name != "@type" for item in items
        )
    return True


def _has_contact(value: Any, raw: Said) -> bool:
    """Return True for a contact that is no person and gives an address."""
    said = raw.get(value, {})
    written = [item.value for name in ("hasEmail", "email", "hasURL", "hasUrl") for item in said.get(name, ())]
    return not _is_a(said, "Individual") and any("@" in item or item.startswith("http") for item in written)


def _has_place(value: Any, raw: Said) -> bool:
    """Return True for a place with a name, or a shape that can be read."""
    said = raw.get(value, {}) if isinstance(value, BlankNode) else {}
    shapes = [item.value for name in ("geometry", "asWKT", "bbox", "centroid") for item in said.get(name, ())]
    return any(map(box, shapes)) if shapes else _tells(value, raw)


def _is_day(value: Any, raw: Said) -> bool:
    """Return True for a whole date: a bare year is none."""
    return bool(re.match(r"\d{4}-\d\d-\d\d", value.value))


def _is_page(value: Any, raw: Said) -> bool:
    return str(value.value).startswith("http")


Test = Callable[[Any, Said], bool]
OF_A_DATASET: dict[str, tuple[str, Test]] = {
    "title": ("title", _tells), "description": ("description", _tells), "abstract": ("description", _tells),
    "license": ("license", _tells), "rights": ("license", _tells), "accrualPeriodicity": ("frequency", _tells),
    "issued": ("issued", _is_day), "created": ("issued", _is_day), "modified": ("modified", _is_day),
    "updated": ("modified", _is_day), "keyword": ("keywords", _tells), "theme": ("themes", _tells),
    "subject": ("themes", _tells), "topicCategory": ("themes", _tells), "temporal": ("temporal", _tells),
    "publisher": ("publisher", _tells), "creator": ("publisher", _tells), "resourceProvider": ("publisher", _tells),
    "landingPage": ("landing_page", _is_page), "language": ("language", _tells), "accessRights": ("access_rights", _tells),
    "accessLevel": ("access_rights", _tells), "conformsTo": ("conforms_to", _tells),
    "applicableLegislation": ("applicable_legislation", _tells), "hvdCategory": ("hvd_categories", _tells),
    "isPartOf": ("series", _tells), "inSeries": ("series", _tells), "identifier": ("identifiers", _tells),
    "sameAs": ("identifiers", _tells), "source": ("identifiers", _tells), "contactPoint": ("contact", _has_contact),
    "spatial": ("spatial bbox", _has_place), "isPrimaryTopicOf": ("metadata_modified", _tells),
}  # fmt: skip
OF_A_FILE: dict[str, tuple[str, Test]] = {
    "title": ("title", _tells), "description": ("description", _tells), "format": ("declared_format", _tells),
    "mediaType": ("media_type", _tells), "byteSize": ("byte_size", _tells), "bytesSize": ("byte_size", _tells),
    "checksum": ("checksum", _tells), "issued": ("issued", _is_day), "modified": ("modified", _is_day),
    "license": ("license", _tells), "rights": ("license", _tells), "accessURL": ("url", _is_page),
    "downloadURL": ("url", _is_page), "accessService": ("service", _tells), "identifier": ("id", _tells),
}  # fmt: skip


def _lost(said: dict[str, list[Any]], raw: Said, kept: Any, rules: dict[str, tuple[str, Test]]) -> Iterator[str]:
    """Yield the fields that are empty although a property said something."""
    for name, (fields, tells) in rules.items():
        values = [getattr(kept, field) for field in fields.split()]
        if any(tells(item, raw) for item in said.get(name, ())) and all(value in (None, "", ()) for value in values):
            yield f"{name}: {[str(item)[:80] for item in said[name]]}"


@pytest.mark.shared
@pytest.mark.parametrize("name", RECORDINGS)
def test_no_recording_loses_what_it_says(shared: Path, tmp_path: Path, name: str) -> None:
    path = shared / "portals" / name
    raw = _raw(path)
    graph = Graph(BASE)
    read_document(path, graph, name=name)
    found = _datasets(graph)
    said = [(subject, it) for subject, it in raw.items() if _is_a(it, "Dataset") and "title" in it and len(it) > 3]
    assert said and len(found) == len(said)
    lost = []
    for subject, it in said:
        titles = {item.value.strip() for item in it["title"]}
        (dataset,) = [
            dataset for dataset in found
            if (subject.value in dataset.identifiers if isinstance(subject, NamedNode) else dataset.title in titles)
        ]  # fmt: skip
        lost += _lost(it, raw, dataset, OF_A_DATASET)
        files = [raw[item] for item in it.get("distribution", ()) if item in raw]
        addresses = [
            [item.value for key in ("downloadURL", "accessURL") for item in file.get(key, ())] for file in files
        ]
        assert len(dataset.distributions) == sum(any(url.startswith("http") for url in urls) for urls in addresses)
        for file, urls in zip(files, addresses, strict=True):
            titles = {item.value.strip() for item in file.get("title", ())}
            same = [item for item in dataset.distributions if item.url in urls and (not titles or item.title in titles)]
            lost += min((list(_lost(file, raw, item, OF_A_FILE)) for item in same), key=len)
    assert lost == []


def _comparable(datasets: list[Dataset]) -> dict[str, Dataset]:
    """Return datasets by id, without the order of what has none in RDF."""

    def plain(dataset: Dataset) -> Dataset:
        files = tuple(sorted(dataset.distributions, key=lambda item: item.id))
        lists = {
            name: tuple(sorted(getattr(dataset, name))) for name in ("keywords", "themes", "identifiers", "conforms_to")
        }
        return dataclasses.replace(dataset, distributions=files, **lists)

    return {dataset.id: plain(dataset) for dataset in datasets}


@pytest.mark.shared
def test_the_same_catalogue_recorded_in_three_syntaxes_gives_the_same_datasets(shared: Path) -> None:
    read = {}
    for suffix in ("rdf", "ttl", "jsonld"):
        graph = Graph(BASE)
        read_document(shared / "portals" / "dcat" / f"ckan-catalog.{suffix}", graph)
        read[suffix] = _comparable(_datasets(graph))
    assert len(read["rdf"]) == 100
    assert read["rdf"] == read["ttl"] == read["jsonld"]


@pytest.mark.shared
def test_a_geographic_catalogue_gives_layers_boxes_and_the_date_of_its_records(shared: Path) -> None:
    graph = Graph(BASE)
    read_document(shared / "portals" / "csw" / "geonetwork-geodcatap-page-1.xml", graph)
    first, _ = _datasets(graph)
    wms, wfs = first.distributions
    assert (wms.url, wms.role) == (wfs.url, wfs.role) == ("https://www.geo2france.fr/geoserver/insee/ows", "api")
    assert wms.service == ServiceOffer("wms", layer="rectangles_200m_menage_erbm")
    assert wfs.service == ServiceOffer("wfs", layer="insee:rectangles_200m_menage_erbm")
    assert wms.id != wfs.id
    assert first.bbox == (1.32898744824151, 48.79422289313, 4.30533171628197, 51.0829997967797)
    assert (first.metadata_modified, first.contact) == (date(2021, 1, 25), "contact@geo2france.fr")


@pytest.mark.shared
@pytest.mark.parametrize("name", ["pycsw-exception-request.xml", "pycsw-exception-startposition.xml"])
def test_an_error_told_with_status_200_is_no_catalogue(shared: Path, name: str) -> None:
    with pytest.raises(UnreadableDocumentError, match="message d'erreur"):
        read_document(shared / "portals" / "csw" / name, Graph(BASE))


# ---- the same values whatever the syntax

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Cf", "Co", "Zl", "Zp")), min_size=1, max_size=30
).filter(lambda text: text.strip())
LINK = st.sampled_from(["https://x.fr/a", "https://x.fr/b?c=1&d=é", "http://y.fr/#z"])
DAY = st.dates(date(1950, 1, 1), date(2100, 1, 1)).map(str)
FILE = st.fixed_dictionaries(
    {"url": LINK},
    optional={
        "title": WORDS, "format": st.sampled_from(["CSV", "GeoJSON", "OGC:WMS"]), "media_type": st.just("text/csv"),
        "size": st.integers(0, 10**9), "license": LINK, "sha1": st.text("0123456789abcdef", min_size=40, max_size=40),
    },
)  # fmt: skip
RECORD = st.fixed_dictionaries(
    {"title": st.lists(st.tuples(WORDS, st.sampled_from(["fr", "en"])) | WORDS, min_size=1, max_size=2)},
    optional={
        "description": WORDS, "issued": DAY, "modified": DAY, "keywords": st.lists(WORDS, max_size=3), "theme": LINK,
        "landing_page": LINK, "license": LINK, "frequency": LINK, "conforms_to": LINK, "language": LINK,
        "access_rights": LINK, "legislation": LINK, "hvd": LINK, "series": LINK, "publisher": WORDS,
        "siret": st.just("21350328700012"), "email": st.just("opendata@x.fr"),
        "wkt": st.just("POLYGON((2 48, 3 48, 3 49, 2 48))"), "period": st.tuples(DAY, DAY), "files": st.lists(FILE, max_size=3),
    },
)  # fmt: skip


@settings(max_examples=60)
@given(records=st.lists(RECORD, min_size=1, max_size=3))
def test_a_catalogue_gives_the_same_datasets_in_every_syntax(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("dcat")
    graph = statements([record | {"id": f"id-{number}"} for number, record in enumerate(records)])
    read = {}
    for syntax, (_, media_type, suffix) in SYNTAXES.items():
        found = _datasets(_graph(document(graph, syntax), folder, f"catalogue.{suffix}", media_type))
        assert len(found) == len(records)
        read[syntax] = _comparable(found)
    first = read["turtle"]
    for syntax, other in read.items():
        assert other == first, syntax
    for number, record in enumerate(records):
        dataset = first[f"id-{number}"]
        assert (dataset.bbox is None) == ("wkt" not in record)
        assert len(dataset.distributions) == len(record.get("files", ()))
        assert dataset.contact == record.get("email", "")


def test_a_long_catalogue_is_read_as_a_short_one_in_every_syntax(tmp_path: Path) -> None:
    records = [
        {"id": f"n{number}", "title": f"Jeu {number}", "description": "mot " * 300, "files": [{"url": f"https://x.fr/{number}.csv"}]}
        for number in range(3000)
    ]  # fmt: skip
    graph = statements(records)
    for syntax in ("rdf/xml", "turtle", "json-ld"):
        content = document(graph, syntax)
        assert len(content) > 4_000_000
        found = _datasets(_graph(content, tmp_path))
        assert [dataset.id for dataset in found] == [record["id"] for record in records], syntax
        assert {dataset.distributions[0].url for dataset in found} == {
            f"https://x.fr/{number}.csv" for number in range(3000)
        }


def test_a_long_nested_json_catalogue_is_read_wherever_its_context_stands(tmp_path: Path) -> None:
    context = {"titre": "http://purl.org/dc/terms/title", "jeux": "http://www.w3.org/ns/dcat#dataset"}
    listed = [
        {"@type": "dcat:Dataset", "@id": f"d/{number}", "titre": f"Jeu {number}", "description": "mot " * 300}
        for number in range(3000)
    ]
    before = {"@context": context, "@type": "dcat:Catalog", "titre": "C", "jeux": listed}
    after = {"@type": "dcat:Catalog", "titre": "C", "jeux": listed, "@context": context}
    plain = [item | {"title": item["titre"]} for item in listed]
    vocabulary = {"@type": "dcat:Catalog", "dataset": plain, "@context": {"@vocab": "http://www.w3.org/ns/dcat#"}}
    for value in (before, after, vocabulary, {"@graph": [before]}, [before]):
        found = _datasets(_graph(json.dumps(value), tmp_path))
        assert [dataset.title for dataset in found] == [f"Jeu {number}" for number in range(3000)]
        assert found[0].identifiers == ("http://data.test.org/d/0",)


# ---- what portals write


def test_french_comes_first_then_no_language_then_any(one: Callable[[str], Dataset], tmp_path: Path) -> None:
    body = '<dct:title xml:lang="en">Set</dct:title>{}<dct:description>d</dct:description>'
    for more, expected in (
        ('<dct:title xml:lang="fre">Jeu</dct:title><dct:title>Plain</dct:title>', "Jeu"),
        ("<dct:title>Plain</dct:title>", "Plain"),
        ("", "Set"),
    ):
        whole = _xml(f'<dcat:Dataset rdf:about="http://x.fr/1">{body.format(more)}</dcat:Dataset>')
        assert _datasets(_graph(whole, tmp_path))[0].title == expected


def test_an_inherited_language_counts(tmp_path: Path) -> None:
    whole = _xml(
        '<dcat:Dataset rdf:about="http://x.fr/1" xml:lang="fr"><dct:title xml:lang="en">Set</dct:title>'
        "<dct:title>Jeu</dct:title><dct:description>d</dct:description></dcat:Dataset>"
    )
    assert _datasets(_graph(whole, tmp_path))[0].title == "Jeu"


@pytest.mark.parametrize("name", ["dcat:distribution", "dcat:distributions", "dct:distribution", "dct:distributions"])
def test_misspelt_distributions_are_found(one: Callable[[str], Dataset], name: str) -> None:
    dataset = one(
        f"<{name}><dcat:Distribution><dcat:accessURL>https://x.fr/a.csv</dcat:accessURL></dcat:Distribution></{name}>"
    )
    assert [item.url for item in dataset.distributions] == ["https://x.fr/a.csv"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [("12", 12), ("27256.0", 27256), ("2.5E4", 25000), ("un peu", None), ("-3", None), ("1e99", None)],
)
def test_sizes_are_read_in_either_spelling(
    file: Callable[[str], Distribution], written: str, expected: int | None
) -> None:
    for name in ("byteSize", "bytesSize"):
        assert (
            file(f"<dcat:accessURL>https://x.fr/a</dcat:accessURL><dcat:{name}>{written}</dcat:{name}>").byte_size
            == expected
        )


def test_a_distribution_without_address_is_left_out(one: Callable[[str], Dataset]) -> None:
    assert (
        one(
            "<dcat:distribution><dcat:Distribution><dct:title>Vide</dct:title></dcat:Distribution></dcat:distribution>"
        ).distributions
        == ()
    )


def test_a_file_named_in_place_of_a_distribution_is_one(one: Callable[[str], Dataset]) -> None:
    dataset = one(
        '<dcat:distribution rdf:resource="https://x.fr/a.csv"/><dcat:distribution rdf:resource="https://x.fr/notice/3"/>'
    )
    assert [item.url for item in dataset.distributions] == ["https://x.fr/a.csv"]


def test_an_address_with_spaces_is_kept_as_written(one: Callable[[str], Dataset]) -> None:
    body = '<dcat:distribution><dcat:Distribution><dcat:downloadURL rdf:resource="https://x.fr/mon fichier.csv"/></dcat:Distribution></dcat:distribution>'
    assert one(body).distributions[0].url == "https://x.fr/mon fichier.csv"


@pytest.mark.parametrize("syntax", ["turtle", "n-triples"])
def test_an_invalid_iri_does_not_stop_a_line_syntax(tmp_path: Path, syntax: str) -> None:
    content = (
        "<http://x.fr/a b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .\n"
        '<http://x.fr/a b> <http://purl.org/dc/terms/title> "Jeu" .\n'
        '<http://x.fr/a b> <http://purl.org/dc/terms/description> "d" .\n'
    )
    (dataset,) = _datasets(_graph(content, tmp_path, media_type=SYNTAXES[syntax][1]))
    assert dataset.identifiers == ("http://x.fr/a b",)


def test_stubs_are_no_datasets_but_those_no_catalogue_lists_are(tmp_path: Path) -> None:
    whole = _xml(
        '<dcat:Catalog rdf:about="http://x.fr/"><dcat:dataset><dcat:Dataset rdf:about="http://x.fr/1"><dct:title>Listé</dct:title></dcat:Dataset></dcat:dataset>'
        '<dcat:dataset rdf:resource="http://x.fr/absent"/></dcat:Catalog>'
        '<dcat:Dataset rdf:about="http://x.fr/2"><dct:title>Oublié</dct:title><dct:description>d</dct:description>'
        '<dct:hasPart><dcat:Dataset rdf:about="http://x.fr/3"><dct:title>Cité</dct:title></dcat:Dataset></dct:hasPart></dcat:Dataset>'
        '<dcat:DataService rdf:about="http://x.fr/s"><dct:title>API</dct:title><dcat:servesDataset>'
        '<dcat:Dataset rdf:about="http://x.fr/4"/></dcat:servesDataset></dcat:DataService>'
    )
    graph = _graph(whole, tmp_path)
    assert [dataset.title for dataset in _datasets(graph)] == ["Listé", "Oublié"]
    assert [reason for _, reason in datasets_in(graph)] == ["", "", "service"]


def test_all_the_catalogues_of_a_document_are_read(tmp_path: Path) -> None:
    parts = (
        f'<dcat:Catalog rdf:about="http://x.fr/c{number}"><dct:title>C{number}</dct:title><dcat:dataset><dcat:Dataset>'
        f"<dct:title>Jeu {number}</dct:title></dcat:Dataset></dcat:dataset></dcat:Catalog>"
        for number in (1, 2)
    )
    assert [dataset.title for dataset in _datasets(_graph(_xml("".join(parts)), tmp_path))] == ["Jeu 1", "Jeu 2"]


def test_a_series_is_a_dataset_only_when_it_has_files(tmp_path: Path) -> None:
    kinds = '<rdf:type rdf:resource="http://www.w3.org/ns/dcat#DatasetSeries"/><dct:title>Série</dct:title><dct:identifier>s</dct:identifier>'
    files = "<dcat:distribution><dcat:Distribution><dcat:accessURL>https://x.fr/a.csv</dcat:accessURL></dcat:Distribution></dcat:distribution>"
    member = '<dcat:Dataset rdf:about="http://x.fr/m"><dct:title>M</dct:title><dct:description>d</dct:description><dcat:inSeries rdf:resource="http://x.fr/s"/></dcat:Dataset>'
    for more, expected in (("", ["", "series"]), (files, ["", ""])):
        whole = _xml(f'{member}<dcat:Dataset rdf:about="http://x.fr/s">{kinds}{more}</dcat:Dataset>')
        graph = _graph(whole, tmp_path)
        assert sorted(reason for _, reason in datasets_in(graph)) == expected
        assert next(dataset for dataset in _datasets(graph) if dataset.title == "M").series == "s"


def test_layers_that_share_an_address_keep_ids_of_their_own(one: Callable[[str], Dataset]) -> None:
    layer = "<dcat:distribution><dcat:Distribution><dct:title>{}</dct:title><dct:format>OGC:WMS</dct:format><dcat:accessURL>https://x.fr/ows</dcat:accessURL></dcat:Distribution></dcat:distribution>"
    dataset = one(layer.format("ville:routes") + layer.format("ville:ponts"))
    assert [item.id for item in dataset.distributions] == [
        "https://x.fr/ows#ville:routes",
        "https://x.fr/ows#ville:ponts",
    ]
    assert [item.service for item in dataset.distributions] == [
        ServiceOffer("wms", "ville:routes"),
        ServiceOffer("wms", "ville:ponts"),
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<dcat:accessURL>https://x.fr/ows</dcat:accessURL><dcat:accessService><dcat:DataService><dct:conformsTo rdf:resource="http://www.opengis.net/def/serviceType/ogc/wfs"/></dcat:DataService></dcat:accessService>', ServiceOffer("wfs")),
        ("<dcat:accessService><dcat:DataService><dcat:endpointURL>https://x.fr/wms</dcat:endpointURL></dcat:DataService></dcat:accessService>", ServiceOffer("wms")),
        ('<dct:format rdf:resource="http://publications.europa.eu/resource/authority/file-type/WMS_SRVC"/><dcat:accessURL>https://x.fr/o</dcat:accessURL>', ServiceOffer("wms")),
        ("<dcat:accessURL>https://x.fr/o?SERVICE=WFS&amp;version=2.0.0&amp;typeNames=v:a</dcat:accessURL>", ServiceOffer("wfs", "v:a", version="2.0.0")),
        ("<dcat:accessURL>https://x.fr/arcgis/rest/services/V/FeatureServer/3</dcat:accessURL>", ServiceOffer("esri-rest", "3")),
        ("<dcat:accessURL>https://x.fr/ogc/collections/arbres/items</dcat:accessURL>", ServiceOffer("ogc-api-features", "arbres")),
        ("<dcat:accessURL>https://x.fr/o?service=WFS&amp;request=GetFeature&amp;outputFormat=csv</dcat:accessURL>", None),
        ("<dcat:accessURL>https://x.fr/sources.csv</dcat:accessURL>", None),
    ],
)  # fmt: skip
def test_a_service_is_told_from_a_file(
    file: Callable[[str], Distribution], body: str, expected: ServiceOffer | None
) -> None:
    found = file(body)
    assert (found.service, found.role) == (expected, "api" if expected else "main")


def test_a_licence_said_of_files_only_is_that_of_each_and_of_the_dataset(one: Callable[[str], Dataset]) -> None:
    dataset = one(
        f'<dcat:distribution><dcat:Distribution><dcat:accessURL>https://x.fr/a.csv</dcat:accessURL><dct:license rdf:resource="{LO}"/></dcat:Distribution></dcat:distribution>'
        "<dcat:distribution><dcat:Distribution><dcat:accessURL>https://x.fr/b.csv</dcat:accessURL></dcat:Distribution></dcat:distribution>"
    )
    assert (dataset.license, dataset.license_url) == (LO, LO)
    assert [item.license_url for item in dataset.distributions] == [LO, ""]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f'<dct:license rdf:resource="{LO}"/>', (LO, LO)),
        (f'<dct:license><dct:LicenseDocument rdf:about="{LO}"><rdfs:label>Licence Ouverte 2.0</rdfs:label></dct:LicenseDocument></dct:license>', ("Licence Ouverte 2.0", LO)),
        ("<dct:license><dct:LicenseDocument><dct:title>ODbL</dct:title></dct:LicenseDocument></dct:license>", ("ODbL", "")),
        ("<dct:license>lov2</dct:license>", ("lov2", "")),
        ("<dct:rights><dct:RightsStatement><rdfs:label>Licence Ouverte</rdfs:label></dct:RightsStatement></dct:rights>", ("Licence Ouverte", "")),
        ("<dct:accessRights><dct:RightsStatement><dct:description>Sous licence ODbL</dct:description></dct:RightsStatement></dct:accessRights>", ("Sous licence ODbL", "")),
        ("<dct:accessRights>Réservé aux agents</dct:accessRights>", ("", "")),
        ("<dct:license>copyright</dct:license><dct:license>license</dct:license><dct:license>Licence Ouverte</dct:license>", ("Licence Ouverte", "")),
        ('<dct:license rdf:resource="http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations">no limitations</dct:license><dct:license>Libre</dct:license>', ("Libre", "")),
    ],
)  # fmt: skip
def test_a_licence_is_found_where_the_portal_puts_it(
    one: Callable[[str], Dataset], body: str, expected: tuple[str, str]
) -> None:
    dataset = one(body)
    assert (dataset.license, dataset.license_url) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<dct:temporal><dct:PeriodOfTime><dcat:startDate>2024-01-01</dcat:startDate><dcat:endDate>2024-12-31</dcat:endDate></dct:PeriodOfTime></dct:temporal>", "2024-01-01/2024-12-31"),
        ("<dct:temporal><dct:PeriodOfTime><schema:startDate>2024-01-01</schema:startDate></dct:PeriodOfTime></dct:temporal>", "2024-01-01/"),
        ("<dct:temporal><dct:PeriodOfTime><time:hasBeginning><time:Instant><time:inXSDDate>2024-01-01</time:inXSDDate></time:Instant></time:hasBeginning></dct:PeriodOfTime></dct:temporal>", "2024-01-01/"),
        ("<dct:temporal>2004-11-03T00:00:00\n   /\n 2005-03-30T00:00:00</dct:temporal>", "2004-11-03T00:00:00/2005-03-30T00:00:00"),
        ("<dct:temporal>2012</dct:temporal>", "2012"),
        ("<dct:temporal>start=2011-01-01; end=2012-01-01; scheme=W3C-DTF</dct:temporal>", "2011-01-01/2012-01-01"),
    ],
)  # fmt: skip
def test_a_period_is_read_in_each_form(one: Callable[[str], Dataset], body: str, expected: str) -> None:
    assert one(body).temporal == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("R/P1Y", "annual"), ("P1M", "monthly"), ("R/PT1S", "continuous"), ("R/P0.33W", "threeTimesAWeek"), ("quotidienne", "quotidienne"),
        ("http://purl.org/cld/freq/daily", "http://purl.org/cld/freq/daily"), ("http://x/codelists.xml#asNeeded", "asNeeded"), ("R/P17Y", "R/P17Y"),
    ],
)  # fmt: skip
def test_a_frequency_is_as_declared_and_durations_are_named(written: str, expected: str) -> None:
    assert frequency(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("POLYGON((2 48,3 48,3 49,2 49,2 48))", (2, 48, 3, 49)),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POLYGON((2 48 5, 3 49 6))", (2, 48, 3, 49)),
        ("<http://www.opengis.net/def/crs/EPSG/0/4326> POLYGON((48 2, 49 3))", (2, 48, 3, 49)),
        ("<http://www.opengis.net/def/crs/EPSG/0/4326> POLYGON((2 48, 3 49))", (2, 48, 3, 49)),
        ("<http://www.opengis.net/def/crs/EPSG/0/4326> POLYGON((-22 166, -21 167))", (166, -22, 167, -21)),
        ("<http://www.opengis.net/def/crs/EPSG/0/4326> POLYGON((55.4 -21, 55.5 -20.9))", (55.4, -21, 55.5, -20.9)),
        ("SRID=4326;MULTIPOLYGON(((2 48, 3 49)))", (2, 48, 3, 49)),
        ('{"type":"Polygon","coordinates":[[[2,48],[3,49]]]}', (2, 48, 3, 49)),
        ({"type": "Feature", "geometry": {"type": "Point", "coordinates": [2, 48]}}, (2, 48, 2, 48)),
        ("2,48,3,49", (2, 48, 3, 49)), ("ENVELOPE(2, 3, 49, 48)", (2, 48, 3, 49)),
        ("northlimit=49; southlimit=48; westlimit=2; eastlimit=3", (2, 48, 3, 49)),
        ('<gml:Envelope srsName="http://www.opengis.net/def/crs/OGC/1.3/CRS84"><gml:lowerCorner>2 48</gml:lowerCorner><gml:upperCorner>3 49</gml:upperCorner></gml:Envelope>', (2, 48, 3, 49)),
        ("SRID=2154;POINT(600000 6200000)", None), ("POLYGON((600000 6200000, 600001 6200001))", None), ("wrong wkt", None),
        ('{"type":"Polygon","coordinates":[[[4, NaN]]]}', None), ("Polygon((159 -25, 212 -11))", None), ("[" * 100_000, None), ("3,49,2,48", None), ("", None), (12, None),
    ],
)  # fmt: skip
def test_a_box_is_drawn_from_any_shape_in_degrees(written: Any, expected: Any) -> None:
    assert box(written) == expected


@pytest.mark.parametrize("shape", ["<locn:geometry>{}</locn:geometry>", "<dcat:bbox>{}</dcat:bbox>", "<locn:geometry><gsp:Geometry><gsp:asWKT>{}</gsp:asWKT></gsp:Geometry></locn:geometry>", "<dcat:centroid>{}</dcat:centroid>"])  # fmt: skip
def test_a_place_gives_its_names_and_its_box(one: Callable[[str], Dataset], shape: str) -> None:
    place = f"<dct:spatial><dct:Location><skos:prefLabel>Illzach</skos:prefLabel>{shape.format('POLYGON((2 48, 3 49))')}</dct:Location></dct:spatial>"
    dataset = one(place + '<dct:spatial rdf:resource="http://id.insee.fr/geo/commune/68154"/>')
    assert (dataset.spatial, dataset.bbox) == ("Illzach, http://id.insee.fr/geo/commune/68154", (2, 48, 3, 49))


def test_an_enormous_shape_is_only_kept_as_its_box(one: Callable[[str], Dataset]) -> None:
    points = ", ".join(f"{2 + number / 1e6} 48" for number in range(50_000))
    dataset = one(
        f"<dct:spatial><dct:Location><locn:geometry>LINESTRING({points})</locn:geometry></dct:Location></dct:spatial>"
    )
    assert dataset.bbox == (2, 48, 2.049999, 48)


@pytest.mark.parametrize(
    ("body", "name", "siren"),
    [
        ("<dct:publisher><foaf:Organization><foaf:name>Ville</foaf:name><dct:identifier>21350328700012</dct:identifier></foaf:Organization></dct:publisher>", "Ville", "213503287"),
        ('<dct:publisher><foaf:Agent rdf:about="https://x.fr/siren/213503287"><rdfs:label>Ville</rdfs:label></foaf:Agent></dct:publisher>', "Ville", "213503287"),
        ("<dct:creator>Ville</dct:creator>", "Ville", None),
        ("<dct:publisher><foaf:Person><foaf:name>Jeanne Dupont</foaf:name></foaf:Person></dct:publisher>", "", None),
        ("<dct:publisher><foaf:Person><foaf:name>Jeanne Dupont</foaf:name><org:memberOf><foaf:Organization><foaf:name>Ville</foaf:name></foaf:Organization></org:memberOf></foaf:Person></dct:publisher>", "Ville", None),
        ("<dct:publisher><foaf:Person><foaf:name>Jeanne Dupont</foaf:name></foaf:Person></dct:publisher><dct:creator>Ville</dct:creator>", "Ville", None),
        ("<geodcat:resourceProvider><vcard:Organization><vcard:fn>Ville</vcard:fn></vcard:Organization></geodcat:resourceProvider>", "Ville", None),
        ('<dct:publisher rdf:resource="https://x.fr/org/1"/>', "https://x.fr/org/1", None),
    ],
)  # fmt: skip
def test_a_publisher_is_a_body_never_a_person(
    one: Callable[[str], Dataset], body: str, name: str, siren: str | None
) -> None:
    dataset = one(body)
    assert (dataset.publisher, dataset.publisher_siren) == (name, siren)
    assert "Dupont" not in repr(dataset)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<vcard:Organization><vcard:fn>Jeanne Dupont</vcard:fn><vcard:hasEmail rdf:resource="mailto:opendata@x.fr"/></vcard:Organization>', "opendata@x.fr"),
        ("<vcard:Kind><vcard:hasEmail>mailto: opendata@x.fr</vcard:hasEmail></vcard:Kind>", "opendata@x.fr"),
        ('<vcard:Kind><vcard:hasEmail><rdf:Description><vcard:hasValue rdf:resource="mailto:opendata@x.fr"/></rdf:Description></vcard:hasEmail></vcard:Kind>', "opendata@x.fr"),
        ("<vcard:Kind><vcard:email>opendata@x.fr</vcard:email></vcard:Kind>", "opendata@x.fr"),
        ('<vcard:Kind><vcard:hasEmail>mailto:</vcard:hasEmail><vcard:hasUrl rdf:resource="https://x.fr/contact"/></vcard:Kind>', "https://x.fr/contact"),
        ('<vcard:Individual><vcard:fn>Jeanne Dupont</vcard:fn><vcard:hasEmail rdf:resource="mailto:jeanne.dupont@x.fr"/></vcard:Individual>', ""),
    ],
)  # fmt: skip
def test_a_contact_is_an_address_never_a_person_s(one: Callable[[str], Dataset], body: str, expected: str) -> None:
    dataset = one(f"<dcat:contactPoint>{body}</dcat:contactPoint>")
    assert dataset.contact == expected
    assert "dupont" not in repr(dataset).lower()


def test_every_name_of_a_dataset_is_an_identifier(one: Callable[[str], Dataset]) -> None:
    dataset = one(
        '<dct:identifier>b1</dct:identifier><owl:sameAs rdf:resource="https://autre.fr/b"/><dct:source>https://origine.fr/b</dct:source>'
        "<adms:identifier><adms:Identifier><skos:notation>https://www.data.gouv.fr/datasets/6/</skos:notation></adms:Identifier></adms:identifier>"
    )
    assert dataset.id == "b1"
    assert sorted(dataset.identifiers) == [
        "b1",
        "http://x.fr/1",
        "https://autre.fr/b",
        "https://origine.fr/b",
        "https://www.data.gouv.fr/datasets/6/",
    ]


def test_high_value_data_say_so(one: Callable[[str], Dataset]) -> None:
    dataset = one(
        '<dcatap:applicableLegislation rdf:resource="http://data.europa.eu/eli/reg_impl/2023/138/oj"/><dcatap:hvdCategory rdf:resource="http://data.europa.eu/bna/c_ac64a52d"/>'
    )
    assert dataset.applicable_legislation == ("http://data.europa.eu/eli/reg_impl/2023/138/oj",)
    assert dataset.hvd_categories == ("http://data.europa.eu/bna/c_ac64a52d",)


@pytest.mark.parametrize(
    ("algorithm", "value", "expected"),
    [
        ("http://spdx.org/rdf/terms#checksumAlgorithm_sha256", "ab", "sha256:ab"), ("http://dcat-ap.de/def/hashAlgorithms/sha/256", "ab", "sha256:ab"),
        ("SHA-1", "ab", "sha1:ab"), ("MD5", "ab", "md5:ab"), ("", "0" * 40, "sha1:" + "0" * 40), ("", "ab", ""), ("sha1", "", ""),
    ],
)  # fmt: skip
def test_a_checksum_names_its_algorithm(algorithm: str, value: str, expected: str) -> None:
    assert checksum(algorithm, value) == expected


def test_dates_that_are_slips_of_the_pen_are_unknown() -> None:
    assert (
        values.day("0203-01-01"),
        values.day("2999-01-01"),
        values.day("2024-02-30"),
        values.day("2024-02-03T04:05:06Z"),
    ) == (
        None,
        None,
        None,
        date(2024, 2, 3),
    )


def test_a_record_of_the_catalogue_dates_the_metadata(tmp_path: Path) -> None:
    whole = _xml(
        '<dcat:CatalogRecord rdf:about="https://x.fr/records/uuid-1"><dct:modified>2025-01-02</dct:modified><dct:source rdf:resource="https://origine.fr/notice"/>'
        '<foaf:primaryTopic rdf:resource="http://x.fr/1"/></dcat:CatalogRecord>'
        '<dcat:Dataset rdf:about="http://x.fr/1"><dct:title>Jeu</dct:title><dct:description>d</dct:description></dcat:Dataset>'
    )
    (dataset,) = _datasets(_graph(whole, tmp_path))
    assert (dataset.metadata_modified, dataset.harvested_from) == (date(2025, 1, 2), "https://origine.fr/notice")
    assert "https://x.fr/records/uuid-1" in dataset.identifiers


def test_the_stable_address_of_udata_is_kept_beside_the_file_s(file: Callable[[str], Distribution]) -> None:
    stable = "https://www.data.gouv.fr/api/1/datasets/r/aab4d337-a617-4c18-a045-291d68787a7d"
    found = file(f'<dcat:downloadURL rdf:resource="https://x.fr/a.csv"/><dcat:accessURL rdf:resource="{stable}"/>')
    assert (found.url, found.access_url, found.stable_url) == ("https://x.fr/a.csv", stable, stable)


def test_each_field_of_the_mapping_is_one_of_the_model() -> None:
    fields = {f"dataset.{item.name}" for item in dataclasses.fields(Dataset)} | {
        f"distribution.{item.name}" for item in dataclasses.fields(Distribution)
    }
    assert set(MAPPING) <= fields and dcat.MAPPING is MAPPING


# ---- DCAT-US


def test_a_dcat_us_record_is_read_with_its_licence_in_html_and_its_box() -> None:
    dataset = dcat_us_dataset({
        "@type": "dcat:Dataset", "identifier": "https://www.arcgis.com/home/item.html?id=1&sublayer=5", "title": "Bancs",
        "description": "<p>Les bancs</p>", "keyword": ["banc", "mobilier"], "issued": "2020-01-02T00:00:00.000Z", "modified": "2024-05-06",
        "publisher": {"name": "Ville d'Évian"}, "contactPoint": {"@type": "vcard:Contact", "fn": "Jeanne Dupont", "hasEmail": "mailto:sig@x.fr"},
        "accessLevel": "public", "spatial": "6.5,46.3,6.7,46.5", "landingPage": "https://x.fr/bancs", "temporal": "2020-01-01/2020-12-31",
        "license": '<div>Données sous <a href="https://www.etalab.gouv.fr/licence-ouverte-open-licence">Licence Ouverte</a>, voir <a href="https://x.fr">le site</a></div>',
        "accrualPeriodicity": "R/P1Y", "isPartOf": "serie", "language": ["fr"], "theme": ["geospatial"], "conformsTo": "https://x.fr/norme",
        "distribution": [
            {"title": "Hub", "format": "Web Page", "mediaType": "text/html", "accessURL": "https://x.fr/bancs"},
            {"title": "Service", "format": "ArcGIS GeoService", "mediaType": "application/json", "accessURL": "https://x.fr/arcgis/rest/services/B/FeatureServer/5"},
            {"title": "CSV", "format": "CSV", "mediaType": "text/csv", "downloadURL": "https://x.fr/api/download/v1/items/1/csv?layers=5"},
        ],
    })  # fmt: skip
    assert dataset.license_url == LO and "Licence Ouverte" in dataset.license and "<" not in dataset.license
    assert (dataset.bbox, dataset.spatial) == ((6.5, 46.3, 6.7, 46.5), "")
    assert (dataset.publisher, dataset.contact, dataset.access_rights) == ("Ville d'Évian", "sig@x.fr", "public")
    assert (dataset.frequency, dataset.series, dataset.language, dataset.temporal) == (
        "annual",
        "serie",
        "fr",
        "2020-01-01/2020-12-31",
    )
    assert (dataset.themes, dataset.conforms_to, dataset.landing_page) == (
        ("geospatial",),
        ("https://x.fr/norme",),
        "https://x.fr/bancs",
    )
    assert [item.role for item in dataset.distributions] == ["other", "api", "main"]
    assert dataset.distributions[1].service == ServiceOffer("esri-rest", "5")
    assert [item.asynchronous for item in dataset.distributions] == [False, False, True]
    assert "Dupont" not in repr(dataset)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (LO, (LO, LO)), ("ODbL", ("ODbL", "")), ("", ("", "")),
        ("<p>Les données de la ville sont mises à disposition de tous sous la Licence Ouverte / Open Licence version 2.0 (Etalab), voilà.</p>", ("Licence Ouverte / Open Licence version 2.0", "")),
        ('<a href="https://x.fr/a">a</a> <a href="https://opendatacommons.org/licenses/odbl/">b</a>', ("a b", "https://opendatacommons.org/licenses/odbl/")),
    ],
)  # fmt: skip
def test_a_licence_in_html_gives_its_words_and_its_address(written: str, expected: tuple[str, str]) -> None:
    assert licence(written) == expected


def test_a_repeated_interval_in_place_of_a_date_is_a_frequency() -> None:
    dataset = dcat_us_dataset({"title": "x", "identifier": "1", "modified": "R/P1D"})
    assert (dataset.frequency, dataset.modified) == ("daily", None)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.builds(pow, st.just(10), st.just(5000)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["@id", "@type", "@value", "@list", "title", "name", "distribution", "downloadURL", "fr", "checksum"]), inner, max_size=3),
    max_leaves=10,
)  # fmt: skip
NAMES = ["title", "description", "identifier", "license", "spatial", "temporal", "publisher", "contactPoint", "distribution", "keyword",
         "modified", "theme", "isPartOf", "conformsTo", "accrualPeriodicity", "@id", "@type", "@context", "language", "landingPage"]  # fmt: skip


@settings(max_examples=150)
@given(record=st.dictionaries(st.sampled_from(NAMES), JUNK))
def test_a_dcat_us_record_of_any_shape_is_read(record: dict[str, Any]) -> None:
    assert isinstance(dcat_us_dataset(record), Dataset)


# ---- which syntax


@pytest.mark.parametrize(
    ("start", "media_type", "name", "expected"),
    [
        ('<?xml version="1.0"?>\n<rdf:RDF', "text/plain", "", "xml"), ("<rdf:RDF xmlns:rdf=", "application/octet-stream", "x.ttl", "xml"),
        ("@prefix dcat: <http://www.w3.org/ns/dcat#> .", "text/html", "", "turtle"), ("PREFIX dcat: <x>", "", "", "turtle"),
        ("# bonjour\n@base <x> .", "", "", "turtle"), ("<http://x.fr/1> <http://p> <http://o> .", "", "", "turtle"), ("_:b <http://p> 1 .", "", "", "turtle"),
        ("<http://x.fr/1> <http://p> <http://o> <http://g> .", "", "a.nq", "nquads"), ("@prefix : <x> .", "text/n3", "", "n3"),
        ("[ a dcat:Dataset ] .", "text/turtle", "", "turtle"), ("{ <http://s> <http://p> 1 }", "application/trig", "", "turtle"),
        ('{"@context": {}}', "text/turtle", "", "json"), ("[]", "", "", "json"), ('\ufeff [{"@id"', "", "", "json"),
        ("<!DOCTYPE html><html>", "application/rdf+xml", "catalog.rdf", "html"), ('<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html>', "", "", "html"),
        ("<html lang=fr>", "", "", "html"), ("Bonjour", "", "", ""), ("id;nom\n1;a", "text/csv", "", ""),
    ],
)  # fmt: skip
def test_the_bytes_tell_the_syntax_before_the_server_does(
    start: str, media_type: str, name: str, expected: str
) -> None:
    assert syntax_of(start, media_type, name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"total_count": 1, "results": [{"metas": {"dcat": {"issued": "x"}}}]}', ""), ('{"@context": "https://schema.org", "@type": "Dataset"}', ""),
        ('{"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": []}', "json"), ('{"@type": "dcat:Catalog"}', "json"),
        ('<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"/>', ""), ('<rdf:RDF xmlns:dcat="http://www.w3.org/ns/dcat#">', "xml"),
        ("@prefix dcat: <http://www.w3.org/ns/dcat#> .", "turtle"), ("@prefix foaf: <http://xmlns.com/foaf/0.1/> .", ""),
    ],
)  # fmt: skip
def test_only_rdf_that_speaks_of_dcat_is_a_catalogue(text: str, expected: str) -> None:
    assert is_dcat(text) == expected


# ---- documents that are broken, odd or hostile

CAFE = _xml(
    '<dcat:Dataset rdf:about="http://x.fr/1"><dct:title>Café « né »</dct:title><dct:description>d</dct:description></dcat:Dataset>'
)


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (CAFE.encode("utf-8"), "iso-8859-1"), (CAFE.encode("utf-8-sig"), ""), (CAFE.encode("cp1252"), "utf-8"),
        (CAFE.replace("UTF-8", "ISO-8859-1").encode("iso-8859-1"), ""), (CAFE.replace("UTF-8", "UTF-16").encode("utf-16"), ""),
        (CAFE.replace("UTF-8", "UTF-16").encode("utf-16-le"), ""), (CAFE.replace("UTF-8", "inconnu").encode(), "inconnu-aussi"),
        (CAFE.replace("Café", "Caf\x0bé").encode(), ""),
    ],
)  # fmt: skip
def test_accents_are_read_whatever_the_server_says_of_them(tmp_path: Path, content: bytes, charset: str) -> None:
    assert _datasets(_graph(content, tmp_path, charset=charset))[0].title.replace("Caf é", "Café") == "Café « né »"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("syntax", ["turtle", "json-ld"])
def test_accents_are_read_in_the_other_syntaxes_too(tmp_path: Path, syntax: str, encoding: str) -> None:
    content = document(statements([{"id": "1", "title": ("Café né", "fr")}]), syntax).decode().encode(encoding)
    assert _datasets(_graph(content, tmp_path, media_type=SYNTAXES[syntax][1]))[0].title == "Café né"


def test_a_truncated_document_gives_what_was_whole(tmp_path: Path) -> None:
    records = [
        {"id": str(number), "title": f"Jeu {number}", "files": [{"url": "https://x.fr/a.csv"}]} for number in range(5)
    ]
    for syntax in ("rdf/xml", "turtle", "json-ld"):
        content = document(statements(records), syntax)
        cut = content.index(b"Jeu 3")
        graph = _graph(content[:cut], tmp_path, media_type=SYNTAXES[syntax][1])
        assert graph.broken
        titles = [dataset.title for dataset in _datasets(graph)]
        assert titles[:2] == ["Jeu 0", "Jeu 1"] and set(titles) <= {"Jeu 0", "Jeu 1", "Jeu 2"}, syntax


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE r [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
        '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>',
        f'<!DOCTYPE r [<!ENTITY a "{"x" * 1000}">]>',
    ],
)
def test_entities_that_could_explode_or_reach_out_are_refused(tmp_path: Path, doctype: str) -> None:
    with pytest.raises(UnreadableDocumentError, match="entités"):
        _graph(CAFE.replace("<rdf:RDF", f"{doctype}<rdf:RDF"), tmp_path)


def test_entities_that_only_shorten_namespaces_are_read(tmp_path: Path) -> None:
    whole = CAFE.replace("<rdf:RDF", '<!DOCTYPE rdf:RDF [<!ENTITY x "http://x.fr/">]><rdf:RDF').replace(
        "http://x.fr/1", "&x;1"
    )
    assert _datasets(_graph(whole, tmp_path))[0].identifiers == ("http://x.fr/1",)


@pytest.mark.parametrize(
    "content",
    [
        '{"dataset": ' + "[" * 100_000, "[" * 100_000 + '{"@type": "dcat:Dataset"}', '{"@graph": ' * 5000, '{"@type": "dcat:Dataset", "title": ' + "9" * 10_000 + "}",
        '{"a": "' + "x" * 3_000_000, '{"a" "b"}', "{", '{"@graph": [{"@type": "dcat:Catalog"}, ', '{"a": 1, "a": {"@context": [1, null, {"b": 3}]}}',
    ],
)  # fmt: skip
def test_hostile_json_is_read_or_refused_never_worse(tmp_path: Path, content: str) -> None:
    try:
        graph = _graph(content, tmp_path)
    except UnreadableDocumentError as error:
        assert error.what
    else:
        assert len(_datasets(graph)) <= 1


@pytest.mark.parametrize(
    "content",
    [
        _xml("<a>" * 5000),
        _xml("<dcat:Dataset>" * 1000),
        _xml('<dct:title rdf:parseType="Literal">' + "<b>" * 3000),
        "<rdf:RDF",
        "<?xml",
    ],
)
def test_hostile_xml_is_read_as_far_as_it_goes(tmp_path: Path, content: str) -> None:
    graph = _graph(content, tmp_path)
    assert graph.broken and _datasets(graph) == []


@settings(max_examples=80)
@given(
    content=st.binary(max_size=200),
    start=st.sampled_from(
        [b"@prefix dcat: <http://www.w3.org/ns/dcat#> . ", b"<rdf:RDF ", b'{"@graph": [', b"<http://a> <http://b> "]
    ),
)
def test_no_bytes_make_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, content: bytes, start: bytes) -> None:
    try:
        assert _datasets(_graph(start + content, tmp_path_factory.getbasetemp())) == []
    except UnreadableDocumentError as error:
        assert error.what


def test_markup_in_a_text_keeps_its_words(one: Callable[[str], Dataset]) -> None:
    found = one(
        '<dct:abstract rdf:parseType="Literal"><p>Les <b>arbres</b></p></dct:abstract><dct:temporal rdf:parseType="Resource"><dcat:startDate>2020-01-01</dcat:startDate></dct:temporal><dct:language>fr</dct:language>'
    )
    assert (found.temporal, found.language) == ("2020-01-01/", "fr")


def test_a_node_described_again_and_again_is_told_once(tmp_path: Path) -> None:
    again = "".join(
        f'<dcat:Dataset rdf:about="http://x.fr/{number}"><dct:title>Jeu</dct:title><dct:description>d</dct:description><dct:publisher>'
        '<foaf:Agent rdf:about="http://x.fr/ville"><foaf:name>Ville</foaf:name></foaf:Agent></dct:publisher></dcat:Dataset>'
        for number in range(50)
    )
    graph = _graph(_xml(again), tmp_path)
    assert graph.by_id["http://x.fr/ville"].pairs == ["name", "Ville"]
    assert {dataset.publisher for dataset in _datasets(graph)} == {"Ville"}


def test_a_map_of_languages_gives_the_french_words(tmp_path: Path) -> None:
    value = {
        "@type": "dcat:Dataset",
        "title": {"en": "Set", "fr": "Jeu"},
        "description": {"@value": "d", "@language": "fr"},
        "keyword": {"fr": ["a", "b"]},
    }
    (dataset,) = _datasets(_graph(json.dumps([value]), tmp_path))
    assert (dataset.title, dataset.keywords) == ("Jeu", ("a", "b"))


def test_a_catalogue_in_schema_org_s_words_is_read(tmp_path: Path) -> None:
    value = {
        "@context": "https://schema.org", "@type": "DataCatalog", "name": "C", "dataset": [{
            "@type": "Dataset", "@id": "https://x.fr/1", "name": "Jeu", "url": "https://x.fr/page", "keywords": "eau, gaz", "dateModified": "2024-01-02",
            "license": LO, "creator": {"@type": "Organization", "name": "Ville"}, "temporalCoverage": "2020/2021", "spatialCoverage": {"@type": "Place", "name": "Illzach"},
            "distribution": [{"@type": "DataDownload", "contentUrl": "https://x.fr/a.csv", "encodingFormat": "text/csv"}],
        }],
    }  # fmt: skip
    (dataset,) = _datasets(_graph(json.dumps(value), tmp_path))
    assert (dataset.title, dataset.landing_page, dataset.keywords) == ("Jeu", "https://x.fr/page", ("eau", "gaz"))
    assert (dataset.modified, dataset.license_url, dataset.publisher) == (date(2024, 1, 2), LO, "Ville")
    assert (dataset.temporal, dataset.spatial) == ("2020/2021", "Illzach")
    assert [(item.url, item.media_type) for item in dataset.distributions] == [("https://x.fr/a.csv", "text/csv")]


# ---- over the network

RECORDS = [
    {"id": f"jeu-{number}", "title": f"Jeu {number}", "description": "d", "files": [{"url": f"https://x.fr/{number}.csv", "format": "CSV"}]}
    for number in range(5)
]  # fmt: skip
SPELLINGS = ["view", "view literal", "paged", "paged literal", "link"]


def _ids(catalog: Catalog) -> list[str]:
    return [dataset.id for dataset in catalog.datasets]


ALL = [record["id"] for record in RECORDS]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("syntax", ["rdf/xml", "turtle", "json-ld"])
def test_each_page_is_read_in_each_spelling(fetcher: Fetcher, spelling: str, syntax: str) -> None:
    with serve_dcat(RECORDS, syntax=syntax, paging=Paging(spelling)) as server:
        catalog = DcatSource(server.url).collect(fetcher)
    assert sorted(_ids(catalog)) == ALL and catalog.complete and catalog.faults == ()
    assert catalog.announced == (None if spelling == "link" else 5)
    assert (catalog.source, catalog.place, catalog.title) == ("dcat", "portal", "Catalogue d'Exempleville")
    assert len(server.seen) == 3


@pytest.mark.parametrize("host", ["https://10.0.0.1:8443", "http://ckan.interne", "http://localhost"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_host_that_was_asked_is_kept_whatever_links_say(fetcher: Fetcher, spelling: str, host: str) -> None:
    with serve_dcat(RECORDS, paging=Paging(spelling, host=host)) as server:
        catalog = DcatSource(server.url).collect(fetcher)
    assert sorted(_ids(catalog)) == ALL and catalog.complete


@pytest.mark.parametrize(
    ("current", "written", "expected"),
    [
        ("https://x.fr/catalog.xml", "http://x.fr/catalog.xml?page=2", "https://x.fr/catalog.xml?page=2"),
        ("https://x.fr/catalog.xml", "?page=2", "https://x.fr/catalog.xml?page=2"),
        ("https://x.fr/catalog.xml", "http://10.0.0.3:5000/catalog.xml?page=2", "https://x.fr/catalog.xml?page=2"),
        ("https://x.fr/ckan/catalog.xml", "http://interne/catalog.xml?page=2", "https://x.fr/ckan/catalog.xml?page=2"),
        ("https://x.fr:8080/a/c.ttl?q=1", "https://x.fr/b/d.ttl?page=2", "https://x.fr:8080/b/d.ttl?page=2"),
        ("https://x.fr/catalog.xml", "https://autre.fr/tout.rdf?page=2", ""), ("https://x.fr/catalog.xml", "file:///etc/passwd", ""),
        ("https://x.fr/catalog.xml", "javascript:alert(1)", ""), ("https://x.fr/catalog.xml", "http://[", ""),
    ],
)  # fmt: skip
def test_the_next_page_is_on_the_same_site(current: str, written: str, expected: str) -> None:
    assert following_url(current, written) == expected


@pytest.mark.parametrize("after_last", ["itself", "first", "more"])
def test_pages_that_loop_end_and_nothing_is_missing_when_the_count_is_right(fetcher: Fetcher, after_last: str) -> None:
    with serve_dcat(RECORDS, paging=Paging("view", after_last=after_last)) as server:
        catalog = DcatSource(server.url).collect(fetcher)
    assert sorted(_ids(catalog)) == ALL and catalog.complete
    assert len(server.seen) <= 6


@pytest.mark.parametrize("after_last", ["itself", "first", "more"])
def test_pages_that_loop_without_a_count_are_told(fetcher: Fetcher, after_last: str) -> None:
    with serve_dcat(RECORDS, paging=Paging("link", after_last=after_last)) as server:
        catalog = DcatSource(server.url).collect(fetcher)
    assert sorted(_ids(catalog)) == ALL and not catalog.complete
    assert "tourne en rond" in catalog.faults[0].what and len(server.seen) <= 6


def test_a_count_that_is_not_reached_is_told(fetcher: Fetcher) -> None:
    with serve_dcat(RECORDS, paging=Paging("paged", total=8)) as server:
        catalog = DcatSource(server.url).collect(fetcher)
    assert (len(catalog.datasets), catalog.announced, catalog.complete) == (5, 8, False)
    assert "3 jeux de données annoncés" in catalog.faults[0].what


def test_datasets_listed_but_not_described_are_told(fetcher: Fetcher) -> None:
    body = _xml(
        '<dcat:Catalog rdf:about="http://x.fr/"><dct:title>C</dct:title><dcat:dataset><dcat:Dataset rdf:about="http://x.fr/1"><dct:title>A</dct:title></dcat:Dataset></dcat:dataset>'
        '<dcat:dataset rdf:resource="http://x.fr/2"/></dcat:Catalog>'
    ).encode()
    with serve_dcat(scripted={1: Scripted(body=body)}) as server:
        catalog = DcatSource(server.url).collect(fetcher)
    assert (_ids(catalog), catalog.announced, catalog.complete) == (["http://x.fr/1"], 2, False)


@pytest.mark.parametrize(
    "reply",
    [
        Scripted(500, b"<html>panne</html>", {"Content-Type": "text/html"}), Scripted(404, b""), Scripted(200, b"<!DOCTYPE html><html>Connexion</html>", {"Content-Type": "text/html"}),
        Scripted(200, b""), Scripted(200, b"<rdf:RDF", {"Content-Type": "application/rdf+xml"}), Scripted(429, b"", {"Retry-After": "3600"}),
    ],
)  # fmt: skip
def test_a_page_that_fails_leaves_the_others(fetcher: Fetcher, reply: Scripted) -> None:
    with serve_dcat(RECORDS, paging=Paging("view"), scripted={2: dataclasses.replace(reply, keep=True)}) as server:
        catalog = DcatSource(server.url).collect(fetcher)
    assert sorted(_ids(catalog)) == ALL[:2]
    assert (
        not catalog.complete
        and len(catalog.faults) == 1
        and "panne" not in catalog.faults[0].what.replace("en panne", "")
    )


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Scripted(404, b""), "n'existe pas"), (Scripted(200, b"<!DOCTYPE html><html><title>Bienvenue</title></html>", {"Content-Type": "application/rdf+xml"}), "page web"),
        (Scripted(200, b""), "vide"), (Scripted(200, b"id;nom\n1;a\n", {"Content-Type": "text/csv"}), "n'est pas un catalogue"),
        (Scripted(200, _xml("").encode()), "aucun jeu de données"), (Scripted(200, b'<?xml version="1.0"?><ows:ExceptionReport xmlns:ows="x"/>'), "message d'erreur"),
        (Scripted(200, b'{"error": "x"}'), "aucun jeu de données"), (Scripted(200, b'{"a'), "JSON"),
        (Scripted(200, b'<!DOCTYPE r [<!ENTITY a "&b;">]><rdf:RDF/>'), "entités"),
    ],
)  # fmt: skip
def test_what_is_no_catalogue_at_all_is_said_so(fetcher: Fetcher, reply: Scripted, words: str) -> None:
    with (
        serve_dcat(scripted={1: dataclasses.replace(reply, keep=True)}) as server,
        pytest.raises(SourceError) as raised,
    ):
        DcatSource(server.url).collect(fetcher)
    assert words in raised.value.what and "Bienvenue" not in raised.value.what


def test_an_empty_catalogue_is_one(fetcher: Fetcher) -> None:
    with serve_dcat([]) as server:
        catalog = DcatSource(server.url).collect(fetcher)
    assert (catalog.datasets, catalog.complete) == ((), True)


def test_no_remote_context_is_fetched(fetcher: Fetcher) -> None:
    with serve_dcat() as host:
        value = {
            "@context": [f"{host.base_url}/context.jsonld", "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld"], "type": "Catalog",
            "dataset": [{"id": "http://x.fr/1", "type": "Dataset", "title": "Jeu", "distribution": [{"type": "Distribution", "downloadURL": "fichiers/a.csv"}]}],
        }  # fmt: skip
        with serve_dcat(syntax="json-ld", scripted={1: Scripted(body=json.dumps(value).encode())}) as server:
            catalog = DcatSource(server.url).collect(fetcher)
        assert host.seen == [] and server.seen == ["/catalog.jsonld"]
    (dataset,) = catalog.datasets
    assert (dataset.id, dataset.title) == ("http://x.fr/1", "Jeu")
    assert dataset.distributions[0].url == f"{server.base_url}/fichiers/a.csv"


def test_two_datasets_with_one_identifier_are_both_kept(fetcher: Fetcher) -> None:
    part = '<dcat:Dataset rdf:about="http://x.fr/{0}"><dct:title>Jeu {0}</dct:title><dct:identifier>budget</dct:identifier></dcat:Dataset>'
    blank = "<dcat:Dataset><dct:title>Sans nom</dct:title><dct:description>{}</dct:description></dcat:Dataset>"
    body = _xml(part.format(1) + part.format(2) + blank.format("a") + blank.format("b") + blank.format("b")).encode()
    with serve_dcat(scripted={1: Scripted(body=body)}) as server:
        catalog = DcatSource(server.url).collect(fetcher)
    assert _ids(catalog) == ["budget", "http://x.fr/2", "sans-nom", "sans-nom#2"]


def test_a_catalogue_that_publishes_under_a_siren_says_so(fetcher: Fetcher) -> None:
    body = _xml(
        '<dcat:Catalog rdf:about="http://x.fr/"><dct:title>C</dct:title><dct:publisher><foaf:Organization><foaf:name>Ville</foaf:name>'
        "<dct:identifier>213503287</dct:identifier></foaf:Organization></dct:publisher></dcat:Catalog>"
    ).encode()
    with serve_dcat(scripted={1: Scripted(body=body)}) as server:
        assert DcatSource(server.url).collect(fetcher).publisher_siren == "213503287"


def test_a_key_goes_in_a_header_never_in_the_address(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENDATA_CHECK_KEY_127_0_0_1", "secret-abc")
    with serve_dcat(RECORDS) as server:
        catalog = DcatSource(server.url).collect(fetcher)
    assert len(catalog.datasets) == 5 and not any("secret" in asked for asked in server.seen)


# ---- recognition


def _target(url: str) -> Target:
    return Target(url, None, url, None, DEFAULT_BASE_URL)


@pytest.mark.parametrize(
    "path",
    [
        "export.rdf", "a/b.ttl", "x.jsonld", "x.nt", "x.n3", "x.trig", "catalog.xml", "ckan/catalog.xml?page=2", "data.json", "api/feed/dcat-ap/2.1.1.json",
        "api/explore/v2.1/catalog/exports/dcat?lang=fr", "api/explore/v2.1/catalog/exports/dcat_ap_ch", "data-fair/api/v1/catalog/dcat", "geonetwork/srv/fre/rdf.search?any=x",
        "csw?service=CSW&request=GetRecords&outputSchema=http://www.w3.org/ns/dcat%23", "csw?OUTPUTSCHEMA=http%3A%2F%2Fdata.europa.eu%2F930%2F",
        "api/1/organizations/abc/catalog.xml",
    ],
)  # fmt: skip
def test_an_address_that_asks_for_dcat_is_recognised(path: str) -> None:
    assert dcat.recognise(_target(f"https://x.fr/{path}")) == DcatSource(f"https://x.fr/{path}")


@pytest.mark.parametrize(
    "path",
    ["", "api/feed/dcat-us/1.1.json", "datasets", "catalog.csv", "csw?service=CSW&outputSchema=http://www.isotc211.org/2005/gmd", "api/explore/v2.1/catalog/datasets", "x.rdf/y", "[", "organizations/x/"],
)  # fmt: skip
def test_another_address_is_not(path: str) -> None:
    assert dcat.recognise(_target(f"https://x.fr/{path}")) is None


def _page(url: str, text: str, media_type: str = "text/html", status: int = 200) -> Page:
    return Page(url, url, status, media_type, {}, text)


def test_a_page_that_is_itself_a_catalogue_is_confirmed_without_a_request(fetcher: Fetcher) -> None:
    page = _page("https://x.fr/tout", CAFE, "text/xml")
    assert "RDF/XML" in dcat.hint(page)
    found = dcat.confirm(page, fetcher)
    assert found is not None and found.source == DcatSource("https://x.fr/tout") and "RDF/XML" in found.ground


@pytest.mark.parametrize("kind", ["application/rdf+xml", "text/turtle; charset=utf-8", "application/ld+json"])
def test_the_rdf_version_a_page_announces_is_confirmed(fetcher: Fetcher, kind: str) -> None:
    with serve_dcat(RECORDS) as server:
        page = _page(
            server.base_url + "/", f"<html><LINK href='catalog.rdf?a=1&amp;b=2' type='{kind}' rel='alternate'></html>"
        )
        assert dcat.hint(page)
        found = dcat.confirm(page, fetcher)
        assert found is not None and found.source == DcatSource(f"{server.url}?a=1&b=2")
        assert len(found.source.collect(fetcher).datasets) == 5


@pytest.mark.parametrize(
    "text",
    [
        "<html></html>", "<html><link rel=stylesheet type=text/turtle href=/catalog.rdf></html>", "<html><link rel=alternate type=application/rss+xml href=/catalog.rdf></html>",
        "<html><link rel=alternate type=application/rdf+xml href=/absent.rdf></html>", "<html><link rel=alternate type=application/rdf+xml href='javascript:x'></html>",
        "<html><link rel=alternate type=application/rdf+xml href=/foaf.rdf></html>", '{"dcat": {"issued": 1}}',
    ],
)  # fmt: skip
def test_a_page_without_a_catalogue_behind_it_is_not_confirmed(fetcher: Fetcher, text: str) -> None:
    foaf = Scripted(200, b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>')
    with serve_dcat(RECORDS, files={"/foaf.rdf": foaf}) as server:
        assert dcat.confirm(_page(server.base_url + "/", text), fetcher) is None
        assert len(server.seen) <= 2


def test_a_site_that_does_not_answer_is_not_confirmed() -> None:
    page = _page("http://127.0.0.1:9/", "<link rel=alternate type=text/turtle href=/a.ttl>")
    with open_fetcher(cache_folder=None, allow_private=True, limits=Limits(retries=0)) as fetcher:
        assert dcat.confirm(page, fetcher) is None


def test_the_address_bears_its_name() -> None:
    assert DcatSource("https://www.data.ville.fr/catalog.rdf").label == "catalogue DCAT de data.ville.fr"


def test_an_empty_stream_is_an_empty_text() -> None:
    from opendata_check.sources.reading.rdf.text import CleanText

    assert CleanText(io.BytesIO(b"")).read() == b""
