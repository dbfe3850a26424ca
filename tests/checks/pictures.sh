#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every picture draws from tables that are awkward: names with quotes and commas, one event, no interval,
# nothing measured, empty tables, many rows. Without gnuplot the scripts are written and nothing fails.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
check() { # name, status
    n=$((n + 1))
    [ "$2" -eq 0 ] && echo "ok $n - $1" || { echo "not ok $n - $1"; sed 's/^/# /' "$work/log" | tail -n 10; }
}
tables=$work/tables
mkdir "$tables"
{
    echo 'event_id,symbol,model,date,event_time,return,expected,abnormal,abnormal_se,cumulative,cumulative_se'
    for t in -1 0 1; do echo "\"e, \"\"1\"\"\",\"A, B\",market,2025-01-0$((t + 3)),$t,.1,.1,,,,"; done
    for t in -1 0 1; do echo "\"e, \"\"2\"\"\",\`id\` %s {/Bold x},market,2025-01-0$((t + 3)),$t,.1,.1,.0$((t + 2)),.01,.0$((t + 2)),.02"; done
} >"$tables/returns.csv"
{
    echo 'event_id,symbol,model,window_from,window_to,n,car,car_se,lo,hi'
    echo '"e, ""1""",A,market,0,0,1,,,,'
    echo '"e, ""2""",A,market,0,0,1,.05,,,'
} >"$tables/cars.csv"
{
    echo 'group,model,event_time,n,aar,caar,caar_se,lo,hi'
    for g in all '"merger, ""hostile"""'; do for t in -1 0 1; do echo "$g,market,$t,1,.01,.0$((t + 2)),,,"; done; done
} >"$tables/caar.csv"
{
    echo 'event_id,symbol,model,date,return,benchmark,alpha,beta'
    for t in 1 2 3; do echo "\"e, \"\"2\"\"\",A,market,2025-01-0$t,.0$t,.0$((t * 2)),.001,.5"; done
} >"$tables/estimation.csv"
{
    echo 'statistic,shock_pct,samples,securities,level,rejection_rate,lo95,hi95'
    for shock in 0 1 2; do for s in bmp_t rank_z; do echo "$s,$shock,100,50,.05,.$((shock + 1)),.05,.6"; done; done
} >"$tables/simulation.csv"
{
    echo 'doc,claim,symbol,kind,pct,session,verdict,actual_pct'
    i=0
    while [ $((i += 1)) -le 40 ]; do echo "\"a text's, name $i\",1,A,close,$i,2025-01-02,confirmed,$i"; done
} >"$tables/claims.csv"
echo 'symbol,date,return,abnormal,z,p,q,event_id,lag_sessions,explained' >"$tables/moves.csv"

mkdir "$work/bare" && cp "$tables"/*.csv "$work/bare/"
PATH=/nonexistent "$BUILD/abnorm" plot "$work/bare" >"$work/log" 2>&1 && grep -q 'gnuplot is not here' "$work/log" &&
    [ -s "$work/bare/car.gp" ] && [ ! -e "$work/bare/car.png" ]
check "without gnuplot the scripts are written, and it says so" $?
[ ! -e "$work/bare/moves.gp" ]
check "an empty table has no picture" $?
command -v gnuplot >/dev/null || { echo "1..$n # gnuplot is not here"; exit 0; }

for form in png svg pdf; do
    "$BUILD/abnorm" plot "$tables" --form $form >"$work/log" 2>&1 && ! grep -q 'gnuplot' "$work/log"
    check "gnuplot draws them as $form without a word" $?
    missing=
    for name in car ar caar fit forest claims power; do
        [ -s "$tables/$name.$form" ] || missing="$missing $name"
    done
    echo "missing:$missing" >"$work/log"
    [ -z "$missing" ]
    check "all of them as $form" $?
done
(cd "$tables" && rm car.svg && gnuplot -e "form='svg'" car.gp) >"$work/log" 2>&1 && [ -s "$tables/car.svg" ]
check "a script runs by hand beside its data" $?
! grep -q 'A, B' "$tables/car.svg" && grep -q '`id` %s {/Bold x}' "$tables/car.svg"
check "names are drawn as they are, panels of nothing left out" $?
grep -q 'hostile' "$tables/caar.svg"
check "a group whose name has quotes is drawn" $?
echo "1..$n"
