"""What the Base adresse nationale (BAN) asks of a base adresse locale beyond its schema, judged in whole columns.

Rules, codes and levels are those of the validator that the BAN publishes (validateur-bal 3.5, MIT): facts, in
``bal.yaml`` with our own words. A few rules are ours (``profiles.own_codes``). Two codes are not judged here:

- ``row.cog_no_match_id_ban_commune``: whether ``id_ban_commune`` is the one the BAN gave to the commune, which only
  its server knows;
- ``uid_adresse.incoherence_ids_ban``: the published validator no longer gives it (``row.lack_of_id_ban`` does).

Where we knowingly part from it: two missing names are not « the same name »; a name in digits is not « in capitals »;
x and y may be in any legal projection (CC42 to CC50 as well as Lambert-93, zone 21 in Guyane); the Pacific territories
are in France; a column whose name differs by case alone is read, and told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from opendata_check.standards.bal import profiles
from opendata_check.standards.bal.communes import Communes, Extent
from opendata_check.standards.interface import Fault

_LINE_ENDS = frozenset({"lf", "crlf"})
_ENCODINGS = frozenset({"utf-8", "utf8", "utf-8-sig", "ascii", "us-ascii"})


class BalRules:
    """Judges one file, batch after batch: ``judge`` each, then ``finish``."""

    def __init__(
        self,
        labels: Sequence[str],
        *,
        profile: str = "1.4",
        on: date | None = None,
        known_commune: Callable[[str], bool] | None = None,
        current_of: Callable[[str], str | None] | None = None,
        delegated: Callable[[str], bool] | None = None,
        official_name: Callable[[str], str | None] | None = None,
        extent_of: Callable[[str], Extent | None] | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        line_end: str | None = None,
    ) -> None:
        """Take the header as written, and what the caller knows; what it does not know is not judged.

        ``profile`` is a profile's name or a version (« 1.4 », « 1.3-relax », « 1.2 »); ``on`` the day that dates are
        compared with (today). ``known_commune`` says whether a code is a commune of today, arrondissements included;
        ``current_of`` gives what a former or delegated commune became; ``extent_of`` the box of a commune (west,
        south, east, north, in degrees). ``encoding``, ``delimiter`` and ``line_end`` (« lf », « crlf », « cr ») are
        the file's. Raises UsageError when the profile is unknown.
        """
        self.profile = profiles.profile_named(profile)
        self._on = on or date.today()
        self._communes = Communes(known_commune, current_of, delegated, official_name, extent_of)
        self._carrier = {
            "file.encoding.non_standard": encoding is not None and encoding.lower() not in _ENCODINGS,
            "file.delimiter.non_standard": delimiter is not None and delimiter != ";",
            "file.linebreak.non_standard": line_end is not None and line_end.lower() not in _LINE_ENDS,
        }
        self._labels = tuple(labels)
        self._places = _recognised(self._labels)
        self._whole: Any = None

    def judge(self, columns: Any, first_row: Any) -> Iterator[Fault]:
        """Yield the faults of one batch, a ``pyarrow.RecordBatch`` of texts in the file's order.

        ``first_row`` is the record number of its first row (the header is record 1), or a NumPy array of int64 with
        that of each row.
        """
        from opendata_check.standards.bal import batch

        self._whole = self._whole or batch.Whole()
        yield from batch.judge(
            columns, first_row, self._places, self._labels, self.profile, self._communes, self._on, self._whole
        )

    def finish(self) -> Iterator[Fault]:
        """Yield what only the whole file shows: missing columns, duplicates, rows that disagree."""
        yield from (self._fault(code) for code, wrong in self._carrier.items() if wrong)
        written = {name: self._labels[place] for place, name, language in self._places if not language}
        for name in self.profile.fields:
            if name not in written:
                yield self._fault(f"field.{name}.missing", field=name)
            elif _bare(written[name]) != name and not self.profile.relaxed:
                yield self._fault(f"field.{name}.fuzzy", field=written[name])
        if self._whole is None:
            yield self._fault("rows.empty")
            return
        yield from (self._fault(code) for code in self._whole.file_codes())
        for code, rows, values in self._whole.row_codes():
            yield self._fault(code, rows=rows, values=values)

    def _fault(self, code: str, *, field: str = "", rows: tuple[int, ...] = (), values: tuple[str, ...] = ()) -> Fault:
        words = profiles.wording(code)
        return Fault(
            code, self.profile.level(code), words.message, field=field, rows=rows, values=values, remedy=words.remedy
        )


def _bare(label: str) -> str:
    return label.removeprefix("\ufeff")


def _loose(label: str) -> str:
    return _bare(label).strip().lower()


def _recognised(labels: tuple[str, ...]) -> tuple[tuple[int, str, str], ...]:
    """Return the columns of the model: position, name, regional language or ""; of two alike, the well written one."""
    known = profiles.fields()
    named = ("voie_nom", "toponyme", "lieudit_complement_nom", "commune_nom", "commune_deleguee_nom")
    meant = {name: (name, "") for name in known}
    meant |= {f"{name}_{language}": (name, language) for name in named for language in profiles.languages()}
    found: dict[tuple[str, str], int] = {}
    for read in (_bare, _loose):
        for place, label in enumerate(labels):
            column = meant.get(read(label))
            if column:
                found.setdefault(column, place)
    return tuple((found[column], *column) for column in meant.values() if column in found)
