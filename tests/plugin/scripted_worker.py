"""Plays a backend for the tests of the plugin: one function a scenario. Standard library and GDAL only."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

CLASSES = [
    {"id": 0, "name": "background", "color": [0, 0, 0], "background": True},
    {"id": 1, "name": "building", "color": [200, 30, 30], "background": False},
]


def receive() -> dict[str, Any]:
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    return json.loads(line)


def write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def log(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def send(message: dict[str, Any]) -> None:
    write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")


def answer(request: dict[str, Any], result: Any) -> None:
    send({"id": request["id"], "result": result})


def fail(request: dict[str, Any], code: int, message: str, kind: str = "InputError") -> None:
    send({"id": request["id"], "error": {"code": code, "message": message, "data": {"kind": kind}}})


def progress(request: dict[str, Any], done: float, eta_s: float | None = None) -> None:
    params = {"id": request["id"], "stage": "segment", "done": done, "total": 10, "message": "", "eta_s": eta_s}
    send({"method": "$/progress", "params": params})


def initialize(**changes: Any) -> None:
    device = {"id": "cpu", "name": "Scripted", "engine": "none", "free_memory_mb": 2048, "problem": None}
    gpu = {"id": "cuda:0", "name": "GPU", "engine": "cuda", "free_memory_mb": 0, "problem": "no <driver>"}
    model = {"id": "buildings", "kind": "coarse", "version": "7", "title": "Buildings", "problem": None}
    result = {"protocol_version": 1, "backend_version": "9.9", "devices": [gpu, device], "models": [model]}
    answer(receive(), result | changes)


def begin_job() -> dict[str, Any]:
    initialize()
    request = receive()
    progress(request, 1)
    return request


def echo() -> None:
    request = begin_job()
    answer(request, {"outputs": {}, "summary": request["params"]})
    receive()


def talk() -> None:
    request = begin_job()
    progress(request, 5, 12.5)
    send({"method": "$/message", "params": {"id": request["id"], "level": "info", "text": "a fact"}})
    send({"method": "$/message", "params": {"id": request["id"], "level": "warning", "text": "a doubt"}})
    answer(request, {"outputs": {}, "summary": {}})


def late() -> None:
    """Answers and progress of another request arrive in between."""
    request = begin_job()
    other = {"id": request["id"] - 1}
    answer(other, "the answer to something else")
    fail(other, -32001, "an error of something else")
    progress(other, 9)
    answer(request, {"outputs": {}, "summary": {"right": True}})


def broken() -> None:
    """A chatty shell, half JSON, unknown fields and methods, wrong types."""
    write('Welcome to host\n\n{"jsonrpc":\n[]\n"text"\nnull\n{}\n')
    sys.stdout.buffer.write(b"\xff\xfe\n")
    initialize(future_field=[1], devices="none")
    request = receive()
    send({"method": "$/later", "params": {"id": request["id"]}})
    send({"method": "$/progress", "params": {"id": request["id"], "done": "many"}})
    send({"method": "$/progress", "params": 3})
    answer(request, {"outputs": {}, "summary": {"right": True}, "future": 1})


def oversized() -> None:
    request = begin_job()
    write("x" * (3 << 20))
    time.sleep(0.2)
    write("x" * (1 << 20) + "\n")
    answer(request, {"outputs": {}, "summary": {"right": True}})


def halves() -> None:
    request = begin_job()
    text = json.dumps(
        {"jsonrpc": "2.0", "id": request["id"], "result": {"summary": {"place": "Zürich"}}}, ensure_ascii=False
    )
    data = text.encode() + b"\n"
    middle = data.index("ü".encode()) + 1
    for part in (data[:middle], data[middle:]):
        sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
        time.sleep(0.3)


def killed() -> None:
    begin_job()
    log("an engine says something\nout of memory\n")
    os.kill(os.getpid(), signal.SIGKILL)


def ends() -> None:
    log("No module named idgbr\n")
    sys.exit(3)


def refuses_version() -> None:
    fail(receive(), -32003, "The client speaks protocol 1, this backend 2; update the IDGBR plugin in QGIS.")


def newer() -> None:
    initialize(protocol_version=2)


def older() -> None:
    initialize(protocol_version=0)


def silent() -> None:
    receive()
    time.sleep(60)


def fails() -> None:
    fail(begin_job(), -32001, "image.tif has 1 band, the model wants 3; choose another model.")
    receive()


def obeys_cancel() -> None:
    request = begin_job()
    Path(sys.argv[2] + ".begun").touch()
    note = receive()
    assert note == {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": request["id"]}}
    fail(request, -32800, "Cancelled; no output was written.", "JobCancelled")
    Path(sys.argv[2]).write_text("obeyed", encoding="utf-8")
    receive()


def obeys_terminate() -> None:
    def end(*_: object) -> None:
        Path(sys.argv[2]).write_text("terminated", encoding="utf-8")
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    begin_job()
    time.sleep(60)


def deaf() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    begin_job()
    Path(sys.argv[2]).write_text(str(os.getpid()), encoding="utf-8")
    while True:
        time.sleep(1)


def writes() -> None:
    """Write all outputs asked for; keep the parameters in the file named on the command line."""
    request = begin_job()
    job = request["params"]
    parameters = job["parameters"]
    kept = dict(parameters)
    for name in ("input", "mask", "coarse", "confidence"):
        if parameters.get(name):
            kept[f"{name}_exists"] = Path(parameters[name].split("|")[0]).exists()
    Path(sys.argv[2]).write_text(json.dumps({"job": job["job"], **kept}), encoding="utf-8")
    image = parameters.get("input") or parameters.get("before") or parameters["rasters"].splitlines()[0]
    write_polygons(image, parameters["output"])
    for kind in ("classes", "confidence", "uncertainty", "probability"):
        name = f"output_{kind}"
        if parameters.get(name):
            write_raster(image, parameters[name], kind)
    moved = {"changed_pixels": 42, "moved_share": 0.25, "moved_mean_m": 0.125, "moved_p95_m": 0.5, "doubt": 0.1}
    change = {"from": "building", "to": "background", "pixels": 42, "area_m2": 10.5}
    summary = {"polygons": 1, "classes": CLASSES, "changes": [change], **moved}
    answer(request, {"outputs": {"OUTPUT": parameters["output"]}, "summary": summary})
    receive()


def evaluates() -> None:
    """Write the report asked for; keep the parameters, and which layers were there, in the file named."""
    request = begin_job()
    parameters = request["params"]["parameters"]
    there = sorted(
        name
        for name in ("predicted", "truth", "image", "confidence")
        if name in parameters and Path(parameters[name].partition("|")[0]).exists()
    )
    Path(sys.argv[2]).write_text(json.dumps({"there": there, **parameters}), encoding="utf-8")
    if parameters.get("report"):
        Path(parameters["report"]).write_text("<html></html>", encoding="utf-8")
    answer(request, {"outputs": {}, "summary": {"miou": 0.75, "boundary_f_2px": 0.5, "polis_m": None}})
    receive()


def trains() -> None:
    """Make the model folder asked for; keep the parameters in the file named."""
    request = begin_job()
    job = request["params"]
    Path(sys.argv[2]).write_text(json.dumps({"job": job["job"], **job["parameters"]}), encoding="utf-8")
    Path(job["parameters"]["output"]).mkdir()
    summary = {"model": "mine", "steps": 50, "loss_telling": 0.25, "miou": 0.75}
    answer(request, {"outputs": {"OUTPUT_MODEL": job["parameters"]["output"]}, "summary": summary})
    receive()


def stays() -> None:
    """Answer until the end: previews, jobs on models, and how often it was asked, in the file named."""
    initialize()
    log = Path(sys.argv[2])
    while True:
        request = receive()
        params = request.get("params", {})
        parameters = params.get("parameters", {})
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps([os.getpid(), request["method"], params]) + "\n")
        if request["method"] == "models/list":
            answer(request, {"models": json.loads(log.with_suffix(".models").read_text(encoding="utf-8"))})
        elif params.get("job") == "preview":
            folder = Path(parameters["output"])
            paths = {name: str(folder / f"{name.lower()}.fgb") for name in ("COARSE", "REFINED")}
            for path in paths.values():
                write_polygons(parameters["input"], path)
            left, bottom, right, top = parameters["extent"]
            corners = [[left, top], [right, top], [right, bottom], [left, bottom]]
            send({"method": "$/message", "params": {"id": request["id"], "level": "warning", "text": "a doubt"}})
            answer(request, {"outputs": paths, "summary": {"corners": corners, "seconds": 0.5}})
        elif params.get("job") == "add-model" and not parameters.get("id") and not parameters.get("replace"):
            fail(request, -32001, "a model 'ponds' is there already.", "ModelExistsError")
        elif parameters.get("source", "").endswith("bare.onnx") and not parameters.get("gsd_m"):
            fail(request, -32001, "no resolution", "PixelSizeError")
        elif params.get("job") == "change-model" and parameters["low"] == "x":
            fail(request, -32001, "low: 'x' is not a list of numbers.")
        else:
            answer(request, {"outputs": {}, "summary": {"id": parameters.get("id", "ponds")}})


def learns() -> None:
    """Answer until the end: previews of labels and models of them; what was asked, and of which labels, in a file.

    What is drawn in a class called `fail` is not learned. Where the file has one with the suffix `.hold` beside it, the
    answer waits until that is gone.
    """
    initialize()
    log = Path(sys.argv[2])
    while True:
        request = receive()
        params = request.get("params", {})
        parameters = params.get("parameters", {})
        labels = count_labels(parameters["labels"]) if "labels" in parameters else {}
        there = Path(parameters.get("input", "")).is_file()
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"job": params.get("job"), **parameters, "counts": labels, "there": there}) + "\n")
        while log.with_suffix(".hold").exists():
            time.sleep(0.02)
        if "fail" in labels:
            fail(request, -32001, f"{parameters['labels']}: has one class only (fail); label another.")
        elif params.get("job") == "try-labels":
            send({"method": "$/message", "params": {"id": request["id"], "level": "warning", "text": "a doubt"}})
            answer(request, try_labels(parameters, list(labels)))
        else:
            answer(request, {"outputs": {}, "summary": {"model": parameters["add_as"]}})


def count_labels(text: str) -> dict[str, int]:
    from osgeo import ogr

    source = ogr.Open(text.partition("|")[0])
    found: dict[str, int] = {}
    for feature in source.GetLayer():
        found[feature["class"]] = found.get(feature["class"], 0) + 1
    return dict(sorted(found.items()))


def try_labels(parameters: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """Rasters of 64 × 64 px in the extent: all of the first class, sure but at one place."""
    from osgeo import gdal

    left, bottom, right, top = parameters["extent"]
    outputs = {}
    for name in ("CLASSES", "AGREEMENT", *(["REFINED"] if parameters["refine"] else [])):
        outputs[name] = str(Path(parameters["output"]) / f"{name.lower()}.tif")
        result = gdal.GetDriverByName("GTiff").Create(outputs[name], 64, 64, 1, gdal.GDT_Byte)
        result.SetGeoTransform((left, (right - left) / 64, 0, top, 0, (bottom - top) / 64))
        result.SetProjection(gdal.Open(parameters["input"]).GetProjection())
        result.GetRasterBand(1).Fill(255 if name == "AGREEMENT" else 1)
        if name == "AGREEMENT":
            result.GetRasterBand(1).WriteRaster(40, 0, 24, 24, bytes(576), 24, 24)
        else:
            result.GetRasterBand(1).SetNoDataValue(255)
    corners = [[left, top], [right, top], [right, bottom], [left, bottom]]
    classes = [{"id": n, "name": name, "color": [9, 9, 9]} for n, name in enumerate(names, 1)]
    return {"outputs": outputs, "summary": {"corners": corners, "seconds": 0.5, "classes": classes}}


def fails_as() -> None:
    """Fail with the kind of error that is named."""
    fail(begin_job(), -32001, "what happened; what to do.", sys.argv[2])
    receive()


def write_polygons(image: str, path: str) -> None:
    from osgeo import gdal, ogr

    given = gdal.OpenEx(image.partition("|")[0])
    raster = given if given.RasterCount else given.GetLayer(0)  # the job `regularize` reads a layer
    left, width, _, top, _, height = given.GetGeoTransform()
    drivers = {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".geojson": "GeoJSON", ".fgb": "FlatGeobuf"}
    source = ogr.GetDriverByName(drivers[Path(path).suffix]).CreateDataSource(path)
    layer = source.CreateLayer("polygons", raster.GetSpatialRef(), ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("class_id", ogr.OFTInteger))
    layer.CreateField(ogr.FieldDefn("class", ogr.OFTString))
    feature = ogr.Feature(layer.GetLayerDefn())
    right, bottom = left + 4 * width, top + 4 * height
    corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    ring = ", ".join(f"{x} {y}" for x, y in corners)
    feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON (({ring}))"))
    feature["class_id"], feature["class"] = 1, "building"
    layer.CreateFeature(feature)


def write_raster(image: str, path: str, kind: str) -> None:
    from osgeo import gdal

    raster = gdal.Open(image)
    real = gdal.GDT_Byte if kind == "classes" else gdal.GDT_Float32
    result = gdal.GetDriverByName("GTiff").Create(path, raster.RasterXSize, raster.RasterYSize, 1, real)
    result.SetGeoTransform(raster.GetGeoTransform())
    result.SetProjection(raster.GetProjection())
    result.GetRasterBand(1).SetNoDataValue(255 if kind == "classes" else -1)
    result.GetRasterBand(1).Fill(1)
    if kind == "classes":
        result.SetMetadataItem("IDGBR_CLASSES", json.dumps(CLASSES))


if __name__ == "__main__":
    globals()[sys.argv[1]]()
