"""What the tests of the gate share: small repositories of real files."""

from __future__ import annotations

import subprocess
from pathlib import Path

HEADER = (
    "nomAttribuant,idAttribuant,dateConvention,referenceDecision,nomBeneficiaire,idBeneficiaire,objet,montant,nature,"
    "conditionsVersement,datesPeriodeVersement,idRAE,notificationUE,pourcentageSubvention\n"
)
ROW = (
    "Rochebelle,21990017200012,{date},2025-009,Les Amis de l'orgue,92359369300016,Festival,{amount},"
    "aide en numéraire,unique,2025-07-13,,non,1\n"
)
DAY = "2026-11-26"
SCHEMAS = '[gate]\npaths = ["data"]\n[gate.schemas]\n"data/subventions-*.csv" = "scdl/subventions"\n'


def subsidies(*amounts: str, date: str = "2025-06-13") -> str:
    """Return a table of subsidies with those amounts: « 12,50 » breaks its schema."""
    return HEADER + "".join(ROW.format(amount=f'"{one}"' if "," in one else one, date=date) for one in amounts)


def repository(folder: Path, files: dict[str, str], settings: str = SCHEMAS) -> Path:
    """Return a folder with these files, and settings when they are not empty."""
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    if settings:
        (folder / "opendata-check.toml").write_text(settings, encoding="utf-8")
    return folder


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, as somebody."""
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def committed(folder: Path, message: str = "un") -> str:
    """Commit all that is in a folder, made a repository when it is none; return the commit."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD")
