# SPDX-License-Identifier: GPL-3.0-or-later
# Listings of no known exchange: own rows are the calendar; a late listing, a dead one, weekends, windows off the data,
# two events that overlap, events that cannot be measured.
awk 'BEGIN {
    srand(1); print "symbol,date,close"; split("MKT EARLY LATE DEAD", name, " ")
    for (s = 1; s <= 4; s++) {
        price = 100; x = 12345 + s
        for (d = 0; d < 420; d++) {
            x = (x * 1103515245 + 12345) % 2147483648
            price *= 1 + (x / 2147483648 - .5) / 20
            if (d % 7 > 4 || (s == 3 && d < 250) || (s == 4 && d > 330)) continue
            y = 2020; m = 1; day = d + 1
            for (;;) {
                n = m == 2 ? (y % 4 ? 28 : 29) : m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31
                if (day <= n) break
                day -= n; if (++m > 12) { m = 1; y++ }
            }
            printf "%s,%04d-%02d-%02d,%.4f\n", name[s], y, m, day, price
        }
    }
}' >"$WORK/quotes.csv"
cat >"$WORK/events.csv" <<END
event_id,symbol,event_date,sector
weekday,EARLY,2020-10-05,a
weekend,EARLY,2020-10-10,a
late,LATE,2020-11-30,b
dead,DEAD,2020-11-24,b
gone,DEAD,2021-01-04,b
young,LATE,2020-09-10,b
before,EARLY,2019-12-01,a
unknown,OTHER,2020-10-05,a
undated,EARLY,,a
END
"$ABNORM" study --events "$WORK/events.csv" --quotes "$WORK/quotes.csv" --benchmark MKT --estimation=-60:-6 \
    --event-window=-2:2 --windows=0:1 --group sector --tests cross_sectional_t,kolari_pynnonen_t,sign_z \
    --digits 5 -o "$WORK/out"
cat "$WORK/out/alignment.csv" "$WORK/out/cars.csv"
grep -E '^group|,0,[01],' "$WORK/out/tests.csv"
"$ABNORM" study --events "$WORK/events.csv" --quotes "$WORK/quotes.csv" --benchmark MKT --estimation=-60:-6 \
    --event-window=-2:2 --windows=0:1 --model mean,market_adjusted --exclude-events -q --format markdown
