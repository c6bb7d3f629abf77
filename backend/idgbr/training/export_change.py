"""Export of a trained SCN to ONNX, and the card of the bundled change model."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from idgbr.training.change_pairs import GSD_RANGE_M, MAX_SHIFT_PX
from idgbr.training.export import LABELLED, export_graph, fold_batch_norm, training_record, write_card
from idgbr.training.scn import SCN, SMALL, Widths

#: Coarsest and finest ground sample distance that images are brought to.
WORKING_GSD_M = (0.5, 1.0)
#: Side of a tile and what of it is context alone, px. At one half of the widest reach of the attention.
TILE, HALO = 512, 96
#: Probability from which on a pixel has changed: for recall rather than for F1, as the refiner moves edges but rarely
#: finds what was missed.
THRESHOLD = 0.4


class ChangeProbability(nn.Module):
    """What is exported: two dates (1, 3, H, W), each standardized by its own statistics, to P(change) (1, 1, H, W)."""

    def __init__(self, net: SCN) -> None:
        super().__init__()
        self.net = net

    def forward(self, before: Tensor, after: Tensor) -> Tensor:
        return torch.sigmoid(self.net(before, after)[0])


def export_change(run: Path, models: Path, *, widths: Widths = SMALL) -> None:
    """Export `change.safetensors` of a run folder as the model `change`."""
    net = SCN(widths, tileable=True)
    net.load_state_dict(load_file(run / "change.safetensors"))
    folder = models / "change"
    date = torch.randn(1, 3, 128, 128)
    worst = export_graph(
        ChangeProbability(fold_batch_norm(net.eval())), folder / "model.onnx",
        {"before": date, "after": date.flip(3)}, ["change"], {"before": 1, "after": 1},
    )  # fmt: skip
    write_card(
        folder, ["model.onnx"],
        id="change", kind="change", task="change", title="Building change", classes=[], bands=3,
        gsd_range_m=WORKING_GSD_M, tile=TILE, halo=HALO, scaling={"kind": "unit"}, threshold=THRESHOLD,
        direction_model="buildings", export_difference=worst,
        about="SCN-small (SChanger, arXiv 2503.20734), trained on pairs made of single-date building labels: two "
        "places; one place with buildings exchanged; one place twice, in other light and off by up to "
        f"{MAX_SHIFT_PX:g} px. No real pair of dates was seen in training, and the schedule is far shorter than the "
        "published one.",
        training=training_record(run, "change", LABELLED), trained_gsd_range_m=GSD_RANGE_M,
    )  # fmt: skip
