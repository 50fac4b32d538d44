"""The phrases and the glossary of rules/explain.yaml and rules/glossary.yaml."""

from __future__ import annotations

from functools import cache

from opendata_check.errors import RulesError
from opendata_check.model.explained import Term
from opendata_check.resources import load_yaml, rules_folder


@cache
def terms() -> tuple[Term, ...]:
    """Return the glossary, in the order of the file. Raises RulesError when an entry is badly formed."""
    try:
        content = load_yaml(rules_folder() / "glossary.yaml")["terms"]
        return tuple(
            Term(entry["word"], tuple(entry["names"]) if "names" in entry else (), entry["meaning"],
                 tuple(entry["see"]) if "see" in entry else ())
            for entry in content
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise RulesError(f"valeur manquante ou mal formée ({error})", where="rules/glossary.yaml") from error


@cache
def _phrases() -> dict[str, str]:
    return {key: str(text) for key, text in load_yaml(rules_folder() / "explain.yaml")["phrases"].items()}


def phrase(key: str, **values: object) -> str:
    """Return a phrase, its braces filled. Raises RulesError when the file lacks it."""
    try:
        return _phrases()[key].format(**values)
    except KeyError as error:
        raise RulesError(f"la phrase « {key} » manque", where="rules/explain.yaml") from error
