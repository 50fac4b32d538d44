"""What stops the gate before it can judge (exit code 2)."""

from __future__ import annotations

from opendata_check.errors import OpendataCheckError


class GateError(OpendataCheckError):
    """The gate cannot judge what was asked: no such path, nothing to check, git has no such revision."""


class BaselineError(OpendataCheckError):
    """The baseline cannot be used as it is."""
