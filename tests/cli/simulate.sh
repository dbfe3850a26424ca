# SPDX-License-Identifier: GPL-3.0-or-later
# A small experiment, the same on one thread and on three; then a folder, and what is refused.
set="--samples 60 --securities 20 --shock 0,2 --tests patell_z,kolari_pynnonen_t,permutation_p --replicates 99"
"$ABNORM" simulate $set --rho 0,0.3 --event-sd 2 --threads 1
"$ABNORM" simulate $set --rho 0,0.3 --event-sd 2 --threads 1 >"$WORK/one.csv"
"$ABNORM" simulate $set --rho 0,0.3 --event-sd 2 --threads 3 | cmp - "$WORK/one.csv" && echo same
"$ABNORM" simulate $set --missing .4 --innovations t -o "$WORK/out" && ls "$WORK/out"
# Placebo days of one's own data: twelve listings that follow a market, as a wide file of returns.
awk 'BEGIN {
    x = 7
    printf "date,M"; for (i = 1; i <= 12; i++) printf ",L%d", i; print ""
    for (t = 0; t < 420; t++) {
        printf "%04d-%02d-%02d", 2020 + int(t / 336), 1 + int(t % 336 / 28), 1 + t % 28
        for (i = 0; i <= 12; i++) {
            u = 0; for (j = 0; j < 12; j++) { x = (x * 16807) % 2147483647; u += x / 2147483647 }
            r = i ? m + .02 * (u - 6) : m = .01 * (u - 6)
            printf ",%.6f", r
        }
        print ""
    }
}' >"$WORK/returns.csv"
"$ABNORM" simulate --quotes "$WORK/returns.csv" --returns --benchmark M --samples 200 --securities 10 \
    --shock 0,2 --tests kolari_pynnonen_t,ar_t
"$ABNORM" simulate --quotes "$WORK/returns.csv" --returns --benchmark M --clustered --securities 20
"$ABNORM" simulate --quotes "$WORK/returns.csv" --returns --benchmark M --rho .1
"$ABNORM" simulate --tests patel_z
"$ABNORM" simulate --shock 1,two
"$ABNORM" simulate --innovations t --df 2
"$ABNORM" simulate --event-window 1:5
"$ABNORM" simulate --model factors
