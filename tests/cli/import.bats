#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# run-bench import: published results of others.  tests/import holds made-up numbers in their
# formats; the real files are not ours to carry, and tests of them skip without.

load helper

small=$BATS_TEST_DIRNAME/../import
published=$BATS_TEST_DIRNAME/../../../shared/reference

# The maps are found wherever the binary lies.
setup() { common_setup; export DAXMARK_DATADIR=$top; }

import() { bench import -q -o imported "$@"; }
# own FILE: a map for which this table is the published one; in $own.
own() {
	own=$PWD/own
	mkdir -p "$own/configs/import"
	cp "$top/configs/import/perma-bench.json" "$own/configs/import"
	python3 - "$1" "$top/configs/import/optanestudy.json" >"$own/configs/import/optanestudy.json" <<-'E'
		import hashlib, json, os, sys
		d = json.load(open(sys.argv[2]))
		text = open(sys.argv[1], "rb").read().rstrip(b"\r\n")
		d["files"][os.path.basename(sys.argv[1])]["sha256"] = hashlib.sha256(text).hexdigest()
		json.dump(d, sys.stdout)
	E
	export DAXMARK_DATADIR=$own
}

need_published() { [ -d "$published" ] || skip 'no ../shared/reference'; }

@test "PerMA-Bench: points, units, one repeat each" {
	says 0 '3 points, each measured once (n=1); 1 without a counterpart' -- "$bin" import -o imported "$small/made-up.json"
	dir=$(import "$small/made-up.json")
	python3 - "$dir" <<-'E'
		import csv, json, sys
		d = sys.argv[1]
		points = list(csv.DictReader(open(d + "/points.csv")))
		assert [p["kernel"] for p in points] == ["clwb", "store", "load"]
		assert [p["placement"] for p in points] == ["local", "remote", "local"]
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

@test "OptaneStudy: a figure's table, whether its last line has a newline or not" {
	own "$small/02-best_case_latency.csv"
	mkdir t
	printf '%s\n' "$(cat "$small/02-best_case_latency.csv")" >t/02-best_case_latency.csv
	import t/02-best_case_latency.csv >/dev/null
	dir=$(import "$small/02-best_case_latency.csv")
	[ "$(wc -l <"$dir/points.csv")" = 9 ]
	says 0 '8 rows' 'n=1' 'equal' -- "$bin" compare "$dir" "$dir"
	says 0 '3.00 times slower, n=1' -- "$bin" compare "$dir" --col target --base dram --filter 'pattern=random'
}

@test "PerMA-Bench: each field that gives a point its meaning is required, the others may be missing" {
	python3 - "$small/made-up.json" "$top/configs/import/perma-bench.json" <<-'E'
		import copy, json, sys
		bench = json.load(open(sys.argv[1]))
		fields = json.load(open(sys.argv[2]))["fields"]
		config = bench[0]["benchmarks"][0]["config"]
		for name in config:
		    b = copy.deepcopy(bench)
		    del b[0]["benchmarks"][0]["config"][name]
		    optional = name in fields["optional"] and name != "persist_instruction"
		    json.dump(b, open(("may-" if optional else "must-") + name + ".json", "w"))
	E
	[ "$(echo may-*)" = 'may-min_io_chunk_size.json may-number_operations.json' ]
	for f in may-*; do import "$f" >/dev/null; done
	for f in must-*; do
		name=${f#must-}
		says 2 "$f: benchmark 'random_writes', point 0: no field '${name%.json}'" -- "$bin" import -q -o imported "$f"
	done
	[ "$(echo must-* | wc -w)" = 11 ]
}

@test "PerMA-Bench: a value that nothing here is like leaves the point out, and counted" {
	says 0 '3 points' '; 1 without' -- "$bin" import -o imported "$small/made-up.json"
	for edit in '/"uniform"/"zipf"' '/"number_partitions": 1/"number_partitions": 4' '/"prefault_file": true/"prefault_file": false' \
		'/"numa_pattern": "near"/"numa_pattern": "near", "dram_operation_ratio": 0.3'; do
		sed "0,${edit%/*}/s${edit}/" "$small/made-up.json" >edit.json
		says 0 '2 points' '; 2 without' -- "$bin" import -o imported edit.json
	done
	sed '0,/"uniform"/s//"normal"/' "$small/made-up.json" >edit.json
	says 2 "unknown value 'random_distribution=normal'" -- "$bin" import -q -o imported edit.json
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

@test "a table that is not the published one to the byte, one that has no counterpart" {
	own "$small/02-best_case_latency.csv"
	mkdir t
	# Cut within the last number, and another number: both can be read.
	head -c -2 "$small/02-best_case_latency.csv" >t/02-best_case_latency.csv
	says 2 't/02-best_case_latency.csv: not the published file' SHA-256 -- "$bin" import -q -o imported t/02-best_case_latency.csv
	sed '3s/300/301/' "$small/02-best_case_latency.csv" >t/02-best_case_latency.csv
	says 2 'not the published file' -- "$bin" import -q -o imported t/02-best_case_latency.csv
	: >t/02-best_case_latency.csv
	says 2 'not the published file' -- "$bin" import -q -o imported t/02-best_case_latency.csv
	echo a,b >t/other.csv
	says 2 'other.csv' 'OptaneStudy' -- "$bin" import -q -o imported t/other.csv
	echo a,b >t/18-pmemkv.csv
	says 2 '18-pmemkv.csv: has no counterpart here: PMemKV is an application' -- "$bin" import -q -o imported t/18-pmemkv.csv
	says 2 'absent.json' -- "$bin" import -q -o imported absent.json
	says 2 'neither' -- "$bin" import -q -o imported /etc/passwd
}

@test "without sha256sum an import says what it needs" {
	own "$small/02-best_case_latency.csv"
	mkdir none
	says 2 'needs sha256sum, which is not installed' -- env PATH="$PWD/none" "$bin" import -q -o imported "$small/02-best_case_latency.csv"
	says 2 'made-up.json: needs sha256sum' -- env PATH="$PWD/none" "$bin" import -q -o imported "$small/made-up.json"
}

@test "OptaneStudy: columns that are metrics of one point, and microseconds" {
	mkdir t
	{ echo 'HotspotRegion,99.99%,99.999%,Max'; for i in $(seq 19); do echo "$((128 << i)),0.$i,1.$i,2.5"; done; } >t/03-tail_latency.csv
	printf 'access,XFS-DAX-sync,XFS-DAX,Ext4-DAX-sync,Ext4-DAX,NOVA,NOVA-relaxed,NOVA-datalog\n%s\n%s\n%s\n' \
		'Overwrite\64B,40,2,4,2,9,3,1' 'Overwrite\256B,50,3,5,3,9,3,1' 'Read\4KB,0,1,0,1,1,1,1' >t/11-nova_datalog.csv
	own t/03-tail_latency.csv
	dir=$(import t/03-tail_latency.csv)
	grep -q '^0,0,.*latency_issue_p99.99_ns,100,1' "$dir/reps.csv"
	grep -q '^1,0,.*latency_issue_p99.999_ns,1200,1' "$dir/reps.csv"
	grep -q '^18,0,.*latency_issue_max_ns,2500,1' "$dir/reps.csv"
	[ "$(wc -l <"$dir/points.csv")" = 20 ]
	says 0 '19 unmatched' 'no repeats of a headline metric' -- "$bin" compare "$dir" "$dir"
	says 0 '19 rows' -- "$bin" compare "$dir" "$dir" --metric latency_issue_p99.999_ns
	own t/11-nova_datalog.csv
	says 0 '8 points' 'sync is taken as pwrite and fsync' -- "$bin" import -o imported t/11-nova_datalog.csv
	dir=$(import t/11-nova_datalog.csv)
	says 0 '4 rows' 'fsync size=64' '40.0 µs' '10.00 times faster, n=1' -- "$bin" compare "$dir" --col role
}

@test "100-series against 200-series: 64 B random clwb, one thread, is 2.5 times slower" {
	need_published
	a=$(import "$published/perma-bench/pmem-apache-256.json")
	b=$(import "$published/perma-bench/pmem-barlow-256.json")
	says 0 '219 ns' '547 ns' '2.49 times slower, n=1' 'no interval, no verdict' \
		'environment: 2 settings differ' 'Cascade Lake' 'Ice Lake' 'Optane 100 series' 'Optane 200 series' -- \
		"$bin" compare "$a" "$b" --filter 'kernel=clwb && size=64 && pattern=random && threads=1'
}

@test "every published file that has a map is read" {
	need_published
	for f in "$published"/perma-bench/*.json "$published"/optanestudy/{02,03,04,05,11,12,13,17}*.csv; do
		import "$f" >/dev/null
	done
	[ "$(find imported -name points.csv | wc -l)" = 16 ]
}

@test "a published file cut within its last number, and one that has no counterpart, are refused" {
	need_published
	mkdir t
	head -c -4 "$published/optanestudy/17-numa.csv" >t/17-numa.csv
	says 2 '17-numa.csv: not the published file' -- "$bin" import -q -o imported t/17-numa.csv
	for f in "$published"/optanestudy/{06,07,08,09,14,15,16,18}*.csv; do
		says 2 "$f: has no counterpart here: " -- "$bin" import -q -o imported "$f"
	done
}

@test "our run against a published one" {
	need_published
	a=$(import "$published/perma-bench/dram-barlow-256.json")
	"$top/tests/fake/run" ours points=4
	says 0 'n=1' 'matched only by kernel,size,threads,pattern' -- "$bin" compare ours "$a" --row kernel,size,threads,pattern \
		--filter 'mode=throughput && size=64 && threads=1 && pattern=random'
}
