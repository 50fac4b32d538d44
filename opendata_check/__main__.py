"""Lets `python -m opendata_check` run the command line."""

from opendata_check.cli import main

if __name__ == "__main__":
    main()
