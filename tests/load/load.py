# SPDX-License-Identifier: GPL-3.0-or-later
"""What large inputs take, whether a terminal sees how far they are, and how soon ^C ends them at several moments, with what it leaves.
usage: load.py ABNORM TEXTS QUOTES EVENTS SCRATCH"""
import os, pty, re, shutil, signal, subprocess, sys, threading, time

abnorm, texts, quotes, events, scratch = sys.argv[1:]
MOMENTS = int(os.environ.get("LOAD_MOMENTS", 12))
COMMANDS = {
    "extract": ["extract", texts],
    "study": ["study", "--events", events, "--quotes", quotes, "--benchmark", "S0000"],
    "quotes": ["quotes", quotes],
    "scan": ["scan", "--quotes", quotes, "--benchmark", "S0000"],
}
failed = False


def start(args, folder, terminal):
    """The process, and what it says on a terminal as its stderr."""
    said = bytearray()
    ours, theirs = pty.openpty()
    where = ["-o", folder] if folder else []
    child = subprocess.Popen([abnorm, *args, *where], stdout=subprocess.DEVNULL, stderr=theirs if terminal else subprocess.DEVNULL)
    os.close(theirs)

    def listen():
        try:
            while more := os.read(ours, 65536):
                said.extend(more)
        except OSError:
            pass
        os.close(ours)

    threading.Thread(target=listen, daemon=True).start()
    return child, said


def files(folder):
    if not folder or not os.path.isdir(folder):
        return {}
    return {n: (s.st_size, s.st_mtime_ns) for n in os.listdir(folder) if n != ".abnorm.lock" for s in [os.stat(f"{folder}/{n}")]}


for name, args in COMMANDS.items():
    folder = None if name == "quotes" else f"{scratch}/{name}"
    shutil.rmtree(f"{scratch}/{name}", ignore_errors=True)
    began = time.monotonic()
    child, said = start(args, folder, True)
    _, status, usage = os.wait4(child.pid, 0)
    span = time.monotonic() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    told = re.findall(rb"\r\x1b\[K([^\r\n]+)(?=\r\x1b)", bytes(said))
    print(f"{name:8} {span:7.1f} s  {usage.ru_utime + usage.ru_stime:7.1f} s of cpu  {usage.ru_maxrss / 1024:6.0f} MB  exit {child.returncode}"
          f"  progress shown {len(told)} times" + (f', last "{told[-1].decode()}"' if told else ""), flush=True)
    before, waits, odd = files(folder), [], []
    failed |= child.returncode != 0
    for k in range(MOMENTS):
        child, _ = start(args, folder, True)
        time.sleep(span * (k + .5) / MOMENTS)
        if child.poll() is not None:
            continue
        sent = time.monotonic()
        child.send_signal(signal.SIGINT)
        code = child.wait()
        waits.append(time.monotonic() - sent)
        now = files(folder)
        if code != -signal.SIGINT:
            odd.append(f"exit {code}")
        if any(n.startswith(".") for n in now):
            odd.append("temporary file left")
        if now != before and "run.json" in now and len({now[n] == before.get(n) for n in now}) > 1:
            odd.append("mixed set")
        if now != before and "run.json" in now:
            before = now
    print(f"{name:8} ^C at {len(waits)} moments: ended after {min(waits, default=0):.3f} to {max(waits, default=0):.3f} s"
          + (f"; {', '.join(odd)}" if odd else ", no half output"), flush=True)
    failed |= bool(odd) or max(waits, default=0) > 1
sys.exit(failed)
