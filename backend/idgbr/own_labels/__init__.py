"""Labels of the user's own classes: a layer with a class field, rasterized onto the grid of an image."""
