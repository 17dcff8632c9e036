# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm: -p mem-ctrl -d 336M@0 --append saved=no
# vm: -p cpu -d 336M@0 --append saved=yes
# queue/write_cache "write through" on pmem: no sync calls nvdimm_flush any more (FACTS 0.8), and the durable
# column says so; a BTT says "write through" by itself and flushes. $saved: whether the platform saves its caches.
. ./tests/vm/lib.sh

run-bench prepare --print fsdax,size=64M,name=fs fsdax,size=64M,name=never,dax=never raw,size=32M,name=raw \
	sector,size=32M,name=btt >/tmp/make
try "namespaces are made" sh /tmp/make
while read -r dev dir _; do
	case $dir in
	/mnt/fs) fs=${dev#/dev/} ;;
	/mnt/never) never=${dev#/dev/} ;;
	esac
done </proc/mounts
run-bench list targets --json >/tmp/json
raw=$(sed -n '/"alias": "raw"/,/"device"/s/.*"device": "\/dev\/\(.*\)".*/\1/p' /tmp/json)
get word "/sys/block/$fs/queue/write_cache"
is "$word" 'write back' "the driver's word, whatever the platform"

echo 'version: 1
targets:
  - {name: fs, fsdax: /mnt/fs, size: 8M}
  - {name: never, file: /mnt/never, size: 8M}
  - {name: raw, raw: {namespace: raw}}
  - {name: btt, sector: {namespace: btt}}
defaults: {settle: fixed, repeats: 1, windows: 1, ops: 20, warmup: 0, working_set: 64K, page_size: 4K, size: 4K}
counting: 1
events: ["kprobe:nvdimm_flush"]
benches:
  - {name: sync, kernel: [msync, fdatasync-map, odsync, fdatasync], target: [fs, never]}
  - {name: mapped, kernel: [store, clwb], target: fs, map_sync: ["on", "off"]}
  - {name: sector, kernel: sector, target: [raw, btt], sync: [dsync, none]}' >/tmp/c.yaml

measure() { # measure NAME: KERNEL TARGET MAP_SYNC SYNC DURABLE FLUSHES of each point in /tmp/NAME
	try "runs, $1" run-bench -q /tmp/c.yaml -o "/tmp/r-$1" --destroy-data=raw --destroy-data=btt
	( cd "/tmp/r-$1/latest" && awk -f /daxmark/tests/vm/perop.awk -v keys=kernel,target,map_sync,p_sync,durable \
		-v names=kprobe:nvdimm_flush points.csv repeats.csv samples.csv counters.csv ) >"/tmp/$1"
}
row() { # row FILE WANT: that line is in it
	if grep -qx "$2" "/tmp/$1"; then
		ok "$1: $2"
	else
		not_ok "$1: $2" "$(grep "^${2%% *} " "/tmp/$1")"
	fi
}

measure kept
for k in msync fdatasync-map; do
	row kept "$k fs on - yes 1.00"
	row kept "$k never off - yes [12].[0-9]*"
done
for k in odsync fdatasync; do
	row kept "$k fs - - yes 1.00"
	row kept "$k never - - yes [12].[0-9]*"
done
row kept "clwb fs on - yes 0.00"
row kept "clwb fs off - metadata-unsafe 0.00"
row kept "sector raw - dsync yes [12].00"
row kept "sector raw - none no 0.00"
row kept "sector btt - dsync yes 4.00"
row kept "sector btt - none yes 4.00"

for d in $fs $never $raw; do
	echo "write through" >"/sys/block/$d/queue/write_cache"
done
measure cleared
mapped=no store=no
if [ "$saved" = yes ]; then
	# What was stored is saved, what the journal writes is not flushed.
	mapped=metadata-unsafe store=metadata-unsafe
fi
for k in msync fdatasync-map; do
	row cleared "$k fs on - $mapped 0.00"
	row cleared "$k never off - no 0.00"
done
for k in odsync fdatasync; do
	row cleared "$k fs - - no 0.00"
	row cleared "$k never - - no 0.00"
done
row cleared "store fs on - $store 0.00"
row cleared "clwb fs on - metadata-unsafe 0.00"
row cleared "clwb fs off - metadata-unsafe 0.00"
row cleared "sector raw - dsync no 0.00"
row cleared "sector raw - none no 0.00"
row cleared "sector btt - dsync yes 4.00"
row cleared "sector btt - none yes 4.00"
is "$(grep -c 'queue/write_cache is' /tmp/r-cleared/latest/points.csv)" "$([ "$saved" = yes ] && echo 9 || echo 10)" \
	"and the reason names it"

# The word of a disk beneath another is looked for too.
echo "write back" >"/sys/block/$raw/queue/write_cache"
if modprobe dm-mod 2>/dev/null && command -v dmsetup >/dev/null; then
	get sectors "/sys/block/$raw/size"
	echo "0 $sectors linear /dev/$raw 0" | dmsetup create --noudevsync daxmark-dm
	set -- /sys/block/dm-*
	dm=${1##*/}
	echo "version: 1
targets: [{name: dm, raw: /dev/$dm}]
benches: [{name: b, kernel: sector, size: 4K}]" >/tmp/dm.yaml
	like "$(run-bench plan /tmp/dm.yaml)" '* yes *' "dm on it: durable"
	echo "write through" >"/sys/block/$raw/queue/write_cache"
	like "$(run-bench plan /tmp/dm.yaml)" '* no *' "dm on it, once it is cleared beneath: not"
	dmsetup remove --noudevsync daxmark-dm
else
	skip "dm" "no dm-mod or dmsetup here"
fi
finish
