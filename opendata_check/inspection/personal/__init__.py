"""Decides which columns of a table seem to hold personal data, from their labels, their values and their neighbours."""

from opendata_check.inspection.personal.watch import PersonalWatch

__all__ = ["PersonalWatch"]
