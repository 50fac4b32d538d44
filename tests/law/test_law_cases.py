"""Runs the cases of tests/law/*.yaml, which a lawyer can read and add to.

Keys of a case: ``cas`` (title), ``organisme`` (``inconnu``, or ``nature``, ``populations``, ``agents``, ``reponses``), ``date``,
``attendu`` (obligation → concerné, non concerné, à confirmer) and, all optional and by obligation: ``raison_contient``,
``manque_contient``, ``si_contient``, ``note_contient`` (lists of texts that must be found), ``certitude``, ``depuis``,
``evenement``, ``evenement_contient``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from opendata_check.law import scope
from opendata_check.model.legal import Duty
from opendata_check.model.organization import (
    DeclaredFact,
    EvidenceKind,
    Organization,
    OrganizationKind,
    PopulationFigures,
)

_HERE = Path(__file__).parent
_WORDS = {"concerné": "applies", "non concerné": "exempt", "à confirmer": "unknown"}
_KEYS = {
    "cas",
    "organisme",
    "date",
    "attendu",
    "raison_contient",
    "manque_contient",
    "si_contient",
    "note_contient",
    "certitude",
    "depuis",
    "evenement",
    "evenement_contient",
}
_CASES = [
    pytest.param(case, id=f"{path.stem}: {case['cas']}")
    for path in sorted(_HERE.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def _organization(written: Any) -> Organization | None:
    if written == "inconnu":
        return None
    assert set(written) <= {"nature", "populations", "agents", "reponses"}, written
    populations = tuple(
        PopulationFigures(
            reference_year=item["annee"] - 3,
            in_force_year=item["annee"],
            municipale=item.get("municipale"),
            totale=item.get("totale"),
            source=f"Insee, populations de référence {item['annee'] - 3}",
            evidence=EvidenceKind.DECLARED if item.get("declaree") else EvidenceKind.OBSERVED,
        )
        for item in written.get("populations", [])
    )
    return Organization(
        "Organisme d'essai",
        OrganizationKind(written["nature"]),
        populations=populations,
        agents_etp=written.get("agents"),
        declared=tuple(DeclaredFact(name, value) for name, value in written.get("reponses", {}).items()),
    )


def _plain(text: str) -> str:
    """Return the text with ordinary spaces, as a lawyer types them."""
    return " ".join(text.split())


def _said(duty: Duty) -> dict[str, str]:
    return {
        "raison_contient": duty.reason,
        "manque_contient": " | ".join(duty.missing_facts),
        "si_contient": " | ".join(duty.what_if),
        "note_contient": duty.note,
    }


@pytest.mark.parametrize("case", _CASES)
def test_case_a_lawyer_can_read(case: dict[str, Any]) -> None:
    assert set(case) <= _KEYS, f"clé inconnue dans le cas « {case['cas']} »"
    duties = {duty.obligation: duty for duty in scope(_organization(case["organisme"]), case["date"])}
    for obligation, expected in case["attendu"].items():
        assert duties[obligation].applicability == _WORDS[expected], duties[obligation].reason
    for key in ("raison_contient", "manque_contient", "si_contient", "note_contient"):
        for obligation, texts in case.get(key, {}).items():
            for text in texts:
                assert _plain(text) in _plain(_said(duties[obligation])[key])
    for obligation, certainty in case.get("certitude", {}).items():
        assert duties[obligation].certainty == certainty
    for obligation, since in case.get("depuis", {}).items():
        assert duties[obligation].since == since
    for obligation, happened in case.get("evenement", {}).items():
        assert duties[obligation].event_happened is happened
    for obligation, text in case.get("evenement_contient", {}).items():
        assert _plain(text) in _plain(duties[obligation].event)


def test_there_are_enough_cases() -> None:
    assert len(_CASES) >= 40
