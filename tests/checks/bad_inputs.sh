#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Malformed inputs: each must be told in one line that names the place and what was expected, with the right exit code.
# tests/bad/KIND.tsv: line 1 is the command (FILE stands for the input); then a line a case: name, bytes as printf's %b
# takes them or (none), exit code, message. UPDATE=1 rewrites codes and messages. Nothing may be left behind, nothing may crash.
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
PATH=$BUILD:$PATH
export PATH
top=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tab=$(printf '\t')
cd "$work" || exit 1
printf 'Apple opens a shop\nPublished: February 11, 2025\n' >good.txt
printf 'event_id,symbol,event_date\ne1,AAPL,2025-02-11\n' >events.csv
printf 'date,close\n2025-02-10,1\n2025-02-11,1.01\n' >good.csv
printf 'AAPL;11.02.2025;1\n' >firm.csv
printf 'GSPC;11.02.2025;1\n' >market.csv
mkdir own
cp -R "$top"/data/*.csv "$top/data/lang" own/
n=0
for table in "$top"/tests/bad/*.tsv; do
    kind=$(basename "$table" .tsv)
    n=$((n + 1))
    cases=0
    bad=
    read -r command <"$table"
    printf "%s\n" "$command" >new.tsv
    while IFS="$tab" read -r name bytes want_code want; do
        case $name in abnorm*) continue ;; esac
        cases=$((cases + 1))
        if [ "$bytes" = "(none)" ]; then : >"$name"; else printf '%b' "$bytes" >"$name"; fi
        line=$(printf "%s\n" "$command" | sed "s|FILE|$name|g; s|DATA|$top/data|g")
        sh -c "$line" >out 2>err </dev/null
        code=$?
        # What names the input; else the error, which is the last message.
        sed "s|^abnorm: ||; s|$top/||g" err | tr '\t' ' ' >said
        got=$(grep -e "$name:" -e '^own/' -e '^r/' said | head -n 1)
        [ -n "$got" ] || got=$(tail -n 1 said)
        # An expectation that ends in ... is the start of the message.
        case $got in "${want%...}"*) [ "$want" != "${want%...}" ] && got=$want ;; esac
        [ -n "${UPDATE:-}" ] && printf '%s\t%s\t%s\t%s\n' "$name" "$bytes" "$code" "$got" >>new.tsv
        if [ "$code" != "$want_code" ] || [ "$got" != "$want" ]; then
            bad="$bad
#   $name: exit $code, \"$got\""
        fi
        rm -f "$name"
    done <"$table"
    if [ -n "${UPDATE:-}" ]; then
        cp new.tsv "$table"
    elif [ -z "$bad" ]; then
        echo "ok $n - $kind: $cases malformed inputs"
    else
        echo "not ok $n - $kind$bad"
    fi
done
echo "1..$n"
