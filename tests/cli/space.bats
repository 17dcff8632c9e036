#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# A machine that lacks something: space, rights, gnuplot.  What was measured stays.

load helper

# tmpfs SIZE DIR
tmpfs() { mounted -t tmpfs -o "size=$1" none "$2"; }

as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)

# A PATH with what a run may call, gnuplot not.
without_gnuplot() {
	mkdir bin
	for tool in sh env cat lscpu numactl lsblk uname; do
		ln -s "$(command -v $tool)" bin/ 2>/dev/null || :
	done
	env PATH="$PWD/bin" "$@"
}

@test "no gnuplot: one line says so; results, table and report are there, 0" {
	run -0 --separate-stderr without_gnuplot "$bin" "${tiny[@]}" -k null,clwb -t dram:1M
	[ "$(grep -c gnuplot <<<"$stderr")" = 1 ]
	[[ $stderr == *'figures are not drawn'* ]]
	has clwb
	valid results/latest complete 1
	[ -s results/latest/report.html ]
	[ -z "$(find results/latest/plots -name '*.svg')" ]
	[ -n "$(find results/latest/plots -name '*.gp')" ]
	# Once it is there the report can be had.
	says 0 clwb -- "$bin" report results/latest
	[ -n "$(find results/latest/plots -name '*.svg')" ]
}

@test "no space at all for results: 2, and how to put them elsewhere" {
	need_root
	tmpfs 64k full
	dd if=/dev/zero of=full/fill bs=4k 2>/dev/null || :
	says 2 'No space left on device' '-o DIR' -- "$bin" "${tiny[@]}" -k null -t dram:1M -o full
	[ "$(ls full)" = fill ]
}

# bats test_tags=slow
@test "space ends before the first point: 1, and nothing else happens" {
	need_root
	tmpfs 20k small
	run timeout 60 "$bin" "${tiny[@]}" -k null -t dram:1M -o small/r
	[ "$status" = 1 ] || [ "$status" = 2 ]
	has 'No space left on device'
}

# bats test_tags=slow
@test "space ends within the run: 1; what there is can be read, and resumed when there is space" {
	need_root
	tmpfs 300k small
	run timeout 60 "$bin" --set repeats=30 --set max_repeats=30 --set windows=2 --set window=1ms --set warmup=0 \
		--set settle=fixed --set 'label=a,b,c,d' -k null,clwb -m latency -t dram:1M -o small
	[ "$status" = 1 ]
	has 'writing results' 'No space left on device'
	valid small/latest
	[ "$(grep -c ',ok,' small/latest/repeats.csv)" -gt 0 ]
	mount -o remount,size=20M small
	says 0 'repeats are there' -- "$bin" resume small/latest
	valid small/latest complete 30
}

@test "a target on a full file system is refused with how much it needs" {
	need_root
	tmpfs 16M small
	says 2 'target small: ' 'needs 256M and 8M of headroom' 'set a smaller size' -- "$bin" "${tiny[@]}" -k pwrite -s 4K -t small
	[ -z "$(ls small)" ]
}

# bats test_tags=slow
@test "a file system that fills up during the run fails the points, not the run" {
	need_root
	tmpfs 48M small
	mkdir -p small/d
	# Somebody takes the space after the probe.
	(for _ in {1..500}; do [ ! -e results/latest ] || break; sleep 0.01; done; dd if=/dev/zero of=small/fill bs=1M 2>/dev/null || :) &
	run timeout 60 "$bin" --set repeats=10 --set max_repeats=10 --set windows=2 --set window=5ms --set warmup=0 \
		--set settle=fixed -k append,null -s 4K -t small/d,dram:1M --set targets.d.size=16M
	wait
	[ "$status" = 1 ]
	has 'append 4096 bytes on d: '
	valid results/latest
	grep -qE ',append,d,.*fail:.*(No space left|headroom, [12]?[0-9]M are free)' results/latest/points.csv
	grep -q ',null,dram,.*,ok$' results/latest/points.csv
	[ -z "$(ls small/d)" ]
}

@test "results where one may not write: read-only, or another user's" {
	need_root
	need setpriv
	tmpfs 1M ro
	mount -o remount,ro ro
	says 2 'Read-only file system' '-o DIR' -- "$bin" "${tiny[@]}" -k null -t dram:1M -o ro/r
	public
	says 2 'Permission denied' '-o DIR' -- "${as_nobody[@]}" "$bin" "${tiny[@]}" -k null -t dram:1M -o "$public"
	says 2 'Permission denied' -- "${as_nobody[@]}" "$bin" "${tiny[@]}" -k null -t dram:1M -o "$public/deeper/still"
	[ -z "$(ls "$public")" ]
}

# bats test_tags=slow
@test "a file where results should go" {
	touch results
	says 2 'results' '-o DIR' -- "$bin" "${tiny[@]}" -k null -t dram:1M
	mkdir x
	touch x/latest
	says 0 x/2 -- "$bin" -q "${tiny[@]}" -k null -t dram:1M -o x
	mkdir -p y/latest/mine
	says 0 y/2 -- "$bin" -q "${tiny[@]}" -k null -t dram:1M -o y
	[ -d y/latest/mine ]
}

@test "a target one may not write to, or on a read-only file system" {
	need_root
	need setpriv
	tmpfs 64M ro
	mount -o remount,ro ro
	says 2 'target ro: ' 'a read-only file system' -- "$bin" "${tiny[@]}" -k pwrite -t ro
	public
	says 2 'this user may not write there' -- "${as_nobody[@]}" "$bin" "${tiny[@]}" -k pwrite -s 4K -t "$public"
}

# bats test_tags=slow
@test "without root: a run on memory and a directory; loop devices are skipped with the reason" {
	need_root
	need setpriv
	public
	chmod 777 "$public"
	cd "$public"
	export TMPDIR=$public
	says 0 'a loop device needs root' -- "${as_nobody[@]}" "$bin" plan -k null,sector -s 4K -t dram:1M,loop:16M
	says 0 pwrite -- "${as_nobody[@]}" "$bin" "${tiny[@]}" -k null,pwrite -s 4K -t "dram:1M,$PWD" --set "targets.${public##*/}.size=16M"
	valid results/latest complete 1
}

@test "an ordinary user where nothing is his: what auto has, and a report in a folder of his own" {
	need_root
	need setpriv
	public
	cp -r "$top/configs" "$public/"
	mkdir -m 1777 "$public/tmp"
	cd "$public"
	export TMPDIR=$public/tmp
	says 0 'results/ cannot be written here' 'a loop device needs root' 'this user may not write there' -- \
		"${as_nobody[@]}" "$bin" "${tiny[@]}" -k null,pwrite,sector -s 4K -t auto
	[ -s tmp/daxmark-65534/latest/report.html ]
	# One that is somebody else's is not used.
	rm -r tmp/daxmark-65534
	mkdir -m 777 tmp/daxmark-65534
	says 2 'results: Permission denied' -- "${as_nobody[@]}" "$bin" "${tiny[@]}" -k null -t dram:1M
	[ -z "$(ls tmp/daxmark-65534)" ]
}
