"""Ready for Qt 6: what the converter of QGIS (pyqt5_to_pyqt6) would change or warn of is not in the plugin."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import idgbr_qgis

PACKAGE = Path(idgbr_qgis.__file__).parent
#: Gone in Qt 6, or of another signature.
GONE = re.compile(
    r"\b(exec_|qApp|QRegExp|QDesktopWidget|resources_rc|QTextCodec|MidButton|TextColorRole|BackgroundColorRole"
    r"|HighQualityAntialiasing|QVariant\.Type|QVariant\.\w+|AA_EnableHighDpiScaling|setMargin|horizontalAdvanceOf"
    r"|fontMetrics\(\)\.width|activated\[str\]|toSet|globalPos\(\)|\.posF\(\)|pyqtConfigure)\b"
)


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def _imported(tree: ast.Module) -> dict[str, Any]:
    """Names that a module takes from QGIS and Qt, and what they stand for."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qgis."):
            module = importlib.import_module(str(node.module))
            names |= {item.asname or item.name: getattr(module, item.name, None) for item in node.names}
    return names


def _is_enum(kind: type) -> bool:
    return issubclass(kind, Enum) or (issubclass(kind, int) and kind not in (int, bool))


def unscoped(tree: ast.Module) -> list[str]:
    """Members of enums that are reached by the class around the enum, which Qt 6 has no more."""
    names, found = _imported(tree), []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            continue
        holder = names.get(node.value.id)
        value = getattr(holder, node.attr, None) if isinstance(holder, type) else None
        if value is not None and not isinstance(value, type) and _is_enum(type(value)) and not _is_enum(holder):
            found.append(f"{node.lineno}: {node.value.id}.{node.attr}")
    return found


def test_enums_are_scoped() -> None:
    assert {path.name: found for path, tree in _trees() if (found := unscoped(tree))} == {}


def test_an_enum_without_scope_would_be_found() -> None:
    code = "from qgis.PyQt.QtCore import Qt\nfrom qgis.core import Qgis, QgsTask\n"
    good = code + "Qt.AlignmentFlag.AlignLeft, Qgis.MessageLevel.Info, QgsTask.Flag.CanCancel, Qgis.version()"
    assert unscoped(ast.parse(good)) == []
    assert unscoped(ast.parse(code + "Qt.AlignLeft")) == ["3: Qt.AlignLeft"]
    assert unscoped(ast.parse(code + "QgsTask.CanCancel")) == ["3: QgsTask.CanCancel"]


def test_qt_is_imported_from_qgis_alone() -> None:
    for path, tree in _trees():
        modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        modules += [item.name for node in ast.walk(tree) if isinstance(node, ast.Import) for item in node.names]
        assert not [name for name in modules if re.match(r"(PyQt|PySide|sip\b|qgis\.PyQt\.Qt$)", name)], path


def test_nothing_that_is_gone_in_qt6() -> None:
    found = {}
    for path, tree in _trees():
        code = ast.unparse(tree)
        if hits := sorted({match.group(0) for match in GONE.finditer(code)}):
            found[path.name] = hits
    assert found == {}
