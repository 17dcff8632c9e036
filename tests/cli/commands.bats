#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The command line as a user tries it; nothing here measures.

load helper

json() { python3 -c "import json, sys; d = json.load(sys.stdin); $1"; }

@test "--help names every command and the exit codes" {
	says 0 'Usage: run-bench' 'plan CONFIG' 'list WHAT' 'report DIR' 'resume DIR' '130 interrupted' -- "$bin" --help
}

@test "each command has --help" {
	while read -r command; do
		says 0 "Usage: run-bench $command" -- "$bin" "$command" --help
	done < <("$bin" --help | sed -n 's/^  run-bench \([a-z]*\) .*/\1/p')
	says 0 'Usage: run-bench run' -- "$bin" run --help
	says 0 '--destroy-data' '--kernel-path' -- "$bin" resume --help
}

@test "--version says which build" {
	run -0 "$bin" --version
	[[ $output =~ ^daxmark\ [^\ ]+\ \(.+\)$ ]]
	[ "$("$bin" plan -V)" = "$output" ]
}

@test "--help-config explains every key" {
	says 0 kernel working_set map_sync preparation max_repeats exclude zip optional -- "$bin" --help-config
	[ "$("$bin" plan --help-config)" = "$output" ]
}

@test "unknown options and commands: 2 and how to ask" {
	says 2 "unrecognized option '--sizes'" 'run-bench --help' -- "$bin" --sizes 64
	says 2 "requires an argument" -- "$bin" -k
	says 2 "plna: No such file" -- "$bin" plna
	says 2 'list what? kernels, targets' columns -- "$bin" list
	says 2 'list what?' -- "$bin" list kernel
	says 2 'one results directory' -- "$bin" report
	says 2 'one results directory' -- "$bin" resume a b
	says 2 'not both' -- "$bin" plan -k null "$top/configs/quick.yaml"
	says 2 'go with -k' -- "$bin" -s 64
}

@test "list kernels: each file of kernels/, as a table and as JSON" {
	run -0 "$bin" list kernels
	table=$output
	run -0 "$bin" list kernels --json
	json '
for k in d:
    assert k["doc"] and isinstance(k["needs"], list) and k["persists_by"] and k["control"] in ("yes", "no", "floor")
    for p in k["params"]: assert p["name"] and p["doc"] and "default" in p
print("\n".join(sorted(k["name"] for k in d)))' <<<"$output" >names
	(cd "$top/kernels" && printf '%s\n' *.c | sed 's/\.c$//' | LC_ALL=C sort) | diff - <(LC_ALL=C sort names)
	while read -r name; do grep -q "^$name  *[A-Z-]" <<<"$table"; done <names
}

@test "list targets, figures, configs, also as JSON" {
	says 0 ram dram -- "$bin" list targets
	"$bin" list targets --json | json 'assert any(t["target"].startswith("dram: ") and "clwb" in t["kernels"] for t in d["auto"])'
	says 0 ladder latency-size ccdf -- "$bin" list figures
	"$bin" list figures --json | json 'assert all(f["title"] and f["doc"] for f in d)'
	says 0 quick.yaml 'at most a minute' -- "$bin" list configs
	"$bin" list configs --json | json 'assert all(c["doc"] for c in d), [c for c in d if not c["doc"]]'
}

@test "list columns is docs/results-format.md" {
	"$bin" list columns | diff "$top/docs/results-format.md" -
}

@test "every config of configs/ loads, and says in its first line what it measures" {
	for config in "$top"/configs/*.yaml; do
		says 0 'version: 1' -- "$bin" --print-config "$config"
		head -n 1 "$config" | grep -q '^# .\{20,\}'
	done
}

@test "the config of the README loads, and every file it names is there" {
	sed -n '/^    # mine.yaml/,/^$/s/^    //p' "$top/README.md" >mine.yaml
	says 0 ' to measure, ' ' skipped' -- "$bin" plan mine.yaml
	grep -oE '\]\([^)]*\)' "$top/README.md" | tr -d '()]' | while read -r file; do
		[ -e "$top/$file" ] || { echo "no $file"; exit 1; }
	done
	for config in $(sed -n '/^configs\/ has one/,/list configs/p' "$top/README.md" | grep -oE '[a-z-]+' | grep -E '^(flush-size|latency|threads|fence-interval|page-size|map-sync|filesystems|btt)$'); do
		[ -s "$top/configs/$config.yaml" ]
	done
}

@test "--print-config can be run again and says the same" {
	for options in "-k clwb,msync -s 64,4K -t dram:64M" "-k all -t dram,loop:8M,. -m latency -T 1,2" \
		"$top/configs/quick.yaml" "$top/configs/quick.yaml --set seed=7 --set size.size=64,4K"; do
		# shellcheck disable=SC2086
		"$bin" --print-config $options >one.yaml
		"$bin" --print-config one.yaml >two.yaml
		diff one.yaml two.yaml
	done
}

@test "options make a config: -k -s -t -T -m" {
	run -0 "$bin" --print-config -k clwb,msync -s 64,4K -t dram:64M,. -T 1,50% -m throughput,latency
	has 'kernel: [clwb, msync]' 'size: [64, 4K]' 'dram: 64M' 'threads: [1, 50%]' 'mode: [throughput, latency]' 'file: '
	says 0 'loop: 8M' -- "$bin" --print-config -k sector -t loop:8M
	says 0 'raw: /dev/sdz' -- "$bin" --print-config -k sector -t /dev/sdz
	says 0 'sector: /dev/pmem7s' -- "$bin" --print-config -k sector -t /dev/pmem7s
	says 0 'devdax: /dev/dax0.0' -- "$bin" --print-config -k clwb -t /dev/dax0.0
}

@test "plan: points, why some are skipped, durable, time" {
	run -0 "$bin" plan -k null,clwb,pwrite -s 64,4K -t dram:1M
	has 'POINT BENCH' 'DURABLE' 'lacks FD' '6 points: 4 to measure, 2 skipped' 'seed ' 'at least' 'at most'
	says 0 'a fixed schedule' -- "$bin" plan --quick -k null -t dram:1M
	[ "$("$bin" --dry-run --set seed=3 -k null -t dram:1M)" = "$("$bin" plan --set seed=3 -k null -t dram:1M)" ]
	[ ! -e results ]
}

@test "plan --json" {
	"$bin" plan --json -k null,clwb,pwrite -s 64,4K -t dram:1M --set fence=1,4 --set seed=5 | json '
assert d["seed"] == 5 and d["points"] == len(d["list"]) == 8 and d["skipped"] == 2
assert 0 < d["seconds_min"] <= d["seconds_max"]
assert {p["p_fence"] for p in d["list"] if p["kernel"] == "clwb"} == {"1", "4"}
assert all("FD" in p["skip"] for p in d["list"] if p["kernel"] == "pwrite")
assert all(p["skip"] is None and p["why"] for p in d["list"] if p["kernel"] == "clwb")'
}

@test "plan of the same seed is the same, and of 100,000 points quick" {
	"$bin" plan --set seed=9 -k all -t dram:1M -s 64,4K >a
	"$bin" plan --set seed=9 -k all -t dram:1M -s 64,4K | diff a -
	sizes=$(seq -s , 64 64 6400)
	began=$(date +%s%N)
	"$bin" plan --json -k clwb -t dram:1M --set "size=$sizes" --set "label=$(printf 'l%d,' {1..250} | sed 's/,$//')" \
		--set fence=1,2,4,8 --filter 'size=1' >big || [ $? = 3 ]
	[ $((($(date +%s%N) - began) / 1000000)) -lt 4000 ]
}

@test "--filter keeps points" {
	run -0 "$bin" plan -k null,clwb,store -s 64,4K -t dram:1M --filter 'kernel=clwb,store && size>=4K'
	has '2 points: 2 to measure'
	run -0 "$bin" plan -k null,clwb,store -s 64,4K -t dram:1M --filter '!(kernel~c* || size=64)'
	has '2 points: 2 to measure'
	says 2 '--filter:1:1: error:' "'colour' is no axis" -- "$bin" plan -k null -t dram:1M --filter colour=red
	says 2 '--filter:1:8: error:' -- "$bin" plan -k null -t dram:1M --filter 'kernel='
}

@test "--set reaches benches, one bench, targets and the top; what it cannot change is said" {
	config=$top/configs/quick.yaml
	says 0 'repeats: 3' 'seed: 7' -- "$bin" --print-config "$config" --set repeats=3 --set max_repeats=3 --set seed=7
	says 0 'working_set: 8M' 'working_set: 16M' -- "$bin" --print-config "$config" --set size.working_set=8M
	says 2 '--set:1:1: error: unknown key' "did you mean 'size'" -- "$bin" plan -k null -t dram:1M --set sizes=4
	says 2 "no target is called 'nope'" -- "$bin" plan -k null -t dram:1M --set targets.nope.role=x
	says 2 'KEY=VALUE' -- "$bin" plan -k null -t dram:1M --set size
	says 2 'out of range' -- "$bin" plan -k null -t dram:1M --set repeats=0
}

@test "a CPU without an instruction: a skip that names it; alone it is 3" {
	DAXMARK_WITHOUT=CLWB says 0 'lacks CLWB' '1 to measure, 1 skipped' -- "$bin" plan -k null,clwb -t dram:1M
	DAXMARK_WITHOUT='CLWB CLFLUSHOPT' says 3 'nothing to measure' 'lacks CLWB' -- "$bin" -k clwb,clflushopt -t dram:1M
	[ ! -e results ]
}

@test "completion offers commands, kernels, options, configs" {
	complete_for() {
		bash -c 'source "$1"; shift
			COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
			_run_bench "$1"; printf "%s\n" "${COMPREPLY[@]}"' _ "$top/scripts/completion.bash" "$bin" "$@"
	}
	[ "$(complete_for re | sort | tr '\n' ' ')" = 'report resume ' ]
	complete_for -k cl | grep -qx clwb
	complete_for -k clwb,ms | grep -qx clwb,msync
	complete_for plan --fi | grep -qx -- --filter
	complete_for list t | grep -qx targets
	complete_for --only l | grep -qx ladder
	touch my.yaml
	complete_for plan my | grep -qx my.yaml
}

@test "deps: silent when nothing is missing; without rights or Debian it says what to install" {
	tools() {
		mkdir "$1"
		for tool in sh tr fold sed cat dirname; do ln -s "$(command -v $tool)" "$1/"; done
	}
	stub() { printf '#!/bin/sh\n%s\n' "$2" >"$1" && chmod +x "$1"; }
	tools all
	stub all/dpkg-query 'echo install ok installed'
	stub all/apt-get 'echo "apt-get was called"; exit 1'
	says 0 -- env PATH="$PWD/all" "$top/scripts/deps"
	[ -z "$output" ]
	tools some
	stub some/dpkg-query 'case $* in *libfyaml*) ;; *) echo install ok installed ;; esac'
	stub some/apt-get 'echo "apt-get was called"; exit 1'
	stub some/id 'echo 1000'
	says 1 'apt-get install' libfyaml-dev 'As root' -- env PATH="$PWD/some" "$top/scripts/deps"
	[[ $output != *'was called'* ]]
	tools none
	says 1 'not a Debian system' libfyaml-dev gnuplot-nox bats -- env PATH="$PWD/none" "$top/scripts/deps"
}
