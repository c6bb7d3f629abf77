"""Remote rasters: their names in GDAL's virtual file systems, and GDAL's options for networks."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Iterable
from http.client import HTTPException

_VSI_HTTP = ("/vsicurl/http://", "/vsicurl/https://")
_REMOTE = ("/vsicurl", "/vsis3", "/vsigs", "/vsiaz", "/vsiadls", "/vsioss", "/vsiswift", "/vsiwebhdfs")
#: Makes GDAL drop its cache of a file when that is closed.
FORGETTING = {"CPL_VSIL_CURL_NON_CACHED": ":".join(_REMOTE)}
#: Options of GDAL, unless the user's environment sets them.
OPTIONS = {
    # MiB of decoded blocks. GDAL's own limit is a fraction of all memory; this holds a row of tiles of any usual
    # raster.
    "GDAL_CACHEMAX": "256",
    # Bytes of files read over a network.
    "CPL_VSIL_CURL_CACHE_SIZE": str(64 << 20),
    "GDAL_HTTP_MAX_RETRY": "3",
    "GDAL_HTTP_RETRY_DELAY": "0.5",  # s, doubled each time
    "GDAL_HTTP_CONNECTTIMEOUT": "20",
    "GDAL_HTTP_LOW_SPEED_TIME": "30",  # s at less than the next, then the connection counts as lost
    "GDAL_HTTP_LOW_SPEED_LIMIT": "1000",  # bytes/s
}
#: Pauses before further requests to a server, in seconds, besides GDAL's own retries: those do not cover connections
#: that are cut in the middle of an answer.
PAUSES_S = (0.5, 2.0, 5.0, 15.0)
_TIMEOUT_S = 20.0
#: Most files of a mosaic whose versions are requested.
_ASKED = 16


def set_gdal_options() -> None:
    """Set `OPTIONS` of GDAL in the environment, because options set through rasterio apply to one thread only."""
    for name, value in OPTIONS.items():
        os.environ.setdefault(name, value)


def is_remote(name: str) -> bool:
    """Whether GDAL reads a name (see `idgbr.paths.gdal_name`) over a network, also inside an archive there."""
    return name.removeprefix("/vsizip").removeprefix("/vsitar").removeprefix("/vsigzip").startswith(_REMOTE)


def remote_versions(names: Iterable[str]) -> dict[str, str | None]:
    """Versions, according to their servers, of the names that GDAL reads over a network; None if a server gives none.

    Of a mosaic with very many files, only the first ones are requested.
    """
    found: dict[str, str | None] = {}
    for name in filter(is_remote, names):
        found[name] = remote_version(name) if len(found) < _ASKED else None
    return found


def remote_version(name: str) -> str | None:
    """Version of a file according to a web server: its entity tag, or its modification time and length.

    None for other systems and if the server gives none.
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
