"""A folder of wheels: which locked packages it holds, and filling it by downloads that can be cut and resumed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from idgbr_qgis.core.setup.failures import Kind, SetupError, classify
from idgbr_qgis.core.setup.processes import Cancelled, run
from idgbr_qgis.core.setup.requirements import Requirement

#: Folder within, for what is on its way.
PARTIAL = ".partial"
_BLOCK = 1 << 20
_MB = 1e6

#: Takes megabytes done, megabytes in all, and the name of the package at work.
OnProgress = Callable[[float, float, str], None]


def find_wheel(folder: Path, requirement: Requirement) -> Path | None:
    """The wheel of a requirement, if it is in a folder and its hash is one of those that are locked."""
    named = sorted(path for path in _files(folder) if _pattern(requirement).fullmatch(path.name))
    return next((path for path in named if _sha256(path) in requirement.hashes), None)


def names_all(folder: Path, requirements: Sequence[Requirement]) -> bool:
    """Whether a folder has a wheel for each requirement by its name; its content is checked later."""
    names = [path.name for path in _files(folder)]
    return all(any(map(_pattern(requirement).fullmatch, names)) for requirement in requirements)


def require_wheels(folder: Path, requirements: Sequence[Requirement]) -> None:
    """Raise `SetupError` naming the packages that a folder lacks."""
    lacking = [f"{entry.name}=={entry.version}" for entry in requirements if find_wheel(folder, entry) is None]
    if lacking:
        raise SetupError(Kind.FOLDER, f"{folder} lacks, or has with another content: {', '.join(lacking)}")


class Downloader:
    """Downloads wheels with the pip of an environment, one package after the other; those that are there stay."""

    def __init__(
        self,
        pip: Sequence[str],
        variables: dict[str, str],
        cancelled: Cancelled,
        on_line: Callable[[str], None],
        on_progress: OnProgress,
    ) -> None:
        self._pip = list(pip)
        self._variables = variables
        self._cancelled = cancelled
        self._on_line = on_line
        self._on_progress = on_progress

    def fill(self, folder: Path, requirements: Sequence[Requirement]) -> None:
        """Put the wheel of each requirement into a folder."""
        partial = folder / PARTIAL
        sizes = {entry.name: entry.size_mb for entry in requirements}
        for entry in requirements:
            if self._cancelled():
                raise SetupError(Kind.CANCELLED)
            wheel = find_wheel(folder, entry)
            if wheel is None:
                shutil.rmtree(partial, ignore_errors=True)
                partial.mkdir(parents=True)
                done = sum(sizes[before.name] for before in _before(requirements, entry))
                wheel = self._fetch(entry, folder, partial, done, sum(sizes.values()))
            # The locked size is that of one system; the total follows what is really there.
            sizes[entry.name] = wheel.stat().st_size / _MB
            done = sum(sizes[before.name] for before in _before(requirements, entry)) + sizes[entry.name]
            self._on_progress(done, sum(sizes.values()), entry.name)
        shutil.rmtree(partial, ignore_errors=True)

    def _fetch(self, entry: Requirement, folder: Path, partial: Path, done: float, total: float) -> Path:
        wanted = partial / "requirement.txt"
        wanted.write_text(entry.text + "\n", encoding="utf-8")
        arrived = partial / "arrived"
        # pip writes what it downloads into its temporary folder: the largest file there is how far it is. Its cache
        # would only keep all of it twice.
        temporary = partial / "tmp"
        temporary.mkdir()
        places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
        command = [*self._pip, "download", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--no-cache-dir"]
        command += ["--progress-bar", "off", "--dest", str(arrived), "--requirement", str(wanted)]

        def look() -> None:
            size = min(largest_file_mb(temporary), entry.size_mb)
            self._on_progress(done + size, total, entry.name)

        status, output = run(command, self._cancelled, self._on_line, self._variables | places, look)
        wheels = sorted(arrived.glob("*.whl")) if arrived.is_dir() else []
        if status or len(wheels) != 1:
            kind = classify(output, self._variables.get("HTTPS_PROXY", ""))
            raise SetupError(kind, f"{entry.name}=={entry.version}\n{output}")
        return wheels[0].replace(folder / wheels[0].name)


def largest_file_mb(folder: Path) -> float:
    """Size of the largest file in a folder that others are writing to."""
    largest = 0
    for place, _folders, names in os.walk(folder):
        for name in names:
            try:
                largest = max(largest, (Path(place) / name).stat().st_size)
            except OSError:
                continue  # it has just been moved
    return largest / _MB


def folder_mb(folder: Path) -> float:
    """Size of all files in a folder that others are writing to."""
    total = 0
    for place, _folders, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(place) / name).stat().st_size
            except OSError:
                continue  # it has just been moved
    return total / _MB


def _before(requirements: Sequence[Requirement], entry: Requirement) -> Sequence[Requirement]:
    return requirements[: requirements.index(entry)]


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _pattern(requirement: Requirement) -> re.Pattern[str]:
    name = re.sub(r"[-_.]+", "[-_.]+", requirement.name)
    return re.compile(rf"{name}-{re.escape(requirement.version)}-.*\.whl", re.IGNORECASE)


def _files(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
