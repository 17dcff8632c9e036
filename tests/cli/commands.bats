#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The command line as a user tries it; nothing here measures.

load helper

json() { python3 -c "import json, sys; d = json.load(sys.stdin); $1"; }

@test "--help names every command and the exit codes" {
	says 0 'Usage: run-bench' 'plan CONFIG' 'list WHAT' 'report DIR' 'resume DIR' '130 interrupted' -- "$bin" --help
	# No line is broken on its way to a terminal: what follows would stand below the names.
	[ -z "$(sed '1,/^Other commands/d' <<<"$output" | grep -vE '^$|^  ( *|[a-z-]+ )|^(Without|Exit codes:|2 usage|130) ')" ]
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
	says 2 'run-bench: unknown option --sizes; did you mean --size?' -- "$bin" --sizes 64
	says 2 'run-bench: unknown option --quik; did you mean --quick?' -- "$bin" plan -k null --set size=64 --quik
	says 2 'run-bench: unknown option --zzzzzz; see run-bench plan --help' -- "$bin" plan --zzzzzz=3
	says 2 'run-bench: unknown option -z; see run-bench --help' -- "$bin" -qz
	says 2 'run-bench: --strict is not an option of plan; see run-bench plan --help' -- "$bin" plan --strict
	says 2 'run-bench: -o is not an option of doctor' -- "$bin" doctor -o x
	says 2 "run-bench: option requires an argument -- 'k'" -- "$bin" -k
	says 0 'kernel: clwb' -- "$bin" --print-config --kernel clwb --targ=dram
	says 0 'repeats: 3' -- "$bin" --print-config -k clwb -t dram -qm latency --set repeats=3 --set max_repeats=3
	says 2 '-k stands there twice; a list has commas: -k A,B' -- "$bin" -k clwb -kmsync
	says 2 '--filter stands there twice' -- "$bin" plan --filter size=64 --filter=size=64
	says 2 '--output has no value: it wants DIR' -- "$bin" -o '' -k null
	says 2 '--filter has no value' -- "$bin" plan --filter= -k null
	says 2 '--precision 0: expected a percentage' -- "$bin" -k null --precision 0
	says 2 'plna: no such command or file; did you mean run-bench plan?' -- "$bin" plna
	says 2 'plan: no such file; a command comes before all options' -- "$bin" -v plan x.yaml
	says 2 'list what? kernels, targets' columns -- "$bin" list
	says 2 'list what?' -- "$bin" list nothing
	says 2 'one results directory' -- "$bin" report
	says 2 'one results directory' -- "$bin" resume a b
	says 2 'not both' -- "$bin" plan -k null "$top/configs/quick.yaml"
	says 2 'go with -k' -- "$bin" -s 64
	says 2 '--only ladr: no such figure; did you mean ladder' -- "$bin" report --only ladr .
}

@test "a config that is not there: which may be meant; of several none is run before all are read" {
	says 2 'quick: no such file; did you mean ' configs/quick.yaml -- "$bin" plan quick
	says 2 'x/latnecy.yaml: no such file; did you mean ' configs/latency.yaml -- "$bin" x/latnecy.yaml
	says 2 'zzzzzz.yaml: no such file; run-bench list configs' -- "$bin" zzzzzz.yaml
	printf '%s\n' 'version: 1' 'targets: [{name: r, dram: 1M}]' 'benches: [{name: b, kernel: null}]' >c.yaml
	says 2 'd.yaml: no such file' -- "$bin" -q "${tiny[@]}" c.yaml d.yaml
	[ ! -e results ]
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
	# What a parameter may be, its default first.
	grep -q '^clwb .* fence=1\.\.4096 order=line|op ' <<<"$table"
	grep -q '^ntstore .* width=16|8|32|64 ' <<<"$table"
}

@test "list targets, figures, configs, also as JSON" {
	says 0 ram dram -- "$bin" list targets
	"$bin" list targets --json | json 'assert any(t["target"].startswith("dram: ") and "clwb" in t["kernels"] for t in d["auto"])'
	says 0 ladder latency-size ccdf -- "$bin" list figures
	"$bin" list figures --json | json 'assert all(f["title"] and f["doc"] for f in d)'
	says 0 quick.yaml 'at most a minute' -- "$bin" list configs
	# As a person would type them here.
	(cd "$top" && says 0 -- "$bin" list configs && [[ $output == *$'\nconfigs/quick.yaml '* ]])
	(cd "$top/bench/cmd" && says 0 -- "$bin" list configs && [[ $output == *$'\n../../configs/quick.yaml '* ]])
	(cd "$top/.." && says 0 -- "$bin" list configs && [[ $output == *$'\n'"${top##*/}/configs/quick.yaml "* ]])
	(cd / && says 0 -- "$bin" list configs && [[ $output == *$'\n'"${top#/}/configs/quick.yaml "* ]])
	DAXMARK_DATADIR=/nowhere says 0 'there are no configs in /nowhere' -- "$bin" list configs
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

@test "every question of configs/ is planned on any machine, has a figure, and an answer in docs/questions.md" {
	"$bin" list figures --json >figures.json
	for config in "$top"/configs/q-*.yaml; do
		name=$(basename "$config" .yaml)
		says 0 ' to measure, ' -- "$bin" plan "$config"
		python3 -c 'import json, sys; assert any(sys.argv[1] in f["configs"] for f in json.load(open("figures.json")))' "$name"
		grep -q "configs/$name.yaml" "$top/docs/questions.md"
	done
	# ... and the answers name what is there.
	grep -oE '`(configs|plots)/[a-z0-9-]+\.(yaml|gp)`' "$top/docs/questions.md" | tr -d '`' | sort -u | while read -r file; do
		[ -e "$top/$file" ] || { echo "no $file"; exit 1; }
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
	# A directory is called by its name, "." by that of the directory it is.
	mkdir -p work/deep
	cd work/deep
	says 0 'name: deep' 'name: work' 'name: root' -- "$bin" --print-config -k null -t .,..,/
}

@test "what is wrong with an option names the option, and no text that nobody typed" {
	while IFS='|' read -r options text; do
		# shellcheck disable=SC2086
		says 2 "run-bench: $text" -- "$bin" plan $options
		[[ $output != *'(options)'* && ${#lines[@]} = 1 ]] || { echo "$output"; false; }
	done <<-'END'
		-k null -t dram -s 64,12Q|-s 64,12Q: size: '12Q' is not valid
		-k null -t dram -s -64|-s -64: size: '-64' is not valid
		-k null -t dram -s 64,64|-s 64,64: size: 64 stands here twice
		-k clbw -t dram|-k clbw: no kernel is called 'clbw'; did you mean 'clwb'?
		-k null -t dram -m bandwith|-m bandwith: mode: 'bandwith' is not valid; expected throughput, latency or audit
		-k null -t dram -T 0|-T 0: threads: '0' is out of range
		-k null -t dram:1M,dram:x|-t dram:x: dram: 'x' is not valid
		-k null -t dram:1M,/no/such|-t /no/such: target such: /no/such: no such directory
		-k null -t /etc/passwd|-t /etc/passwd: target passwd: /etc/passwd is not a directory
	END
	says 2 '--events:1:8: error: ' -- "$bin" plan -k null -t dram:1M --events 'cycles,x y'
}

@test "plan: points, why some are skipped, durable, time" {
	run -0 "$bin" plan -k null,clwb,pwrite -s 64,4K -t dram:1M
	has 'POINT BENCH' 'DURABLE' 'lacks FD' '6 points: 4 to measure, 2 skipped' 'seed ' 'at least' 'at most'
	says 0 'a fixed schedule' -- "$bin" plan --quick -k null -t dram:1M
	[ "$("$bin" --dry-run --set seed=3 -k null -t dram:1M)" = "$("$bin" plan --set seed=3 -k null -t dram:1M)" ]
	[ ! -e results ]
}

@test "tables fit a terminal; elsewhere a row is a line" {
	need script
	for command in 'list kernels' 'list figures' 'list configs' "plan $top/configs/quick.yaml" \
		"plan -k null,clwb,pwrite,sector -s 64,4K -t dram:1M,loop:8M"; do
		script -qec "stty cols 100; '$bin' $command" /dev/null </dev/null >out
		[ "$(tr -d '\r' <out | awk '/^$/ { exit } length > most { most = length } END { print most }')" -le 100 ] ||
			{ echo "$command"; cat out; false; }
	done
	[ "$("$bin" list kernels | grep -c '^[a-z]')" = "$("$bin" list kernels | awk '/^$/ { exit } { n++ } END { print n - 1 }')" ]
	# What is the same for all points, or does not apply to some, is no column.
	[ "$("$bin" plan "$top/configs/quick.yaml" | awk '/^$/ { exit } length > most { most = length } END { print most }')" -lt 160 ]
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
	says 3 'no point has kernel=clbw; kernel is ' 'clwb' 'null' 'did you mean clwb?' -- \
		"$bin" -k null,clwb -t dram:1M --filter 'kernel=clbw'
	# One of several is as easily a slip, and leaves the others: it is said, and they are measured.
	says 0 '--filter: no point has kernel=clbw; did you mean clwb?' '1 point' -- \
		"$bin" plan -k null,clwb -t dram:1M --filter 'kernel=null,clbw'
	says 0 'no point has size=128' -- "$bin" plan -k null -s 64 -t dram:1M --filter 'size!=128'
	says 3 'no point has size>=1M; size is 64' -- "$bin" plan -k null -s 64 -t dram:1M --filter 'kernel=null && size>=1M'
	says 3 'not in one point' -- "$bin" plan -k null,clwb -t dram:1M --filter 'kernel=null && kernel=clwb'
}

@test "--set reaches benches, one bench, targets and the top; what it cannot change is said" {
	config=$top/configs/quick.yaml
	says 0 'repeats: 3' 'seed: 7' -- "$bin" --print-config "$config" --set repeats=3 --set max_repeats=3 --set seed=7
	says 0 'working_set: 8M' 'working_set: 16M' -- "$bin" --print-config "$config" --set size.working_set=8M
	says 2 '--set:1:1: error: unknown key' "did you mean 'size'" -- "$bin" plan -k null -t dram:1M --set sizes=4
	says 2 "no target is called 'nope'" -- "$bin" plan -k null -t dram:1M --set targets.nope.role=x
	says 2 'KEY=VALUE' -- "$bin" plan -k null -t dram:1M --set size
	# Those that `auto` finds, too.
	says 0 'dram: 3M' -- "$bin" --print-config -k null --set targets.ram.dram=3M
	says 2 "--set:1:9: error: no target is called 'rma'; this machine has ram" -- "$bin" plan -k null --set targets.rma.dram=3M
	says 2 "--set:1:18: error: dram: 'x' is not valid" -- "$bin" plan -k null --set targets.ram.dram=x
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

@test "prepare --print CONFIG: a block for each target; what needs nothing says so" {
	cat >c.yaml <<-'END'
		version: 1
		targets: [{name: ram, dram: 1M}, {name: here, file: .}, {name: l, loop: 1M}]
		benches: [{name: b, kernel: null}]
	END
	says 0 '#!/bin/sh' '# ram, dram: nothing is needed' '# here, file: any directory will do: .' \
		'# l, loop: the run makes it' '# run-bench c.yaml --set seed=7 --quick' -- \
		"$bin" prepare --print c.yaml --set seed=7 --quick
	sh -n <<<"$output"
	[ -z "$(sh <<<"$output")" ]
	says 0 '# run-bench -' -- "$bin" prepare --print - <c.yaml
	# A file that is called as a mode is.
	cp c.yaml raw
	says 0 '# ram, dram' -- "$bin" prepare --print ./raw
	cp c.yaml plain
	says 0 '# ram, dram' -- "$bin" prepare --print plain
}

@test "prepare: mistakes" {
	says 2 'a CONFIG or a mode' -- "$bin" prepare --print
	says 2 'makes nothing itself' -- "$bin" prepare raw
	says 2 "unknown mode 'btt': fsdax, devdax, sector or raw" -- "$bin" prepare --print btt
	says 2 'no.yaml: no such file' -- "$bin" prepare --print no.yaml
	says 2 "did you mean 'sector'" -- "$bin" prepare --print sector,sectr=512
	printf '%s\n' 'version: 1' 'targets: [{name: r, dram: 1M}]' 'benches: [{name: b, kernel: null}]' >c.yaml
	says 2 'c.yaml: raw: after a config a mode says name=TARGET' -- "$bin" prepare --print c.yaml raw
	says 2 'none is called x' -- "$bin" prepare --print c.yaml raw,name=x
	says 2 'target r is dram: the mode raw makes none' -- "$bin" prepare --print c.yaml raw,name=r
	says 2 "unknown mode 'c.yaml'" -- "$bin" prepare --print c.yaml c.yaml
	says 2 "unknown key 'sizes'" -- "$bin" prepare --print c.yaml --set sizes=1
}

@test "a namespace that is not there: the config says so, as a skip when it is optional" {
	printf '%s\n' 'version: 1' 'targets: [{name: p, fsdax: {namespace: no-such, dir: bench}}]' \
		'benches: [{name: b, kernel: clwb}]' >c.yaml
	says 0 'fsdax: {namespace: no-such, dir: bench}' -- "$bin" --print-config c.yaml
	says 2 'c.yaml:2:40: error: target p: no namespace is called no-such' '^~~~~~~' -- "$bin" plan c.yaml
	says 3 'no namespace is called no-such' -- "$bin" plan c.yaml --set targets.p.optional=true
}

@test "help is a command; one kernel is as good as many" {
	says 0 'Usage: run-bench' 'Other commands' -- "$bin" help
	says 0 'Usage: run-bench compare' -- "$bin" help compare
	for what in kernels events figures configs columns; do
		[ "$("$bin" list "${what%s}")" = "$("$bin" list "$what")" ]
		says 2 'list what?' -- "$bin" list "${what}s"
		says 2 'list what?' -- "$bin" list "${what%??}"
	done
}

@test "platform.yaml: at most five minutes where all of it can be had" {
	"$bin" plan --json "$top/configs/platform.yaml" >j
	json <j 'assert d["seconds_max"] < 300 * (d["points"] - d["skipped"]) / d["points"], d["seconds_max"]'
}
