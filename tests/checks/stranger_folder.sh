#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Someone else's folder: links, pipes, devices and bombs where files are expected. Nothing waits, nothing outside is written.
. tests/tools/serve.sh
W=$W S=$S ABNORM=${ABNORM:-$PWD/build/abnorm} python3 - <<'E2'
import gzip, os, shutil, subprocess, time

W, S, ABNORM = os.environ["W"], os.environ["S"], os.environ["ABNORM"]
number = 0


def ok(what, good, detail=""):
    global number
    number += 1
    print("ok" if good else "not ok", number, "-", what)
    if not good:
        print("#", str(detail).replace("\n", "\n# ")[:1500])


def abnorm(*args, **more):
    try:
        return subprocess.run([ABNORM, *args], capture_output=True, text=True, timeout=8, cwd=W,
                              env=dict(os.environ, ABNORM_TIINGO_KEY="k"), **more)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(args, "it waits", "", "")


def told(got, code, words):
    return got.returncode == code and words in got.stderr


PLAIN = "date,close\n2025-02-10,1\n2025-02-11,1.5\n"
OWN = "a file of mine\n"


def fresh(name):
    shutil.rmtree(f"{W}/{name}", ignore_errors=True)
    os.mkdir(f"{W}/{name}")
    with open(W + "/mine", "w") as f:
        f.write(OWN)
    return f"{W}/{name}"


def untouched():
    return open(W + "/mine").read() == OWN


def fetch(folder, *more):
    return abnorm("fetch", "AAPL", "-p", "tiingo", "--pace", "0", "--base-url", S + "/split", "-o", folder, "--now",
                  "2025-03-15T12:00:00Z", *more)


# ---- what is read ----
at = fresh("quotes")
open(at + "/A.csv", "w").write(PLAIN)
os.mkfifo(at + "/B.csv")
os.symlink("/dev/zero", at + "/C.csv")
os.symlink("nowhere", at + "/D.csv")
os.symlink(".", at + "/E.csv")
got = abnorm("quotes", "quotes")
ok("quotes: a pipe, a device, a loop beside a file", told(got, 65, "B.csv: is no plain file") and "C.csv: is no plain file" in got.stderr, got)
ok("quotes: the file is read", "2025-02-10" in got.stdout + got.stderr or "A" in got.stdout, got)
at = fresh("texts")
shutil.copy("seeds/texts/de-bestaetigung.txt", at + "/a.txt")
os.mkfifo(at + "/b.txt")
os.symlink("/dev/zero", at + "/c.txt")
os.symlink("..", at + "/up")
got = abnorm("extract", "texts")
ok("texts: a pipe and a device beside a text", "b.txt: is no plain file" in got.stderr and "c.txt: is no plain file" in got.stderr
   and got.returncode == 65 and "\na,1," in got.stdout and "/up: a link to a folder" in got.stderr, got)
got = subprocess.run(["bash", "-c", f"'{ABNORM}' extract <(cat {W}/texts/a.txt)"], capture_output=True, text=True, timeout=20)
ok("a pipe that is asked for is read", got.returncode == 0 and ",1," in got.stdout, got)
with open(W + "/bomb.csv.gz", "wb") as f:
    f.write(gzip.compress(b"date,close\n" + b"0" * (200 << 20), 9))
got = abnorm("quotes", "bomb.csv.gz")
ok("a bomb of quotes", told(got, 65, "larger than"), got)
got = abnorm("extract", "bomb.csv.gz")
ok("a bomb of text", got.returncode == 65 and "larger than" in got.stderr, got)
rows = "".join(f"2{i:03}-{m:02}-{d:02},{100 + d % 7}\n" for i in range(1000) for m in range(1, 13) for d in range(1, 29))
with open(W + "/whole.csv", "w") as f:
    f.write("symbol,date,close\n" + "".join("S," + row for row in rows.splitlines(True)))
codes = []
for turn in range(40):  # cut while it is read: sooner or later in the reading
    shutil.copy(W + "/whole.csv", W + "/cut.csv")
    child = subprocess.Popen([ABNORM, "quotes", "cut.csv", "--summary"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=W)
    time.sleep(.002 * (turn % 20))
    os.truncate(W + "/cut.csv", 4096)
    said = child.communicate()[1].decode()
    codes.append(child.returncode)
    if child.returncode not in (0, 65):
        break
ok("a file that is cut while it is read", codes[-1] in (0, 65) or codes[-1] == 75 and said.count("cut short while it was read") == 1, (codes, said))
print(f"# {len(codes)} readings, the last of which ended with {codes[-1]}")
for name in ("cars.csv", "returns.csv", "run.json", "report.html", "events.csv"):
    at = fresh("results")
    open(at + "/caar.csv", "w").write("group,model,event_time,n,caar,lo,hi\n,market,0,1,.1,0,.2\n,market,1,1,.1,0,.2\n")
    os.mkfifo(f"{at}/{name}")
    drawn, page = abnorm("plot", "results"), abnorm("report", "results")
    ok(f"results: {name} is a pipe", "it waits" not in (drawn.returncode, page.returncode), (drawn, page))

# ---- what is written ----
for name in (".abnorm.lock", ".abnorm.fetch", "AAPL.csv", "AAPL.json", ".abnorm.news.csv", "actions"):
    at = fresh("cache")
    os.symlink("../mine", f"{at}/{name}")
    got = [fetch("cache"), abnorm("fetch", "--news", S + "/feed", "--pace", "0", "-o", "cache")]
    ok(f"cache: {name} is a link", untouched() and "it waits" not in [g.returncode for g in got], got)
at = fresh("cache")
os.mkdir(W + "/elsewhere")
open(W + "/elsewhere/splits.csv", "w").write(OWN)
os.symlink("../elsewhere", at + "/actions")
got = fetch("cache")
ok("cache: actions is a link to a folder", open(W + "/elsewhere/splits.csv").read() == OWN and "no folder of its own" in got.stderr, got)
for name in (".abnorm.lock", ".abnorm.fetch", "AAPL.csv", "AAPL.json", ".abnorm.news.csv"):
    at = fresh("cache")
    os.mkfifo(f"{at}/{name}")
    got = [fetch("cache"), abnorm("fetch", "--news", S + "/feed", "--pace", "0", "-o", "cache")]
    ok(f"cache: {name} is a pipe", "it waits" not in [g.returncode for g in got], got)
study = ["study", "-q", "--events", "e.csv", "--quotes", "q.csv", "--model", "mean", "--estimation=-12:-2", "--min-estimation", "5", "-o", "out"]
with open(W + "/q.csv", "w") as f:
    f.write("symbol,date,close\n" + "".join(f"A,2025-01-{d:02},{100 + d * 7 % 5}\n" for d in range(1, 31)))
open(W + "/e.csv", "w").write("event_id,symbol,event_date\ne,A,2025-01-20\n")
for name in ("cars.csv", "run.json", ".abnorm.lock", ".cars.csv.AAAAAA", ".car.png.part", "car.gp", "car.png", "report.html"):
    at = fresh("out")
    os.symlink("../mine", f"{at}/{name}")
    got = [abnorm(*study), abnorm("plot", "out"), abnorm("report", "out")]
    ok(f"results: {name} is a link", untouched() and "it waits" not in [g.returncode for g in got], got)
print(f"1..{number}")
E2
