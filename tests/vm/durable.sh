# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm: -p mem-ctrl -d 1G@0
# What a file system makes of MAP_SYNC and of a sync: XFS whose files can share blocks, ext4 that asks for no flush.
. ./tests/vm/lib.sh

run-bench prepare --print fsdax,size=400M,fs=xfs,name=x fsdax,size=64M,name=e >/tmp/make
is "$(grep -c 'mkfs.xfs .*-m reflink=0' /tmp/make)" 1 "prepare makes XFS without shared blocks"
try "namespaces are made" sh /tmp/make
x=$(awk '$2 == "/mnt/x" { print $1 }' /proc/mounts)

judge() { # judge DIR: KERNEL DURABLE FLUSHES of each point, in /tmp/said
	cat >/tmp/c.yaml <<-E
		version: 1
		targets: [{name: fs, fsdax: /mnt/$1, size: 8M}]
		defaults: {settle: fixed, repeats: 1, windows: 1, ops: 20, warmup: 0, working_set: 64K, page_size: 4K, size: 4K}
		counting: 1
		events: ["kprobe:nvdimm_flush"]
		benches: [{name: b, kernel: [clwb, msync, odsync]}]
	E
	run-bench -q /tmp/c.yaml -o "/tmp/r-$1" >/tmp/try 2>&1
	( cd "/tmp/r-$1/latest" && awk -f /daxmark/tests/vm/perop.awk -v keys=kernel,durable -v names=kprobe:nvdimm_flush \
		points.csv repeats.csv samples.csv counters.csv ) >/tmp/said
}
row() { # row WANT: that line was said
	if grep -qx "$1" /tmp/said; then
		ok "$1"
	else
		not_ok "$1" "$(grep "^${1%% *} " /tmp/said)"
	fi
}

judge x
row 'clwb yes 0.00'
row 'msync yes 1.00'
umount /mnt/x
try "XFS as mkfs makes it" mkfs.xfs -q -f -m reflink=1 -d su=2m,sw=1,agcount=2 -l size=64m "$x"
if mount -t xfs -o dax=always "$x" /mnt/x; then
	judge x
	row 'clwb metadata-unsafe 0.00'
	row 'msync yes 1.00'
	is "$(grep -c '"reflink": true' /tmp/r-x/latest/run.json)" 1 "run.json has the fact"
else
	ok "this kernel has no DAX where files can share blocks # SKIP"
fi

judge e
row 'clwb yes 0.00'
row 'msync yes 1.00'
row 'odsync yes 1.00'
mount -o remount,nobarrier /mnt/e
judge e
row 'clwb metadata-unsafe 0.00'
row 'msync no 0.00'
row 'odsync no 0.00'
finish
