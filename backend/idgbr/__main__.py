"""`python -m idgbr`: the command line."""

from __future__ import annotations

from idgbr.cli import main

if __name__ == "__main__":
    main()
