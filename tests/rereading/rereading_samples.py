"""Reports to write and read again: the fictional bodies, a portal's with everything a report may hold."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "reports"))

import report_samples as samples

from opendata_check import peer_scores
from opendata_check.model.availability import Availability
from opendata_check.model.catalog import Catalog, Distribution, Fault, ServiceOffer
from opendata_check.model.completeness import (
    Candidate,
    Comparison,
    Completeness,
    Elsewhere,
    ExpectedFamily,
    Publisher,
    YearSeries,
)
from opendata_check.model.copies import Copy
from opendata_check.model.inspected import InspectedDataset, InspectedFile, Match
from opendata_check.model.legal import OpenElsewhere
from opendata_check.model.organization import DeclaredFact, HeadcountBand
from opendata_check.model.report import AuditReport

PORTAL = "https://data.orle.example"


def _online(item: InspectedDataset, rank: int) -> InspectedDataset:
    """Return a dataset of a folder as a portal would show it."""
    files = []
    for file in item.files:
        where = replace(
            file.distribution,
            path=None,
            id=f"r{rank}",
            url=f"{PORTAL}/r/{rank}/{file.name}",
            modified=date(2026, 1, 1 + rank),
        )
        seen = Availability("available", 200, f"{PORTAL}/f/{rank}", ground="http_200", detail="Le lien répond.")
        files.append(replace(file, distribution=where, availability=seen if rank % 2 else None))
    layer = ServiceOffer("wfs", "orle:voirie")
    service = Distribution(f"s{rank}", "Couche", url=f"{PORTAL}/wfs", role="api", service=layer)
    files.append(InspectedFile(service, "Couche (WFS)"))
    broken = Distribution(f"b{rank}", "Perdu", url=f"{PORTAL}/perdu.csv", byte_size=1234, declared_format="csv")
    files.append(
        InspectedFile(broken, "perdu.csv", fault=Fault("le lien répond « 404 »", "perdu.csv"), unreachable=True)
    )
    dataset = replace(
        item.dataset,
        distributions=tuple(file.distribution for file in files if not file.member),
        landing_page=f"{PORTAL}/jeu/{rank}",
        license="lov2",
        license_url="https://www.etalab.gouv.fr/licence-ouverte",
        frequency="annual",
        issued=date(2024, 5, 2),
        modified=date(2026, 3, 1 + rank),
        publisher="Commune",
        described=True,
        harvested_from="data.gouv.fr" if rank % 3 == 0 else "",
    )
    copies = (Copy(0, "udata", PORTAL, dataset), Copy(1, "ckan", "https://autre.example", dataset))
    matches = (*item.matches, Match("arbres", 0.5, "title", "arbre", ("parcs", "jardins")))
    return replace(item, dataset=dataset, files=tuple(files), copies=copies, matches=matches, catalog_location=PORTAL)


def _expected(items: tuple[InspectedDataset, ...]) -> Completeness:
    first = Candidate(items[0].key, items[0].dataset.title, 0.9, "columns", "", ("voirie",), ("https://autre.example",))
    families = (
        ExpectedFamily("bal", "Les adresses", "bal", "compliant", "found", found=(first,), effort="demi_journee"),
        ExpectedFamily("arbres", "Les arbres", "usage", "not_found", "not_found", (), (first,), holder="les espaces verts",
                       software="le SIG", frequency="annuelle", effort="demi_journee", stratum=2000, common=True, mine=True),
        ExpectedFamily("cameras", "Les caméras", "usage", "not_found", "not_found", effort="deux_jours", guarded=True),
        ExpectedFamily("dechets", "Les déchets", "usage", "already_open", "holder",
                       elsewhere=(Elsewhere("l'État", "data.gouv.fr", "Déchets", True),),
                       publishers=(Publisher("epci", "Communauté de communes de l'Orle", True),), effort="demi_journee"),
    )  # fmt: skip
    series = (YearSeries("budget", "Le budget", (items[0].key,), ("2021", "2023"), ("2022",), "2025", False),)
    compared = Comparison("les communes de 3 500 à 10 000 habitants", 4, 2024, "un relevé", 120, 900)
    return Completeness(families, series, compared)


def portal() -> AuditReport:
    """Return the report of a body on a portal and in a folder, with all that others publish and give."""
    report = samples.bound_commune()
    items = tuple(_online(item, rank) for rank, item in enumerate(report.datasets[:6])) + report.datasets[6:]
    online = Catalog("udata", "portal", PORTAL, "Données de l'Orle", tuple(item.dataset for item in items[:6]),
                     (Fault("une page manque", PORTAL),), complete=False, publisher_siren="219900425",
                     software="udata 9", announced=12, left_out=(("archived", 3),), publisher_badges=("certified",))  # fmt: skip
    elsewhere = replace(samples.folder(items[6:]), place="site", location="https://ville.example", about_others=True)
    assert report.organization is not None
    body = replace(
        report.organization,
        headcount_band=HeadcountBand("21", 50, 99, 2023),
        agents_effectif=70,
        notes=("L'ancien code 99041 mène ici.",),
        declared=(DeclaredFact("site_internet", False), DeclaredFact("vehicules", 12, date(2026, 1, 2), "au parc")),
    )
    return replace(
        report,
        organization=body,
        catalogs=(online, samples.folder(items[6:]), elsewhere),
        datasets=items,
        by_others=(replace(items[0], dataset=replace(items[0].dataset, id="autre", about_others=True)),),
        already_open=(OpenElsewhere("ban", "Les adresses", "l'IGN", "adresse.data.gouv.fr", "bal"),),
        expected=_expected(items),
        others_scores=peer_scores.scores(items, report.on),
        interrupted=True,
    )


REPORTS = {**samples.ALL, "portal": portal}
