"""Touching objects are parted where they meet, whatever the strips, and each is one valid polygon."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from rasterio.transform import from_origin
from scipy.ndimage import gaussian_filter, label

from idgbr.classes import NODATA_CLASS, ClassInfo
from idgbr.polygonize import ClassRows, Contact, GivenObjects, VectorOptions, draw_layer
from idgbr.polygonize.cracks import FIRST_CLASS, VOID
from idgbr.polygonize.objects.parts import FIRST_OBJECT, REACH, ObjectParts

GROUND, HOUSE, SHED = FIRST_CLASS, FIRST_CLASS + 1, FIRST_CLASS + 2
CLASSES = [
    ClassInfo(0, "ground", (0, 0, 0), background=True),
    ClassInfo(1, "house", (255, 0, 0), background=False),
    ClassInfo(2, "shed", (0, 0, 255), background=False),
]


class Flat:
    """Pixels of 1 m²."""

    cell = 1 << 20

    def rows(self, first: int, last: int) -> NDArray[np.float64]:
        return np.ones((last - first, 1))


def parted(
    codes: NDArray[np.uint16], contact: NDArray[np.bool_], work: Path, *, step: int = 1000, margin: float = 0.0,
    core_m2: float = 4.0, min_area: float = 0.0, region_m2: float = 0.0,
) -> NDArray[np.int32]:  # fmt: skip
    """Numbers of objects from 1 on, and minus the codes of other pixels."""
    table = np.zeros(FIRST_OBJECT, np.bool_)
    table[[HOUSE, SHED]] = True
    meets = Contact(lambda a, b: contact[a:b].astype(np.float32), 0.5, margin, core_m2, region_m2)
    parts = ObjectParts(work, codes.shape[1], meets, table, Flat, min_area)
    strips = (codes[row : row + step] for row in range(0, len(codes), step))
    out = np.concatenate(list(parts.parted(strips, lambda _: None)))
    assert (parts.classes[out] == codes).all()  # each object keeps its class, and nothing else changes
    return np.where(out >= FIRST_OBJECT, out - FIRST_OBJECT + 1, -out)


def block(height: int = 20, width: int = 31) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """A block of houses amid ground, and no contact."""
    codes = np.full((height + 4, width + 4), GROUND, np.uint16)
    codes[2:-2, 2:-2] = HOUSE
    return codes, np.zeros(codes.shape, np.bool_)


def test_houses_are_parted_along_their_contact(tmp_path: Path) -> None:
    """A line of contact across a block makes two objects; its pixels go to the nearer one."""
    codes, contact = block()
    contact[:, 16:19] = True
    found = parted(codes, contact, tmp_path)
    assert (found[codes == GROUND] == -GROUND).all()
    assert set(np.unique(found[2:-2, 2:17])) == {1}
    assert set(np.unique(found[2:-2, 18:-2])) == {2}


def test_small_regions_stay_whole(tmp_path: Path) -> None:
    """However strong the contact in them: a house is seldom several."""
    codes, contact = block()
    contact[:, 16:19] = True
    assert parted(codes, contact, tmp_path, region_m2=620.0).max() == 2
    assert parted(codes, contact, tmp_path, region_m2=621.0).max() == 1


def test_without_contact_regions_stay_as_they_are(tmp_path: Path) -> None:
    """Regions of the class raster are the objects, also those without a core."""
    codes, contact = block()
    codes[10, :] = GROUND
    codes[0, 0] = SHED
    found = parted(codes, contact, tmp_path)
    assert sorted(set(found[found > 0])) == [1, 2, 3]
    assert found[0, 0] == 1


def test_a_line_that_ends_inside_parts_nothing(tmp_path: Path) -> None:
    """Both sides of a contact are one object if they meet far below, beyond all rows in memory."""
    codes, contact = block(6 * REACH, 31)
    contact[: 5 * REACH, 16:19] = True
    assert parted(codes, contact, tmp_path, step=40).max() == 1


def test_narrow_necks_are_cut_with_a_margin(tmp_path: Path) -> None:
    """With a margin, two blocks with a passage of 3 px are two objects."""
    codes, contact = block()
    codes[2:10, 15:19] = codes[13:, 15:19] = GROUND
    assert parted(codes, contact, tmp_path).max() == 1
    assert parted(codes, contact, tmp_path, margin=2).max() == 2


def test_small_cores_are_no_objects(tmp_path: Path) -> None:
    """What contact cuts off goes to the nearest core that is large enough."""
    codes, contact = block()
    contact[2:8, 8] = contact[7, 2:9] = True
    assert parted(codes, contact, tmp_path, core_m2=20).max() == 2
    assert parted(codes, contact, tmp_path, core_m2=40).max() == 1


def test_objects_below_the_minimum_area_join_along_the_longest_wall(tmp_path: Path) -> None:
    """A strip between two houses joins the one with which it shares more wall."""
    codes, contact = block(20, 31)
    contact[:, 12] = contact[:, 16] = True
    codes[2:8, 13:15] = GROUND
    apart = parted(codes, contact, tmp_path)
    assert apart.max() == 3
    found = parted(codes, contact, tmp_path, min_area=80)
    assert found.max() == 2
    assert found[12, 14] == found[12, 20] != found[12, 5]


def test_what_no_core_reaches_joins_its_neighbour(tmp_path: Path) -> None:
    """A long passage without a core of its own is no object of its own."""
    codes, contact = block(20, 40 + 3 * REACH)
    codes[2:-2, 40:-2] = GROUND
    codes[8:10, 40:-2] = HOUSE
    assert parted(codes, contact, tmp_path, margin=2).max() == 1


def scattered() -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """Large blobs of two classes and nodata, with wavy contact."""
    rng = np.random.default_rng(3)
    relief = gaussian_filter(rng.normal(size=(400, 230)), 9)
    codes = np.full(relief.shape, GROUND, np.uint16)
    codes[relief > 0.0] = HOUSE
    codes[relief < -0.03] = SHED
    codes[:30, :40] = VOID
    return codes, np.abs(gaussian_filter(rng.normal(size=relief.shape), 4)) < 0.012


@pytest.mark.parametrize("step", [7, 32, 111])
def test_strips_do_not_matter(tmp_path: Path, step: int) -> None:
    """The same rows in other strips give the same objects."""
    codes, contact = scattered()
    options = {"margin": 1.5, "core_m2": 30.0, "min_area": 60.0}
    whole = parted(codes, contact, tmp_path, **options)
    assert whole.max() > 20
    assert (parted(codes, contact, tmp_path, step=step, **options) == whole).all()


def test_windows_between_the_passes_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects do not depend on how many rows are divided at a time."""
    codes, contact = scattered()
    whole = parted(codes, contact, tmp_path, margin=1.0)
    monkeypatch.setattr("idgbr.polygonize.objects.parts._PIXELS", 230 * 37)
    assert (parted(codes, contact, tmp_path, margin=1.0) == whole).all()


def test_each_object_is_connected_and_numbered_in_order(tmp_path: Path) -> None:
    """An object is one region of pixels; numbers follow the first pixels."""
    codes, contact = scattered()
    found = parted(codes, contact, tmp_path, margin=1.0, min_area=20.0)
    assert all(label(found == number)[1] == 1 for number in range(1, found.max() + 1))
    firsts = [int(np.flatnonzero(found.ravel() == number)[0]) for number in range(1, found.max() + 1)]
    assert firsts == sorted(firsts)


@pytest.mark.parametrize("regularize", ["none", "right-angles"])
def test_polygons_share_their_walls(tmp_path: Path, regularize: str) -> None:
    """The layer is a valid coverage with one polygon for each object, numbered in the field `object_id`."""
    codes, contact = scattered()
    values = np.where(codes == VOID, NODATA_CLASS, codes - FIRST_CLASS).astype(np.uint8)

    def source(meets: Contact | None) -> ClassRows:
        ones = lambda first, last: np.ones((last - first, values.shape[1]))  # noqa: E731
        transform = from_origin(500_000, 5_000_000, 1, 1)
        return ClassRows(iter([values[:200], values[200:]]), values.shape, transform, None, CLASSES, ones, cores=meets)

    layers = {}
    for name, meets in (
        ("parted", Contact(lambda a, b: contact[a:b].astype(np.float32), 0.5, 1.0, 30.0)), ("regions", None),
    ):  # fmt: skip
        path = tmp_path / f"{name}.gpkg"
        draw_layer(source(meets), path, options=VectorOptions(30.0, 0.75, regularize=regularize))
        layers[name] = geopandas.read_file(path, layer=name)
    found, regions = layers["parted"], layers["regions"]
    assert "object_id" not in regions
    assert len(found) > len(regions) + 10
    assert sorted(found["object_id"]) == list(range(1, len(found) + 1))
    shapes = found.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.area(shapes).min() > 20
    assert shapely.area(shapes).sum() == pytest.approx(shapely.area(regions.geometry.to_numpy()).sum(), rel=0.01)
    assert not list(tmp_path.glob(".*"))  # no temporary files stay


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_given_objects_stay_apart(tmp_path: Path, step: int) -> None:
    """Walls stay where the layer has them; new ground goes to the nearer object, and crumbs of a lost one join it."""
    codes, _ = block()
    numbers = np.zeros(codes.shape, np.int32)
    numbers[2:-2, 4:14], numbers[2:-2, 14:20] = 1, 2
    numbers[2:4, 20:22] = 3  # what is left of an object that had 100 pixels
    given = GivenObjects(
        lambda a, b: numbers[a:b], np.full(3, HOUSE - FIRST_CLASS), np.array([200, 120, 100])
    )  # fmt: skip
    table = np.zeros(FIRST_OBJECT, np.bool_)
    table[HOUSE] = True
    parts = ObjectParts(tmp_path, codes.shape[1], given, table, Flat)
    strips = (codes[row : row + step] for row in range(0, len(codes), step))
    found = np.concatenate(list(parts.parted(strips, lambda _: None)))[2:-2, 2:-2] - FIRST_OBJECT + 1
    assert (found[:, :12] == 1).all()
    assert (found[:, 12:] == 2).all()


def test_pieces_of_a_given_object_that_touch_stay_together(tmp_path: Path) -> None:
    """Ground that the object gained between two of its pieces does not divide it; another class is never parted."""
    codes, _ = block()
    numbers = np.zeros(codes.shape, np.int32)
    numbers[2:-2, 2:10] = numbers[2:-2, 15:30] = 5
    codes[5:9, 30:34] = SHED
    numbers[5:9, 30:34] = 4
    classes = np.full(5, HOUSE - FIRST_CLASS)
    classes[3] = SHED - FIRST_CLASS
    given = GivenObjects(
        lambda a, b: numbers[a:b], classes, np.full(5, 300), classes=np.arange(10) == HOUSE - FIRST_CLASS
    )  # fmt: skip
    table = np.zeros(FIRST_OBJECT, np.bool_)
    table[[HOUSE, SHED]] = True
    parts = ObjectParts(tmp_path, codes.shape[1], given, table, Flat)
    found = np.concatenate(list(parts.parted([codes], lambda _: None)))
    assert len(np.unique(found[codes == HOUSE])) == 1
    assert (found[codes == SHED] == SHED).all()
