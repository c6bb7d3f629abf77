#!/usr/bin/env python3
"""Writes docs/algorithms.md from the algorithms themselves: .venv-qgis/bin/python scripts/document_algorithms.py."""

from __future__ import annotations

import sys
from pathlib import Path

from qgis.core import Qgis, QgsApplication, QgsProcessingAlgorithm, QgsProcessingParameterDefinition

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "algorithms.md"


def page() -> str:
    """The documentation of all algorithms of the provider; needs a QgsApplication."""
    from idgbr_qgis.processing.provider import IdgbrProvider

    provider = IdgbrProvider()
    registry = QgsApplication.processingRegistry()
    registry.addProvider(provider)
    try:
        sections = [_section(algorithm) for algorithm in provider.algorithms()]
    finally:
        registry.removeProvider(provider)
    return "\n".join(["# Algorithms", "", "Written by `scripts/document_algorithms.py`; do not edit.", "", *sections])


def _section(algorithm: QgsProcessingAlgorithm) -> str:
    rows = [_row(parameter) for parameter in algorithm.parameterDefinitions()]
    return "\n".join(
        [
            f"## {algorithm.name()}",
            "",
            f"**{algorithm.displayName()}** (`idgbr:{algorithm.name()}`)",
            "",
            algorithm.shortHelpString(),
            "",
            "| Parameter | Meaning | Default |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _row(parameter: QgsProcessingParameterDefinition) -> str:
    flags = parameter.flags()
    notes = [
        note
        for flag, note in (
            (Qgis.ProcessingParameterFlag.Optional, "optional"),
            (Qgis.ProcessingParameterFlag.Advanced, "advanced"),
        )
        if flags & flag
    ]
    default = parameter.defaultValue()
    shown = "" if default is None else f"`{str(default).lower() if isinstance(default, bool) else default}`"
    remark = f" ({', '.join(notes)})" if notes else ""
    return f"| `{parameter.name()}` | {parameter.description()}{remark}. {parameter.help()} | {shown} |"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    application = QgsApplication([], False)
    application.initQgis()
    PAGE.write_text(page(), encoding="utf-8")
    application.exitQgis()
