"""Bodies that exercise the powers of several kinds are told from the others, and say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from opendata_check.errors import RulesError
from opendata_check.model.organization import OrganizationKind
from opendata_check.territory import organizations, resolve, special

KIND = OrganizationKind


@pytest.mark.parametrize(
    ("query", "kind", "acts_as", "article"),
    [
        ("Paris", KIND.COMMUNE, {KIND.DEPARTEMENT}, "L2512-1"),
        ("département de Paris", KIND.DEPARTEMENT, {KIND.COMMUNE}, "L2512-1"),
        ("métropole de Lyon", KIND.COLLECTIVITE_PARTICULIERE, {KIND.EPCI, KIND.DEPARTEMENT}, "L3611-1"),
        ("collectivité de Corse", KIND.COLLECTIVITE_PARTICULIERE, {KIND.DEPARTEMENT, KIND.REGION}, "L4421-1"),
        ("département 2B", KIND.COLLECTIVITE_PARTICULIERE, {KIND.DEPARTEMENT, KIND.REGION}, "L4421-1"),
        ("Martinique", KIND.COLLECTIVITE_PARTICULIERE, {KIND.DEPARTEMENT, KIND.REGION}, "L7211-1"),
        ("Guyane", KIND.COLLECTIVITE_PARTICULIERE, {KIND.DEPARTEMENT, KIND.REGION}, "2011-884"),
        ("Mayotte", KIND.COLLECTIVITE_PARTICULIERE, {KIND.DEPARTEMENT, KIND.REGION}, "2025-793"),
        ("département du Bas-Rhin", KIND.DEPARTEMENT, set(), "2019-816"),
        ("Lyon", KIND.COMMUNE, set(), ""),
        ("département de l'Ain", KIND.DEPARTEMENT, set(), ""),
    ],
)
def test_what_a_body_also_is(query: str, kind: KIND, acts_as: set[KIND], article: str) -> None:
    body = resolve(query)
    assert (body.kind, set(body.acts_as)) == (kind, acts_as)
    assert article in " ".join(body.notes)


@pytest.mark.parametrize("query", ["région Corse", "département 2A", "métropole de Lyon", "région Martinique", "Paris"])
def test_what_is_offered_to_type_finds_the_same_body(query: str) -> None:
    body = resolve(query)
    assert resolve(organizations.typed(body)) == body


def test_every_body_named_in_the_file_exists() -> None:
    found = {where for where, _ in special._specials()}
    assert found == set(special._LISTS)
    for where, code in special._specials():
        if where in ("communes", "groups"):
            assert resolve(code).notes
        elif where == "departements":
            assert resolve(f"département {code}").notes
        elif where == "regions":
            assert resolve(f"région {code}").notes


@pytest.mark.parametrize(
    "text",
    [
        "bodies: 3\n",
        "bodies:\n  - kind: royaume\n    communes: ['1']\n",
        "bodies:\n  - nom: x\n    zones: [y]\n",
        "[]\n",
    ],
)
def test_a_malformed_file_is_told_in_one_line(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "special_bodies.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(special, "rules_folder", lambda: tmp_path)
    special._specials.cache_clear()
    try:
        with pytest.raises(RulesError) as caught:
            special.special("communes", "1")
        assert "special_bodies.yaml" in str(caught.value)
    finally:
        special._specials.cache_clear()
