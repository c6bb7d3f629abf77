"""Full training: split by blocks, sampling, loss, resuming, memory, the model folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the train extra (make setup-train)")

import onnxruntime  # noqa: E402
from torch import nn  # noqa: E402

from idgbr.classes import ClassInfo  # noqa: E402
from idgbr.errors import DeviceError, InputError, JobCancelled  # noqa: E402
from idgbr.models.card import CoarseCard  # noqa: E402
from idgbr.models.registry import BUNDLED, read_entry  # noqa: E402
from idgbr.monitor import Monitor  # noqa: E402
from idgbr.raster.reader import RasterSource  # noqa: E402
from idgbr.training.architectures import shipped_backbone  # noqa: E402
from idgbr.training.labels import IGNORE  # noqa: E402
from idgbr.training.limits import within_memory  # noqa: E402
from idgbr.training.loop import train  # noqa: E402
from idgbr.training.own_rasters import blocks_of, positions, validation_blocks, without  # noqa: E402
from idgbr.training.places import Place  # noqa: E402
from idgbr.training.segment_config import SegmentConfig  # noqa: E402
from idgbr.training.segment_loss import segment_loss  # noqa: E402
from idgbr.training.segment_run import Labelled, run_training  # noqa: E402
from idgbr.training.train_segment import class_weights  # noqa: E402
from tests.backend.training.own_data import truth, write_image  # noqa: E402

CPU = torch.device("cpu")
CLASSES = (ClassInfo(1, "dark", (0, 0, 0)), ClassInfo(7, "bright", (255, 255, 255)))


def blank_card(bands: int, band_map: tuple[int, ...] = ()) -> CoarseCard:
    return CoarseCard("mine", "1", "mine", CLASSES, bands, (0.0, 9.0), 512, 0, {}, band_map=band_map)


def place(labels: np.ndarray) -> Place:
    return Place("p", "d", labels, 0.5, 0, [np.zeros((*labels.shape, 3), np.uint8)])


def test_blocks_keep_each_class_on_both_sides() -> None:
    """About the share of each class is set aside; a class in a single block stays in the training."""
    labels = np.full((640, 640), IGNORE, np.uint8)
    labels[:320] = 0
    labels[320:, ::7] = 1
    labels[630:, 630:] = 2
    blocks = validation_blocks([place(labels)], 3, 0.2, seed=3)
    aside = np.zeros(labels.shape, bool)
    for block in blocks:
        aside[block.window] = True
    shares = [float(aside[labels == label].mean()) for label in range(3)]
    assert shares[:2] == pytest.approx([0.2, 0.2], abs=0.08)
    assert shares[2] == 0


def test_of_many_rasters_whole_ones_are_set_aside() -> None:
    """Places are not split: all blocks of a raster, or none."""
    places = [place(truth()) for _ in range(6)]
    blocks = validation_blocks(places, 2, 0.2, seed=0)
    assert {b.raster for b in blocks} < set(range(6))
    for number in {b.raster for b in blocks}:
        assert [b for b in blocks if b.raster == number] == blocks_of(places[number], number)


def test_labels_of_the_validation_are_not_trained_on(tmp_path: Path) -> None:
    """They are ignored, and no crop is placed on them."""
    whole = place(truth())
    blocks = blocks_of(whole, 0)[:3]
    rest = without(whole, 0, blocks, tmp_path)
    assert all((rest.labels[block.window] == IGNORE).all() for block in blocks)
    assert int((rest.labels == IGNORE).sum()) == sum(b.height * b.width for b in blocks)
    spots = positions(rest, 2, np.random.default_rng(0))
    for label, found in enumerate(spots):
        assert len(found)
        assert (rest.labels[found[:, 0], found[:, 1]] == label).all()


def test_loss_ignores_and_weighs() -> None:
    """Ignored pixels do not count; a rare class weighs more, the mean pixel 1."""
    labels = torch.zeros(1, 8, 8, dtype=torch.uint8)
    labels[..., 4:] = IGNORE
    right = torch.zeros(1, 2, 8, 8)
    right[:, 0, :, :4], right[:, 1, :, 4:] = 9, 9
    assert float(segment_loss(right, labels, torch.ones(2))) < 0.05
    assert float(segment_loss(-right, labels, torch.ones(2))) > 5
    assert float(segment_loss(right, torch.full_like(labels, IGNORE), torch.ones(2))) == 0
    weights = class_weights(np.array([900, 100]), balanced=True)
    assert float(weights[1] / weights[0]) == pytest.approx(3)
    assert float(weights[0] * 0.9 + weights[1] * 0.1) == pytest.approx(1)


def test_a_cancelled_training_resumes_to_the_same_weights(tmp_path: Path) -> None:
    """A cancel leaves a checkpoint of the last step; the second run ends as an undisturbed one."""

    class Impatient(Monitor):
        def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
            if done == 3:
                self.cancel()

    def run(folder: Path, monitor: Monitor) -> nn.Module:
        torch.manual_seed(0)

        def batch(rng: np.random.Generator) -> tuple[torch.Tensor]:
            return (torch.from_numpy(rng.normal(size=(2, 3, 8, 8)).astype(np.float32)),)

        def loss(net: nn.Module, data: tuple[torch.Tensor]) -> torch.Tensor:
            return (net(data[0]) - 1).square().mean()

        return train(
            nn.Conv2d(3, 1, 3), batch, loss, steps=6, folder=folder, name="n", learning_rate=0.1, seed=1,
            monitor=monitor,
        )  # fmt: skip

    with pytest.raises(JobCancelled):
        run(tmp_path / "a", Impatient())
    assert torch.load(tmp_path / "a/n.checkpoint.pt", weights_only=True)["step"] == 3
    resumed, whole = run(tmp_path / "a", Monitor()), run(tmp_path / "b", Monitor())
    torch.testing.assert_close(resumed.weight, whole.weight)


@pytest.mark.parametrize("error", [torch.OutOfMemoryError("CUDA out of memory"), RuntimeError("not enough memory: 9")])
def test_batches_shrink_until_they_fit(error: Exception) -> None:
    """The batch is halved and this is said; a crop that does not fit is an error that says what to do."""
    said: list[str] = []

    class Listener(Monitor):
        def warn(self, message: str) -> None:
            said.append(message)

    def attempt(limit: int) -> Callable[[int], int]:
        def run(count: int) -> int:
            if count > limit:
                raise error
            return count

        return run

    assert within_memory(attempt(2), 8, 256, CPU, Listener()) == 2
    assert [text.split("with ")[1].split(" ")[0] for text in said] == ["4", "2"]
    with pytest.raises(DeviceError, match="smaller size"):
        within_memory(attempt(0), 8, 256, CPU, Listener())

    def broken(count: int) -> int:
        raise RuntimeError("shapes differ")

    with pytest.raises(RuntimeError, match="shapes"):
        within_memory(broken, 8, 256, CPU, Listener())


def test_backbone_in_torch_is_the_bundled_one() -> None:
    """Its weights come from the ONNX file, which gives the same features."""
    image = torch.rand(1, 3, 64, 64)
    with torch.inference_mode():
        finest = shipped_backbone().eval()(image)[0]
    session = onnxruntime.InferenceSession(str(BUNDLED / "backbone" / "model.onnx"))
    (expected,) = session.run(["features2"], {"image": image.numpy()})
    np.testing.assert_allclose(finest.numpy(), expected, atol=2e-3)


def test_training_writes_a_model_that_knows_its_data(tmp_path: Path) -> None:
    """Two bands of four, a U-Net, a few steps: it learns; the card, the graph and the pictures for the report."""
    labels = truth()
    labels[:64] = IGNORE
    config = SegmentConfig("unet", steps=20, batch=4, size=64, looks=1, learning_rate=3e-3)
    with RasterSource(write_image(tmp_path / "image.tif", bands=4, nodata_columns=10)) as source:
        rasters = [Labelled(source, lambda first, last: labels[first:last])]
        outcome = run_training(
            rasters, blank_card(2, (2, 4)), config, run=tmp_path / "run", model=tmp_path / "mine", command="test",
            device="cpu", monitor=Monitor(),
        )  # fmt: skip
    entry = read_entry(tmp_path / "mine")
    assert entry.problem is None
    assert entry.card is not None
    assert entry.card.band_map == (2, 4)
    assert entry.card.classes == CLASSES
    ((blocks, accuracy),) = entry.card.accuracy["validation"].items()
    assert 0 < int(blocks.split()[0]) < 8
    assert {"coarse mIoU", "IoU of dark", "calibration error"} <= accuracy.keys()
    assert entry.card.further["training"]["pixels"]["dark"] == int((labels[:, 10:] == 0).sum())
    assert outcome.figures["steps"] == 20
    assert outcome.figures["mIoU"] > 0.75
    assert outcome.pictures is not None
    assert all(path.exists() for path in outcome.pictures)
    (scores,) = onnxruntime.InferenceSession(str(tmp_path / "mine/model.onnx")).run(
        None, {"image": np.random.default_rng(0).random((1, 2, 96, 64), np.float32)}
    )
    assert scores.shape == (1, 2, 96, 64)
    np.testing.assert_allclose(scores.sum(1), 1, atol=1e-3)


def test_labels_without_data_below_are_refused(tmp_path: Path) -> None:
    """The class is named."""
    labels = np.full_like(truth(), IGNORE)
    labels[:, :10], labels[:, 10:] = 1, 0
    with (
        RasterSource(write_image(tmp_path / "image.tif", nodata_columns=10)) as source,
        pytest.raises(InputError, match="bright: no label lies on ground with data"),
    ):
        run_training(
            [Labelled(source, lambda first, last: labels[first:last])], blank_card(3), SegmentConfig("unet"),
            run=tmp_path / "run", model=tmp_path / "mine", command="test", device="cpu", monitor=Monitor(),
        )  # fmt: skip
