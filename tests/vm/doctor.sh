# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm: -p mem-ctrl -d 336M@0
# doctor and a run where there is persistent memory: what weakens a flush is found and mended by
# the command that is printed; when it changes while a run lasts, the run says so.
. ./tests/vm/lib.sh

run-bench prepare --print fsdax,size=64M >/tmp/make
try "namespaces are made" sh /tmp/make
while read -r dev dir _; do
	[ "$dir" != /mnt/fsdax ] || dev0=${dev#/dev/}
done </proc/mounts
attr=/sys/block/$dev0/dax/write_cache
run-bench doctor -v >/tmp/good
is "$(grep -c '^bad .*write_cache' /tmp/good)" 0 "nothing weakens a flush"
is "$(grep -c "^ok  *$dev0 persistence domain  *memory_controller" /tmp/good)" 1 "the domain is known"
is "$(grep -c '^ok  *mount /mnt/fsdax  *dax' /tmp/good)" 1 "the mount has DAX"

echo 0 >"$attr"
is "$(run-bench doctor | grep -c "^bad .*$dev0 dax/write_cache")" 1 "a cleared write_cache is bad"
run-bench doctor --json | grep -o "echo 1 > $attr" >/tmp/mend
try "the command that mends it" sh /tmp/mend
get now "$attr"
is "$now" 1 "is right"

(sleep 2; echo 0 >"$attr") &
run-bench -q -k clwb -s 64 -t /mnt/fsdax --set targets.fsdax.size=8M --set repeats=2 --set max_repeats=2 \
	--set windows=2 --set window=1s --set warmup=0 --set settle=fixed -o /tmp/r >/tmp/o 2>&1 || said </tmp/o
wait
is "$(grep -c 'dax_write_cache was 1 before the run and 0 after' /tmp/r/latest/run.json)" 1 "a change during a run is a warning"
is "$(grep -c '"nmem0": {' /tmp/r/latest/run.json)" 1 "the DIMM is in run.json"
is "$(grep -c "Manufacturer: QEMU" /tmp/r/latest/env/dmidecode.txt | sed "s/[1-9].*/some/")" some "memory modules are kept as dmidecode tells them"

# A BTT flushes by itself: its "write through" is right, and nothing is to be mended.
run-bench prepare --print sector,size=32M >/tmp/make
try "a BTT is made" sh /tmp/make
btt=
for d in /dev/pmem*s; do
	[ ! -b "$d" ] || btt=${d#/dev/}
done
get now "/sys/block/$btt/queue/write_cache"
is "$now" 'write through' "$btt is a BTT"
echo 1 >"$attr"
run-bench doctor -v >/tmp/good
is "$(grep -c "^bad .*$btt" /tmp/good)" 0 "doctor finds nothing bad with it"
is "$(grep -c '^bad .*write_cache' /tmp/good)" 0 "nor with what it lies beside"
is "$(grep -c "^ok .*$btt" /tmp/good | grep -vx 0 | wc -l)" 1 "and has looked at it"
finish
