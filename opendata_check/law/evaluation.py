"""Gives each node of a condition its value for one organization on one date, with the words that explain it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from opendata_check.law.figures import Figures, exact_number, quantity
from opendata_check.law.logic import all_of, any_of, not_
from opendata_check.law.numbers import read_number
from opendata_check.law.reading import Reading
from opendata_check.law.rules import (
    Answer,
    Condition,
    DatedValue,
    FactType,
    Group,
    Law,
    OneOf,
    OtherObligation,
    Parameter,
    Test,
    Threshold,
)
from opendata_check.model.legal import Applicability, Certainty, ConditionNode, MissingFact, NodeKind
from opendata_check.model.organization import OrganizationKind
from opendata_check.wording import french_date, word


@dataclass(frozen=True, slots=True)
class Outcome:
    """A node of a condition with its value and what can be said of it."""

    kind: NodeKind
    result: bool | None
    label: str
    children: tuple[Outcome, ...] = ()
    test: Test | None = None
    fact: str = ""
    parameter: str = ""
    value: float | bool | str | None = None
    threshold: float | None = None
    obligation: str = ""
    clause: str = ""
    """French, without its subject: « compte tant d'habitants (seuil : tant) »."""
    detail: str = ""
    """French: what must be said of the figure; "" when nothing must."""
    missing: MissingFact | None = None
    why: str = ""
    according_to: str = ""
    """Who gives the threshold, when its text was not read."""
    certainty: Certainty = Certainty.TEXT
    presumed: bool = False
    """True when the answer, whichever it is, leans on a figure of another kind."""
    note: str = ""

    def node(self) -> ConditionNode:
        """Return the node as the duty carries it."""
        return ConditionNode(
            self.kind,
            self.result,
            self.label,
            tuple(child.node() for child in self.children),
            self.fact,
            self.parameter,
            self.value,
            self.threshold,
            self.obligation,
        )

    def fails_by_kind(self) -> bool:
        """Return whether this node is false because of the kind of body alone, whatever its other facts."""
        if self.result is not False:
            return False
        if self.kind is NodeKind.TEST:
            return self.fact == "kind"
        failing = [child.fails_by_kind() for child in self.children]
        return any(failing) if self.kind is NodeKind.ALL else all(failing) and bool(failing)

    def doubtful(self) -> bool:
        """Return whether the result leans on a reading of ours, or on a figure of another kind.

        What one sure child decides alone (an « any » that holds, an « all » that fails) is sure.
        """
        reading = self.result is True and self.certainty is Certainty.INTERPRETATION and not self.according_to
        if reading or self.presumed or (self.according_to and self.result is not None):
            return True
        doubts = [child.doubtful() for child in self._supporting()]
        alone = self.result is (self.kind is NodeKind.ANY) and self.kind in (NodeKind.ANY, NodeKind.ALL)
        return all(doubts) and bool(doubts) if alone else any(doubts)

    def _supporting(self) -> list[Outcome]:
        """Return the children that the result rests on: those of the same result, or not known to fail an « all »."""
        if self.kind is NodeKind.NOT:
            return list(self.children)
        if self.kind is NodeKind.ALL and self.result is None:
            return [child for child in self.children if child.result is not False]
        return [child for child in self.children if child.result is self.result]

    def decisive(self) -> list[Outcome]:
        """Return the nodes that explain the result, this one first.

        All children that hold for an « all » that holds; for one that fails, those that fail because of what the body
        is, else all that fail; for an undecided one, what is known to hold and what is missing. The first child that
        holds for an « any », a sure one when there is.
        """
        kept = self._supporting()
        if self.kind is NodeKind.ANY and self.result is True:
            kept = [next((child for child in kept if not child.doubtful()), kept[0])]
        elif self.kind is NodeKind.ALL and self.result is False:
            kept = [child for child in kept if child.fails_by_kind()] or kept
        return [self, *(node for child in kept for node in child.decisive())]


def combine(kind: NodeKind, label: str, children: tuple[Outcome, ...], group: Group | None = None) -> Outcome:
    """Return the outcome of a group from those of its children."""
    results = [child.result for child in children]
    joined = all_of(results) if kind is NodeKind.ALL else any_of(results)
    result = not_(results[0]) if kind is NodeKind.NOT else joined
    certainty, note = (group.certainty, group.note) if group else (Certainty.TEXT, "")
    return Outcome(kind, result, label, children, certainty=certainty, note=note)


def evaluate(condition: Condition, figures: Figures, on: date, law: Law) -> Outcome:
    """Return the outcome of ``condition`` for the facts ``figures`` on the day ``on``."""
    if isinstance(condition, Group):
        children = tuple(evaluate(child, figures, on, law) for child in condition.children)
        return combine(condition.kind, condition.label, children, condition)
    if isinstance(condition, OtherObligation):
        return _evaluate_other(condition, figures, on, law)
    if isinstance(condition.comparison, OneOf):
        read = _evaluate_kind if condition.fact == "kind" else _evaluate_choice
        return read(condition, condition.comparison, figures, law)
    if isinstance(condition.comparison, Answer):
        return _evaluate_answer(condition, condition.comparison, figures, law)
    return _evaluate_number(condition, condition.comparison, figures, on, law)


def _evaluate_other(leaf: OtherObligation, figures: Figures, on: date, law: Law) -> Outcome:
    from opendata_check.law.deciding import decide, status  # an obligation's condition may lean on another obligation

    other = law.by_id[leaf.obligation]
    root = decide(other, figures, on, law)
    too_early = status(root) is Applicability.NOT_IN_FORCE
    return Outcome(
        NodeKind.ALL,
        root.result,
        leaf.label,
        (root,),
        obligation=leaf.obligation,
        clause=law.say("reasons", "other_not_in_force", titre=other.title) if too_early else "",
        certainty=leaf.certainty,
        note=leaf.note,
    )


def _missing(test: Test, name: str, law: Law) -> MissingFact | None:
    if not name:
        return None
    fact = law.facts[test.fact]
    return MissingFact(test.fact, name, fact.question, fact.type is FactType.BOOLEAN)


def _evaluate_kind(test: Test, comparison: OneOf, figures: Figures, law: Law) -> Outcome:
    kind = figures.assumed.get("kind", figures.kind)
    if kind is OrganizationKind.UNKNOWN:
        return _answered(test, None, law.facts["kind"].name, law)
    assert isinstance(kind, OrganizationKind)
    acting = next((other for other in figures.acts_as if other in comparison.values), None)
    if kind in comparison.values or acting is None or comparison.itself or "kind" in figures.assumed:
        return _answered(test, kind in comparison.values, "", law, value=kind.value)
    note = law.say("reasons", "acts_as", nature=word("kinds", acting.value))
    return _answered(test, True, "", law, value=kind.value, certainty=Certainty.INTERPRETATION, note=note)


def _evaluate_choice(test: Test, comparison: OneOf, figures: Figures, law: Law) -> Outcome:
    answer = figures.assumed.get(test.fact, figures.choices.get(test.fact))
    if not isinstance(answer, str) or answer not in law.facts[test.fact].choices:
        return _answered(test, None, law.facts[test.fact].name, law)
    return _answered(test, answer in comparison.values, "", law, value=answer)


def _evaluate_answer(test: Test, comparison: Answer, figures: Figures, law: Law) -> Outcome:
    answer = figures.assumed.get(test.fact, figures.answers.get(test.fact))
    if not isinstance(answer, bool):
        return _answered(test, None, law.facts[test.fact].name, law)
    return _answered(test, answer is comparison.expected, "", law, value=answer)


def _answered(
    test: Test,
    result: bool | None,
    missing: str,
    law: Law,
    *,
    value: bool | str | None = None,
    certainty: Certainty | None = None,
    note: str = "",
) -> Outcome:
    key = {True: "answer_yes", False: "answer_no", None: "answer_unknown"}[result]
    label = law.say("labels", "choice", nom=test.label, reponse=law.say("labels", key))
    clause = "" if result is None else test.if_true if result else test.if_false
    return Outcome(
        NodeKind.TEST,
        result,
        label,
        test=test,
        fact=test.fact,
        value=value,
        clause=clause,
        missing=_missing(test, missing, law),
        certainty=certainty or test.certainty,
        note=" ".join(part for part in (test.note, note) if part),
    )


def _evaluate_number(test: Test, comparison: Threshold, figures: Figures, on: date, law: Law) -> Outcome:
    parameter = law.parameters[comparison.parameter]
    dated = parameter.on(on)
    if dated is None:
        label = law.say("labels", "number_without_threshold", nom=test.label)
        missing, why = unknown_parameter(parameter, on, law)
        return Outcome(
            NodeKind.TEST, None, label, test=test, fact=test.fact, parameter=parameter.id, missing=missing, why=why
        )

    def passes(value: float) -> bool:
        return comparison.comparison.holds(value, dated.value)

    reading = read_number(test.fact, passes, dated.value, figures, on, law)
    clause = _clause(test, reading, parameter, dated)
    according_to = dated.reference.according_to
    return Outcome(
        NodeKind.TEST,
        reading.holds,
        _number_label(test, reading, exact_number(dated.value), law),
        test=test,
        fact=test.fact,
        parameter=parameter.id,
        value=reading.value,
        threshold=dated.value,
        clause=clause,
        detail=reading.detail if reading.notable and clause else "",
        missing=_missing(test, reading.missing, law),
        why=reading.why,
        according_to=according_to,
        certainty=Certainty.INTERPRETATION if according_to else test.certainty,
        presumed=reading.presumed,
        note=test.note,
    )


def unknown_parameter(parameter: Parameter, on: date, law: Law) -> tuple[MissingFact, str]:
    """Return the name of a value the parameter lacks on ``on`` (no town hall can supply it), and why it is missing."""
    name = law.say("reasons", "parameter_name", date=french_date(on), titre=parameter.title)
    return MissingFact("", name), parameter.before or law.say("reasons", "parameter_unknown")


def _clause(test: Test, reading: Reading, parameter: Parameter, dated: DatedValue) -> str:
    if reading.holds is None or reading.value is None:
        return ""
    shown = quantity(reading.value, parameter.unit_one, parameter.unit)
    return (test.if_true if reading.holds else test.if_false).format(
        valeur=reading.shown.format(nombre=shown) if reading.shown else shown,
        seuil=exact_number(dated.value),
        article=dated.reference.label,
    )


def _number_label(test: Test, reading: Reading, threshold: str, law: Law) -> str:
    if reading.holds is None or reading.value is None:
        return law.say("labels", "number_missing", nom=test.label, seuil=threshold)
    value = exact_number(reading.value)
    value = reading.shown.format(nombre=value) if reading.shown else value
    if not reading.detail:
        return law.say("labels", "number", nom=test.label, valeur=value, seuil=threshold)
    return law.say("labels", "number_detail", nom=test.label, valeur=value, seuil=threshold, precision=reading.detail)
