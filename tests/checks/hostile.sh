#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Names and tables of a stranger: nothing in them runs in a shell, in gnuplot, in a spreadsheet or in a browser, or leaves its folder.
ABNORM=${ABNORM:-$PWD/build/abnorm}
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
W=$W ABNORM=$ABNORM python3 - <<'E2'
import csv, json, os, re, shutil, subprocess, time

W, ABNORM, TOP = os.environ["W"], os.environ["ABNORM"], os.getcwd()
number = 0


def ok(what, good, detail=""):
    global number
    number += 1
    print("ok" if good else "not ok", number, "-", what)
    if not good and detail:
        print("#", str(detail).replace("\n", "\n# ")[:2000])


def abnorm(*args, **more):
    return subprocess.run([ABNORM, *args], capture_output=True, text=True, **more)


def escaped():
    found = [os.path.join(at, n) for at, _, names in os.walk(W) for n in names if "owned" in n]
    return found + ([TOP + "/owned"] if os.path.exists(TOP + "/owned") else [])


RUN = "touch " + W + "/owned"
HOSTILE = [
    f"'; system('{RUN}'); '", f"''.system('{RUN}').'", f"`{RUN}`", f"$({RUN})", f"; {RUN};", f"|{RUN}",
    f"A\nEOD\nsystem('{RUN}')\n!{RUN}\n", f"'\n!{RUN}\n", f"\\\n!{RUN}\n", f'"; system("{RUN}"); "', "@form", "%s%n%n",
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(1)",
    "../../owned", "/tmp/owned", "..", "CON", "a" * 3000, "\x7f\x1b]0;x\x07", "{/Symbol a}", "é\u202egpj",
]

# ---- through a study: symbols, events, groups ----
days = []
day = 19700
while len(days) < 200:
    if (day + 4) % 7 not in (0, 6):
        days.append(time.strftime("%Y-%m-%d", time.gmtime(day * 86400)))
    day += 1
names = [h for h in HOSTILE if h.strip() == h and len(h) < 200 and '"' not in h and h.isprintable()]
with open(W + "/quotes.csv", "w", newline="") as f:
    out = csv.writer(f, lineterminator="\n")
    out.writerow(["symbol", "date", "close"])
    for s, name in enumerate(names + ["MKT"]):
        for i, d in enumerate(days):
            out.writerow([name, d, 100 + (i * 7919 + s * 104729) % 101 / 10])
with open(W + "/events.csv", "w", newline="") as f:
    out = csv.writer(f, lineterminator="\n")
    out.writerow(["event_id", "symbol", "event_date", "sector"])
    for i, name in enumerate(names):
        out.writerow([names[-1 - i], name, days[170], name])
study = ["study", "-q", "--events", "events.csv", "--quotes", "quotes.csv", "--benchmark", "MKT", "--estimation=-120:-11",
         "--group", "sector", "--tests", "car_t"]
made = abnorm(*study, "-o", "out", cwd=W)
ok("a study of hostile names", made.returncode == 0 and os.path.exists(W + "/out/cars.csv"), made.stderr)
symbols = {r["symbol"] for r in csv.DictReader(open(W + "/out/cars.csv", newline=""))}
ok("keeps them as they are", symbols == set(names), symbols ^ set(names))
drawn = abnorm("plot", "out", cwd=W)
ok("is drawn", drawn.returncode == 0 and (not shutil.which("gnuplot") or os.path.exists(W + "/out/car.png")), drawn.stderr)
page = abnorm("report", "out", cwd=W)
ok("has a page", page.returncode == 0, page.stderr)
html = open(W + "/out/report.html", encoding="utf-8", errors="replace").read()
ok("in which no name is markup", "<script>alert" not in html and "<img src=x" not in html)
ok("and nothing ran", not escaped(), escaped())
ok("and nothing left the folder", sorted(os.listdir(W)) == ["events.csv", "out", "quotes.csv"], os.listdir(W))

# ---- a spreadsheet ----
safe = abnorm(*study, "-o", "safe", "--safe-csv", cwd=W)
cells = [c for n in os.listdir(W + "/safe") if n.endswith(".csv") for row in csv.reader(open(f"{W}/safe/{n}", newline=""))
         for c in row]
runs = [c for c in cells if c[:1] in "=+-@\t\r" and c and not re.fullmatch(r"[-+]?[0-9.e+-]+", c)]
ok("--safe-csv: no cell is a formula", safe.returncode == 0 and not runs and "'=cmd|'/c calc'!A0" in cells, runs[:5])
ok("nor on stdout", "\n'=cmd" in "\n" + "\n".join(c for row in csv.reader(
    abnorm(*study, "--safe-csv", cwd=W).stdout.splitlines()) for c in row))

# ---- someone else's result folder: every cell of every table is hostile ----
tables = {
    "returns": "event_id,symbol,model,date,event_time,return,expected,abnormal,abnormal_se,standardized,cumulative,cumulative_se",
    "cars": "event_id,symbol,model,window_from,window_to,n,car,car_se,lo,hi,t,p", "caar": "group,model,event_time,n,caar,lo,hi,aar,se",
    "prices": "symbol,date,close,index,event_id", "claims": "doc,claim,symbol,kind,pct,session,verdict,actual_pct,quote",
    "moves": "symbol,date,return,abnormal,z,p,q,event_id,lag_sessions,explained",
    "coincidence": "measure,lag,events,observed,expected,p,value,lo,hi", "parity": "depositary,ordinary,date,deviation,event_id",
    "leadlag": "leader,follower,segment,lag,correlation,n", "venues": "event_id,company,symbol,closed_at,step,cumulative",
    "simulation": "statistic,shock_pct,rho,event_sd,samples,securities,level,rejection_rate,lo95,hi95",
    "models": "event_id,symbol,model,n", "alignment": "event_id,symbol,mic", "documents": "doc,lang,title,published",
    "events": "event_id,announced_at,symbols,type", "tests": "group,model,statistic,value,p", "estimation": "event_id,symbol,model,date,return,benchmark",
}
for shift in range(len(HOSTILE)):
    folder = f"{W}/theirs"
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    for name, columns in tables.items():
        columns = columns.split(",")
        with open(f"{folder}/{name}.csv", "w", newline="") as f:
            out = csv.writer(f, lineterminator="\n")
            out.writerow(columns)
            for r in range(2):
                out.writerow(["cross_correlation" if c == "measure" else HOSTILE[(shift + r * 3 + i // 4) % len(HOSTILE)]
                              for i, c in enumerate(columns)])
    json.dump({"command": HOSTILE[shift], "settings": {HOSTILE[shift]: HOSTILE[shift]}, "inputs": [{"path": HOSTILE[shift], "sha256": "x"}],
               "notes": [HOSTILE[shift]]}, open(folder + "/run.json", "w"))
    drawn = abnorm("plot", "theirs", "--form", "svg", cwd=W)
    page = abnorm("report", "theirs", cwd=W)
    html = open(folder + "/report.html", encoding="utf-8", errors="replace").read() if page.returncode == 0 else ""
    if drawn.returncode or page.returncode or escaped() or "<script>alert" in html or "<img src=x" in html:
        ok(f"their folder, {HOSTILE[shift]!r:.60}", False, (escaped(), drawn.stderr, page.stderr))
        break
else:
    ok(f"{len(HOSTILE)} hostile folders are drawn and reported, and nothing runs", True)

# ---- file names ----
os.mkdir(W + "/named")
for name in HOSTILE:
    base = name.replace("/", "_").replace("owned", "own")[:80]
    with open(f"{W}/named/{base}.txt", "w") as f:
        f.write("Apple opens a shop\nPublished: February 11, 2025\n\nApple rose 2.18% on Tuesday.\n")
got = abnorm("extract", "named", "-o", "read", cwd=W)
ok("texts of any name are read", got.returncode == 0 and os.path.exists(W + "/read/claims.csv"), got.stderr)
quiet = abnorm("extract", "named", "-v", cwd=W)
ok("and no control character of a name reaches the terminal", "\x1b" not in quiet.stderr, quiet.stderr)
ok("nothing ran in the end", not escaped(), escaped())
print(f"1..{number}")
E2
