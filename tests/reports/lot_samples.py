"""A fictional lot: real names and codes of communes, figures invented from a seed."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

from opendata_check.matching.families import families
from opendata_check.model.catalog import Fault
from opendata_check.model.finding import Axis
from opendata_check.model.lot import Cover, Lot, LotChange, LotEntry, LotResult, LotState
from opendata_check.model.organization import Organization
from opendata_check.model.score import AxisScore
from opendata_check.model.summary import AuditSummary, FindingMark
from opendata_check.territory.everyone import everyone

ON = date(2026, 11, 26)
BEFORE = date(2026, 5, 28)
_DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 40" width="96" height="40">'
    '<path d="M2 34 26 8l16 16 12-12 40 22z" fill="#7a2e5d"/><circle cx="78" cy="10" r="6" fill="#d99a2b"/></svg>'
)
LOGO = "data:image/svg+xml;base64," + base64.b64encode(_DRAWING.encode()).decode()
COVER = Cover(
    name="Syndicat numérique du Val",
    contact="Pôle données, 03 00 00 00 00",
    text="Ces pages suivent les données ouvertes des communes adhérentes. Elles servent à nos rendez-vous du printemps.",
    logo=LOGO,
    colour="#7a2e5d",
)
_KINDS = [
    ("date-mise-a-jour", "up_to_date", "minor", "Mettez à jour vos données au rythme annoncé", "Le fichier a 26 mois."),
    ("licence-indiquee", "reusable", "major", "Indiquez la Licence Ouverte 2.0", "Aucune licence n'est indiquée."),
    ("format-ouvert", "usable", "major", "Publiez un tableau CSV à côté du PDF", "Le budget n'existe qu'en PDF."),
    ("valeurs-conformes", "usable", "minor", "Écrivez les dates année-mois-jour", "12 lignes ont une date illisible."),
    ("donnees-personnelles", "protected", "critical", "Retirez les noms de personnes", "Une colonne semble nommer."),
    ("subventions-publiees", "published", "major", "Publiez la liste de vos subventions", "Non trouvé."),
    ("lien-qui-repond", "accessible", "minor", "Réparez le lien du fichier", "Le lien ne répond plus."),
]


def lot(
    bodies: int = 60,
    seed: int = 8,
    cover: Cover | None = None,
    since: date | None = BEFORE,
    departements: str = "54 55 57",
) -> Lot:
    """Return a lot whose lines have every fate, with a last run when ``since`` is given."""
    wanted = set(departements.split())
    chosen = (one for one in everyone() if one.kind == "commune" and (not wanted or one.departement_code in wanted))
    found = list(chosen)
    random.Random(seed).shuffle(found)
    picked = sorted(found[:bodies], key=lambda one: one.insee_code or "")
    results = [_result(one, line, since) for line, one in enumerate(picked, start=2)]
    return Lot(title="", on=ON, tool_version="0.8.0", results=tuple(results), cover=cover or Cover(), previous_on=since)


def marks_of(result: LotResult) -> tuple[FindingMark, ...]:
    """Return the open findings of a body, the same at each call."""
    draw = random.Random(result.entry.key)
    return tuple(_mark(draw, number) for number in range(draw.randint(4, 30)))


def _mark(draw: random.Random, number: int) -> FindingMark:
    check, axis, severity, title, message = draw.choice(_KINDS)
    outcome = draw.choice(["non_compliant", "non_compliant", "non_compliant", "unverifiable"])
    return FindingMark(
        f"{draw.getrandbits(48):012x}{number:04x}", check, axis, severity, outcome, title, message,
        dataset=draw.choice(["Budget 2025", "Subventions", "Équipements publics", ""]), file="fichier.csv",
        count=draw.randint(1, 40),
    )  # fmt: skip


def key(body: Organization) -> str:
    """Return the name of a body's folder."""
    plain = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in body.name.lower())
    return f"{body.insee_code}-{plain}"


def _result(body: Organization, line: int, since: date | None) -> LotResult:
    draw = random.Random(body.insee_code)
    entry = LotEntry(
        line, body.name, key(body), (("Secteur", draw.choice(["Nord", "Sud", "Est"])), ("Réf.", f"A{line}"))
    )
    fate = draw.random()
    if fate < 0.02:
        fault = Fault("ce site n'a pas répondu", "www.exemple.fr", "Vérifiez l'adresse, puis relancez.")
        return LotResult(entry, LotState.FAILED, fault=fault)
    if fate < 0.03:
        return LotResult(
            entry, LotState.UNKNOWN, fault=Fault("trois communes ont ce nom", "", "Écrivez le code Insee.")
        )
    if fate < 0.04:
        return LotResult(entry, LotState.DUPLICATE)
    now = summary(body, draw)
    if fate < 0.07:
        return LotResult(entry, LotState.PARTIAL, replace(now, partial=True, faults=1))
    if since is None or fate < 0.12:
        return LotResult(entry, LotState.DONE, now)
    before, change = _before(now, draw, since)
    return LotResult(entry, LotState.DONE, now, change=change, previous=before)


def summary(body: Organization, draw: random.Random) -> AuditSummary:
    """Return an invented audit of a real commune: bigger ones publish more."""
    population = (body.populations[0].municipale if body.populations else 0) or 0
    bound = "applies" if population >= 3500 and draw.random() < 0.7 else ("unknown" if population >= 3500 else "exempt")
    reach = min(1.0, 0.1 + population / 30_000 + draw.random() * 0.35)
    known = [one.id for one in families()]
    owned = tuple(sorted(name for name in known if draw.random() < reach * (0.75 if known.index(name) < 20 else 0.3)))
    owned = owned if draw.random() < 0.8 else ()
    axes = tuple(
        AxisScore(axis, round(min(100, max(0, draw.gauss(40 + 50 * reach, 15))), 1) if owned else None, 0.8, 4, 3, 2)
        for axis in Axis
    )
    scored = [axis.score for axis in axes if axis.score is not None]
    met = draw.randint(0, 4) if bound != "exempt" else draw.randint(0, 1)
    return AuditSummary(
        body=f"insee:{body.insee_code}", name=body.name, kind=body.kind.value, target=body.name, on=ON,
        tool_version="0.8.0", insee_code=body.insee_code or "", siren=body.siren or "",
        departement_code=body.departement_code or "", departement_name=body.departement_name or "",
        epci_siren=body.epci_siren or "", epci_name=body.epci_name or "", population=population, bound=bound,
        overall=sum(scored) / len(scored) if scored else (0.0 if bound == "applies" else None), confidence=0.7,
        level="en_chemin" if scored else "non_evalue", axes=axes, datasets=len(owned), files=2 * len(owned),
        duties_met=met, duties_unmet=draw.randint(0, 5) if bound != "exempt" else 1, duties_unknown=draw.randint(0, 3),
        families=owned, first_action=draw.choice(_KINDS)[3] if bound == "applies" or owned else "",
        actions=draw.randint(1, 9),
        newest=ON - timedelta(days=draw.choice([12, 40, 150, 320, 500, 900])) if owned and draw.random() < 0.9 else None,
    )  # fmt: skip


def _before(now: AuditSummary, draw: random.Random, since: date) -> tuple[AuditSummary, LotChange]:
    """Return the audit of the last run: some have lost ground since, most have moved a little."""
    lost = draw.random()
    families_then, newest = now.families, now.newest
    if lost < 0.06:
        families_then = tuple(sorted({*now.families, "budget", "subventions", "deliberations"}))
    if lost > 0.93:
        newest = since - timedelta(days=60)
    score = None if now.overall is None else max(0, min(100, now.overall + draw.gauss(-4, 3)))
    before = replace(
        now,
        on=since,
        families=families_then,
        datasets=len(families_then),
        newest=newest,
        overall=score,
        tool_version="0.7.0",
    )
    still = draw.random() < 0.4
    mended, new = (0, 0) if still else (draw.randint(0, 4), draw.randint(0, 3))
    return before, LotChange(mended, new, draw.randint(0, 9))


def contents(one: Lot, make: Callable[..., Iterator[tuple[str, object]]], rank: bool = False) -> dict[str, bytes]:
    """Return every file of a lot, whole, as they would be written."""
    found: dict[str, bytes] = {}
    for path, content in make(one, marks_of, rank):
        assert path not in found
        if isinstance(content, bytes):
            found[path] = content
        else:
            found[path] = "".join([content] if isinstance(content, str) else content).encode("utf-8")  # type: ignore[arg-type]
    return found


def first(one: Lot, count: int) -> Lot:
    """Return a lot cut to its first lines."""
    return replace(one, results=tuple(islice(one.results, count)))
