# SPDX-License-Identifier: BSD-2-Clause
# repeats.csv and points.csv of a run of configs/vm-matrix.yaml: the table of
# tests/golden/vm-matrix.csv without its last column. `parameters`: those of the kernel; `page`:
# what the mapping was made of, as the worker saw it.
function split_csv(line, f,    n, c, quoted, i) {
	n = 1
	f[1] = ""
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		if (c == "\"")
			quoted = !quoted
		else if (c == "," && !quoted)
			f[++n] = ""
		else
			f[n] = f[n] c
	}
	return n
}
FNR == 1 {
	file++
	split("", at)
	n = split_csv($0, f)
	for (i = 1; i <= n; i++)
		at[name[i] = f[i]] = i
	if (file == 2)
		print "bench,kernel,target,medium,size,parameters,map_sync,o_sync,asked,page,durable,status"
	next
}
file == 1 {
	split_csv($0, f)
	page[f[at["point"]]] = f[at["page"]]
}
file == 2 {
	n = split_csv($0, f)
	parameters = ""
	for (i = 1; i <= n; i++)
		if (name[i] ~ /^p_/ && f[i] != "")
			parameters = parameters (parameters == "" ? "" : " ") substr(name[i], 3) "=" f[i]
	status = f[at["status"]]
	gsub(/(dax|pmem)[0-9]+(\.[0-9]+)?/, "&@", status)
	gsub(/[0-9]+(\.[0-9]+)?@/, "N", status)
	if (status ~ /[",]/)
		status = "\"" status "\""
	print f[at["bench"]] "," f[at["kernel"]] "," f[at["target"]] "," \
		f[at["medium"]] "," f[at["size"]] "," parameters "," \
		f[at["map_sync"]] "," f[at["o_sync"]] "," f[at["page_size"]] "," \
		page[f[at["point"]]] "," f[at["durable"]] "," status
}
