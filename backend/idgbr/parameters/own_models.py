"""The parameters of the jobs that train and manage the user's own models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from idgbr.errors import InputError
from idgbr.options import Option, Parameters
from idgbr.parameters.shared import Area, AreaCrs, Device, Resume

#: What can be trained from labels; segment needs the extra `train`.
TASKS = ("quick", "segment")
#: Networks of the task segment.
ARCHITECTURES = ("backbone", "backbone-frozen", "unet", "hrnet", "diff-hrnet")
#: How ground without a label counts in the task segment.
UNLABELLED = ("unlabelled", "background")
#: Sizes of a diffusion prior.
PRIOR_SIZES = ("cpu", "gpu")

_CROP_REMEDY = "give a multiple of 32 from 64 to 2048"
LabelField = Annotated[
    str | None, Option("Field of the labels with the class (text or integer); by default class or class_id.")
]
Bands = Annotated[
    str, Option("Bands of the rasters that the network reads, from 1, such as 4,1,2; empty: the model's choice.")
]
Minutes = Annotated[
    float, Option("Most minutes of training; 0: no limit.", low=0, remedy="give minutes, or 0 for no limit")
]
BatchSize = Annotated[
    int, Option("Crops of a training step; fewer if memory runs out.", low=1, remedy="give 1 or more")
]
Crop = Annotated[
    int, Option("Side of a training crop in pixels, a multiple of 32.", low=64, high=2048, remedy=_CROP_REMEDY)
]
Title = Annotated[str, Option("Title of the model in lists; by default the name of its folder.")]
Background = Annotated[str, Option("Class that gets no polygons, such as the ground around objects.")]


@dataclass(frozen=True)
class TrainParameters(Parameters):
    """Train a model for your own classes from labels drawn on images."""

    JOB = "train"

    input: Annotated[str, Option("Raster with labels.", metavar="IMAGE", role="raster")]
    labels: Annotated[
        str,
        Option(
            "Layer of polygons, lines or points with a class (path or path|layer), or class raster.",
            metavar="LABELS",
            role="labels",
        ),
    ]
    output: Annotated[
        str, Option("Folder of the model to write; its name is the model's id.", metavar="OUTPUT", role="model folder")
    ]
    task: Annotated[
        str,
        Option(
            "quick: fitted to a few labels in a minute; segment: a network trained in full, with torch. change and "
            "refiner read a TOML file: idgbr train CONFIG OUTPUT --task change.",
            choices=TASKS, remedy=f"it is one of {', '.join(TASKS)}",
        ),
    ] = "quick"  # fmt: skip
    class_field: LabelField = None
    background: Background = "background"
    more_inputs: Annotated[str | None, Option("Further raster with labels; can be repeated.", role="rasters")] = None
    more_labels: Annotated[
        str | None,
        Option("Labels of each further raster, in the same order; by default one layer has them all.", role="rasters"),
    ] = None
    ignore: Annotated[str | None, Option("Polygon layer of areas whose labels are not used.", role="mask")] = None
    title: Title = ""
    add_as: Annotated[str, Option("Id under which the model is also added to your models.")] = ""
    seed: Annotated[
        int, Option("Number that the random choices start from.", low=0, high=2**31 - 1, remedy="give 0 or more")
    ] = 0
    architecture: Annotated[
        str,
        Option(
            "Network of the task segment: the shared backbone, fine-tuned or frozen, a compact U-Net, HRNetV2, or "
            "HRNetV2 with a diffusion prior.",
            choices=ARCHITECTURES, remedy=f"it is one of {', '.join(ARCHITECTURES)}",
        ),
    ] = "backbone"  # fmt: skip
    prior: Annotated[str | None, Option("Diffusion prior for diff-hrnet: an id, or a folder of `idgbr pretrain`.")] = (
        None
    )
    width: Annotated[
        int,
        Option("Channels of the finest branch of HRNet: 18 for two cores; 32 or 48 for a GPU.", low=4, high=128,
               remedy="give 4 to 128"),
    ] = 18  # fmt: skip
    bands: Bands = ""
    outside: Annotated[
        str,
        Option("How ground without a label counts in the task segment.", choices=UNLABELLED,
               remedy=f"it is one of {', '.join(UNLABELLED)}"),
    ] = "unlabelled"  # fmt: skip
    class_weights: Annotated[bool, Option("Let rare classes weigh more in the task segment.")] = True
    steps: Annotated[int, Option("Most training steps of the task segment.", low=1, remedy="give 1 or more")] = 4000
    minutes: Minutes = 60.0
    batch: BatchSize = 8
    crop: Crop = 256
    report: Annotated[str | None, Option("Report on the validation of the task segment (.html).", role="report")] = None
    resume: Resume = True
    device: Device = "auto"

    def check(self) -> None:
        """Raise InputError for inconsistent values."""
        _check_crop(self.crop)
        if self.task == "quick" and self.report:
            raise InputError("a report is written by the task segment only; leave it out, or choose that task.")
        if self.architecture == "diff-hrnet" and not self.prior:
            raise InputError("diff-hrnet needs a prior; name the folder that `idgbr pretrain` wrote.")
        rasters, layers = (1 + len((text or "").splitlines()) for text in (self.more_inputs, self.more_labels))
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
class PretrainParameters(Parameters):
    """Train a diffusion prior for diff-hrnet on rasters without labels."""

    JOB = "pretrain"

    inputs: Annotated[str, Option("Rasters with the same bands.", metavar="RASTERS", role="rasters")]
    output: Annotated[
        str, Option("Folder of the model to write; its name is the model's id.", metavar="OUTPUT", role="model folder")
    ]
    start_from: Annotated[
        str | None, Option("Prior to continue from: an id, or a folder of `idgbr pretrain`; it sets the size.")
    ] = None
    size: Annotated[
        str,
        Option("Size of the network: cpu for two cores, gpu for a large GPU.", choices=PRIOR_SIZES,
               remedy=f"it is one of {', '.join(PRIOR_SIZES)}"),
    ] = "cpu"  # fmt: skip
    title: Title = ""
    bands: Bands = ""
    steps: Annotated[int, Option("Most training steps.", low=1, remedy="give 1 or more")] = 20_000
    minutes: Minutes = 0.0
    batch: BatchSize = 8
    crop: Crop = 256
    seed: Annotated[
        int, Option("Number that the random choices start from.", low=0, high=2**31 - 1, remedy="give 0 or more")
    ] = 0
    report: Annotated[str | None, Option("Curves of the training (.html), while it runs.", role="report")] = None
    resume: Resume = True
    device: Device = "auto"

    def check(self) -> None:
        """Raise InputError for inconsistent values."""
        _check_crop(self.crop)


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

    source: Annotated[str, Option("Folder of a model, a .zip, an .onnx file or a STAC item.")]
    id: Annotated[str, Option("Id to use instead of its own.")] = ""
    gsd_m: Annotated[
        float,
        Option("Pixel size in metres, if the file does not state it.", low=0, remedy="give metres, or 0 if it does"),
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
class ExportModelParameters(Parameters):
    """Export a model to a new folder or a zip."""

    JOB = "export-model"

    id: Annotated[str, Option("Id of the model.")]
    output: Annotated[str, Option("New folder, or .zip, to write.")]
    replace: Annotated[bool, Option("Replace an existing .zip.")] = False


@dataclass(frozen=True)
class RemoveModelParameters(Parameters):
    """Remove one of the user's models."""

    JOB = "remove-model"

    id: Annotated[str, Option("Id of the model.")]


def _check_crop(crop: int) -> None:
    if crop % 32:
        raise InputError(f"crop is {crop}; {_CROP_REMEDY}.")
