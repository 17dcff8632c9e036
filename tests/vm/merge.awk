# SPDX-License-Identifier: BSD-2-Clause
# The tables of several kernels (.../KERNEL/table) as one: rows that all have once, the others
# with the kernel they are of.
FNR == 1 {
	files++
	n = split(FILENAME, part, "/")
	kernel[files] = part[n - 1]
	if (files == 1)
		print $0 ",only"
	row = 0
	next
}
{
	text[files, ++row] = $0
	of[files] = row
	if (row > rows)
		rows = row
}
END {
	for (f = 1; f <= files; f++)
		if (of[f] != rows || files < ARGC - 1) {
			print "merge.awk: tables of different lengths" >"/dev/stderr"
			exit 1
		}
	for (r = 1; r <= rows; r++) {
		same = 1
		for (f = 2; f <= files; f++)
			same = same && text[f, r] == text[1, r]
		for (f = 1; f <= (same ? 1 : files); f++)
			print text[f, r] "," (same ? "" : kernel[f])
	}
}
