#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every command that README.md and data/doc show is run, in their order, from a copy of what a reader has.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
top=$PWD
mkdir "$work/bin"
ln -s "$BUILD/abnorm" "$work/bin/abnorm"
ln -s "$top/seeds" "$work/seeds"
ln -s "$top/data" "$work/data"
n=0
# Lines of code blocks, and code between backticks, that begin with the command; capitals stand for what a reader fills in.
sed -n 's/^\(abnorm .*\)$/\1/p; s/`\(abnorm [^`]*\)`/\n\1\n/gp' README.md data/doc/*.md | grep '^abnorm ' |
    grep -vE ' (COMMAND|DIR|R\.csv|FILE)\b' | awk '!seen[$0]++' >"$work/commands"
while read -r line; do
    n=$((n + 1))
    if (cd "$work" && PATH=$work/bin:$PATH sh -c "$line" >"$work/said" 2>&1 </dev/null); then
        echo "ok $n - $line"
    else
        echo "not ok $n - $line"
        sed 's/^/# /' "$work/said" | tail -n 5
    fi
done <"$work/commands"
# The figures of README's table are those of the study.
(cd "$work" && PATH=$work/bin:$PATH abnorm run -q --no-pictures seeds/study.json -o figures >said 2>&1)
for row in '9988.HK|+5.28|+2.65|+7.92' 'AAPL|+2.13|−0.42|+4.68' 'BABA|+1.21|−3.16|+5.58'; do
    n=$((n + 1))
    symbol=${row%%|*}
    pattern=$(echo "${row#*|}" | sed 's/−/-/g; s/+/[+]/g; s/|/%[^|]*/g')
    shown=$(grep -c "^| $symbol | .*| $(echo "$row" | cut -d'|' -f2) % | $(echo "$row" | cut -d'|' -f3) to $(echo "$row" | cut -d'|' -f4) %" README.md)
    if [ "$shown" -eq 1 ] && grep -qE "^  $(echo "$symbol" | sed 's/\./\\./') +0 to 0 .*$pattern" "$work/said"; then
        echo "ok $n - README's $symbol is the study's"
    else
        echo "not ok $n - README's $symbol is the study's"
    fi
done
for file in $(sed -n 's/.*](\([a-z][^):]*\)).*/\1/p' README.md); do
    n=$((n + 1))
    [ -e "$file" ] && echo "ok $n - $file is there" || echo "not ok $n - README links to $file"
done
echo "1..$n"
