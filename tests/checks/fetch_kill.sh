#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Kill a fetch at random moments: every file that is seen is a whole one, old or new, and the next
# run completes. ABNORM_KILLS sets how often (default 12). An interrupted one leaves no temporary file.
. tests/tools/serve.sh
W=$W S=$S KILLS=${ABNORM_KILLS:-12} python3 - <<'E2'
import json, os, random, shutil, signal, subprocess, time

W, S, ABNORM = os.environ["W"], os.environ["S"], os.environ["ABNORM"]
symbols = [f"S{i}" for i in range(12)]
random.seed(5)


def command(folder, scene, now):
    return [ABNORM, "fetch", *symbols, "-p", "tiingo", "--pace", "0", "--base-url", f"{S}/{scene}",
            "-o", folder, "--now", now, "-q"]


def run(folder, scene, now):
    return subprocess.run(command(folder, scene, now), stdout=subprocess.DEVNULL,
                          env=dict(os.environ, ABNORM_TIINGO_KEY="k")).returncode


def files(folder):
    found = {}
    for top, _, names in os.walk(folder):
        for name in names:
            if name not in (".abnorm.lock", ".abnorm.fetch"):
                path = os.path.join(top, name)
                found[os.path.relpath(path, folder)] = open(path, "rb").read()
    return found


EARLY, LATE = "2025-03-01T12:00:00Z", "2025-03-15T12:00:00Z"
old, new = W + "/old", W + "/new"
began = time.monotonic()
assert run(old, "good", EARLY) == 0
shutil.copytree(old, new)
assert run(new, "split", LATE) == 0
span = time.monotonic() - began
before, after = files(old), files(new)
kills = bad = unfinished = broken = left = turn = 0
wanted, span = int(os.environ["KILLS"]), span / 2
while kills < wanted and turn < 4 * wanted:
    turn += 1
    folder = W + "/killed"
    shutil.rmtree(folder, ignore_errors=True)
    if turn % 2:
        shutil.copytree(old, folder)
    child = subprocess.Popen(command(folder, "split", LATE), stdout=subprocess.DEVNULL,
                             env=dict(os.environ, ABNORM_TIINGO_KEY="k"))
    time.sleep(random.random() * span)
    kills += child.poll() is None
    child.kill()
    child.wait()
    for name, data in files(folder).items():
        if os.path.basename(name).startswith("."):
            continue  # hidden: nobody reads it
        if name.startswith("actions"):
            bad += not set(data.splitlines()) <= set(after[name].splitlines())
        elif name.endswith(".json"):
            bad += json.loads(data)["symbol"] + ".json" != name
        else:
            bad += data not in (before[name], after[name])
    began = time.monotonic()
    unfinished += run(folder, "split", LATE) != 0
    span = 0.8 * span + 0.2 * (time.monotonic() - began)  # the machine's mood changes
    done = files(folder)
    rubbish = [name for name in done if os.path.basename(name).startswith(".")]
    left += len(rubbish)
    if rubbish:
        print("#", rubbish)
    for name, data in after.items():
        if not name.endswith(".json"):
            broken += done.get(name) != data
# ---- interrupts ----
interrupts = temporaries = other = 0
for turn in range(4 * wanted):
    if interrupts == wanted:
        break
    folder = W + "/interrupted"
    shutil.rmtree(folder, ignore_errors=True)
    child = subprocess.Popen(command(folder, "split", LATE), stdout=subprocess.DEVNULL,
                             env=dict(os.environ, ABNORM_TIINGO_KEY="k"))
    time.sleep(random.random() * span)
    number = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[turn % 3]
    child.send_signal(number)
    code = child.wait()
    interrupts += code == -number
    other += code not in (0, -number)
    if os.path.isdir(folder):
        temporaries += sum(os.path.basename(name).startswith(".") for name in files(folder))
print(f"# {interrupts} interrupts and {kills} kills met a running fetch of some {span:.2f} s")
for n, (what, count) in enumerate({"no half file": bad, "the next run succeeds": unfinished,
                                   "and completes": broken, "and leaves no rubbish": left,
                                   "kills met running fetches": kills < wanted,
                                   "an interrupt leaves no temporary file": temporaries,
                                   "and ends the run by its signal": other}.items(), 1):
    print("ok" if not count else "not ok", n, "-", what)
print("1..7")
E2
