"""Models for the user's own classes: the labels that she draws, what a model makes of them, and how it is kept."""
