"""The cover of a lot: whose name, colour and logo; a logo that could run or load anything is refused."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from opendata_check.batch.cover import LARGEST_LOGO, read_cover
from opendata_check.errors import ConfigError

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9" fill="#123"/>{}</svg>'


def cover(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "cover.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_cover_is_read_in_english_or_in_french(tmp_path: Path) -> None:
    for text in ('name = "Syndicat"\ncolour = "#1b4965"', '[cover]\nnom = "Syndicat"\ncouleur = "#1b4965"'):
        found = read_cover(cover(tmp_path, text))
        assert (found.name, found.colour, found.logo) == ("Syndicat", "#1b4965", "")


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_becomes_a_data_address(tmp_path: Path, form: str) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(stream, form)
    (tmp_path / "logo").write_bytes(stream.getvalue())
    logo = read_cover(cover(tmp_path, 'logo = "logo"')).logo
    kind, _, data = logo.partition(";base64,")
    assert kind == f"data:image/{form.lower()}" and base64.b64decode(data) == stream.getvalue()


def test_a_plain_drawing_is_taken(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(SVG.format('<use href="#a"/>'), encoding="utf-8")
    assert read_cover(cover(tmp_path, 'logo = "logo.svg"')).logo.startswith("data:image/svg+xml;base64,")


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<image href="https://x.fr/a.png"/>',
        '<path onload="x()"/>',
        '<use href="https://x.fr/a.svg#b"/>',
        '<rect fill="url(https://x.fr/a)"/>',
        "<foreignObject><p>x</p></foreignObject>",
        "<style>@import url(x)</style>",
        '<a href="javascript:x()"><path/></a>',
        '<animate attributeName="href" to="x"/>',
    ],
)
def test_a_drawing_that_runs_or_loads_anything_is_refused(tmp_path: Path, inside: str) -> None:
    (tmp_path / "logo.svg").write_text(SVG.format(inside), encoding="utf-8")
    with pytest.raises(ConfigError, match="autre chose qu'un dessin"):
        read_cover(cover(tmp_path, 'logo = "logo.svg"'))


def test_entities_are_refused_before_they_grow(tmp_path: Path) -> None:
    text = '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("&a;")
    (tmp_path / "logo.svg").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError):
        read_cover(cover(tmp_path, 'logo = "logo.svg"'))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('nmae = "x"', "Vouliez-vous écrire « name »"),
        ('colour = "rouge"', "#1b4965"),
        ("name = 3", "texte entre guillemets"),
        ("name = ", "bien écrit"),
        ('logo = "absent.png"', "logo ne peut pas être lu"),
        ('logo = "cover.toml"', "ni un PNG"),
        ('cover = "x"', "on attend"),
    ],
)
def test_a_mistake_is_told_with_what_to_write(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        read_cover(cover(tmp_path, text))


def test_a_heavy_logo_is_refused(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(LARGEST_LOGO))
    with pytest.raises(ConfigError, match="200 ko"):
        read_cover(cover(tmp_path, 'logo = "logo.png"'))
