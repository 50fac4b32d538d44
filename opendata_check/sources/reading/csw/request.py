"""The requests made to a CSW catalogue (2.0.2 and 3.0), by POST or by GET, and what to try when one is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape

GMD = "http://www.isotc211.org/2005/gmd"
MDB = "http://standards.iso.org/iso/19115/-3/mdb/2.0"
CSW_2 = "http://www.opengis.net/cat/csw/2.0.2"
CSW_3 = "http://www.opengis.net/cat/csw/3.0"
_ANY_TEXT = re.compile(r"\b(?:csw:)?AnyText\b", re.IGNORECASE)
_SORTS = ("apiso:identifier", "dc:identifier", "")


@dataclass(frozen=True, slots=True)
class Way:
    """One manner of asking a catalogue for its records."""

    post: bool = True
    version: str = "2.0.2"
    types: str = "gmd:MD_Metadata"
    schema: str = GMD
    sort: str = "apiso:identifier"
    """Property that gives the order; without one, pages may repeat records and forget others."""
    any_text: str = "csw:AnyText"
    """Name of the property that holds all the words of a record."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which records are asked: all of them, or those that a filter keeps."""

    cql: str = ""
    """A constraint in CQL, as the user's address gives it."""
    words: str = ""
    """Words to be found anywhere in the record."""


def capabilities_params(version: str = "") -> dict[str, str]:
    """Return the parameters of GetCapabilities."""
    asked = {"service": "CSW", "request": "GetCapabilities"}
    return asked | ({"version": version} if version else {})


def record_params(way: Way, record: str) -> dict[str, str]:
    """Return the parameters of GetRecordById."""
    return {
        "service": "CSW",
        "version": way.version,
        "request": "GetRecordById",
        "id": record,
        "elementSetName": "full",
        "outputSchema": way.schema,
    }


def records_params(way: Way, asked: Asked, start: int, size: int) -> dict[str, str]:
    """Return the parameters of GetRecords, for a catalogue that refuses POST."""
    cql = _cql(way, asked)
    where = {"constraintLanguage": "CQL_TEXT", "constraint_language_version": "1.1.0", "constraint": cql}
    return {
        "service": "CSW",
        "version": way.version,
        "request": "GetRecords",
        "resultType": "results",
        "elementSetName": "full",
        "typeNames": way.types,
        "outputSchema": way.schema,
        "startPosition": str(start),
        "maxRecords": str(size),
        **({"sortBy": f"{way.sort}:A"} if way.sort else {}),
        **(where if cql else {}),
    }


def _cql(way: Way, asked: Asked) -> str:
    """Return the filter in CQL, "" when all the records are asked."""
    if asked.cql:
        return _ANY_TEXT.sub(way.any_text, asked.cql)
    quoted = asked.words.replace("'", "''").replace("%", "")
    return f"{way.any_text} like '%{quoted}%'" if quoted else ""


def records_body(way: Way, asked: Asked, start: int, size: int) -> bytes:
    """Return the XML of GetRecords."""
    if way.version.startswith("3"):
        csw, filters, prefix, reference = CSW_3, "http://www.opengis.net/fes/2.0", "fes", "ValueReference"
    else:
        csw, filters, prefix, reference = CSW_2, "http://www.opengis.net/ogc", "ogc", "PropertyName"
    sort = (
        f"<{prefix}:SortBy><{prefix}:SortProperty><{prefix}:{reference}>{escape(way.sort)}</{prefix}:{reference}>"
        f"<{prefix}:SortOrder>ASC</{prefix}:SortOrder></{prefix}:SortProperty></{prefix}:SortBy>"
        if way.sort
        else ""
    )
    version = "2.0.0" if prefix == "fes" else "1.1.0"
    result = "" if prefix == "fes" else ' resultType="results"'
    constraint = _constraint(way, asked, prefix, reference)
    where = f'<csw:Constraint version="{version}">{constraint}</csw:Constraint>' if constraint else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<csw:GetRecords xmlns:csw="{csw}" xmlns:{prefix}="{filters}" xmlns:gmd="{GMD}" xmlns:mdb="{MDB}"'
        ' xmlns:apiso="http://www.opengis.net/cat/csw/apiso/1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' service="CSW" version="{way.version}"{result} startPosition="{start}" maxRecords="{size}"'
        f' outputFormat="application/xml" outputSchema="{escape(way.schema)}">'
        f'<csw:Query typeNames="{escape(way.types)}"><csw:ElementSetName>full</csw:ElementSetName>{where}{sort}'
        "</csw:Query></csw:GetRecords>"
    ).encode()


def _constraint(way: Way, asked: Asked, prefix: str, reference: str) -> str:
    """Return the XML of a constraint, "" when all the records are asked."""
    if asked.cql:
        return f"<csw:CqlText>{escape(_cql(way, asked))}</csw:CqlText>"
    if not asked.words:
        return ""
    words = escape(asked.words.replace("%", ""))
    return (
        f'<{prefix}:Filter><{prefix}:PropertyIsLike wildCard="%" singleChar="_" escapeChar="\\">'
        f"<{prefix}:{reference}>{way.any_text}</{prefix}:{reference}><{prefix}:Literal>%{words}%</{prefix}:Literal>"
        f"</{prefix}:PropertyIsLike></{prefix}:Filter>"
    )


def other_ways(way: Way, refused: str) -> list[Way]:
    """Return what to try next, the likeliest first, when a catalogue refuses a request.

    ``refused`` is the part it complains of: ``post``, ``sort``, ``types``, ``schema``, ``version``, ``constraint``, ""
    when it does not say.
    """
    dublin = replace(
        way,
        types="csw:Record",
        schema=CSW_3 if way.version.startswith("3") else CSW_2,
        sort="dc:identifier",
    )
    after = _SORTS[_SORTS.index(way.sort) + 1 :] if way.sort in _SORTS else ("",)
    changes = {
        "post": [replace(way, post=False)] if way.post else [],
        "sort": [replace(way, sort=sort) for sort in after],
        "types": [replace(way, types="csw:Record"), replace(way, types="mdb:MD_Metadata", schema=MDB)],
        "schema": [replace(way, types="mdb:MD_Metadata", schema=MDB), dublin],
        "version": [replace(way, version="3.0.0")],
        "constraint": [replace(way, any_text="AnyText")],
    }
    if refused in changes:
        return changes[refused] + [found for name, known in changes.items() if name != refused for found in known]
    return [found for name in ("sort", "post", "types", "schema", "version") for found in changes[name]]
