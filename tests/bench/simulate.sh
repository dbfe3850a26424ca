#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Brown and Warner's experiment: samples of fifty securities, 240 days, every test; one thread and all; with resampling.
abnorm=${BUILD:-build}/abnorm
n=${1:-2000}
timed() { # label, samples, options...
    label=$1 samples=$2
    shift 2
    start=$(date +%s.%N)
    "$abnorm" simulate -q --samples "$samples" --shock 0 "$@" >/dev/null || exit 1
    end=$(date +%s.%N)
    echo "$label $samples $start $end" | awk '{ t = $4 - $3; printf "%-28s %6d samples  %7.2f s  %8.0f samples/s\n", $1, $2, t, $2 / t }'
}
timed one_thread "$n" --threads 1
timed all_threads "$n"
timed t_innovations "$n" --innovations t
timed clustered "$n" --rho .1 --event-sd 2
timed window_of_21 "$n" --estimation -250:-11 --event-window -10:10
timed replicates_999 "$((n / 4))" --replicates 999
