"""Tapes (tar) and gz are listed without being unpacked, cut and hostile ones too."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from opendata_check.inspection import inspect
from opendata_check.inspection.archives import zip as archive
from opendata_check.model.content import Content
from opendata_check.model.facts import ContentFacts


def content_of(path: Path) -> Content:
    return Content(path, path.name, path.stat().st_size, path.name)


def inspected(path: Path, data: bytes) -> ContentFacts:
    path.write_bytes(data)
    return inspect(content_of(path))


def tape(members: Mapping[str, bytes | tarfile.TarInfo], mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode, format=tarfile.USTAR_FORMAT) as file:  # type: ignore[call-overload]
        for name, data in members.items():
            info = data if isinstance(data, tarfile.TarInfo) else tarfile.TarInfo(name)
            if isinstance(data, bytes):
                info.size = len(data)
            file.addfile(info, io.BytesIO(data) if isinstance(data, bytes) else None)
    return stream.getvalue()


def listed(facts: ContentFacts) -> archive.ArchiveFacts:
    assert facts.archive is not None
    return facts.archive


@pytest.mark.parametrize(("mode", "name"), [("w", "lot.tar"), ("w:gz", "lot.tar.gz"), ("w:gz", "donnees.csv")])
def test_a_tape_is_listed_plain_or_packed(tmp_path: Path, mode: str, name: str) -> None:
    facts = inspected(tmp_path / name, tape({"a/arbres.csv": b"x" * 900, "b.json": b"{}"}, mode))
    found = listed(facts)
    assert [(member.name, member.byte_size) for member in found.members] == [("a/arbres.csv", 900), ("b.json", 2)]
    assert (found.formats, found.total_size, found.dangers, found.partly_read) == (("csv", "json"), 902, (), False)
    assert (facts.envelope.detected, facts.envelope.variety) == (("tar", "") if mode == "w" else ("gz", "tar"))


def test_the_dangers_of_a_tape_are_told(tmp_path: Path) -> None:
    link = tarfile.TarInfo("lien.csv")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    found = listed(inspected(tmp_path / "a.tar", tape({"../evil.csv": b"x", "lien.csv": link, "b.7z": b"x"})))
    assert [danger.split(" : ")[1] for danger in found.dangers] == [
        "le chemin remonte hors de l’archive", "c’est un lien vers un autre fichier", "c’est une archive dans l’archive, elle n’est pas ouverte"
    ]  # fmt: skip


def test_a_gz_says_what_it_holds(tmp_path: Path) -> None:
    found = listed(inspected(tmp_path / "arbres.csv.gz", gzip.compress(b"a;b\n" * 100)))
    assert [(member.name, member.byte_size) for member in found.members] == [("arbres.csv", 400)]
    assert (found.formats, found.dangers) == (("csv",), ())
    bomb = listed(inspected(tmp_path / "bombe.csv.gz", gzip.compress(bytes(30_000_000))))
    assert "piégée" in bomb.dangers[0]


def test_a_cut_tape_is_listed_up_to_the_cut(tmp_path: Path) -> None:
    whole = tape({f"{number}.csv": b"x" * 600 for number in range(50)}, "w:gz")
    found = listed(inspected(tmp_path / "a.tgz", whole[: len(whole) // 2]))
    assert found.partly_read
    plain = tape({f"{number}.csv": b"x" * 600 for number in range(50)})
    found = listed(inspected(tmp_path / "a.tar", plain[: 512 * 3 * 10 + 700]))
    assert (found.partly_read, found.member_count) == (True, 11)


def test_a_tape_of_absurd_sizes_does_not_last(tmp_path: Path) -> None:
    header = bytearray(tape({"a.csv": b""})[:512])
    header[124:136] = b"\x80" + b"\xff" * 11
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    started = time.monotonic()
    assert listed(inspected(tmp_path / "a.tar", bytes(header))).partly_read
    inspected(tmp_path / "b.tgz", gzip.compress(bytes(header) + bytes(50_000_000)))
    many = gzip.compress(tape({f"{number}": b"" for number in range(30_000)}))
    assert listed(inspected(tmp_path / "c.tgz", many)).partly_read
    assert time.monotonic() - started < 6


def test_damaged_tapes_give_facts(tmp_path: Path) -> None:
    for mode in ("w", "w:gz"):
        source = tape({"a.csv": b"a;b\n" * 300, "b.csv": b"x"}, mode)
        for seed in range(100):
            chance = random.Random(seed)
            data = bytearray(source[: chance.randrange(2, len(source))] if seed % 2 else source)
            for _ in range(chance.choice([1, 5, 30])):
                data[chance.randrange(2, len(data) + 1) - 1] = chance.randrange(256)
            inspected(tmp_path / "a.tar", bytes(data))
