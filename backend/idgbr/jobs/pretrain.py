"""The job `pretrain`: a diffusion prior from rasters without labels."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import Any

from idgbr.jobs.training_folder import require_torch, training_folder
from idgbr.models.card import band_numbers
from idgbr.monitor import Monitor
from idgbr.options import command_line
from idgbr.parameters import PretrainParameters
from idgbr.pipeline.outputs import check_source
from idgbr.raster.reader import RasterSource


def run_pretrain(parameters: PretrainParameters, monitor: Monitor) -> dict[str, Any]:
    """Train a prior, or resume it, and write its folder in one step; the summary has its loss by noise."""
    require_torch("pre-training")
    from idgbr.training.pretrain_run import PretrainConfig, run_pretraining

    begun = time.monotonic()
    output = checked_folder(parameters.output)
    config = PretrainConfig(
        size=parameters.size, steps=parameters.steps, minutes=parameters.minutes, batch=parameters.batch,
        seed=parameters.seed, start_from=parameters.start_from,
    )  # fmt: skip
    with ExitStack() as stack:
        sources = [
            stack.enter_context(RasterSource(path, monitor=monitor)) for path in parameters.inputs.splitlines()
        ]
        chosen = band_numbers(parameters.bands)
        bands = NetworkBands(len(chosen), chosen, ()) if chosen else network_bands(sources)
        run, telling = stack.enter_context(
            training_folder(parameters, output, sources, (), monitor, resume=parameters.resume)
        )
        figures = run_pretraining(
            sources, config, bands=bands.count, band_map=bands.band_map, run=run, model=run / "model",
            model_id=tidy_id(output.name), command=command_line(PretrainParameters, vars(parameters)),
            device=parameters.device, monitor=telling,
        )  # fmt: skip
        for source in sources:
            check_source(source, monitor)
        put_folder(run / "model", output)
    seconds = round(time.monotonic() - begun, 2)
    return {"outputs": {"OUTPUT_MODEL": str(output)}, "summary": {**figures, "seconds": seconds}}
