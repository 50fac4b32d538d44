"""What the live CKAN holds: the datasets of a small region that does not exist, as communes publish them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_RECT = {"type": "Polygon", "coordinates": [[[-1.9, 47.7], [-1.9, 47.9], [-1.6, 47.9], [-1.6, 47.7], [-1.9, 47.7]]]}
_ZONE = {"text": "Val de Lin", "uri": "https://id.insee.fr/geo/commune/35328", "geom": _RECT}

SHOWCASE_SCHEMA: dict[str, Any] = {
    "scheming_version": 2,
    "dataset_type": "showcase",
    "about": "A type that is no dataset, as ckanext-showcase adds",
    "dataset_fields": [
        {"field_name": "title", "label": "Title", "preset": "title"},
        {"field_name": "name", "label": "URL", "preset": "dataset_slug"},
        {"field_name": "notes", "label": "Description"},
        {"field_name": "owner_org", "label": "Organization", "preset": "dataset_organization"},
    ],
    "resource_fields": [],
}

LICENSES = [
    {
        "id": identifier,
        "title": title,
        "url": url,
        "status": "active",
        "domain_content": "false",
        "domain_data": "true",
        "domain_software": "false",
        "family": "",
        "is_generic": "false",
        "od_conformance": "approved" if url else "not reviewed",
        "osd_conformance": "not reviewed",
        "maintainer": "",
    }
    for identifier, title, url in (
        (
            "lov2",
            "Licence Ouverte / Open Licence version 2.0",
            "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
        ),
        ("odc-odbl", "Open Data Commons Open Database License", "https://opendatacommons.org/licenses/odbl/"),
        ("cc-by", "Creative Commons Attribution", "https://creativecommons.org/licenses/by/4.0/"),
        ("other-open", "Autre (ouverte)", ""),
        ("notspecified", "Licence non spécifiée", ""),
    )
]
LICENSE_CYCLE = ("lov2", "odc-odbl", "lov2", "notspecified", "cc-by", "other-open", "etalab-2.0", "")

ORGANIZATIONS: list[dict[str, Any]] = [
    {
        "name": "ville-de-linbourg",
        "title": "Ville de Linbourg",
        "extras": [{"key": "siret", "value": "21350328700012"}],
    },
    {"name": "cc-du-val-de-lin", "title": "Communauté de communes du Val de Lin"},
    {"name": "syndicat-des-eaux", "title": "Syndicat des eaux du Lin"},
    {"name": "commune-silencieuse", "title": "Commune silencieuse"},
]
GROUPS: list[dict[str, Any]] = [
    {"name": "environnement", "title": "Environnement"},
    {"name": "vie-municipale", "title": "Vie municipale"},
]

_SUBJECTS = (
    ("deliberations", "Délibérations du conseil", "Texte des délibérations adoptées en séance.", "P3M", ("délibération", "conseil municipal"), "vie-municipale"),
    ("budget-primitif", "Budget primitif", "Budget primitif voté, par nature et par fonction.", "annual", ("budget", "finances"), "vie-municipale"),
    ("subventions", "Subventions aux associations", "Subventions de plus de 23 000 euros et conventions.", "annual", ("subvention",), "vie-municipale"),
    ("marches-publics", "Marchés publics", "Données essentielles des marchés.", "monthly", ("marchés publics", "commande publique"), "vie-municipale"),
    ("bornes-de-recharge", "Bornes de recharge", "Bornes pour véhicules électriques ouvertes au public.", "daily", ("irve", "mobilité"), "environnement"),
    ("qualite-de-l-eau", "Qualité de l'eau distribuée", "Analyses de l'eau au robinet.", "monthly", ("eau",), "environnement"),
    ("points-d-apport", "Points d'apport volontaire", "Colonnes de tri, verre et papier.", "irregular", ("déchets",), "environnement"),
    ("arbres", "Arbres remarquables", "Arbres de plus de cent ans.", "", ("arbres", "nature"), "environnement"),
    ("adresses", "Base adresse locale", "Adresses certifiées par la mairie.", "weekly", ("adresse", "bal"), "vie-municipale"),
)  # fmt: skip
YEARS = range(2013, 2025)
OWNERS = ("ville-de-linbourg", "cc-du-val-de-lin", "syndicat-des-eaux")

PUBLIC = len(_SUBJECTS) * len(YEARS)
"""Datasets that anybody sees: 108."""
OF_THE_TOWN = PUBLIC // len(OWNERS)
PRIVATE = 3
HARVESTED_EVERY = 9


def packages() -> Iterator[tuple[dict[str, Any], str]]:
    """Yield what to give ``package_create``, and the action to call on it then ("" for none)."""
    number = 0
    for year in YEARS:
        for subject in _SUBJECTS:
            yield _package(number, year, *subject), ""
            number += 1
    for index in range(PRIVATE):
        yield (
            _package(number + index, 2024, "brouillon", f"Brouillon {index}", "Pas encore public.", "", (), "")
            | {
                "name": f"brouillon-{index}",
                "owner_org": "ville-de-linbourg",
                "private": True,
            },
            "",
        )
    yield (
        {"name": "supprime", "title": "Jeu supprimé", "notes": "Retiré.", "owner_org": "ville-de-linbourg"},
        "package_delete",
    )
    yield (
        {
            "name": "carte-des-arbres",
            "title": "Carte des arbres",
            "notes": "Une réutilisation, qui n'est pas un jeu de données.",
            "owner_org": "ville-de-linbourg",
            "type": "showcase",
        },
        "",
    )


def _package(
    number: int, year: int, slug: str, title: str, notes: str, frequency: str, tags: tuple[str, ...], group: str
) -> dict[str, Any]:
    """Return one dataset, each a little other than the next."""
    name = f"{slug}-{year}"
    package: dict[str, Any] = {
        "name": name,
        "title": f"{title} {year}",
        "notes": f"{notes} Année {year}.\n\nProduit par le service *données*.",
        "owner_org": OWNERS[number % len(OWNERS)],
        "license_id": LICENSE_CYCLE[number % len(LICENSE_CYCLE)],
        "tags": [{"name": tag} for tag in tags],
        "groups": [{"name": group}] if group else [],
        "maintainer": "Service données",
        "maintainer_email": "opendata@val-de-lin.example",
        "frequency": frequency,
        "issued": f"{year}-03-01",
        "modified": f"{year}-12-15T10:30:00",
        "language": ["fr"],
        "access_rights": "http://publications.europa.eu/resource/authority/access-right/PUBLIC",
        "theme": ["http://publications.europa.eu/resource/authority/data-theme/GOVE"],
        "temporal_coverage": [{"start": f"{year}-01-01", "end": f"{year}-12-31"}],
        "spatial_coverage": [_ZONE],
        "contact": [{"name": "Mairie", "email": "mairie@val-de-lin.example"}],
        "resources": _resources(number, name),
    }
    if number % HARVESTED_EVERY == HARVESTED_EVERY - 1:
        package["extras"] = [
            {"key": "guid", "value": f"fr-{number:06}-{name}"},
            {"key": "harvest_object_id", "value": f"8f0c1b6a-0000-4000-8000-{number:012}"},
            {"key": "harvest_source_id", "value": "5d1c4f1e-7c2b-4b43-9a54-8f6a2f4f7a11"},
            {"key": "harvest_source_title", "value": "Géocatalogue régional"},
        ]
    elif number % 5 == 0:
        package["extras"] = [{"key": "territoire", "value": "Val de Lin"}]
    return package


def _resources(number: int, name: str) -> list[dict[str, Any]]:
    """Return a file, its documentation, and for some a service."""
    base = "https://donnees.val-de-lin.example"
    resources: list[dict[str, Any]] = [
        {
            "name": f"{name}.csv",
            "description": "Le fichier complet",
            "url": f"{base}/{name}.csv",
            "format": "CSV",
            "mimetype": "text/csv",
            "size": 1000 + number,
            "hash": f"{number:040x}",
            "modified": "2024-12-15",
            "resource_type": "file",
            "conforms_to": ["https://schema.data.gouv.fr/schemas/scdl/deliberations/2.1.3/schema.json"],
        },
        {"name": "Notice", "url": f"{base}/{name}.pdf", "format": "PDF", "resource_type": "documentation"},
    ]
    if number % 4 == 0:
        resources.append(
            {
                "name": f"lin:{name}",
                "url": f"{base}/geoserver/lin/ows?service=WFS&request=GetFeature&typeName=lin:{name}",
                "format": "WFS",
            }
        )
    return resources
