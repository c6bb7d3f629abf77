"""What the dock asks for, as parameters of the algorithms."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsMapLayer,
    QgsProcessing,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from idgbr_qgis.core.destinations import split_destination
from idgbr_qgis.core.errors import LayerError, ModelMissingError, OutputPathError
from idgbr_qgis.core.estimate import job_kind
from idgbr_qgis.core.extents import check_crs, check_overlap
from idgbr_qgis.core.models import model_problem
from idgbr_qgis.core.translation import tr

if TYPE_CHECKING:
    from idgbr_qgis.core.area import Area


class Task(Enum):
    """What is to be done."""

    SEGMENT = "segment"
    REFINE = "refine"
    CHANGES = "detectchanges"
    #: Asked for in the algorithm's own dialog, so no plan.
    TRAIN = "train"


class Quality(Enum):
    """How much time boundaries are worth."""

    DRAFT = "draft"
    STANDARD = "standard"
    THOROUGH = "thorough"


#: Names of the jobs in the protocol, under which their speeds are kept.
JOBS = {Task.SEGMENT: "segment", Task.REFINE: "refine", Task.CHANGES: "detect-changes"}
#: Diffusion steps of each quality when refining; 0 is the refiner's own number. More than four hardly gain.
STEPS = {Quality.DRAFT: 1, Quality.STANDARD: 0, Quality.THOROUGH: 4}


#: Rasters that come along, by the names of their check boxes.
RASTERS = {
    Task.SEGMENT: ("classes", "confidence", "uncertainty"),
    Task.REFINE: ("classes", "confidence", "uncertainty"),
    Task.CHANGES: ("probability",),
}


@dataclass(frozen=True)
class Output:
    """Where results go: to `path`, or to temporary layers; rasters lie beside the polygons."""

    path: str = ""
    classes: bool = False
    confidence: bool = False
    uncertainty: bool = False
    probability: bool = False
    load: bool = True

    def paths(self, rasters: tuple[str, ...] = RASTERS[Task.SEGMENT]) -> dict[str, str]:
        """Destinations by output of the algorithm, which has these rasters."""
        names = ["OUTPUT", *(f"OUTPUT_{name.upper()}" for name in rasters if getattr(self, name))]
        if not self.path:
            return dict.fromkeys(names, QgsProcessing.TEMPORARY_OUTPUT)
        stem = Path(split_destination(self.path)[0]).with_suffix("")
        ends = {name: f"_{name.removeprefix('OUTPUT_').lower()}.tif" for name in names if name != "OUTPUT"}
        return {name: f"{stem}{ends[name]}" if name in ends else self.path for name in names}


@dataclass(frozen=True)
class JobPlan:
    """A job as the user describes it."""

    image: QgsRasterLayer
    task: Task = Task.SEGMENT
    area: Area | None = None
    model: str = "buildings"
    coarse: QgsMapLayer | None = None
    #: Of the layer to refine the selected features alone.
    selected_only: bool = False
    class_field: str = ""
    after: QgsRasterLayer | None = None
    quality: Quality = Quality.STANDARD
    min_area: float = 4.0
    #: Method for regular outlines; "model": as the model suggests, if one is chosen.
    regularize: str = "model"
    #: Whether touching objects are polygons of their own, and whether a layer is moved onto the image first.
    objects: bool = False
    align: bool = False
    device: str = "auto"
    output: Output = field(default_factory=Output)

    @property
    def algorithm_id(self) -> str:
        """Id of the algorithm that does it."""
        return f"idgbr:{self.task.value}"

    @property
    def kind(self) -> str:
        """Name under which its speed is kept."""
        return job_kind(JOBS[self.task], refined=self.quality is not Quality.DRAFT)

    @property
    def layers(self) -> list[QgsMapLayer]:
        """The layers that take part."""
        others = {Task.REFINE: self.coarse, Task.CHANGES: self.after}
        return [layer for layer in (self.image, others.get(self.task)) if layer is not None]

    def paths(self) -> dict[str, str]:
        """Destinations by output of the algorithm; of boundaries that are not refined, no uncertainty is known."""
        rough = self.task is Task.SEGMENT and self.quality is Quality.DRAFT
        return self.output.paths(tuple(name for name in RASTERS[self.task] if not (rough and name == "uncertainty")))

    def check(self, project: QgsProject, waiting: list[str]) -> None:
        """Raise what the user has to settle first; `waiting` are the files that queued jobs will write."""
        for layer in self.layers:
            check_crs(layer)
        if self.task is Task.REFINE and self.coarse is None:
            raise LayerError(tr("Choose the class raster or polygon layer to refine."))
        if self.task is Task.REFINE and self.coarse is self.image:
            raise LayerError(tr("The image and the layer to refine are the same; choose another one."))
        if self.task is Task.SEGMENT and (problem := model_problem(self.model)):
            raise ModelMissingError(problem)
        if self.task is Task.CHANGES and self.after in (None, self.image):
            raise LayerError(tr("Choose another image for the later date."))
        if self.area is not None:
            check_overlap(self.area.extent, self.image, project.transformContext())
        if not self.output.path:
            return
        open_here = _open_in(project)
        for path in self.paths().values():
            if path in waiting:
                text = tr("Another job in the queue writes {path}; choose another file.")
                raise OutputPathError(text.format(path=path))
            if name := open_here.get(_place(path)):
                text = tr("{path} is open in this project as {layer}; choose another file, or remove the layer.")
                raise OutputPathError(text.format(path=path, layer=name))
            check_writable(split_destination(path)[0])

    def parameters(self, project: QgsProject) -> dict[str, Any]:
        """Write it as parameters of its algorithm."""
        values: dict[str, Any] = {
            "STEPS": STEPS[self.quality],
            "MIN_AREA": self.min_area,
            "REGULARIZE": self._outlines,
            "DEVICE": self.device,
        }
        image = _named(self.image, project)
        if self.task is Task.REFINE:
            values |= {"INPUT": image, "COARSE": self._coarse(project), "CLASS_FIELD": self.class_field or None}
            values |= {"OBJECTS": self.objects, "ALIGN": self.align and isinstance(self.coarse, QgsVectorLayer)}
        else:
            values["REFINE"] = self.quality is not Quality.DRAFT
        if self.task is Task.SEGMENT:
            values |= {"INPUT": image, "MODEL": self.model, "OBJECTS": self.objects}
        elif self.task is Task.CHANGES:
            values |= {"BEFORE": image, "AFTER": _named(self.after, project)}
        if self.area is not None:
            values |= self.area.parameters(masked=self.task is Task.SEGMENT)
        for name, path in self.paths().items():
            values[name] = QgsProcessingOutputLayerDefinition(path, project)
        return values

    @property
    def _outlines(self) -> str:
        """The method for regular outlines, as the algorithm of the task names it."""
        return "none" if self.regularize == "model" and self.task is not Task.SEGMENT else self.regularize

    def _coarse(self, project: QgsProject) -> Any:
        """The layer to refine, or its selected features."""
        if self.selected_only and self.coarse is not None:
            return QgsProcessingFeatureSourceDefinition(self.coarse.id(), True)
        return _named(self.coarse, project)


def _place(source: str) -> tuple[str, str]:
    """File of a source or destination, and the layer in it if that is a GeoPackage."""
    path, layer = split_destination(source.partition("|geometrytype=")[0])
    if path.lower().endswith(".gpkg"):
        return path, (layer or Path(path).stem).lower()
    return path.partition("|")[0], ""


def _open_in(project: QgsProject) -> dict[tuple[str, str], str]:
    """Names of the layers of a project by their places: other layers of the same GeoPackage are in nobody's way."""
    found = {}
    for layer in project.mapLayers().values():
        source = str(layer.source())
        found[_place(source)] = layer.name()
    return found


def _named(layer: QgsMapLayer | None, project: QgsProject) -> str | QgsMapLayer | None:
    """A layer by its id, as it may be removed while the task that holds the parameters runs: QGIS would crash."""
    return layer.id() if layer is not None and project.mapLayer(layer.id()) is not None else layer


def _is_database(file: Path) -> bool:
    """Whether SQLite has written a file."""
    try:
        with file.open("rb") as content:
            return content.read(15) == b"SQLite format 3"
    except OSError:
        return False


def check_writable(path: str) -> None:
    """Raise `OutputPathError` where another program has a file open, or where it may not be written.

    Windows says so when the file is opened; elsewhere the journal that SQLite keeps beside a GeoPackage that is just
    being made does, which would also spoil another file of that name. Into one that is made, and open, layers are
    brought as into any database.
    """
    file = Path(path)
    if not _is_database(file) and any(Path(f"{path}{end}").exists() for end in ("-wal", "-journal")):
        text = tr("{path} is open in another program; close it there, or choose another file.")
        raise OutputPathError(text.format(path=path))
    try:
        if file.exists():
            with file.open("r+b"):
                pass
        elif not os.access(file.parent, os.W_OK):
            raise PermissionError
    except OSError as error:
        text = tr("{path} cannot be written: it is open in another program, or protected; choose another file.")
        raise OutputPathError(text.format(path=path), str(error)) from error
