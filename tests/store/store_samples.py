"""Audits of fictional and real bodies, as an audit hands them to the store."""

from __future__ import annotations

from datetime import date
from typing import Any

from opendata_check.model.finding import Axis
from opendata_check.model.score import AxisScore
from opendata_check.model.summary import AuditSummary, FindingMark
from opendata_check.wording import french_date

ON = date(2026, 11, 26)


def summary(body: str = "insee:54395", on: date = ON, overall: float | None = 83.7, **more: Any) -> AuditSummary:
    """Return the summary of an audit of Nancy, some of its fields changed."""
    told: dict[str, Any] = {
        "name": "Nancy",
        "kind": "commune",
        "target": "Nancy",
        "tool_version": "0.1.0",
        "insee_code": "54395",
        "siren": "215403957",
        "departement_code": "54",
        "departement_name": "Meurthe-et-Moselle",
        "epci_siren": "245400676",
        "epci_name": "Métropole du Grand Nancy",
        "population": 104260,
        "stratum": "les communes de 100 000 habitants ou plus",
        "bound": "applies",
        "confidence": 0.817,
        "level": "a_regler_d_abord",
        "axes": (
            AxisScore(Axis.PUBLISHED, 60.0, 0.667, 3, 2, 2),
            AxisScore(Axis.ACCESSIBLE, 77.1, 0.889, 58, 18, 24),
            AxisScore(Axis.USABLE, 81.8, 1.0, 122, 17, 0),
            AxisScore(Axis.REUSABLE, None, 0.0, 0, 0, 12),
            AxisScore(Axis.UP_TO_DATE, 87.6, 0.674, 22, 2, 24),
            AxisScore(Axis.PROTECTED, 100.0, 1.0, 51, 0, 0),
        ),
        "datasets": 17,
        "files": 21,
        "duties_met": 1,
        "duties_unmet": 6,
        "duties_unknown": 30,
        "counts": (("compliant", 256), ("non_compliant", 39), ("unverifiable", 62)),
        "severities": (("critical", 2), ("major", 19)),
        "families": ("bal", "budget", "subventions"),
        "first_action": "Publiez la liste de vos subventions",
        "actions": 25,
        "faults": 1,
        "newest": date(2026, 9, 30),
    }
    return AuditSummary(body=body, on=on, overall=overall, **(told | more))


def mark(number: int, *, on: date = ON, name: str = "Nancy", **more: Any) -> FindingMark:
    """Return an open finding: its fingerprint and its dataset are told by ``number``."""
    told: dict[str, Any] = {
        "check": "rip-publie",
        "axis": "published",
        "severity": "major",
        "outcome": "non_compliant",
        "title": "Publiez la liste de vos principaux documents",
        "message": f"Répertoire n° {number} non trouvé dans « {name} » le {french_date(on)}.",
        "dataset": f"Jeu {number}",
        "file": f"fichier-{number}.csv",
        "obligation": "rip",
        "count": number,
    }
    return FindingMark(fingerprint=f"{number:016x}", **(told | more))
