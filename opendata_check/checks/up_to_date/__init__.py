"""Checks that look whether the data are kept up to date."""
