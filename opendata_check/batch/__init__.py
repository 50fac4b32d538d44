"""Audits a whole list of bodies: read, audited together at each server's pace, kept so that nothing is done twice."""

from __future__ import annotations

from opendata_check.batch.errors import BatchError

__all__ = ["BatchError"]
