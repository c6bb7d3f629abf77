"""The refiner's benchmark, on procedural tiles: reading, producers, methods, scores, and what they come to."""

# ruff: noqa: E402 (imports come after the checks that the extras are installed)
from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import rasterio

pytest.importorskip("torch", reason="the benchmark needs the train extra (make setup-train)")
for package in ("sklearn", "skimage", "transformers"):
    pytest.importorskip(package, reason="the benchmark needs the benchmark extra (pip install 'backend[benchmark]')")

from benchmarks.refiner import networks, producers, summary, table, tune
from benchmarks.refiner.checkpoints import load
from benchmarks.refiner.classical import CLASSICAL, seeds
from benchmarks.refiner.methods import BEST, COARSE, Choice, Unchanged, built, gated_labels
from benchmarks.refiner.processes import PROCESSES
from benchmarks.refiner.run import Plan, Row, run
from benchmarks.refiner.scores import MEASURES, Judge
from benchmarks.refiner.tiles import IGNORE, Tile, choose_tiles, chosen_sets, pieces, read_set, reduced, with_folds
from idgbr.refiner.acceptance import refinable
from idgbr.scenes import Scene, make_scene
from idgbr.training.networks import RefinerNet


@cache
def drawn_scene(size: int, seed: int) -> Scene:
    """A scene of square pixels of 0.3 m."""
    return make_scene(size, size, gsd_m=0.3, seed=seed)


def scene_tile(size: int = 160, seed: int = 3, place: str = "scene") -> Tile:
    scene = drawn_scene(size, seed)
    image = np.ascontiguousarray(np.moveaxis(scene.image, 0, 2))
    return Tile("scenes", place, f"{place}_{seed}", image, scene.classes, 5, 0.3)


@pytest.fixture(scope="module")
def tile() -> Tile:
    return scene_tile()


def test_places_are_halved_whole_and_by_area() -> None:
    truth = np.zeros((4, 4), np.uint8)
    rasters = [Tile("s", p, f"{p}{n}", np.zeros((4, 4, 3), np.uint8), truth, 2, 1.0) for p in "abc" for n in range(2)]
    folds = {raster.place: raster.fold for raster in with_folds(rasters)}
    assert sorted(folds.values()) == [0, 0, 1]
    assert all(raster.fold == folds[raster.place] for raster in with_folds(rasters))


def test_tiles_are_the_same_every_time_and_spread_over_places() -> None:
    rasters = [scene_tile(seed=seed, place=place) for place in "ab" for seed in (3, 4, 5)]
    chosen = choose_tiles(rasters, 2)
    assert {tile.place for tile in chosen} == {"a", "b"}
    assert [t.name for t in chosen] == [t.name for t in choose_tiles(rasters[::-1], 2)]


def test_tiles_without_boundary_are_passed_over(tile: Tile) -> None:
    empty = Tile("s", "p", "n", tile.image, np.full_like(tile.truth, IGNORE), 5, 0.3)
    assert choose_tiles([empty], 3) == []


def test_big_rasters_are_cut_and_coarser_grids_average() -> None:
    truth = np.zeros((600, 1100), np.uint8)
    truth[:, 550:] = 1
    truth[:2, :2] = IGNORE
    image = np.zeros((600, 1100, 3), np.uint8)
    image[:, 1::2] = 100
    raster = Tile("s", "p", "n", image, truth, 2, 0.1)
    assert [piece.truth.shape for piece in pieces(raster)] == [(512, 512), (512, 512)]
    half = reduced(raster, 2)
    assert half.gsd_m == pytest.approx(0.2)
    assert (half.image == 50).all()
    assert half.truth[0, 0] == IGNORE
    assert half.truth[5, 274] == 0
    assert half.truth[5, 275] == 1


def write_set(data: Path, folder: str, stems: list[str]) -> None:
    """Two chips of buildings as the labelled data has them."""
    for part in ("images", "masks"):
        (data / folder / part).mkdir(parents=True)
    for seed, stem in zip((4, 7), stems, strict=True):
        scene = drawn_scene(128, seed)
        files = {"images": scene.image, "masks": (scene.classes == 0)[None].astype(np.uint8) * 255}
        for part, bands in files.items():
            profile = {"driver": "PNG", "height": 128, "width": 128, "count": len(bands), "dtype": "uint8"}
            with rasterio.open(data / folder / part / f"{stem}.png", "w", **profile) as out:
                out.write(bands)
    (data / "splits.json").write_text(json.dumps({folder: {"test": stems}}))


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_set_is_read_with_its_labels_as_classes(tmp_path: Path) -> None:
    write_set(tmp_path, "buildings_yangon_drone", ["yangon_01", "yangon_03"])
    rasters = read_set(tmp_path, "buildings_yangon_drone")
    assert {raster.fold for raster in rasters} == {0, 1}
    assert {int(v) for raster in rasters for v in np.unique(raster.truth)} == {0, 1}
    assert rasters[0].image.shape == (128, 128, 3)


def test_sets_are_chosen_by_how_their_names_begin() -> None:
    assert len(chosen_sets(["buildings_oam_drone"])) == 3
    assert chosen_sets(None) == chosen_sets([])
    with pytest.raises(ValueError, match="no test set begins"):
        chosen_sets(["elsewhere"])


def test_spoiled_truth_is_a_little_wrong_and_always_in_the_same_way(tile: Tile) -> None:
    perfect = producers.spoiled(producers.TRUTH, tile)
    assert (perfect.argmax(0) == tile.truth).all()
    for producer in (producers.POLYGONS, producers.SHIFTED):
        coarse = producers.spoiled(producer, tile)
        assert 0.7 < (coarse.argmax(0) == tile.truth).mean() < 1.0
        assert (coarse == producers.spoiled(producer, tile)).all()
        assert set(np.unique(coarse)) == {0.0, 1.0}
    with pytest.raises(ValueError, match="no producer"):
        producers.spoiled("magic", tile)


def test_a_shift_is_one_of_two_pixels(tile: Tile) -> None:
    shifted = producers.spoiled(producers.SHIFTED, tile).argmax(0)[8:-8, 8:-8]
    offsets = [(r, c) for r in (-2, 0, 2) for c in (-2, 0, 2) if r or c]
    assert any((np.roll(tile.truth, offset, (0, 1))[8:-8, 8:-8] == shifted).all() for offset in offsets)


def test_the_forest_learns_colours(tile: Tile) -> None:
    forest = producers.grown_forest([scene_tile(seed=4)])
    found = producers.forest_probabilities(forest, tile.image, tile.classes)
    assert found.shape == (5, 160, 160)
    assert found.sum(0) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_networks_train_and_answer_at_the_size_of_the_tile(name: str, tile: Tile, tmp_path: Path) -> None:
    net = networks.trained(name, [tile], 1, tmp_path)
    found = networks.predict(net, tile.image[:100, :131])
    assert found.shape == (5, 100, 131)
    assert found.sum(0) == pytest.approx(1.0, abs=1e-4)


def test_every_region_has_seeds(tile: Tile) -> None:
    from skimage.measure import label

    found = seeds(tile.truth, 4.0)
    assert set(np.unique(found[found > 0] - 1)) == set(np.unique(tile.truth))
    regions = label(tile.truth, background=-1, connectivity=1)
    assert set(np.unique(regions[found > 0])) == set(np.unique(regions))


@pytest.mark.parametrize("name", CLASSICAL)
def test_classical_methods_give_probabilities_and_mend_a_blurred_map(name: str) -> None:
    truth = np.zeros((96, 96), np.uint8)
    truth[24:70, 30:74] = 1
    rng = np.random.default_rng(0)
    image = np.where(truth, 0.7, 0.3) + rng.normal(0, 0.02, (3, 96, 96))
    tile = Tile("s", "p", "n", np.zeros((96, 96, 3), np.uint8), truth, 2, 0.3)
    coarse = next(tune.tuning_maps(tile))
    refined = CLASSICAL[name].refine(image.astype(np.float32), coarse)
    assert refined.shape == coarse.shape
    assert refined.dtype == np.float32
    assert refined.sum(0) == pytest.approx(1.0, abs=1e-3)
    before, after = (Judge(tile).scores(gated_labels(coarse, p, 8, (0.0, 0.0))) for p in (coarse, refined))
    assert after["mIoU"] > before["mIoU"]


def test_nothing_changes_outside_the_band(tile: Tile) -> None:
    coarse = producers.spoiled(producers.TRUTH, tile)
    labels = gated_labels(coarse, coarse[::-1].copy(), 3, (0.0, 0.0))
    band = refinable(tile.truth, coarse.max(0), 3)
    assert (labels[~band] == tile.truth[~band]).all()
    assert (labels[band] != tile.truth[band]).any()


def test_the_shipped_refiner_takes_tiles_of_any_size(tile: Tile) -> None:
    entry = built(Choice(names=("refiner 2",)))[1]
    assert list(entry.rows(0.3)) == ["refiner 2 steps ungated", "refiner 2 steps gated"]
    image = np.moveaxis(tile.image[:70, :90], 2, 0).astype(np.float32) / np.float32(255)
    coarse = producers.spoiled(producers.TRUTH, tile)[:, :70, :90]
    assert entry.method.refine(image, coarse).shape == coarse.shape
    assert Unchanged().refine(image, coarse) is coarse


def test_checkpoints_run_as_the_process_of_their_name(tile: Tile, tmp_path: Path) -> None:
    from safetensors.torch import save_file

    weights = {key: value.contiguous() for key, value in RefinerNet().state_dict().items()}
    save_file(weights, tmp_path / "flow.safetensors")
    save_file(weights, tmp_path / "other.safetensors", {"process": "one-step"})
    save_file(weights, tmp_path / "unknown.safetensors")
    assert set(load(tmp_path / "flow.safetensors", 16)) == set(PROCESSES["flow"].steps)
    method = load(tmp_path / "other.safetensors", 16)[1]
    image = np.moveaxis(tile.image[:50, :70], 2, 0).astype(np.float32) / np.float32(255)
    coarse = producers.spoiled(producers.TRUTH, tile)[:, :50, :70]
    assert method.refine(image, coarse).sum(0) == pytest.approx(1.0, abs=1e-4)
    with pytest.raises(ValueError, match="not known"):
        load(tmp_path / "unknown.safetensors", 16)


def test_truth_scores_one(tile: Tile) -> None:
    assert set(Judge(tile).scores(tile.truth).values()) == {1.0}


def row(tile: str, producer: str, method: str, f2: float, miou: float) -> Row:
    scores = dict.fromkeys(MEASURES, 0.5) | {"F2": f2, "mIoU": miou}
    return Row(set="s", place="p", tile=tile, producer=producer, method=method, scores=scores, seconds_per_mpx=1.0)


def test_changes_are_those_of_the_summed_error() -> None:
    rows = [
        row("a", "segformer", COARSE, 0.6, 0.8), row("b", "segformer", COARSE, 0.8, 0.8),
        row("a", "segformer", "m", 0.8, 0.9), row("b", "segformer", "m", 0.85, 0.79),
        row("a", producers.TRUTH, COARSE, 1.0, 1.0), row("a", producers.TRUTH, "m", 1.0, 1.0),
    ]  # fmt: skip
    (change,) = summary.changes(rows)
    assert change.error == pytest.approx(100 * (0.35 / 0.6 - 1))
    assert change.unseen == pytest.approx(change.error)
    assert change.interval[0] <= change.error <= change.interval[1]
    assert change.miou == pytest.approx(4.5)
    assert change.harmed == pytest.approx(0.5)
    assert change.truth_f1 == pytest.approx(0.5)
    assert change.truth_harmed == 0.0
    assert "-41.7 %" in table.as_markdown(rows)
    assert json.loads(table.as_json(rows, {}))["means"][0]["method"] == COARSE


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_run_keeps_its_scores(tmp_path: Path) -> None:
    write_set(tmp_path, "buildings_yangon_drone", ["yangon_01", "yangon_03"])
    plan = Plan(
        tmp_path, tmp_path / "work", ("buildings_yangon_drone",), (producers.SHIFTED,), 2, 1, 1, False,
        Choice(names=("guided",)),
    )  # fmt: skip
    first = [found for _, rows in run(plan) for found in rows]
    again = [found for _, rows in run(plan) for found in rows]
    assert {found["method"] for found in first} == {COARSE, "guided filter", BEST}
    assert sorted(map(str, first)) == sorted(map(str, again))
