"""Sets up the backend: an environment of its own, outside QGIS's Python.

Standard library only, and no QGIS, so that the same code runs in QGIS and from a command line:
`python path/to/idgbr_qgis/core/setup --help`.

    find_python → plan (what, where, how large) → install (lock, environment, wheels, check) → state (is it still good?)
"""
