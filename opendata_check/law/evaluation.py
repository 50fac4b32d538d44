"""Gives each node of a condition its value for one organization on one date, with the words that explain it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from opendata_check.law.figures import Figures, exact_number, quantity
from opendata_check.law.logic import all_of, any_of, not_
from opendata_check.law.population import Reading, read_population
from opendata_check.law.rules import Answer, Condition, DatedValue, Group, Law, OneOf, Parameter, Test, Threshold
from opendata_check.model.legal import Certainty, ConditionNode, NodeKind
from opendata_check.model.organization import OrganizationKind
from opendata_check.wording import french_date


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
    clause: str = ""
    """French, without its subject: « compte tant d'habitants (seuil : tant) »."""
    detail: str = ""
    """French: what must be said of the figure; "" when nothing must."""
    missing: str = ""
    why: str = ""
    according_to: str = ""
    """Who gives the threshold, when its text was not read."""
    certainty: Certainty = Certainty.TEXT
    note: str = ""

    def node(self) -> ConditionNode:
        """Return the node as the duty carries it."""
        children = tuple(child.node() for child in self.children)
        return ConditionNode(self.kind, self.result, self.label, children, self.fact, self.parameter)

    def decisive(self) -> list[Outcome]:
        """Return the nodes that explain the result, this one first.

        All children that hold for an « all » that holds, those that fail for one that fails; for an undecided one,
        what is known to hold and what is missing. The first child that holds for an « any ».
        """
        if self.kind is NodeKind.ANY and self.result is True:
            kept = [next(child for child in self.children if child.result is True)]
        elif self.kind is NodeKind.NOT:
            kept = list(self.children)
        elif self.kind is NodeKind.ALL and self.result is None:
            kept = [child for child in self.children if child.result is not False]
        else:
            kept = [child for child in self.children if child.result is self.result]
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
    if isinstance(condition.comparison, OneOf):
        return _evaluate_kind(condition, condition.comparison, figures, law)
    if isinstance(condition.comparison, Answer):
        return _evaluate_answer(condition, condition.comparison, figures, law)
    return _evaluate_number(condition, condition.comparison, figures, on, law)


def _evaluate_kind(test: Test, comparison: OneOf, figures: Figures, law: Law) -> Outcome:
    kind = figures.assumed.get("kind", figures.kind)
    if kind is OrganizationKind.UNKNOWN:
        return _answered(test, None, law.say("facts.kind", "name"), law)
    return _answered(test, kind in comparison.kinds, "", law)


def _evaluate_answer(test: Test, comparison: Answer, figures: Figures, law: Law) -> Outcome:
    answer = figures.assumed.get(test.fact, figures.answers.get(test.fact))
    if answer is None:
        return _answered(test, None, comparison.name, law)
    return _answered(test, answer is comparison.expected, "", law)


def _answered(test: Test, result: bool | None, missing: str, law: Law) -> Outcome:
    key = {True: "answer_yes", False: "answer_no", None: "answer_unknown"}[result]
    label = law.say("labels", "choice", nom=test.label, reponse=law.say("labels", key))
    clause = "" if result is None else test.if_true if result else test.if_false
    return _leaf(test, result, label, clause=clause, missing=missing)


def _leaf(
    test: Test,
    result: bool | None,
    label: str,
    *,
    parameter: str = "",
    clause: str = "",
    detail: str = "",
    missing: str = "",
    why: str = "",
    according_to: str = "",
) -> Outcome:
    certainty = Certainty.INTERPRETATION if according_to else test.certainty
    return Outcome(
        NodeKind.TEST,
        result,
        label,
        test=test,
        fact=test.fact,
        parameter=parameter,
        clause=clause,
        detail=detail if clause else "",
        missing=missing,
        why=why,
        according_to=according_to,
        certainty=certainty,
        note=test.note,
    )


def _evaluate_number(test: Test, comparison: Threshold, figures: Figures, on: date, law: Law) -> Outcome:
    parameter = law.parameters[comparison.parameter]
    dated = parameter.on(on)
    if dated is None:
        label = law.say("labels", "number_without_threshold", nom=test.label)
        missing, why = unknown_parameter(parameter, on, law)
        return _leaf(test, None, label, parameter=parameter.id, missing=missing, why=why)
    reading = _read_number(test.fact, comparison, dated, figures, on, law)
    threshold = exact_number(dated.value)
    clause = _clause(test, reading, parameter, dated)
    return _leaf(
        test,
        reading.holds,
        _number_label(test, reading, threshold, law),
        parameter=parameter.id,
        clause=clause,
        detail=reading.detail if reading.notable else "",
        missing=reading.missing,
        why=reading.why,
        according_to=dated.reference.according_to,
    )


def unknown_parameter(parameter: Parameter, on: date, law: Law) -> tuple[str, str]:
    """Return the French name of a value the parameter lacks on ``on``, and why it is missing."""
    name = law.say("reasons", "parameter_name", date=french_date(on), titre=parameter.title)
    return name, law.say("reasons", "parameter_unknown")


def _read_number(fact: str, comparison: Threshold, dated: DatedValue, figures: Figures, on: date, law: Law) -> Reading:
    def passes(value: float) -> bool:
        return comparison.holds(value, dated.value)

    assumed = figures.assumed.get(fact)
    if isinstance(assumed, int | float):
        return Reading(passes(assumed), assumed)
    if fact == "population":
        return read_population(figures.populations, on, passes, exact_number(dated.value), law)
    if figures.agents_etp is None:
        return Reading(None, missing=law.say("facts.agents_etp", "name"))
    stated = figures.agents_stated_on
    detail = (
        law.say("facts.agents_etp", "declared_on", date=french_date(stated))
        if stated
        else law.say("facts.agents_etp", "declared")
    )
    return Reading(passes(figures.agents_etp), figures.agents_etp, detail)


def _clause(test: Test, reading: Reading, parameter: Parameter, dated: DatedValue) -> str:
    if reading.holds is None or reading.value is None:
        return ""
    return (test.if_true if reading.holds else test.if_false).format(
        valeur=quantity(reading.value, parameter.unit_one, parameter.unit),
        seuil=exact_number(dated.value),
        article=dated.reference.label,
    )


def _number_label(test: Test, reading: Reading, threshold: str, law: Law) -> str:
    if reading.holds is None or reading.value is None:
        return law.say("labels", "number_missing", nom=test.label, seuil=threshold)
    value = exact_number(reading.value)
    if not reading.detail:
        return law.say("labels", "number", nom=test.label, valeur=value, seuil=threshold)
    return law.say("labels", "number_detail", nom=test.label, valeur=value, seuil=threshold, precision=reading.detail)
