"""The command line: parses options and calls audit or law; imports nothing heavy before the command runs."""

import atexit
import gc
import os
import sys

_COLLECTED_AFTER = 100_000
"""Objects made between two searches for cycles: importing makes tens of thousands, of which none is garbage."""


def main() -> None:
    """Run the command line (the `opendata-check` script), and leave at once.

    What is registered to run at exit runs, and what was written is flushed; then the process ends without taking apart
    every module and value, which takes a fifth of the time of a short command.
    """
    gc.set_threshold(_COLLECTED_AFTER)
    try:
        from opendata_check.cli.app import run

        run()
    except KeyboardInterrupt:
        os._exit(130)
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 0
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError, AttributeError):  # closed, or read by nobody any more
                continue
        os._exit(code)
