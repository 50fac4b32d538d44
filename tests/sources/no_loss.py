"""Holds a kind's MAPPING against raw records: what the portal said must be somewhere in the Dataset.

A path is ``a.b``, ``list[].a`` or several joined by `` | ``; a distribution's paths begin with the list that holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from opendata_check.model.catalog import Dataset


def said(record: Any, path: str) -> list[Any]:
    """Return the values that stand at ``path`` in a raw record."""
    found = [record]
    for step in path.split("."):
        name, is_list = step.removesuffix("[]"), step.endswith("[]")
        found = [item[name] for item in found if isinstance(item, Mapping) and name in item]
        if is_list:
            found = [inner for item in found if isinstance(item, list) for inner in item]
    return found


def says_something(value: Any) -> bool:
    """Return True for a value that is not empty; an object whose every value is null is."""
    if isinstance(value, Mapping):
        return any(map(says_something, value.values()))
    if isinstance(value, list):
        return any(map(says_something, value))
    return value is not None and value != ""


def losses(
    record: Mapping[str, Any],
    dataset: Dataset,
    mapping: Mapping[str, str],
    *,
    is_nothing: Callable[[str, Any], bool] = lambda _path, _value: False,
) -> list[str]:
    """Return each mapped field that is empty although the record says something at one of its paths.

    ``is_nothing(path, value)`` tells the values that the portal writes to say nothing (``notspecified``).
    """
    lost = []
    for name, paths in mapping.items():
        whole, field = name.split(".")
        for path in paths.split(" | "):
            if whole == "dataset":
                pairs = [(record, path, dataset)]
            else:
                list_path, _, inner = path.partition("[].")
                pairs = list(
                    zip(
                        said(record, f"{list_path}[]"),
                        [inner] * len(dataset.distributions),
                        dataset.distributions,
                        strict=False,
                    )
                )
            for raw, where, read in pairs:
                values = [value for value in said(raw, where) if says_something(value) and not is_nothing(path, value)]
                kept = getattr(read, field)
                if values and (kept is None or kept == "" or kept == ()):
                    lost.append(f"{name} <- {path}: {str(values[0])[:80]}")
    return lost
