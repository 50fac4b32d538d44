"""Runs udata itself on a database held in memory, with what ``udata_live_data`` holds: ``python udata_live_app.py PORT``.

Only the Python of the lock ``requirements/live/udata.lock`` can run this: nothing else here imports udata.
"""

from __future__ import annotations

import logging
import sys
import warnings
from datetime import datetime
from typing import Any

import mongoengine.connection
import mongomock
import udata_live_data as told

warnings.simplefilter("ignore")
_REAL_ONLY = ("connect", "read_preference", "uuidRepresentation", "uuidrepresentation", "driver")


class MemoryClient(mongomock.MongoClient):
    """mongomock's client, deaf to the options that only a real MongoDB takes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{name: value for name, value in options.items() if name not in _REAL_ONLY})

    def append_metadata(self, *_: Any) -> None:
        """Accept what drivers say of themselves."""


def _memory_connection(alias: str, mongo_client_class: type, **settings: Any) -> MemoryClient:
    return MemoryClient(**settings)


mongoengine.connection._create_connection = _memory_connection  # the one door through which udata opens a database

from mongoengine.signals import post_save  # noqa: E402
from udata.app import create_app, standalone  # noqa: E402
from udata.settings import Defaults  # noqa: E402


def settings(port: int) -> type:
    """Return udata's settings for a portal that is its own front, without search engine, cache server or mail."""

    class Settings(Defaults):
        SECRET_KEY = "not-a-secret-" * 4
        API_TOKEN_SECRET = "not-a-secret-" * 6
        SECURITY_PASSWORD_SALT = "salt"
        SESSION_PROTECTION = None
        MONGODB_HOST = "mongodb://localhost:27017/udata"
        SERVER_NAME = None
        PREFERRED_URL_SCHEME = "http"
        CDATA_BASE_URL = f"http://127.0.0.1:{port}"
        CACHE_TYPE = "SimpleCache"
        CELERY_TASK_ALWAYS_EAGER = True
        ELASTICSEARCH_URL = None
        PLUGINS: tuple[str, ...] = ()
        SITE_ID = "default"
        DEFAULT_LANGUAGE = "fr"
        FS_ROOT = "fs"
        URLS_RESOLVE_HOSTNAME = False  # our files' hosts do not exist: no name is looked up

    return Settings


def load() -> None:
    """Save what the data module holds."""
    from udata.core.dataset.models import License
    from udata.core.site.models import Site
    from udata.core.spatial.models import GeoLevel, GeoZone

    Site(id="default", title="Portail de Ker-Exemple").save()
    for model, records in ((License, told.LICENCES), (GeoLevel, told.LEVELS), (GeoZone, told.ZONES)):
        for record in records:
            model(**record).save()
    post_save.receivers.clear()  # indexing, metrics and mail follow a save; none of them is served here
    member = _member()
    organizations = {record["id"]: _organization(record, member) for record in told.ORGANIZATIONS}
    for record in told.DATASETS:
        _dataset(record, organizations[record["organization"]])


def _member() -> Any:
    """Save the one user, who belongs to the commune and has an API key."""
    from udata.core.api_token.models import ApiToken, _hash_token
    from udata.core.user.models import User

    name = {"first_name": "Camille", "last_name": "Exemple", "email": "camille@ker-exemple.example.org"}
    user = User(**name, fs_uniquifier="camille", active=True).save()
    ApiToken(token_hash=_hash_token(told.KEY), token_prefix=told.KEY[:8], user=user, name="tests").save()
    return user


def _organization(record: dict[str, Any], member: Any) -> Any:
    """Save an organization with its badges; the commune has a member."""
    from udata.core.organization.models import Member, Organization, OrganizationBadge

    badges = [OrganizationBadge(kind=kind) for kind in record["badges"]]
    members = [Member(user=member, role="admin")] if record["id"] == told.COMMUNE else []
    return Organization(**{**record, "badges": badges, "members": members}).save()


def _dataset(record: dict[str, Any], organization: Any) -> None:
    """Save a dataset with its resources, zones, harvest and contacts."""
    from udata.core.contact_point.models import ContactPoint
    from udata.core.dataset import models
    from udata.core.spatial.models import GeoZone, SpatialCoverage

    kept = dict(record, organization=organization)
    kept["license"] = models.License.objects(id=record["license"]).first() if record["license"] else None
    kept["badges"] = [models.DatasetBadge(kind=kind) for kind in record.get("badges", ())]
    kept["resources"] = [_resource(resource) for resource in record["resources"]]
    if covered := record.get("spatial"):
        zones = [GeoZone.objects.get(id=zone) for zone in covered.get("zones", ())]
        kept["spatial"] = SpatialCoverage(**{**covered, "zones": zones})
    if harvested := record.get("harvest"):
        kept["harvest"] = models.HarvestDatasetMetadata(**_dated(harvested))
    if points := record.get("contact_points"):
        kept["contact_points"] = [ContactPoint(**point, organization=organization).save() for point in points]
    if period := record.get("temporal_coverage"):
        from udata.mongo.datetime_fields import DateRange

        days = {name: datetime.fromisoformat(day).date() for name, day in period.items()}
        kept["temporal_coverage"] = DateRange(**days)
    models.Dataset(**_dated(kept)).save()


def _resource(record: dict[str, Any]) -> Any:
    """Return a resource with its checksum and schema."""
    from udata.core.dataset import models

    kept = dict(record, checksum=models.Checksum(**record["checksum"]))
    if schema := record.get("schema"):
        kept["schema"] = models.Schema(**schema)
    return models.Resource(**_dated(kept))


def _dated(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record whose dates, written as text, are dates."""
    names = ("_at", "_internal", "archived", "deleted")
    return {
        name: datetime.fromisoformat(value) if isinstance(value, str) and name.endswith(names) else value
        for name, value in record.items()
    }


def main() -> None:
    """Serve on 127.0.0.1 until killed."""
    port = int(sys.argv[1])
    logging.disable(logging.WARNING)
    app = standalone(create_app(settings(port)))
    with app.app_context():
        load()
    app.run("127.0.0.1", port, threaded=False)


if __name__ == "__main__":
    main()
