"""Reads where things lie: maps of every format, columns of coordinates, and the system their figures betray."""

from opendata_check.inspection.spatial.apparent import BBox, apparent_crs
from opendata_check.inspection.spatial.extent import Box
from opendata_check.inspection.spatial.prj import crs_of_prj
from opendata_check.inspection.spatial.projections import lambert93_to_wgs84, mercator_to_wgs84
from opendata_check.inspection.spatial.shapefile import read_shapefile, read_shapefile_zip

__all__ = [
    "BBox",
    "Box",
    "apparent_crs",
    "crs_of_prj",
    "lambert93_to_wgs84",
    "mercator_to_wgs84",
    "read_shapefile",
    "read_shapefile_zip",
]
