#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Short runs: what they print, what they leave behind, how points fail.

load helper

setup_file() { build_kernels; }

# oot NAME CODE TEXT...: a run of tests/cli/kernels/NAME.c beside null.
oot() {
	local name=$1 code=$2
	shift 2
	says "$code" "$@" -- "$bin" "${tiny[@]}" --kernel-path "$BATS_FILE_TMPDIR/k/$name" -k "$name,null" -t dram:1M
}

# The one that failed says so in points.csv, the other is there.
one_failed() {
	valid results/latest
	grep -q "$1" results/latest/points.csv
	grep -q '"status": "failed"' results/latest/run.json
	[ "$(grep -c ',null,.*,ok$' results/latest/points.csv)" = 1 ]
	grep -q ',null,' results/latest/summary.csv
	[ -s results/latest/report.html ]
}

@test "a run without a file: table, directory, tables, report, 0" {
	run -0 --separate-stderr "$bin" "${short[@]}" -k null,clwb,pwrite -s 64,4K -t dram:1M
	has 'clwb' '4 KiB' 'results/'
	[[ $stderr == *'measuring 4 points (2 skipped) into results/'* ]]
	valid results/latest complete 3
	[ "$(readlink results/latest)" = "$(basename "${lines[-1]}")" ]
	for f in run.json config.yaml config.resolved.json points.csv samples.csv hist.csv counters.csv repeats.csv \
		reps.csv summary.csv report.html log.txt env plots; do
		[ -e "results/latest/$f" ] || { echo "no $f"; false; }
	done
	grep -q 'skip:lacks FD' results/latest/points.csv
	grep -q '^measuring 4 points' results/latest/log.txt
}

@test "-q prints no progress, -v no less; --json is JSON and nothing else" {
	run -0 --separate-stderr "$bin" -q "${tiny[@]}" -k null -t dram:1M
	[[ $stderr != *measuring* ]]
	run -0 --separate-stderr "$bin" -q -v --json "${tiny[@]}" -k null -t dram:1M
	python3 -c 'import json, sys
d = json.load(sys.stdin)
assert d["schema"].startswith("daxmark.run/1.") and d["status"] == "ok" and d["name"] == "options"' <<<"$output"
}

# bats test_tags=slow
@test "-o: missing folders are made, %h is the host, %j the job" {
	says 0 "out/$(uname -n)/77/" -- env SLURM_JOB_ID=77 "$bin" -q "${tiny[@]}" -k null -t dram:1M -o out/%h/%j
	[ -L "out/$(uname -n)/77/latest" ]
	says 0 "one/nojob/" -- "$bin" -q "${tiny[@]}" -k null -t dram:1M -o one/%j/
}

# bats test_tags=slow
@test "a config from standard input, and two configs one after the other" {
	printf '%s\n' 'version: 1' 'name: one' 'targets: [{name: ram, dram: 1M}]' 'benches: [{name: b, kernel: null}]' >a.yaml
	sed s/one/two/ a.yaml >b.yaml
	says 0 -one- -- "$bin" -q "${tiny[@]}" - <a.yaml
	says 0 -one- -two- -- "$bin" -q "${tiny[@]}" a.yaml b.yaml
	[ "$(find results -maxdepth 1 -name '2*' | wc -l)" = 3 ]
	cmp a.yaml results/*-one-*/config.yaml || cmp a.yaml "$(find results -path '*-one-*/config.yaml' | head -n 1)"
}

# bats test_tags=slow
@test "a second config is tried after the first failed; the first code counts" {
	printf '%s\n' 'version: 1' 'name: one' 'targets: [{name: ram, dram: 1M}]' 'benches: [{name: b, kernel: null}]' >a.yaml
	says 2 'no.yaml: No such file' -one- -- "$bin" -q "${tiny[@]}" no.yaml a.yaml
}

# bats test_tags=slow
@test "report draws again and says the same; --only draws one figure" {
	"$bin" -q "${tiny[@]}" -k null,clwb -t dram:1M >first
	rm -r results/latest/plots results/latest/report.html results/latest/summary.csv
	"$bin" report results/latest >second
	diff <(grep clwb first) <(grep clwb second)
	[ -s results/latest/report.html ]
	[ -s results/latest/summary.csv ]
	ls results/latest/plots/*.svg
	rm -r results/latest/plots
	"$bin" report results/latest --only ladder >second
	ls results/latest/plots/ladder.svg
	[ "$(find results/latest/plots -name '*.svg' | wc -l)" = 1 ]
	says 2 nonesuch -- "$bin" report results/latest --only nonesuch
	says 2 run.json -- "$bin" report /
	says 2 'No such file' -- "$bin" report results/none
}

@test "files in a directory: made and removed; what others left there stays" {
	mkdir d
	echo precious >d/data-file
	ln -s /etc/passwd d/link
	sum=$(sha256sum /etc/passwd)
	run -0 "$bin" -q "${tiny[@]}" -k pwrite,msync,create,append -s 4K -t d --set targets.d.size=16M
	valid results/latest complete 1
	[ "$(ls d)" = "$(printf 'data-file\nlink')" ]
	[ "$(cat d/data-file)" = precious ]
	[ "$(sha256sum /etc/passwd)" = "$sum" ]
	nothing_left
}

# bats test_tags=slow
@test "a directory may be named by a link; a link inside is not followed" {
	mkdir real
	ln -s real alias
	run -0 "$bin" -q "${tiny[@]}" -k pwrite -s 4K -t alias --set targets.alias.size=16M
	[ -z "$(ls real)" ]
}

# bats test_tags=slow
@test "a loop device of its own: made, written, taken away" {
	need_root
	"$bin" list targets | grep -q '^loop ' || skip 'no loop devices'
	run -0 "$bin" -q "${tiny[@]}" -k sector,sector-read,pwrite -s 4K -t loop:16M
	valid results/latest complete 1
	nothing_left
}

@test "out of the tree: EIO at an op fails the point, not the run" {
	oot eio 1 'eio 64 bytes on dram: thread 0: eio: Input/output error'
	one_failed 'fail:thread 0: eio: Input/output error'
}

@test "out of the tree: a wrong byte is found by the read-back" {
	oot wrong 1 'read-back: op ' ' is wrong at byte 56'
	one_failed 'fail:read-back: op '
}

# bats test_tags=slow
@test "out of the tree: a crash, and a SIGBUS, fail the point" {
	oot segv 1 'killed by signal 11 (Segmentation fault)'
	one_failed 'fail:the worker was killed by signal 11'
	oot sigbus 1 'SIGBUS BUS_ADRERR: no space for a page of the file'
	one_failed 'fail:SIGBUS BUS_ADRERR'
}

# bats test_tags=slow
@test "out of the tree: an op that never ends is ended" {
	export DAXMARK_WORKER_SECONDS=1
	oot hang 1 'the worker hung: killed after 1 s'
	one_failed 'fail:the worker hung'
}

# bats test_tags=slow
@test "out of the tree: its parameter is an axis; it fails where it is told to" {
	says 1 'Input/output error' -- "$bin" -q "${tiny[@]}" --kernel-path "$BATS_FILE_TMPDIR/k/eio" -k eio -t dram:1M \
		--set at=0,1000000000
	[ "$(grep -c ',fail:' results/latest/points.csv)" = 1 ]
	says 0 eio at=50 -- "$bin" list kernels --kernel-path "$BATS_FILE_TMPDIR/k/eio"
}

@test "--kernel-path: what cannot be loaded is named" {
	oot abi 2 'abi.so: built against another kernel.h (abi 2, here 1' 'rebuild it'
	mkdir junk other twice
	echo 'not a library' >junk/junk.so
	cp "$BATS_FILE_TMPDIR/k/eio/eio.so" other/other.so
	cp "$BATS_FILE_TMPDIR/k/eio/eio.so" twice/clwb.so
	says 2 'junk.so' -- "$bin" list kernels --kernel-path junk
	says 2 'no symbol kernel_other in it' -- "$bin" list kernels --kernel-path other
	says 2 'no symbol kernel_clwb' -- "$bin" plan -k null -t dram --kernel-path twice
	says 2 'none: No such file' -- "$bin" -k null -t dram --kernel-path none
	[ ! -e results ]
}

# bats test_tags=slow
@test "the example of docs/adding-a-kernel.md runs" {
	mkdir k
	awk '/^```/ { on = $0 == "```c"; next } on' "$top/docs/adding-a-kernel.md" >k/clwb-backwards.c
	${CC:-cc} -O2 -std=gnu11 -D_GNU_SOURCE -shared -fPIC -I"$top/kernels/include" -o k/clwb-backwards.so k/clwb-backwards.c
	grep -qw clwb /proc/cpuinfo || skip 'no CLWB'
	says 0 clwb-backwards -- "$bin" -q "${tiny[@]}" --kernel-path k -k clwb,clwb-backwards -s 64,4K -t dram:1M
	valid results/latest complete 1
}

# bats test_tags=slow
@test "every kernel on every target of this machine: ok or a skip with a reason" {
	mkdir files
	if [ "$(id -u)" = 0 ]; then loop=,loop:16M; fi
	says 0 -- "$bin" -q "${tiny[@]}" -k all -s 4K -m throughput,latency -t "dram:16M,files${loop:-}" \
		--set targets.files.size=16M
	valid results/latest complete 1
	[ "$(grep -c ',ok$' results/latest/points.csv)" -gt 50 ]
	nothing_left
}

# bats test_tags=slow
@test "every config of configs/ runs on what is here" {
	for config in "$top"/configs/*.yaml; do
		# That one is for the virtual machine alone.
		case $config in *vm-*) continue ;; esac
		says 0 -- "$bin" -q "${tiny[@]}" --set working_set=256K "$config"
		valid results/latest
		grep -q ',ok$' results/latest/points.csv
	done
	nothing_left
}

# bats test_tags=slow
@test "the plan's time for the quick schedule is right within 25 %" {
	config=$top/configs/quick.yaml
	want=$("$bin" plan --json "$config" | python3 -c 'import json, sys; print(json.load(sys.stdin)["seconds_max"])')
	# Neighbours stretch a run, never the plan: one of three must come out.
	for try in 1 2 3; do
		began=$(date +%s%N)
		"$bin" -q "$config" >table
		took=$((($(date +%s%N) - began) / 1000000))
		echo "try $try: plan $want s, took $took ms"
		python3 -c "import sys; w, t = $want, $took / 1000; sys.exit(not t / 1.25 <= w <= t * 1.25)" && return
	done
	false
}
