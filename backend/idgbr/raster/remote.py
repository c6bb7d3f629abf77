"""Rasters that lie elsewhere: their names in GDAL's virtual file systems, and how GDAL reads over a network."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Iterable
from http.client import HTTPException

_VSI_HTTP = ("/vsicurl/http://", "/vsicurl/https://")
_REMOTE = ("/vsicurl", "/vsis3", "/vsigs", "/vsiaz", "/vsiadls", "/vsioss", "/vsiswift", "/vsiwebhdfs")
#: Makes GDAL forget what it read of a file when that is closed.
FORGETTING = {"CPL_VSIL_CURL_NON_CACHED": ":".join(_REMOTE)}
#: What GDAL is told unless the user's environment says otherwise.
OPTIONS = {
    # MiB of decoded blocks. GDAL's own limit is a share of all memory; this holds a row of tiles of any usual raster.
    "GDAL_CACHEMAX": "256",
    # Bytes of files read over a network.
    "CPL_VSIL_CURL_CACHE_SIZE": str(64 << 20),
    "GDAL_HTTP_MAX_RETRY": "3",
    "GDAL_HTTP_RETRY_DELAY": "0.5",  # s, doubled each time
    "GDAL_HTTP_CONNECTTIMEOUT": "20",
    "GDAL_HTTP_LOW_SPEED_TIME": "30",  # s at less than the next, then the connection counts as lost
    "GDAL_HTTP_LOW_SPEED_LIMIT": "1000",  # bytes/s
}
#: A server is asked once more for what it did not give, after so many seconds each, beside what GDAL tries by itself:
#: that does not cover connections cut in the middle of an answer.
PAUSES_S = (0.5, 2.0, 5.0, 15.0)
_TIMEOUT_S = 20.0
#: Files of a mosaic whose servers are asked for their versions.
_ASKED = 16


def set_gdal_options() -> None:
    """Tell GDAL `OPTIONS`: by the environment, since those given through rasterio hold for one thread alone."""
    for name, value in OPTIONS.items():
        os.environ.setdefault(name, value)


def is_remote(name: str) -> bool:
    """Whether GDAL reads a name (see `idgbr.paths.gdal_name`) over a network, be it an archive there."""
    return name.removeprefix("/vsizip").removeprefix("/vsitar").removeprefix("/vsigzip").startswith(_REMOTE)


def remote_versions(names: Iterable[str]) -> dict[str, str | None]:
    """What servers say of the versions of those names that GDAL reads over a network, None where they say nothing.

    Of a mosaic of very many files, the first are asked for.
    """
    found: dict[str, str | None] = {}
    for name in filter(is_remote, names):
        found[name] = remote_version(name) if len(found) < _ASKED else None
    return found


def remote_version(name: str) -> str | None:
    """What a web server says of the version of a file: its entity tag, or its time of change and length.

    None for other systems and where the server says nothing.
    """
    if not name.startswith(_VSI_HTTP):
        return None
    request = urllib.request.Request(name.removeprefix("/vsicurl/"), method="HEAD")  # noqa: S310 (http alone)
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310 # nosec B310 (http alone)
            headers = answer.headers
    except (urllib.error.URLError, HTTPException, OSError, ValueError):
        return None
    tag, changed, length = (headers.get(key) for key in ("ETag", "Last-Modified", "Content-Length"))
    return f"{tag or changed} {length}" if tag or changed else None
