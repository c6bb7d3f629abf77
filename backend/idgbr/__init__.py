"""IDGBR backend: coarse segmentation, diffusion boundary refinement and vectorization of rasters."""

__version__ = "0.1.0"
