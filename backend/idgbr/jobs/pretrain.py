"""The job `pretrain`: a diffusion prior from rasters without labels."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from idgbr.evaluation.report import check_report_output
from idgbr.jobs.model_folder import checked_folder, put_folder, title_of
from idgbr.jobs.training_folder import require_torch, training_folder
from idgbr.models.card import PriorCard
from idgbr.models.manage import tidy_id
from idgbr.models.number_lists import band_numbers
from idgbr.monitor import Monitor
from idgbr.options import command_line
from idgbr.parameters import PretrainParameters
from idgbr.paths import file_output
from idgbr.pipeline.outputs import check_source
from idgbr.quick.bands import network_bands, value_scaling
from idgbr.raster.reader import RasterSource
from idgbr.training.curve_page import CurvePage, FollowedByPage


def run_pretrain(parameters: PretrainParameters, monitor: Monitor) -> dict[str, Any]:
    """Train a prior, or resume it, and write its folder in one step; the summary has its loss by noise."""
    require_torch("pre-training")
    from idgbr.training.pretrain_run import PretrainConfig, curve_reader, run_pretraining

    begun, output = time.monotonic(), checked_folder(parameters.output)
    report = file_output(parameters.report) if parameters.report else None
    if report is not None:
        check_report_output(report)
    config = PretrainConfig(
        size=parameters.size, steps=parameters.steps, minutes=parameters.minutes, batch=parameters.batch,
        crop=parameters.crop, seed=parameters.seed, start_from=parameters.start_from,
    )  # fmt: skip
    with ExitStack() as stack:
        paths = parameters.inputs.splitlines()
        sources = [stack.enter_context(RasterSource(path, monitor=monitor)) for path in paths]
        bands, chosen = network_bands(sources), band_numbers(parameters.bands)
        name = tidy_id(output.name)
        card = PriorCard(
            name, "1", title_of(parameters), (), len(chosen) or bands.count, (0.0, 0.0), 0, 0, {},
            band_map=chosen or bands.band_map,
        )  # fmt: skip
        card = replace(card, scaling=value_scaling(sources, card))
        run, telling = stack.enter_context(
            training_folder(parameters, output, sources, (), monitor, resume=parameters.resume)
        )
        page = CurvePage(report, card.title, curve_reader(run)) if report else None
        if page is not None:
            telling = FollowedByPage(telling, page)
        figures = run_pretraining(
            sources, card, config, run=run, model=run / "model",
            command=command_line(PretrainParameters, vars(parameters)), device=parameters.device, monitor=telling,
        )  # fmt: skip
        for source in sources:
            check_source(source, monitor)
        if page is not None:
            page.end()
        put_folder(run / "model", output, run / "former")
    figures["seconds"] = round(time.monotonic() - begun, 2)
    outputs = {"OUTPUT_MODEL": str(output)} | ({"REPORT": str(report)} if report else {})
    return {"outputs": outputs, "summary": {"model": name, **figures}}
