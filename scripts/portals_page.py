"""Makes docs/portails.md and the schema of `portal --format json` from the kinds of source and the words below."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from types import ModuleType

from opendata_check.reports.portal.catalogue_json import SCHEMA_VERSION
from opendata_check.sources.finding.kinds import all_kinds, kind_of, name_of

DATASET = (
    ("id", "identifier", "identifiant, stable dans le catalogue"),
    ("identifiers", "otherIdentifier", "autres noms du même jeu : là où il a été moissonné, adresses, URI"),
    ("title", "title", "titre"),
    ("description", "description", "description, en texte simple"),
    ("license", "license", "licence, telle qu'écrite"),
    ("license_url", "licenseUrl", "adresse de la licence"),
    ("access_rights", "accessRights", "accès, tel que déclaré"),
    ("frequency", "accrualPeriodicity", "fréquence de mise à jour, telle que déclarée"),
    ("issued", "issued", "date de publication"),
    ("modified", "modified", "date du dernier changement des données, telle que déclarée"),
    ("metadata_modified", "metadataModified", "date du dernier changement de la fiche"),
    ("keywords", "keyword", "mots-clés"),
    ("themes", "theme", "thèmes"),
    ("language", "language", "langue"),
    ("spatial", "spatial", "territoire"),
    ("bbox", "bbox", "ouest, sud, est, nord, en degrés (WGS 84)"),
    ("temporal", "temporal", "période"),
    ("publisher", "publisher", "qui publie (jamais une personne)"),
    ("publisher_siren", "publisher.siren", "son SIREN"),
    ("contact", "contactPoint", "point de contact"),
    ("landing_page", "landingPage", "page du jeu"),
    ("series", "inSeries", "série ou fiche parente"),
    ("conforms_to", "conformsTo", "normes suivies"),
    ("applicable_legislation", "applicableLegislation", "législation déclarée (données de forte valeur)"),
    ("hvd_categories", "hvdCategory", "catégories de données de forte valeur"),
    ("harvested_from", "source", "d'où la fiche a été moissonnée"),
    ("about_others", "aboutOthers", "parle du territoire, mais quelqu'un d'autre le publie"),
    ("fields", "field", "colonnes documentées"),
    ("declared_quality", "declaredQuality", "ce que le portail pense de la fiche"),
    ("inspire", "inspire", "ce que dit une fiche ISO 19139 ou 19115-3 en plus"),
)
DISTRIBUTION = (
    ("id", "identifier", "identifiant dans le jeu"),
    ("title", "title", "titre"),
    ("description", "description", "description"),
    ("url", "downloadURL", "adresse du fichier ou du service"),
    ("access_url", "accessURL", "page qui y mène"),
    ("stable_url", "stableURL", "adresse que le portail promet de garder"),
    ("declared_format", "format", "format annoncé"),
    ("media_type", "mediaType", "type MIME annoncé"),
    ("byte_size", "byteSize", "taille annoncée, en octets"),
    ("checksum", "checksum", "empreinte, avec son algorithme"),
    ("issued", "issued", "date de publication"),
    ("modified", "modified", "date du dernier changement"),
    ("license", "license", "licence de ce fichier seul"),
    ("license_url", "licenseUrl", "adresse de cette licence"),
    ("schema_name", "conformsTo", "schéma déclaré"),
    ("schema_version", "schemaVersion", "sa version"),
    ("role", "role", "main, documentation, api, code ou other"),
    ("row_count", "rowCount", "nombre de lignes annoncé"),
    ("available", "declaredAvailable", "ce que le portail dit de ce lien"),
    ("asynchronous", "asynchronous", "le fichier est fabriqué à la demande"),
    ("synthesised", "synthesised", "adresse déduite de l'interface du portail"),
    ("service", "accessService", "service géographique : couche, formats, projections"),
)

_INTRO = """# Les portails

{made}
`opendata-check portal ADRESSE` lit le catalogue d'un portail, de quelque type qu'il soit, et le rend toujours sous la
même forme : les noms de DCAT. `opendata-check sources ADRESSE` dit le type d'un portail, et à quoi il a été reconnu.

## Ce qui est lu

| type | module | ce qu'on peut donner |
|---|---|---|
{kinds}

Un portail qui demande une clé : mettez-la dans la variable d'environnement `OPENDATA_CHECK_KEY_` suivie du nom du
serveur en majuscules, où un point devient un tiret bas et un trait d'union deux (pour `data.ma-ville.fr` :
`OPENDATA_CHECK_KEY_DATA_MA__VILLE_FR`). Elle n'est envoyée qu'à ce serveur et n'est écrite nulle part.

## Les champs du JSON

Dans `--format json`, chaque jeu est sous `datasets`, une seule fois, avec les endroits où il se trouve sous `place` et
ses fichiers sous `distribution` ([le schéma](schemas/portal.schema.json)).
"""


def page(made: str) -> str:
    """Return docs/portails.md."""
    kinds = list(all_kinds())
    rows = "\n".join(
        f"| {name_of(kind)} | `sources/{kind_of(kind)}.py` | {_cell(str(kind.ACCEPTS))} |" for kind in kinds
    )
    parts = [_INTRO.format(made=made, kinds=rows)]
    for title, _, fields in _FORMS:
        parts.append(f"### {title}\n")
        parts.append(_table(["champ", "sens"], ([f"`{shown}`", meaning] for _, shown, meaning in fields)))
    parts.append("## D'où vient chaque champ\n")
    parts.append(
        "Un champ absent : ce type de portail ne le dit pas. Les noms sont ceux de l'interface du portail ; « \\| » "
        "veut dire « à défaut ».\n"
    )
    for kind in kinds:
        if hasattr(kind, "MAPPING"):
            parts.append(f"### {name_of(kind)}\n")
            parts.append(_table(["champ", "lu dans"], _sources(kind)))
    return "\n".join(parts)


_FORMS = (("Jeu de données", "dataset", DATASET), ("Distribution", "distribution", DISTRIBUTION))


def _sources(kind: ModuleType) -> Iterator[list[str]]:
    """Yield each field that a kind fills, by its name in the JSON, with where it is read."""
    for _, prefix, fields in _FORMS:
        for field, shown, _ in fields:
            said = _cell(str(kind.MAPPING.get(f"{prefix}.{field}", "")))
            if said:
                yield [f"`{'' if prefix == 'dataset' else 'distribution.'}{shown}`", f"`{said}`"]


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("`", "'")


# ---- the schema of the JSON

_TEXT = {"type": "string"}
_DAY = {"anyOf": [{"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}, {"type": "null"}]}
_COUNT = {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]}
_TEXTS = {"type": "array", "items": _TEXT}
_YES = {"type": "boolean"}
_STATES = ["available", "not_ready", "refused", "unavailable", "unknown"]


def _closed(properties: dict[str, object], description: str = "") -> dict[str, object]:
    shape: dict[str, object] = {
        "type": "object", "additionalProperties": False, "required": sorted(properties), "properties": properties,
    }  # fmt: skip
    return {"description": description, **shape} if description else shape


def _texts(*names: str) -> dict[str, object]:
    return dict.fromkeys(names, _TEXT)


def _maybe(shape: dict[str, object]) -> dict[str, object]:
    return {"anyOf": [shape, {"type": "null"}]}


def _list(shape: dict[str, object], description: str = "") -> dict[str, object]:
    listed: dict[str, object] = {"type": "array", "items": shape}
    return {"description": description, **listed} if description else listed


def schema() -> str:
    """Return docs/schemas/portal.schema.json."""
    fault = _closed({"what": _TEXT, "where": _TEXT, "remedy": _TEXT})
    service = _closed(
        {"protocol": _TEXT, "version": _TEXT, "layer": _TEXT, "format": _TEXTS, "crs": _TEXTS, "count": _COUNT}
    )
    availability = _closed(
        {
            "state": {"enum": _STATES},
            "status": _COUNT, "finalUrl": _TEXT, "mediaType": _TEXT, "byteSize": _COUNT, "lastModified": _DAY,
            "ground": {**_TEXT, "description": "Nom court et stable de la raison."}, "detail": _TEXT,
            "typeDiffers": _YES, "sizeDiffers": _YES,
        },
        "Ce que l'essai du lien a donné.",
    )  # fmt: skip
    special = {
        "byteSize": _COUNT, "rowCount": _COUNT, "issued": _DAY, "modified": _DAY, "metadataModified": _DAY,
        "asynchronous": _YES, "synthesised": _YES, "aboutOthers": _YES,
        "declaredAvailable": _maybe({"type": "boolean"}),
        "keyword": _TEXTS, "theme": _TEXTS, "otherIdentifier": _TEXTS, "conformsTo": _TEXTS,
        "applicableLegislation": _TEXTS, "hvdCategory": _TEXTS, "alsoAt": _TEXTS, "downloadURL": _maybe(_TEXT),
        "bbox": _maybe({"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4}),
        "publisher": _closed({"name": _TEXT, "siren": _maybe(_TEXT)}),
        "accessService": _maybe(service),
        "field": _list(_closed({"name": _TEXT, "title": _TEXT, "type": _TEXT, "description": _TEXT})),
        "declaredQuality": {"type": "object", "additionalProperties": {"type": ["boolean", "number"]}},
        "inspire": _maybe(
            _closed(
                {
                    "hierarchyLevel": _TEXT, "theme": _TEXTS, "topicCategory": _TEXTS,
                    "conformity": _list(_closed({"specification": _TEXT, "pass": _maybe({"type": "boolean"})})),
                    "lineage": _TEXT, "accessConstraint": _TEXTS, "useConstraint": _TEXTS, "referenceSystem": _TEXTS,
                    "language": _TEXT, "metadataLanguage": _TEXT, "metadataContact": _YES, "resourceIdentifier": _TEXT,
                    "spatialResolution": _TEXT,
                    "missing": {**_TEXTS, "description": "Éléments obligatoires du règlement 1205/2008 qui manquent."},
                }
            )
        ),
    }  # fmt: skip

    def described(fields: tuple[tuple[str, str, str], ...], own: dict[str, object]) -> dict[str, object]:
        return {
            shown: {"description": meaning, **(own.get(shown) or special.get(shown) or _TEXT)}  # type: ignore[dict-item]
            for _, shown, meaning in fields
            if "." not in shown
        }

    distribution = described(DISTRIBUTION, {"conformsTo": _TEXT}) | {
        "alsoAt": {"description": "autres adresses du même fichier", **_TEXTS},
        "availability": _maybe(availability),
    }
    place = _closed(
        {"modified": _DAY, **_texts("location", "source", "identifier", "landingPage", "license", "harvestedFrom")},
        "Un des endroits où se trouve ce jeu.",
    )  # fmt: skip
    dataset = described(DATASET, {}) | {"place": _list(place), "distribution": _list(_closed(distribution))}
    finding = _closed(
        {
            **_texts("check", "axis", "outcome", "severity", "title", "message", "why", "remedy"),
            **_texts("dataset", "dataset_title", "evidence", "fingerprint"),
            "files": _TEXTS,
            "legal_basis": {"type": "array", "items": {"type": "object"}},
        }
    )  # fmt: skip
    catalog = _closed(
        {
            **_texts("source", "place", "location", "title", "software"),
            "complete": _YES, "interrupted": _YES, "announced": _COUNT, "seen": {"type": "integer", "minimum": 0},
            "leftOut": _list(
                _closed({"reason": _TEXT, "count": {"type": "integer", "minimum": 1}}),
                "Fiches vues et mises de côté, par raison.",
            ),
            "publisherSiren": _maybe(_TEXT), "publisherBadge": _TEXTS, "faults": _list(fault),
        }
    )  # fmt: skip
    source = _closed(_texts("url", "kind", "name", "label", "ground", "scope"))
    properties: dict[str, object] = {
        "schema_version": {"const": SCHEMA_VERSION},
        "tool": _closed({"name": {"const": "opendata-check"}, "version": _TEXT}),
        "on": {"type": "string", "format": "date", "description": "Date à laquelle on juge."},
        "target": _TEXT,
        "partial": {**_YES, "description": "Vrai quand une partie n'a pas été vue."},
        "links_checked": _YES,
        "sources": _list(source, "Ce qui a été demandé, et à quoi chaque type a été reconnu."),
        "catalogs": _list(catalog),
        "datasets": _list({"$ref": "#/$defs/dataset"}, "Les jeux, chacun une seule fois, par les noms de DCAT."),
        "findings": _list(finding, "Ce que le catalogue et les liens suffisent à juger."),
        "faults": _list(fault, "Ce qui n'a pas été vu."),
    }
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:opendata-check:portal:{SCHEMA_VERSION}",
        "title": "Réponse de la commande portal",
        "description": "Le catalogue d'un ou de plusieurs portails, sous la même forme quel que soit leur type.",
        **_closed(properties),
        "$defs": {"dataset": _closed(dataset)},
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
