# SPDX-License-Identifier: GPL-3.0-or-later
# Factor models by name, from a file as Kenneth French writes it; the market model in disguise; percent taken for decimals;
# gaps; a constant factor.
awk -v W="$WORK" 'function rnd() { x = (x * 1103515245 + 12345) % 2147483648; return x / 2147483648 - .5 }
function day(d,    y, m, n) {
    y = 2010; m = 1; d++
    for (;;) {
        n = m == 2 ? 28 : m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31
        if (d <= n) return sprintf("%04d%02d%02d", y, m, d)
        d -= n; if (++m > 12) { m = 1; y++ }
    }
}
BEGIN {
    x = 5; french = W "/french.csv"; plain = W "/plain.csv"; quotes = W "/quotes.csv"; flat = W "/flat.csv"
    print "This file was made by hand.\n\n,Mkt-RF,SMB,HML,Mom   ,RF" >french
    print "date,Mkt,RF" >plain; print "date,A,B" >flat; print "date,FIRM,MKT" >quotes
    p = 20; q = 100
    for (d = 0; d < 200; d++) {
        m = rnd() / 20; s = rnd() / 40; h = rnd() / 40; u = rnd() / 40
        p *= 1 + .0001 + 1.2 * m + .5 * s - .3 * h + .2 * u + rnd() / 30; q *= 1 + m + .0001
        iso = day(d); iso = substr(iso, 1, 4) "-" substr(iso, 5, 2) "-" substr(iso, 7)
        printf "%s,%.4f,%.4f\n", iso, p, q >quotes
        printf "%s,%.4f,%.4f,%.4f,%.4f,%.3f\n", day(d), 100 * m, 100 * s, 100 * h, 100 * u, .01 >french
        if (d != 140 && d != 172) printf "%s,%.8f,0\n", iso, m + .0001 >plain
        printf "%s,%.6f,0.001\n", iso, m >flat
    }
    print "\n Annual factors\n,Mkt-RF,SMB,HML,Mom   ,RF\n2010,1,2,3,4,5" >french
}'
printf 'event_id,symbol,event_date\ne,FIRM,2010-06-21\n' >"$WORK/events.csv"
run() {
    "$ABNORM" study --events "$WORK/events.csv" --quotes "$WORK/quotes.csv" --estimation=-120:-11 --event-window=-2:2 \
        --windows=0:1 --tests bmp_t --digits 6 -o "$WORK/out" "$@"
    echo "exit $?"
}
run --factors "$WORK/french.csv" --factors-unit percent --model capm,ff3,carhart,factors
cut -d, -f3-13 "$WORK/out/models.csv"
run --factors "$WORK/french.csv" --model ff3
run --factors "$WORK/french.csv" --factors-unit percent --model ff5
run --factors "$WORK/plain.csv" --model factors,capm
cut -d, -f3-11 "$WORK/out/models.csv"
grep -c . "$WORK/out/returns.csv"
sed -i /2010-06-21/d "$WORK/plain.csv"
run --factors "$WORK/plain.csv" --model factors
run --factors "$WORK/flat.csv" --model factors
run --factors "$WORK/quotes.csv.none" --model factors
