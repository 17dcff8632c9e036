#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What a row claims, and that what ran is what it says: instructions, names, first touches.

load helper

setup_file() { build_kernels; }

# The value of column $1 in the only row of kernel $2.
column() {
	python3 - "$1" "$2" <<'END'
import csv, sys
rows = [r for r in csv.DictReader(open("results/latest/points.csv")) if r["kernel"] == sys.argv[2]]
print("\n".join(r[sys.argv[1]] for r in rows))
END
}

@test "without CLWB the next best instruction runs, and the row says so" {
	DAXMARK_WITHOUT=CLWB run -0 "$bin" -q "${tiny[@]}" -k flush-clean,flush-twice,touch -s 4K -t dram:1M
	grep -q -w clflushopt /proc/cpuinfo || skip 'no CLFLUSHOPT here'
	for k in flush-clean flush-twice touch; do
		[ "$(column p_instr $k) $(column status $k)" = 'clflushopt ok' ]
	done
	DAXMARK_WITHOUT='CLWB CLFLUSHOPT' run -0 "$bin" -q "${tiny[@]}" -k flush-twice -t dram:1M
	[ "$(column p_instr flush-twice) $(column status flush-twice)" = 'clflush ok' ]
	# One that was asked for is not replaced.
	DAXMARK_WITHOUT=CLWB says 3 'instr clwb lacks CLWB: not an instruction of this CPU' -- \
		"$bin" -k flush-twice -t dram:1M --set instr=clwb
}

@test "a worker has no PMEM_* of ours: PMDK's libraries flush" {
	PMEM_NO_FLUSH=1 PMEM_NO_CLWB=1 PMEM_IS_PMEM_FORCE=1 says 0 -- \
		"$bin" "${tiny[@]}" --kernel-path "$BATS_FILE_TMPDIR/k/pmdkenv" -k pmdkenv -t dram:1M
	says 0 -- "$bin" "${tiny[@]}" --kernel-path "$BATS_FILE_TMPDIR/k/pmdkenv" -k pmdkenv -t dram:1M
}

@test "create: its name is durable with dirsync=yes, and not promised without" {
	on_disk
	mkdir "$disk/d"
	run -0 "$bin" -q "${tiny[@]}" -k create,fsync -s 4K -t "$disk/d" --set targets.d.size=1M --set dirsync=yes,no
	[ "$(column durable create | tr '\n' ' ')" = 'yes metadata-unsafe ' ]
	[[ $(column why create) == *'its name is not promised'* ]]
	[ "$(column durable fsync)" = yes ]
}

@test "what could not be looked at is not judged; what cannot sync is not durable" {
	on_disk
	printf '%s\n' 'version: 1' 'targets: [{name: gone, file: /no/such, optional: true}, {name: ram, dram: 1M},' \
		"  {name: d, file: '$disk', size: 1M}]" 'benches: [{name: b, kernel: [odsync, clwb, null], size: 4K}]' >c.yaml
	run -0 "$bin" -q "${tiny[@]}" c.yaml
	valid results/latest
	[ "$(column durable odsync | tr '\n' ,)" = ',no,yes,' ]
	[ "$(column durable clwb | tr '\n' ,)" = ',yes,no,' ]
	[ "$(column durable null | tr '\n' ,)" = 'no,no,no,' ]
}

@test "a hole is written once: each slot of hole and unwritten serves for one op, and none to warm up" {
	mkdir t
	cat >once.yaml <<-E
		version: 1
		name: once
		targets: [{name: here, file: $PWD/t, size: 256K}]
		benches: [{name: b, kernel: [pwrite, read], size: 4K, threads: [1, 2], preparation: [hole, unwritten, written]}]
	E
	run -0 "$bin" -q "${tiny[@]}" --set warmup=5ms once.yaml
	run -0 python3 - <<-'E'
		import csv
		points = {r["point"]: r for r in csv.DictReader(open("results/latest/points.csv"))}
		ops = {}
		for r in csv.DictReader(open("results/latest/samples.csv")):
		    ops[r["point"]] = ops.get(r["point"], 0) + int(r["ops"])
		for p, n in sorted(ops.items()):
		    kernel, prep = points[p]["kernel"], points[p]["preparation"]
		    print(kernel, prep, n)
		    once = kernel == "pwrite" and prep != "written"
		    # Two threads' few ops may fall into no common time: such a repeat has none (no_overlap).
		    assert n <= 64 if once else n > 64 or points[p]["threads"] == "2", points[p]
		    assert n > 0 or points[p]["threads"] == "2", points[p]
		assert len(ops) == 8
	E
}

@test "preparation is an axis of first touches, not of prefaulted mappings" {
	mkdir d
	run -0 "$bin" -q "${tiny[@]}" -k touch,store,odsync -s 4K -t d --set targets.d.size=1M \
		--set preparation=hole,unwritten,written --set mode=latency --set line=cold,hot
	[ "$(column preparation touch | tr '\n' ,)" = hole,unwritten,written, ]
	[ "$(column line touch | tr -d '\n')" = '' ]
	[ "$(column preparation store | tr '\n' ,)" = ,, ]
	[ "$(column preparation odsync | tr '\n' ,)" = hole,unwritten,written, ]
	[ "$(column status touch | sort -u)" = ok ]
}

@test "a size that a kernel cannot take: the next that it can is named" {
	says 3 'size 64 is not a multiple of 4K, the pages of the mapping; try -s 4K' -- "$bin" plan -k touch -t dram:1M
	says 3 'size 100 is not a multiple of 64; try -s 128' -- "$bin" plan -k clwb -s 100 -t dram:1M
	need_root
	says 3 "size 64 is not a multiple of 512, the device's logical blocks; try -s 512" -- "$bin" plan -k sector -t loop:1M
}
