"""Reads STAC items with the Machine Learning Model extension (MLM), versions 1.0 to 1.6, as coarse models.

The item names an ONNX file, which says what it takes and gives; the item adds classes, bands, scaling and pixel size.
A field that cannot be followed is refused, or reported in the note of the card.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from idgbr.errors import ModelError, PixelSizeError
from idgbr.models.card import CoarseCard, Scaling, sha256_of
from idgbr.models.external_data import data_files, is_inside
from idgbr.models.onnx_graph import Color, read_graph

#: Address of the extension's schema in an item; until 1.1 it had another one.
_VERSION = re.compile(r"https://(?:stac-extensions\.github\.io/mlm|crim-ca\.github\.io/mlm-extension)/v(\d+)\.\d+")
_TASKS = {"semantic-segmentation", "segmentation"}
#: Multihash prefix of a sha256 (256 bits), before its 64 hexadecimal digits.
SHA256 = "1220"
COLOURS = ("red", "green", "blue")
#: Standard deviations from the mean beyond which values are cut off; a z-score itself has no bounds.
_FAR = 10.0
#: Side of tiles in pixels, where the network takes any, and their overlap in per cent.
_TILE, _OVERLAP = 1024, 25


def is_item(path: Path) -> bool:
    """Whether a JSON file is a STAC item of a model."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(data, dict) and data.get("type") == "Feature" and "mlm:input" in (data.get("properties") or {})


def mlm_card(path: Path, gsd_m: float = 0.0) -> CoarseCard:
    """Card of the model that a STAC item describes; `gsd_m` replaces a missing pixel size.

    Its files are the ONNX file and its data files, relative to the item's folder. Raises ModelError if the item is not
    one of such a model, or if a field cannot be followed.
    """
    try:
        return _card(path, gsd_m)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path}: a field of the item has a wrong type ({error}); correct the item.") from error


def _card(path: Path, gsd_m: float) -> CoarseCard:
    item = _Item(path)
    name = item.model_file()
    graph_path = path.parent / name
    above = PurePosixPath(name).parent
    names = [name, *((above / place).as_posix() for place in data_files(graph_path))]
    graph = read_graph(graph_path)
    item.check_input(graph.bands, graph.channels_last)
    gsd = gsd_m or item.pixel_size()
    if gsd <= 0:
        raise PixelSizeError(
            f"{path}: the item states no 'gsd' (metres per pixel); add the file and give its pixel size (idgbr models "
            "add --gsd METRES)."
        )
    reading = graph.reading()
    # An item has no field for tiles; files that were exported with one may have the metadata of Deepness for them.
    tile = graph.tile or item.tile() or round(float(graph.metadata.get("tiles_size", _TILE)))
    overlap = float(graph.metadata.get("tiles_overlap", _OVERLAP))
    scaling = item.scaling(graph.bands)
    band_map = item.band_map()
    classes = graph.classes(path, item.class_names(), "classification:classes", item.class_colors())
    told = f"was read from a STAC item: {', '.join(item.notes)}" if item.notes else ""
    text = item.properties
    card = CoarseCard(
        id=str(item.data.get("id") or text.get("mlm:name")), version=str(text.get("version", "1")),
        title=str(text.get("title") or text.get("mlm:name") or item.data.get("id")), classes=classes,
        bands=graph.bands, gsd_range_m=(gsd, gsd), tile=tile,
        halo=max(min(8, tile // 4), int(tile * overlap / 200), 2 * graph.margin),
        files={file: sha256_of(path.parent / file) for file in names}, license=str(text.get("license", "")),
        scaling=scaling, band_map=band_map, note="; ".join(filter(None, [reading.pop("note", ""), told])), **reading,
        further={"about": text["description"]} if text.get("description") else {},
    )  # fmt: skip
    if problem := card.problem():
        raise ModelError(f"{path}: {problem}; correct the item.")
    return card


class _Item:
    """A STAC item with the extension; `notes` collects what is not followed, or read in a certain way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(f"{path}: cannot be read as JSON ({error}); get it again.") from error
        if not isinstance(data, dict) or data.get("type") != "Feature" or not isinstance(data.get("assets"), dict):
            raise ModelError(f"{path}: not a STAC item; give the item of a model, not its catalog or collection.")
        self.data: dict[str, Any] = data
        self.properties: dict[str, Any] = data.get("properties") or {}
        found = [match for uri in data.get("stac_extensions") or [] if (match := _VERSION.match(str(uri)))]
        if not found:
            raise ModelError(f"{path}: lacks the Machine Learning Model extension (MLM) in its stac_extensions.")
        if found[0][1] != "1":
            raise ModelError(
                f"{path}: has version {found[0][1]} of the MLM extension; versions 1.0 to 1.6 can be read."
            )
        self._input = self._object("mlm:input")
        self._output = self._object("mlm:output")
        tasks = {str(task) for task in [*self.properties.get("mlm:tasks", ()), *self._output.get("tasks", ())]}
        if not tasks & _TASKS:
            raise ModelError(
                f"{path}: its mlm:tasks are {', '.join(sorted(tasks))}; only models for semantic-segmentation can be "
                "used."
            )

    def model_file(self) -> str:
        """The ONNX file, relative to the item's folder, checked against its checksum."""
        assets = {key: asset for key, asset in self.data["assets"].items() if isinstance(asset, dict)}
        models = {key: a for key, a in assets.items() if "mlm:model" in (a.get("roles") or ()) or _is_onnx(a)}
        ours = [asset for asset in models.values() if _is_onnx(asset)]
        if not ours:
            types = ", ".join(str(asset.get("mlm:artifact_type", key)) for key, asset in models.items()) or "none"
            raise ModelError(f"{self.path}: has no ONNX file among its model assets ({types}); export it to ONNX.")
        self._asset = ours[0]
        href = unquote(str(self._asset.get("href", ""))).removeprefix("./")
        name = href if "://" not in href and is_inside(href) else ""
        if not name or not (self.path.parent / name).is_file():
            beside = PurePosixPath(href.replace("\\", "/")).name.split("?")[0]
            if not beside or not (self.path.parent / beside).is_file():
                raise ModelError(f"{self.path}: its model {href!r} is not there; put the file beside the item.")
            name = beside
        checksum = str(self._asset.get("file:checksum", ""))
        if checksum.lower().startswith(SHA256):
            if sha256_of(self.path.parent / name) != checksum.lower().removeprefix(SHA256):
                raise ModelError(
                    f"{self.path.parent / name}: does not have the file:checksum of its item; get it again."
                )
        elif checksum:
            self.notes.append("file:checksum is not a sha256, and was not checked")
        return name

    def check_input(self, bands: int, channels_last: bool) -> None:
        """Compare shape and order of dimensions with the graph. Raises ModelError."""
        sizes = self._sizes()
        given = next((sizes[name] for name in ("channel", "bands", "band", "channels") if name in sizes), bands)
        named = len(self._input.get("bands") or ()) or given
        if given not in (-1, bands) or named not in (-1, bands):
            raise ModelError(
                f"{self.path}: its mlm:input has {named if named != bands else given} bands, but the ONNX file takes "
                f"{bands}; correct the item."
            )
        order = list(sizes)
        if len(order) == len(sizes) == 4 and (order[-1] in ("channel", "bands", "band", "channels")) != channels_last:
            self.notes.append("dim_order of mlm:input is not that of the ONNX file, which is used")
        for name in ("pre_processing_function", "post_processing_function"):
            function = (self._input if name.startswith("pre") else self._output).get(name)
            if function:
                self.notes.append(f"{name} is not run (check values and bands: idgbr models set)")
        if (resize := self._input.get("resize_type")) is not None:
            self.notes.append(f"resize_type {resize!r} is not followed: images are read in tiles")

    def tile(self) -> int:
        """Side of the tiles in pixels; 0 if any."""
        return max(self._sizes().get("height", 0), self._sizes().get("width", 0), 0)

    def pixel_size(self) -> float:
        """Ground sample distance in metres; 0 if the item does not state it."""
        described = self._described()
        sizes = [self.properties.get("gsd"), *(b.get("gsd") or b.get("spatial_resolution") for b in described)]
        return min((float(size) for size in sizes if isinstance(size, int | float) and size > 0), default=0.0)

    def scaling(self, bands: int) -> Scaling:
        """How values become the network's input. Raises ModelError for what `Scaling` cannot express."""
        steps = self._input.get("value_scaling")
        field = "value_scaling"
        if steps is None and (kind := self._input.get("norm_type")):  # until 1.3
            field = f"norm_type {kind!r}"
            steps = [{"type": kind, **each} for each in self._input.get("statistics") or []]
            if not steps:
                raise ModelError(f"{self.path}: has {field}, but no 'statistics' for it; correct the item.")
            if self._input.get("norm_clip"):
                self.notes.append("norm_clip is not followed")
        if not steps:
            return Scaling()
        steps = [steps] if isinstance(steps, dict) else list(steps)
        steps = steps * bands if len(steps) == 1 else steps
        kinds = {str(step.get("type")) if isinstance(step, dict) else "null" for step in steps}
        if len(kinds) > 1 or len(steps) != bands or not kinds <= {"min-max", "z-score", "scale"}:
            raise ModelError(
                f"{self.path}: its {field} ({', '.join(sorted(kinds))}) cannot be followed; one min-max, z-score or "
                "scale for each band can."
            )
        try:
            return self._scaling(kinds.pop(), steps)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{self.path}: its {field} lacks a number ({error}); correct the item.") from error

    def _scaling(self, kind: str, steps: Sequence[Mapping[str, Any]]) -> Scaling:
        if kind == "min-max":
            return Scaling(low=_numbers(steps, "minimum"), high=_numbers(steps, "maximum"))
        if kind == "scale":
            divisors = _numbers(steps, "value")
            if min(divisors) <= 1:
                raise ValueError("a value above 1, to divide by")
            return Scaling(low=(0.0,) * len(divisors), high=divisors)
        mean, std = _numbers(steps, "mean"), _numbers(steps, "stddev")
        if min(std) <= 0:
            raise ValueError("a stddev above 0")
        if max(mean) <= 1 and max(std) <= 1:
            self.notes.append("mean and stddev of value_scaling are taken as those of values from 0 to 1")
            return Scaling("standardize", mean, std)
        # Of the values as they are: a range that cuts off nothing, and both numbers in it.
        low = tuple(min(0.0, m - _FAR * s) for m, s in zip(mean, std, strict=True))
        high = tuple(m + _FAR * s for m, s in zip(mean, std, strict=True))
        span = [b - a for a, b in zip(low, high, strict=True)]
        return Scaling(
            "standardize",
            tuple((m - a) / d for m, a, d in zip(mean, low, span, strict=True)),
            tuple(s / d for s, d in zip(std, span, strict=True)),
            low,
            high,
        )

    def band_map(self) -> tuple[int, ...]:
        """Bands of a raster for those of the network; empty for the first ones. Raises ModelError."""
        bands = [band if isinstance(band, dict) else {"name": band} for band in self._input.get("bands") or []]
        for band in bands:
            if band.get("expression") is not None:
                raise ModelError(
                    f"{self.path}: its band {band.get('name')!r} is an expression, which is not computed; add such a "
                    "band to the raster, and name it in the item without one."
                )
        wanted = [str(band.get("name")) for band in bands]
        there = [str(band.get("name")) for band in self._described()]
        plain = [name.lower() for name in wanted]
        if set(plain) == set(COLOURS) and len(plain) == len(COLOURS) and set(there) <= set(wanted):
            found = [COLOURS.index(name) + 1 for name in plain]
            return () if found == [1, 2, 3] else tuple(found)
        if (
            not wanted
            or wanted == there[: len(wanted)]
            or len(set(there)) < len(there)
            or not set(wanted) <= set(there)
        ):
            return ()
        found = [there.index(name) + 1 for name in wanted]
        self.notes.append(f"bands {', '.join(wanted)} are read from the raster's bands {', '.join(map(str, found))}")
        return tuple(found)

    def class_names(self) -> dict[int, str]:
        """Names of the classes by number."""
        try:
            return {int(each["value"]): _class_name(each) for each in self._classes()}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelError(f"{self.path}: its classification:classes lack a value ({error}); correct it.") from error

    def class_colors(self) -> dict[int, Color]:
        """Colours of the classes that have one, by number."""
        colors = {}
        for each in self._classes():
            hint = str(each.get("color_hint") or each.get("color-hint") or "").lstrip("#")
            if re.fullmatch(r"[0-9A-Fa-f]{6}", hint):
                red, green, blue = bytes.fromhex(hint)
                colors[int(each["value"])] = (red, green, blue)
        return colors

    def _classes(self) -> list[dict[str, Any]]:
        # Examples of the extension itself write an underscore.
        for key in ("classification:classes", "classification_classes"):
            if found := self._output.get(key):
                return list(found)
        return []

    def _described(self) -> list[dict[str, Any]]:
        """The bands that the item or its model asset describes, in order."""
        for holder in (self._asset, self.properties):
            for key in ("bands", "raster:bands", "eo:bands"):
                if found := [band for band in holder.get(key) or [] if isinstance(band, dict)]:
                    return found
        return []

    def _sizes(self) -> dict[str, int]:
        """Sizes of the input by name of the dimension, -1 for any; in their order."""
        structure = self._input.get("input") or {}
        pairs = zip(structure.get("dim_order") or (), structure.get("shape") or (), strict=False)
        return {str(name): int(size) if isinstance(size, int | float) else -1 for name, size in pairs}

    def _object(self, field: str) -> dict[str, Any]:
        """The only input, or the first output."""
        found = self.properties.get(field)
        if not isinstance(found, list) or not found or not isinstance(found[0], dict):
            raise ModelError(f"{self.path}: its {field} is missing or empty; correct the item.")
        if len(found) > 1:
            if field == "mlm:input":
                raise ModelError(
                    f"{self.path}: has {len(found)} objects in mlm:input; only models of one image can be used."
                )
            self.notes.append(f"the first of {len(found)} objects in {field} is used")
        return found[0]


def machine_name(name: str, number: int) -> str:
    """The name of a class for machines, as the extension for classes demands it: letters, digits, - and _."""
    return re.sub(r"[^0-9A-Za-z_-]+", "-", name).strip("-") or f"class-{number}"


def _class_name(info: Mapping[str, Any]) -> str:
    """The name of a class for people: its title, or the description that its name was made of."""
    number, name, description = int(info["value"]), str(info.get("name") or ""), str(info.get("description") or "")
    if description and (not name or machine_name(description, number) == name):
        name = description
    return str(info.get("title") or name or number)


def _is_onnx(asset: Mapping[str, Any]) -> bool:
    kind, href = str(asset.get("mlm:artifact_type", "")).lower(), str(asset.get("href", "")).split("?")[0].lower()
    return kind == "onnx" or href.endswith(".onnx")


def _numbers(steps: Sequence[Mapping[str, Any]], name: str) -> tuple[float, ...]:
    return tuple(float(step[name]) for step in steps)
