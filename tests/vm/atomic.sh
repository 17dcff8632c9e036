# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm: -d none -m 1G
# kernel: 6.12
# rwf-atomic where it is real: scsi_debug with atomic writes, as a device and below a file
# system; a disk without them beside it.
. ./tests/vm/lib.sh

modprobe sd_mod
try "scsi_debug with atomic writes" modprobe scsi_debug dev_size_mb=64 atomic_wr=1 delay=0
for d in /sys/block/sd*; do
	dev=/dev/${d##*/}
done
get max "$d/queue/atomic_write_unit_max_bytes"
get min "$d/queue/atomic_write_unit_min_bytes"
echo "# $dev: atomic writes of $min to $max bytes"
like "$max" '[1-9]*' "the queue offers them"
echo "version: 1
targets: [{name: disk, raw: $dev}]
defaults: {settle: fixed, repeats: 1, windows: 1, window: 1ms, warmup: 0, working_set: 1M}
benches:
  - {name: b, kernel: [rwf-atomic, sector], size: [512, 4K, 64K]}
  - {name: odd, kernel: rwf-atomic, size: 1536}" >/tmp/c.yaml
try "runs" run-bench /tmp/c.yaml -q -o /tmp/r --destroy-data="$dev"
row() { grep "^[^,]*,[^,]*,[^,]*,$1,$2,disk,disk,[a-z]*,$3," /tmp/r/latest/points.csv; }
for size in 4096 65536; do
	like "$(row b rwf-atomic $size)" '*never torn*,ok' "rwf-atomic of $size: runs, never torn"
done
like "$(row b rwf-atomic 512)" '*skip:size 512: RWF_ATOMIC writes here are of 1024 to *' "512 bytes: too few, and says so"
like "$(row b sector 4096)" '*,yes,*,ok' "sector beside it"
like "$(row odd rwf-atomic 1536)" '*skip:*power of two*' "1536 bytes: skipped, and why"

# The file systems of this kernel do not pass it on (ext4 and XFS do from 6.13).
mkfs.ext4 -q -F "$dev"
mkdir -p /mnt/a
try "ext4 on it" mount "$dev" /mnt/a
echo 'version: 1
targets: [{name: disk, file: /mnt/a, size: 8M}]
benches: [{name: b, kernel: rwf-atomic, size: 4K}]' >/tmp/c.yaml
exits 3 "rwf-atomic on it: nothing to run" run-bench /tmp/c.yaml
like "$(cat /tmp/try)" '*lacks ATOMIC*' "and says what is lacking"
umount /mnt/a
modprobe -r scsi_debug
finish
