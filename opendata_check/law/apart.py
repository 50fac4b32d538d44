"""Reads what stands beside the obligations: bodies judged apart, and datasets that the State already publishes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from opendata_check.law import form
from opendata_check.law.conditions import KINDS
from opendata_check.law.rules import Apart
from opendata_check.model.legal import Applicability, OpenElsewhere
from opendata_check.model.organization import Organization, OrganizationKind
from opendata_check.resources import load_yaml

_ANSWERS = (Applicability.UNKNOWN.value, Applicability.EXEMPT.value)


def read_apart(path: Path) -> tuple[Apart, ...]:
    """Return the bodies that one answer covers whole: other territories, bodies without legal existence. LawError."""
    entry = form.mapping(load_yaml(path), path.name, ("read_on", "bodies"))
    found = []
    for index, written in enumerate(form.items(entry, "bodies", path.name, at_least=1), 1):
        where = f"{path.name}, bodies[{index}]"
        body = form.mapping(written, where, ("answer", "reason"), ("kinds", "departements"))
        found.append(
            Apart(
                Applicability(form.choice(body, "answer", where, _ANSWERS)),
                form.filled(body, "reason", where),
                read_kinds(body, where) if "kinds" in body else frozenset(),
                frozenset(form.texts(body, "departements", where)),
            )
        )
    return tuple(found)


def read_kinds(entry: dict[str, Any], where: str) -> frozenset[OrganizationKind]:
    """Return the kinds listed under ``kinds``, at least one. Raises LawError."""
    names = form.texts(entry, "kinds", where, at_least=1)
    for name in names:
        form.choice({"kinds": name}, "kinds", form.at(where, entry, "kinds"), KINDS)
    return frozenset(map(OrganizationKind, names))


def apart_of(organization: Organization | None, bodies: tuple[Apart, ...]) -> Apart | None:
    """Return the one answer that covers an organization, or None when its duties are decided one by one."""
    if organization is None:
        return None
    return next(
        (
            body
            for body in bodies
            if organization.kind in body.kinds or organization.departement_code in body.departements
        ),
        None,
    )


def read_open_since(path: Path) -> date:
    """Return the day from which what the State publishes is excepted; always, when the file does not say. LawError."""
    entry = form.mapping(load_yaml(path), path.name, ("datasets",), ("since",))
    return form.day(entry, "since", path.name) if "since" in entry else date.min


def read_open_elsewhere(path: Path) -> tuple[tuple[frozenset[OrganizationKind], OpenElsewhere], ...]:
    """Return the datasets that the State publishes about local bodies, with the kinds of bodies. Raises LawError."""
    entry = form.mapping(load_yaml(path), path.name, ("datasets",), ("since",))
    found = []
    for index, written in enumerate(form.items(entry, "datasets", path.name, at_least=1), 1):
        where = f"{path.name}, datasets[{index}]"
        item = form.mapping(written, where, ("id", "title", "kinds", "by", "where"), ("family",))
        elsewhere = OpenElsewhere(
            form.identifier(item, "id", where),
            form.filled(item, "title", where),
            form.filled(item, "by", where),
            form.filled(item, "where", where),
            form.text(item, "family", where),
        )
        found.append((read_kinds(item, where), elsewhere))
    return tuple(found)
