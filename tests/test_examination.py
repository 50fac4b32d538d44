"""One distribution through the rooms: archives are opened, faults stay with their file, services are left alone."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from opendata_check.examination import examine
from opendata_check.fetching import Fetcher, Limits, open_fetcher
from opendata_check.model.catalog import Distribution
from opendata_check.model.inspected import InspectedFile


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with open_fetcher(cache_folder=None, limits=Limits(archive_members=20)) as opened:
        yield opened


def look(folder: Path, name: str, fetcher: Fetcher, **more: str) -> list[InspectedFile]:
    return examine(Distribution(name, name, folder / name, **more), fetcher, root=folder, online=False)


def zipped(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)


def test_a_plain_archive_gives_itself_then_its_members(tmp_path: Path, fetcher: Fetcher) -> None:
    zipped(tmp_path / "tout.zip", {"a.csv": b"x;y\n1;2\n", "dossier/b.json": b"[1]"})
    archive, first, second = look(tmp_path, "tout.zip", fetcher)
    assert archive.facts is not None and archive.facts.envelope.detected == "zip"
    assert (first.name, second.name) == ("tout.zip › a.csv", "tout.zip › dossier/b.json")
    assert first.member and first.facts is not None and first.facts.table is not None
    assert second.facts is not None and second.facts.envelope.detected == "json"


def test_members_follow_the_national_schemas_too(tmp_path: Path, fetcher: Fetcher, examples: Path) -> None:
    body = (examples / "commune-conforme" / "deliberations-2025.csv").read_bytes()
    zipped(tmp_path / "tout.zip", {"deliberations.csv": body})
    member = look(tmp_path, "tout.zip", fetcher)[1]
    assert member.schema is not None and member.schema.schema.id == "scdl/deliberations"
    assert member.validation is not None and member.validation.valid


def test_a_shapefile_archive_is_one_map_not_five_files(fetcher: Fetcher, examples: Path) -> None:
    (only,) = look(examples / "commune-exemple" / "cartes", "eclairage-public.zip", fetcher)
    assert only.facts is not None and only.facts.envelope.detected == "shapefile-zip"
    assert only.facts.spatial is not None


def test_a_compressed_table_is_read(tmp_path: Path, fetcher: Fetcher) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"x;y\n1;2\n"))
    archive, member = look(tmp_path, "a.csv.gz", fetcher)
    assert archive.facts is not None and archive.facts.envelope.detected == "gz"
    assert member.facts is not None and member.facts.table is not None and member.facts.table.row_count == 1


def test_a_dangerous_member_is_a_fault_and_the_others_are_read(tmp_path: Path, fetcher: Fetcher) -> None:
    zipped(tmp_path / "tout.zip", {"../ailleurs.csv": b"x\n", "bon.csv": b"x;y\n1;2\n"})
    files = look(tmp_path, "tout.zip", fetcher)
    assert any(file.fault is not None and file.member for file in files)
    assert any(file.name.endswith("bon.csv") and file.facts is not None for file in files)


def test_a_missing_file_is_a_fault_with_its_name(tmp_path: Path, fetcher: Fetcher) -> None:
    (only,) = look(tmp_path, "rien.csv", fetcher)
    assert only.facts is None
    assert only.fault is not None and "rien.csv" in only.fault.line


@pytest.mark.parametrize("more", [{"role": "documentation"}, {"role": "api"}, {"declared_format": "wms"}])
def test_what_is_not_a_file_of_data_is_left_alone(tmp_path: Path, fetcher: Fetcher, more: dict[str, str]) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n", encoding="utf-8")
    (only,) = look(tmp_path, "a.csv", fetcher, **more)
    assert only.facts is None and only.fault is None


def test_temporary_copies_do_not_pile_up(tmp_path: Path, fetcher: Fetcher) -> None:
    zipped(tmp_path / "tout.zip", {f"{n}.csv": b"x;y\n1;2\n" for n in range(9)})
    look(tmp_path, "tout.zip", fetcher)
    assert list(fetcher._folder.iterdir()) == []
