"""The parameters of all jobs: names, types, defaults, ranges, choices and help, each defined once.

The command line, the Python functions, the checks of `run_job`, the commands that `idgbr jobs list` prints and
`docs/parameters.md` are made from these dataclasses; a test compares the algorithms in QGIS with them. This package
imports nothing heavy, so that `idgbr --help` is quick.
"""

from __future__ import annotations

from idgbr.options import Parameters
from idgbr.parameters.maps import (
    AlignParameters,
    DetectChangesParameters,
    EvaluateParameters,
    PreviewParameters,
    RefineParameters,
    RegularizeParameters,
    SegmentParameters,
    TrackChangesParameters,
    VectorizeParameters,
)
from idgbr.parameters.own_models import (
    AddModelParameters,
    ChangeModelParameters,
    ExportModelParameters,
    PretrainParameters,
    RemoveModelParameters,
    TrainParameters,
    TryLabelsParameters,
)
from idgbr.parameters.shared import BACKGROUND_CHOICES, MAX_BAND, MAX_SAMPLES, ON_BAD_BLOCK, OUTSIDE, Extent

__all__ = [
    "BACKGROUND_CHOICES",
    "MAX_BAND",
    "MAX_SAMPLES",
    "ON_BAD_BLOCK",
    "OUTSIDE",
    "PARAMETERS",
    "AddModelParameters",
    "AlignParameters",
    "ChangeModelParameters",
    "DetectChangesParameters",
    "EvaluateParameters",
    "ExportModelParameters",
    "Extent",
    "PretrainParameters",
    "PreviewParameters",
    "RefineParameters",
    "RegularizeParameters",
    "RemoveModelParameters",
    "SegmentParameters",
    "TrackChangesParameters",
    "TrainParameters",
    "TryLabelsParameters",
    "VectorizeParameters",
]

#: The parameters of each job, by its name in the protocol and on the command line.
PARAMETERS: dict[str, type[Parameters]] = {
    kind.JOB: kind
    for kind in (
        SegmentParameters, RefineParameters, DetectChangesParameters, TrackChangesParameters, VectorizeParameters,
        RegularizeParameters, AlignParameters, EvaluateParameters, TrainParameters, PretrainParameters,
        PreviewParameters, TryLabelsParameters, AddModelParameters, ChangeModelParameters, ExportModelParameters,
        RemoveModelParameters,
    )
}  # fmt: skip
