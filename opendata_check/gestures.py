"""The gestures of rules/gestures.yaml: how to mend, click by click, in the software of a town hall."""

from __future__ import annotations

from functools import cache

from opendata_check.errors import RulesError
from opendata_check.model.explained import Gesture, Way
from opendata_check.resources import load_yaml, rules_folder

_FILE = "rules/gestures.yaml"


@cache
def gestures() -> tuple[Gesture, ...]:
    """Return every gesture, in the order of the file. Raises RulesError when an entry is badly formed."""
    content = load_yaml(rules_folder() / "gestures.yaml")
    try:
        software = content["software"]
        return tuple(
            Gesture(
                id=str(entry["id"]),
                title=str(entry["title"]),
                checks=tuple(map(str, entry["checks"])),
                ways=tuple(
                    Way(str(software[name]), tuple(map(str, steps))) for name, steps in entry["ways"].items() if steps
                ),
            )
            for entry in content["gestures"]
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise RulesError(f"valeur manquante ou mal formée ({error})", where=_FILE) from error


def gestures_for(check: str) -> tuple[Gesture, ...]:
    """Return the gestures that mend what a check finds, in the order of the file; none when it is done elsewhere."""
    return tuple(gesture for gesture in gestures() if check in gesture.checks)


def done_elsewhere(check: str) -> str:
    """Return the French sentence that says where a check without a gesture is mended; "" when there is none."""
    return str(load_yaml(rules_folder() / "gestures.yaml")["apart"].get(check, ""))
