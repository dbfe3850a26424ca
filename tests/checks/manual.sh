#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Help, manual page and completions come from one table: each command begins with an example that runs, the
# page formats without a warning, the shells read their files and offer what there is; tables print as JSON.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
check() { # name, status
    n=$((n + 1))
    [ "$2" -eq 0 ] && echo "ok $n - $1" || { echo "not ok $n - $1"; sed 's/^/# /' "$work/log" | tail -n 10; }
}
skip() {
    n=$((n + 1))
    echo "ok $n - $1 # skip no $2 here"
}
abnorm=$BUILD/abnorm
mkdir "$work/bin" "$work/here"
ln -s "$abnorm" "$work/bin/abnorm"
ln -s "$PWD/seeds" "$PWD/data" "$work/here/"
"$abnorm" run -q --no-pictures seeds/study.json -o "$work/here/out" >"$work/log" 2>&1
check "a study to show things with" $?

for command in $("$abnorm" help | sed -n 's/^  \([a-z]*\)   *[a-z].*/\1/p' | grep -v '^abnorm$'); do
    example=$("$abnorm" help "$command" | sed -n 3p)
    case $example in
    "  abnorm $command "*) true ;;
    *) false ;;
    esac
    check "help $command begins with an example" $?
    [ "$command" = fetch ] && continue # it would ask a provider
    case $command in simulate) example="$example --samples 20" ;; esac
    (cd "$work/here" && PATH=$work/bin:$PATH sh -c "$example") >"$work/log" 2>&1 </dev/null
    check "and it runs:$example" $?
done

"$abnorm" help --as man >"$work/abnorm.1"
if command -v groff >/dev/null; then
    groff -ww -man -Tutf8 -z "$work/abnorm.1" >"$work/log" 2>&1 && [ ! -s "$work/log" ]
    check "the manual page formats without a warning" $?
else
    skip "the manual page formats without a warning" groff
fi

"$abnorm" help --as bash >"$work/abnorm.bash"
if command -v bash >/dev/null; then
    bash -c '. "$1"; COMP_WORDS=(abnorm scan --volatility ""); COMP_CWORD=3; _abnorm
        [ "${COMPREPLY[*]}" = "constant rolling" ] || exit 1
        COMP_WORDS=(abnorm se); COMP_CWORD=1; _abnorm; [ "${COMPREPLY[*]}" = sessions ] || exit 2
        COMP_WORDS=(abnorm study --mod); COMP_CWORD=2; _abnorm; [ "${COMPREPLY[*]}" = --model ]' bash "$work/abnorm.bash" >"$work/log" 2>&1
    check "bash completes commands, options and choices" $?
else
    skip "bash completes" bash
fi
"$abnorm" help --as zsh >"$work/_abnorm"
if command -v zsh >/dev/null; then
    zsh -n "$work/_abnorm" >"$work/log" 2>&1
    check "zsh reads its completion" $?
else
    skip "zsh reads its completion" zsh
fi
"$abnorm" help --as fish >"$work/abnorm.fish"
if command -v fish >/dev/null; then
    HOME=$work fish -c "source $work/abnorm.fish; complete -C 'abnorm sess'; complete -C 'abnorm study --mode'" >"$work/log" 2>&1 &&
        grep -q '^sessions' "$work/log" && grep -q '^--model' "$work/log"
    check "fish completes commands and options" $?
else
    skip "fish completes commands and options" fish
fi

while read -r line; do
    # shellcheck disable=SC2086
    "$abnorm" $line --format json >"$work/json" 2>"$work/log"
    python3 -c "import json, sys; t = json.load(open(sys.argv[1])); sys.exit(not (t and isinstance(t[0], dict)))" "$work/json" >>"$work/log" 2>&1
    check "$line --format json" $?
done <<END
sessions XHKG 2025-01-28 2025-02-03
align 2025-02-11T22:00:00+08:00 XHKG XNYS
quotes data/quotes
extract seeds/texts
study --events seeds/additions/events.csv --quotes seeds/additions/prices.csv --benchmark MARKET --estimation -120:-11
scan --quotes data/quotes --adjust none --replicates 20
simulate --samples 20
power
fetch --list
run seeds/study.json -o $work/json-run --no-pictures
help tests
help models
END
for wrong in stdy 'study --evnts x' 'run --outptu x' 'help sesions'; do
    # shellcheck disable=SC2086
    "$abnorm" $wrong >"$work/log" 2>&1
    [ $? -eq 64 ] && grep -q 'did you mean' "$work/log"
    check "a mistyped \"$wrong\" names the nearest" $?
done
echo "1..$n"
