"""Decides what kind of column its cells make, and how they are written, from how many look like what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from opendata_check.model.profile import WrittenForm
from opendata_check.tables.profile_shapes import Extreme, Look
from opendata_check.tables.profile_values import MOSTLY
from opendata_check.tables.readers import DEFAULT_FALSE, DEFAULT_TRUE

TEXT = Look("text")
FIRST_LINES = 5
_PAIRS = {
    "oui/non": ("oui", "non"),
    "vrai/faux": ("vrai", "faux"),
    "true/false": ("true", "false"),
    "yes/no": ("yes", "no"),
    "O/N": ("o", "n"),
    "V/F": ("v", "f"),
    "Y/N": ("y", "n"),
}
_NOTHING = (
    *("nc", "n.c.", "n/c", "nd", "n.d.", "n/d", "na", "n/a", "n.a.", "nr", "n.r.", "null", "none", "nan", "#n/a"),
    *("#n/d", "inconnu", "inconnue", "non renseigné", "non renseignée", "non communiqué", "non disponible"),
    *("-", "--", "---", "/"),
)
WORDS: Mapping[str, Look] = {
    written: Look(kind, tag=written)
    for kind, words in (("word", sum(_PAIRS.values(), ())), ("nothing", _NOTHING))
    for word in words
    for written in (word, word.upper(), word.capitalize())
}
"""The words that say yes, no, or that there is no value, in their usual cases."""

_YEARS = (1900, 2100)
_CENTURIES = (1000, 2999)
_YEAR_WORDS = frozenset({"annee", "annees", "an", "year", "exercice", "millesime"})
_COUNTED = frozenset(
    [
        "nb",
        "nbre",
        "nombre",
        "montant",
        "total",
        "prix",
        "cout",
        "surface",
        "superficie",
        "population",
        "pop",
        "altitude",
        "effectif",
        "quantite",
        "volume",
        "longueur",
        "largeur",
        "hauteur",
        "distance",
        "capacite",
        "puissance",
        "code",
        "numero",
        "num",
        "id",
        "identifiant",
    ]
)
_CODE_WORDS = frozenset(
    [
        "code",
        "cod",
        "codes",
        "insee",
        "cog",
        "cp",
        "siret",
        "siren",
        "nic",
        "ape",
        "naf",
        "finess",
        "uai",
        "rna",
        "iris",
        "dep",
        "dept",
        "departement",
        "reg",
        "region",
        "canton",
        "epci",
        "numero",
        "num",
        "tel",
        "telephone",
        "fax",
        "id",
        "identifiant",
        "ref",
        "reference",
        "matricule",
    ]
)
_CODE_DIGITS = 9
"""Figures from which numbers that all have as many are codes, whatever their label."""


@dataclass(slots=True)
class Tally:
    """The cells of one look in the whole column."""

    count: int = 0
    lines: list[int] = field(default_factory=list)
    """Where the first are."""
    low: Extreme | None = None
    high: Extreme | None = None

    def widen(self, low: Extreme | None, high: Extreme | None) -> None:
        """Take other extremes in."""
        self.low = low if self.low is None or (low is not None and low[0] < self.low[0]) else self.low
        self.high = high if self.high is None or (high is not None and high[0] > self.high[0]) else self.high


@dataclass(frozen=True, slots=True)
class Seen:
    """What was counted of a column."""

    tallies: Mapping[Look, Tally]
    also: Mapping[Look, Tally]
    """The same cells seen in a second way (``Look.tag`` « also »)."""
    filled: int
    widths: frozenset[int]
    """Characters of the cells of digits only."""
    words: frozenset[str]
    """Of the label."""

    @property
    def absent(self) -> int:
        """Cells that say there is no value."""
        return sum(tally.count for look, tally in self.tallies.items() if look.kind == "nothing")


@dataclass(frozen=True, slots=True)
class Decision:
    """A kind that a column may be of."""

    kind: str
    written: WrittenForm = field(default_factory=WrittenForm)
    looks: frozenset[Look] = frozenset()
    """Those whose cells are of the kind and the form."""
    extremes: tuple[Tally, ...] = ()
    mixed: bool = False


def decided(seen: Seen, *, identifier: bool) -> Decision:
    """Return the kind of a column: what at least 99 % of its filled cells are, a string otherwise.

    Codes stay strings: identifiers, digits after a leading zero, digits in a fixed number where the label says so.
    """
    if not seen.filled:
        return Decision("empty")
    told = seen.filled - seen.absent
    if told and not identifier and not any(look.kind == "zeros" for look in seen.tallies):
        for found in (_boolean(seen), _compact(seen, told), _numbers(seen, told), *_dates(seen, told), _points(seen)):
            if found is not None and sum(seen.tallies[look].count for look in found.looks) >= MOSTLY * told:
                return _as_code_or_year(found, seen)
    return Decision("string", looks=frozenset(seen.tallies))


def digits_of(seen: Seen) -> int:
    """Return how many digits every filled cell has, 0 when one has another number or something else."""
    only = sum(tally.count for look, tally in seen.tallies.items() if look in (Look("integer"), Look("zeros")))
    return next(iter(seen.widths)) if len(seen.widths) == 1 and only == seen.filled else 0


def first_lines(tallies: Iterable[Tally]) -> tuple[int, ...]:
    """Return where the first cells of several looks are."""
    return tuple(sorted(line for tally in tallies for line in tally.lines)[:FIRST_LINES])


# --- candidates -----------------------------------------------------------------------------------------------------


def _boolean(seen: Seen) -> Decision | None:
    said = {look: tally.count for look, tally in seen.tallies.items() if look.kind == "word"}
    by_pair = {pair: {look for look in said if look.tag.lower() in words} for pair, words in _PAIRS.items()}
    pair, looks = max(by_pair.items(), key=lambda item: sum(said[look] for look in item[1]))
    if not looks:
        return None
    yes, no = _PAIRS[pair]
    true = tuple(sorted(look.tag for look in looks if look.tag.lower() == yes))
    false = tuple(sorted(look.tag for look in looks if look.tag.lower() == no))
    if len(yes) == 1 and not (true and false):
        return None  # « N » alone may be the North
    if set(true) <= set(DEFAULT_TRUE) and set(false) <= set(DEFAULT_FALSE):
        return Decision("boolean", looks=frozenset(looks))
    # Table Schema wants both lists: a word that no cell holds still says how it would be written.
    written = WrittenForm(pair, true_values=true or (yes,), false_values=false or (no,))
    return Decision("boolean", written, frozenset(looks))


def _compact(seen: Seen, told: int) -> Decision | None:
    """Eight digits are dates when nearly all make one of our time, and the label or their number leaves no doubt."""
    tally = seen.also.get(Look("date", "%Y%m%d", tag="also"))
    if tally is None or seen.widths != {8} or Look("integer", tag="signed") in seen.tallies:
        return None
    sure = seen.words & {"date", "dates", "jour", "dt", "datemaj"} or tally.count >= 10
    if not sure or tally.count < seen.tallies[Look("integer")].count or tally.count < MOSTLY * told:
        return None
    return Decision("date", WrittenForm("20241231", "%Y%m%d"), frozenset({Look("integer")}), (tally,))


def _numbers(seen: Seen, told: int) -> Decision | None:
    """Numbers go together when one decimal mark, one mark between thousands and one unit read them all."""
    looks = {look: tally.count for look, tally in seen.tallies.items() if look.kind in ("integer", "number")}
    if not looks:
        return None
    marks = {name: _commonest(looks, name) for name in ("decimal", "group", "unit")}
    together = {
        look for look in looks if all(getattr(look, name) in ("", marks[name]) for name in ("decimal", "group", "unit"))
    }
    mixed = sum(looks[look] for look in together) < MOSTLY * told
    if mixed:
        together = set(looks)
    kind = "integer" if all(look.kind == "integer" for look in together) else "number"
    written = WrittenForm(_number_example(marks), "", marks["decimal"] or ".", marks["group"], marks["unit"])
    return Decision(kind, written, frozenset(together), tuple(seen.tallies[look] for look in together), mixed)


def _commonest(looks: Mapping[Look, int], name: str) -> str:
    counts: dict[str, int] = {}
    for look, count in looks.items():
        mark = getattr(look, name)
        if mark:
            counts[mark] = counts.get(mark, 0) + count
    return max(sorted(counts), key=lambda mark: counts[mark]) if counts else ""


def _number_example(marks: Mapping[str, str]) -> str:
    if marks["decimal"] != "," and not marks["group"] and not marks["unit"]:
        return ""
    whole = f"1{marks['group']}234"
    decimals = f"{marks['decimal']}56" if marks["decimal"] else ""
    return f"{whole}{decimals}" + (f" {marks['unit']}" if marks["unit"] else "")


_SAMPLE_DAY = {"%Y": "2024", "%y": "24", "%m": "12", "%d": "31", "%H": "14", "%M": "30", "%S": "00", "%f": "000"}


def _dates(seen: Seen, told: int) -> Iterable[Decision | None]:
    yield _dated(seen, told, "date")
    yield _dated(seen, told, "datetime")


def _dated(seen: Seen, told: int, kind: str) -> Decision | None:
    forms: dict[str, list[Look]] = {}
    for look in seen.tallies:
        if look.kind == kind:
            forms.setdefault(look.date_format, []).append(look)
            if look.tag == "both":  # « 05/06/2024 » counts for both orders
                forms.setdefault(look.date_format.replace("%d/%m", "%m/%d"), []).append(look)
    if not forms:
        return None
    weights = {form: sum(seen.tallies[look].count for look in looks) for form, looks in forms.items()}
    form = max(weights, key=lambda name: (weights[name], name.startswith("%d"), name))
    mixed = weights[form] < MOSTLY * told
    looks = {look for several in forms.values() for look in several} if mixed else set(forms[form])
    if kind == "datetime" and len({look.tag for look in looks if not look.date_format}) > 1:
        mixed = True  # moments with an offset and without one cannot be compared
    example = form
    for code, digits in _SAMPLE_DAY.items():
        example = example.replace(code, digits)
    written = WrittenForm(example.replace("%z", "+01:00"), form)
    return Decision(kind, written, frozenset(looks), _dated_extremes(seen, looks, form, mixed=mixed), mixed)


def _dated_extremes(seen: Seen, looks: set[Look], form: str, *, mixed: bool) -> tuple[Tally, ...]:
    if mixed and any(look.tag == "aware" for look in looks):
        return ()
    extremes = []
    for look in looks:
        if look.tag == "both" and form.startswith("%m"):
            swapped = look.date_format.replace("%d/%m", "%m/%d")
            extremes.append(seen.also[replace(look, date_format=swapped, tag="also")])
        else:
            extremes.append(seen.tallies[look])
    return tuple(extremes)


def _points(seen: Seen) -> Decision | None:
    looks = {look: tally.count for look, tally in seen.tallies.items() if look.kind == "geopoint"}
    if not looks:
        return None
    orders = {look.tag for look in looks} - {""}
    order = orders.pop() if len(orders) == 1 else ""
    example = {"lon,lat": "", "lat,lon": "latitude, longitude"}.get(order, "ordre des coordonnées inconnu")
    return Decision("geopoint", WrittenForm(example), frozenset(looks))


# --- codes and years ------------------------------------------------------------------------------------------------


def _as_code_or_year(found: Decision, seen: Seen) -> Decision:
    """Return a column of integers as what it is: codes, years, or numbers."""
    if found.kind != "integer" or found.mixed or found.written.group_char or len(seen.widths) != 1:
        return found
    (width,) = seen.widths
    if any(look.tag == "signed" for look in found.looks):
        return found
    low, high = _bounds(found.extremes)
    said = bool(seen.words & _YEAR_WORDS)
    first, last = _CENTURIES if said else _YEARS
    if width == 4 and first <= low and high <= last and (said or not seen.words & _COUNTED):
        return replace(found, kind="year")
    if width >= _CODE_DIGITS or (width >= 2 and seen.words & _CODE_WORDS):
        return Decision("string", looks=frozenset(seen.tallies))
    return found


def _bounds(extremes: Iterable[Tally]) -> tuple[int, int]:
    lows = [tally.low[0] for tally in extremes if tally.low is not None]
    highs = [tally.high[0] for tally in extremes if tally.high is not None]
    return int(min(lows)), int(max(highs))
