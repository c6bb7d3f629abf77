"""Images of all kinds through the jobs that take them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.backend.matrix.judge import (
    FAR,
    check_known,
    check_polygons,
    check_values,
    drawn,
    read_result,
    reference,
    run,
    slack_of,
)
from tests.backend.matrix.kinds import Kind, covering, name_of
from tests.backend.matrix.places import FRAMES, HEIGHT, PLACES, WIDTH
from tests.backend.matrix.rasters import FLOATS, MASKS, THIRDS, check_account, write_image
from tests.backend.matrix.test_class_rasters import PLACED

FACTORS = {
    "dtype": ("uint8", "int8", "uint16", "int16", "uint32", "int32", *FLOATS),
    "nodata": ("none", "zero", "inside", "nan", "bare_nan", "beyond"),
    "mask": MASKS,
    "layout": ("rgb", "planar", "bgr", "rgbn", "bgrn", "grey", "palette"),
    "storage": ("strips", "overviews", "vrt"),
    "crs": tuple(FRAMES),
    "place": PLACES,
    "also": ("segment", "detect-changes", "refine"),
}
#: What there is no file of.
RULES = (
    (("dtype", "nodata"), lambda dtype, nodata: "nan" not in nodata or dtype in FLOATS),
    (("dtype", "nodata"), lambda dtype, nodata: nodata != "beyond" or dtype in ("uint8", "uint16", "uint32")),
    (("dtype", "mask"), lambda dtype, mask: mask != "alpha" or dtype in ("uint8", "uint16")),
    (("dtype", "layout"), lambda dtype, layout: layout != "palette" or dtype == "uint8"),
    (("mask", "layout"), lambda mask, layout: mask != "alpha" or layout in ("rgb", "planar", "bgr", "grey")),
    (("nodata", "mask"), lambda nodata, mask: (nodata, mask) != ("inside", "alpha")),
    (("nodata", "storage"), lambda nodata, storage: (nodata, storage) != ("beyond", "vrt")),
    (("crs", "place"), lambda crs, place: crs in PLACED.get(place, FRAMES)),
    (("layout", "also"), lambda layout, also: layout != "grey" or also == "segment"),
)
KINDS = covering(FACTORS, RULES)


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_segmentation(kind: Kind, tmp_path: Path) -> None:
    """Each known pixel has the class of its colour, whatever the file calls its bands and values."""
    account = write_image(tmp_path, kind)
    check_account(account)
    layer, out = tmp_path / "out.gpkg", tmp_path / "out.tif"
    result = run(
        "segment", kind, input=account.path, output=str(layer), output_classes=str(out), refine=False, min_area=0.0,
        simplify=0.0, device="cpu", model="grey" if kind["layout"] == "grey" else "red",
    )  # fmt: skip
    if result:
        values, known = read_result(out, account, kind)
        check_known(known, account.valid, kind)
        check_values(values, account.codes, known & account.valid, slack_of(kind))
        check_polygons(layer, account, kind, [1])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind["also"] == "detect-changes"], ids=name_of)
def test_change_detection(kind: Kind, tmp_path: Path) -> None:
    """What differs from a later date is found in its place, and nothing where the earlier one is unknown."""
    account = write_image(tmp_path, kind)
    later = reference(tmp_path, account, bands=True)
    layer, out = tmp_path / "out.gpkg", tmp_path / "out.tif"
    result = run(
        "detect-changes", kind, before=account.path, after=later, output=str(layer), output_probability=str(out),
        refine=False, min_area=0.0, simplify=0.0, device="cpu",
    )  # fmt: skip
    if result:
        probability, known = read_result(out, account, kind)
        check_known(known, account.valid, kind)
        changed = probability.astype(float) > 0.5 * np.max(probability[known], initial=1)
        _, covered, _ = drawn(layer, account.affine)
        check_values(covered, changed, known & account.valid & FAR, slack_of(kind))
        assert not (covered & ~account.valid).sum() > slack_of(kind) * HEIGHT * WIDTH


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind["also"] == "refine"], ids=name_of)
def test_image_of_refinement(kind: Kind, tmp_path: Path) -> None:
    """The map that is refined lies on the image, and keeps its classes where nothing is near."""
    account = write_image(tmp_path, kind)
    plain = reference(tmp_path, account, codes=False)
    layer, out = tmp_path / "out.gpkg", tmp_path / "out.tif"
    result = run(
        "refine", kind, input=account.path, coarse=plain, output=str(layer), output_classes=str(out), device="cpu",
        steps=1, band_width=2,
    )  # fmt: skip
    if result:
        values, known = read_result(out, account, kind)
        check_known(known, account.valid, kind)
        check_values(values, THIRDS, known & account.valid & FAR, slack_of(kind))
