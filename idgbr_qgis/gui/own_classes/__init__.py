"""The panel in which the user draws labels and sees at once what a model makes of them."""
