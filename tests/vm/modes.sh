# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm:
# Every kind of namespace can be made, and the kernel describes it as we think.
. ./tests/vm/lib.sh

# queue DEVICE NAME WANT
queue() {
	get got "/sys/block/$1/queue/$2"
	is "$got" "$3" "$1 $2"
}

# Several on one region, and both nodes.
if create fsdax 0 -m fsdax -s 256M; then
	queue "$fsdax" dax 1
	queue "$fsdax" write_cache 'write back'
	queue "$fsdax" fua 0
	get got "/sys/block/$fsdax/dax/write_cache"
	is "$got" 1 "$fsdax dax/write_cache"
fi
if create mem 0 -m fsdax -M mem -s 256M; then
	queue "$mem" dax 1
fi
for align in 2M:2097152 4K:4096; do
	if create dax 1 -m devdax -a ${align%:*} -s 128M; then
		get got "/sys/bus/dax/devices/$dax/align"
		is "$got" ${align#*:} "devdax $dax align"
		get got "/sys/bus/dax/devices/$dax/target_node"
		is "$got" 0 "devdax $dax target_node"
		try "devdax $dax node" test -c "/dev/$dax"
	fi
done
for sector in 512 4096; do
	if create btt 2 -m sector -l $sector -s 128M; then
		like "$btt" 'pmem*s' "$btt is a BTT"
		queue "$btt" dax 0
		queue "$btt" logical_block_size $sector
		queue "$btt" write_cache 'write through'
		try "$btt takes a sector" \
			dd if=/dev/zero of="/dev/$btt" bs=4096 count=1
	fi
done
if create raw 3 -m raw -l 512 -s 128M; then
	queue "$raw" dax 0
	queue "$raw" logical_block_size 512
	get got "/sys/block/$raw/device/numa_node"
	is "$got" 1 "$raw numa_node"
fi

# A file system whose blocks are not 4 KiB gets no DAX (mkfs.ext4's default
# below 512 MiB): -b 4096.
mkdir -p /mnt/a
try "mkfs.ext4" mkfs.ext4 -q -F -b 4096 "/dev/$fsdax"
try "mount ext4 -o dax" mount -t ext4 -o dax=always "/dev/$fsdax" /mnt/a
while read -r _ dir _ options _; do
	[ "$dir" != /mnt/a ] || like "$options" '*dax=always*' "ext4 says DAX"
done </proc/mounts
got=$(xfs_io -f -c 'pwrite -q 0 4096' -c 'statx -r' /mnt/a/file)
like "$got" '*attributes = 0x2?????*' "statx says DAX"
try "mkfs.ext4 on raw" mkfs.ext4 -q -F -b 4096 "/dev/$raw"
mkdir -p /mnt/b
fails "raw has no DAX" mount -t ext4 -o dax=always "/dev/$raw" /mnt/b
finish
