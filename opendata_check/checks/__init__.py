"""Is it lawful? Every check is a pair: rules/checks/<axis>/<id>.yaml for people, checks/<axis>/<id>.py that decides."""

from opendata_check.checks.loading import rules
from opendata_check.checks.running import run

__all__ = ["rules", "run"]
