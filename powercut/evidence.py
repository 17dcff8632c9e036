#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the laboratory has seen, as the file that run-bench's column `tested` is compiled from.

usage: powercut/evidence.py RESULTS...    add these results (scripts/powercut's directories)
       powercut/evidence.py --check       is the file of the rule that is in the tree?
       powercut/evidence.py --table       its rows as Markdown, for docs/durability.md

Rows come from runs alone. The first lines of the file name the rule that the runs were held against,
by a hash of its table tests/golden/durability.txt, and the runs. When the rule is another, what was
seen before may leave out what now decides: the file begins anew.
"""
import csv
import hashlib
import json
import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FILE = os.path.join(TOP, "powercut", "evidence.tsv")
TABLE = os.path.join(TOP, "tests", "golden", "durability.txt")


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
