# SPDX-License-Identifier: GPL-3.0-or-later
# The events that extract writes, events with windows and benchmarks of their own, and the web service's three files give the
# same numbers.
cat >"$WORK/extracted.csv" <<END
event_id,announced_at,announced_on,precision,type,status,companies,symbols,documents,confidence,confirms,evidence
e1,2025-02-11T09:21:00-05:00,2025-02-11,instant,partnership,reported,Apple;Alibaba,AAPL;BABA,000,0.9,,
e2,,2025-02-13,day,partnership,confirmed,Apple;Alibaba,AAPL,003,0.9,e1,
e3,,2025-03-25,day,product,scheduled,Apple,AAPL,003,0.9,,
e4,,2025-04-01,month,product,reported,Apple,AAPL,003,0.9,,
e5,,,,regulatory,reported,Apple,AAPL,003,0.5,,
e6,,2025-02-12,day,market,reported,Alibaba,BABA,000,0.5,,
END
"$ABNORM" study --events "$WORK/extracted.csv" --quotes data/quotes --windows 0:1 --digits 5 | cut -d, -f1-8
cat >"$WORK/own.csv" <<END
id,ticker,date,benchmark,estimation,event_window
e1,AAPL,2025-02-11,^GSPC,-200:-20,-3:3
e1,BABA,2025-02-11,^GSPC,-200:-20,-3:3
e2,AAPL,2025-02-13,^GSPC,-200:-20,-3:3
END
"$ABNORM" study --events "$WORK/own.csv" --quotes data/quotes --windows 0:1 -o "$WORK/a" -q
for s in AAPL BABA; do awk -F, -v s=$s 'NR > 1 { split($1, d, "-"); print s ";" d[3] "." d[2] "." d[1] ";" $5 }' data/quotes/$s.csv; done >"$WORK/firm"
awk -F, 'NR > 1 { split($1, d, "-"); print "^GSPC;" d[3] "." d[2] "." d[1] ";" $5 }' "data/quotes/^GSPC.csv" >"$WORK/market"
cat >"$WORK/request" <<END
e1;AAPL;^GSPC;11.02.2025;x;-3;3;-20;181
e1;BABA;^GSPC;11.02.2025;x;-3;3;-20;181
e2;AAPL;^GSPC;13.02.2025;x;-3;3;-20;181
END
"$ABNORM" study --request "$WORK/request" --firm "$WORK/firm" --market "$WORK/market" --windows 0:1 -o "$WORK/b" -q
for t in models returns cars tests; do cmp "$WORK/a/$t.csv" "$WORK/b/$t.csv" && echo "$t agree"; done
head -n 2 "$WORK/b/returns.csv" | cut -d, -f1-5
