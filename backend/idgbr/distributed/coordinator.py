"""Coordinator of a stage on a cluster: hands out its blocks, and joins them in order as they return.

The journal is the single source of truth. A block counts once a line says that its file is in the job's folder, rows
count once a line says that they are in the stage's file. So a resumed job, here or on another cluster, loses only
unfinished blocks.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from idgbr import __version__
from idgbr.distributed.blocks import Block, BlockFile, cut_blocks, shared_rows
from idgbr.distributed.client import LOOK_S, Cluster
from idgbr.distributed.worker import estimate_label_noise, make_block, merge_record, tell_device
from idgbr.engines.devices import Device
from idgbr.monitor import Monitor
from idgbr.pipeline.executor import Executor, Run
from idgbr.pipeline.runner import Local
from idgbr.pipeline.stage import TiledStage
from idgbr.tiling.row_store import ResultRows
from idgbr.tiling.score_store import ScoreStore
from idgbr.tiling.tiles import Edges

if TYPE_CHECKING:
    from distributed import Future

#: Blocks that are computed or wait to be joined, for each that can be computed at the same time.
AHEAD = 4


class ClusterExecutor:
    """Computes tiles on the workers of a cluster, see `idgbr.pipeline.executor.Executor`."""

    in_spans = True

    def __init__(self, cluster: Cluster, monitor: Monitor) -> None:
        self._cluster, self._monitor = cluster, monitor

    def device(self, wanted: str, job_px: int | None = None) -> Device:  # noqa: ARG002
        """The device that the workers choose for `wanted`, according to one of them; all must have the same kind.

        None of them measures engines: the result must not depend on which worker computes a tile.
        """
        found = Device(**self._cluster.ask(tell_device, wanted, __version__))
        self._monitor.info(
            f"Cluster {self._cluster.address}: {self._cluster.workers_text}, {found.name} ({found.engine})."
        )
        return found

    def fill(self, run: Run, stage: TiledStage[Any], done: int, tell: Callable[[int], None]) -> None:
        """Have the workers fill a stage's file after its finished rows."""
        tell(done)
        ClusterRun(run, stage, done, self._cluster, tell).run()

    def label_noise(self, run: Run) -> float:
        """Label noise of the map that the job refines, estimated by a worker."""
        answer = self._cluster.ask(estimate_label_noise, {**order_of(run), "work": str(run.folder.path.resolve())})
        return float(merge_record(answer, run.job.sources)["doubt"])


@contextmanager
def executor_of(address: str | None, monitor: Monitor) -> Iterator[Executor]:
    """The executor for a scheduler's address, or for this process without one. Raises ClusterError."""
    if not address:
        yield Local(monitor)
        return
    cluster = Cluster(address, monitor)
    try:
        yield ClusterExecutor(cluster, monitor)
    finally:
        cluster.close()


def order_of(run: Run) -> dict[str, Any]:
    """Description of a job for workers, see `idgbr.distributed.worker.make_block`."""
    job = run.job
    return {"job": job.name, "parameters": asdict(job.parameters), "identity": run.identity, **job.preparation()}


class ClusterRun:
    """One stage of a job on a cluster, after its first `done` rows, with the blocks in the journal."""

    def __init__(
        self, run: Run, stage: TiledStage[Any], done: int, cluster: Cluster, tell: Callable[[int], None]
    ) -> None:
        """Take the parts of the run.

        `tell` is called with the number of finished rows whenever it grows.
        """
        folder, order = run.folder, order_of(run)
        self._job, self._stage, self._tiling, self._done = run.job, stage, stage.tiling, done
        self._journal, self._cluster, self._tell = folder.journal, cluster, tell
        # Workers that are slow to notice the end of another job in this folder write to other files.
        identity = json.dumps(order["identity"], sort_keys=True)
        self._blocks = folder.path / f"blocks_{hashlib.sha256(identity.encode()).hexdigest()[:12]}"
        places = {"work": str(folder.path.resolve()), "blocks": str(self._blocks.resolve())}
        self._order = {**order, **places}
        record = self._journal.last(stage.name) or {}
        self._changed = int(record.get("changed", 0)) if done else 0
        #: Blocks whose files are in the folder, with the number of pixels that each changed.
        self._made: dict[Block, int] = {}
        for start, stop, changed in record.get("blocks", []):
            if self._file(Block(start, stop)).whole:
                self._made[Block(start, stop)] = changed
        self._running: dict[Future, Block] = {}
        self._joined: list[Block] = []
        self._edges: list[Edges] = []

    def run(self) -> None:
        """Have the workers compute the blocks, and fill the stage's file."""
        self._cluster.wait_for_workers()
        self._blocks.mkdir(exist_ok=True)
        blocks = self._plan()
        waiting = [block for block in reversed(blocks) if block not in self._made]
        tiles = self._tiling.count - sum(map(self._tiles, waiting))
        try:
            with self._stage.open(self._stage.path, self._done) as into:
                while len(self._joined) < len(blocks):
                    self._job.monitor.check()
                    self._cluster.check()
                    self._hand_out(waiting)
                    arrived = self._collect()
                    tiles += sum(map(self._tiles, arrived))
                    self._stage.progress(self._job.monitor, tiles)
                    while len(self._joined) < len(blocks) and blocks[len(self._joined)] in self._made:
                        self._join(into, blocks[len(self._joined)])
                    if not arrived:
                        time.sleep(LOOK_S)
        finally:
            self._cluster.cancel(self._running)
        shutil.rmtree(self._blocks, ignore_errors=True)

    def _plan(self) -> list[Block]:
        """The blocks to join, in order.

        After finished rows, the first block is the one that shares rows with those below: as an earlier run left it, or
        one row of tiles that is computed again.
        """
        tiling = self._tiling
        begin, first = tiling.start_after(self._done), []
        if self._done and tiling.ramp:
            border = begin + tiling.core
            first = [next((block for block in self._made if block.stop == border), Block(begin, border))]
            begin = border
        kept = [block for block in self._made if block.start >= begin]
        return [*first, *cut_blocks(tiling, begin, self._cluster.slots, kept)]

    def _tiles(self, block: Block) -> int:
        return self._tiling.count_from(block.start) - self._tiling.count_from(min(block.stop, self._tiling.height))

    def _file(self, block: Block) -> BlockFile:
        return BlockFile(self._blocks, self._stage, block)

    def _hand_out(self, waiting: list[Block]) -> None:
        """Submit blocks, but only enough to keep the workers busy: files that wait to be joined take space."""
        ready = sum(block not in self._joined for block in self._made)
        while waiting and ready + len(self._running) < AHEAD * max(self._cluster.slots, 1):
            block = waiting.pop()
            self._running[self._cluster.submit(make_block, self._order, self._stage.name, block)] = block

    def _collect(self) -> list[Block]:
        """Register the blocks that have been finished."""
        arrived = [future for future in self._running if future.done()]
        blocks: list[Block] = []
        try:
            for future in arrived:
                answer = self._cluster.result(future)
                if answer is not None:
                    blocks.append(self._running.pop(future))
                    self._made[blocks[-1]] = merge_record(answer, self._job.sources)["changed"]
        finally:  # what arrived before an error counts
            if blocks:
                self._record()
        return blocks

    def _join(self, into: ScoreStore | ResultRows, block: Block) -> None:
        """Copy a block's rows into the stage's file, and finish those that it shares with the block above."""
        file = self._file(block)
        edges = file.edges()
        if file.last > self._done:
            if self._joined and file.first > file.shared_first:
                self._changed += self._stage.join(into, file.shared_first, shared_rows(self._edges, edges))
            for first, rows in file.chunks():
                self._job.monitor.check()
                into.paste(first, rows)
            self._changed += self._made[block]
            self._done = file.last
        self._joined.append(block)
        self._edges = edges
        self._record()
        self._journal.flush()
        self._tell(self._done)
        # The last one is kept: a resumed job needs the sums that it shares with the next one.
        for earlier in self._joined[:-1]:
            if self._made.pop(earlier, None) is not None:
                self._file(earlier).remove()

    def _record(self) -> None:
        blocks = [[*block, changed] for block, changed in self._made.items()]
        self._journal.record(
            self._stage.name, self._done, self._stage.height, [self._stage.path], changed=self._changed, blocks=blocks
        )
