"""One vectorizer on one class raster: `python vector_tools.py TOOL RASTER LAYER [OPTION=NUMBER …]`."""

from __future__ import annotations

import sys
from pathlib import Path


def idgbr(source: Path, output: Path, **options: float | str) -> None:
    """This project's vectorizer; options are those of `VectorOptions`."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "backend"))
    from idgbr.polygonize import VectorOptions, vectorize

    vectorize(source, output, options=VectorOptions(**options))  # type: ignore[arg-type]


def shapes(source: Path, output: Path, simplify_px: float = 0.0) -> None:
    """rasterio.features.shapes, with Douglas-Peucker on each polygon."""
    import numpy as np
    import rasterio
    import shapely
    from pyogrio import raw
    from rasterio import features

    with rasterio.open(source) as raster:
        pairs = list(features.shapes(raster.read(1), transform=raster.transform))
        crs, pixel = raster.crs.to_wkt(), raster.transform.a
    polygons = np.array([shapely.Polygon(s["coordinates"][0], s["coordinates"][1:]) for s, _ in pairs])
    if simplify_px:
        polygons = shapely.simplify(polygons, simplify_px * pixel)
    ids = np.array([v for _, v in pairs], np.int32)
    driver = "FlatGeobuf" if output.suffix == ".fgb" else "GPKG"
    raw.write(output, shapely.to_wkb(polygons), [ids], ["class_id"], driver=driver, geometry_type="Polygon", crs=crs)


def main() -> None:
    """Run the tool that the arguments name."""
    tool, source, output = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    given = (argument.split("=") for argument in sys.argv[4:])
    options = {key: value if key == "regularize" else float(value) for key, value in given}
    {"idgbr": idgbr, "shapes": shapes}[tool](source, output, **options)


if __name__ == "__main__":
    main()
