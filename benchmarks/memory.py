"""Memory of the main job, or of change detection, against the size of the raster: it should not grow.

    python benchmarks/memory.py [--changes] [--side 60000] [--strip 1024] [--sizes 1024x1024 1024x8192] [--filled 6]

The image is a VRT of `--side` × `--side` px that repeats one procedural GeoTIFF in every `--filled`th place; the rest
is nodata, which costs no inference, but all else. The job runs in a process of its own over parts from the corner
(`--sizes`, rows × columns), then over a strip across it and one down it, `--strip` px wide. Peak resident memory,
sampled 20 times a second, is set against the target of 2 GiB and the cache of decoded blocks (`GDAL_CACHEMAX`, 256 MiB
unless the environment says otherwise); beside it, what the job's folder took on the disk. With `--changes`, the later
date is another such VRT.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from pathlib import Path

from end_to_end import MIB, SEED, image_of, measure

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "backend"))

#: Side of the GeoTIFF that is repeated, px.
PIECE = 2048
GSD_M = 0.5
TARGET_MIB = 2048 + 256


def mosaic(piece: Path, side: int, filled: int, path: Path) -> Path:
    """Write a VRT of `side` × `side` px with copies of a GeoTIFF of `PIECE` px in every `filled`th place."""
    import rasterio

    with rasterio.open(piece) as raster:
        transform, crs = raster.transform.to_gdal(), raster.crs.to_wkt()
    steps = range(0, side, PIECE)
    places = [(row, col) for row in steps for col in steps if (row + col) // PIECE % filled == 0]
    bands = []
    for band in (1, 2, 3):
        sources = "".join(
            f'<SimpleSource><SourceFilename relativeToVRT="0">{piece}</SourceFilename><SourceBand>{band}</SourceBand>'
            f'<SourceProperties RasterXSize="{PIECE}" RasterYSize="{PIECE}" DataType="Byte"/>'
            f'<SrcRect xOff="0" yOff="0" xSize="{min(PIECE, side - col)}" ySize="{min(PIECE, side - row)}"/>'
            f'<DstRect xOff="{col}" yOff="{row}" xSize="{min(PIECE, side - col)}" ySize="{min(PIECE, side - row)}"/>'
            "</SimpleSource>"
            for row, col in places
        )
        bands.append(
            f'<VRTRasterBand dataType="Byte" band="{band}"><NoDataValue>0</NoDataValue>{sources}</VRTRasterBand>'
        )
    path.write_text(
        f'<VRTDataset rasterXSize="{side}" rasterYSize="{side}"><SRS>{crs}</SRS>'
        f"<GeoTransform>{', '.join(map(str, transform))}</GeoTransform>{''.join(bands)}</VRTDataset>"
    )
    return path


class DiskWatch(threading.Thread):
    """Keeps the largest size of a job's folder, until `ended` is set."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self._folder, self.ended, self.peak = folder, threading.Event(), 0

    def run(self) -> None:
        """Look four times a second."""
        from idgbr.checkpoint.job_folder import size_bytes

        while not self.ended.wait(0.25):
            self.peak = max(self.peak, size_bytes(self._folder))


def main() -> None:
    """Print the table; the exit status says whether all sizes met the target."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--side", type=int, default=60000, help="side of the raster, pixels")
    parser.add_argument("--filled", type=int, default=6, help="every so many squares of the raster hold an image")
    parser.add_argument("--strip", type=int, default=1024, help="width of the strips across and down it, pixels")
    parser.add_argument("--sizes", nargs="*", default=["1024x1024", "1024x4096", "1024x16384"])
    parser.add_argument("--changes", action="store_true", help="detect changes between two dates")
    parser.add_argument("--model", help="by default landcover, or change with --changes")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--no-refine", action="store_true")
    parser.add_argument("--threads", type=int, default=2, help="processors the job may use")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "idgbr-benchmarks")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    images = []
    for seed in (SEED, SEED + 1)[: 1 + options.changes]:
        vrt = options.work / f"mosaic_{seed}_{options.side}_{options.filled}.vrt"
        images.append(mosaic(image_of(options.work, PIECE, GSD_M, seed), options.side, options.filled, vrt))
    job, inputs = ("detect-changes", ("before", "after")) if options.changes else ("segment", ("input",))
    given = dict(zip(inputs, map(str, images), strict=True))
    given["model"] = options.model or ("change" if options.changes else "landcover")
    import rasterio

    with rasterio.open(images[0]) as raster:
        transform = raster.transform
    sizes = [tuple(map(int, size.split("x"))) for size in options.sizes]
    sizes += [(options.strip, options.side), (options.side, options.strip)] if options.strip else []
    print(
        f"{'rows':>6} {'columns':>8} {'Mpx':>7} {'peak MiB':>9} {'disk MiB':>9} {'bytes/px':>9} {'s':>7} {'Mpx/s':>6}"
    )
    met = True
    for rows, cols in sizes:
        (xmin, ymax), (xmax, ymin) = transform @ (0, 0), transform @ (cols, rows)
        output = options.work / "memory.gpkg"
        parameters = given | {
            "output": str(output), "device": options.device, "refine": not options.no_refine,
            "extent": [xmin, ymin, xmax, ymax], "resume": False,
        }  # fmt: skip
        watch = DiskWatch(output.with_name(f".{output.name}.idgbr"))
        watch.start()
        _, seconds, peak = measure(parameters, options.threads, job)
        watch.ended.set()
        watch.join()
        pixels = rows * cols
        met &= peak / MIB <= TARGET_MIB
        print(
            f"{rows:>6} {cols:>8} {pixels / 1e6:>7.1f} {peak / MIB:>9.0f} {watch.peak / MIB:>9.0f} "
            f"{watch.peak / pixels:>9.1f} {seconds:>7.1f} {pixels / 1e6 / seconds:>6.2f}",
            flush=True,
        )
    print(f"target {TARGET_MIB} MiB: {'met' if met else 'missed'}")
    sys.exit(not met)


if __name__ == "__main__":
    main()
