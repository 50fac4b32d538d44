"""Judges what identifies or reaches a person: social security numbers, accounts, phones, mailboxes, plates."""

from __future__ import annotations

from collections.abc import Iterator

from opendata_check.inspection.personal.context import DOUBTFUL, FAIR, LIKELY, Context
from opendata_check.inspection.personal.naming import names_thing
from opendata_check.inspection.personal.tally import WHOLE, Tally
from opendata_check.inspection.personal_words import words

Judgement = tuple[str, str, float, str, str]
"""Kind, what was recorded under it, confidence, reason, family that lets it through."""
_SWITCHBOARD = 0.3
_FEW_OF_COLUMN = 0.3
"""Share of the cells of words under which a mobile is a note left among other things."""


def judged(tally: Tally, context: Context) -> Iterator[Judgement]:
    """Yield what a column holds of these."""
    yield from _nir(tally)
    yield from _mail(tally, context)
    yield from _phone(tally, context)
    yield from _iban(tally)
    yield from _plate(tally, context)


def _nir(tally: Tally) -> Iterator[Judgement]:
    """Judge numbers.

    A number of 15 digits passes the control once in 97: where most of them fail it, they are numbers of another kind.
    When the label announces a NIR, its shape is enough (13 digits have no key).
    """
    valid, failed, shaped = tally.count("nir"), tally.count("nir_failed"), tally.count("nir_shaped")
    announced = tally.says("nir")
    if valid and (announced or valid >= 0.5 * (valid + failed)):
        yield "nir", "nir", 0.99, "nir_key", ""
    elif announced and shaped:
        yield "nir", "nir_shaped", LIKELY, "nir_label", ""


def _mail(tally: Tally, context: Context) -> Iterator[Judgement]:
    own, free, every = tally.count("own_mail"), tally.count("free_mail"), tally.count("mail")
    if not own:
        return
    looked = tally.shapes["mailbox"]
    named = tally.shapes["named_mailbox"] / looked if looked else 0.0
    family = context.family
    unnamed = named < 0.15 or own < 0.1 * every
    if unnamed and context.things and not context.private and not context.named:
        return  # the mailbox of a shop or a club at a public provider
    if family is not None and (
        family.trade
        or (family.contacts and named < 0.3 and not family.mailboxes)
        or (family.mailboxes and free < 0.2 * own)
    ):
        private = "perso" in tally.text
        yield "email", "own_mail", FAIR, "own_mailbox", "" if private else family.id
        return
    yield "email", "own_mail", LIKELY if named >= 0.3 else FAIR, "own_mailbox", ""


def _phone(tally: Tally, context: Context) -> Iterator[Judgement]:
    noted = tally.count("noted") or ((tally.is_text or (tally.says("text") and tally.wordy)) and tally.count("mobile"))
    if noted and not (context.things and not context.named):
        yield "phone", "noted" if tally.count("noted") else "mobile", FAIR, "phone_in_notes", ""
        return
    mobiles, landlines = tally.count("mobile"), tally.count("landline")
    if not mobiles and not landlines:
        return
    if tally.wordy and context.named and not context.things and 0 < mobiles < _FEW_OF_COLUMN * tally.filled:
        yield "phone", "mobile", FAIR, "phone_in_notes", ""
        return
    own = (tally.says("own_phone") and not tally.says("on_call")) or (
        tally.says("phone") and tally.says("private_person") and not tally.says("service_phone")
    )
    if (mobiles + landlines) < 0.3 * tally.filled and not own and not tally.is_text:
        return
    said = tally.says("phone", "own_phone")
    coded = tally.says("row_id") or not context.private
    if not said and not tally.is_text and not _grouped(tally) and coded and not _says_nothing(tally):
        return  # a code of ten figures
    if own:
        yield "phone", "mobile" if mobiles > landlines else WHOLE, LIKELY, "own_phone_label", ""
        return
    if tally.says("service_phone"):
        return
    if not context.persons:
        if said and _reaches_somebody(tally, context):
            yield "phone", "mobile", FAIR, "mobile_alone", ""
        return
    if tally.distinct < _SWITCHBOARD * tally.distinct_of and tally.distinct_of >= 10:
        return
    family = context.family or (None if context.private else context.announced)
    if family is not None:
        covered = family.trade or (family.contacts and mobiles < 0.2 * (mobiles + landlines))
        if mobiles:
            yield "phone", "mobile", FAIR, "mobile_of_person", family.id if covered else ""
        return
    if mobiles and (mobiles >= 0.2 * (mobiles + landlines) or context.private):
        yield "phone", "mobile", LIKELY if context.named else FAIR, "mobile_of_person", ""
    elif context.private and (said or _grouped(tally)):
        yield "phone", WHOLE, FAIR, "phone_of_person", ""


def _heads_things(tally: Tally) -> bool:
    """Return whether a column names things, many of them: what the rows are."""
    place = tally.says("address", "small_area")
    return names_thing(tally) and not place and tally.wordy and tally.distinct >= 0.5 * tally.distinct_of


def _grouped(tally: Tally) -> bool:
    """Return whether most numbers are written as phones are: in groups after a zero, or with +33."""
    return tally.count("spaced") >= 0.5 * (tally.count("mobile") + tally.count("landline"))


def _reaches_somebody(tally: Tally, context: Context) -> bool:
    """Return whether mobiles are persons' though nobody is named: most differ, and no column names a thing."""
    thing = context.things or context.saying("service_phone") or any(map(_heads_things, context.tallies))
    return not thing and tally.part("mobile") >= 0.5 and tally.distinct >= 0.8 * tally.distinct_of >= 4


def _says_nothing(tally: Tally) -> bool:
    """Return whether a label says so little that the cells alone decide."""
    return not tally.text or len(tally.text) <= 3 or tally.says("plain_date")


def _iban(tally: Tally) -> Iterator[Judgement]:
    found = tally.count("iban")
    if found and (tally.says("iban") or found >= 0.5 * tally.filled or tally.is_text):
        alone = tally.distinct <= 1 and tally.distinct_of > 3
        yield "iban", "iban", DOUBTFUL if alone else 0.99, "iban_key", ""


def _plate(tally: Tally, context: Context) -> Iterator[Judgement]:
    if tally.part("plate") < words().thresholds["mostly"] and not (tally.says("plate") and tally.part("plate") > 0.2):
        return
    if context.saying("fleet") >= 2 and not context.named:
        return  # the body's own vehicles
    if tally.says("plate"):
        yield "plate", "plate", LIKELY, "plate_shape", ""
    elif context.named and (not context.things or context.owned):
        yield "plate", "plate", FAIR, "plate_shape", ""
