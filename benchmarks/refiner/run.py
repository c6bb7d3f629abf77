"""Runs methods on coarse maps and scores them, tile by tile; scores are kept, so a later run only adds what is new."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict

import cv2
import numpy as np
import torch

from benchmarks.refiner.methods import BEST, Choice, Entry, Told, built
from benchmarks.refiner.producers import TRUTH, coarse_maps, read_coarse, spoiled
from benchmarks.refiner.scores import Judge
from benchmarks.refiner.tiles import SETS, Tile, choose_tiles, read_set, read_task


class Row(TypedDict):
    """One tile, producer and method: the scores by measure, and the seconds a megapixel that the method took."""

    set: str
    place: str
    tile: str
    producer: str
    method: str
    scores: dict[str, float]
    seconds_per_mpx: float


@dataclass(frozen=True)
class Plan:
    """What a run is made of."""

    data: Path
    work: Path
    sets: tuple[str, ...]
    producers: tuple[str, ...]
    tiles: int
    network_steps: int
    jobs: int
    fresh: bool
    choice: Choice


@dataclass(frozen=True)
class _Task:
    """A tile with its coarse maps by producer, and the folder where its scores are kept."""

    tile: Tile
    coarse: dict[str, Path]
    kept: Path
    fresh: bool


@dataclass(frozen=True)
class _Worker:
    """What a process keeps from tile to tile."""

    entries: list[Entry]
    band: int


_worker: list[_Worker] = []


def run(plan: Plan) -> Iterator[tuple[str, list[Row]]]:
    """Rows of each tile, as it is done, with a line that says so."""
    context = multiprocessing.get_context("spawn")
    threads = max(1, (os.cpu_count() or 1) // plan.jobs)
    with ProcessPoolExecutor(plan.jobs, context, _start, (plan.choice, threads)) as pool:
        for number, name in enumerate(plan.sets, 1):
            began = time.monotonic()
            tasks = list(_tasks(plan, name))
            prepared = f"{time.monotonic() - began:.0f} s for coarse maps"
            yield f"{name} ({number}/{len(plan.sets)}): {len(tasks)} tiles, {prepared}", []
            waiting = {pool.submit(_score, task): task.tile.name for task in tasks}
            for done, future in enumerate(as_completed(waiting), 1):
                yield f"{name}: {done}/{len(tasks)} {waiting[future]}", future.result()


def _tasks(plan: Plan, name: str) -> Iterator[_Task]:
    tiles = choose_tiles(read_set(plan.data, name), plan.tiles)
    if not tiles:
        return
    task = SETS[name].task
    learned = cache(lambda: read_task(plan.data, task))
    maps = {p: coarse_maps(p, tiles, plan.network_steps, plan.work, task=task, learned=learned) for p in plan.producers}
    for tile in tiles:
        kept = plan.work / "scores" / name / tile.name
        yield _Task(tile, {producer: paths[tile.name] for producer, paths in maps.items()}, kept, plan.fresh)


def _start(choice: Choice, threads: int) -> None:
    """Prepare a process: its share of the threads, its methods."""
    os.environ.setdefault("IDGBR_THREADS", str(threads))
    cv2.setNumThreads(threads)
    torch.set_num_threads(threads)
    _worker[:] = [_Worker(built(choice), choice.card()[1].band_width)]


def _score(task: _Task) -> list[Row]:
    """All rows of a tile."""
    judge, rows = Judge(task.tile), []
    image = np.ascontiguousarray(np.moveaxis(task.tile.image, 2, 0)).astype(np.float32) / np.float32(255)
    best = Entry(BEST, Told(spoiled(TRUTH, task.tile)), fingerprint=f"band {_worker[0].band}")
    for producer, path in task.coarse.items():
        coarse, kept = None, task.kept / f"{path.parent.name}.json"
        known: dict[str, Row] = json.loads(kept.read_text()) if kept.exists() and not task.fresh else {}
        for entry in (*_worker[0].entries, best):
            keys = {method: f"{method} | {entry.fingerprint}" for method in entry.rows(task.tile.gsd_m)}
            if not known.keys() >= set(keys.values()):
                coarse = read_coarse(path) if coarse is None else coarse
                began = time.perf_counter()
                found = entry.labels(image, coarse, _worker[0].band, task.tile.gsd_m)
                pace = (time.perf_counter() - began) / image[0].size * 1e6
                for method, labels in found.items():
                    known[keys[method]] = Row(
                        set=task.tile.set, place=task.tile.place, tile=task.tile.name, producer=producer,
                        method=method, scores=judge.scores(labels), seconds_per_mpx=pace,
                    )  # fmt: skip
            rows += [known[key] for key in keys.values()]
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(known, indent=1))
    return rows


def columns(rows: Sequence[Row], key: str) -> list[str]:
    """The different values of `key` ("set", "producer" or "method") in the order in which they first occur."""
    return list(dict.fromkeys(str(row[key]) for row in rows))  # type: ignore[literal-required]
