#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What run-bench makes of the laboratory's results (scripts/powercut), which nobody cut here.
# shellcheck disable=SC2154
load helper

# gnuplot's scripts are found wherever the binary lies.
setup() { common_setup; export DAXMARK_DATADIR=$top; }

# lab DIR BESIDE: results of three classes, of which one was lost; $loser is the rule's word for it.
lab() {
	mkdir -p "$1"
	cat >"$1/run.json" <<-END
	{"schema": "daxmark.powercut/1", "method": "cuts", "linux": "6.1", "name": "$2", "started": "2026-11-30T01:34:00Z",
	 "host": {"name": "vm", "kernel": "6.1"}, "cuts": 12}
	END
	cat >"$1/classes.csv" <<-END
	point,class,place,op,beside,target,kernel,rule,why,cuts,rounds,lost_cuts,upper_bound,verdict,example
	0,a,xfs reflink,"clwb, MAP_SYNC",$2,a,clwb,${loser:-metadata-unsafe},because,12,7,3,,lost,"cut 3, <round> 2"
	1,b,ext4,"clwb, MAP_SYNC",$2,b,clwb,yes,because,12,10,0,0.3,kept,
	2,c,ext4,pwrite,$2,c,pwrite,no,because,12,10,0,0.3,kept,
	END
}

@test "report of a power cut: what was lost, how often, the bound, the matrix" {
	lab L reflink
	"$bin" report L
	grep -q 'Of 3 classes 1 lost an op that was acknowledged, and 2 did not' L/report.html
	grep -q 'Nothing of which the durable column says yes was lost' L/report.html
	grep -q '<b>3/12</b>.*cut 3, &lt;round&gt; 2' L/report.html
	grep -q '>0/12</td><td class="n">30&nbsp;%' L/report.html
	grep -q '3/12' L/plots/verdict-matrix.dat
	[ ! -e L/summary.csv ]
	need gnuplot
	grep -q '>3/12<' L/plots/verdict-matrix.svg
	grep -q '>kept, not promised<' L/plots/verdict-matrix.svg
}

@test "a class that the rule promises and the power took stands out" {
	loser=yes lab L reflink
	"$bin" report L
	grep -q 'says yes of something that was lost' L/report.html
	grep -q 'lost, though durable says yes' L/plots/verdict-matrix.dat
}

@test "several results: a column for what ran beside each" {
	lab A alone
	lab B reflink
	"$bin" plot A B --figure verdict-matrix -o P
	grep -q '"alone" 1, "reflink" 2' P/verdict-matrix.vars.gp
	[ "$(grep -c '"clwb, MAP_SYNC"' P/verdict-matrix.dat)" = 4 ]
}

# bats test_tags=slow
@test "the matrix: no text lies over another, one column wide and two" {
	need gnuplot chromium
	lab A alone
	lab B reflink
	lab C dedupe@other
	sed -i 's/"clwb, MAP_SYNC"/"touch, unwritten, MAP_SYNC, O_SYNC"/' C/classes.csv
	for width in 3.33in 7in; do
		"$bin" plot A B C --figure verdict-matrix --format svg --width $width -o P >/dev/null
		python3 "$BATS_TEST_DIRNAME/overlap.py" P/verdict-matrix.svg
	done
}

@test "several targets of one class in one cell: their cuts are added up; controls have none" {
	lab A alone
	cat >>A/classes.csv <<-'END'
	3,a,xfs reflink,"clwb, MAP_SYNC",alone,e,clwb,metadata-unsafe,because,8,7,2,,lost,
	4,,,forgetful,alone,f,forgetful,,because,8,7,8,,lost,
	END
	"$bin" plot A --figure verdict-matrix -o P
	grep -q '"5/20"' P/verdict-matrix.dat
	run ! grep -q 'forgetful\|target' P/verdict-matrix.dat
}

@test "who compares times has nothing to compare" {
	lab A alone
	run ! "$bin" compare A A
	[[ $output == *'results of the laboratory'* ]]
}

@test "docs/durability.md has the evidence and the cases as they are, and the evidence is of this rule" {
	python3 "$top/powercut/evidence.py" --check
	mkdir -p build
	"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -I"$top/bench/base" -o build/cases "$top/powercut/cases.c"
	build/cases list | cut -f 2 | while IFS= read -r question; do
		grep -qF "| $question |" "$top/docs/durability.md" || { echo "not there: $question"; false; }
	done
	sed -n '/^<!-- cases -->/,/^<!-- .cases -->/p' "$top/docs/durability.md" | grep '^|' >there
	DAXMARK_CASES=$PWD/build/cases python3 "$top/powercut/cases.py" --table | diff there -
}

@test "evidence: rows of runs, each once, and none of another rule" {
	mkdir -p T/powercut T/docs T/tests/golden
	cp "$top/powercut/evidence.py" T/powercut/
	cp "$top/tests/golden/durability.txt" T/tests/golden/
	printf '# x\n' >T/powercut/evidence.tsv
	printf '<!-- evidence -->\n<!-- /evidence -->\n' >T/docs/durability.md
	lab A alone
	hash=$(cd T/powercut && python3 -c 'import evidence; print(evidence.rule_hash())')
	sed -i "s/\"cuts\": 12/\"cuts\": 12, \"rule\": \"$hash\"/" A/run.json
	add() { python3 T/powercut/evidence.py "$@"; }
	add A | grep -qF '3 rows, 36 tests, of 1 runs; 0 rule yes but lost'
	add A 2>&1 | grep -qF 'A is in there'
	cp -r A B
	add B | grep -qF '3 rows, 72 tests, of 2 runs'
	grep -qF "$(printf 'a\tmetadata-unsafe\t6.1\tcuts\talone\t\t24\t14\t6')" T/powercut/evidence.tsv
	grep -qF "$(printf 'c\tno\t6.1\tcuts\talone\tcontract\t24\t20\t0')" T/powercut/evidence.tsv
	add --check
	cp -r A C
	sed -i '1s/$/,control/; s/because,12,10,0,0.3,kept,$/&,yes/' C/classes.csv
	run ! add C
	[[ $output == *'a control was not found lost'* ]]
	sed -i 's/^fsdax ADR: clwb MAP_SYNC: yes:/fsdax ADR: clwb MAP_SYNC: no:/' T/tests/golden/durability.txt
	run ! add --check
	[[ $output == *'run the laboratory again'* ]]
	run ! add B
	[[ $output == *'held against another rule'* ]]
}

@test "what was tested stands beside what durable says; who has no such column reads on" {
	python3 "$top/tests/golden/make-run" R --reps 6 --ops 200 >/dev/null
	"$bin" report R >old
	run ! grep -q 'tested: ' R/report.html
	python3 - <<-'END'
	import csv
	with open("R/points.csv") as f:
	    rows = list(csv.DictReader(f))
	for r in rows:
	    r["tested"], r["tested_bound"] = ("cuts 0/40; model 0/900", "0.1") if r["kernel"] == "clwb" else ("rule", "")
	with open("R/points.csv", "w") as f:
	    w = csv.DictWriter(f, list(rows[0]), lineterminator="\n")
	    w.writeheader()
	    w.writerows(rows)
	END
	"$bin" report R >new
	grep -q 'yes[^|]*, cuts 0/40; model 0/900' new
	run ! grep -q 'rule' new
	grep -q 'tested: cuts 0/40; model 0/900 on Linux [0-9.]*, under 10&nbsp;%' R/report.html
	grep -q 'cuts 0/40; model 0/900' R/plots/ladder.dat
	"$bin" export --format md -o T.md R
	grep -q 'cuts 0/40; model 0/900' T.md
	"$bin" compare R R >same
	run ! grep -q 'cuts 0/40' same
}
