#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Cuts the power of a machine while run-bench's own workers write, many times, and looks for every
op that they acknowledged.

usage: scripts/powercut [CONFIG] [--cuts N] [--kernel 6.1|6.12] [--interval S] [-o DIR] [--keep]

CONFIG is a config of run-bench (default configs/powercut.yaml) with comments that say how its
targets are made inside the machine, and perhaps what runs beside:

    # make: TARGET ext4|xfs|fsdax|devdax|sector|raw SIZE [dax=always|never|inode] [mkfs=WORD...]
    #       [mount=OPTION...] [sector=512|4096] [chattr=FLAG]
    # beside: FILE		a script for sh, run inside from the first op on

A cut is SIGSTOP to QEMU, a copy of what its NVDIMMs hold, and SIGCONT: as if the power had failed
there.  QEMU has no cache in front of them, so this says nothing of a missing flush; it says whether
metadata and sectors that were acknowledged are there after recovery.  Recovery is this machine's:
it mounts the copies, as root.  A BTT is read by bttimage.c.
"""
import argparse
import collections
import csv
import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import evidence

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RUN_BENCH = os.path.join(TOP, "build", "run-bench")
GUEST = os.path.join(TOP, "powercut", "guest.sh")
PORT = "/dev/ttyS3"
MIB = 1 << 20
DIMM_MAX, LABELS = 1008, 16			# MiB
STARTS, FREEZES = 240, 30			# seconds
ACK_BYTES = 14					# of a line, about

Target = collections.namedtuple("Target", "name kind size options")
Place = collections.namedtuple("Place", "device dimm offset size")


class Stop(Exception):
    """What went wrong, for a person."""


def read_config(path):
    """The targets that the config's comments make, and the script that runs beside it."""
    targets, beside = [], None
    with open(path, encoding="utf-8") as f:
        text = f.read()
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if words[:2] == ["#", "make:"]:
            m = re.fullmatch(r"(\d+)M", words[4]) if len(words) > 4 else None
            if not m or words[3] not in ("ext4", "xfs", "fsdax", "devdax", "sector", "raw"):
                raise Stop("%s:%d: expected # make: TARGET ext4|xfs|fsdax|devdax|sector|raw SIZE such as 96M" % (path, number))
            targets.append(Target(words[2], words[3], int(m.group(1)), words[5:]))
        elif words[:2] == ["#", "beside:"]:
            beside = os.path.join(os.path.dirname(path), words[2])
    if not targets:
        raise Stop("%s: no line # make: TARGET ...: how are its targets made?" % path)
    return targets, beside


def spread(targets):
    """NVDIMMs: which targets lie on each, in the order of the config."""
    dimms = [[]]
    for t in targets:
        if sum(x.size + LABELS for x in dimms[-1]) + t.size + LABELS > DIMM_MAX - LABELS:
            dimms.append([])
        dimms[-1].append(t)
    return dimms


def dimm_size(on):
    need = sum(t.size + LABELS for t in on) + LABELS
    return need + -need % 16


def make_lines(dimms):
    """For guest.sh: DIMM TARGET KIND SIZE OPTION..."""
    return "".join("%d %s %s %d %s\n" % (k, t.name, t.kind, t.size, " ".join(t.options))
                   for k, on in enumerate(dimms) for t in on)


class Machine:
    """One boot; the guest makes the targets, says where they are and then audits without end."""

    def __init__(self, args, targets, beside, work):
        self.work = work
        self.dimms = spread(targets)
        self.acks = os.path.join(work, "acks")
        self.said = os.path.join(work, "said")
        open(self.acks, "w").close()
        with open(os.path.join(work, "targets"), "w", encoding="utf-8") as f:
            f.write(make_lines(self.dimms))
        command = [os.path.join(TOP, "scripts", "vm"), "run", "-k", args.kernel, "-n", "1", "-m", "1G", "-t", "3600",
                   "--keep", os.path.join(work, "dimms"), "-f", args.config, "-f", os.path.join(work, "targets"),
                   "--qemu", "-pidfile %s/pid -chardev file,id=acks,path=%s -device isa-serial,chardev=acks,index=3"
                   % (work, self.acks)]
        for on in self.dimms:
            command += ["-d", "%dM@0" % dimm_size(on)]
        if beside:
            shutil.copy(beside, os.path.join(work, "beside"))
            command += ["-f", os.path.join(work, "beside")]
        inside = os.path.realpath(args.config)
        inside = inside[len(TOP) + 1:] if inside.startswith(TOP + "/") else os.path.basename(inside)
        command += ["-s", GUEST, inside]
        with open(self.said, "w", encoding="utf-8") as out:
            self.vm = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        self.wait(lambda: "AUDIT" in self.text() and os.path.getsize(self.acks), STARTS)
        with open(os.path.join(work, "pid"), encoding="ascii") as f:
            self.pid = int(f.read())

    def text(self):
        with open(self.said, encoding="utf-8", errors="replace") as f:
            return f.read()

    def wait(self, until, seconds):
        end = time.monotonic() + seconds
        while not until():
            if self.vm.poll() is not None or time.monotonic() > end:
                raise Stop("the machine did not get there:\n" + self.text()[-3000:])
            time.sleep(0.1)

    def places(self):
        """What the guest said: target -> Place."""
        return {w[1]: Place(w[2], int(w[3]), int(w[4]), int(w[5]))
                for w in (line.split() for line in self.text().splitlines()) if len(w) == 6 and w[0] == "AT"}

    def plan(self):
        text = self.text()
        return json.loads(text[text.index("PLAN") + 4:text.index("NALP")])

    def frozen(self):
        for task in os.listdir("/proc/%d/task" % self.pid):
            with open("/proc/%d/task/%s/stat" % (self.pid, task), encoding="latin1") as f:
                if f.read().rsplit(")", 1)[1].split()[0] != "T":
                    return False
        return True

    def cut(self, into):
        """The NVDIMMs' contents and the acknowledgements of one moment."""
        if self.vm.poll() is not None:
            raise Stop("the machine ended:\n" + self.text()[-3000:])
        os.makedirs(into)
        os.kill(self.pid, signal.SIGSTOP)
        try:
            self.wait(self.frozen, FREEZES)
            with open(self.acks, "rb") as f, open(os.path.join(into, "acks"), "wb") as g:
                g.write(f.read())
            subprocess.run(["cp", "--sparse=always", "-r", os.path.join(self.work, "dimms"), into], check=True)
        finally:
            os.kill(self.pid, signal.SIGCONT)

    def go_on(self, acks):
        """Until so many more acknowledgements have come: a busy host is slow, and cuts that lie
        closer than the ops say nothing new."""
        want = os.path.getsize(self.acks) + acks * ACK_BYTES
        self.wait(lambda: os.path.getsize(self.acks) >= want, STARTS)

    def end(self):
        self.vm.terminate()
        self.vm.wait()


class Recovery:
    """The file systems of one cut, mounted where the audit had them, and its devices as images."""

    def __init__(self, cut, targets, places):
        self.root = os.path.join(cut, "root")
        self.mounted, self.broken, self.arguments = [], {}, []
        for t in targets:
            p = places[t.name]
            image = os.path.join(cut, "dimms", "dimm%d" % p.dimm)
            if t.kind in ("ext4", "xfs"):
                self.mount(t, image, p)
            else:
                self.arguments += ["--btt" if t.kind == "sector" else "--image", "%s=%s@%d" % (p.device, image, p.offset)]

    def mount(self, t, image, p):
        at = os.path.join(self.root, "mnt", t.name)
        os.makedirs(at)
        options = "loop,offset=%d,sizelimit=%d%s" % (p.offset, p.size, ",nouuid" if t.kind == "xfs" else "")
        got = subprocess.run(["mount", "-t", t.kind, "-o", options, image, at], capture_output=True, text=True, check=False)
        if got.returncode:
            self.broken[t.name] = got.stderr.strip()
        else:
            self.mounted.append(at)

    def verify(self, acks):
        got = subprocess.run([RUN_BENCH, "verify", "--json", "--root", self.root, *self.arguments, acks],
                             capture_output=True, text=True, check=False)
        if got.returncode not in (0, 1) or not got.stdout:
            raise Stop("run-bench verify: " + got.stderr)
        return json.loads(got.stdout)

    def close(self):
        for at in self.mounted:
            subprocess.run(["umount", at], check=True)


class Class:
    """What happened to one point of the plan."""

    def __init__(self, point):
        self.point = point
        self.cuts = self.lost_cuts = self.lost = self.acknowledged = 0
        self.rounds, self.states, self.example = set(), collections.Counter(), ""

    def take(self, share, broken, cut):
        if share["rc"] not in (0, None):
            raise Stop("point %d failed inside: errno %d" % (share["point"], share["rc"]))
        if not share["acknowledged"]:
            return
        states = {k: v for k, v in share.items() if v and k in
                  ("missing", "short", "zeros", "older", "torn", "foreign", "other")}
        self.cuts += 1
        self.rounds.add(share["rep"])
        self.acknowledged += share["acknowledged"]
        self.states.update(states)
        self.lost += sum(states.values())
        if states:
            self.lost_cuts += 1
            self.example = self.example or "cut %d, round %d: %s" % (cut, share["rep"], broken or
                                                                   ", ".join("%s %d" % kv for kv in states.items()))

    def contradicts(self):
        return self.point["durable"] == "yes" and self.lost_cuts > 0

    def verdict(self):
        if self.lost_cuts:
            return "lost"
        return "kept" if self.cuts else "not seen"

    def row(self, beside):
        p = self.point
        params = " ".join("%s=%s" % (k[2:], v) for k, v in sorted(p.items()) if k.startswith("p_") and v)
        # Nothing lost in n independent cuts: fewer than 3/n are, with 95 % confidence.
        bound = "%.3g" % (3 / len(self.rounds)) if self.rounds and not self.lost_cuts else ""
        return {"point": p["point"], "class": p["class"], "place": evidence.place(p["class"]), "op": evidence.op(p),
                "beside": beside,
                "target": p["target"], "kernel": p["kernel"], "params": params, "preparation": p["preparation"],
                "map_sync": p["map_sync"], "o_sync": p["o_sync"], "rule": p["durable"], "why": p["why"], "cuts": self.cuts,
                "rounds": len(self.rounds), "lost_cuts": self.lost_cuts, "acknowledged": self.acknowledged,
                "lost": self.lost, "upper_bound": bound, "verdict": self.verdict(), "example": self.example}


def results_dir(parent, name):
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    path = os.path.join(parent, "%s-%s-%s-%04x" % (stamp, os.uname().nodename, name, random.randrange(1 << 16)))
    os.makedirs(path)
    return path


def audit(args, targets, beside, work):
    """All cuts: (classes by point, the series of the Linux inside)."""
    machine = Machine(args, targets, beside, work)
    rng = random.Random(args.seed)
    try:
        places = machine.places()
        plan = machine.plan()
        classes = {p["point"]: Class(p) for p in plan["list"] if not p["skip"]}
        names = {p["point"]: p["target"] for p in plan["list"]}
        for k in range(args.cuts):
            machine.go_on(int(args.interval * len(classes) * rng.uniform(0.5, 1.5)))
            cut = os.path.join(work, "cut")
            machine.cut(cut)
            recovery = Recovery(cut, targets, places)
            try:
                for share in recovery.verify(os.path.join(cut, "acks")):
                    if share["point"] in classes:
                        classes[share["point"]].take(share, recovery.broken.get(names[share["point"]]), k)
            finally:
                recovery.close()
            if not args.keep:
                shutil.rmtree(cut)
            print("\rcut %d of %d" % (k + 1, args.cuts), end="", file=sys.stderr, flush=True)
    finally:
        print(file=sys.stderr)
        machine.end()
    return classes, plan["linux"]


def write_results(args, classes, linux, beside, started, out):
    name = os.path.splitext(os.path.basename(beside))[0] if beside else "alone"
    rows = [c.row(name) for c in classes.values()]
    text = io.StringIO()
    w = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    w.writeheader()
    w.writerows(rows)
    with open(os.path.join(out, "classes.csv"), "w", encoding="utf-8") as f:
        f.write(text.getvalue())
    shutil.copy(args.config, os.path.join(out, "config.yaml"))
    with open(os.path.join(out, "run.json"), "w", encoding="utf-8") as f:
        json.dump({"schema": "daxmark.powercut/1", "method": "cuts", "linux": linux, "rule": evidence.rule_hash(),
                   "name": os.path.splitext(os.path.basename(args.config))[0], "started": started,
                   "host": {"name": os.uname().nodename, "kernel": linux},
                   "kernel": args.kernel, "cuts": args.cuts, "seed": args.seed, "config": os.path.basename(args.config)}, f, indent=1)
    return rows


def print_rows(rows):
    shown = ("target kernel preparation map_sync rule cuts lost_cuts verdict").split()
    wide = [max(len(str(r[k])) for r in [dict(zip(shown, shown))] + rows) for k in shown]
    for r in [dict(zip(shown, shown))] + rows:
        print("  ".join(str(r[k]).ljust(n) for k, n in zip(shown, wide)).rstrip())


def arguments():
    p = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0], description=__doc__.split("\n\n")[0])
    p.add_argument("config", nargs="?", default=os.path.join(TOP, "configs", "powercut.yaml"))
    p.add_argument("--cuts", type=int, default=20)
    p.add_argument("--kernel", default=os.environ.get("KERNEL", "6.1"))
    p.add_argument("--interval", type=float, default=40, help="from cut to cut: acknowledgements of each class, about")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--keep", action="store_true", help="keep the last cut's images")
    p.add_argument("-o", default=os.path.join(TOP, "results"), metavar="DIR")
    return p.parse_args()


def main():
    args = arguments()
    if os.geteuid():
        raise Stop("the copies are mounted here, which is root's to do")
    targets, beside = read_config(args.config)
    started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    with tempfile.TemporaryDirectory(prefix="powercut.", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as work:
        classes, linux = audit(args, targets, beside, work)
    out = results_dir(args.o, os.path.splitext(os.path.basename(args.config))[0])
    rows = write_results(args, classes, linux, beside, started, out)
    print_rows(rows)
    bad = [c for c in classes.values() if c.contradicts()]
    unseen = [c for c in classes.values() if not c.cuts]
    for c in bad + unseen:
        print("%s %s: %s" % (c.point["target"], c.point["kernel"], c.example or "never seen: more --cuts?"), file=sys.stderr)
    print(out)
    print("%d classes, %d as the rule says, %d rule yes but lost" % (len(classes), len(classes) - len(bad) - len(unseen), len(bad)))
    return 1 if bad or unseen else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Stop as e:
        sys.exit("powercut: %s" % e)
    except KeyboardInterrupt:
        sys.exit(130)
