#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Random runs over numbers at the ends of what a double holds. ABNORM_STRESS sets how many (default 40), or which (N:M).
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
OMP_NUM_THREADS=1 ABNORM_DATA=$PWD/data python3 tests/tools/stress.py "${ABNORM:-build/abnorm}" "$work" "${ABNORM_STRESS:-40}" 5
code=$?
[ $code = 0 ] && echo "ok 1 - nothing that is no number stands as one" || echo "not ok 1 - nothing that is no number stands as one"
echo "1..1"
