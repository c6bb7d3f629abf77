"""Training commands of the `idgbr` command line; present only where the `train` extra is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from idgbr.training.budget import Budget

app = typer.Typer(help="Train models.", no_args_is_help=True)

STAGES = ("backbone", "landcover", "refiner", "change")
DEFAULT = Budget()


@app.command("train-bundled")
def train_bundled_command(
    data: Annotated[Path, typer.Option(help="Folder of the labelled imagery, with splits.json.", exists=True)],
    run: Annotated[Path, typer.Option(help="Run folder: checkpoints, logs, caches.")] = Path("runs/bundled"),
    models: Annotated[Path, typer.Option(help="Where the exported models go.")] = Path("resources/models"),
    stage: Annotated[list[str] | None, typer.Option(help=f"Only these of {', '.join(STAGES)}.")] = None,
    scenes: Annotated[int, typer.Option(help="Procedural scenes mixed into training.")] = DEFAULT.scenes,
    backbone_steps: Annotated[int, typer.Option(help="Steps of the backbone with its heads.")] = DEFAULT.backbone_steps,
    landcover_steps: Annotated[int, typer.Option(help="Steps of the land-cover model.")] = DEFAULT.landcover_steps,
    head_fold_steps: Annotated[
        int, typer.Option(help="Steps of each backbone with heads whose out-of-fold maps the refiner learns from.")
    ] = DEFAULT.head_fold_steps,
    producer_steps: Annotated[int, typer.Option(help="The same, of the coarse networks of other architectures.")] = (
        DEFAULT.producer_steps
    ),
    refiner_easy_steps: Annotated[int, typer.Option(help="Steps of the refiner on moved boundaries alone.")] = (
        DEFAULT.refiner_easy_steps
    ),
    refiner_steps: Annotated[int, typer.Option(help="Steps of the refiner on all kinds of damage.")] = (
        DEFAULT.refiner_steps
    ),
    change_prior_steps: Annotated[int, typer.Option(help="Steps of the change model's network on single dates.")] = (
        DEFAULT.change_prior_steps
    ),
    change_steps: Annotated[int, typer.Option(help="Steps of the change model on pairs.")] = DEFAULT.change_steps,
    change_dated_steps: Annotated[
        int, typer.Option(help="Further steps of the change model, on pairs of real dates as well.")
    ] = DEFAULT.change_dated_steps,
) -> None:
    """Train, export and describe the models in resources/models."""
    from idgbr.training.bundled import train_bundled

    unknown = set(stage or ()) - set(STAGES)
    if unknown:
        raise typer.BadParameter(f"unknown stage {', '.join(sorted(unknown))}")
    budget = Budget(
        scenes, backbone_steps, landcover_steps, head_fold_steps, producer_steps,
        refiner_easy_steps, refiner_steps, change_prior_steps, change_steps, change_dated_steps,
    )  # fmt: skip
    train_bundled(data, run, models, budget, tuple(stage or STAGES))


@app.command("train-change", hidden=True)
def train_change_command(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="TOML file: what to learn from, and how.")],
    output: Annotated[Path, typer.Argument(metavar="OUTPUT", help="Folder of the model to write; its name is the id.")],
    *,
    run: Annotated[
        Path | None,
        typer.Option(help="Run folder: checkpoints, logs, caches; a run goes on there. Default: OUTPUT.run."),
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:N.")] = "auto",
) -> None:
    """Train a change model on your own labelled imagery: idgbr train CONFIG OUTPUT --task change."""
    from idgbr.training.change_config import read_change_config

    wanted = read_change_config(config)
    from idgbr.training.change_run import run as train_change

    train_change(wanted, run or output.with_name(f"{output.name}.run"), output, device)


@app.command("train-refiner", hidden=True)
def train_refiner_command(
    config: Annotated[
        Path | None, typer.Argument(metavar="[CONFIG]", help="TOML file; without one, all defaults.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder of the bundled imagery, with splits.json, if it takes part.", exists=True),
    ] = None,
    run: Annotated[Path, typer.Option(help="Run folder: checkpoints, logs, caches; a run goes on there.")] = Path(
        "runs/refiner"
    ),
    models: Annotated[Path, typer.Option(help="Where the exported model `refiner` goes.")] = Path("models"),
) -> None:
    """Train a refiner with an encoder of its own, for imagery of any bands: idgbr train [CONFIG] --task refiner."""
    from idgbr.training.refiner_config import RefinerConfig, read_config

    wanted = read_config(config) if config else RefinerConfig()
    from idgbr.training.refiner_run import run as train

    train(wanted, data, run, models)
