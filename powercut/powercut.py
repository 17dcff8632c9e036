#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Cuts the power of a machine while run-bench's own workers write, many times, and looks for every
op that they acknowledged.

usage: scripts/powercut [CONFIG] [--cuts N] [--kernel 6.1|6.12|BZIMAGE[,MODULES]] [--targets PATTERN] [--interval N] [-o DIR]

CONFIG is a config of run-bench (default configs/powercut.yaml) with comments that say how its
targets are made inside the machine:

    # make: TARGET ext4|xfs|fsdax|devdax|sector|raw SIZE [dax=always|never|inode] [mkfs=WORD,...]
    #       [mount=OPTION,...] [sector=512|4096] [chattr=FLAG] [queue=through|back] [dax-cache=0|1]
    #       [on=virtio-pmem] [beside=ACT[@other]] [control]
    # vm: OPTION...		more for scripts/vm run
    # every: N			acknowledgements of each class from cut to cut, about (40)

beside: another program does powercut/beside/ACT.sh there all the time, to the file that is written or,
with @other, to one beside it.  control: must be found lost; where one is not, this laboratory shows
nothing.  Lines behind a "#+ " count here alone: they name the kernels of powercut/kernels/, which
acknowledge what they have not synced.

A cut is SIGSTOP to QEMU, a copy of what its NVDIMMs hold, and SIGCONT: as if the power had failed
there.  QEMU has no cache in front of them, so this says nothing of a missing flush; it says whether
metadata and sectors that were acknowledged are there after recovery.  Recovery is this machine's:
it mounts the copies, as root.  A BTT is read by bttimage.c.

Exit status: 0; 1 the rule says yes and the cut lost; 125 nothing can be said: no machine, a class that
was never seen, a control that was not lost (what `git bisect run` skips).
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
import remote
from classes import BESIDE, NOTHING, Class, Stop, complain, option, print_matrix, print_rows, read_config

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RUN_BENCH = os.path.join(TOP, "build", "run-bench")
GUEST = os.path.join(TOP, "powercut", "guest.sh")
CONTROLS = os.path.join(TOP, "build", "powercut", "kernels")
DIMM_MAX, LABELS = 1008, 16			# MiB
STARTS, FREEZES = 600, 30			# seconds
ACK_BYTES = 14					# of a line, about

Place = collections.namedtuple("Place", "device image offset size")


def spread(targets):
    """NVDIMMs: which targets lie on each, in the order of the config."""
    dimms = [[]]
    for t in targets:
        if option(t, "on"):
            continue
        if sum(x.size + LABELS for x in dimms[-1]) + t.size + LABELS > DIMM_MAX - LABELS:
            dimms.append([])
        dimms[-1].append(t)
    return dimms


def dimm_size(on):
    need = sum(t.size + LABELS for t in on) + LABELS
    return need + -need % 16


def make_lines(targets, dimms):
    """For guest.sh: DIMM TARGET KIND SIZE OPTION..."""
    where = {t.name: k for k, on in enumerate(dimms) for t in on}
    return "".join("%s %s %s %d %s\n" % (where.get(t.name, "-"), t.name, t.kind, t.size, " ".join(t.options)) for t in targets)


class Machine:
    """One boot; the guest makes the targets, says where they are and then audits without end."""

    def __init__(self, args, targets, vm, work):
        self.work, self.dug = work, False
        self.dimms = spread(targets)
        self.acks = os.path.join(work, "acks")
        self.said = os.path.join(work, "said")
        open(self.acks, "w").close()
        with open(os.path.join(work, "targets"), "w", encoding="utf-8") as f:
            f.write(make_lines(targets, self.dimms))
        with open(args.config, encoding="utf-8") as f, open(os.path.join(work, "config.yaml"), "w", encoding="utf-8") as g:
            g.write(f.read().replace("#+ ", ""))
        command = ["setpriv", "--pdeathsig", "TERM", os.path.join(TOP, "scripts", "vm"), "run", "-k", args.kernel, "-n", "1", "-m", "1G", "-t", "86400",
                   "--keep", os.path.join(work, "dimms"), "-f", os.path.join(work, "config.yaml"), "-f", os.path.join(work, "targets"),
                   "--qemu", "-pidfile %s/pid -chardev file,id=acks,path=%s -device isa-serial,chardev=acks,index=3"
                   % (work, self.acks)]
        for on in self.dimms:
            command += ["-d", "%dM@0" % dimm_size(on)]
        command += vm + ["-f", BESIDE, "-f", CONTROLS]
        command += ["-s", GUEST, "config.yaml"]
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
        return {w[1]: Place(w[2], w[3], int(w[4]), int(w[5]))
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
            self.copy(into)
        finally:
            os.kill(self.pid, signal.SIGCONT)

    def copy(self, into):
        """Zeros that were written are none the less holes, from the first time on."""
        dimms = os.path.join(self.work, "dimms")
        if not self.dug:
            for image in os.listdir(dimms):
                subprocess.run(["fallocate", "--dig-holes", os.path.join(dimms, image)], check=True)
            self.dug = True
        subprocess.run(["cp", "--sparse=auto", "-r", dimms, into], check=True)

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
            image = os.path.join(cut, "dimms", p.image)
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
        if self.mounted:
            subprocess.run(["umount", *self.mounted], check=True)


def results_dir(parent, name):
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    path = os.path.join(parent, "%s-%s-%s-%04x" % (stamp, os.uname().nodename, name, random.randrange(1 << 16)))
    os.makedirs(path)
    return path


def classes_of(plan, targets):
    made = {t.name: t for t in targets}
    for p in plan["list"]:
        if p["skip"] and p["target"] in made:
            print("%s %s: skipped inside: %s" % (p["target"], p["kernel"], p["skip"]), file=sys.stderr)
    return {p["point"]: Class(p, made[p["target"]]) for p in plan["list"] if not p["skip"]}


def take(shares, classes, broken, k):
    """What verify found after a cut."""
    found = collections.defaultdict(list)
    for share in shares:
        found[share["point"]].append(share)
    for point, of_point in found.items():
        if point in classes:
            classes[point].take(of_point, broken.get(classes[point].target.name), k)


def take_cut(machine, targets, places, classes, cut, k):
    machine.cut(cut)
    recovery = Recovery(cut, targets, places)
    try:
        take(recovery.verify(os.path.join(cut, "acks")), classes, recovery.broken, k)
    finally:
        recovery.close()
        shutil.rmtree(cut)


def intervals(args, classes):
    """Acknowledgements to wait for before each cut, and the number of that; says how it goes."""
    rng = random.Random(args.seed)
    began = time.monotonic()
    for k in range(args.cuts):
        yield k, int(args.interval * len(classes) * rng.uniform(0.5, 1.5))
        print("\rcut %d of %d, %.1f a minute" % (k + 1, args.cuts, 60 * (k + 1) / (time.monotonic() - began)),
              end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def audit(args, targets, vm, work):
    """All cuts: (classes by point, the series of the Linux inside)."""
    machine = Machine(args, targets, vm, work)
    try:
        places, plan = machine.places(), machine.plan()
        classes = classes_of(plan, targets)
        for k, acks in intervals(args, classes):
            machine.go_on(acks)
            take_cut(machine, targets, places, classes, os.path.join(work, "cut"), k)
    finally:
        machine.end()
    return classes, plan["linux"]


def audit_remote(args, targets, work):
    machine = remote.Remote(args, work)
    plan = machine.plan()
    classes = classes_of(plan, targets)
    try:
        for k, acks in intervals(args, classes):
            machine.begin()
            machine.go_on(acks * ACK_BYTES)
            machine.cut()
            take(machine.verify(), classes, {}, k)
    finally:
        machine.end()
    return classes, plan["linux"]


def write_results(args, classes, linux, started, out):
    rows = [c.row() for c in classes.values()]
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
                   "host": {"name": args.remote or os.uname().nodename, "kernel": linux},
                   "kernel": args.kernel, "cuts": args.cuts, "seed": args.seed, "config": os.path.basename(args.config)}, f, indent=1)
    return rows


def arguments():
    p = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0], description=__doc__.split("\n\n")[0])
    p.add_argument("config", nargs="?", default=os.path.join(TOP, "configs", "powercut.yaml"))
    p.add_argument("--cuts", type=int, default=20)
    p.add_argument("--kernel", default=os.environ.get("KERNEL") or
                   subprocess.check_output([os.path.join(TOP, "scripts", "vm.d", "kernel")], text=True).strip())
    p.add_argument("--interval", type=float, metavar="N", help="from cut to cut: acknowledgements of each class, about; default what the config says")
    p.add_argument("--targets", metavar="PATTERN", help="only those whose names it matches whole, a regular expression; the config calls all optional")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--remote", metavar="HOST", help="that machine in the virtual one's place, where the targets are made already")
    p.add_argument("--remote-shell", metavar="CMD", default="ssh -o BatchMode=yes -o ConnectTimeout=5", help="behind it come HOST and a command (%(default)s)")
    p.add_argument("--power-cycle", metavar="CMD", help="a line for sh, %%h is HOST: the power goes, and comes again")
    p.add_argument("--destroy-data", metavar="NAME", action="append", default=[], help="run-bench's own, there")
    p.add_argument("-o", default=os.path.join(TOP, "results"), metavar="DIR")
    return p.parse_args()


def main():
    args = arguments()
    if args.remote and not args.power_cycle:
        raise Stop("--remote wants --power-cycle, such as 'ipmitool -I lanplus -H %h-bmc -U admin -E chassis power cycle'")
    if not args.remote and os.geteuid():
        raise Stop("the copies are mounted here, which is root's to do")
    targets, vm, every = read_config(args.config)
    args.interval = args.interval or every
    targets = [t for t in targets if not args.targets or re.fullmatch(args.targets, t.name)]
    if not targets:
        raise Stop("no target is called %s" % args.targets)
    started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    with tempfile.TemporaryDirectory(prefix="powercut.", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as work:
        classes, linux = audit_remote(args, targets, work) if args.remote else audit(args, targets, vm, work)
    out = results_dir(args.o, os.path.splitext(os.path.basename(args.config))[0])
    rows = write_results(args, classes, linux, started, out)
    print_rows(rows)
    print_matrix(rows)
    print(out)
    return complain(classes.values())


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except (Stop, OSError) as e:
        print("powercut: %s" % e, file=sys.stderr)
        sys.exit(NOTHING)
    except KeyboardInterrupt:
        sys.exit(130)
