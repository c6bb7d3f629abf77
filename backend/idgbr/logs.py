"""Log files of the command line and the worker."""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


def log_directory() -> Path:
    """The folder of the logs: `IDGBR_LOG_DIR`, else the user's log folder."""
    if configured := os.environ.get("IDGBR_LOG_DIR"):
        return Path(configured)
    import platformdirs

    return Path(platformdirs.user_log_dir("idgbr", appauthor=False))


def file_handler(name: str, older: int) -> RotatingFileHandler:
    """Open a log file of at most 1 MiB, with a number of `older` ones beside it. Raises OSError."""
    path = log_directory() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=1 << 20, backupCount=older, encoding="utf-8")
    handler.setFormatter(logging.Formatter(FORMAT))
    return handler
