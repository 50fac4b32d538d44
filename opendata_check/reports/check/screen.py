"""A file's check on a screen: the verdict, each cause once, where it is, and what to write instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from opendata_check.model.check import ErrorGroup, FileCheck, Snippet
from opendata_check.model.facts import RowRange
from opendata_check.reports.interface import Layout
from opendata_check.reports.page.lines import Lines
from opendata_check.reports.safety import clean, shorten
from opendata_check.wording import carries, delimiter_name, encoding_name, french_number, join_list, legible, plural

_LEVELS = ("error", "warning", "note")
_TITLES = {"error": "À corriger", "warning": "À vérifier", "note": "Pour information"}
_MARKS = {"error": "✗", "warning": "!", "note": "·"}
_PLAIN_MARKS = {"error": "x", "warning": "!", "note": "-"}
_RANGES = 6
_CELL = 24
_GROUPS = 40
_WITHOUT_LINES = frozenset({"json", "geojson", "ndjson", "parquet"})
_READ = {"ligne": ("ligne lue", "lignes lues"), "enregistrement": ("enregistrement lu", "enregistrements lus")}
_MASKED = "(valeur masquée)"


def pieces(check: FileCheck, layout: Layout, limit: int | None) -> Iterator[str]:
    """Yield the page; ``limit`` bounds the causes shown (40 unless told)."""
    page = _Page(check, layout)
    page.write(_GROUPS if limit is None else limit)
    yield legible(page.lines.text(), layout.encoding)


class _Page:
    def __init__(self, check: FileCheck, layout: Layout) -> None:
        self.lines = Lines(layout.width)
        self._check = check
        self._width = layout.width
        fits = carries("✗·▔", layout.encoding)
        self._marks = _MARKS if fits else _PLAIN_MARKS
        self._under = "▔" if fits else "^"
        self._space = "␣" if carries("␣", layout.encoding) else "_"
        of_records = check.file.format in _WITHOUT_LINES and not check.standard
        self._place = "enregistrement" if of_records else "ligne"
        self._snippets = {snippet.group: snippet for snippet in check.snippets}

    def write(self, most: int) -> None:
        self._top()
        ordered = [(i, g) for level in _LEVELS for i, g in enumerate(self._check.groups) if g.level == level]
        count = Counter(group.level for _, group in ordered)
        before = ""
        for index, group in ordered[:most]:
            if group.level != before:
                self.lines.heading(f"{_TITLES[group.level]} ({count[group.level]})")
            before = group.level
            self._group(index, group)
        if left := len(ordered[most:]):
            self.lines.gap()
            hidden = plural(left, *(("autre cause", "autres causes") if most else ("cause", "causes")))
            self.lines.paragraph(f"{hidden} : montrez tout avec --limit {len(ordered)}.")
        self._bottom()

    def _top(self) -> None:
        check, facts = self._check, self._check.file
        self.lines.paragraph(clean(facts.name, 200))
        how = [facts.format.upper(), encoding_name(facts.encoding)]
        if facts.delimiter:
            how.append(f"séparateur {clean(delimiter_name(facts.delimiter))}")
        if facts.header_row and facts.header_row > 1:
            how.append(f"en-tête à la ligne {facts.header_row}")
        if check.rows or not check.standard:
            how.append(plural(check.rows, *_READ[self._place]))
        self.lines.paragraph(", ".join(part for part in how if part))
        self.lines.paragraph(self._model())
        self.lines.gap()
        self.lines.paragraph(self._verdict())
        if check.note:
            self.lines.paragraph(f"Contrôle incomplet : {clean(check.note)}")

    def _model(self) -> str:
        check = self._check
        if check.schema is not None:
            schema = check.schema.schema
            sure = "" if check.schema.by == "declared" else f", reconnu à {round(100 * check.schema.confidence)} %"
            version = f" {clean(schema.version, 40)}" if schema.version else ""
            return f"Modèle : {clean(schema.title, 120)} ({clean(schema.id, 120)}{version}{sure})"
        if check.standard:
            return f"Format contrôlé : {check.standard.upper()}"
        if check.candidates:
            near = [f"{clean(match.schema.id, 120)} ({round(100 * match.confidence)} %)" for match in check.candidates]
            return f"Aucun modèle reconnu. Les plus proches : {join_list(near)}. Choisissez avec --schema."
        return "Aucun modèle reconnu : seule la forme du tableau est contrôlée. Choisissez-en un avec --schema."

    def _verdict(self) -> str:
        check = self._check
        causes = {level: [g for g in check.groups if g.level == level] for level in _LEVELS}
        if check.valid:
            rest = (
                f", {plural(len(causes['warning']), 'point à vérifier', 'points à vérifier')}"
                if causes["warning"]
                else ""
            )
            what = "conforme au modèle" if check.schema is not None else "bien formé"
            return f"Ce fichier est {what}{rest}."
        if not causes["error"]:
            return "Ce fichier n'a pas pu être contrôlé en entier."
        count = sum(group.count for group in causes["error"])
        what = "conforme" if check.schema is not None or check.standard else "bien formé"
        return f"Ce fichier n'est pas {what} : {plural(count, 'faute')}, {plural(len(causes['error']), 'cause')}."

    def _group(self, index: int, group: ErrorGroup) -> None:
        self.lines.gap()
        where = f" ({_lines(group.lines, self._place)})" if group.lines and group.type not in _HEADER else ""
        self.lines.paragraph(f"{clean(group.message)}{where}.", mark=self._marks[group.level])
        value = visible_spaces(clean(group.value, 80), self._space)
        if group.expected:
            self.lines.paragraph(f"« {value} » devient « {clean(group.expected, 80)} »", indent=2)
        elif group.value == _MASKED:
            self.lines.paragraph("Les valeurs sont masquées : elles peuvent désigner une personne.", indent=2)
        elif group.value and "/" not in group.rule:  # between columns, one value says nothing: the row is shown
            self.lines.paragraph(f"Valeur lue : « {value} »", indent=2)
        if group.remedy:
            self.lines.paragraph(clean(group.remedy), indent=2)
        snippet = self._snippets.get(index)
        if snippet is not None:
            self._snippet(snippet)

    def _snippet(self, snippet: Snippet) -> None:
        """Draw the faulty cell under its column's name, between its neighbours."""
        prefix = f"{self._place} {snippet.line}"
        room = max(8, min(_CELL, (self._width - len(prefix) - 6) // max(1, len(snippet.cells)) - 3))
        cells = [shorten(visible_spaces(clean(cell, 200), self._space), room) for cell in snippet.cells]
        labels = [shorten(visible_spaces(clean(label, 200), self._space), room) for label in snippet.labels]
        widths = [max(len(cell), len(label), 1) for cell, label in zip(cells, labels, strict=True)]
        self.lines.verbatim(f"  {' ' * len(prefix)} | {_row(labels, widths)}")
        self.lines.verbatim(f"  {prefix} | {_row(cells, widths)}")
        before = sum(width + 3 for width in widths[: snippet.faulty])
        under = self._under * widths[snippet.faulty]
        self.lines.verbatim(f"  {' ' * len(prefix)}   {' ' * before}{under}")

    def _bottom(self) -> None:
        check = self._check
        if check.count and any(group.level != "note" for group in check.groups):
            self.lines.gap()
            self.lines.paragraph(
                f"La liste complète, cellule par cellule ({french_number(check.count)}) : --format csv -o fautes.csv"
            )
        if check.valid:
            self.lines.gap()
            self.lines.paragraph("Les données personnelles ne sont pas cherchées ici : « audit » le fait.")


_HEADER = frozenset(
    {
        "missing-label",
        "extra-label",
        "incorrect-label",
        "duplicate-label",
        "blank-label",
        "label-order",
        "missing-optional-label",
    }
)


def visible_spaces(text: str, mark: str) -> str:
    """Return a cell whose leading and trailing spaces can be seen."""
    stripped = text.strip(" ")
    if not stripped:
        return mark * len(text)
    start = len(text) - len(text.lstrip(" "))
    end = len(text) - len(text.rstrip(" "))
    return mark * start + stripped + mark * end


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    return " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))


def _lines(ranges: tuple[RowRange, ...], place: str) -> str:
    """Return « lignes 2 à 413, 500 et 12 autres »."""
    said = [str(a) if a == b else f"{a} à {b}" for a, b in ranges[:_RANGES]]
    rest = sum(b - a + 1 for a, b in ranges[_RANGES:])
    if rest:
        said.append(plural(rest, "autre"))
    single = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
    return f"{place}{'' if single else 's'} {join_list(said)}"
