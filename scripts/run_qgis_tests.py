#!/usr/bin/env python3
"""Runs pytest and ends the process at once with its status.

The interpreter's own end would destroy what is left of QGIS in an arbitrary order, and QGIS may crash at that.
"""

from __future__ import annotations

import os
import sys

import pytest

if __name__ == "__main__":
    status = pytest.main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
