#!/usr/bin/env bash
# rasterio 1.4.4 (GDAL 3.10.3): the files of a GDAL tile index (driver GTI) are not listed, not even the index.
#
# Guess beforehand: `dataset.files` lists the index and its tiles, as it lists a VRT and its sources.
#
# Seen: it is an empty list, while the pixels of both tiles are read; for a VRT of the same tiles it names all three
# files. So a copy of `dataset.files`, or a check whether a source has changed, misses everything.
#
# Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check rasterio==1.4.4 numpy==2.2.6 pyogrio==0.11.1 shapely==2.1.2
"$folder/env/bin/python" - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import numpy as np
import pyogrio.raw
import rasterio
import shapely

folder = Path(sys.argv[1])
print("rasterio", rasterio.__version__, "GDAL", rasterio.__gdal_version__)
tiles, boxes, sources = [], [], []
for number in range(2):
    tile, left = folder / f"tile{number}.tif", 10 * number
    with rasterio.open(
        tile, "w", driver="GTiff", width=10, height=10, count=1, dtype="uint8", crs="EPSG:32633",
        transform=rasterio.transform.from_origin(500000 + left, 5000000, 1, 1),
    ) as out:
        out.write(np.full((1, 10, 10), number + 1, np.uint8))
    tiles.append(str(tile))
    boxes.append(shapely.box(500000 + left, 4999990, 500010 + left, 5000000))
    sources.append(
        f"<SimpleSource><SourceFilename>{tile}</SourceFilename><SourceBand>1</SourceBand>"
        f'<SrcRect xOff="0" yOff="0" xSize="10" ySize="10"/><DstRect xOff="{left}" yOff="0" xSize="10" ySize="10"/>'
        "</SimpleSource>"
    )
index, mosaic = folder / "index.gti.gpkg", folder / "mosaic.vrt"
pyogrio.raw.write(
    index, shapely.to_wkb(np.array(boxes)), [np.array(tiles, object)], ["location"], geometry_type="Polygon",
    crs="EPSG:32633", driver="GPKG",
)
mosaic.write_text(
    '<VRTDataset rasterXSize="20" rasterYSize="10"><SRS>EPSG:32633</SRS>'
    '<GeoTransform>500000, 1, 0, 5000000, 0, -1</GeoTransform><VRTRasterBand dataType="Byte" band="1">'
    + "".join(sources) + "</VRTRasterBand></VRTDataset>"
)
found = {}
for name in (f"GTI:{index}", str(mosaic)):
    with rasterio.open(name) as dataset:
        found[dataset.driver] = (len(dataset.files), float(dataset.read(1).mean()))
        print(f"{dataset.driver}: files {[Path(file).name for file in dataset.files]}, mean of the pixels {dataset.read(1).mean()}")
raise SystemExit(0 if found == {"GTI": (0, 1.5), "VRT": (3, 1.5)} else "changed: files of a tile index are listed otherwise")
PYTHON
