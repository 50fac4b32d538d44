"""Reads what Opendatasoft (Huwise) answers: addresses and scopes, versions and pages, records to datasets."""
