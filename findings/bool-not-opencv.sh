#!/usr/bin/env bash
# opencv-python-headless 5.0.0.93: `cv2.bitwise_not` of a mask of type bool is True everywhere.
#
# Guess beforehand: OpenCV 5 has a Boolean type, and NumPy masks are taken as such: True becomes False and False True.
# (OpenCV 4 did not take them.)
#
# Seen: the dtype is bool, and every pixel is True. The bytes are inverted as whole bytes: 0 becomes 255 and 1 becomes
# 254, and NumPy takes both for True. `bitwise_and`, `bitwise_or`, `bitwise_xor`, `copyMakeBorder`, `compare`, `resize`
# (nearest) and masks as arguments are right for bool, `add`, `dilate` and `connectedComponents` refuse it. Such an array
# is odd from then on: `sum` and `countNonZero` count every pixel, but `cv2.bitwise_and` with True gives the inverse after
# all, as the last bits are right.
# Remedy: `~mask`, or `cv2.bitwise_xor(mask, numpy.ones_like(mask))`.
#
# Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check opencv-python-headless==5.0.0.93 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import cv2
import numpy as np

mask = np.array([[True, False, True, False]])
inverse = cv2.bitwise_not(mask)
print("OpenCV", cv2.__version__, "mask", mask.tolist(), "bitwise_not", inverse.dtype, inverse.tolist())
print("its bytes:", inverse.view(np.uint8).tolist(), "sum:", inverse.sum(), "countNonZero:", cv2.countNonZero(inverse))
assert inverse.dtype == bool
assert inverse.all(), "changed: bitwise_not inverts a bool mask"
assert inverse.view(np.uint8).tolist() == [[254, 255, 254, 255]]
true = np.ones_like(mask)
assert np.array_equal(cv2.bitwise_and(inverse, true), ~mask)
others = {
    "and": (cv2.bitwise_and(mask, true), mask),
    "or": (cv2.bitwise_or(mask, ~true), mask),
    "xor": (cv2.bitwise_xor(mask, true), ~mask),
    "border": (cv2.copyMakeBorder(mask, 0, 0, 0, 1, cv2.BORDER_CONSTANT, value=1), np.array([[*mask[0], True]])),
}
for name, (found, expected) in others.items():
    print(name, found.dtype, found.tolist())
    assert found.dtype == bool and found.view(np.uint8).max() == 1 and np.array_equal(found, expected)
PYTHON
echo "as described"
