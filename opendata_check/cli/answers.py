"""Keeps the answers of `init` in opendata-check.toml, each with its date and who gave it; the rest stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from opendata_check.config import Config, read, text_of
from opendata_check.output import write_atomically

_HEAD = "Réponses données avec « opendata-check init ». Vous pouvez les corriger à la main."
_OWN = {"agents_etp": "agents_etp", "agents_effectif": "agents_effectif"}
_FIGURES = {"population": "population_municipale", "population_totale": "population_totale"}


class Answers:
    """The file of answers. Comments and parts that are not ours are kept as they are."""

    def __init__(self, path: Path) -> None:
        import tomlkit

        self.path = path
        self.known = read(path) if path.is_file() else Config()
        text = text_of(path) if path.is_file() else ""
        self._document: Any = tomlkit.parse(text)
        if not text:
            self._document.add(tomlkit.comment(_HEAD))

    def identify(self, facts: Mapping[str, str]) -> None:
        """Keep who it is: code, or name and kind; what said it otherwise goes."""
        table = self._table("organization")
        for key in ("code", "kind", *(("name",) if "name" in facts else ())):
            if key not in facts and key in table:
                del table[key]
        for key, value in facts.items():
            table[key] = value
        self._save()

    def keep(self, fact: str, value: bool | float | str, on: date, by: str) -> None:
        """Keep one answer, with its date and who gave it."""
        import tomlkit

        plain = int(value) if isinstance(value, float) and value.is_integer() else value
        if fact in _OWN:
            table = self._table("organization")
            table[_OWN[fact]], table[f"{fact}_date"] = plain, on
            if by:
                table[f"{fact}_note"] = by
        elif fact in _FIGURES:
            table = self._table("organization")
            dated = table.get("population_date")
            if dated is not None and dated.year != on.year:  # the other figure is of another year
                for key in _FIGURES.values():
                    table.pop(key, None)
            table[_FIGURES[fact]], table["population_date"] = plain, on
            if by:
                table["population_note"] = by
        else:
            answer = tomlkit.inline_table()
            answer.update({"value": plain, "date": on, **({"note": by} if by else {})})
            self._table("declarations")[fact] = answer
        self._save()

    def _table(self, name: str) -> Any:
        import tomlkit

        if name not in self._document:
            self._document[name] = tomlkit.table()
        return self._document[name]

    def _save(self) -> None:
        import tomlkit

        write_atomically(self.path, tomlkit.dumps(self._document))
        self.known = read(self.path)
