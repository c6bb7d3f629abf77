"""Trainings carried from one machine to another."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

torch = pytest.importorskip("torch", reason="training needs the train extra (make setup-train)")

import numpy as np  # noqa: E402
from safetensors.torch import load_file, save_file  # noqa: E402
from torch import nn  # noqa: E402

from idgbr.training.loop import train  # noqa: E402

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "training_state.py"


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("training_state", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def trained(folder: Path, steps: int, name: str = "refiner") -> nn.Module:
    torch.manual_seed(3)
    net = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.Conv2d(4, 1, 1))
    return train(
        net, lambda rng: torch.from_numpy(rng.random((2, 3, 8, 8), dtype=np.float32)),
        lambda net, batch: (net(batch) ** 2).mean(),
        steps=steps, folder=folder, name=name, learning_rate=1e-3, seed=0,
    )  # fmt: skip


def test_a_training_of_any_name_goes_on_elsewhere(tmp_path: Path) -> None:
    """Weights come back in half precision, with those that the training reads; the optimizer starts over."""
    here, there, kept = (tmp_path / name for name in ("here", "there", "kept"))
    trained(here, 3)
    save_file({"a": torch.linspace(0, 1, 8)}, here / "refiner.backbone.safetensors")
    # Beyond half precision, as variances of a deep network are.
    save_file({"b": torch.tensor([1.0, 1e5])}, here / "refiner.best.safetensors")
    (here / "refiner.judged.csv").write_text("2,-1.5\n9,-3.0\n")
    state = script()
    state.save(here, "refiner", kept)
    assert sorted(p.name for p in kept.iterdir()) == ["refiner.json", "refiner.safetensors"]
    assert '"judged": [\n  [\n   "2"' in (kept / "refiner.json").read_text()
    state.restore(there, "refiner", kept)
    found = torch.load(there / "refiner.checkpoint.pt", weights_only=True)
    before = torch.load(here / "refiner.checkpoint.pt", weights_only=True)
    assert "optimizer" not in found
    assert found["step"] == before["step"] == 3
    for part in ("net", "ema"):
        for key, value in before[part].items():
            torch.testing.assert_close(found[part][key], value, rtol=1e-3, atol=1e-4)
    read = load_file(there / "refiner.backbone.safetensors")
    torch.testing.assert_close(read["a"], torch.linspace(0, 1, 8), rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(load_file(there / "refiner.best.safetensors")["b"], torch.tensor([1.0, 1e5]))
    trained(there, 5)
    assert torch.load(there / "refiner.checkpoint.pt", weights_only=True)["step"] == 5
