"""Results of jobs: what made them, in words, in their metadata and in their files; and their group in the project."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osgeo import gdal
from qgis.core import (
    QgsLayerMetadata,
    QgsMapLayer,
    QgsNotSupportedException,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDateTime

from idgbr_qgis.core.destinations import split_destination
from idgbr_qgis.core.models import find_card
from idgbr_qgis.core.paths import plugin_version
from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Outputs as they lie in the group, the uppermost first; the first alone is shown at once.
ORDER = ("OUTPUT", "OUTPUT_CLASSES", "OUTPUT_CONFIDENCE", "OUTPUT_UNCERTAINTY")
CONFIDENCE_FIELD, MOVED_FIELD, UNCERTAIN_FIELD = "confidence", "moved_m", "uncertain"
#: Suffixes of files that hold their metadata, or have it beside them.
WITH_METADATA = (".gpkg", ".shp")


@dataclass(frozen=True)
class RunRecord:
    """How a result came about."""

    algorithm: str
    backend_version: str
    inputs: dict[str, str]
    parameters: dict[str, Any]
    summary: dict[str, Any] = field(default_factory=dict)
    when: str = field(default_factory=lambda: QDateTime.currentDateTime().toString("yyyy-MM-dd HH:mm:ss"))

    def lines(self) -> list[str]:
        """It in words, a fact a line."""
        facts = [
            tr("{when}: {algorithm}, IDGBR plugin {plugin}, backend {backend}").format(
                when=self.when, algorithm=self.algorithm, plugin=plugin_version(), backend=self.backend_version
            )
        ]
        model = str(self.parameters.get("model") or self.summary.get("model") or "")
        if model:
            card = find_card(model) or find_card(model, "refiner")
            version, licence = card.get("version", "?"), card.get("license", "?")
            text = tr("Model {model}, version {version}, licence: {licence}")
            facts.append(text.format(model=model, version=version, licence=licence))
        facts += [f"{name}: {origin}" for name, origin in self.inputs.items()]
        if self.summary.get("device"):
            facts.append(tr("Device: {device}").format(device=self.summary["device"]))
        values = {name: value for name, value in self.parameters.items() if value not in (None, "")}
        facts.append(tr("Parameters: {values}").format(values=json.dumps(values, ensure_ascii=False, default=str)))
        return facts

    def metadata(self) -> QgsLayerMetadata:
        """It as the metadata of a layer."""
        lines = self.lines()
        metadata = QgsLayerMetadata()
        metadata.setType("dataset")
        metadata.setTitle(tr("Result of {algorithm}").format(algorithm=self.algorithm))
        metadata.setAbstract("\n".join(lines))
        metadata.setHistory(lines)
        metadata.setKeywords({"gmd:topicCategory": ["IDGBR", self.algorithm]})
        return metadata


def write_metadata(path: str, metadata: QgsLayerMetadata) -> str:
    """Write metadata into a GeoPackage or beside a shapefile; returns what went wrong, empty if nothing did."""
    file, layer = split_destination(path)
    suffix = Path(file).suffix.lower()
    if suffix not in WITH_METADATA or not Path(file).exists():
        return ""
    beside = Path(file).with_suffix(".qmd")
    if suffix == ".shp" and beside.exists() and b"IDGBR" not in beside.read_bytes():
        return tr("{path} was not written by IDGBR and is not replaced").format(path=beside)
    uri = path
    if suffix == ".gpkg" and not layer:
        sublayers = QgsProviderRegistry.instance().querySublayers(path)
        if not sublayers:
            return tr("{path} has no layer").format(path=path)
        uri = f"{path}|layername={sublayers[0].name()}"
    logged = suffix != ".gpkg" or _has_log(file)
    try:
        written, reason = QgsProviderRegistry.instance().saveLayerMetadata("ogr", uri, metadata)
    except QgsNotSupportedException as error:
        return str(error)
    finally:
        if not logged:
            _leave_log(file)
    return "" if written else reason


def _has_log(path: str) -> bool:
    """Whether a GeoPackage is in SQLite's mode of a log beside the file (WAL)."""
    with Path(path).open("rb") as file:
        return file.read(19)[18:] == b"\x02"


def _leave_log(path: str) -> None:
    """Take a GeoPackage out of the mode of a log, which QGIS leaves it in once it has written metadata.

    Layers of the file that are open in QGIS would show nothing until they are loaded anew. A file that somebody edits
    at this moment stays in it.
    """
    with suppress(RuntimeError):
        if dataset := gdal.OpenEx(path, gdal.OF_VECTOR | gdal.OF_UPDATE):
            dataset.ReleaseResultSet(dataset.ExecuteSQL("PRAGMA journal_mode = DELETE"))


def dress(layer: QgsMapLayer, metadata: QgsLayerMetadata) -> None:
    """Give a result its metadata; polygons also names of fields for people, and a map tip."""
    layer.setMetadata(metadata)
    if not isinstance(layer, QgsVectorLayer):
        return
    aliases = {
        "class_id": tr("Class number"),
        "class": tr("Class"),
        CONFIDENCE_FIELD: tr("Confidence (0–1)"),
        "area_m2": tr("Area (m²)"),
        "perim_m": tr("Perimeter (m)"),
        MOVED_FIELD: tr("Boundary moved by (m)"),
        UNCERTAIN_FIELD: tr("Uncertainty of the boundary (0–1)"),
    }
    fields = layer.fields()
    for name, alias in aliases.items():
        if fields.lookupField(name) >= 0:
            layer.setFieldAlias(fields.lookupField(name), alias)
    if fields.lookupField("class") >= 0:
        layer.setDisplayExpression('"class"')
        layer.setMapTipTemplate(_map_tip(layer))


def _map_tip(layer: QgsVectorLayer) -> str:
    tip = ['<b>[% "class" %]</b>']
    if layer.fields().lookupField(CONFIDENCE_FIELD) >= 0:
        tip.append(tr("confidence") + ' [% round("confidence" * 100) %] %')
    if layer.fields().lookupField(MOVED_FIELD) >= 0:
        tip.append(tr("boundary moved by") + ' [% round("moved_m", 2) %] m')
    if layer.fields().lookupField(UNCERTAIN_FIELD) >= 0:
        tip.append(tr("uncertainty of the boundary") + ' [% round("uncertain" * 100) %] %')
    return "<br>".join(tip)


def group_title(layer_name: str) -> str:
    """Name of the group of a job's results."""
    now = QDateTime.currentDateTime().toString("yyyy-MM-dd HH:mm")
    return tr("IDGBR – {layer} – {time}").format(layer=layer_name, time=now)


def load_results(
    context: QgsProcessingContext, feedback: QgsProcessingFeedback, project: QgsProject, image: str
) -> list[QgsMapLayer]:
    """Load what a job made of an image into a group of the project, styled as the algorithm has it, polygons first.

    Layers bear the image's name, too: lists of layers, as that of what is to be refined, know no groups.
    """
    layers = []
    waiting = context.layersToLoadOnCompletion()
    for path, details in sorted(waiting.items(), key=lambda item: _place(item[1].outputName)):
        layer = _open(path, details.outputName, f"{details.name} – {image}")
        if not layer.isValid():
            feedback.reportError(tr("{path} cannot be opened").format(path=path))
            continue
        if details.postProcessor() is not None:
            details.postProcessor().postProcessLayer(layer, context, feedback)
        layers.append(layer)
    add_group(project, group_title(image), layers)
    return layers


def add_group(project: QgsProject, title: str, layers: Iterable[QgsMapLayer]) -> None:
    """Put layers into a new group on top of the project's; the first is shown, the others wait to be."""
    group = None
    for layer in layers:
        project.addMapLayer(layer, False)
        first = group is None
        group = group or project.layerTreeRoot().insertGroup(0, title)
        node = group.addLayer(layer)
        node.setItemVisibilityChecked(first)
        node.setExpanded(first)


def _open(path: str, output: str, name: str) -> QgsMapLayer:
    if output == "OUTPUT":
        return QgsVectorLayer(path, name, "ogr")
    # Styled right afterwards: QGIS's own style would have it read the raster for its range.
    return QgsRasterLayer(path, name, "gdal", QgsRasterLayer.LayerOptions(False))


def _place(output: str) -> int:
    return ORDER.index(output) if output in ORDER else len(ORDER)
