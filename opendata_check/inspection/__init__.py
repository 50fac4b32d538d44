"""Inspection reads what bytes say, before any verdict."""

from opendata_check.inspection.errors import InspectionError
from opendata_check.inspection.head import read_head
from opendata_check.inspection.inspect import inspect
from opendata_check.inspection.records_export import RECORD_FORMATS, records_as_csv
from opendata_check.inspection.sheets.export import sheet_as_csv

__all__ = ["RECORD_FORMATS", "InspectionError", "inspect", "read_head", "records_as_csv", "sheet_as_csv"]
