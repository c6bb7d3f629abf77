"""The commands `idgbr models …`: existing models and their export; adding, changing and removing the user's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(invoke_without_command=True, help="List and export models; add, change and remove your own.")

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the model, as `idgbr models` lists it.")]
Source = Annotated[
    Path, typer.Argument(metavar="SOURCE", help="Folder of a model, a .zip, an .onnx file or a STAC item.")
]


@app.callback()
def _default(context: typer.Context, as_json: AsJson = False) -> None:
    if context.invoked_subcommand is None:
        list_models(as_json)


@app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """List all models, and whether their files are intact."""
    from idgbr.cli.doctor import model_states, show_models
    from idgbr.console import print_json

    states = model_states()
    if as_json:
        print_json(states)
    else:
        show_models(states)


@app.command()
def add(
    source: Source,
    *,
    new_id: Annotated[str, typer.Option("--id", help="Id to use instead of its own.")] = "",
    gsd: Annotated[float, typer.Option(min=0, help="Pixel size in metres, if the file does not state it.")] = 0.0,
    replace: Annotated[bool, typer.Option("--replace", help="Replace your model of the same id.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add a model to your own. STAC items (MLM) and ONNX files of the Deepness model zoo state their classes."""
    from idgbr.console import ConsoleMonitor
    from idgbr.models.manage import add_model

    monitor = ConsoleMonitor()
    with monitor.running():
        entry = add_model(source, model_id=new_id, gsd_m=gsd, replace_own=replace, monitor=monitor)
    _show(entry.summary(), as_json)


@app.command()
def remove(model_id: Id) -> None:
    """Remove one of your models."""
    from idgbr.models.manage import remove_model

    sys.stdout.write(f"removed {remove_model(model_id)}\n")


@app.command()
def export(
    model_id: Id,
    output: Annotated[Path, typer.Argument(metavar="OUTPUT", help="New folder, or .zip, to write.")],
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Replace an existing .zip.")] = False,
) -> None:
    """Export a model with its card, a STAC item (MLM) and the metadata of Deepness."""
    from idgbr.console import ConsoleMonitor
    from idgbr.models.export import export_model

    monitor = ConsoleMonitor()
    with monitor.running():
        export_model(model_id, output, replace_zip=replace, monitor=monitor)
    sys.stdout.write(f"wrote {output}\n")


@app.command()
def show(model_id: Id, as_json: AsJson = False) -> None:
    """Show a model's card: classes, pixel size, bands, value scaling, accuracy, licence."""
    from idgbr.models.registry import known_model, read_entry

    _show(read_entry(known_model(model_id).folder).summary(), as_json)


@app.command()
def verify(
    model_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Model; by default all.")] = None,
) -> None:
    """Check the files of models against the sha256 in their cards; fails if one differs."""
    from idgbr.errors import ModelError
    from idgbr.models.registry import known_model, list_models, read_entry

    entries = [read_entry(known_model(model_id).folder)] if model_id else list_models()
    for entry in entries:
        sys.stdout.write(f"{entry.id}: {entry.problem or 'sha256 right'}\n")
    if wrong := [entry.id for entry in entries if entry.problem]:
        raise ModelError(f"{', '.join(wrong)}: damaged; install it again, or remove it with `idgbr models remove`.")


@app.command("set")
def set_card(
    model_id: Id,
    *,
    scaling: Annotated[str | None, typer.Option(metavar="unit|standardize", help="Kind of value scaling.")] = None,
    mean: Annotated[str | None, typer.Option(metavar="N,N,…", help="Mean of each band, for standardize.")] = None,
    std: Annotated[
        str | None, typer.Option(metavar="N,N,…", help="Standard deviation of each band, for standardize.")
    ] = None,
    low: Annotated[
        str | None, typer.Option(metavar="N,N,…", help="Value of each band that becomes 0; '' for automatic.")
    ] = None,
    high: Annotated[
        str | None, typer.Option(metavar="N,N,…", help="Value of each band that becomes 1; '' for automatic.")
    ] = None,
    bands: Annotated[
        str | None,
        typer.Option(metavar="N,N,…", help="Raster band for each band of the network; '' for the first ones."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Set value scaling and band map of one of your models; other values stay."""
    from idgbr.models.card import Scaling, read_card
    from idgbr.models.manage import change_model
    from idgbr.models.number_lists import band_numbers, numbers
    from idgbr.models.registry import known_model

    before = read_card(known_model(model_id).folder).scaling
    given = {"mean": mean, "std": std, "low": low, "high": high}
    lists = {name: getattr(before, name) if text is None else numbers(name, text) for name, text in given.items()}
    if scaling == "unit":
        lists |= {"mean": (), "std": ()}
    changed = Scaling(scaling or ("standardize" if lists["mean"] else before.kind), **lists)
    entry = change_model(model_id, scaling=changed, band_map=None if bands is None else band_numbers(bands))
    _show(entry.summary(), as_json)


def _show(model: dict[str, Any], as_json: bool) -> None:
    from idgbr.console import print_json, table_text

    if as_json:
        print_json(model)
        return
    for name in ("id", "title", "kind", "version", "bands", "license", "folder", "problem"):
        if model.get(name) not in (None, ""):
            sys.stdout.write(f"{name}: {model[name]}\n")
    if "gsd_range_m" in model:
        sys.stdout.write("pixel size (m): {}–{}\n".format(*model["gsd_range_m"]))
    if scaling := model.get("scaling"):
        parts = (f"{name} {value if isinstance(value, str) else list(value)}" for name, value in scaling.items())
        sys.stdout.write(f"scaling: {', '.join(parts)}\n")
    if model.get("band_map"):
        sys.stdout.write(f"raster bands: {model['band_map']}\n")
    if model.get("classes"):
        rows = [
            {"id": c["id"], "class": c["name"], "colour": "#{:02x}{:02x}{:02x}".format(*c["color"])}
            for c in model["classes"]
        ]
        sys.stdout.write(f"\nclasses:\n{table_text(rows)}")
    for data, places in model.get("accuracy", {}).items():
        rows = [{"place": place, **figures} for place, figures in places.items()]
        sys.stdout.write(f"\naccuracy on {data}:\n{table_text(rows)}")
