"""The first block: bound or not, why, with which figures; who it is, when and where we looked; what is already good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from opendata_check.model.legal import Applicability, Certainty, ConditionNode, Duty, NodeKind
from opendata_check.model.organization import HeadcountBand, Organization, PopulationFigures
from opendata_check.reports.outline import phrases
from opendata_check.reports.outline.basics import Fact, Statement, VerdictBlock
from opendata_check.reports.outline.phrases import say
from opendata_check.reports.outline.unread import listed
from opendata_check.reports.safety import is_absolute, last_part, shorten
from opendata_check.wording import french_date, french_number, plural, word

if TYPE_CHECKING:
    from opendata_check.model.catalog import Catalog
    from opendata_check.model.report import AuditReport
    from opendata_check.reports.outline.values import Rule

_SHOWN_PLACES = 3
_ADDRESS = 60
OPENING = "diffusion-par-principe"
"""The duty the first sentence is about."""


def verdict(organization: Organization | None, duties: Sequence[Duty], on: date, section: str = "") -> VerdictBlock:
    """Return the answer to « must we publish? », taken from the duty that opens data by default.

    ``section`` is the title of the block where the other duties stand, when it is not the usual one.
    """
    duty = next((duty for duty in duties if duty.obligation == OPENING), None)
    answer = duty.applicability if duty else Applicability.UNKNOWN
    kind = organization.kind if organization else "unknown"
    likely = duty is not None and answer is Applicability.EXEMPT and duty.certainty is Certainty.INTERPRETATION
    sentence = say(
        f"verdict_{answer}{'_likely' if likely else ''}",
        Your=phrases.kind_word(organization, "Your"),
        tenu=word("report", "tenu", kind),
    )
    return VerdictBlock(
        sentence=sentence,
        applicability=answer.value,
        reason=_reason(organization, duty),
        figures=tuple(_figures(organization, duty, on)) if organization else (),
        what_if=tuple(item.text for item in duty.what_if) if duty and answer is Applicability.UNKNOWN else (),
        more=tuple(_more(organization, duties, answer, section or say("law"))),
        articles=phrases.citations(ref for ref in duty.legal_basis if ref.certainty is Certainty.TEXT) if duty else (),
    )


def counted(duties: Sequence[Duty]) -> str:
    """Return how many of the known rules bind, are left to confirm, do not bind, in one sentence."""
    counts = [
        say(f"scope_count_{state}", count=number)
        for state in Applicability
        if (number := sum(duty.applicability is state for duty in duties))
    ]
    return say("scope_counts", counts=", ".join(counts))


def _reason(organization: Organization | None, duty: Duty | None) -> str:
    if organization is None:
        return say("who_are_you")
    return phrases.sentence(duty.reason) if duty and duty.reason else say("no_reason")


def _figures(organization: Organization, duty: Duty | None, on: date) -> Iterator[Statement]:
    """Yield the two figures, with the state their test took in the text's condition."""
    figures = _in_force(organization, on.year)
    results = _results(duty.condition) if duty else {}
    if figures is not None:
        counts = [
            say(f"population_{name}", count=plural(count, "habitant"))
            for name, count in (("municipale", figures.municipale), ("totale", figures.totale))
            if count is not None
        ]
        text = say("population", figures=", ".join(counts), source=figures.source, year=figures.in_force_year,
                   evidence=word("evidence", figures.evidence))  # fmt: skip
        yield Statement(text, _state(results, "population"))
    yield Statement(_agents(organization), _state(results, "agents_etp"))


def _in_force(organization: Organization, year: int) -> PopulationFigures | None:
    """Return the figures of the audit's year, else the newest of an earlier year, else the newest."""
    populations = organization.populations
    exact = [figures for figures in populations if figures.in_force_year == year]
    earlier = [figures for figures in populations if figures.in_force_year <= year]
    return next(iter((*exact, *earlier, *populations)), None)


def _agents(organization: Organization) -> str:
    if organization.agents_etp is None and organization.agents_effectif is not None:
        return say("agents_people", count=plural(organization.agents_effectif, "agent"))
    if organization.agents_etp is None and organization.headcount_band is not None:
        return say("agents_band", band=_band(organization.headcount_band))
    if organization.agents_etp is None:
        return say("agents_unknown")
    decimals = 0 if float(organization.agents_etp).is_integer() else 1
    count = f"{french_number(organization.agents_etp, decimals)} agents"
    if organization.agents_etp < 2:
        count = count.removesuffix("s")
    if organization.agents_etp_stated_on is None:
        return say("agents_undated", count=count)
    return say("agents", count=count, day=french_date(organization.agents_etp_stated_on))


def _band(band: HeadcountBand) -> str:
    if band.highest is None:
        words = say("band_open", low=french_number(band.lowest))
    elif band.highest == 0:
        words = say("band_none")
    else:
        words = say("band", low=french_number(band.lowest), high=french_number(band.highest))
    return words if band.year is None else say("band_year", band=words, year=band.year)


def _results(node: ConditionNode) -> dict[str, bool | None]:
    """Return the value each fact's test took (the first, when several tests read one fact)."""
    if node.kind is NodeKind.TEST:
        return {node.fact: node.result}
    found: dict[str, bool | None] = {}
    for child in node.children:
        found = _results(child) | found
    return found


def _state(results: dict[str, bool | None], fact: str) -> str:
    if fact not in results:
        return ""
    return {True: "compliant", False: "not_applicable", None: "unverifiable"}[results[fact]]


_ACCESS = "format-ouvert"
"""The duty that binds whoever the rules on access to documents (CRPA, book III) speak of, and only them."""


def _more(
    organization: Organization | None, duties: Sequence[Duty], answer: Applicability, section: str
) -> Iterator[str]:
    if answer.binds_not:
        yield say("voluntary")
        if any(duty.obligation == _ACCESS and duty.applicability is Applicability.APPLIES for duty in duties):
            yield say("voluntary_request")
        others = [duty for duty in duties if duty.applicability is Applicability.APPLIES]
        if others:
            yield phrases.say_count("other_duties", len(others), section=section)
    if organization is not None:
        yield from organization.notes


def body(report: AuditReport) -> tuple[Fact, ...]:
    """Return who it is, when and where we looked."""
    facts = []
    if report.organization is not None:
        facts.append(Fact(say("body"), identity(report.organization)))
    facts.append(Fact(say("date"), say("audited_on", day=french_date(report.on))))
    return (*facts, Fact(say("looked_at"), _looked(report.catalogs)))


def _looked(catalogs: Sequence[Catalog]) -> str:
    """Return the places, one sentence each; when they are many, the fullest ones, then how many more."""
    if not catalogs:
        return say("place_none")
    shown = catalogs
    if len(catalogs) > _SHOWN_PLACES + 1:
        shown = sorted(catalogs, key=lambda one: -len(one.datasets))[:_SHOWN_PLACES]
    told = [" ".join(filter(None, (_place(catalog), _ours(catalog)))) for catalog in shown]
    if rest := len(catalogs) - len(shown):
        left = sum(len(one.datasets) for one in catalogs) - sum(len(one.datasets) for one in shown)
        count = plural(left, "jeu de données", "jeux de données") if left else say("no_dataset")
        told.append(say("places_more", rest=french_number(rest), count=count))
    return " ".join(told)


def identity(organization: Organization) -> str:
    """Return who it is, so that nobody takes it for another: name, kind, département, numbers."""
    departement = organization.departement_name or ""
    if organization.departement_code:
        departement = f"{departement} ({organization.departement_code})".strip()
    parts = [f"{organization.name}, {phrases.kind_word(organization, 'label')}", departement]
    if organization.insee_code:
        parts.append(say("insee", code=organization.insee_code))
    if organization.siren:
        parts.append(say("siren", code=_by_three(organization.siren)))
    if organization.epci_name and organization.epci_siren != organization.siren:
        parts.append(organization.epci_name)
    return " · ".join(part for part in parts if part)


def _by_three(siren: str) -> str:
    return "\N{NO-BREAK SPACE}".join(siren[i : i + 3] for i in range(0, len(siren), 3))


def place_name(catalog: Catalog) -> str:
    """Return a catalogue's place as the user would say it; never an absolute local path."""
    if catalog.place == "folder":
        name = last_part(catalog.location) if is_absolute(catalog.location) else catalog.location
        return name if name.strip("./\\") else catalog.title or say("here")
    address = _address(catalog.location)
    if catalog.title and address and catalog.title not in (catalog.location, address):
        return f"{catalog.title}, {address}"
    return address or catalog.title


def _address(location: str) -> str:
    """Return an address as people say it: no scheme, no parameters, a long path cut; a path as it is."""
    scheme, found, rest = location.partition("://")
    if not found or scheme.casefold() not in ("http", "https"):
        return location
    return shorten(rest.partition("?")[0].partition("#")[0].rstrip("/"), _ADDRESS)


def _place(catalog: Catalog) -> str:
    known = catalog.place if catalog.place in {"folder", "portal", "site"} else "other"
    count = plural(len(catalog.datasets), "jeu de données", "jeux de données")
    if not catalog.datasets:
        count = say("no_dataset" if catalog.complete else "place_unread")
    name = place_name(catalog)
    if known == "folder" and _is_one_file(catalog):
        return say("place_file", name=name)
    return say("place_here" if name == say("here") else f"place_{known}", name=name, count=count)


def _ours(catalog: Catalog) -> str:
    """Return how many files were left out as reports of this program: whoever forges one must not hide data in it."""
    count = sum(count for reason, count in catalog.left_out if reason == "own_report")
    return phrases.say_count("place_ours", count) if count > 0 else ""


def _is_one_file(catalog: Catalog) -> bool:
    """Return whether the place given was a file: it bears the name of the only one found."""
    files = [one for dataset in catalog.datasets for one in dataset.distributions]
    return len(files) == 1 and files[0].path is not None and last_part(catalog.location) == files[0].path.name


def credit(report: AuditReport, rules: Sequence[Rule], good_files: int) -> Statement:
    """Return in one line what is already good, from the rules respected, the faultless files and the points checked."""
    from opendata_check.model.finding import Outcome

    parts = []
    respected = [rule.title for rule in rules if rule.state == "compliant"]
    if respected:
        parts.append(phrases.say_count("credit_duties", len(respected), titles=phrases.quoted(respected)))
    files = listed(report.datasets)
    total = sum(file.was_seen for file in files)
    if good_files == total == 1:
        parts.append(say("credit_file_only"))
    elif good_files == total > 1:
        parts.append(say("credit_files_all", total=french_number(total)))
    elif good_files:
        parts.append(phrases.say_count("credit_files", good_files, total=french_number(total)))
    if unopened := len(files) - total:
        parts.append(phrases.say_count("credit_unopened", unopened))
    compliant = sum(1 for finding in report.findings if finding.outcome is Outcome.COMPLIANT)
    judged = compliant + sum(1 for finding in report.findings if finding.outcome is Outcome.NON_COMPLIANT)
    checked = plural(judged, "point contrôlé", "points contrôlés")
    if compliant == judged > 0:
        parts.append(say("credit_points_all", count=checked))
    elif compliant:
        parts.append(say("credit_points", count=french_number(compliant), total=checked))
    if not parts and report.datasets:
        parts.append(say("credit_found", count=plural(len(report.datasets), "jeu de données", "jeux de données")))
    return Statement(" ; ".join(parts), "compliant") if parts else Statement(say("credit_nothing"), "not_found")
