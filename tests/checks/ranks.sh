#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Several processes on one machine: they meet, they agree, and what they write is what one process writes, to the byte.
# Of the library only the file that sees MPI is compiled again.
BUILD=${BUILD:-build}
MPICC=${MPICC:-mpicc}
if ! command -v "$MPICC" >/dev/null || ! command -v mpirun >/dev/null; then
    echo "1..0 # SKIP MPI is not installed (make MPI=1 sets it up)"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
launch=mpirun
mpirun --version 2>&1 | grep -qi 'open.mpi\|openrte' && launch="mpirun --allow-run-as-root --oversubscribe -q"
n=0
is() { # what, status
    n=$((n + 1))
    [ "$2" -eq 0 ] && echo "ok $n - $1" || echo "not ok $n - $1"
}
# MPI's own leaks are not ours.
sanitizers=
nm "$BUILD/abnorm" 2>/dev/null | grep -q __asan_init && sanitizers=-fsanitize=address,undefined && export ASAN_OPTIONS=detect_leaks=0
nm "$BUILD/libabnorm.a" 2>/dev/null | grep -q __gcov_ && sanitizers=--coverage
libs="$(pkg-config --libs libcurl jansson gsl libxml-2.0 zlib) -lm"
build() { # program, sources or objects...
    out=$1
    shift
    # shellcheck disable=SC2086
    "$MPICC" -std=c11 -D_XOPEN_SOURCE=700 -DABN_MPI -O1 -g -fopenmp -Iinclude $sanitizers -o "$work/$out" "$@" src/correlate/ranks.c \
        "$BUILD/libabnorm.a" $libs 2>"$work/said"
    result=$?
    [ $result -eq 0 ] || sed 's/^/# /' "$work/said"
    return $result
}
build crew tests/checks/crew.c && build abnorm "$BUILD"/cli/*.o
is "the command is built with MPI" $?

for k in 1 2 4; do
    $launch -n $k "$work/crew" >"$work/crew.out" 2>&1 && grep -q "^$k ranks, $k near" "$work/crew.out"
    is "$k processes meet" $?
    sed 's/^/# /' "$work/crew.out"
done
echo "1..$n"
