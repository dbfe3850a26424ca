# SPDX-License-Identifier: GPL-3.0-or-later
# Morning in New York is late evening in Hong Kong; a date alone; a user's own closure.
"$ABNORM" align 2025-02-11T09:21:00-05:00 XNYS XNAS XHKG
"$ABNORM" align 2025-02-08 XNYS XHKG
printf 'exchange,date,kind\nXNYS,2025-02-11,closed\n' >"$WORK/own.csv"
"$ABNORM" align 2025-02-11T09:21:00-05:00 XNYS --calendar "$WORK/own.csv"
"$ABNORM" align 2025-02-11T09:21:00 XNYS
