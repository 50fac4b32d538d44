"""The quality of the data for other programs: W3C's Data Quality Vocabulary over DCAT, in Turtle.

Each check is a metric in the dimension of its axis, measured true or false on what it looked at; nothing is said of
what could not be judged. Each finding to mend or to confirm is an annotation. Scores are measured on the whole.
Source: W3C, « Data on the Web Best Practices: Data Quality Vocabulary » (2016), and DCAT 3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from opendata_check.model.finding import Axis, Finding, Outcome
from opendata_check.model.report import AuditReport
from opendata_check.reports.interface import Layout
from opendata_check.reports.office.phrases import tell
from opendata_check.reports.office.quality import Described, Graph, Thing, graph
from opendata_check.reports.office.turtle import (
    Triple,
    day,
    decimal,
    described,
    iri,
    literal,
    prologue,
    web_address,
    whole,
)
from opendata_check.wording import french_date, word

EXTENSION = "ttl"
SUMMARY = "la qualité en RDF (DQV), pour un catalogue"

_TOOL = "<urn:opendata-check:tool>"
_CATEGORY = "<urn:opendata-check:category:ouverture>"
_MEASURED = {Outcome.COMPLIANT, Outcome.NON_COMPLIANT}
_ANNOTATED = {Outcome.NON_COMPLIANT, Outcome.UNVERIFIABLE, Outcome.ERROR}
_WHOLE = "overall"


def render(report: AuditReport, layout: Layout) -> Iterator[str]:
    """Yield the graph, subject by subject."""
    found = graph(report)
    yield prologue()
    yield from _vocabulary(report)
    yield from _about(report, found)
    yield from _scores(report, found)
    yield from _measured(found.catalog, found.general, found)
    for one in found.datasets:
        yield _dataset(one)
        yield from _measured(one.iri, one.findings, found)
        for file in one.files:
            yield _file(file)
            yield from _measured(file.iri, file.findings, found)


def _name(kind: str, name: str) -> str:
    return iri(f"urn:opendata-check:{kind}:{name}")


def _axis(axis: Axis) -> str:
    return _name("dimension", axis.value)


def _vocabulary(report: AuditReport) -> Iterator[str]:
    """Yield the category, the dimensions and the metrics that this graph uses."""
    yield described(_CATEGORY, [("a", "dqv:Category"), ("skos:prefLabel", literal(tell("quality_category"), "fr"))])
    for axis in Axis:
        yield described(_axis(axis), [
            ("a", "dqv:Dimension"),
            ("skos:prefLabel", literal(word("axes", axis), "fr")),
            ("skos:definition", literal(word("axes", axis, "question"), "fr")),
            ("dqv:inCategory", _CATEGORY),
        ])  # fmt: skip
    for kind in ("score", "confidence"):
        yield _metric(f"{kind}-{_WHOLE}", tell(f"quality_{kind}_overall"), "xsd:decimal")
        for axis in Axis:
            label = tell(f"quality_{kind}", axis=word("axes", axis))
            yield _metric(f"{kind}-{axis.value}", label, "xsd:decimal", axis)
    checks = {finding.check: finding for finding in reversed(report.findings)}
    for check, finding in sorted(checks.items()):
        yield _metric(check, finding.title, "xsd:boolean", finding.axis, tell("quality_check"))


def _metric(name: str, label: str, datatype: str, axis: Axis | None = None, definition: str = "") -> str:
    return described(_name("metric", name), [
        ("a", "dqv:Metric"),
        ("skos:prefLabel", literal(label, "fr")),
        ("skos:definition", literal(definition, "fr") if definition else ""),
        ("dqv:expectedDataType", datatype),
        ("dqv:inDimension", _axis(axis) if axis else ""),
    ])  # fmt: skip


def _about(report: AuditReport, found: Graph) -> Iterator[str]:
    """Yield who measured, when, and the catalogue."""
    body = report.organization
    name, on = body.name if body else "", french_date(report.on)
    yield described(_TOOL, [
        ("a", "prov:SoftwareAgent"),
        ("rdfs:label", literal("opendata-check")),
        ("owl:versionInfo", literal(report.tool_version)),
    ])  # fmt: skip
    title = tell("quality_title", name=name, day=on) if name else tell("quality_nobody", day=on)
    yield described(found.audit, [
        ("a", "prov:Activity"),
        ("rdfs:label", literal(title, "fr")),
        ("dcterms:date", day(report.on)),
        ("prov:wasAssociatedWith", _TOOL),
        ("prov:used", found.catalog),
    ])  # fmt: skip
    of_whom = tell("quality_catalog", name=name) if name else tell("quality_catalog_nobody")
    places = [web_address(catalog.location) for catalog in report.catalogs]
    yield described(found.catalog, [
        ("a", "dcat:Catalog"),
        ("dcterms:title", literal(of_whom, "fr")),
        ("dcterms:spatial", _commune(report)),
        *(("dcat:landingPage", place) for place in dict.fromkeys(places)),
        *(("dcat:dataset", one.iri) for one in found.datasets),
    ])  # fmt: skip


def _commune(report: AuditReport) -> str:
    """Return Insee's own IRI of a commune (rdf.insee.fr), or ""."""
    body = report.organization
    if body is None or body.kind.value != "commune" or not body.insee_code or not body.insee_code.isalnum():
        return ""
    return iri(f"http://id.insee.fr/geo/commune/{body.insee_code}")


def _scores(report: AuditReport, found: Graph) -> Iterator[str]:
    scores = report.scores
    values = [(_WHOLE, scores.overall, scores.confidence)]
    values += [(one.axis.value, one.score, one.confidence) for one in scores.axes]
    for name, score, confidence in values:
        if score is not None:
            yield _measurement(found.catalog, f"score-{name}", decimal(score), found)
        yield _measurement(found.catalog, f"confidence-{name}", decimal(confidence), found)


def _measurement(target: str, metric: str, value: str, found: Graph) -> str:
    name = hashlib.sha256("\0".join((found.audit, target, metric)).encode()).hexdigest()[:16]
    return described(_name("measurement", name), [
        ("a", "dqv:QualityMeasurement"),
        ("dqv:isMeasurementOf", _name("metric", metric)),
        ("dqv:computedOn", target),
        ("dqv:value", value),
        ("prov:wasGeneratedBy", found.audit),
    ])  # fmt: skip


def _measured(target: str, findings: Sequence[Finding], found: Graph) -> Iterator[str]:
    """Yield one measurement a check (true when no finding is at fault) and one annotation a finding to act on."""
    answers: dict[str, bool] = {}
    for finding in findings:
        if finding.outcome in _MEASURED:
            good = finding.outcome is Outcome.COMPLIANT
            answers[finding.check] = answers.get(finding.check, True) and good
    for check, good in answers.items():
        yield _measurement(target, check, f'"{str(good).lower()}"^^xsd:boolean', found)
    for finding in findings:
        if finding.outcome in _ANNOTATED:
            yield _annotation(target, finding, found)


def _annotation(target: str, finding: Finding, found: Graph) -> str:
    words = " ".join(filter(None, (finding.message or finding.title, finding.remedy)))
    return described(_name("annotation", finding.fingerprint), [
        ("a", "dqv:QualityAnnotation"),
        ("oa:motivatedBy", "dqv:qualityAssessment"),
        ("oa:hasTarget", target),
        ("oa:hasBody", f"[ a oa:TextualBody ; rdf:value {literal(words, 'fr')} ]"),
        ("skos:prefLabel", literal(finding.title, "fr")),
        ("dqv:inDimension", _axis(finding.axis)),
        ("rdfs:seeAlso", _name("metric", finding.check)),
        ("prov:wasGeneratedBy", found.audit),
    ])  # fmt: skip


def _dataset(one: Described) -> str:
    dataset = one.item.dataset
    _, licence = dataset.stated_license
    triples: list[Triple] = [
        ("a", "dcat:Dataset"),
        ("dcterms:title", literal(dataset.title)),
        ("dcterms:identifier", literal(one.item.key)),
        ("dcat:landingPage", one.page),
        ("dcterms:license", web_address(licence)),
        ("dcterms:issued", day(dataset.issued) if dataset.issued else ""),
        ("dcterms:modified", day(dataset.modified) if dataset.modified else ""),
        *(("dcat:distribution", file.iri) for file in one.files),
    ]
    return described(one.iri, triples)


def _file(file: Thing) -> str:
    return described(file.iri, [
        ("a", "dcat:Distribution"),
        ("dcterms:title", literal(file.title)),
        ("dcat:downloadURL", file.address),
        ("dcat:byteSize", whole(file.byte_size) if file.byte_size is not None else ""),
    ])  # fmt: skip
