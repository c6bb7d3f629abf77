"""Where the plugin's files lie: beside this package in the repository, inside it where it is installed."""

from __future__ import annotations

import configparser
import functools
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE if (PACKAGE / "metadata.txt").exists() else PACKAGE.parent
RESOURCES = ROOT / "resources"
BACKEND = ROOT / "backend"
ICON = RESOURCES / "icons" / "idgbr.svg"
RECIPES = RESOURCES / "recipes"


@functools.lru_cache
def plugin_version() -> str:
    """Version of the plugin, as its metadata has it."""
    # No interpolation: the changelog may hold per cent signs.
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(ROOT / "metadata.txt", encoding="utf-8")
    return metadata.get("general", "version")
