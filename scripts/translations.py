#!/usr/bin/env python3
"""Brings the texts of the plugin into idgbr_qgis/i18n/*.ts (make translations), and those into the .qm that Qt reads.

No tool of Qt is needed: lupdate would file a text under the class it stands in, whereas `tr` has one context for all.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "idgbr_qgis"
FOLDER = PACKAGE / "i18n"
CONTEXT = "IDGBR"
#: Where texts stand in English and are translated where they are shown: calls, classes and tables by these names.
SHOWN_LATER = {"Advice", "Problem", "Stage", "BUILD_TITLES"}

_QM_MAGIC = bytes.fromhex("3cb86418caef9c95cd211cbf60a1bddd")
_HASHES, _MESSAGES = 0x42, 0x69
_END, _TRANSLATION, _SOURCE, _IN_CONTEXT = 1, 3, 6, 7


@dataclass
class Catalogue:
    """The translations to one language; an empty one is still to be made."""

    language: str
    texts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Catalogue:
        """The translations in a .ts file."""
        root = ET.parse(path).getroot()  # noqa: S314 (a file of this repository)
        messages = root.findall("./context/message")
        return cls(
            root.attrib["language"],
            {
                str(message.findtext("source")): str(message.findtext("translation") or "")
                for message in messages
                if (found := message.find("translation")) is not None and found.get("type") != "vanished"
            },
        )

    def write(self, path: Path, places: dict[str, list[str]]) -> None:
        """Write them as a .ts file, with the files that each text is in."""
        root = ET.Element("TS", version="2.1", language=self.language, sourcelanguage="en")
        context = ET.SubElement(root, "context")
        ET.SubElement(context, "name").text = CONTEXT
        for source, files in places.items():
            message = ET.SubElement(context, "message")
            for file in files:
                ET.SubElement(message, "location", filename=file)
            ET.SubElement(message, "source").text = source
            translation = ET.SubElement(message, "translation")
            translation.text = self.texts.get(source, "")
            if not translation.text:
                translation.set("type", "unfinished")
        ET.indent(root, "    ")
        body = ET.tostring(root, encoding="unicode")
        path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")

    def to_qm(self) -> bytes:
        """The finished ones in Qt's binary form: messages, and where each lies by the hash of its source."""
        messages, places = bytearray(), []
        for source, text in self.texts.items():
            if not text:
                continue
            places.append((_hash(source.encode()), len(messages)))
            messages += _part(_TRANSLATION, text.encode("utf-16-be")) + _part(_SOURCE, source.encode())
            messages += _part(_IN_CONTEXT, CONTEXT.encode()) + bytes([_END])
        table = b"".join(struct.pack(">II", *place) for place in sorted(places))
        return _QM_MAGIC + _part(_HASHES, table) + _part(_MESSAGES, bytes(messages))


def _part(tag: int, data: bytes) -> bytes:
    return struct.pack(">BI", tag, len(data)) + data


def _hash(text: bytes) -> int:
    """The hash of the ELF format, as Qt takes it."""
    value = 0
    for byte in text:
        value = (value << 4) + byte
        high = value & 0xF0000000
        value = (value ^ (high >> 24)) & ~high
    return value or 1


def find_texts() -> dict[str, list[str]]:
    """All texts that the plugin translates, each with the files it is in."""
    found: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for text in texts_in(ast.parse(path.read_text(encoding="utf-8"))):
            files = found.setdefault(text, [])
            if name not in files:
                files.append(name)
    return found


def texts_in(tree: ast.AST) -> Iterator[str]:
    """Texts that are given to `tr`, and those that are given to it later, in the order they stand in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id == "tr":
                yield from _constants(node.args[:1])
            elif node.func.id in SHOWN_LATER:
                yield from _constants(node.args)
        elif isinstance(node, ast.ClassDef) and node.name in SHOWN_LATER:
            yield from _constants([item.value for item in node.body if isinstance(item, ast.Assign)])
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and _names(node.targets) & SHOWN_LATER:
            yield from _constants(node.value.values)


def _names(nodes: list[ast.expr]) -> set[str]:
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def _constants(nodes: list[ast.expr]) -> Iterator[str]:
    yield from (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def placeholders(text: str) -> list[str]:
    """The {parts} and tags of a text, which its translation must have, too."""
    return sorted(re.findall(r"\{[^{}]*\}|</?\w+>", text))


def compile_all(folder: Path) -> list[Path]:
    """Write each language as a .qm file into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for path in sorted(FOLDER.glob("*.ts")):
        written.append(folder / f"{path.stem}.qm")
        written[-1].write_bytes(Catalogue.read(path).to_qm())
    return written


def main() -> int:
    """Bring the .ts files up to date; 1 if something is still to be translated."""
    places = find_texts()
    missing = 0
    for path in sorted(FOLDER.glob("*.ts")):
        catalogue = Catalogue.read(path)
        gone = len(set(catalogue.texts) - set(places))
        catalogue.write(path, places)
        new = [source for source in places if not catalogue.texts.get(source)]
        missing += len(new)
        print(f"{path.relative_to(ROOT)}: {len(places)} texts, {len(new)} to be translated, {gone} gone")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
