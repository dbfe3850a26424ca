# SPDX-License-Identifier: GPL-3.0-or-later
"""score_timex.py ABNORM SHARED {CORPUS VALUE_F1 STRICT_F1}...: tag each corpus with the command, document by document's day, and
say whether value F1 and strict F1 (TempEval-3) reach what is asked."""
import collections, json, os, re, subprocess, sys, tempfile

abnorm, shared = sys.argv[1:3]


def tag(corpus):
    folder = os.path.join(shared, "corpora", corpus)
    days = collections.defaultdict(list)
    for line in open(os.path.join(folder, "docs.jsonl"), encoding="utf-8"):
        row = json.loads(line)
        day = row["dct"] if re.fullmatch(r"\d{4}-\d\d-\d\d", row["dct"] or "") else None
        days[day].append(os.path.join(folder, "txt", row["doc"] + ".txt"))
    return b"".join(
        subprocess.run([abnorm, "timex"] + (["--published", day] if day else []) + files,
                       stdout=subprocess.PIPE, check=True).stdout
        for day, files in days.items())


def score(corpus):
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as found:
        found.write(tag(corpus))
        found.flush()
        gold = os.path.join(shared, "corpora", corpus, "gold.jsonl")
        out = subprocess.run([sys.executable, os.path.join(shared, "tools", "score_timex.py"), gold, found.name, "--json"],
                             stdout=subprocess.PIPE, check=True).stdout
    r = json.loads(out)
    return 100 * r["value_f1"], 100 * r["strict"][2]


for i in range(3, len(sys.argv), 3):
    corpus, asked = sys.argv[i], [float(x) for x in sys.argv[i + 1:i + 3]]
    got = score(corpus)
    for name, have, want in zip(("value", "strict"), got, asked):
        print("%s %s F1 %s %g" % (corpus, name, "reaches" if have >= want else "%.1f is below" % have, want))
