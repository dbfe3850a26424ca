#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Names and tables of a stranger: nothing in them runs in a shell, in gnuplot, in a spreadsheet or in a browser, or leaves its folder.
ABNORM=${ABNORM:-$PWD/build/abnorm}
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
W=$W ABNORM=$ABNORM python3 - <<'E2'
import csv, html.parser, json, os, re, shutil, subprocess, time

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

class Page(html.parser.HTMLParser):
    """The kinds of elements and attributes that a page has, and its scripts."""

    def __init__(self, text):
        super().__init__()
        self.parts, self.scripts = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.parts |= {tag} | {(tag, name) for name, _ in attributes}
        self.parts |= {(tag, name, "outside") for name, value in attributes
                       if name in ("href", "src", "xlink:href") and not (value or "").startswith("#")}
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, text):
        if self.lasttag == "script" and self.scripts:
            self.scripts[-1] += text


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

factors = [d + "," + ",".join(str((i * k % 13 - 6) / 1000) for k in (3, 5)) + "\n" for i, d in enumerate(days)]
with open(W + "/factors.csv", "w") as f:
    f.write("date,=cmd|'/c calc'!A0,a|b\n" + "".join(factors))
priced = abnorm("study", "-q", "--events", "events.csv", "--quotes", "quotes.csv", "--model", "factors", "--factors", "factors.csv",
                "--estimation=-120:-11", "--tests", "car_t", "--safe-csv", "-o", "priced", cwd=W)
heads = next(csv.reader(open(W + "/priced/models.csv", newline=""))) if priced.returncode == 0 else []
ok("factors of any name are measured", "beta__cmd___c_calc__a0" in heads and "beta_a_b" in heads, (priced.returncode, priced.stderr, heads))

# ---- a terminal: what a name says is shown, what it orders is not ----
ORDERS = ["A\x1b[2J", "A\x9b2J", "A\u009b2J", "A\x07\x08", "A\u202egpj", "A\r\nB", "A\x7f"]
for way, args in {
    "a symbol of an event": lambda n: ["study", "--events", "orders.csv", "--quotes", "quotes.csv", "--benchmark", "MKT"],
    "a symbol to fetch": lambda n: ["fetch", n, "-p", "yahoo"],
    "a file": lambda n: ["quotes", n + "/no.csv"],
    "an option": lambda n: ["study", "--model", n],
    "a command": lambda n: [n],
    "a listing": lambda n: ["extract", "--listings", "listed.csv", "events.csv"],
}.items():
    seen = []
    for name in ORDERS:
        for file, head in (("orders.csv", "event_id,symbol,event_date\n"), ("listed.csv", "symbol,company\n")):
            with open(f"{W}/{file}", "wb") as f:
                row = ['"' + name.replace("\r\n", "\n") + '"'] if file == "listed.csv" else ["e", '"' + name + '"', days[170]]
                f.write((head + ",".join(row + ["x"][:2 - len(row)]) + "\n").encode("latin-1" if name == "A\x9b2J" else "utf-8"))
        got = subprocess.run([ABNORM, *args(name)], capture_output=True, cwd=W)
        said = got.stderr.decode("utf-8", errors="replace")
        if (not said and way != "a listing") or re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufffd]", said):
            seen.append((name, got.stderr))
    ok(f"{way} gives a terminal no orders", not seen, seen)

for name in ORDERS:
    base = name.replace("/", "_")
    os.makedirs(W + "/explained", exist_ok=True)
    shutil.copy(os.path.join(TOP, "seeds/texts/de-bestaetigung.txt"), f"{W}/explained/{base}.txt")
    with open(f"{W}/explained/{base}.csv", "w") as f:
        f.write("date,close\n2025-02-10,1\n2025-02-11,100\n")
for args in (["extract", "--explain", *[f"explained/{n.replace('/', '_')}.txt" for n in ORDERS]], ["quotes", "explained", "--format", "text"]):
    got = subprocess.run([ABNORM, *args], capture_output=True, cwd=W)
    said = (got.stdout + got.stderr).decode("utf-8", errors="replace")
    orders = re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufffd]", said)
    ok(f"nor does what {args[0]} explains", len(said) > 500 and not orders, (orders[:3], said[:300]))

# ---- JSON of bytes that are no UTF-8 ----
with open(W + "/latin.csv", "wb") as f:
    f.write(open(W + "/quotes.csv", "rb").read().replace(b"MKT", b"M\xe9\x9b") + b"")
with open(W + "/latin_events.csv", "wb") as f:
    f.write(f"event_id,symbol,event_date\nev\xe9\"\\,M\xe9\x9b,{days[170]}\n".encode("latin-1"))
latin = ["study", "-q", "--events", "latin_events.csv", "--quotes", "latin.csv", "--model", "mean", "--estimation=-120:-11", "--tests", "car_t"]
got = subprocess.run([ABNORM, *latin, "--format", "json"], capture_output=True, cwd=W)
try:
    fine = len(json.loads(got.stdout.decode("utf-8"))) > 0
except ValueError as why:
    fine = False
ok("JSON is JSON whatever a name is", fine, (got.stdout[:300], got.stderr))
got = subprocess.run([ABNORM, *latin, "-o", "latin"], capture_output=True, cwd=W)
page = subprocess.run([ABNORM, "report", "latin"], capture_output=True, cwd=W)
fine = got.returncode == page.returncode == 0 and json.load(open(W + "/latin/run.json", encoding="utf-8"))
ok("and so is the record", fine, (got, page))

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
def write_tables(folder, cell):
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    for name, columns in tables.items():
        columns = columns.split(",")
        with open(f"{folder}/{name}.csv", "w", newline="") as f:
            out = csv.writer(f, lineterminator="\n")
            out.writerow(columns)
            for r in range(2):
                out.writerow(["cross_correlation" if c == "measure" else cell(r, i) for i, c in enumerate(columns)])


def write_record(folder, word):
    json.dump({"command": word, "settings": {word: word}, "inputs": [{"path": word, "sha256": "x"}], "notes": [word]},
              open(folder + "/run.json", "w"))


kinds, scripts = set(), set()
for cell in ("1", "2025-02-11", "A"):  # numbers, days and words each make other parts of the page
    write_tables(W + "/plain", lambda r, i: cell)
    write_record(W + "/plain", "word")
    abnorm("report", "plain", cwd=W)
    page = Page(open(W + "/plain/report.html", encoding="utf-8").read())
    kinds |= page.parts
    scripts |= set(page.scripts)
for shift in range(len(HOSTILE)):
    folder = f"{W}/theirs"
    write_tables(folder, lambda r, i: HOSTILE[(shift + r * 3 + i // 4) % len(HOSTILE)])
    write_record(folder, HOSTILE[shift])
    drawn = abnorm("plot", "theirs", "--form", "svg", cwd=W)
    page = abnorm("report", "theirs", cwd=W)
    seen = Page(open(folder + "/report.html", encoding="utf-8", errors="replace").read() if page.returncode == 0 else "")
    if drawn.returncode or page.returncode or escaped() or seen.parts - kinds or set(seen.scripts) - scripts:
        ok(f"their folder, {HOSTILE[shift]!r:.60}", False, (escaped(), drawn.stderr, page.stderr, seen.parts - kinds))
        break
else:
    ok(f"{len(HOSTILE)} hostile folders are drawn and reported, and nothing runs", True)

# ---- pictures of theirs, which the page would take in ----
PICTURE = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><g fill="red">{}</g></svg>{}'
pictures = [(p, "") for p in (
    "<script>alert(1)</script>", "<path d='M0,0' onload='alert(1)'/>", "<path d='M0,0' ONLOAD=alert(1) />", "<a href='https://x.y'><text>x</text></a>",
    "<image href='https://x.y/z.png'/>", "<use xlink:href='https://x.y/z.svg#a'/>", "<use href='data:image/svg+xml;base64,PHN2Zy8+#a'/>",
    "<style>* {background: url(https://x.y)}</style>", "<rect fill='url(https://x.y#a)'/>", "<rect style='fill:u\\72l(https://x.y)'/>",
    "<rect fill='&#117;rl(https://x.y)'/>", "<foreignObject><body onload='alert(1)'/></foreignObject>", "<animate attributeName='href' values='javascript:alert(1)'/>",
    "<set attributeName='onmouseover' to='alert(1)'/>", "</g></svg><script>alert(1)</script><svg><g>", "<!-- --><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>", "<title><img src=x onerror=alert(1)></title>", "<path d='M0,0' title=\"'onload=alert(1) \"x='/>", "<text>")]
pictures += [("", "<script>alert(1)</script>"), ("", "text"), ("</g>", "")]
open_ = []
for inside, behind in pictures:
    write_tables(W + "/theirs", lambda r, i: "A")
    with open(W + "/theirs/power.svg", "w") as f:
        f.write(PICTURE.format(inside, behind))
    os.remove(W + "/theirs/simulation.csv")
    abnorm("report", "theirs", cwd=W)
    text = open(W + "/theirs/report.html").read()
    seen = Page(text)
    if "power.svg is not shown" not in text or seen.parts - kinds or set(seen.scripts) - scripts:
        open_.append((inside, behind, seen.parts - kinds))
ok("a picture that is more than one is not taken into the page", not open_, open_)
with open(W + "/theirs/power.svg", "w") as f:
    f.write(PICTURE.format("<use xlink:href='#a'/><rect fill=\"url(#b)\" x='1'/><title>'x.csv' using 1</title><title>kept</title><text>x &lt; y<tspan>z</tspan></text>", "\n"))
abnorm("report", "theirs", cwd=W)
text = open(W + "/theirs/report.html").read()
ok("a plain one is, but for hints of code", "x &lt; y<tspan>" in text and "<title>kept" in text and "using 1" not in text)

# ---- a table that is all header ----
with open(W + "/columns.csv", "w") as f:
    f.write("date," + ",".join(f"S{i}" for i in range(200000)) + "\n2025-02-10," + ",".join(["1"] * 200000) + "\n")
try:
    got = abnorm("quotes", "columns.csv", "--summary", cwd=W, timeout=10)
    good = got.returncode == 0 and got.stdout.count("\n") == 200001
except subprocess.TimeoutExpired:
    good = False
ok("200,000 columns are read as fast as so many rows", good)

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
