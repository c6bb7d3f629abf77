"""A network over a raster: tiles, their input, inference, and the files of its results. See docs/glossary.md#tiles."""
