#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Numbers under stress, through every model and test: prices of 1e-300 and 1e300, of the smallest and the largest double, jumping
# from one end to the other, constant ones; returns of -1 and 1e300; windows of two; events without any row of comparison. Nothing
# that is no number is printed as one, and listings beside such ones are measured as if these were not there.
ABNORM=${ABNORM:-$PWD/build/abnorm}
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
W=$W ABNORM=$ABNORM python3 - <<'E2'
import csv, json, os, random, re, subprocess, time

W, ABNORM = os.environ["W"], os.environ["ABNORM"]
os.chdir(W)
days, d = [], 19000
while len(days) < 260:
    if (d + 4) % 7 not in (0, 6):
        days.append(time.strftime("%Y-%m-%d", time.gmtime(d * 86400)))
    d += 1
random.seed(1)
walk = [1.0]
for i in range(259):
    walk.append(walk[-1] * (1 + random.gauss(0, .01)))
like = lambda size: [size * x * (1 + random.gauss(0, .01)) for x in walk]
prices = {"MKT": [100 * x for x in walk], "NORM": like(20), "NORM2": like(30), "TINY": like(1e-300), "HUGE": like(1e300), "FLAT": [50] * 260,
          "JUMP": [1e-300 if i % 2 else 1e300 for i in range(260)], "FALL": [x if i != 205 else 1e-300 for i, x in enumerate(like(100))],
          "TOP": [1.7e308 * min(1, x) for x in walk], "LEAST": [5e-324 * (1 + i % 3) for i in range(260)], "SAME": [100 * x for x in walk]}
returns = {"MKT": [random.gauss(0, .01) for _ in days], "CALM": [random.gauss(0, .01) for _ in days],
           "DEAD": [-1 if i == 200 else random.gauss(0, .02) for i in range(260)], "GONE": [-1 if i > 206 else random.gauss(0, .02) for i in range(260)],
           "BIG": [1e300 if i == 205 else random.gauss(0, .01) for i in range(260)], "CONST": [.001] * 260}


def write(name, columns):
    with open(name, "w") as f:
        f.write("date," + ",".join(columns) + "\n")
        for i, day in enumerate(days):
            f.write(day + "," + ",".join(repr(columns[s][i]) for s in columns) + "\n")


def events(name, symbols):
    with open(name, "w") as f:
        f.write("event_id,symbol,event_date\n" + "".join(f"e{s},{s},{days[205]}\n" for s in symbols))


write("prices.csv", prices)
write("returns.csv", returns)
write("plain.csv", {s: prices[s] for s in ("MKT", "NORM", "NORM2")})
events("pe.csv", [s for s in prices if s != "MKT"])
events("re.csv", [s for s in returns if s != "MKT"])
events("ne.csv", ["NORM", "NORM2"])
MODELS = "mean,market_adjusted,market,scholes_williams,dimson,robust,garch,egarch,portfolio,synthetic"
number = 0


def ok(what, good, detail=""):
    global number
    number += 1
    print("ok" if good else "not ok", number, "-", what)
    if not good:
        print("#", str(detail)[:1500].replace("\n", "\n# "))


def strange(folder):
    found = []
    for name in os.listdir(folder):
        if name.endswith(".csv"):
            for row in csv.reader(open(f"{folder}/{name}")):
                found += [(name, row[:4], c) for c in row if re.fullmatch(r"[-+]?(nan|inf|infinity)(\(.*\))?", c, re.I)]
    return found


def run(*args):
    got = subprocess.run([ABNORM, *args], capture_output=True, text=True)
    return got


shared = ["--benchmark", "MKT", "--replicates", "99", "-q"]
for name, args in {
    "prices": ["study", "--events", "pe.csv", "--quotes", "prices.csv", "--model", MODELS, "--estimation=-120:-11", "--windows", "0:0,-1:1,-5:5"],
    "log prices": ["study", "--events", "pe.csv", "--quotes", "prices.csv", "--log", "--model", MODELS, "--estimation=-120:-11", "--windows", "0:1"],
    "returns": ["study", "--events", "re.csv", "--quotes", "returns.csv", "--returns", "--model", MODELS, "--estimation=-120:-11", "--windows", "0:1"],
    "log returns": ["study", "--events", "re.csv", "--quotes", "returns.csv", "--returns", "--log", "--model", MODELS, "--estimation=-120:-11", "--windows", "0:1"],
    "windows of two": ["study", "--events", "pe.csv", "--quotes", "prices.csv", "--model", "mean,market,dimson", "--estimation=-12:-11", "--min-estimation", "2"],
    "windows of three": ["study", "--events", "pe.csv", "--quotes", "prices.csv", "--model", "mean,market,dimson", "--estimation=-13:-11", "--min-estimation", "2"],
}.items():
    folder = name.replace(" ", "_")
    got = run(*args, *shared, "-o", folder)
    ok(f"{name}: an answer or an error", got.returncode in (0, 65), (got.returncode, got.stderr))
    if got.returncode == 0:
        ok(f"{name}: no NaN and no infinity is printed", not strange(folder), strange(folder)[:8])
        page = run("report", folder)
        html = open(folder + "/report.html").read() if page.returncode == 0 else "nan"
        ok(f"{name}: nor on the page", page.returncode == 0 and not re.search(r"[>,\[:( ]-?(nan|inf)(%| %|[<,\])])", html, re.I), page.stderr)
got = run("scan", "--quotes", "prices.csv", "--benchmark", "MKT", "--events", "pe.csv", "-q", "-o", "scan")
ok("scan", got.returncode in (0, 65) and (got.returncode or not strange("scan")), (got.returncode, got.stderr, strange("scan")[:5]))
got = run("quotes", "prices.csv")
ok("quotes", got.returncode in (0, 65) and not re.search(r",-?(nan|inf)(,|$)", got.stdout, re.M), got.stdout)
run("study", "--events", "ne.csv", "--quotes", "plain.csv", "--model", "market,garch", "--estimation=-120:-11", "--windows", "0:1", *shared, "-o", "alone")
run("study", "--events", "pe.csv", "--quotes", "prices.csv", "--model", "market,garch", "--estimation=-120:-11", "--windows", "0:1", *shared, "-o", "among")
cars = [{(r["symbol"], r["model"]): (r["car"], r["car_se"], r["t"], r["p"]) for r in csv.DictReader(open(f + "/cars.csv"))
         if r["symbol"].startswith("NORM")} for f in ("alone", "among")]
ok("listings beside them are measured as without them", len(cars[0]) == 4 and cars[0] == cars[1], cars)
scaled = {r["symbol"]: r for r in csv.DictReader(open("among/models.csv")) if r["model"] == "market"}
ok("a scale of 1e-300 or 1e300 costs no regression", all(float(scaled[s]["beta"]) for s in ("TINY", "HUGE")), scaled)
print(f"1..{number}")
E2
