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
    grep -vE ' (COMMAND|DIR|FILE|SYMBOL)\b' | awk '!seen[$0]++' >"$work/commands"
while read -r line; do
    n=$((n + 1))
    if (cd "$work" && PATH=$work/bin:$PATH sh -c "$line" >"$work/said" 2>&1 </dev/null); then
        echo "ok $n - $line"
    else
        echo "not ok $n - $line"
        sed 's/^/# /' "$work/said" | tail -n 5
    fi
done <"$work/commands"
# The blocks that read the tables, by the programs that are here.
block() { # language
    sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" "$top"/data/doc/tables.md | sed '/^```/d'
}
reads() { # name, file, program...
    n=$((n + 1))
    name=$1
    shift
    if (cd "$work" && "$@" >said 2>&1 </dev/null) && ! grep -qi 'warning\|error' "$work/said"; then
        echo "ok $n - $name reads the tables"
    else
        echo "not ok $n - $name reads the tables"
        sed 's/^/# /' "$work/said" | tail -n 5
    fi
}
block r >"$work/read.R"
block python >"$work/read.py"
block gnuplot | sed '1i set terminal dumb' >"$work/read.gp"
block sql >"$work/read.sql"
if command -v Rscript >/dev/null; then reads R Rscript --vanilla read.R; fi
if python3 -c 'import pandas' 2>/dev/null; then reads pandas python3 read.py; fi
if command -v gnuplot >/dev/null; then reads gnuplot gnuplot read.gp; fi
if command -v duckdb >/dev/null; then reads DuckDB duckdb -bail -init read.sql -no-stdin; fi
[ -s "$work/read.R" ] && [ -s "$work/read.py" ] && [ -s "$work/read.sql" ] || echo "Bail out! a block of tables.md is gone"
# The three files without headers are four events of the additions: the same figures, whichever way in.
n=$((n + 1))
(cd "$work" && for way in "--request seeds/request/request.csv --firm seeds/request/firm.csv --market seeds/request/market.csv" \
    "--events seeds/additions/events.csv --quotes seeds/additions/prices.csv --benchmark MARKET --estimation -120:-11 --event-window -5:5"; do
    # shellcheck disable=SC2086
    PATH=$work/bin:$PATH abnorm study -q $way --windows 0:1 --format csv | cut -d, -f1-9 | sort
done >ways 2>said; [ "$(grep -c . ways)" -gt 8 ] &&
    [ "$(grep -v '^event_id' ways | sort | uniq -d | wc -l)" -eq "$(grep -c . seeds/request/request.csv)" ]) &&
    echo "ok $n - the three files give the same figures" || echo "not ok $n - the three files give the same figures"
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
