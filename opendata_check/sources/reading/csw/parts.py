"""Turns the records of a CSW catalogue into datasets, and keeps the services aside until all the datasets are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from opendata_check.fetching import Fetcher, FetchingError
from opendata_check.fetching.naming import shown_url
from opendata_check.model.catalog import Fault
from opendata_check.sources.interface import SourceError
from opendata_check.sources.reading.collecting import Announced, LeftOut, Part
from opendata_check.sources.reading.csw import pages as csw_pages
from opendata_check.sources.reading.csw import record as csw_record
from opendata_check.sources.reading.csw import request as csw_request
from opendata_check.sources.reading.csw.addresses import record_pages
from opendata_check.sources.reading.csw.capabilities import Capabilities, capabilities_of
from opendata_check.sources.reading.iso import record as iso_record
from opendata_check.sources.reading.iso.service import Service, service_of
from opendata_check.sources.reading.xml_safe import Element


@dataclass(slots=True)
class Catalogue:
    """One catalogue being read."""

    fetcher: Fetcher
    url: str
    services: list[Service] = field(default_factory=list)
    """The services met so far, with what they operate on."""
    software: str = ""

    def capabilities(self) -> Capabilities | None:
        """Return what the catalogue says of itself, None when it does not. Raises SourceError when nobody answers."""
        try:
            with csw_pages.open_answer(self.fetcher, self.url, csw_request.capabilities_params()) as document:
                known = capabilities_of(document.path)
        except FetchingError as error:
            if error.status is None:
                raise SourceError(error.what, where=error.where, remedy=error.remedy) from error
            return None
        self.software = known.software if known else ""
        return known

    def all(self, asked: csw_request.Asked, known: Capabilities | None, size: int) -> Iterator[Part]:
        """Yield what the catalogue's records are. Raises SourceError when the first page cannot be read."""
        way = csw_request.Way()
        if known and known.schemas and csw_request.GMD not in known.schemas and csw_request.MDB in known.schemas:
            way = csw_request.Way(types="mdb:MD_Metadata", schema=csw_request.MDB)
        reading = csw_pages.Reading(self.fetcher, self.url, asked, max(1, size), way)
        shapeless = 0
        try:
            for found in reading.records():
                part = found if isinstance(found, Announced | Fault) else self._part(found)
                if part is None:
                    shapeless += 1
                else:
                    yield part
        except FetchingError as error:
            raise SourceError(error.what, where=error.where, remedy=error.remedy) from error
        except csw_pages.CatalogueRefused as error:
            raise self._unreadable(f"le catalogue ne donne pas ses fiches : {error.what}") from error
        self.software = self.software or reading.software
        if shapeless:
            one = "fiche n'a ni identifiant, ni titre" if shapeless == 1 else "fiches n'ont ni identifiant, ni titre"
            yield Fault(f"{shapeless} {one}", shown_url(self.url))

    def one(self, record: str) -> Iterator[Part]:
        """Yield the record asked for. Raises SourceError when the catalogue does not hold it or cannot be read."""
        refused, is_absent = "", False
        for schema in (csw_request.GMD, csw_request.MDB, csw_request.CSW_2):
            answer = csw_pages.Answer()
            params = csw_request.record_params(csw_request.Way(schema=schema), record)
            try:
                with csw_pages.open_answer(self.fetcher, self.url, params) as document:
                    parts = map(self._part, csw_pages.answered_records(document, answer))
                    yield from (part for part in parts if part is not None)
                if answer.got:
                    return
                is_absent = True
            except csw_pages.CatalogueRefused as error:
                refused = error.what
                if answer.got:
                    yield Fault(error.what, shown_url(self.url))
                    return
            except FetchingError as error:
                if error.status not in (400, 404, 500):
                    raise SourceError(error.what, where=error.where, remedy=error.remedy) from error
                refused = error.what
        if is_absent:
            raise self._unreadable("cette fiche n'existe pas dans ce catalogue")
        raise self._unreadable(f"cette fiche n'a pas pu être lue : {refused}")

    def _part(self, record: Element) -> Part | None:
        """Return what a record is: a dataset, or what is left out; None when it has no identifier and no title."""
        is_iso = record.tag in iso_record.RECORDS
        level = iso_record.level_of(record) if is_iso else csw_record.kind_of(record)
        if level not in iso_record.KEPT_LEVELS:
            service = service_of(record) if is_iso and level == "service" else None
            self.services += [service] if service else []
            return LeftOut(level)
        identifier = csw_record.any_id(record)
        pages = record_pages(self.url)
        page = pages + quote(identifier, safe="") if pages and identifier else ""
        dataset = iso_record.dataset_of(record, page) if is_iso else csw_record.dataset_of(record, page)
        return dataset if identifier or dataset.title else None

    def _unreadable(self, what: str) -> SourceError:
        return SourceError(what, where=shown_url(self.url), remedy="Vérifiez l'adresse.")
