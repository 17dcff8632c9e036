#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# On XFS with reflink=1, does a store that MAP_SYNC made durable survive the loss of the log in memory
# once the file shares blocks? Needs xfs_io, root and a pmem DEVICE, which it formats:
#
#   xfs-reflink.sh DEVICE DIRECTORY [1|0]		1, 0: reflink; default 1
#
# Prints "kept" or "lost" for the first and the second of two stores, the later page first, as the
# fault on the earlier one then falls into an extent that the first has already allocated. The caches
# outlive a shutdown, so no flush is in here. Exit code 1: something was lost.
set -eu
dev=$1 dir=$2 reflink=${3:-1} rc=0

mkfs.xfs -q -f -m "reflink=$reflink" "$dev"
mount -t xfs -o dax=always "$dev" "$dir"
xfs_io -f -c 'pwrite -q -S 0x41 0 8m' -c fsync "$dir/file"
[ "$reflink" = 0 ] || xfs_io -f -c "reflink $dir/file" "$dir/clone" >/dev/null
sync
# -S: MAP_SYNC. shutdown without -f: what is only in the log's memory is dropped, as by a power cut.
xfs_io -x -c 'mmap -S -rw 0 8m' -c 'mwrite -S 0x42 8192 1' -c 'mwrite -S 0x43 4096 1' -c shutdown "$dir/file"
umount "$dir"
mount -t xfs -o dax=always "$dev" "$dir"
for at in 8192:42 4096:43; do
	got=$(xfs_io -r -c "pread -v ${at%:*} 1" "$dir/file" | awk 'NR == 1 { print $2 }')
	word=kept
	[ "$got" = "${at#*:}" ] || { word=lost rc=1; }
	echo "reflink=$reflink, store at ${at%:*}: $word (reads $got, stored ${at#*:})"
done
umount "$dir"
exit $rc
