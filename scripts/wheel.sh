#!/usr/bin/env bash
# Builds dist/idgbr-*.whl and tries it in an empty environment, with the extra EXTRA (cpu): scripts/wheel.sh [EXTRA].
set -euo pipefail
cd "$(dirname "$0")/.."
extra=${1:-cpu}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${PYTHON:-/usr/bin/python3}
"$python" -m venv "$work/build"
"$work/build/bin/python" -m pip install --quiet --disable-pip-version-check build
mkdir -p dist
"$work/build/bin/python" -m build --outdir "$work/dist" backend
cp "$work"/dist/idgbr-* dist/

"$python" -m venv "$work/empty"
wheel=$(echo "$work"/dist/idgbr-*.whl)
"$work/empty/bin/python" -m pip install --quiet --disable-pip-version-check "$wheel[$extra]"
cd "$work" # away from the repository
"$work/empty/bin/idgbr" --version
"$work/empty/bin/python" - <<'PYTHON'
import idgbr
from idgbr.scenes import write_scene

models = {model["id"]: model["problem"] for model in idgbr.list_models()}
assert models.get("buildings", "missing") is None, models
write_scene("image.tif", 128, 128, gsd_m=0.3, seed=7)
result = idgbr.segment("image.tif", "roofs.gpkg")
assert result.summary["polygons"] > 0, result
print(result)
PYTHON
ls -l "$OLDPWD"/dist/idgbr-*
