"""`python -m idgbr`: the command line."""

from __future__ import annotations

from idgbr.cli.main import main

if __name__ == "__main__":
    main()
