"""The pages of a lot: sentences that count right, rows that link, hostile lists escaped, long lists divided."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import lot_samples as samples
import pytest
from test_reports_html import Page

from opendata_check.lot_pages import batch_pages
from opendata_check.model.catalog import Fault
from opendata_check.model.lot import Cover, Lot, LotEntry, LotResult, LotState
from opendata_check.reports.lot import parts
from opendata_check.reports.lot.branding import branding, contrast
from opendata_check.resources import load_yaml, rules_folder

HOSTILE = "<script>alert(1)</script>\x1b[31m\u202eeuqnab\x00 =cmd|'/c calc'!A0 \"'><img src=x onerror=alert(2)>"
HUGE = "a" * 1_000_000


def page(lot: Lot, path: str = "index.html", rank: bool = False) -> str:
    """Return one page of a lot."""
    for name, content in batch_pages(lot, samples.marks_of, rank):
        assert not isinstance(content, bytes)
        text = content if isinstance(content, str) else "".join(content)
        if name == path:
            return text
    raise AssertionError(path)


def pages(lot: Lot, rank: bool = False) -> dict[str, str]:
    """Return every page of a lot."""
    found: dict[str, str] = {}
    for name, content in batch_pages(lot, samples.marks_of, rank):
        if not name.endswith(".html"):
            break
        assert not isinstance(content, bytes)
        found[name] = content if isinstance(content, str) else "".join(content)
    return found


def said(text: str) -> str:
    """Return the text of a page's main part, on one line, with plain spaces."""
    return re.sub(r"\s+", " ", "".join(Page(text).texts["main"]).replace("\N{NARROW NO-BREAK SPACE}", " "))


def lot_of(*results: LotResult, **values: Any) -> Lot:
    return Lot("", samples.ON, "1.0", results, **values)


def audited(count: int, change: Callable[[Any], Any] = lambda summary: summary) -> tuple[LotResult, ...]:
    """Return ``count`` wholly audited bodies, without a last run, their summaries changed."""
    found = [one for one in samples.lot(count * 2, since=None).results if one.state is LotState.DONE][:count]
    assert len(found) == count
    return tuple(replace(one, summary=change(one.summary)) for one in found)


@pytest.mark.parametrize("rank", [False, True])
def test_pages_are_well_formed_french_and_headed(rank: bool) -> None:
    for name, text in pages(samples.lot(60, cover=samples.COVER), rank).items():
        found = Page(text)
        assert ("html", {"lang": "fr"}) in found.elements
        tags = [tag for tag, _ in found.elements]
        assert [tags.count(tag) for tag in ("main", "h1", "header", "footer", "title", "nav")] == [1] * 6, name
        assert all(attributes.get("scope") for tag, attributes in found.elements if tag == "th")
        assert all(a.get("aria-label") for tag, a in found.elements if tag == "svg")
        levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
        assert all(after <= before + 1 for before, after in pairwise(levels)), name
        ids = [attributes["id"] for _, attributes in found.elements if attributes.get("id")]
        assert len(ids) == len(set(ids))


def test_links_stay_in_the_folder_and_lead_somewhere() -> None:
    lot = samples.lot(60)
    files = dict.fromkeys(samples.contents(lot, batch_pages, rank=True))
    known = {*files, *(f"communes/{one.entry.key}/index.html" for one in lot.results if one.summary)}
    for text in pages(lot, rank=True).values():
        links = [a["href"] for tag, a in Page(text).elements if tag == "a"]
        assert {link.split("#")[0] for link in links if link and not link.startswith("#")} <= known


def test_every_audited_body_has_one_row_and_its_link() -> None:
    lot = samples.lot(60)
    text = page(lot)
    for one in lot.results:
        assert text.count(f'href="communes/{one.entry.key}/index.html"') == (one.summary is not None)


def test_sentences_count_the_lot() -> None:
    results = audited(4, lambda summary: replace(summary, bound="applies", datasets=2, newest=samples.ON))
    assert results[0].summary
    lot = lot_of(
        *results[:2],
        replace(results[2], summary=replace(results[2].summary, bound="exempt", datasets=0, newest=None)),  # type: ignore[type-var]
        replace(results[3], summary=replace(results[3].summary, bound="", newest=date(2020, 1, 1))),  # type: ignore[type-var]
        LotResult(LotEntry(9, "Saint-Martin", "9"), LotState.UNKNOWN),
        LotResult(LotEntry(10, "Nancy", "10"), LotState.DUPLICATE),
    )
    text = said(page(lot))
    assert "Données ouvertes : où en sont 5 communes" in text
    assert "4 communes ont été examinées, sur 5 de la liste." in text
    assert (
        "2 sont tenues de publier leurs données par principe (CRPA, article L312-1-1). 1 n'est pas tenue de publier ses "
        "données par principe ; d'autres règles peuvent la concerner. Pour 1, l'obligation de publier par principe"
        in text
    )
    assert "3 publient au moins un jeu de données" in text
    assert "Pour 1, rien n'a été trouvé" in text
    assert "1 publie, mais sans fichier daté de moins d'un an." in text
    assert "1 ligne de la liste est à reprendre." in text
    assert "C'est le premier passage" in text


def test_silent_decay_is_told_on_the_first_page_and_named_on_its_own() -> None:
    results = audited(6, lambda summary: replace(summary, datasets=2, newest=samples.ON))
    before = [replace(one.summary, on=samples.BEFORE) for one in results if one.summary]
    lost = replace(results[0], summary=replace(before[0], on=samples.ON, newest=date(2025, 9, 1)), previous=before[0])
    before[0] = replace(before[0], newest=date(2025, 9, 1))
    lost = replace(lost, previous=before[0])
    kept = [replace(one, previous=old) for one, old in zip(results[1:], before[1:], strict=True)]
    lot = lot_of(lost, *kept, previous_on=samples.BEFORE)
    assert "Depuis le 28 mai 2026" in said(page(lot))
    assert "1 commune n'a plus de fichier daté de moins d'un an." in said(page(lot))
    text = page(lot, "evolution.html")
    assert said(text).count("plus aucun fichier daté de moins d'un an") == 1
    assert f"communes/{lost.entry.key}/index.html" in text
    calm = lot_of(*kept, previous_on=samples.BEFORE)
    assert "nous n'avons rien repéré qui manque ou qui ait vieilli." in said(page(calm))
    assert "n'a plus de fichier daté" not in said(page(calm))


def test_what_could_not_be_audited_is_apart_with_what_to_do() -> None:
    lot = lot_of(
        LotResult(
            LotEntry(2, "www.nulle-part.fr", "2"), LotState.FAILED, fault=Fault("ce site se tait", "", "Rappelez.")
        ),
        LotResult(LotEntry(3, "Saint-Martin", "3"), LotState.UNKNOWN),
        LotResult(LotEntry(4, "Nancy", "4"), LotState.WAITING),
        LotResult(LotEntry(5, "Nancy", "5"), LotState.DUPLICATE),
    )
    text = said(page(lot))
    assert "Rien n'a encore été examiné." in text
    for words in (
        "ce site se tait",
        "Rappelez.",
        "Écrivez le code Insee",
        "elle reprend où elle s'est arrêtée",
        "plus haut",
    ):
        assert words in text
    assert "3 lignes de la liste sont à reprendre." in text


def test_thousands_of_faults_are_cut_and_said() -> None:
    results = tuple(LotResult(LotEntry(n, f"Nom {n}", str(n)), LotState.UNKNOWN) for n in range(2000))
    text = page(lot_of(*results))
    assert "Les 300 premières lignes sont montrées, sur 2 000." in said(text)
    assert text.count("<tr>") == 301


def test_no_ranking_unless_asked() -> None:
    lot = samples.lot(60)
    assert "classement.html" not in pages(lot)
    assert all("Classement" not in text for text in pages(lot).values())
    asked = pages(lot, rank=True)["classement.html"]
    assert "ne le publiez pas" in said(asked)
    ranks = [int(one) for one in re.findall(r'data-l="Rang">(\d+)<', asked)]
    assert ranks[0] == 1
    assert len(ranks) == sum(one.summary is not None and one.state is LotState.DONE and one.summary.overall is not None
                             for one in lot.results)  # fmt: skip


def test_comparison_names_nobody_in_its_bands() -> None:
    lot = samples.lot(60)
    text = page(lot, "comparaison.html")
    bands = said(text).split("Où se situe chaque commune")[0]
    names = [one.summary.name for one in lot.results if one.summary and len(one.summary.name) > 4]
    assert [name for name in names if name in bands] == []
    assert "comme la plupart des communes de moins de 1 000 habitants" in said(text)
    assert "la moitié du milieu va de" in text


def test_too_short_a_list_gives_no_band() -> None:
    text = page(lot_of(*audited(4)), "comparaison.html")
    assert "<svg" not in text
    assert "La liste est trop courte" in said(text)
    assert "Pas de repère, faute de nombre : communes" in said(text)


def test_same_lot_same_bytes() -> None:
    one, other = (samples.contents(samples.lot(40, cover=samples.COVER), batch_pages, rank=True) for _ in range(2))
    assert one == other


def test_hostile_names_and_faults_are_escaped_everywhere() -> None:
    results = audited(
        6, lambda summary: replace(
            summary, name=HOSTILE, epci_name=HOSTILE, departement_name=HOSTILE, first_action=HOSTILE, bound=HOSTILE,
        )
    )  # fmt: skip
    results = tuple(
        replace(one, entry=replace(one.entry, typed=HOSTILE, extra=((HOSTILE, HOSTILE),))) for one in results
    )
    bad = LotResult(LotEntry(3, HOSTILE, "../../<b>"), LotState.FAILED, fault=Fault(HOSTILE, HOSTILE, HOSTILE))
    cover = Cover(HOSTILE, HOSTILE, HOSTILE, "javascript:alert(1)", "red;} body{display:none")
    lot = replace(lot_of(*results, bad, cover=cover), title=HOSTILE, tool_version=HOSTILE)
    for text in pages(lot, rank=True).values():
        found = Page(text)
        assert "\x1b" not in text and "\u202e" not in text and "\x00" not in text
        assert [tag for tag, _ in found.elements].count("img") == 0
        assert "display:none" not in text
        assert not [a for _, a in found.elements for name in a if name.startswith("on")]
        scripts = [tag for tag, _ in found.elements if tag == "script"]
        assert len(scripts) <= 1


def test_hostile_keys_stay_in_their_folder() -> None:
    results = tuple(replace(one, entry=replace(one.entry, key="../../é <b>&#?")) for one in audited(1))
    assert 'href="communes/..%2F..%2F%C3%A9%20%3Cb%3E%26%23%3F/index.html"' in page(lot_of(*results))


def test_huge_texts_are_cut() -> None:
    results = audited(3, lambda summary: replace(summary, name=HUGE, epci_name=HUGE, first_action=HUGE))
    results = tuple(replace(one, entry=replace(one.entry, typed=HUGE, extra=((HUGE, HUGE),) * 3)) for one in results)
    lot = lot_of(*results, cover=Cover(HUGE, HUGE, HUGE))
    assert all(len(text) < 40_000 for text in pages(lot).values())


def test_policy_lets_only_our_own_script_and_style_run() -> None:
    for text in pages(samples.lot(20, cover=samples.COVER), rank=True).values():
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
        assert policy is not None
        assert "unsafe" not in policy[1]
        for tag in ("style", "script"):
            for inside in re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL):
                digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
                assert f"{tag}-src 'sha256-{digest}'" in policy[1]
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r'\sstyle="', text)


def test_a_list_longer_than_a_page_goes_by_departement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PAGE_ROWS", 25)
    lot = samples.lot(90)
    found = pages(lot)
    assert "La liste est longue" in said(found["index.html"])
    rows = {name: text for name, text in found.items() if re.fullmatch(r"departements/[^-]*(?:-\d+)?\.html", name)}
    assert len(rows) >= 3
    linked = [key for text in rows.values() for key in re.findall(r'href="\.\./communes/([^/]+)/', text)]
    assert sorted(linked) == sorted(one.entry.key for one in lot.results if one.summary)
    assert all(len(re.findall("<tr data-d", text)) <= 25 for text in rows.values())
    for name in rows:
        assert f'href="{name}"' in found["index.html"]
        assert name.replace(".html", "-comparaison.html") in found
        assert name.replace(".html", "-evolution.html") in found


def test_bodies_without_a_departement_have_their_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PAGE_ROWS", 2)
    results = audited(5, lambda summary: replace(summary, departement_code="", departement_name=""))
    assert {"departements/sans-1.html", "departements/sans-3.html"} <= pages(lot_of(*results)).keys()


def test_cover_bears_the_companion_s_name_only() -> None:
    text = page(samples.lot(10, cover=samples.COVER))
    header = text[text.index("<header") : text.index("</header>")]
    assert "Syndicat numérique du Val" in header
    assert f'<img src="{samples.LOGO}" alt="Logo\N{NO-BREAK SPACE}: Syndicat numérique du Val">' in header
    assert "opendata-check" not in text[text.index("<body") : text.index("<footer")]
    assert "opendata-check" in text[text.index("<footer") :]


@pytest.mark.parametrize(
    "colour", ["#ffffff", "#000000", "#ffff00", "#7a2e5d", "#1b4965", "#808080", "#ff0000", "#f0c"]
)
def test_a_colour_is_moved_until_it_reads(colour: str) -> None:
    found = branding(Cover(colour=colour))
    for told, paper in ((found.light, (251, 240, 217)), (found.dark, (51, 42, 23))):
        rgb = tuple(int(told[n : n + 2], 16) for n in (1, 3, 5))
        assert contrast(rgb, paper) >= 4.5  # type: ignore[arg-type]


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    "logo", ["javascript:alert(1)", "https://ailleurs.example/x.png", "data:text/html;base64,PGI+", "data:image/png;base64,A\"",
             "data:image/png;base64," + "A" * 500_000]
)  # fmt: skip
def test_what_is_no_picture_is_no_logo(logo: str) -> None:
    assert branding(Cover(logo=logo)).logo == ""


def test_phrases_are_complete_sentences_of_the_table_of_lots() -> None:
    table = load_yaml(rules_folder() / "words.yaml")["lot"]
    assert [key for key, entry in table.items() if not all(isinstance(text, str) for text in entry.values())] == []
    long = [
        key for key, entry in table.items() for text in re.split(r"[.:;]", entry["label"]) if len(text.split()) > 25
    ]
    assert long == []
