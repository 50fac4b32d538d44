"""Sees what is odd in a table: amounts, totals, dates and rows that somebody should look at."""

from opendata_check.inspection.sense.watch import SenseWatch

__all__ = ["SenseWatch"]
