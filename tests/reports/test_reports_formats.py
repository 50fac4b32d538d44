"""The room's door: formats found by listing, words complete, determinism, and safety whatever the input."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
import report_samples as samples
from hypothesis import given
from hypothesis import strategies as st

from opendata_check import reports
from opendata_check.model.catalog import Fault
from opendata_check.model.finding import Location
from opendata_check.reports.safety import clean, made_safe
from opendata_check.resources import load_yaml, rules_folder

SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>'
MARKUP = "[red]rouge[/red] [link=https://mechant.example]lien[/link] :smile:"
ESCAPES = "\x1b[31mrouge\x1b[0m\x1b]0;titre\x07\x9b2J\x00\x08cloche\x07"
BIDI = "fac\u202egnp.exe\u2066x\u2069\u200f"
ENDLESS = "Titre sans fin " * 400
TEMPLATE = "{{ 7 * 7 }}{% raw %}{0}{name}"
SURROGATE = "moitié \ud83d de lettre"
ZALGO = "Z" + "\u0301\u200d" * 400 + "algo"
WIDE = "数据" * 120
HOSTILE = (SCRIPT, MARKUP, ESCAPES, BIDI, ENDLESS, TEMPLATE, SURROGATE, ZALGO, WIDE)


TEXTS = tuple(name for name in reports.formats() if name != "xlsx")


def poisoned(text: str):
    """Return the ordinary report with ``text`` wherever a portal or a file may put its own words."""
    report = samples.bound_commune()
    first = report.datasets[0]
    file = replace(first.files[0], name=text)
    data = replace(first.dataset, title=text, id=text, license=text, publisher=text, landing_page="javascript:" + text)
    place = Location(dataset=text, file=text, sheet=text, column=text, letter="B", rows=((2, 2),), url=text)
    finding = replace(samples.finding("jeu-decrit", dataset="adresses.csv"), dataset=text, dataset_title=text,
                      message=text, evidence=text, locations=(place,))  # fmt: skip
    assert report.organization is not None
    return replace(
        report,
        target=text,
        organization=replace(report.organization, name=text, departement_name=text, notes=(text,)),
        datasets=(replace(first, dataset=data, files=(file,)), *report.datasets[1:]),
        catalogs=(replace(report.catalogs[0], title=text, place="portal", location=text),),
        findings=(finding, *report.findings),
        faults=(Fault(text, text, text),),
    )


def test_formats_are_the_files_of_the_folder() -> None:
    folder = Path(reports.__file__).parent
    assert {"terminal", "json", "html"} <= set(reports.formats())
    assert all((folder / f"{name.replace('-', '_')}.py").is_file() for name in reports.formats())
    assert all(reports.extension(name) and reports.summary(name) for name in reports.formats())
    assert not {"interface", "safety", "outline", "templates"} & set(reports.formats())


def test_each_format_has_its_extension() -> None:
    assert [reports.extension(name) for name in ("terminal", "json", "html")] == ["txt", "json", "html"]


@pytest.mark.parametrize("name", ["pdf", "interface", "outline", "../json", ""])
def test_unknown_format_is_refused_in_one_french_line(name: str) -> None:
    with pytest.raises(reports.ReportError) as caught:
        reports.render(samples.nobody(), name)
    assert "terminal" in str(caught.value)
    assert "\n" not in str(caught.value)


def whole(report, format_name: str) -> str | bytes:
    made = reports.rendered(report, format_name)
    return made if isinstance(made, str | bytes) else "".join(made)


@pytest.mark.parametrize("name", samples.ALL)
@pytest.mark.parametrize("format_name", reports.formats())
def test_same_report_gives_same_answer(name: str, format_name: str) -> None:
    first = whole(samples.ALL[name](), format_name)
    assert first == whole(samples.ALL[name](), format_name)
    assert isinstance(first, bytes) or first.endswith("\n")


def test_a_workbook_is_not_printed() -> None:
    with pytest.raises(reports.ReportError, match="fichier"):
        reports.render(samples.bound_commune(), "xlsx")


@pytest.mark.parametrize("format_name", ["terminal", "json", "html"])
def test_same_files_in_another_folder_give_the_same_text(format_name: str) -> None:
    def moved(folder: Path):
        report = samples.bound_commune()
        items = tuple(
            replace(item, files=tuple(replace(f, distribution=d) for f in item.files),
                    dataset=replace(item.dataset, distributions=(d,)))
            for item in report.datasets
            for d in [replace(item.dataset.distributions[0], path=folder / item.dataset.id)]
        )  # fmt: skip
        catalog = replace(report.catalogs[0], location=str(folder), title=folder.name)
        fault = Fault("le fichier voies.shp est coupé", f"{folder}/voirie.zip", f"Relisez {folder}.")
        return replace(report, datasets=items, catalogs=(catalog,), faults=(fault,))

    here = reports.render(moved(Path("/srv/mairie/commune-exemple")), format_name)
    there = reports.render(moved(Path("/home/agent/copie 2/commune-exemple")), format_name)
    assert here == there
    assert "/srv/mairie" not in here
    assert "voirie.zip" in here


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("format_name", TEXTS)
def test_hostile_text_reaches_no_format_as_it_is(text: str, format_name: str) -> None:
    shown = reports.render(poisoned(text), format_name)
    shown.encode("utf-8")
    ends = "\r\n" if format_name in ("csv", "plan-csv", "plan-ics") else "\n"
    kinds = {unicodedata.category(character) for character in shown.removeprefix("\ufeff") if character not in ends}
    assert not kinds & {"Cc", "Cf", "Cs", "Co"}
    assert not re.search(r"[\u0300-\u036f]{4}", shown)
    assert ENDLESS[:2001] not in " ".join(shown.split())


@pytest.mark.parametrize("format_name", ["terminal", "html"])
def test_no_value_of_a_personal_column_is_ever_shown(format_name: str) -> None:
    report = samples.bound_commune()
    item = next(item for item in report.datasets if item.key == "inscriptions-cantine.csv")
    validated = next(item for item in report.datasets if item.files[0].validation).files[0].validation
    assert validated is not None
    issue = replace(validated.issues[0], column="NUM_SECU", letter="F", rows=((2, 121),), before="1850578006084")
    leaking = replace(item, files=(replace(item.files[0], validation=replace(validated, issues=(issue,))),))
    datasets = tuple(leaking if other.key == item.key else other for other in report.datasets)
    usable = samples.finding("valeurs-conformes", dataset=item.key, column="NUM_SECU", letter="F", rows=((2, 121),))
    shown = reports.render(replace(report, datasets=datasets, findings=(*report.findings, usable)), format_name)
    assert "NUM_SECU" in shown
    assert "1850578006084" not in shown


@given(st.text())
def test_cleaning_is_a_projection_onto_printable_utf8(text: str) -> None:
    once = clean(text, 50)
    assert clean(once, 50) == once
    assert len(once) <= 50
    once.encode("utf-8")
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for c in once)


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "Zs")), max_size=40))
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert clean(text) == text


def test_safety_keeps_keys_joined() -> None:
    report = made_safe(poisoned("fichier\u202e\x1b[1m.csv"))
    assert report.findings[0].dataset == report.datasets[0].key == "fichier.csv"


def test_phrases_are_complete_sentences_of_the_table() -> None:
    """In YAML's braces a comma ends a value: a phrase cut there leaves a key without a text."""
    table = load_yaml(rules_folder() / "words.yaml")["report"]
    broken = [key for key, entry in table.items() if not all(isinstance(text, str) for text in entry.values())]
    assert broken == []
