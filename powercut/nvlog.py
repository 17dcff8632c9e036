# SPDX-License-Identifier: BSD-2-Clause
"""The plugin's log (marks.h): what became durable when, and images of any moment of it."""
import collections
import struct

RECORD = struct.Struct("=4Q")
FENCE, LINE, NOTE = 1, 2, 3
LINE_BYTES = 64
WHOLE = (1 << LINE_BYTES) - 1
COUNTS = ("clwb clflushopt clflush clean nt nt_bytes sfence mfence lock serial fences lines bytes").split()
COUNTS_STRUCT = struct.Struct("=%dQ" % (2 * len(COUNTS)))

Line = collections.namedtuple("Line", "dimm offset mask data")
Fence = collections.namedtuple("Fence", "pc kind lines")
Note = collections.namedtuple("Note", "value user kernel")      # counts so far, by name


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
                else:
                    raise ValueError("%s: no record of kind %d" % (path, kind))
        except Broken:
            return


def apply(image, line):
    """Put a line into the image of its DIMM."""
    for w in range(8):
        at, mask = line.offset + 8 * w, line.mask >> 8 * w & 0xff
        if mask == 0xff:
            image[at:at + 8] = line.data[8 * w:8 * w + 8]
        else:
            for i in range(8):
                if mask >> i & 1:
                    image[at + i] = line.data[8 * w + i]


def commit(images, fence):
    """All of it."""
    for line in fence.lines:
        apply(images[line.dimm], line)
