"""Reads what an ArcGIS Hub answers: feeds, searches, items to datasets."""
