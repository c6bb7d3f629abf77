from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from qgis.core import QgsSettings

from idgbr_qgis.core import settings
from idgbr_qgis.core.errors import BackendMissingError
from idgbr_qgis.core.paths import BACKEND
from idgbr_qgis.core.setup.state import Problem, write_record


def test_settings_are_stored_in_one_group() -> None:
    settings.set_backend_python(f" {sys.executable} ")
    settings.set_device("cpu")
    assert settings.backend_python() == sys.executable
    assert settings.device() == "cpu"
    assert QgsSettings().value("idgbr/backend_python") == sys.executable
    settings.set_backend_python("")
    assert not QgsSettings().contains("idgbr/backend_python")


def test_defaults() -> None:
    assert settings.backend_python() == ""
    assert settings.backend_command() == []
    assert settings.device() == "auto"


def test_environment_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.set_backend_python("/from/settings")
    monkeypatch.setenv("IDGBR_BACKEND_PYTHON", sys.executable)
    monkeypatch.setenv("IDGBR_DEVICE", "cuda:1")
    assert settings.backend_python() == sys.executable
    assert settings.worker_command() == [sys.executable, "-m", "idgbr", "worker"]
    assert settings.device() == "cuda:1"


def test_full_command_goes_before_the_python() -> None:
    settings.set_backend_python(sys.executable)
    settings.set_backend_command([sys.executable, "-m", "elsewhere"])
    assert settings.worker_command() == [sys.executable, "-m", "elsewhere"]


@pytest.mark.parametrize("text", ["ssh host idgbr worker", "[]", "[1]", '{"a": 1}'])
def test_a_command_that_is_no_list_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("IDGBR_BACKEND_COMMAND", text)
    with pytest.raises(BackendMissingError, match="JSON list"):
        settings.worker_command()


def test_missing_programs_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.set_backend_python("/no/such/python")
    with pytest.raises(BackendMissingError, match="/no/such/python was not found; choose it"):
        settings.worker_command()
    monkeypatch.setenv("IDGBR_BACKEND_COMMAND", json.dumps(["no-such-program"]))
    with pytest.raises(BackendMissingError, match="no-such-program was not found"):
        settings.worker_command()


def test_a_checkout_brings_its_own_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    with pytest.raises(BackendMissingError, match="Set up backend…"):
        settings.worker_command()
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("")
    python.chmod(0o755)
    assert settings.worker_command()[0] == str(python)


def test_what_the_set_up_made_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    monkeypatch.setenv("IDGBR_DATA_DIR", str(tmp_path))
    python = tmp_path / "env-9" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    write_record(tmp_path / "env-9", "9", "cpu", BACKEND / "requirements" / "run-cpu.txt", "3.12.1")
    assert settings.worker_command()[0] == str(python)
    assert settings.backend_problem() is None
    python.unlink()
    assert settings.backend_problem() is Problem.BASE_GONE
    with pytest.raises(BackendMissingError, match="Set it up again: Plugins"):
        settings.worker_command()
