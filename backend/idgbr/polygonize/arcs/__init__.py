"""Arcs: boundaries between regions, traced along cracks, fitted in corridors, regularized. See docs/glossary.md."""
