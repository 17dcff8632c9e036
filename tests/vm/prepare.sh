# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm:
# `prepare --print` prints, does nothing, and what it prints works as it stands:
# each mode is made, mounted and can be run on.
. ./tests/vm/lib.sh

make() { # make NAME MODE...: print, run
	what=$1
	shift
	run-bench prepare --print "$@" >/tmp/make
	try "$what: what it prints works" sh /tmp/make
}
# On one line: the words of a script that matter.
words() { like "$(tr '\n' ' ' </tmp/make)" "$1" "$2"; }

for r in /sys/bus/nd/devices/region*; do
	get size "$r/available_size"
	free="$free $size"
done
run-bench prepare --print fsdax devdax >/tmp/make
for r in /sys/bus/nd/devices/region*; do
	get size "$r/available_size"
	now="$now $size"
done
is "$now" "$free" "printing makes nothing"
words '*ndctl create-namespace -r region[0-3] -s 640M -n fsdax -m fsdax -a 2M*' "all of a region when nothing else wants it"
words '*mkfs.ext4 *-b 4096 *stride=512*mount -t ext4 -o dax=always*' "4 KiB blocks on 2 MiB extents"
words '*-n devdax -m devdax -a 2M*{name: devdax, devdax: {namespace: devdax}}*' "and the targets for a config"

make xfs fsdax,fs=xfs,node=1,name=x
get node /sys/block/"$(sed -n 's/^\/dev\/\(pmem[^ ]*\) \/mnt\/x .*/\1/p' /proc/mounts)"/device/numa_node
is "$node" 1 "node=1: its region is there"
make inode fsdax,dax=inode,size=64M,name=i fsdax,dax=never,size=64M,name=n sector,fs=xfs,size=384M,name=b
make devices devdax,align=4K,map=mem,size=32M sector,sector=512,size=32M sector,sector=4224,size=32M raw,size=32M

cat >/tmp/c.yaml <<'END'
version: 1
targets:
  - {name: x, fsdax: /mnt/x, size: 8M}
  - {name: i, fsdax: /mnt/i, size: 8M}
  - {name: n, file: /mnt/n, size: 8M}
  - {name: b, file: /mnt/b, size: 8M}
  - {name: devdax, devdax: {namespace: devdax}}
  - {name: sector, sector: {namespace: sector}}
  - {name: sector-2, sector: {namespace: sector-2}}
  - {name: raw, raw: {namespace: raw}}
defaults: {settle: fixed, repeats: 1, windows: 1, window: 1ms, warmup: 0, working_set: 64K}
benches: [{name: b, kernel: [clwb, odsync, sector], size: 4K}]
END
try "a run on all of them" run-bench /tmp/c.yaml -q -o /tmp/r --overwrite-nonblank --destroy-data=devdax \
	--destroy-data=sector --destroy-data=sector-2 --destroy-data=raw
is "$(grep -c ',ok$' /tmp/r/latest/points.csv)" 18 "all that can run has"
page() { sed -n "s/^[^,]*,[^,]*,\([0-9]*\),b,$1,$2,.*/\1/p" /tmp/r/latest/points.csv; }
seen() { sed -n "s/^$1,0,[a-z]*,ok,[0-9]*,[0-9]*,\([0-9]*\),.*/\1/p" /tmp/r/latest/repeats.csv; }
for pair in x:2097152 i:2097152 n:4096 b:4096 devdax:4096; do
	is "$(seen "$(page clwb ${pair%:*})")" "${pair#*:}" "${pair%:*}: pages of ${pair#*:} by its faults"
done

wrong() { # wrong STATUS PATTERN MODE...
	status=$1
	pattern=$2
	shift 2
	exits "$status" "refused: $*" run-bench prepare --print "$@"
	like "$(cat /tmp/try)" "$pattern" "and says why"
}
wrong 2 '*unknown mode*fsdax, devdax, sector or raw*' btt
wrong 2 '*did you mean*sector*' sector,sectr=512
wrong 2 '*one of 512 520*' sector,sector=1024
wrong 2 '*takes no align=*' raw,align=2M
wrong 2 '*wants multiples of 16M*' raw,size=20M
wrong 2 '*two are named a*' raw,name=a,size=16M fsdax,name=a,size=32M
wrong 3 '*no region is called region9*' raw,region=region9
wrong 3 '*free in one piece*' raw,size=1G
exits 2 "prepare alone makes nothing" run-bench prepare raw
finish
