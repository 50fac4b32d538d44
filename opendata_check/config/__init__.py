"""Reads `opendata-check.toml` (or pyproject.toml): who the organization is and what it declares about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from opendata_check.config.lines import Key
from opendata_check.config.writing import FILE_NAME, PROJECT_FILE, Written, text_of, written
from opendata_check.errors import ConfigError
from opendata_check.model.organization import (
    DeclaredFact,
    EvidenceKind,
    Organization,
    OrganizationKind,
    PopulationFigures,
)
from opendata_check.wording import kind_named

__all__ = [
    "FILE_NAME", "PARTS", "PROJECT_FILE", "Config", "Written", "described", "find", "organization_from", "read",
    "text_of", "written",
]  # fmt: skip

PARTS = ("organization", "declarations", "gate", "store")
"""The parts of the file; each is read by whoever needs it."""
_STORE_KEYS = {"path", "keep-reports"}
_MAX_NUMBER = 1e12
_YEARS = (1990, 2100)
_MISPLACED = {
    "population": "population_municipale", "population_municipale": "population_municipale",
    "population_totale": "population_totale", "agents_etp": "agents_etp", "agents_effectif": "agents_effectif",
    "kind": "kind", "code": "code", "name": "name",
}  # fmt: skip
"""What belongs under [organization], by the name somebody may write under [declarations]."""
_FRENCH_KEYS = {"nom": "name", "nature": "kind", "code_insee": "code", "siren": "code", "agents": "agents_etp",
                "population": "population_municipale"}  # fmt: skip
_SAID = {"oui": True, "non": False}
_ORGANIZATION_KEYS = {
    "name", "kind", "code", "departement_code", "departement_name", "population_municipale", "population_totale",
    "population_date", "agents_etp", "agents_etp_date", "agents_etp_note", "agents_effectif", "agents_effectif_date",
    "agents_effectif_note", "population_note",
}  # fmt: skip
_NOTES = ("agents_etp_note", "agents_effectif_note", "population_note")
"""Who answered: kept for the file's own readers."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the file says; everything is optional."""

    path: Path | None = None
    name: str = ""
    code: str = ""
    """INSEE code, SIREN or SIRET: the national reference then gives the rest."""
    kind: OrganizationKind | None = None
    departement_code: str | None = None
    departement_name: str | None = None
    population: PopulationFigures | None = None
    agents_etp: float | None = None
    agents_etp_date: date | None = None
    agents_effectif: int | None = None
    agents_effectif_date: date | None = None
    declarations: tuple[DeclaredFact, ...] = ()
    store: Path | None = None
    """File of audits where what is audited is kept."""
    keep_reports: bool = False
    """True when whole reports are kept there too."""

    @property
    def names_someone(self) -> bool:
        """Return True when the file says who the organization is."""
        return bool(self.name or self.code)


def find(target: Path) -> Path | None:
    """Return the configuration beside the data (in the folder, or in the file's folder), or None."""
    folder = target if target.is_dir() else target.parent
    candidate = folder / FILE_NAME
    return candidate if candidate.is_file() else None


def read(path: Path) -> Config:
    """Read one file.

    Raises ConfigError with the file, the line, the key and what to write instead.
    """
    return described(written(path))


def described(settings: Written) -> Config:
    """Return what a file says of the organization. Raises ConfigError."""
    try:
        return _config(settings.path, settings.content)
    except _WrongSettingError as error:
        raise settings.wrong(error.key, error.said) from None


def _config(path: Path, content: Mapping[str, Any]) -> Config:
    for key in content:
        if key not in PARTS:
            close = get_close_matches(key, PARTS, n=1)
            hint = (
                f"vouliez-vous écrire [{close[0]}] ?" if close else f"il y a {', '.join(f'[{one}]' for one in PARTS)}"
            )
            raise _wrong(path, key, f"cette partie n'existe pas ; {hint}")
    organization = content.get("organization", {})
    declarations = content.get("declarations", {})
    if not isinstance(organization, dict):
        raise _wrong(path, "organization", "on attend une partie [organization]")
    if not isinstance(declarations, dict):
        raise _wrong(path, "declarations", "on attend une partie [declarations]")
    for key in organization:
        if key not in _ORGANIZATION_KEYS:
            close = [_FRENCH_KEYS[key]] if key in _FRENCH_KEYS else get_close_matches(key, _ORGANIZATION_KEYS, n=1)
            hint = f"vouliez-vous écrire « {close[0]} » ?" if close else f"il y a {_listed(_ORGANIZATION_KEYS)}"
            raise _wrong(path, f"organization.{key}", f"ce réglage n'existe pas ; {hint}")
    for note in _NOTES:
        _text(path, organization, note)
    people = _number(path, organization, "agents_effectif")
    return Config(
        path=path,
        name=_text(path, organization, "name"),
        code=_text(path, organization, "code"),
        kind=_kind(path, organization),
        departement_code=_text(path, organization, "departement_code") or None,
        departement_name=_text(path, organization, "departement_name") or None,
        population=_population(path, organization),
        agents_etp=_number(path, organization, "agents_etp"),
        agents_etp_date=_date(path, organization, "agents_etp_date"),
        agents_effectif=None if people is None else int(people),
        agents_effectif_date=_date(path, organization, "agents_effectif_date"),
        declarations=_declarations(path, declarations),
        store=_store(path, content.get("store", {})),
        keep_reports=content.get("store", {}).get("keep-reports", False),
    )


def _store(path: Path, table: Any) -> Path | None:
    """Return the file of audits that ``[store]`` names, counted from the settings' folder. Raises ConfigError."""
    if not isinstance(table, dict):
        raise _WrongSettingError(path, ("store",), "store : on attend une partie [store]")
    for key in table:
        if key not in _STORE_KEYS:
            close = get_close_matches(key, _STORE_KEYS, n=1)
            hint = f"vouliez-vous écrire « {close[0]} » ?" if close else f"il y a {_listed(_STORE_KEYS)}"
            raise _WrongSettingError(path, ("store", key), f"store.{key} : ce réglage n'existe pas ; {hint}")
    if not isinstance(table.get("keep-reports", False), bool):
        raise _WrongSettingError(
            path, ("store", "keep-reports"), "store.keep-reports : on attend true (oui) ou false (non)"
        )
    name = table.get("path")
    if name is None:
        return None
    if not isinstance(name, str) or not name.strip() or len(name) > 1000 or "\0" in name:
        raise _WrongSettingError(
            path, ("store", "path"), 'store.path : on attend un nom de fichier entre guillemets, comme "audits.db"'
        )
    inside = Path(name)
    if inside.is_absolute() or ".." in inside.parts or inside.drive:
        raise _WrongSettingError(
            path,
            ("store", "path"),
            "store.path : on attend un fichier de ce dossier ; pour le mettre ailleurs, tapez --store",
        )
    return path.parent / inside


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))


class _WrongSettingError(ConfigError):
    """A setting that cannot be used, before its line is known."""

    def __init__(self, path: Path, key: Key, said: str) -> None:
        super().__init__(said, where=str(path))
        self.key = key
        self.said = said


def _wrong(path: Path, key: str, what: str) -> ConfigError:
    inside = ("organization", key) if key in _ORGANIZATION_KEYS else tuple(key.split(".", 1))
    return _WrongSettingError(path, inside, what)


def _text(path: Path, table: Mapping[str, Any], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or len(value) > 300:
        raise _wrong(path, key, 'on attend un texte entre guillemets, par exemple "54395"')
    return " ".join(value.split())


def _number(path: Path, table: Mapping[str, Any], key: str) -> float | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 100_000_000:
        raise _wrong(path, key, "on attend un nombre positif, sans guillemets ni espace, par exemple 62")
    return float(value)


def _date(path: Path, table: Mapping[str, Any], key: str) -> date | None:
    value = table.get(key)
    if value is None:
        return None
    if type(value) is not date:
        raise _wrong(path, key, "on attend une date sans guillemets, par exemple 2026-01-31")
    if not _YEARS[0] <= value.year <= _YEARS[1]:
        raise _wrong(path, key, f"cette année n'est pas possible ({value.year})")
    return value


def _kind(path: Path, table: Mapping[str, Any]) -> OrganizationKind | None:
    value = table.get("kind")
    if value is None:
        return None
    try:
        return OrganizationKind(kind_named(value) if isinstance(value, str) else value)
    except ValueError:
        raise _wrong(path, "kind", f"on attend un de ces mots : {_listed(set(OrganizationKind))}") from None


def _population(path: Path, table: Mapping[str, Any]) -> PopulationFigures | None:
    municipale = _number(path, table, "population_municipale")
    totale = _number(path, table, "population_totale")
    stated = _date(path, table, "population_date")
    if municipale is None and totale is None:
        return None
    if stated is None:
        raise _wrong(path, "population_date", "dites de quand date la population, par exemple 2026-01-01")
    if municipale is not None and totale is not None and totale < municipale:
        raise _wrong(path, "population_totale", "elle ne peut pas être inférieure à la population municipale")
    return PopulationFigures(
        reference_year=stated.year - 3,  # les chiffres en vigueur une année viennent du recensement trois ans avant
        in_force_year=stated.year,
        municipale=None if municipale is None else int(municipale),
        totale=None if totale is None else int(totale),
        source=f"déclaré dans {FILE_NAME}",
        evidence=EvidenceKind.DECLARED,
    )


def _declarations(path: Path, table: Mapping[str, Any]) -> tuple[DeclaredFact, ...]:
    """Return the declared facts: ``name = value``, or ``name = {value = …, date = …, note = "…"}``."""
    facts = []
    for key, given in sorted(table.items()):
        entry = given if isinstance(given, dict) else {"value": given}
        if key in _MISPLACED:
            raise _wrong(path, f"declarations.{key}", f"écrivez-le dans [organization], sous le nom {_MISPLACED[key]}")
        value = entry.get("value")
        if isinstance(value, str):
            value = _SAID.get(value.strip().lower(), value)
        if not isinstance(value, bool | int | float | str) or set(entry) - {"value", "date", "note"}:
            raise _wrong(path, f"declarations.{key}", "on attend true (oui), false (non), un nombre ou un texte")
        if isinstance(value, int | float) and not -_MAX_NUMBER <= value <= _MAX_NUMBER:
            raise _wrong(path, f"declarations.{key}", "ce nombre n'est pas possible")
        facts.append(DeclaredFact(key, value, _date(path, entry, "date"), _text(path, entry, "note")))
    return tuple(facts)


def organization_from(config: Config, known: Organization | None) -> Organization | None:
    """Return the organization the file describes, laid over what the national reference knows of it.

    Declared figures come first; nothing known is lost. None when neither says who it is.
    """
    if known is None and not config.names_someone:
        return None
    base = known or Organization(name=config.name, kind=config.kind or OrganizationKind.UNKNOWN)
    given = {fact.name for fact in config.declarations}
    return replace(
        base,
        name=config.name or base.name,
        kind=config.kind or base.kind,
        departement_code=config.departement_code or base.departement_code,
        departement_name=config.departement_name or base.departement_name,
        populations=((config.population,) if config.population else ()) + base.populations,
        agents_etp=base.agents_etp if config.agents_etp is None else config.agents_etp,
        agents_etp_stated_on=config.agents_etp_date,
        agents_effectif=base.agents_effectif if config.agents_effectif is None else config.agents_effectif,
        agents_effectif_stated_on=config.agents_effectif_date,
        declared=tuple(fact for fact in base.declared if fact.name not in given) + config.declarations,
    )
