"""Scale and offset that a class or confidence raster declares: applied to its values, as QGIS does."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import rasterio
import rasterio.shutil
from rasterio.io import DatasetReader, MemoryFile

from idgbr.raster.bands import data_bands


def apply_scaling(dataset: DatasetReader) -> tuple[DatasetReader, str]:
    """A raster whose only data band declares a scale or an offset as one of float64 values with both applied.

    Its nodata value becomes nan. The given raster is closed then. Others are returned unchanged. Also returns a note.
    Raises RasterioError.
    """
    bands = data_bands(dataset.colorinterp)
    scale, offset = (dataset.scales[bands[0] - 1], dataset.offsets[bands[0] - 1]) if len(bands) == 1 else (1.0, 0.0)
    if (scale, offset) == (1.0, 0.0):
        return dataset, ""
    nodata = dataset.nodatavals[bands[0] - 1]
    with dataset, MemoryFile(ext=".vrt") as file:
        rasterio.shutil.copy(dataset, file.name, driver="VRT")
        inner = file.read().decode()
    root = ET.fromstring(inner)  # noqa: S314 # nosec B314 (GDAL wrote it)
    band = root.findall("VRTRasterBand")[bands[0] - 1]
    number = band.get("band", "1")
    band.clear()
    band.attrib |= {"band": number, "dataType": "Float64"}
    if nodata is not None:
        ET.SubElement(band, "NoDataValue").text = "nan"
    source = ET.SubElement(band, "ComplexSource")
    ET.SubElement(source, "SourceFilename", relativeToVRT="0").text = inner
    ET.SubElement(source, "SourceBand").text = number
    if nodata is not None:
        ET.SubElement(source, "NODATA").text = repr(nodata)
    ET.SubElement(source, "ScaleOffset").text = repr(offset)
    ET.SubElement(source, "ScaleRatio").text = repr(scale)
    note = f"its values are scaled as the file declares, by {scale:g} with an offset of {offset:g}."
    return rasterio.open(ET.tostring(root, encoding="unicode")), note
