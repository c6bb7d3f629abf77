"""Vector layers in and out: reading, polygons and their attributes, writing, publishing."""
