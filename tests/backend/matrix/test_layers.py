"""Layers of all kinds through the jobs that take them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.backend.matrix.judge import read_result, reference, run
from tests.backend.matrix.kinds import Kind, covering, name_of
from tests.backend.matrix.layers import FIELD, FIELDS, FORMATS, GEOMETRIES, away_from_edges, write_layer

FACTORS = {
    "format": tuple(FORMATS),
    "field": tuple(FIELDS),
    "geometry": tuple(GEOMETRIES),
    "crs": ("utm", "degrees", "feet", "none"),
    "also": ("evaluated", "refined"),
}
#: Geometries that a format can hold.
HELD = {
    "shp": set(GEOMETRIES) - {"curved", "collection", "mixed"},
    "geojson": set(GEOMETRIES) - {"m", "zm", "curved", "tin"},
    "tab": {"polygon", "multi", "spiked"},
}  # fmt: skip
#: What there is no file of.
RULES = (
    (("format", "geometry"), lambda form, geometry: geometry in HELD.get(form, GEOMETRIES)),
    (("format", "field"), lambda form, field: form != "tab" or field in ("int32", "real", "text", "text_null")),
    (("format", "crs"), lambda form, crs: form != "geojson" or crs != "none"),
)
KINDS = covering(FACTORS, RULES)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind["also"] == "evaluated"], ids=name_of)
def test_evaluation(kind: Kind, tmp_path: Path) -> None:
    """It agrees in all with the same layer in the plainest form."""
    (tmp_path / "plain").mkdir()
    account = write_layer(tmp_path, kind)
    plain = write_layer(tmp_path / "plain", kind | {"format": "gpkg", "geometry": "polygon"})
    image = reference(tmp_path, account, bands=True)
    result = run(
        "evaluate", {"place": "north_up"}, predicted=account.path, truth=plain.path, predicted_class_field=FIELD,
        truth_class_field=FIELD, image=image,
    )  # fmt: skip
    assert result
    summary = result["summary"]
    assert summary["wrong_pixels"] == 0
    assert summary["pixels"] >= account.valid.sum()
    classes = len({value for value in account.values if value >= 0})
    assert sum(row["iou"] == 1 for row in summary["classes"]) >= classes


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind["also"] == "refined"], ids=name_of)
def test_refinement(kind: Kind, tmp_path: Path) -> None:
    """Each value of the field is a class of its own, in its place; NULL and no polygon are none."""
    account = write_layer(tmp_path, kind)
    image, out = reference(tmp_path, account, bands=True), tmp_path / "out.tif"
    result = run(
        "refine", {"place": "north_up"}, input=image, coarse=account.path, class_field=FIELD, device="cpu", steps=1,
        band_width=2, output=str(tmp_path / "out.gpkg"), output_classes=str(out),
    )  # fmt: skip
    assert result
    values, known = read_result(out, account, {"place": "north_up"})
    numbers = np.where(account.valid, account.codes, -1)
    sure = away_from_edges(numbers)
    found = {
        number: set(values[sure & known & (numbers == number)].tolist()) for number in set(numbers.ravel().tolist())
    }
    assert known[sure & (numbers >= 0)].all()
    classes = [found[number] for number in found if number >= 0]
    assert all(len(one) == 1 for one in classes), "a class has become several"
    assert len(set.union(*classes)) == len(classes), "classes have become one"
    assert not set.union(*classes) & found.get(-1, set()), "what has no class was given one"
