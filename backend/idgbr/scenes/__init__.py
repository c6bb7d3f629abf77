"""Procedural orthophotos with exact class truth: training data, demo, tests and benchmarks."""

from __future__ import annotations

from idgbr.scenes.scene import Scene, make_scene

__all__ = ["Scene", "make_scene"]
