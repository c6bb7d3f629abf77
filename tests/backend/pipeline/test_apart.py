"""No job writes over what it reads."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import rasterio.shutil
import shapely

from idgbr.errors import OutputError
from idgbr.layers.ogr import raw
from idgbr.monitor import Monitor
from idgbr.options import build_parameters, parameters_of
from idgbr.parameters import PARAMETERS
from idgbr.pipeline.apart import check_apart
from idgbr.run import run_job
from tests.backend.raster.test_reader import write


@pytest.mark.parametrize(
    ("job", "parameters"),
    [
        ("segment", {"input": "read.tif", "output": "new.gpkg", "output_classes": "folder/../read.tif"}),
        ("refine", {"input": "image.tif", "coarse": "read.gpkg|layername=roofs", "output": "read.gpkg"}),
        ("vectorize", {"input": "read.gpkg", "output": "read.gpkg"}),
        ("detect-changes", {"before": "a.tif", "after": "read.tif", "output": "new.shp",
                            "output_probability": "read.tif"}),
        ("track-changes", {"rasters": "a_2020.tif\nread.gpkg", "output": "read.gpkg"}),
        ("evaluate", {"predicted": "a.gpkg", "truth": "read.gpkg", "report": "read.gpkg"}),
    ],
)  # fmt: skip
def test_what_a_job_reads_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, job: str, parameters: dict[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    for name in ("read.tif", "read.gpkg"):
        Path(name).write_text("precious")
    with pytest.raises(OutputError, match=r"read\.\w+: is what the job reads \(\w+\); choose another name"):
        run_job(job, parameters, Monitor())
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "read.tif", "read.gpkg"}
    assert Path("read.tif").read_text() == Path("read.gpkg").read_text() == "precious"


@pytest.mark.parametrize("text", ["vrt://classes.tif", "vrt://classes.tif?bands=1", "classes.vrt"])
def test_what_a_virtual_raster_reads_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("classes.tif"), np.ones((1, 8, 8), np.uint8))
    rasterio.shutil.copy("classes.tif", "classes.vrt", driver="VRT")
    content = Path("classes.tif").read_bytes()
    given = {"input": "image.tif", "coarse": text, "output": "new.gpkg", "output_classes": "classes.tif"}
    with pytest.raises(OutputError, match=r"classes\.tif: is what the job reads \(coarse\)"):
        run_job("refine", given, Monitor())
    assert Path("classes.tif").read_bytes() == content


@pytest.mark.parametrize("text", ["GTI:index.gpkg", "named.gti", "tiles.gti.gpkg"])
@pytest.mark.parametrize("absolute", [True, False])
def test_tiles_of_an_index_are_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, absolute: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("tile.tif"), np.ones((1, 8, 8), np.uint8))
    content = Path("tile.tif").read_bytes()
    outline = shapely.to_wkb(np.array([shapely.box(500000, 5399996, 500004, 5400000)]))
    names = [np.array([str(tmp_path / "tile.tif") if absolute else "tile.tif"], object)]
    for index in ("index.gpkg", "tiles.gti.gpkg"):
        raw.write(index, outline, names, ["location"], geometry_type="Polygon", crs="EPSG:32633", driver="GPKG")
    Path("named.gti").write_text("<GDALTileIndexDataset><IndexDataset>index.gpkg</IndexDataset></GDALTileIndexDataset>")
    given = {"input": "image.tif", "coarse": text, "output": "new.gpkg"}
    with pytest.raises(OutputError, match=r"tile\.tif: is what the job reads \(coarse\)"):
        run_job("refine", given | {"output_classes": "tile.tif"}, Monitor())
    index = "tiles.gti.gpkg" if text == "tiles.gti.gpkg" else "index.gpkg"
    with pytest.raises(OutputError, match=r"is what the job reads \(coarse\)"):
        check_apart(given | {"output": f"{index}|layername=roofs"})
    check_apart(given)
    assert Path("tile.tif").read_bytes() == content


def test_a_layer_goes_to_the_geopackage_that_the_mask_lies_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("classes.tif"), np.ones((1, 8, 8), np.uint8))
    run_job("vectorize", {"input": "classes.tif", "output": "all.gpkg|layername=area"}, Monitor())
    mask = {"input": "image.tif", "mask": "all.gpkg|layername=area"}
    check_apart(mask | {"output": "all.gpkg|layername=roofs"})
    check_apart(mask | {"output": "all.gpkg"})
    for same in ("all.gpkg|layername=area", "all.gpkg|layername=AREA"):
        with pytest.raises(OutputError, match=r"is what the job reads \(mask\)"):
            check_apart(mask | {"output": same})
        with pytest.raises(OutputError, match=r"is what the job reads \(mask\)"):
            check_apart(mask | {"mask": "all.gpkg", "output": same})


#: Outputs of each job, and a name that it takes for them; its inputs are all other texts.
OUTPUTS = {"output": "read.gpkg", "report": "read.html"}
#: Parameters that name no file.
WORDS = {"device", "extent_crs", "on_bad_block", "background", "outside", "cluster", "class_field"}


def _texts(job: str) -> list[str]:
    return [p.name for p in parameters_of(PARAMETERS[job]) if p.kind is str and not p.option.choices]


def _pairs() -> list[tuple[str, str, str]]:
    """Each job, input and output, as their parameters say."""
    found = []
    for job in ("segment", "refine", "detect-changes", "track-changes", "vectorize", "evaluate"):
        texts = [name for name in _texts(job) if name not in WORDS and not name.endswith("_field")]
        outputs = [name for name in texts if name.startswith("output") or name == "report"]
        inputs = [name for name in texts if name not in outputs and "date" not in name]
        found += [(job, given, made) for given in inputs for made in outputs]
    return found


def _spellings(path: Path) -> dict[str, str]:
    """Names of one file."""
    link, hard = path.with_name(f"link{path.suffix}"), path.with_name(f"hard{path.suffix}")
    if not link.exists():
        link.symlink_to(path)
        os.link(path, hard)
    return {
        "same": str(path), "relative": path.name, "around": f"{path.parent}/folder/../{path.name}", "link": str(link),
        "hard": str(hard), "address": f"file://{path}", "layer": f"{path}|layername={path.stem}",
    }  # fmt: skip


@pytest.mark.parametrize(("job", "given", "made"), _pairs())
def test_no_job_writes_over_any_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, job: str, given: str, made: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    path = tmp_path / OUTPUTS.get(made, "read.tif")
    path.write_text("precious")
    names = _spellings(path)
    wanted = {name: "there.tif" for name in _texts(job) if name in ("input", "coarse", "before", "after", "rasters")}
    wanted |= {name: "there.tif" for name in _texts(job) if name in ("predicted", "truth")}
    if "output" in _texts(job):
        wanted["output"] = "new.gpkg"
    outputs = [way for way in names if way != "layer" or made == "output"]
    refused = rf"is what the job reads \({given}\); choose another name"
    for way, other in [*((way, "same") for way in names), *(("same", way) for way in outputs)]:
        texts = {**wanted, given: names[way], made: names[other]}
        with pytest.raises(OutputError, match=refused):
            check_apart(asdict(build_parameters(PARAMETERS[job], texts)))
    with pytest.raises(OutputError, match=refused):
        run_job(job, texts, Monitor())
    assert path.read_text() == "precious"


@pytest.mark.parametrize(("job", "given", "made"), _pairs())
def test_no_job_writes_over_what_a_layer_was_exported_from(tmp_path: Path, job: str, given: str, made: str) -> None:
    path = tmp_path / OUTPUTS.get(made, "read.tif")
    path.write_text("precious")
    staged = {"/tmp/idgbr/read.tif": {"layer": "my layer", "sources": [str(path)]}}
    wanted = {name: "there.tif" for name in _texts(job) if name not in WORDS and "date" not in name}
    wanted = {name: text for name, text in wanted.items() if not name.startswith("output") and name != "report"}
    wanted |= {"output": "new.gpkg"} if "output" in _texts(job) else {}
    with pytest.raises(OutputError, match=rf"is what the job reads \({given}\)"):
        run_job(job, {**wanted, given: "/tmp/idgbr/read.tif", made: str(path), "staged": staged}, Monitor())
    assert path.read_text() == "precious"


@pytest.mark.parametrize("text", ["roofs.vrt", "outer.vrt"])
def test_what_a_virtual_layer_reads_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("classes.tif"), np.ones((1, 8, 8), np.uint8))
    run_job("vectorize", {"input": "classes.tif", "output": "all.gpkg|layername=area"}, Monitor())
    run_job("vectorize", {"input": "classes.tif", "output": "all.gpkg|layername=roofs"}, Monitor())
    inner = '<SrcDataSource relativeToVRT="1">{}</SrcDataSource><SrcLayer>{}</SrcLayer>'
    for name, source, layer in (("roofs", "all.gpkg", "roofs"), ("outer", "roofs.vrt", "view")):
        Path(f"{name}.vrt").write_text(
            f'<OGRVRTDataSource><OGRVRTLayer name="view">{inner.format(source, layer)}</OGRVRTLayer></OGRVRTDataSource>'
        )
    given = {"input": "image.tif", "mask": text}
    check_apart(given | {"output": "all.gpkg|layername=area"})
    check_apart(given | {"output": "new.gpkg"})
    with pytest.raises(OutputError, match=r"is what the job reads \(mask\)"):
        check_apart(given | {"output": "all.gpkg|layername=roofs"})


def test_parts_of_a_shapefile_and_folders_of_layers_are_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("classes.tif"), np.ones((1, 8, 8), np.uint8))
    Path("all").mkdir()
    run_job("vectorize", {"input": "classes.tif", "output": "all/roofs.shp"}, Monitor())
    run_job("vectorize", {"input": "classes.tif", "output": "all/other.shp"}, Monitor())
    for text in ("all/roofs.dbf", "all|roofs", "all|layername=roofs", "all"):
        with pytest.raises(OutputError, match=r"is what the job reads \(mask\)"):
            check_apart({"mask": text, "output": "all/roofs.shp"})
    check_apart({"mask": "all|roofs", "output": "all/other.shp"})
    check_apart({"rasters": "all", "output": "all/other.shp"})
