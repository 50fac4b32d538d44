"""Finds, among the distinct cells of a column, what a key or a shape proves: NIR, IBAN, phone, mailbox, plate, date."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opendata_check.inspection import personal_values as texts
from opendata_check.inspection.batch import ColumnBatch, Mask
from opendata_check.inspection.personal_words import words

_GAP = r"[ .\-/\x{a0}\x{202f}]?"
_NIR = (
    rf"[1-478]{_GAP}\d\d{_GAP}(?:0[1-9]|1[0-2]|20|3\d|4[0-2]){_GAP}(?:0[1-9]|[1-9]\d|2[ABab]){_GAP}\d{{3}}{_GAP}\d{{3}}"
)
_NIR_CELL = rf"^{_NIR}(?:[ .\-/\x{{a0}}]{{0,3}}\d\d)?$"
_NIR_INSIDE = rf"(?:^|[^0-9A-Za-z.]|(?:^|[^0-9])\.){_NIR}[ .\-/\x{{a0}}]{{0,3}}\d\d(?:$|[^0-9A-Za-z])"
_SEPARATORS = r"[ .\-/\x{a0}\x{202f}]+"
_PREFIX = r"(?:0|\(?(?:\+|00)33\)?[ .]?(?:\(0\))?[ .]?)"
_PAIRS = r"(?:[ .\-/\x{a0}\x{202f}]?\d{2}){4}"
_LOOSE = r"(?:[ .\-/\x{a0}\x{202f}]?\d){8}"
"""The eight last figures, whatever their groups."""
MOBILE = rf"(?:^|[^\d.,/\-]){_PREFIX}[67]{_PAIRS}(?:$|[^\d/\-])"
ANY_PHONE = rf"(?:^|[^\d.,/\-]){_PREFIX}[1-79](?:[ .\x{{a0}}]?\d{{2}}){{4}}(?:$|[^\d/\-])"
_ABROAD = r"\+(?:[124-9]|3[0-24-9])(?:[ .\-/()\x{a0}\x{202f}]?\d){7,13}"
_SHORTENED = r"(?:33)?[67][.,]\d{4,9}E\+?(?:0?8|10)"
"""What a spreadsheet makes of a long number: « 6,3998E+08 »."""
MOBILE_CELL = rf"^(?:(?:tel:)?(?:{_PREFIX}|33)?[67]{_PAIRS}|{_PREFIX}[67]{_LOOSE}|{_ABROAD}|{_SHORTENED})(?:[.,]0)?$"
LANDLINE_CELL = rf"^(?:(?:{_PREFIX})?[1-59]{_PAIRS}|{_PREFIX}[1-59]{_LOOSE})(?:[.,]0)?$"
SPACED = r"(?:0|\(?\+33\)?[ .]?)[1-79](?:[ .\-/\x{a0}\x{202f}]?\d{2,3})*[ .\-/\x{a0}\x{202f}]\d{2,3}|\+33[1-79]"
_PLATE = r"^(?:[A-HJ-NP-TV-Z]{2}[ \-]?\d{3}[ \-]?[A-HJ-NP-TV-Z]{2}|\d{1,4}[ \-][A-Z]{2,3}[ \-](?:\d{2}|2[AB]))$"
_DATE = (
    r"(?i)^(?:n[ée]e?(?:\(e\))? )?(?:le )?(?:(?:1[89]|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|(?:0?[1-9]|[12]\d|3[01]) ?[-/.] ?(?:0?[1-9]|1[0-2]) ?[-/.] ?(?:(?:1[89]|20)?\d{2})"
    r"|(?:1[89]|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|[1-4]\d{4}(?:[.,]0)?"
    r"|\d{1,2}[-/ ](?:jan|f[ée][bv]|mar|a[pv]r|ma[iy]|ju[inl]|aug|ao[uû]|sep|oct|nov|d[ée]c)"
    r"[a-zé]*\.?[-/ ](?:19|20)?\d{2}"
    r"|(?:0[1-9]|1[0-2])/(?:0[1-9]|[12]\d|3[01])/(?:19|20)\d{2}"
    r"|\d{1,2}(?:er)? "
    r"(?:janv|f[ée]vr|mars|avr|mai|juin|juil|ao[ûu]t|sept|oct|nov|d[ée]c)[a-zûé.]* \d{4})(?:[ T]\d.*| à .*)?$"
)
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_GLUED = (
    rf"^(?:{_DAY}[-/. ]{_MONTH}[-/. ](?:19|20)?\d{{2}}(?:$|[ ,(].*)|{_DAY}(?:0[1-9]|1[0-2])(?:19|20)?\d{{2}}"
    rf"|(?:{_MONTH}[-/]|[a-zéû]{{3,9}}\.? )?(?:19|20)\d{{2}}(?:[.,]0)?)$"
)
"""« 120387 », « 12031987 », « 03/1987 », « 1987 »."""
BORN = r"(?i)(?:^|[^\pL])n[ée]e?(?:\(e\))? le \d{1,2}(?:er)?[ /.\-](?:\d{1,2}|\pL{3,9}\.?)[ /.\-](?:19[2-9]|20\d)\d"
"""A sentence that tells when somebody of our time was born."""
_IBAN_CELL = r"^[A-Za-z]{2}\d{2}(?:[ \x{a0}]?[0-9A-Za-z]){11,30}$"
_IBAN_INSIDE = r"\bFR\d{2}(?: ?[0-9A-Z]){23}"
_RIB_CELL = r"^\d{5}[ \-]?\d{5}[ \-]?[0-9A-Z]{11}[ \-]?\d{2}$"
_FREE_TEXT_MOBILE = 14
"""Characters beyond which a cell is more than a phone."""


def _true(column: ColumnBatch) -> Mask:
    return np.zeros(len(column.values), dtype=np.bool_)


def nirs(column: ColumnBatch) -> tuple[Mask, Mask, Mask] | None:
    """Return which distinct cells hold a NIR whose key is right, one by its shape alone, and 15 digits that fail.

    The key is 97 less the remainder of the 13 digits by 97; Corsica's 2A and 2B count as 19 and 18. None when no cell
    has thirteen figures.
    """
    among = (column.lengths >= 13) & (column.digits >= 12) & (column.digits <= 20_000)
    if not among.any():
        return None
    valid, failed = _true(column), _true(column)
    shaped = column.matching(_NIR_CELL, among)
    bare = pc.utf8_upper(
        pc.replace_substring_regex(column.trimmed.take(pa.array(np.flatnonzero(among))), _SEPARATORS, "")
    )
    sizes = np.asarray(pc.binary_length(bare).to_numpy(zero_copy_only=False))
    fifteen = np.flatnonzero(among)[sizes == 15]
    if len(fifteen):
        right, numbers = _keys(bare.filter(pa.array(sizes == 15)))
        valid[fifteen] = right & shaped[fifteen]
        failed[fifteen] = numbers & ~valid[fifteen]
    inside = column.matching(_NIR_INSIDE, among & ~shaped & (column.lengths > 15))
    places = np.flatnonzero(inside)
    if len(places):
        found = np.fromiter(map(texts.holds_nir, column.texts(inside)), dtype=np.bool_, count=len(places))
        valid[places] |= found
        failed[places] &= ~found
    return valid, shaped, failed


def _keys(cells: pa.StringArray) -> tuple[Mask, Mask]:
    """Return, for cells of 15 characters, whether the key is right, and whether they are all figures."""
    mainland = pc.replace_substring_regex(cells, r"^(.{5})2A", r"\119")
    mainland = pc.replace_substring_regex(mainland, r"^(.{5})2B", r"\118")
    numeric = np.asarray(pc.match_substring_regex(mainland, r"^\d{15}$").to_numpy(zero_copy_only=False), dtype=np.bool_)
    numbers = np.asarray(
        pc.cast(pc.if_else(pa.array(numeric), mainland, "0"), pa.int64()).to_numpy(zero_copy_only=False), dtype=np.int64
    )
    return numeric & (97 - (numbers // 100) % 97 == numbers % 100), numeric


def ibans(column: ColumnBatch) -> Mask | None:
    """Return which distinct cells hold an account number whose key is right (IBAN or French RIB), or None."""
    among = (column.lengths >= 15) & (column.digits >= 8)
    if not among.any():
        return None
    found = _true(column)
    for pattern, held in (
        (_IBAN_CELL, texts.iban_is_valid),
        (_IBAN_INSIDE, texts.holds_iban),
        (_RIB_CELL, texts.rib_is_valid),
    ):
        chosen = column.matching(pattern, among & ~found)
        if chosen.any():
            found[np.flatnonzero(chosen)] = [held(cell) for cell in column.texts(chosen)]
    return found if found.any() else None


def phones(column: ColumnBatch) -> tuple[Mask, Mask, Mask] | None:
    """Return which distinct cells hold a mobile, a phone written in groups or with +33, a landline alone; or None."""
    among = (column.digits >= 9) & (column.lengths <= 5_000)
    if not among.any():
        return None
    short = among & (column.lengths <= 22)
    mobiles = column.matching(MOBILE_CELL, short)
    mobiles |= column.matching(MOBILE, among & ~mobiles & (column.lengths > _FREE_TEXT_MOBILE))
    landlines = column.matching(LANDLINE_CELL, short & ~mobiles)
    either = mobiles | landlines
    return (mobiles, column.matching(SPACED, either), landlines) if either.any() else None


@cache
def _mailbox_patterns() -> tuple[str, str, str]:
    """Return the patterns of an office's mailbox, of a public provider and of « prenom.nom »."""
    lists = words().lists
    office = "|".join(sorted(lists["service_mail"]))
    starts = "|".join(sorted(lists["service_mail_starts"]))
    free = "|".join(sorted(lists["free_mail"]))
    return (
        rf"(?i)(?:^|[\s;,:<(])(?:(?:[a-z0-9.+_\-]*[^a-z@\s])?(?:{office})(?:[^a-z@\s][a-z0-9.+_\-]*)?|(?:{starts})[a-z0-9.+_\-]*)@",
        rf"(?i)@(?:[a-z0-9\-]+\.)*(?:{free})\.[a-z]{{2,4}}(?:$|[^a-z0-9.\-])",
        r"(?i)(?:^|[\s;,:<(])[a-z]+(?:-[a-z]+)*[._][a-z]{2,}(?:-[a-z]+)*\d{0,4}@",
    )


def mailboxes(column: ColumnBatch) -> tuple[Mask, Mask, Mask] | None:
    """Return which distinct cells hold a mailbox, somebody's own, and one of these at a public provider; or None."""
    if not column.holds("@"):
        return None
    office, free, named = _mailbox_patterns()
    held = column.matching(r"[A-Za-z0-9_.%+'\-]@[A-Za-z0-9.\-]+\.[A-Za-z]{2,24}", None)
    if not held.any():
        return None
    several = column.matching("@.*@", held)
    single = held & ~several
    plain = single & ~column.matching(office, single)
    public = column.matching(free, plain)
    own = public | column.matching(named, plain & ~public)
    if several.any():
        places = np.flatnonzero(several)
        found = [texts.mailboxes_in(cell) for cell in column.texts(several)]
        own[places] = [any(personal for personal, _ in boxes) for boxes in found]
        public[places] = [any(personal and is_free for personal, is_free in boxes) for boxes in found]
    return held, own, public


def plates(column: ColumnBatch) -> Mask | None:
    """Return which distinct cells are registration plates, or None."""
    among = (column.lengths >= 7) & (column.lengths <= 11)
    if not among.any():
        return None
    found = column.matching(_PLATE, among)
    return found if found.any() else None


def dates(column: ColumnBatch) -> Mask:
    """Return which distinct cells may be a date, written in any usual way (Excel's day numbers included)."""
    return column.matching(_DATE, (column.lengths >= 5) & (column.lengths <= 60))


def glued_dates(column: ColumnBatch) -> Mask:
    """Return which distinct cells may be a date or a year without separators, where the label announces a birth."""
    return column.matching(_GLUED, (column.lengths >= 4) & (column.lengths <= 60))


def whole_numbers(column: ColumnBatch) -> tuple[Mask, Mask]:
    """Return which distinct cells are whole numbers, and which of them stand from 1 to 4."""
    short = (column.lengths >= 1) & (column.lengths <= 9)
    whole = column.matching(r"^\d{1,9}$", short)
    return whole, column.matching(r"^[1-4]$", column.lengths == 1)
