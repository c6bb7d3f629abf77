#!/usr/bin/env bash
# Runs the test suites named: scripts/test.sh backend|qgis... [PYTEST ARGUMENT...]. Runs all of them, then fails if one failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

suites=()
while [[ ${1:-} == backend || ${1:-} == qgis ]]; do suites+=("$1"); shift; done

export IDGBR_BACKEND_PYTHON=$PWD/.venv/bin/python
failed=()
for suite in "${suites[@]}"; do
    echo "== $suite tests"
    case $suite in
    backend) .venv/bin/python -m pytest tests/backend tests/benchmarks tests/test_*.py "$@" ;;
    # QGIS 3.40 crashes if objects outlive its end, which comes before that of Python's own: leave that end out.
    qgis) QT_QPA_PLATFORM=offscreen .venv-qgis/bin/python -m pytest --qgis_disable_exit tests/plugin tests/integration "$@" ;;
    esac || failed+=("$suite")
done
[ ${#failed[@]} -eq 0 ] || { echo "failed: ${failed[*]}" >&2; exit 1; }
