"""ISO 19139 and 19115-3 records as datasets: what we wrote, what was recorded, and what is hostile."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from csw_server import (
    LICENCE,
    NO_LIMIT,
    anchor_property,
    conformity,
    dated,
    iso_record,
    iso_service,
    keywords,
    legal,
    online,
    party,
    text_property,
    transfer,
)
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.model.catalog import Dataset, Inspire, ServiceOffer
from opendata_check.sources.csw import MAPPING
from opendata_check.sources.reading import xml_safe
from opendata_check.sources.reading.csw import record as csw_record
from opendata_check.sources.reading.iso import record as iso
from opendata_check.sources.reading.iso.service import attached, service_of
from opendata_check.sources.reading.xml_safe import Element, XmlRefused, pieces

RECORDINGS = (
    "csw_geobretagne_mdmetadata.xml",
    "geo-ide_single-dataset.xml",
    "geoide-iso19139-single-dataset.xml",
    "geonetwork-iso19139-page-1.xml",
    "geonetwork-iso19139-page-3.xml",
    "geonetwork-iso19139-page-5.xml",
    "inspire-getrecords-response.xml",
    "iso_xml_srv.xml",
)


def _element(xml: str) -> Element:
    found = xml_safe.parse(xml.encode())
    assert found is not None
    return found


def _dataset(number: int = 1, **parts: Any) -> Dataset:
    return iso.dataset_of(_element(iso_record(number, **parts)[1]))


def _inspire(dataset: Dataset) -> Inspire:
    assert dataset.inspire is not None
    return dataset.inspire


def test_a_sound_record_gives_every_field_it_has() -> None:
    dataset = _dataset(7, parent="serie-1")
    assert (dataset.id, dataset.title) == ("jeu-0007", "Jeu de données 0007")
    assert dataset.description == "Ce jeu décrit le thème 7 de la commune."
    assert (dataset.issued, dataset.modified) == (date(2020, 2, 3), date(2024, 5, 6))
    assert (dataset.metadata_modified, dataset.frequency) == (date(2025, 1, 15), "annually")
    assert (dataset.keywords, dataset.themes) == (("urbanisme", "commune"), ("Usage des sols", "planningCadastre"))
    assert (dataset.spatial, dataset.temporal) == ("Exempleville", "2020-01-01/2024-12-31")
    assert dataset.bbox == (7.29, 47.72, 7.36, 47.78)
    assert (dataset.publisher, dataset.contact) == ("Ville d'Exempleville", "sig@exempleville.fr")
    assert dataset.license == "Licence Ouverte 2.0 (Etalab)"
    assert dataset.license_url.endswith("ETALAB-Licence-Ouverte-v2.0.pdf")
    assert dataset.access_rights == "Pas de restriction d'accès public selon INSPIRE"
    assert (dataset.series, dataset.language) == ("serie-1", "fre")
    assert dataset.identifiers == ("https://exempleville.fr/id/jeu-0007",)
    assert dataset.conforms_to == ("Règlement (UE) n° 1089/2010",)
    facts = _inspire(dataset)
    assert (facts.hierarchy_level, facts.themes, facts.topic_categories) == (
        "dataset",
        ("Usage des sols",),
        ("planningCadastre",),
    )
    assert facts.conformity == (("Règlement (UE) n° 1089/2010", True),)
    assert (facts.lineage, facts.reference_systems) == ("Relevé sur le terrain.", ("EPSG:2154",))
    assert (facts.language, facts.metadata_language, facts.spatial_resolution) == ("fre", "fre", "1:1000")
    assert facts.access_constraints == ("otherRestrictions", "Pas de restriction d'accès public selon INSPIRE")
    assert facts.use_constraints == ("license", "Licence Ouverte 2.0 (Etalab)")
    assert facts.metadata_contact and facts.missing == ()
    download, service = dataset.distributions
    assert (download.role, download.declared_format, download.byte_size) == ("main", "shapefile", 1_500_000)
    assert service.service == ServiceOffer("wfs", "ville:jeu-0007")
    assert (service.role, service.declared_format) == ("api", "wfs")


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"title": ""}, "title"),
        ({"abstract": ""}, "abstract"),
        ({"level": ""}, "hierarchyLevel"),
        ({"keywords": keywords(["urbanisme"])}, "descriptiveKeywords"),
        ({"dates": ""}, ""),
        ({"quality": conformity("R", "true")}, "lineage"),
        ({"quality": ""}, "DQ_ConformanceResult"),
        ({"constraints": legal(access="otherRestrictions", others=NO_LIMIT)}, "useConstraints"),
        ({"constraints": legal(use="license", others=LICENCE)}, "accessConstraints"),
        ({"points": party("Ville", "owner")}, "pointOfContact"),
        ({"contact": ""}, "contact"),
        ({"stamp": ""}, "dateStamp"),
        ({"language": ""}, "language"),
    ],
)
def test_what_inspire_makes_mandatory_is_missed(change: dict[str, str], missing: str) -> None:
    found = _inspire(_dataset(1, **change)).missing
    assert missing in found if missing else found == ()


def test_a_table_without_geography_owes_nothing_to_inspire() -> None:
    assert _inspire(_dataset(1, level="nonGeographicDataset", quality="", keywords="")).missing == ()


@pytest.mark.parametrize(
    ("constraints", "licence", "url", "access"),
    [
        (
            legal(access="otherRestrictions", use="otherRestrictions", others=NO_LIMIT + LICENCE),
            "Licence Ouverte 2.0 (Etalab)",
            "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf",
            "Pas de restriction d'accès public selon INSPIRE",
        ),
        (legal(access="otherRestrictions", others=NO_LIMIT), "", "", "Pas de restriction d'accès public selon INSPIRE"),
        (
            legal(limitation="Licence Ouverte 1.0 http://www.data.gouv.fr/Licence-Ouverte-Open-Licence."),
            "Licence Ouverte 1.0 http://www.data.gouv.fr/Licence-Ouverte-Open-Licence.",
            "http://www.data.gouv.fr/Licence-Ouverte-Open-Licence",
            "",
        ),
        (
            legal(use="copyright", others=text_property("otherConstraints", "Usage libre, citer la source.")),
            "Usage libre, citer la source.",
            "",
            "",
        ),
        (
            legal(
                limitation="Aucun des articles de la loi ne peut être invoqué pour justifier d'une restriction d'accès public."
            ),
            "",
            "",
            "",
        ),
        (
            legal(
                access="license", others=anchor_property("otherConstraints", "", "https://spdx.org/licenses/CC-BY-4.0")
            ),
            "https://spdx.org/licenses/CC-BY-4.0",
            "https://spdx.org/licenses/CC-BY-4.0",
            "license",
        ),
        (
            legal(
                use="otherRestrictions",
                others=anchor_property(
                    "otherConstraints",
                    "Aucune condition ne s'applique",
                    "http://inspire.ec.europa.eu/metadata-codelist/ConditionsApplyingToAccessAndUse/noConditionsApply",
                ),
            )
            + legal(limitation="ODbL 1.0"),
            "ODbL 1.0",
            "",
            "",
        ),
        (legal(access="restricted"), "", "", "restricted"),
        (
            legal(
                limitation="Les données sont fournies telles quelles. " * 20
                + "Elles sont sous Licence Ouverte 2.0. Fin."
            ),
            "Elles sont sous Licence Ouverte 2.0",
            "",
            "",
        ),
        ("", "", "", ""),
    ],
)
def test_the_licence_is_found_among_the_constraints(constraints: str, licence: str, url: str, access: str) -> None:
    dataset = _dataset(1, constraints=constraints)
    assert (dataset.license, dataset.license_url, dataset.access_rights) == (licence, url, access)


def test_a_person_alone_is_never_kept() -> None:
    alone = party("", "owner", "marie.durand@exempleville.fr", "Marie Durand")
    dataset = _dataset(1, points=alone, contact=party("", "owner", "m.durand@example.fr", "Marie Durand", "contact"))
    assert (dataset.publisher, dataset.contact) == ("", "")
    assert not _inspire(dataset).metadata_contact
    assert "durand" not in repr(dataset).lower()


def test_an_organization_s_address_is_kept_but_not_a_person_s_own() -> None:
    own = party("Ville", "owner", "marie.durand@exempleville.fr", "Marie Durand")
    dataset = _dataset(1, points=own + party("Service SIG", "custodian", "sig@exempleville.fr", "Marie Durand"))
    assert (dataset.publisher, dataset.contact) == ("Ville", "sig@exempleville.fr")
    assert "durand" not in repr(dataset).lower()


def test_the_role_says_who_publishes() -> None:
    points = (
        party("Région", "pointOfContact", "a@b.fr") + party("Ville", "publisher", "c@d.fr") + party("IGN", "author")
    )
    dataset = _dataset(1, points=points)
    assert (dataset.publisher, dataset.contact) == ("Ville", "a@b.fr")


@pytest.mark.parametrize(
    ("days", "issued", "modified"),
    [
        (dated("2019-04-05", "creation"), date(2019, 4, 5), None),
        (dated("2019-04-05", "creation") + dated("2020-01-01", "publication"), date(2020, 1, 1), None),
        (dated("2021-01-01", "revision") + dated("2023-01-01", "revision"), None, date(2023, 1, 1)),
        (dated("0203-01-01", "publication"), None, None),
        (dated("9999-12-31", "revision"), None, None),
        (dated("2019", "publication"), None, None),
        (dated("n'importe quoi", "publication"), None, None),
    ],
)
def test_dates_are_read_by_their_type(days: str, issued: date | None, modified: date | None) -> None:
    dataset = _dataset(1, dates=days)
    assert (dataset.issued, dataset.modified) == (issued, modified)


@pytest.mark.parametrize(
    ("link", "role", "service"),
    [
        (online("https://x.fr/a.zip", "WWW:DOWNLOAD-1.0-http--download"), "main", None),
        (online("https://x.fr/get?id=1", "WWW:LINK-1.0-http--link", "Télécharger le lot"), "main", None),
        (online("https://x.fr/a.csv", "WWW:LINK-1.0-http--link"), "main", None),
        (online("https://x.fr/notice.pdf", "WWW:LINK-1.0-http--link"), "documentation", None),
        (online("https://x.fr/page", "WWW:LINK-1.0-http--link", "Page", "information"), "documentation", None),
        (online("https://x.fr/page", "WWW:LINK-1.0-http--link", "Commande", "order"), "other", None),
        (online("https://x.fr/srv/fre/catalog.search#/metadata/jeu-1", "WWW:DOWNLOAD-1.0-http--download"), "documentation", None),
        (online("https://x.fr/wms", "OGC:WMS", "plu"), "api", ("wms", "plu", "")),
        (online("https://x.fr/ows?service=WMS&request=GetCapabilities&layers=a,b"), "api", ("wms", "a,b", "")),
        (online("https://x.fr/wmts", "OGC:WMTS-1.0.0-http-get-capabilities", "ortho"), "api", ("wmts", "ortho", "1.0.0")),
        (online("https://x.fr/ows?service=WFS&version=2.0.0&typenames=v:plu", "OGC:WFS", "PLU de la ville"), "api", ("wfs", "v:plu", "2.0.0")),
        (online("https://x.fr/wfs?request=GetFeature&typename=plu&outputFormat=csv", "OGC:WFS-1.0.0-http-get-feature"), "main", ("wfs", "plu", "1.0.0")),
        (online("https://x.fr/flux", "atom", "Flux"), "api", ("atom", "", "")),
        (online("https://data.geopf.fr/telechargement/resource/RPG"), "api", ("atom", "", "")),
        (online("https://x.fr/ogc/features/collections/plu", "OGC API Features", "Le PLU"), "api", ("ogc-api-features", "plu", "")),
        (online("https://x.fr/arcgis/rest/services/v/FeatureServer/3", "ESRI:REST"), "api", ("esri-rest", "3", "")),
        (online("https://x.fr/arcgis/rest/services/v/MapServer"), "api", ("esri-rest", "", "")),
        (online("https://x.fr/wxs?map=/m/a.map", "", "URL des services wms/wfs"), "api", ("wfs", "", "")),
    ],
)  # fmt: skip
def test_a_link_is_a_file_a_service_or_an_explanation(
    link: str, role: str, service: tuple[str, str, str] | None
) -> None:
    (found,) = _dataset(1, links=transfer(link)).distributions
    assert found.role == role
    own = found.service
    assert (own and (own.protocol, own.layer, own.version)) == service


def test_thumbnails_and_addresses_that_are_not_of_the_web_are_left_out() -> None:
    links = transfer(
        online("https://x.fr/vignette.png", "WWW:LINK-1.0-http--image-thumbnail"),
        online("file:///S/donnees/a.shp", "FILE:GEO"),
        online("serveur/partage"),
        online("https://x.fr/a.zip"),
    )
    assert [found.url for found in _dataset(1, links=links).distributions] == ["https://x.fr/a.zip"]


def test_a_size_is_that_of_an_only_link_and_a_format_that_of_an_only_format() -> None:
    several = transfer(online("https://x.fr/a.zip"), online("https://x.fr/b.zip"), megabytes="3")
    assert [found.byte_size for found in _dataset(1, links=several).distributions] == [None, None]
    assert (
        _dataset(1, links=transfer(online("https://x.fr/a.zip"), megabytes="0.5")).distributions[0].byte_size == 500_000
    )
    assert _dataset(1, format="").distributions[0].declared_format == ""


def test_the_theme_of_an_anchor_is_an_inspire_theme() -> None:
    words = keywords([]).replace(
        "<gmd:MD_Keywords>",
        "<gmd:MD_Keywords>" + anchor_property("keyword", "Adresses", "http://inspire.ec.europa.eu/theme/ad"),
    )
    assert _inspire(_dataset(1, keywords=words)).themes == ("Adresses",)


def test_high_value_datasets_are_told() -> None:
    words = keywords([]).replace(
        "<gmd:MD_Keywords>",
        "<gmd:MD_Keywords>"
        + anchor_property("keyword", "Géospatial", "http://data.europa.eu/bna/c_ac64a52d")
        + anchor_property("keyword", "HVD", "http://data.europa.eu/eli/reg_impl/2023/138/oj"),
    )
    dataset = _dataset(1, keywords=words)
    assert dataset.hvd_categories == ("http://data.europa.eu/bna/c_ac64a52d",)
    assert dataset.applicable_legislation == ("http://data.europa.eu/eli/reg_impl/2023/138/oj",)


@pytest.mark.parametrize(
    ("written", "passed"), [("true", True), ("false", False), ("", None), ("1", True), ("?", None)]
)
def test_conformity_is_told_as_it_is_written(written: str, passed: bool | None) -> None:
    dataset = _dataset(1, quality=conformity("R", written))
    assert _inspire(dataset).conformity == (("R", passed),)
    assert dataset.conforms_to == (("R",) if passed else ())


def test_french_words_are_preferred_in_a_record_of_another_language() -> None:
    free = (
        "<gmd:title><gco:CharacterString>Roads</gco:CharacterString><gmd:PT_FreeText><gmd:textGroup>"
        '<gmd:LocalisedCharacterString locale="#FR">Routes</gmd:LocalisedCharacterString></gmd:textGroup></gmd:PT_FreeText></gmd:title>'
    )
    locale = (
        '<gmd:locale><gmd:PT_Locale id="FR"><gmd:languageCode><gmd:LanguageCode codeListValue="fre"/></gmd:languageCode>'
        "</gmd:PT_Locale></gmd:locale>"
    )
    xml = iso_record(1, language="eng", title="X")[1].replace(text_property("title", "X"), free)
    xml = xml.replace("<gmd:referenceSystemInfo>", f"{locale}<gmd:referenceSystemInfo>")
    assert iso.dataset_of(_element(xml)).title == "Routes"
    assert iso.dataset_of(_element(xml.replace('"eng"', '"fre"'))).title == "Roads"


def test_a_record_without_identifier_keeps_a_steady_one() -> None:
    xml = iso_record(1)[1].replace(text_property("fileIdentifier", "jeu-0001"), "")
    first = iso.dataset_of(_element(xml))
    assert first.id == "https://exempleville.fr/id/jeu-0001"
    bare = re.sub("<gmd:identifier>.*?</gmd:identifier>", "", xml)
    assert iso.dataset_of(_element(bare)).id == iso.dataset_of(_element(bare)).id != first.id


# 19115-3


def _iso3(level: str = "dataset") -> str:
    def said(name: str, value: str) -> str:
        return f"<{name}><gco:CharacterString>{value}</gco:CharacterString></{name}>"

    def code(name: str, kind: str, value: str) -> str:
        return f'<{name}><{kind} codeList="x" codeListValue="{value}"/></{name}>'

    def cited(day: str, kind: str) -> str:
        return f"<cit:date><cit:CI_Date><cit:date><gco:Date>{day}</gco:Date></cit:date>{code('cit:dateType', 'cit:CI_DateTypeCode', kind)}</cit:CI_Date></cit:date>"

    def body(role: str, name: str, email: str) -> str:
        return (
            f"<cit:CI_Responsibility>{code('cit:role', 'cit:CI_RoleCode', role)}<cit:party><cit:CI_Organisation>"
            f"{said('cit:name', name)}<cit:contactInfo><cit:CI_Contact><cit:address><cit:CI_Address>"
            f"{said('cit:electronicMailAddress', email)}</cit:CI_Address></cit:address></cit:CI_Contact></cit:contactInfo>"
            f"<cit:partyIdentifier><mcc:MD_Identifier>{said('mcc:code', '21670482500019')}</mcc:MD_Identifier></cit:partyIdentifier>"
            "</cit:CI_Organisation></cit:party><cit:party><cit:CI_Individual>"
            f"{said('cit:name', 'Marie Durand')}</cit:CI_Individual></cit:party></cit:CI_Responsibility>"
        )

    names = ("mdb", "cit", "mri", "mrl", "mcc", "mco", "mrd", "mrs", "mmi", "lan", "gex", "mdq")
    spaces = " ".join(f'xmlns:{name}="http://standards.iso.org/iso/19115/-3/{name}/2.0"' for name in names)
    return (
        f'<mdb:MD_Metadata {spaces} xmlns:gco="http://standards.iso.org/iso/19115/-3/gco/1.0" '
        'xmlns:gcx="http://standards.iso.org/iso/19115/-3/gcx/1.0" xmlns:gml="http://www.opengis.net/gml/3.2" '
        'xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<mdb:metadataIdentifier><mcc:MD_Identifier>{said('mcc:code', 'jeu-3')}</mcc:MD_Identifier></mdb:metadataIdentifier>"
        f"<mdb:defaultLocale><lan:PT_Locale>{code('lan:language', 'lan:LanguageCode', 'fre')}</lan:PT_Locale></mdb:defaultLocale>"
        '<mdb:parentMetadata uuidref="serie-3"/>'
        f"<mdb:metadataScope><mdb:MD_MetadataScope>{code('mdb:resourceScope', 'mcc:MD_ScopeCode', level)}</mdb:MD_MetadataScope></mdb:metadataScope>"
        f"<mdb:contact>{body('pointOfContact', 'Service SIG', 'sig@exempleville.fr')}</mdb:contact>"
        f"<mdb:dateInfo><cit:CI_Date><cit:date><gco:DateTime>2025-01-15T10:00:00</gco:DateTime></cit:date>{code('cit:dateType', 'cit:CI_DateTypeCode', 'revision')}</cit:CI_Date></mdb:dateInfo>"
        f"<mdb:metadataLinkage><cit:CI_OnlineResource>{said('cit:linkage', 'https://exempleville.fr/fiche/jeu-3')}</cit:CI_OnlineResource></mdb:metadataLinkage>"
        f"<mdb:referenceSystemInfo><mrs:MD_ReferenceSystem><mrs:referenceSystemIdentifier><mcc:MD_Identifier>{said('mcc:code', 'EPSG:2154')}</mcc:MD_Identifier></mrs:referenceSystemIdentifier></mrs:MD_ReferenceSystem></mdb:referenceSystemInfo>"
        "<mdb:identificationInfo><mri:MD_DataIdentification><mri:citation><cit:CI_Citation>"
        f"{said('cit:title', 'Jeu en 19115-3')}{cited('2020-02-03', 'publication')}{cited('2024-05-06', 'revision')}"
        f"<cit:identifier><mcc:MD_Identifier>{said('mcc:code', 'abc')}{said('mcc:codeSpace', 'https://exempleville.fr')}</mcc:MD_Identifier></cit:identifier></cit:CI_Citation></mri:citation>"
        f"{said('mri:abstract', 'Une description.')}<mri:pointOfContact>{body('owner', 'Ville', 'ville@exempleville.fr')}</mri:pointOfContact>"
        "<mri:spatialResolution><mri:MD_Resolution><mri:distance><gco:Distance uom='m'>25</gco:Distance></mri:distance></mri:MD_Resolution></mri:spatialResolution>"
        "<mri:topicCategory><mri:MD_TopicCategoryCode>environment</mri:MD_TopicCategoryCode></mri:topicCategory>"
        "<mri:extent><gex:EX_Extent><gex:description><gco:CharacterString>Exempleville</gco:CharacterString></gex:description><gex:geographicElement><gex:EX_GeographicBoundingBox>"
        "<gex:westBoundLongitude><gco:Decimal>7.2</gco:Decimal></gex:westBoundLongitude><gex:eastBoundLongitude><gco:Decimal>7.4</gco:Decimal></gex:eastBoundLongitude>"
        "<gex:southBoundLatitude><gco:Decimal>47.7</gco:Decimal></gex:southBoundLatitude><gex:northBoundLatitude><gco:Decimal>47.8</gco:Decimal></gex:northBoundLatitude>"
        "</gex:EX_GeographicBoundingBox></gex:geographicElement><gex:temporalElement><gex:EX_TemporalExtent><gex:extent><gml:TimePeriod><gml:begin><gml:TimeInstant><gml:timePosition>2020</gml:timePosition></gml:TimeInstant></gml:begin>"
        "<gml:endPosition indeterminatePosition='now'/></gml:TimePeriod></gex:extent></gex:EX_TemporalExtent></gex:temporalElement></gex:EX_Extent></mri:extent>"
        f"<mri:resourceMaintenance><mmi:MD_MaintenanceInformation>{code('mmi:maintenanceAndUpdateFrequency', 'mmi:MD_MaintenanceFrequencyCode', 'monthly')}</mmi:MD_MaintenanceInformation></mri:resourceMaintenance>"
        f"<mri:descriptiveKeywords><mri:MD_Keywords><mri:keyword><gcx:Anchor xlink:href='http://inspire.ec.europa.eu/theme/hb'>Habitats</gcx:Anchor></mri:keyword></mri:MD_Keywords></mri:descriptiveKeywords>"
        f"<mri:descriptiveKeywords><mri:MD_Keywords>{said('mri:keyword', 'eau')}</mri:MD_Keywords></mri:descriptiveKeywords>"
        f"<mri:resourceConstraints><mco:MD_LegalConstraints>{code('mco:accessConstraints', 'mco:MD_RestrictionCode', 'otherRestrictions')}"
        "<mco:otherConstraints><gcx:Anchor xlink:href='http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations'>No limitations to public access</gcx:Anchor></mco:otherConstraints></mco:MD_LegalConstraints></mri:resourceConstraints>"
        f"<mri:resourceConstraints><mco:MD_LegalConstraints><mco:reference><cit:CI_Citation>{said('cit:title', 'Licence Ouverte 2.0')}<cit:onlineResource><cit:CI_OnlineResource>{said('cit:linkage', 'https://www.etalab.gouv.fr/lo')}</cit:CI_OnlineResource></cit:onlineResource></cit:CI_Citation></mco:reference>"
        f"{code('mco:useConstraints', 'mco:MD_RestrictionCode', 'licence')}</mco:MD_LegalConstraints></mri:resourceConstraints>"
        f"<mri:defaultLocale><lan:PT_Locale>{code('lan:language', 'lan:LanguageCode', 'fre')}</lan:PT_Locale></mri:defaultLocale></mri:MD_DataIdentification></mdb:identificationInfo>"
        f"<mdb:distributionInfo><mrd:MD_Distribution><mrd:distributionFormat><mrd:MD_Format><mrd:formatSpecificationCitation><cit:CI_Citation>{said('cit:title', 'GeoPackage')}</cit:CI_Citation></mrd:formatSpecificationCitation></mrd:MD_Format></mrd:distributionFormat>"
        "<mrd:transferOptions><mrd:MD_DigitalTransferOptions><mrd:transferSize><gco:Real>2</gco:Real></mrd:transferSize><mrd:onLine><cit:CI_OnlineResource>"
        f"{said('cit:linkage', 'https://exempleville.fr/a.gpkg')}{said('cit:protocol', 'WWW:DOWNLOAD')}{said('cit:name', 'Données')}{code('cit:function', 'cit:CI_OnLineFunctionCode', 'download')}"
        "</cit:CI_OnlineResource></mrd:onLine></mrd:MD_DigitalTransferOptions></mrd:transferOptions></mrd:MD_Distribution></mdb:distributionInfo>"
        f"<mdb:dataQualityInfo><mdq:DQ_DataQuality><mdq:report><mdq:DQ_DomainConsistency><mdq:result><mdq:DQ_ConformanceResult><mdq:specification><cit:CI_Citation>{said('cit:title', 'Règlement 1089/2010')}</cit:CI_Citation></mdq:specification><mdq:pass><gco:Boolean>true</gco:Boolean></mdq:pass></mdq:DQ_ConformanceResult></mdq:result></mdq:DQ_DomainConsistency></mdq:report></mdq:DQ_DataQuality></mdb:dataQualityInfo>"
        f"<mdb:resourceLineage><mrl:LI_Lineage>{said('mrl:statement', 'Relevé.')}</mrl:LI_Lineage></mdb:resourceLineage></mdb:MD_Metadata>"
    )


def test_the_newer_schema_gives_the_same_fields() -> None:
    dataset = iso.dataset_of(_element(_iso3()))
    assert (dataset.id, dataset.title, dataset.description) == ("jeu-3", "Jeu en 19115-3", "Une description.")
    assert (dataset.publisher, dataset.contact, dataset.publisher_siren) == (
        "Ville",
        "ville@exempleville.fr",
        "216704825",
    )
    assert (dataset.license, dataset.license_url) == ("Licence Ouverte 2.0", "https://www.etalab.gouv.fr/lo")
    assert dataset.access_rights == "No limitations to public access"
    assert (dataset.issued, dataset.modified, dataset.metadata_modified) == (
        date(2020, 2, 3),
        date(2024, 5, 6),
        date(2025, 1, 15),
    )
    assert (dataset.series, dataset.frequency, dataset.temporal) == ("serie-3", "monthly", "2020/")
    assert dataset.identifiers == ("abc", "https://exempleville.fr/abc")
    assert dataset.landing_page == "https://exempleville.fr/fiche/jeu-3"
    assert (dataset.keywords, dataset.themes) == (("eau",), ("Habitats", "environment"))
    assert dataset.bbox == (7.2, 47.7, 7.4, 47.8)
    facts = _inspire(dataset)
    assert (facts.lineage, facts.spatial_resolution, facts.missing) == ("Relevé.", "25 m", ())
    assert (facts.language, facts.metadata_language, facts.hierarchy_level) == ("fre", "fre", "dataset")
    (found,) = dataset.distributions
    assert (found.declared_format, found.byte_size, found.role) == ("geopackage", 2_000_000, "main")
    assert "durand" not in repr(dataset).lower()


# Services


def test_a_service_is_tied_to_the_datasets_it_operates_on() -> None:
    service = service_of(_element(iso_service(1, ["jeu-0001"], by_link=["jeu-0002"])[1]))
    assert service is not None
    one, two, three = attached(tuple(_dataset(number) for number in (1, 2, 3)), [service])
    assert [found.id for found in one.distributions][-1] == "service:service-0001"
    assert one.distributions[-1].service == ServiceOffer("wms", "ville:jeu-0001")
    assert (one.distributions[-1].role, one.distributions[-1].declared_format) == ("api", "wms")
    assert two.distributions[-1].service == ServiceOffer("wms", "")
    assert len(three.distributions) == 2


def test_a_service_is_found_by_the_resource_s_identifier() -> None:
    service = service_of(_element(iso_service(1, ["https://exempleville.fr/id/jeu-0001"])[1]))
    assert service is not None
    (dataset,) = attached((_dataset(1),), [service])
    assert len(dataset.distributions) == 3


def test_a_service_that_the_record_names_is_not_added_twice() -> None:
    same = service_of(
        _element(iso_service(1, ["jeu-0001"], url="https://exempleville.fr/geoserver/wfs?a=1", protocol="OGC:WFS")[1])
    )
    assert same is not None
    (dataset,) = attached((_dataset(1),), [same, same])
    assert len(dataset.distributions) == 2


def test_a_service_of_discovery_serves_no_data() -> None:
    assert service_of(_element(iso_service(1, ["jeu-0001"], type="discovery")[1])) is None


# Recordings: nothing that is there is lost


def _plain(path: Path) -> Iterator[ElementTree.Element]:
    """Yield the ISO records of a file, read with nothing of ours, namespaces taken away."""
    root = ElementTree.parse(path).getroot()
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    yield from ([root] if root.tag == "MD_Metadata" else root.iter("MD_Metadata"))


def _says(record: ElementTree.Element, *paths: str) -> bool:
    """Return whether one of the paths leads to a text, or to a code of a list."""
    return any(
        "".join(found.itertext()).strip() or any(item.get("codeListValue") for item in found.iter())
        for path in paths
        for found in record.findall(path)
    )


def _any(record: ElementTree.Element, path: str, pattern: str) -> bool:
    return any(
        re.search(pattern, "".join(found.itertext()) + " ".join(" ".join(item.attrib.values()) for item in found.iter()), re.IGNORECASE)
        for found in record.findall(path)
    )  # fmt: skip


def _typed_date(record: ElementTree.Element, *kinds: str) -> bool:
    return any(
        found.find("dateType/CI_DateTypeCode") is not None
        and found.find("dateType/CI_DateTypeCode").get("codeListValue") in kinds  # type: ignore[union-attr]
        and re.match(r"\s*(19|20)\d\d-\d\d-\d\d", "".join(found.find("date").itertext()))  # type: ignore[union-attr]
        for found in record.findall("identificationInfo/*/citation/CI_Citation/date/CI_Date")
    )


_II = "identificationInfo/*"
_CONSTRAINTS = f"{_II}/resourceConstraints/*"
_ONLINE = "distributionInfo//onLine/CI_OnlineResource"
_PARTIES = (f"{_II}/pointOfContact", "contact", "distributionInfo//distributorContact")


def _paths(*paths: str) -> Callable[[ElementTree.Element], bool]:
    return lambda record: _says(record, *paths)


SOURCES: dict[str, Callable[[ElementTree.Element], bool]] = {
    "dataset.id": _paths("fileIdentifier", "metadataIdentifier//code"),
    "dataset.title": _paths(f"{_II}/citation/CI_Citation/title"),
    "dataset.description": _paths(f"{_II}/abstract"),
    "dataset.license": lambda record: any(
        _any(record, f"{_CONSTRAINTS}/{name}", r"licence ouverte|odbl|etalab|creative commons")
        for name in ("otherConstraints", "useLimitation", "reference")
    ),
    "dataset.license_url": lambda record: any(
        _any(record, f"{_CONSTRAINTS}/{name}", r"licence ouverte.*https?://")
        for name in ("otherConstraints", "useLimitation", "reference")
    ),
    "dataset.frequency": _paths(f"{_II}/resourceMaintenance/*/maintenanceAndUpdateFrequency"),
    "dataset.issued": lambda record: _typed_date(record, "publication", "creation"),
    "dataset.modified": lambda record: _typed_date(record, "revision"),
    "dataset.keywords": lambda record: any(
        _says(block, "keyword") and not _any(block, "thesaurusName", "inspire") and not _any(block, "type", "place")
        and not _any(block, "keyword", r"europa\.eu/theme")
        for block in record.findall(f"{_II}/descriptiveKeywords/MD_Keywords")
    ),
    "dataset.themes": _paths(f"{_II}/topicCategory"),
    "dataset.spatial": _paths(f"{_II}/extent/EX_Extent/description", f"{_II}//geographicIdentifier//code"),
    "dataset.temporal": _paths(f"{_II}//EX_TemporalExtent//beginPosition", f"{_II}//EX_TemporalExtent//timePosition"),
    "dataset.publisher": lambda record: any(
        _says(found, ".//organisationName", ".//CI_Organisation/name") for path in _PARTIES for found in record.findall(path)
    ),
    "dataset.contact": lambda record: any(
        _says(found, ".//electronicMailAddress")
        and _says(found, ".//organisationName", ".//CI_Organisation/name")
        and not _says(found, ".//individualName")  # a person's own address is left out
        for found in record.findall(f"{_II}/pointOfContact")
    ),
    "dataset.landing_page": lambda record: _any(record, f"{_ONLINE}/linkage", "catalog.search#/metadata/")
    or _says(record, "metadataLinkage"),
    "dataset.identifiers": _paths(f"{_II}/citation/CI_Citation/identifier/*/code"),
    "dataset.metadata_modified": _paths("dateStamp", "dateInfo"),
    "dataset.language": _paths(f"{_II}/language", "language", "defaultLocale"),
    "dataset.access_rights": lambda record: _any(
        record, f"{_CONSTRAINTS}/otherConstraints", "noLimitations|restriction d'acc|L124-4"
    ),
    "dataset.publisher_siren": _paths(f"{_II}/pointOfContact//partyIdentifier"),
    "dataset.bbox": _paths(f"{_II}//EX_GeographicBoundingBox/westBoundLongitude"),
    "dataset.series": lambda record: _says(record, "parentIdentifier") or record.find("parentMetadata[@uuidref]") is not None,
    "dataset.conforms_to": lambda record: _any(record, "dataQualityInfo//DQ_ConformanceResult/pass", "true"),
    "dataset.applicable_legislation": lambda record: _any(record, f"{_II}//keyword", "reg_impl/2023/138"),
    "dataset.hvd_categories": lambda record: _any(record, f"{_II}//keyword", r"data\.europa\.eu/bna/"),
    "dataset.fields": _paths(".//FC_FeatureAttribute/memberName"),
    "dataset.inspire.hierarchy_level": _paths("hierarchyLevel", "metadataScope//resourceScope"),
    "dataset.inspire.themes": lambda record: any(
        _says(block, "keyword") and (_any(block, "thesaurusName", "inspire[ -]+theme") or _any(block, "keyword", r"europa\.eu/theme"))
        for block in record.findall(f"{_II}/descriptiveKeywords/MD_Keywords")
    ),
    "dataset.inspire.topic_categories": _paths(f"{_II}/topicCategory"),
    "dataset.inspire.conformity": _paths("dataQualityInfo//DQ_ConformanceResult/specification/*/title"),
    "dataset.inspire.lineage": _paths("dataQualityInfo//lineage//statement", "resourceLineage//statement"),
    "dataset.inspire.access_constraints": _paths(f"{_CONSTRAINTS}/accessConstraints"),
    "dataset.inspire.use_constraints": _paths(f"{_CONSTRAINTS}/useConstraints", f"{_CONSTRAINTS}/useLimitation"),
    "dataset.inspire.reference_systems": _paths("referenceSystemInfo//referenceSystemIdentifier/*/code"),
    "dataset.inspire.language": _paths(f"{_II}/language", f"{_II}/defaultLocale"),
    "dataset.inspire.metadata_language": _paths("language", "defaultLocale"),
    "dataset.inspire.metadata_contact": _paths("contact//organisationName", "contact//CI_Organisation/name"),
    "dataset.inspire.resource_identifier": _paths(f"{_II}/citation/CI_Citation/identifier/*/code"),
    "dataset.inspire.spatial_resolution": _paths(f"{_II}/spatialResolution//denominator", f"{_II}/spatialResolution//distance"),
}  # fmt: skip
"""For each mapped field of a dataset: whether a record, read without any code of ours, holds its source."""


def _value(dataset: Dataset, name: str) -> Any:
    found: Any = dataset
    for part in name.split(".")[1:]:
        found = getattr(found, part)
    return found


def _lost(record: ElementTree.Element, dataset: Dataset) -> list[str]:
    return [name for name, source in SOURCES.items() if source(record) and not _value(dataset, name)]


def _distributions_lost(record: ElementTree.Element, dataset: Dataset) -> list[str]:
    """Return what the links of a record say that no distribution says."""
    urls = {found.url for found in dataset.distributions}
    told = "\n".join(f"{found.title}\n{found.description}" for found in dataset.distributions)
    lost = []
    for link in record.findall(_ONLINE):
        url = "".join(link.find("linkage").itertext()).strip()  # type: ignore[union-attr]
        if not url.startswith("http"):
            continue
        lost += [] if url in urls else [url]
        name = " ".join("".join("".join(found.itertext()) for found in link.findall("name")).split())
        lost += [] if name[:150] in told else [name]
    return lost


def test_every_mapped_field_has_a_test() -> None:
    assert set(SOURCES) == {name for name in MAPPING if name.startswith("dataset.")}


@pytest.mark.shared
@pytest.mark.parametrize("name", RECORDINGS)
def test_nothing_of_a_recorded_record_is_lost(shared: Path, name: str) -> None:
    path = shared / "portals" / "csw" / name
    kept = [piece.element for piece in pieces(path, iso.RECORDS.__contains__) if piece.is_record]
    plain = list(_plain(path))
    assert len(kept) == len(plain) > 0
    for element, record in zip(kept, plain, strict=True):
        if iso.level_of(element) not in iso.KEPT_LEVELS:
            service = service_of(element)
            discovery = _any(record, "identificationInfo/*/serviceType", "discovery")
            assert discovery or (service is not None and service.serves and service.url), name
            continue
        dataset = iso.dataset_of(element)
        assert _lost(record, dataset) == []
        assert _distributions_lost(record, dataset) == []


@pytest.mark.parametrize("xml", [iso_record(1, parent="serie")[1], _iso3()], ids=["19139", "19115-3"])
def test_nothing_of_a_whole_record_is_lost(tmp_path: Path, xml: str) -> None:
    path = tmp_path / "record.xml"
    path.write_text(xml, encoding="utf-8")
    (record,) = _plain(path)
    dataset = iso.dataset_of(_element(xml))
    held = [name for name, source in SOURCES.items() if source(record)]
    assert len(held) > 30
    assert _lost(record, dataset) == []
    assert _distributions_lost(record, dataset) == []


@pytest.mark.shared
@pytest.mark.parametrize("name", ["pycsw-getrecords-dc-202.xml", "pycsw-getrecords-300.xml"])
def test_nothing_of_a_recorded_dublin_core_record_is_lost(shared: Path, name: str) -> None:
    path = shared / "portals" / "csw" / name
    root = ElementTree.parse(path).getroot()
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    plain = list(root.iter("Record"))
    kept = [piece.element for piece in pieces(path, {"Record"}.__contains__) if piece.is_record]
    assert len(kept) == len(plain) == 2
    fields = {
        "title": "title", "description": "abstract", "keywords": "subject", "bbox": "BoundingBox",
        "modified": "modified", "language": "language",
    }  # fmt: skip
    for element, record in zip(kept, plain, strict=True):
        dataset = csw_record.dataset_of(element)
        assert dataset.id == record.findtext("identifier")
        for field, source in fields.items():
            assert not _says(record, source) or getattr(dataset, field), field
        urls = {(found.text or "").strip() for found in record.findall("references")}
        assert urls == {found.url for found in dataset.distributions}
        assert dataset.bbox is None or -10 < dataset.bbox[0] < 10 < 40 < dataset.bbox[1] < 60


# Hostile XML


def _all(path: Path) -> list[str]:
    return [piece.element.text or "" for piece in pieces(path, {"r"}.__contains__) if piece.is_record]


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><a><r>&j;</r></a>"
)


@pytest.mark.parametrize(
    ("content", "what", "is_xml"),
    [
        (BOMB, "DOCTYPE", True),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "DOCTYPE", True),
        (b"<!DOCTYPE html><html><body>", "page web", False),
        (b"<html><head><title>Erreur</title></head></html>", "page web", False),
        (b'{"a": 1}', "pas du XML", False),
        (b"", "pas du XML", False),
        (b"   \n", "pas du XML", False),
        (b"\x00\x01\x02", "pas du XML", False),
        (b"<a>" * 300 + b"</a>" * 300, "trop profond", True),
        (b"<a><r>" + b"<b>" * 300 + b"</b>" * 300 + b"</r></a>", "trop profond", True),
        (b"<a><r>&inconnue;</r></a>", "mal formé", True),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "encodage", True),
        (b"<a><r>" + b"x" * 4_100_000 + b"</r></a>", "démesurée", True),
        (b"<a>" + b"<b/>" * 1_100_000 + b"</a>", "démesurée", True),
        (b"<!--" + b"x" * 4_100_000 + b"--><a/>", "pas du XML", False),
    ],
    ids=lambda value: value[:20].decode("latin-1") if isinstance(value, bytes) else None,
)
def test_hostile_xml_is_refused(tmp_path: Path, content: bytes, what: str, is_xml: bool) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(content)
    with pytest.raises(XmlRefused, match=what) as refused:
        _all(path)
    assert refused.value.is_xml is is_xml


@pytest.mark.parametrize("padding", [0, 5_000_000], ids=["at once", "as a stream"])
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<r>été</r>".encode(), ["été"]),
        (b"<r>\xe9t\xe9</r><r>deux</r>", ["été", "deux"]),
        (b"<r>un\x0b</r><r>deux</r>", ["un", "deux"]),
        ("<r>mêlé</r><r>".encode() + b"\xe9</r>", ["mêlé", "é"]),
    ],
)
def test_flaws_of_encoding_are_read_over(tmp_path: Path, content: bytes, expected: list[str], padding: int) -> None:
    path = tmp_path / "a.xml"
    blanks = b"<r></r>" + b" " * 1_000_000
    path.write_bytes(b"<a>" + blanks * (padding // 1_000_000) + content + b"</a>")
    assert _all(path)[padding // 1_000_000 :] == expected


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252", "utf-8-sig"])
def test_announced_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.xml"
    announced = "utf-8" if encoding == "utf-8-sig" else encoding
    path.write_bytes(f'<?xml version="1.0" encoding="{announced}"?><a><r>été</r></a>'.encode(encoding))
    assert _all(path) == ["été"]


def test_what_comes_before_a_cut_is_given(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<a><r>un</r><r>deux</r><r>tro")
    seen: list[str | None] = []
    with pytest.raises(XmlRefused, match="incomplet"):
        seen.extend(piece.element.text for piece in pieces(path, {"r"}.__contains__) if piece.is_record)
    assert seen == ["un", "deux"]


def test_a_long_document_is_read_record_by_record(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<a>" + b"".join(b"<r>%06d%s</r>" % (n, b"x" * 1000) for n in range(20_000)) + b"</a>")
    assert [text[:6] for text in _all(path)] == [f"{n:06d}" for n in range(20_000)]


_NAMES = st.sampled_from(
    [
        "fileIdentifier",
        "identificationInfo",
        "MD_DataIdentification",
        "SV_ServiceIdentification",
        "citation",
        "CI_Citation",
        "title",
        "date",
        "CI_Date",
        "dateType",
        "CharacterString",
        "Anchor",
        "keyword",
        "descriptiveKeywords",
        "MD_Keywords",
        "thesaurusName",
        "resourceConstraints",
        "MD_LegalConstraints",
        "otherConstraints",
        "useLimitation",
        "distributionInfo",
        "MD_Distribution",
        "transferOptions",
        "onLine",
        "MD_DigitalTransferOptions",
        "CI_OnlineResource",
        "linkage",
        "URL",
        "extent",
        "EX_Extent",
        "geographicElement",
        "temporalElement",
        "EX_GeographicBoundingBox",
        "westBoundLongitude",
        "contact",
        "CI_ResponsibleParty",
        "CI_Responsibility",
        "party",
        "role",
        "operatesOn",
        "dataQualityInfo",
        "DQ_DataQuality",
        "report",
        "result",
        "DQ_ConformanceResult",
        "pass",
        "hierarchyLevel",
        "MD_ScopeCode",
    ]
)
_TREES = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20),
    lambda inner: st.tuples(_NAMES, st.lists(inner, max_size=4)),
    max_leaves=40,
)


def _grown(tree: Any, parent: Element) -> None:
    if isinstance(tree, str):
        parent.text = tree
        return
    child = ElementTree.SubElement(parent, tree[0], {"codeListValue": "x", "uuidref": "y"} if len(tree[1]) % 2 else {})
    for branch in tree[1]:
        _grown(branch, child)


@given(st.lists(_TREES, max_size=6))
def test_no_arrangement_of_elements_breaks_the_reading(trees: list[Any]) -> None:
    record = ElementTree.Element("MD_Metadata")
    for tree in trees:
        _grown(tree, record)
    assert isinstance(iso.dataset_of(record), Dataset)
    iso.level_of(record)
    service_of(record)
