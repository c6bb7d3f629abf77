"""`import idgbr` in a script or a notebook: inputs, outputs, errors, progress, and how light the import is."""

from __future__ import annotations

import inspect
import os
import pkgutil
import signal
import subprocess
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import rasterio
from rasterio.io import MemoryFile
from rasterio.vrt import WarpedVRT

import idgbr
from idgbr import api
from idgbr.cli import main
from idgbr.errors import InputError, OutputError
from idgbr.monitor import Monitor
from idgbr.options import parameters_of
from idgbr.parameters import PARAMETERS
from idgbr.scenes import write_scene
from scripts import document_api

JOBS = ("segment", "refine", "detect-changes", "track-changes", "vectorize", "regularize", "evaluate")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """An image and its class raster."""
    folder = tmp_path_factory.mktemp("scene")
    image, truth = folder / "image.tif", folder / "truth.tif"
    write_scene(image, 200, 160, gsd_m=0.3, seed=5, truth_raster=truth)
    return str(image), str(truth)


def test_every_name_is_there() -> None:
    modules = {module.name for module in pkgutil.iter_modules(idgbr.__path__)}
    assert modules & set(idgbr.__all__) == {"errors"}, "an imported module would hide the function of its name"
    assert set(idgbr.__all__) <= set(dir(idgbr))
    for name in idgbr.__all__:
        assert getattr(idgbr, name) is not None
    assert idgbr.segment is api.segment
    assert idgbr.errors.InputError is InputError
    assert issubclass(InputError, idgbr.IdgbrError)
    with pytest.raises(AttributeError, match="no attribute 'segmentt'"):
        idgbr.segmentt  # noqa: B018


@pytest.mark.parametrize("job", JOBS)
def test_functions_have_the_parameters_of_the_jobs(job: str) -> None:
    function = getattr(api, job.replace("-", "_"))
    signature = inspect.signature(function)
    names = [parameter.name for parameter in parameters_of(PARAMETERS[job])]
    assert list(signature.parameters) == [*names, "progress"]
    for parameter in parameters_of(PARAMETERS[job]):
        shown = signature.parameters[parameter.name]
        assert (shown.kind == shown.KEYWORD_ONLY) == (not parameter.required)
        assert shown.default == (None if parameter.option.role == "polygons" else shown.default)
        assert parameter.option.help in (function.__doc__ or "")


def test_a_path_in_and_a_path_out(scene: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out.gpkg"
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # which a user would see
        result = idgbr.vectorize(scene[1], out, min_area=1)
    assert result.outputs == {"polygons": str(out)}
    frame = geopandas.read_file(out, layer="out")
    assert result.summary["polygons"] == result.figures["polygons"] == len(frame) > 3
    assert repr(result) == f"<idgbr vectorize: {len(frame)} polygons → polygons: {out}>"
    html = result._repr_html_()
    assert "data:image/png;base64," in html
    assert str(out) in html
    out.unlink()
    assert "data:image" not in result._repr_html_()


def same(found: geopandas.GeoDataFrame, expected: geopandas.GeoDataFrame) -> bool:
    """Whether all geometries are equal, to a micrometre."""
    return bool(found.geometry.geom_equals_exact(expected.geometry, 1e-6).all())


def test_everything_in_memory(scene: tuple[str, str]) -> None:
    """Open datasets of any kind, and a GeoDataFrame, give what paths give."""
    expected = idgbr.vectorize(scene[1]).outputs["polygons"]
    assert isinstance(expected, geopandas.GeoDataFrame)
    assert expected.crs is not None
    with rasterio.open(scene[1]) as dataset:
        assert idgbr.vectorize(dataset).outputs["polygons"].equals(expected)
        with WarpedVRT(dataset) as warped:
            found = idgbr.vectorize(warped).outputs["polygons"]
            assert same(found, expected)
            assert found["class"].equals(expected["class"])
        with MemoryFile() as memory:
            with memory.open(**dataset.profile) as out:
                out.write(dataset.read())
                with pytest.raises(InputError, match="open for writing"):
                    idgbr.vectorize(out)
            with memory.open() as inside:
                found = idgbr.vectorize(inside).outputs["polygons"]
    assert same(found, expected)
    with pytest.raises(InputError, match=r"is closed; open it again"):
        idgbr.vectorize(dataset)
    scores = idgbr.evaluate(expected, scene[1], predicted_class_field="class_id")
    assert scores.outputs == {}
    assert scores.figures["miou"] > 0.8
    assert repr(scores).startswith("<idgbr evaluate: 0.")


def test_data_arrays(scene: tuple[str, str]) -> None:
    rioxarray = pytest.importorskip("rioxarray")
    with rioxarray.open_rasterio(scene[1]) as opened:
        array = opened.load()
    expected = idgbr.vectorize(scene[1]).outputs["polygons"]
    flat = array.squeeze("band", drop=True)
    for given in (array, flat):
        found = idgbr.vectorize(given).outputs["polygons"]
        assert same(found, expected)
        assert found["class"].equals(expected["class"])
    with pytest.raises(InputError, match=r"^input \(DataArray\): has no CRS; give it one with \.rio\.write_crs"):
        idgbr.vectorize(flat.drop_vars("spatial_ref"))
    with pytest.raises(InputError, match=r"^input \(Dataset\): give one of its variables"):
        idgbr.vectorize(array.to_dataset(name="classes"))
    with pytest.raises(InputError, match=r"^input \(DataArray\): holds fractions such as 0.5"):
        idgbr.vectorize(array.astype("float32") + 0.5)


def test_rasters_come_back_as_data_arrays(
    scene: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("rioxarray")
    path = tmp_path / "classes.tif"

    def write(job: str, given: dict[str, Any], monitor: Monitor) -> dict[str, Any]:
        with rasterio.open(scene[1]) as source:
            profile, values = source.profile, source.read()
        for name, dtype, nodata in (("output_classes", "uint8", 255), ("output_confidence", "float32", -1)):
            with rasterio.open(given[name], "w", **profile | {"dtype": dtype, "nodata": nodata}) as out:
                out.write(np.where(values == values[0, 0, 0], nodata, 1).astype(dtype))
        outputs = {f"OUTPUT{end}": given[f"output{end.lower()}"] for end in ("", "_CLASSES", "_CONFIDENCE")}
        return {"outputs": outputs, "summary": {"polygons": 0}}

    monkeypatch.setattr("idgbr.run.run_job", write)
    found = idgbr.segment(scene[0], "out.gpkg", output_classes=True, output_confidence=True).outputs
    assert isinstance(found["classes"], xarray.DataArray)
    assert found["classes"].dims == ("y", "x")
    assert found["classes"].dtype == np.uint8
    assert found["classes"].rio.crs is not None
    assert np.isnan(found["confidence"]).any()
    assert found["polygons"] == "out.gpkg"
    found = idgbr.segment(scene[0], "out.gpkg", output_classes=path, output_confidence=str(path) + "2").outputs
    assert found["classes"] == str(path)
    confidence = str(tmp_path / "c.tif")
    found = idgbr.segment(scene[0], "o.gpkg", output_classes=True, output_confidence=confidence)
    assert "DataArray (200×160)" in repr(found)


def test_values_of_other_libraries(scene: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers and arrays of NumPy, dates, and coordinate systems are given as they are."""
    from datetime import date

    calls: list[dict[str, Any]] = []

    def keep(job: str, given: dict[str, Any], monitor: Monitor) -> dict[str, Any]:
        calls.append(given)
        return {"outputs": {}, "summary": {}}

    monkeypatch.setattr("idgbr.run.run_job", keep)
    frame = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy([0, 4], [1, 5]), crs="EPSG:32633")
    idgbr.segment(
        scene[0], "o.gpkg", extent=frame.total_bounds, extent_crs=frame.crs, steps=np.int64(3), min_area=np.float32(2),
        mask=frame,
    )  # fmt: skip
    assert calls[0]["extent"] == [0, 1, 4, 5]
    assert rasterio.crs.CRS.from_user_input(calls[0]["extent_crs"]).to_epsg() == 32633
    assert (calls[0]["steps"], calls[0]["min_area"]) == (3, 2.0)
    assert calls[0]["staged"] == {calls[0]["mask"]: {"layer": "mask (GeoDataFrame)"}}
    idgbr.track_changes([Path("a_2020.tif"), "b_2021.tif"], "o.gpkg")
    assert calls[1]["rasters"] == "a_2020.tif\nb_2021.tif"
    idgbr.detect_changes("a.tif", "b.tif", "o.gpkg", date_before=date(2024, 5, 31))
    assert calls[2]["date_before"] == "2024-05-31"


@pytest.mark.parametrize(
    ("job", "arguments", "options"),
    [
        ("segment", ["none.tif", "o.gpkg"], {}),
        ("segment", ["{image}", "o.xyz"], {}),
        ("segment", ["{image}", "o.gpkg"], {"steps": 101}),
        ("segment", ["{image}", "o.gpkg"], {"model": "unknown"}),
        ("segment", ["{image}", "o.gpkg"], {"extent": (0.0, 0.0, 1.0, 1.0)}),
        ("segment", ["{image}", "o.gpkg"], {"extent": (4.0, 0.0, 1.0, 1.0)}),
        ("refine", ["{image}", "none.gpkg", "o.gpkg"], {}),
        ("refine", ["{image}", "{truth}", "o.gpkg"], {"background": "maybe"}),
        ("detect-changes", ["{image}", "none.tif", "o.gpkg"], {}),
        ("vectorize", ["{truth}", "o.gpkg"], {"min_area": -1.0}),
        ("evaluate", ["none.tif", "{truth}"], {}),
    ],
)
def test_errors_are_those_of_the_command_line(
    scene: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    job: str,
    arguments: list[str],
    options: dict[str, Any],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(main, "start_logging", lambda: None)
    given = [text.format(image=scene[0], truth=scene[1]) for text in arguments]
    with pytest.raises(idgbr.IdgbrError) as caught:
        getattr(api, job.replace("-", "_"))(*given, **options)
    texts = {name: ",".join(map(str, v)) if isinstance(v, tuple) else str(v) for name, v in options.items()}
    words = [word for name, text in texts.items() for word in (f"--{name.replace('_', '-')}", text)]
    monkeypatch.setattr(sys, "argv", ["idgbr", job, *given, *words])
    with pytest.raises(SystemExit):
        main.main()
    assert capsys.readouterr().err.splitlines()[-1] == str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_input_is_refused(scene: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    image, truth = scene
    frame = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy([0], [0]))
    with pytest.raises(InputError, match="input: got a GeoDataFrame; give a raster"):
        idgbr.segment(frame)
    with pytest.raises(InputError, match=r"coarse \(GeoDataFrame\): has no CRS; give it one with \.set_crs"):
        idgbr.refine(image, frame)
    with pytest.raises(InputError, match=r"coarse \(GeoSeries\): give a GeoDataFrame"):
        idgbr.refine(image, frame.geometry)
    with rasterio.open(truth) as dataset, pytest.raises(InputError, match="mask: got a raster; give a polygon layer"):
        idgbr.segment(image, mask=dataset)
    with pytest.raises(InputError, match="parameter 'input': expected str, got 5"):
        idgbr.segment(5)
    with pytest.raises(InputError, match="did you mean 'class_field'"):
        idgbr.refine(image, truth, classfield="kind")
    with pytest.raises(TypeError, match=r"vectorize\(\) takes 2 arguments without a name"):
        idgbr.vectorize(truth, "o.gpkg", 4.0)
    with pytest.raises(TypeError, match="got input twice"):
        idgbr.vectorize(truth, input=truth)
    monkeypatch.setitem(sys.modules, "geopandas", None)
    with pytest.raises(OutputError, match="output: needs the package geopandas; install it, or give a path"):
        idgbr.vectorize(truth)


def test_progress_is_told(
    scene: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    told: list[tuple[str, float]] = []
    idgbr.vectorize(scene[1], tmp_path / "o.gpkg", progress=lambda stage, share: told.append((stage, share)))
    assert told
    assert all(0 <= share <= 1 for _, share in told)
    assert capsys.readouterr().err == ""
    empty = tmp_path / "empty.tif"
    with rasterio.open(scene[1]) as source, rasterio.open(empty, "w", **source.profile | {"nodata": 0}) as out:
        out.write(np.zeros_like(source.read()))
    result = idgbr.vectorize(empty, tmp_path / "o.gpkg", progress=True)
    assert any("has no regions" in message for message in result.messages)
    assert "has no regions" in capsys.readouterr().err
    assert "has no regions" in result._repr_html_()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to whole consoles only")
def test_an_interrupt_ends_a_job(scene: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(job: str, given: dict[str, Any], monitor: Monitor) -> dict[str, Any]:
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000):
            monitor.check()
        raise AssertionError("not cancelled")

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr("idgbr.run.run_job", interrupted)
    for progress in (False, True):
        with pytest.raises(KeyboardInterrupt):
            idgbr.vectorize(scene[1], tmp_path / "o.gpkg", progress=progress)
    assert signal.getsignal(signal.SIGINT) is before


def test_jobs_run_in_any_thread(scene: tuple[str, str], tmp_path: Path) -> None:
    found: list[idgbr.Result] = []
    for progress in (False, True):
        thread = threading.Thread(
            target=lambda p: found.append(idgbr.vectorize(scene[1], tmp_path / "o.gpkg", progress=p)), args=(progress,)
        )
        thread.start()
        thread.join()
    assert len(found) == 2


def test_the_pages_are_up_to_date() -> None:
    assert document_api.PAGE.read_text(encoding="utf-8") == document_api.page(), "run make docs"
    assert document_api.STUB.read_text(encoding="utf-8") == document_api.stub(), "run make docs"


def test_models_and_devices() -> None:
    assert {"id", "kind", "folder", "problem"} <= set(idgbr.list_models()[0])
    assert idgbr.list_devices()[-1]["id"] == "cpu"


def imported(code: str) -> set[str]:
    """Modules that are loaded after some code in a new Python."""
    program = f"{code}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_import_is_light() -> None:
    heavy = {"numba", "rasterio", "numpy", "openvino", "onnxruntime", "typer", "rich", "dataclasses"}
    assert imported("import idgbr; dir(idgbr)") & heavy == set()
    assert imported("import idgbr; idgbr.segment; idgbr.IdgbrError") & (heavy - {"dataclasses"}) == set()
