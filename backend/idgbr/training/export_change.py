"""Export of a trained SCN to ONNX, and the card of the bundled change model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from idgbr.training.change_pairs import GSD_RANGE_M, MAX_SHIFT_PX
from idgbr.training.export import LABELLED, export_graph, fold_batch_norm, training_record, write_card
from idgbr.training.export_backbone import UNLABELLED
from idgbr.training.networks import clear_untrained_taps
from idgbr.training.scn import SCN, SMALL, Widths

#: Coarsest and finest ground sample distance that images are brought to.
WORKING_GSD_M = (0.5, 1.0)
#: Side of a tile, px: larger ones take more than 2 GiB of memory.
TILE = 768
#: What of a tile is context alone, px, from the side of the training crops: as far as the network sees so that the
#: result differs by less than half of one of 255 levels, and the ramp between tiles.
HALO = {128: 208, 256: 256}
#: Side of the crops that the bundled model is trained on.
CROP = 128
#: How P(change) is combined with the buildings of both dates, and from what on a pixel has changed: what was best on
#: pairs made of the training places, with an earlier model of buildings (`python -m benchmarks.change --only made`).
FUSION, THRESHOLD = "logits", 0.4
#: What `benchmarks/change.py` found of the shipped weights.
MEASURED = (
    "On LEVIR-CD chips F1 0.69 (two segmentations 0.69, image differencing 0.26), on DSIFN chips 0.53 (0.38, 0.38), of "
    "buildings taken out of xBD pairs 0.36 (0.29, 0.06). False alarms: 0.06 % of the area on one image in other season "
    "and sun, 2.7 % between real dates of unlike angle and light, 3.4 % in a city of high buildings."
)
#: Names of the trainings, in order: on single dates, on made pairs, on these and pairs of real dates.
PRIOR, CHANGE, DATED = "change_prior", "change", "change_dated"
NAIP = "naip_california_pairs, images"
#: Weights beside the graph, for trainings that begin with them.
WEIGHTS = "weights.safetensors"


class ChangeProbability(nn.Module):
    """The exported graph: P(change) (1, 1, H, W) from two dates (1, 3, H, W).

    Each date is standardized by its own statistics.
    """

    def __init__(self, net: SCN) -> None:
        super().__init__()
        self.net = net

    def forward(self, before: Tensor, after: Tensor) -> Tensor:
        return torch.sigmoid(self.net(before, after)[0])


def without_untrained_taps(net: SCN, crop: int) -> SCN:
    """Set to zero, in place, kernel taps that training on crops of `crop` px never reached.

    On larger tiles they would add noise. The dilated kernels of the attention reach 9 px to each side. At a stride of
    16, a crop of 128 px is 8 px wide, so the outermost taps only ever met the padding.
    """
    for level, attention in enumerate(net.attention):
        clear_untrained_taps(attention, crop >> level)
    return net


def write_change_model(net: SCN, folder: Path, crop: int, **fields: Any) -> None:
    """Write a model folder: the graph, the weights for further training, and the card with `fields`.

    `crop` is the side of the training crops, px.
    """
    folder.mkdir(parents=True, exist_ok=True)
    net = without_untrained_taps(net.eval(), crop)
    weights = {k: v.half() if v.is_floating_point() else v for k, v in net.state_dict().items()}
    save_file({k: v.contiguous() for k, v in weights.items()}, folder / WEIGHTS)
    date = torch.randn(1, 3, 128, 128)
    worst = export_graph(
        ChangeProbability(fold_batch_norm(net)), folder / "model.onnx", {"before": date, "after": date.flip(3)},
        ["change"], {"before": 1, "after": 1},
    )  # fmt: skip
    halo = HALO.get(crop, max(HALO.values()))
    card: dict[str, Any] = {
        "kind": "change", "task": "change", "classes": [], "bands": 3, "tile": TILE, "halo": halo,
        "scaling": {"kind": "unit"}, "export_difference": worst,
    }  # fmt: skip
    write_card(folder, ["model.onnx", WEIGHTS], **card | fields)


def export_change(run: Path, models: Path, *, widths: Widths = SMALL) -> None:
    """Export `change_dated.safetensors` of a run folder as the model `change`."""
    net = SCN(widths, tileable=True)
    net.load_state_dict(load_file(run / f"{DATED}.safetensors"))
    record = training_record(run, DATED, LABELLED | {NAIP: UNLABELLED[NAIP]})
    made = training_record(run, CHANGE, {})
    record |= {part: round(record[part] + made[part], 1) for part in ("steps", "minutes")}
    write_change_model(
        net, models / "change", CROP,
        id="change", title="Building change", gsd_range_m=WORKING_GSD_M, threshold=THRESHOLD, fusion=FUSION,
        direction_model="buildings",
        about="SCN-small (SChanger, arXiv 2503.20734), trained on pairs made of single-date building labels: two "
        "places; one place with buildings exchanged; one place twice, in other light, seen from another side and off "
        f"by up to {MAX_SHIFT_PX:g} px; and two real dates of Californian cities, with buildings exchanged or without "
        "a change. The changes are made, and the schedule is far shorter than the published one. " + MEASURED,
        training=record, trained_gsd_range_m=GSD_RANGE_M,
    )  # fmt: skip
