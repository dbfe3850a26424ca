# SPDX-License-Identifier: GPL-3.0-or-later
# A small experiment, the same on one thread and on three; then a folder, and what is refused.
set="--samples 60 --securities 20 --shock 0,2 --tests patell_z,kolari_pynnonen_t,permutation_p --replicates 99"
"$ABNORM" simulate $set --rho 0,0.3 --event-sd 2 --threads 1
"$ABNORM" simulate $set --rho 0,0.3 --event-sd 2 --threads 1 >"$WORK/one.csv"
"$ABNORM" simulate $set --rho 0,0.3 --event-sd 2 --threads 3 | cmp - "$WORK/one.csv" && echo same
"$ABNORM" simulate $set --missing .4 --innovations t -o "$WORK/out" && ls "$WORK/out"
"$ABNORM" simulate --tests patel_z
"$ABNORM" simulate --shock 1,two
"$ABNORM" simulate --innovations t --df 2
"$ABNORM" simulate --event-window 1:5
"$ABNORM" simulate --model factors
