"""Where layers come from: the files and connection strings that they read, and what the worker can open of them."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProject,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsVectorLayer,
    QgsVirtualLayerDefinition,
)
from qgis.PyQt.QtCore import QUrl


def origin(layer: QgsMapLayer) -> str:
    """Where a layer comes from, for people; without passwords."""
    return f"{layer.name()} ({layer.publicSource()})"


def staged_record(layer: QgsMapLayer) -> dict[str, Any]:
    """What a job is told of a layer for which it gets another file: its name, and the sources that it reads."""
    return {"layer": layer.name(), "sources": sorted(_sources(layer, set()))}


def _sources(layer: QgsMapLayer, seen: set[str]) -> set[str]:
    """Files and connection strings that a layer reads; those of layers that are joined to it, or in a query, too."""
    if layer.id() in seen:
        return set()
    seen.add(layer.id())
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path, name = _whole_path(parts), str(parts.get("layerName") or "")
    found = {f"{path}|{name}" if name else path} if path and not isinstance(layer, QgsRasterLayer) else set()
    if isinstance(layer, QgsRasterLayer) and layer.providerType() == "gdal":
        found = {gdal_source(layer) or path or layer.source()}
    others: list[QgsMapLayer | None] = []
    if isinstance(layer, QgsVectorLayer):
        others += [join.joinLayer() for join in layer.vectorJoins()]
    if layer.providerType() == "virtual":
        for part in QgsVirtualLayerDefinition.fromUrl(QUrl.fromEncoded(layer.source().encode())).sourceLayers():
            others.append(
                QgsProject.instance().mapLayer(part.reference())
                if part.isReferenced()
                else QgsVectorLayer(part.source(), part.name(), part.provider())
            )
    return found.union(*(_sources(other, seen) for other in others if other is not None))


def gdal_source(layer: QgsRasterLayer) -> str | None:
    """What the worker's GDAL opens for a layer: a path, subdataset or network path; None if only QGIS can read it."""
    if layer.providerType() != "gdal":
        return None
    parts = QgsProviderRegistry.instance().decodeUri("gdal", layer.source())
    path, subdataset = _whole_path(parts), str(parts.get("layerName") or "")
    if parts.get("openOptions") or "/vsimem/" in layer.source() or layer.source().startswith("MEM:"):
        return None
    if subdataset or not path:
        # Subdatasets such as NETCDF:"file.nc":variable are opened under their whole name.
        return layer.source().split("|", 1)[0]
    return path


def _whole_path(parts: dict[str, Any]) -> str:
    """The path of a decoded source, with what QGIS splits off: GDAL's file system, and the place in an archive."""
    return "".join(str(parts.get(name) or "") for name in ("vsiPrefix", "path", "vsiSuffix"))


def ogr_source(layer: QgsVectorLayer) -> str | None:
    """What the worker opens for a layer, `path|name`; None if only QGIS shows it as it is.

    That is so for what lies in memory or a database, is filtered or being edited, has fields that QGIS adds, or another
    coordinate system or encoding of texts in QGIS than in its file.
    """
    if layer.providerType() != "ogr" or layer.subsetString() or layer.isModified():
        return None
    fields = layer.fields()
    if any(fields.fieldOrigin(i) != Qgis.FieldOrigin.Provider for i in range(fields.count())):
        return None
    provider = layer.dataProvider()
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    path, name = _whole_path(parts), str(parts.get("layerName") or "")
    if path.startswith("/vsi") or parts.get("openOptions") or layer.crs() != provider.crs():
        return None
    if parts.get("geometryType"):  # the polygons of a layer that has other geometries, too
        return None
    if not name and provider.subLayerCount() > 1:
        return None
    untouched = QgsVectorLayer(layer.source(), layer.name(), "ogr")
    if untouched.isValid() and provider.encoding() != untouched.dataProvider().encoding():
        return None
    return f"{path}|{name}" if name else path
