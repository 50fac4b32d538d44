"""Inspection reads what bytes say, before any verdict."""

from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.inspect import inspect
from opendata_check.inspection.sheet_export import sheet_as_csv

__all__ = ["InspectionError", "inspect", "sheet_as_csv"]
