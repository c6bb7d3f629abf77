#!/usr/bin/env bash
# shapely 2.2.0, geopandas 1.2.0: measures (M) become heights (Z) on the way through ragged arrays, and so in every
# GeoParquet file or Arrow table that geopandas writes with `geometry_encoding="geoarrow"`.
#
# Guess beforehand: `to_ragged_array` has `include_m`, so `from_ragged_array` gives the same geometries back; GeoArrow has
# a type for x, y and m, so geopandas writes that, or refuses such geometries as it refuses those with both Z and M.
#
# Seen: LINESTRING M (0 0 1, 10 0 3) comes back as LINESTRING Z (0 0 1, 10 0 3), from `from_ragged_array`, from
# `read_parquet` and from `from_arrow`. The array of three columns does not say which they are; geopandas names them
# x, y, z in the file, so any other reader sees heights as well. With `geometry_encoding="WKB"` measures stay measures.
# Geometries with both raise an error. Kilometres along a road or a river are so taken for altitudes.
# Remedy: WKB, or build the GeoArrow array by hand from `to_ragged_array(..., include_z=False, include_m=True)`.
#
# Fails if measures come back, or are refused.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check shapely==2.2.0 geopandas==1.2.0 pyarrow==26.0.1 numpy==2.4.6
"$folder/env/bin/python" - "$folder/road.parquet" <<'PYTHON'
import sys

import geopandas
import pyarrow.parquet
import shapely

path = sys.argv[1]
print("shapely", shapely.__version__, "GEOS", shapely.geos_version_string, "geopandas", geopandas.__version__)
given = shapely.from_wkt("LINESTRING M (0 0 1, 10 0 3)")
frame = geopandas.GeoDataFrame(geometry=[given], crs="EPSG:32632")
kind, places, offsets = shapely.to_ragged_array([given])
found = {"from_ragged_array": shapely.from_ragged_array(kind, places, offsets)[0]}
for encoding in ("WKB", "geoarrow"):
    frame.to_parquet(path, geometry_encoding=encoding)
    found[f"parquet {encoding}"] = geopandas.read_parquet(path).geometry[0]
    table = frame.to_arrow(geometry_encoding=encoding)
    found[f"arrow {encoding}"] = geopandas.GeoDataFrame.from_arrow(table).geometry[0]
for way, geometry in found.items():
    print(f"{way}: {geometry.wkt}")
print("type in the file:", pyarrow.parquet.read_schema(path).field("geometry").type)
for way, geometry in found.items():
    if "WKB" in way:
        assert geometry.has_m and not geometry.has_z and shapely.equals_identical(geometry, given)
    else:
        assert geometry.has_z and not geometry.has_m, "changed: measures stay measures"
        assert shapely.get_coordinates(geometry, include_z=True)[:, 2].tolist() == [1, 3]
assert "z: double" in str(pyarrow.parquet.read_schema(path).field("geometry").type)
PYTHON
echo "as described"
