"""Reads what udata answers: addresses, lists and owners, records to datasets."""
