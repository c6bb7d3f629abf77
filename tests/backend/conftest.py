"""Fixtures that need the backend's own environment."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from affine import Affine

from idgbr import process
from idgbr.layers import copy_process
from idgbr.scenes import RasterForm, write_scene

FORMS = {
    "projected": RasterForm(),
    "geographic": RasterForm(crs="EPSG:4326", origin=(15.2, 48.1)),
    "rotated": RasterForm(rotation=25.0),
}
#: Suffixes of the formats that layers are read and written in; `layers/test_formats.py` is their one contract.
VECTOR_FORMATS = (".gpkg", ".shp", ".fgb", ".geojson", ".parquet")


@pytest.fixture(scope="session", autouse=True)
def state_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Jobs of tests are not noted among the user's; nor are those that fixtures of modules run, nor their networks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IDGBR_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "networks"))
        patch.setattr(process, "own_process", lambda: None)  # the process of the tests is no command
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / "state"))
        yield


@pytest.fixture(scope="module", autouse=True)
def frozen_objects() -> None:
    """Each job collects garbage: the modules that all tests import need not be looked through each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(params=VECTOR_FORMATS)
def vector_format(request: pytest.FixtureRequest) -> str:
    """The suffix of each format of layers in turn."""
    if request.param == ".parquet":
        pytest.importorskip("pyarrow.parquet", reason="needs pyarrow, the extra parquet")
    return str(request.param)


@pytest.fixture
def copies_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Layers are copied in the process of the test: one that is started for each takes longer than the job around it.

    `layers/test_copy_process.py` and `polygonize/test_joining.py` hold the process itself.
    """

    def copy(source: Path | str, target: Path, check: Callable[[], None], **options: object) -> None:
        check()
        try:
            copy_process._copy(str(source), str(target), json.dumps(options))
        except (RuntimeError, ValueError) as error:
            raise OSError(" ".join(str(error).split())) from error

    for module in ("layers.attributes", "layers.writer", "jobs.track_changes"):
        monkeypatch.setattr(f"idgbr.{module}.copy_layer", copy)


@dataclass(frozen=True)
class SceneFiles:
    """A procedural scene on disk: image, class raster and exact polygons (fields class_id, class)."""

    image: Path
    classes: Path
    polygons: Path
    transform: Affine
    crs: str
    gsd_m: float


@pytest.fixture(scope="session", params=sorted(FORMS))
def scene_files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SceneFiles:
    """The same scene of 240 × 320 pixels of 0.3 m on a projected, a geographic and a rotated grid."""
    folder, form = tmp_path_factory.mktemp(request.param), FORMS[request.param]
    files = folder / "image.tif", folder / "classes.tif", folder / "truth.gpkg"
    transform = write_scene(
        files[0], 240, 320, gsd_m=0.3, seed=2, form=form, truth_raster=files[1], truth_vector=files[2]
    )
    return SceneFiles(*files, transform, form.crs, 0.3)


@pytest.fixture
def largest_file() -> Callable[[int], AbstractContextManager[None]]:
    """Within it no file grows beyond so many bytes: the system refuses the write, as a full disk does."""
    resource = pytest.importorskip("resource", reason="this system has no limit of the size of files")

    @contextmanager
    def limited(size: int) -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return limited
