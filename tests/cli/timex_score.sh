# SPDX-License-Identifier: GPL-3.0-or-later
# Where annotated texts are at hand, value and strict F1 keep above what news needs.
SHARED=$(sh tests/tools/shared.sh)
[ -n "$SHARED" ] && command -v python3 >/dev/null || { echo "skip: no annotated texts here"; exit 0; }
python3 tests/tools/score_timex.py "$ABNORM" "$SHARED" en-meantime 84 86 fr-timebank 80 87 de-krauts 72 74
