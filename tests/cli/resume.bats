#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Runs that are cut short: by Ctrl-C, SIGTERM, kill -9, a full disk; and what resume makes of them.

load helper

setup_file() { build_kernels; }

# start COMMAND...: in the background, in a process group of its own; $pid.  log holds what it prints.
start() {
	# Jobs in the background ignore SIGINT, and a program cannot tell that from its user's wish.
	setsid env --default-signal=INT "$@" >log 2>&1 3>&- &
	pid=$!
}

# Wait until log shows $1.
shows() {
	for _ in {1..400}; do
		grep -qs -- "$1" log && return
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.02
	done
	cat log
	return 1
}

# The exit code of $pid into $code, and how long it took into $ms.
ended() {
	local from
	from=$(date +%s%N)
	code=0
	wait "$pid" || code=$?
	ms=$((($(date +%s%N) - from) / 1000000))
}

no_worker() {
	for _ in {1..50}; do
		# Of a zombie only its name is left.
		ps -o stat= -g "$1" | grep -qv Z || return 0
		sleep 0.02
	done
	ps -o pid,ppid,args -g "$1"
	return 1
}

targets() { if [ "$(id -u)" = 0 ]; then echo dram:1M,d,loop:16M; else echo dram:1M,d; fi; }

# bats test_tags=slow
@test "Ctrl-C: the worker ends, 130, the resume command; resume measures the rest" {
	# Workers of about half a second.
	start "$bin" -k null,clwb -s 64 -t dram:1M --set repeats=2 --set max_repeats=2 --set windows=2 \
		--set window=200ms --set warmup=0 --set settle=fixed
	shows measuring
	sleep 0.6
	kill -INT "$pid"
	ended
	[ "$code" = 130 ]
	[ "$ms" -lt 5000 ]
	dir=$(readlink -f results/latest)
	grep -q "interrupted; the rest: run-bench resume results/$(basename "$dir")" log
	grep -q '"status": "interrupted"' "$dir/run.json"
	grep -q ',pending$' "$dir/points.csv"
	grep -q ',ok,' "$dir/repeats.csv"
	[ -s "$dir/report.html" ]
	valid "$dir"
	cp "$dir/repeats.csv" before
	says 0 'repeats are there' clwb -- "$bin" resume results/latest
	valid "$dir" complete 2
	# What was measured is not measured again.
	head -c "$(stat -c %s before)" "$dir/repeats.csv" | cmp - before
	says 0 -- "$bin" -q resume "$dir" || says 0 -- "$bin" resume -q "$dir"
}

# bats test_tags=slow
@test "a second Ctrl-C stops at once; SIGTERM is as good" {
	for signals in "INT INT" "TERM INT"; do
		start "$bin" --kernel-path "$BATS_FILE_TMPDIR/k/hang" -k hang,null -t dram:1M "${tiny[@]}"
		shows measuring
		sleep 0.5
		kill "-${signals% *}" "$pid"
		sleep 0.3
		kill -0 "$pid"
		kill "-${signals#* }" "$pid"
		ended
		[ "$code" = 130 ]
		[ "$ms" -lt 2000 ]
		no_worker "$pid"
		grep -q 'interrupted; the rest: run-bench resume' log
		valid results/latest
		grep -q '"status": "interrupted"' results/latest/run.json
	done
}

# bats test_tags=slow
@test "the kernel path is not remembered; resume says so" {
	says 1 -- "$bin" -q --kernel-path "$BATS_FILE_TMPDIR/k/eio" -k eio,null -t dram:1M "${tiny[@]}"
	says 2 "no kernel is called 'eio'" -- "$bin" resume results/latest
	says 1 -- "$bin" resume --kernel-path "$BATS_FILE_TMPDIR/k/eio" results/latest
}

# bats test_tags=slow
@test "resume refuses what is no run, another machine's plan, a run that is going on" {
	says 2 'is . a results directory?' -- "$bin" resume .
	"$bin" -q "${tiny[@]}" -k null,clwb -t dram:1M
	says 2 'cannot be resumed here' 'lacks CLWB' -- env DAXMARK_WITHOUT=CLWB "$bin" resume results/latest
	start "$bin" --kernel-path "$BATS_FILE_TMPDIR/k/hang" -k hang -t dram:1M "${tiny[@]}"
	shows measuring
	says 2 'its run is still going' -- "$bin" resume --kernel-path "$BATS_FILE_TMPDIR/k/hang" results/latest
	kill -KILL -- "-$pid"
}

@test "resume of a complete run says that nothing was missing" {
	"$bin" -q "${short[@]}" -k null -t dram:1M
	cp results/latest/repeats.csv before
	says 0 'nothing was missing' 3 -- "$bin" resume results/latest
	cmp before results/latest/repeats.csv
}

# What an older program left can be read, not gone on with: and the message says what to do.
@test "a run of an older program: reported, not resumed" {
	cp -r "$top/tests/golden/run-1.0" old
	rm old/reps.csv old/summary.csv old/checks.csv
	run "$bin" report old
	[ "$status" = 0 ]
	cmp old/summary.csv "$top/tests/golden/run-1.0/summary.csv"
	[ -s old/report.html ]
	"$bin" -q "${short[@]}" -k null -t dram:1M
	for column in block undisturbed canary_ticks faults_min; do
		rm -rf older
		cp -rL results/latest older
		sed -i "1s/,$column,/,x,/" older/repeats.csv
		says 2 "no column $column: an older run-bench began this run; that one can resume it, this one can report" -- \
			"$bin" resume older
	done
}

# bats test_tags=slow
@test "resume refuses a journal that makes no sense" {
	"$bin" -q "${short[@]}" -k null,pwrite -t dram:1M
	cp -r results/latest/ good
	for change in 's/^0,1,/0,7,/' 's/^0,1,/1,0,/' 's/^0,1,/99,0,/' 's/^0,1,timed/0,1/' 's/^0,1,/0,x,/' \
		's/^0,1,timed,1,/0,1,timed,0,/' 's/^0,1,timed,1,/0,1,timed,x,/'; do
		rm -rf bad
		cp -r good bad
		sed -i "$change" bad/repeats.csv
		says 2 'bad/' -- "$bin" resume bad
	done
	rm -rf bad
	cp -r good bad
	for n in 1 2; do sed -n 2,4p good/repeats.csv; done >>bad/repeats.csv
	says 2 'bad/repeats.csv:5' -- "$bin" resume bad
	rm bad/repeats.csv
	says 2 'repeats.csv' -- "$bin" resume bad
}

# bats test_tags=slow
@test "kill -9: no worker stays; the directory and the loop device go with resume" {
	mkdir d
	start "$bin" --kernel-path "$BATS_FILE_TMPDIR/k/hang" -k hang,pwrite -s 4K -t d --set targets.d.size=16M "${tiny[@]}"
	shows measuring
	sleep 0.5
	kill -KILL "$pid"
	ended
	no_worker "$pid"
	grep -q '"status": "running"' results/latest/run.json
	[ -d d/daxmark-* ]
	# Another run does not mind it.
	says 0 -- "$bin" -q "${tiny[@]}" -k pwrite -s 4K -t d --set targets.d.size=16M -o other
	[ -d d/daxmark-* ]
	DAXMARK_WORKER_SECONDS=1 says 1 'worker hung' -- "$bin" resume --kernel-path "$BATS_FILE_TMPDIR/k/hang" results/latest
	[ -z "$(ls d)" ]
	nothing_left
}

@test "a worker that is killed fails its point alone" {
	start "$bin" --kernel-path "$BATS_FILE_TMPDIR/k/hang" -k hang,null -t dram:1M "${tiny[@]}"
	shows measuring
	# The one that is still there after a while hangs.
	for _ in {1..50}; do
		child=$(pgrep -P "$pid") && sleep 0.4 && [ "$(pgrep -P "$pid")" = "$child" ] && break
	done
	pkill -KILL -P "$pid"
	ended
	[ "$code" = 1 ]
	grep -q 'killed by signal 9' log
	grep -c ',ok$' results/latest/points.csv
	valid results/latest
}

# bats test_tags=slow
@test "kill -9 at random moments, of runs and of resumes: each is resumed to a complete result" {
	kills=${KILLS:-60}
	mkdir d
	options=("${short[@]}" -k null,pwrite,sector -s 4K -m latency -t "$(targets)" --set targets.d.size=16M --set seed=11)
	began=$(date +%s%N)
	"$bin" -q "${options[@]}" -o first
	whole=$((($(date +%s%N) - began) / 1000000))
	planned=$(grep -c ',ok,' first/latest/repeats.csv)
	RANDOM=20261120
	early=0 partial=0 n=0 resumes=0
	# Start the command and kill it within the time that a whole run takes; every other time its worker
	# dies in the same moment.
	killed() {
		local after=$((RANDOM % whole))
		start "$@"
		sleep "$(printf '%d.%03d' $((after / 1000)) $((after % 1000)))"
		if [ $((n % 2)) = 0 ]; then kill -KILL "$pid"; else kill -KILL -- "-$pid"; fi 2>/dev/null || :
		ended
		no_worker "$pid"
	}
	while [ $n -lt "$kills" ]; do
		out=out$((n + early))
		killed "$bin" -q "${options[@]}" -o "$out"
		if [ ! -e "$out/latest" ]; then
			# Nothing had begun: no directory that looks like a run.
			[ -z "$(find "$out" -mindepth 1 -maxdepth 1 -name '2*' 2>/dev/null)" ]
			early=$((early + 1))
			[ $early -lt $((2 * kills)) ]
			continue
		fi
		n=$((n + 1))
		valid "$out/latest"
		there=$(grep -c ',ok,' "$out/latest/repeats.csv" || :)
		[ "$there" -ge "$planned" ] || [ "$there" = 0 ] || partial=$((partial + 1))
		while [ $((RANDOM % 2)) = 0 ] && [ $n -lt "$kills" ]; do
			n=$((n + 1)) resumes=$((resumes + 1))
			killed "$bin" resume -q "$out/latest"
			valid "$out/latest"
		done
		"$bin" resume -q "$out/latest" >resumed 2>&1 || { cat resumed; false; }
		valid "$out/latest" complete 3
		[ "$(grep -c ',ok,' "$out/latest/repeats.csv")" = "$planned" ]
		[ -z "$(ls d)" ]
		rm -r "$out"
	done
	nothing_left
	echo "partial $partial, resumes $resumes, before the run began $early"
	[ $partial -ge $((kills / 8)) ]
	[ $resumes -ge $((kills / 8)) ]
}

@test "resume cuts no file through a link" {
	run -0 "$bin" -q "${tiny[@]}" -k null -t dram:1M
	cp results/latest/samples.csv victim
	sum=$(cksum <victim)
	sed -i 's/"status": "ok"/"status": "interrupted"/' results/latest/run.json
	ln -sf "$PWD/victim" results/latest/samples.csv
	echo more >>victim
	sum=$(cksum <victim)
	run "$bin" resume results/latest
	[ "$status" != 0 ]
	[ "$(cksum <victim)" = "$sum" ]
}
