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
		has 'standard output: '
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
