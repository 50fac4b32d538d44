"""The quality graph, read by two parsers: terms that exist, values of the right type, IRIs that hold whatever comes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pyoxigraph
import pytest
import rdflib
import report_samples as samples
from hypothesis import given
from hypothesis import strategies as st
from rdflib.compare import to_isomorphic
from test_reports_formats import HOSTILE, poisoned

from opendata_check import reports
from opendata_check.model.catalog import Distribution
from opendata_check.model.finding import Axis, Outcome
from opendata_check.model.report import AuditReport
from opendata_check.reports.office.turtle import described, iri, literal, prologue, web_address

DQV = rdflib.Namespace("http://www.w3.org/ns/dqv#")
OA = rdflib.Namespace("http://www.w3.org/ns/oa#")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
DCTERMS = rdflib.Namespace("http://purl.org/dc/terms/")
PROV = rdflib.Namespace("http://www.w3.org/ns/prov#")
RDF = rdflib.Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
SKOS = rdflib.Namespace("http://www.w3.org/2004/02/skos/core#")
XSD = rdflib.Namespace("http://www.w3.org/2001/XMLSchema#")

# Terms as their own specifications list them.
TERMS = {
    # W3C Working Group Note, « Data Quality Vocabulary », 15 December 2016, section 4 (www.w3.org/TR/vocab-dqv/).
    str(DQV): {"Category", "Dimension", "Metric", "QualityAnnotation", "QualityCertificate", "QualityMeasurement",
               "QualityMeasurementDataset", "QualityMetadata", "QualityPolicy", "UserQualityFeedback", "computedOn",
               "expectedDataType", "hasQualityAnnotation", "hasQualityMeasurement", "hasQualityMetadata", "inCategory",
               "inDimension", "isMeasurementOf", "precision", "qualityAssessment", "value"},
    # W3C Recommendation, « DCAT 3 », 22 August 2024, section 6 (www.w3.org/TR/vocab-dcat-3/).
    str(DCAT): {"Catalog", "Dataset", "Distribution", "DataService", "accessURL", "byteSize", "dataset",
                "distribution", "downloadURL", "landingPage", "mediaType"},
    # W3C Recommendation, « Web Annotation Vocabulary », 23 February 2017, section 2 (www.w3.org/TR/annotation-vocab/).
    str(OA): {"TextualBody", "hasBody", "hasTarget", "motivatedBy"},
    # W3C Recommendation, « PROV-O », 30 April 2013, section 3 (www.w3.org/TR/prov-o/).
    str(PROV): {"Activity", "SoftwareAgent", "used", "wasAssociatedWith", "wasGeneratedBy"},
    # W3C Recommendation, « SKOS Reference », 18 August 2009, annex B (www.w3.org/TR/skos-reference/).
    str(SKOS): {"prefLabel", "definition"},
    # DCMI Metadata Terms, section 2 (www.dublincore.org/specifications/dublin-core/dcmi-terms/).
    str(DCTERMS): {"date", "identifier", "issued", "license", "modified", "spatial", "title"},
    # RDF Schema 1.1, RDF 1.1 and OWL 2 (www.w3.org/TR/rdf-schema/, www.w3.org/TR/owl2-quick-reference/).
    "http://www.w3.org/2000/01/rdf-schema#": {"label", "seeAlso"},
    str(RDF): {"type", "value"},
    "http://www.w3.org/2002/07/owl#": {"versionInfo"},
}  # fmt: skip


def graph(report: AuditReport) -> rdflib.Graph:
    """Return the graph once two parsers agree on it, triple by triple."""
    text = reports.render(report, "dqv")
    read = rdflib.Graph().parse(data=text, format="turtle")
    again = pyoxigraph.serialize(
        pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.TURTLE), format=pyoxigraph.RdfFormat.N_TRIPLES
    )
    assert again is not None
    assert to_isomorphic(rdflib.Graph().parse(data=again, format="nt")) == to_isomorphic(read)
    return read


def published(**changes: object) -> AuditReport:
    """Return a report whose first dataset stands on a portal."""
    report = samples.bound_commune()
    first = report.datasets[0]
    url = str(changes.pop("url", "https://portail.example/files/adresses.csv"))
    distribution = replace(first.dataset.distributions[0], path=None, url=url, byte_size=12)
    data = replace(first.dataset, distributions=(distribution,), landing_page="https://portail.example/adresses",
                   modified=date(2026, 3, 4))  # fmt: skip
    data = replace(data, **changes)  # type: ignore[arg-type]
    item = replace(first, dataset=data, files=(replace(first.files[0], distribution=distribution),))
    return replace(report, datasets=(item, *report.datasets[1:]))


@pytest.mark.parametrize("name", samples.ALL)
def test_every_term_exists_in_its_vocabulary(name: str) -> None:
    used = {str(node) for triple in graph(samples.ALL[name]()) for node in triple if isinstance(node, rdflib.URIRef)}
    for term in used:
        for space, known in TERMS.items():
            if term.startswith(space):
                assert term.removeprefix(space) in known
    properties = {str(predicate) for predicate in graph(samples.ALL[name]()).predicates()}
    assert all(any(one.startswith(space) for space in TERMS) for one in properties)


def test_scores_are_measured_on_the_catalogue() -> None:
    report = samples.bound_commune()
    read = graph(report)
    (catalog,) = read.subjects(RDF.type, DCAT.Catalog)
    values = {
        str(read.value(one, DQV.isMeasurementOf)).rsplit(":", 1)[-1]: read.value(one, DQV.value)
        for one in read.subjects(DQV.computedOn, catalog)
    }
    assert float(values["score-overall"]) == pytest.approx(58.4)
    assert values["score-overall"].datatype == XSD.decimal
    for axis in report.scores.axes:
        if axis.score is not None:
            assert float(values[f"score-{axis.axis.value}"]) == pytest.approx(axis.score)
        assert float(values[f"confidence-{axis.axis.value}"]) == pytest.approx(axis.confidence)


def test_what_could_not_be_scored_has_no_score() -> None:
    metrics = {str(one) for one in graph(samples.nobody()).objects(None, DQV.isMeasurementOf)}
    assert not [one for one in metrics if "score" in one]


def test_each_measurement_is_whole() -> None:
    read = graph(samples.bound_commune())
    measurements = set(read.subjects(RDF.type, DQV.QualityMeasurement))
    assert measurements
    for one in measurements:
        metric = read.value(one, DQV.isMeasurementOf)
        assert (metric, RDF.type, DQV.Metric) in read
        assert read.value(metric, DQV.expectedDataType) == read.value(one, DQV.value).datatype
        assert read.value(one, DQV.computedOn) is not None
        activity = read.value(one, PROV.wasGeneratedBy)
        assert read.value(activity, DCTERMS.date) == rdflib.Literal("2026-11-23", datatype=XSD.date)
    assert all(count == 1 for count in Counter(read.subjects(DQV.value)).values())


def test_metrics_stand_in_the_dimension_of_their_axis_with_french_labels() -> None:
    read = graph(samples.bound_commune())
    dimensions = set(read.subjects(RDF.type, DQV.Dimension))
    assert len(dimensions) == len(Axis)
    for one in (*dimensions, *read.subjects(RDF.type, DQV.Metric)):
        assert read.value(one, SKOS.prefLabel).language == "fr"
    metric = rdflib.URIRef("urn:opendata-check:metric:licence-indiquee")
    assert read.value(metric, DQV.inDimension) == rdflib.URIRef("urn:opendata-check:dimension:reusable")


def test_one_fault_makes_the_check_false_and_leaves_an_annotation() -> None:
    report = samples.bound_commune()
    read = graph(report)
    metric = rdflib.URIRef("urn:opendata-check:metric:valeurs-conformes")
    values = [read.value(one, DQV.value) for one in read.subjects(DQV.isMeasurementOf, metric)]
    assert [value.toPython() for value in values] == [False]
    asked = [f for f in report.findings if f.outcome in {Outcome.NON_COMPLIANT, Outcome.UNVERIFIABLE, Outcome.ERROR}]
    assert len(set(read.subjects(RDF.type, DQV.QualityAnnotation))) == len({f.fingerprint for f in asked})
    for one in read.subjects(RDF.type, DQV.QualityAnnotation):
        assert (one, OA.motivatedBy, DQV.qualityAssessment) in read
        body = read.value(read.value(one, OA.hasBody), RDF.value)
        assert body.language == "fr"
        target = read.value(one, OA.hasTarget)
        assert set(read.objects(target, RDF.type)) <= {DCAT.Dataset, DCAT.Distribution, DCAT.Catalog}


def test_a_published_dataset_bears_its_own_address() -> None:
    read = graph(published())
    dataset = rdflib.URIRef("https://portail.example/adresses")
    file = rdflib.URIRef("https://portail.example/files/adresses.csv")
    assert (dataset, RDF.type, DCAT.Dataset) in read
    assert (dataset, DCAT.distribution, file) in read
    assert (file, DCAT.downloadURL, file) in read
    assert read.value(file, DCAT.byteSize).datatype == XSD.nonNegativeInteger
    assert read.value(dataset, DCTERMS.modified) == rdflib.Literal("2026-03-04", datatype=XSD.date)
    assert list(read.subjects(DQV.computedOn, file)) or list(read.subjects(OA.hasTarget, file))


def test_an_address_that_two_datasets_share_names_neither() -> None:
    report = samples.bound_commune()
    home = "https://portail.example/"
    items = tuple(replace(item, dataset=replace(item.dataset, landing_page=home)) for item in report.datasets)
    read = graph(replace(report, datasets=items))
    assert (rdflib.URIRef(home), RDF.type, DCAT.Dataset) not in read
    assert len(set(read.subjects(RDF.type, DCAT.Dataset))) == len(items)


def test_two_files_alike_are_told_apart() -> None:
    twin = Distribution(id="a.csv", title="a.csv", url="https://portail.example/a.csv")
    read = graph(published(distributions=(twin, twin)))
    assert len(set(read.subjects(RDF.type, DCAT.Distribution))) == len(samples.bound_commune().datasets) + 1


@pytest.mark.parametrize("url", [
    "https://a b.example/x", "javascript:alert(1)", "https://", "https://user:secret@portail.example/x",
    "https://a.example\\@b.example/", "data:text/plain,x", "https://[::1", "/etc/passwd", "ftp://a.example/x",
    "https://a.example/coup…",
])  # fmt: skip
def test_an_odd_address_names_nothing(url: str) -> None:
    assert web_address(url) == ""
    read = graph(published(url=url))
    assert "secret" not in reports.render(published(url=url), "dqv")
    assert len(set(read.subjects(RDF.type, DCAT.Distribution))) == len(samples.bound_commune().datasets)


@pytest.mark.parametrize(("url", "kept"), [
    ("https://a.example/données 2026.csv", "<https://a.example/donn%C3%A9es%202026.csv>"),
    ("https://a.example/x>y<z\"{}|\\^`", "<https://a.example/x%3Ey%3Cz%22%7B%7D%7C%5C%5E%60>"),
    ("https://a.example/%C3%A9%zz?a=1&b=[2]#x", "<https://a.example/%C3%A9%25zz?a=1&b=%5B2%5D#x>"),
    ("https://mairie-été.example/", "<https://xn--mairie-t-f1ae.example/>"),
])  # fmt: skip
def test_an_address_is_written_as_an_iri(url: str, kept: str) -> None:
    assert web_address(url).startswith(kept[:20])
    if "été" not in url:
        assert web_address(url) == kept
    pyoxigraph.NamedNode(web_address(url)[1:-1])


@pytest.mark.parametrize("words", (*HOSTILE, '"""', "\\", '\\" . <a> <b> <c> .', "a\nb\r\t", "<>", "@prefix x: <y> ."))
def test_hostile_words_add_no_triple(words: str) -> None:
    read = graph(poisoned(words))
    plain = graph(poisoned("mot"))
    assert Counter(read.predicates()) == Counter(plain.predicates())
    assert not [one for one in read.subjects() if "mechant" in str(one)]


@given(st.text(max_size=80).filter(lambda text: "\x00" not in text))
def test_literals_are_read_back_as_written(text: str) -> None:
    turtle = prologue() + described("<urn:a>", [("rdfs:label", literal(text, "fr"))])
    (triple,) = pyoxigraph.parse(turtle.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    assert isinstance(triple.object, pyoxigraph.Literal)
    assert (triple.object.value, triple.object.language) == (text, "fr")
    (label,) = rdflib.Graph().parse(data=turtle, format="turtle").objects()
    assert label.value == text or "\r" in text


@given(st.text(max_size=60))
def test_whatever_the_words_an_iri_is_one(text: str) -> None:
    (triple,) = pyoxigraph.parse(
        f"{iri('urn:x:' + text)} <urn:b> <urn:c> .".encode(), format=pyoxigraph.RdfFormat.TURTLE
    )
    assert isinstance(triple.subject, pyoxigraph.NamedNode)


def test_the_same_report_gives_the_same_graph_wherever_it_is() -> None:
    assert reports.render(samples.partial(), "dqv") == reports.render(samples.partial(), "dqv")
    assert "/srv/" not in reports.render(samples.bound_commune(), "dqv")
