"""The `explain` command: a word, a check, or a score that others give, alone or on someone's data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from opendata_check.cli import completion, network, verbosity
from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from opendata_check.cli.network import Network
    from opendata_check.cli.progress import ProgressLine
    from opendata_check.model.explained import CheckCard, ScoreCard, Term
    from opendata_check.model.report import AuditReport

_LONGEST = 300
_NEAR = 75
"""From this likeness (0 to 100) a name is proposed."""
_ALIASES = {
    "cinq-etoiles": ("5 étoiles", "5 stars", "étoiles", "cinq étoiles"),
    "data-gouv": ("data.gouv.fr", "data gouv", "udata", "qualité des métadonnées"),
    "mqa": ("europe", "data.europa.eu", "metadata quality"),
    "opquast": ("bonnes pratiques", "check-list"),
}
"""Other names of the scores, as people type them."""


def command(
    subject: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SUJET] [CIBLE]",
            help="Un mot, un contrôle ou une note. Après une note, une cible comme pour audit : vos données.",
            autocompletion=completion.subjects,
        ),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Note à cette date (aujourd'hui sinon).")
    ] = None,
    organization: Annotated[
        str | None,
        typer.Option("--organization", metavar="NOM", help="À qui sont ces données : nom, code INSEE ou SIREN."),
    ] = None,
    config: Annotated[
        str | None,
        typer.Option("--config", metavar="FICHIER", help="Réglages (opendata-check.toml à côté des données sinon)."),
    ] = None,
    portal: Annotated[
        str | None, typer.Option("--portal", metavar="URL", help="Adresse du portail (data.gouv.fr sinon).")
    ] = None,
    report_format: Annotated[
        str | None, typer.Option("--format", "-f", metavar="FORMAT", help="terminal ou json.")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FICHIER", help="Écrit dans ce fichier.")
    ] = None,
    allow_private: network.AllowPrivate = False,
    no_cache: network.NoCache = False,
    refresh: network.Refresh = False,
    offline: network.Offline = False,
    ca_bundle: network.CaBundle = None,
    insecure_host: network.InsecureHost = None,
    record: network.Record = None,
    replay: network.Replay = None,
    quiet: verbosity.Quiet = False,
    verbose: verbosity.Verbose = False,
    debug: verbosity.Debug = False,
) -> None:
    """
    Explique un mot, un contrôle, ou une note que d'autres donnent à vos données.

    Exemples :
      opendata-check explain
      opendata-check explain moissonnage
      opendata-check explain encodage-utf8
      opendata-check explain mqa
      opendata-check explain data-gouv mes-fichiers
    """
    from opendata_check.cli import options
    from opendata_check.model.explained import ScoreCard
    from opendata_check.reports.explain import answers as explain

    found, target = _meant(subject or [])
    options.keep_inputs(output, [config], audited=target or None)
    form = options.among(options.format_for(report_format, output), explain.FORMATS)
    width = options.screen_width()
    if not target or not isinstance(found, ScoreCard):
        options.deliver(_told(found, form, width), output)
        return
    chosen = network.network(
        allow_private=allow_private,
        no_cache=no_cache,
        refresh=refresh,
        offline=offline,
        ca_bundle=ca_bundle,
        insecure_hosts=insecure_host,
        record=record,
        replay=replay,
    )
    day = options.read_date(network.day_of(on, chosen))
    line = verbosity.progress(quiet=quiet, verbose=verbose)
    report = _audited(_Asked(target, day, organization, config, portal), chosen, line)
    score = next((one for one in report.others_scores if one.id == found.id), None)
    options.deliver(explain.scored(found, score, target, day, form, width), output)
    raise typer.Exit(3 if report.partial else 0)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose data to score, and when."""

    target: str
    day: date
    organization: str | None
    config: str | None
    portal: str | None


def _audited(asked: _Asked, chosen: Network, line: ProgressLine) -> AuditReport:
    """Return the audit of the target, as the command « audit » makes it."""
    from opendata_check.audit import Request, audit
    from opendata_check.cli import options
    from opendata_check.cli.recognition import audited

    settings = options.load_config(asked.config, asked.target)
    body = options.organization_of(asked.organization, asked.target, settings)
    with network.opened(chosen, {"on": asked.day.isoformat(), "target": asked.target}) as fetcher:
        sources = audited(asked.target, (), fetcher, chosen, body, base_url=asked.portal)
        request = Request(target=asked.target, on=asked.day, organization=body, sources=sources)
        return network.followed(audit(request, fetcher), line)


def _told(found: ScoreCard | CheckCard | Term | None, form: str, width: int) -> str:
    from opendata_check.model.explained import CheckCard, ScoreCard
    from opendata_check.reports.explain import answers as explain

    if isinstance(found, ScoreCard):
        return explain.score(found, form, width)
    if isinstance(found, CheckCard):
        return explain.check(found, form, width)
    if found is not None:
        return explain.term(found, form, width)
    return explain.listing(_scores(), _checks(), _terms(), form, width)


# ---- what was meant


def _scores() -> list[ScoreCard]:
    from opendata_check.peer_scores import card, peer_rules

    return [card(rule) for rule in peer_rules()]


def _checks() -> list[CheckCard]:
    from opendata_check import checks
    from opendata_check.gestures import done_elsewhere, gestures_for
    from opendata_check.model.explained import CheckCard

    return [
        CheckCard(
            rule.id, rule.axis.value, rule.title, rule.why, rule.action, rule.remedy, rule.effort, rule.severity.value,
            rule.weight, rule.obligation, rule.legal_basis,
            tuple((str(example["title"]), str(example["outcome"])) for example in rule.examples),
            gestures_for(rule.id), done_elsewhere(rule.id),
        )
        for rule in checks.rules()
    ]  # fmt: skip


def _terms() -> tuple[Term, ...]:
    from opendata_check.reports.explain.phrases import terms

    return terms()


def _meant(words: list[str]) -> tuple[ScoreCard | CheckCard | Term | None, str]:
    """Return what was named, and the target that follows a score; (None, "") when nothing was typed.

    Raises UsageError, with the nearest names, when nothing bears that name.
    """
    from opendata_check.cli.options import unquoted

    if not words:
        return None, ""
    from opendata_check.model.explained import ScoreCard

    known = _known()
    for length in range(len(words), 0, -1):
        typed, rest = " ".join(words[:length]), " ".join(words[length:])
        found = known.get(typed.lower()) or known.get(_plain(typed))
        if found is not None and (not rest or isinstance(found, ScoreCard)):
            return found, unquoted(rest)
        if found is not None:
            raise UsageError(
                "seule une note se demande sur des données",
                where=f"« {_shown(' '.join(words))} »",
                remedy=f"Tapez : opendata-check explain data-gouv « {_shown(rest)} ».",
            )
    raise _unknown(" ".join(words), known)


def _known() -> dict[str, ScoreCard | CheckCard | Term]:
    """Return everything that can be explained, by its names as they are compared."""
    known: dict[str, ScoreCard | CheckCard | Term] = {}
    for score in _scores():
        for name in (score.id, score.title, *_ALIASES.get(score.id, ())):
            known.setdefault(_plain(name), score)
    checks = _checks()
    known |= {check.id: check for check in checks}
    for term in _terms():
        for name in (term.word, *term.names):
            known.setdefault(_plain(name), term)
    for check in checks:  # « format ouvert » is the word, « format-ouvert » the check
        known.setdefault(_plain(check.id), check)
    return known


def _unknown(typed: str, known: Mapping[str, ScoreCard | CheckCard | Term]) -> UsageError:
    """Return the error for a name that nothing bears, with the three nearest."""
    from rapidfuzz import fuzz, process

    near = process.extract(_plain(typed), list(known), scorer=fuzz.WRatio, limit=6, score_cutoff=_NEAR)
    names = list(dict.fromkeys(_name(known[name]) for name, _, _ in near))[:3]
    hint = f"Vouliez-vous dire : {', '.join(names)} ? " if names else ""
    return UsageError(
        f"« {_shown(typed)} » n'est ni un mot du glossaire, ni un contrôle, ni une note",
        remedy=f"{hint}La liste : opendata-check explain.",
    )


def _name(card: ScoreCard | CheckCard | Term) -> str:
    from opendata_check.model.explained import Term

    return card.word if isinstance(card, Term) else card.id


def _plain(text: str) -> str:
    """Return a text as names are compared: without case, accents, hyphens or dots."""
    from opendata_check.folding import fold

    return " ".join(fold(text[:_LONGEST]).replace("-", " ").replace("_", " ").replace(".", " ").split())


def _shown(text: str) -> str:
    return "".join(character for character in text if character.isprintable())[:60]
