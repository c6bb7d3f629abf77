"""Boundary refinement by conditional diffusion of the label map."""
