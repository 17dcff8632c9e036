#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The figures of a run that nobody measured (tests/golden/make-run), drawn by gnuplot.

load helper

# made OPTIONS...: an invented run in R, with its report
made() {
	export DAXMARK_DATADIR=$top
	python3 "$top/tests/golden/make-run" R --reps 6 --ops 200 "$@" >/dev/null
	says 0 -- "$bin" report R
}

# plot DIR... OPTIONS: into the folder plot, as SVG
plot() { "$bin" plot "$@" --format svg >/dev/null; }

# texts FILE.svg: the words of a figure, one a line
texts() {
	python3 - "$1" <<-'END'
		import html, re, sys
		for t in re.findall(r"<text[^>]*>(.*?)</text>", open(sys.argv[1]).read(), re.S):
		    t = html.unescape(re.sub("<[^>]*>", "", t)).strip()
		    if t: print(t)
	END
}

# full: the runs F and G of two machines with a point for every axis, H with holes, O with one point
full() {
	local make=$top/tests/golden/make-run
	export DAXMARK_DATADIR=$top
	[ -d "$BATS_FILE_TMPDIR/F" ] || {
		python3 "$make" "$BATS_FILE_TMPDIR/F" --all --ops 400
		python3 "$make" "$BATS_FILE_TMPDIR/G" --all --ops 200 --host other --linux 6.15.0 --factor 1.3 --seed 9
		python3 "$make" "$BATS_FILE_TMPDIR/H" --holes --ops 200
		python3 "$make" "$BATS_FILE_TMPDIR/O" --one
	}
	ln -sf "$BATS_FILE_TMPDIR"/[FGHO] .
}

# quiet DIR: every figure there draws itself without a word, and says something
quiet() {
	(
		cd "$1"
		for f in *.vars.gp; do
			f=${f%.vars.gp}
			said=$(gnuplot -e 'FORMATS = "svg"' "$f.gp" 2>&1)
			[ -z "$said" ] || { echo "$1/$f: $said"; exit 1; }
			grep -q '<text' "$f.svg" || { echo "$1/$f: no words"; exit 1; }
		done
	)
}

# looks FILE: "NAME|color|point" of every series
looks() {
	python3 - "$1" <<-'END'
		import re, sys
		v = {}
		for l in open(sys.argv[1]):
		    m = re.match(r"array (S_\w+)\[\d+\] = \[(.*)\]$", l.strip())
		    if m: v[m[1]] = [x.strip("' ") for x in re.findall(r"\s*('[^']*'|[^,]+)", m[2])]
		for n, c, p in zip(v["S_NAME"], v["S_COLOR"], v["S_POINT"]): print(n, c, p, sep="|")
	END
}

@test "one format leaves nothing behind for the next" {
	need gnuplot
	made --pmem
	python3 "$top/tests/golden/make-run" S --reps 6 --ops 200 --seed 2 >/dev/null
	sed -i 's/"run_id": "/&other-/' S/run.json
	"$bin" compare R S -o R/plots >/dev/null
	cd R/plots
	for f in *.vars.gp; do
		f=${f%.vars.gp}
		rm -f "$f.svg"
		gnuplot -e 'FORMATS = "svg"' "$f.gp"
		mv "$f.svg" alone.svg
		gnuplot -e 'FORMATS = "pdf svg"' "$f.gp"
		cmp alone.svg "$f.svg"
	done
	[ -s forest.svg ] && [ -s ladder.pdf ]
}

@test "type is 8 pt on paper" {
	need gnuplot pdftotext
	made --small
	pdftotext -bbox R/plots/ladder.pdf words
	python3 - <<-'END'
		import re
		m = re.search(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">clwb<', open("words").read())
		high = float(m[2]) - float(m[1])
		assert 8 <= high <= 11, high
	END
}

@test "figures without data: said with -v, and to those who asked for one" {
	made --small
	[[ $output != *'figures without data'* ]]
	says 0 'figures without data: bandwidth-size, best-case, btt-raw, ' -- "$bin" report R -v
	says 0 'figures without data: btt-raw' -- "$bin" report R --only btt-raw
}

@test "block devices: what a BTT costs beside raw, controls are grey and open" {
	made --pmem
	# The same ops on both, as a ratio; what has no counterpart is left out and said to be.
	looks R/plots/btt-raw.vars.gp >looks
	[ "$(cut -d'|' -f1 looks | sort | tr '\n' ' ')" = 'sector latency sector throughput ' ]
	grep -q "1 is kind=raw" R/plots/btt-raw.dat
	awk '$1 ~ /^[0-9]/ && ($2 < 4 || $2 > 5.5 || $3 > $2 || $4 < $2) { print; bad = 1 } END { exit bad }' R/plots/btt-raw.dat
	looks R/plots/latency-size.vars.gp >other
	[ "$(grep '^sector|' other | cut -d'|' -f2 | sort -u)" = "$(grep '^sector ' looks | cut -d'|' -f2 | sort -u)" ]
	[ "$(grep '#767676' other | cut -d'|' -f1 | sort -u | tr '\n' ' ')" = 'load null pwrite sector-read store ' ]
	[ -z "$(awk -F'|' '($2 == "#767676") != ($3 % 2 == 0)' other)" ]
}

@test "a strategy looks the same in every figure of every run" {
	made --pmem
	made=R/plots
	"$bin" plot R --x threads --y bandwidth_gbs --series kernel --where kernel=clwb,ntstore --format svg >/dev/null
	for f in $made/latency-size $made/bandwidth-threads $made/ccdf $made/flush-on-fail plot/bandwidth_gbs-by-threads; do
		looks $f.vars.gp | grep -x 'clwb|#0072B2|7' >/dev/null || { echo "$f"; looks $f.vars.gp; return 1; }
	done
}

@test "shares are per cent all the way down; durable is said under a condition" {
	made --small --ops 9000
	grep -q '"0\.01 %%"' R/plots/ccdf.vars.gp
	run ! grep -q '"1e-' R/plots/ccdf.vars.gp
	grep -q 'Hollow: durable if the medium were persistent memory' R/plots/ladder.dat
}

@test "yes is hollow where the medium keeps nothing, and unknown is unknown" {
	need gnuplot
	full
	plot F --figure ladder
	looks plot/ladder.vars.gp | sort -u >looks
	grep -qx 'yes|#009E73|7' looks && grep -qx 'yes, if pmem|#009E73|6' looks && grep -qx 'unknown|#000000|2' looks
	awk '/^# ram: dram, not persistent memory [|]/ { print }' plot/ladder.dat | grep -q 'yes, if pmem'
	run ! grep -q '^# ram: .*| yes$' plot/ladder.dat
	[ "$(grep -c '^# old: medium unknown | unknown$' plot/ladder.dat)" = 1 ]
	run ! grep -E '^# old: .*\| (yes|no)' plot/ladder.dat
	texts plot/ladder.svg | grep -qx 'yes, if pmem'
	"$bin" report R >/dev/null 2>&1 || made --small
	grep -q 'yes, if pmem' R/report.html
}

@test "the data handed to gnuplot: columns by name, n and interval beside each value" {
	full
	# Which writes summary.csv.
	"$bin" report F >/dev/null 2>&1
	"$bin" plot F --x fence --y time_ns --series kernel --panel target --where 'kernel=clwb,ntstore && target=pm && mode=throughput && size=64 && pattern=random' --format svg >/dev/null
	python3 - <<-'END'
		import csv
		blocks = open("plot/time_ns-by-fence.dat").read().split("\n\n\n")
		assert [b.splitlines()[-7].split("\t")[:5] for b in blocks] == [["fence", "time_ns", "lo", "hi", "n"]] * 2
		rows = {(r["kernel"], r["p_fence"]): r for r in csv.DictReader(open("F/summary.csv"))
		        if (r["metric"], r["target"], r["mode"], r["bench"]) == ("time_ns", "pm", "throughput", "fence")}
		for kernel, b in zip(("ntstore", "clwb"), sorted(blocks, key=lambda b: "| clwb" in b)):
		    for line in b.splitlines()[-6:]:
		        f, y, lo, hi, n = line.split("\t")[:5]
		        r = rows[kernel, f]
		        assert (float(y), float(lo), float(hi), n) == tuple(map(float, (r["median"], r["lo"], r["hi"]))) + (r["n"],), (line, r)
	END
}

@test "list figures: what each needs and mirrors, 20 and more" {
	export TOP=$top
	"$bin" list figures --json >figures.json
	python3 - <<-'END'
		import json, os
		f = {x["figure"]: x for x in json.load(open("figures.json"))}
		assert len(f) >= 20, len(f)
		for x in f.values():
		    assert x["title"] and x["doc"] and x["mirrors"] and x["needs"], x
		    assert x["form"] in "lines rows bars stack ccdf steps heat forest matrix".split(), x
		    for c in x["configs"]:
		        assert os.path.exists(f"{os.environ['TOP']}/configs/{c}.yaml"), c
		assert {x["form"] for x in f.values()} == set("lines rows bars stack ccdf steps heat forest matrix".split())
		assert f["fence-interval"]["x"] == ["fence"] and f["page-size"]["x"] == ["page_size"]
	END
	says 0 'fence-interval' 'time_ns by fence where mode=throughput' "FAST'20, Fig. 13" -- "$bin" list figures
}

@test "a figure is one file: added to a folder it is listed and drawn" {
	need gnuplot
	made --small
	mkdir mine
	cat >mine/tail.gp <<-'END'
		# How far the tail reaches.
		#: title  Tail by size
		#: x      size log2
		#: y      latency_drained_mean_ns log
		#: series kernel
		load 'tail.vars.gp'
		load 'form-lines.gp'
	END
	says 0 'How far the tail reaches.' 'latency_drained_mean_ns by size' -- "$bin" list figures --figure-path mine
	says 0 -- "$bin" report R --figure-path mine
	texts R/plots/tail.svg | grep -qx 'Tail by size'
	grep -q 'tail.svg' R/report.html
	# What is wrong with it is said as of a config.
	sed -i 's/log2/log3/' mine/tail.gp
	says 2 'mine/tail.gp:3:16: error: expected linear, log, log2 or words' '#: x      size log3' -- "$bin" report R --figure-path mine
	says 2 'No such file' -- "$bin" report R --figure-path nowhere
}

# commands DOC: its indented blocks, and what it says in line of the same; a LaTeX document goes to paper.tex.
commands() {
	sed -n 's/^    //p' "$top/docs/$1" |
		awk 'index($0, "\\documentclass") { tex = 1 } tex { print >"paper.tex" } !tex; index($0, "\\end{document}") { tex = 0 }'
	grep -oE '`(run-bench compare A.latest|cd plot) [^`]*' "$top/docs/$1" | tr -d '`' || :
}

@test "the documents' commands, as they stand: a figure is added, a paper gets its own" {
	need gnuplot
	export DAXMARK_DATADIR=$top
	mkdir path
	# As they stand, but for the time they take.
	printf '#!/bin/sh\ncase $1 in -k) exec %s "$@" %s;; *) exec %s "$@";; esac\n' "$bin" "${short[*]}" "$bin" >path/run-bench
	chmod +x path/run-bench
	PATH=$PWD/path:$PATH
	bench "${short[@]}" --set window=20ms -k clwb,ntstore -s 64,4K -m latency -t dram:1M >/dev/null	# for a p99
	commands adding-a-figure.md >adding
	[ "$(grep -c '^run-bench ' adding)" = 3 ]
	bash -e adding
	[ -s plot/tail-size.svg ] && [ -s results/latest/plots/tail-size.svg ] && grep -q 'fig-tail-size' results/latest/report.html
	commands paper-figures.md >paper
	[ "$(grep -c '^run-bench ' paper)" = 8 ] && [ -s paper.tex ]
	bash -e paper
	[ -s both/report.html ] && [ -s plot/time_ns-by-size.pdf ] && [ -s plot/flush-instruction.pdf ] && [ -s cmp/forest.pdf ]
	looks plot/time_ns-by-size.vars.gp | grep -q '^clwb A|'
	need pdflatex
	run -0 pdflatex -interaction=nonstopmode -halt-on-error paper.tex
}

@test "plot: any axis of any runs, what is wrong is pointed at" {
	need gnuplot
	full
	says 0 'plot/time_ns-by-size.svg' 'plot/time_ns-by-size.pdf' 'plot/time_ns-by-size.dat' -- \
		"$bin" plot F G --x size --y time_ns --series kernel,host --where 'bench=order && order=line' --width 3.33in
	looks plot/time_ns-by-size.vars.gp | cut -d'|' -f1 | sort -u >series
	diff series - <<-'END'
		clflushopt examplehost
		clflushopt other
		clwb examplehost
		clwb other
	END
	# 3.33 in at 120 pixels an inch.
	grep -q 'width="400"' plot/time_ns-by-size.svg
	says 0 -- "$bin" plot F --x page_size --y size --z bandwidth_gbs --form heat --where bench=numa --format svg
	says 0 -- "$bin" plot F --x kernel --y page-faults --form bars --format svg
	says 0 -- "$bin" plot F --figure ladder --bare --format svg
	run ! grep -q 'What each strategy costs' plot/ladder.svg
	says 2 '--series:1:8: error:' "did you mean 'threads'" -- "$bin" plot F --x size --series kernel,trheads
	says 2 '--where:1:13: error: expected a value' -- "$bin" plot F --x size --where 'kernel=clwb,'
	says 2 "--width 1in: expected a width" -- "$bin" plot F --x size --width 1in
	says 2 '--format bmp: expected svg' -- "$bin" plot F --x size --format bmp
	says 2 'no such figure; did you mean ladder' -- "$bin" plot F --figure lader
	says 2 'run-bench compare A B' -- "$bin" plot F --figure forest
	says 2 'plot wants a results directory' -- "$bin" plot F
	says 3 'no row has what this figure needs: time_ns by stride' -- "$bin" plot F --x stride --y time_ns
	says 2 '--label' 'expected DIR=TEXT' -- "$bin" plot F --x size --label nonsense
}

@test "several runs in one figure: named by what tells them apart, or by --label; unfinished ones are named" {
	need gnuplot
	full
	cp -rL G U
	python3 - <<-'END'
		import csv, json
		rows = list(csv.DictReader(open("U/points.csv")))
		for r in rows[:7]: r["status"] = "pending"
		w = csv.DictWriter(open("U/points.csv", "w", newline=""), list(rows[0]), lineterminator="\n")
		w.writeheader(); w.writerows(rows)
		j = json.load(open("U/run.json")); j["status"] = "interrupted"; json.dump(j, open("U/run.json", "w"))
	END
	says 0 'U: interrupted: 7 of ' 'points are not finished; what there is is drawn' 'A: F' 'B b: U' -- \
		"$bin" report F U --label F=A --label 'U=B b' --only flush-instruction --format svg -o out
	looks out/plots/flush-instruction.vars.gp | grep -q '^clwb A ' || looks out/plots/flush-instruction.vars.gp | grep -q '^clwb .*A'
	grep -q 'interrupted: 7 of' out/report.html && grep -q '<b>Figure 1' out/report.html
	says 2 'are for several' -- "$bin" report F -o out
	# Nobody called them so, and a legend has no room for it.
	mkdir x
	for n in 1 2; do
		cp -rL G x/run-$n
		sed -i "s/\"run_id\": \"[^\"]*\"/\"run_id\": \"run-$n\"/" x/run-$n/run.json
	done
	says 0 'A: x/run-1' 'B: x/run-2' -- "$bin" report x/run-1 x/run-2 --only flush-instruction --format svg -o lettered
}

@test "every format of a figure of every form; LaTeX gets no character that it would trip over" {
	need gnuplot
	full
	for f in fence-interval ladder preparation kernel-entries ccdf map-sync-touch numa-ratio; do
		"$bin" plot F --figure $f --format svg,pdf,png,tex --width 3.33in >/dev/null
		for e in .svg .pdf .png -latex.tex -latex.pdf; do
			[ -s plot/$f$e ] || { echo "no $f$e"; return 1; }
		done
		# Text goes through \strut: no bare _ or % in it.
		run ! grep -E 'strut.*[^\\][_%&#]' <(grep -o 'strut{}[^}]*}' plot/$f-latex.tex | grep -v 'textmu\|%$')
	done
	says 0 -- "$bin" compare F G -o cmp --png
	[ -s cmp/forest.png ] && [ -s cmp/forest.svg ] && [ -s cmp/forest.pdf ]
}

@test "published points: only with --literature, only where stamp, statistic and x agree" {
	need gnuplot
	full
	"$bin" plot F --figure bandwidth-threads --literature --format svg >/dev/null
	looks plot/bandwidth-threads.vars.gp | grep -q "FAST’20 Fig. 4, 6 DIMMs"
	grep -q 'Hollow, broken: published' plot/bandwidth-threads.dat
	"$bin" plot F --figure bandwidth-threads --format svg >/dev/null
	run ! grep -q 'FAST' plot/bandwidth-threads.vars.gp
	# Optane's points are none of a panel of DRAM.
	made --small
	"$bin" plot R --figure bandwidth-threads --literature --format svg >/dev/null
	run ! grep -q '6 DIMMs' plot/bandwidth-threads.vars.gp
}

# bats test_tags=slow
@test "every figure draws without a warning: whole, with holes, of one point, of two runs" {
	need gnuplot
	full
	for r in F H; do
		"$bin" report $r --format svg >/dev/null
		quiet $r/plots
	done
	[ "$(ls F/plots/*.svg | wc -l)" -ge 24 ]
	"$bin" report F G --format svg -o both >/dev/null
	quiet both/plots
	for f in $("$bin" list figures --json | python3 -c 'import json, sys; print(*[f["figure"] for f in json.load(sys.stdin)])'); do
		"$bin" plot O --figure "$f" --format svg -o one >/dev/null 2>&1 || :
	done
	[ -s one/ladder.svg ] && [ -s one/ccdf.svg ]
	quiet one
}

# bats test_tags=slow
@test "no text lies over another, one column wide and two: whole, with holes, of one point, of two runs" {
	need gnuplot chromium
	full
	for width in 3.33in 7in; do
		for r in F H O; do "$bin" report $r --format svg --width $width >/dev/null; done
		"$bin" report F G --format svg --width $width -o both >/dev/null
		python3 "$BATS_TEST_DIRNAME/overlap.py" {F,H,O,both}/plots/*.svg
	done
}

@test "very many series in one column: no warning, a key that can be read, and how many found no room" {
	need gnuplot chromium
	full
	mkdir many
	"$bin" plot F G --x size --y headline --series kernel,host,pattern,placement,line --format svg --width 3.33in -o many >/dev/null
	"$bin" plot F G --x latency --y share --form ccdf --series kernel,size,target --format svg --width 3.33in -o many >/dev/null
	"$bin" plot F G --x size --y time_ns --series kernel,host,size,threads,mode,pattern,line,placement --format svg --width 3.33in -o many >/dev/null
	quiet many
	python3 "$BATS_TEST_DIRNAME/overlap.py" many/*.svg
	[ "$(sed -n 's/^KEYS = //p' many/headline-by-size.vars.gp)" = 24 ]
	left=$(sed -n 's/.* \([0-9]*\) series found no room: plot --where selects.*/\1/p' many/headline-by-size.dat)
	# At two columns there is room for more.
	"$bin" plot F G --x size --y headline --series kernel,host,pattern,placement,line --format svg --width 7in -o wide >/dev/null
	[ "$(sed -n 's/^KEYS = //p' wide/headline-by-size.vars.gp)" -gt 24 ]
	rest=$(sed -n 's/.* \([0-9]*\) series found no room.*/\1/p' wide/headline-by-size.dat)
	[ "$left" -gt "${rest:-0}" ]
}

# bats test_tags=slow
@test "the same inputs give the same bytes; 5,000 points take less than 20 s" {
	need gnuplot
	full
	for n in first second; do
		"$bin" report F --format svg,pdf,png >/dev/null
		cp -r F/plots $n
		"$bin" plot F --figure ladder --width 3.33in --format svg,pdf,png,tex -o $n/plot >/dev/null
		"$bin" compare F G -o $n/cmp >/dev/null
		sleep 1		# cairo dates a PDF by the second
	done
	diff -r --exclude '*.pdf' first second
	for f in first/*.pdf first/*/*.pdf; do same_pdf "$f" "second/${f#first/}"; done
	python3 "$top/tests/golden/make-run" M --points 5000 --reps 6 --ops 100
	SECONDS=0
	"$bin" report M >/dev/null
	[ "$SECONDS" -lt 20 ] || { echo "$SECONDS s"; return 1; }
}
