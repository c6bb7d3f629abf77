"""GeoJSON allows only longitudes and latitudes on Earth, in WGS 84."""

from __future__ import annotations

from pathlib import Path

from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from idgbr.errors import OutputError

SUFFIXES = (".geojson", ".json")


def to_lonlat(output: Path, crs_wkt: str | None) -> Transformer | None:
    """A transformation of polygons from a CRS to the one that a format requires; None if none is needed.

    Raises OutputError if there is none, e.g. from a local CRS or from one of the Moon.
    """
    if output.suffix.lower() not in SUFFIXES:
        return None
    if crs_wkt is None:
        raise _refused(output, "the raster has no CRS")
    crs, wgs_84 = CRS.from_wkt(crs_wkt), CRS.from_epsg(4326)
    if crs.equals(wgs_84):
        return None
    try:
        return Transformer.from_crs(crs, wgs_84, always_xy=True)
    except ProjError:
        raise _refused(output, f"the CRS {crs.name!r} cannot be transformed to them") from None


def _refused(output: Path, reason: str) -> OutputError:
    return OutputError(
        f"{output}: GeoJSON allows only longitudes and latitudes on Earth, and {reason}; use another format, such as "
        ".gpkg."
    )
