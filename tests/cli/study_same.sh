# SPDX-License-Identifier: GPL-3.0-or-later
# The same study whatever the number of threads, the order of the events, the scale of the prices, and whether a missing day is an
# empty cell or no row.
awk -v W="$WORK" 'function day(d,    y, m, n) {
    y = 2010; m = 1; d++
    for (;;) {
        n = m == 2 ? (y % 4 ? 28 : 29) : m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31
        if (d <= n) return sprintf("%04d-%02d-%02d", y, m, d)
        d -= n; if (++m > 12) { m = 1; y++ }
    }
}
function rnd() { x = (x * 1103515245 + 12345) % 2147483648; return x / 2147483648 - .5 }
BEGIN {
    x = 77
    long = W "/long.csv"; gaps = W "/gaps.csv"; scaled = W "/scaled.csv"; events = W "/events.csv"
    print "symbol,date,close" >long; print "symbol,date,close" >gaps; print "symbol,date,close" >scaled
    print "event_id,symbol,event_date" >events
    for (d = 0; d < 500; d++) m[d] = rnd() / 40
    for (s = 0; s <= 20; s++) {
        p = 50
        for (d = 0; d < 500; d++) {
            p *= 1 + m[d] + (s ? rnd() / 15 : 0)
            name = s ? sprintf("S%02d", s) : "MKT"
            hole = s && (d * 7 + s * 13) % 50 == 0
            if (!hole) { printf "%s,%s,%.6f\n", name, day(d), p >long; printf "%s,%s,%.6f\n", name, day(d), sprintf("%.6f", p) * 1024 >scaled }
            printf hole ? "%s,%s,\n" : "%s,%s,%.6f\n", name, day(d), p >gaps
        }
    }
    for (e = 0; e < 120; e++) printf "E%03d,S%02d,%s\n", e, 1 + e % 20, day(200 + (e * 37) % 280) >events
}'
run() { # name, further options
    out=$1
    shift
    "$ABNORM" study --quotes "$WORK/long.csv" --events "$WORK/events.csv" --benchmark MKT --estimation=-120:-11 \
        --event-window=-5:5 --windows=0:1,-5:5 --replicates 199 --digits 17 -q -o "$WORK/$out" "$@"
}
same() { # two runs, tables
    a=$1 b=$2
    shift 2
    for t in "$@"; do cmp "$WORK/$a/$t.csv" "$WORK/$b/$t.csv" && echo "$b $t: same"; done
}
all="alignment models returns cars tests"
run one --threads 1
run two --threads 2
run five --threads 5
same one two $all
same one five $all
(head -n 1 "$WORK/events.csv"; tail -n +2 "$WORK/events.csv" | sort -t, -k3,3 -k1,1r) >"$WORK/mixed.csv"
run shuffled --events "$WORK/mixed.csv"
for t in cars returns; do sort "$WORK/one/$t.csv" >"$WORK/one/$t"; sort "$WORK/shuffled/$t.csv" >"$WORK/shuffled/$t"; cmp "$WORK/one/$t" "$WORK/shuffled/$t" && echo "shuffled $t: same"; done
run gaps --quotes "$WORK/gaps.csv"
same one gaps $all
run scaled --quotes "$WORK/scaled.csv" --digits 7
run rounded --digits 7
same rounded scaled alignment models returns cars tests
# Statistics of the shuffled sample, to rounding.
awk -F, 'FNR == NR { v[$3 "," $4 "," $5] = $8; p[$3 "," $4 "," $5] = $10; next } ($3 "," $4 "," $5) in v && $8 + 0 == $8 {
    d = $8 - v[$3 "," $4 "," $5]; if (d < 0) d = -d; if (d > 1e-9 * (($8 < 0 ? -$8 : $8) + 1)) print "differs: " $0
    d = $10 - p[$3 "," $4 "," $5]; if (d < 0) d = -d; if (d > 1e-9) print "p differs: " $0 }' \
    "$WORK/one/tests.csv" "$WORK/shuffled/tests.csv"
head -n 3 "$WORK/rounded/tests.csv"
