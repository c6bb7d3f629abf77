"""Fixtures of the matrix: models whose answer is known, loaded once for all jobs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from idgbr.engines import session
from idgbr.engines.devices import Device
from idgbr.models import change, coarse
from idgbr.models.card import sha256_of
from idgbr.refiner import refiner
from tests.backend.change.change_models import difference_model
from tests.backend.tiny_models import bright_model, moving_refiner, save_graph


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Models: `red` tells red from blue, `grey` bright from dark; `change` is sure where two dates differ.

    The refiner is a tiny one: what files hold and where they lie is tested, not what the shipped network makes of it.
    """
    root = difference_model(tmp_path_factory.mktemp("models"))
    bright_model(root, name="grey", bands=1)
    bright_model(root, name="red")
    moving_refiner(root, right=1)
    graph = root / "red" / "model.onnx"
    save_graph(graph, np.array([[-20.0, 0, 20], [20, 0, -20]]), np.zeros(2))
    card = json.loads((root / "red" / "model.json").read_text())
    card["files"] = {"model.onnx": sha256_of(graph)}
    (root / "red" / "model.json").write_text(json.dumps(card))
    return root


@pytest.fixture(scope="session")
def held() -> dict[Path, session.Session]:
    """Networks by file."""
    return {}


@pytest.fixture(autouse=True)
def loaded_once(
    models: Path, held: dict[Path, session.Session], monkeypatch: pytest.MonkeyPatch, copies_here: None
) -> None:
    """Jobs find the models, and load each network once in all tests."""
    monkeypatch.setenv("IDGBR_MODELS", str(models))
    load: Callable[..., session.Session] = session.open_session

    def once(path: Path, device: Device, *more: Any, **named: Any) -> session.Session:
        if path not in held:
            held[path] = load(path, device, *more, **named)
        return held[path]

    for module in (coarse, refiner, change):
        monkeypatch.setattr(module, "open_session", once)
