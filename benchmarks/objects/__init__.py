"""Benchmarks of objects: outlines that a mapper keeps."""
