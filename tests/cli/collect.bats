#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# run-bench collect: a fleet in one file.

load helper

fake() { "$top/tests/fake/run" "$@"; }

sql() { python3 -c 'import sqlite3, sys; [print(*r, sep="|") for r in sqlite3.connect(sys.argv[1]).execute(sys.argv[2])]' "$@"; }

@test "runs, results and who stands apart" {
	for i in 1 2 3 4 5 6 7 8; do
		fake "runs/r$i" host="node$i" seed="$i" points=8 reps=6 "$([ "$i" = 5 ] && echo slow=msync:1.4)"
	done
	says 0 '8 runs, 8 hosts' 'fleet.sqlite, fleet.csv' -- "$bin" collect runs
	[ "$(sql fleet.sqlite 'select count(*) from runs')" = 8 ]
	[ "$(sql fleet.sqlite "select host, boot, bios, microcode from runs where host = 'node3'")" = 'node3|boot-node3|B1|0x3' ]
	# Two msync points of node5 and nothing else.
	[ "$(sql fleet.sqlite 'select distinct host from outliers')" = node5 ]
	[ "$(sql fleet.sqlite "select count(*) from outliers where point like '%msync%' and z > 3.5 and hosts = 8")" = 2 ]
	[ "$(sql fleet.sqlite "select outlying from hosts where host = 'node5'")" = 2 ]
	[ "$(sql fleet.sqlite "select typeof(median), typeof(size) from results limit 1")" = 'real|integer' ]
	head -n 1 fleet.csv | grep -q '^boot,bios,microcode,cpu,os_kernel,started,run_id,host,'
	[ "$(wc -l <fleet.csv)" = "$(($(sql fleet.sqlite 'select count(*) from results') + 1))" ]
}

@test "of few hosts none stands apart; columns of all runs are there" {
	fake a host=h1
	fake b host=h2 seed=2 factor=3
	sed -i 's/p_fence/p_order/' b/points.csv
	says 0 'of fewer than 5 hosts' -- "$bin" collect -o two.db a b
	[ "$(sql two.db 'select count(*) from outliers')" = 0 ]
	sql two.db 'select p_fence, p_order from results limit 1'
	[ -s two.csv ]
}

@test "what is no run, a run twice, a broken run: named, and nothing is left behind" {
	fake a
	says 2 'nowhere' -- "$bin" collect nowhere
	says 2 'twice' -- "$bin" collect a a
	fake b seed=2
	echo 'x' >>b/reps.csv
	says 2 'b/reps.csv' -- "$bin" collect a b
	[ -z "$(ls fleet* 2>/dev/null)" ]
	says 2 'names the SQLite file' -- "$bin" collect -o x.csv a
}
