# SPDX-License-Identifier: BSD-2-Clause
"""The classes of a power cut: what a config's comments say of their targets (scripts/powercut --help),
what was found of each, and what that means."""
import collections
import os
import re
import sys

import evidence

BESIDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "beside")
EVERY = 40					# acknowledgements of each class from cut to cut
NOTHING = 125					# exit status
KINDS = ("ext4", "xfs", "fsdax", "devdax", "sector", "raw")
OPTIONS = ("dax", "mkfs", "mount", "sector", "chattr", "queue", "dax-cache", "on", "beside", "control")
LOST = ("missing", "short", "zeros", "older", "torn", "foreign", "other")

Target = collections.namedtuple("Target", "name kind size options")


class Stop(Exception):
    """What went wrong, for a person."""


def check_options(target, where):
    for word in target.options:
        if word.partition("=")[0] not in OPTIONS:
            raise Stop("%s: unknown option %s" % (where, word))
    act = option(target, "beside")
    if act and not os.path.exists(os.path.join(BESIDE, act.partition("@")[0] + ".sh")):
        raise Stop("%s: beside=%s: there is no powercut/beside/%s.sh" % (where, act, act.partition("@")[0]))


def read_config(path):
    """What the config's comments say: targets, options of scripts/vm, acknowledgements from cut to cut."""
    targets, vm, every = [], [], EVERY
    with open(path, encoding="utf-8") as f:
        text = f.read()
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if words[:2] == ["#", "make:"]:
            m = re.fullmatch(r"(\d+)M", words[4]) if len(words) > 4 else None
            if not m or words[3] not in KINDS:
                raise Stop("%s:%d: expected # make: TARGET %s SIZE such as 96M" % (path, number, "|".join(KINDS)))
            targets.append(Target(words[2], words[3], int(m.group(1)), words[5:]))
            check_options(targets[-1], "%s:%d" % (path, number))
        elif words[:2] == ["#", "vm:"]:
            vm += words[2:]
        elif words[:2] == ["#", "every:"]:
            every = float(words[2])
    if not targets:
        raise Stop("%s: no line # make: TARGET ...: how are its targets made?" % path)
    return targets, vm, every


def option(target, name, default=""):
    return next((w.partition("=")[2] for w in target.options if w.partition("=")[0] == name), default)


def beside(target):
    return option(target, "beside", "alone")


class Class:
    """What happened to one point of the plan."""

    def __init__(self, point, target):
        self.point, self.target = point, target
        self.control = "control" in target.options
        self.cuts = self.lost_cuts = self.torn_cuts = self.lost = self.acknowledged = 0
        self.rounds, self.states, self.example = set(), collections.Counter(), ""

    def take(self, shares, broken, cut):
        """What was found of its threads after one cut."""
        states = collections.Counter()
        for share in shares:
            if share["rc"] not in (0, None):
                raise Stop("point %d failed inside: errno %d" % (share["point"], share["rc"]))
            states.update({k: share[k] for k in LOST if share[k]})
        acknowledged = sum(share["acknowledged"] for share in shares)
        if not acknowledged:
            return
        self.cuts += 1
        self.rounds.add(shares[0]["rep"])
        self.acknowledged += acknowledged
        self.states.update(states)
        # The op under way may tear what lay there, where nobody promises whole sectors.
        self.torn_cuts += states["torn"] > 0
        if self.target.kind in ("raw", "fsdax"):
            del states["torn"]
        self.lost += sum(states.values())
        if states:
            self.lost_cuts += 1
            self.example = self.example or "cut %d, round %d: %s" % (cut, shares[0]["rep"], broken or
                                                                   ", ".join("%s %d" % kv for kv in states.items()))

    def found(self):
        """As a control has to be: lost, or torn."""
        return self.lost_cuts + self.torn_cuts > 0

    def contradicts(self):
        return self.point["durable"] == "yes" and self.lost_cuts > 0 and not self.control

    def shows_nothing(self):
        return not self.cuts or self.control and not self.found()

    def verdict(self):
        if self.lost_cuts or self.torn_cuts:
            return "lost" if self.lost_cuts else "torn"
        return "kept" if self.cuts else "not seen"

    def row(self):
        p = self.point
        params = " ".join("%s=%s" % (k[2:], v) for k, v in sorted(p.items()) if k.startswith("p_") and v)
        # Nothing lost in n independent cuts: fewer than 3/n are, with 95 % confidence.
        bound = "%.3g" % (3 / len(self.rounds)) if self.rounds and not self.lost_cuts else ""
        return {"point": p["point"], "class": p["class"], "place": evidence.place(p["class"]), "op": evidence.op(p),
                "beside": beside(self.target), "control": "yes" if self.control else "",
                "target": p["target"], "kernel": p["kernel"], "params": params, "preparation": p["preparation"],
                "map_sync": p["map_sync"], "o_sync": p["o_sync"], "rule": p["durable"] if p["class"] else "", "why": p["why"], "cuts": self.cuts,
                "rounds": len(self.rounds), "lost_cuts": self.lost_cuts, "torn_cuts": self.torn_cuts, "acknowledged": self.acknowledged,
                "lost": self.lost, "upper_bound": bound, "verdict": self.verdict(), "example": self.example}


def print_table(heads, rows):
    wide = [max(len(str(r[k])) for r in [heads] + rows) for k in range(len(heads))]
    for r in [heads] + rows:
        print("  ".join(str(x).ljust(n) for x, n in zip(r, wide)).rstrip())


def print_rows(rows):
    shown = "target kernel preparation map_sync beside rule control cuts lost_cuts torn_cuts verdict".split()
    print_table(shown, [[r[k] for k in shown] for r in rows])


def print_matrix(rows):
    """Where several things ran beside: a column for each, with the cuts that lost of all."""
    acts = list(dict.fromkeys(r["beside"] for r in rows))
    if len(acts) == 1:
        return
    cells = {(r["place"], r["op"], r["beside"]): "%s%d/%d" % ("LOST " if r["lost_cuts"] else "", r["lost_cuts"], r["cuts"])
             for r in rows}
    print()
    print_table(["place", "op", "rule"] + acts,
                [[place, op, rule] + [cells.get((place, op, act), "") for act in acts]
                 for place, op, rule in dict.fromkeys((r["place"], r["op"], r["rule"]) for r in rows)])


def complain(classes):
    """What is wrong with a run, and the last lines of it; the exit status."""
    bad = [c for c in classes if c.contradicts()]
    controls = [c for c in classes if c.control]
    idle = [c for c in classes if c.shows_nothing()]
    for c in bad:
        print("%s %s: rule yes but lost: %s" % (c.point["target"], c.point["kernel"], c.example), file=sys.stderr)
    for c in idle:
        print("%s %s: %s" % (c.point["target"], c.point["kernel"],
                             "a control, and not lost" if c.cuts else "never seen: more --cuts?"), file=sys.stderr)
    print("%d controls, %d found lost" % (len(controls), sum(c.found() for c in controls)))
    print("%d classes, %d as the rule says, %d rule yes but lost" % (len(classes), len(classes) - len(bad) - len(idle), len(bad)))
    if not controls:
        print("no control: what would a loss have looked like?", file=sys.stderr)
    if not bad and (idle or not controls):
        print("powercut: this run shows nothing", file=sys.stderr)
    return 1 if bad else NOTHING if idle or not controls else 0
