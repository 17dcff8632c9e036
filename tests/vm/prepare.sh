# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm:
# `prepare --print` prints, does nothing, and what it prints works as it stands:
# each mode is made, mounted and can be run on; of a config, all that it lacks.
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
seen() { sed -n "s/^$1,0,[a-z]*,[0-9]*,ok,[0-9]*,[0-9]*,\([0-9]*\),.*/\1/p" /tmp/r/latest/repeats.csv; }
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
wrong 2 '*512, 520, 528*' sector,sector=1024
wrong 2 '*takes no align=*' raw,align=2M
wrong 2 '*wants multiples of 16M*' raw,size=20M
wrong 2 '*two are named a*' raw,name=a,size=16M fsdax,name=a,size=32M
wrong 3 '*no region is called region9*' raw,region=region9
wrong 3 '*free in one piece*' raw,size=1G
exits 2 "prepare alone makes nothing" run-bench prepare raw

# A config: what is printed makes its targets, and the command it ends with runs it.
regions_empty
cat >/tmp/c.yaml <<'END'
version: 1
targets:
  - {name: sub, fsdax: /mnt/pm/bench, size: 16M}
  - {name: same, fsdax: "/mnt/pm/it's", size: 8M, optional: true}
  - {name: named, fsdax: {namespace: ns, dir: bench}, size: 8M}
  - {name: x, fsdax: "/mnt/x", size: 8M}
  - {name: dax, devdax: {namespace: dd}, length: 16M}
  - {name: btt, sector: /dev/pmem1s, length: 16M, optional: true}
  - {name: rest, raw: {namespace: rest}, offset: 4K}
  - {name: ram, dram: 1M}
  - {name: here, file: /tmp, size: 1M}
  - {name: onbtt, file: /mnt/onbtt, size: 4M}
defaults: {settle: fixed, repeats: 1, windows: 1, window: 1ms, warmup: 0, working_set: 64K}
benches:
  - {name: map, kernel: [clwb, odsync], size: 4K, preparation: [hole, written], page_size: [4K, 2M]}
  - {name: io, kernel: sector, size: [512, 4K], target: [btt, rest]}
END
print() { # print NAME [MODE...]: of the config
	what=$1
	shift
	exits 0 "$what: is printed" run-bench prepare --print /tmp/c.yaml "$@"
	mv /tmp/try /tmp/make
}
print "a config" fsdax,fs=xfs,name=x sector,fs=ext4,name=onbtt
words '*# sub, fsdax: *# same, fsdax: lies on the namespace of sub*# ram, dram: nothing is needed*# here, file: any dir*' \
	"a block for each target"
words '*-n btt -m sector -l 512 *' "sectors as they are written"
fails "the config alone does not run" run-bench plan /tmp/c.yaml
try "a config: what it prints works" sh /tmp/make
is "$(cat /tmp/try)" "" "and says nothing"
run=$(sed -n 's/^# \(run-bench .*\)/\1/p' /tmp/make)
like "$run" 'run-bench /tmp/c.yaml --destroy-data=dd --destroy-data=/dev/pmem1s --destroy-data=rest' "and then?"
try "that runs it" sh -c "$run -q -o /tmp/r --overwrite-nonblank"
# (A page size that cannot be had is skipped: no 2M without DAX, no 4K on devdax.)
is "$(sed -n 's/^[^,]*,[^,]*,[0-9]*,\([a-z]*,[a-z]*,[a-z]*\),.*,ok$/\1/p' /tmp/r/latest/points.csv | sort -u |
	tr '\n' ' ')" "io,sector,btt io,sector,rest map,clwb,btt map,clwb,dax map,clwb,here map,clwb,named \
map,clwb,onbtt map,clwb,ram map,clwb,rest map,clwb,same map,clwb,sub map,clwb,x map,odsync,btt map,odsync,here \
map,odsync,named map,odsync,onbtt map,odsync,rest map,odsync,same map,odsync,sub map,odsync,x " "on all of them"
is "$(grep -c ',skip:pages of 2M' /tmp/r/latest/points.csv) $(grep -c ',fail:' /tmp/r/latest/points.csv)" "0 0" \
	"none failed"

# A second time there is nothing to do; after a reboot but to mount.
print "the config again" sector,fs=ext4,name=onbtt
is "$(grep -vc '^#\|^$\|^set -e' /tmp/make)" 0 "nothing is to be done"
umount /mnt/pm /mnt/ns /mnt/x
rmdir /mnt/pm
print "the config, not mounted"
is "$(grep -c '^dev=/dev/pmem' /tmp/make) $(grep -c '^mount ' /tmp/make) $(grep -c 'create\|^mkfs' /tmp/make)" "3 3 0" \
	"they are but mounted"
try "and that works" sh /tmp/make
xdev=$(sed -n '/^# x,/,/^mount/s/^dev=//p' /tmp/make)
try "it runs again" run-bench plan /tmp/c.yaml
mkdir /data
mount --bind /mnt/pm /data
printf 'version: 1\ntargets: [{name: t, fsdax: /data/a/b}]\nbenches: [{name: b, kernel: null}]\n' >/tmp/w.yaml
run-bench prepare --print /tmp/w.yaml >/tmp/make
words '*# t, fsdax: lacks but its directory *mkdir -p /data/a/b*' "nothing but a directory"
umount /data
umount /mnt/x
wrong_config() { # wrong_config STATUS PATTERN NAME TARGET [MODE...]
	status=$1
	pattern=$2
	what=$3
	printf 'version: 1\ntargets: [{%s}]\nbenches: [{name: b, kernel: null}]\n' "$4" >/tmp/w.yaml
	shift 4
	exits "$status" "$what" run-bench prepare --print /tmp/w.yaml "$@"
	like "$(cat /tmp/try)" "$pattern" "and says why"
}
dd if=/dev/zero of="$xdev" bs=1M count=1 2>/dev/null
wrong_config 0 '*/dev/pmem* is there, but not mounted*mkfs.ext4 -q -b 4096*' "a blank namespace" 'name: x, fsdax: /mnt/x'
mkswap "$xdev" >/dev/null 2>&1
mv /tmp/try /tmp/make
fails "a namespace with something else on it is not mounted" sh /tmp/make
try "and stays as it is" swapon "$xdev"
swapoff "$xdev"
dd if=/dev/zero of="$xdev" bs=1M count=1 2>/dev/null
wrong_config 0 '*mkfs.ext4*' "when it is blank" 'name: x, fsdax: /mnt/x'
mv /tmp/try /tmp/make
try "it is made and mounted" sh /tmp/make
umount /mnt/x
wrong_config 2 '*a namespace btt is there (/dev/pmem1s), and is sector, not devdax*' "a namespace of another mode" \
	'name: t, devdax: {namespace: btt}'
wrong_config 2 '*a namespace ns is there (/dev/pmem*), mounted on /mnt/ns, not on /mnt/elsewhere*' "one mounted elsewhere" \
	'name: ns, fsdax: /mnt/elsewhere'
wrong_config 3 '*free in one piece*' "too large" 'name: big, raw: {namespace: big}, length: 100G'
wrong_config 2 '*none is called y*' "a mode for none" 'name: x, dram: 1M' raw,name=y
exits 2 "a config that is not there" run-bench prepare --print /tmp/no.yaml

# Those of configs/ that want persistent memory, as their first lines say.
ready() { # ready CONFIG ARG...
	regions_empty
	what=$1
	shift
	run-bench prepare --print "configs/$what" "$@" >/tmp/make 2>&1
	try "$what: what it prints works" sh /tmp/make
	# shellcheck disable=SC2046 # words
	try "$what: can be planned" run-bench plan $(sed -n 's/^# run-bench \(.*\)/\1/p' /tmp/make | sed 's/--destroy[^ ]*//g')
	is "$(grep -c 'no such\|not there\|not mounted\|no namespace' /tmp/try)" 0 "$what: all its targets are there"
}
ready btt.yaml sector,fs=ext4,name=file-on-btt fsdax,dax=never,name=file-on-raw --set targets.file-on-btt.size=32M \
	--set targets.file-on-raw.size=32M
ready filesystems.yaml fsdax,fs=xfs,name=xfs-dax --set targets.ext4-dax.size=32M --set targets.xfs-dax.size=32M
ready page-size.yaml --set targets.pm.size=32M --set targets.ram.dram=64M
ready flush-size.yaml --set targets.pm.size=32M --set targets.ram.dram=64M
finish
