"""Checks that look whether files can be found, opened and understood."""
