"""Reads in the findings where each duty stands; gives it one of the states of rules/words.yaml, judges nothing anew."""

from __future__ import annotations

from opendata_check.model.finding import Axis, Finding, Outcome
from opendata_check.model.inspected import InspectedDataset
from opendata_check.model.legal import Applicability, Duty


def state_of(duty: Duty, findings: tuple[Finding, ...], datasets: tuple[InspectedDataset, ...]) -> str:
    """Return a key of the table of words « outcomes », ``nothing_seen`` and ``not_found`` included.

    A duty that needs a publication is not found when its own finding says so and no dataset answers it. One that is
    published is to be improved as soon as a finding on it, or on a dataset that answers it, is at fault.
    """
    if duty.applicability.binds_not or duty.event_happened is False:
        return Outcome.NOT_APPLICABLE.value
    if duty.applicability is Applicability.UNKNOWN:
        return Outcome.UNVERIFIABLE.value
    answering = {
        item.key for item in datasets if any(match.family == duty.obligation and match.named for match in item.matches)
    }
    own = [finding for finding in findings if finding.obligation == duty.obligation]
    near = [finding for finding in findings if finding.dataset and finding.dataset in answering]
    missing = any(f.outcome is Outcome.NON_COMPLIANT and f.axis is Axis.PUBLISHED and not f.dataset for f in own)
    if missing and not answering:
        return "not_found"
    outcomes = {finding.outcome for finding in (*own, *near)}
    if Outcome.NON_COMPLIANT in outcomes:
        return Outcome.NON_COMPLIANT.value
    for outcome in (Outcome.UNVERIFIABLE, Outcome.ERROR):
        if outcome in {finding.outcome for finding in own}:
            return outcome.value
    if Outcome.COMPLIANT not in outcomes:
        return Outcome.UNVERIFIABLE.value
    # A soft duty (protect people) is never proven by a machine that saw nothing.
    return "nothing_seen" if duty.level == "soft" else Outcome.COMPLIANT.value
