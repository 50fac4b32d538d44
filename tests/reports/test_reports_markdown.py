"""The Markdown report, read back by an independent parser: its outline, its tables, and hostile words that stay words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import report_samples as samples
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from test_reports_formats import HOSTILE, poisoned

from opendata_check import reports
from opendata_check.model.finding import Location
from opendata_check.reports.office import marks
from opendata_check.reports.page.typesetting import typeset
from opendata_check.reports.safety import clean

ATTACKS = (
    "# titre", "## titre ##", "- puce", "+ puce", "* puce", "1. un", "12) douze", "> citation", "===", "---", "```sh",
    "~~~", "    code", "| a | b |", "|---|---|", "[lien](javascript:alert(1))", "![image](https://mechant.example/x.png)",
    "<javascript:alert(1)>", "<https://mechant.example>", "https://mechant.example/x", "www.mechant.example",
    "agent@mechant.example", "@equipe", "**gras** _italique_ __gras__ ~~barré~~ `code` ``", "[x]: https://mechant.example",
    "[^1] [ ] [x]", "&lt;b&gt; &amp; &#60; &copy;", "<!-- caché -->", "<b onclick=x>", "a\\|b \\` \\\\", "$x^2$ $$y$$",
    "nom_de_colonne _x_ a_ _b", "fin #", "{% raw %}{{ 7 * 7 }}", "`a@b` `` @c`d", "\\@x\\", "ftp://mechant.example mailto:x",
    "a@b|c@d", "!", "! [a](b)",
)  # fmt: skip
OURS = {"https://www.legifrance.gouv.fr/codes/id/L312-1-1"}


def parser(fuzzy: bool = False) -> MarkdownIt:
    """Return the most permissive parser: HTML allowed, GitHub's tables, strikethrough and automatic links.

    ``fuzzy`` links « data.gouv.fr » too, which GitHub does not; it is what links « www.a.fr » here, which GitHub does.
    """
    made = MarkdownIt("gfm-like", {"html": True, "linkify": True})
    made.linkify.set({"fuzzy_link": fuzzy})
    return made


def leaves(text: str) -> Iterator[Token]:
    for token in parser().parse(text):
        yield from [token, *(token.children or ())]


def shape(text: str) -> list[str]:
    return [f"{token.type}{token.tag}" for token in parser().parse(text)]


def links(text: str) -> set[str]:
    return {str(token.attrs["href"]) for token in leaves(text) if token.type == "link_open"}


@pytest.mark.parametrize("name", samples.ALL)
def test_headings_are_in_order_and_nothing_is_html(name: str) -> None:
    text = reports.render(samples.ALL[name](), "markdown")
    levels = [int(token.tag[1]) for token in leaves(text) if token.type == "heading_open"]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert not [token for token in leaves(text) if token.type.startswith(("html", "image"))]
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_tables_are_tables() -> None:
    text = reports.render(samples.bound_commune(), "markdown")
    tables = [token for token in leaves(text) if token.type == "table_open"]
    assert len(tables) == 3
    assert "| Axe | Note | État | Part vérifiée |" in text
    assert "\\|" not in text


def test_every_block_of_the_report_is_there() -> None:
    text = reports.render(samples.bound_commune(), "markdown")
    titles = [title.strip("# ") for title in re.findall(r"^##? .*$", text, re.MULTILINE)]
    for title in ("À faire d'abord", "Où vous en êtes", "Ce que dit la loi", "Vos fichiers", "Vie privée",
                  "Ce que vous risquez", "Qui peut vous aider", "Méthode"):  # fmt: skip
        assert title in titles
    report = samples.bound_commune()
    assert all(priority.title in text for priority in report.priorities)


@pytest.mark.parametrize("name", samples.ALL)
def test_the_same_report_gives_the_same_text(name: str) -> None:
    assert reports.render(samples.ALL[name](), "markdown") == reports.render(samples.ALL[name](), "markdown")


def test_many_files_are_counted_not_listed() -> None:
    report = samples.bound_commune()
    report = replace(report, datasets=tuple(
        replace(item, dataset=replace(item.dataset, id=f"{n}/{item.key}", title=f"Jeu {n}"))
        for n in range(60) for item in report.datasets[:1]
    ), findings=tuple(
        replace(samples.finding("licence-indiquee", dataset="menus.csv"), dataset=f"{n}/adresses.csv",
                locations=(Location(file=f"f{n}.csv"),), fingerprint=f"{n:016x}")
        for n in range(60)
    ))  # fmt: skip
    text = reports.render(report, "markdown")
    assert "et 20 autres" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_only_the_law_is_linked() -> None:
    assert links(reports.render(samples.bound_commune(), "markdown")) == OURS


@pytest.mark.parametrize("attack", (*ATTACKS, *HOSTILE))
def test_hostile_words_change_no_block_and_make_no_link(attack: str) -> None:
    text = reports.render(poisoned(attack), "markdown")
    plain = reports.render(poisoned("mot"), "markdown")
    assert shape(text) == shape(plain)
    assert links(text) <= OURS
    kinds = {token.type for token in leaves(text)}
    assert not kinds & {"html_inline", "html_block", "image", "s_open", "em_open"}


SIGNS = st.text(alphabet=st.sampled_from(list("\\`*_{}[]()<>#+-.!|~$&;:=@/ 1aéw\u00a0\"'^%")), max_size=30)


@given(SIGNS)
@example("www.a.b")
@example("http://a.b")
@example("a@b.cd")
@example("**a**b@c.d`")
@example("&copy;")
def test_escaped_words_read_back_as_they_were(words: str) -> None:
    words = clean(words).strip()
    tokens = parser().parse(marks.paragraph(words))
    if not words:
        assert tokens == []
        return
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "code_inline"}
    told = "".join(child.content for child in children)
    assert typeset(told).split() == typeset(words).split()


@given(SIGNS, SIGNS)
def test_escaped_words_stay_in_their_cell_and_heading(one: str, two: str) -> None:
    one, two = clean(one).strip() or "a", clean(two).strip() or "b"
    tokens = parser().parse(marks.table([one, two], [[marks.text(two), marks.text(one)]]) + marks.heading(2, one))
    told = ["".join(child.content for child in token.children or ()) for token in tokens if token.type == "inline"]
    assert [typeset(cell).split() for cell in told] == [typeset(cell).split() for cell in (one, two, two, one, one)]


@pytest.mark.parametrize(
    "words", ["www.mechant.fr", "Voir WWW.mechant.fr", "http://www.mechant.fr", "(www.mechant.fr)"]
)
def test_an_address_in_words_is_linked_by_no_parser(words: str) -> None:
    tokens = parser(fuzzy=True).parse(marks.paragraph(words))
    linked = [token.attrs["href"] for token in tokens[1].children or () if token.type == "link_open"]
    assert not [href for href in linked if "www" in str(href).lower()]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "http://", "https://a b", "https://a\n.b", "data:x", "//a.b"]
)
def test_an_odd_address_is_not_linked(address: str) -> None:
    citation = samples_citation("Texte", address)
    assert links(marks.links([citation])) == set()


@pytest.mark.parametrize("address", ["https://a.example/x(1)>y|z", "https://a.example/a_b*c*"])
def test_an_address_with_signs_is_linked_whole(address: str) -> None:
    (found,) = links(marks.table(["a"], [[marks.links([samples_citation("Te|xte", address)])]]))
    assert found.startswith("https://a.example/")
    assert "|" not in found


def samples_citation(label: str, url: str):
    from opendata_check.reports.outline.basics import Citation

    return Citation(label, label, url)
