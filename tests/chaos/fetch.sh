#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Make one call of each kind fail, for each n (or every STEP-th), while a fetch brings a folder up to date from a server on this
# machine: the quotes are the old ones or the new ones, a failure is told, and the next fetch completes.
# usage: fetch.sh BUILD [STEP [KINDS]]; speaks TAP.
build=$1
step=${2:-1}
kinds=${3:-open read write fsync rename mmap full malloc}
W=$(mktemp -d)
gcc -O1 -shared -fPIC -o "$W/fault.so" tests/chaos/fault.c -ldl || exit 1
python3 tests/tools/server.py "$W" 7200 2>"$W/server.err" &
server=$!
trap 'kill $server; rm -rf "$W"' EXIT
until [ -s "$W/ports" ]; do
    kill -0 $server || exit 1
    sleep .05
done
. "$W/ports"
unset http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY
export OMP_NUM_THREADS=1
fetch() { # now
    "$build/abnorm" fetch -q --pace 0 --retry .02 AAPL -p yahoo --base-url "http://127.0.0.1:$http/good" -o "$W/out" --now "$1"
}
early=2025-03-01T12:00:00Z late=2025-03-14T22:00:00-04:00
fetch $early >/dev/null || exit 1
cp -r "$W/out" "$W/old"
fetch $late >/dev/null || exit 1
cp -r "$W/out" "$W/new"
n=0
bad=0
for kind in $kinds; do
    rm -rf "$W/out" && cp -r "$W/old" "$W/out"
    ABN_FAULT=$kind:0 ABN_FAULT_COUNT=$W/count LD_PRELOAD=$W/fault.so fetch $late >/dev/null 2>&1
    total=$(cat "$W/count") tried=0 offences=
    for ((i = 1; i <= total; i += step)); do
        rm -rf "$W/out" && cp -r "$W/old" "$W/out"
        ABN_FAULT=$kind:$i LD_PRELOAD=$W/fault.so fetch $late >"$W/stdout" 2>"$W/stderr"
        code=$?
        tried=$((tried + 1))
        is=mixed
        cmp -s "$W/out/AAPL.csv" "$W/old/AAPL.csv" && is=old
        cmp -s "$W/out/AAPL.csv" "$W/new/AAPL.csv" && is=new
        grep -q '^libgomp: Out of memory' "$W/stderr" && continue
        if [ $code -ge 128 ] || [ $code -eq 1 ]; then offences="$offences $kind:$i exit $code"
        elif [ $is = mixed ]; then offences="$offences $kind:$i left other quotes"
        elif [ $code -eq 0 ] && [ $is = old ]; then offences="$offences $kind:$i changed nothing and said nothing"
        elif [ $code -ne 0 ] && [ ! -s "$W/stderr" ]; then offences="$offences $kind:$i exit $code without a word"
        elif find "$W/out" -name '.*.??????' ! -name .abnorm.lock | grep -q .; then offences="$offences $kind:$i left a temporary file"
        elif ! fetch $late >/dev/null 2>&1 || ! cmp -s "$W/out/AAPL.csv" "$W/new/AAPL.csv"; then offences="$offences $kind:$i is not made good"
        fi
    done
    n=$((n + 1))
    if [ -z "$offences" ]; then echo "ok $n - fetch: $tried of $total calls of $kind failed"; else
        bad=1
        echo "not ok $n - fetch: $tried of $total calls of $kind failed:$offences"
    fi
done
echo "1..$n"
exit $bad
