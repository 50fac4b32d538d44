"""Checks that look whether a program can read the files as they are."""
