#!/usr/bin/env bash
# The main job, as a user has it: the plugin in a QGIS profile of its own, driven by qgis_process.
# Usage: scripts/demo/run.sh MODEL [IMAGE]; without an image, on a procedural sample. Writes demo/out.
set -euo pipefail
cd "$(dirname "$0")/../.."

model=$1
image=${2:-}
out=$PWD/demo/out
say() { echo "demo: $*"; }

rm -rf "$out"
mkdir -p "$out"
# A fixed folder, made anew: kernels compiled for one run serve the next.
profile=$PWD/build/demo-profile
rm -rf "$profile"
mkdir -p -m 700 "$profile"
export NUMBA_CACHE_DIR=$PWD/build/numba

# The profile's folder and a screen that is none; the plugin's settings come from the environment.
export QGIS_CUSTOM_CONFIG_PATH=$profile QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR=$profile
export GDAL_PAM_ENABLED=NO # no .aux.xml beside the user's image
export IDGBR_BACKEND_PYTHON=$PWD/.venv/bin/python

if [ -z "$image" ]; then
    image=$out/sample.tif
    say "drawing a sample scene: $image"
    .venv/bin/python scripts/demo/sample.py "$image"
fi

say "putting the plugin into a QGIS profile: $profile"
.venv/bin/python scripts/build_plugin.py --stage "$profile/profiles/default/python/plugins" >/dev/null
qgis_process plugins enable idgbr_qgis >/dev/null

# qgis_process reports inputs and results at length; its progress and its errors are what counts here.
run() { # run ALGORITHM PARAMETER...
    local log=$out/$1.log
    qgis_process run "$1" -- "${@:2}" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
    rm "$log"
}

# Roofs are regular, land cover is not.
outlines=none
[ "$model" = buildings ] && outlines=auto

say "coarse segmentation alone (idgbr:segment, REFINE=false)"
run idgbr:segment INPUT="$image" MODEL="$model" REFINE=false \
    OUTPUT="$out/coarse.gpkg" OUTPUT_CLASSES="$out/coarse_classes.tif"
say "segmentation with refined boundaries and regular outlines (idgbr:segment)"
run idgbr:segment INPUT="$image" MODEL="$model" REGULARIZE="$outlines" \
    OUTPUT="$out/polygons.gpkg" OUTPUT_CLASSES="$out/classes.tif" OUTPUT_CONFIDENCE="$out/confidence.tif"
say "the class raster as a shapefile (idgbr:vectorize)"
run idgbr:vectorize INPUT="$out/classes.tif" CONFIDENCE="$out/confidence.tif" MIN_AREA=4 \
    REGULARIZE="$outlines" OUTPUT="$out/polygons.shp"
say "drawing the picture with QGIS"
/usr/bin/python3 scripts/demo/picture.py "$image" "$out"

say "done:"
ls -1sh "$out" | tail -n +2
