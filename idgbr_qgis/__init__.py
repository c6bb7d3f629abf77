"""IDGBR for QGIS: polygons with right boundaries from images, by a backend in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from idgbr_qgis.plugin import IdgbrPlugin


def classFactory(iface: QgisInterface | None) -> IdgbrPlugin:
    """Make the plugin; QGIS calls it, qgis_process without an interface."""
    from idgbr_qgis.plugin import IdgbrPlugin

    return IdgbrPlugin(iface)
