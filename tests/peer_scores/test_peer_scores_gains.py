"""The gain told is the gain had: the dataset is mended and scored anew, whatever it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_check.model.availability import Availability
from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.model.facts import ColumnFacts, ContentFacts, EnvelopeFacts, TableFacts, TextFacts
from opendata_check.model.inspected import InspectedDataset, InspectedFile
from opendata_check.model.peer_score import Mark
from opendata_check.peer_scores import gestures, one_score, peer_rules, scores
from opendata_check.peer_scores.mending import done, known_gestures
from opendata_check.peer_scores.totals import assessed

ON = date(2026, 11, 26)
RULES = peer_rules()

_words = st.sampled_from(["", "x"])
_days = st.sampled_from([None, date(2020, 1, 1), date(2026, 11, 1), date(2030, 1, 1)])
_formats = st.sampled_from(["", "csv", "pdf", "xlsx", "json", "wms", "rdf", "autre"])
_licences = st.sampled_from(["", "lov2", "odc-odbl", "cc-by-nc", "notspecified", "Tous droits réservés", "autre chose"])


@st.composite
def _distributions(draw: st.DrawFn, number: int) -> Distribution:
    local = draw(st.booleans())
    name = draw(st.sampled_from(["liste.csv", "Liste des élus.csv", "plan", "acte.pdf"]))
    return Distribution(
        id=str(number),
        title=draw(_words) or "Fichier",
        path=Path("/donnees") / name if local else None,
        url=None if local else draw(st.sampled_from([None, f"https://exemple.fr/{number}/{name}"])),
        declared_format=draw(_formats),
        media_type=draw(st.sampled_from(["", "text/csv", "application/x-shapefile", "application/pdf"])),
        byte_size=draw(st.sampled_from([None, 12])),
        checksum=draw(st.sampled_from(["", "sha1:ab", "sha256:cd"])),
        modified=draw(_days),
        description=draw(_words),
        role=draw(st.sampled_from(["main", "documentation", "api"])),
        available=draw(st.sampled_from([None, True, False])),
    )


@st.composite
def _facts(draw: st.DrawFn) -> ContentFacts:
    form = draw(st.sampled_from(["iso", "french", ""]))
    column = ColumnFacts("date", 0, "A", kind="date", date_form=form)
    table = TableFacts(
        draw(st.sampled_from([1, None])), ("date",), 3, (column,), title_rows=draw(st.sampled_from([(), ((1, 1),)]))
    )
    kind = draw(st.sampled_from(["csv", "pdf", "html", "binary"]))
    return ContentFacts(
        EnvelopeFacts(kind, kind),
        text=TextFacts(draw(st.sampled_from(["utf-8", "cp1252"])), has_bom=False, line_ending="lf")
        if kind == "csv"
        else None,
        table=table if kind == "csv" else None,
        sha256="ef",
    )


@st.composite
def _datasets(draw: st.DrawFn) -> InspectedDataset:
    distributions = tuple(draw(_distributions(number)) for number in range(draw(st.integers(0, 3))))
    states = st.sampled_from([None, "available", "unavailable", "unknown"])
    files = []
    for one in distributions:
        state = draw(states)
        files.append(
            InspectedFile(
                one,
                one.title,
                draw(st.one_of(st.none(), _facts())),
                unreachable=draw(st.booleans()),
                availability=None if state is None else Availability(state),
            )
        )
    dataset = Dataset(
        id="jeu",
        title=draw(st.sampled_from(["Arbres de la ville", "export_v2.csv", ""])),
        distributions=distributions,
        description=draw(st.sampled_from(["", "d" * 100, "d" * 101])),
        license=draw(_licences),
        frequency=draw(st.sampled_from(["", "annual", "daily", "punctual", "unknown"])),
        issued=draw(_days),
        modified=draw(_days),
        keywords=draw(st.sampled_from([(), ("arbre",)])),
        themes=draw(st.sampled_from([(), ("hvd",), ("ENVI",)])),
        spatial=draw(_words),
        temporal=draw(_words),
        publisher=draw(_words),
        contact=draw(_words),
        language=draw(_words),
        access_rights=draw(st.sampled_from(["", "open", "public", "autre"])),
        landing_page=draw(_words),
    )
    return InspectedDataset(dataset, tuple(files))


def test_every_gesture_has_a_text_and_a_function() -> None:
    assert set(gestures()) == known_gestures()
    assert {one.gesture for rule in RULES for one in rule.criteria} - {""} <= known_gestures()


def test_criteria_are_worth_what_the_score_is_out_of() -> None:
    assert {rule.id: sum(one.points for one in rule.criteria) for rule in RULES} == {
        "data-gouv": 9,
        "mqa": 405,
        "cinq-etoiles": 5,
        "opquast": 21,
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@given(item=_datasets())
def test_the_gain_told_is_the_gain_had_and_nothing_is_lowered(rule, item) -> None:
    score = one_score(rule, [item], ON)
    (one,) = score.datasets
    assert 0 <= one.low <= one.high <= one.out_of <= rule.out_of
    assert one.best == score.best
    if one.best is None:
        return
    then = assessed(rule, done(one.best.gesture, item, ON), ON)
    assert then.low - one.low == pytest.approx(one.best.gain)
    assert one.best.gain > 0
    assert then.low / then.out_of >= one.low / one.out_of - 1e-9
    assert then.high >= one.high or then.out_of < one.out_of


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@given(items=st.lists(_datasets(), min_size=1, max_size=4))
def test_the_gesture_of_the_whole_gains_most_in_sum(rule, items) -> None:
    whole = one_score(rule, items, ON)
    alone = [one_score(rule, [item], ON).datasets[0] for item in items]
    assert whole.low == pytest.approx(sum(one.low for one in alone) / len(items))
    if whole.best is None:
        assert all(one.best is None for one in alone)
        return
    told = sum(max(0.0, _gain(rule, item, whole.best.gesture)) for item in items)
    assert whole.best.gain == pytest.approx(told) or whole.best.gain < told
    assert whole.best.gain >= max(one.best.gain for one in alone if one.best is not None) - 1e-9


def _gain(rule, item, gesture: str) -> float:
    return assessed(rule, done(gesture, item, ON), ON).low - assessed(rule, item, ON).low


@given(items=st.lists(_datasets(), min_size=1, max_size=4))
def test_the_order_of_datasets_changes_no_score(items) -> None:
    forth, back = scores(items, ON), scores(items[::-1], ON)
    for one, other in zip(forth, back, strict=True):
        assert (one.low, one.high) == pytest.approx((other.low, other.high))
        assert (one.best is None) is (other.best is None)


def test_nothing_published_has_no_score() -> None:
    assert scores([], ON) == ()


def test_every_mark_names_a_criterion_of_its_rule_once() -> None:
    item = InspectedDataset(Dataset("a", "A", (Distribution("f", "F"),)), ())
    for rule in RULES:
        names = [one.criterion for one in assessed(rule, item, ON).marks]
        assert sorted(names) == sorted(one.id for one in rule.criteria)
        assert {one.mark for one in assessed(rule, item, ON).marks} <= set(Mark)


def _sentences() -> Iterator[str]:
    texts = [text for one in gestures().values() for text in (one.text, one.how)]
    for rule in RULES:
        texts += [
            rule.title,
            rule.about,
            rule.caveat,
            *(one.rule for one in rule.criteria),
            *(one.title for one in rule.criteria),
        ]
    for text in texts:
        yield from re.split(r"(?<=[.?!:;])\s+", " ".join(text.split()))


def test_texts_are_short_sentences_in_french() -> None:
    for sentence in _sentences():
        assert len(re.findall(r"\w+", sentence)) <= 28, sentence


def test_gestures_are_imperatives_and_criteria_name_theirs() -> None:
    for one in gestures().values():
        assert re.match(r"[A-ZÉ][a-zé]+ez\b", one.text), one.text
        assert one.how.endswith((".", "…"))
    unseen = {one.id for rule in RULES for one in rule.criteria if not one.gesture}
    assert unseen == {"linked", "dcat_ap", "licence_vocabulary", "rights"}
