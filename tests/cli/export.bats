#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# run-bench export: do the tools of others read it?

load helper

fake() { "$top/tests/fake/run" "$@"; }
compare_py=/usr/share/benchmark/compare.py

@test "benchmark: Google Benchmark's own compare.py reads it and finds the difference" {
	[ -e $compare_py ] || skip 'no libbenchmark-tools'
	/usr/bin/python3 -c 'import scipy' 2>/dev/null || skip 'no python3-scipy'
	fake A points=4
	fake B points=4 seed=2 slow=msync:1.5
	bench export --format benchmark -o a.json A
	bench export --format benchmark -o b.json B
	run -0 /usr/bin/python3 $compare_py --no-color benchmarks a.json b.json
	# +49 %, give or take, and its rank test agrees; clwb is as it was.
	grep -E '^daxmark/bench:b/kernel:msync\S*pvalue +0.000' <<<"$output"
	grep -E '^daxmark/bench:b/kernel:msync\S* +\+0\.(4|5)' <<<"$output"
	! grep -E '^daxmark/bench:b/kernel:clwb\S*pvalue +0.000' <<<"$output"
}

@test "benchmark: what every reader of the format wants is there" {
	fake A points=2 reps=3
	bench export --format benchmark A >a.json
	python3 - <<-'E'
		import json
		d = json.load(open("a.json"))
		for key in "date", "host_name", "num_cpus", "mhz_per_cpu", "library_build_type", "caches":
		    assert key in d["context"], key
		assert len(d["benchmarks"]) == 6
		for b in d["benchmarks"]:
		    assert b["time_unit"] == "ns" and b["run_type"] == "iteration" and b["real_time"] > 0
		    assert b["repetitions"] == 3 and b["name"] == b["run_name"]
		    assert abs(b["items_per_second"] * b["real_time"] / 1e9 - 1) < 1e-6
		    assert b["cpu_time"] == b["real_time"]
	E
}

@test "benchfmt: the grammar of golang.org/design/14313-benchmark-format" {
	fake A points=4 reps=3
	bench export --format benchfmt -o a.txt A
	python3 - <<-'E'
		import re
		lines = open("a.txt").read().split("\n")
		assert lines.pop() == ""
		results = 0
		for line in lines:
		    if line.startswith("Benchmark"):
		        f = line.split()
		        assert len(f) >= 4 and len(f) % 2 == 0, line
		        assert re.fullmatch(r"Benchmark([A-Z]\S*)?", f[0]) and re.fullmatch(r".*-[1-9]\d*", f[0]), line
		        assert int(f[1]) > 0
		        for value, unit in zip(f[2::2], f[3::2]):
		            float(value)
		        assert f[3] == "ns/op" and len(set(f[3::2])) == len(f[3::2]), line
		        for part in f[0].split("/")[1:]:
		            assert re.fullmatch(r"[^=]+=[^=]+", part), part
		        results += 1
		    elif line.startswith("Unit "):
		        assert re.fullmatch(r"Unit \S+( \S+=\S+)+", line), line
		    else:
		        key = re.match(r"([^\s:A-Z]+):[ \t]+\S", line)
		        assert key and key[1][0].islower(), line
		assert results == 12, results
	E
}

@test "artifact: a tar with hashes, the same bytes each time" {
	fake A points=2
	mkdir A/env A/plots
	echo x >A/env/x.txt
	echo draft >A/points.csv.new
	ln -s /etc/passwd A/link
	bench export --format artifact -o a.tar A
	bench export --format artifact -o b.tar A
	cmp a.tar b.tar
	mkdir out
	tar -C out -xf a.tar
	cd out/A
	sha256sum --quiet -c SHA256SUMS
	[ "$(sort -k2 SHA256SUMS | awk '{ print $2 }' | tr '\n' ' ')" = 'README.txt env/x.txt points.csv reps.csv run.json ' ]
	cmp points.csv "$BATS_TEST_TMPDIR/A/points.csv"
	[ ! -e link ]
	[ -z "$(tar -tvf "$BATS_TEST_TMPDIR/a.tar" | grep -v '^-rw-r--r-- 0/0 ')" ]
}

@test "artifact: a missing tool is named, and no half of a tar is left" {
	fake A
	mkdir none
	says 2 'export --format artifact: needs sha256sum, which is not installed' -- env PATH="$PWD/none" "$bin" export --format artifact -o a.tar A
	ln -s "$(command -v sha256sum)" none
	says 2 'needs tar' -- env PATH="$PWD/none" "$bin" export --format artifact -o a.tar A
	printf '#!/bin/sh\nexit 2\n' >none/tar
	chmod +x none/tar
	says 2 'tar failed' -- env PATH="$PWD/none" "$bin" export --format artifact -o a.tar A
	[ ! -e a.tar ]
	run ! compgen -G "$TMPDIR/daxmark-export-*"
}

# odd DIR: target and role have bytes that Markdown and LaTeX take for theirs.
odd() { sed -i 's/,pm,pm,dram,/,a_b|{c}%$#\&~^,pm,dram,/' "$1/points.csv"; }

@test "md: the report's sentences and table; every row has its cells whatever a target is called" {
	fake A points=8
	odd A
	bench export --format md A >a.md
	grep -F '64 B made durable on a\_b\|{c}%$#&amp;~^, if it were pmem (it is dram): clwb ' a.md
	# Four strategies; a bar that is data ends no cell.
	[ "$(grep -c '^| a' a.md)" = 4 ]
	[ "$(sed -n 's/\\|//g; /^|/p' a.md | tr -cd '|\n' | sort -u)" = '|||||||' ]
	grep -E '^\| a.* \| clwb \| amortised \| [0-9.]+ \[[0-9.]+, [0-9.]+\] ns \| 10 \| yes, if pmem \|$' <(sed 's/\\\([][]\)/\1/g' a.md)
}

@test "tex: LaTeX reads it" {
	fake A points=8
	odd A
	bench export --format tex -o a.tex A
	[ "$(grep -c '^a.* & ' a.tex)" = 4 ]
	grep -q '^% 64 B made durable on ' a.tex
	need pdflatex
	printf '%s\n' '\documentclass{article}' '\begin{document}' '\input{a}' '\end{document}' >t.tex
	run -0 pdflatex -interaction=nonstopmode -halt-on-error t.tex
}

# files DIR...: every file, its inode and when it was written.
files() { find "$@" -printf '%p %i %s %T@\n' | sort; }

@test "who reads a run writes nothing into it, not even where its reps.csv and summary.csv are missing" {
	python3 "$top/tests/golden/make-run" A --small --reps 6 --ops 200
	python3 "$top/tests/golden/make-run" B --small --reps 6 --ops 200 --seed 2
	sed -i 's/"run_id": "/&other-/' B/run.json
	bench report A >/dev/null && bench report B >/dev/null
	for missing in '' 'reps.csv summary.csv'; do
		for f in $missing; do rm {A,B}/"$f"; done
		files A B >before
		for format in md tex benchmark benchfmt artifact; do
			bench export --format "$format" -o "a.$format$missing" A
		done
		bench compare A B -o cmp >/dev/null
		bench plot A B --x kernel --y time_ns --form bars --format svg >/dev/null
		bench report A B --format svg -o both >/dev/null
		bench collect -o "fleet${missing:+2}.sqlite" A B >/dev/null
		files A B | diff before -
	done
	# It is the same all the same.
	for format in md tex benchmark benchfmt; do cmp "a.$format" "a.${format}reps.csv summary.csv"; done
	cmp fleet.csv fleet2.csv
}

@test "a format that is none, no directory, a file that cannot be written" {
	fake A
	says 2 'no format' benchmark benchfmt artifact -- "$bin" export --format xml A
	says 2 'benchfmt' -- "$bin" export A
	says 2 'one results directory' -- "$bin" export --format benchfmt
	says 2 'nowhere' -- "$bin" export --format benchfmt -o nowhere/a.txt A
	says 2 'missing' -- "$bin" export --format benchfmt missing
}

# Half of an even number of repeats under ten steps of the clock: the median decides, everywhere.
@test "export and compare choose the same number for a point" {
	for d in A B; do
		mkdir $d
		echo '{"schema": "daxmark.run/1.1", "run_id": "'$d'", "status": "ok", "timer": {"hz": 1e9}}' >$d/run.json
		printf 'point,bench,kernel,target,role,medium,size,threads,mode,control,moves,durable,status\n%s\n' \
			'0,b,clwb,ram,ram,dram,64,1,latency,no,writes,yes,ok' >$d/points.csv
		echo 'point,rep,kind,status,page,quantum_ticks,flags,hist_end,counters_end,samples_end' >$d/repeats.csv
		echo 'point,rep,block,metric,value,clean' >$d/reps.csv
		echo 'point,rep,stamp,lo_ticks,hi_ticks,count' >$d/hist.csv
		echo 'point,rep,window,thread,mode,stamp,ops,bytes,ticks,cpu_ns,taint' >$d/samples.csv
		k=0
		for v in 80 80 80 110 110 110; do
			echo "0,$k,timed,ok,4096,10,,0,0,0" >>$d/repeats.csv
			printf '0,%d,%d,%s,%s,1\n' $k $k time_ns 50 $k $k latency_drained_p50_ns $v >>$d/reps.csv
			k=$((k + 1))
		done
		touch -d '+1 hour' $d/reps.csv
	done
	bench export --format benchfmt A >a
	grep -q ' 50 ns/op' a
	run bench compare A B
	[[ $output == *'50.0 ns 50.0 ns'* ]]
}
