"""Decides whether a file's name holds only letters that every system writes alike."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from opendata_check.checks.interface import Case, Verdict
from opendata_check.checks.subjects import file_of
from opendata_check.model.catalog import Distribution
from opendata_check.model.finding import Outcome
from opendata_check.vocabulary import format_of_extension
from opendata_check.wording import join_list


def decide(case: Case) -> Iterable[Verdict]:
    """Yield one verdict per file that has a name: members of archives, services and exports on request have none."""
    file = file_of(case)
    if file.member or file.distribution.synthesised or file.distribution.service is not None:
        return
    name = _name(file.distribution)
    if not name:
        return
    safe = frozenset("".join(case.words("safe")))
    odd = sorted({letter for letter in name if letter not in safe})
    if not odd:
        yield Verdict(Outcome.COMPLIANT)
        return
    kinds = [
        word
        for word, found in (
            ("des espaces", any(letter.isspace() for letter in odd)),
            ("des accents", any(letter.isalpha() for letter in odd)),
            ("des signes", any(not letter.isalpha() and not letter.isspace() for letter in odd)),
        )
        if found
    ]
    yield Verdict(Outcome.NON_COMPLIANT, values={"name": name, "kinds": join_list(kinds)})


def _name(one: Distribution) -> str:
    """Return the name of a local file, or of one on line whose address ends with a name: the rest is the portal's."""
    if one.path is not None:
        return one.path.name
    try:
        name = unquote(urlsplit(one.url or "").path.rpartition("/")[2])
    except ValueError:
        return ""
    return name if format_of_extension(name.rpartition(".")[2]) and "." in name else ""
