from __future__ import annotations

import os
from pathlib import Path

import pytest

from opendata_check.fetching import UnreadableFileError, open_fetcher

posix_only = pytest.mark.skipif(os.name == "nt", reason="liens et tubes POSIX")


def _local(path: Path, root: Path):
    with open_fetcher(cache_folder=None) as fetcher:
        return fetcher.local(path, root)


def test_a_file_is_given_with_its_relative_origin(tmp_path: Path) -> None:
    (tmp_path / "sous").mkdir()
    file = tmp_path / "sous" / "a.csv"
    file.write_bytes(b"x;y\n")
    content = _local(file, tmp_path)
    assert (content.name, content.byte_size, content.origin, content.truncated) == ("a.csv", 4, "sous/a.csv", False)
    assert content.path.read_bytes() == b"x;y\n"


def test_a_file_may_be_its_own_root(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"")
    assert _local(file, file).origin == "a.csv"


def test_release_leaves_a_local_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"x")
    with open_fetcher(cache_folder=None) as fetcher:
        fetcher.release(fetcher.local(file, tmp_path))
    assert file.read_bytes() == b"x"


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="n'existe pas"):
        _local(tmp_path / "absent.csv", tmp_path)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError):
        _local(tmp_path, tmp_path)


@pytest.mark.parametrize("way", ["../secret.csv", "sous/../../secret.csv"])
def test_a_path_that_leaves_the_root_is_refused(tmp_path: Path, way: str) -> None:
    root = tmp_path / "racine"
    (root / "sous").mkdir(parents=True)
    (tmp_path / "secret.csv").write_bytes(b"x")
    with pytest.raises(UnreadableFileError, match="autre endroit"):
        _local(root / way, root)


@posix_only
def test_a_link_that_leaves_the_root_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "racine"
    root.mkdir()
    (tmp_path / "secret.csv").write_bytes(b"x")
    (root / "lien.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(UnreadableFileError, match="lien vers un autre endroit"):
        _local(root / "lien.csv", root)


@posix_only
def test_a_link_inside_the_root_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x")
    (tmp_path / "b.csv").symlink_to("a.csv")
    assert _local(tmp_path / "b.csv", tmp_path).name == "b.csv"


@posix_only
def test_a_loop_of_links_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to("b.csv")
    (tmp_path / "b.csv").symlink_to("a.csv")
    with pytest.raises(UnreadableFileError):
        _local(tmp_path / "a.csv", tmp_path)


@posix_only
def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tube.csv")
    with pytest.raises(UnreadableFileError, match="fichier ordinaire"):
        _local(tmp_path / "tube.csv", tmp_path)


@posix_only
def test_a_device_is_never_opened() -> None:
    with pytest.raises(UnreadableFileError, match="fichier ordinaire"):
        _local(Path("/dev/zero"), Path("/dev"))


@posix_only
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="l'administrateur lit tout")
def test_a_file_without_rights_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"x")
    file.chmod(0)
    with pytest.raises(UnreadableFileError, match="droits"):
        _local(file, tmp_path)
