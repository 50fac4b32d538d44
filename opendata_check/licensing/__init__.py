"""Which licence a catalogue means, in whatever words, and what dated lists say of it."""

from opendata_check.licensing.knowledge import Licence, admitted, licences, lists, since
from opendata_check.licensing.reading import Reading, agree, licence_of, read_licence
from opendata_check.licensing.statements import Statement, statements

__all__ = [
    "Licence", "Reading", "Statement", "admitted", "agree", "licence_of", "licences", "lists", "read_licence", "since",
    "statements",
]  # fmt: skip
