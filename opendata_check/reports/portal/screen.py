"""A portal's catalogue on a screen: what is there, what is said of it, which links answer, what to mend first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from opendata_check.model.catalog import Catalog, Dataset
from opendata_check.model.finding import Finding, Outcome, Severity
from opendata_check.model.survey import Survey
from opendata_check.reports.interface import Layout
from opendata_check.reports.page.lines import Lines
from opendata_check.reports.safety import clean, shorten
from opendata_check.vocabulary import format_of, formats, frequency_of, licence_of
from opendata_check.wording import carries, french_number, join_list, legible, plural

_SHOWN = 8
_CAUSES = 12
_NAMES = 3
_REASONS = {
    "archived": ("archivé", "archivés"),
    "deleted": ("supprimé", "supprimés"),
    "draft": ("brouillon", "brouillons"),
    "federated": ("d'un autre portail", "d'autres portails"),
    "harvest": ("fiche de moissonnage", "fiches de moissonnage"),
    "private": ("privé", "privés"),
    "service": ("service (rattaché à ses données)", "services (rattachés à leurs données)"),
    "showcase": ("réutilisation", "réutilisations"),
}
_LINKS = (
    ("available", "répond", "répondent"),
    ("unavailable", "ne répond pas", "ne répondent pas"),
    ("not_ready", "pas encore prêt (fabriqué à la demande)", "pas encore prêts (fabriqués à la demande)"),
    ("unknown", "à revoir (le serveur n'a pas pu dire)", "à revoir (le serveur n'a pas pu dire)"),
    ("refused", "non suivi (adresse interne, ou pas du web)", "non suivis (adresses internes, ou pas du web)"),
)
_SEVERITIES = list(Severity)


def render(survey: Survey, layout: Layout) -> str:
    """Return the survey as lines that fit the screen."""
    page = _Page(survey, layout)
    page.write()
    return legible(page.lines.text(), layout.encoding)


class _Page:
    def __init__(self, survey: Survey, layout: Layout) -> None:
        self.lines = Lines(layout.width)
        self._survey = survey
        self._mark = "✗" if carries("✗", layout.encoding) else "x"

    def write(self) -> None:
        for catalog in self._survey.catalogs:
            self._place(catalog)
        self._counts()
        if self._survey.datasets:
            self._contents()
        elif not self._survey.partial:
            self.lines.paragraph("Aucun jeu de données ici : vérifiez l'adresse, ou les mots de la recherche.")
        self._faults()
        self._to_mend()
        self.lines.gap()
        self.lines.paragraph("Seul le catalogue a été lu, pas les fichiers : audit fait les deux.")

    def _place(self, catalog: Catalog) -> None:
        known = next((s for s in self._survey.sources if s.kind == catalog.source), None)
        name = clean(catalog.software or (known.name if known else catalog.source), 100)
        title = clean(catalog.title, 150)
        self.lines.paragraph(f"{title}, {name}")
        if catalog.location and catalog.location != catalog.title:
            self.lines.paragraph(clean(catalog.location, 300), indent=2)
        count = plural(len(catalog.datasets), "jeu de données lu", "jeux de données lus")
        if catalog.announced is not None and catalog.announced != len(catalog.datasets):
            count += f", {french_number(catalog.announced)} annoncés"
        self.lines.paragraph(count + ".", indent=2)
        if catalog.left_out:
            parts = [plural(number, *_REASONS.get(reason, (reason, reason))) for reason, number in catalog.left_out]
            self.lines.paragraph(f"Mis de côté : {join_list(parts)}.", indent=2)

    def _counts(self) -> None:
        survey = self._survey
        seen = sum(len(catalog.datasets) for catalog in survey.catalogs)
        files = sum(len(item.files) for item in survey.datasets)
        self.lines.gap()
        once = plural(len(survey.datasets), "jeu de données", "jeux de données")
        text = f"En tout : {once}, {plural(files, 'fichier ou service', 'fichiers ou services')}."
        if seen > len(survey.datasets):
            double = seen - len(survey.datasets)
            text += f" {plural(double, 'copie comptée', 'copies comptées')} une seule fois."
        self.lines.paragraph(text)

    def _contents(self) -> None:
        datasets = [item.dataset for item in self._survey.datasets]
        self.lines.heading("Ce qui y est dit")
        self._shares("Licences", [_licence(one) for one in datasets])
        self._shares("Fréquences", [_frequency(one.frequency) for one in datasets])
        distributions = [file.distribution for item in self._survey.datasets for file in item.files]
        self._shares("Formats", [_format(one.declared_format) for one in distributions])
        elsewhere = [one.harvested_from for one in datasets if one.harvested_from]
        if elsewhere:
            self._shares("Venus d'ailleurs", elsewhere)
        if self._survey.links_checked:
            self._links()

    def _shares(self, label: str, said: Sequence[str]) -> None:
        counted = Counter(said)
        ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
        parts = [f"{shorten(clean(name), 50)} ({french_number(number)})" for name, number in ranked[:_SHOWN]]
        if len(ranked) > _SHOWN:
            rest = sum(number for _, number in ranked[_SHOWN:])
            parts.append(f"autres ({french_number(rest)})")
        self.lines.fact(label, ", ".join(parts) or "aucun")

    def _links(self) -> None:
        files = [(item, file) for item in self._survey.datasets for file in item.files]
        tried = [file.availability for _, file in files if file.availability]
        seen = Counter(one.state for one in tried)
        parts = [plural(seen[state], one, many) for state, one, many in _LINKS if seen[state]]
        self.lines.fact("Liens", ", ".join(parts) or "aucun à essayer")
        causes = Counter(one.detail for one in tried if one.state == "unknown" and one.detail)
        for cause, number in sorted(causes.items(), key=lambda pair: (-pair[1], pair[0]))[:_NAMES]:
            self.lines.paragraph(f"À revoir ({french_number(number)}) : {clean(cause, 200)}.", indent=2)
        spared = sum(file.distribution.id in item.dataset.spare_exports for item, file in files)
        if spared:
            words = (
                "autre format des mêmes données n'a pas été essayé",
                "autres formats des mêmes données n'ont pas été essayés",
            )
            self.lines.paragraph(f"{plural(spared, *words)}.", indent=2)

    def _faults(self) -> None:
        if not self._survey.faults:
            return
        self.lines.heading("Ce qui n'a pas été vu")
        for fault in self._survey.faults[:_CAUSES]:
            self.lines.paragraph(clean(fault.line, 400), indent=2, mark="-")
        if len(self._survey.faults) > _CAUSES:
            more = len(self._survey.faults) - _CAUSES
            self.lines.paragraph(f"… et {plural(more, 'autre', 'autres')} : --format json les donne tous.", indent=2)

    def _to_mend(self) -> None:
        wrong = [finding for finding in self._survey.findings if finding.outcome is Outcome.NON_COMPLIANT]
        if not wrong:
            if self._survey.datasets:
                self.lines.gap()
                self.lines.paragraph("Rien à corriger dans ce que dit le catalogue.")
            return
        groups = _grouped(wrong, lambda finding: finding.check)
        self.lines.heading("À corriger")
        for group in sorted(
            groups, key=lambda group: (_SEVERITIES.index(group[0].severity), -len(group), group[0].check)
        ):
            self._cause(group)

    def _cause(self, group: list[Finding]) -> None:
        first = group[0]
        datasets = list(dict.fromkeys(finding.dataset_title or finding.dataset for finding in group))
        many = plural(len(datasets), "jeu de données", "jeux de données")
        self.lines.gap()
        self.lines.paragraph(f"{clean(first.action or first.title)} : {many}.", mark=self._mark)
        names = [f"« {shorten(clean(name), 50)} »" for name in datasets[:_NAMES]]
        where = self._hosts(group)
        if len(datasets) > _NAMES:
            names.append(f"{french_number(len(datasets) - _NAMES)} de plus")
        self.lines.paragraph(f"Où : {', '.join(names)}{where}.", indent=2)
        self.lines.paragraph(clean(first.message, 400), indent=2)
        if first.remedy:
            self.lines.paragraph(f"Que faire : {clean(first.remedy, 600)}", indent=2)

    def _hosts(self, group: list[Finding]) -> str:
        """Return on which portals these datasets are, when several were read."""
        if len(self._survey.catalogs) < 2:
            return ""
        keys = {finding.dataset for finding in group}
        places = {
            clean(item.catalog_location.partition("://")[2].partition("/")[0], 60)
            for item in self._survey.datasets
            if item.key in keys
        }
        return f", sur {join_list(sorted(places))}" if places else ""


def _grouped(findings: Iterable[Finding], key: Callable[[Finding], str]) -> list[list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(key(finding), []).append(finding)
    return list(groups.values())


def _licence(dataset: Dataset) -> str:
    text, url = dataset.stated_license
    known = licence_of(text, url)
    return known.title if known else text or url or "aucune"


def _frequency(text: str) -> str:
    known = frequency_of(text)
    return known.title if known else text or "non dite"


def _format(text: str) -> str:
    known = formats().get(format_of(text))
    return known.title if known else text.upper() or "non dit"
