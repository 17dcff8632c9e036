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
	says 0 'figures without data: bandwidth-size, sector-raw' -- "$bin" report R -v
	says 0 'figures without data: sector-raw' -- "$bin" report R --only sector-raw
}

@test "block devices: writes that reach them, what a BTT costs, the kernel's own colour" {
	made --pmem
	looks R/plots/sector-raw.vars.gp >looks
	grep -q '^sector on btt|' looks && grep -q '^sector btt / pmraw, latency|' looks
	run ! grep -E '^(null|clwb|sector-read)' looks
	looks R/plots/latency-size.vars.gp >other
	[ "$(grep '^sector on' looks | cut -d'|' -f2 | sort -u)" = "$(grep '^sector|' other | cut -d'|' -f2 | sort -u)" ]
	# Controls, and no other, are grey and open.
	[ "$(grep '#767676' other | cut -d'|' -f1 | sort -u | tr '\n' ' ')" = 'load null pwrite sector-read store ' ]
	[ -z "$(awk -F'|' '($2 == "#767676") != ($3 % 2 == 0)' other)" ]
}

@test "block devices of one size are rows, with the ratio beside them" {
	made --pmem
	python3 - <<-'END'
		import csv
		rows = list(csv.DictReader(open("R/points.csv")))
		for r in rows:
		    if r["size"] != "4K": r["moves"] = "nothing"
		    if r["target"] == "loop": r["control"] = "yes"
		w = csv.DictWriter(open("R/points.csv", "w", newline=""), list(rows[0]), lineterminator="\n")
		w.writeheader(); w.writerows(rows)
	END
	says 0 -- "$bin" report R
	grep -q '^ROWS = 1$' R/plots/sector-raw.vars.gp
	grep -q '"4\.[0-9]* \[.*\] × pmraw"' R/plots/sector-raw.dat
	looks R/plots/sector-raw.vars.gp | grep -q '^sector on loop|#767676|'
}

@test "shares are per cent all the way down; durable is said under a condition" {
	made --small --ops 9000
	grep -q '"0\.001 %%"' R/plots/ccdf.vars.gp
	run ! grep -q '"1e-' R/plots/ccdf.vars.gp
	grep -q 'as if the medium kept its persistence domain' R/plots/ladder.vars.gp
}
