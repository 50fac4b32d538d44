"""What the Tab key proposes: formats, checks, words, schemas, communes; and the line that turns it on in a shell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from opendata_check.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import MutableMapping

PROGRAM = "opendata-check"
VARIABLE = "_OPENDATA_CHECK_COMPLETE"
"""Environment variable by which a shell asks for proposals (set by the script that this command prints)."""
SHELLS = ("bash", "zsh", "fish", "powershell")
_MOST = 50


def command(
    shell: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh, fish ou powershell.")],
) -> None:
    """
    Écrit ce qui fait compléter les commandes par la touche Tab.

    Exemples :
      opendata-check completion bash >> ~/.bashrc
      opendata-check completion zsh >> ~/.zshrc
      opendata-check completion fish > ~/.config/fish/completions/opendata-check.fish
      opendata-check completion powershell >> $PROFILE
    """
    import sys

    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    name = shell.strip().lower()
    name = {"pwsh": "powershell"}.get(name, name)
    if name not in SHELLS:
        shown = "".join(character for character in shell if character.isprintable())[:30]
        raise UsageError(f"« {shown} » n'est pas un shell connu", remedy=f"Choisissez : {', '.join(SHELLS)}.")
    script = get_completion_script(prog_name=PROGRAM, complete_var=VARIABLE, shell=name)
    sys.stdout.write(script.strip("\n") + "\n")


def asked(environment: MutableMapping[str, str]) -> bool:
    """Return whether a shell asks for proposals, and not a person for an answer."""
    if not environment.get(VARIABLE):
        return False
    from typer.completion import completion_init  # type: ignore[attr-defined]

    completion_init()
    return True


def formats(incomplete: str) -> list[str]:
    """Return the formats of reports that begin so."""
    from opendata_check import reports

    return _beginning(reports.formats(), incomplete)


def subjects(incomplete: str) -> list[str]:
    """Return the checks, scores and words that begin so: what `explain` takes."""
    from opendata_check import checks
    from opendata_check.peer_scores import peer_rules
    from opendata_check.reports.explain.phrases import terms

    known = [
        *(rule.id for rule in checks.rules()),
        *(rule.id for rule in peer_rules()),
        *(term.word.replace(" ", "-") for term in terms()),
    ]
    return _beginning(sorted(set(known)), incomplete)


def schemas(incomplete: str) -> list[str]:
    """Return the ids of the national schemas that begin so."""
    from opendata_check.schemas import store

    return _beginning(store.known(), incomplete)


def bodies(incomplete: str) -> list[str]:
    """Return the communes that begin so, the most populated first, without a space: « la-rochelle-17 ».

    Nothing for what looks like a path or an address: the shell then proposes files.
    """
    if not incomplete or re.search(r"[/\\.:]", incomplete):
        return []
    from opendata_check import territory

    named = [_one_word(name) for name in territory.beginning(incomplete.replace("-", " "))]
    return [name.lower() for name in named] if incomplete == incomplete.lower() else named


def _one_word(name: str) -> str:
    return re.sub(r"[ ()]+", "-", name).strip("-")


def _beginning(known: Iterable[str], incomplete: str) -> list[str]:
    start = incomplete.lower()
    return [name for name in known if name.lower().startswith(start)][:_MOST]
