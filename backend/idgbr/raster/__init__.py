"""Rasters: reading by windows, grids, tiles, blending and writing."""
