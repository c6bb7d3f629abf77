"""GeoPackage files: layers put into one that holds more, moved between two, and their R-tree."""
