#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random runs of every command over numbers at the ends of what a double holds.

usage: stress.py ABNORM FOLDER RUNS SEED

Each run makes quotes (walks at any scale, constants, jumps from end to end, zeros, losses of all,
gaps), events, factors and options at random, runs one command, and looks at all that it wrote:
nothing that is no number may stand as one, a p lies in [0, 1], a standard error is not below zero,
an interval holds its estimate. Prints a line a failure, with the number of its run, which alone
makes it again (RUNS as N:N+1), and ends with 1 when there was one.
"""
import csv, html.parser, json, math, os, random, re, shutil, subprocess, sys, time

ABNORM, FOLDER, RUNS, SEED = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
FIRST, LAST = (int(n) for n in RUNS.split(":")) if ":" in RUNS else (0, int(RUNS))
MODELS = ("mean market_adjusted market scholes_williams dimson robust garch egarch portfolio synthetic "
          "factors").split()
TEXTS = os.path.abspath("seeds/texts")
NO_NUMBER = re.compile(r"[-+]?(nan|inf|infinity)(\(.*\))?", re.I)
DAYS = [time.strftime("%Y-%m-%d", time.gmtime(d * 86400)) for d in range(18000, 20250) if (d + 4) % 7 not in (0, 6)]


def extreme(r):
    return r.choice([1e-300, 1e300, 1e-308, 1.7e308, 5e-324, 1, 1e-12, 1e12, 100, 1e150, 1e-150, 2.0 ** r.randint(-1070, 1020)])


def walk(r, n, scale, sd):
    x, out = scale, []
    for _ in range(n):
        out.append(x)
        x = min(x * math.exp(min(max(r.gauss(0, sd), -50), 50)), 1.7e308)
    return out


def prices(r, n):
    kind = r.randrange(14)
    scale = extreme(r)
    if kind < 4:
        return walk(r, n, scale if r.random() < .5 else 100, r.choice([.01, .02, 1e-9, .5, 1e-16]))
    if kind == 4:
        return [scale] * n
    if kind == 5:
        return [extreme(r) for _ in range(n)]
    if kind == 6:
        return [1e-300 if i % 2 else 1e300 for i in range(n)]
    if kind == 7:
        x = walk(r, n, 100, .01)
        x[r.randrange(n)] = extreme(r)
        return x
    if kind == 8:
        x = walk(r, n, 100, .01)
        k = r.randrange(n)
        return x[:k] + [x[k]] * (n - k)
    if kind == 9:
        return [5e-324 * r.randint(1, 4) for _ in range(n)]
    if kind == 10:
        return [100 * (1 + 2.0 ** -52 * r.randint(0, 3)) for _ in range(n)]
    if kind == 11:
        return [r.choice([0, -1, 100, 101, 1e-5, -1e300]) for _ in range(n)]
    if kind == 12:
        return [100 + (i % r.randint(1, 5)) for i in range(n)]
    return [scale * (1 + i) for i in range(n)]


def returns(r, n):
    kind = r.randrange(8)
    if kind < 3:
        return [r.gauss(0, r.choice([.01, 1e-12, .3])) for _ in range(n)]
    if kind == 3:
        return [r.choice([-1, .01, -.01, 0])for _ in range(n)]
    if kind == 4:
        return [0 if r.random() < .9 else extreme(r) for _ in range(n)]
    if kind == 5:
        return [r.choice([0, .001, 5e-324, -5e-324])] * n
    if kind == 6:
        return [r.gauss(0, .01) if i != n // 2 else r.choice([-1, 1e300, -1e300, 1e308, -.999999999999]) for i in range(n)]
    return [r.choice([-1, 1]) * 10.0 ** r.randint(-320, 307) for _ in range(n)]


def cell(r, x, gaps):
    if r.random() < gaps:
        return r.choice(["", "", "nan", "inf", "-inf", "NA", "1e999", "x", "0"])
    return repr(x)


def window(r, low, high, most):
    a = r.randint(low, high)
    return f"{a}:{r.randint(a, min(a + most, high))}"


class Run:
    def __init__(self, number):
        self.r = r = random.Random(SEED * 1000003 + number)
        self.at = os.path.join(FOLDER, "run")
        shutil.rmtree(self.at, ignore_errors=True)
        os.makedirs(self.at)
        self.n = r.choice([2, 5, 12, 40, 130, 130, 260, 260, 260])
        self.symbols = ["MKT"] + [f"S{i}" for i in range(r.choice([1, 2, 3, 6]))]
        start = r.randrange(len(DAYS) - self.n)
        self.days = DAYS[start:start + self.n]
        self.is_returns = r.random() < .3
        make = returns if self.is_returns else prices
        gaps = r.choice([0, 0, 0, .05, .5])
        calm = (lambda: [r.gauss(0, .01) for _ in self.days]) if self.is_returns else lambda: walk(r, self.n, 100, .01)
        share = r.choice([0, .5, .8])
        columns = [calm() if r.random() < share else make(r, self.n) for _ in self.symbols]
        if r.random() < .15:
            columns[1] = list(columns[0])
        long = not self.is_returns and r.random() < .3
        with open(self.at + "/q.csv", "w") as f:
            f.write("symbol,date,close,volume\n" if long else "date," + ",".join(self.symbols) + "\n")
            for i, day in enumerate(self.days):
                if long:
                    for s, x in zip(self.symbols, columns):
                        f.write(f"{s},{day},{cell(r, x[i], gaps)},{cell(r, abs(extreme(r)) if r.random() < .3 else r.randint(0, 10**6), gaps)}\n")
                else:
                    f.write(day + "," + ",".join(cell(r, x[i], gaps) for x in columns) + "\n")
        with open(self.at + "/e.csv", "w") as f:
            f.write("event_id,symbol,event_date,g,x,w,event_window,estimation\n")
            for i in range(r.choice([1, 2, 5, 12])):
                own = r.random() < .1
                f.write(f"e{i},{r.choice(self.symbols[1:])},{r.choice(self.days[self.n // 2:])},{r.choice('ab')},"
                        f"{cell(r, r.choice([r.gauss(0, 1), extreme(r), 1]), .1)},{cell(r, r.choice([1, 0, extreme(r)]), .1)},"
                        f"{window(r, -3, 3, 6) if own else ''},{'-' + str(r.randint(8, 60)) + ':-4' if own else ''}\n")
        with open(self.at + "/f.csv", "w") as f:
            f.write("date,Mkt-RF,SMB,HML,RF\n")
            kind = r.randrange(4)
            for day in self.days:
                v = [r.gauss(0, .01) for _ in range(4)] if kind else [r.choice([0, .01, extreme(r) if r.random() < .1 else .02])] * 4
                f.write(day + "," + ",".join(cell(r, x, gaps / 2) for x in v) + "\n")
        with open(self.at + "/d.csv", "w") as f:
            f.write("symbol,ex_date,amount,currency\n")
            for day in sorted(r.sample(self.days, min(3, self.n))):
                f.write(f"{r.choice(self.symbols)},{day},{r.choice([1, .1, 1e-300, 1e300, 5e-324])},\n")
        self.run_now(number)

    def texts(self):
        """The announcement's texts against quotes that are not theirs."""
        r = self.r
        start = r.randint(0, 100)
        days = DAYS[-(260 - start):]
        os.mkdir(self.at + "/quotes")
        for symbol in ["^GSPC", "^HSI", "AAPL", "BABA", "9988.HK"]:
            column = walk(r, len(days), 100, .02) if r.random() < .5 else prices(r, len(days))
            with open(f"{self.at}/quotes/{symbol}.csv", "w") as f:
                f.write("date,open,high,low,close,volume\n")
                for day, x in zip(days, column):
                    f.write(f"{day},{x!r},{min(x * 1.01, 1.7e308)!r},{x * .99!r},{x!r},{r.choice([0, 1, 1000, 1e300])!r}\n")
        if r.random() < .4:
            return ["extract", TEXTS, "--quotes", "quotes", "-o", "out"] + self.some((.5, "--explain")) + self.shared()
        with open(self.at + "/study.json", "w") as f:
            json.dump({"documents": TEXTS, "quotes": "quotes", "model": r.sample(MODELS[:9], 2), "estimation": "-60:-11", "event_window": "-3:3"}, f)
        return ["run", "study.json", "--no-pictures", "-o", "out"] + self.some((.5, "--format=csv")) + self.shared()

    def some(self, *options):
        r, out = self.r, []
        for share, option in options:
            if r.random() < share:
                out.append(option(r) if callable(option) else option)
        return out

    def shared(self):
        return self.some((.3, lambda r: f"--digits={r.choice([1, 3, 15, 17])}"), (.2, lambda r: f"--threads={r.randint(1, 3)}"))

    def study(self):
        r = self.r
        from_ = r.choice([2, 3, 4, 10, 30, 100])
        to = r.randint(1, from_)
        a, b = sorted((r.randint(-6, 3), r.randint(0, 6)))
        models = r.sample(MODELS, r.choice([1, 1, 2, 4, len(MODELS)]))
        args = ["study", "--events", "e.csv", "--quotes", "q.csv", "--model", ",".join(models), "--factors", "f.csv",
                f"--estimation=-{from_ + max(-a, 0)}:-{to + max(-a, 0)}", f"--event-window={a}:{b}", f"--replicates={r.choice([1, 9, 49])}",
                "-o", "out"]
        args += self.some(
            (.8, "--benchmark=MKT"), (.3, "--log"), (.8, lambda r: f"--min-estimation={r.choice([1, 2, 3, 5])}"), (.3, "--group=g"), (.3, "--regress=x"),
            (.2, "--weights=w"), (.3, lambda r: f"--winsorise={r.choice([.01, .1, .49])}"), (.2, "--single-sessions"),
            (.2, "--exclude-events"), (.2, "--kp-align=event"), (.2, lambda r: "--as=" + r.choice(["estudy2", "eventstudy2"])),
            (.2, lambda r: "--alternative=" + r.choice(["greater", "less"])), (.3, lambda r: f"--level={r.choice([1e-15, .5, .999999999999])}"),
            (.3, "--dividends=d.csv"), (.3, lambda r: "--negative-price=" + r.choice(["missing", "abs"])),
            (.3, lambda r: "--errors=" + r.choice("classic hc0 hc1 hc2 hc3 firm date".split())),
            (.15, lambda r: "--measure=" + r.choice(["volume", "volatility"])),
            (.3, lambda r: "--windows=" + ",".join(sorted({window(r, a, b, 9) for _ in range(3)}))))
        return args + (["--returns"] if self.is_returns else []) + self.shared()

    def scan(self):
        r = self.r
        args = ["scan", "--quotes", "q.csv", "--benchmark=MKT", "--model", r.choice(MODELS[:3]), f"--replicates={r.choice([1, 49])}", "-o", "out",
                f"--estimation=-{r.choice([2, 3, 10, 60])}:-1", f"--lag={window(r, -3, 3, 5)}"]
        with open(self.at + "/l.csv", "w") as f:  # listings of one company at odds
            f.write("symbol,company,kind,mic,currency,benchmark,ratio\nMKT,Index,index,XNYS,USD,,\n")
            for i, s in enumerate(self.symbols[1:]):
                f.write(f"{s},Company,stock,{r.choice(['XNYS', 'XHKG', 'XNAS'])},{r.choice(['USD', 'HKD'])},MKT,{abs(extreme(r))!r}\n")
        return args + self.some((.5, "--listings=l.csv"), (.7, "--events=e.csv"), (.3, "--volatility=rolling"), (.3, "--adjust=none"),
                                (.3, lambda r: f"--level={r.choice([1e-12, .9, 1])}")) + self.shared()

    def simulate(self):
        r = self.r
        own = ["--quotes=q.csv", "--benchmark=MKT", "--factors=f.csv"] + (["--returns"] if self.is_returns else []) if r.random() < .6 else []
        return ["simulate", *own, f"--samples={r.choice([1, 2, 5])}", f"--securities={r.choice([1, 2, 3, 9])}",
                f"--shock={r.choice(['0', '0,1', '1e300', '-100', '1e-300', '1e308'])}", f"--model={r.choice(MODELS)}", f"--estimation=-{r.choice([3, 12, 12, 40])}:-1",
                "--event-window=0:" + r.choice("012"), "-o", "out"] + self.some(
                    (.2, "--rho=0,.99"), (.2, "--event-sd=1e-300,1e300"), (.2, "--innovations=t"), (.2, "--df=2.0000001"), (.2, "--missing=.6"),
                    (.2, "--clustered"), (.3, "--replicates=9"), (.2, "--level=1e-15"), (.2, "--log")) + self.shared()

    def power(self):
        r = self.r
        few = lambda values: ",".join(r.sample(values, 3))
        return ["power", "--events=" + few(["1", "2", "1000000000", "3", "7"]), "--sigma=" + few(["1e-300", "1e300", ".02", "1", "5e-324"]),
                "--effect=" + few(["1e-300", "1e300", "0.5", "1", "100"]), f"--power={r.choice(['.8', '1e-15', '.999999999999'])}",
                f"--level={r.choice(['.05', '1e-300', '.999999'])}"] + self.shared()

    def quotes(self):
        return ["quotes", "q.csv"] + self.some((.5, "--summary")) + (["--returns"] if self.is_returns else []) + self.shared()

    def run_now(self, number):
        make = self.r.choices([self.study, self.scan, self.quotes, self.simulate, self.power, self.texts], [12, 3, 2, 2, 1, 3])[0]
        self.number, self.args = number, make()
        try:
            got = subprocess.run([ABNORM, *self.args], capture_output=True, text=True, cwd=self.at, timeout=120)
        except subprocess.TimeoutExpired:
            return self.fail("takes more than two minutes")
        if got.returncode not in (0, 64, 65) or "runtime error" in got.stderr or "Sanitizer" in got.stderr:
            return self.fail(f"exit {got.returncode}: {got.stderr[-3000:]}")
        self.code = got.returncode
        for line in got.stderr.splitlines():
            if re.search(r"(?<![\w\"/.])[-+]?(nan|inf)\b(?!\")", line):
                self.fail("on stderr: " + line)
        if self.args[0] in ("run", "extract"):
            for line in got.stdout.splitlines():
                if re.search(r"[ ,(+-](nan|inf)\b", line):
                    self.fail("on stdout: " + line)
        elif got.stdout:
            self.table("stdout", got.stdout.splitlines())
        out = self.at + "/out"
        if got.returncode == 0 and os.path.isdir(out):
            self.look(out)

    def look(self, out):
        for name in sorted(os.listdir(out)):
            if name.endswith(".csv"):
                with open(f"{out}/{name}", newline="") as f:
                    self.table(name, f)
        try:
            json.load(open(out + "/run.json"), parse_constant=lambda c: self.fail("run.json: " + c))
        except FileNotFoundError:
            pass
        got = subprocess.run([ABNORM, "report", "out"], capture_output=True, text=True, cwd=self.at)
        if got.returncode:
            return self.fail(f"report: exit {got.returncode} {got.stderr[-2000:]}")
        page = open(out + "/report.html").read()
        for hit in re.findall(r".{0,60}[>,\[:( \"−+-](?:nan|inf)(?:&nbsp;|%| |[<,\])\"]).{0,20}", page, re.I)[:3]:
            self.fail("report: " + hit)
        got = subprocess.run([ABNORM, "plot", "out", "--data", os.environ.get("ABNORM_DATA", "data")], capture_output=True, text=True, cwd=self.at,
                             env=dict(os.environ, PATH="/nowhere"))
        if got.returncode:
            return self.fail(f"plot: exit {got.returncode} {got.stderr[-2000:]}")
        for name in os.listdir(out):
            if name.endswith(".gp"):
                for line in open(f"{out}/{name}"):
                    if re.search(r"(?<![\w'$])[-+]?(nan|inf)\b", line) and "NaN" not in line:
                        self.fail(f"{name}: {line.strip()[:200]}")

    def table(self, name, lines):
        for row in csv.DictReader(lines):
            where = f"{name} {[v for v in list(row.values())[:6]]}"
            for key, text in row.items():
                if text is None or key is None:
                    self.fail(f"{where}: the row is not as long as the header")
                elif NO_NUMBER.fullmatch(text):
                    self.fail(f"{where}: {key} is {text}")
                elif text and (key in ("p", "p_holm", "p_bh", "q", "sq_p", "placebo_p", "rejection_rate", "lo95", "hi95", "session_probability")
                               and not -1e-12 <= float(text) <= 1 + 1e-12):
                    self.fail(f"{where}: {key} is {text}")
                elif text and (key.endswith("_se") or key in ("se", "sigma")) and float(text) < 0:
                    self.fail(f"{where}: {key} is {text}")
                elif text and key == "r_squared" and float(text) > 1 + 1e-9:
                    self.fail(f"{where}: {key} is {text}")
            for middle in ("car", "caar", "estimate"):
                if all(row.get(k) for k in ("lo", "hi", middle)):
                    low, high, at = (float(row[k]) for k in ("lo", "hi", middle))
                    if not low - abs(low) * .2 <= at <= high + abs(high) * .2:
                        self.fail(f"{where}: {middle} {at} is not in {low} to {high}")

    failed = 0

    def fail(self, what):
        Run.failed += 1
        if Run.failed < 200:
            print(f"# run {self.number}: {' '.join(self.args)}\n#   {what}".replace("\n", "\n#   "), flush=True)


count = {}
for number in range(FIRST, LAST):
    run = Run(number)
    key = (run.args[0], getattr(run, "code", "failed"))
    count[key] = count.get(key, 0) + 1
print("# " + ", ".join(f"{name} exit {code}: {n}" for (name, code), n in sorted(count.items(), key=str)), f"; {Run.failed} failures")
sys.exit(Run.failed > 0)
