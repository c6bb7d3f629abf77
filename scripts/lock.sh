#!/usr/bin/env bash
# Writes backend/requirements/*.txt: exact versions with hashes, for Python 3.10 and newer on every platform.
# Versions stay as they are while they satisfy the bounds; `scripts/lock.sh --upgrade` takes the newest.
set -euo pipefail
cd "$(dirname "$0")/../backend"

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
echo "lock: installing uv into a throw-away environment"
"${PYTHON:-python3}" -m venv "$tools"
"$tools/bin/python" -m pip install --quiet uv

lock() { # lock FILE ARGUMENT...
    echo "lock: requirements/$1"
    "$tools/bin/uv" pip compile --quiet --universal --python-version 3.10 --generate-hashes \
        --custom-compile-command "make lock" "${options[@]}" --output-file "requirements/$1" "${@:2}"
}
options=("$@")

lock run-cpu.txt pyproject.toml --extra cpu
lock run-cuda.txt pyproject.toml --extra cuda --constraints requirements/run-cpu.txt
lock run-cuda12.txt pyproject.toml --extra cuda12 --constraints requirements/run-cpu.txt
lock cluster.txt pyproject.toml --extra cluster --constraints requirements/run-cpu.txt
lock parquet.txt pyproject.toml --extra parquet --constraints requirements/run-cpu.txt
lock train.txt pyproject.toml --extra cpu --extra train requirements/torch-needs.in \
    --override requirements/without-torch.in --no-emit-package torch --constraints requirements/run-cpu.txt
lock dev.txt requirements/dev.in --constraints requirements/train.txt
lock qgis.txt requirements/qgis.in
echo "lock: requirements/sizes.json (downloads about 4 GB)"
"$tools/bin/python" ../scripts/wheel_sizes.py
