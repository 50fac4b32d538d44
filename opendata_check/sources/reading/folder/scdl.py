"""Reads a catalogue in the SCDL form (``catalogue.csv``, schema scdl/catalogue 0.1.3): one row is one dataset.

A row names no file: its files are those of the folder that its URL, its identifier or its title designates.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from urllib.parse import unquote, urlsplit

from opendata_check.model.catalog import Dataset, Distribution, Fault
from opendata_check.sources.reading import values
from opendata_check.sources.reading.described import Reading, distinct_ids, unreadable
from opendata_check.sources.reading.folder.tree import Tree, dataset_id, local_distribution, read_bounded, stem_of

_MAX_ROWS = 10_000
_MAX_CELL = 131_072
"""Characters of a cell of a catalogue."""
_HEADER_BYTES = 8_192
_REQUIRED = frozenset({"TITRE", "LICENCE"})
_TELLING = frozenset({"COLL_NOM", "COLL_SIRET", "PRODUCTEUR_NOM", "FREQ_MAJ", "FORMAT_RESSOURCES", "NOMBRE_RESSOURCES"})


def is_scdl_catalogue(path: Path) -> bool:
    """Return True when the file's name says catalogue and its header is the schema's."""
    stem = values.fold(path.stem)
    if path.suffix.lower() != ".csv" or not ("catalogue" in stem or "catalog" in stem):
        return False
    try:
        with path.open("rb") as stream:
            start = stream.read(_HEADER_BYTES)
    except OSError:
        return False
    header = _decode(start).partition("\n")[0]
    names = {name.strip().strip('"').upper() for name in header.replace("\r", "").split(_delimiter(header))}
    return names >= _REQUIRED and bool(names & _TELLING)


def read_scdl_catalogue(path: Path, tree: Tree) -> Reading:
    """Return the datasets of a catalogue; a row without a title becomes a fault."""
    where = tree.relative(path)
    try:
        content = _decode(read_bounded(path))
        delimiter = _delimiter(content.partition("\n")[0])
        rows = list(_rows(content, delimiter))
    except (ValueError, OSError, csv.Error):
        return unreadable(path, where, "ce catalogue ne peut pas être lu", "Enregistrez-le en CSV, en UTF-8.")
    index = _index(tree, path)
    datasets: list[Dataset] = []
    faults: list[Fault] = []
    for line, row in rows[:_MAX_ROWS]:
        if not row.get("TITRE"):
            faults.append(Fault("cette ligne du catalogue n'a pas de titre", f"{where}, ligne {line}"))
            continue
        dataset = _dataset(row, index, tree)
        if not dataset.distributions and not dataset.landing_page:
            faults.append(
                Fault(
                    f"aucun fichier du dossier ne correspond à « {dataset.title[:80]} »",
                    f"{where}, ligne {line}",
                    "Ajoutez le fichier, ou son adresse dans la colonne URL.",
                )
            )
        datasets.append(dataset)
    if len(rows) > _MAX_ROWS:
        faults.append(Fault(f"le catalogue a plus de {_MAX_ROWS} lignes : la suite n'est pas lue", where))
    sirens = {values.siren_of(row.get("COLL_SIRET")) for _, row in rows}
    title = rows[0][1].get("COLL_NOM", "") if rows else ""
    siren = sirens.pop() if len(sirens) == 1 else None
    return Reading(tuple(datasets), tuple(faults), frozenset({path}), values.text(title), siren)


def _decode(raw: bytes) -> str:
    """Return the text of a file in UTF-8, else in Windows-1252."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start > len(raw) - 4 and len(raw) == _HEADER_BYTES:  # a letter cut in two by the sample
            return raw[: error.start].decode("utf-8-sig")
        return raw.decode("cp1252", "replace")


def _delimiter(header: str) -> str:
    """Return the delimiter of a header line: the commonest of comma, semicolon and tab."""
    return max(",;\t", key=header.count)


def _rows(content: str, delimiter: str) -> list[tuple[int, dict[str, str]]]:
    """Return the rows with their physical line, keyed by upper-case column. Raises csv.Error."""
    before = csv.field_size_limit(_MAX_CELL)  # the limit is the whole process's: other rooms set their own
    try:
        reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
        header = [name.strip().upper() for name in next(reader, [])]
        rows = []
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=False))))
            if len(rows) > _MAX_ROWS:
                break
        return rows
    finally:
        csv.field_size_limit(before)


def _index(tree: Tree, catalogue: Path) -> dict[str, list[Path]]:
    """Return the files by what a row may call them: file name, and folded basename without a leading SIREN."""
    index: dict[str, list[Path]] = {}
    for file in tree.files:
        if file == catalogue:
            continue
        stem = stem_of(file.name)
        for name in {file.name.casefold(), values.fold(stem), values.fold(values.readable_title(stem))}:
            index.setdefault(name, []).append(file)
    return index


def _dataset(row: dict[str, str], index: dict[str, list[Path]], tree: Tree) -> Dataset:
    """Return the dataset of a row, with the files of the folder it designates, else the file at its URL."""
    url = values.web_url(row.get("URL"))
    file_name = unquote(urlsplit(url).path.rpartition("/")[2]) if url else row.get("URL", "").rpartition("/")[2]
    files = next(
        (
            index[name]
            for name in (file_name.casefold(), values.fold(row.get("ID", "")), values.fold(row["TITRE"]))
            if name and name in index
        ),
        [],
    )
    distributions = tuple(local_distribution(tree, file) for file in files)
    formats = values.words(row.get("FORMAT_RESSOURCES"))
    is_file = "." in file_name[1:]
    if not files and url and is_file:
        declared = formats[0].lower() if len(formats) == 1 else ""
        distributions = (Distribution(url, values.text(file_name), url=url, declared_format=declared),)
    identifier = values.text(row.get("ID"), 200) or values.fold(row["TITRE"])
    return Dataset(
        id=dataset_id(tree, files[0]) if files else identifier,
        title=values.text(row["TITRE"]),
        distributions=distinct_ids(distributions),
        description=values.prose(row.get("DESCRIPTION")),
        license=values.text(row.get("LICENCE")),
        frequency=values.text(row.get("FREQ_MAJ"), 100),
        issued=values.day(row.get("DATE_PUBL")),
        modified=values.day(row.get("DATE_MAJ")),
        keywords=values.words(row.get("MOTS_CLES")),
        themes=values.words(row.get("THEME"), ";"),
        spatial=values.text(row.get("COUV_SPAT_NOM")) or values.text(row.get("COUV_SPAT_MAILLE")),
        temporal=values.period(row.get("COUV_TEMP_DEBUT"), row.get("COUV_TEMP_FIN")),
        publisher=values.text(row.get("PRODUCTEUR_NOM")) or values.text(row.get("COLL_NOM")),
        landing_page="" if is_file else url,
        described=True,
    )
