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
	"$bin" -q "${tiny[@]}" -k null -s 64,256 -t dram:1M >/dev/null
	while read -r command; do
		run bash -c "'$bin' $command 2>&1 >/dev/full"
		[ "$status" = 1 ] || [ "$status" = 2 ] || { echo "exit code $status: $command"; return 1; }
		[[ $command == *artifact* ]] || has 'standard output: '
	done <<-END
		--help
		--version
		--usage
		--help-config
		help
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
		report results/latest results/latest
		plot results/latest --x size --y time_ns --series kernel
		resume results/latest
		compare results/latest results/latest
		compare --csv results/latest results/latest
		compare --json results/latest results/latest
		export --format benchfmt results/latest
		export --format benchmark results/latest
		export --format md results/latest
		export --format tex results/latest
		export --format artifact results/latest
		collect results/latest
		import $top/tests/import/made-up.json
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

# What a run that was cut short by a fault left is a valid whole, and resume makes a complete one of it.
mended() {
	valid results/latest
	says 0 -- "$bin" resume results/latest "$@"
	valid results/latest complete 3
}

# bats test_tags=slow
@test "a write that fails once, at any place: exit code 1, and no table says less than the journal" {
	need strace
	local run=("$bin" -q "${short[@]}" -k null,clwb -m latency -s 4K -T 2 -t dram:1M) n total bad=0
	strace -qq -o calls -e trace=write,pwrite64,writev "${run[@]}" >/dev/null
	total=$(wc -l <calls)
	[ "$total" -gt 60 ]
	for ((k = 0; k < 60; k++)); do
		n=$((1 + k * (total - 1) / 59))
		rm -rf results
		run strace -qq -o calls -e trace=write,pwrite64,writev \
			-e "inject=write,pwrite64,writev:error=ENOSPC:when=$n" "${run[@]}"
		[ "$status" = 0 ] || [ "$status" = 1 ] || [ "$status" = 2 ]
		if [ "$status" = 0 ]; then
			valid results/latest complete 3
			continue
		fi
		bad=$((bad + 1))
		# Why, where the stream still knows.
		[[ $output == *'No space left on device'* || $output == *'Input/output error'* ]]
		# Nothing was published, or it can be taken up.
		[ ! -e results/latest ] || mended
	done
	# All but the messages are results.
	[ "$bad" -gt 30 ]
}

@test "a journal that says more than the tables hold: what is beyond is measured again" {
	"$bin" -q "${short[@]}" -k null,clwb -m latency -s 4K -t dram:1M >/dev/null
	# As a crash leaves it: the last rows of one table never came to the disk.
	for table in hist samples counters; do
		cp -rL results/latest crashed
		if [ "$table" = counters ]; then
			sed -i '4,$s/^\(.*\),[0-9]*,\([0-9]*\)$/\1,999999,\2/' crashed/repeats.csv
		else
			truncate -s -100 "crashed/$table.csv"
		fi
		says 0 'have no data and do not count' -- "$bin" report crashed
		says 0 'that a crash left without data are measured again' -- "$bin" resume crashed
		valid crashed complete 3
		rm -r crashed
	done
}

# Anything but data that the machine still had in its memory is lost.
crash() { python3 -c 'import fcntl, os, struct, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack("I", 2))' "$1"; }

# bats test_tags=slow
@test "results survive a crash of the machine: those that are older than a few seconds" {
	need_root
	need mkfs.ext4
	truncate -s 128M disk
	mkfs.ext4 -q -F disk
	for k in 1 2 3; do
		device disk
		mounted "$device" m
		"$bin" -q --set repeats=45 --set max_repeats=45 --set windows=2 --set window=50ms --set warmup=0 \
			--set settle=fixed -k null,clwb -m latency -s 64 -t dram:1M -o m/r >log 2>&1 3>&- &
		pid=$!
		# Published, and its first repeats older than a sync, of which there is one in two seconds.
		for _ in {1..1500}; do
			[ "$(cat m/r/2*/repeats.csv 2>/dev/null | grep -c ',ok,')" -lt $((45 * 2 * (k - 1) + 5 * k)) ] || break
			sleep 0.02
		done
		sleep 4
		kill -0 "$pid"
		crash m
		# What had reached the device by then: somebody's namespace may hold on to the mount itself.
		cp --sparse=always disk reached
		wait "$pid" || [ $? = 1 ]
		grep -q 'writing results: Input/output error' log
		umount m
		losetup -d "$device"
		mv reached disk
		device disk
		mounted "$device" m
		says 0 -- "$bin" report m/r/latest
		[ "$(grep -c ',ok,' m/r/latest/repeats.csv)" -gt 0 ]
		says 0 'repeats are there' -- "$bin" resume m/r/latest
		valid m/r/latest complete 45
		umount m
		losetup -d "$device"
	done
}

@test "nothing is synced on the file system of a target before its last window" {
	need strace
	mkdir d
	synced() {
		strace -qq -o calls -e trace=fdatasync,fsync,renameat,renameat2,rename,write "$bin" -q "${short[@]}" \
			-k "$1" -s 4K -t "$2" --set windows=4 --set window=400ms -o r >/dev/null
		# From the directory's publication (its last sync is that of its parent) to the last repeat.
		awk '/rename\(/ { seen = 1 } seen' calls | tac | awk '/^write.*"[0-9]+,2,timed/ { seen = 1 } seen' | grep -c fdatasync || :
	}
	[ "$(synced null,clwb dram:1M)" -gt 4 ]
	[ "$(synced msync,pwrite d --set targets.d.size=16M)" = 0 ]
}

# bats test_tags=slow
@test "a limit on the size of files is a write error: 1, and what there is can be read" {
	run bash -c "ulimit -f 256; exec env --default-signal=XFSZ '$bin' --set repeats=60 --set max_repeats=60 \
		--set windows=2 --set window=2ms --set warmup=0 --set settle=fixed -k clwb,store,clflush -m latency \
		-s 64,256,4K -t dram:1M -o r"
	[ "$status" = 1 ]
	has 'writing results: File too large'
	valid r/latest
}

@test "control bytes of what was typed do not reach the terminal" {
	esc=$'\e[2J'
	for command in "--budget|${esc}" "--precision|${esc}" "no${esc}file.yaml" "--filter|${esc}=1" "-k|${esc}" \
		"--set|${esc}=1" "--events|${esc}" "-t|/no${esc}|-k|null" "-k|null|-s|${esc}" "--no${esc}" "list|${esc}" \
		"report|${esc}" "resume|${esc}" "compare|${esc}|${esc}" "export|--format|${esc}|x" "import|${esc}" \
		"collect|${esc}" "prepare|--print|${esc}"; do
		IFS='|' read -ra words <<<"$command"
		run "$bin" "${words[@]}"
		[ "$status" -gt 0 ]
		[[ $output != *$'\e'* ]] || { echo "raw: ${command@Q}"; return 1; }
	done
}

# Every file that a run leaves, and those that come and go, as links to somebody's own.
@test "no link in a results directory is followed: symbolic or hard, by report, resume or export" {
	need gnuplot
	"$bin" -q "${short[@]}" -k null,clwb -m latency -t dram:1M >/dev/null
	cp -rL results/latest good
	rm -rf good/plots/*.new
	(cd good && find . -type f && for f in ./log.txt ./run.json ./points.csv ./reps.csv ./summary.csv ./checks.csv \
		./report.html ./plots/gnuplot.log ./plots/common.gp ./plots/ladder.dat ./plots/ladder.svg; do
		echo "$f"
		echo "$f.new"
	done) | sort -u >files
	for how in -s -f; do
		cp -r good bad
		rm -rf victims
		mkdir victims
		n=0
		while read -r f; do
			n=$((n + 1))
			# Tables are read: what is linked has their content.
			if [ -e "good/$f" ]; then cp "good/$f" "victims/$n"; else echo precious >"victims/$n"; fi
			mkdir -p "bad/$(dirname "$f")"
			ln -f $how "$PWD/victims/$n" "bad/$f"
		done <files
		sha256sum victims/* >before
		run timeout 60 "$bin" report bad
		run timeout 60 "$bin" resume bad
		run timeout 60 "$bin" export --format artifact -o a.tar bad
		run timeout 60 "$bin" export --anonymize --format artifact -o b.tar bad
		sha256sum -c --quiet before
		rm -rf bad
	done
}

@test "resume and report, also of a run to be anonymized, open a results directory by its name once, and no file in it" {
	need strace
	"$bin" -q "${short[@]}" -k null,clwb -t dram:1M >/dev/null
	for command in 'resume -q' report 'resume -q anonymous'; do
		rm -rf held
		cp -rL results/latest held
		rm held/report.html
		sed -i 3q held/repeats.csv
		[[ $command != *anonymous ]] || sed -i '2i "anonymize": true,' held/run.json
		# shellcheck disable=SC2086 # words of it
		strace -f -qq -o calls -e trace=open,openat,creat,rename,unlink,mkdir "$bin" ${command% anonymous} held >/dev/null
		grep -E '"([^"]*/)?held(/[^"]*)?"' calls >named
		[ "$(wc -l <named)" = 1 ] || { cat named; return 1; }
		grep -q O_DIRECTORY named
		[[ $command != *anonymous ]] || [ ! -e held/env ]
		[ -s held/report.html ]
	done
}

# swapped DIR PROGRAM...: DIR/*/ gives way to a link to somebody's own while the program runs, 20 times: the
# first time as soon as it is there, the last when the program is about to end.
swapped() {
	local dir=$1 n own early=0 whole
	shift
	rm -rf "$dir"
	mkdir "$dir"
	whole=$(date +%s%N)
	"$@" >/dev/null
	whole=$((($(date +%s%N) - whole) / 1000000))
	for n in {0..19}; do
		rm -rf "$dir" aside mark
		mkdir "$dir"
		(
			for _ in {1..500}; do
				[ -z "$(ls -A "$dir")" ] || break
				sleep 0.02
			done
			sleep "$(printf '%d.%03d' $((whole * n / 20000)) $((whole * n / 20 % 1000)))"
			for own in "$dir"/.2* "$dir"/2* "$dir"/daxmark-*; do
				[ ! -d "$own" ] || { mv "$own" aside && ln -s "$PWD/victims" "$own" && touch mark; } || :
			done
		) 3>&- &
		run timeout 60 "$@"
		[ "$status" -lt 124 ]
		wait $!
		# The program failed for it, or still wrote after it.
		[ ! -e mark ] || { [ "$status" = 0 ] &&
			[ "$(ls -t mark aside/report.html results/latest/report.html 2>/dev/null | head -n 1)" = mark ]; } ||
			early=$((early + 1))
		sha256sum -c --quiet before
		[ "$(cd victims && find . | sort)" = "$names" ]
	done
	# A test that comes too late shows nothing.
	[ $early -gt 0 ]
}

# bats test_tags=slow
@test "a link that takes the place of a directory while a run writes it is not followed, 20 times each" {
	"$bin" -q "${short[@]}" -k null -t dram:1M >/dev/null
	cp -rL results/latest victims
	# What is made from the tables could be made again, and look the same.
	for f in victims/{reps,summary,checks}.csv victims/report.html victims/plots/*; do echo precious >>"$f"; done
	find victims -type f -exec sha256sum {} + >before
	names=$(cd victims && find . | sort)
	swapped out "$bin" -q "${short[@]}" -k null,clwb -t dram:1M -o out
	swapped out "$bin" -q "${short[@]}" -k null,clwb -t dram:1M -o out --anonymize
	swapped data "$bin" -q "${short[@]}" -k pwrite,clwb -s 4K -t "$PWD/data"
}
