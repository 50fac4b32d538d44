"""One duty explained: each node of its tree with its sign and depth, all that it says, no line too long."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_reports_scope import ANSWERS, flat, parsed, squeezed

from opendata_check.model.legal import Certainty, ConditionNode, Duty, NodeKind
from opendata_check.reports.outline.phrases import say
from opendata_check.reports.page.lines import Lines
from opendata_check.reports.scope import render_explanation, render_scope
from opendata_check.wording import word


def explained(name: str, duty: Duty, width: int = 80) -> str:
    """Return the explanation of one duty, out of an answer that holds no other."""
    return render_explanation(replace(ANSWERS[name], duties=(duty,)), duty.obligation, "terminal", width=width)


def nodes(node: ConditionNode, depth: int = 0) -> list[tuple[int, ConditionNode]]:
    return [(depth, node), *(item for child in node.children for item in nodes(child, depth + 1))]


@pytest.mark.parametrize("name", ANSWERS)
def test_an_explanation_shows_each_node_of_the_tree_with_its_sign_at_its_depth(name: str) -> None:
    signs = {True: "compliant", False: "not_applicable", None: "unverifiable"}
    for duty in ANSWERS[name].duties:
        text = explained(name, duty, width=900)
        lines = text[text.index(say("explain_tree").upper()) :].splitlines()[2:]
        for (depth, node), line in zip(nodes(duty.condition), lines, strict=False):
            assert flat(line).startswith(flat(f"{word('outcomes', signs[node.result], 'sign')} {node.label}"))
            assert len(line) - len(line.lstrip()) == 2 * depth
            assert node.obligation in line
            assert node.kind is not NodeKind.NOT or say("explain_not") in line
        after = lines[len(nodes(duty.condition)) :]
        assert (after[0], flat(after[1])) == ("", flat(say("explain_signs")))


@pytest.mark.parametrize("name", ANSWERS)
def test_an_explanation_says_all_that_the_duty_says(name: str) -> None:
    for duty in ANSWERS[name].duties:
        shown = squeezed(explained(name, duty))
        texts = [duty.title, duty.reason, duty.what, duty.where, duty.format, duty.licence, duty.delay, duty.frequency,
                 duty.authority, duty.sanction, duty.note, duty.proof.elsewhere, duty.event.rstrip(". "),
                 *(item.text for item in duty.what_if), *(part.label for part in duty.parts),
                 *(reference.label.split(" (")[0] for reference in duty.legal_basis)]  # fmt: skip
        for said in texts:
            assert squeezed(said).rstrip(".")[1:] in shown, duty.obligation  # the first letter may be a capital
        alone = squeezed(say("interpretation_alone"))
        assert (alone in shown) is (duty.certainty is Certainty.INTERPRETATION)


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("width", [40, 80])
def test_no_line_of_an_explanation_is_longer_than_the_screen(name: str, width: int) -> None:
    for duty in ANSWERS[name].duties:
        lines = explained(name, duty, width).splitlines()
        assert max(map(len, lines)) <= width, duty.obligation


@pytest.mark.parametrize("name", ANSWERS)
def test_one_duty_as_json_has_the_form_it_has_in_the_whole_answer(name: str) -> None:
    whole = parsed(render_scope(ANSWERS[name], "json"))
    for duty in whole["duties"][::10]:
        content = parsed(render_explanation(ANSWERS[name], duty["id"], "json"))
        head = {key: whole[key] for key in ("schema_version", "tool", "on", "organization", "remarks")}
        assert content == {**head, "duties": [duty]}


def test_a_group_says_whether_all_one_or_the_contrary_is_needed() -> None:
    duty = ANSWERS["nancy"].duties[0]
    leaves = tuple(ConditionNode(NodeKind.TEST, True, name) for name in "ab")
    other = ConditionNode(NodeKind.ALL, True, "autre", leaves[:1], obligation="bal")
    tree = ConditionNode(
        NodeKind.ALL,
        True,
        "racine",
        (
            ConditionNode(NodeKind.ANY, True, "choix", leaves),
            ConditionNode(NodeKind.NOT, True, "contraire", leaves[:1]),
            ConditionNode(NodeKind.ANY, True, "seul", leaves[:1]),
            other,
        ),
    )
    shown = flat(explained("nancy", replace(duty, condition=tree), 400))
    for said in (
        f"racine ({say('explain_all')})",
        f"choix ({say('explain_any')})",
        f"contraire ({say('explain_not')})",
        "seul ✓ a",
        say("explain_other", label="autre", obligation="bal"),
    ):
        assert flat(said) in shown, said


def test_steps_of_a_duty_without_a_first_day_are_told_by_their_dates() -> None:
    duty = next(duty for duty in ANSWERS["nancy"].duties if duty.obligation == "diffusion-par-principe")
    dated, undated = (
        explained("nancy", replace(duty, since=duty.parts[0].since)),
        explained("nancy", replace(duty, since=None)),
    )
    assert flat("Depuis le 7 avril 2017 : documents déjà communiqués") in flat(dated)
    assert flat("7 avril 2017 : Documents déjà communiqués") in flat(undated) and "Depuis le" not in undated
    assert say("steps").upper() not in explained("nancy", replace(duty, since=None, parts=()))


def test_lines_wrap_hang_and_never_leave_two_empty_lines() -> None:
    lines = Lines(20)
    lines.gap()
    lines.paragraph("un deux trois quatre cinq", 2, "-")
    lines.gap()
    lines.gap()
    lines.fact("Lieu", "Sainte-Marie du Lac")
    lines.heading("Fin")
    lines.row(("a b c d", "", "z"), (3, 2, 4))
    assert lines.text().replace("\u00a0", " ").splitlines() == [
        "  - un deux trois", "    quatre cinq", "", "Lieu : Sainte-Marie", "  du Lac", "", "FIN", "─" * 20,
        "a b      z", "c d",
    ]  # fmt: skip
