# SPDX-License-Identifier: GPL-3.0-or-later
# Moves of the shipped quotes, the events behind them with their sessions, and the clock of two exchanges.
cat >"$WORK/events.csv" <<'CSV'
event_id,announced_at,announced_on,precision,type,status,symbols,clock
report,2025-02-11T09:21:00-05:00,2025-02-11,instant,partnership,reported,AAPL;BABA;9988.HK,
confirmation,,2025-02-13,day,partnership,confirmed,AAPL;BABA;9988.HK,XHKG
CSV
$ABNORM scan -q --events "$WORK/events.csv" --digits 6 -o "$WORK/out"
echo "exit $?"
cat "$WORK/out/moves.csv"
cut -d, -f1-4,7-9 "$WORK/out/event_moves.csv"
cat "$WORK/out/venues.csv"
$ABNORM scan -q --events "$WORK/events.csv" --digits 6 --adjust none --level .01 --volatility rolling
$ABNORM scan --estimation -10:0
echo "exit $?"
$ABNORM scan --model garch
echo "exit $?"
$ABNORM scan --quotes "$WORK/none"
echo "exit $?"
echo "symbol,date" >"$WORK/claims.csv"
$ABNORM scan -q --events "$WORK/events.csv"
echo "exit $?"
