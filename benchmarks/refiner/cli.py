"""Command line.

    python benchmarks/refiner --data DATA [--only SET …] [--producers NAME …] [--methods NAME …] [--tiles N]

Needs the extra `benchmark` of the backend. Coarse maps and scores are kept under --work, so that a run that was stopped
goes on, and a further method costs only itself.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path
from typing import Any

from rasterio.errors import NotGeoreferencedWarning

from benchmarks.refiner.methods import Choice, built
from benchmarks.refiner.producers import PRODUCERS
from benchmarks.refiner.run import Plan, Row, run
from benchmarks.refiner.summary import changes
from benchmarks.refiner.table import as_json, as_markdown, summary_table
from benchmarks.refiner.tiles import chosen_sets
from benchmarks.refiner.tune import tune, tuning_tiles
from idgbr.errors import IdgbrError

_REPOSITORY = Path(__file__).resolve().parents[2]


def _checkpoint(text: str) -> tuple[str, Path]:
    name, _, path = text.partition("=")
    if not path:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=PATH")
    return name, Path(path)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "benchmarks/refiner", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled imagery, with splits.json")
    parser.add_argument("--only", nargs="*", help="only test sets that begin with one of these")
    parser.add_argument("--producers", nargs="*", default=list(PRODUCERS), choices=PRODUCERS, metavar="NAME",
                        help=f"of {', '.join(PRODUCERS)}")  # fmt: skip
    parser.add_argument("--methods", nargs="*", default=[], metavar="NAME", help="only methods that begin with these")
    parser.add_argument("--tiles", type=int, default=12, help="at most so many tiles a set (default 12)")
    parser.add_argument("--refiner", default="refiner", help="refiner by id or model folder (default: the bundled one)")
    parser.add_argument("--checkpoint", type=_checkpoint, action="append", default=[], metavar="NAME=PATH",
                        help="a refiner network in training (safetensors) as a further method")  # fmt: skip
    parser.add_argument("--alternatives", type=Path, default=_REPOSITORY / "runs" / "bundled" / "alternatives",
                        help="folder of what train_alternatives.py made; takes part if it is there")  # fmt: skip
    parser.add_argument("--network-steps", type=int, default=300, help="training steps of each coarse network")
    parser.add_argument("--device", default="cpu", help="device of the refiner")
    parser.add_argument("--jobs", type=int, default=1, help="processes that score tiles; speeds hold for 1 only")
    parser.add_argument("--fresh", action="store_true", help="score anew what was scored before")
    parser.add_argument("--work", type=Path, default=_REPOSITORY / "runs" / "refiner_benchmark")
    parser.add_argument("--output", type=Path, help="folder of table.md and table.json (default: --work)")
    parser.add_argument("--tune", action="store_true", help="only find the parameters of the classical methods")
    return parser


def main() -> None:
    """Run the command line."""
    parser = _arguments()
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore", category=NotGeoreferencedWarning)
    if arguments.tune:
        for line in tune(tuning_tiles(arguments.data)):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
        return
    choice = Choice(
        arguments.refiner, arguments.device, tuple(arguments.methods), tuple(arguments.checkpoint),
        arguments.alternatives,
    )  # fmt: skip
    try:
        sets = chosen_sets(arguments.only)
        built(choice)  # whatever is wrong with a model is said now, not after hours
    except (ValueError, OSError, IdgbrError) as error:
        parser.error(str(error))
    plan = Plan(
        arguments.data, arguments.work, tuple(sets), tuple(arguments.producers), arguments.tiles,
        arguments.network_steps, arguments.jobs, arguments.fresh, choice,
    )  # fmt: skip
    rows: list[Row] = []
    for message, found in run(plan):
        sys.stderr.write(message + "\n")
        rows += found
    output: Path = arguments.output or arguments.work
    output.mkdir(parents=True, exist_ok=True)
    (output / "table.json").write_text(as_json(rows, _settings(plan)), encoding="utf-8")
    (output / "table.md").write_text(as_markdown(rows), encoding="utf-8")
    sys.stdout.write(summary_table(changes(rows)) + "\n")
    sys.stderr.write(f"Full table: {output / 'table.md'}\n")


def _settings(plan: Plan) -> dict[str, Any]:
    """What the result depends on, for the record."""
    _, card = plan.choice.card()
    return {
        "refiner": {"id": card.id, "version": card.version, "files": dict(card.files)},
        "checkpoints": [name for name, _ in plan.choice.checkpoints],
        "tiles": plan.tiles,
        "network steps": plan.network_steps,
        "device": plan.choice.device,
        "jobs": plan.jobs,
    }
