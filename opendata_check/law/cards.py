"""Makes the card of each rule: its condition in words, its steps, its texts, its examples."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.law.figures import exact_number
from opendata_check.law.rules import Answer, Condition, Group, Law, Obligation, OneOf, OtherObligation, Test
from opendata_check.model.legal import DatedPart
from opendata_check.model.rulebook import RuleCard, RuleExample
from opendata_check.wording import french_date, join_list, word


def cards(law: Law) -> tuple[RuleCard, ...]:
    """Return the card of every rule, applied ones first, each group sorted by id."""
    return tuple(card(law, item) for item in (*law.obligations, *law.to_verify))


def card(law: Law, item: Obligation) -> RuleCard:
    """Return the card of one rule."""
    return RuleCard(
        id=item.id,
        title=item.title,
        level=item.level,
        weight=item.weight,
        certainty=item.certainty_on(law.read_on),
        local=item.local,
        to_verify=item.to_verify,
        what=item.what,
        event=_event(law, item),
        where=item.where,
        format=item.format,
        licence=item.licence,
        delay=item.delay,
        frequency=item.frequency,
        authority=item.authority,
        sanction=item.sanction,
        holder=item.holder,
        software=item.software,
        effort=item.effort,
        note=item.note,
        doubt=_doubt(item),
        earlier=item.earlier,
        who=tuple(_lines(law, item.who, 0)),
        parts=tuple(DatedPart(part.since, part.label, part.certainty, part.until) for part in item.parts),
        evidence=item.proof.evidence,
        elsewhere=item.proof.elsewhere,
        schemas=item.proof.schemas,
        examples=tuple(RuleExample(one.title, tuple(one.body.items()), one.on, one.status) for one in item.examples),
        legal_basis=tuple(source.reference for source in item.sources),
    )


def _doubt(item: Obligation) -> str:
    doubt = item.doubtful_exemption
    if doubt is None:
        return ""
    kinds = join_list(sorted(word("kinds", kind) for kind in doubt.kinds))
    return f"{kinds} : {doubt.note}"


def _event(law: Law, item: Obligation) -> str:
    event = item.event
    if event is None or not event.parameter:
        return event.label if event else ""
    return event.label.format(seuil=exact_number(law.parameters[event.parameter].values[-1].value))


def _lines(law: Law, condition: Condition, depth: int) -> Iterator[tuple[int, str]]:
    if isinstance(condition, Group):
        yield depth, law.say("card", condition.kind.value, nom=condition.label)
        for child in condition.children:
            yield from _lines(law, child, depth + 1)
    elif isinstance(condition, OtherObligation):
        yield depth, law.say("card", "other", nom=condition.label, regle=condition.obligation)
    else:
        yield depth, law.say("card", "test", nom=condition.label, reponse=_test(law, condition))


def _test(law: Law, test: Test) -> str:
    if isinstance(test.comparison, OneOf):
        choices = law.facts[test.fact].choices
        return join_list([choices.get(value) or word("kinds", value) for value in test.comparison.values], "ou")
    if isinstance(test.comparison, Answer):
        return law.say("labels", "answer_yes" if test.comparison.expected else "answer_no")
    parameter = law.parameters[test.comparison.parameter]
    values = [
        dated
        for index, dated in enumerate(parameter.values)
        if index == 0 or dated.value != parameter.values[index - 1].value
    ]
    said = [exact_number(dated.value) for dated in values]
    if len(values) > 1:
        said = [
            law.say("card", "dated", valeur=number, date=french_date(dated.since))
            for number, dated in zip(said, values, strict=True)
        ]
    return law.say("card", test.comparison.comparison.value, valeur=join_list(said), unite=parameter.unit)
