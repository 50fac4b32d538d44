"""What the part [gate] of the settings asks: which files and schemas, what fails, what is let through until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Any

from opendata_check.config import Written
from opendata_check.config.lines import Key
from opendata_check.folding import fold
from opendata_check.gate.globs import LONGEST
from opendata_check.model.finding import Axis, Severity
from opendata_check.resources import rules_folder

BASELINE = ".opendata-check-baseline.json"
"""Read when it stands at the root, unless the settings name another."""
_MOST = 500
"""Entries of any list: more is no settings file."""
_PART = "gate"
_KEYS = {
    "paths", "exclude", "schemas", "min-score", "min-axis", "fail-on", "severity", "exemptions", "baseline",
}  # fmt: skip
_EXEMPTION_KEYS = ("check", "files", "reason", "owner", "until")
_OTHER_WORDS = {
    "chemins": "paths", "fichiers": "paths", "files": "paths", "include": "paths", "exclure": "exclude",
    "ignore": "exclude", "schemas-par-fichier": "schemas", "score": "min-score", "score-minimum": "min-score",
    "axes": "min-axis", "gravite": "fail-on", "gravites": "severity", "severities": "severity",
    "exemption": "exemptions", "exceptions": "exemptions", "reference": "baseline",
    "controle": "check", "fichier": "files", "path": "files", "paths": "files", "raison": "reason", "motif": "reason",
    "responsable": "owner", "proprietaire": "owner", "jusqu-au": "until", "fin": "until", "expires": "until",
}  # fmt: skip
"""What people write, and the name it has here."""


@dataclass(frozen=True, slots=True)
class SchemaRule:
    """The files of a pattern follow a schema."""

    pattern: str
    schema: str
    """``scdl/subventions``, or ``scdl/subventions/2.1.1`` for one version."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Exemption:
    """A finding let through: why, by whom, until when."""

    check: str
    files: str
    """Pattern; "" for every file."""
    reason: str
    owner: str
    until: date
    """Last day it holds."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the part [gate] may say."""

    paths: tuple[str, ...] = ()
    """Files, folders and patterns from the root; none for the whole."""
    exclude: tuple[str, ...] = ()
    schemas: tuple[SchemaRule, ...] = ()
    """The first pattern that fits a file gives its schema."""
    min_score: float | None = None
    min_axis: tuple[tuple[Axis, float], ...] = ()
    fail_on: Severity = Severity.MAJOR
    """Findings at least as serious fail."""
    severities: tuple[tuple[str, Severity], ...] = ()
    """Severity of some checks here, by id."""
    exemptions: tuple[Exemption, ...] = ()
    baseline: str = ""
    file: str = ""
    """Name of the file they were read in, as printed."""


def settings_of(source: Written) -> Settings:
    """Return the part [gate] of a file. Raises ConfigError with the line and what to write instead."""
    return _Reader(source).settings()


@cache
def known_checks() -> tuple[str, ...]:
    """Return the ids of all checks, sorted: the names of their rules."""
    return tuple(sorted(path.stem for path in (rules_folder() / "checks").glob("*/*.yaml")))


class _Reader:
    """Reads one file, naming the line of whatever is wrong."""

    def __init__(self, source: Written) -> None:
        self._source = source

    def settings(self) -> Settings:
        part = self._table(self._source.content, (_PART,), "une partie [gate]")
        self._keys(part, _KEYS, (_PART,))
        baseline = self._text(part, "baseline", (_PART, "baseline"))
        if baseline:
            self._pattern(baseline, (_PART, "baseline"))
        return Settings(
            paths=self._texts(part, "paths"),
            exclude=self._texts(part, "exclude"),
            schemas=tuple(self._schemas(part)),
            min_score=self._score(part.get("min-score"), (_PART, "min-score")),
            min_axis=tuple(self._axes(part)),
            fail_on=self._severity(part.get("fail-on", Severity.MAJOR.value), (_PART, "fail-on")),
            severities=tuple(self._severities(part)),
            exemptions=tuple(self._exemptions(part)),
            baseline=baseline,
            file=self._source.path.name,
        )

    def _keys(self, table: Mapping[str, Any], known: Iterable[str], at: Key) -> None:
        for name in table:
            if name not in known:
                raise self._source.wrong((*at, name), f"ce réglage n'existe pas ; {_nearest(name, known)}")

    def _table(self, content: Mapping[str, Any], at: Key, expected: str) -> Mapping[str, Any]:
        value = content.get(str(at[-1]), {})
        if not isinstance(value, dict):
            raise self._source.wrong(at, f"on attend {expected}")
        if len(value) > _MOST:
            raise self._source.wrong(at, f"il y a plus de {_MOST} entrées")
        return value

    def _text(self, table: Mapping[str, Any], name: str, at: Key) -> str:
        value = table.get(name, "")
        if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
            raise self._source.wrong(at, "on attend un texte court entre guillemets")
        return " ".join(value.split())

    def _texts(self, part: Mapping[str, Any], name: str) -> tuple[str, ...]:
        at = (_PART, name)
        value = part.get(name, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or len(value) > _MOST:
            raise self._source.wrong(at, f'on attend une liste de chemins : {name} = ["data"]')
        for rank, one in enumerate(value):
            self._pattern(one, (*at, rank))
        return tuple(value)

    def _pattern(self, value: object, at: Key) -> None:
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
            raise self._source.wrong(at, "on attend un chemin entre guillemets")
        plain = value.replace("\\", "/")
        if plain.startswith("/") or ".." in plain.split("/") or plain[1:2] == ":":
            raise self._source.wrong(at, "ce chemin sort du dépôt", "Écrivez-le à partir du dossier de ce fichier.")

    def _schemas(self, part: Mapping[str, Any]) -> Iterable[SchemaRule]:
        from opendata_check.schemas import known

        table = self._table(part, (_PART, "schemas"), '"data/subventions*.csv" = "scdl/subventions"')
        for pattern, schema in table.items():
            at = (_PART, "schemas", pattern)
            self._pattern(pattern, at)
            if not isinstance(schema, str) or not schema or len(schema) > LONGEST:
                raise self._source.wrong(at, 'on attend le nom d\'un schéma, par exemple "scdl/subventions"')
            name, _, version = schema.replace("@", "/").partition("/")[2].partition("/")
            whole = f"{schema.split('/')[0]}/{name}" if name else schema
            if whole not in known():
                raise self._source.wrong(
                    at, f"le schéma « {_short(schema)} » n'est pas connu ({_nearest(schema, known())})",
                    "La liste : opendata-check schemas list.",
                )  # fmt: skip
            self._version(whole, version, at)
            yield SchemaRule(pattern, f"{whole}/{version}" if version else whole, self._source.line(at))

    def _version(self, schema: str, version: str, at: Key) -> None:
        from opendata_check.schemas.store import versions

        if version and version.removeprefix("v") not in versions(schema):
            known = ", ".join(versions(schema))
            raise self._source.wrong(at, f"la version « {_short(version)} » n'est pas connue ; il y a {known}")

    def _score(self, value: object, at: Key) -> float | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
            raise self._source.wrong(at, "on attend un nombre de 0 à 100, sans guillemets, par exemple 80")
        return float(value)

    def _axes(self, part: Mapping[str, Any]) -> Iterable[tuple[Axis, float]]:
        table = self._table(part, (_PART, "min-axis"), "min-axis = {usable = 80}")
        self._keys(table, list(Axis), (_PART, "min-axis"))
        for name, value in table.items():
            score = self._score(value, (_PART, "min-axis", name))
            if score is not None:
                yield Axis(name), score

    def _severity(self, value: object, at: Key) -> Severity:
        if value not in list(Severity):
            said = _nearest(str(value)[:40], list(Severity))
            raise self._source.wrong(at, f"« {_short(str(value))} » n'est pas une gravité ; {said}")
        return Severity(str(value))

    def _severities(self, part: Mapping[str, Any]) -> Iterable[tuple[str, Severity]]:
        table = self._table(part, (_PART, "severity"), '[gate.severity], puis une ligne par contrôle : id = "minor"')
        for check, value in table.items():
            at = (_PART, "severity", check)
            self._check(check, at)
            yield check, self._severity(value, at)

    def _check(self, name: str, at: Key) -> None:
        if name not in known_checks():
            raise self._source.wrong(
                at, f"le contrôle « {_short(name)} » n'existe pas ({_nearest(name, known_checks())})",
                "C'est le nom entre crochets dans le journal de gate.",
            )  # fmt: skip

    def _exemptions(self, part: Mapping[str, Any]) -> Iterable[Exemption]:
        listed = part.get("exemptions", [])
        if not isinstance(listed, list) or len(listed) > _MOST or not all(isinstance(one, dict) for one in listed):
            raise self._source.wrong((_PART, "exemptions"), "on attend une partie [[gate.exemptions]] par exemption")
        for rank, one in enumerate(listed):
            at: Key = (_PART, "exemptions", rank)
            self._keys(one, _EXEMPTION_KEYS, at)
            said = {name: self._text(one, name, (*at, name)) for name in _EXEMPTION_KEYS if name != "until"}
            missing = [name for name in ("check", "reason", "owner") if not said[name]]
            missing += [] if "until" in one else ["until"]
            if missing:
                raise self._source.wrong(at, f"il manque {', '.join(missing)}", _WHOLE_EXEMPTION)
            self._check(said["check"], (*at, "check"))
            if said["files"]:
                self._pattern(said["files"], (*at, "files"))
            if type(one["until"]) is not date:
                raise self._source.wrong((*at, "until"), "on attend une date sans guillemets, par exemple 2027-01-31")
            yield Exemption(**said, until=one["until"], line=self._source.line(at))


_WHOLE_EXEMPTION = (
    "Une exemption dit quel contrôle (check), pourquoi (reason), qui en répond (owner) et jusqu'à quand (until)."
)


def _short(text: str) -> str:
    return "".join(character for character in text if character.isprintable())[:60]


def _nearest(text: str, known: Iterable[str]) -> str:
    """Return « vouliez-vous écrire … ? » with the nearest name, else what there is."""
    names = list(known)
    plain = fold(text).replace("_", "-").replace(" ", "-")
    meant = _OTHER_WORDS.get(plain, "")
    close = [meant] if meant in names else get_close_matches(plain, names, n=1, cutoff=0.5)
    if not close:  # « subventions » for « scdl/subventions »
        close = [name for name in names if name.rpartition("/")[2] == plain.rpartition("/")[2]][:1]
    if close:
        return f"vouliez-vous écrire « {close[0]} » ?"
    return f"il y a {', '.join(sorted(names)[:12])}" + ("…" if len(names) > 12 else "")
