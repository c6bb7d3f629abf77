"""Puts the bundled models and the licence, which lie beside the backend in the repository, into wheel and sdist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class RepositoryFiles(BuildHookInterface):  # type: ignore[type-arg]
    """Adds files of the repository; a tree that was unpacked from an sdist has them in the package already."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add what is there, but for an editable install, which reads the repository itself."""
        if version == "editable":
            return
        repository = Path(self.root).parent
        for source, target in (("resources/models", "idgbr/resources/models"), ("LICENSE", "idgbr/LICENSE")):
            if (repository / source).exists():
                build_data["force_include"][str(repository / source)] = target
