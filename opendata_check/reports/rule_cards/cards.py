"""The rules themselves on a screen or as JSON: their list, the card of one, what changed in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from opendata_check.model.legal import Certainty
from opendata_check.model.rulebook import RuleCard, RuleChanges
from opendata_check.reports.outline.phrases import citations, say, sentence
from opendata_check.reports.page.lines import Lines
from opendata_check.reports.payload import legal
from opendata_check.reports.safety import clean, safe_value
from opendata_check.wording import french_date, word

SCHEMA_VERSION = "1.0"
FORMATS = ("terminal", "json")
_GAPS = 4
_TITLE = 24
"""Columns that a title needs beside the names and dates; under that, it is written below."""


def listing(cards: Sequence[RuleCard], read_on: date, report_format: str, width: int) -> str:
    """Return every rule, one a line: its name for the commands, its first day, its title."""
    cards = safe_value(tuple(cards))
    if report_format == "json":
        return _json({"read_on": read_on.isoformat(), "rules": [_summary(item) for item in cards]})
    applied = [item for item in cards if not item.to_verify]
    lines = Lines(width)
    lines.paragraph(say("rules_count", count=len(applied), day=french_date(read_on)))
    lines.gap()
    names, days = max(len(item.id) for item in cards), 10
    narrow = width < names + days + _GAPS + _TITLE
    widths = (names, days, max(_TITLE, width - names - days - _GAPS))
    if not narrow:
        lines.row((say("rules_name"), say("scope_since"), say("rule")), widths)
    for item in applied:
        title = f"{item.title} ({say('rules_local')})" if item.local else item.title
        day = item.parts[0].since.strftime("%d/%m/%Y")
        if narrow:
            lines.paragraph(f"{item.id} ({day}). {title}", mark="-")
        else:
            lines.row((item.id, day, title), widths)
    if len(applied) < len(cards):
        lines.heading(say("scope_set_aside"))
    for item in cards[len(applied) :]:
        lines.paragraph(f"{item.id} : {item.title}. {sentence(item.to_verify)}", mark="-")
    lines.gap()
    lines.paragraph(say("rules_how"))
    return lines.text()


def _summary(item: RuleCard) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "since": item.parts[0].since.isoformat(),
        "level": item.level,
        "weight": item.weight,
        "confidence": item.certainty.value,
        "applied": not item.to_verify,
        "to_verify": item.to_verify,
        "local": item.local,
    }


def card(item: RuleCard, checks: Sequence[str], report_format: str, width: int) -> str:
    """Return all that is known of one rule; ``checks`` are the titles of the controls that serve it."""
    item = safe_value(item)
    if report_format == "json":
        return _json({"rule": _whole(item, checks)})
    lines = Lines(width)
    lines.paragraph(f"{item.title} ({item.id})")
    if item.to_verify:
        lines.paragraph(item.to_verify)
    if item.local:
        lines.paragraph(say("rules_own"))
    lines.gap()
    for key, text in (
        ("remedy", item.what),
        ("explain_event", say("if_event", event=item.event) if item.event else ""),
        ("where", item.where),
        ("explain_format", item.format),
        ("licence", item.licence),
        ("explain_delay", item.delay),
        ("frequency", item.frequency),
        ("explain_authority", " ".join(sentence(part) for part in (item.authority, item.sanction) if part)),
        ("holder", item.holder),
        ("software", item.software),
        ("time", word("efforts", item.effort)),
        ("to_know", item.note),
        ("rules_doubt", item.doubt),
        ("rules_earlier", item.earlier),
    ):
        if text:
            lines.fact(say(key), sentence(text))
    lines.heading(say("rules_who"))
    for depth, text in item.who:
        lines.paragraph(text, 2 * depth, "-")
    lines.heading(say("steps"))
    for part in item.parts:
        begun = say("since", day=french_date(part.since)).rstrip(".")
        until = say("rules_until", day=french_date(part.until)) if part.until else ""
        lines.paragraph(f"{begun}{until} : {sentence(part.label)}", mark="-")
    lines.heading(say("rules_proof"))
    lines.paragraph(sentence(say(f"rules_proof_{'_'.join(item.evidence)}")))
    for text in (*checks, *([item.elsewhere] if item.elsewhere else ())):
        lines.paragraph(sentence(text), mark="-")
    if not item.to_verify:
        lines.heading(say("rules_examples"))
    for example in () if item.to_verify else item.examples:
        answer = word("applicability", example.status, "short")
        lines.paragraph(f"{example.title}, le {french_date(example.on)} : {answer}.", mark="-")
    lines.heading(say("article"))
    for article in citations(item.legal_basis):
        lines.paragraph(article.version, mark="-")
    lines.gap()
    lines.paragraph(say("rules_read") if item.certainty is Certainty.TEXT else say("interpretation_alone"))
    return lines.text()


def _whole(item: RuleCard, checks: Sequence[str]) -> dict[str, Any]:
    return {
        **_summary(item),
        "what": item.what,
        "where": item.where,
        "format": item.format,
        "licence": item.licence,
        "delay": item.delay,
        "frequency": item.frequency,
        "authority": item.authority,
        "sanction": item.sanction,
        "event": item.event,
        "note": item.note,
        "doubtful_exemption": item.doubt,
        "earlier": item.earlier,
        "who": [{"depth": depth, "text": text} for depth, text in item.who],
        "parts": legal.parts(item.parts),
        "legal_basis": [legal.reference(cited) for cited in item.legal_basis],
        "evidence": list(item.evidence),
        "elsewhere": item.elsewhere,
        "schemas": list(item.schemas),
        "checks": list(checks),
        "examples": [
            {"title": one.title, "body": dict(one.body), "on": one.on.isoformat(), "status": one.status.value}
            for one in item.examples
        ],
    }


def changed(found: Sequence[RuleChanges], since: date, until: date, name: str, report_format: str, width: int) -> str:
    """Return what changed in the rules between two days, for the body named (or in general when ``name`` is "")."""
    found, name = safe_value(tuple(found)), clean(name)
    if report_format == "json":
        return _json(
            {"since": since.isoformat(), "until": until.isoformat(), "changes": [_change(item) for item in found]}
        )
    lines = Lines(width)
    said = {"since": french_date(since), "until": french_date(until)}
    lines.paragraph(say("changes_for", name=name, **said) if name else say("changes_all", **said))
    if name:
        lines.paragraph(say("changes_figures"))
    if not found:
        lines.gap()
        lines.paragraph(say("changes_none"))
    for item in found:
        lines.gap()
        lines.paragraph(f"{item.title} ({item.obligation})")
        if item.before is not None and item.after is not None and item.before is not item.after:
            before, after = (word("applicability", answer, "short") for answer in (item.before, item.after))
            lines.paragraph(say("changes_answer", before=before, after=after), 2)
        for change in item.changes:
            lines.paragraph(f"{french_date(change.on)}. {change.text}", 2, "-")
    return lines.text()


def _change(item: RuleChanges) -> dict[str, Any]:
    return {
        "id": item.obligation,
        "title": item.title,
        "before": item.before.value if item.before else None,
        "after": item.after.value if item.after else None,
        "changes": [{"on": one.on.isoformat(), "kind": one.kind, "text": one.text} for one in item.changes],
    }


def _json(content: dict[str, Any]) -> str:
    content = {"schema_version": SCHEMA_VERSION, **content}
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"
