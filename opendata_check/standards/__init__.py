"""Formats with rules of their own, beyond what a table's schema can say: BAL, GTFS, public contracts, budgets."""
