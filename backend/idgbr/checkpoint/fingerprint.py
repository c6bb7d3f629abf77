"""Fingerprints of inputs by content: a copy or a new export of the same data counts as the same."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from idgbr.errors import InputError
from idgbr.layers.polygons import LayerReference, find_layer
from idgbr.layers.reader import layer_batches, layer_info
from idgbr.models.card import ModelCard
from idgbr.monitor import check_cancelled
from idgbr.paths import container
from idgbr.raster.open_dataset import is_raster
from idgbr.raster.reader import RasterSource

#: Files up to this size are hashed as a whole, independent of path and time.
WHOLE_BYTES = 256 << 20
#: Of larger files, this many bytes of the beginning and of the end are hashed, and their modification time counts.
END_BYTES = 1 << 20
#: Side of the sampled windows of a raster of unknown version, in px.
SAMPLE_PX = 64


def raster_fingerprint(raster: RasterSource) -> list[str]:
    """One entry for each file of a raster.

    Remote files are identified by their server's statement of their version, else by name and pixels from all over the
    raster, as are the rasters of a tile index.
    """
    files = raster.files
    versions = raster.remote_versions()
    entries, known = [], all(versions.values()) and raster.lists_files
    for name in files:
        path = Path(container(name))
        try:
            entries.append(_file(path) if path.is_file() else versions.get(name) or name)
            known &= path.is_file() or name in versions or path.is_dir()
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror}); check the file and its rights.") from error
    return entries if known else [*entries, _pixels(raster)]


def _pixels(raster: RasterSource) -> str:
    """Hash of the raster's grid and of small windows in its corners and its middle."""
    grid = raster.grid
    digest = hashlib.blake2b(repr((grid, raster.dtype, raster.bands)).encode(), digest_size=16)
    height, width = min(grid.height, SAMPLE_PX), min(grid.width, SAMPLE_PX)
    bottom, right = grid.height - height, grid.width - width
    for row, col in ((0, 0), (0, right), (bottom // 2, right // 2), (bottom, 0), (bottom, right)):
        digest.update(raster.read(grid.window(row, col, height, width), (height, width))[0].tobytes())
    return digest.hexdigest()


def _file(path: Path) -> str:
    status = path.stat()
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        if status.st_size <= WHOLE_BYTES:
            while chunk := file.read(1 << 20):
                check_cancelled()
                digest.update(chunk)
            return f"{status.st_size} {digest.hexdigest()}"
        digest.update(file.read(END_BYTES))
        file.seek(-END_BYTES, 2)
        digest.update(file.read())
    return f"{status.st_size} {digest.hexdigest()} {status.st_mtime_ns}"


def map_fingerprint(text: str) -> list[str]:
    """Fingerprint of a coarse map, a raster or a layer. Raises InputError."""
    if not is_raster(text, "the coarse map"):
        return [layer_fingerprint(find_layer(text))]
    with RasterSource(text) as raster:
        return raster_fingerprint(raster)


def layer_fingerprint(layer: LayerReference) -> str:
    """Hash of a layer's features: GeoPackages with the same features differ in their bytes, because they store times.

    Raises InputError if the layer cannot be read.
    """
    geometry = hashlib.blake2b(digest_size=16)
    fields: dict[str, Any] = {}
    info = layer_info(layer.path, layer.layer)
    for batch in layer_batches(layer.path, layer.layer, info=info):
        for shape in batch.wkb:
            geometry.update(shape or b"none")
        for name, values in batch.columns.items():
            digest = fields.setdefault(name, hashlib.blake2b(digest_size=16))
            digest.update("".join(f"{value!r}\n" for value in values.tolist()).encode())
    whole = [info.crs, geometry.hexdigest(), *((name, digest.hexdigest()) for name, digest in fields.items())]
    return hashlib.blake2b(repr(whole).encode(), digest_size=16).hexdigest()


def model_fingerprint(card: ModelCard) -> dict[str, Any]:
    """The model's id, the sha256 of its files, and a hash of its card."""
    return {
        "id": card.id,
        "files": dict(card.files),
        "card": hashlib.sha256(json.dumps(card.as_dict()).encode()).hexdigest(),
    }
