"""Array types that modules share, including compiled kernels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Pixel values, probabilities and network inputs.
Array = NDArray[np.float32]
#: A selection of pixels or objects.
Mask = NDArray[np.bool_]
#: Class indices of pixels.
Labels = NDArray[np.uint8]
#: Coordinates and measurements.
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: Numbers of regions, and positions in kernels.
Ints32 = NDArray[np.int32]
Bytes = NDArray[np.uint8]
Codes = NDArray[np.uint16]
AnyArray = NDArray[Any]


def as_floats(values: AnyArray) -> Array:
    """Values as float32, from float32 or from the bits of bfloat16 as uint16."""
    if values.dtype != np.uint16:
        return np.asarray(values, np.float32)
    return (values.astype(np.uint32) << np.uint32(16)).view(np.float32)
