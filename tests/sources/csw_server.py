"""A real local server that speaks CSW 2.0.2 and 3.0 as catalogues do, faults included, and writes ISO records for tests.

    with serve_csw([iso_record(1), iso_service(2, ["jeu-0001"])]) as server:
        server.url  # …/geonetwork/srv/fre/csw

``Traits`` holds what catalogues do wrong. Records are (identifier, XML) pairs; ``generated(n)`` writes n of them.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

GMD = "http://www.isotc211.org/2005/gmd"
MDB = "http://standards.iso.org/iso/19115/-3/mdb/2.0"
CSW = "http://www.opengis.net/cat/csw/2.0.2"
CSW3 = "http://www.opengis.net/cat/csw/3.0"
_NAMESPACES = (
    f'xmlns:gmd="{GMD}" xmlns:gco="http://www.isotc211.org/2005/gco" xmlns:gmx="http://www.isotc211.org/2005/gmx" '
    'xmlns:srv="http://www.isotc211.org/2005/srv" xmlns:gml="http://www.opengis.net/gml" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"'
)
Record = tuple[str, str]


@dataclass(frozen=True)
class Traits:
    """How the catalogue behaves: everything right by default."""

    cap: int = 100
    """Records per answer, at most."""
    following: str = "right"
    """nextRecord: ``right``, ``absent``, ``zero`` (always), ``negative``, ``beyond`` (matched + 1 at the end),
    ``jump`` (passes over ten records), ``nonsense``."""
    matched: str = "right"
    """numberOfRecordsMatched: ``right``, ``absent``, ``huge``, ``negative``."""
    past_the_end: str = "empty"
    """``empty`` or ``exception``."""
    repeats: bool = False
    """startPosition is ignored."""
    shuffles: bool = False
    """Without a sort, each page is drawn from another order."""
    refuses: frozenset[str] = frozenset()
    """Parts refused: ``post``, ``apiso:identifier``, ``dc:identifier``, ``sort``, ``types``, ``gmd``, ``mdb``, ``2.0.2``."""
    error_status: int = 200
    broken: frozenset[int] = frozenset()
    """Positions of the records that make any page that holds them fail."""
    truncates: frozenset[int] = frozenset()
    """Positions at which the answer is cut."""
    ows: str = "1.0"
    """Version of the exception reports: ``1.0`` (ows), ``1.1``, ``2.0``."""
    title: str = "Catalogue de test"
    software: str = ""
    """What a comment at the top of the answers says (pycsw writes its version there)."""
    schemas: tuple[str, ...] = (GMD, CSW)


@dataclass
class CswServer:
    """The server as tests see it."""

    url: str
    base_url: str
    seen: list[str]
    """One line per request: verb, operation, and for GetRecords start, size, sort, schema and types."""
    bodies: list[str]


@dataclass
class _Catalogue:
    records: list[Record]
    traits: Traits
    scripted: dict[str, bytes]
    url: str = ""
    seen: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    draw: random.Random = field(default_factory=lambda: random.Random(7))


class _RefusedError(Exception):
    def __init__(self, code: str, locator: str, text: str = "") -> None:
        super().__init__(text)
        self.code, self.locator, self.text = code, locator, text or f"Invalid value for {locator}"


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _asked_by_post(body: bytes) -> dict[str, str]:
    root = ElementTree.fromstring(body)
    asked = {name.lower(): value for name, value in root.attrib.items()} | {"request": _local(root.tag)}
    for element in root.iter():
        name = _local(element.tag)
        if name == "Query":
            asked["typenames"] = element.get("typeNames", "")
        elif name == "CqlText":
            asked["constraint"] = element.text or ""
        elif name == "Literal":
            asked["like"] = element.text or ""
        elif name in ("PropertyName", "ValueReference") and "like" not in asked and "sort" in str(asked.get("_in", "")):
            asked["sortby"] = element.text or ""
        asked["_in"] = "sort" if name in ("SortBy", "SortProperty") else str(asked.get("_in", ""))
    return asked


def _check(catalogue: _Catalogue, asked: Mapping[str, str], by_post: bool) -> None:
    refuses = catalogue.traits.refuses
    sort = asked.get("sortby", "").removesuffix(":A")
    if by_post and "post" in refuses:
        raise _RefusedError("NoApplicableCode", "", "POST is not supported")
    if asked.get("version") in refuses:
        raise _RefusedError("VersionNegotiationFailed", "version")
    if sort and (sort in refuses or "sort" in refuses):
        raise _RefusedError("NoApplicableCode", "", f"Invalid SortBy PropertyName: {sort}")
    if asked.get("typenames", "").startswith("gmd") and "types" in refuses:
        raise _RefusedError("InvalidParameterValue", "typenames")
    schema = asked.get("outputschema", CSW)
    if {GMD: "gmd", MDB: "mdb"}.get(schema, "") in refuses:
        raise _RefusedError("InvalidParameterValue", "outputschema")


def _kept(catalogue: _Catalogue, asked: Mapping[str, str]) -> list[tuple[int, Record]]:
    records = list(enumerate(catalogue.records, start=1))
    words = asked.get("like", "").strip("%") or "".join(
        re.findall(r"AnyText like '%(.*)%'", asked.get("constraint", ""))
    )
    if words:
        return [(number, record) for number, record in records if words.replace("''", "'") in record[1]]
    return records


def _records(catalogue: _Catalogue, asked: Mapping[str, str]) -> bytes:
    traits = catalogue.traits
    found = _kept(catalogue, asked)
    if traits.shuffles and not asked.get("sortby"):
        catalogue.draw.shuffle(found)
    start, most = int(asked.get("startposition", "1")), int(asked.get("maxrecords", "10"))
    total = len(found)
    if start > total > 0 and traits.past_the_end == "exception":
        raise _RefusedError("InvalidParameterValue", "startPosition")
    first = 0 if traits.repeats else start - 1
    page = found[first : first + min(most, traits.cap)]
    if {number for number, _ in page} & traits.broken:
        raise _RefusedError("NoApplicableCode", "", "java.lang.NullPointerException")
    end = first + len(page)
    following = {
        "right": end + 1 if end < total else 0,
        "absent": None,
        "zero": 0,
        "negative": -1,
        "beyond": end + 1,
        "jump": end + 11 if end < total else 0,
        "nonsense": "soon",
    }[traits.following]
    matched = {"right": total, "absent": None, "huge": 10**8, "negative": -5}[traits.matched]
    attributes = "".join(
        f' {name}="{value}"'
        for name, value in (
            ("numberOfRecordsMatched", matched),
            ("numberOfRecordsReturned", len(page)),
            ("nextRecord", following),
        )
        if value is not None
    )
    comment = f"<!-- {traits.software} -->\n" if traits.software else ""
    version = asked.get("version", "2.0.2")
    namespace = CSW3 if version.startswith("3") else CSW
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{comment}<csw:GetRecordsResponse xmlns:csw="{namespace}" '
        f'version="{version}"><csw:SearchStatus timestamp="2026-01-01T00:00:00Z"/>'
        f'<csw:SearchResults{attributes} elementSet="full">{"".join(xml for _, (_, xml) in page)}</csw:SearchResults>'
        "</csw:GetRecordsResponse>"
    ).encode()
    cut = {number for number, _ in page} & traits.truncates
    if cut:
        marker = next(xml for number, (_, xml) in page if number in cut).encode()
        body = body[: body.index(marker) + len(marker) // 2]
    return body


def _capabilities(catalogue: _Catalogue) -> bytes:
    schemas = "".join(f"<ows:Value>{schema}</ows:Value>" for schema in catalogue.traits.schemas)
    return (
        f'<csw:Capabilities xmlns:csw="{CSW}" xmlns:ows="http://www.opengis.net/ows" version="2.0.2">'
        f"<ows:ServiceIdentification><ows:Title>{escape(catalogue.traits.title)}</ows:Title>"
        "<ows:ServiceType>CSW</ows:ServiceType></ows:ServiceIdentification>"
        '<ows:OperationsMetadata><ows:Operation name="GetRecords"><ows:Parameter name="outputSchema">'
        f"{schemas}</ows:Parameter></ows:Operation></ows:OperationsMetadata></csw:Capabilities>"
    ).encode()


def _by_id(catalogue: _Catalogue, asked: Mapping[str, str]) -> bytes:
    found = "".join(xml for identifier, xml in catalogue.records if identifier == asked.get("id"))
    return f'<csw:GetRecordByIdResponse xmlns:csw="{CSW}">{found}</csw:GetRecordByIdResponse>'.encode()


def exception_report(code: str, locator: str, text: str, ows: str = "1.0") -> bytes:
    """Return an ExceptionReport as the three versions of OWS write it."""
    namespace = {"1.0": "http://www.opengis.net/ows", "1.1": "http://www.opengis.net/ows/1.1"}.get(
        ows, "http://www.opengis.net/ows/2.0"
    )
    where = f" locator={quoteattr(locator)}" if locator else ""
    return (
        f'<?xml version="1.0"?><ows:ExceptionReport xmlns:ows="{namespace}" version="1.2.0">'
        f"<ows:Exception exceptionCode={quoteattr(code)}{where}><ows:ExceptionText>{escape(text)}</ows:ExceptionText>"
        "</ows:Exception></ows:ExceptionReport>"
    ).encode()


def _handler(catalogue: _Catalogue) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "catalogue-de-test"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._answer(parts.path, {name.lower(): value for name, value in parse_qsl(parts.query)}, False)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            catalogue.bodies.append(body.decode())
            self._answer(urlsplit(self.path).path, _asked_by_post(body), True)

        def _answer(self, path: str, asked: dict[str, str], by_post: bool) -> None:
            operation = asked.get("request", "")
            line = f"{self.command} {operation or path}"
            if operation == "GetRecords":
                keys = ("startposition", "maxrecords", "sortby", "outputschema", "typenames")
                line += " " + " ".join(asked.get(key, "") or "-" for key in keys)
            catalogue.seen.append(line)
            if path in catalogue.scripted:
                self._send(200, catalogue.scripted[path], "text/html")
                return
            if not path.endswith("/csw"):
                self._send(404, b"<html>404</html>", "text/html")
                return
            if by_post and "405" in catalogue.traits.refuses:
                self._send(405, b"<html>no</html>", "text/html")
                return
            try:
                if operation in ("GetRecords", "GetRecordById"):
                    _check(catalogue, asked, by_post)
                answers = {"GetRecords": _records, "GetRecordById": _by_id}
                body = answers[operation](catalogue, asked) if operation in answers else _capabilities(catalogue)
                self._send(200, body, "application/xml")
            except _RefusedError as error:
                report = exception_report(error.code, error.locator, error.text, catalogue.traits.ows)
                self._send(catalogue.traits.error_status, report, "application/xml")

        def _send(self, status: int, body: bytes, media_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@contextmanager
def serve_csw(
    records: Iterable[Record] = (), traits: Traits | None = None, *, scripted: Mapping[str, bytes] | None = None
) -> Iterator[CswServer]:
    """Serve a catalogue on 127.0.0.1 until the block ends. ``scripted`` gives the bodies of other paths."""
    catalogue = _Catalogue(list(records), traits or Traits(), dict(scripted or {}))

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), _handler(catalogue))
    base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield CswServer(f"{base}/geonetwork/srv/fre/csw", base, catalogue.seen, catalogue.bodies)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def text_property(name: str, value: str, prefix: str = "gmd") -> str:
    """Return a property that holds a text, or nothing when there is none."""
    if not value:
        return ""
    return f"<{prefix}:{name}><gco:CharacterString>{escape(value)}</gco:CharacterString></{prefix}:{name}>"


def anchor_property(name: str, value: str, href: str) -> str:
    """Return a property that holds an anchor."""
    return f"<gmd:{name}><gmx:Anchor xlink:href={quoteattr(href)}>{escape(value)}</gmx:Anchor></gmd:{name}>"


def code_property(name: str, kind: str, value: str) -> str:
    """Return a property that holds a code of a list."""
    return f'<gmd:{name}><gmd:{kind} codeList="x" codeListValue={quoteattr(value)}/></gmd:{name}>' if value else ""


def party(name: str, role: str, email: str = "", person: str = "", tag: str = "pointOfContact") -> str:
    """Return a responsible party: an organization, a person, or both."""
    address = text_property("electronicMailAddress", email)
    contact = (
        f"<gmd:contactInfo><gmd:CI_Contact><gmd:address><gmd:CI_Address>{address}</gmd:CI_Address></gmd:address>"
        "</gmd:CI_Contact></gmd:contactInfo>"
        if email
        else ""
    )
    return (
        f"<gmd:{tag}><gmd:CI_ResponsibleParty>{text_property('individualName', person)}"
        f"{text_property('organisationName', name)}{contact}{code_property('role', 'CI_RoleCode', role)}"
        f"</gmd:CI_ResponsibleParty></gmd:{tag}>"
    )


def dated(day: str, kind: str) -> str:
    """Return a date of a citation."""
    return (
        f"<gmd:date><gmd:CI_Date><gmd:date><gco:Date>{day}</gco:Date></gmd:date>"
        f"{code_property('dateType', 'CI_DateTypeCode', kind)}</gmd:CI_Date></gmd:date>"
    )


def legal(*, access: str = "", use: str = "", others: str = "", limitation: str = "") -> str:
    """Return a block of legal constraints; ``others`` is XML."""
    return (
        f"<gmd:resourceConstraints><gmd:MD_LegalConstraints>{text_property('useLimitation', limitation)}"
        f"{code_property('accessConstraints', 'MD_RestrictionCode', access)}"
        f"{code_property('useConstraints', 'MD_RestrictionCode', use)}{others}"
        "</gmd:MD_LegalConstraints></gmd:resourceConstraints>"
    )


def online(url: str, protocol: str = "", name: str = "", function: str = "", description: str = "") -> str:
    """Return an onLine resource."""
    return (
        f"<gmd:onLine><gmd:CI_OnlineResource><gmd:linkage><gmd:URL>{escape(url)}</gmd:URL></gmd:linkage>"
        f"{text_property('protocol', protocol)}{text_property('name', name)}{text_property('description', description)}"
        f"{code_property('function', 'CI_OnLineFunctionCode', function)}</gmd:CI_OnlineResource></gmd:onLine>"
    )


def transfer(*links: str, megabytes: str = "") -> str:
    """Return a block of transfer options."""
    size = f"<gmd:transferSize><gco:Real>{megabytes}</gco:Real></gmd:transferSize>" if megabytes else ""
    return (
        f"<gmd:transferOptions><gmd:MD_DigitalTransferOptions>{size}{''.join(links)}"
        "</gmd:MD_DigitalTransferOptions></gmd:transferOptions>"
    )


def keywords(words: Iterable[str], thesaurus: str = "", kind: str = "theme") -> str:
    """Return a block of keywords, from a thesaurus when one is named."""
    cited = (
        f"<gmd:thesaurusName><gmd:CI_Citation>{text_property('title', thesaurus)}{dated('2008-06-01', 'publication')}"
        "</gmd:CI_Citation></gmd:thesaurusName>"
        if thesaurus
        else ""
    )
    return (
        f"<gmd:descriptiveKeywords><gmd:MD_Keywords>{''.join(text_property('keyword', word) for word in words)}"
        f"{code_property('type', 'MD_KeywordTypeCode', kind)}{cited}</gmd:MD_Keywords></gmd:descriptiveKeywords>"
    )


def conformity(title: str, passed: str) -> str:
    """Return a report of conformity: ``true``, ``false``, or "" when it was not evaluated."""
    result = (
        f"<gmd:pass><gco:Boolean>{passed}</gco:Boolean></gmd:pass>" if passed else '<gmd:pass gco:nilReason="unknown"/>'
    )
    return (
        "<gmd:report><gmd:DQ_DomainConsistency><gmd:result><gmd:DQ_ConformanceResult><gmd:specification>"
        f"<gmd:CI_Citation>{text_property('title', title)}</gmd:CI_Citation></gmd:specification>{result}"
        "</gmd:DQ_ConformanceResult></gmd:result></gmd:DQ_DomainConsistency></gmd:report>"
    )


BOX = (
    "<gmd:extent><gmd:EX_Extent><gmd:description><gco:CharacterString>Exempleville</gco:CharacterString></gmd:description>"
    "<gmd:geographicElement><gmd:EX_GeographicBoundingBox>"
    "<gmd:westBoundLongitude><gco:Decimal>7.29</gco:Decimal></gmd:westBoundLongitude>"
    "<gmd:eastBoundLongitude><gco:Decimal>7.36</gco:Decimal></gmd:eastBoundLongitude>"
    "<gmd:southBoundLatitude><gco:Decimal>47.72</gco:Decimal></gmd:southBoundLatitude>"
    "<gmd:northBoundLatitude><gco:Decimal>47.78</gco:Decimal></gmd:northBoundLatitude>"
    "</gmd:EX_GeographicBoundingBox></gmd:geographicElement><gmd:temporalElement><gmd:EX_TemporalExtent><gmd:extent>"
    '<gml:TimePeriod gml:id="t1"><gml:beginPosition>2020-01-01</gml:beginPosition>'
    "<gml:endPosition>2024-12-31</gml:endPosition></gml:TimePeriod></gmd:extent></gmd:EX_TemporalExtent>"
    "</gmd:temporalElement></gmd:EX_Extent></gmd:extent>"
)
LICENCE = anchor_property(
    "otherConstraints",
    "Licence Ouverte 2.0 (Etalab)",
    "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf",
)
NO_LIMIT = anchor_property(
    "otherConstraints",
    "Pas de restriction d'accès public selon INSPIRE",
    "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations",
)


def iso_record(number: int, **parts: Any) -> Record:
    """Return a whole, sound ISO 19139 record of a dataset; ``parts`` replace what it is made of.

    ``id``, ``title``, ``level``, ``abstract``, ``contact``, ``points``, ``dates``, ``stamp``, ``constraints``, ``links``,
    ``format``, ``keywords``, ``quality``, ``parent``, ``language``, ``more`` (XML at the end of the identification).
    """
    identifier = parts.get("id", f"jeu-{number:04d}")
    title = parts.get("title", f"Jeu de données {number:04d}")
    points = parts.get("points", party("Ville d'Exempleville", "owner", "sig@exempleville.fr"))
    found = (
        f"<gmd:citation><gmd:CI_Citation>{text_property('title', title)}"
        f"{parts.get('dates', dated('2020-02-03', 'publication') + dated('2024-05-06', 'revision'))}"
        f"<gmd:identifier><gmd:MD_Identifier>{text_property('code', f'https://exempleville.fr/id/{identifier}')}"
        "</gmd:MD_Identifier></gmd:identifier></gmd:CI_Citation></gmd:citation>"
        f"{text_property('abstract', parts.get('abstract', f'Ce jeu décrit le thème {number} de la commune.'))}{points}"
        "<gmd:resourceMaintenance><gmd:MD_MaintenanceInformation>"
        f"{code_property('maintenanceAndUpdateFrequency', 'MD_MaintenanceFrequencyCode', 'annually')}"
        "</gmd:MD_MaintenanceInformation></gmd:resourceMaintenance>"
        + parts.get(
            "keywords",
            keywords(["urbanisme", "commune"]) + keywords(["Usage des sols"], "GEMET - INSPIRE themes, version 1.0"),
        )
        + parts.get(
            "constraints",
            legal(access="otherRestrictions", others=NO_LIMIT) + legal(use="license", others=LICENCE),
        )
        + "<gmd:spatialResolution><gmd:MD_Resolution><gmd:equivalentScale><gmd:MD_RepresentativeFraction><gmd:denominator>"
        "<gco:Integer>1000</gco:Integer></gmd:denominator></gmd:MD_RepresentativeFraction></gmd:equivalentScale>"
        "</gmd:MD_Resolution></gmd:spatialResolution>"
        f"{code_property('language', 'LanguageCode', 'fre')}"
        "<gmd:topicCategory><gmd:MD_TopicCategoryCode>planningCadastre</gmd:MD_TopicCategoryCode></gmd:topicCategory>"
        f"{BOX}{parts.get('more', '')}"
    )
    data = f"https://exempleville.fr/donnees/{identifier}"
    links = parts.get(
        "links",
        transfer(online(f"{data}.zip", "WWW:DOWNLOAD-1.0-http--download", "Données", "download"), megabytes="1.5")
        + transfer(online("https://exempleville.fr/geoserver/wfs", "OGC:WFS", f"ville:{identifier}")),
    )
    quality = parts.get(
        "quality",
        conformity("Règlement (UE) n° 1089/2010", "true")
        + f"<gmd:lineage><gmd:LI_Lineage>{text_property('statement', 'Relevé sur le terrain.')}</gmd:LI_Lineage></gmd:lineage>",
    )
    xml = (
        f"<gmd:MD_Metadata {_NAMESPACES}>{text_property('fileIdentifier', identifier)}"
        f"{code_property('language', 'LanguageCode', parts.get('language', 'fre'))}"
        f"{text_property('parentIdentifier', parts.get('parent', ''))}"
        f"{code_property('hierarchyLevel', 'MD_ScopeCode', parts.get('level', 'dataset'))}"
        f"{parts.get('contact', party('Service SIG', 'pointOfContact', 'sig@exempleville.fr', tag='contact'))}"
        f"<gmd:dateStamp><gco:Date>{parts.get('stamp', '2025-01-15')}</gco:Date></gmd:dateStamp>"
        "<gmd:referenceSystemInfo><gmd:MD_ReferenceSystem><gmd:referenceSystemIdentifier><gmd:RS_Identifier>"
        f"{text_property('code', '2154')}{text_property('codeSpace', 'EPSG')}</gmd:RS_Identifier>"
        "</gmd:referenceSystemIdentifier></gmd:MD_ReferenceSystem></gmd:referenceSystemInfo>"
        f"<gmd:identificationInfo><gmd:MD_DataIdentification>{found}</gmd:MD_DataIdentification></gmd:identificationInfo>"
        "<gmd:distributionInfo><gmd:MD_Distribution><gmd:distributionFormat><gmd:MD_Format>"
        f"{text_property('name', parts.get('format', 'Shapefile'))}{text_property('version', '1.0')}"
        f"</gmd:MD_Format></gmd:distributionFormat>{links}</gmd:MD_Distribution></gmd:distributionInfo>"
        "<gmd:dataQualityInfo><gmd:DQ_DataQuality><gmd:scope><gmd:DQ_Scope>"
        f"{code_property('level', 'MD_ScopeCode', 'dataset')}</gmd:DQ_Scope></gmd:scope>{quality}</gmd:DQ_DataQuality>"
        "</gmd:dataQualityInfo></gmd:MD_Metadata>"
    )
    return identifier, xml


def iso_service(number: int, serves: Iterable[str], **parts: Any) -> Record:
    """Return the ISO 19139 record of a service that operates on the datasets ``serves`` names."""
    identifier = parts.get("id", f"service-{number:04d}")
    url = parts.get("url", "https://exempleville.fr/geoserver/wms")
    link = "https://exempleville.fr/csw?service=CSW&amp;request=GetRecordById&amp;id={0}#{0}"
    operates = "".join(f'<srv:operatesOn uuidref="{known}" xlink:href="{link.format(known)}"/>' for known in serves)
    by_link = "".join(f'<srv:operatesOn xlink:href="{link.format(known)}"/>' for known in parts.get("by_link", ()))
    coupled = "".join(
        "<srv:coupledResource><srv:SV_CoupledResource><srv:operationName><gco:CharacterString>GetMap</gco:CharacterString>"
        f"</srv:operationName>{text_property('identifier', known, 'srv')}<gco:ScopedName>ville:{known}</gco:ScopedName>"
        "</srv:SV_CoupledResource></srv:coupledResource>"
        for known in serves
    )
    xml = (
        f"<gmd:MD_Metadata {_NAMESPACES}>{text_property('fileIdentifier', identifier)}"
        f"{code_property('language', 'LanguageCode', 'fre')}{code_property('hierarchyLevel', 'MD_ScopeCode', 'service')}"
        f"{party('Service SIG', 'pointOfContact', 'sig@exempleville.fr', tag='contact')}"
        "<gmd:dateStamp><gco:Date>2025-01-15</gco:Date></gmd:dateStamp>"
        "<gmd:identificationInfo><srv:SV_ServiceIdentification>"
        f"<gmd:citation><gmd:CI_Citation>{text_property('title', f'Service de consultation {number}')}"
        f"{dated('2021-01-01', 'publication')}</gmd:CI_Citation></gmd:citation>{text_property('abstract', 'Un service.')}"
        f"<srv:serviceType><gco:LocalName>{parts.get('type', 'view')}</gco:LocalName></srv:serviceType>{coupled}"
        '<srv:couplingType><srv:SV_CouplingType codeList="x" codeListValue="tight"/></srv:couplingType>'
        "<srv:containsOperations><srv:SV_OperationMetadata><srv:operationName><gco:CharacterString>GetCapabilities"
        '</gco:CharacterString></srv:operationName><srv:DCP><srv:DCPList codeList="x" codeListValue="WebServices"/></srv:DCP>'
        f"<srv:connectPoint><gmd:CI_OnlineResource><gmd:linkage><gmd:URL>{escape(url)}</gmd:URL></gmd:linkage>"
        "</gmd:CI_OnlineResource></srv:connectPoint></srv:SV_OperationMetadata></srv:containsOperations>"
        f"{operates}{by_link}</srv:SV_ServiceIdentification></gmd:identificationInfo>"
        "<gmd:distributionInfo><gmd:MD_Distribution>"
        f"{transfer(online(url, parts.get('protocol', 'OGC:WMS'), 'Consultation'))}"
        "</gmd:MD_Distribution></gmd:distributionInfo></gmd:MD_Metadata>"
    )
    return identifier, xml


def generated(count: int) -> list[Record]:
    """Return ``count`` sound records."""
    return [iso_record(number) for number in range(1, count + 1)]
