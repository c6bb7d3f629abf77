"""IDGBR: coarse segmentation, diffusion boundary refinement and vectorization of georeferenced rasters.

`import idgbr` is quick: each function imports what it needs when it is first used. See `docs/api.md`.
"""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = [
    "IdgbrError",
    "Result",
    "align",
    "detect_changes",
    "errors",
    "evaluate",
    "list_devices",
    "list_models",
    "pretrain",
    "refine",
    "regularize",
    "segment",
    "track_changes",
    "train",
    "vectorize",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return import_module("idgbr.errors") if name == "errors" else getattr(import_module("idgbr.api"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
