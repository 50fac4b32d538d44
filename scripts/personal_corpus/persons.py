"""Invented persons, and the shapes in which a town hall's files write what belongs to them."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from .names import Names
from .places import Places

_FICTION = ("0199 00", "0261 91", "0353 01", "0465 71", "0536 49")
"""First six digits that ARCEP keeps for fiction, on a fixed line; 06 39 98 on a mobile."""
_FREE_MAIL = (
    "gmail.com",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "hotmail.fr",
    "laposte.net",
    "sfr.fr",
    "yahoo.fr",
    "outlook.fr",
)
_OWN_MAIL = ("example.org", "example.com", "example.net", "fil-des-jours.example", "maison-bleue.example")


def bare(text: str) -> str:
    """Return a text without accents."""
    text = text.replace("œ", "oe").replace("ı", "i").replace("ł", "l").replace("Œ", "OE")
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def slug(text: str) -> str:
    """Return a text as it stands in an e-mail address."""
    return "".join(sign if sign.isalnum() or sign == "-" else "" for sign in bare(text).lower())


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    first: str
    last: str
    woman: bool
    born: date
    number: str
    street: str
    postcode: str
    town: str
    second: str
    """Another first name."""

    @property
    def title(self) -> str:
        """Mme or M."""
        return "Mme" if self.woman else "M."

    @property
    def address(self) -> str:
        """Number and street of the home."""
        return f"{self.number} {self.street}"


class World:
    """Where one table is made: its own chance, the names and places of its part, the person of the current row."""

    def __init__(self, seed: str, names: Names, places: Places) -> None:
        self.chance = random.Random(seed)
        self.names, self.places = names, places
        self.row = 0
        self.held: dict[str, str] = {}
        self.person = self.anyone()

    def turn(self, row: int) -> None:
        """Begin a row: another person, nothing held."""
        self.row, self.held, self.person = row, {}, self.anyone()

    def pick(self, items: tuple[str, ...] | list[str]) -> str:
        """Return one of the items."""
        return items[self.chance.randrange(len(items))]

    def digits(self, count: int) -> str:
        """Return that many digits."""
        return "".join(str(self.chance.randrange(10)) for _ in range(count))

    def one_in(self, count: int) -> bool:
        """Return True once in ``count``."""
        return self.chance.randrange(count) == 0

    def day(self, first: int, last: int) -> date:
        """Return a day between two years, both included."""
        return date(first, 1, 1) + timedelta(self.chance.randrange((last - first + 1) * 365))

    def anyone(self, first: int = 1935, last: int = 2007) -> Person:
        """Return somebody born between two years."""
        woman = self.one_in(2)
        names = self.names.women if woman else self.names.men
        number = str(self.chance.randrange(1, 190)) + ("bis" if self.one_in(15) else "")
        postcode, town = self.places.towns[self.chance.randrange(len(self.places.towns))]
        return Person(
            self.pick(names),
            self.pick(self.names.last),
            woman,
            self.day(first, last),
            number,
            self.pick(self.places.streets),
            postcode,
            town,
            self.pick(names),
        )

    def nir(self, person: Person | None = None, *, provisional: bool = False) -> tuple[str, str]:
        """Return a social security number of the person and its key; Corsica once in eight."""
        person = person or self.person
        sex = ("8" if person.woman else "7") if provisional else ("2" if person.woman else "1")
        born = f"{person.born:%y%m}"
        department = self.pick(("2A", "2B")) if self.one_in(8) else f"{self.chance.randrange(1, 95):02}"
        if department == "20":
            department = "2A"
        body = f"{sex}{born}{department}{self.chance.randrange(1, 500):03}{self.chance.randrange(900, 1000)}"
        number = int(body.replace("2A", "19").replace("2B", "18"))
        return body, f"{97 - number % 97:02}"

    def line(self, *, mobile: int = 70) -> str:
        """Return the ten digits of a phone, mobile in so many cases out of a hundred."""
        if self.chance.randrange(100) < mobile:
            return ("063998" if self.chance.randrange(100) < 75 else "0798" + self.digits(2)) + self.digits(4)
        return self.pick(_FICTION).replace(" ", "") + self.digits(4)

    def mailbox(self, person: Person | None = None) -> str:
        """Return somebody's own e-mail address."""
        person = person or self.person
        first, last = slug(person.first), slug(person.last)
        style = self.chance.randrange(6)
        if style == 0:
            return f"{first}.{last}@{self.pick(_OWN_MAIL)}"
        if style == 1:
            return f"{first[0]}{last}{self.digits(3)}@{self.pick(_FREE_MAIL)}"
        if style == 2:
            return f"{last}.{first}{person.born:%y}{self.digits(2)}@{self.pick(_FREE_MAIL)}"
        if style == 3:
            return f"{first}-{last}@{self.pick(_OWN_MAIL)}"
        if style == 4:
            return f"{first}{self.digits(4)}@{self.pick(_FREE_MAIL)}"
        return f"{first}.{last}.{self.digits(4)}@{self.pick(_FREE_MAIL)}"

    def account(self) -> str:
        """Return the 27 signs of a French IBAN whose keys are right."""
        bank, desk, account = self.pick(("20041", "30002", "10278", "16958", "42559")), self.digits(5), self.digits(11)
        key = 97 - (89 * int(bank) + 15 * int(desk) + 3 * int(account)) % 97
        body = f"{bank}{desk}{account}{key:02}"
        return f"FR{98 - int(body + '152700') % 97:02}{body}"

    def plate(self) -> str:
        """Return the plate of a car: two letters, three digits, two letters."""
        letters = "ABCDEFGHJKLMNPQRSTVWXYZ"
        pair = ["".join(self.pick(tuple(letters)) for _ in range(2)) for _ in range(2)]
        return f"{pair[0]}-{self.digits(3)}-{pair[1]}"
