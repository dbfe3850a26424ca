# SPDX-License-Identifier: GPL-3.0-or-later
# Two announcements on three listings: sessions, abnormal returns, and a word on dependence.
cat >"$WORK/events.csv" <<END
event_id,symbol,announced_at
report,AAPL,2025-02-11T09:21:00-05:00
report,BABA,2025-02-11T09:21:00-05:00
report,9988.HK,2025-02-11T09:21:00-05:00
confirmation,AAPL,2025-02-13T10:00:00+04:00
confirmation,BABA,2025-02-13T10:00:00+04:00
confirmation,9988.HK,2025-02-13T10:00:00+04:00
END
"$ABNORM" study --events "$WORK/events.csv" --quotes data/quotes --dividends data/dividends.csv \
    --windows 0:0,0:1,-1:1,-10:10 --digits 5 -o "$WORK/out" &&
    cut -d, -f1-10 "$WORK/out/alignment.csv" && cut -d, -f1-8,11-12 "$WORK/out/cars.csv" &&
    cut -d, -f1-9 "$WORK/out/models.csv" && grep -E '^group|,0,0,(cross|patell|bmp|grank_t)' "$WORK/out/tests.csv" &&
    ls "$WORK/out"
