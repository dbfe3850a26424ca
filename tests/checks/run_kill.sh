#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# End a run, an extraction and a study at random moments by SIGKILL, SIGINT and SIGTERM: each file that is seen is a whole one, old or new; where
# run.json stands the tables are one set; the two polite signals end the command at once and leave no temporary file; the next run
# completes and leaves none. Then two runs into one folder, a folder that is not writable. ABNORM_KILLS sets how often (default 12).
W=$(mktemp -d)
trap 'chmod -R u+w "$W"; rm -rf "$W"' EXIT
W=$W ABNORM=${ABNORM:-build/abnorm} KILLS=${ABNORM_KILLS:-12} python3 - <<'E2'
import fcntl, os, random, shutil, signal, subprocess, time

W, ABNORM, KILLS = os.environ["W"], os.environ["ABNORM"], int(os.environ["KILLS"])
random.seed(3)
with open(W + "/events.csv", "w") as f:
    f.write("event_id,symbol,event_date\n" + "".join(
        f"e{s},{s},2025-02-12\n" for s in ("AAPL", "BABA", "9988.HK")))
COMMANDS = {
    "run": [ABNORM, "run", "-q", "seeds/study.json"],
    "extract": [ABNORM, "extract", "-q", "seeds/texts"],
    "study": [ABNORM, "study", "-q", "--events", W + "/events.csv", "--quotes", "data/quotes"],
}


def start(command, folder, digits):
    return subprocess.Popen([*command, "--digits", str(digits), "-o", folder], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def files(folder):
    return {name: open(os.path.join(folder, name), "rb").read() for name in sorted(os.listdir(folder))
            if name != ".abnorm.lock"} if os.path.isdir(folder) else {}


def whole(name, data):
    end = {".png": b"IEND\xaeB`\x82", ".svg": b"</svg>", ".html": b"</html>", ".gp": b"\n"}
    tail = end.get(os.path.splitext(name)[1])
    return tail is None or data.rstrip(b"\n ").endswith(tail.rstrip()) or tail == b"\n" and data.endswith(tail)


number = 0


def check(what, count):
    global number
    number += 1
    print("not ok" if count else "ok", number, "-", what, f"({count})" if count else "")


met = {s: 0 for s in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)}
half = mixed = rude = slow = left = unfinished = rubbish = 0
for name, command in COMMANDS.items():
    old, new = f"{W}/{name}.old", f"{W}/{name}.new"
    assert start(command, old, 6).wait() == 0
    began = time.monotonic()
    assert start(command, new, 10).wait() == 0
    span = time.monotonic() - began
    before, after = files(old), files(new)
    tables = [n for n in after if n.endswith(".csv")]
    kept = [n for n in after if not n.endswith((".png", ".svg"))]  # pictures are drawn by another program
    assert any(before[n] != after[n] for n in tables)
    for turn in range(max(1, KILLS // len(COMMANDS))):
        folder = W + "/killed"
        shutil.rmtree(folder, ignore_errors=True)
        if turn % 2 == 0:
            shutil.copytree(old, folder)
        number_of = list(met)[turn % 3]
        child = start(command, folder, 10)
        time.sleep(random.random() * span)
        running = child.poll() is None
        began = time.monotonic()
        child.send_signal(number_of)
        code = child.wait()
        met[number_of] += running
        slow += time.monotonic() - began > 5  # a commit under way syncs its files first
        rude += running and code not in (-number_of, 0)
        seen = files(folder)
        hidden = [n for n in seen if n.startswith(".")]
        if number_of != signal.SIGKILL:
            left += len(hidden)
        for n, data in seen.items():
            if n.startswith("."):
                continue
            if n.endswith(".csv"):
                half += data not in (before.get(n), after.get(n))
            else:
                half += not whole(n, data)
        if "run.json" in seen:
            sets = [{n: s.get(n) for n in kept} for s in (before, after)]
            mixed += {n: seen.get(n) for n in kept} not in sets
        unfinished += start(command, folder, 10).wait() != 0
        done = files(folder)
        unfinished += any(done.get(n) != after[n] for n in tables)
        rubbish += sum(n.startswith(".") for n in done)
print("#", ", ".join(f"{s.name} met {n}" for s, n in met.items()), "of", len(COMMANDS) * max(1, KILLS // len(COMMANDS)), "runs")
check("no half file", half)
check("no mixed set under a run.json", mixed)
check("a signal ends the command at once", slow)
check("by that signal, as a shell sees it", rude)
check("SIGINT and SIGTERM leave no temporary file", left)
check("the next run completes", unfinished)
check("and leaves no temporary file", rubbish)
check("signals met running commands", sum(met.values()) == 0)

folder = W + "/study.new"
with open(folder + "/.abnorm.lock", "r+") as lock:
    fcntl.lockf(lock, fcntl.LOCK_EX)
    was = files(folder)
    second = subprocess.run([*COMMANDS["study"], "-o", folder], capture_output=True, text=True)
    check("a second run into the folder exits 75", second.returncode != 75)
    check("says why", second.stderr != f"abnorm: {folder}: another run writes to this folder\n")
    check("and changes nothing", files(folder) != was)
shutil.rmtree(W + "/killed", ignore_errors=True)
blocked = W + "/file"
open(blocked, "w").close()
ended = subprocess.run([*COMMANDS["study"], "-o", blocked + "/out"], capture_output=True, text=True)
check("a folder that cannot be made is an error", ended.returncode != 71 or blocked not in ended.stderr)
if os.getuid():
    os.chmod(folder, 0o500)
    ended = subprocess.run([*COMMANDS["study"], "-o", folder], capture_output=True, text=True)
    check("so is one that is not writable", ended.returncode != 71 or folder not in ended.stderr)
print(f"1..{number}")
E2
