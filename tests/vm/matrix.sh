# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm: --e820 256M --virtio-pmem 512M
# files: tests/golden/vm-matrix.csv
# Every kernel on every kind of target: made by what `prepare --print` says, run as
# configs/vm-matrix.yaml says, compared with the golden table. It is made anew by
# `make vm-golden`; say in the commit why it changed.
. ./tests/vm/lib.sh

# Regions without labels: e820's and virtio-pmem's.
for r in /sys/bus/nd/devices/region*; do
	[ ! -e "$r/mapping0" ] || continue
	get provider "$r/../provider"
	case $provider in
	e820) e820=${r##*/} ;;
	*) virtio=${r##*/} ;;
	esac
done
like "$e820 $virtio" 'region? region?' "e820 and virtio-pmem have a region each"

# What the config does not say of them.
set -- fsdax,dax=inode,name=ext4-inode fsdax,dax=never,name=ext4-never fsdax,fs=xfs,name=xfs-always \
	fsdax,fs=xfs,dax=inode,name=xfs-inode fsdax,fs=xfs,dax=never,name=xfs-never \
	devdax,name=devdax-2m,size=64M devdax,name=devdax-4k,size=64M,align=4K devdax,name=system-ram,size=272M \
	sector,name=sector-512,sector=512,size=32M sector,name=sector-4096,size=32M \
	sector,name=sector-520,sector=520,size=32M raw,name=raw,size=32M \
	sector,fs=ext4,name=ext4-btt "fsdax,region=$e820,name=e820" "fsdax,region=$virtio,name=virtio"
try "prepare prints" run-bench prepare --print configs/vm-matrix.yaml "$@"
mv /tmp/try /tmp/make
try "what it prints makes them" sh /tmp/make

while read -r dev dir _; do
	[ "$dir" != /mnt/ext4-nocache ] || nocache=${dev#/dev/}
done </proc/mounts
echo 0 >"/sys/block/$nocache/dax/write_cache"
modprobe kmem
# Later kernels bring new memory online themselves, which daxctl does not want.
echo offline >/sys/devices/system/memory/auto_online_blocks
for d in /sys/bus/dax/devices/dax*; do
	get size "$d/size"
	[ "$size" -lt 100000000 ] || ram=${d##*/}
done
try "$ram becomes system RAM" daxctl reconfigure-device -m system-ram "$ram"

consent=
for name in devdax-2m devdax-4k devdax-part sector-512 sector-4096 sector-520 raw; do
	consent="$consent --destroy-data=$name"
done
# shellcheck disable=SC2086
try "vm-matrix runs" run-bench configs/vm-matrix.yaml -q -o /tmp/results $consent
awk -f tests/vm/table.awk /tmp/results/latest/repeats.csv /tmp/results/latest/points.csv >/tmp/table
# `make vm-golden` takes the table; what was right before is nothing to it.
golden=yes
if [ -e /vm/out ]; then
	cp -rL /tmp/results/latest /tmp/table /out
	golden=
fi

# The golden rows of this kernel, in the order of the config. Its last column names the
# kernel that a row is for, where they differ.
kernel=6.1
kernel_has 6.12 && kernel=6.12
awk -v kernel=$kernel 'NR > 1 && match($0, /,[^,]*$/) {
	only = substr($0, RSTART + 1)
	if (only == "" || only == kernel)
		print substr($0, 1, RSTART - 1)
}' tests/golden/vm-matrix.csv >/tmp/golden
if run-bench list kernels | grep -q libpmem && grep -q 'lacks LIBPMEM' /tmp/table; then
	skip "libpmem" "this binary is built without it"
	sed -i '/,libpmem,/d' /tmp/table /tmp/golden
fi
sed -n 's/^  - {name: \([^,]*\), .*/\1/p' configs/vm-matrix.yaml >/tmp/targets
while read -r target; do
	grep "^[^,]*,[^,]*,$target," /tmp/table >/tmp/got
	[ "$golden" ] || cp /tmp/got /tmp/golden
	grep "^[^,]*,[^,]*,$target," /tmp/golden >/tmp/want
	n=$(wc -l </tmp/want)
	if [ "$n" -ge 30 ] && cmp -s /tmp/want /tmp/got; then
		ok "$target: $n points as the golden table has them"
	else
		not_ok "$target: $n points as the golden table has them" "$(diff /tmp/want /tmp/got | head -n 20)"
	fi
done </tmp/targets
is "$(wc -l </tmp/targets)" 18 "18 kinds of target"
is "$(grep -c ',"\?fail:' /tmp/table)" 0 "nothing failed"

# What xfs_io says of MAP_SYNC where the table says so.
map() { xfs_io -f -c 'pwrite -q 0 4096' -c 'mmap -rwS 0 4096' "$1/probe"; }
for fs in ext4-always ext4-inode xfs-always xfs-inode e820; do
	try "$fs: MAP_SYNC" map /mnt/$fs
	like "$(grep "^all,clwb,$fs," /tmp/table)" '*,on,off,2097152,2097152,yes,ok' "and the table has it"
done
for fs in ext4-never xfs-never ext4-btt; do
	map /mnt/$fs >/tmp/said 2>&1
	like "$(cat /tmp/said)" '*not supported*' "$fs: no MAP_SYNC"
	like "$(grep "^all,clwb,$fs," /tmp/table)" '*,off,off,*,no,ok' "and the table has it"
done
# virtio-pmem is refused too, unless the kernel made its dax_device from one that was an
# NVDIMM's and kept the flag: then mmap promises what the device cannot hold.
map /mnt/virtio >/tmp/said 2>&1
echo "# MAP_SYNC on virtio-pmem: $(cat /tmp/said)"
like "$(grep "^all,clwb,virtio," /tmp/table)" '*,off,off,*,no,ok' "virtio-pmem: never MAP_SYNC, whatever mmap says"

# A file system on a BTT, or without DAX, is no fsdax target; a BTT is 512 or 4096 for O_DIRECT.
plan() { # plan TARGET NAME PATTERN
	echo "version: 1
targets: [{name: t, $1}]
benches: [{name: b, kernel: clwb}]" >/tmp/c.yaml
	exits 2 "$2 is refused" run-bench plan /tmp/c.yaml
	like "$(cat /tmp/try)" "$3" "and says why"
}
plan 'fsdax: /mnt/ext4-btt, size: 8M' "fsdax on a BTT" '*a BTT has no DAX*'
plan 'fsdax: /mnt/ext4-never, size: 8M' "fsdax with dax=never" '*mounted with dax=never*'
plan 'fsdax: /mnt/xfs-never, size: 8M' "fsdax with dax=never on XFS" '*mounted with dax=never*'
plan 'devdax: {namespace: system-ram}' "system RAM" '*in use as system RAM*daxctl reconfigure-device*'
finish
