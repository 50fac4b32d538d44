"""Rebuilds what docs/ says from where it is decided: obligations, checks, and the program's own help."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

sys.path.insert(0, str(ROOT / "scripts"))

import portals_page  # noqa: E402
from obligations_page import citation, obligations  # noqa: E402
from rules_schema import rules_schema  # noqa: E402

from opendata_check import checks, wording  # noqa: E402
from opendata_check.model.finding import Axis  # noqa: E402
from opendata_check.model.legal import LegalReference  # noqa: E402
from opendata_check.reports.scope.document import SCHEMA_VERSION as SCOPE_VERSION  # noqa: E402

_MADE = "<!-- Fait par `make docs` à partir de {source} : ne pas modifier à la main. -->\n"


_ONLY_IN_AUDITS = ("yes_or_no", "places", "schemas")
"""What an audit says more of a duty, so that every report can be made again from its JSON."""


def references(items: Iterable[LegalReference]) -> str:
    """Return a list of references as Markdown."""
    return "\n".join(f"- {citation(item)}" for item in items)


def controls() -> str:
    """Return docs/controles.md."""
    parts = ["# Les contrôles\n", _MADE.format(source="rules/checks")]
    rules = checks.rules()
    for axis in Axis:
        parts.append(f"## {wording.word('axes', axis)} : {wording.word('axes', axis, 'question')}\n")
        for rule in (rule for rule in rules if rule.axis is axis):
            parts.append(f"### {rule.title} (`{rule.id}`)\n")
            parts.append(f"{rule.why}\n")
            effort = wording.word("efforts", rule.effort)
            parts.append(
                f"- **Gravité** : {wording.word('severities', rule.severity)} ; poids {rule.weight} sur 5\n"
                f"- **Quoi faire** : {rule.remedy}\n- **Temps** : {effort} (estimation)\n"
                f"- **Obligation servie** : {rule.obligation or 'aucune'}\n"
            )
            parts.append("Exemples :\n\n" + "\n".join(f"- {example['title']}" for example in rule.examples) + "\n")
            if rule.legal_basis:
                parts.append("Références :\n\n" + references(rule.legal_basis) + "\n")
    return "\n".join(parts)


def commands() -> str:
    """Return docs/commandes.md: what --help prints, 80 columns wide."""
    parts = ["# Les commandes\n", _MADE.format(source="opendata-check --help")]
    for name in _every_command():
        title = " ".join(["opendata-check", *name])
        shown = _run(*name, "--help")
        parts.append(f"## `{title}`\n\n```text\n{shown.rstrip()}\n```\n")
    parts.append(
        "## Codes de sortie\n\n"
        "| code | sens |\n|---|---|\n"
        "| 0 | le programme a fait ce qui était demandé |\n"
        "| 1 | le résultat est sous ce que demandent `--fail-under` ou `--fail-on` ; "
        "pour `check`, le fichier est à corriger |\n"
        "| 2 | le programme n'a pas pu travailler : commande mal écrite, dossier introuvable, rapport refusé |\n"
        "| 3 | le programme a travaillé, mais une partie de ce qu'il devait voir est restée hors d'atteinte |\n"
        "| 130 | vous avez interrompu le programme avant qu'il ait rien à rendre (sinon : 3, avec ce qui a été lu) |\n"
    )
    return "\n".join(parts)


def _every_command() -> Iterator[list[str]]:
    """Yield the words of every command, groups before what they hold, in the order of --help."""
    import typer

    from opendata_check.cli.app import app

    def below(group: object, words: list[str]) -> Iterator[list[str]]:
        yield words
        for name, command in getattr(group, "commands", {}).items():
            if not command.hidden:
                yield from below(command, [*words, name])

    return below(typer.main.get_command(app), [])


def formats_page() -> str:
    """Return docs/rapports.md: every format of a report, and how to ask for it."""
    from opendata_check import reports
    from opendata_check.cli.delivery import announced_by

    parts = [
        "# Les rapports\n",
        _MADE.format(source="opendata_check/reports"),
        "Un examen se rend sous toutes ces formes. La fin du nom donné à `-o` choisit la forme. `-o` peut se "
        "répéter :\n",
        "```sh\nopendata-check audit mes-fichiers -o rapport.html -o actions.xlsx -o examen.json\n```\n",
        "Une forme qui n'a pas de fin à elle se nomme : `-o plan:actions.md`, `-o gitlab:qualite.json`. Un examen "
        "gardé en JSON redonne toutes les autres, sans rien relire : "
        "`opendata-check report examen.json -o plan:actions.md`.\n",
        "| forme | pour quoi | demander |\n|---|---|---|",
    ]
    for name in reports.formats():
        end = next(filter(None, announced_by(name)), "")
        asked = f"`-o rapport{end}`" if end else f"`-o {name}:rapport.{reports.extension(name)}`"
        parts.append(f"| `{name}` | {reports.summary(name)} | {asked} |")
    parts.append(
        "\n`terminal` est la forme par défaut. Chaque forme est relue, dans les tests, par un lecteur qui n'est pas le "
        "nôtre : schéma officiel de SARIF, XSD de Jenkins, openpyxl, icalendar, rdflib, axe-core dans Chromium.\n"
    )
    return "\n".join(parts)


def scope_schema() -> str:
    """Return docs/schemas/scope.schema.json: the parts of the audit's schema that `scope` prints."""
    audit = json.loads((ROOT / "docs" / "schemas" / "audit.schema.json").read_text(encoding="utf-8"))
    kept = ("schema_version", "tool", "on", "organization", "duties", "already_open")
    properties = {name: audit["properties"][name] for name in kept}
    properties["schema_version"] = {"const": SCOPE_VERSION}
    properties["organization"] = {"$ref": "#/$defs/organization"}
    texts = {"type": "array", "items": {"type": "string"}}
    properties["remarks"] = {**texts, "description": "Hypothèses faites, et limites de ce qui a été lu."}
    properties["open_questions"] = {
        "type": "array",
        "description": "Les questions dont la réponse changerait quelque chose. Absent avec --explain.",
        "items": _closed(
            {
                "fact": {"type": "string", "description": "Nom à donner à --fact."},
                "question": {"type": "string"},
                "help": {"type": "string"},
                "duties": {**texts, "description": "Titres des règles qu'elle décide."},
                "what_if": {"type": "array", "items": {"$ref": "#/$defs/what_if"}},
                "choices": {
                    "type": "array",
                    "description": "Les réponses possibles quand il faut choisir : le mot de --fact et son sens.",
                    "items": _closed({"value": {"type": "string"}, "label": {"type": "string"}}),
                },
            }
        ),
    }
    properties["to_verify"] = {
        "type": "array",
        "description": "Règles listées mais non appliquées, faute d'avoir lu leur texte. Absent avec --explain.",
        "items": _closed({"id": {"type": "string"}, "title": {"type": "string"}, "why": {"type": "string"}}),
    }
    optional = {"open_questions", "to_verify", "already_open"}
    needed = _needed(properties, audit["$defs"])
    duty = json.loads(json.dumps(needed["duty"]))
    for name in _ONLY_IN_AUDITS:
        duty["required"].remove(name)
        del duty["properties"][name]
    needed["duty"] = duty
    schema = {
        "$schema": audit["$schema"],
        "$id": f"urn:opendata-check:scope:{SCOPE_VERSION}",
        "title": "Réponse de la commande scope",
        "description": "Ce que la loi impose à un organisme, à une date, et pourquoi.",
        "type": "object",
        "additionalProperties": False,
        "required": sorted(set(properties) - optional),
        "properties": properties,
        "$defs": needed,
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _closed(properties: dict[str, object]) -> dict[str, object]:
    """Return the schema of an object that has these properties and no other."""
    return {"type": "object", "additionalProperties": False, "required": sorted(properties), "properties": properties}


def _needed(value: object, known: dict[str, object]) -> dict[str, object]:
    """Return the definitions that ``value`` refers to, directly or not."""
    names = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(value)))
    while True:
        more = names | set(re.findall(r'"#/\$defs/(\w+)"', json.dumps([known[name] for name in names])))
        if more == names:
            return {name: known[name] for name in known if name in names}
        names = more


PAGES = {
    "obligations.md": obligations,
    "controles.md": controls,
    "commandes.md": commands,
    "rapports.md": formats_page,
    "schemas/scope.schema.json": scope_schema,
    "schemas/rules.schema.json": rules_schema,
    "schemas/portal.schema.json": portals_page.schema,
    "portails.md": lambda: portals_page.page(_MADE.format(source="sources/")),
}


def refresh_readmes() -> None:
    """Put what the demo prints today, down to its first action, into both READMEs."""
    printed = _run("audit", "examples/commune-exemple", "--on", "2026-11-23")
    shown = printed[: printed.index("\n2. ")].rstrip("\n")
    for name in ("README.md", "README.en.md"):
        path = ROOT / name
        before, _, rest = path.read_text(encoding="utf-8").partition("```text\n")
        _, _, after = rest.partition("\n[…]\n")
        path.write_text(f"{before}```text\n{shown}\n[…]\n{after}", encoding="utf-8", newline="\n")


def _run(*arguments: str) -> str:
    """Return what the program prints, 80 columns wide."""
    environment = {**os.environ, "COLUMNS": "80", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "opendata_check", *arguments]
    return subprocess.run(command, capture_output=True, check=True, cwd=ROOT, env=environment, encoding="utf-8").stdout


def main() -> None:
    """Write the pages under docs/ (or the folder given), and what the READMEs show."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
    if folder == ROOT / "docs":
        refresh_readmes()
    (folder / "schemas").mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
