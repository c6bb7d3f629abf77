"""Pre-training of a diffusion prior: nodata, held-out blocks, the model folder, continuing."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the train extra (make setup-train)")

from idgbr.models.card import PriorCard  # noqa: E402
from idgbr.models.registry import read_entry  # noqa: E402
from idgbr.monitor import Monitor  # noqa: E402
from idgbr.raster.reader import RasterSource  # noqa: E402
from idgbr.run import run_job  # noqa: E402
from idgbr.training import diff_prior, pretrain_run  # noqa: E402
from idgbr.training.architectures import load_prior  # noqa: E402
from idgbr.training.diff_prior import (  # noqa: E402
    PriorBatch,
    PriorSize,
    prior_loss,
)
from idgbr.training.labels import IGNORE  # noqa: E402
from idgbr.training.own_rasters import Block  # noqa: E402
from idgbr.training.places import Place  # noqa: E402
from idgbr.training.pretrain_run import BINS, PretrainConfig, crops, run_pretraining  # noqa: E402
from tests.backend.training.own_data import SIDE, write_image  # noqa: E402


class Notes(Monitor):
    """Keeps warnings."""

    def __init__(self) -> None:
        super().__init__()
        self.warned: list[str] = []

    def warn(self, message: str) -> None:
        self.warned.append(message)


def pretrain(folder: Path, name: str, config: PretrainConfig, monitor: Monitor, bands: int = 3) -> Path:
    with ExitStack() as stack:
        sources = [
            stack.enter_context(RasterSource(write_image(folder / f"{name}{n}.tif", bands=bands, seed=n)))
            for n in range(2)
        ]
        run_pretraining(
            sources, PriorCard(name, "1", name, (), bands, (0.0, 9.0), 0, 0, {}), config, run=folder / f"{name}.run",
            model=folder / name, command="test", device="cpu", monitor=monitor,
        )  # fmt: skip
    return folder / name


def test_ground_without_data_is_out_of_the_loss() -> None:
    """The loss is the same whatever the prediction says there."""
    noise, known = torch.randn(1, 2, 8, 8), torch.zeros(1, 1, 8, 8)
    known[..., :4] = 1
    batch = PriorBatch(torch.zeros(1, 2, 8, 8), known, noise, torch.tensor([0.5]))

    class Fixed(torch.nn.Module):
        def __init__(self, wrong: float) -> None:
            super().__init__()
            self.wrong = wrong

        def forward(self, image: torch.Tensor, std: torch.Tensor) -> torch.Tensor:
            return noise + self.wrong * (1 - known)

    assert float(prior_loss(Fixed(0), batch)) == float(prior_loss(Fixed(1e3), batch)) == 0


def test_crops_inside_count_only_their_block() -> None:
    """Held-out crops see more than their block, but only the block is measured."""
    labels = np.zeros((SIDE, SIDE), np.uint8)
    labels[:, :16] = IGNORE
    place = Place("p", "d", labels, 1.0, 0, [np.zeros((SIDE, SIDE, 3), np.uint8)])
    block = Block(0, 0, 0, 32, 32)
    batch = crops([place], [block], 96, np.random.default_rng(0), 4, inside=True)
    assert batch.image.shape == (4, 3, 96, 96)
    assert batch.known.sum((1, 2, 3)).tolist() == [32 * 16] * 4


def test_pretraining_writes_a_prior_and_continues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The card tells the loss of each bin; a second training begins with its weights, also for other bands."""
    monkeypatch.setitem(diff_prior.SIZES, "cpu", PriorSize(4, (8, 8, 8, 8), 1))
    monkeypatch.setattr(pretrain_run, "_HELD_OUT", 2)
    config = PretrainConfig(steps=2, batch=2, crop=64)
    folder = pretrain(tmp_path, "first", config, Notes())
    entry = read_entry(folder)
    assert entry.problem is None
    assert isinstance(entry.card, PriorCard)
    assert entry.card.widths == (8, 8, 8, 8)
    losses = entry.card.accuracy["held-out blocks"]["squared error"]
    assert len(losses) == len(BINS)
    assert all(loss > 0 for loss in losses.values())
    before, _ = load_prior(str(folder))
    notes = Notes()
    again = PretrainConfig(steps=1, batch=1, crop=64, start_from=str(folder))
    other, card = load_prior(str(pretrain(tmp_path, "second", again, notes, bands=5)))
    assert card.bands == 5
    assert "trained on 3 bands, not 5" in notes.warned[0]
    with torch.no_grad():
        moved = (other.middle.blocks[0].conv1.weight - before.middle.blocks[0].conv1.weight).abs().max()
    assert float(moved) < 0.01


def test_the_job_writes_its_curves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(diff_prior.SIZES, "cpu", PriorSize(4, (8, 8, 8, 8), 1))
    monkeypatch.setattr(pretrain_run, "_HELD_OUT", 2)
    report = tmp_path / "curves.html"
    images = [str(write_image(tmp_path / f"{n}.tif", bands=3, seed=n)) for n in range(2)]

    class Looks(Notes):
        """Looks at the page while the training runs."""

        def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
            if stage == "train" and done == 2:
                assert "1 of 2 steps" in report.read_text(encoding="utf-8")

    given = {
        "inputs": "\n".join(images), "output": str(tmp_path / "prior"), "steps": 2, "batch": 1, "crop": 64,
        "device": "cpu", "report": str(report),
    }  # fmt: skip
    done = run_job("pretrain", given, Looks())
    assert done["outputs"]["REPORT"] == str(report)
    page = report.read_text(encoding="utf-8")
    assert "2 of 2 steps" in page
    assert "Squared error of the noise on held-out blocks" in page
    assert page.count("<polyline") == 2
    assert "refresh" not in page
