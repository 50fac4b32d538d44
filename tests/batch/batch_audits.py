"""Audits that go wrong, for the workers of the tests: a function of a module, as theirs is."""

from __future__ import annotations

import os
import time
from datetime import date

from opendata_check.batch.listing import Job
from opendata_check.cli.batch_run import report_of
from opendata_check.cli.network import Network
from opendata_check.errors import UsageError
from opendata_check.fetching import Fetcher
from opendata_check.model.report import AuditReport


def audit_of(job: Job, on: date, fetcher: Fetcher) -> AuditReport:
    """Audit a folder, or fail as its name says."""
    name = job.entry.typed
    if name.startswith("casse"):
        raise ZeroDivisionError("secret de quelqu'un")
    if name.startswith("refus"):
        raise UsageError("ce dossier ne va pas", remedy="Changez-le.")
    if name.startswith("mort"):
        os._exit(9)
    if name.startswith("lent"):
        time.sleep(600)
    return report_of(Network(no_cache=True), None, None, job, on, fetcher)
