"""The map of the backend: imports run down only, no file imports itself through others, packages stay small."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import idgbr

BASE = Path(idgbr.__file__).parent
#: Packages and top modules, the lowest first; those of one floor do not import each other.
FLOORS = (
    ("arrays", "classes", "errors", "exchange", "logs", "noise", "process", "spans"),
    ("monitor", "options", "paths", "protocol"),
    ("parameters", "exported", "console", "engines"),
    ("raster", "models", "scenes"),
    ("layers", "tiling"),
    ("change", "coarse_map", "own_labels", "polygonize"),
    ("alignment", "refiner", "evaluation", "outlines"),
    ("checkpoint", "drawing", "quick"),
    ("pipeline",),
    ("training",),
    ("jobs",),
    ("distributed",),
    ("run", "result", "in_memory"),
    ("api",),
    ("worker",),
    ("cli",),
    ("__main__",),
)
FLOOR_OF = {name: number for number, names in enumerate(FLOORS) for name in names}
#: Modules and packages whose functions import others of the backend when they run, and why.
LATE = {
    "api": "`import idgbr` must be quick: a function imports what it runs",
    "result": "`import idgbr` must be quick: only notebooks draw a result",
    "cli": "`idgbr --help` must be quick: commands import what they run",
    "run": "a cluster is rarely used, and imports all jobs",
    "worker": "`initialize` must be answered before the jobs are imported",
    "layers.copy_process": "the process that copies a layer starts in a tenth of the time",
    "training": "the command line reads what needs no torch",
    "jobs.refine": "few jobs align first, and that imports much of scipy",
    "jobs.pretrain": "only training needs torch, an extra",
    "jobs.train_segment": "only training needs torch, an extra",
}
#: Packages of others that functions import, and why.
LATE_OTHERS = {
    "distributed": "an extra",
    "onnxruntime": "an extra; slow",
    "onnx": "slow; only models that are not compiled yet need it",
    "google": "the errors of onnx",
    "numba": "slow; not all commands run kernels",
    "openvino": "an extra; slow",
    "platformdirs": "the worker starts without it",
    "psutil": "for the doctor only",
    "pyarrow": "an extra; slow",
    "pyogrio": "for the doctor only",
    "pyproj": "for the doctor only",
    "rasterio": "for the doctor only",
    "scipy": "slow; most jobs do without it",
}
MOST_LINES, LARGEST_PACKAGE = 400, 2500
#: Where examples and recipes of training lie, which grow with every model.
LARGE = {"training"}

MODULES = {
    ".".join(path.relative_to(BASE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(BASE.rglob("*.py"))
    if path != BASE / "__init__.py"
}


def imports(module: str) -> Iterator[tuple[str, bool]]:
    """What a module imports, by its name, and whether a function does so. Below `idgbr`, without that name."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    late = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            of = node.module or ""
            own = of.removeprefix("idgbr").removeprefix(".")
            inner = (
                {f"{own}.{alias.name}".removeprefix(".") for alias in node.names} if of.startswith("idgbr") else set()
            )
            names = [f"idgbr.{name}" for name in inner & MODULES.keys()] or [of]
        else:
            continue
        for name in names:
            yield name, id(node) in late


def below(name: str) -> str | None:
    """A module's name below `idgbr`; None for those of others, and for `idgbr` itself."""
    return name.removeprefix("idgbr.") if name.startswith("idgbr.") else None


IMPORTS = {module: list(imports(module)) for module in MODULES}
OWN = {m: {b for name, _ in found if (b := below(name)) and b != m} for m, found in IMPORTS.items()}


def test_every_package_has_a_floor() -> None:
    assert {module.split(".")[0] for module in MODULES} <= FLOOR_OF.keys()


def test_imports_run_down() -> None:
    wrong = []
    for module, found in OWN.items():
        package = module.partition(".")[0]
        others = {name.partition(".")[0] for name in found} - {package}
        wrong += [(module, name) for name in others if FLOOR_OF[name] >= FLOOR_OF[package]]
    assert not wrong


def test_no_file_imports_itself_through_others() -> None:
    left = {module: set(found) for module, found in OWN.items()}
    while free := [module for module, found in left.items() if not found & left.keys()]:
        for module in free:
            del left[module]
    assert not left


def test_functions_import_only_for_cost() -> None:
    wrong = []
    for module, found in IMPORTS.items():
        excused = any(module == name or module.startswith(f"{name}.") for name in LATE)
        for name in (name for name, late in found if late):
            other = below(name) is None and (name.split(".")[0] in LATE_OTHERS or module.startswith("training"))
            if not other and not (excused and below(name)):
                wrong.append((module, name))
    assert not wrong


def test_no_module_and_no_package_is_too_large() -> None:
    lines = {module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in MODULES.items()}
    assert not {module: count for module, count in lines.items() if count > MOST_LINES}
    folders = Counter[str]()
    for module, path in MODULES.items():
        folders[path.parent.relative_to(BASE).as_posix()] += lines[module]
    assert not {name: count for name, count in folders.items() if count > LARGEST_PACKAGE and name not in LARGE}
