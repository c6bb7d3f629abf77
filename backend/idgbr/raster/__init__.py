"""Rasters in and out: reading, grids, georeferencing, class codes, writing."""
