"""Class rasters of all kinds through the jobs that take them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backend.matrix.judge import (
    FAR,
    SLACK,
    check_known,
    check_polygons,
    check_values,
    read_result,
    reference,
    run,
    slack_of,
)
from tests.backend.matrix.kinds import Kind, covering, name_of
from tests.backend.matrix.places import FRAMES, PLACES
from tests.backend.matrix.rasters import CODES, FLOATS, MASKS, check_account, write_class_raster

FACTORS = {
    "dtype": ("uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", *FLOATS),
    "codes": tuple(CODES),
    "nodata": ("none", "zero", "inside", "nan", "bare_nan", "beyond"),
    "mask": MASKS,
    "storage": ("strips", "overviews", "vrt", "palette"),
    "crs": tuple(FRAMES),
    "place": PLACES,
    "also": ("predicted", "truth", "refined"),
}
HOLDS = {
    "small": FACTORS["dtype"],
    "top": set(FACTORS["dtype"]) - {"int8"},
    "corine": set(FACTORS["dtype"]) - {"int8", "uint8"},
    "negative": {"int8", "int16", "int32", "int64", *FLOATS},
    "wide": {"int64", "uint64"},
}
PLACED = {"gcps": ("utm", "degrees", "mercator"), "rpcs": ("degrees",), "none": ("none",)}
#: What there is no file of.
RULES = (
    (("dtype", "codes"), lambda dtype, codes: dtype in HOLDS[codes]),
    (("dtype", "nodata"), lambda dtype, nodata: "nan" not in nodata or dtype in FLOATS),
    (("dtype", "nodata"), lambda dtype, nodata: nodata != "beyond" or dtype in ("uint8", "uint16", "uint32")),
    (("codes", "nodata"), lambda codes, nodata: nodata != "zero" or codes != "small"),
    (("dtype", "mask"), lambda dtype, mask: mask != "alpha" or dtype in ("uint8", "uint16")),
    (("dtype", "storage"), lambda dtype, storage: storage != "palette" or dtype in ("uint8", "uint16")),
    (("mask", "storage"), lambda mask, storage: (mask, storage) != ("alpha", "palette")),
    (("nodata", "mask"), lambda nodata, mask: (nodata, mask) != ("inside", "alpha")),
    (("nodata", "storage"), lambda nodata, storage: (nodata, storage) != ("beyond", "vrt")),
    (("dtype", "storage"), lambda dtype, storage: storage != "overviews" or not dtype.endswith("int64")),
    (("crs", "place"), lambda crs, place: crs in PLACED.get(place, FRAMES)),
)
KINDS = covering(FACTORS, RULES)


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_polygons(kind: Kind, tmp_path: Path) -> None:
    """They cover what is known, and nothing else, where QGIS shows it; each code is its own class."""
    account = write_class_raster(tmp_path, kind)
    check_account(account)
    out = tmp_path / "out.gpkg"
    if run("vectorize", kind, input=account.path, output=str(out), simplify=0.0):
        check_polygons(out, account, kind)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind["also"] != "refined"], ids=name_of)
def test_evaluation(kind: Kind, tmp_path: Path) -> None:
    """All that is known is scored, and none of it is wrong."""
    account = write_class_raster(tmp_path, kind)
    sides = account.path, reference(tmp_path, account)
    predicted, truth = sides if kind["also"] == "predicted" else sides[::-1]
    if result := run("evaluate", kind, predicted=predicted, truth=truth):
        summary, known = result["summary"], int(account.valid.sum())
        assert abs(summary["pixels"] - known) <= slack_of(kind) * known
        assert summary["wrong_pixels"] <= slack_of(kind) * known


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind["also"] == "refined"], ids=name_of)
def test_refinement(kind: Kind, tmp_path: Path) -> None:
    """What is unknown stays so, and away from boundaries nothing changes."""
    account = write_class_raster(tmp_path, kind)
    image, out = reference(tmp_path, account, bands=True), tmp_path / "out.tif"
    result = run(
        "refine", kind, input=image, coarse=account.path, output=str(tmp_path / "out.gpkg"), output_classes=str(out),
        device="cpu", steps=1, band_width=2,
    )  # fmt: skip
    if result:
        values, known = read_result(out, account, {**kind, "place": "north_up"})
        check_known(known, account.valid, kind)
        check_values(values, account.codes, known & account.valid & FAR, slack_of(kind))
        check_values(values, account.codes, known & account.valid, SLACK)
