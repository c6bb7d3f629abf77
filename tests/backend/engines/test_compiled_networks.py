"""The cache of compiled networks: what it finds, and what it deletes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from idgbr.engines import compiled_networks
from idgbr.engines.compiled_networks import Compiled, forget, key_of, load, store


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the cache."""
    monkeypatch.setenv("IDGBR_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_key_depends_on_content_and_settings(tmp_path: Path) -> None:
    one, other = tmp_path / "one.onnx", tmp_path / "other.onnx"
    one.write_bytes(b"weights")
    other.write_bytes(b"weights")
    assert key_of([one], {"threads": 1}) == key_of([other], {"threads": 1})
    assert key_of([one], {"threads": 1}) != key_of([one], {"threads": 2})
    other.write_bytes(b"weightz")
    assert key_of([one], {}) != key_of([other], {})


def test_a_key_of_several_files_depends_on_all_of_them(tmp_path: Path) -> None:
    one, other = tmp_path / "one.onnx", tmp_path / "other.onnx"
    one.write_bytes(b"weights")
    other.write_bytes(b"head")
    keys = {key_of(files, {}) for files in ([one], [other], [one, other], [other, one])}
    one.write_bytes(b"weight")
    other.write_bytes(b"shead")  # the same bytes together
    assert len(keys | {key_of([one, other], {})}) == 5
    assert key_of([one, tmp_path / "missing.onnx"], {}) is None


def test_networks_with_weights_in_other_files_are_not_stored(tmp_path: Path) -> None:
    path = tmp_path / "large.onnx"
    path.write_bytes(b"...location..weights.bin")
    assert key_of([path], {}) is None
    assert key_of([tmp_path / "missing.onnx"], {}) is None


def test_what_is_stored_is_found_until_it_is_forgotten() -> None:
    assert load("a") is None
    store("a", Compiled({"planar": [True]}, b"net\nwork"))
    assert load("a") == Compiled({"planar": [True]}, b"net\nwork")
    forget("a")
    assert load("a") is None


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data[:10], lambda _: b""])
def test_a_damaged_file_is_deleted(folder: Path, damage: object) -> None:
    store("a", Compiled({}, b"network"))
    path = folder / "a.network"
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert load("a") is None
    assert not path.exists()


def test_the_networks_that_were_used_longest_ago_are_deleted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, name in enumerate("abc"):
        store(name, Compiled({}, bytes(1000)))
        os.utime(folder / f"{name}.network", (number, number))
    (folder / "killed.part").write_bytes(bytes(2000))
    os.utime(folder / "killed.part", (0, 0))
    assert load("a") is not None  # used now
    monkeypatch.setattr(compiled_networks, "MOST_BYTES", 2500)
    store("d", Compiled({}, bytes(1000)))
    assert sorted(path.name for path in folder.iterdir()) == ["a.network", "d.network"]


def test_without_rights_nothing_is_stored(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    store("a", Compiled({}, b"network"))
    assert load("a") is None
