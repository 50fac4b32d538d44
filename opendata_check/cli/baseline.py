"""The `baseline` commands: the findings that a repository lives with, so that only new ones fail."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from opendata_check.cli import french, verbosity
from opendata_check.cli import gate as gate_command

if TYPE_CHECKING:
    from opendata_check.model.finding import Finding

app = french.group(
    """
    Tient la liste des constats admis : la porte (gate) ne bloque que sur les nouveaux.

    Exemples :
      opendata-check baseline update
      opendata-check baseline show
    """
)


@app.command("update", cls=french.FrenchCommand)
def update(
    paths: gate_command.Paths = None,
    config: gate_command.Config = None,
    on: gate_command.On = None,
    baseline: gate_command.BaselineFile = None,
    no_cache: gate_command.NoCache = False,
    debug: verbosity.Debug = False,
) -> None:
    """
    Admet les constats d'aujourd'hui et retire ceux qui sont corrigés.

    Avec des chemins, le reste de la liste ne change pas.

    Exemples :
      opendata-check baseline update
      opendata-check baseline update data/subventions-2024.csv
    """
    from opendata_check.gate.baseline import known, written
    from opendata_check.gate.verdict import looked_at
    from opendata_check.output import write_atomically
    from opendata_check.reports.safety import clean

    asked = gate_command.prepared(paths, config, on, baseline, damaged_baseline=not paths)
    answer = gate_command.answered(asked, report=False, remember=not no_cache, quiet=False)
    decided = answer.verdict
    if decided.unseen:
        from opendata_check.gate import GateError

        fault = next((fault.line for fault in answer.found.faults), "un contrôle s'est arrêté sur une erreur")
        raise GateError(f"la liste n'a pas été changée, tout n'a pas pu être lu : {fault}")
    before = asked.baseline.findings
    now = [known(one) for one in (*decided.failing, *decided.told, *decided.known)]
    kept = [one for one in before if not looked_at(one, asked.selection)]
    fingerprints = {one.fingerprint for one in before}
    added = [one for one in now if one.fingerprint not in fingerprints]
    write_atomically(asked.baseline_path, written([*now, *kept]))
    removed = len(before) + len(added) - len({one.fingerprint for one in (*now, *kept)})
    sys.stdout.write(f"{clean(asked.baseline_name)} : {_told(len(added), removed, len(before) - removed)}.\n")
    _tell_serious(decided.failing)


def _told(added: int, removed: int, unchanged: int) -> str:
    """Return how many findings came, went and stayed."""
    from opendata_check.wording import plural

    counts = ((added, "ajouté", "ajoutés"), (removed, "retiré", "retirés"), (unchanged, "inchangé", "inchangés"))
    return ", ".join(plural(count, one, many) for count, one, many in counts)


def _tell_serious(findings: Sequence[Finding]) -> None:
    from opendata_check.model.finding import Severity

    serious = [one for one in findings if one.severity is Severity.CRITICAL]
    if serious:
        sys.stdout.write(
            f"Attention : {len(serious)} sont à traiter d'abord (par exemple {serious[0].check}). "
            "Les admettre ne les corrige pas.\n"
        )


@app.command("show", cls=french.FrenchCommand)
def show(
    config: gate_command.Config = None,
    baseline: gate_command.BaselineFile = None,
    debug: verbosity.Debug = False,
) -> None:
    """
    Montre les constats admis, par fichier.

    Exemple :
      opendata-check baseline show
    """
    from pathlib import Path

    from opendata_check.gate.baseline import load, place_in
    from opendata_check.gate.root import root_of, settings_near
    from opendata_check.gate.settings import BASELINE, Settings, settings_of
    from opendata_check.reports.safety import clean

    source = settings_near((), None if config is None else Path(config))
    settings = Settings() if source is None else settings_of(source)
    root = root_of(source, (), named=config is not None)
    place = Path(baseline) if baseline is not None else place_in(root, settings.baseline or BASELINE)
    found = load(place)
    counts = Counter((one.file, one.check, one.title) for one in found.findings)
    for (file, check, title), count in sorted(counts.items()):
        times = f" (× {count})" if count > 1 else ""
        sys.stdout.write(clean(f"{file or 'catalogue'}: [{check}] {title}{times}", 500) + "\n")
    sys.stdout.write(f"{len(found.findings)} constats admis.\n")
