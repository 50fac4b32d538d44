"""Starts a real CKAN 2.12, with its own PostgreSQL and redis, and loads it once with a small region's datasets."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

from ckan_live_data import GROUPS, LICENSES, ORGANIZATIONS, SHOWCASE_SCHEMA, packages
from fake_solr import FakeSolr, fake_solr
from serving import LiveServer, LiveUnavailableError, free_port, run_server, tail, venv_from_lock, wait_until

_REPOSITORY = Path(__file__).resolve().parents[2]
_LOCK = _REPOSITORY / "requirements" / "live" / "ckan.lock"
_DEBIAN = ("postgresql", "redis-server", "libpq-dev", "libmagic1", "gcc", "libc6-dev")
_LOCAL = "127.0.0.1"
_SECRET = "for-tests-only-" + "0123456789" * 4
_INI = """
[DEFAULT]
debug = false

[app:main]
use = egg:ckan
ckan.site_id = default
ckan.site_url = {site_url}
ckan.site_title = Données du Val de Lin
ckan.locale_default = fr
SECRET_KEY = {secret}
sqlalchemy.url = postgresql://ckan@127.0.0.1:{postgres}/ckan
solr_url = {solr_url}
ckan.redis.url = redis://127.0.0.1:{redis}/0
ckan.storage_path = {folder}/storage
ckan.plugins = dcat structured_data scheming_datasets
ckan.search.rows_max = 40
licenses_group_url = file://{folder}/licenses.json
scheming.dataset_schemas = ckanext.dcat.schemas:dcat_ap_full.yaml file://{folder}/showcase.json
scheming.presets = ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml
ckanext.dcat.rdf.profiles = euro_dcat_ap_3 euro_dcat_ap_scheming

[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = plain
[logger_root]
level = WARNING
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain
[formatter_plain]
format = %(asctime)s %(levelname)s [%(name)s] %(message)s
"""


def start_ckan(folder: Path) -> AbstractContextManager[LiveServer]:
    """Run CKAN until the block ends; ``folder`` keeps its packages and its database for the next time.

    Raises LiveUnavailableError when something it needs cannot be had here.
    """
    return _start(folder.resolve())


@contextmanager
def _start(folder: Path) -> Iterator[LiveServer]:
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        alone = opened.enter_context((folder / "running.lock").open("w"))
        fcntl.flock(alone, fcntl.LOCK_EX)  # one at a time in this folder
        _ensure_debian_packages(folder / "apt.log")
        python = venv_from_lock(folder, _LOCK)
        _forget_if_changed(folder)
        postgres = opened.enter_context(_postgres(folder))
        redis = opened.enter_context(_redis(folder))
        schema = next(folder.glob("venv/lib/python3*/site-packages/ckan/config/solr/schema.xml"))
        solr = opened.enter_context(fake_solr(schema, folder / "index.json"))
        port = free_port()
        site_url = f"http://{_LOCAL}:{port}"
        ini = folder / "ckan.ini"
        ini.write_text(
            _INI.format(
                site_url=site_url, secret=_SECRET, postgres=postgres, redis=redis, solr_url=solr.url, folder=folder
            ),
            encoding="utf-8",
        )
        (folder / "licenses.json").write_text(json.dumps(LICENSES), encoding="utf-8")
        (folder / "showcase.json").write_text(json.dumps(SHOWCASE_SCHEMA), encoding="utf-8")
        ckan = (python.with_name("ckan"), "-c", ini)
        loaded = folder / "loaded.sha256"
        token = "" if loaded.exists() else _new_database(ckan, folder)
        opened.enter_context(
            run_server(
                [*ckan, "run", "--host", _LOCAL, "--port", str(port), "--disable-reloader"],
                {},
                folder,
                folder / "ckan.log",
                ready=f"{site_url}/api/3",
            )
        )
        if token:
            _load(site_url, token)
            _keep(solr, folder / "index.json")
            loaded.write_text(_stamp(), encoding="ascii")
        wait_until(f"{site_url}/api/3/action/status_show", 30)
        yield LiveServer(site_url)


def _ensure_debian_packages(log: Path) -> None:
    """Install PostgreSQL and redis when they are not there. Raises LiveUnavailableError."""
    if _postgres_program("initdb") and shutil.which("redis-server"):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise LiveUnavailableError("PostgreSQL ou redis manque, et seul root peut les installer (apt-get)")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", *_DEBIAN]
    with log.open("wb") as out:
        for command in (["apt-get", "update"], install):
            done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    if done.returncode != 0:
        raise LiveUnavailableError(f"apt-get n'a pas pu installer PostgreSQL et redis :\n{tail(log)}")


def _postgres_program(name: str) -> Path | None:
    """Return a program of the newest PostgreSQL that Debian installed, None when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return found[-1] if found else None


def _stamp() -> str:
    """Return a digest of all that makes the database what it is."""
    here = Path(__file__).parent
    parts = (_LOCK, here / "ckan_live.py", here / "ckan_live_data.py", here / "fake_solr.py")
    return hashlib.sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()


def _forget_if_changed(folder: Path) -> None:
    """Delete the database and the index unless they were fully loaded by what these files are now."""
    loaded = folder / "loaded.sha256"
    if loaded.exists() and loaded.read_text(encoding="ascii") == _stamp():
        return
    loaded.unlink(missing_ok=True)
    (folder / "index.json").unlink(missing_ok=True)
    for name in ("postgres", "storage"):
        shutil.rmtree(folder / name, ignore_errors=True)


@contextmanager
def _postgres(folder: Path) -> Iterator[int]:
    """Run PostgreSQL on a free port of 127.0.0.1, as the user postgres when we are root (it refuses to be root's)."""
    user = "postgres" if os.geteuid() == 0 else None
    data = folder / "postgres"
    if not data.exists():
        data.mkdir()
        if user:
            shutil.chown(data, user, user)
        options: list[str | Path] = [
            "--pgdata",
            data,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--username=ckan",
        ]
        _run([_program("initdb"), *options], folder / "initdb.log", user)
    port = free_port()
    server: list[str | Path] = [_program("postgres"), "-D", data, "-p", str(port), "-c", f"listen_addresses={_LOCAL}"]
    server += ["-c", "unix_socket_directories=", "-c", "fsync=off"]
    with run_server(server, {}, data, folder / "postgres.log", user=user):
        address = ["--host", _LOCAL, "--port", str(port)]
        _retry([_program("pg_isready"), *address], folder / "postgres.log")
        yield port


def _program(name: str) -> Path:
    found = _postgres_program(name)
    if found is None:
        raise LiveUnavailableError(f"le programme {name} de PostgreSQL manque")
    return found


@contextmanager
def _redis(folder: Path) -> Iterator[int]:
    """Run redis on a free port of 127.0.0.1; it keeps nothing on disk."""
    port = free_port()
    server = ["redis-server", "--port", str(port), "--bind", _LOCAL, "--save", "", "--daemonize", "no"]
    with run_server(server, {}, folder, folder / "redis.log"):
        _retry(["redis-cli", "-h", _LOCAL, "-p", str(port), "ping"], folder / "redis.log")
        yield port


def _retry(command: list[str | Path], log: Path) -> None:
    """Run ``command`` until it succeeds, thirty times at most. Raises RuntimeError."""
    for _ in range(30):
        if subprocess.run([str(part) for part in command], capture_output=True).returncode == 0:
            return
        time.sleep(0.3)
    raise RuntimeError(f"« {Path(command[0]).name} » n'obtient pas de réponse :\n{tail(log)}")


def _run(command: list[str | Path], log: Path, user: str | None = None) -> str:
    """Return what ``command`` wrote. Raises RuntimeError with its end."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )
    log.write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode != 0:
        raise RuntimeError(f"« {Path(command[0]).name} » a échoué :\n{tail(log)}")
    return done.stdout


def _new_database(ckan: tuple[Path, str, Path], folder: Path) -> str:
    """Make the tables and an administrator, whose API token is returned."""
    postgres = ckan[2].read_text(encoding="utf-8").partition("ckan@127.0.0.1:")[2].partition("/")[0]
    address = ["--host", _LOCAL, "--port", postgres, "--username=ckan"]
    _run([_program("createdb"), *address, "ckan"], folder / "createdb.log")
    _run([*ckan, "db", "init"], folder / "db-init.log")
    person = ["admin", "email=admin@val-de-lin.example", "password=for-tests-only"]
    _run([*ckan, "user", "add", *person], folder / "user-add.log")
    _run([*ckan, "sysadmin", "add", "admin"], folder / "sysadmin-add.log")
    said = _run([*ckan, "user", "token", "add", "admin", "tests"], folder / "token.log")
    (folder / "token.log").unlink()
    return next(word for word in reversed(said.split()) if word.startswith("ey"))


def _load(site_url: str, token: str) -> None:
    """Create the organizations, the groups and the datasets by CKAN's API."""
    call = _caller(site_url, token)
    for organization in ORGANIZATIONS:
        call("organization_create", organization)
    for group in GROUPS:
        call("group_create", group)
    for package, action in packages():
        made = call("package_create", package)
        if action:
            call(action, {"id": made["id"]})


def _caller(site_url: str, token: str) -> Callable[[str, Mapping[str, Any]], dict[str, Any]]:
    """Return a function that calls an action of CKAN's API."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(action: str, data: Mapping[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{site_url}/api/3/action/{action}",
            data=json.dumps(data).encode(),
            headers={"Content-Type": "application/json", "Authorization": token},
        )
        try:
            with opener.open(request, timeout=60) as answer:
                return dict(json.load(answer)["result"] or {})
        except urllib.error.HTTPError as error:
            with error:
                raise RuntimeError(f"{action} {data.get('name')} : {error.read()[:1000]!r}") from error

    return call


def _keep(solr: FakeSolr, path: Path) -> None:
    """Write the index, for the next start."""
    path.write_text(json.dumps(solr.docs), encoding="utf-8")
