# SPDX-License-Identifier: GPL-3.0-or-later
# What cannot be studied is named, with what was expected.
echo 'event_id,symbol,event_date' >"$WORK/head.csv"
printf 'event_id,symbol,event_date\n1,AAPL,2025-02-11\n' >"$WORK/one.csv"
printf 'event_id,symbol\n1,AAPL\n' >"$WORK/undated.csv"
printf 'event_id,symbol,event_date\n1,NONE,2025-02-11\n2,AAPL,2025-13-01\n' >"$WORK/none.csv"
printf 'event_id,symbol,event_date\n1,AAPL,2024-02-05\n' >"$WORK/early.csv"
run() {
    "$ABNORM" study "$@"
    echo "exit $?"
}
run --quotes data/quotes
run --events "$WORK/one.csv"
run --events "$WORK/missing.csv" --quotes data/quotes
run --events "$WORK/one.csv" --quotes "$WORK/missing"
run --events "$WORK/head.csv" --quotes data/quotes
run --events "$WORK/undated.csv" --quotes data/quotes
run --events "$WORK/none.csv" --quotes data/quotes
run --events "$WORK/early.csv" --quotes data/quotes
run --events "$WORK/one.csv" --quotes data/quotes --model markt
run --events "$WORK/one.csv" --quotes data/quotes --tests patell
run --events "$WORK/one.csv" --quotes data/quotes --model factors
run --events "$WORK/one.csv" --quotes data/quotes --windows 1:0
run --events "$WORK/one.csv" --quotes data/quotes --windows=-20:20
run --events "$WORK/one.csv" --quotes data/quotes --event-window=-20:10
run --events "$WORK/one.csv" --quotes data/quotes --group sector
run --events "$WORK/one.csv" --quotes data/quotes --benchmark AAPL=
run --events "$WORK/one.csv" --quotes data/quotes --level 95
