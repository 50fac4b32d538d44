"""The release gate: audits the files of a repository, then says whether they may go out, and why not."""

from __future__ import annotations

from opendata_check.gate.errors import BaselineError, GateError
from opendata_check.gate.run import Answer, Request, judge

__all__ = ["Answer", "BaselineError", "GateError", "Request", "judge"]
