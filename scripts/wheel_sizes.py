#!/usr/bin/env python3
"""Writes backend/requirements/sizes.json: megabytes of each locked package, by downloading those for this system."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parents[1] / "backend" / "requirements"
LOCKS = ("run-cpu", "run-cuda", "run-cuda12")
MB = 1_000_000


def download(lock: str, folder: Path) -> None:
    """Download the wheels of a lock file."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    locked = ["--no-deps", "--only-binary", ":all:", "--requirement", str(REQUIREMENTS / f"{lock}.txt")]
    subprocess.run([*pip, *locked, "--dest", str(folder)], check=True)


def sizes(folder: Path) -> dict[str, float]:
    """Size of each wheel, by its package's name as the lock files write it."""
    found = {}
    for wheel in folder.glob("*.whl"):
        name = wheel.name.split("-")[0].lower().replace("_", "-").replace(".", "-")
        found[name] = round(wheel.stat().st_size / MB, 1)
    return found


def main() -> None:
    """Measure; of a package in several lock files the largest wheel counts."""
    known: dict[str, float] = {}
    for lock in LOCKS:
        print(f"sizes: {lock}")
        with tempfile.TemporaryDirectory() as folder:
            download(lock, Path(folder))
            for name, size in sizes(Path(folder)).items():
                known[name] = max(size, known.get(name, 0.0))
    (REQUIREMENTS / "sizes.json").write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
