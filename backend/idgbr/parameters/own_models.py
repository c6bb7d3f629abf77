"""The parameters of the jobs that train and manage the user's own models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from idgbr.errors import InputError
from idgbr.options import Option, Parameters
from idgbr.parameters.shared import Area, AreaCrs, Device

#: What can be trained from labels; the extra `train` adds others to `idgbr.jobs.train`.
TASKS = ("quick",)

LabelField = Annotated[
    str | None, Option("Field of the labels with the class (text or integer); by default class or class_id.")
]
Background = Annotated[str, Option("Class that gets no polygons, such as the ground around objects.")]


@dataclass(frozen=True)
class TrainParameters(Parameters):
    """Train a model for your own classes from labels drawn on images.

    The tasks change and refiner read a TOML file instead: idgbr train CONFIG OUTPUT --task change.
    """

    JOB = "train"

    input: Annotated[str, Option("Raster with labels.", metavar="IMAGE", role="raster")]
    labels: Annotated[
        str,
        Option(
            "Layer of polygons, lines or points with a class (path or path|layer).", metavar="LABELS", role="labels"
        ),
    ]
    output: Annotated[
        str, Option("Folder of the model to write; its name is the model's id.", metavar="OUTPUT", role="model folder")
    ]
    task: Annotated[
        str,
        Option("quick: fitted in a minute to a few labels.", choices=TASKS, remedy=f"it is one of {', '.join(TASKS)}"),
    ] = "quick"
    class_field: LabelField = None
    background: Background = "background"
    more_inputs: Annotated[str | None, Option("Further raster with labels; can be repeated.", role="rasters")] = None
    more_labels: Annotated[
        str | None,
        Option("Labels of each further raster, in the same order; by default one layer has them all.", role="rasters"),
    ] = None
    ignore: Annotated[str | None, Option("Polygon layer of areas whose labels are not used.", role="mask")] = None
    add_as: Annotated[str, Option("Id under which the model is also added to your models.")] = ""
    seed: Annotated[
        int, Option("Number that the random choices start from.", low=0, high=2**31 - 1, remedy="give 0 or more")
    ] = 0
    device: Device = "auto"

    def check(self) -> None:
        """Raise InputError for inconsistent values."""
        rasters, layers = len(self.pairs), 1 + len((self.more_labels or "").splitlines())
        if layers not in (1, rasters):
            raise InputError(
                f"there are {rasters} rasters and {layers} layers of labels; give a layer for each raster, or one for "
                "all."
            )

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The rasters, each with its labels."""
        rasters = [self.input, *(self.more_inputs or "").splitlines()]
        layers = [self.labels, *(self.more_labels or "").splitlines()]
        return list(zip(rasters, layers * len(rasters) if len(layers) == 1 else layers, strict=False))


@dataclass(frozen=True)
class TryLabelsParameters(Parameters):
    """Show what a quick model would make of a small part of the image, from the labels so far."""

    JOB = "try-labels"

    input: Annotated[str, Option("Raster with labels.", role="raster")]
    labels: Annotated[str, Option("Layer of polygons, lines or points with a class.", role="labels")]
    output: Annotated[str, Option("Folder for the rasters.")]
    class_field: LabelField = None
    background: Background = "background"
    extent: Area = None
    extent_crs: AreaCrs = None
    refine: Annotated[bool, Option("Also refine the boundaries with the diffusion refiner.")] = False
    device: Device = "auto"


@dataclass(frozen=True)
class AddModelParameters(Parameters):
    """Add a model to the user's own; `id` and `gsd_m` are optional if the model states them."""

    JOB = "add-model"

    source: Annotated[str, Option("Folder of a model, a .zip of one, or an .onnx file.")]
    id: Annotated[str, Option("Id to use instead of its own.")] = ""
    gsd_m: Annotated[
        float,
        Option(
            "Pixel size in metres, if an .onnx file does not state it.", low=0, remedy="give metres, or 0 if it does"
        ),
    ] = 0.0
    replace: Annotated[bool, Option("Replace the user's model of the same id.")] = False


@dataclass(frozen=True)
class ChangeModelParameters(Parameters):
    """Set value scaling and bands of a model; lists of numbers are text, such as "0.4, 0.4, 0.4"."""

    JOB = "change-model"

    id: Annotated[str, Option("Id of the model.")]
    scaling: Annotated[str, Option("Kind of value scaling: unit or standardize.")] = "unit"
    mean: Annotated[str, Option("Mean of each band, for standardize.")] = ""
    std: Annotated[str, Option("Standard deviation of each band, for standardize.")] = ""
    low: Annotated[str, Option("Value of each band that becomes 0.")] = ""
    high: Annotated[str, Option("Value of each band that becomes 1.")] = ""
    bands: Annotated[str, Option("Raster band for each band of the network.")] = ""


@dataclass(frozen=True)
class RemoveModelParameters(Parameters):
    """Remove one of the user's models."""

    JOB = "remove-model"

    id: Annotated[str, Option("Id of the model.")]
