"""`python benchmarks/change_refiner`: the package is found beside the repository's other code, wherever it runs."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.change_refiner.cli import main

if __name__ == "__main__":
    main()
