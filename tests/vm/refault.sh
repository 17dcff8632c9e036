# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm:
# msync protects a page again, so that each op takes a write fault: the first visit to a page, too. Of 16M
# each op visits another one, of 64K each comes to its 16 pages again; both are to take one fault an op.
. ./tests/vm/lib.sh

run-bench prepare --print fsdax,size=64M,name=ext4 >/tmp/make
try "a namespace is made" sh /tmp/make
echo 0 >/proc/sys/kernel/numa_balancing
echo "version: 1
targets: [{name: fs, fsdax: /mnt/ext4, size: 16M}]
defaults: {settle: fixed, repeats: 1, windows: 1, ops: 1000, warmup: 0, size: 4K, kernel: msync, page_size: 4K, pattern: random}
counting: 1
events: [page-faults]
benches: [{name: small, working_set: 64K}, {name: large, working_set: 16M}]" >/tmp/c.yaml
try "runs" run-bench -q /tmp/c.yaml -o /tmp/r
( cd /tmp/r/latest && awk -f /daxmark/tests/vm/perop.awk -v keys=bench,kernel -v names=page-faults points.csv repeats.csv \
	samples.csv counters.csv ) >/tmp/rows
for bench in small large; do
	like "$(grep "^$bench " /tmp/rows)" "$bench msync 1.0[0-2]" "a fault an op, working set $bench"
done
finish
