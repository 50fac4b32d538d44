"""Speaks CSW: addresses, requests, pages, refusals, and records in Dublin Core."""
