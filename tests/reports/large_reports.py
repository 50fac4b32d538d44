"""Reports of thousands of findings, for what must stay quick and bounded whatever was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import report_samples as samples

from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.model.facts import ContentFacts, EnvelopeFacts
from opendata_check.model.finding import Finding, Location, Outcome
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.report import AuditReport
from opendata_check.model.score import Priority

_FACES = ("encodage-utf8", "valeurs-conformes", "licence-indiquee", "jeu-decrit", "donnees-personnelles")
_COLUMNS = ("date", "montant", "siret", "adresse", "objet", "commune", "latitude", "longitude")


def report_of(count: int, datasets: int = 250) -> AuditReport:
    """Return a report of ``count`` faults over ``datasets`` datasets, each with its message and its place."""
    items = tuple(_dataset(number) for number in range(datasets))
    findings = tuple(_findings(count, datasets))
    base = samples.bound_commune()
    priorities = tuple(
        Priority(rank, check, findings[rank - 1].action, findings[rank - 1].why, findings[rank - 1].remedy, "",
                 findings[rank - 1].legal_basis, 1.0, "demi_heure", 1.0,
                 tuple(one.fingerprint for one in findings if one.check == check))
        for rank, check in enumerate(_FACES, start=1)
    )  # fmt: skip
    return replace(base, datasets=items, findings=findings, priorities=priorities, catalogs=(samples.folder(items),))


def _name(number: int) -> str:
    return f"services/donnees-du-service-{number:04}.csv"


def _dataset(number: int) -> InspectedDataset:
    name = _name(number)
    distribution = Distribution(id=name, title=name, path=samples.FOLDER / name, declared_format="csv")
    facts = ContentFacts(EnvelopeFacts("csv", "csv"), byte_size=4096)
    return InspectedDataset(
        Dataset(id=name, title=f"Données du service {number}", distributions=(distribution,)),
        (InspectedFile(distribution, name, facts=facts),),
        catalog_location=str(samples.FOLDER),
    )


def _findings(count: int, datasets: int) -> Iterator[Finding]:
    for number in range(count):
        name, column = _name(number % datasets), _COLUMNS[number // datasets % len(_COLUMNS)]
        row = 2 + number
        place = Location(dataset=name, file=name, column=column, letter="B", rows=((row, row + 11),))
        made = samples.finding(
            _FACES[number % len(_FACES)], Outcome.NON_COMPLIANT, dataset=name, title=f"Données du service {number % datasets}",
            message=f"12 lignes : la colonne B ({column}) ne suit pas le modèle attendu, vue {number}.", locations=(place,),
        )  # fmt: skip
        if made.check == "valeurs-conformes":  # a gesture of its own: told under its dataset, not once for all
            made = replace(made, remedy=f"{made.remedy} Reprenez la fiche n° {number % datasets}.")
        yield replace(made, fingerprint=samples.fingerprint(number), blocker=False)
