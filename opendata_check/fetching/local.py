"""Local files: ordinary ones only, and never outside the folder the user named."""

from __future__ import annotations

import stat
from pathlib import Path

from opendata_check.fetching.errors import UnreadableFileError
from opendata_check.fetching.naming import file_name, shown_path
from opendata_check.model.content import Content

_DEVICE = "ce n'est pas un fichier ordinaire : il n'est pas lu"


def local_content(path: Path, root: Path) -> Content:
    """Return the file at ``path``, whose real place must be inside ``root`` (or be ``root`` itself).

    Raises UnreadableFileError when it is missing, a folder, a device, a pipe, a link that leaves ``root``, or cannot
    be opened.
    """
    real_root = root.resolve()
    try:
        relative = path.absolute().relative_to(root.absolute())
    except ValueError:
        relative = Path(path.name)
    origin = shown_path(relative) if relative.parts else shown_path(Path(path.name))
    try:
        real = path.resolve(strict=True)
        if real != real_root and not real.is_relative_to(real_root):
            raise UnreadableFileError(
                "ce fichier est un lien vers un autre endroit : il n'est pas suivi",
                where=origin,
                remedy="Copiez le fichier dans le dossier.",
            )
        status = real.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFileError(_DEVICE, where=origin)
        with real.open("rb"):
            pass
    except FileNotFoundError as error:
        raise UnreadableFileError("ce fichier n'existe pas", where=origin, remedy="Vérifiez le chemin.") from error
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links
        raise UnreadableFileError(
            "ce fichier ne peut pas être lu", where=origin, remedy="Vérifiez les droits d'accès."
        ) from error
    return Content(path=real, name=file_name(shown_path(Path(path.name))), byte_size=status.st_size, origin=origin)
