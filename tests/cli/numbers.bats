#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What was measured is what the labels say: units, stamps, starts, chunks.

load helper

setup_file() { build_kernels; }

# own NAME OPTION...: a short run of tests/cli/kernels/NAME.c.
own() {
	local name=$1
	shift
	"$bin" -q "${tiny[@]}" --kernel-path "$BATS_FILE_TMPDIR/k/$name" -k "$name" -t "${target:-dram:1M}" "$@"
}

# table CODE: python over the tables of the latest run, each a list of dicts: points, samples, hist, reps.
table() {
	python3 - "$1" <<-'END'
		import csv, sys
		for t in "points", "samples", "hist", "repeats", "reps", "summary":
		    globals()[t] = list(csv.DictReader(open(f"results/latest/{t}.csv", newline="")))
		exec(sys.argv[1])
	END
}

@test "units: latency stamps whole ones, throughput chunks are multiples of them" {
	own units --set fence=1,16,1024 --set 'mode=throughput,latency' -s 64
	table '
for s in samples:
    unit = int(points[int(s["point"])]["p_fence"])
    assert int(points[int(s["point"])]["unit"]) == unit
    assert int(s["ops"]) % unit == 0 and int(s["ops"]) > 0, s
for p in points:
    unit = int(p["unit"])
    v = {r["metric"]: float(r["value"]) for r in reps if r["point"] == p["point"]}
    assert (unit > 1) == ("unit_ns" in v)
    if unit > 1:
        assert abs(v["unit_ns"] / v["time_ns"] / unit - 1) < 1e-9
    if p["mode"] == "latency":
        count = sum(int(h["count"]) for h in hist if h["point"] == p["point"])
        ops = sum(int(s["ops"]) for s in samples if s["point"] == p["point"] and s["mode"] == "latency")
        assert count * unit == ops, (count, unit, ops)
'
}

@test "what is counted is every op that was run, back to back as well" {
	"$bin" -q "${tiny[@]}" -k clwb,store -s 64 -t dram:1M --set fence=1,4 --set mode=latency --set gap=back-to-back
	valid results/latest complete 1
	run "$bin" report results/latest
	[[ $output != *'every op is in the histograms:'* ]]
}

@test "a kernel whose members do not go together is refused by name" {
	says 2 'later.so: pm_size and find come together, format and recover with them' -- \
		"$bin" list kernels --kernel-path "$BATS_FILE_TMPDIR/k/later"
}

@test "read-back: an intact block of another slot is found, and so is an overwrite that was left out" {
	# So many slots that the last window, for throughput, does not come to all.
	target=dram:64M run own swap --set mode=latency --set do=swap -s 64
	[ "$status" = 1 ]
	has 'the intact block of op' 'stands there, whose slot is'
	# The ring of 256 blocks divides the 1024 slots.
	run own swap --set mode=throughput --set do=stale --set working_set=64K -s 64
	[ "$status" = 1 ]
	has 'the block of an earlier pass stands there'
}

@test "msync: the first store to a page after the prefault faults as the later ones do" {
	[ "$(stat -f -c %T .)" != tmpfs ] || skip 'msync of tmpfs cleans nothing'
	mkdir d
	"$bin" -q "${tiny[@]}" --set ops=64 --set working_set=16M -k msync -s 4K -t "$PWD/d" --set targets.d.size=16M
	table '
r, = repeats
ops = sum(int(s["ops"]) for s in samples)
assert ops < 4096, "each slot at most once"
assert int(r["faults"]) >= 0.99 * ops, (r["faults"], ops)
'
}

@test "throughput: chunks are told apart, and their mean is the number" {
	"$bin" -q "${tiny[@]}" -k null -t dram:1M --set windows=3 --set window=10ms --set mode=throughput,latency
	table '
for s in samples:
    assert int(s["chunks"]) > 0 and int(s["disturbed"]) + int(s["stalled"] or 0) <= int(s["chunks"])
    assert int(s["kept_ops"]) <= int(s["ops"]) and int(s["kept_ticks"]) <= int(s["ticks"])
v = {(r["point"], r["metric"]): float(r["value"]) for r in reps}
assert 0 < v["0", "kept"] <= 1 and v["0", "time_whole_ns"] > 0 and 0 <= v["1", "disturbed_ops"] <= 1
'
}
