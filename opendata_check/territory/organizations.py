"""Makes an Organization of a record of the embedded reference, and names it so that nobody takes it for another."""

from __future__ import annotations

from collections.abc import Sequence

from opendata_check.model.organization import Organization, OrganizationKind, PopulationFigures
from opendata_check.territory import store
from opendata_check.territory.special import special

NATURE_WORDS = {
    "CC": "communauté de communes",
    "CA": "communauté d'agglomération",
    "CU": "communauté urbaine",
    "METRO": "métropole",
    "MET69": "métropole de Lyon",
    "EPT": "établissement public territorial",
}
_OVERSEAS = "com"


def _figures(new: int | None, old: int | None, old_totale: int | None) -> tuple[PopulationFigures, ...]:
    """Return the vintages that have at least one figure, the new one first; figures of two vintages stay apart."""
    recent, previous = store.vintages()
    found = []
    if new is not None:
        found.append(PopulationFigures(recent.reference_year, recent.in_force_year, new, None, recent.source))
    if old is not None or old_totale is not None:
        years = (previous.reference_year, previous.in_force_year)
        found.append(PopulationFigures(*years, old, old_totale, previous.source))
    return tuple(found)


def commune(position: int, notes: Sequence[str] = ()) -> Organization:
    """Return the commune at ``position``, with ``notes`` before what is always said of it."""
    record = store.commune_at(position)
    departement = store.departements()[store.departement_of(record.code)]
    epci = store.group_at(record.epci) if record.epci is not None else None
    said = [*notes]
    if record.ept is not None:
        ept = store.group_at(record.ept)
        said.append(
            f"Cette commune appartient aussi à l'établissement public territorial {ept.name} (SIREN {ept.siren})."
        )
    if departement.zone == _OVERSEAS:
        said.append(special("zones", _OVERSEAS).note)
    body = Organization(
        name=record.name,
        kind=OrganizationKind.COMMUNE,
        insee_code=record.code,
        siren=record.siren,
        departement_code=departement.code,
        departement_name=departement.name,
        epci_siren=epci.siren if epci else None,
        epci_name=epci.name if epci else None,
        epci_nature=epci.nature if epci else None,
        populations=_figures(record.municipale_new, record.municipale_old, record.totale_old),
        notes=tuple(said),
    )
    return special("communes", record.code).applied(body)


def group(position: int, notes: Sequence[str] = ()) -> Organization:
    """Return the EPCI or EPT at ``position``; its département is given only when all its members lie in one."""
    record = store.group_at(position)
    alone = store.departements()[record.departements[0]] if len(record.departements) == 1 else None
    body = Organization(
        name=record.name,
        kind=OrganizationKind.EPT if record.nature == "EPT" else OrganizationKind.EPCI,
        siren=record.siren,
        departement_code=alone.code if alone else None,
        departement_name=alone.name if alone else None,
        epci_nature=record.nature,
        populations=_figures(None, record.municipale_old, record.totale_old),
        notes=tuple(notes),
        largest_member_populations=_figures(
            record.largest_municipale_new, record.largest_municipale_old, record.largest_totale_old
        ),
    )
    return special("groups", record.siren).applied(body)


def _summed(area: store.Area) -> tuple[PopulationFigures, ...]:
    """Return the population of an area, said to be a sum over its communes."""
    if area.municipale_new is None:
        return ()
    recent = store.vintages()[0]
    source = f"somme des communes d'après {recent.source}"
    return (PopulationFigures(recent.reference_year, recent.in_force_year, area.municipale_new, None, source),)


def departement(code: str) -> Organization:
    """Return the département whose code is ``code``; the reference gives no SIREN for it."""
    area = store.departements()[code]
    body = Organization(
        name=area.name,
        kind=OrganizationKind.DEPARTEMENT,
        insee_code=area.code,
        departement_code=area.code,
        departement_name=area.name,
        populations=_summed(area),
    )
    return special("departements", code).applied(body)


def region(code: str) -> Organization:
    """Return the région whose code is ``code``; the reference gives no SIREN for it."""
    area = store.regions()[code]
    body = Organization(
        name=area.name,
        kind=OrganizationKind.REGION,
        insee_code=area.code,
        populations=_summed(area),
    )
    return special("regions", code).applied(body)


def _is_area(body: Organization) -> bool:
    """Return whether the body was found among the départements and régions, whatever its kind."""
    return body.insee_code is not None and body.kind is not OrganizationKind.COMMUNE


def _is_region(body: Organization) -> bool:
    return body.departement_code is None


def _departement(body: Organization) -> str:
    return f"département {body.name} ({body.insee_code})"


def described(body: Organization) -> str:
    """Return a body with what tells it from its homonyms: « Saint-Denis, Seine-Saint-Denis (93), code 93066 »."""
    if _is_area(body):
        return f"région {body.name} (code {body.insee_code})" if _is_region(body) else _departement(body)
    place = f", {body.departement_name} ({body.departement_code})" if body.departement_code else ""
    number = f"code {body.insee_code}" if body.kind is OrganizationKind.COMMUNE else f"SIREN {body.siren}"
    return f"{body.name}{place}, {number}"


def typed(body: Organization) -> str:
    """Return a text that designates the body when typed: « Nancy (54) », « région Bretagne », a group's name."""
    if _is_area(body):
        return f"région {body.name}" if _is_region(body) else _departement(body)
    if body.kind is OrganizationKind.COMMUNE:
        return f"{body.name} ({body.departement_code})"
    return body.name


def typed_among(body: Organization, others: Sequence[Organization]) -> str:
    """Return a text that designates the body and none of ``others``."""
    text = typed(body)
    if sum(typed(other) == text for other in others) <= 1:
        return text
    if body.kind is OrganizationKind.COMMUNE:
        return f"{body.name} ({body.insee_code})"
    located = f"{body.name} ({body.departement_code})"
    same = [other for other in others if other.name == body.name and other.departement_code == body.departement_code]
    return located if body.departement_code and len(same) == 1 else f"{body.siren}"
