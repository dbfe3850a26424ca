#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Install what `make` and `make test` need and this machine lacks. usage: deps.sh build|fuzz
# A package is missing when the thing it brings (a program, a pkg-config module, a header) is.
set -u
[ "${DEPS:-yes}" = no ] && exit 0

missing=
need() { # package, why, test...
    package=$1 why=$2
    shift 2
    "$@" >/dev/null 2>&1 && return
    missing="$missing $package"
    echo "set-up: $package ($why)" >&2
}
program() { command -v "$1"; }
module() { pkg-config --exists "$1"; }
header() { echo "#include <$1>" | "${CC:-gcc}" -E -; }
cmocka() { printf '#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <setjmp.h>\n#include <cmocka.h>\n' | "${CC:-gcc}" -E -; }

need gcc "compiler" program "${CC:-gcc}"
need libc6-dev "C library headers" header stdio.h
need pkg-config "finds libraries" program pkg-config
need libcurl4-openssl-dev "downloads" module libcurl
need libjansson-dev "JSON" module jansson
need libgsl-dev "numerics" module gsl
need libxml2-dev "HTML and feeds" module libxml-2.0
need zlib1g-dev "gzip and zip" module zlib
need libcmocka-dev "unit tests" cmocka
need perl "prove, the test runner" program prove
need gnuplot-nox "pictures" program gnuplot
if [ "${1:-build}" = fuzz ]; then
    fuzzer() { printf 'int LLVMFuzzerTestOneInput(const unsigned char *d, unsigned long n) { return !d && n; }' |
        clang -fsanitize=fuzzer,address -x c -o /dev/null -; }
    need clang "fuzzing" program clang
    need libclang-rt-dev "fuzzing: libFuzzer and the sanitizers" fuzzer
fi
if [ "${MPI:-0}" = 1 ]; then
    need libmpich-dev "MPI" program "${MPICC:-mpicc}"
    need mpich "starts several processes" program mpirun
fi
need python3 "plays the providers in tests" program python3
need openssl "certificates of the test server" program openssl

[ -z "$missing" ] && exit 0
if ! command -v apt-get >/dev/null; then
    echo "set-up: no apt-get here; install what these Debian packages hold:$missing" >&2
    exit 69
fi
as_root=
[ "$(id -u)" -eq 0 ] || as_root=sudo
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends $missing >&2
