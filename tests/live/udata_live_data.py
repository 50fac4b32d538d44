"""What the live udata holds, written for the tests: made-up bodies of a made-up département, in the API's own words.

Every value is plain JSON; ``udata_live_app`` turns it into udata's documents. Nobody and nothing here is real.
"""

from __future__ import annotations

from typing import Any

ZONE = "fr:commune:99001"
KEY = "udata_key-of-a-member-for-tests-only"
"""The API key of the commune's only member."""
COMMUNE, METROPOLE, ETAT = "5a" * 12, "5b" * 12, "5c" * 12
SCHEMA = "etalab/schema-irve-statique"
ARCHIVED, PRIVATE, DELETED = 3, 2, 1
PUBLIC = 45
"""The commune's own datasets, by what becomes of them."""

LICENCES = [
    {"id": "lov2", "title": "Licence Ouverte 2.0", "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence"},
    {"id": "odc-odbl", "title": "ODbL", "url": "http://opendatacommons.org/licenses/odbl/summary/"},
    {"id": "cc-by", "title": "CC BY", "url": "http://www.opendefinition.org/licenses/cc-by"},
]
ZONES = [
    {"id": ZONE, "slug": "Ker-Exemple/99001", "name": "Ker-Exemple", "code": "99001", "level": "fr:commune"},
    {"id": "fr:epci:209900018", "slug": "Exempl/1", "name": "Exempl", "code": "209900018", "level": "fr:epci"},
]
LEVELS = [{"id": "fr:commune", "name": "Commune", "admin_level": 80}, {"id": "fr:epci", "name": "EPCI", "admin_level": 68}]  # fmt: skip
ORGANIZATIONS: list[dict[str, Any]] = [
    {
        "id": COMMUNE,
        "name": "Commune de Ker-Exemple",
        "acronym": "KEX",
        "slug": "commune-de-ker-exemple",
        "description": "Les données d'une commune inventée.",
        "business_number_id": "21990001600011",
        "badges": ["local-authority", "certified"],
    },
    {
        "id": METROPOLE,
        "name": "Exempl'Agglo",
        "slug": "exempl-agglo",
        "description": "Une agglomération inventée.",
        "business_number_id": "20990001800018",
        "badges": ["local-authority"],
    },
    {
        "id": ETAT,
        "name": "Direction de l'Exemple",
        "slug": "direction-de-l-exemple",
        "description": "Un service inventé.",
        "business_number_id": None,
        "badges": ["public-service"],
    },
]
_SUBJECTS = (
    ("deliberations", "Délibérations du conseil municipal", "annual", "lov2"),
    ("budget", "Budget primitif et compte administratif", "annual", "lov2"),
    ("marches-publics", "Marchés publics conclus", "quarterly", "lov2"),
    ("arbres", "Arbres d'alignement", "semiannual", "odc-odbl"),
    ("bornes-de-recharge", "Bornes de recharge des véhicules électriques", "weekly", "lov2"),
    ("menus", "Menus des cantines", "unknown", "cc-by"),
    ("subventions", "Subventions aux associations", "irregular", None),
    ("horaires", "Horaires des équipements", "fifteenMinutes", "lov2"),
)


def _resource(number: int, place: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"{number:08x}-0000-4000-8000-{place:012x}",
        "title": f"Fichier {place}",
        "description": "Une ligne par objet.",
        "type": "main",
        "filetype": "remote",
        "format": "csv",
        "mime": "text/csv",
        "filesize": 1000 + place,
        "checksum": {"type": "sha1", "value": f"{number * 1000 + place:040x}"},
        "url": f"https://donnees.ker-exemple.example.org/{number}/{place}.csv",
        "extras": {"check:available": place % 5 != 0, "check:status": 200 if place % 5 else 404},
        "created_at_internal": "2023-02-01T08:00:00",
        "last_modified_internal": "2026-05-04T08:00:00",
        **more,
    }


def _dataset(number: int, owner: str, **more: Any) -> dict[str, Any]:
    slug, title, frequency, licence = _SUBJECTS[number % len(_SUBJECTS)]
    return {
        "id": f"{number:024x}",
        "slug": f"{slug}-{number}",
        "title": f"{title} ({number})",
        "description": f"{title} : ce que la collectivité en publie, **mis à jour** par ses services. " * 2,
        "tags": [slug, "ker-exemple"],
        "frequency": frequency,
        "license": licence,
        "organization": owner,
        "created_at_internal": f"2023-01-{number % 28 + 1:02}T09:00:00",
        "last_modified_internal": "2026-06-07T09:00:00",
        "resources": [_resource(number, place) for place in range(number % 3 + 1)],
        **more,
    }


def _of_the_commune() -> list[dict[str, Any]]:
    """Return the commune's datasets: those with something worth telling first, then plain ones, then the hidden."""
    schema = {"name": SCHEMA, "version": "2.3.0"}
    harvest = {
        "backend": "DCAT",
        "domain": "data.ker-exemple.example.org",
        "remote_id": "parkings-2025",
        "remote_url": "https://data.ker-exemple.example.org/datasets/parkings-2025",
        "dct_identifier": "urn:ker-exemple:parkings-2025",
        "issued_at": "2021-04-05T00:00:00",
        "modified_at": "2025-09-10T00:00:00",
    }
    square = [[[[-3.2, 47.9], [-3.1, 47.9], [-3.1, 48.0], [-3.2, 48.0], [-3.2, 47.9]]]]
    told = [
        _dataset(1, COMMUNE, spatial={"zones": [ZONE], "granularity": "fr:commune"}),
        _dataset(2, COMMUNE, spatial={"geom": {"type": "MultiPolygon", "coordinates": square}}),
        _dataset(3, COMMUNE, harvest=harvest),
        _dataset(4, COMMUNE, resources=[_resource(4, 0, schema=schema), _resource(4, 1, type="documentation")]),
        _dataset(5, COMMUNE, resources=[_resource(5, place) for place in range(60)]),
        _dataset(6, COMMUNE, badges=["hvd"], tags=["hvd", "mobilite"]),
        _dataset(7, COMMUNE, access_type="open_with_account"),
        _dataset(8, COMMUNE, temporal_coverage={"start": "2024-01-01", "end": "2024-12-31"}),
        _dataset(9, COMMUNE, contact_points=[{"name": "Service des données", "email": "opendata@ker-exemple.example.org", "role": "contact"}]),
        _dataset(10, COMMUNE, resources=[]),
    ]  # fmt: skip
    plain = [_dataset(number, COMMUNE) for number in range(11, PUBLIC + 1)]
    number = PUBLIC + 1
    archived = [_dataset(number + i, COMMUNE, archived="2025-01-01T00:00:00") for i in range(ARCHIVED)]
    number += ARCHIVED
    private = [_dataset(number + i, COMMUNE, private=True) for i in range(PRIVATE)]
    number += PRIVATE
    deleted = [_dataset(number + i, COMMUNE, deleted="2025-02-02T00:00:00") for i in range(DELETED)]
    return told + plain + archived + private + deleted


DATASETS: list[dict[str, Any]] = [
    *_of_the_commune(),
    *(_dataset(100 + i, METROPOLE, spatial={"zones": [ZONE]}) for i in range(4)),
    *(_dataset(200 + i, METROPOLE) for i in range(3)),
    _dataset(300, ETAT, spatial={"zones": [ZONE]}, archived="2025-01-01T00:00:00"),
    _dataset(301, ETAT, spatial={"zones": [ZONE, "fr:epci:209900018"]}),
]
