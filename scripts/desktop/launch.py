"""Starts a real QGIS window on a screen of its own, with an empty profile, and lets it play a story.

A story is a Python file with a function `story(hands)`; it runs inside QGIS, where `hands` waits, clicks and draws.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLAYER = Path(__file__).with_name("play.py")
#: Variables that would lead QGIS to another Python, or the plugin to another backend.
NOT_PASSED_ON = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "IDGBR_BACKEND_PYTHON", "IDGBR_BACKEND_COMMAND")


class StoryError(Exception):
    """The story did not come to its end."""


@contextmanager
def virtual_screen(size: str = "1280x800") -> Iterator[str]:
    """An X server without a screen, on the first display that is free; gives its name."""
    reading, writing = os.pipe()
    # 96 dpi, at which Qt draws a pixel as a pixel.
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-dpi", "96", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            with os.fdopen(reading, encoding="ascii") as answer:
                yield f":{answer.readline().strip()}"
        finally:
            server.terminate()


def play(
    story: Path,
    folder: Path,
    *,
    environment: Mapping[str, str],
    plugin: bool = True,
    size: str = "1280x800",
    language: str = "en_US",
    seconds: float = 3600,
) -> None:
    """Play a story in a QGIS whose profile is made anew in `folder`, with the plugin in it unless told otherwise.

    Raises `StoryError` with what went wrong.
    """
    shutil.rmtree(folder, ignore_errors=True)
    profile = folder / "profiles" / "default"
    (profile / "QGIS").mkdir(parents=True)
    folder.chmod(0o700)  # it is the runtime folder of QGIS, too
    settings = ["[qgis]", "checkVersion=false", "[locale]", "overrideFlag=true", f"userLocale={language}"]
    if plugin:
        from scripts.build_plugin import NAME, stage_plugin

        stage_plugin(profile / "python" / "plugins")
        settings += ["[PythonPlugins]", f"{NAME}=true"]
    (profile / "QGIS" / "QGIS3.ini").write_text("\n".join([*settings, ""]), encoding="utf-8")
    said = folder / "story.txt"
    kept = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    with virtual_screen(size) as display, (folder / "qgis.log").open("wb") as log:
        variables = {
            # The Python that QGIS was built for is the one it finds first.
            "PATH": f"/usr/bin:{os.environ.get('PATH', '')}",
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "XDG_RUNTIME_DIR": str(folder),
            "GDAL_PAM_ENABLED": "NO",
            "NUMBA_CACHE_DIR": str(ROOT / "build" / "numba"),
            "IDGBR_DATA_DIR": str(folder / "data"),
            "IDGBR_STORY_ROOT": str(ROOT),
            "IDGBR_STORY": str(story),
            "IDGBR_STORY_SAYS": str(said),
        }
        arguments = ["--profiles-path", str(folder), "--nologo", "--noversioncheck"]
        command = ["qgis", *arguments, "--code", str(PLAYER)]
        try:
            subprocess.run(
                command, env={**kept, **variables, **environment}, stdout=log, stderr=log, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise StoryError(f"the story took more than {seconds:.0f} s; see {log.name}") from error
    words = said.read_text(encoding="utf-8") if said.exists() else f"QGIS ended before the story; see {log.name}"
    if words:
        raise StoryError(words)
