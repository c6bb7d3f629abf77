"""Coarse segmentation: a discriminative model says what is where, at about the right place."""
