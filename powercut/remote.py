# SPDX-License-Identifier: BSD-2-Clause
"""A machine of its own in the virtual one's place: acknowledgements come over a remote shell, its power
is cycled, and after it is up again its own run-bench looks for what it had acknowledged."""
import json
import os
import shlex
import subprocess
import time

from classes import Stop

UP = 900					# seconds, from power to shell
NEVER = "--set mode=audit --set settle=fixed --set repeats=1000 --set max_repeats=1000 --set windows=1"
# It may come up with an empty /tmp.
HAVE = "cat >/tmp/powercut.yaml && "
# Each worker opens what it acknowledges to by its path, and a shell's stdout may be a socket.
FIFO = "rm -f /tmp/powercut.fifo && mkfifo /tmp/powercut.fifo && exec 3<>/tmp/powercut.fifo && { cat <&3 & } && "


class Remote:
    """Its targets are made and are mounted when it is up: that is its owner's to see to."""

    def __init__(self, args, work):
        self.shell = shlex.split(args.remote_shell) + [args.remote]
        self.cycle = args.power_cycle.replace("%h", args.remote)
        self.destroy = " ".join("--destroy-data=" + shlex.quote(d) for d in args.destroy_data)
        self.acks = os.path.join(work, "acks")
        self.audit = None
        self.config = args.config

    def say(self, command, stdin=b"", statuses=(0,)):
        """What the command prints there."""
        got = subprocess.run(self.shell + [command], input=stdin, capture_output=True, check=False)
        if got.returncode not in statuses:
            raise Stop("%s: %s" % (command, got.stderr.decode(errors="replace").strip() or "status %d" % got.returncode))
        return got.stdout.decode()

    def boot_id(self):
        return self.say("cat /proc/sys/kernel/random/boot_id").strip()

    def plan(self):
        with open(self.config, "rb") as f:
            return json.loads(self.say(HAVE + "run-bench plan --json %s /tmp/powercut.yaml" % NEVER, f.read()))

    def begin(self):
        """The audit."""
        with open(self.acks, "wb") as out, open(self.config, "rb") as config:
            self.audit = subprocess.Popen(self.shell + [
                HAVE + FIFO + "run-bench run -q --acks /tmp/powercut.fifo %s %s -o /tmp /tmp/powercut.yaml >/dev/null; kill $!"
                % (NEVER, self.destroy)],
                stdout=out, stdin=config)

    def go_on(self, size):
        end = time.monotonic() + UP
        while os.path.getsize(self.acks) < size:
            if self.audit.poll() is not None or time.monotonic() > end:
                raise Stop("the audit did not get there")
            time.sleep(0.1)

    def cut(self):
        """What came from over there before was acknowledged, if not all that was."""
        before = self.boot_id()
        status = subprocess.run(self.cycle, shell=True, check=False, stdout=subprocess.DEVNULL).returncode
        if status:
            raise Stop("%s: status %d" % (self.cycle, status))
        self.end()
        deadline = time.monotonic() + UP
        while time.monotonic() < deadline:
            try:
                if self.boot_id() != before:
                    return
            except Stop:
                pass
            time.sleep(1)
        raise Stop("%s is not up after %d s" % (self.shell[-1], UP))

    def verify(self):
        with open(self.acks, "rb") as f:
            return json.loads(self.say("cat >/tmp/powercut.acks && run-bench verify --json /tmp/powercut.acks", f.read(), (0, 1)))

    def end(self):
        if self.audit and self.audit.poll() is None:
            self.audit.kill()
        if self.audit:
            self.audit.wait()
