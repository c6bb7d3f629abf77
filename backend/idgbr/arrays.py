"""Names for the array types that modules share, compiled kernels among them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Codes = NDArray[np.uint16]
Labels = NDArray[np.int32]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
AnyArray = NDArray[Any]
