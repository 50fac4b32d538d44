"""Formats, documents and traces, judged on real bytes: what is read by inspection, then decided by the checks."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from checks_building import TODAY
from reportlab.pdfgen.canvas import Canvas

from opendata_check.checks.interface import Case
from opendata_check.checks.loading import all_checks
from opendata_check.inspection import inspect
from opendata_check.model.catalog import Dataset, Distribution
from opendata_check.model.content import Content
from opendata_check.model.inspected import Evidence, InspectedDataset, InspectedFile, Match

CHECKS = {check.rule.id: check for check in all_checks()}


def pdf(*, table: bool = True, pages: int = 1) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for _ in range(pages):
        for line in range(12):
            canvas.drawString(50, 780 - 15 * line, f"Chapitre {line} : les depenses de la commune")
            if table:
                canvas.drawRightString(400, 780 - 15 * line, f"{line + 1} 250,00")
                canvas.drawRightString(500, 780 - 15 * line, f"{line + 2} 500,00")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


CSV = b"code;libelle;montant\n" + b"".join(b"%d;rue %d;12\n" % (n, n) for n in range(20))


def file_of(folder: Path, name: str, data: bytes) -> InspectedFile:
    path = folder / name
    path.write_bytes(data)
    facts = inspect(Content(path, name, len(data), name))
    return InspectedFile(Distribution(id=name, title=name), name, facts)


def verdicts(
    check: str, files: list[InspectedFile], *, family: str = "", described: bool = True
) -> list[tuple[str, str]]:
    matches = (Match(family, 0.6, "title"),) if family else ()
    dataset = InspectedDataset(
        Dataset(id="jeu", title="Jeu", distributions=(), described=described), tuple(files), matches
    )
    evidence = Evidence(None, TODAY, (), (), (dataset,))
    one = files[0] if CHECKS[check].rule.scope.value == "file" else None
    found = CHECKS[check].decide(Case(evidence, dataset, one, CHECKS[check].rule.parameters))
    return [(verdict.outcome.value, verdict.case) for verdict in found]


@pytest.mark.parametrize(
    ("files", "family", "expected"),
    [
        ({"tarifs.csv": CSV, "tarifs.pdf": pdf()}, "", ("compliant", "compliant")),
        ({"tarifs.pdf": pdf()}, "", ("non_compliant", "locked_table")),
        ({"subventions.pdf": pdf(table=False)}, "subventions", ("non_compliant", "not_machine")),
        ({"budget-2026.pdf": pdf()}, "budget", ("not_applicable", "document_tables")),
        ({"deliberation.pdf": pdf(table=False)}, "deliberations", ("not_applicable", "document")),
        ({"tarifs-2024.csv": CSV, "tarifs-2024.pdf": pdf()}, "", ("compliant", "compliant")),
        ({"tarifs-2024.csv": CSV, "tarifs-2025.pdf": pdf()}, "", ("non_compliant", "other_year")),
        ({"tarifs-2024.csv": CSV, "tarifs-2025.pdf": pdf(table=False)}, "", ("compliant", "compliant")),
        ({"tarifs-2024.csv": CSV, "notice-2025.pdf": pdf()}, "", ("compliant", "compliant")),
        ({"tarifs.csv": CSV, "tarifs-2025.pdf": pdf()}, "", ("compliant", "compliant")),
        ({"tarifs-2023-2025.csv": CSV, "tarifs-2023.pdf": pdf()}, "", ("compliant", "compliant")),
        ({"budget-2024.csv": CSV, "budget-2025.pdf": pdf()}, "budget", ("compliant", "compliant")),
    ],
)
def test_a_document_is_judged_by_what_stands_beside_it(
    tmp_path: Path, files: dict[str, bytes], family: str, expected: tuple[str, str]
) -> None:
    read = [file_of(tmp_path, name, data) for name, data in files.items()]
    assert verdicts("format-ouvert", read, family=family) == [expected]


def zipped(name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("arbres.csv", CSV, [("compliant", "")]),
        ("arbres.csv", CSV.decode().encode("utf-16"), [("compliant", "")]),
        ("arbres.csv", b"\x89PNG\r\n\x1a\n" + bytes(60), [("non_compliant", "extension")]),
        ("arbres.csv", b'{"type": "FeatureCollection", "features": []}', [("non_compliant", "extension")]),
        ("arbres.csv", b"\x1f\x8b\x08\0" + bytes(60), [("non_compliant", "extension")]),
        ("arbres.csv", b"<!DOCTYPE html><html><body>a</body></html>", []),
        ("arbres.csv", b"404 Not Found\n", [("non_compliant", "error_page")]),
        ("arbres.csv", b'{"error": {"code": 404}}', [("non_compliant", "error_page")]),
        ("arbres.pdf", pdf(), [("compliant", "")]),
        ("arbres.pdf", pdf() + zipped("a.exe", b"x"), [("non_compliant", "polyglot")]),
        ("plan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", [("compliant", "")]),
        ("plan.dxf", b"0\nSECTION\n2\nHEADER\n", [("compliant", "")]),
        ("carte.mif", b'Version 300\nDelimiter ","\nCoordSys Earth\n', [("compliant", "")]),
        ("zones.tab", b"a\tb\n1\t2\n3\t4\n", []),
    ],
)
def test_the_format_is_the_one_announced_or_not(
    tmp_path: Path, name: str, data: bytes, expected: list[tuple[str, str]]
) -> None:
    assert verdicts("format-annonce-exact", [file_of(tmp_path, name, data)]) == expected


def signed(name: str) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.setAuthor(name)
    canvas.drawString(50, 700, "Compte rendu du conseil municipal")
    canvas.save()
    return stream.getvalue()


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: signed("Mairie d'Exempleville"), [("compliant", "")]),
        (lambda: signed("Camille Exemple"), [("non_compliant", "author")]),
    ],
)
def test_an_author_is_told_when_it_is_a_person(
    tmp_path: Path, make: Callable[[], bytes], expected: list[tuple[str, str]]
) -> None:
    assert verdicts("traces-dans-les-fichiers", [file_of(tmp_path, "a.pdf", make())]) == expected


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        (
            "plan.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>",
            [("non_compliant", "drawing")],
        ),
        ("plan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", [("compliant", "")]),
        ("a.csv", CSV, []),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(60), []),
        ("a.exe", b"MZ".ljust(60, b"\0") + b"\x40\0\0\0PE\0\0", [("non_compliant", "program")]),
        ("a.pdf", pdf(), [("compliant", "")]),
    ],
)
def test_a_program_inside_is_told(tmp_path: Path, name: str, data: bytes, expected: list[tuple[str, str]]) -> None:
    assert verdicts("fichier-sans-programme", [file_of(tmp_path, name, data)]) == expected


def test_a_long_document_says_which_pages_were_read(tmp_path: Path) -> None:
    check = CHECKS["document-lisible"]
    file = file_of(tmp_path, "a.pdf", pdf(pages=60))
    dataset = InspectedDataset(Dataset(id="jeu", title="Jeu", distributions=()), (file,))
    (verdict,) = check.decide(Case(Evidence(None, TODAY, (), (), (dataset,)), dataset, file, check.rule.parameters))
    assert (
        verdict.values["read"].replace("\N{NO-BREAK SPACE}", " ") == "50 pages lues sur 60, réparties du début à la fin"
    )
