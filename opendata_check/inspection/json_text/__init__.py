"""JSON read as it comes: its syntax, its records, its geometries."""
