"""The job folder of a training: rasters, checkpoints and curves, from which a stopped training resumes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import idgbr
from idgbr.checkpoint.fingerprint import layer_fingerprint, raster_fingerprint
from idgbr.checkpoint.job_folder import JobFolder
from idgbr.checkpoint.journal import Journal
from idgbr.errors import InputError
from idgbr.layers.polygons import find_layer
from idgbr.monitor import Monitor, Relay
from idgbr.options import Parameters
from idgbr.paths import LayerOutput
from idgbr.raster.open_dataset import is_raster
from idgbr.raster.reader import RasterSource

#: Parameters that a resumed training may change: machines and places; of the inputs the content counts.
_NOT_IN_IDENTITY = ("input", "inputs", "more_inputs", "output", "device", "resume", "report", "title", "add_as")


class _Noting(Relay):
    """Notes the progress of the training in the journal, too: from then on it can be resumed."""

    def __init__(self, outer: Monitor, journal: Journal) -> None:
        super().__init__(outer)
        self._journal = journal

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        if stage == "train":
            self._journal.record(stage, int(done), int(total))
        super().progress(stage, done, total, message)


@contextmanager
def training_folder(
    parameters: Parameters, output: Path, sources: Sequence[RasterSource], labels: Sequence[str], monitor: Monitor, *,
    resume: bool,
) -> Iterator[tuple[Path, Monitor]]:  # fmt: skip
    """The folder of a training that writes the model `output`, and a monitor that notes how far it got.

    `labels` are fingerprints of its labels. The folder is removed at the end; after a cancel or an error it stays.
    """
    values = {name: value for name, value in vars(parameters).items() if name not in _NOT_IN_IDENTITY}
    images = [raster_fingerprint(source) for source in sources]
    identity: dict[str, Any] = {**values, "backend": idgbr.__version__, "images": images, "labels": list(labels)}
    with JobFolder(LayerOutput(output, ""), (), monitor) as folder:
        folder.begin(parameters.JOB, vars(parameters), identity, resume=resume)
        yield folder.path, _Noting(monitor, folder.journal)


def label_fingerprint(text: str) -> list[str]:
    """Fingerprint of labels, a raster or a layer. Raises InputError."""
    if not is_raster(text, "the labels"):
        return [layer_fingerprint(find_layer(text))]
    with RasterSource(text) as raster:
        return raster_fingerprint(raster)


def require_torch(what: str) -> None:
    """Raise InputError if torch is not installed, which `what` needs."""
    if find_spec("torch") is None:
        raise InputError(f"{what} needs torch; install it with: pip install 'idgbr[train]'.")
