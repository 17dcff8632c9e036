# SPDX-License-Identifier: BSD-2-Clause
# Counts per op of a run's counting repeats, by point: awk -f perop.awk -v names=EVENT,EVENT... points.csv
# repeats.csv samples.csv counters.csv prints KEYS COUNT..., where KEYS are the columns of points.csv named in
# -v keys=COLUMN,COLUMN... (`-` when empty) and a COUNT is to one hundredth, "n/a" when nothing was counted.
BEGIN {
	FS = ","
	nkeys = split(keys, key, ",")
	nnames = split(names, name, ",")
}
FNR == 1 {
	file++
	for (i = 1; i <= NF; i++)
		col[file, $i] = i
	next
}
file == 1 {
	at = $(col[1, "point"])
	order[++n] = at
	for (k = 1; k <= nkeys; k++) {
		v = $(col[1, key[k]])
		text[at] = text[at] (k > 1 ? " " : "") (v == "" ? "-" : v)
	}
}
file == 2 && $(col[2, "kind"]) == "counting" { counting[$1 "," $2] = 1 }
file == 3 && ($1 "," $2) in counting { ops[$1] += $(col[3, "ops"]) }
file == 4 { count[$1, $(col[4, "event"])] += $(col[4, "value"]); seen[$1, $(col[4, "event"])] = 1 }
END {
	for (i = 1; i <= n; i++) {
		line = text[order[i]]
		for (k = 1; k <= nnames; k++)
			line = line " " (seen[order[i], name[k]] && ops[order[i]] ?
				sprintf("%.2f", count[order[i], name[k]] / ops[order[i]]) : "n/a")
		print line
	}
}
