"""The GPU check, on a CPU and with tiny sizes: its parts, its report, missing packages, the end of its time."""

# ruff: noqa: E402 (imports come after the check that torch is installed)
from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the check needs torch (make setup-train)")

from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.gpu import graphs, networks, whole_pass
from benchmarks.gpu.arithmetic import convolutions
from benchmarks.gpu.bench import Bench, images
from benchmarks.gpu.reference_unet import PASS_TFLOP, ReferenceUNet, Size, inputs_of
from benchmarks.gpu.report import Report
from idgbr.refiner.flow import flow
from idgbr.training.backbone import enlarged
from idgbr.training.guided_networks import MIDDLE_GSD_M, FirstGraph
from idgbr.training.train_guided import TorchGuided

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "cuda_check.py"
#: Runs the script as a user does, but without some packages.
RUN = """
import runpy, sys
from importlib.machinery import PathFinder
class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.split(".")[0] in {without!r} else super().find_spec(name, path, target)
sys.meta_path = [Without if finder is PathFinder else finder for finder in sys.meta_path]
sys.argv = {arguments!r}
runpy.run_path(sys.argv[0], run_name="__main__")
"""
#: What a machine for training may lack.
HEAVY = ("rasterio", "pyogrio", "numba", "shapely", "pyproj", "cv2", "safetensors", "onnx", "scipy", "rich", "psutil")


def check(folder: Path, *arguments: str, without: tuple[str, ...] = HEAVY) -> tuple[int, dict[str, Any]]:
    """Exit status and figures of a run on the CPU."""
    command = [str(SCRIPT), "--device", "cpu", "--output", str(folder), *arguments]
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(without=without, arguments=command)], capture_output=True, text=True,
        timeout=600, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert done.stdout == (folder / "cuda_check.md").read_text(encoding="utf-8") + "\n"
    return done.returncode, json.loads((folder / "cuda_check.json").read_text(encoding="utf-8"))


def bench(report: Report, seconds: float = 600.0) -> Bench:
    return Bench(torch.device("cpu"), report, time.monotonic() + seconds, tiny=True)


def test_all_parts_run_with_torch_and_onnxruntime_only(tmp_path: Path) -> None:
    status, found = check(tmp_path)
    assert (status, found["failed"]) == (0, [])
    tables = found["tables"]
    names = {name for name, *_ in networks.networks(tiny=True)}
    assert {row["network"] for row in tables[networks.CHECKS]} == names
    assert {row["network"] for row in tables[networks.SPEEDS]} == names
    assert {row["graph"] for row in tables[graphs.CHECKS]} == set(map(graphs.label, graphs.graph_paths()))
    assert len(tables["Training steps"]) == 5
    assert all(row["passed"] for row in tables["Training steps"])
    numbers = [value for rows in tables.values() for row in rows for value in row.values() if isinstance(value, float)]
    assert all(map(math.isfinite, numbers))
    # The project's own inference is compiled; everything else needs none of the packages.
    lacking = {entry["what"]: entry["reason"] for entry in found["not measured"]}
    expected = ("project", f"{graphs.CHECKS}: the project's session")
    assert lacking == dict.fromkeys(expected, "psutil is not installed")
    assert {path.name for path in tmp_path.iterdir()} <= {"cuda_check.md", "cuda_check.json", "caches"}


def test_without_onnxruntime_and_time_the_rest_is_named(tmp_path: Path) -> None:
    status, found = check(
        tmp_path, "--parts", "graphs", "arithmetic", "--budget", "0.5", without=("onnxruntime", *HEAVY)
    )
    reasons = [entry["reason"] for entry in found["not measured"]]
    assert reasons[0] == "onnxruntime is not installed"
    assert status == (0 if found["tables"] else 2)
    assert found["seconds"]["graphs"] < 60


def test_the_projects_own_inference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDGBR_MODELS", "")  # restored at the end
    monkeypatch.setenv("IDGBR_CPU_ENGINE", "onnxruntime")
    report = Report()
    whole_pass.of_project(bench(report))
    assert [row["engine"].split(", ")[1] for row in report.tables[whole_pass.TABLE]] == ["coarse pass", "refinement"]


def test_the_pass_in_torch_computes_what_the_project_computes() -> None:
    torch.manual_seed(1)
    cpu = torch.device("cpu")
    whole = whole_pass.TorchPass(cpu)
    networks.make_lifelike(whole.net, (images(4, 64, cpu),))
    given = next(network.inputs for network in networks.networks(tiny=True) if network.name.startswith("Guided"))
    networks.make_lifelike(FirstGraph(whole.refiner), given(4, 64, cpu))
    image = images(1, 64, cpu)
    with torch.inference_mode():
        features = whole.net.backbone(image)
        coarse = (0.02 * enlarged(whole.net.heads["landcover"](features[0]))).softmax(1)  # doubtful everywhere
        refined, logits = whole.refined(image, coarse, features)
    network = TorchGuided(whole.refiner, whole.net.backbone, MIDDLE_GSD_M)
    expected, expected_logits = flow(network, image[0].numpy(), coarse[0].numpy(), whole_pass.STEPS)
    assert np.abs(refined[0].numpy() - expected).max() < 1e-5
    assert np.abs(logits[0].numpy() - expected_logits).max() < 1e-3
    assert np.abs(expected - coarse[0].numpy()).max() > 1e-3


def test_a_wrong_result_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(nn.Module):
        """Right in float32 on the CPU, wrong as soon as it is asked again."""

        def __init__(self) -> None:
            super().__init__()
            self.layer, self.calls = nn.Conv2d(3, 4, 1), 0

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            self.calls += 1
            return self.layer(image) if self.calls < 5 else self.layer(image).roll(16, 3)

    def only_broken(*, tiny: bool) -> Any:
        assert tiny
        yield networks.Network("broken", Broken(), lambda n, s, d: (torch.rand(n, 3, s, s, device=d),))

    monkeypatch.setattr(networks, "networks", only_broken)
    report = Report()
    networks.compare(bench(report))
    assert [row["passed"] for row in report.tables[networks.CHECKS]] == [True, False]
    assert len(report.failed()) == 1
    assert "| broken | bf16 |" in report.markdown()
    assert report.markdown().startswith("# GPU check\n\n2 checks, 1 FAILED.")


def test_a_part_whose_time_is_over_measures_nothing() -> None:
    report = Report()
    networks.compare(bench(report, seconds=-1))
    assert not report.tables
    assert {entry["reason"] for entry in report.missing} == {"the time of this part was over"}


def test_the_reference_has_its_published_size() -> None:
    with torch.device("meta"):
        net = ReferenceUNet()
    assert sum(p.numel() for p in net.parameters()) == 859_520_964
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        net(*inputs_of(Size(), "meta"))
    assert counter.get_total_flops() / 1e12 == pytest.approx(PASS_TFLOP, rel=0.001)


def test_operations_of_convolutions() -> None:
    net = nn.Sequential(nn.Conv2d(8, 16, 3, 2, 1), nn.Conv2d(16, 16, 5, padding=2, groups=4))
    found = convolutions(net, [torch.rand(2, 8, 32, 32)])
    assert [each.operations for each in found] == [2 * 2 * 16 * 256 * 8 * 9, 2 * 2 * 16 * 256 * 4 * 25]
