"""GeoPackage files: writing a layer into one with other content, moving a layer, and the R-tree."""
