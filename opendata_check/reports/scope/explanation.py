"""One duty explained: its answer, its condition tree with the value of each node, its texts and its doubts."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.model.legal import Certainty, ConditionNode, Duty, NodeKind
from opendata_check.reports.outline.phrases import citations, say, sentence
from opendata_check.reports.page.lines import Lines
from opendata_check.wording import french_date, word

_SIGNS = {True: "compliant", False: "not_applicable", None: "unverifiable"}


def explanation(duty: Duty, width: int) -> str:
    """Return the explanation, no line longer than ``width``."""
    lines = Lines(width)
    state = word("applicability", duty.applicability, "short")
    lines.paragraph(f"{duty.title} ({duty.obligation}) : {state}")
    lines.paragraph(sentence(duty.reason))
    for item in duty.what_if:
        lines.paragraph(item.text, 2, "-")
    lines.heading(say("explain_tree"))
    for depth, node in _nodes(duty.condition, 0):
        lines.paragraph(_label(node), 2 * depth, word("outcomes", _SIGNS[node.result], "sign"))
    lines.gap()
    lines.paragraph(say("explain_signs"))
    for title, text in _facts(duty):
        lines.heading(title)
        lines.paragraph(text)
    lines.heading(say("article"))
    for article in citations(duty.legal_basis):
        lines.paragraph(article.version, mark="-")
    return lines.text()


def _nodes(node: ConditionNode, depth: int) -> Iterator[tuple[int, ConditionNode]]:
    yield depth, node
    for child in node.children:
        yield from _nodes(child, depth + 1)


def _label(node: ConditionNode) -> str:
    joined = {NodeKind.ALL: "explain_all", NodeKind.ANY: "explain_any", NodeKind.NOT: "explain_not"}.get(node.kind)
    if joined is None:
        return node.label
    if node.obligation:
        return say("explain_other", label=node.label, obligation=node.obligation)
    return f"{node.label} ({say(joined)})" if len(node.children) > 1 or node.kind is NodeKind.NOT else node.label


def _facts(duty: Duty) -> Iterator[tuple[str, str]]:
    """Yield what the duty asks, field by field; empty ones are left out."""
    if duty.since is not None:
        begun = [(say("since", day=french_date(part.since)).rstrip("."), part.label) for part in duty.parts]
        yield say("steps"), " ".join(sentence(f"{since} : {label}") for since, label in begun)
    elif duty.parts:
        yield say("steps"), " ".join(f"{french_date(part.since)} : {sentence(part.label)}" for part in duty.parts)
    event = say("if_event", event=duty.event.rstrip(". ")) if duty.event else ""
    for key, text in (
        ("remedy", duty.what),
        ("explain_event", event),
        ("where", duty.where),
        ("explain_format", duty.format),
        ("licence", duty.licence),
        ("explain_delay", duty.delay),
        ("frequency", duty.frequency),
        ("explain_authority", " ".join(sentence(part) for part in (duty.authority, duty.sanction) if part)),
        ("look_yourself", duty.proof.elsewhere),
        ("to_know", duty.note),
    ):
        if text:
            yield say(key), sentence(text)
    if duty.certainty is Certainty.INTERPRETATION:
        yield say("explain_certainty"), say("interpretation_alone")
