#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Several processes on one machine: they meet; what they write, say and end with is what one process does, to the byte; each reads
# its own files alone; one that fails or is killed ends all with an error, and leaves a folder of results that is old or whole.
# make MPI=1 compiles again only the file that sees MPI.
BUILD=${BUILD:-build}
MPICC=${MPICC:-mpicc}
MPIRUN=${MPIRUN:-mpirun}
if ! command -v "$MPICC" >/dev/null || ! command -v "$MPIRUN" >/dev/null; then
    echo "1..0 # SKIP MPI is not installed (make MPI=1 sets it up)"
    exit 0
fi
top=$PWD
case $BUILD in /*) ;; *) BUILD=$top/$BUILD ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_NUM_THREADS=1
launch="$MPIRUN"
loud="$MPIRUN"
"$MPIRUN" --version 2>&1 | grep -qi 'open.mpi\|openrte\|prte' && loud="$MPIRUN --allow-run-as-root --oversubscribe" && launch="$loud -q"
n=0
is() { # what, status
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; fi
}

# ---- the command, and how processes meet ----

# MPI's own leaks are not ours.
sanitizers=
nm "$BUILD/abnorm" | grep -q __asan_init && sanitizers=-fsanitize=address,undefined && export ASAN_OPTIONS=detect_leaks=0
nm "$BUILD/libabnorm.a" 2>/dev/null | grep -q __gcov_ && sanitizers=--coverage
mkdir "$work/build"
for room in base market news stats correlate report cli; do cp -Rp "$BUILD/$room" "$work/build"; done
${MAKE:-make} -s DEPS=no MPI=1 BUILD="$work/build" "$work/build/abnorm" >"$work/said" 2>&1 && cp "$work/build/abnorm" "$work/abnorm"
result=$?
[ $result -eq 0 ] || tail -n 5 "$work/said" | sed 's/^/# /'
is "the command is built with MPI" $result
# shellcheck disable=SC2086
"$MPICC" -std=c11 -O1 -g -fopenmp -Iinclude $sanitizers -o "$work/crew" tests/checks/crew.c "$work/build/libabnorm.a" -lm || exit 1
rm -rf "$work/build"
for k in 1 2 4; do
    fine=0
    for ending in whole agree refuse leave; do
        timeout 60 $launch -n $k "$work/crew" $ending >"$work/crew.out" 2>&1 && grep -q "^$k ranks, $k near" "$work/crew.out" || fine=1
        [ $fine -eq 0 ] || sed "s/^/# $ending: /" "$work/crew.out"
    done
    is "$k processes meet, and part" $fine
done

# ---- studies ----

mkdir "$work/quotes" && python3 tests/checks/ranks.py "$work" || exit 1
cd "$work" || exit 1
common="--data $top/data --estimation -80:-11 --event-window -5:5 --replicates 19"
same() { # what, study's options...
    what=$1
    shift
    fine=0
    rm -rf one r?
    # shellcheck disable=SC2086
    ./abnorm study $common "$@" -o one >one.out 2>one.err
    code=$?
    for k in 1 2 4; do
        # shellcheck disable=SC2086
        timeout 60 $launch -n $k ./abnorm study $common "$@" -o r$k >r.out 2>r.err
        now=$?
        [ $now -eq $code ] || { fine=1 && echo "# exit $now, not $code"; }
        cmp one.out r.out && cmp one.err r.err || fine=1
        [ -d one ] || continue
        for file in one/*; do cmp "$file" "r$k/${file#one/}" || fine=1; done
    done >differ 2>&1
    sed 's/^/# /' differ | head -n 5
    [ $code -eq "${expect:-65}" ] || fine=1 # a file of the folder is no quotes
    is "$what" $fine
}
same "two models, groups, regression, dividends" --events events.csv --quotes quotes --benchmark MARKET --model market,mean -v \
    --windows 0:0,-1:1,-5:5 --group sector --regress size,sector --errors firm --dividends dividends.csv
same "exchanges whose sessions are inferred" --events events.csv --quotes quotes --benchmark MARKET --listings listings.csv -v \
    --errors date --regress size --weights size --log --exclude-events --kp-align event
same "factors, and 17 digits" --events events.csv --quotes quotes --model ff3,capm --factors factors.csv --digits 17 --safe-csv
expect=0 same "one long file, which all read" --events events.csv --quotes long.csv --benchmark MARKET --group sector
same "donors are not divided" --events events.csv --quotes quotes --benchmark MARKET --model portfolio --tests patell_z
same "nor is another software's way" --events events.csv --quotes quotes --benchmark MARKET --as estudy2 --tests patell_z
head -n 3 events.csv >few.csv
same "fewer listings than processes" --events few.csv --quotes quotes --benchmark MARKET
echo "event_id,symbol,event_date
x,S1,1999-01-04
y,S2-B,1999-01-04" >never.csv
same "no event can be measured" --events never.csv --quotes quotes --benchmark MARKET
expect=66 same "no such folder" --events events.csv --quotes nowhere
expect=64 same "no such test" --events events.csv --quotes quotes --tests nonsense
./abnorm study $common -q --events events.csv --quotes quotes --benchmark MARKET >one.out 2>said
timeout 60 $launch -n 3 ./abnorm study $common -q --events events.csv --quotes quotes --benchmark MARKET >r.out 2>said
cmp -s one.out r.out
is "the same on stdout" $?
samples="--samples 50 --securities 10 --shock 0,1 --rho 0,0.05 --tests patell_z,bmp_t,rank_z,sq_p"
# shellcheck disable=SC2086
./abnorm simulate --data "$top/data" $samples -o one.sim && timeout 60 $launch -n 3 ./abnorm simulate --data "$top/data" $samples -o r.sim
cmp -s one.sim/simulation.csv r.sim/simulation.csv && cmp -s one.sim/run.json r.sim/run.json
is "samples are shared" $?
[ "$(timeout 60 $launch -n 3 ./abnorm sessions --data "$top/data" XNYS 2025-01-02 2025-01-03 | wc -l)" -eq 3 ]
is "other commands are done once" $?

# ---- what each reads; failures ----

if [ -z "$sanitizers" ] && gcc -shared -fPIC -O1 -o spy.so "$top/tests/checks/ranks_spy.c" -ldl; then
    spied() { # variables... (names and values), then -- and the number of processes
        unset OPENED FAILS FAIL_AT PIDS
        k=$1
        shift
        timeout 60 $launch -n "$k" env LD_PRELOAD="$work/spy.so" "$@" ./abnorm study $common --events events.csv --quotes quotes \
            --benchmark MARKET --group sector --regress size --digits 12 -o "${to:-spied}"
    }
    spied 2 OPENED="$work/opened" >spied.out 2>spied.err
    cut -d/ -f2 opened.0 | sort -u >files.0
    cut -d/ -f2 opened.1 | sort -u >files.1
    [ "$(sort files.0 files.1 | uniq | wc -l)" -eq "$(find quotes -type f | wc -l)" ]
    is "all files are read" $?
    [ "$(comm -12 files.0 files.1 | tr '\n' ' ')" = "AAINDEX.csv MARKET.csv " ] && [ "$(wc -l <files.1)" -gt 12 ] && [ "$(wc -l <files.0)" -gt 12 ]
    is "benchmarks by both, others by one" $?

    cp -R spied old && fine=0
    for rank in 0 1 2; do
        for at in 3 40 220 900 1500 2500; do
            to=spied spied 3 FAILS=$rank FAIL_AT=$at >spied.out 2>spied.err
            now=$?
            diff -rq old spied >/dev/null || { fine=1 && echo "# rank $rank, piece $at: the results changed"; }
            [ $now -eq 65 ] && continue # a rank that never asks for so many
            [ $now -eq 71 ] && [ "$(grep -c 'out of memory' spied.err)" -eq 1 ] || {
                fine=1
                echo "# rank $rank, piece $at: exit $now, $(tail -n 1 spied.err)"
            }
        done
    done
    is "what fails in one ends all, said once" $fine

    # ---- killed ----

    whole() { # folder: its tables are one of two sets, and its record vouches for one
        for set in before after; do
            for file in $set/*.csv; do cmp -s "$file" "$1/${file#*/}" || continue 2; done
            return 0
        done
        [ ! -e "$1/run.json" ]
    }
    slow="--events events.csv --quotes quotes --benchmark MARKET --model market,garch --replicates 4000"
    rm -rf before after
    ./abnorm study $common -q $slow --digits 6 -o before >said 2>&1
    began=$(date +%s%N)
    ./abnorm study $common -q $slow -o after >said 2>&1
    span=$(($(date +%s%N) - began))
    fine=0 polite=0 met=0 said=0
    for try in "0 KILL 1" "1 KILL 4" "2 KILL 2" "1 TERM 1" "0 TERM 3" "0 INT 1"; do
        # shellcheck disable=SC2086
        set -- $try
        rm -rf killed pids.?
        cp -R before killed
        timeout 60 $loud -n 3 env LD_PRELOAD="$work/spy.so" PIDS="$work/pids" ./abnorm study $common -q $slow -o killed \
            >killed.out 2>&1 &
        runs=$!
        for wait in $(seq 400); do [ -s pids.0 ] && [ -s "pids.$1" ] && break || sleep .05; done
        sleep "$(awk -v s="$span" -v k="$3" 'BEGIN {print s * k / 12 / 1e9}')"
        kill "-$2" "$(cat "pids.$1")" 2>/dev/null && met=$((met + 1)) && running=1 || running=0
        wait $runs
        now=$?
        [ $running -eq 0 ] || [ $now -ne 0 ] || fine=1
        [ $running -eq 0 ] || [ -s killed.out ] || said=1
        whole killed || { fine=1 && echo "# $try: mixed"; }
        [ "$1 $2" = "0 KILL" ] || [ "$1" != 0 ] || [ "$(find killed -name '.*.*' ! -name .abnorm.lock | wc -l)" -eq 0 ] || polite=1
    done
    echo "# $met of 6 met a running process"
    is "a killed process ends all, and leaves results old or whole" $fine
    is "the launcher says so" $said
    is "rank 0 leaves no temporary file where it is asked to end" $polite
    # shellcheck disable=SC2086
    timeout 60 $launch -n 3 ./abnorm study $common -q $slow -o killed >/dev/null 2>&1
    fine=0
    for file in after/*.csv; do cmp -s "$file" "killed/${file#*/}" || fine=1; done
    [ "$(find killed -name '.*.*' ! -name .abnorm.lock | wc -l)" -eq 0 ] || fine=1
    is "the next run completes, and leaves none" $fine
fi
echo "1..$n"
