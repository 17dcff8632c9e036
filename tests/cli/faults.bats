#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What goes wrong around a run: closed and full streams, lost writes, helpers that hang.

load helper

@test "closed streams: what is said does not land in a table, whichever of the three are closed" {
	for closed in '' '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
		run bash -c "'$bin' ${tiny[*]} -k null -m latency -t dram:1M $closed"
		[ "$status" = 0 ] || { echo "exit code $status with $closed"; return 1; }
		valid results/latest complete 1
		says 0 'nothing was missing' -- "$bin" resume results/latest
	done
}

@test "a lost standard output is an error of every command that prints" {
	[ -e /dev/full ] || skip 'no /dev/full'
	"$bin" -q "${tiny[@]}" -k null -t dram:1M >/dev/null
	while read -r command; do
		run bash -c "'$bin' $command 2>&1 >/dev/full"
		[ "$status" = 1 ] || [ "$status" = 2 ] || { echo "exit code $status: $command"; return 1; }
		[[ $command == *artifact* ]] || has 'standard output: '
	done <<-END
		--help
		--version
		--usage
		--help-config
		--print-config -k null
		-q ${tiny[*]} -k null -t dram:1M
		--json -q ${tiny[*]} -k null -t dram:1M
		plan -k null
		plan --json -k null
		plan --help
		list kernels
		list kernels --json
		list targets
		list events
		list figures
		list configs
		list columns
		report results/latest
		resume results/latest
		compare results/latest results/latest
		compare --csv results/latest results/latest
		compare --json results/latest results/latest
		export --format benchfmt results/latest
		export --format benchmark results/latest
		export --format artifact results/latest
		collect results/latest
		doctor
		doctor --json
	END
}

@test "a reader that leaves is no error" {
	run bash -c "set -o pipefail; '$bin' list columns | head -n 1"
	[ "$status" = 0 ]
}

# hanging TOOL COMMAND...: with a TOOL first in PATH that never returns and leaves a mark when called.
# How long it sleeps is its name among the processes.
export seconds=$((6000 + RANDOM))
hanging() {
	local tool=$1
	shift
	rm -rf hang called
	mkdir hang
	# A child of its own: that one must end, too.
	printf '#!/bin/sh\ntouch %s/called\nsleep %s &\nwait\n' "$PWD" "$seconds" >"hang/$tool"
	chmod +x "hang/$tool"
	PATH=$PWD/hang:$PATH exec "$@"
}

called() {
	for _ in {1..1000}; do
		[ ! -e called ] || return 0
		sleep 0.02
	done
	return 1
}

# The exit code of $pid into $code; 1 when it lives for 10 seconds more.
ended() {
	timeout 10 tail --pid="$pid" -f /dev/null || return 1
	code=0
	wait "$pid" || code=$?
}

no_sleeper() { ! pgrep -fx "sleep $seconds" >/dev/null; }

@test "a helper that hangs is ended at its deadline, and what it would have said is left out" {
	export DAXMARK_HELPER_SECONDS=1
	for tool in lscpu numactl gnuplot; do
		run timeout 60 bash -c "$(declare -f hanging); hanging $tool '$bin' -q ${tiny[*]} -k null,clwb -t dram:1M"
		[ "$status" = 0 ]
		no_sleeper
		valid results/latest complete 1
		[ -s results/latest/report.html ]
		[ ! -e "results/latest/env/$tool.txt" ]
	done
	has 'gnuplot hung on plots/' 'figures are not drawn'
	[ "$(grep -c hung <<<"$output")" = 1 ]
}

@test "one SIGTERM ends a helper that hangs, and two of them the program" {
	for tool in lscpu numactl gnuplot; do
		for signals in 1 2; do
			rm -rf results called
			(hanging "$tool" "$bin" -q "${tiny[@]}" -k null,clwb -t dram:1M) >log 2>&1 3>&- &
			pid=$!
			called
			kill -TERM "$pid"
			[ "$signals" = 1 ] || kill -TERM "$pid" || :
			ended || { echo "lives on after $signals SIGTERM, $tool hanging"; kill -KILL "$pid"; return 1; }
			[ "$code" = 130 ] || { echo "exit code $code after $signals SIGTERM, $tool hanging"; cat log; return 1; }
			no_sleeper
			valid results/latest
		done
	done
	grep -q '"status": "ok"' results/latest/run.json
	says 0 clwb -- "$bin" report results/latest
	[ -s results/latest/plots/ladder.svg ]
}
