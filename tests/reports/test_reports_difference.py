"""A comparison of two audits: what may be called mended, what it says, and hostile texts that stay texts."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
import report_samples as samples
from test_reports_formats import HOSTILE, poisoned

from opendata_check import summaries
from opendata_check.model.catalog import Fault
from opendata_check.model.finding import Finding, Outcome
from opendata_check.model.report import AuditReport
from opendata_check.reports.difference import document, markdown, screen
from opendata_check.reports.difference.comparison import AuditComparison, compare
from opendata_check.reports.difference.looking import Looked
from opendata_check.reports.safety import made_safe
from opendata_check.summaries import mark

FILE = "subventions-2025.csv"


def compared(before: AuditReport, after: AuditReport) -> AuditComparison:
    old, now = summaries.marks(before), summaries.marks(after)
    found = summaries.difference(old, now, Looked(after).at)
    return compare(before, after, (summaries.summarised(before), summaries.summarised(after)), found, old)


def without(report: AuditReport, gone: Callable[[Finding], bool]) -> AuditReport:
    return replace(report, findings=tuple(one for one in report.findings if not gone(one)))


def encoding(finding: Finding) -> bool:
    return finding.check == "encodage-utf8" and finding.dataset == FILE


def mended(report: AuditReport) -> AuditReport:
    """Return the report once the file's encoding is right: its check says so."""
    right = samples.finding("encodage-utf8", Outcome.COMPLIANT, dataset=FILE)
    later = without(report, encoding)
    return replace(later, findings=(*later.findings, right))


def with_file(report: AuditReport, **change: object) -> AuditReport:
    items = tuple(
        replace(item, files=tuple(replace(file, **change) for file in item.files)) if item.key == FILE else item
        for item in report.datasets
    )
    return replace(report, datasets=items)


def test_a_fault_that_its_check_finds_right_is_mended() -> None:
    before = samples.bound_commune()
    found = compared(before, mended(before))
    assert [one.check for one in found.difference.mended] == ["encodage-utf8"]
    assert found.difference.unseen == found.difference.new == ()
    assert found.new_faults == ()


@pytest.mark.parametrize(
    "change",
    [{"facts": None}, {"facts": None, "fault": Fault("le serveur ne répond pas")}, {"fault": Fault("lecture arrêtée")}],
)
def test_a_fault_of_a_file_not_read_again_is_unseen(change: dict[str, object]) -> None:
    before = samples.bound_commune()
    found = compared(before, with_file(mended(before), **change)).difference
    assert [one.check for one in found.unseen] == ["encodage-utf8"]
    assert found.mended == ()


def test_a_check_that_cannot_decide_this_time_mends_nothing() -> None:
    before = samples.bound_commune()
    asked = samples.finding("encodage-utf8", Outcome.UNVERIFIABLE, dataset=FILE)
    later = without(before, encoding)
    found = compared(
        before, replace(later, findings=(*later.findings, replace(asked, fingerprint="0" * 16)))
    ).difference
    assert [one.check for one in found.unseen] == ["encodage-utf8"]


def test_a_dataset_gone_is_unseen_in_a_partial_audit_and_vanished_in_a_whole_one() -> None:
    before = samples.bound_commune()
    later = without(before, lambda one: one.dataset == FILE)
    later = replace(later, datasets=tuple(item for item in later.datasets if item.key != FILE))
    whole = compared(before, later)
    assert whole.difference.mended == () and len(whole.difference.unseen) >= 3
    assert [one.key for one in whole.vanished] == [FILE] and whole.unseen == ()
    part = compared(before, replace(later, interrupted=True))
    assert part.difference.mended == ()
    assert part.vanished == () and [one.key for one in part.unseen] == [FILE]
    assert "partial_after" in [one.id for one in part.cautions]


def test_a_duty_found_at_last_is_mended_even_when_a_source_stayed_unseen() -> None:
    before = samples.bound_commune()
    missing = replace(samples.finding("obligation-publiee", Outcome.NON_COMPLIANT), obligation="bal", dataset="",
                      dataset_title="", fingerprint="f" * 16)  # fmt: skip
    early = replace(without(before, lambda one: one.obligation == "bal"), catalogs=before.catalogs)
    early = replace(early, findings=(*early.findings, missing))
    late = replace(before, interrupted=True)
    assert Looked(late).at(mark(missing))
    blind = without(late, lambda one: one.check == "obligation-publiee")
    assert not Looked(blind).at(mark(missing))
    assert "bal" in {one.obligation for one in compared(early, late).duties}


def test_a_question_that_became_a_fault_is_confirmed_and_counts_as_new() -> None:
    after = samples.bound_commune()
    asked = tuple(replace(one, outcome=Outcome.UNVERIFIABLE) if encoding(one) else one for one in after.findings)
    found = compared(replace(after, findings=asked), after)
    assert [one.check for one in found.confirmed] == ["encodage-utf8"]
    assert found.new_faults == found.confirmed
    assert "1 point à confirmer est devenu un défaut." in screen.page(found, 80).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_screen_keeps_its_width(width: int) -> None:
    page = screen.page(compared(samples.bound_commune(), mended(samples.bound_commune())), width)
    assert max(map(len, page.splitlines())) <= width
    assert page.endswith("\n")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_texts(text: str) -> None:
    found = compared(made_safe(samples.bound_commune()), made_safe(poisoned(text)))
    page, told = screen.page(found, 80), markdown.page(found)
    for written in (page, told):
        assert not any(unicodedata.category(one) in {"Cc", "Cf"} and one != "\n" for one in written)
        written.encode("utf-8")
    assert "<script" not in told.replace("\\<script", "") and "<img" not in told.replace("\\<img", "")
    assert json.loads("".join(document.document(found)))["new"]


def test_two_runs_write_the_same() -> None:
    found = compared(samples.bound_commune(), samples.partial())
    assert screen.page(found, 80) == screen.page(compared(samples.bound_commune(), samples.partial()), 80)
    assert "".join(document.document(found)) == "".join(document.document(found))
