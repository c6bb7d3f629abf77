#!/usr/bin/env bash
# xarray 2026.9.0 with rioxarray 0.19.0: values that were scaled by hand are scaled a second time by whoever reads the file.
#
# Guess beforehand: `array * array.attrs["scale_factor"] + array.attrs["add_offset"]` has no attributes left, as ever with
# xarray's arithmetic, or at least `to_raster` writes no scale for floats; the file holds the right values.
#
# Seen: xarray keeps attributes in arithmetic since 2025.11. `scale_factor`, `add_offset` and `_FillValue`, which
# `open_rasterio` puts there, stay on the product, and `to_raster` writes all three beside the values, which are scaled
# already. Reflectances of 0.01 to 0.04, from a file with the scale 0.0001 and the offset -0.1, read back as -0.099999 to
# -0.099996. The nodata value 65535 is now declared for floats that never hold it. Nothing is said. With xarray 2025.10.1
# the same lines write the right file.
# Remedy: `open_rasterio(..., mask_and_scale=True)`, or `drop_attrs()` before `to_raster`.
#
# Fails if the file holds the right values.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
for xarray in 2025.10.1 2026.9.0; do
    "$folder/env/bin/pip" install --quiet --disable-pip-version-check "xarray==$xarray" rioxarray==0.19.0 rasterio==1.4.4 numpy==2.4.6
    "$folder/env/bin/python" - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import numpy as np
import rasterio
import rioxarray
import xarray

folder = Path(sys.argv[1])
counts = np.arange(1100, 1500, 100, dtype=np.uint16).reshape(1, 1, 4)
with rasterio.open(
    folder / "counts.tif", "w", driver="GTiff", width=4, height=1, count=1, dtype="uint16", nodata=65535, crs="EPSG:32633",
    transform=rasterio.transform.from_origin(500000, 5000000, 10, 10),
) as out:
    out.write(counts)
    out.scales, out.offsets = (1e-4,), (-0.1,)

array = rioxarray.open_rasterio(folder / "counts.tif")
scaled = array * array.attrs["scale_factor"] + array.attrs["add_offset"]
scaled.rio.to_raster(folder / "scaled.tif")
with rasterio.open(folder / "scaled.tif") as source:
    written = (source.scales[0], source.offsets[0], source.nodata)
back = rioxarray.open_rasterio(folder / "scaled.tif", mask_and_scale=True)
right = counts * 1e-4 - 0.1
assert np.allclose(scaled, right)
print(f"xarray {xarray.__version__}, rioxarray {rioxarray.__version__}: attributes {sorted(scaled.attrs)}")
print(f"  scale, offset, nodata in the file {written}; values {right.ravel().round(6)} read back as {back.values.ravel()}")
if xarray.__version__ == "2025.10.1":
    assert written == (1, 0, None) and np.allclose(back, right)
else:
    assert written == (1e-4, -0.1, 65535), "changed: the file declares no scale"
    assert np.allclose(back, right * 1e-4 - 0.1) and not np.allclose(back, right), "changed: the values are right"
PYTHON
done
echo "as described"
