"""Meaning of the bands of an image: its colours in the order red, green, blue; palettes as colours."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import rasterio
import rasterio.shutil
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.io import DatasetReader, MemoryFile

from idgbr.raster.validity import alpha_band

RGB = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
#: Meanings of bands that may be used as colours in the order of the file: colours, and unspecified ones.
_PLAIN = {ColorInterp.undefined, ColorInterp.gray, ColorInterp.palette, *RGB}


class BandsRead(Protocol):
    """The bands that a model's card asks for: their number, and optionally which data bands, from 1 on."""

    @property
    def bands(self) -> int:
        """Number of bands."""
        ...

    @property
    def band_map(self) -> Sequence[int]:
        """The data bands; empty for the default ones."""
        ...


def data_bands(meanings: Sequence[ColorInterp]) -> list[int]:
    """Bands, from 1 on, without alpha."""
    return [band for band, meaning in enumerate(meanings, start=1) if meaning != ColorInterp.alpha]


class BandNote(NamedTuple):
    """A message about the bands that a model reads; a `doubt` is for the user to check."""

    text: str
    doubt: bool = False


class ImageBands:
    """The bands of an image; `data` are those without alpha, from 1 on in the order of the file."""

    def __init__(self, meanings: Sequence[ColorInterp], *, palette: bool = False) -> None:
        """Take the meanings of the bands; with `palette`, they are its colours."""
        self.meanings, self.palette = list(meanings), palette
        self.data = data_bands(meanings)

    @property
    def colours(self) -> list[int]:
        """The bands for a network with three colours: those declared red, green and blue, in this order.

        If not all three are declared, the first three that are not declared as something else, such as near infrared;
        fewer than three if there are no more.
        """
        if all(colour in self.meanings for colour in RGB):
            return [self.meanings.index(colour) + 1 for colour in RGB]
        return [band for band in self.data if self.meanings[band - 1] in _PLAIN][:3]

    def bands_for(self, card: BandsRead) -> list[int]:
        """The bands for a model: those of its band map, its three colours, or the first ones; empty if some lack."""
        found = self.data
        if card.band_map:
            found = [self.data[band - 1] for band in card.band_map if band <= len(self.data)]
        elif card.bands == len(RGB):
            found = self.colours
        return found[: card.bands] if len(found) >= card.bands else []

    def missing_text(self, card: BandsRead, what: str) -> str:
        """Message that there are fewer bands than `what`, a model, needs."""
        needed = max(card.band_map or (card.bands,))
        if needed > len(self.data):
            return f"has {len(self.data)} data band(s), but {what} needs {needed}"
        return f"its bands are {self._listed()}, but {what} needs red, green and blue"

    def reading_note(self, card: BandsRead) -> BandNote | None:
        """Message about bands that a model reads differently from the file: a palette, another order, not all of them.

        It is a doubt if the file does not say which of its bands the model needs.
        """
        if self.palette:
            return BandNote("its palette (colour table) is read as the colours red, green and blue.")
        bands = self.bands_for(card)
        if bands == self.data or (card.band_map and len(bands) == len(self.data)):
            return None
        listed, count = ", ".join(map(str, bands)), len(self.data)
        if card.band_map:
            return BandNote(f"the model's card says which of its {count} bands are read: {listed}.")
        if card.bands != len(RGB):
            return BandNote(
                f"of its {count} bands, as many are read as the model takes: {listed}; check that these are the right "
                "ones.", doubt=True
            )  # fmt: skip
        if {self.meanings[band - 1] for band in bands} == set(RGB):
            return BandNote(f"bands {listed} are read as red, green and blue, as their colour interpretation says.")
        if bands != self.data[: len(bands)]:
            return BandNote(f"bands {listed} are read as colours, since the bands are {self._listed()}.")
        return BandNote(
            f"bands {listed} of its {count} are read as red, green and blue, because the file does not say which these "
            "are; if they are others, choose them in the layer's properties in QGIS, or for the model (idgbr models "
            "set --bands).", doubt=True
        )  # fmt: skip

    def _listed(self) -> str:
        meanings = [self.meanings[band - 1] for band in self.data]
        return ", ".join("near infrared" if m == ColorInterp.nir else m.name.replace("_", " ") for m in meanings)


def has_palette(dataset: DatasetReader) -> bool:
    """Whether the only data band of a raster has indices into a colour table."""
    meanings = dataset.colorinterp
    return [meanings[band - 1] for band in data_bands(meanings)] == [ColorInterp.palette]


def expand_palette(dataset: DatasetReader) -> DatasetReader:
    """A raster with a palette as one of red, green and blue; the given one is closed. Others are returned unchanged.

    An alpha band follows if the palette has transparent colours, or the raster an alpha band. Raises RasterioError.
    """
    if not has_palette(dataset):
        return dataset
    with dataset, MemoryFile(ext=".vrt") as file:
        rasterio.shutil.copy(dataset, file.name, driver="VRT")
        inner = file.read().decode()
        meanings = dataset.colorinterp
        number = data_bands(meanings)[0]
        transparent = any(alpha < 255 for *_, alpha in dataset.colormap(number).values())
        alpha, masked = alpha_band(dataset), MaskFlags.all_valid not in dataset.mask_flag_enums[number - 1]
    root = ET.fromstring(inner)  # noqa: S314 # nosec B314 (GDAL wrote it)
    for name in ("VRTRasterBand", "MaskBand"):
        for element in root.findall(name):
            root.remove(element)
    for component, colour in enumerate(("Red", "Green", "Blue"), start=1):
        _add_band(root, inner, str(number), colour, str(component))
    if alpha is not None:
        _add_band(root, inner, str(alpha), "Alpha")
    elif transparent:
        _add_band(root, inner, str(number), "Alpha", "4")
    if masked and alpha is None:
        _add_band(ET.SubElement(root, "MaskBand"), inner, f"mask,{number}")
    return rasterio.open(ET.tostring(root, encoding="unicode"))


def _add_band(parent: ET.Element, source: str, number: str, meaning: str = "", component: str = "") -> None:
    """Add a band of a virtual raster: one of `source`, or a component (1 to 4) of the colours of its palette."""
    band = ET.SubElement(parent, "VRTRasterBand", dataType="Byte")
    if meaning:
        band.set("band", str(len(parent.findall("VRTRasterBand"))))
        ET.SubElement(band, "ColorInterp").text = meaning
    read = ET.SubElement(band, "ComplexSource" if component else "SimpleSource")
    ET.SubElement(read, "SourceFilename", relativeToVRT="0").text = source
    ET.SubElement(read, "SourceBand").text = number
    if component:
        ET.SubElement(read, "ColorTableComponent").text = component
