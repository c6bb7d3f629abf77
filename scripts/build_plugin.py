#!/usr/bin/env python3
"""Builds dist/idgbr_qgis.zip and holds it against the rules of the QGIS plugin site."""

from __future__ import annotations

import argparse
import configparser
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # when run as a program

from scripts import translations  # noqa: E402

NAME = "idgbr_qgis"

MAX_ZIP_MB = 25
#: What never belongs in the zip: left over from running, or of no use to a user.
LEFT_OUT = shutil.ignore_patterns(
    "__pycache__", "*.py[cod]", "*.egg-info", ".*", "tests", "*.in", "dev.txt", "qgis.txt", "*.ts"
)
COMPILED = {".so", ".dll", ".pyd", ".dylib", ".exe", ".pyc", ".pyo", ".a", ".o", ".lib", ".jar"}
REQUIRED_METADATA = (
    "name", "description", "about", "version", "author", "email", "homepage", "repository", "tracker",
    "qgisMinimumVersion", "qgisMaximumVersion", "license", "tags", "icon", "category", "hasProcessingProvider",
)  # fmt: skip


def stage_plugin(target_dir: Path) -> Path:
    """Put the plugin together as `target_dir`/idgbr_qgis, as QGIS loads it, replacing what is there. Returns it."""
    folder = target_dir / NAME
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(ROOT / NAME, folder, ignore=LEFT_OUT)
    for part in ("resources", "backend"):
        shutil.copytree(ROOT / part, folder / part, ignore=LEFT_OUT)
    # The site takes them: they are data, no code. QGIS reads no .ts.
    translations.compile_all(folder / "i18n")
    for file in ("metadata.txt", "LICENSE", ".bandit", ".secrets.baseline"):
        shutil.copy2(ROOT / file, folder / file)
    return folder


def zip_plugin(folder: Path, path: Path) -> None:
    """Write `folder` as a zip with that one folder at its top, in sorted order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder.parent))


def problems_of_metadata(path: Path) -> list[str]:
    """Fields that metadata.txt lacks, and values that the site or QGIS would refuse."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path, encoding="utf-8")
    general = dict(parser["general"]) if parser.has_section("general") else {}
    problems = [f"metadata.txt: {field} is missing" for field in REQUIRED_METADATA if not general.get(field)]
    if "plugin" in general.get("name", "").lower():
        problems.append("metadata.txt: the name must not contain 'plugin'")
    if general.get("hasProcessingProvider", "yes") != "yes":
        problems.append("metadata.txt: hasProcessingProvider must be yes, or qgis_process does not see the plugin")
    icon = general.get("icon")
    if icon and not (path.parent / icon).is_file():
        problems.append(f"metadata.txt: its icon {icon} is not in the plugin")
    return problems


def problems_of_files(folder: Path) -> list[str]:
    """Compiled or left-over files, links, and parts without which the plugin cannot work."""
    problems = []
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if path.is_symlink():
            problems.append(f"{name}: is a link")
        elif path.suffix.lower() in COMPILED or path.name == "__pycache__":
            problems.append(f"{name}: is a compiled file")
    locked = ("run-cpu.txt", "run-cuda.txt", "run-cuda12.txt", "sizes.json")
    needed = ["__init__.py", "metadata.txt", "LICENSE", "core/setup/__main__.py", "backend/idgbr/worker.py"]
    needed += [f"i18n/{path.stem}.qm" for path in translations.FOLDER.glob("*.ts")]
    needed += [f"backend/requirements/{name}" for name in locked]
    problems += [f"{name}: is missing" for name in needed if not (folder / name).is_file()]
    return problems


def problems_of_scans(folder: Path) -> list[str]:
    """What bandit and detect-secrets find: either blocks an upload. Their own output goes to the terminal."""
    problems = []
    bandit = ["bandit", "--quiet", "--recursive", str(folder)]
    if subprocess.run([sys.executable, "-m", *bandit], check=False).returncode:
        problems.append("bandit has findings (above)")
    names = [str(file.relative_to(folder)) for file in sorted(folder.rglob("*")) if file.is_file()]
    hook = ["detect_secrets.pre_commit_hook", "--baseline", ".secrets.baseline", *names]
    if subprocess.run([sys.executable, "-m", *hook], check=False, cwd=folder).returncode:
        problems.append("detect-secrets has findings (above)")
    return problems


def main() -> int:
    """Stage alone, or build and check; 1 if the plugin site would refuse the zip."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", type=Path, metavar="FOLDER", help="put the plugin into FOLDER, and no more")
    target = parser.parse_args().stage
    if target is not None:
        print(f"plugin: {stage_plugin(target)}")
        return 0
    return build_zip()


def build_zip() -> int:
    """Build dist/idgbr_qgis.zip, check it, say what came of it; 1 if there are problems."""
    path = ROOT / "dist" / f"{NAME}.zip"
    with tempfile.TemporaryDirectory() as temporary:
        folder = stage_plugin(Path(temporary))
        problems = [*problems_of_metadata(folder / "metadata.txt"), *problems_of_files(folder)]
        problems += problems_of_scans(folder)
        zip_plugin(folder, path)
    size = path.stat().st_size / 1e6
    if size >= MAX_ZIP_MB:
        problems.append(f"the zip has {size:.1f} MB, the site takes less than {MAX_ZIP_MB}")
    for problem in problems:
        print(f"plugin: {problem}", file=sys.stderr)
    print(f"plugin: {path.relative_to(ROOT)}, {size:.1f} MB, {len(problems)} problem(s)")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
