# SPDX-License-Identifier: GPL-3.0-or-later
# What explains the CARs: effects of .01 a unit of size and .03 for type b were put into day 0.
awk 'BEGIN {
    x = 5
    print "symbol,date,close" >"'"$WORK"'/q.csv"
    print "event_id,symbol,event_date,size,type,cap" >"'"$WORK"'/events.csv"
    for (i = 1; i <= 24; i++) {
        p = 100; size = i % 5; type = i % 3 ? "a" : "b"; day = 150 + i % 4
        for (t = 0; t < 180; t++) {
            x = (x * 16807) % 2147483647
            r = .01 * (x / 2147483647 - .5)
            if (t == day) r += .01 * size + (type == "b" ? .03 : 0)
            p *= 1 + r
            printf "S%02d,%04d-%02d-%02d,%.8f\n", i, 2020 + int(t / 336), 1 + int(t % 336 / 28), 1 + t % 28, p >"'"$WORK"'/q.csv"
        }
        printf "e%d,S%02d,2020-%02d-%02d,%d,%s,%d\n", i, i, 1 + int(day / 28), 1 + day % 28, size, type, i * 10 >"'"$WORK"'/events.csv"
    }
}'
study="$ABNORM study --events $WORK/events.csv --quotes $WORK/q.csv --model mean --estimation -120:-11
    --event-window -2:2 --windows 0:0 --tests bmp_t --digits 6"
$study --regress size,type --weights cap --group type -o "$WORK/hc3" && cat "$WORK/hc3/cross_section.csv"
for errors in classic firm date; do
    $study --regress size,type --errors $errors -o "$WORK/$errors" && grep regression "$WORK/$errors/cross_section.csv"
done
$study --winsorise .1 -o "$WORK/win" && grep mean, "$WORK/win/cross_section.csv"
$study --regress sice -o "$WORK/bad"
$study --weights type -o "$WORK/bad"
$study --winsorise .5 -o "$WORK/bad"
