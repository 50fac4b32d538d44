"""Makers of cells about nobody: each is given the world of the row and returns the text of one cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from .persons import World

Maker = Callable[[World], str]

_EXCEL_EPOCH = date(1899, 12, 30)


def one_of(*items: str) -> Maker:
    """Return a maker that draws among the items."""
    return lambda world: world.pick(items)


def number(low: int, high: int) -> Maker:
    """Return a maker of whole numbers."""
    return lambda world: str(world.chance.randrange(low, high + 1))


def decimal(low: float, high: float, places: int = 2, point: str = ",") -> Maker:
    """Return a maker of decimals."""
    return lambda world: f"{world.chance.uniform(low, high):.{places}f}".replace(".", point)


def digits(pattern: str) -> Maker:
    """Return a maker that replaces each # of the pattern by a digit, and @ by a letter."""

    def make(world: World) -> str:
        letters = "ABCDEFGHJKLMNPQRSTVWXYZ"
        return "".join(
            world.digits(1) if sign == "#" else letters[world.chance.randrange(23)] if sign == "@" else sign
            for sign in pattern
        )

    return make


def rank(pattern: str) -> Maker:
    """Return a maker that writes the number of the row in the pattern (``{:04}``)."""
    return lambda world: pattern.format(world.row + 1)


def day(form: str, first: int, last: int) -> Maker:
    """Return a maker of dates: a strftime form, or ``excel`` for a number of days."""
    return lambda world: written(world.day(first, last), form)


def written(when: date, form: str) -> str:
    """Return a date in a form."""
    return str((when - _EXCEL_EPOCH).days) if form == "excel" else when.strftime(form)


def rare(share: int, make: Maker, otherwise: str = "") -> Maker:
    """Return a maker that fills one cell in ``share``; at least the third row of the table is filled."""
    return lambda world: make(world) if world.row == 2 or world.one_in(share) else otherwise


def blend(*makers: Maker) -> Maker:
    """Return a maker that uses one of the makers at each row."""
    return lambda world: makers[world.chance.randrange(len(makers))](world)


def mostly(often: Maker, seldom: Maker, share: int) -> Maker:
    """Return a maker that uses ``seldom`` at one row in ``share`` (and at the third row), ``often`` at others."""
    return lambda world: seldom(world) if world.row == 2 or world.one_in(share) else often(world)


def at_row(row: int, make: Maker, otherwise: Maker) -> Maker:
    """Return a maker that differs at one row only."""
    return lambda world: make(world) if world.row == row else otherwise(world)


def _luhn(body: str) -> str:
    total = sum(
        int(sign) if place % 2 else sum(map(int, str(2 * int(sign)))) for place, sign in enumerate(reversed(body))
    )
    return body + str(-total % 10)


def siren(world: World) -> str:
    """Return a SIREN whose key is right."""
    return _luhn(world.pick(("3", "4", "5", "7", "8", "9")) + world.digits(7))


def siret(world: World) -> str:
    """Return a SIRET whose keys are right."""
    return _luhn(siren(world) + f"000{world.chance.randrange(1, 9)}")


def finess(world: World) -> str:
    """Return a FINESS number whose key is right."""
    return _luhn(f"{world.chance.randrange(1, 95):02}" + world.digits(6))


def uai(world: World) -> str:
    """Return the code of a school, whose letter is its key."""
    body = f"0{world.chance.randrange(1, 95):02}" + world.digits(4)
    return body + "ABCDEFGHJKLMNPRSTUVWXYZ"[int(body) % 23]


def isbn(world: World) -> str:
    """Return an ISBN of 13 digits whose key is right."""
    body = "9782" + world.digits(8)
    return body + str(-sum(int(sign) * (3 if place % 2 else 1) for place, sign in enumerate(body)) % 10)


def street(world: World) -> str:
    """Return the name of a street."""
    return world.pick(world.places.streets)


def place_address(world: World) -> str:
    """Return the address of a place."""
    return f"{world.chance.randrange(1, 120)} {world.pick(world.places.streets)}"


def town(world: World) -> str:
    """Return a commune."""
    return world.places.towns[world.chance.randrange(len(world.places.towns))][1]


def postcode(world: World) -> str:
    """Return a postcode."""
    return world.places.towns[world.chance.randrange(len(world.places.towns))][0]


def equipment(world: World) -> str:
    """Return the name of a public place."""
    return world.pick(world.places.equipment)


def equipment_of(*kinds: str) -> Maker:
    """Return a maker of names of public places of some kinds: ``École``, ``Collège``…"""
    return lambda world: world.pick([name for name in world.places.equipment if name.startswith(kinds)])


school = equipment_of("École", "Collège", "Lycée")
"""A maker of names of schools."""


def association(world: World) -> str:
    """Return the name of an association."""
    return world.pick(world.places.associations)


def firm(world: World) -> str:
    """Return the name of a firm."""
    return world.pick(world.places.firms)


def author(world: World) -> str:
    """Return the author of a book."""
    return world.pick(world.places.authors)


def joined(separator: str, *makers: Maker) -> Maker:
    """Return a maker that joins what others make."""
    return lambda world: separator.join(make(world) for make in makers)
