# SPDX-License-Identifier: GPL-3.0-or-later
# What cannot be read, in rows and in whole.
mkdir "$WORK/q"
printf 'date,close\n2024-13-01,5\n2024-01-03,x\n2024-01-04,0\n2024-01-05,5\n2024-01-05,6\n' >"$WORK/q/AAPL.csv"
printf 'Not found\n' >"$WORK/q/BABA.csv"
"$ABNORM" quotes "$WORK/q"
echo "exit $?"
"$ABNORM" quotes "$WORK/none"
echo "exit $?"
mkdir "$WORK/empty"
"$ABNORM" quotes "$WORK/empty"
echo "exit $?"
"$ABNORM" quotes "$WORK/q/BABA.csv"
