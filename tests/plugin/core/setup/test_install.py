"""Real environments from tiny wheels: offline, from an index, cut and resumed; each failure provoked for real."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import idgbr_qgis
from idgbr_qgis.core.setup import install as install_module
from idgbr_qgis.core.setup.failures import Kind, SetupError
from idgbr_qgis.core.setup.find_python import find_uv
from idgbr_qgis.core.setup.install import Progress, Stage, download_wheels, set_up
from idgbr_qgis.core.setup.lock import locked
from idgbr_qgis.core.setup.plan import Gpu, make_plan
from idgbr_qgis.core.setup.state import python_of, read_record
from tests.plugin.core.setup.conftest import Index, Miniature

SETUP = Path(idgbr_qgis.__file__).parent / "core" / "setup"
#: Folder of all wheels of run-cpu.txt for the Python named beside it: `idgbr_qgis/core/setup download FOLDER` makes it.
REAL_WHEELS, REAL_PYTHON = os.environ.get("IDGBR_TEST_WHEELS", ""), os.environ.get("IDGBR_TEST_WHEELS_PYTHON", "")


def never() -> bool:
    return False


def quiet(_: Progress) -> None:
    pass


def failure(plan: object, cancelled: Callable[[], bool] = never) -> SetupError:
    with pytest.raises(SetupError) as caught:
        set_up(plan, quiet, cancelled)
    return caught.value


def test_environment_is_built_offline_from_a_folder_of_wheels(miniature: Miniature) -> None:
    stages: list[Stage] = []
    outcome = set_up(miniature.plan(), lambda progress: stages.append(progress.stage), never)
    assert outcome.python == python_of(miniature.folder / "env-9.9")
    assert outcome.report["devices"][0]["name"] == "Tiny"
    assert list(dict.fromkeys(stages)) == [Stage.ENVIRONMENT, Stage.INSTALL, Stage.CHECK]
    said = subprocess.run(
        [outcome.python, "-c", "import tinytwo; print(tinytwo.version)"], capture_output=True, check=True
    )
    assert said.stdout.strip() == b"1.0"
    record = read_record(miniature.folder / "env-9.9")
    assert (record.plugin, record.build) == ("9.9", "cpu")
    assert sorted(path.name for path in miniature.folder.iterdir()) == ["env-9.9", "setup.lock", "setup.log"]


def test_environment_is_built_from_the_index_that_pip_is_configured_for(miniature: Miniature, index: Index) -> None:
    reports: list[Progress] = []
    outcome = set_up(miniature.plan(wheels=None), reports.append, never)
    assert outcome.python.exists()
    downloads = [report for report in reports if report.stage is Stage.DOWNLOAD]
    assert downloads[-1].done_mb == pytest.approx(0.4, abs=0.1)
    assert downloads[-1].done_mb == downloads[-1].total_mb
    done = [report.done_mb for report in downloads]
    assert done == sorted(done)
    assert not (miniature.folder / "wheels").exists(), "what is installed need not be kept twice"


@pytest.mark.skipif(find_uv() is None, reason="uv is not installed")
def test_uv_installs_where_it_is_present(miniature: Miniature) -> None:
    assert set_up(miniature.plan(uv=find_uv()), quiet, never).python.exists()


def test_setting_up_again_replaces_the_environment(miniature: Miniature) -> None:
    python = set_up(miniature.plan(), quiet, never).python
    (python.parents[1] / "stale").touch()
    assert set_up(miniature.plan(), quiet, never).python == python
    assert not (python.parents[1] / "stale").exists()


def test_a_failed_set_up_leaves_the_working_environment(miniature: Miniature) -> None:
    python = set_up(miniature.plan(), quiet, never).python
    (miniature.backend / "idgbr" / "__main__.py").write_text("import nothing_of_that_name")
    error = failure(miniature.plan())
    assert error.kind is Kind.LIBRARY
    assert "nothing_of_that_name" in error.details
    assert python.exists()
    assert read_record(python.parents[1]) is not None
    assert not list(miniature.folder.glob("*.part"))


def test_a_cut_download_goes_on_where_it_was(
    miniature: Miniature, index: Index, wait_until: Callable[..., None]
) -> None:
    index.bytes_per_s = 200_000
    command = [sys.executable, "-c", _CUT, str(miniature.folder), str(miniature.backend), miniature.python.path]
    environment = os.environ | {"PYTHONPATH": str(SETUP.parents[2])}
    process = subprocess.Popen(command, env=environment)
    wheels = miniature.folder / "wheels"
    wait_until(lambda: (wheels / "tinyone-1.0-py3-none-any.whl").exists() and len(index.asked) > 3)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (miniature.folder / "env-9.9").exists()
    index.bytes_per_s = 0
    asked = len(index.asked)
    assert set_up(miniature.plan(wheels=None), quiet, never).python.exists()
    assert not any("tinyone" in path for path in index.asked[asked:]), "what was downloaded is not asked for again"
    assert any("tinytwo" in path for path in index.asked[asked:])


_CUT = """
import sys
from pathlib import Path
from idgbr_qgis.core.setup.find_python import probe
from idgbr_qgis.core.setup.install import set_up
from idgbr_qgis.core.setup.plan import Plan
plan = Plan(Path(sys.argv[1]), probe(sys.argv[3]), backend=Path(sys.argv[2]), version="9.9")
set_up(plan, lambda progress: None, lambda: False)
"""


def test_a_cancel_ends_pip_and_keeps_what_was_downloaded(
    miniature: Miniature, index: Index, wait_until: Callable[..., None]
) -> None:
    index.bytes_per_s = 200_000
    cancel = threading.Event()
    threading.Thread(
        target=lambda: (wait_until(lambda: any("files/tinytwo" in path for path in index.asked)), cancel.set())
    ).start()
    assert failure(miniature.plan(wheels=None), cancel.is_set).kind is Kind.CANCELLED
    assert (miniature.folder / "wheels" / "tinyone-1.0-py3-none-any.whl").exists()
    assert not list(miniature.folder.glob("env-*"))


def test_wheels_for_another_computer_are_downloaded(miniature: Miniature, index: Index, tmp_path: Path) -> None:
    target = tmp_path / "usb"
    download_wheels(miniature.plan(wheels=None), target, quiet, never)
    assert len(list(target.glob("*.whl"))) == 2
    index.status = 500
    assert set_up(miniature.plan(wheels=target), quiet, never).python.exists()


def test_a_folder_that_lacks_a_wheel_is_named_before_anything_is_done(miniature: Miniature) -> None:
    next(miniature.wheels.glob("tinytwo*")).unlink()
    error = failure(miniature.plan())
    assert error.kind is Kind.FOLDER
    assert "tinytwo==1.0" in error.details
    assert "tinyone" not in error.details


def test_a_changed_wheel_in_the_folder_is_refused(miniature: Miniature) -> None:
    with next(miniature.wheels.glob("tinyone*")).open("ab") as file:
        file.write(b"x")
    assert "tinyone==1.0" in failure(miniature.plan()).details


def test_too_little_space_is_seen_before_anything_is_done(
    miniature: Miniature, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(miniature.wheels)._replace(free=10_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    error = failure(miniature.plan())
    assert error.kind is Kind.DISK
    assert "10 MB are free" in error.details


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root mounts a small disk")
def test_a_disk_that_fills_up(miniature: Miniature, monkeypatch: pytest.MonkeyPatch) -> None:
    miniature.folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(miniature.folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    monkeypatch.setattr("idgbr_qgis.core.setup.plan.free_mb", lambda _: 1e6)
    try:
        assert failure(miniature.plan()).kind is Kind.DISK
    finally:
        subprocess.run(["umount", str(miniature.folder)], check=True)


def test_a_second_window_is_kept_out(miniature: Miniature) -> None:
    holder = "import sys; from pathlib import Path; from idgbr_qgis.core.setup.lock import locked\n"
    holder += "with locked(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    environment = os.environ | {"PYTHONPATH": str(SETUP.parents[2])}
    command = [sys.executable, "-c", holder, str(miniature.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout.readline().strip() == b"held"
        error = failure(miniature.plan())
        assert error.kind is Kind.LOCKED
        assert str(process.pid) in error.details
        process.kill()
    with locked(miniature.folder):
        pass


def test_a_folder_that_may_not_be_written(miniature: Miniature, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError):
        set_up(miniature.plan().__class__(tmp_path / "file" / "data", miniature.python), quiet, never)


def test_a_gpu_without_a_driver_is_refused_and_one_that_fails_is_told(miniature: Miniature) -> None:
    assert failure(miniature.plan(build="cuda")).kind is Kind.NO_DRIVER
    assert failure(miniature.plan(build="cuda", gpu=Gpu("Old", 470, "470.1"))).kind is Kind.NO_DRIVER
    (miniature.backend / "requirements" / "run-cuda.txt").write_text(
        (miniature.backend / "requirements" / "run-cpu.txt").read_text()
    )
    outcome = set_up(miniature.plan(build="cuda", gpu=Gpu("New", 590, "590.1")), quiet, never)
    assert "no NVIDIA driver answers" in outcome.warnings[0]


def test_no_python_and_no_venv_are_told(miniature: Miniature) -> None:
    assert failure(miniature.plan().__class__(miniature.folder, None)).kind is Kind.NO_PYTHON
    from dataclasses import replace

    bare = replace(miniature.python, has_venv=False)
    assert failure(miniature.plan().__class__(miniature.folder, bare)).kind is Kind.NO_VENV


def test_a_program_that_cannot_be_started(miniature: Miniature) -> None:
    from dataclasses import replace

    gone = replace(miniature.plan(), python=replace(miniature.python, path="/no/such/python"))
    assert failure(gone).details


@pytest.mark.skipif(not REAL_WHEELS, reason="IDGBR_TEST_WHEELS names no folder of wheels")
def test_the_whole_backend_is_built_offline(tmp_path: Path) -> None:
    from idgbr_qgis.core.setup.find_python import find_pythons, probe

    python = probe(REAL_PYTHON) if REAL_PYTHON else None
    plan = make_plan([python] if python else find_pythons(), tmp_path / "data", "cpu", Path(REAL_WHEELS))
    outcome = install_module.set_up(plan, quiet, never)
    assert outcome.report["healthy"]
    assert outcome.report["models"]
