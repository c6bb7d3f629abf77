from __future__ import annotations

import os
from pathlib import Path

from idgbr_qgis.core.environment import worker_environment


def environment(backend: Path, **inherited: str) -> dict[str, str]:
    result = worker_environment(backend, inherited)
    return {name: result.value(name) for name in result.keys()}  # noqa: SIM118


def test_what_qgis_sets_for_itself_is_dropped(tmp_path: Path) -> None:
    dropped = ["PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_INDEX_URL", "QGIS_PREFIX_PATH", "GDAL_DATA"]
    dropped += ["PROJ_LIB", "PROJ_DATA", "QT_PLUGIN_PATH", "LD_PRELOAD", "LD_LIBRARY_PATH", "OSGEO4W_ROOT"]
    kept = ["PATH", "HOME", "CUDA_VISIBLE_DEVICES", "CUDA_PATH", "NVIDIA_VISIBLE_DEVICES", "IDGBR_MODELS", "TMPDIR"]
    result = environment(tmp_path / "none", **dict.fromkeys([*dropped, *kept], "/x"))
    assert set(result) == {*kept, "PYTHONNOUSERSITE", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE"}


def test_cuda_libraries_stay_on_the_library_path(tmp_path: Path) -> None:
    folders = os.pathsep.join(["/opt/qgis/lib", "/usr/local/cuda-12/lib64", "/opt/nvidia/lib"])
    kept = environment(tmp_path, LD_LIBRARY_PATH=folders)["LD_LIBRARY_PATH"]
    assert kept.split(os.pathsep) == ["/usr/local/cuda-12/lib64", "/opt/nvidia/lib"]


def test_programs_of_an_osgeo4w_install_are_no_more_found(tmp_path: Path) -> None:
    folders = os.pathsep.join(["/OSGeo4W/bin", "/windows"])
    assert environment(tmp_path, OSGEO4W_ROOT="/OSGeo4W", PATH=folders)["PATH"] == "/windows"


def test_backend_is_put_on_the_python_path(tmp_path: Path) -> None:
    assert environment(tmp_path, PYTHONPATH="/qgis/python")["PYTHONPATH"] == str(tmp_path)
