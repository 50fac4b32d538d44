"""The tables of the store, version 2, and what marks a file as ours."""

from __future__ import annotations

import sqlite3

APPLICATION_ID = 0x4F444341
"""« ODCA » in the header of the file: the `application_id` of SQLite."""
VERSION = 2
"""The `user_version` of SQLite: to raise with any change below, with a step in migrations.py."""

TABLES = (
    # Name and places of the body as its latest audit tells them.
    """CREATE TABLE body (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, departement TEXT NOT NULL,
  departement_name TEXT NOT NULL, epci TEXT NOT NULL, epci_name TEXT NOT NULL)""",
    # Texts told once: identities of bodies, names of files, titles, messages.
    "CREATE TABLE text (id INTEGER PRIMARY KEY, digest INTEGER NOT NULL, value TEXT NOT NULL)",
    "CREATE INDEX text_digest ON text (digest)",
    # Open findings told once. `head`: check, axis, severity, outcome, title and obligation together.
    """CREATE TABLE mark (
  id INTEGER PRIMARY KEY, digest INTEGER NOT NULL, fingerprint NOT NULL, head INTEGER NOT NULL,
  message INTEGER NOT NULL, dataset INTEGER NOT NULL, file INTEGER NOT NULL, count INTEGER NOT NULL)""",
    "CREATE INDEX mark_digest ON mark (digest)",
    # One audit; `id` is its order of arrival. Scores in tenths of a point, for trends.
    """CREATE TABLE audit (
  id INTEGER PRIMARY KEY, body INTEGER NOT NULL REFERENCES body, day TEXT NOT NULL, digest INTEGER NOT NULL,
  run INTEGER NOT NULL, partial INTEGER NOT NULL, datasets INTEGER NOT NULL, points INTEGER NOT NULL, newest TEXT,
  overall INTEGER, published INTEGER, accessible INTEGER, usable INTEGER, reusable INTEGER, up_to_date INTEGER,
  protected INTEGER, late INTEGER NOT NULL)""",
    "CREATE UNIQUE INDEX audit_once ON audit (body, day, digest)",
    # The whole summary and the list of its open findings: packing.py says how.
    """CREATE TABLE content (
  audit INTEGER PRIMARY KEY REFERENCES audit, identity INTEGER NOT NULL, measures BLOB NOT NULL,
  marks BLOB NOT NULL)""",
    "CREATE TABLE report (audit INTEGER PRIMARY KEY REFERENCES audit, size INTEGER NOT NULL, packed BLOB NOT NULL)",
)
"""Statements that make an empty store, in order."""


def names() -> frozenset[str]:
    """Return the names of what a store holds."""
    return frozenset(statement.split("(")[0].split(" ON ")[0].split()[-1] for statement in TABLES)


def mark_as_ours(connection: sqlite3.Connection) -> None:
    """Write in the header of the file whose it is, and its version."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
