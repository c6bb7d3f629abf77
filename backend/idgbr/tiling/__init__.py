"""A network over a raster: tiles, their input, inference, and the files that hold what comes out."""
