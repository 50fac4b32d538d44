"""Reads what OGC services say: exceptions, WFS capabilities, OGC API landing pages, records and features."""
