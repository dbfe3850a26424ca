# SPDX-License-Identifier: GPL-3.0-or-later
# A folder of quotes with a damaged file: the others are used, the file is named, also with --quiet, and the exit code is 65.
mkdir "$WORK/q"
cp data/quotes/AAPL.csv "$WORK/q/"
printf '\037\213\010' >"$WORK/q/BABA.csv.gz"
printf 'event_id,symbol,event_date\ne,AAPL,2025-02-12\n' >"$WORK/events.csv"
"$ABNORM" study -q --events "$WORK/events.csv" --quotes "$WORK/q" --model mean --windows 0:1 --digits 4
