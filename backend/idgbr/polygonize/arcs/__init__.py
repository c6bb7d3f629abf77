"""Boundaries between regions as arcs: traced along cracks, fitted in corridors, regularized."""
