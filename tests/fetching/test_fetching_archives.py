from __future__ import annotations

import gzip
import io
import os
import stat
import struct
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from opendata_check.fetching import Limits, open_fetcher
from opendata_check.model.catalog import Fault
from opendata_check.model.content import Content


def _archive(folder: Path, raw: bytes, name: str = "lot.zip") -> Content:
    path = folder / name
    path.write_bytes(raw)
    return Content(path=path, name=name, byte_size=len(raw), origin=name)


def _zip(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _unpack(content: Content, limits: Limits | None = None) -> tuple[dict[str, bytes], list[Fault]]:
    with open_fetcher(cache_folder=None, limits=limits) as fetcher:
        found = [
            (item, item.path.read_bytes() if isinstance(item, Content) else b"") for item in fetcher.members(content)
        ]
    contents = {item.origin: data for item, data in found if isinstance(item, Content)}
    return contents, [item for item, _ in found if isinstance(item, Fault)]


def test_members_come_sorted_with_their_origin(tmp_path: Path) -> None:
    archive = _archive(tmp_path, _zip({"z.csv": b"1", "dossier/a.csv": b"x;y\n"}))
    contents, faults = _unpack(archive)
    assert list(contents.items()) == [("lot.zip › dossier/a.csv", b"x;y\n"), ("lot.zip › z.csv", b"1")]
    assert faults == []


def test_a_member_keeps_its_name_and_size(tmp_path: Path) -> None:
    with open_fetcher(cache_folder=None) as fetcher:
        (member,) = fetcher.members(_archive(tmp_path, _zip({"dossier/A.CSV": b"abc"})))
        assert isinstance(member, Content)
        assert (member.name, member.byte_size, member.path.suffix) == ("A.CSV", 3, ".csv")
        fetcher.release(member)
        assert not member.path.exists()


@settings(max_examples=40, deadline=None)
@example({"x .csv": b"", "x  .csv": b"1"})
@given(
    st.dictionaries(
        st.text("abcdéè_ ", min_size=1, max_size=8).map(lambda s: f"x{s}.csv"), st.binary(max_size=300), max_size=5
    )
)
def test_unpacking_undoes_packing(tmp_path_factory: pytest.TempPathFactory, members: dict[str, bytes]) -> None:
    # names that differ by their spaces alone are printed alike: members are compared one by one
    with open_fetcher(cache_folder=None) as fetcher:
        archive = _archive(tmp_path_factory.mktemp("z"), _zip(members))
        found = [item.path.read_bytes() for item in fetcher.members(archive) if isinstance(item, Content)]
    assert sorted(found) == sorted(members.values())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_a_damaged_zip_gives_faults_never_an_exception(
    tmp_path_factory: pytest.TempPathFactory, place: int, noise: bytes
) -> None:
    members = {"a.csv": b"x;y\n" * 30, "b.csv": b"1;2\n"}
    raw = bytearray(_zip(members))
    raw[place : place + len(noise)] = noise
    contents, faults = _unpack(_archive(tmp_path_factory.mktemp("z"), bytes(raw)))
    assert faults or sorted(contents.values()) == sorted(members.values())


def test_a_member_that_the_directory_no_longer_shows_is_told(tmp_path: Path) -> None:
    raw = bytearray(_zip({"a.csv": b"1", "b.csv": b"2"}))
    end = raw.rfind(b"PK\x05\x06")
    last = raw.rfind(b"PK\x01\x02")
    struct.pack_into("<LL", raw, end + 12, end - last, last)  # the directory is said to hold its last entry alone
    contents, faults = _unpack(_archive(tmp_path, bytes(raw)))
    assert list(contents.values()) == [b"2"]
    assert "annonce 2 fichiers et en montre 1" in faults[0].what


def test_an_archive_with_a_comment_or_a_small_archive_inside_loses_nothing(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", b"1")
        archive.writestr("dedans.bin", _zip({"x": b"", "y": b"", "z": b""}))
        archive.comment = "Données de la commune".encode()
    contents, faults = _unpack(_archive(tmp_path, buffer.getvalue()))
    assert len(contents) == 2
    assert faults == []


def test_an_archive_of_more_members_than_two_bytes_can_count_is_whole(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(65_537):
            archive.writestr(zipfile.ZipInfo(f"{number:x}"), b"")
    contents, faults = _unpack(_archive(tmp_path, buffer.getvalue()), Limits(archive_members=3))
    assert len(contents) == 3
    assert ["seuls les 3 premiers" in fault.what for fault in faults] == [True]


def test_clutter_is_not_a_member(tmp_path: Path) -> None:
    names = ["a/", "a/.DS_Store", "__MACOSX/a/._b.csv", "Thumbs.db", "desktop.ini", "a/b.csv"]
    contents, faults = _unpack(_archive(tmp_path, _zip(dict.fromkeys(names, b""))))
    assert list(contents) == ["lot.zip › a/b.csv"]
    assert faults == []


@pytest.mark.parametrize("name", ["../evil.csv", "a/../../evil.csv", "/etc/evil.csv", "C:/evil.csv", "..\\evil.csv"])
def test_a_name_that_leaves_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    contents, faults = _unpack(_archive(tmp_path, _zip({name: b"x", "bon.csv": b"y"})))
    assert list(contents.values()) == [b"y"]
    assert "sort de l'archive" in faults[0].what
    assert not list(tmp_path.parent.glob("evil*"))


def test_a_link_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("lien.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    contents, faults = _unpack(_archive(tmp_path, buffer.getvalue()))
    assert contents == {}
    assert "lien" in faults[0].what


def test_an_encrypted_member_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    raw = bytearray(_zip({"a.csv": b"secret", "b.csv": b"public"}))
    first_local, first_central = raw.find(b"PK\x03\x04"), raw.find(b"PK\x01\x02")
    raw[first_local + 6] |= 1
    raw[first_central + 8] |= 1
    contents, faults = _unpack(_archive(tmp_path, bytes(raw)))
    assert list(contents.values()) == [b"public"]
    assert "mot de passe" in faults[0].what


def test_a_zip_in_the_zip_is_opened_at_its_place(tmp_path: Path) -> None:
    inside = _zip({"a.csv": b"x", "b.csv": b"y"})
    contents, faults = _unpack(
        _archive(tmp_path, _zip({"a.csv": b"1", "b.zip": inside, "c.csv.gz": gzip.compress(b"2")}))
    )
    assert contents == {
        "lot.zip › a.csv": b"1",
        "lot.zip › b.zip › a.csv": b"x",
        "lot.zip › b.zip › b.csv": b"y",
        "lot.zip › c.csv.gz › c.csv": b"2",
    }
    assert faults == []


def test_a_zip_in_the_zip_in_the_zip_stays_closed(tmp_path: Path) -> None:
    deep = _zip({"c.zip": _zip({"a.csv": b"x"}), "d.csv": b"1"})
    for _ in range(50):
        deep = _zip({"c.zip": deep, "d.csv": b"1"})
    contents, faults = _unpack(_archive(tmp_path, deep))
    assert list(contents) == ["lot.zip › c.zip › d.csv", "lot.zip › d.csv"]
    assert ["archive dans une archive" in fault.what for fault in faults] == [True]


def test_a_shapefile_or_a_timetable_zipped_in_the_zip_stays_whole(tmp_path: Path) -> None:
    shapes = _zip({"routes.shp": b"1", "routes.dbf": b"2"})
    transit = _zip(dict.fromkeys(("agency.txt", "routes.txt", "trips.txt", "stop_times.txt"), b"a\n"))
    contents, faults = _unpack(_archive(tmp_path, _zip({"carte.zip": shapes, "bus.zip": transit})))
    assert contents == {"lot.zip › bus.zip": transit, "lot.zip › carte.zip": shapes}
    assert faults == []


def test_levels_share_the_bounds(tmp_path: Path) -> None:
    inside = _zip({f"{number}.csv": b"x" for number in range(8)})
    raw = _zip({f"{number}.zip": inside for number in range(8)})
    contents, faults = _unpack(_archive(tmp_path, raw), Limits(archive_members=20))
    assert len(contents) < 20
    assert any("seuls les" in fault.what for fault in faults)
    heavy = _zip({f"{number}.bin": os.urandom(40_000) for number in range(4)}, zipfile.ZIP_STORED)
    contents, faults = _unpack(_archive(tmp_path, _zip({"a.zip": heavy}), "b.zip"), Limits(archive_bytes=250_000))
    assert (len(contents), len(faults)) == (2, 2)


def test_an_archive_inside_leaves_nothing_behind(tmp_path: Path) -> None:
    with open_fetcher(cache_folder=None) as fetcher:
        for member in fetcher.members(_archive(tmp_path, _zip({"a.zip": _zip({"a.csv": b"x"})}))):
            assert isinstance(member, Content)
            folder = member.path.parent
            fetcher.release(member)
        assert list(folder.iterdir()) == []


def test_a_false_or_damaged_zip_inside_is_told(tmp_path: Path) -> None:
    members = {"a.zip": b"a;b\n1;2\n", "b.zip": _zip({"x.csv": b"1"})[:-9], "c.csv": b"1"}
    contents, faults = _unpack(_archive(tmp_path, _zip(members)))
    assert list(contents) == ["lot.zip › c.csv"]
    assert [fault.where for fault in faults] == ["lot.zip › a.zip", "lot.zip › b.zip"]


@pytest.mark.parametrize("name", ["b.tar.gz", "B.7Z", "b.rar"])
def test_an_archive_in_the_archive_stays_closed(tmp_path: Path, name: str) -> None:
    contents, faults = _unpack(_archive(tmp_path, _zip({name: _zip({"a.csv": b"x"})})))
    assert contents == {}
    assert "archive dans une archive" in faults[0].what
    assert faults[0].where == f"lot.zip › {name}"


def test_a_workbook_in_the_archive_is_data_not_an_archive(tmp_path: Path) -> None:
    contents, _ = _unpack(_archive(tmp_path, _zip({"budget.xlsx": _zip({"xl/workbook.xml": b"<a/>"})})))
    assert list(contents) == ["lot.zip › budget.xlsx"]


def test_a_bomb_is_stopped_by_its_ratio(tmp_path: Path) -> None:
    raw = _zip({"bombe.csv": b"0" * 30_000_000, "bon.csv": b"x"})
    contents, faults = _unpack(_archive(tmp_path, raw))
    assert list(contents.values()) == [b"x"]
    assert "démesuré" in faults[0].what


def test_a_bomb_that_lies_about_its_packed_size_is_stopped_too(tmp_path: Path) -> None:
    raw = bytearray(_zip({"bombe.csv": b"0" * 30_000_000}))
    central = raw.find(b"PK\x01\x02")
    struct.pack_into("<L", raw, central + 20, 0x7FFFFFFF)
    contents, faults = _unpack(_archive(tmp_path, bytes(raw)))
    assert contents == {}
    assert len(faults) == 1


def test_a_bomb_leaves_nothing_behind(tmp_path: Path) -> None:
    with open_fetcher(cache_folder=None) as fetcher:
        good, bomb = fetcher.members(_archive(tmp_path, _zip({"z.csv": b"0" * 30_000_000, "a.csv": b"x"})))
        assert isinstance(good, Content) and isinstance(bomb, Fault)
        assert list(good.path.parent.iterdir()) == [good.path]


def test_a_small_file_may_be_very_compressible(tmp_path: Path) -> None:
    contents, faults = _unpack(_archive(tmp_path, _zip({"a.csv": b"0" * 900_000})))
    assert [len(data) for data in contents.values()] == [900_000]
    assert faults == []


def test_all_members_together_are_bounded(tmp_path: Path) -> None:
    members = {f"{i}.bin": os.urandom(40_000) for i in range(4)}
    contents, faults = _unpack(_archive(tmp_path, _zip(members)), Limits(archive_bytes=100_000))
    assert len(contents) == 2
    assert len(faults) == 2


def test_members_beyond_the_limit_are_counted(tmp_path: Path) -> None:
    archive = _archive(tmp_path, _zip({f"{i:03}.csv": b"x" for i in range(12)}))
    contents, faults = _unpack(archive, Limits(archive_members=10))
    assert len(contents) == 10
    assert "12 fichiers" in faults[0].what


def test_a_huge_list_of_members_is_not_even_loaded(tmp_path: Path) -> None:
    raw = _zip({f"{i:06}-{'x' * 60}.csv": b"" for i in range(40_000)}, zipfile.ZIP_STORED)
    contents, faults = _unpack(_archive(tmp_path, raw))
    assert contents == {}
    assert "trop de fichiers" in faults[0].what


def test_a_second_end_record_does_not_hide_a_huge_list(tmp_path: Path) -> None:
    raw = bytearray(_zip({f"{i:06}-{'x' * 60}.csv": b"" for i in range(40_000)}, zipfile.ZIP_STORED))
    raw[-2:] = (22).to_bytes(2, "little")
    raw += b"PK\x05\x06" + bytes(18)
    contents, faults = _unpack(_archive(tmp_path, bytes(raw)))
    assert contents == {}
    assert "trop de fichiers" in faults[0].what


def test_names_written_by_french_windows_are_read(tmp_path: Path) -> None:
    raw = _zip({"d?lib.csv": b"x"}).replace(b"d?lib.csv", "délib.csv".encode("cp850"))
    assert list(_unpack(_archive(tmp_path, raw))[0]) == ["lot.zip › délib.csv"]


def test_names_written_by_a_mac_are_read(tmp_path: Path) -> None:
    raw = _zip({"d??lib.csv": b"x"}).replace(b"d??lib.csv", "délib.csv".encode())
    assert list(_unpack(_archive(tmp_path, raw))[0]) == ["lot.zip › délib.csv"]


def test_names_flagged_utf8_are_read(tmp_path: Path) -> None:
    assert list(_unpack(_archive(tmp_path, _zip({"œuvre.csv": b"x"})))[0]) == ["lot.zip › œuvre.csv"]


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_unusual_compression_is_told(tmp_path: Path, compression: int) -> None:
    _, faults = _unpack(_archive(tmp_path, _zip({"a.csv": b"x" * 99}, compression)))
    assert "inhabituelle" in faults[0].what


def test_a_member_with_a_wrong_checksum_is_told(tmp_path: Path) -> None:
    raw = _zip({"a.csv": b"x;y;z\n"}, zipfile.ZIP_STORED).replace(b"x;y;z\n", b"x;y;w\n")
    contents, faults = _unpack(_archive(tmp_path, raw))
    assert contents == {}
    assert "abîmé" in faults[0].what


def test_half_a_zip_is_told(tmp_path: Path) -> None:
    raw = _zip({"a.csv": os.urandom(5000)})
    assert "abîmée" in _unpack(_archive(tmp_path, raw[: len(raw) // 2]))[1][0].what


def test_a_gz_gives_its_one_file(tmp_path: Path) -> None:
    contents, faults = _unpack(_archive(tmp_path, gzip.compress(b"x;y\n"), "a.csv.gz"))
    assert contents == {"a.csv.gz › a.csv": b"x;y\n"}
    assert faults == []


@pytest.mark.parametrize("after", [b"", b"\0" * 600, b"signature", gzip.compress(b"", mtime=0)])
def test_a_gz_of_several_members_is_one_file_whatever_follows(tmp_path: Path, after: bytes) -> None:
    raw = gzip.compress(b"x;y\n") + gzip.compress(b"1;2\n") + after
    contents, faults = _unpack(_archive(tmp_path, raw, "a.csv.gz"))
    assert (list(contents.values()), faults) == ([b"x;y\n1;2\n"], [])


def test_a_gz_made_to_be_slow_to_read_is_read_at_once(tmp_path: Path) -> None:
    named_without_end = b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"a" * 50_000_000
    start = time.process_time()
    contents, faults = _unpack(_archive(tmp_path, named_without_end, "a.csv.gz"))
    assert time.process_time() - start < 2
    assert (contents, len(faults)) == ({}, 1)


@pytest.mark.parametrize("damage", [3, 20, -6, -1])
def test_a_damaged_gz_is_told(tmp_path: Path, damage: int) -> None:
    raw = bytearray(gzip.compress(b"x;y\n" * 100))
    raw[damage] ^= 0x55
    contents, faults = _unpack(_archive(tmp_path, bytes(raw), "a.csv.gz"))
    assert (contents, len(faults)) == ({}, 1)


def test_half_a_gz_is_told(tmp_path: Path) -> None:
    assert "abîmée" in _unpack(_archive(tmp_path, gzip.compress(os.urandom(999))[:500], "a.csv.gz"))[1][0].what


def test_a_gz_bomb_is_stopped(tmp_path: Path) -> None:
    contents, faults = _unpack(_archive(tmp_path, gzip.compress(b"0" * 50_000_000), "a.csv.gz"))
    assert contents == {}
    assert "démesuré" in faults[0].what


def test_a_tar_gz_stays_closed(tmp_path: Path) -> None:
    assert _unpack(_archive(tmp_path, gzip.compress(b"x"), "a.tar.gz"))[1]


def test_what_is_not_an_archive_is_told(tmp_path: Path) -> None:
    assert "pas une archive" in _unpack(_archive(tmp_path, b"x;y\n", "faux.zip"))[1][0].what


@pytest.mark.shared
def test_real_shapefile_zips_are_unpacked_whole(shared: Path) -> None:
    for path in sorted((shared / "samples" / "real").rglob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            expected = [info.filename for info in archive.infolist() if not info.is_dir()]
        contents, faults = _unpack(Content(path, path.name, path.stat().st_size, path.name))
        assert len(contents) + len(faults) == len([name for name in expected if "__MACOSX" not in name])
        assert faults == []
