"""The page: well formed, accessible, self-contained, escaped; opened in Chromium it asks for nothing and says nothing."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import large_reports
import pytest
import report_samples as samples
from test_reports_formats import HOSTILE, SCRIPT, TEMPLATE, poisoned

from opendata_check import reports

VOID = {"meta", "br", "img", "link", "hr", "input"}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CSS = (Path(reports.__file__).parent / "templates/audit.css").read_text(encoding="utf-8")


class Page(HTMLParser):
    """What a page holds: elements in order, with their text; fails on a tag closed out of order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"{tag} has an attribute twice"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.texts[tag][-1] += data


def page(name: str) -> str:
    return reports.render(samples.ALL[name](), "html")


def inside(text: str) -> str:
    return re.sub(r"\s+", " ", "".join(Page(text).texts["main"]))


@pytest.mark.parametrize("name", samples.ALL)
def test_page_is_well_formed_french_and_accessible(name: str) -> None:
    text = page(name)
    found = Page(text)
    assert text.lstrip().lower().startswith("<!doctype html>")
    assert ("html", {"lang": "fr"}) in found.elements
    tags = [tag for tag, _ in found.elements]
    assert [tags.count(tag) for tag in ("main", "h1", "header", "footer", "title")] == [1, 1, 1, 1, 1]
    assert all(attributes.get("scope") for tag, attributes in found.elements if tag == "th")
    assert all(a.get("aria-label") for tag, a in found.elements if tag == "svg")
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", samples.ALL)
def test_anchors_and_labels_point_somewhere_once(name: str) -> None:
    found = Page(page(name))
    ids = [a["id"] for _, a in found.elements if a.get("id")]
    assert len(ids) == len(set(ids))
    pointed = [a["href"] for tag, a in found.elements if tag == "a"] + [
        f"#{a['aria-labelledby']}" for _, a in found.elements if a.get("aria-labelledby")
    ]
    assert {target[1:] for target in pointed if target and target.startswith("#")} <= set(ids)


@pytest.mark.parametrize(
    "text", [page("bound"), page("nobody"), *(reports.render(poisoned(t), "html") for t in HOSTILE)]
)
def test_page_runs_nothing_and_fetches_nothing(text: str) -> None:
    found = Page(text)
    policy = [a["content"] for tag, a in found.elements if a.get("http-equiv") == "Content-Security-Policy"]
    script = found.texts["script"]
    assert len(script) == 1
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert policy == [
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    ]
    assert not re.search(r"fetch|XMLHttp|import|eval|innerHTML|localStorage|cookie|http", script[0])
    for tag, attributes in found.elements:
        assert tag not in {"link", "iframe", "object", "embed", "img", "base", "form", "image", "use"}
        for key, value in attributes.items():
            assert not key.startswith("on")
            assert key not in {"src", "srcset", "style", "action", "formaction", "background", "xlink:href"}
            if key == "href":
                assert tag == "a"
                assert (value or "").startswith(("#", "https://www.legifrance.gouv.fr/"))
    assert "url(" not in CSS
    assert "@import" not in CSS


def test_heading_is_the_verdict() -> None:
    assert Page(page("bound")).texts["h1"] == ["Votre commune est tenue de publier ses données par principe."]
    assert Page(page("exempt")).texts["h1"] == ["Votre commune n'est pas tenue de publier ses données par principe."]


def test_five_actions_are_open_and_the_rest_folded() -> None:
    text = page("bound")
    first, folded = text.split('<details class="others">')
    assert first.count('<li class="action') == 5
    assert re.findall(r'<tr role="row" id="action-(\d+)"', folded) == [str(rank) for rank in range(6, 13)]
    assert "et 7 autres actions" in text


def test_every_fault_has_its_article_file_and_remedy_on_the_page() -> None:
    text = inside(page("bound"))
    for finding in samples.bound_commune().findings:
        if finding.outcome == "non_compliant":
            assert re.sub(r"\s+", " ", finding.message) in text
            assert re.sub(r"\s+", " ", finding.remedy) in text
            assert finding.legal_basis[0].label in text
            assert all(place.file in text for place in finding.locations)
            assert f"contrôle {finding.check}" in text


def test_a_state_is_a_word_and_never_a_colour_alone() -> None:
    cells = re.findall(r'<td role="cell" class="state">.*?</td>', page("bound"), re.S)
    assert len(cells) == 8
    assert all(re.search(r"</span>\s*\w+", cell) for cell in cells)


def test_a_dial_draws_the_number_it_shows() -> None:
    dials = re.findall(r'<svg class="dial.*?</svg>', page("bound"), re.S)
    assert len(dials) == 7
    assert 'stroke-dasharray="58 100"' in dials[0]
    assert ">58</text>" in dials[0]
    assert "<circle" in page("nobody")
    assert ">–</text>" in page("nobody")


def test_an_exempt_body_is_never_told_it_must() -> None:
    told = inside(page("exempt")).lower().replace("les colonnes obligatoires sont là", "")  # of a model, not of the law
    assert "obligatoire" not in told


def test_hostile_text_is_shown_as_text() -> None:
    assert reports.render(poisoned(SCRIPT), "html").count("<script") == 1
    assert "&lt;script&gt;" in reports.render(poisoned(SCRIPT), "html")
    assert "{{ 7 * 7 }}" in reports.render(poisoned(TEMPLATE), "html")
    assert "javascript:" not in reports.render(poisoned("x"), "html")


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_is_enough_on_screen_in_the_dark_and_on_paper() -> None:
    themes = re.findall(r":root \{(.*?)\}", CSS, re.S)
    assert len(themes) == 3
    for theme in themes:
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6}|#fff|#111|#444);", theme))
        full = {k: v if len(v) == 7 else "#" + "".join(2 * c for c in v[1:]) for k, v in colours.items()}
        for front in ("ink", "soft", "accent", "ochre"):
            for back in ("paper", "card", "accent-pale", "ochre-pale"):
                light, dark = sorted((_luminance(full[front]), _luminance(full[back])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (front, back)


@contextmanager
def proxy() -> Iterator[tuple[int, list[str]]]:
    """Answer 404 to whatever the browser asks, and keep what it asked."""
    asked: list[str] = []

    class Recorder(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_CONNECT = do_POST = do_HEAD = do_GET  # noqa: N815 - the names http.server calls

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def browse(folder: Path, text: str, *options: str) -> tuple[str, list[str]]:
    """Open a page in Chromium; return what its console said and what was asked of the network."""
    file = folder / "page.html"
    file.write_text(text, encoding="utf-8")
    assert CHROMIUM is not None
    with proxy() as (port, asked):
        done = subprocess.run(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--no-first-run", f"--user-data-dir={folder / 'profile'}", f"--proxy-server=http://127.0.0.1:{port}",
             "--enable-logging=stderr", "--v=0", *options, file.as_uri()],
            capture_output=True, timeout=120, check=True,
        )  # fmt: skip
    return done.stderr.decode("utf-8", "replace"), asked


needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium absent")


@pytest.mark.browser
@needs_chromium
def test_the_browser_would_tell_of_an_error_or_a_request(tmp_path: Path) -> None:
    """The instrument works: a page that complains and fetches is seen doing both."""
    talkative = '<script>console.error("oups")</script><img src="http://ailleurs.example/x.png">'
    console, asked = browse(tmp_path, talkative, "--dump-dom")
    assert "CONSOLE" in console
    assert any("ailleurs.example" in url for url in asked)


@pytest.mark.browser
@needs_chromium
@pytest.mark.parametrize("name", ["bound", "nobody", "hostile"])
def test_page_opens_without_console_error_or_request(name: str, tmp_path: Path) -> None:
    text = reports.render(poisoned(SCRIPT), "html") if name == "hostile" else page(name)
    console, asked = browse(tmp_path, text, "--dump-dom")
    assert "CONSOLE" not in console
    linked = {urlsplit(url).hostname for url in re.findall(r"https?://[^\s\"<]+", text)}
    assert not [url for url in asked if any(host and host in url for host in linked)]


@pytest.mark.browser
@needs_chromium
def test_what_a_mayor_reads_fits_on_two_sheets(tmp_path: Path) -> None:
    import pypdfium2

    printed = tmp_path / "rapport.pdf"
    browse(tmp_path, page("bound"), "--no-pdf-header-footer", f"--print-to-pdf={printed}")
    document = pypdfium2.PdfDocument(printed)
    pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    document.close()
    law = next(number for number, text in enumerate(pages) if "Ce que dit la loi" in text)
    assert law == 2
    assert "Où vous en êtes" in pages[0] + pages[1]
    whole = re.sub(r"\s+", " ", " ".join(pages))
    assert "Dans QGIS : Exporter" in whole, "folded details are printed"


def test_a_page_stays_bounded_and_says_what_it_leaves_out() -> None:
    from opendata_check.reports.outline import outline
    from opendata_check.reports.page.bounds import bounded

    report = large_reports.report_of(700, datasets=40)
    whole = bounded(outline(report))
    assert (whole.shown, whole.total) == (700, 700)
    cut = bounded(outline(report), limit=300)
    assert (cut.shown, cut.total) == (300, 700)
    personal = sum(len(item.fingerprints) for group in cut.told.personal.groups for item in group.items)
    assert personal == 140, "private life is shown whole before anything else"


def test_twice_as_many_findings_make_no_heavier_page() -> None:
    pages = [reports.render(large_reports.report_of(count), "html") for count in (6500, 13_000)]
    assert all("Cette page montre 6" in text for text in pages)
    assert "constats sur 13" in pages[1]
    for form in ("rapport.xlsx", "rapport.csv", "rapport.json"):
        assert form in pages[1]
    assert len(pages[1]) < 1.05 * len(pages[0]) < 2_500_000


def test_five_thousand_findings_weigh_two_megabytes_at_most() -> None:
    text = reports.render(large_reports.report_of(5000), "html")
    assert len(text.encode()) <= 2_000_000
    assert text.count('<li id="c-') == 5000
    assert "Cette page montre" not in text


def test_every_open_point_and_fault_has_one_address_of_its_own() -> None:
    report = samples.bound_commune()
    text = page("bound")
    told = [one.fingerprint for one in report.findings if one.outcome not in ("compliant", "not_applicable")]
    for fingerprint in told:
        assert text.count(f'id="c-{fingerprint}"') == 1
        assert f'id="c-{fingerprint}"' in reports.render(replace(report, tool_version="9"), "html")


def test_an_address_made_by_hand_breaks_nothing() -> None:
    report = samples.bound_commune()
    odd = tuple(replace(one, fingerprint='x" onclick="y') for one in report.findings)
    found = Page(reports.render(replace(report, findings=odd), "html"))
    ids = [a["id"] for _, a in found.elements if a.get("id")]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[\w-]+", one or "") for one in ids)


def test_what_is_left_to_confirm_is_told_apart_from_what_was_not_seen() -> None:
    text = page("partial")
    confirm = text.split('id="a-confirmer"')[1].split("</section>")[0]
    unseen = text.split('id="limites"')[1].split("</section>")[0]
    assert "le portail répond" in unseen
    assert "le portail répond" not in confirm
    assert "pas des fautes" in confirm
