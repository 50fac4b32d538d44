"""Inspection reads what bytes say, before any verdict."""

from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.inspect import inspect

__all__ = ["InspectionError", "inspect"]
