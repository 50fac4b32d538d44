"""Reads what data-fair answers: pages, records to datasets."""
