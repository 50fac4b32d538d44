"""GitHub: workflow commands read by a parser written from the runner's documented rules, and the job summary."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

import pytest
import report_samples as samples
from markdown_it import MarkdownIt
from test_reports_formats import HOSTILE, poisoned

from opendata_check import reports
from opendata_check.model.finding import Location, Outcome, Severity
from opendata_check.model.report import AuditReport

INJECTION = "a\n::stop-commands::x\r::error::faux ##[set-env name=PATH;]mal ::add-mask::b %0A%25 : , ;"
TABLE = (
    "| fin | de | ligne |\n\n<script>alert(1)</script> [lien](http://mechant.example) www.mechant.example @tous `x` *y*"
)


@dataclass(frozen=True)
class Command:
    name: str
    properties: dict[str, str]
    message: str


def unescaped(text: str, extra: bool) -> str:
    codes = {"%0D": "\r", "%0A": "\n", **({"%3A": ":", "%2C": ","} if extra else {})}
    for code, sign in codes.items():
        text = text.replace(code, sign)
    return text.replace("%25", "%")


def read_line(line: str) -> Command | None:
    """Read a line as the runner does: « ::name key=value,key=value::message », spaces before it allowed."""
    start = line.lstrip()
    if not start.startswith("::"):
        assert "##[" not in line  # the older form is read anywhere in a line
        return None
    head, end, message = start[2:].partition("::")
    if not end:
        return None
    name, _, given = head.partition(" ")
    pairs = (pair.partition("=") for pair in given.split(",") if pair)
    return Command(name, {key.strip(): unescaped(value, True) for key, _, value in pairs}, unescaped(message, False))


def commands(report: AuditReport) -> list[Command]:
    written = reports.render(report, "github")
    assert written.endswith("\n")
    found = [read_line(line) for line in written.split("\n")]
    return [command for command in found if command]


def annotations(report: AuditReport) -> list[Command]:
    return [command for command in commands(report) if command.name not in ("group", "endgroup")]


def varied(severity: Severity, count: int) -> AuditReport:
    """Return a report of that many gestures."""
    first = replace(samples.finding("jeu-decrit", dataset="menus.csv"), severity=severity)
    findings = tuple(
        replace(first, check=f"controle-{at}", fingerprint=f"{at:016x}", action=f"Geste {at}") for at in range(count)
    )
    return replace(samples.bound_commune(), findings=findings, priorities=(), faults=())


@pytest.mark.parametrize("text", (*HOSTILE, INJECTION))
def test_no_text_becomes_a_command(text: str) -> None:
    known = {"error", "warning", "notice", "group", "endgroup"}
    found = commands(poisoned(text))
    assert {command.name for command in found} <= known
    assert [command.name for command in found].count("endgroup") == 2
    for command in found:
        assert set(command.properties) <= {"file", "line", "endLine", "title"}


@pytest.mark.parametrize(
    "name", ["menus 2025.csv", "été.csv", "100%.csv", "a,b.csv", "a:b.csv", "a%2Cb.csv", "a\\b.csv"]
)
def test_file_names_are_read_back(name: str) -> None:
    place = Location(dataset="menus.csv", file=name, column="date", letter="B", rows=((7, 9),))
    finding = samples.finding("valeurs-conformes", dataset="menus.csv", locations=(place,))
    (found,) = annotations(replace(samples.bound_commune(), findings=(finding,)))
    assert found.name == "error"
    assert found.properties["file"] == f"examples/commune-exemple/{name}"
    assert (found.properties["line"], found.properties["endLine"]) == ("7", "9")
    assert found.properties["title"] == "Corrigez les valeurs qui ne suivent pas le modèle (valeurs-conformes)"


def test_one_gesture_is_one_annotation_that_names_the_other_places() -> None:
    found = [one for one in annotations(samples.bound_commune()) if "licence-indiquee" in one.properties["title"]]
    assert len(found) == 1
    assert (
        "Aussi : examples/commune-exemple/bibliotheque.xlsx ; examples/commune-exemple/elections-2024.csv"
        in found[0].message
    )


def test_what_must_be_mended_before_all_comes_first() -> None:
    first = annotations(samples.bound_commune())[0]
    assert first.name == "error"
    assert "donnees-personnelles" in first.properties["title"]


def test_a_fault_of_the_body_has_no_file() -> None:
    (found,) = annotations(replace(samples.bound_commune(), findings=(samples.finding("obligation-publiee"),)))
    assert "file" not in found.properties


@pytest.mark.parametrize("severity", [Severity.CRITICAL, Severity.MINOR, Severity.INFO])
def test_no_more_annotations_than_github_shows_and_the_rest_is_counted(severity: Severity) -> None:
    found = annotations(varied(severity, 25))
    kinds = [command.name for command in found]
    assert all(kinds.count(kind) <= 10 for kind in ("error", "warning", "notice"))
    shown = len(found) - 1
    assert found[-1].name == "notice"
    assert found[-1].properties["title"] == f"{25 - shown} autres points à améliorer"


def test_ten_of_a_kind_need_no_last_notice() -> None:
    found = annotations(varied(Severity.INFO, 10))
    assert [command.name for command in found] == ["notice"] * 10


def test_the_log_has_one_line_a_fault_with_place_column_rule_remedy_and_model() -> None:
    lines = reports.render(samples.bound_commune(), "github").split("\n")
    faults = lines[lines.index("::group::Tous les constats (25)") + 1 : lines.index("::endgroup::")]
    assert len(faults) == 25
    line = next(line for line in faults if "dateConvention" in line)
    assert line.startswith(
        "- examples/commune-exemple/subventions-2025.csv, colonne C (dateConvention), lignes 4, 9 à 12"
    )
    assert "Quoi faire : Corrigez ces cellules" in line
    assert line.endswith("[valeurs-conformes, modèle scdl/subventions 2.0.4]")
    assert (
        lines[-2] == "opendata-check : 25\u00a0points à améliorer, 2\u00a0points à confirmer, 1\u00a0contrôle en échec."
    )


def test_a_long_log_says_what_it_leaves_out() -> None:
    written = reports.render(varied(Severity.MINOR, 1_200), "github")
    assert "et 700 autres constats" in written
    assert "1\u202f200\u00a0points à améliorer" in written
    assert written.count("\n") < 550


def test_nothing_to_mend_is_one_line() -> None:
    assert reports.render(samples.faultless_commune(), "github") == (
        "opendata-check : rien à corriger sur les points contrôlés.\n"
    )


def test_a_partial_or_stopped_audit_warns_first() -> None:
    found = annotations(replace(samples.partial(), interrupted=True))
    assert [one.name for one in found[:2]] == ["warning", "warning"]
    assert "arrêté" in found[0].message


# --- the job summary


def summary(report: AuditReport) -> str:
    return reports.render(report, "github-summary")


def html(report: AuditReport) -> str:
    """Return the summary as an independent reader of Markdown renders it, with tables and bare links."""
    reader = MarkdownIt("commonmark").enable("table")
    return reader.render(summary(report))


@pytest.mark.parametrize("text", (*HOSTILE, INJECTION, TABLE))
def test_no_text_becomes_markup(text: str) -> None:
    report = poisoned(text)
    shown = html(report)
    assert set(re.findall(r"<([a-z0-9]+)", shown)) <= {
        "h2", "h3", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "code", "br", "ul", "li", "details",
        "summary", "blockquote",
    }  # fmt: skip
    assert "href" not in shown
    widths = {len(re.findall("<t[hd]", line)) for line in re.findall(r"<tr>(.*?)</tr>", shown, re.DOTALL)}
    assert widths == {4, 5}
    assert not {unicodedata.category(sign) for sign in summary(report) if sign != "\n"} & {"Cc", "Cf", "Cs", "Co"}


@pytest.mark.parametrize("name", ["a|b.csv", "a`b.csv", "`a``b`.csv", "a|`b`|.csv"])
def test_a_file_name_is_whole_in_its_cell(name: str) -> None:
    place = Location(dataset="menus.csv", file=name)
    finding = samples.finding("jeu-decrit", dataset="menus.csv", locations=(place,))
    shown = html(replace(samples.bound_commune(), findings=(finding,)))
    assert f"<td><code>examples/commune-exemple/{name}</code></td>" in shown
    assert "<td><code>jeu-decrit</code></td>" in shown


def test_addresses_and_mentions_do_not_come_alive() -> None:
    written = summary(poisoned("voir http://mechant.example, www.mechant.example et @tous :smile:"))
    written = re.sub("`[^`]*`", "", written)  # between back-ticks nothing is alive
    assert "http://" not in written
    assert "http\\://" in written
    assert "www\\.mechant" in written
    assert "\\@tous" in written
    assert "\\:smile" in written


def test_the_verdict_comes_first_then_the_scores_then_the_faults() -> None:
    lines = [line for line in summary(samples.bound_commune()).split("\n") if line]
    assert lines[0] == "## Données ouvertes : Valombre-sur-Orle"
    assert lines[1] == (
        "**25\u00a0points à améliorer, dans 12\u00a0endroits. À traiter d'abord : 2. "
        "2\u00a0points à confirmer, 1\u00a0contrôle en échec.**"
    )
    assert lines[2] == "### Où vous en êtes"
    assert lines[5].startswith("| Ensemble | 58 sur 100 |")
    gestures = lines.index("### À améliorer")
    assert "donnees-personnelles" in lines[gestures + 3]


@pytest.mark.parametrize(
    ("name", "verdict"),
    [("faultless", "Rien à corriger sur les points contrôlés."), ("nobody", "Rien n'a pu être contrôlé.")],
)
def test_the_verdict_says_when_all_is_well_and_when_nothing_was_seen(name: str, verdict: str) -> None:
    assert f"**{verdict}**" in summary(samples.ALL[name]())


def test_a_partial_audit_is_said_under_the_verdict() -> None:
    assert "> Une partie de « Portail, portail.example » n'a pas pu être vue." in summary(samples.partial()).replace(
        "\\", ""
    )


def test_the_summary_stays_within_what_github_takes_and_says_so() -> None:
    first = replace(samples.finding("jeu-decrit", dataset="menus.csv"), message="é" * 800)
    findings = tuple(replace(first, fingerprint=f"{at:016x}") for at in range(3_000))
    written = summary(replace(samples.bound_commune(), findings=findings))
    assert 900_000 < len(written.encode()) <= 1_000_000
    left = re.search(r"1 Mo\. ([\d\u202f]+) lignes n'y sont pas", written)
    assert left is not None
    shown = written.count("\n- `")
    assert shown + int(left[1].replace("\u202f", "")) == 3_000
    assert written.count("<details>") == written.count("</details>")


@pytest.mark.parametrize("format_name", ["github", "github-summary"])
@pytest.mark.parametrize("name", samples.ALL)
def test_same_report_gives_same_text(name: str, format_name: str) -> None:
    assert reports.render(samples.ALL[name](), format_name) == reports.render(samples.ALL[name](), format_name)


def test_what_could_not_be_told_is_counted_by_check() -> None:
    asked = samples.finding("licence-indiquee", Outcome.UNVERIFIABLE, dataset="menus.csv")
    written = summary(replace(samples.bound_commune(), findings=(asked,) * 12))
    assert "- La licence est indiquée (`licence-indiquee`) : 12" in written
