"""What a gesture would change: the dataset as it would be once the gesture is done, and nothing else.

Each function takes a dataset and the day, and returns it mended. Texts stand in rules/peer_scores/gestures.yaml.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath

from opendata_check.model.availability import Availability
from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.model.facts import ContentFacts, EnvelopeFacts, TableFacts, TextFacts
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.vocabulary import format_of, formats

Done = Callable[[InspectedDataset, date], InspectedDataset]
"""Gives the dataset as it would be."""

_SENTENCES = "Ce que contient le fichier, d'où il vient, pour quelles années, et comment lire chaque colonne. " * 2


def done(gesture: str, item: InspectedDataset, on: date) -> InspectedDataset:
    """Return the dataset once the gesture is done. Raises KeyError for a gesture that has no function."""
    return _GESTURES[gesture](item, on)


def known_gestures() -> frozenset[str]:
    """Return the ids of the gestures that have a function."""
    return frozenset(_GESTURES)


def _record(change: Callable[[Dataset, date], Dataset]) -> Done:
    return lambda item, on: replace(item, dataset=change(item.dataset, on))


def _files(
    change: Callable[[Distribution], Distribution], read: Callable[[InspectedFile], InspectedFile] = lambda file: file
) -> Done:
    """Return a gesture on every file: on what the catalogue says of it, and on what is read in it."""

    def mended(item: InspectedDataset, on: date) -> InspectedDataset:
        distributions = tuple(change(one) for one in item.dataset.distributions)
        by_id = {one.id: one for one in distributions}
        files = tuple(
            read(replace(file, distribution=by_id.get(file.distribution.id, file.distribution))) for file in item.files
        )
        return replace(item, dataset=replace(item.dataset, distributions=distributions), files=files)

    return mended


def _facts(change: Callable[[ContentFacts], ContentFacts]) -> Done:
    return _files(
        lambda one: one,
        lambda file: file if file.facts is None else replace(file, facts=change(file.facts)),
    )


# ---- the record


def _dated(dataset: Dataset, on: date) -> Dataset:
    modified = dataset.modified if dataset.modified is not None and dataset.modified <= on else on
    issued = dataset.issued if dataset.issued is not None and dataset.issued <= modified else modified
    return replace(dataset, issued=issued, modified=modified)


def _described(item: InspectedDataset, on: date) -> InspectedDataset:
    first, *others = item.dataset.distributions or (None,)
    if first is None:
        return item
    described = replace(first, description=first.description or _SENTENCES)
    by_id = {first.id: described}
    files = tuple(replace(file, distribution=by_id.get(file.distribution.id, file.distribution)) for file in item.files)
    return replace(item, dataset=replace(item.dataset, distributions=(described, *others)), files=files)


def _updated(item: InspectedDataset, on: date) -> InspectedDataset:
    fresh = _files(lambda one: replace(one, modified=on))(item, on)
    return replace(fresh, dataset=replace(fresh.dataset, modified=on, metadata_modified=on))


# ---- the files


def _formatted(one: Distribution) -> Distribution:
    """Return the file with its format declared, as its name or media type tells it; csv for one that tells nothing."""
    if one.declared_format:
        return one
    ending = PurePosixPath((one.url or str(one.path or "")).partition("?")[0]).suffix.lstrip(".").lower()
    return replace(one, declared_format=ending or format_of(one.media_type) or "csv")


def _media_typed(one: Distribution) -> Distribution:
    found = formats().get(format_of(one.declared_format))
    named = next((alias for alias in found.aliases if "/" in alias), "") if found is not None else ""
    return one if one.media_type else replace(one, media_type=named or "text/csv")


def _linked(file: InspectedFile) -> InspectedFile:
    """Return the file with a link that answers: only a broken one is mended."""
    seen = file.availability
    if file.unreachable or (seen is not None and seen.state == "unavailable"):
        return replace(file, availability=Availability("available", 200), fault=None, unreachable=False)
    return file


def _named(one: Distribution) -> Distribution:
    if one.path is not None:
        return replace(one, path=one.path.with_name("fichier" + one.path.suffix.lower()))
    address, mark, rest = (one.url or "").partition("?")
    folder, _, name = address.rpartition("/")
    return replace(one, url=f"{folder}/fichier{PurePosixPath(name).suffix.lower()}{mark}{rest}" if name else one.url)


def _with_table(facts: ContentFacts, change: Callable[[TableFacts], TableFacts]) -> ContentFacts:
    return facts if facts.table is None else replace(facts, table=change(facts.table))


def _headed(table: TableFacts) -> TableFacts:
    row = table.header_row or 1
    return replace(table, header_row=row, title_rows=(), empty_labels=(), duplicate_labels=())


def _iso(table: TableFacts) -> TableFacts:
    columns = tuple(replace(one, date_form="iso") if one.date_form else one for one in table.columns)
    return replace(table, columns=columns)


_CSV_READ = ContentFacts(
    envelope=EnvelopeFacts("csv", "csv", "csv", "csv"),
    byte_size=1,
    sha256="",
    text=TextFacts("utf-8", has_bom=False, line_ending="lf"),
    table=TableFacts(1, ("a", "b"), 1),
)


def _beside(name: str, media_type: str) -> Done:
    """Return the gesture that puts a copy in another format beside the first file of data."""

    def added(item: InspectedDataset, on: date) -> InspectedDataset:
        data = [one for one in item.dataset.distributions if one.role not in ("documentation", "code", "other")]
        first = (data or [*item.dataset.distributions, Distribution("fichier", "Fichier")])[0]
        read = next((file for file in item.files if file.distribution.id == first.id and not file.member), None)
        there = first.url or ""
        copy = replace(
            first,
            id=f"{first.id}.{name}",
            title=f"{first.title} ({name.upper()})",
            path=first.path.with_name(f"fichier.{name}") if first.path is not None else None,
            url=(there.partition("?")[0].rstrip("/") + f"/fichier.{name}") if there else None,
            declared_format=name,
            media_type=media_type,
            role="main",
            service=None,
            checksum=f"sha1:{'0' * 40}" if first.checksum else "",
        )
        facts = read.facts if read is not None else None
        as_read = replace(_CSV_READ, envelope=EnvelopeFacts(name, name, name, name)) if facts is not None else None
        file = InspectedFile(copy, f"fichier.{name}", as_read)
        if read is not None:
            file = replace(file, fault=read.fault, unreachable=read.unreachable, availability=read.availability)
        distributions = (*item.dataset.distributions, copy)
        return replace(item, dataset=replace(item.dataset, distributions=distributions), files=(*item.files, file))

    return added


_GESTURES: dict[str, Done] = {
    "period": _record(lambda one, on: replace(one, temporal=one.temporal or f"{on.year}-01-01/{on.year}-12-31")),
    "territory": _record(lambda one, on: replace(one, spatial=one.spatial or "commune")),
    "frequency": _record(lambda one, on: replace(one, frequency="annual")),
    "licence": _record(lambda one, on: replace(one, license="lov2", license_url="")),
    "description": _record(lambda one, on: replace(one, description=one.description + _SENTENCES)),
    "title": _record(lambda one, on: replace(one, title="Subventions versées aux associations")),
    "keywords": _record(lambda one, on: replace(one, keywords=one.keywords or ("subventions",))),
    "theme": _record(lambda one, on: replace(one, themes=(*one.themes, "GOVE"))),
    "contact": _record(lambda one, on: replace(one, contact=one.contact or "donnees@commune.example")),
    "publisher": _record(lambda one, on: replace(one, publisher=one.publisher or "Commune")),
    "documentation": _described,
    "format": _files(_formatted),
    "media_type": _files(_media_typed),
    "size": _files(lambda one: replace(one, byte_size=1 if one.byte_size is None else one.byte_size)),
    "dates": _record(_dated),
    "language": _record(lambda one, on: replace(one, language=one.language or "fr")),
    "access_rights": _record(lambda one, on: replace(one, access_rights="public")),
    "checksum": _files(lambda one: replace(one, checksum=f"sha1:{'0' * 40}")),
    "identifier": _record(lambda one, on: replace(one, identifiers=one.identifiers or (one.id,))),
    "names": _files(_named),
    "utf8": _facts(lambda facts: replace(facts, text=facts.text and replace(facts.text, encoding="utf-8"))),
    "iso_dates": _facts(lambda facts: _with_table(facts, _iso)),
    "header": _facts(lambda facts: _with_table(facts, _headed)),
    "update": _updated,
    "links": _files(lambda one: replace(one, available=True if one.available is False else one.available), _linked),
    "csv": _beside("csv", "text/csv"),
    "rdf": _beside("rdf", "application/rdf+xml"),
}
