"""Checks that look for what the law asks to publish."""
