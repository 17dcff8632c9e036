#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the laboratory has seen, as the file that run-bench's column `tested` is compiled from.

usage: powercut/evidence.py RESULTS...    add these results (of scripts/powercut and powercut/model.py)
       powercut/evidence.py --check       is the file of the rule that is in the tree, and in the docs?

It writes powercut/evidence.tsv, and the table of it in docs/durability.md.
Rows come from runs alone. The first lines of the file name the rule that the runs were held against,
by a hash of its table tests/golden/durability.txt, and the runs, each of which counts once. When the
rule is another, what was seen before may leave out what now decides: the file begins anew.
"""
import csv
import hashlib
import json
import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FILE = os.path.join(TOP, "powercut", "evidence.tsv")
TABLE = os.path.join(TOP, "tests", "golden", "durability.txt")
DOCS = os.path.join(TOP, "docs", "durability.md")
BEGIN, END = "<!-- evidence -->\n", "<!-- /evidence -->"
TEXT = "class rule linux method beside reason".split()
NUMBERS = "tests rounds lost".split()
# Facts that a cut without a CPU cache cannot see: there a flush that is missing is not missed.
UNSEEN = {"flush-dropped", "no-barrier", "dax-write-cache=0", "async-flush"}


class Stop(Exception):
    """What went wrong, for a person."""


def rule_hash():
    """Of what the rule says where more than one fact decides; its sentences may be put better."""
    with open(TABLE, encoding="utf-8") as f:
        said = "".join(": ".join(line.split(": ")[:3]) + "\n" for line in f)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def place(klass):
    """Where: "xfs", "xfs reflink", "ext4 page-cache", "devdax", "btt"; what a person asks first."""
    words = (klass or "").partition(" on ")[2].split()
    fs = [w[3:] for w in words if w.startswith("fs=")]
    return " ".join(fs + [w for w in words if w in ("devdax", "btt", "block", "page-cache", "reflink", "eadr", "no-barrier",
                                                    "flush-dropped", "async-flush", "inode-sync", "dax-write-cache=0")])


def op(point):
    """What is done: "touch, hole, MAP_SYNC"."""
    words = [point["kernel"], point["preparation"], "MAP_SYNC" if point["map_sync"] == "on" else "",
             "O_SYNC" if point["o_sync"] == "on" else ""]
    return ", ".join(w for w in words if w)


def number(text):
    return int(text or 0)


def of_cuts(row, linux):
    return {"class": row["class"], "rule": row["rule"], "linux": linux, "method": "cuts", "beside": row["beside"],
            "tests": number(row["cuts"]), "rounds": number(row["rounds"]), "lost": number(row["lost_cuts"])}


def of_model(row, linux):
    """Moments between the fences of the run, and the images of some that a file system recovered."""
    return {"class": row["class"], "rule": row["durable"], "linux": linux or row["series"], "method": "model", "beside": "alone",
            "tests": number(row["moments"]) + number(row["images"]), "rounds": number(row["ops"]),
            "lost": number(row["lost"]) + number(row["images_lost"])}


def results(path):
    """(rule's hash, run's name, rows) of a results directory."""
    with open(os.path.join(path, "run.json"), encoding="utf-8") as f:
        run = json.load(f)
    if not run.get("schema", "").startswith("daxmark.powercut/1") or "rule" not in run:
        raise Stop("%s: no results of the laboratory that say which rule they were held against" % path)
    if run.get("forget"):
        raise Stop("%s: a model that forgets fences shows nothing but that it would be noticed" % path)
    model = run["method"] == "model"
    with open(os.path.join(path, "model.csv" if model else "classes.csv"), encoding="utf-8", newline="") as f:
        every = list(csv.DictReader(f))
    if any(r.get("control") and not number(r.get("lost_cuts")) and not number(r.get("torn_cuts")) for r in every):
        raise Stop("%s: a control was not found lost, so it shows nothing" % path)
    rows = [(of_model if model else of_cuts)(r, run.get("linux")) for r in every if r["class"]]
    return run["rule"], os.path.basename(os.path.abspath(path)), [r for r in rows if r["tests"]]


def read():
    """(rule's hash, names of the runs, rows) of the file."""
    rule, runs, rows = "", [], []
    with open(FILE, encoding="utf-8") as f:
        for line in f:
            words = line.rstrip("\n").split("\t")
            if words[0].startswith("# rule "):
                rule = words[0].split()[2]
            elif words[0].startswith("# run "):
                runs.append(words[0].split()[2])
            elif not line.startswith("#"):
                rows.append(dict(zip(TEXT, words), **dict(zip(NUMBERS, map(int, words[len(TEXT):])))))
    return rule, runs, rows


def reason(row, rows):
    """Why it was kept though nobody promises that it is; "" where it was lost, or promised."""
    words = set(row["class"].split())
    if row["lost"] or row["rule"] in ("yes", "eadr-only"):
        return ""
    if row["method"] == "cuts" and (row["class"].startswith("map on ") and "page-cache" not in words or words & UNSEEN):
        return "no-cache"
    return "chance" if any(r["class"] == row["class"] and r["lost"] for r in rows) else "contract"


def merge(rows, more):
    key = lambda r: tuple(r[k] for k in ("class", "linux", "method", "beside"))
    found = {key(r): r for r in rows}
    for r in more:
        had = found.setdefault(key(r), dict(r, tests=0, rounds=0, lost=0))
        if had["rule"] != r["rule"]:
            raise Stop("%s: the rule says %s and %s" % (r["class"], had["rule"], r["rule"]))
        for k in NUMBERS:
            had[k] += r[k]
    out = [found[k] for k in sorted(found)]
    for r in out:
        r["reason"] = reason(r, out)
    return out


def write(rule, runs, rows):
    with open(FILE, "w", encoding="utf-8") as f:
        f.write("# SPDX-License-Identifier: BSD-2-Clause\n")
        f.write("# What the laboratory has seen, made by powercut/evidence.py of these runs.\n")
        f.write("# rule %s\n" % rule)
        f.writelines("# run %s\n" % r for r in sorted(runs))
        f.write("# %s\n" % "\t".join(TEXT + NUMBERS))
        f.writelines("\t".join(str(r[k]) for k in TEXT + NUMBERS) + "\n" for r in rows)


def add(paths):
    rule, runs, rows = read()
    if rule != rule_hash():
        if rows:
            print("evidence: the rule is another than that of the file's %d rows, which are dropped" % len(rows), file=sys.stderr)
        rule, runs, rows = rule_hash(), [], []
    for path in paths:
        of, name, more = results(path)
        if of != rule:
            raise Stop("%s was held against another rule (%s) than the tree's (%s): run it again" % (path, of, rule))
        if name in runs:
            print("evidence: %s is in there" % name, file=sys.stderr)
            continue
        rows = merge(rows, more)
        runs.append(name)
    write(rule, runs, rows)
    text = in_docs(rows)[1]
    with open(DOCS, "w", encoding="utf-8") as f:
        f.write(text)
    print("%d rows, %d tests, of %d runs; %d rule yes but lost" % (len(rows), sum(r["tests"] for r in rows), len(runs),
                                                                  sum(r["rule"] == "yes" and r["lost"] > 0 for r in rows)))


def says(rows):
    """Lost of tested, with what the rule of three allows where nothing was lost."""
    tests, lost, rounds = (sum(r[k] for r in rows) for k in ("tests", "lost", "rounds"))
    if not tests:
        return ""
    why = sorted({r["reason"] for r in rows} - {""})
    # Moments of one run hang together: there is no such bound for them.
    bound = not lost and not why and rounds > 3 and rows[0]["method"] == "cuts"
    more = " " + ", ".join(why) if why else " (<\u00a0%.2g\u00a0%%)" % (300 / rounds) if bound else ""
    return ("**%d/%d**" if lost else "%d/%d") % (lost, tests) + more


def table(rows):
    """A line a class; a column a series of Linux, method and what ran beside."""
    heads = sorted({(r["method"], r["linux"], r["beside"]) for r in rows}, key=lambda h: (h[0], h[2] != "alone", h[2], h[1]))
    names = ["%s, %s%s" % (m, x, "" if b == "alone" else ", " + b) for m, x, b in heads]
    out = ["| " + " | ".join(["op", "on", "rule", *names]) + " |", "|" + "---|" * (3 + len(heads))]
    for klass in sorted({r["class"] for r in rows}):
        mine = [r for r in rows if r["class"] == klass]
        cells = [says([r for r in mine if (r["method"], r["linux"], r["beside"]) == h]) for h in heads]
        out.append("| " + " | ".join([*klass.split(" on ", 1), mine[0]["rule"], *cells]) + " |")
    return "\n".join(out) + "\n"


def in_docs(rows):
    """(docs/durability.md, the same with the table of these rows)."""
    with open(DOCS, encoding="utf-8") as f:
        text = f.read()
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    return text, text[:begin] + table(rows) + text[end:]


def check():
    rule, _, rows = read()
    bad = []
    if rule != rule_hash():
        bad.append("evidence.tsv is of the rule %s, the tree's is %s: run the laboratory again" % (rule, rule_hash()))
    if len(set(in_docs(rows))) > 1:
        bad.append("docs/durability.md has another table than the file")
    if bad:
        raise Stop("\n".join(bad))


def main():
    if sys.argv[1:] == ["--check"]:
        check()
    elif len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        add(sys.argv[1:])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main()
    except Stop as e:
        sys.exit("evidence: %s" % e)
