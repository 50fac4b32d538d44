"""Reads a folder's own metadata: data packages, SCDL catalogues, sidecars, DCAT files."""
