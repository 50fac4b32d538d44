"""Checks that look for private persons' data."""
