# SPDX-License-Identifier: BSD-2-Clause
"""The plugin's log (marks.h): what became durable when, and images of any moment of it."""
import collections
import random
import struct

RECORD = struct.Struct("=4Q")
FENCE, LINE, NOTE, LOST = 1, 2, 3, 4
LINE_BYTES = 64
WHOLE = (1 << LINE_BYTES) - 1
COUNTS = ("clwb clflushopt clflush clean nt nt_bytes sfence mfence lock serial fences lines bytes").split()
COUNTS_STRUCT = struct.Struct("=%dQ" % (2 * len(COUNTS)))

Line = collections.namedtuple("Line", "dimm offset mask data")
Fence = collections.namedtuple("Fence", "pc kind lines")
Note = collections.namedtuple("Note", "value user kernel")      # counts so far, by name
Lost = collections.namedtuple("Lost", "dimm lines first")


class Broken(Exception):
    """The log ends within a record: the machine was killed, not cut."""


def _take(f, n):
    data = f.read(n)
    if len(data) != n:
        raise Broken
    return data


def _lines(f, n):
    for _ in range(n):
        kind, dimm, offset, mask = RECORD.unpack(_take(f, RECORD.size))
        if kind != LINE:
            raise ValueError("%s: a line was expected at %d" % (f.name, f.tell()))
        yield Line(dimm, offset, mask, _take(f, LINE_BYTES))


def _counts(data):
    v = COUNTS_STRUCT.unpack(data)
    return [dict(zip(COUNTS, v[:len(COUNTS)])), dict(zip(COUNTS, v[len(COUNTS):]))]


def read(path):
    """The events of a log in their order; what a kill cut off at its end is left out."""
    with open(path, "rb") as f:
        try:
            while True:
                head = f.read(RECORD.size)
                if len(head) < RECORD.size:
                    return
                kind, a, b, c = RECORD.unpack(head)
                if kind == FENCE:
                    yield Fence(a, b, list(_lines(f, c)))
                elif kind == NOTE:
                    yield Note(a, *_counts(_take(f, COUNTS_STRUCT.size)))
                elif kind == LOST:
                    yield Lost(a, b, c)
                else:
                    raise ValueError("%s: no record of kind %d" % (path, kind))
        except Broken:
            return


def apply(image, line, words=0xff):
    """Put a line into the image of its DIMM: of its eight words those of the mask `words`."""
    for w in range(8):
        if not words >> w & 1:
            continue
        at, mask = line.offset + 8 * w, line.mask >> 8 * w & 0xff
        if mask == 0xff:
            image[at:at + 8] = line.data[8 * w:8 * w + 8]
        else:
            for i in range(8):
                if mask >> i & 1:
                    image[at + i] = line.data[8 * w + i]


def tear(images, fence, rng):
    """A cut while this fence was under way: some of its lines, some of those in 8-byte pieces."""
    for line in fence.lines:
        x = rng.random()
        if x >= 0.4:
            apply(images[line.dimm], line, 0xff if x < 0.8 else rng.getrandbits(8))


def commit(images, fence):
    """All of it."""
    for line in fence.lines:
        apply(images[line.dimm], line)


def chooser(seed):
    """Random crash points that another run can have again."""
    return random.Random(seed)
