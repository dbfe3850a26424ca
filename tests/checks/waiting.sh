#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Threads that wait soon sleep, unless the user says otherwise.
readelf -d "$BUILD/abnorm" 2>/dev/null | grep -q libgomp && { echo "1..0 # skip OpenMP's library is not part of the command here"; exit 0; }
spins() { env "$@" OMP_DISPLAY_ENV=verbose "$BUILD/abnorm" --version 2>&1 | sed -n "s/.*GOMP_SPINCOUNT = '\([0-9]*\)'.*/\1/p"; }
n=0
check() { # name, spins expected, spins
    n=$((n + 1))
    [ "$2" = "$3" ] && echo "ok $n - $1" || echo "not ok $n - $1: $3"
}
[ -n "$(spins A=)" ] || { echo "1..0 # skip this OpenMP does not tell"; exit 0; }
unset OMP_WAIT_POLICY GOMP_SPINCOUNT
check "they look for work for microseconds" 2000 "$(spins A=)"
check "GOMP_SPINCOUNT wins" 77 "$(spins GOMP_SPINCOUNT=77)"
check "OMP_WAIT_POLICY wins" 0 "$(spins OMP_WAIT_POLICY=passive)"
echo "1..$n"
