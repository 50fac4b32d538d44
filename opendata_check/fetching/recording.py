"""Keeps every answer of a run in a folder, from which the same run can be made again without network.

``recording.json`` says what made it; ``answers/<question>.<nth>.json`` is the nth answer to a question, or how it
failed; ``bodies/<sha256>`` are the bodies. Names come from contents alone, so two recordings of the same audit are
equal byte for byte as far as the servers are. Each file comes in place whole: a run that is killed leaves a readable
recording of what it did. No secret is written: known ones are replaced by stars, wherever a server repeats them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from opendata_check import __version__
from opendata_check.fetching.errors import FetchingError, RecordingError, StorageError, storage_error
from opendata_check.fetching.limits import Limits
from opendata_check.fetching.naming import printable
from opendata_check.fetching.question import Answer, Question, digest_of
from opendata_check.fetching.secrecy import KnownSecrets, clean_url, is_plain_header, kept_url

FORMAT = 1
HEAD_FILE = "recording.json"
ANSWERS = "answers"
BODIES = "bodies"
_LONGEST_HEAD = 1_000_000
_LOCAL_FAILURES = ("storage", "unreadable_file", "interrupted")
"""They say nothing of any server."""


def recording_key(question: Question, secrets: KnownSecrets) -> str:
    """Return the key of a question, the same with and without the user's secrets."""
    return digest_of(
        [
            question.method,
            secrets.hide_text(clean_url(question.url)),
            str(question.beginning),
            _body_digest(question, secrets),
            *(f"{name}: {value}" for name, value in _plain_headers(question).items()),
        ]
    )


class Recorder:
    """Writes a recording. For several threads."""

    def __init__(self, folder: Path, extra: Mapping[str, Any] | None, limits: Limits) -> None:
        """Start a recording in a folder that is absent or empty. Raises RecordingError, StorageError."""
        self._folder = folder
        self._secrets = KnownSecrets()
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}
        self._left = limits.recording_bytes
        shown = printable(str(folder))
        try:
            if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
                raise RecordingError(
                    "ce dossier n'est pas vide : rien n'y est enregistré", where=shown, remedy="Donnez-en un autre."
                )
            (folder / ANSWERS).mkdir(parents=True)
            (folder / BODIES).mkdir()
        except OSError as error:
            raise self._storage_error() from error
        head = {"format": FORMAT, "tool": __version__, "extra": self._without_secrets(dict(extra or {}))}
        self._write_json(folder / HEAD_FILE, head)

    def answered(self, question: Question, answer: Answer, body: Path) -> None:
        """Keep an answer and its body. Raises StorageError."""
        self._secrets.learn_request(question.url, question.headers)
        hide = self._secrets.hide_text
        kept = {
            "status": answer.status,
            "final_url": hide(kept_url(answer.final_url)),
            "headers": {name: hide(value) for name, value in answer.headers.items()},
            "byte_size": answer.byte_size,
            "truncated": answer.truncated,
            "total_size": answer.total_size,
            "body": self._keep_body(body, answer.byte_size) if question.method != "HEAD" else "",
        }
        self._keep(question, {"answer": kept})

    def failed(self, question: Question, error: FetchingError) -> None:
        """Keep how a question failed. Raises StorageError."""
        if error.ground in _LOCAL_FAILURES:
            return
        self._secrets.learn_request(question.url, question.headers)
        hide = self._secrets.hide_text
        kept = {
            "class": type(error).__name__,
            "what": hide(error.what),
            "where": hide(error.where),
            "remedy": hide(error.remedy),
            "status": error.status,
            "temporary": error.temporary,
            "retry_after": None if error.retry_after is None else float(round(error.retry_after)),
            "beginning": self._secrets.hide(error.beginning).decode("latin-1"),
            "ground": error.ground,
            "flaw": getattr(error, "flaw", ""),
        }
        self._keep(question, {"failure": kept})

    def _keep(self, question: Question, outcome: dict[str, Any]) -> None:
        """Write one outcome after those of the same question."""
        key = recording_key(question, self._secrets)
        asked = {
            "method": question.method,
            "url": self._secrets.hide_text(clean_url(question.url)),
            "headers": _plain_headers(question),
            "body": _body_digest(question, self._secrets),
            "beginning": question.beginning,
        }
        with self._lock:
            count = self._counts[key] = self._counts.get(key, 0) + 1
            self._write_json(answer_file(self._folder, key, count), {"question": asked, **outcome})

    def _keep_body(self, body: Path, size: int) -> str:
        """Keep a body without secrets and return its digest; None in JSON when there is no room for it."""
        draft = self._folder / f"{uuid.uuid4().hex}.part"
        try:
            digest = self._secrets.copy(body, draft)
            target = self._folder / BODIES / digest
            with self._lock:
                if not target.exists():
                    if size > self._left:
                        return ""
                    self._left -= size
                    draft.replace(target)
        except OSError as error:
            raise self._storage_error() from error
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
        return digest

    def _without_secrets(self, value: Any) -> Any:
        """Return what the caller gave, without secrets, as JSON can hold it."""
        if isinstance(value, str):
            return self._secrets.hide_text(value)
        if isinstance(value, Mapping):
            return {str(name): self._without_secrets(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._without_secrets(item) for item in value]
        return value if value is None or isinstance(value, bool | int | float) else str(value)

    def _write_json(self, path: Path, value: Any) -> None:
        """Put a JSON file in place. Raises StorageError."""
        draft = self._folder / f"{uuid.uuid4().hex}.part"
        try:
            path.parent.mkdir(exist_ok=True)
            draft.write_text(
                json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
                encoding="utf-8",
                errors="surrogatepass",
                newline="\n",
            )
            draft.replace(path)
        except OSError as error:
            raise self._storage_error() from error
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)

    def _storage_error(self) -> StorageError:
        return storage_error(printable(str(self._folder)), "le dossier d'enregistrement ne peut pas être écrit")


def answer_file(folder: Path, key: str, count: int) -> Path:
    """Return where the answer of a question is kept, for the ``count``-th time it was asked (from 1)."""
    return folder / ANSWERS / key[:2] / f"{key}.{count:04d}.json"


def read_extra(folder: Path) -> dict[str, Any]:
    """Return what the caller of a recording wrote in it: the date, the target. Raises RecordingError."""
    extra = read_head(folder).get("extra")
    return dict(extra) if isinstance(extra, dict) else {}


def read_head(folder: Path) -> dict[str, Any]:
    """Return the head of a recording. Raises RecordingError when it is missing, damaged or of a newer version."""
    where = printable(str(folder))
    try:
        with (folder / HEAD_FILE).open("rb") as stream:
            head = json.loads(stream.read(_LONGEST_HEAD))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RecordingError(
            "ce dossier ne contient pas d'enregistrement", where=where, remedy="Donnez le dossier qu'a écrit --record."
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(where) from error
    version = head.get("format") if isinstance(head, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise damaged(where)
    if version > FORMAT:
        raise RecordingError(
            "cet enregistrement vient d'une version plus récente du programme",
            where=where,
            remedy="Mettez opendata-check à jour.",
        )
    return dict(head)


def damaged(where: str) -> RecordingError:
    """Return the error of a recording that cannot be read."""
    return RecordingError("cet enregistrement est abîmé", where=where, remedy="Refaites-le avec --record.")


def _plain_headers(question: Question) -> dict[str, str]:
    """Return the headers that change the answer and hold no secret."""
    named = {name.lower(): value for name, value in question.headers.items() if is_plain_header(name)}
    return dict(sorted(named.items()))


def _body_digest(question: Question, secrets: KnownSecrets) -> str:
    if question.body is None:
        return ""
    return hashlib.sha256(secrets.hide(question.body)).hexdigest()
