"""Turns a record of DCAT-US 1.1 (Project Open Data: ``data.json``, ArcGIS Hub's feed) into a Dataset.

It is JSON-LD without saying so: DCAT's mapping reads it, licences in HTML and places in four numbers included.
Source: resources.data.gov/resources/dcat-us.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opendata_check.model.catalog import Dataset
from opendata_check.sources.reading.dcat.record import dataset_of
from opendata_check.sources.reading.rdf.graph import Graph, TooMuchError
from opendata_check.sources.reading.rdf.json_ld import node_of


def dcat_us_dataset(record: Mapping[str, Any]) -> Dataset:
    """Return the dataset of a DCAT-US record; any field may be missing or of another type."""
    try:
        node = node_of(record, Graph())
    except TooMuchError:  # millions of values in one record: nothing a person wrote
        node = node_of({}, Graph())
    return dataset_of(node)
