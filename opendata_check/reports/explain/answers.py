"""What `explain` answers, on a screen or as JSON: a word, a check, a score's rule, a score on someone's data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from opendata_check.model.explained import CheckCard, ScoreCard, Term
from opendata_check.model.peer_score import BestChange, DatasetPeerScore, Mark, PeerScore
from opendata_check.reports.explain import peer_scores_json
from opendata_check.reports.explain.phrases import phrase
from opendata_check.reports.explain.standing import number, points, standing
from opendata_check.reports.outline.phrases import citations, effort
from opendata_check.reports.page.lines import Lines
from opendata_check.reports.payload import legal
from opendata_check.reports.safety import safe_value
from opendata_check.wording import french_date, word

SCHEMA_VERSION = "1.1"
FORMATS = ("terminal", "json")
_SHOWN = 12
"""Datasets told one by one on the screen."""


def listing(
    scores: Sequence[ScoreCard], checks: Sequence[CheckCard], terms: Sequence[Term], form: str, width: int
) -> str:
    """Return all that can be explained."""
    if form == "json":
        return _json(
            "list",
            scores=[{"id": rule.id, "title": rule.title} for rule in scores],
            checks=[{"id": rule.id, "title": rule.title} for rule in checks],
            terms=[term.word for term in terms],
        )
    lines = Lines(width)
    lines.paragraph(phrase("list_intro"))
    lines.heading(phrase("list_scores"))
    for score in scores:
        lines.paragraph(f"{score.id} : {score.title}", mark="-")
    lines.paragraph(phrase("list_target"))
    lines.heading(phrase("list_checks"))
    for rule in checks:
        lines.paragraph(f"{rule.id} : {rule.title}", mark="-")
    lines.heading(phrase("list_terms"))
    lines.paragraph(", ".join(term.word for term in terms) + ".")
    return lines.text()


def term(found: Term, form: str, width: int) -> str:
    """Return a word in plain French."""
    if form == "json":
        return _json("term", word=found.word, names=list(found.names), meaning=found.meaning, see=list(found.see))
    lines = Lines(width)
    lines.paragraph(f"{found.word[:1].upper()}{found.word[1:]}")
    lines.gap()
    lines.paragraph(found.meaning)
    if found.see:
        lines.paragraph(phrase("see", terms=", ".join(found.see)))
    return lines.text()


def check(rule: CheckCard, form: str, width: int) -> str:
    """Return a check: why, what to do, what founds it, good and bad examples."""
    if form == "json":
        return _json(
            "check", id=rule.id, axis=rule.axis, title=rule.title, why=rule.why, action=rule.action,
            remedy=_plain(rule.remedy), effort=rule.effort, severity=rule.severity, weight=rule.weight,
            obligation=rule.obligation, legal_basis=[legal.reference(one) for one in rule.legal_basis],
            examples=[{"title": title, "outcome": outcome} for title, outcome in rule.examples],
            gestures=[
                {"id": one.id, "title": one.title,
                 "ways": [{"software": way.software, "steps": list(way.steps)} for way in one.ways]}
                for one in rule.gestures
            ],
        )  # fmt: skip
    lines = Lines(width)
    lines.paragraph(f"{rule.title} ({rule.id})")
    lines.gap()
    for key, text in (
        ("axis", word("axes", rule.axis, "question")),
        ("why", rule.why),
        ("action", f"{rule.action}."),
        ("how", _plain(rule.remedy)),
        ("time", effort(rule.effort)),
        ("severity", word("severities", rule.severity)),
    ):
        lines.fact(phrase(key), text)
    _gestures(lines, rule)
    lines.heading(phrase("examples"))
    for title, _ in rule.examples:
        lines.paragraph(title, mark="-")
    lines.heading(phrase("legal"))
    for article in citations(rule.legal_basis):
        lines.paragraph(article.version, mark="-")
    return lines.text()


def _gestures(lines: Lines, rule: CheckCard) -> None:
    """Write each gesture, software by software, its steps numbered."""
    if rule.elsewhere:
        lines.fact(phrase("elsewhere"), rule.elsewhere)
    for gesture in rule.gestures:
        lines.heading(gesture.title)
        for rank, way in enumerate(gesture.ways):
            if rank:
                lines.gap()
            lines.paragraph(phrase("in_software", software=way.software))
            for place, step in enumerate(way.steps, 1):
                lines.paragraph(step, 2, mark=f"{place}.")
    if rule.gestures:
        lines.gap()
        lines.paragraph(phrase("menus"))


def _plain(remedy: str) -> str:
    """Return a remedy whose braces, filled only with someone's data, are left out with what surrounds them."""
    return " ".join(part for part in remedy.split() if "{" not in part)


def score(rule: ScoreCard, form: str, width: int) -> str:
    """Return a score: its criteria, their points, how to gain them, where it was read."""
    if form == "json":
        return _json("score", score=_rule(rule))
    lines = Lines(width)
    _heading(lines, rule)
    lines.heading(phrase("criteria"))
    group = ""
    for criterion in rule.criteria:
        if criterion.group and criterion.group != group:
            group = criterion.group
            lines.gap()
            lines.paragraph(group.upper())
        worth = phrase("points_one" if criterion.points == 1 else "points_many", points=number(criterion.points))
        lines.paragraph(f"{criterion.title} ({worth}). {criterion.rule}", mark="-")
        if criterion.gesture:
            lines.paragraph(phrase("gain", gesture=f"{criterion.gesture[:1].lower()}{criterion.gesture[1:]}"), 2)
    if rule.ratings:
        lines.gap()
        words = ", ".join(phrase("rating", word=name, points=number(least)) for least, name in rule.ratings)
        lines.paragraph(phrase("ratings", words=words))
    _sources(lines, rule)
    return lines.text()


def _heading(lines: Lines, rule: ScoreCard) -> None:
    lines.paragraph(f"{rule.title} ({rule.id})")
    lines.gap()
    lines.paragraph(rule.about)


def _sources(lines: Lines, rule: ScoreCard) -> None:
    lines.gap()
    if rule.caveat:
        lines.fact(phrase("caveat"), rule.caveat)
    day = french_date(rule.read_on)
    lines.paragraph(phrase("source", source=rule.source, day=day, url=rule.source_url))


def _rule(rule: ScoreCard) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "out_of": rule.out_of,
        "about": rule.about,
        "source": rule.source,
        "source_url": rule.source_url,
        "read_on": rule.read_on.isoformat(),
        "caveat": rule.caveat,
        "criteria": [
            {
                "id": one.id, "title": one.title, "points": one.points, "group": one.group, "rule": one.rule,
                "gesture": one.gesture,
            }
            for one in rule.criteria
        ],
        "ratings": [{"from": least, "word": name} for least, name in rule.ratings],
    }  # fmt: skip


def scored(rule: ScoreCard, found: PeerScore | None, target: str, on: date, form: str, width: int) -> str:
    """Return a score of someone's data, and the gesture that gains most; ``found`` is None when there is no dataset."""
    found = None if found is None else safe_value(found)
    if form == "json":
        told = None if found is None else peer_scores_json.peer_score(found)
        return _json("target", score=_rule(rule), target=target, on=on.isoformat(), result=told)
    lines = Lines(width)
    if found is None:
        _heading(lines, rule)
        lines.paragraph(phrase("nothing"))
        return lines.text()
    lines.paragraph(phrase("on_target", title=rule.title, standing=standing(found)))
    count = len(found.datasets)
    lines.paragraph(phrase("over_one" if count == 1 else "over_many", count=count))
    if found.low != found.high:
        lines.paragraph(phrase("range"))
    lines.heading(phrase("best"))
    _best(lines, found.best)
    lines.heading(phrase("by_dataset"))
    for one in sorted(found.datasets, key=lambda one: (one.low, one.title))[:_SHOWN]:
        _dataset(lines, rule, one, alone=count == 1)
    if count > _SHOWN:
        lines.paragraph(phrase("more", count=count - _SHOWN))
    _sources(lines, rule)
    return lines.text()


def _best(lines: Lines, best: BestChange | None) -> None:
    if best is None:
        lines.paragraph(phrase("best_none"))
        return
    gain = phrase("points_one" if best.gain < 2 else "points_many", points=number(best.gain))
    key = "best_one" if best.datasets == 1 else "best_many"
    lines.paragraph(phrase(key, gesture=best.text, gain=gain, count=best.datasets))
    lines.paragraph(best.how)


def _dataset(lines: Lines, rule: ScoreCard, one: DatasetPeerScore, *, alone: bool) -> None:
    had = f"{points(one.low, one.high)} sur {number(one.out_of)}"
    if one.best is None:
        lines.paragraph(phrase("dataset", title=one.title, points=had), mark="-")
    else:
        said = phrase("dataset_best", title=one.title, points=had, gesture=one.best.text, gain=number(one.best.gain))
        lines.paragraph(said, mark="-")
    if not alone:
        return
    names = {criterion.id: criterion.title for criterion in rule.criteria}
    for mark, key in ((Mark.NOT_MET, "lacking"), (Mark.UNVERIFIABLE, "unseen")):
        titles = [names[each.criterion] for each in one.marks if each.mark is mark]
        if titles:
            lines.paragraph(phrase(key, criteria=", ".join(titles)), 2)
    if len(one.files) > 1:
        told = ", ".join(f"{file.name} ({points(file.low, file.high)})" for file in one.files[:_SHOWN])
        lines.paragraph(phrase("files", files=told), 2)


def _json(kind: str, **content: Any) -> str:
    whole = {"schema_version": SCHEMA_VERSION, "kind": kind, **content}
    return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"
