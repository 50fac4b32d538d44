"""Keeps audits over time in one file: what was found of each body, on which date, and what changed since.

The file is a SQLite database, chosen against DuckDB 2.0 (42 000 audits of 20 open findings, on one machine):

- several programs: while one writes, another can read it (SQLite); DuckDB refuses even a reader while a writer has the
  file open, so a batch and « store history » could not run together;
- start: a body's audits are read by a whole process in 20 ms (SQLite, in Python itself) against 155 ms (DuckDB);
- weight: nothing to install against 66 MB a platform; Windows, macOS and Linux have the same file;
- one audit kept, flushed to the disk: 0.8 ms against 2.0 ms; size of the file: 7.0 MB against 6.0 MB.

DuckDB would add up columns faster; only ``trend`` reads them all, and takes five seconds of processor for the country
(35 000 bodies, 12 audits each: 373 MB on the disk).

The journal is the ordinary one, not WAL: between two writings the store is one file and nothing beside it, it can be
copied, read in a folder where one may not write, and laid on a shared folder (WAL asks for shared memory).

The open findings of an audit are a packed list of numbers in a dictionary of findings (7.0 MB), measured against a row
for each (18.2 MB) and against intervals of presence (7.7 MB, three times as slow to write, and an audit added late
would have to cut intervals).
"""

from __future__ import annotations

from opendata_check.store.audits import Store
from opendata_check.store.failures import (
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreForeignError,
    StoreMissingError,
    StoreNewerError,
)
from opendata_check.store.opening import default_path, opened

__all__ = [
    "Store",
    "StoreBusyError",
    "StoreDamagedError",
    "StoreError",
    "StoreForeignError",
    "StoreMissingError",
    "StoreNewerError",
    "default_path",
    "opened",
]
