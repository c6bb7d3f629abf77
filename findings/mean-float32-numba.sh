#!/usr/bin/env bash
# numba 0.68.1: `np.mean`, `np.sum`, `np.var` and `np.std` of float32 in compiled code lose count beyond some million pixels.
#
# Guess beforehand: as in NumPy, which adds float32 by pairs, the mean of 25 million ones is 1; or numba adds in float64,
# as it does for integers.
#
# Seen (5000 × 5000 pixels): the mean of ones is 0.671 and their sum 16777216. Of random values from 200 to 300, where NumPy
# gives 250.00 for the mean and 28.87 for the standard deviation, compiled code gives 244.87 and 29.32. numba adds one
# after the other in the type of the array, so each addition rounds, and a sum of 2**24 no longer grows by 1.
# `np.nanmean`, `np.nanvar` and `np.nanstd` of the same arrays are right: these add in float64. So the mean of an array
# without gaps is the wrong one, and what was right before `@njit` is 2 % off after it, and more for larger rasters.
# Remedy: `np.nanmean`, or `array.astype(np.float64).mean()`, or a loop with a float64 sum.
#
# Fails if the mean of ones is 1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check numba==0.68.1 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import numba
import numpy as np

print("numba", numba.__version__, "NumPy", np.__version__)


@numba.njit
def compiled(image):
    return np.sum(image), np.mean(image), np.std(image), np.nanmean(image), np.nanstd(image)


def interpreted(image):
    return np.sum(image), np.mean(image), np.std(image), np.nanmean(image), np.nanstd(image)


ones = np.ones((5000, 5000), np.float32)
values = np.random.default_rng(0).random((5000, 5000), np.float32) * 100 + 200
names = ("sum", "mean", "std", "nanmean", "nanstd")
for name, image in (("ones", ones), ("200 to 300", values)):
    print(name)
    for operation, right, found in zip(names, interpreted(image), compiled(image), strict=True):
        print(f"  {operation}: NumPy {right:.6g}, numba {found:.6g}")
total, mean, _, nanmean, _ = compiled(ones)
assert total == 2**24 and abs(mean - 2**24 / ones.size) < 1e-6, "changed: numba's sum of float32 grows beyond 2**24"
assert nanmean == 1
_, mean, spread, nanmean, nanspread = compiled(values)
assert abs(nanmean - values.mean(dtype=float)) < 1e-3 and abs(nanspread - values.std(dtype=float)) < 1e-3
assert nanmean - mean > 4 and spread - nanspread > 0.3, "changed: mean and standard deviation are right"
assert compiled(values.astype(np.float64))[1] == compiled(values.astype(np.float64))[3]
PYTHON
echo "as described"
