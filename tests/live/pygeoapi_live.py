"""Starts a real pygeoapi (OGC API Records and OGC API Features, from PyPI) on records and features written here.

pygeoapi 0.21 is the newest for Python 3.11. Records are in TinyDB, features in a GeoJSON file: its own two simplest
stores, whose paging, links and errors are those of any other.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any

from serving import LiveServer, free_port, run_server, venv_from_lock

_REPOSITORY = Path(__file__).resolve().parents[2]
RECORDS = 27
"""Datasets of the catalogue ``jeux``."""
SERVICES = 2
_LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"


def record(number: int, **changes: Any) -> dict[str, Any]:
    """Return a record of the standard, as a commune would write it."""
    identifier = f"jeu-{number:03d}"
    properties = {
        "type": "dataset",
        "title": f"Jeu de données {number}",
        "description": f"Ce jeu décrit le thème {number} de la commune.",
        "created": "2021-02-03T00:00:00Z",
        "updated": "2025-01-15T10:00:00Z",
        "keywords": ["urbanisme", f"thème {number}"],
        "themes": [{"concepts": [{"id": "Usage des sols"}], "scheme": "https://inspire.ec.europa.eu/theme"}],
        "language": {"code": "fr"},
        "license": "LO-2.0",
        "rights": "Accès libre",
        "contacts": [
            {
                "name": "Marie Durand",
                "organization": "Ville d'Exempleville",
                "emails": [{"value": "sig@exempleville.fr"}],
                "roles": ["publisher"],
            }
        ],
        "externalIds": [{"scheme": "default", "value": f"https://exempleville.fr/id/{identifier}"}],
        "formats": [{"name": "CSV", "mediaType": "text/csv"}],
    }
    return {
        "id": identifier,
        "type": "Feature",
        "conformsTo": ["http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"],
        "time": {"interval": ["2020-01-01", "2024-12-31"]},
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[7.29, 47.72], [7.36, 47.72], [7.36, 47.78], [7.29, 47.78], [7.29, 47.72]]],
        },
        "properties": properties | changes,
        "links": [
            {"rel": "enclosure", "type": "text/csv", "title": "Données", "href": f"https://exempleville.fr/{identifier}.csv", "length": 2048},
            {"rel": "item", "type": "OGC:WFS", "title": f"ville:{identifier}", "href": "https://exempleville.fr/geoserver/wfs"},
            {"rel": "license", "title": "Licence Ouverte 2.0", "href": _LICENCE},
        ],
    }  # fmt: skip


def _features() -> dict[str, Any]:
    """Return points, as a GeoJSON file holds them."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": number,
                "geometry": {"type": "Point", "coordinates": [7.3 + number / 1000, 47.75]},
                "properties": {"nom": f"Arbre {number}", "essence": "tilleul"},
            }
            for number in range(37)
        ],
    }


def _resource(title: str, provider: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "collection",
        "title": title,
        "description": f"{title} d'Exempleville",
        "keywords": ["Exempleville"],
        "links": [
            {"type": "text/html", "rel": "canonical", "title": "page", "href": "https://exempleville.fr/page", "hreflang": "fr"},
            {"type": "text/html", "rel": "license", "title": "Licence Ouverte 2.0", "href": _LICENCE},
        ],
        "extents": {
            "spatial": {"bbox": [7.29, 47.72, 7.36, 47.78], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"},
            "temporal": {"begin": "2020-01-01", "end": "2024-12-31"},
        },
        "providers": [provider],
    }  # fmt: skip


def _settings(base_url: str, data: Path) -> dict[str, Any]:
    """Return pygeoapi's settings: JSON is YAML."""
    who = dict.fromkeys(
        ("name", "position", "address", "city", "stateorprovince", "postalcode", "country", "phone", "fax", "hours"),
        "x",
    )
    records = {
        "type": "record",
        "name": "TinyDBCatalogue",
        "data": str(data / "records.tinydb"),
        "id_field": "externalId",
        "time_field": "created",
        "title_field": "title",
    }
    features = {"type": "feature", "name": "GeoJSON", "data": str(data / "arbres.geojson"), "id_field": "id"}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": int(base_url.rpartition(":")[2])},
            "url": base_url,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["fr-FR"],
            "pretty_print": False,
            "limits": {"default_items": 10, "max_items": 10},
            "map": {"url": "https://tile.example/{z}/{x}/{y}.png", "attribution": "x"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": "API d'Exempleville",
                "description": "Les données de la commune",
                "keywords": ["urbanisme"],
                "keywords_type": "theme",
                "terms_of_service": _LICENCE,
                "url": "https://exempleville.fr",
            },
            "license": {"name": "Licence Ouverte 2.0", "url": _LICENCE},
            "provider": {"name": "Ville d'Exempleville", "url": "https://exempleville.fr"},
            "contact": {**who, "email": "sig@exempleville.fr", "url": "https://exempleville.fr", "instructions": "x", "role": "x"},
        },
        "resources": {"jeux": _resource("Catalogue", records), "arbres": _resource("Arbres", features)},
    }  # fmt: skip


@contextmanager
def live_pygeoapi(folder: Path = _REPOSITORY / "build" / "live" / "pygeoapi") -> Iterator[LiveServer]:
    """Serve the records (collection ``jeux``) and the features (``arbres``) until the block ends.

    Raises LiveUnavailableError when pygeoapi cannot be installed.
    """
    python = venv_from_lock(folder, _REPOSITORY / "requirements" / "live" / "pygeoapi.lock")
    data = folder / "data"
    rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    records = [record(number) for number in range(1, RECORDS + 1)]
    records += [record(number, type="service") for number in range(RECORDS + 1, RECORDS + SERVICES + 1)]
    for known in records:  # where TinyDBCatalogue looks for words; it does not give it back
        known["properties"]["_metadata-anytext"] = json.dumps(known["properties"], ensure_ascii=False)
    stored = {str(number): known for number, known in enumerate(records, start=1)}
    (data / "records.tinydb").write_text(json.dumps({"_default": stored}), encoding="utf-8")
    (data / "arbres.geojson").write_text(json.dumps(_features()), encoding="utf-8")
    base_url = f"http://127.0.0.1:{free_port()}"
    settings, openapi = data / "settings.yml", data / "openapi.yml"
    settings.write_text(json.dumps(_settings(base_url, data)), encoding="utf-8")
    environment = {"PYGEOAPI_CONFIG": str(settings), "PYGEOAPI_OPENAPI": str(openapi)}
    generate = [str(python.parent / "pygeoapi"), "openapi", "generate", str(settings), "--output-file", str(openapi)]
    done = subprocess.run(
        generate, env={"PATH": "/usr/bin:/bin", **environment}, cwd=data, capture_output=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode("utf-8", "replace")[-2_000:])
    serve = [python, "-m", "gunicorn", "-b", base_url.removeprefix("http://"), "pygeoapi.flask_app:APP"]
    with run_server(serve, environment, data, folder / "pygeoapi.log", ready=f"{base_url}/?f=json"):
        yield LiveServer(base_url)
