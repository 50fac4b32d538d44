"""What is meant of a store: a body by its name or code, two of its audits, a département, an intercommunalité."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from opendata_check.model.history import StoredAudit
    from opendata_check.model.organization import Organization
    from opendata_check.store import Store

_FEW = 5
_DATES = 12


def kept_body(typed: str, store: Store) -> str:
    """Return the key of the body typed, of which the store keeps audits.

    Raises UsageError when it keeps none, and a territory error when several kept bodies, or none known, may be meant.
    """
    from opendata_check import config, territory
    from opendata_check.cli import options
    from opendata_check.summaries import body_key

    name = options.unquoted(typed)
    for key in (name, f"target:{name}"):
        if store.has(key):
            return key
    try:
        organization = options.resolve_organization(name, config.Config())
    except territory.AmbiguousTerritoryError as error:
        kept = [one for one in error.candidates if store.has(body_key(one, ""))]
        if len(kept) == 1:
            return body_key(kept[0], "")
        if kept:
            raise _several(name, kept) from error
        raise
    except territory.UnknownTerritoryError as error:
        called = _called(name, store)
        if len(called) == 1:
            return called[0]
        raise _unknown(name, store, error.remedy) from error
    assert organization is not None
    for key in (body_key(organization, name), f"insee:{name}", f"siren:{name}"):
        if store.has(key):
            return key
    raise _none_kept(organization, store)


def _called(name: str, store: Store) -> list[str]:
    """Return the keys of the kept bodies that bear this name: fictional ones, folders."""
    from opendata_check.folding import fold

    wanted = fold(name).replace("-", " ")
    return [body.key for body in store.bodies() if fold(body.name).replace("-", " ") == wanted]


def _unknown(name: str, store: Store, remedy: str) -> UsageError:
    from opendata_check.reports.safety import clean

    return UsageError(
        "aucun audit gardé ne porte ce nom", where=f"« {clean(name, 60)} »", remedy=_close(name, store) or remedy
    )


def _several(name: str, kept: Sequence[Organization]) -> UsageError:
    from opendata_check.reports.safety import clean

    told = [f"{one.name} ({one.departement_code or one.siren}), code {one.insee_code or one.siren}" for one in kept]
    more = f" et {len(told) - _FEW} autres" if len(told) > _FEW else ""
    return UsageError(
        f"plusieurs organismes gardés portent ce nom : {' ; '.join(told[:_FEW])}{more}",
        where=f"« {clean(name, 60)} »",
        remedy="Tapez le code.",
    )


def _none_kept(organization: Organization, store: Store) -> UsageError:
    name = organization.name
    close = _close(name, store)
    return UsageError(
        f"aucun audit de « {name} » n'est gardé ici",
        where=str(store.path),
        remedy=f"{close} Pour en garder un : opendata-check audit, avec --store.".strip(),
    )


def _close(name: str, store: Store) -> str:
    """Return « Sont gardés : … » with the names nearest to what was typed, "" when none is near."""
    from difflib import get_close_matches

    from opendata_check.folding import fold
    from opendata_check.reports.safety import clean

    names = {fold(body.name): body.name for body in store.bodies() if body.name}
    close = get_close_matches(fold(name), names, n=_FEW, cutoff=0.7)
    return f"Est gardé ici : {', '.join(f'« {clean(names[one], 60)} »' for one in close)}." if close else ""


def pair(audits: Sequence[StoredAudit], before: date | None, after: date | None) -> tuple[StoredAudit, StoredAudit]:
    """Return the two audits to compare: those of the dates typed, else the last one and the one before it.

    Raises UsageError when there is none at a date, or only one in all.
    """
    other = audits[-1] if after is None else _dated(audits, after, "--to")
    if before is None:
        rank = audits.index(other)
        if rank == 0:
            first = "le premier audit gardé n'a rien avant lui" if len(audits) > 1 else "un seul audit est gardé"
            raise UsageError(f"{first} : il n'y a rien à comparer", where="store diff", remedy=_known_dates(audits))
        return audits[rank - 1], other
    one = _dated(audits, before, "--from")
    if audits.index(one) >= audits.index(other):
        raise UsageError("la première date doit venir avant la seconde", where="--from", remedy=_known_dates(audits))
    return one, other


def _dated(audits: Sequence[StoredAudit], day: date, option: str) -> StoredAudit:
    """Return the audit of a day, the last to arrive when there are several."""
    found = [audit for audit in audits if audit.summary.on == day]
    if not found:
        raise UsageError(f"aucun audit gardé le {day:%d/%m/%Y}", where=option, remedy=_known_dates(audits))
    return found[-1]


def _known_dates(audits: Sequence[StoredAudit]) -> str:
    days = list(dict.fromkeys(f"{audit.summary.on:%d/%m/%Y}" for audit in audits))
    more = f" et {len(days) - _DATES} plus anciennes" if len(days) > _DATES else ""
    return f"Dates gardées : {', '.join(days[-_DATES:])}{more}."


def departement_code(typed: str | None) -> str:
    """Return the code of the département typed, by code or by name; "" when nothing is. Raises UsageError."""
    if typed is None:
        return ""
    from difflib import get_close_matches

    from opendata_check.folding import fold
    from opendata_check.territory.store import departements

    names = {fold(area.name).replace("-", " "): code for code, area in departements().items()}
    codes = {code.lower().lstrip("0"): code for code in departements()}
    wanted = fold(typed).replace("-", " ")
    found = codes.get(wanted.lstrip("0")) or names.get(wanted)
    if found is None:
        close = get_close_matches(wanted, names, n=1, cutoff=0.6)
        hint = f"Vouliez-vous dire {departements()[names[close[0]]].name} ({names[close[0]]}) ?" if close else ""
        raise UsageError(f"« {typed[:40]} » n'est pas un département", where="--departement",
                         remedy=hint or "Par exemple : 54, 2A ou Meurthe-et-Moselle.")  # fmt: skip
    return found


def epci_siren(typed: str | None) -> str:
    """Return the SIREN of the intercommunalité typed, by SIREN or by name; "" when nothing is.

    Raises UsageError for a commune, a territory error when it is unknown or when several may be meant.
    """
    if typed is None:
        return ""
    from opendata_check import territory
    from opendata_check.model.organization import OrganizationKind

    found = territory.resolve(typed)
    if found.kind is OrganizationKind.COMMUNE and found.epci_siren:
        raise UsageError(f"« {found.name} » est une commune", where="--epci",
                         remedy=f"Son intercommunalité : {found.epci_name}, SIREN {found.epci_siren}.")  # fmt: skip
    return found.siren or ""
