"""Keeps a model of the user's own classes: learned from all labels, among her models, its labels beside it."""

from __future__ import annotations

import re
import tempfile
import unicodedata
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsProcessingFeedback, QgsProject, QgsRasterLayer, QgsRectangle

from idgbr_qgis.core import settings
from idgbr_qgis.core.errors import LayerError, PluginError
from idgbr_qgis.core.extents import Extent, check_crs, check_overlap
from idgbr_qgis.core.layers import RasterStaging
from idgbr_qgis.core.own_classes.label_file import CLASS_FIELD, LAYER, LabelFile
from idgbr_qgis.core.own_classes.preview import LEAST_CLASSES
from idgbr_qgis.core.setup.state import data_folder
from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from idgbr_qgis.core.backend_client import BackendClient

#: What is exported of an image around its labels, as a share of their extent.
AROUND = 0.1


@dataclass(frozen=True)
class SaveRequest:
    """A model as it is to be kept, made on the main thread; `run` is for the backend's."""

    name: str
    image: RasterStaging
    labels: LabelFile

    def run(self, client: BackendClient, feedback: QgsProcessingFeedback) -> str:
        """Train the model and add it to the user's; returns its id. One of the same id is replaced."""
        number = model_id(self.name)
        labels = labels_path(number)
        labels.parent.mkdir(parents=True, exist_ok=True)
        self.labels.write_styled(labels)
        with tempfile.TemporaryDirectory(prefix="idgbr_", ignore_cleanup_errors=True) as folder:
            model = Path(folder, number)
            parameters: dict[str, Any] = {
                "input": self.image.write(Path(folder, "image"), feedback),
                "labels": f"{labels}|{LAYER}",
                "output": str(model),
                "task": "quick",
                "class_field": CLASS_FIELD,
                "title": self.name,
                "add_as": number,
                "device": settings.device(),
            }
            result = client.run_job("train", parameters)
        try:
            return str(result["summary"]["model"])
        except (KeyError, TypeError) as error:
            text = tr("The backend's answer cannot be read; set the backend up again.")
            raise PluginError(text, repr(error)) from error


def prepare_saving(name: str, image: QgsRasterLayer, labels: LabelFile, project: QgsProject) -> SaveRequest:
    """What is to be kept, learned from an image; raises `PluginError`."""
    if not model_id(name):
        raise PluginError(tr("Give the model a name."))
    check_crs(image)
    if len({number for number, _ in labels.shapes}) < LEAST_CLASSES:
        raise LayerError(tr("Draw a few strokes for each of two classes or more."))
    box = QgsRectangle()
    for _, shape in labels.shapes:
        box.combineExtentWith(shape.boundingBox())
    box.grow(AROUND * max(box.width(), box.height()))
    extent = Extent(box, labels.crs)
    check_overlap(extent, image, project.transformContext())
    return SaveRequest(name, RasterStaging(image, extent, project.transformContext()), labels)


def model_id(name: str) -> str:
    """Id of a model that bears a name, of letters without accents, digits and underscores; empty for no name."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    short = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:64]
    return short or (f"model_{zlib.crc32(name.encode()):08x}" if name.strip() else "")


def labels_path(number: str) -> Path:
    """Where the labels of a model lie that was saved: beside its folder, so that they outlive it."""
    return models_folder() / f"{number}.gpkg"


def models_folder() -> Path:
    """Where the user's own models lie."""
    return data_folder() / "models"
