#!/usr/bin/env bash
# Sets up what the Makefile's targets need, each part only where it is missing or its lock file has changed.
# Usage: scripts/setup.sh PART...   with parts in order: system browser run dev train qgis
#   system  QGIS with its Python, Xvfb and venv, from the distribution (Debian 12: from its backports)
#   browser Chromium, which the tests open reports in (Debian; elsewhere those tests are left out)
#   run     .venv: the backend with its locked CPU requirements and the `idgbr` command
#   dev     .venv: tools of `make lint`, `make test` and `make plugin`
#   train   .venv: torch and what training needs
#   qgis    .venv-qgis: the system's QGIS with pytest
set -euo pipefail
cd "$(dirname "$0")/.."

# The distribution's Python, not one of pyenv or conda: it is the one that QGIS was built for.
python=${PYTHON:-/usr/bin/python3}
requirements=backend/requirements
system_packages=(qgis python3-qgis python3-gdal xvfb python3-venv)

say() { echo "setup: $*"; }

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

installed() { dpkg-query --show --showformat='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'; }

setup_system() {
    if ! command -v apt-get >/dev/null; then
        say "this is no Debian or Ubuntu: install QGIS >= 3.40 with its Python bindings and python3-venv yourself" >&2
        command -v qgis_process >/dev/null || exit 1
        return
    fi
    local missing=() package
    for package in "${system_packages[@]}"; do installed "$package" || missing+=("$package"); done
    if [ ${#missing[@]} -eq 0 ]; then require_qgis; return; fi

    say "installing ${missing[*]} with apt (about 2 GB with QGIS, several minutes)"
    as_root apt-get update -qq
    local codename from_suite=()
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    if [ "$codename" = bookworm ]; then
        add_backports
        # The bindings must be of the same version as QGIS, so all of it comes from there.
        from_suite=(--target-release bookworm-backports)
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${from_suite[@]}" "${missing[@]}"
    require_qgis
}

require_qgis() {
    local version
    version=$(dpkg-query --show --showformat='${Version}' qgis)
    dpkg --compare-versions "${version#*:}" ge 3.40 && return
    say "QGIS $version is too old, 3.40 is needed: this distribution has none. Remove it (apt-get remove qgis python3-qgis)," \
        "add the repository of the QGIS project as its download page says, and run this again." >&2
    exit 1
}

# Ubuntu's chromium is a snap, which sees no temporary files and does not run in containers.
setup_browser() {
    if ! command -v apt-get >/dev/null || [ "$(. /etc/os-release && echo "$ID")" != debian ] || installed chromium; then return; fi
    say "installing chromium with apt"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
}

# Debian 12 itself has QGIS 3.22. Backports lie on the mirror that the release comes from.
add_backports() {
    apt-get indextargets --format '$(RELEASE)' | grep -x bookworm-backports >/dev/null && return
    local mirror
    mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' \
        | awk '$1 == "bookworm" && $2 == "main" && !found {print $3; found = 1}')
    say "adding the suite bookworm-backports"
    printf 'Types: deb\nURIs: %s\nSuites: bookworm-backports\nComponents: main\nSigned-By: %s\n' \
        "$mirror" /usr/share/keyrings/debian-archive-keyring.gpg \
        | as_root tee /etc/apt/sources.list.d/bookworm-backports.sources >/dev/null
    as_root apt-get update -qq
}

# A part is done when its stamp holds the hash of its lock files and of the interpreter.
fingerprint() { { "$1/bin/python" --version; cat "${@:2}"; } | sha256sum | cut -d' ' -f1; }

stamped() { [ -f "$1/.setup-$2" ] && [ "$(cat "$1/.setup-$2")" = "$3" ]; }

install_locked() { # install_locked ENVIRONMENT PART WHAT LOCK_FILE...
    local environment=$1 part=$2 what=$3 files=("${@:4}") mark file
    mark=$(fingerprint "$environment" "${files[@]}")
    stamped "$environment" "$part" "$mark" && return
    say "$environment: installing $what"
    for file in "${files[@]}"; do
        case $file in
        *.txt) "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$file" ;;
        # The backend itself, editable: its dependencies are those just installed.
        *) "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --editable backend ;;
        esac
    done
    echo "$mark" >"$environment/.setup-$part"
}

setup_run() {
    [ -x .venv/bin/python ] || { say "making .venv with $("$python" --version)" && "$python" -m venv .venv; }
    install_locked .venv run "the backend and what it runs with" $requirements/run-cpu.txt backend/pyproject.toml
}

setup_dev() { install_locked .venv dev "development tools" $requirements/dev.txt; }

setup_train() { install_locked .venv train "torch and what training needs" $requirements/train.txt $requirements/torch.txt; }

setup_qgis() {
    [ -x .venv-qgis/bin/python ] || { say "making .venv-qgis" && /usr/bin/python3 -m venv --system-site-packages .venv-qgis; }
    install_locked .venv-qgis qgis "pytest for QGIS" $requirements/qgis.txt
}

for part in "$@"; do
    "setup_$part"
done
