"""Makers of cells about the person of the row: names, numbers, addresses, in the shapes that files hold."""

from __future__ import annotations

from dataclasses import replace

from .makers import Maker, town, written
from .persons import Person, World, bare, slug


def nir(world: World) -> str:
    """Return 15 digits without space."""
    return "".join(world.nir())


def nir_spaced(world: World) -> str:
    """Return a number written as on the card: 2 84 05 2A 123 456 78."""
    body, key = world.nir()
    return f"{body[0]} {body[1:3]} {body[3:5]} {body[5:7]} {body[7:10]} {body[10:]} {key}"


def nir_no_key(world: World) -> str:
    """Return 13 signs; the key is held for :func:`nir_key`."""
    body, world.held["key"] = world.nir()
    return body


def nir_key(world: World) -> str:
    """Return the key of the number written before in the row."""
    return world.held["key"]


def nir_hyphens(world: World) -> str:
    """Return a number written with hyphens: 2-84-05-2A-123-456-78."""
    return nir_spaced(world).replace(" ", "-")


def nir_apart(world: World) -> str:
    """Return 13 signs, a space, the key; the letter of Corsica in lower case."""
    body, key = world.nir()
    return f"{body.lower()} {key}"


def nir_provisional(world: World) -> str:
    """Return a number that begins with 7 or 8, given while the birth is being proven."""
    return "".join(world.nir(provisional=True))


def phone(form: str) -> Maker:
    """Return a maker of phones: ``06 12 34 56 78`` by its separator, ``+33``, ``lost`` (zero eaten), ``plain``, …"""

    def make(world: World) -> str:
        line = world.line()
        pairs = [line[place : place + 2] for place in range(0, 10, 2)]
        forms = {
            "plain": line,
            "lost": line[1:],
            "+33": f"+33 {line[1]} " + " ".join(pairs[1:]),
            "+33()": f"+33(0){line[1:]}",
            "0033": "0033" + line[1:],
            "+33plain": "+33" + line[1:],
            "(+33)": f"(+33) {line[1]} " + " ".join(pairs[1:]),
            "33": "33" + line[1:],
            "tel": "tel : " + " ".join(pairs),
            "4": f"{line[:4]} {line[4:6]} {line[6:8]} {line[8:]}",
        }
        return forms.get(form) or form.join(pairs)

    return make


def mobile(form: str = " ") -> Maker:
    """Return a maker of mobile phones."""

    def make(world: World) -> str:
        line = world.line(mobile=100)
        return form.join(line[place : place + 2] for place in range(0, 10, 2))

    return make


def landline(form: str = " ") -> Maker:
    """Return a maker of phones on a fixed line, as services have."""

    def make(world: World) -> str:
        line = world.line(mobile=0)
        return form.join(line[place : place + 2] for place in range(0, 10, 2))

    return make


def mailbox(world: World) -> str:
    """Return the own e-mail address of the person of the row."""
    return world.mailbox()


def mailbox_named(world: World) -> str:
    """Return an address as a mail program writes it, after the name."""
    return f"{world.person.first} {world.person.last.upper()} <{world.mailbox()}>"


def mailbox_upper(world: World) -> str:
    """Return an address in capitals."""
    return world.mailbox().upper()


def mailboxes(world: World) -> str:
    """Return the two addresses of a couple."""
    return f"{world.mailbox()} / {world.mailbox(world.anyone())}"


def work_mail(world: World) -> str:
    """Return the address that an employer gives to the person of the row."""
    return f"{slug(world.person.first)}.{slug(world.person.last)}@{world.places.domains[0]}"


def service_mail(*boxes: str) -> Maker:
    """Return a maker of addresses of services."""
    return lambda world: f"{world.pick(boxes)}@{world.pick(world.places.domains)}"


def iban(world: World) -> str:
    """Return an IBAN in groups of four."""
    text = world.account()
    return " ".join(text[place : place + 4] for place in range(0, 27, 4))


def iban_plain(world: World) -> str:
    """Return an IBAN without space."""
    return world.account()


def iban_foreign(world: World) -> str:
    """Return a Belgian or German IBAN whose keys are right."""
    if world.one_in(2):
        bank = world.pick(("001", "363", "539")) + world.digits(7)
        country, account = "BE", f"{bank}{int(bank) % 97 or 97:02}"
    else:
        country, account = "DE", world.pick(("37040044", "50010517")) + world.digits(10)
    figures = account + "".join(str(ord(letter) - 55) for letter in country) + "00"
    text = f"{country}{98 - int(figures) % 97:02}{account}"
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def plate(world: World) -> str:
    """Return a plate with hyphens."""
    return world.plate()


def born(form: str, low: int = 1935, high: int = 2007) -> Maker:
    """Return a maker of birth dates of the person of the row, who is born again when outside the years."""

    def make(world: World) -> str:
        if not low <= world.person.born.year <= high:
            world.person = replace(world.person, born=world.day(low, high))
        return written(world.person.born, form)

    return make


def other(make: Maker) -> Maker:
    """Return a maker about another person than the one of the row."""

    def make_other(world: World) -> str:
        kept, world.person = world.person, world.anyone()
        cell = make(world)
        world.person = kept
        return cell

    return make_other


def man(make: Maker) -> Maker:
    """Return a maker about a man, who becomes the person of the row."""

    def make_man(world: World) -> str:
        while world.person.woman:
            world.person = world.anyone()
        return make(world)

    return make_man


def first(world: World) -> str:
    """Return the first name."""
    return world.person.first


def last(world: World) -> str:
    """Return the last name."""
    return world.person.last


def who(form: str) -> Maker:
    """Return a maker of names: a form with {first} {last} {LAST} {LASTBARE} {FIRSTBARE} {title} {i} {second}."""

    def make(world: World) -> str:
        return naming(form, world.person)

    return make


def naming(form: str, person: Person) -> str:
    """Return the name of a person in a form."""
    return form.format(
        first=person.first,
        last=person.last,
        LAST=person.last.upper(),
        LASTBARE=bare(person.last).upper(),
        FIRSTBARE=bare(person.first).upper(),
        lastlow=bare(person.last).lower(),
        firstlow=bare(person.first).lower(),
        title=person.title,
        i=person.first[0] + ".",
        l=person.last[0] + ".",
        second=person.second,
        civility="Madame" if person.woman else "Monsieur",
    )


def full(world: World) -> str:
    """Return first and last name."""
    return f"{world.person.first} {world.person.last}"


_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def born_words(form: str) -> Maker:
    """Return a maker of birth dates in words: a form with {day} {month} {year} {town}."""

    def make(world: World) -> str:
        when = world.person.born
        return form.format(day=when.day, month=_MONTHS[when.month - 1], year=when.year, town=town(world))

    return make


def home(world: World) -> str:
    """Return number and street of the home."""
    return world.person.address


def home_whole(world: World) -> str:
    """Return number, street, postcode and town of the home."""
    person = world.person
    return f"{person.address}, {person.postcode} {person.town}"


def text(*sentences: str) -> Maker:
    """Return a maker of sentences, the names of a person filled in where asked (see :func:`naming`), {n} a number."""

    def make(world: World) -> str:
        chosen = world.pick(sentences).replace("{n}", str(world.chance.randrange(2, 400)))
        chosen = chosen.replace("{street}", world.pick(world.places.streets))
        chosen = chosen.replace("{place}", world.pick(world.places.equipment))
        chosen = chosen.replace("{phone}", phone(" ")(world)).replace("{nir}", nir_spaced(world))
        return naming(chosen.replace("{mail}", world.mailbox()), world.person)

    return make
