# SPDX-License-Identifier: GPL-3.0-or-later
# Volume doubles and the day's range trebles on the events' days: about log 2, 1, and twice the range of .02.
# Nothing is compounded, so no statistic is a buy-and-hold one.
mkdir "$WORK/q"
awk -v dir="$WORK/q" 'BEGIN {
    x = 11
    for (i = 1; i <= 6; i++) {
        file = dir "/L" i ".csv"
        print "date,open,high,low,close,volume" >file
        p = 50
        for (t = 0; t < 200; t++) {
            for (j = 0; j < 3; j++) { x = (x * 16807) % 2147483647; u[j] = x / 2147483647 - .5 }
            event = t == 150 + i
            v = 1000 * i * exp(u[0]) * (event ? 2 : 1)
            p *= 1 + .02 * u[1]
            s = (.01 + .005 * u[2]) * (event ? 3 : 1)
            printf "%04d-%02d-%02d,%.6f,%.6f,%.6f,%.6f,%.2f\n", 2020 + int(t / 336), 1 + int(t % 336 / 28), 1 + t % 28, p, p * exp(s), p * exp(-s), p, v >file
        }
        close(file)
    }
}'
awk 'BEGIN { print "event_id,symbol,event_date"; for (i = 1; i <= 6; i++) { t = 150 + i; printf "e%d,L%d,2020-%02d-%02d\n", i, i, 1 + int(t / 28), 1 + t % 28 } }' >"$WORK/events.csv"
for measure in log_volume volume_share range; do
    "$ABNORM" study --events "$WORK/events.csv" --quotes "$WORK/q" --measure $measure --digits 6 \
        --estimation -120:-11 --event-window -5:5 --windows 0:0,-5:-1 --replicates 99 -o "$WORK/$measure"
    grep -E '^[^,]*,[^,]*,(0,0|-5,-1),(cross_sectional_t|kolari_pynnonen_t|rank_z|permutation_p)' "$WORK/$measure/tests.csv"
done
head -n 2 "$WORK/range/cars.csv"
cut -d, -f6 "$WORK/range/tests.csv" | grep bhar || echo none
