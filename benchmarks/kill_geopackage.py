"""Kill the writing of a layer into a GeoPackage that holds other layers, at random moments, and look at what is left.

    python benchmarks/kill_geopackage.py [--kills 50] [--polygons 60000]

Prints a table: how often the old, how often the new layer was found, and what was lost or damaged (nothing should be).
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from idgbr.layers.ogr import pyogrio, raw
from idgbr.layers.qml import add_style, qml_style
from idgbr.layers.replace import MADE, put_vector
from idgbr.monitor import Monitor
from idgbr.paths import LayerOutput, literal

LAYER = "roofs"
#: What the process that is killed runs: the last step of any job.
_WRITE = "import sys; from benchmarks.kill_geopackage import write; write(sys.argv[1], sys.argv[2])"
_MORE = """
CREATE TABLE qgis_projects (name TEXT PRIMARY KEY, metadata BLOB, content BLOB);
INSERT INTO qgis_projects VALUES ('town', '{}', randomblob(5000));
CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT);
INSERT INTO notes VALUES (1, 'ask the owner');
CREATE TABLE changes (n INTEGER);
CREATE TRIGGER told AFTER INSERT ON notes BEGIN INSERT INTO changes VALUES (new.id); END;
INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('notes', 'attributes', 'notes');
"""


@dataclass
class Tally:
    """What was found after the kills."""

    kills: int = 0
    old: int = 0
    new: int = 0
    in_time: int = 0
    lost: int = 0
    damaged: int = 0


def make_layer(path: Path, layer: str, count: int, *, append: bool = False) -> None:
    """Write a layer of squares."""
    x, y = np.divmod(np.arange(count, dtype=float), 300)
    raw.write(
        literal(path), shapely.to_wkb(shapely.box(x, y, x + 0.9, y + 0.9)), [np.arange(count)], ["class_id"],
        geometry_type="Polygon", geometry_name="geom", crs="EPSG:25832", layer=layer, driver="GPKG", append=append,
    )  # fmt: skip
    add_style(path, layer, qml_style([])) if not append else None


def prepare(folder: Path, count: int) -> tuple[Path, Path]:
    """A GeoPackage of a user, with an older layer to be replaced, and the new layer in a folder of its own."""
    user = folder / "project.gpkg"
    make_layer(user, "parcels", 2000)
    make_layer(user, "streets", 500, append=True)
    make_layer(user, LAYER, 1000, append=True)
    with closing(sqlite3.connect(user)) as base:
        base.executescript(_MORE)
    made = folder / "made" / f"{MADE}.gpkg"
    made.parent.mkdir()
    make_layer(made, LAYER, count)
    return user, made


def write(folder: str, user: str) -> None:
    """Put the new layer into the GeoPackage; says when it begins and ends."""
    sys.stdout.write("begin\n")
    sys.stdout.flush()
    put_vector(Path(folder), LayerOutput(Path(user), LAYER, named=True), Monitor().check)
    sys.stdout.write("end\n")
    sys.stdout.flush()


def contents(path: Path) -> str:
    """Hash of all that must stay: other layers with their indexes and triggers, styles, project, notes."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(path)) as base:
        own = f"%{LAYER}%"
        tables = base.execute(
            "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE ? AND tbl_name NOT LIKE ? ORDER BY name",
            (own, own),
        ).fetchall()
        digest.update(repr(tables).encode())
        for name, sql in tables:
            if not sql or not sql.startswith("CREATE TABLE") or name in ("sqlite_sequence", "gpkg_extensions"):
                continue
            keys = {"gpkg_contents", "gpkg_geometry_columns", "gpkg_ogr_contents"}
            where = f"WHERE table_name <> '{LAYER}'" if name in keys else ""
            where = f"WHERE f_table_name <> '{LAYER}'" if name == "layer_styles" else where
            for row in base.execute(f'SELECT * FROM "{name}" {where}'):  # noqa: S608
                digest.update(repr(row).encode())
    return digest.hexdigest()


def is_sound(path: Path, counts: set[int]) -> tuple[bool, int]:
    """Whether the database and all its R-trees are whole, and how many features the layer has."""
    with closing(sqlite3.connect(path)) as base:
        sound = base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        trees = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%rtree%'"
        for (name,) in base.execute(trees).fetchall():
            sound &= base.execute("SELECT rtreecheck(?)", (name,)).fetchone() == ("ok",)
        (count,) = base.execute(f"SELECT count(*) FROM {LAYER}").fetchone()  # noqa: S608
        (told,) = base.execute("SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = ?", (LAYER,)).fetchone()
        (boxes,) = base.execute(f"SELECT count(*) FROM rtree_{LAYER}_geom").fetchone()  # noqa: S608
    return sound and count == told == boxes and count in counts, count


def kill_often(kills: int, polygons: int, seed: int = 0) -> Tally:
    """Start the writing so many times, and kill it after a random while."""
    dice, tally = random.Random(seed), Tally()  # noqa: S311
    with tempfile.TemporaryDirectory(prefix="idgbr_kill_") as temporary:
        user, made = prepare(Path(temporary), polygons)
        before, kept, took = contents(user), user.read_bytes(), 1.0
        for number in range(kills + 1):
            folder = Path(temporary) / "job"
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(made.parent, folder)
            for side in user.parent.glob("project.gpkg-*"):
                side.unlink()
            user.write_bytes(kept)
            command = [sys.executable, "-c", _WRITE, str(folder), str(user)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]) as process:
                assert process.stdout is not None
                process.stdout.readline()
                began = time.monotonic()
                if number:
                    time.sleep(dice.uniform(0, 1.1 * took))
                    process.send_signal(signal.SIGKILL)
                finished = process.stdout.readline() == b"end\n"
                if not number:  # to learn how long it takes
                    took = time.monotonic() - began
            if not number:
                continue
            tally.kills += 1
            tally.in_time += finished
            # As another program would see it: read alone, nothing mended before.
            seen = pyogrio.read_info(literal(user), layer=LAYER)["features"]
            sound, count = is_sound(user, {1000, polygons})
            tally.damaged += not sound or seen != count
            tally.lost += contents(user) != before
            tally.old += count == 1000
            tally.new += count == polygons
    return tally


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--polygons", type=int, default=60_000)
    given = parser.parse_args()
    tally = kill_often(given.kills, given.polygons)
    sys.stdout.write(
        "| kills | done before | old layer | new layer | others changed | damaged |\n|---|---|---|---|---|---|\n"
    )
    row = (tally.kills, tally.in_time, tally.old, tally.new, tally.lost, tally.damaged)
    sys.stdout.write(f"| {' | '.join(map(str, row))} |\n")


if __name__ == "__main__":
    main()
