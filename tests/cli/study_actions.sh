# SPDX-License-Identifier: GPL-3.0-or-later
# Dividends and splits that fetch keeps beside the quotes are used, unless others or none are named.
mkdir -p "$WORK/kept/actions"
cp data/quotes/AAPL.csv data/quotes/BABA.csv "data/quotes/^GSPC.csv" "$WORK/kept"
printf 'symbol,ex_date,amount,currency\nAAPL,2025-02-10,2,USD\n' >"$WORK/kept/actions/dividends.csv"
printf 'symbol,ex_date,ratio\nBABA,2025-02-12,2\n' >"$WORK/kept/actions/splits.csv"
printf 'event_id,symbol,event_date\ne1,AAPL,2025-02-11\ne1,BABA,2025-02-11\n' >"$WORK/events.csv"
for more in '' '--dividends none' '--dividends none --splits none' '--dividends data/dividends.csv --splits data/splits.csv'; do
    echo "with ${more:-what is there}:"
    "$ABNORM" study --events "$WORK/events.csv" --quotes "$WORK/kept" --tests car_t --windows=-1:1 --digits 4 -o "$WORK/out" $more
    cut -d, -f1-7 "$WORK/out/cars.csv"
    grep -c 'kept/actions/[a-z]*.csv",' "$WORK/out/run.json"
done
printf 'symbol,ex_date,amount,currency\nAAPL,soon,2,USD\n' >"$WORK/kept/actions/dividends.csv"
"$ABNORM" study --events "$WORK/events.csv" --quotes "$WORK/kept" --tests car_t
