#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Make one call of each kind fail, for each n (or every STEP-th), through a whole run and an extraction: an error and its exit
# code, no signal, and a result folder that is old or new, or mixed without the run.json that would vouch for it. Then full disk, closed stdout, and signals at random
# moments. usage: run.sh BUILD [STEP]; prints a line a kind and speaks TAP.
build=$1
step=${2:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
bad=0
check() { # name, number of offences, detail
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then echo "ok $n - $1"; else
        bad=1
        echo "not ok $n - $1: $2 of them: $3"
    fi
}
gcc -O1 -shared -fPIC -o "$work/fault.so" tests/chaos/fault.c -ldl || exit 1
export OMP_NUM_THREADS=1

# The whole of a folder's tables as one hash; a half-written set has another.
print_of() { (cd "$1" && cat ./*.csv run.json report.html 2>/dev/null | sha256sum | cut -c1-16); }
run_it() { "$build/abnorm" run -q --no-pictures seeds/study.json -o "$work/out"; }
extract_it() { "$build/abnorm" extract -q -o "$work/out" seeds/texts; }

"$build/abnorm" run -q --no-pictures seeds/study.json -o "$work/out" >/dev/null || exit 1
run_new=$(print_of "$work/out")
rm -rf "$work/out"
extract_it >/dev/null || exit 1
extract_new=$(print_of "$work/out")

try() { # command, expected hash, kind
    local what=$1 new=$2 kind=$3 total offences=0 survived=0 runtime=0 detail=
    rm -rf "$work/out"
    ABN_FAULT=$kind:0 ABN_FAULT_COUNT=$work/count LD_PRELOAD=$work/fault.so $what >/dev/null 2>&1
    total=$(cat "$work/count")
    for ((i = 1; i <= total; i += step)); do
        rm -rf "$work/out"
        mkdir -p "$work/out"
        echo old >"$work/out/claims.csv"
        echo old >"$work/out/run.json"
        local old
        old=$(print_of "$work/out")
        ABN_FAULT=$kind:$i LD_PRELOAD=$work/fault.so $what >"$work/stdout" 2>"$work/stderr"
        local code=$? now
        now=$(print_of "$work/out")
        if grep -q '^libgomp: Out of memory' "$work/stderr"; then
            runtime=$((runtime + 1)) # the OpenMP runtime ends the process, as it documents
        elif [ $code -ge 128 ] || [ $code -eq 1 ]; then
            offences=$((offences + 1)) detail="$detail $kind:$i exit $code"
        elif [ $code -ne 0 ] && [ "$kind" != write ] && [ ! -s "$work/stderr" ]; then
            offences=$((offences + 1)) detail="$detail $kind:$i exit $code without a word"
        elif [ $code -eq 0 ] && [ "$now" != "$new" ]; then
            offences=$((offences + 1)) detail="$detail $kind:$i lost something and said nothing"
        elif ls -A "$work/out" | grep -qE '^\..*\.([A-Za-z0-9]{6}|part)$'; then
            offences=$((offences + 1)) detail="$detail $kind:$i left a temporary file"
        elif [ "$now" != "$old" ] && [ "$now" != "$new" ] && [ -e "$work/out/run.json" ]; then
            offences=$((offences + 1)) detail="$detail $kind:$i left half a set (exit $code)"
        fi
        survived=$((survived + 1))
    done
    local by=
    [ $runtime -eq 0 ] || by=", $runtime of them in the OpenMP runtime"
    check "$what: $survived of $total calls of $kind failed$by" $offences "$detail"
}
kinds=${3:-open read write fsync rename mmap full malloc}
for kind in $kinds; do
    try run_it "$run_new" $kind
    try extract_it "$extract_new" $kind
done

"$build/abnorm" extract seeds/texts >&- 2>"$work/stderr"
[ $? -eq 71 ] && [ -s "$work/stderr" ]
check "closed stdout is an error" $?
"$build/abnorm" extract seeds/texts 2>"$work/stderr" | true
! grep -qi 'segmentation\|abort' "$work/stderr"
check "a closed pipe is no crash" $?
if command -v valgrind >/dev/null; then
    for what in run_it extract_it; do
        rm -rf "$work/out"
        build_was=$build
        build=$work
        printf '#!/bin/sh\nexec valgrind -q --error-exitcode=9 --leak-check=full %s/abnorm "$@"\n' "$(realpath "$build_was")" >"$work/abnorm"
        chmod +x "$work/abnorm"
        $what >/dev/null 2>"$work/stderr"
        check "$what: valgrind finds nothing" $? "$(grep '^==' "$work/stderr" | head -n 3)"
        build=$build_was
    done
fi
echo "1..$n"
exit $bad
