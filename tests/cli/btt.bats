#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# run-bench btt-check; what nd_btt and ndctl say of the same images: tests/vm/btt-check.sh.

load helper

setup() {
	common_setup
	# Sector 512, 40 of them, 8 lanes; by the layout of kernels/include/btt.h, written here anew.
	python3 - <<-'E'
		import struct
		data, mapoff, flog, copy = 4096, 7 * 4096, 8 * 4096, 9 * 4096
		image = bytearray(4096 + 10 * 4096)
		info = bytearray(4096)
		struct.pack_into("<16s", info, 0, b"BTT_ARENA_INFO")
		struct.pack_into("<HH6I", info, 52, 1, 1, 512, 40, 512, 48, 8, 4096)
		struct.pack_into("<5Q", info, 80, 0, data, mapoff, flog, copy)
		lo = hi = 0
		for (w,) in struct.iter_unpack("<I", info):
		    lo = (lo + w) & 0xffffffff
		    hi = (hi + lo) & 0xffffffff
		struct.pack_into("<Q", info, 4088, hi << 32 | lo)
		for at in 0, copy:
		    image[4096 + at:8192 + at] = info
		for lane in range(8):
		    struct.pack_into("<4I", image, 4096 + flog + 64 * lane, lane, 40 + lane, 40 + lane, 1)
		open("good", "wb").write(image)
		struct.pack_into("<4I", image, 4096 + flog + 64 * 2 + 16, 7, 7, 42, 2)
		open("cut", "wb").write(image)
		struct.pack_into("<I", image, 4096 + mapoff + 4 * 5, 0xc0000006)
		open("bad", "wb").write(image)
		open("whole-disk", "wb").write(bytes(1 << 20) + open("good", "rb").read())
	E
}

@test "a sound image: 0; one cut between flog and map is sound, too" {
	says 0 'BTT 1.1, 40 sectors of 512 bytes, 8 lanes; 0 to roll forward' -- "$bin" btt-check good
	says 0 'nothing is wrong' -- "$bin" btt-check good
	says 0 '; 1 to roll forward' -- "$bin" btt-check cut
	says 1 'standard output: ' -- bash -c "'$bin' btt-check good >/dev/full"
}

@test "two sectors in one block: 1, and where" {
	says 1 'block twice: 1, the first in arena 0, sector 6: block 6' -- "$bin" btt-check bad
	"$bin" btt-check --json bad >json || [ $? = 1 ]
	python3 -c '
import json
d = json.load(open("json"))
assert d["arenas"][0]["roll_forward"] == 1 and d["faults"][0]["fault"] == "block twice", d'
}

@test "no BTT, no file, a namespace within an image" {
	says 2 'no BTT there' -- "$bin" btt-check whole-disk
	says 0 'nothing is wrong' -- "$bin" btt-check --offset 1M whole-disk
	says 2 'Invalid argument' -- "$bin" btt-check --offset 1000 whole-disk
	says 2 'expected a size' -- "$bin" btt-check --offset x whole-disk
	says 2 'No such file' -- "$bin" btt-check absent
	says 2 'one image' -- "$bin" btt-check
}
