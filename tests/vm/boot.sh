# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm:
# What every other test stands on: the machine is the one asked for.
. ./tests/vm/lib.sh

get nodes /sys/devices/system/node/online
is "$nodes" 0-1 "two NUMA nodes"
cd /sys/devices/system/node/node1 && set -- cpu[0-9]*
is "$*" cpu1 "one CPU on node 1"
get clock /sys/devices/system/clocksource/clocksource0/current_clocksource
is "$clock" tsc "the clock is the TSC"

set -- /sys/bus/nd/devices/region*
is $# 4 "four regions"
for dimm in 0 1 2 3; do
	region r $dimm
	like "$r" 'region[0-3]' "DIMM $dimm has a region"
	get node /sys/bus/nd/devices/"$r"/numa_node
	is "$node" $((dimm / 2)) "DIMM $dimm is on node $((dimm / 2))"
	get size /sys/bus/nd/devices/"$r"/size
	is "$size" 671088640 "DIMM $dimm has 640 MiB beside its labels"
	get left /sys/bus/nd/devices/"$r"/available_size
	is "$left" "$size" "DIMM $dimm is empty"
done
finish
