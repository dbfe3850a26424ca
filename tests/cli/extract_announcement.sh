# SPDX-License-Identifier: GPL-3.0-or-later
# Five texts about one announcement, where the shared material is at hand: each move verified, each
# text dated by its moves or by the event that the others date, the confirmation tied to its report.
shared=$(sh tests/tools/shared.sh)
[ -n "$shared" ] || { echo "skip: no shared material"; exit 0; }
"$ABNORM" extract -q -o "$WORK/out" "$shared/seeds"
cut -d, -f1 "$WORK/out/documents.csv" | cut -c1-3 | tr '\n' ' '
"$ABNORM" extract -q --explain "$shared/seeds" | sed -n 's/^\(00[0-9]\)[^:]*: \(published [-0-9]*\|no day.*\).*by \(.*\)/\1 \2 \3/p'
cut -d, -f1,3-6,8-10,13 "$WORK/out/claims.csv" | sed 's/^\(00[0-9]\)_[^,]*/\1/'
cut -d, -f1,3-8,11 "$WORK/out/events.csv" | cut -d'"' -f1
