"""The command line: parses options and calls audit or law; imports nothing heavy before the command runs."""


def main() -> None:
    """Run the command line (the `opendata-check` script)."""
    from opendata_check.cli.app import run

    run()
