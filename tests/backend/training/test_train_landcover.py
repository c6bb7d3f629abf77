"""The land-cover network: what it starts from, what a teacher adds, and its export."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from idgbr.models.card import read_card  # noqa: E402
from idgbr.training.backbone import MultiTaskNet, TaskNet  # noqa: E402
from idgbr.training.backbone_loss import Batch  # noqa: E402
from idgbr.training.export_landcover import export_landcover  # noqa: E402
from idgbr.training.labels import BUILDING, IGNORE, UNKNOWN  # noqa: E402
from idgbr.training.networks import CoarseProbabilities  # noqa: E402
from idgbr.training.places import Place, pyramid  # noqa: E402
from idgbr.training.train_landcover import HEADS, started_from, taught, train_landcover  # noqa: E402


def tile(name: str, seed: int, *, calibration: bool = False) -> Place:
    """Five classes as bands of their own grey."""
    labels = np.repeat(np.arange(5, dtype=np.uint8), 40)[:, None].repeat(200, 1)
    noise = np.random.default_rng(seed).integers(-9, 10, (200, 200, 3))
    image = np.clip(labels[..., None] * 50 + 20 + noise, 0, 255).astype(np.uint8)
    return Place(name, "landcover_dubai_hitl", labels, 0.5, 0, pyramid(image), calibration=calibration)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    torch.manual_seed(1)
    path = tmp_path / "backbone.best.safetensors"
    save_file({k: v.contiguous() for k, v in MultiTaskNet().state_dict().items()}, path)
    return path


def test_it_starts_from_backbone_and_head(weights: Path) -> None:
    net = started_from(weights)
    assert set(net.heads) == set(HEADS)
    torch.manual_seed(1)
    whole, image = MultiTaskNet().eval(), torch.rand(1, 3, 64, 64)
    with torch.inference_mode():
        assert torch.equal(net.eval()(image)["landcover"], whole(image)["landcover"])
    assert not any(p.requires_grad for p in net.backbone.encoder.stem.parameters())


def test_a_teacher_labels_what_it_is_sure_of_and_keeps_what_is_known() -> None:
    class Teacher(torch.nn.Module):
        def forward(self, image: torch.Tensor) -> dict[str, torch.Tensor]:
            logits = torch.zeros(len(image), 5, 4, 4)
            logits[:, 3, :2] = 9.0  # sure of class 3 in the upper half
            return {"landcover": logits}

    labels = torch.full((2, 8, 8), IGNORE, dtype=torch.uint8)
    labels[1, 0, 0] = BUILDING
    unknown = torch.full_like(labels, UNKNOWN)
    batch = Batch(torch.rand(2, 3, 8, 8), labels, unknown, torch.zeros_like(labels), torch.rand(1, 3, 8, 8))
    found = taught(batch, Teacher()).labels
    assert (found[0] == IGNORE).all()
    assert found[1, 0, 0] == BUILDING
    assert (found[1, :4].flatten()[1:] == 3).all()
    assert (found[1, 4:] == IGNORE).all()


def test_it_trains_and_is_exported_as_a_model_of_its_own(weights: Path, tmp_path: Path) -> None:
    places = [tile("tile1_1", 1), tile("tile3_1", 2, calibration=True)]
    net = train_landcover(places, [], weights, steps=2, folder=tmp_path, batch=2, size=64, judge_every=2)
    rows = (tmp_path / "landcover.judged.csv").read_text().split()
    assert [row.split(",")[0] for row in rows] == ["2"]
    image = torch.rand(1, 3, 96, 64)
    with torch.inference_mode():
        expected = CoarseProbabilities(TaskNet(net, "landcover")).eval()(image)
    (tmp_path / "landcover.csv").write_text("300,0.5,90.0\n")
    export_landcover(tmp_path, tmp_path / "models", net, {"temperature": 1.0})
    card = read_card(tmp_path / "models" / "landcover")
    assert [c.name for c in card.classes] == ["building", "land", "road", "vegetation", "water"]
    record = json.loads((tmp_path / "models" / "landcover" / "model.json").read_text())["training"]
    assert (record["steps"], record["minutes"]) == (300, 1.5)
    import onnxruntime as ort

    session = ort.InferenceSession(str(tmp_path / "models" / "landcover" / "model.onnx"))
    (got,) = session.run(None, {"image": image.numpy()})
    assert np.abs(got - expected.numpy()).max() < 0.02
