# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm:
# Near and far CPUs are those of the region's own node; the page size of a
# mapping is what the kernel's own tracepoint says, not what was asked.
. ./tests/vm/lib.sh

run-bench prepare --print fsdax,node=0,size=64M,name=fs0 fsdax,node=1,size=64M,name=fs1 \
	devdax,node=0,size=32M,map=mem,name=dax0 devdax,node=1,size=32M,map=mem,name=dax1 \
	sector,node=1,size=32M,name=sec1 >/tmp/make
try "namespaces on both nodes" sh /tmp/make
cat >/tmp/c.yaml <<'END'
version: 1
targets:
  - {name: fs0, fsdax: /mnt/fs0, size: 8M}
  - {name: fs1, fsdax: /mnt/fs1, size: 8M}
  - {name: dax0, devdax: {namespace: dax0}}
  - {name: dax1, devdax: {namespace: dax1}}
  - {name: sec1, sector: {namespace: sec1}}
defaults: {settle: fixed, repeats: 1, windows: 1, window: 1ms, warmup: 0, working_set: 64K}
benches:
  - {name: near, kernel: store, placement: [local, remote]}
  - {name: both, kernel: store, target: [fs0, dax1], threads: 2, placement: "0-1"}
  - {name: many, kernel: store, target: fs1, threads: 2, placement: [local, remote]}
END
try "local and remote" run-bench /tmp/c.yaml -q -o /tmp/r --overwrite-nonblank \
	--destroy-data=dax0 --destroy-data=dax1 --destroy-data=sec1
# cpus BENCH TARGET PLACEMENT: where the worker really ran.
cpus() {
	point=$(sed -n "s/^[^,]*,[^,]*,\([0-9]*\),$1,store,$2,.*,$3,last,.*/\1/p" /tmp/r/latest/points.csv)
	sed -n "s/^$point,0,[a-z]*,[0-9]*,ok,[0-9]*,[0-9]*,[0-9]*,\(\"[^\"]*\"\|[^,]*\),.*/\1/p" /tmp/r/latest/repeats.csv
}
for target in fs0 fs1 dax0 dax1 sec1; do
	node=${target#"${target%?}"}
	is "$(cpus near $target local)" "$node" "$target: local is node $node's CPU"
	is "$(cpus near $target remote)" $((1 - node)) "$target: remote is the other's"
done
like "$(cpus both fs0 0-1)" '*[01]*[01]*' "nodes 0-1: both CPUs"
is "$(grep -c 'many.*skip:2 threads, but placement .* offers 1 CPU' /tmp/r/latest/points.csv)" 2 \
	"more threads than a node has CPUs: skipped"

# faults PAGE_SIZE TARGET: huge faults that gave a huge page, and those that fell back.
trace=/sys/kernel/tracing
echo 1 >$trace/events/fs_dax/dax_pmd_fault_done/enable
faults() {
	: >$trace/trace
	run-bench -k store -t "$2" --set "page_size=$1" --set settle=fixed --set repeats=1 --set windows=1 \
		--set window=1ms --set warmup=0 --set "targets.${2##*/}.size=8M" -q -o /tmp/p >/tmp/try 2>&1 ||
		not_ok "pages of $1 on $2" "$(cat /tmp/try)"
	seen=$(sed -n 's/^[0-9]*,0,[a-z]*,[0-9]*,ok,[0-9]*,[0-9]*,\([0-9]*\),.*/\1/p' /tmp/p/latest/repeats.csv)
	huge=$(grep -c '\(NOPAGE\|NEEDDSYNC\)' $trace/trace)
}
faults 2M /mnt/fs0
is "$seen" 2097152 "2M asked, 2M seen"
is "$huge" 6 "and the kernel traced 4 huge faults, and the probe's 2"
faults 4K /mnt/fs0
is "$seen" 4096 "4K asked, 4K seen"
is "$huge" 2 "and no more huge ones than the probe's"
echo 0 >$trace/events/fs_dax/dax_pmd_fault_done/enable

# A device's part: what the driver would silently map elsewhere is an error.
part() { # part STATUS PATTERN OFFSET LENGTH NAME
	echo "version: 1
targets: [{name: t, devdax: {namespace: dax0}, offset: $3, length: $4}]
defaults: {settle: fixed, repeats: 1, windows: 1, window: 1ms, warmup: 0}
benches: [{name: b, kernel: store, working_set: 64K}]" >/tmp/c.yaml
	exits "$1" "$5" run-bench /tmp/c.yaml -q -o /tmp/r --destroy-data=dax0 --overwrite-nonblank
	like "$(cat /tmp/try)" "$2" "$5: says so"
}
part 2 '*offset 1M and length 4M must be multiples of 2M*' 1M 4M "devdax: misaligned offset"
part 2 '*must be multiples of 2M*' 2M 4K "devdax: misaligned length"
part 2 '*do not fit into its*' 2M 1G "devdax: over its end"
part 0 '*' 2M 4M "devdax: an aligned part"
finish
