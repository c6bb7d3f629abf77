#!/usr/bin/env bash
# Runs the plugin's tests on the QGIS of another Debian, in a root file system of its own: scripts/matrix.sh [SUITE]
# Needs root, debootstrap, network, and about 4 GB in build/ (IDGBR_MATRIX_DIR names another folder); it is kept for the next time.
# IDGBR_MATRIX_MIRROR names a mirror.
set -euo pipefail
cd "$(dirname "$0")/.."

suite=${1:-testing}
mirror=${IDGBR_MATRIX_MIRROR:-http://deb.debian.org/debian}
root=${IDGBR_MATRIX_DIR:-$PWD/build/matrix}/$suite
say() { echo "matrix: $*"; }

[ "$(id -u)" -eq 0 ] || { say "run this as root: debootstrap and chroot need it" >&2; exit 1; }
command -v debootstrap >/dev/null || { say "install debootstrap first: apt-get install debootstrap" >&2; exit 1; }

inside() { chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

if [ ! -f "$root/.complete" ]; then
    say "making $root with the QGIS of $suite (about 2 GB to download)"
    # What an interrupted run left is no ground to build on.
    rm -rf --one-file-system "$root"
    mkdir -p "$root"
    debootstrap --variant=minbase "$suite" "$root" "$mirror"
    inside DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        qgis python3-qgis python3-gdal python3-pytest python3-pip python3-venv xvfb
    # pytest-qgis is no package of Debian; its version is the locked one.
    inside python3 -m venv --system-site-packages /venv
    touch "$root/.complete"
fi
install -m 644 backend/requirements/qgis.txt "$root/root/qgis.txt"
cp --dereference /etc/resolv.conf "$root/etc/resolv.conf"
# Certificates of this system, as behind a proxy that inspects TLS.
certificates=${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}
install -m 644 "$certificates" "$root/root/certificates.pem"
inside PIP_CERT=/root/certificates.pem /venv/bin/python -m pip install --quiet \
    --disable-pip-version-check --requirement /root/qgis.txt

# A copy, without what was built here, so that nothing of one system is used by the other.
rm -rf "$root/project"
mkdir "$root/project"
git ls-files -z | tar --null --files-from=- --create | tar --extract --directory "$root/project"
say "$(inside QT_QPA_PLATFORM=offscreen qgis_process --version 2>/dev/null | head -1)"
# The backend is not there: the tests of both sides together skip themselves.
inside QT_QPA_PLATFORM=offscreen sh -c \
    'cd /project && exec /venv/bin/python -m pytest --qgis_disable_exit -p no:cacheprovider tests/plugin "$@"' sh "${@:2}"
