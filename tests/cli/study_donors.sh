# SPDX-License-Identifier: GPL-3.0-or-later
# L is .7 A and .3 B but for noise; C has an event of its own while L's window is open, so it is no donor.
awk 'BEGIN {
    x = 3
    print "date,A,B,C,D,L"
    for (t = 0; t < 200; t++) {
        for (j = 0; j < 5; j++) { x = (x * 16807) % 2147483647; u[j] = .04 * (x / 2147483647 - .5) }
        l = .7 * u[0] + .3 * u[1] + .02 * u[4]
        printf "%04d-%02d-%02d,%.8f,%.8f,%.8f,%.8f,%.8f\n", 2020 + int(t / 336), 1 + int(t % 336 / 28), 1 + t % 28, u[0], u[1], l, u[3], l + (t == 150 ? .05 : 0)
    }
}' >"$WORK/r.csv"
printf 'event_id,symbol,event_date\nown,L,2020-06-11\nother,C,2020-06-12\n' >"$WORK/e.csv"
study="$ABNORM study --events $WORK/e.csv --quotes $WORK/r.csv --returns --estimation -120:-11 --event-window -3:3
    --windows 0:0 --tests patell_z --digits 4 -q"
$study --model synthetic,portfolio -o "$WORK/all" && cat "$WORK/all/donors.csv" && cut -d, -f1-7 "$WORK/all/cars.csv"
$study --model synthetic,portfolio --donors A=1,D=3 -o "$WORK/given" && grep '^own' "$WORK/given/donors.csv"
$study --model portfolio --donors A,X -o "$WORK/bad"
ls "$WORK/bad" 2>/dev/null || echo nothing written
