# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm:
# What a first touch costs, by preparation and MAP_SYNC: a fault an op, and a commit an op where blocks are
# allocated or converted under MAP_SYNC (FACTS 1). A prefaulted mapping has neither.
. ./tests/vm/lib.sh

run-bench prepare --print fsdax,size=192M,name=ext4 fsdax,fs=xfs,size=384M,name=xfs devdax,size=64M,align=4K,name=dax4k \
	devdax,size=64M,name=dax2m >/tmp/make
try "namespaces are made" sh /tmp/make
# No commits of the journal's own while an op is counted.
# And no faults to find out which node a page is used from.
echo 0 >/proc/sys/kernel/numa_balancing
try "commit=300" mount -o remount,commit=300 /mnt/ext4

config() { # config COMMIT BENCHES: the targets ext4 and xfs are named fs
	echo "version: 1
targets: $1
defaults: {settle: fixed, repeats: 1, windows: 1, ops: 50, warmup: 0, size: 4K, kernel: touch}
counting: 1
events: [\"$2\", page-faults]
benches:
$3" >/tmp/c.yaml
}
measure() { # measure COMMIT [OPTION...]: BENCH KERNEL PREPARATION MAP_SYNC DURABLE COMMITS FAULTS of each point
	_e=$1
	shift
	rm -rf /tmp/r
	try "runs" run-bench -q /tmp/c.yaml -o /tmp/r "$@"
	( cd /tmp/r/latest && awk -f /daxmark/tests/vm/perop.awk -v keys=bench,kernel,preparation,map_sync,durable \
		-v names="$_e",page-faults points.csv repeats.csv samples.csv counters.csv ) >/tmp/rows
}
row() { # row NAME BENCH KERNEL PREPARATION MAP_SYNC DURABLE COMMITS FAULTS
	_name=$1
	shift
	if grep -qx "$*" /tmp/rows; then
		ok "$_name: $*"
	else
		not_ok "$_name: $*" "$(grep "^$1 $2 $3 $4 " /tmp/rows)"
	fi
}
# One page of the program's own may fault while it is counted.
one='1.0[0-2]' none='0.0[0-2]'
benches='  - {name: page, preparation: [hole, unwritten, written], map_sync: ["on", "off"]}
  - {name: there, kernel: [store, clwb], preparation: [hole, unwritten, written], page_size: 4K, working_set: 256K}
  - {name: pairs, cpus: "0-1", preparation: [unwritten, written]}'
huge='  - {name: huge, size: 2M, page_size: 2M, preparation: [hole, unwritten, written], ops: 8}'

# ext4 commits in the journal's thread: system scope.
commit=kprobe:jbd2_journal_commit_transaction@system
# First: 2M pages want blocks that lie so, and nobody has used any yet.
config '[{name: fs, fsdax: /mnt/ext4, size: 32M}]' $commit "$huge"
measure $commit
row ext4 huge touch hole on yes 1.00 '1.[01][0-9]'
row ext4 huge touch unwritten on yes 1.00 '1.[01][0-9]'
row ext4 huge touch written on yes 0.00 '1.[01][0-9]'
like "$(grep '^page faults as' /tmp/r/latest/checks.csv)" '*,PASS,*' "page faults are those that the kernels expect"
config '[{name: fs, fsdax: /mnt/ext4, size: 32M}]' $commit "$benches"
measure $commit
for p in hole unwritten; do
	row ext4 page touch $p on yes 1.00 "$one"
	row ext4 page touch $p off metadata-unsafe 0.00 "$one"
done
row ext4 page touch written on yes 0.00 "$one"
row ext4 page touch written off metadata-unsafe 0.00 "$one"
row ext4 there store - on no 0.00 "$none"
row ext4 there clwb - on yes 0.00 "$none"
is "$(grep -c '^there' /tmp/rows)" 2 "prefaulted: preparation is no axis"
# Two threads, a file each: a commit may be for both.
row ext4 pairs touch unwritten on yes '[01].[0-9]*' "$one"
row ext4 pairs touch written on yes 0.00 "$one"
like "$(grep '^page faults as' /tmp/r/latest/checks.csv)" '*,PASS,*' "page faults are those that the kernels expect"

# XFS forces its log in the thread itself.
force=kprobe:xfs:xfs_log_force_seq@system
config '[{name: fs, fsdax: /mnt/xfs, size: 32M}]' $force "$huge
$benches"
measure $force
for p in hole unwritten; do
	row xfs page touch $p on yes 1.00 "$one"
	row xfs page touch $p off metadata-unsafe 0.00 "$one"
done
row xfs page touch written on yes 0.00 "$one"
row xfs page touch written off metadata-unsafe 0.00 "$one"
row xfs huge touch unwritten on yes 1.00 '1.[01][0-9]'
row xfs huge touch written on yes 0.00 '1.[01][0-9]'

# Memory and device DAX: a fault a page, no blocks.
config '[{name: ram, dram: 8M}, {name: dax4k, devdax: {namespace: dax4k}}, {name: dax2m, devdax: {namespace: dax2m}}]' $commit \
	'  - {name: small, target: [ram, dax4k], preparation: [hole, written]}
  - {name: large, target: dax2m, size: 2M, ops: 8}
  - {name: less, target: dax2m}'
measure $commit --overwrite-nonblank --destroy-data=dax4k --destroy-data=dax2m
is "$(grep -cx "small touch - - yes 0.00 $one" /tmp/rows)" 2 "dram and devdax of 4K: a fault a page"
row devdax large touch - - yes 0.00 '1.[01][0-9]'
is "$(grep -c 'skip:size 4K is not a multiple of 2M, the pages of the mapping; try -s 2M' /tmp/r/latest/points.csv)" 1 \
	"less than a page is no first touch each"
finish
