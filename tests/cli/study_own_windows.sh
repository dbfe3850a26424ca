# SPDX-License-Identifier: GPL-3.0-or-later
# Events whose own windows are narrower than the study's, reach into its estimation, or lie behind the last quote.
printf 'event_id,symbol,event_date,event_window,estimation\ne,AAPL,2025-02-11,-1:-1,-57:-4\n' >"$WORK/narrow.csv"
"$ABNORM" study -q --events "$WORK/narrow.csv" --quotes data/quotes --model market,garch --event-window=-6:4 --estimation=-100:-7 --tests car_t --digits 4
printf 'wide,BABA,2025-02-11,,\n' >>"$WORK/narrow.csv"
"$ABNORM" study -q --events "$WORK/narrow.csv" --quotes data/quotes --model market,garch --event-window=-6:4 --estimation=-100:-7 --tests car_t --digits 4
printf 'event_id,symbol,event_date,event_window\nlast,AAPL,2025-02-28,3:4\nother,BABA,2025-02-11,\n' >"$WORK/behind.csv"
"$ABNORM" study -q --events "$WORK/behind.csv" --quotes data/quotes --model synthetic --event-window 0:1 --windows 0:1 --estimation=-100:-7 --tests car_t --digits 4
echo "exit $?"
printf 'event_id,symbol,event_date,event_window,estimation\nearly,AAPL,2024-02-05,-60:-50,-80:-70\nother,BABA,2025-02-11,,\n' >"$WORK/before.csv"
"$ABNORM" study -q --events "$WORK/before.csv" --quotes data/quotes --model synthetic --event-window 0:1 --windows 0:1 --estimation=-100:-7 --tests car_t --digits 4
