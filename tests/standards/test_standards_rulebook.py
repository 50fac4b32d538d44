"""The rules of each standard are sentences one can read, and a fault made of them is fit for a report."""

from __future__ import annotations

import pytest

from opendata_check.standards.rulebook import RuleBook, shown

BOOKS = ("decp_rules.yaml", "gtfs_rules.yaml", "totem_rules.yaml")


@pytest.mark.parametrize("file", BOOKS)
def test_every_rule_says_what_is_wrong(file: str) -> None:
    rules = RuleBook(file).rules
    assert rules
    for code, rule in rules.items():
        assert rule.level in {"error", "warning", "note"}, code
        assert rule.message.strip(), code
        if rule.remedy:
            assert rule.remedy.endswith((".", "»", "…", ")")), code


def test_a_fault_of_the_whole_file_has_no_row_and_no_value() -> None:
    fault = RuleBook("decp_rules.yaml").fault("decp.vide", value="x", expected="y")
    assert (fault.rows, fault.values, fault.expected) == ((), (), ())


def test_a_fault_shows_no_control_character_and_cuts_what_is_long() -> None:
    hostile = "\x1b[31mrouge\n" + "é" * 500
    fault = RuleBook("totem_rules.yaml").fault(
        "totem.montant", part=hostile, field=hostile, line=3, value=hostile, expected=hostile
    )
    assert fault.rows == (3,)
    for text in (fault.part, fault.field, *fault.values, *fault.expected):
        assert text.isprintable()
        assert len(text) == 200


def test_a_remedy_given_takes_the_place_of_the_rule_s_own() -> None:
    book = RuleBook("decp_rules.yaml")
    assert book.fault("decp.vide", remedy="Faites ceci.").remedy == "Faites ceci."
    assert book.fault("decp.vide").remedy == book.rules["decp.vide"].remedy


def test_an_unknown_rule_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        RuleBook("decp_rules.yaml").fault("decp.inconnue")


def test_what_fits_is_shown_as_it_is() -> None:
    assert shown("Marché n° 12") == "Marché n° 12"
