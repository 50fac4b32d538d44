"""Checks that look whether people know what they may do with the data."""
