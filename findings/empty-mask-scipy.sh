#!/usr/bin/env bash
# scipy 1.17.1: without any background, `distance_transform_edt` measures to a pixel outside of the image, above its first
# one; scikit-image 0.26.0: `isotropic_dilation` of an empty mask is therefore not empty.
#
# Guess beforehand: with nothing to measure to, distances are infinite, or as large as the type allows (as those of
# `distance_transform_bf`), and the indices of the nearest background are refused. What is dilated from nothing is nothing.
#
# Seen: the distances of a mask of ones are those to row -1, column 0: 1, 1.41, 2.24 in the first row of a 3 × 3 image;
# the indices say so: -1 and 0, which NumPy takes for the last row. `distance_transform_cdt` gives -1 everywhere, and
# `distance_transform_bf` 1.3e154. In scikit-image, `isotropic_dilation` of an empty 5 × 5 mask with radius 2 sets 3 pixels
# in the corner; `isotropic_erosion` of a full mask eats the same corner and nothing else. `binary_dilation` and `dilation`
# leave both as they are. So a tile without roofs has, in a buffer of roofs, one in its corner.
# Remedy: ask `mask.all()` first.
#
# Fails if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check scipy==1.17.1 scikit-image==0.26.0 numpy==2.4.6
"$folder/env/bin/python" - <<'PYTHON'
import numpy as np
import scipy
import skimage
from scipy import ndimage
from skimage import morphology

print("scipy", scipy.__version__, "scikit-image", skimage.__version__)
full, empty = np.ones((5, 5), bool), np.zeros((5, 5), bool)
distance, nearest = ndimage.distance_transform_edt(full, return_indices=True)
rows, cols = np.indices(full.shape)
print("distances of the first row:", distance[0].round(2).tolist(), "nearest:", nearest[:, 0, 0].tolist())
assert np.allclose(distance, np.hypot(rows + 1, cols)), "changed: distances without a background"
assert (nearest[0] == -1).all() and (nearest[1] == 0).all(), "changed: indices without a background"
chessboard, brute = ndimage.distance_transform_cdt(full), ndimage.distance_transform_bf(full)
print(f"distance_transform_cdt: {np.unique(chessboard)}, distance_transform_bf: {np.unique(brute)}")
assert (chessboard == -1).all() and (brute > 1e150).all()

dilated, eroded = morphology.isotropic_dilation(empty, 2), morphology.isotropic_erosion(full, 2)
print("isotropic_dilation of an empty mask:", *dilated.astype(int).tolist(), sep="\n  ")
print("isotropic_erosion of a full mask:", *eroded.astype(int).tolist(), sep="\n  ")
assert dilated.any() and dilated.sum() == 3, "changed: isotropic_dilation of an empty mask"
assert np.array_equal(eroded, ~dilated), "changed: isotropic_erosion of a full mask"
disk = morphology.disk(2)
assert not morphology.dilation(empty, disk).any() and not ndimage.binary_dilation(empty, disk).any()
assert morphology.erosion(full, disk).all()
PYTHON
echo "as described"
