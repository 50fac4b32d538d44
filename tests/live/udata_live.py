"""Starts a real udata (the software of data.gouv.fr, from PyPI) without the MongoDB and Redis it normally needs.

Its database is mongomock, in memory, so it differs from the real thing:

- full text search does not exist there: ``q=`` answers 500 (a body is found by its SIRET, not by its name);
- no search engine: ``/api/2/datasets/search/`` answers 501 to a ``q=`` and is deaf to the filters that only the
  engine knows (``producer_type``…), as any portal without Elasticsearch;
- nothing is indexed, and what a save normally sets off (metrics, activities, mails) is left out;
- it starts afresh each time: six seconds, and there is one thread.

Routes, permissions, masks, paging, marshalling, errors, DCAT are udata's own code, as on data.gouv.fr.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serving import LiveServer, free_port, run_server, venv_from_lock

_REPOSITORY = Path(__file__).resolve().parents[2]
_APP = Path(__file__).with_name("udata_live_app.py")
_SECONDS = 180.0


@contextmanager
def live_udata(folder: Path = _REPOSITORY / "build" / "live" / "udata") -> Iterator[LiveServer]:
    """Serve what ``udata_live_data`` holds until the block ends.

    Raises LiveUnavailableError when udata cannot be installed.
    """
    python = venv_from_lock(folder, _REPOSITORY / "requirements" / "live" / "udata.lock")
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    log = folder / "udata.log"
    ready = f"{base_url}/api/1/site/"
    with run_server([python, _APP, str(port)], {}, folder, log, ready=ready, seconds=_SECONDS):
        yield LiveServer(base_url)
