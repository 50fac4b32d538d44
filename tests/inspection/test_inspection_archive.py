"""What a zip's list says, without unpacking it."""

from __future__ import annotations

import io
import random
import stat
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from opendata_check.inspection.archives import zip as archive
from opendata_check.inspection.errors import InspectionError
from opendata_check.model.content import Content


def content_of(path: Path) -> Content:
    return Content(path, path.name, path.stat().st_size, path.name)


def zipped(path: Path, members: Mapping[str, bytes]) -> Content:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return content_of(path)


def facts_of(tmp_path: Path, members: Mapping[str, bytes]) -> archive.ArchiveFacts:
    return archive.read_zip(zipped(tmp_path / "a.zip", members))


def test_files_are_listed_with_their_sizes_and_folders_left_out(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, {"dossier/": b"", "dossier/a.csv": b"x;y\n" * 100, "été.txt": b"abc"})
    assert [(member.name, member.byte_size) for member in facts.members] == [("dossier/a.csv", 400), ("été.txt", 3)]
    assert (facts.member_count, facts.total_size, facts.dangers) == (2, 403, ())


@pytest.mark.parametrize(
    ("name", "danger"),
    [
        ("../../etc/passwd", "remonte"),
        ("a/../../b.csv", "remonte"),
        ("..\\b.csv", "remonte"),
        ("/etc/passwd", "absolu"),
        ("\\\\serveur\\partage", "absolu"),
        ("C:evil.dll", "disque"),
        ("setup.EXE", "programme"),
        ("lisezmoi.bat", "programme"),
        ("facture\u202efdp.csv", "envers"),
        ("a\x07b.csv", "invisible"),
        ("dedans.tar.gz", "archive dans l’archive"),
        ("dedans.7z", "archive dans l’archive"),
    ],
)
def test_a_dangerous_name_is_told(tmp_path: Path, name: str, danger: str) -> None:
    facts = facts_of(tmp_path, {name: b"x", "sage.csv": b"x"})
    assert facts.dangers
    assert danger in facts.dangers[0]


@pytest.mark.parametrize(
    "name", ["a..b.csv", "...csv", "dossier/.cache", "dossier/a:b.csv", "dedans.zip", "a.csv.gz", "carte.kmz"]
)
def test_an_odd_but_harmless_name_is_no_danger(tmp_path: Path, name: str) -> None:
    assert facts_of(tmp_path, {name: b"x"}).dangers == ()


def test_a_symbolic_link_is_told(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("lien.csv")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr(link, "/etc/passwd")
    assert "lien" in archive.read_zip(content_of(tmp_path / "a.zip")).dangers[0]


def test_a_bomb_is_told_by_its_ratio_without_being_unpacked(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, {"bombe.csv": b"0" * 20_000_000})
    assert "piégée" in facts.dangers[0]


def test_a_table_of_repeated_words_is_no_bomb(tmp_path: Path) -> None:
    rows = b"".join(b"subvention;association sportive;%d\n" % (n * 37 % 9973) for n in range(400_000))
    assert facts_of(tmp_path, {"table.csv": rows}).dangers == ()


def test_entries_that_share_their_bytes_are_told(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", {"a.csv": b"a" * 1000, "b.csv": b"b" * 1000})
    data = bytearray((tmp_path / "a.zip").read_bytes())
    second = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, second + 42, 0)
    (tmp_path / "a.zip").write_bytes(data)
    assert any("chevauchent" in danger for danger in archive.read_zip(content_of(tmp_path / "a.zip")).dangers)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_given_twice_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr("a.csv", "1")
        file.writestr("a.csv", "2")
    assert "2 fois" in archive.read_zip(content_of(tmp_path / "a.zip")).dangers[0]


def test_a_locked_member_is_told(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", {"a.csv": b"secret"})
    data = bytearray((tmp_path / "a.zip").read_bytes())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.find(mark) + offset] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    assert "mot de passe" in archive.read_zip(content_of(tmp_path / "a.zip")).dangers[0]


def test_too_many_members_are_not_listed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        for number in range(archive.MAX_MEMBERS + 1):
            file.writestr(f"{number}", b"")
    facts = archive.read_zip(content_of(tmp_path / "a.zip"))
    assert facts.members == ()
    assert facts.member_count == archive.MAX_MEMBERS + 1
    assert "trop de fichiers" in facts.dangers[0]


def test_dangers_are_counted_beyond_the_twentieth(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, {f"../{number}": b"" for number in range(50)})
    assert len(facts.dangers) == 21
    assert "30 autres" in facts.dangers[-1]


def test_control_characters_never_reach_a_message(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, {"../\x1b[31mrouge\r\n": b""})
    assert all(character.isprintable() for danger in facts.dangers for character in danger)
    assert facts.members[0].name.isprintable()


@pytest.mark.parametrize("kept", [0, 10, 100, -1, -10])
def test_a_truncated_archive_gives_a_french_fault(tmp_path: Path, kept: int) -> None:
    zipped(tmp_path / "a.zip", {"a.csv": bytes(range(256)) * 8})
    data = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(data[:kept])
    with pytest.raises(InspectionError, match="ZIP"):
        archive.read_zip(content_of(tmp_path / "a.zip"))


def test_a_missing_file_gives_a_french_fault(tmp_path: Path) -> None:
    with pytest.raises(InspectionError, match="ne peut pas être lu"):
        archive.read_zip(Content(tmp_path / "absent.zip", "absent.zip", 0, "absent.zip"))


def test_damaged_bytes_give_facts_or_a_fault_and_nothing_else(tmp_path: Path) -> None:
    source = io.BytesIO()
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("agency.txt", "dossier/é.csv", "x.shp"):
            file.writestr(name, name * 50)
    for seed in range(400):
        chance = random.Random(seed)
        data = bytearray(source.getvalue())
        for _ in range(chance.choice([1, 3, 20])):
            data[chance.randrange(len(data))] = chance.choice([0, 255, chance.randrange(256)])
        (tmp_path / "a.zip").write_bytes(data)
        try:
            archive.kind_of(archive.read_zip(content_of(tmp_path / "a.zip")))
        except InspectionError:
            continue


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["[Content_Types].xml", "xl/workbook.xml"], "xlsx"),
        (["[Content_Types].xml", "xl/workbook.bin"], "xlsb"),
        (["[Content_Types].xml", "word/document.xml"], "docx"),
        (["[Content_Types].xml", "ppt/presentation.xml"], "pptx"),
        (["couche.shp", "couche.dbf"], "shapefile-zip"),
        (["dossier/COUCHE.SHP", "dossier/COUCHE.SHX"], "shapefile-zip"),
        (["couche.shp"], "zip"),
        (["agency.txt", "routes.txt", "trips.txt", "stop_times.txt", "stops.txt"], "gtfs"),
        (["reseau/agency.txt", "reseau/routes.txt", "reseau/trips.txt", "reseau/stop_times.txt"], "gtfs"),
        (["agency.txt", "routes.txt"], "zip"),
        (["doc.kml", "images/x.png"], "kmz"),
        (["a.csv", "b.csv", "__MACOSX/._a.csv"], "zip"),
        ([], "zip"),
    ],
)
def test_the_kind_is_told_by_the_names(tmp_path: Path, names: list[str], kind: str) -> None:
    assert archive.kind_of(facts_of(tmp_path, dict.fromkeys(names, b"x"))) == kind


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
        (b"application/vnd.oasis.opendocument.text", "odt"),
        (b"application/vnd.oasis.opendocument.presentation", "pptx"),
        (b"application/epub+zip", "zip"),
    ],
)
def test_an_opendocument_is_told_by_its_mimetype_entry(tmp_path: Path, media_type: bytes, kind: str) -> None:
    assert archive.kind_of(facts_of(tmp_path, {"mimetype": media_type, "content.xml": b"<x/>"})) == kind


def test_a_member_that_weighs_more_than_announced_is_refused(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", {"a.csv": b"0" * 100_000})
    data = bytearray((tmp_path / "a.zip").read_bytes())
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<I", data, data.find(mark) + offset, 10)
    (tmp_path / "a.zip").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "a.zip") as file, pytest.raises(InspectionError):
        list(archive.member_chunks(file, "a.csv", 1_000_000))


def test_a_member_is_not_unpacked_beyond_the_limit(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", {"a.csv": b"0" * 5_000_000})
    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        unpacked = 0
        with pytest.raises(InspectionError, match="trop lourd"):
            for chunk in archive.member_chunks(file, "a.csv", 1_000_000):
                unpacked += len(chunk)
        assert unpacked <= 1_000_000


@pytest.mark.shared
def test_every_real_archive_is_listed_without_danger(shared: Path) -> None:
    kinds = {"ods": "ods", "xlsx": "xlsx", "kmz": "kmz"}
    paths = [path for path in sorted((shared / "samples/real").rglob("*")) if path.suffix[1:] in {*kinds, "zip"}]
    assert paths
    for path in paths:
        facts = archive.read_zip(content_of(path))
        assert facts.members and not facts.dangers, path.name
        if path.suffix != ".zip":
            assert archive.kind_of(facts) == kinds[path.suffix[1:]], path.name


def test_what_is_inside_counts(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, {"a/arbres.csv": b"x", "carte.GEOJSON": b"x", "LISEZMOI": b"x", "b.zip": b"x"})
    assert (facts.formats, facts.nested_count, facts.encrypted_count) == (("csv", "geojson", "zip"), 1, 0)
