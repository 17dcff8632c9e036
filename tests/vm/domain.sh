# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm: -p mem-ctrl -d 336M@0 --append want=memory_controller
# vm: -p cpu -d 336M@0 --append want=cpu_cache
# vm: -p none -d 336M@0 --append want=
# What the platform's persistence domain changes: msync's write-back in the kernel, and what
# a store that nobody flushes is worth. $want is a kernel parameter that came through.
. ./tests/vm/lib.sh

region r 0
get domain "/sys/bus/nd/devices/$r/persistence_domain"
is "$domain" "$want" "persistence_domain"
run-bench prepare --print fsdax,size=64M devdax,size=64M,map=mem >/tmp/make
try "namespaces are made" sh /tmp/make
while read -r dev dir _; do
	[ "$dir" != /mnt/fsdax ] || dev0=${dev#/dev/}
done </proc/mounts
get cache "/sys/block/$dev0/dax/write_cache"
is "$cache" "$([ "$want" = cpu_cache ]; echo $?)" "dax/write_cache"

echo 'version: 1
targets: [{name: fs, fsdax: /mnt/fsdax, size: 8M}, {name: dax, devdax: {namespace: devdax}}]
defaults: {settle: fixed, repeats: 1, windows: 1, window: 1ms, warmup: 0, working_set: 64K}
benches:
  - {name: b, kernel: [store, clwb, ntstore, msync, odsync, pwrite]}
  - {name: off, kernel: [store, clwb], target: fs, map_sync: "off"}' >/tmp/c.yaml
try "runs" run-bench /tmp/c.yaml -q -o /tmp/r --destroy-data=devdax
# durable BENCH KERNEL TARGET WANT; its status too.
durable() {
	line=$(grep "^[^,]*,[^,]*,[^,]*,$1,$2,$3," /tmp/r/latest/points.csv)
	case $line in
	*,"$4",*,ok) ok "$2 on $3${5-}: $4" ;;
	*) not_ok "$2 on $3${5-}: $4" "$line" ;;
	esac
}
case $want in
cpu_cache) store=eadr-only off=metadata-unsafe ;;
*) store=no off=no ;;
esac
durable b store fs $store
durable b store dax $store
durable b clwb fs yes
durable b clwb dax yes
durable b ntstore dax yes
durable b msync fs yes
durable b odsync fs yes
durable b pwrite fs no
durable off store fs $off " without MAP_SYNC"
durable off clwb fs metadata-unsafe " without MAP_SYNC"

run-bench list targets | tr -s ' ' >/tmp/text
is "$(grep -c " ${want:-unknown} emulated " /tmp/text)" 2 "list targets: ${want:-unknown}"
finish
