"""What the project wants of a GPU, beside what the parts before have measured."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.gpu import arithmetic, graphs, reference_unet, whole_pass
from benchmarks.gpu.bench import Bench

TABLE = "Targets"
AGREEMENT, RATE, SHARE, TIMES = 0.999, 100.0, 0.4, 100.0


def targets(bench: Bench) -> None:
    """A row for each target; speeds that miss theirs do not fail the check."""

    def figures(table: str, column: str) -> list[float]:
        rows = bench.report.tables.get(table, [])
        return [row[column] for row in rows if row.get(column) is not None]

    torch_pass = [row for row in bench.report.tables.get(whole_pass.TABLE, []) if row["engine"] == whole_pass.IN_TORCH]
    rates = [row["Mpx/s"] for row in torch_pass]
    reference = figures(reference_unet.TABLE, "Mpx/s")
    _row(bench, "least share of pixels that a graph decides as on the CPU", AGREEMENT, _least(bench))
    _row(bench, "coarse pass and default refinement from memory, in torch, Mpx/s", RATE, _most(rates))
    _row(bench, "refiner's convolutions, share of the peak", SHARE, _most(figures(arithmetic.SHARES, "share of peak")))
    times = max(rates) / max(reference) if rates and reference else None
    _row(bench, "times as fast as the reference's architecture", TIMES, times)


def _row(bench: Bench, target: str, wanted: float, measured: float | None) -> None:
    reached = None if measured is None else measured >= wanted
    found: object = "not measured" if measured is None else measured
    bench.report.add(TABLE, target=target, wanted=wanted, measured=found, reached=reached)


def _most(figures: Sequence[float]) -> float | None:
    return max(figures, default=None)


def _least(bench: Bench) -> float | None:
    rows = bench.report.tables.get(graphs.CHECKS, [])
    return min((row["agreement"] for row in rows if row["agreement"] is not None), default=None)
