#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""results.py DIR [complete N] -- can this results directory be read?

Every JSON file parses; every table has records of its header's length (but for a
torn last line, which does not count); the journal (repeats.csv) names each repeat of a
point once and in order, and the tables hold exactly what it says up to the lengths it says.
complete N: the run ended, nothing is pending and each point has N timed repeats.  In latency mode every op of samples.csv is in hist.csv.
"""
import csv
import io
import json
import os
import sys


def fail(text):
    sys.exit(f"{sys.argv[1]}: {text}")


def table(name, limit=None):
    """Its records as dicts, up to limit bytes; a line without an end was being written."""
    with open(os.path.join(sys.argv[1], name), "rb") as f:
        data = f.read() if limit is None else f.read(limit)
    if limit is not None and len(data) != limit:
        fail(f"{name} has {len(data)} bytes, the journal says {limit}")
    whole = data[: data.rfind(b"\n") + 1]
    if limit is not None and whole != data:
        fail(f"{name}: the journal cuts a record")
    rows = list(csv.reader(io.StringIO(whole.decode(), newline="")))
    if not rows:
        fail(f"{name}: no header")
    if len(set(rows[0])) != len(rows[0]):
        fail(f"{name}: a column stands there twice")
    for n, row in enumerate(rows):
        if len(row) != len(rows[0]):
            fail(f"{name}: record {n} has {len(row)} fields, the header {len(rows[0])}")
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def main():
    run = None
    for name in ("run.json", "config.resolved.json"):
        with open(os.path.join(sys.argv[1], name), encoding="utf-8") as f:
            value = json.load(f)
        run = run or value
    points = table("points.csv")
    if [int(p["point"]) for p in points] != list(range(len(points))):
        fail("points.csv: points are not 0, 1, 2 ...")
    journal = table("repeats.csv")
    timed, seen, block = {}, {}, {}
    for r in journal:
        p = int(r["point"])
        if p >= len(points):
            fail(f"repeats.csv: there is no point {p}")
        if int(r["rep"]) != seen.get(p, 0):
            fail(f"repeats.csv: repeat {r['rep']} of point {p} after {seen.get(p, 0)} of it")
        seen[p] = seen.get(p, 0) + 1
        if int(r["block"]) < block.get((p, r["kind"]), 0):
            fail(f"repeats.csv: block {r['block']} of point {p} comes after a later one")
        block[p, r["kind"]] = int(r["block"])
        timed[p] = timed.get(p, 0) + (r["kind"] == "timed")
    last = journal[-1] if journal else None
    for name, column in (("hist.csv", "hist_end"), ("samples.csv", "samples_end"),
                         ("counters.csv", "counters_end")):
        limit = int(last[column]) if last else None
        rows = table(name, limit)
        if last:
            strangers = {(r["point"], r["rep"]) for r in rows} - {(r["point"], r["rep"]) for r in journal}
            if strangers:
                fail(f"{name}: repeats that the journal does not know: {strangers}")
    samples, ops, binned = set(), {}, {}
    for r in table("samples.csv", int(last["samples_end"]) if last else None):
        key = (r["point"], r["rep"])
        samples.add(key)
        # A window that another program took whole has none.
        if r["mode"] == "latency" and r["ops"] != "0":
            ops[key] = ops.get(key, 0) + int(r["ops"]) // int(points[int(r["point"])].get("unit") or 1)
    for r in table("hist.csv", int(last["hist_end"]) if last else None):
        binned[r["point"], r["rep"]] = binned.get((r["point"], r["rep"]), 0) + int(r["count"])
    if ops != binned:
        fail(f"hist.csv has {binned} ops, samples.csv {ops}")
    for r in journal:
        if r["status"] == "ok" and r["kind"] == "timed" and (r["point"], r["rep"]) not in samples:
            fail(f"samples.csv lacks repeat {r['rep']} of point {r['point']}")
    if sys.argv[2:3] == ["complete"]:
        if run["status"] != "ok":
            fail(f"run.json: status {run['status']}")
        for p in points:
            k = int(p["point"])
            if p["status"] == "ok" and timed.get(k, 0) != int(sys.argv[3]):
                fail(f"point {k} has {timed.get(k, 0)} timed repeats")
            if p["status"] != "ok" and not p["status"].startswith("skip:"):
                fail(f"point {k}: {p['status']}")


main()
