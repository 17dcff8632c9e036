#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# run-bench compare, on runs that nobody measured (tests/fake/run).

load helper

fake() { "$top/tests/fake/run" "$@"; }

# field CSV KERNEL SIZE COLUMN
field() {
	awk -F, -v k="$2" -v s="$3" -v c="$4" '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["kernel"] == k && $at["size"] == s { print $at[c] }' "$1"
}

@test "two runs: what is slower is, what is the same is" {
	fake A points=40
	fake B points=40 host=h2 seed=2 slow=msync:1.5
	says 0 'ratio: time against '"'A'" 'unpaired' 'host effect not separable' 'margin 5 %' '40 rows: ' -- "$bin" compare A B
	bench compare --csv A B >out.csv
	[ "$(field out.csv msync 64 verdict)" = slower ]
	[ "$(field out.csv clwb 64 verdict)" = same ]
	bench compare --csv B A >back.csv
	[ "$(field back.csv msync 64 verdict)" = faster ]
	# Ten msync rows and no other.
	[ "$(grep -c ',slower,' out.csv)" = 10 ]
	[ "$(grep -c ',faster,' out.csv)" = 0 ]
}

@test "the environment stands above the table" {
	fake A
	fake B host=h2 seed=2
	says 0 'environment: 1 settings differ' 'host.microcode:  A 0x1  B 0x2' -- "$bin" compare A B
}

@test "three sides: each against the first" {
	fake A
	fake B host=h2 seed=2 slow=clwb:2
	fake C host=h3 seed=3 slow=clwb:3
	says 0 '24 rows' COLUMN -- "$bin" compare A B C
	bench compare --csv A B C >out.csv
	[ "$(field out.csv clwb 64 column | tr '\n' ' ')" = 'B C ' ]
}

@test "one run: kernels in pairs" {
	fake A points=16
	says 0 "time against 'clwb'" 'in pairs' 'Wilcoxon' '12 rows' -- "$bin" compare A --col kernel
	bench compare A --col kernel --base msync --csv >out.csv
	grep -q ',clwb,time_ns,' out.csv
	! grep -q ',msync,time_ns,' out.csv
	says 2 "no column 'nope'" -- "$bin" compare A --col kernel --base nope
	says 2 "no column 'kernal'" "did you mean 'kernel'" -- "$bin" compare A --col kernal
	says 2 'give one directory' -- "$bin" compare A A --col kernel
	says 2 'two or more' -- "$bin" compare A
}

@test "rows by --row, points by --filter; two in one place are named" {
	fake A points=48 reps=6
	says 2 'fall into one row and column' 'differ in' size -- "$bin" compare A A --row kernel
	says 0 '4 rows' -- "$bin" compare A A --row kernel --filter 'size=64'
	says 2 "no column 'colour'" -- "$bin" compare A A --row colour
	says 2 '--filter:1:' -- "$bin" compare A A --filter 'colour=red'
}

@test "roles: --match, and a hint when nothing matches" {
	fake A
	fake B host=h2 role=ram
	says 0 'no point is on both sides' 'roles of A: pm' 'roles of B: ram' '--match' -- "$bin" compare A B
	says 0 '12 rows' '12 same' -- "$bin" compare A B --match pm=ram
	says 2 '--match wants ROLE=ROLE' -- "$bin" compare A B --match pm
}

@test "unmatched points are listed" {
	fake A points=16
	fake B points=12 host=h2
	says 0 '12 rows' '4 unmatched' 'size=512: B: not there' -- "$bin" compare A B
	bench compare --json A B | python3 -c '
import json, sys
d = json.load(sys.stdin)
assert d["schema"] == "daxmark.compare/1.0"
assert len(d["rows"]) == 12 and len(d["unmatched"]) == 4
assert d["unmatched"][0]["why"] == "not there"
assert d["host_separable"] is False'
}

@test "six repeats carry 23 rows" {
	fake A points=24 reps=6
	fake B points=24 reps=6 host=h2 seed=2 slow=msync:2
	says 0 'n=6 can carry at most 23 rows under Holm, and this table has 24' '7 repeats would do' '0 slower' -- "$bin" compare A B
	says 0 '5 slower' -- "$bin" compare A B --filter 'size<=1024'
}

@test "unclear says how many repeats would do" {
	fake A cv=0.1
	fake B cv=0.1 host=h2 seed=2
	says 0 'unclear; ' 'repeats would do' -- "$bin" compare A B
}

@test "the margin decides" {
	fake A
	fake B host=h2 seed=2 factor=1.03
	bench compare --csv A B --margin 10 >out.csv
	[ "$(grep -c ',same,' out.csv)" = 12 ]
	bench compare --csv A B --margin 0.1 >out.csv
	[ "$(grep -c ',same,' out.csv)" = 0 ]
	[ "$(grep -c ',slower,' out.csv)" -ge 3 ]
	says 2 'percentage' -- "$bin" compare A B --margin much
}

@test "several runs a side: the host is the unit" {
	for i in 1 2 3 4 5 6; do
		fake "A$i" host="old$i" seed="$i" points=4 reps=3
		fake "B$i" host="new$i" seed="1$i" points=4 reps=3 factor=1.5
		fake "C$i" host="old$i" seed="2$i" points=4 reps=3 factor=1.5
	done
	a=$(echo A? | tr ' ' ,)
	says 0 'unit: the host, unpaired' '4 slower' -- "$bin" compare "$a" "$(echo B? | tr ' ' ,)"
	[[ $output != *'host effect'* ]]
	# The same hosts before and after go in pairs: six pairs carry one row.
	says 0 'unit: the host, in pairs' '1 slower' -- "$bin" compare "$a" "$(echo C? | tr ' ' ,)" --filter kernel=clwb
	says 0 'unit: the run' 'host effect not separable' -- "$bin" compare A1,A1 C1,C1 --filter kernel=clwb
}

@test "the forest plot: SVG and PDF, PNG on request" {
	need gnuplot
	fake A
	fake B host=h2 seed=2 slow=msync:2
	bench compare A B -o out >/dev/null
	[ -s out/compare.csv ] && [ -s out/compare.json ] && [ -s out/forest.pdf ] && [ ! -e out/forest.png ]
	grep -q '<svg' out/forest.svg
	bench compare A B -o out --png >/dev/null
	head -c 4 out/forest.png | grep -q PNG
	says 2 'give -o DIR' -- "$bin" compare A B --png
}

@test "a missing, a foreign and a broken directory are named" {
	fake A
	says 2 nowhere -- "$bin" compare A nowhere
	mkdir empty
	says 2 'empty' 'not a results directory' -- "$bin" compare A empty
	fake B
	echo '0,99,time_ns' >>B/reps.csv
	says 2 'B/reps.csv' -- "$bin" compare A B
}

@test "the same runs give the same bytes" {
	fake A
	fake B seed=2
	bench compare --json A B >one
	bench compare --json A B >two
	cmp one two
}

@test "two runs of 10,000 points: under 2 s and 300 MiB" {
	fake A points=10000
	fake B points=10000 host=h2 seed=2
	run -0 python3 - "$bin" <<-'E'
		import resource, subprocess, sys, time
		began = time.time()
		subprocess.run([sys.argv[1], "compare", "A", "B"], stdout=subprocess.DEVNULL, check=True)
		took, use = time.time() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
		print(f"{took:.2f} s, {use.ru_utime + use.ru_stime:.2f} s of CPU, {use.ru_maxrss >> 10} MiB")
		# A sanitizer's build is not what is measured here.
		exact = b"__asan_init" not in open(sys.argv[1], "rb").read()
		sys.exit(exact and (use.ru_utime + use.ru_stime > 2 or use.ru_maxrss > 300 << 10))
	E
	echo "$output"
}

# bats test_tags=slow
@test "one interleaved run with an inert label: at most 3 of 20 pairs differ" {
	cat >labels.yaml <<-'E'
		version: 1
		name: labels
		targets:
		  - {name: ram, dram: 16M}
		benches:
		  - name: l
		    kernel: [clwb]
		    size: [64, 128, 256, 512, 1K, 2K, 4K, 8K, 16K, 32K]
		    pattern: [seq, random]
		    label: [a, b]
		    working_set: 8M
	E
	bench -q -o res "${tiny[@]}" --set repeats=10 --set max_repeats=10 labels.yaml >/dev/null
	says 0 "time against 'a'" '20 rows' -- "$bin" compare res/latest --col label
	bench compare res/latest --col label --csv >out.csv
	[ "$(grep -cE ',(faster|slower),' out.csv)" -le 3 ]
}

# bats test_tags=slow
@test "a kernel loaded out of tree that takes 20 % longer is found, with the right sign" {
	mkdir k
	cc -O2 -shared -fPIC -I"$top/kernels/include" -o k/spin.so "$top/tests/fake/spin.c"
	cat >spin.yaml <<-'E'
		version: 1
		name: spin
		targets:
		  - {name: ram, dram: 1M}
		benches:
		  - {name: s, kernel: [spin], turns: [1000, 1200], size: 64}
	E
	bench -q -o res --kernel-path k "${tiny[@]}" --set windows=5 --set repeats=12 --set max_repeats=12 spin.yaml >/dev/null
	"$bin" compare res/latest --col turns
	"$bin" compare res/latest --col turns --csv >out.csv
	grep -q '^1200,time_ns,.*,slower,' out.csv
	"$bin" compare res/latest --col turns --base 1200 --csv | grep -q '^1000,time_ns,.*,faster,'
}
