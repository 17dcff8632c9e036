#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# run-bench import: published results of others.  tests/import holds made-up numbers in their
# formats; the real files are not ours to carry, and tests of them skip without.

load helper

small=$BATS_TEST_DIRNAME/../import
published=$BATS_TEST_DIRNAME/../../../shared/reference

import() { bench import -q -o imported "$@"; }
need_published() { [ -d "$published" ] || skip 'no ../shared/reference'; }

@test "PerMA-Bench: points, units, one repeat each" {
	says 0 '3 points, each measured once (n=1); 1 without a counterpart' -- "$bin" import -o imported "$small/made-up.json"
	dir=$(import "$small/made-up.json")
	python3 - "$dir" <<-'E'
		import csv, json, sys
		d = sys.argv[1]
		points = list(csv.DictReader(open(d + "/points.csv")))
		assert [p["kernel"] for p in points] == ["clwb", "store", "load"]
		assert [p["placement"] for p in points] == ["local", "remote", ""]
		assert points[1]["control"] == "yes" and points[0]["medium"] == "optane"
		reps = {(r["point"], r["metric"]): float(r["value"]) for r in csv.DictReader(open(d + "/reps.csv"))}
		near = lambda a, b: abs(a / b - 1) < 1e-6
		# 0.25 GiB/s at 64 B; two threads take twice as long for the same rate.
		assert near(reps["0", "bandwidth_gbs"], 0.25 * 2**30 / 1e9)
		assert near(reps["0", "time_ns"], 64 / (0.25 * 2**30 / 1e9))
		assert near(reps["1", "time_ns"], 2 * 64 / (2**30 / 1e9))
		assert reps["2", "latency_issue_p50_ns"] == 400
		run = json.load(open(d + "/run.json"))
		assert run["imported"]["n"] == 1 and run["host"]["name"] == "made-up"
	E
	bench report "$dir" >/dev/null
	[ ! -e imported/latest ]
}

@test "OptaneStudy: a figure's table, though its last line has no newline" {
	dir=$(import "$small/02-best_case_latency.csv")
	[ "$(wc -l <"$dir/points.csv")" = 9 ]
	says 0 '8 rows' 'n=1' 'equal' -- "$bin" compare "$dir" "$dir"
	says 0 '3.00 times slower, n=1' -- "$bin" compare "$dir" --col target --base dram --filter 'pattern=random'
}

@test "a missing field, an unknown one and a truncated file are refused by name" {
	sed 's/"bandwidth": 0.25, //' "$small/made-up.json" >missing.json
	says 2 'missing.json' "random_writes" "point 0: no field 'bandwidth'" -- "$bin" import -q -o imported missing.json
	sed '0,/"number_threads": 1/s///' "$small/made-up.json" | sed 's/"number_partitions": 1, ,/"number_partitions": 1,/' >threads.json
	says 2 "no field 'number_threads'" -- "$bin" import -q -o imported threads.json
	sed '0,/"prefault_file"/s//"prefetch_file"/' "$small/made-up.json" >unknown.json
	says 2 "unknown field 'prefetch_file'" -- "$bin" import -q -o imported unknown.json
	sed '0,/"cache"/s//"cash"/' "$small/made-up.json" >value.json
	says 2 "unknown value 'persist_instruction=cash'" -- "$bin" import -q -o imported value.json
	head -c 900 "$small/made-up.json" >cut.json
	says 2 'cut.json:' -- "$bin" import -q -o imported cut.json
	echo '{}' >object.json
	says 2 'not an array of benchmarks' -- "$bin" import -q -o imported object.json
	[ ! -e imported ] || [ -z "$(ls imported)" ]
}

@test "a table with another header, a broken number, too few lines" {
	mkdir t
	sed '1s/Optane,/Octane,/' "$small/02-best_case_latency.csv" >t/02-best_case_latency.csv
	says 2 '02-best_case_latency.csv:1: no column' Optane -- "$bin" import -q -o imported t/02-best_case_latency.csv
	sed '3s/300/3oo/' "$small/02-best_case_latency.csv" >t/02-best_case_latency.csv
	says 2 '02-best_case_latency.csv:3' '3oo' -- "$bin" import -q -o imported t/02-best_case_latency.csv
	head -n 3 "$small/02-best_case_latency.csv" >t/02-best_case_latency.csv
	says 2 '2 records where the published file has 4' -- "$bin" import -q -o imported t/02-best_case_latency.csv
	sed '2s/Read/Reed/' "$small/02-best_case_latency.csv" >t/02-best_case_latency.csv
	says 2 'unknown row' Reed -- "$bin" import -q -o imported t/02-best_case_latency.csv
	: >t/02-best_case_latency.csv
	says 2 '02-best_case_latency.csv:1: no column' -- "$bin" import -q -o imported t/02-best_case_latency.csv
	echo a,b >t/other.csv
	says 2 'other.csv' 'OptaneStudy' -- "$bin" import -q -o imported t/other.csv
	says 2 'absent.json' -- "$bin" import -q -o imported absent.json
	says 2 'neither' -- "$bin" import -q -o imported /etc/passwd
}

@test "100-series against 200-series: 64 B random clwb, one thread, is 2.5 times slower" {
	need_published
	a=$(import "$published/perma-bench/pmem-apache-256.json")
	b=$(import "$published/perma-bench/pmem-barlow-256.json")
	says 0 '219 ns' '547 ns' '2.49 times slower, n=1' 'no interval, no verdict' -- \
		"$bin" compare "$a" "$b" --filter 'kernel=clwb && size=64 && pattern=random && threads=1'
}

@test "every published file that has a map is read" {
	need_published
	for f in "$published"/perma-bench/*.json "$published"/optanestudy/{02,04,05,12,13,17}*.csv; do
		import "$f" >/dev/null
	done
	[ "$(find imported -name points.csv | wc -l)" = 14 ]
}

@test "our run against a published one" {
	need_published
	a=$(import "$published/perma-bench/dram-barlow-256.json")
	"$top/tests/fake/run" ours points=4
	says 0 'n=1' 'matched only by kernel,size,threads,pattern' -- "$bin" compare ours "$a" --row kernel,size,threads,pattern \
		--filter 'mode=throughput && size=64 && threads=1 && pattern=random'
}
