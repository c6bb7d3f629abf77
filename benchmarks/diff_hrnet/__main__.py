"""`python benchmarks/diff_hrnet`: the package is found beside the repository's other code, wherever it is run from."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.diff_hrnet.cli import main

if __name__ == "__main__":
    main()
