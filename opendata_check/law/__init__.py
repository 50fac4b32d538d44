"""The law as data: which duties of rules/obligations bind a body on a date, and why."""

from opendata_check.law.errors import LawError
from opendata_check.law.loading import obligations
from opendata_check.law.plausibility import with_doubts_noted
from opendata_check.law.scoping import open_elsewhere, scope

__all__ = ["LawError", "obligations", "open_elsewhere", "scope", "with_doubts_noted"]
