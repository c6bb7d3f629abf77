"""The only place that interprets user-given names: what the libraries open for a path or connection string.

GDAL, pyogrio and rasterio each interpret names: archives (``!``, ``.zip``), addresses (``;``, ``?``), drivers
(``GPKG:``, ``vrt://``) and layers (``|layername=``). Here, an existing file is always that file, for any name. Other
names have the meaning that they have in GDAL and QGIS.
"""

from __future__ import annotations

import os
import re
import tarfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from idgbr.errors import IdgbrError, InputError, OutputError

#: GDAL's virtual file systems, by the schemes of addresses. `http` and `https` stay part of the name.
_SYSTEMS = {
    "http": "/vsicurl/http://", "https": "/vsicurl/https://", "ftp": "/vsicurl/ftp://", "s3": "/vsis3/",
    "gs": "/vsigs/", "az": "/vsiaz/", "adls": "/vsiadls/", "oss": "/vsioss/", "hdfs": "/vsihdfs/",
    "webhdfs": "/vsiwebhdfs/",
}  # fmt: skip
#: Those of archives, by scheme and by suffix, as in QGIS.
_ARCHIVES = {"zip": "/vsizip/", "tar": "/vsitar/", "gzip": "/vsigzip/"}
_ARCHIVE_ENDS = {
    ".zip": "/vsizip/", ".tar": "/vsitar/", ".tar.gz": "/vsitar/", ".tgz": "/vsitar/", ".gz": "/vsigzip/",
}  # fmt: skip
#: Archives that drivers of GDAL open themselves.
_WHOLE_ARCHIVES = (".shp.zip", ".gpkg.zip", ".gdb.zip", ".kmz", ".shz", ".safe.zip")
#: Prefixes of names that drivers parse: letters and a colon (one letter is a Windows drive), XML, JSON.
_CONNECTION = re.compile(r"[A-Za-z][A-Za-z0-9_+.-]+:|[<{]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
#: The layer of a GeoPackage in an output.
_LAYER_OUTPUT = re.compile(r"(?P<path>.+\.gpkg)\|layername=(?P<layer>.*)", re.IGNORECASE | re.DOTALL)
#: Prefixes that GDAL forbids for layers of a GeoPackage.
_NO_FIRST = "`~!@#$%^&*()+-={}|[]\\:\";'<>?,./ "
#: Most parts of a container in a message.
_LISTED = 5
#: Bytes that temporary files beside a file add to its name.
_BESIDE = 32
_LONGEST_NAME = 255


class GdalName(str):
    """A name that is passed to GDAL unchanged: `idgbr.layers.ogr` stops pyogrio from changing it."""

    __slots__ = ()

    def __str__(self) -> str:
        return self


def literal(path: str | os.PathLike[str]) -> GdalName:
    """The name of an ordinary file, which need not exist."""
    text = os.fspath(path)
    if not os.path.isabs(text):  # noqa: PTH117
        text = os.path.join(os.getcwd(), text)  # noqa: PTH109, PTH118 (a Path would drop parts of odd names)
    if text.startswith("//"):  # what follows would be taken for the name of a computer
        text = f"/{text.lstrip('/')}"
    # A folder on disk may have the name of a GDAL file system.
    return GdalName(f"/.{text}" if text.startswith("/vsi") else text)


def gdal_name(text: str | os.PathLike[str]) -> GdalName:
    """The name that GDAL opens for a user-given raster or vector file, without its layer.

    An existing file or folder comes first, an archive as its content. Then come GDAL's own names (``/vsi…``), addresses
    (``https://…``, ``s3://…``, ``zip://a.zip!b.tif``, ``file://…``) and connection strings (``vrt://…``,
    ``GPKG:file:layer``, XML). Any other name is the path of a missing file. Raises InputError for names that libraries
    cannot handle.
    """
    if isinstance(text, GdalName):
        return text
    text = os.fspath(text)
    check_name(text, InputError)
    if on_disk(text):
        return _with_archive(text)
    if text.startswith("/vsi"):
        return GdalName(text)
    if _SCHEME.match(text):
        return _addressed(text)
    return GdalName(text) if is_connection(text) else literal(text)


def input_name(text: str | os.PathLike[str], what: str) -> GdalName:
    """Like `gdal_name`, for a file that must exist and not be empty; `what` describes it in messages.

    Raises InputError in one line.
    """
    text = os.fspath(text)
    name = gdal_name(text)
    if name.startswith("/vsi") or (is_connection(text) and not on_disk(text)):
        return name  # left to GDAL to judge
    if not on_disk(name):
        raise InputError(f"{text}: no such file; check the path of {what}.")
    if os.path.isfile(name) and not os.path.getsize(name):  # noqa: PTH113, PTH202
        raise InputError(f"{text}: is empty (0 bytes); get a complete copy of it.")
    return name


def is_connection(text: str) -> bool:
    """Whether GDAL interprets a name as more than a path, unless such a file exists."""
    return bool(text.startswith("/vsi") or _CONNECTION.match(text))


def on_disk(text: str) -> bool:
    """Whether a file or folder with exactly this name exists."""
    try:
        return bool(text) and os.path.exists(text)  # noqa: PTH110 (a Path would drop parts of odd names)
    except ValueError:
        return False


def split_layer(text: str) -> tuple[str, str]:
    """A name and the part after its ``|``, empty if there is none; the longest existing file counts."""
    if on_disk(text):
        return text, ""
    bars = [match.start() for match in re.finditer(r"\|", text)]
    at = next((bar for bar in reversed(bars) if on_disk(text[:bar])), bars[0] if bars else len(text))
    return text[:at], text[at + 1 :]


def file_stem(text: str) -> str:
    """The name of a file without its folder and suffix."""
    return Path(text).stem


def container(name: str) -> str:
    """The file on disk behind a name: the archive of ``/vsizip/…``, the file itself, or the name."""
    text = str.__str__(name)
    while found := re.match(r"/vsi(?:zip|tar|gzip|7z|rar|subfile/[\d_]+,|cached\?(?:.*&)?file=)/?", text):
        text = text[found.end() :]
        text = text[1:].replace("}", "", 1) if text.startswith("{") else text
        text = text if text.startswith(("/", "/vsi")) or on_disk(text) else f"/{text}"
    while text and not os.path.isfile(text) and os.path.dirname(text) != text:  # noqa: PTH113, PTH120
        text = os.path.dirname(text)  # noqa: PTH120
    return text if os.path.isfile(text) else str.__str__(name)  # noqa: PTH113


def archive_files(name: str) -> list[GdalName]:
    """The names for GDAL of the files in an archive of this computer, by its `gdal_name`; empty for other names."""
    text = str.__str__(name)
    opened = next((kind for kind in (_ARCHIVES["zip"], _ARCHIVES["tar"]) if text.startswith(kind)), "")
    path = text.removeprefix(opened)
    if not opened or not os.path.isfile(path):  # noqa: PTH113
        return []
    try:
        if opened == _ARCHIVES["zip"]:
            with zipfile.ZipFile(path) as archive:
                members = [member.filename for member in archive.infolist() if not member.is_dir()]
        else:
            with tarfile.open(path) as packed:
                members = [member.name.removeprefix("./") for member in packed if member.isfile()]
    except (OSError, tarfile.TarError, zipfile.BadZipFile):
        return []
    return [GdalName(f"{text}/{member}") for member in sorted(members)]


def several_text(text: str, what: str, names: Iterable[str]) -> str:
    """Message about a container that holds several rasters or layers, `what`, by their names."""
    found = list(names)
    more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
    return f"{text}: holds {len(found)} {what}; name one of {', '.join(found[:_LISTED])}{more}."


@dataclass(frozen=True)
class LayerOutput:
    """Output of polygons: a file, and its layer. `named` says whether the user named the layer."""

    path: Path
    layer: str
    named: bool = False

    def __str__(self) -> str:
        return f"{self.path}|layername={self.layer}" if self.named else str(self.path)


def layer_output(text: str | Path) -> LayerOutput:
    """The output of a path, or of a text ``path.gpkg|layername=layer``.

    Raises OutputError if it is not a local file.
    """
    found = None if isinstance(text, Path) or on_disk(text) else _LAYER_OUTPUT.fullmatch(text)
    if found is None:
        path = file_output(text)
        return LayerOutput(path, path.stem.lstrip(_NO_FIRST) or "layer")
    path, layer = file_output(found["path"]), found["layer"]
    if not layer or not layer.isprintable() or layer.lstrip(_NO_FIRST) != layer.strip():
        raise OutputError(f"{text}: {layer!r} is not a valid layer name; choose another one.")
    return LayerOutput(path, layer, named=True)


def file_output(text: str | Path) -> Path:
    """The path of a file to write. Raises OutputError if it is not a local file, or not a valid name."""
    text = str(text)
    check_name(text, OutputError)
    path = Path(text)
    if not path.parent.is_dir() and (text.startswith("/vsi") or _SCHEME.match(text)):
        if not text.lower().startswith("file://"):
            raise OutputError(f"{text}: results are written to files of this computer; name one, and copy it there.")
        path = Path(_file_of(text))
    if text.startswith("ogr:dbname="):
        raise OutputError(f"{text}: is not a file; write the layer of a GeoPackage as FILE.gpkg|layername=LAYER.")
    if len(path.name.encode()) > _LONGEST_NAME - _BESIDE:
        raise OutputError(f"{text}: the name of the file is too long; choose one of {_LONGEST_NAME - _BESIDE} bytes.")
    return path


def check_name(text: str, error: type[IdgbrError]) -> None:
    """Raise an error for an unusable name: empty, with a null character, or not in UTF-8."""
    if not text:
        raise error("a file name is empty; give one.")
    if "\0" in text:
        raise error(f"{text!r}: contains a null character, which file names cannot have; choose another name.")
    try:
        text.encode()
    except UnicodeEncodeError:
        shown = text.encode("utf-8", "backslashreplace").decode()
        raise error(f"{shown}: the name is not in UTF-8, so GDAL cannot open it; rename the file.") from None


def _with_archive(path: str) -> GdalName:
    """An existing file; an archive as its content."""
    name = literal(path)
    lower = path.lower()
    if lower.endswith(_WHOLE_ARCHIVES) or not os.path.isfile(path):  # noqa: PTH113
        return name
    start = next((start for end, start in _ARCHIVE_ENDS.items() if lower.endswith(end)), "")
    return GdalName(start + name)


def _addressed(text: str) -> GdalName:
    """The name in GDAL's virtual file systems of an address, such as ``zip+https://host/a.zip!b.tif``."""
    scheme, _, rest = text.partition("://")
    parts = scheme.lower().split("+")
    if parts == ["file"]:
        return _with_archive(_file_of(text))
    if not all(part in {*_SYSTEMS, *_ARCHIVES, "file"} for part in parts):
        return GdalName(text)  # vrt:// and other words of drivers
    if not any(part in _ARCHIVES for part in parts):
        return GdalName(_SYSTEMS[parts[-1]] + rest)
    archive, _, inner = rest.partition("!")
    starts = "".join(_ARCHIVES.get(part) or _SYSTEMS.get(part, "") for part in parts)
    starts = re.sub(r"(?<=[a-z0-9])//vsi", "/vsi", starts)
    local = parts[-1] in {*_ARCHIVES, "file"}
    name = starts + (literal(archive) if local else archive)
    return GdalName(f"{name}/{inner.lstrip('/')}" if inner else name)


def _file_of(address: str) -> str:
    """The path of a ``file://`` address: unchanged if such a file exists, else with %20 and the like decoded."""
    plain = address[len("file://") :]
    if on_disk(plain):
        return plain
    parts = urlsplit(address)
    path = unquote(parts.path)
    return path[1:] if re.match(r"/[A-Za-z]:", path) else path
