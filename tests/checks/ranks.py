# SPDX-License-Identifier: GPL-3.0-or-later
# A small market with everything that several processes must tell one another of: ranks.py FOLDER [LISTINGS DAYS EVENTS]
import datetime
import gzip
import random
import sys

FOLDER = sys.argv[1]
LISTINGS, DAYS, EVENTS = map(int, sys.argv[2:5]) if len(sys.argv) > 2 else (37, 420, 300)
draw = random.Random(7)
dates, day = [], datetime.date(2019, 3, 4)
while len(dates) < DAYS:
    if day.weekday() < 5:
        dates.append(day)
    day += datetime.timedelta(1)
factor = [draw.gauss(3e-4, .01) for _ in dates]


def write(name, lines):
    with open(f"{FOLDER}/{name}", "w") as out:
        out.write("\n".join(lines) + "\n")


def path(beta, noise):
    price, out = 50., []
    for move in factor:
        price *= 1 + beta * move + draw.gauss(0, noise)
        out.append(price)
    return out


# Names whose order is neither that of the events nor that of their files ("S1-B.csv" comes before "S1.csv").
symbols = [f"S{k}" if k % 3 else f"S{k - 1}-B" for k in range(1, LISTINGS + 1)]
everything = []
for k, symbol in enumerate(symbols + ["MARKET", "AAINDEX", "UNUSED"]):
    prices = path(1 if k >= LISTINGS else draw.uniform(.5, 1.5), .004 if k >= LISTINGS else .02)
    rows = []
    for t, (date, close) in enumerate(zip(dates, prices)):
        volume = draw.randint(1000, 9000)
        if k < LISTINGS and draw.random() < .004:
            continue  # a day without trade
        if k % 5 == 0 and t == 200 + k:
            rows.append(f"{date},{rows[-1].split(',')[1]},,,,0")  # a flat bar without volume
            continue
        if k % 7 == 0 and t == 99:
            close = "n/a"
        text = close if isinstance(close, str) else f"{close:.6f}"
        rows.append(f"{date},{text},{text},{text},{text},{volume}")
        if k % 11 == 3 and t == 150:
            rows.append(rows[-1])  # twice
    write(f"quotes/{symbol}.csv", ["date,open,high,low,close,volume"] + rows)
    if k in (3, 21, 30):  # in two files, which differ in a row
        with gzip.open(f"{FOLDER}/quotes/{symbol}.csv.gz", "wt") as out:
            out.write("\n".join(["date,close"] + [r.split(",")[0] + "," + r.split(",")[4] for r in rows[5:]] + [f"{dates[2]},1"]))
    everything += [f"{symbol}," + row.split(",")[0] + "," + row.split(",")[4] for row in rows]
write("quotes/BROKEN.csv", ["nothing,of,use", "1,2,3"])
write("long.csv", ["symbol,date,close"] + everything)
write("factors.csv", ["date,Mkt-RF,SMB,HML,RF"] + [
    f"{d},{m:.6f},{draw.gauss(0, .005):.6f},{draw.gauss(0, .005):.6f},0.0001" for d, m in zip(dates, factor)])
write("dividends.csv", ["symbol,ex_date,amount,currency"] + [
    f"{s},{dates[300]},{.2 if k % 2 else 900},USD" for k, s in enumerate(symbols + ["MARKET"]) if k % 4 == 0])
# Some have an exchange whose calendar does not go so far back: its sessions are inferred, with and without a benchmark.
write("listings.csv", ["symbol,mic,currency,company,benchmark"] + [
    f"{s},{'XNYS' if k % 4 == 1 else 'XHKG' if k % 4 == 2 else 'XTKS'},USD,Company {k // 2},{'MARKET' if k % 4 == 1 else ''}"
    for k, s in enumerate(symbols) if k % 4])
lines = ["event_id,symbol,event_date,sector,size,benchmark,event_window,estimation"]
for e in range(EVENTS):
    symbol = draw.choice(symbols) if e % 50 else "GONE"
    t = draw.randint(100, DAYS - 30) if e % 37 else draw.choice([3, DAYS - 2])
    own = ("-3:12", "-90:-20") if e % 29 == 5 else ("", "")
    date = dates[t] + datetime.timedelta(1 if e % 17 == 0 else 0)
    lines.append(f"e{e},{symbol},{date},{'abc'[e % 3] if e % 4 else ''},{draw.uniform(1, 9):.3f},"
                 f"{'AAINDEX' if e % 6 == 0 else 'NONE' if e % 41 == 0 else ''},{own[0]},{own[1]}")
write("events.csv", lines)
