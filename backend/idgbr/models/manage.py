"""The user's own models: adding from a folder, a zip or an ONNX file, changing, removing; never in part."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from idgbr.errors import ModelError, ModelExistsError
from idgbr.models.card import (
    CARD_NAME,
    CoarseCard,
    ModelCard,
    Scaling,
    graph_data,
    read_card,
    sha256_of,
    verify_files,
    write_card,
)
from idgbr.models.deepness import deepness_card
from idgbr.models.mlm_reader import is_item, mlm_card
from idgbr.models.registry import ModelEntry, known_model, list_models, read_entry, user_folder
from idgbr.monitor import Monitor

#: Largest size of a model, in bytes and files; a single ONNX file cannot exceed 2 GiB, and may have a data file for
#: each of its weights.
MAX_BYTES, MAX_FILES = 4 << 30, 1000
#: Most folders and name of a file in a zip: data files may lie below the folder of their graph.
MAX_DEPTH = 8
#: Least free space that must remain on the disk, in bytes.
SPARE_BYTES = 100 << 20
#: Files that are copied besides the card and the files in it.
TEXTS = ("LICENSE", "LICENSE.txt", "LICENSE.md", "README.md", "README.txt")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_CHUNK = 1 << 20


def add_model(
    source: Path, *, model_id: str = "", gsd_m: float = 0.0, replace_own: bool = False, monitor: Monitor | None = None
) -> ModelEntry:
    """Add a model from an ONNX file, a STAC item, or a folder or zip with one or with a card; returns its entry.

    Data files of ONNX graphs are copied too; the card has the sha256 of each file. `model_id` replaces the card's own
    id; `gsd_m` replaces a missing pixel size in the metadata of an ONNX file or item. With `replace_own`, a model of
    the user with the same id is replaced. Raises ModelError.
    """
    monitor = monitor or Monitor()
    root = user_folder()
    try:
        root.mkdir(parents=True, exist_ok=True)
        # One level deeper than models, so that an unfinished one never counts as a model.
        with tempfile.TemporaryDirectory(prefix=".adding-", dir=root) as work:
            target = Path(work, "model")
            target.mkdir()
            card = _staged(source, target, Path(work, "unpacked"), gsd_m, monitor)
            card = replace(card, id=model_id or card.id)
            _check_id(card.id, replace_own)
            write_card(target, card)
            if problem := verify_files(target, card):
                raise ModelError(problem.replace(str(target), str(source)))
            monitor.check()
            _swap(target, root / card.id, Path(work, "former"))
            if isinstance(card, CoarseCard) and card.note:
                monitor.info(f"{source}: {card.note}.")
    except OSError as error:
        raise ModelError(f"{source}: cannot be added to {root} ({error.strerror or error}).") from error
    return read_entry(root / card.id)


def remove_model(model_id: str) -> Path:
    """Remove a model of the user; returns its former folder. Raises ModelError."""
    folder = _own(model_id, "removed").folder
    try:
        with tempfile.TemporaryDirectory(prefix=".removing-", dir=folder.parent) as work:
            # Renamed first, so it is gone even if deleting the files is interrupted.
            folder.replace(Path(work, "model"))
    except OSError as error:
        raise ModelError(f"{folder}: cannot be removed ({error.strerror}); end the jobs that use it.") from error
    return folder


def change_model(model_id: str, *, scaling: Scaling | None = None, band_map: Sequence[int] | None = None) -> ModelEntry:
    """Change the value scaling or the band map in the card of a user's model. Raises ModelError."""
    entry = _own(model_id, "changed")
    card = read_card(entry.folder)
    if scaling is not None:
        card = replace(card, scaling=scaling)
    if band_map is not None:
        card = replace(card, band_map=tuple(band_map))
    if problem := card.problem():
        raise ModelError(f"{entry.folder / CARD_NAME}: was left as it is: {problem}.")
    write_card(entry.folder, card)
    return read_entry(entry.folder)


def _staged(source: Path, target: Path, unpacked: Path, gsd_m: float, monitor: Monitor) -> ModelCard:
    """Copy a model's files to a folder; returns its card, which is not yet written there."""
    if source.is_dir():
        found = _found(source)
        return _copied(source, target, monitor) if found == source else _staged(found, target, unpacked, gsd_m, monitor)
    if not source.is_file():
        raise ModelError(f"{source}: no such folder or file; give a model's folder, a .zip, an .onnx or .json file.")
    if source.name == CARD_NAME:
        return _copied(source.parent, target, monitor)
    if source.suffix.lower() == ".json":
        item = mlm_card(source, gsd_m)
        _copy_all(source.parent, target, {name: name for name in [*item.files, *_texts(source.parent)]}, monitor)
        return replace(item, id=tidy_id(item.id))
    if source.suffix.lower() == ".onnx":
        card = deepness_card(source, gsd_m)
        files = {"model.onnx" if name == source.name else name: digest for name, digest in card.files.items()}
        _copy_all(source.parent, target, dict(zip(card.files, files, strict=True)), monitor)
        return replace(card, id=tidy_id(card.id), files=files)
    if not zipfile.is_zipfile(source):
        raise ModelError(f"{source}: is neither a model's folder nor a .zip, .onnx or .json file.")
    unpacked.mkdir()
    _unpack(source, unpacked, monitor)
    try:
        return _staged(_found(unpacked), target, unpacked, gsd_m, monitor)
    except ModelError as error:
        raise type(error)(str(error).replace(str(unpacked), str(source))) from error


def _found(folder: Path) -> Path:
    """The folder of the card in a folder or one level below; else the only item or ONNX file. Raises ModelError."""
    if (folder / CARD_NAME).is_file():
        return folder
    cards = list(folder.glob(f"*/{CARD_NAME}"))
    items = [path for pattern in ("*.json", "*/*.json") for path in folder.glob(pattern) if is_item(path)]
    found = cards or items or [path for pattern in ("*.onnx", "*/*.onnx") for path in folder.glob(pattern)]
    if not found:
        raise ModelError(f"{folder}: holds neither a {CARD_NAME} nor a STAC item or .onnx file.")
    if len(found) > 1:
        names = ", ".join(sorted(path.relative_to(folder).as_posix() for path in found)[:4])
        raise ModelError(f"{folder}: holds more than one model ({names}); give one of them.")
    return cards[0].parent if cards else found[0]


def _copied(source: Path, target: Path, monitor: Monitor) -> ModelCard:
    card = read_card(source)
    # Data files of the graphs belong to the model, even if its card does not name them.
    data = {name: sha256_of(source / name) for name in graph_data(source, card)}
    card = replace(card, files=data | dict(card.files))
    if problem := verify_files(source, card):
        raise ModelError(problem)
    _copy_all(source, target, {name: name for name in [*card.files, *_texts(source)]}, monitor)
    return card


def _texts(folder: Path) -> list[str]:
    return [name for name in TEXTS if (folder / name).is_file()]


def _copy_all(source: Path, target: Path, names: Mapping[str, str], monitor: Monitor) -> None:
    """Copy files of a folder into another one, under the same names."""
    _check_size(source, sum((source / name).stat().st_size for name in names), len(names), target)
    for name, new in names.items():
        path = target / new
        path.parent.mkdir(parents=True, exist_ok=True)
        with (source / name).open("rb") as incoming, path.open("wb") as outgoing:
            while chunk := incoming.read(_CHUNK):
                monitor.check()
                outgoing.write(chunk)


def _unpack(archive: Path, target: Path, monitor: Monitor) -> None:
    """Unpack plain files, also in folders; names and sizes in a zip are untrusted."""
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [member for member in opened.infolist() if not member.is_dir() and not _is_clutter(member)]
            _check_size(archive, sum(member.file_size for member in members), len(members), target)
            left = MAX_BYTES
            for member in members:
                path = target.joinpath(*_safe_parts(archive, member))
                path.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(member) as incoming, path.open("wb") as outgoing:
                    while chunk := incoming.read(_CHUNK):
                        monitor.check()
                        left -= len(chunk)
                        if left < 0:
                            raise ModelError(_too_large(archive))
                        outgoing.write(chunk)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ModelError(f"{archive}: cannot be unpacked ({error}); get it again, without a password.") from error


def _is_clutter(member: zipfile.ZipInfo) -> bool:
    """Whether a member is an extra file of macOS."""
    return member.filename.startswith("__MACOSX/") or member.filename.endswith(".DS_Store")


def _safe_parts(archive: Path, member: zipfile.ZipInfo) -> Sequence[str]:
    """Folders and name of a member; none leads outside."""
    parts = PurePosixPath(member.filename.replace("\\", "/")).parts
    link = stat.S_ISLNK(member.external_attr >> 16)
    odd = any(part in ("..", "/") or ":" in part or "\0" in part for part in parts)
    if link or odd or not 1 <= len(parts) <= MAX_DEPTH:
        raise ModelError(f"{archive}: refused, as its entry {member.filename!r} leads out of the model's folder.")
    return parts


def _check_size(source: Path, size: int, files: int, target: Path) -> None:
    if size > MAX_BYTES or files > MAX_FILES:
        raise ModelError(_too_large(source))
    if size + SPARE_BYTES > shutil.disk_usage(target).free:
        raise ModelError(f"{source}: the disk has no room for {size >> 20} MiB; free some space.")


def _too_large(source: Path) -> str:
    return f"{source}: refused, as a model may hold {MAX_BYTES >> 30} GiB in {MAX_FILES} files at most."


def _check_id(model_id: str, replace_own: bool) -> None:
    if not _ID.fullmatch(model_id):
        raise ModelError(f"{model_id!r} cannot be a model's id; give one of letters, digits, '-', '_' and '.' (--id).")
    for entry in list_models(verify=False):
        if entry.id == model_id and not entry.own:
            raise ModelExistsError(f"a model {model_id!r} is there already, in {entry.folder}; give another id (--id).")
        if entry.id == model_id and not replace_own:
            raise ModelExistsError(f"you have a model {model_id!r} already; give another id (--id), or --replace it.")


def tidy_id(text: str) -> str:
    """An id made from a file's name."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip("-.")[:64] or "model"


def _swap(made: Path, place: Path, former: Path) -> None:
    """Move a folder into place; restores the previous one if that fails."""
    there = place.exists()
    if there:
        place.replace(former)
    try:
        made.replace(place)
    except OSError:
        if there:
            former.replace(place)
        raise


def _own(model_id: str, done: str) -> ModelEntry:
    entry = known_model(model_id)
    if not entry.own:
        raise ModelError(
            f"model {model_id!r} in {entry.folder} is not one that you added, and cannot be {done}; "
            f"add a copy under another id: idgbr models add {os.fspath(entry.folder)} --id NEW."
        )
    return entry
