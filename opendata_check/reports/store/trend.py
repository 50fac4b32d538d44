"""Many bodies over time in words: medians, how many rise or fall, who has gone silent; nobody is ranked."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.model.finding import Axis
from opendata_check.model.history import Health, Median, Period, Silence, Trend
from opendata_check.reports.outline.phrases import whole
from opendata_check.reports.store.blocks import Block, Grid, Points, Title, Words, say, say_count
from opendata_check.wording import french_date, french_number, word

_SHOWN = 30
"""Silent bodies named for each reason; JSON has all."""
_REASONS = ("vanished", "fewer", "aged")


def trend(found: Trend, asked: str = "") -> list[Block]:
    """Return the blocks of a trend; ``asked`` says which bodies were chosen."""
    title = say("trend_title_of", asked=asked) if asked else say("trend_title")
    blocks: list[Block] = [Title(title, 1)]
    if not found.bodies:
        return [*blocks, Words(say("trend_none"))]
    blocks += [
        Words(
            say("trend_count", bodies=say_count("bodies", found.bodies), audits=say_count("audits", found.audits))
        ),
        Title(say(f"medians_{found.step}")),
        Grid(
            (say("c_period"), say("c_bodies"), say("c_whole"), *(say(f"a_{axis.value}") for axis in Axis),
             say("c_points"), say("c_datasets")),
            tuple(_medians(period) for period in found.periods),
            (10, 7, *[4] * 7, 6, 7),
        ),
        Words(say("medians_how")),
        Words(say("legend_axes", axes=" ; ".join(f"{say(f'a_{axis.value}')} : {word('axes', axis)}" for axis in Axis))),
        Title(say("moves")),
        *_moves(found),
        Title(say("silent")),
        *_silent(found),
    ]  # fmt: skip
    return blocks


def _medians(period: Period) -> tuple[str, ...]:
    axes = dict(period.axes)
    return (
        period_name(period.name),
        french_number(period.bodies),
        _middle(period.overall),
        *(_middle(axes[axis.value]) for axis in Axis),
        _count(period.points),
        _count(period.datasets),
    )


def _middle(median: Median) -> str:
    return "–" if median.value is None else french_number(whole(median.value))


def _count(median: Median) -> str:
    """Return a middle of counts, which may fall between two."""
    return "–" if median.value is None else french_number(median.value, 0 if median.value == int(median.value) else 1)


def _moves(found: Trend) -> Iterator[Block]:
    compared = [period for period in found.periods if period.rising + period.falling + period.steady]
    if not compared:
        yield Words(say("moves_none"))
        return
    yield Grid(
        (say("c_period"), say("c_compared"), say("c_rising"), say("c_falling"), say("c_steady")),
        tuple(
            (
                period_name(period.name),
                french_number(period.rising + period.falling + period.steady),
                french_number(period.rising),
                french_number(period.falling),
                french_number(period.steady),
            )
            for period in compared
        ),
        (10, 10, 10, 10, 10),
    )
    yield Words(say_count("moves_how", int(found.rise)))


def _silent(found: Trend) -> Iterator[Block]:
    if not found.silent:
        yield Words(say("silent_none", bodies=say_count("bodies", found.bodies)))
    for reason in _REASONS:
        chosen = [one for one in found.silent if one.reason == reason]
        if chosen:
            yield Words(say(f"silent_{reason}", count=french_number(len(chosen)), total=french_number(found.bodies),
                            days=found.aged_days))  # fmt: skip
            yield Points(tuple((_told(one), "") for one in chosen[:_SHOWN]))
            if len(chosen) > _SHOWN:
                yield Words(say_count("left", len(chosen) - _SHOWN))
    if found.unsure:
        yield Words(say_count("unsure", found.unsure))


def _told(one: Silence) -> str:
    newest = french_date(one.newest) if one.newest else say("undated")
    name = say("place", name=one.name or one.body, place=one.departement) if one.departement else one.name or one.body
    return say(f"told_{one.reason}", name=name, now=one.datasets, most=one.most, newest=newest, on=french_date(one.on))


def period_name(name: str) -> str:
    """Return a period as the French write it: « 11/2026 », « 26/11/2026 », « 2026 »."""
    return "/".join(reversed(name.split("-")))


def health(found: Health, path: str) -> list[Block]:
    """Return the blocks of a check of the store."""
    blocks: list[Block] = [
        Title(say("check_title", path=path), 1),
        Words(say("check_sound" if not found.faults else "check_faults", count=len(found.faults))),
        Points(tuple((fault, "") for fault in found.faults)),
        Words(
            say("check_holds", bodies=say_count("bodies", found.bodies), audits=say_count("audits", found.audits),
                marks=say_count("marks", found.marks), reports=say_count("reports", found.reports),
                size=french_number(max(1, round(found.size / 1000))), version=found.version)
        ),
    ]  # fmt: skip
    if found.faults:
        blocks.append(Words(say("check_remedy")))
    return blocks
