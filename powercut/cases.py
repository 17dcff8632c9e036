#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The questions of cases.c, asked of the model: boots one machine with a cache in front of its
NVDIMM, and says of each case what a power cut right behind it leaves, with ADR and with eADR.
TAP; with --table the Markdown of docs/durability.md."""
import os
import re
import subprocess
import sys
import tempfile

import nvlog

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CASES = os.environ.get("DAXMARK_CASES", os.path.join(TOP, "build", "cases"))
PAGE, OLD = 4096, 0x11
GUEST = "ndctl create-namespace -f -e namespace0.0 -m devdax >/dev/null && build/cases run /dev/dax0.0"


def questions():
    text = subprocess.run([CASES, "list"], check=True, capture_output=True, text=True).stdout
    names = "name question code where adr eadr source".split()
    return [dict(zip(names, line.split("\t"))) for line in text.splitlines()]


def boot(keep, cache, options):
    subprocess.run([os.path.join(TOP, "scripts", "vm"), "run", "-d", "272M@0", "-n", "1", "--keep", keep, "--cache", cache,
                    "-f", CASES, "-t", "120", *options, GUEST], stderr=subprocess.PIPE, text=True, check=False)
    if not os.path.exists(os.path.join(cache, "durable0.base")):
        sys.exit("cases: the machine did not get there; scripts/vm run says more")


def pages(base):
    """Case number -> offset of its page: the device's pages lie where the namespace has them."""
    return {int(m.group(1)): m.start() // PAGE * PAGE for m in re.finditer(rb"daxmark case (\d+)\0", base)}


def answer(image, page, where):
    """A letter for each place OFFSET[:BYTES]: k, all of it is new; l, some of it is old."""
    letters = ""
    for place in where.split():
        at, _, n = place.partition(":")
        got = image[page + int(at):page + int(at) + int(n or 8)]
        letters += "k" if got == bytes([0x22]) * len(got) else "l"
    return letters


def worst(a, b):
    """What was lost in one round may be lost."""
    return "".join("l" if "l" in pair else "k" for pair in zip(a, b))


def judge(cases, cache):
    """[(case, what ADR kept in all its rounds, what eADR kept)]."""
    said = {}
    with open(os.path.join(cache, "durable0.base"), "rb") as f:
        image = bytearray(f.read())
    where = pages(image)
    for event in nvlog.read(os.path.join(cache, "log")):
        if isinstance(event, nvlog.Fence):
            nvlog.commit([image], event)
        elif isinstance(event, nvlog.Note):
            c, page = cases[event.value % len(cases)], where[event.value]
            with open(os.path.join(cache, "durable0.live.%d" % event.value), "rb") as f:
                f.seek(page)
                live = f.read(PAGE)
            now = answer(image, page, c["where"]), answer(live, 0, c["where"])
            before = said.get(c["name"], now)
            said[c["name"]] = [worst(a, b) for a, b in zip(before, now)]
    return [(c, *said.get(c["name"], ("", ""))) for c in cases]


def table(cases):
    words = {"k": "kept", "l": "may be lost"}
    print("| question | code | ADR | eADR | source |\n|---|---|---|---|---|")
    for c in cases:
        adr, eadr = (", ".join(words[x] for x in c[k]) for k in ("adr", "eadr"))
        print("| %s | `%s` | %s | %s | %s |" % (c["question"], c["code"], adr, eadr, c["source"]))


def main():
    cases = questions()
    if sys.argv[1:] == ["--table"]:
        table(cases)
        return 0
    bad = seen = 0
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as work:
        boot(os.path.join(work, "dimm"), os.path.join(work, "cache"), sys.argv[1:])
        for c, adr, eadr in judge(cases, os.path.join(work, "cache")):
            seen += 1
            ok = adr and adr == c["adr"] and eadr == c["eadr"]
            bad += not ok
            print("%sok %d - %s: %s%s" % ("" if ok else "not ", seen, c["name"], c["code"], "" if ok else
                  "\n# ADR %s, said %s; eADR %s, said %s" % (adr, c["adr"], eadr, c["eadr"])))
    print("1..%d" % len(cases))
    return 1 if bad or seen != len(cases) else 0


if __name__ == "__main__":
    sys.exit(main())
