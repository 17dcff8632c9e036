#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""build/replay on logs made here: what it must find, and what it must not. TAP."""
import os
import struct
import subprocess
import sys
import tempfile

REPLAY = sys.argv[1]
MASK = (1 << 64) - 1
WHOLE, SIZE, DEVICE, FILE, SEED = MASK, 256, 65536, 200704, 99
FENCE, LINE, NOTE = 1, 2, 3


def mix(z):
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9 & MASK
    z = (z ^ z >> 27) * 0x94d049bb133111eb & MASK
    return z ^ z >> 31


def stamp(op, slot):
    """As stamp.c: thread and epoch 0."""
    w, words = mix(SEED ^ mix(0) ^ mix((mix(~op & MASK) + slot) & MASK)), []
    for _ in range(SIZE // 8):
        words.append(w)
        w = (w * 0x9e3779b97f4a7c15 + 1) & MASK
    return struct.pack("<%dQ" % len(words), *words)


class Run:
    """A log and its acknowledgements, as they would come to be."""

    def __init__(self, path, slots):
        self.path, self.slots, self.base = path, slots, {"/dev/pmem9": DEVICE}.get(path, FILE)
        self.log, self.image = b"", bytearray(1 << 18)
        self.acks = "P 0 0 %s\nB 0 0 0 %d %d 0 0 0 %s\n" % (path, SEED, SIZE, path)

    def fence(self, op, lines=range(SIZE // 64)):
        self.log += struct.pack("<4Q", FENCE, 0x1000, 5, len(lines))
        data, at = stamp(op, op % self.slots), self.base + op % self.slots * SIZE
        for k in lines:
            piece = data[64 * k:64 * k + 64]
            self.log += struct.pack("<4Q", LINE, 0, at + 64 * k, WHOLE) + piece
            self.image[at + 64 * k:at + 64 * k + 64] = piece

    def note(self, op):
        # clwb is 4 an op, the kernel's sfence one; the rest is nothing.
        self.log += struct.pack("<4Q", NOTE, op, 0, 0) + struct.pack("<26Q", 4 * op, *[0] * 18, op, *[0] * 6)
        self.acks += "A 0 0 0 %d %d\n" % (op, op % self.slots)

    def end(self):
        self.acks += "E 0 0 0 0\n"


def replay(run, *options, durable=None):
    """(exit status, its first row by column, what it said)."""
    with tempfile.TemporaryDirectory() as d:
        def put(name, data):
            with open(os.path.join(d, name), "wb") as f:
                f.write(data)
            return os.path.join(d, name)
        got = subprocess.run([REPLAY, "-d", "%s:%s" % (put("base", bytes(len(run.image))), put("durable", durable or run.image)),
                              "-r", "/dev/pmem9=0@%d" % DEVICE, *options, put("log", run.log), put("acks", run.acks.encode())],
                             capture_output=True, text=True, check=False)
        lines = [line.split("\t") for line in got.stdout.splitlines()]
        row = {k: int(v) for k, v in zip(*lines[:2])} if len(lines) > 1 else {}
        return got.returncode, row, got.stderr


def good(path="/mnt/f", ops=6, slots=6):
    r = Run(path, slots)
    for op in range(ops):
        r.fence(op)
        r.note(op)
    r.end()
    return r


def early():
    """Acknowledged before the fence."""
    r = Run("/mnt/f", 6)
    for op in range(6):
        r.note(op)
        r.fence(op)
    r.end()
    return r


def never():
    r = Run("/mnt/f", 6)
    for op in range(6):
        r.note(op)
    r.end()
    return r


def partly():
    """A line of the first op is forgotten."""
    r = good(ops=0)
    for op in range(6):
        r.fence(op, range(0 if op else 1, SIZE // 64))
        r.note(op)
    return r


def has(got, **want):
    return got[0] == 0 and all(got[1].get(k) == v for k, v in want.items())


def main():
    n = bad = 0

    def ok(name, right, got):
        nonlocal n, bad
        n += 1
        bad += not right
        print("%sok %d - %s%s" % ("" if right else "not ", n, name, "" if right else "\n# %r" % (got,)))

    got = replay(good())
    ok("flushed and fenced: a moment at each fence and each op, none lost", has(got, ops=6, moments=11, lost=0, torn=0), got)
    ok("what an op executed", has(got, user_clwb=4, kernel_sfence=1, user_sfence=0), got)
    got = replay(early())
    ok("acknowledged before its fence: lost right there", has(got, moments=12, lost=6, torn=0, slots_missing=6), got)
    got = replay(never())
    ok("never flushed: missing at every moment", has(got, moments=6, lost=6, slots_missing=21), got)
    got = replay(partly())
    ok("one line is not durable: torn ever after", has(got, torn=11, lost=0), got)
    twice = good("/dev/pmem9", 12, 3)
    got = replay(twice)
    ok("written again, cut at fences alone: whole", has(got, ops=12, lost=0, torn=0), got)
    got = replay(twice, "-t", "8")
    ok("cut within the fence: torn", got[0] == 0 and got[1]["torn"] > 20, got)
    got = replay(good("/mnt/f", 12, 3), "-t", "8")
    ok("a file's slot, too", got[0] == 0 and got[1]["torn"] > 20, got)
    got = replay(good(), durable=bytes(1 << 18))
    ok("not what the model left: said, and no success", got[0] == 2 and "gives something else" in got[2], got)
    half = good()
    half.log = half.log[:len(half.log) // 2]
    got = replay(half, durable=bytes(1 << 18))
    ok("a log that ends too early", got[0] == 2 and "the log ends before" in got[2], got)
    other = good()
    other.acks = other.acks.replace("A 0 0 0 2 2", "A 0 0 0 3 3")
    got = replay(other)
    ok("acknowledgements of another run", got[0] == 2 and "the log notes op 2" in got[2], got)
    got = replay(good(ops=0))
    ok("no ops: shows nothing, and says so", got[0] == 2 and "no op was acknowledged" in got[2], got)
    print("1..%d" % n)
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
