"""Reads what CKAN and its imitations answer: addresses and scopes, searches and pages, packages to datasets."""
