#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What scripts/powercut makes of what was found: no machine is booted here.  TAP."""
import contextlib
import io
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "powercut"))
import classes  # noqa: E402
import powercut  # noqa: E402

passed = failed = 0


def is_(got, want, name):
    global passed, failed
    passed, failed = passed + (got == want), failed + (got != want)
    print("%s %d %s" % ("ok" if got == want else "not ok", passed + failed, name))
    if got != want:
        print("# got %r, want %r" % (got, want))


def klass(durable, *options):
    target = classes.Target("t", "ext4", 48, list(options))
    return classes.Class({"point": 0, "target": "t", "kernel": "k", "durable": durable}, target)


def share(rep=1, acknowledged=4, rc=None, **states):
    return dict({k: 0 for k in classes.LOST}, point=0, rep=rep, rc=rc, acknowledged=acknowledged, **states)


def taken(c, *cuts):
    for k, shares in enumerate(cuts):
        c.take(shares, None, k)
    return c


def end(*found):
    """The exit status, and the last two lines."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        status = classes.complain(found)
    return status, out.getvalue().splitlines()


def refused(text):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as f:
        f.write(text)
        f.flush()
        try:
            return classes.read_config(f.name)
        except classes.Stop as e:
            return str(e).replace(f.name, "FILE")


kept, lost = [share()], [share(zeros=1)]
control = taken(klass("metadata-unsafe", "control"), lost)
is_(end(control, taken(klass("yes"), kept)),
    (0, ["1 controls, 1 found lost", "2 classes, 2 as the rule says, 0 rule yes but lost"]), "all as the rule says")
is_(end(control, taken(klass("yes"), kept, lost)),
    (1, ["1 controls, 1 found lost", "2 classes, 1 as the rule says, 1 rule yes but lost"]), "rule yes but lost")
is_(end(taken(klass("no", "control"), kept), taken(klass("yes"), kept)),
    (125, ["1 controls, 0 found lost", "2 classes, 1 as the rule says, 0 rule yes but lost"]), "a control that was kept: nothing is shown")
is_(end(control, klass("yes"))[0], 125, "a class that no cut saw: nothing is shown")
is_(end(taken(klass("yes"), kept))[0], 125, "no control at all: nothing is shown")
is_(end(control, taken(klass("yes", "control"), lost))[0], 0, "a control may claim yes")
is_(end(control, taken(klass("no"), lost))[0], 0, "a rule that promises nothing may lose")
c = taken(klass("yes"), [share(acknowledged=3), share(acknowledged=2, older=1)], [share(rep=2, acknowledged=0)])
is_((c.cuts, c.lost_cuts, c.lost, c.acknowledged, len(c.rounds)), (1, 1, 1, 5, 1), "threads are one class, and what nobody acknowledged is no cut")
raw = classes.Class({"durable": "yes"}, classes.Target("t", "raw", 32, ["control"]))
is_((end(taken(raw, kept, [share(torn=1)]))[0], raw.lost_cuts, raw.torn_cuts, raw.verdict()), (0, 0, 1, "torn"), "a torn sector of a device that promises none is found, and not lost")
btt = classes.Class({"target": "t", "kernel": "k", "durable": "yes"}, classes.Target("t", "sector", 32, []))
is_((end(control, taken(btt, [share(torn=1)]))[0], btt.verdict()), (1, "lost"), "a torn sector of a BTT is lost")
try:
    taken(klass("yes"), [share(rc=5)])
    is_("taken", "refused", "a point that failed inside")
except classes.Stop as e:
    is_(str(e), "point 0 failed inside: errno 5", "a point that failed inside")

is_(refused("# make: a ext4 48M dax=never control\n# vm: -p cpu\n# every: 2\n"),
    ([classes.Target("a", "ext4", 48, ["dax=never", "control"])], ["-p", "cpu"], 2.0), "a config's comments")
is_(refused("version: 1\n"), "FILE: no line # make: TARGET ...: how are its targets made?", "no targets")
is_(refused("\n# make: a zfs 48M\n"), "FILE:2: expected # make: TARGET ext4|xfs|fsdax|devdax|sector|raw SIZE such as 96M", "an unknown kind")
is_(refused("# make: a ext4 48M beside=nap\n"), "FILE:1: beside=nap: there is no powercut/beside/nap.sh", "an unknown act")
is_(refused("# make: a ext4 48M controll\n"), "FILE:1: unknown option controll", "an unknown option")
dimms = powercut.spread([classes.Target("t%d" % k, "xfs", 64, ["on=virtio-pmem"] if k == 0 else []) for k in range(30)])
is_([len(d) for d in dimms], [12, 12, 5], "targets are spread over NVDIMMs of less than 1G, but for that of virtio-pmem")
print("1..%d" % (passed + failed))
sys.exit(failed > 0)
