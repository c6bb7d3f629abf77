"""The coarse pass and the default refinement of a tile in memory, in torch and with the project's own inference."""

from __future__ import annotations

import os
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from benchmarks.gpu.bench import Bench, images
from benchmarks.gpu.graphs import MODELS, require_cuda
from benchmarks.gpu.networks import computing
from idgbr.refiner.codes import code_table, times
from idgbr.training.backbone import MultiTaskNet, enlarged
from idgbr.training.guided_loss import commonest, split_output, transported
from idgbr.training.guided_networks import GuidedRefiner
from idgbr.training.label_states import by_pixel, codes_of, relations_of

TABLE = "Coarse pass and default refinement from memory"
IN_TORCH = "torch, networks and transport on the device"
#: Steps of the default refinement.
STEPS = 2
#: Models and ground sample distance (m) of the project's pass.
_COARSE, _REFINER, _GSD_M = "landcover", "refiner", 0.3


def in_torch(bench: Bench) -> None:
    """Everything on the device, refining every pixel: bytes of an image in, bytes of classes out; random weights."""
    whole = TorchPass(bench.device)
    for precision in ("TF32" if bench.on_gpu else "fp32", "bf16"):
        rate = 0.0
        for size in bench.sizes:
            what = f"{TABLE}: torch, {precision}, {size}²"
            if not bench.has_time(what, 8 * size * size / rate if rate else 0.0):
                continue
            with bench.memory_guard(what), torch.inference_mode(), computing(precision, bench.device):
                pixels = (images(1, size, torch.device("cpu")) * 255).to(torch.uint8)
                bench.reset_peak()
                found = whole(pixels)
                assert found.shape == (1, size, size)
                took = bench.seconds(lambda pixels=pixels: whole(pixels))  # type: ignore[misc]
                rate = size * size / took
                bench.report.add(
                    TABLE, engine=IN_TORCH, precision=precision, side=size,
                    steps=STEPS, ms=1e3 * took, **{"Mpx/s": rate / 1e6, "peak MiB": bench.peak_mb()},
                )  # fmt: skip


class TorchPass:
    """Backbone, head of land cover, refiner that reads the backbone, with transport and acceptance of every pixel."""

    def __init__(self, device: torch.device) -> None:
        channels_last = {"memory_format": torch.channels_last}
        self.net = MultiTaskNet().eval().to(device, **channels_last)  # type: ignore[call-overload]
        self.refiner = GuidedRefiner().eval().to(device, **channels_last)  # type: ignore[call-overload]
        self._table = torch.from_numpy(code_table(5)).to(device)[None]
        self._device = device

    def __call__(self, pixels: Tensor) -> Tensor:
        """Classes (1, S, S) uint8 on the host, of an image (1, 3, S, S) uint8 on the host."""
        image = pixels.to(self._device).float().div_(255.0)
        features = self.net.backbone(image)
        coarse = enlarged(self.net.heads["landcover"](features[0]).float()).softmax(1)
        refined, logits = self.refined(image, coarse, features)
        before = commonest(coarse)
        return torch.where(logits > 0, commonest(refined), before).to(torch.uint8).cpu()

    def refined(self, image: Tensor, coarse: Tensor, features: list[Tensor]) -> tuple[Tensor, Tensor]:
        """As `idgbr.refiner.flow.flow`, of all pixels: refined probabilities (1, 5, S, S), logits (1, S, S)."""
        codes = codes_of(coarse, self._table)
        scale = torch.zeros(len(image), device=image.device)
        certainty = coarse.amax(1, keepdim=True)
        guidance = self.refiner.guidance(image, relations_of(codes), certainty, scale, *features)
        estimate, state = coarse, codes
        logits = torch.zeros_like(coarse[:, 0])
        for now, then in pairwise([*map(float, times(STEPS)), 0.0]):
            output = self.refiner.denoiser(relations_of(state), torch.full_like(scale, now), *guidance)
            weights, logits = split_output(output)
            estimate = transported(by_pixel(weights).float().softmax(1), estimate)
            state = then / now * state + (1 - then / now) * codes_of(estimate, self._table)
        return estimate, logits


def of_project(bench: Bench) -> None:
    """The project's own classes in one thread, tile after tile, without files: what its jobs do with an array."""
    if bench.on_gpu:
        require_cuda()
    os.environ["IDGBR_MODELS"] = str(MODELS)
    from idgbr.engines.devices import Device
    from idgbr.models.coarse import CoarseModel
    from idgbr.models.registry import find_model
    from idgbr.monitor import Monitor
    from idgbr.refiner.refiner import Refiner

    device, monitor = Device(str(bench.device), "", "", 0), Monitor()
    coarse, refiner = find_model(_COARSE, "coarse"), find_model(_REFINER, "refiner")
    network, refining = CoarseModel(*coarse, device), Refiner(*refiner, device, gsd_m=_GSD_M)
    (before, core), (halo, small) = ((64, 128), (32, 64)) if bench.tiny else (
        (coarse[1].halo, coarse[1].tile), (refiner[1].halo, refiner[1].tile)
    )  # fmt: skip
    image = np.ascontiguousarray(images(1, core + 2 * before, torch.device("cpu"))[0].numpy())
    found: list[np.ndarray] = []

    def coarse_pass() -> None:
        found[:] = [network.predict(image)]

    def refine_pass() -> None:
        first = before - halo
        for row in range(first, first + core, small):
            for col in range(first, first + core, small):
                window = (slice(None), slice(row, row + small + 2 * halo), slice(col, col + small + 2 * halo))
                tile, scores = np.ascontiguousarray(image[window]), np.ascontiguousarray(found[0][window])
                refining.refine(tile, scores, row, col, monitor)

    for name, call in (("coarse pass", coarse_pass), ("refinement", refine_pass)):
        what = f"{TABLE}: the project's inference, {name}"
        if bench.has_time(what):
            took = bench.seconds(call)
            bench.report.add(
                TABLE, engine=f"the project's inference, {name}", precision="as shipped", side=core,
                steps=refining.steps, ms=1e3 * took,
                **{"Mpx/s": core * core / took / 1e6, "GPU memory taken MiB": bench.used_mb()},
            )  # fmt: skip
