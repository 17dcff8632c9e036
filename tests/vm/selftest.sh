# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm:
# The checks of a run where the kernel really faults and counts: page faults and system calls
# exactly as the kernels expect (an msync faults again, FACTS 2), flushes that an emulator does
# not execute.
. ./tests/vm/lib.sh

# measure TARGET KERNELS SIZES [OPTION...]: tiny, with system calls counted; a window of 50 ops.
measure() {
	_t=$1 _k=$2 _s=$3
	shift 3
	rm -rf /tmp/e
	run-bench -q -k "$_k" -t "$_t" -s "$_s" --events raw_syscalls:sys_enter,page-faults -o /tmp/e --set repeats=1 \
		--set max_repeats=1 --set settle=fixed --set windows=1 --set ops=50 --set warmup=1ms --set counting=1 \
		"$@" >/tmp/measure 2>&1 || {
		not_ok "run-bench -k $_k -t $_t"
		said </tmp/measure
	}
}

# check NAME: its line of checks.csv from the verdict on, to $check.
check() {
	sed -n "s/^$1,//p" /tmp/e/latest/checks.csv >/tmp/check
	read -r check </tmp/check || check=missing
}

# all_pass TEXT LEAST: faults and calls were looked at, at least so often, and are right.
all_pass() {
	check 'system calls as the kernels expect'
	like "$check" 'PASS,*' "$1: system calls"
	_n=${check#PASS,}
	[ "${_n%%,*}" -ge "$2" ] 2>/dev/null || not_ok "$1: $2 repeats were counted" "$check"
	check 'page faults as the kernels expect'
	like "$check" 'PASS,*' "$1: page faults"
}

# faults VARIABLE: those of timed repeats over what their kernel expects at least, as SEEN/LEAST.
faults() {
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["kind"] == "timed" { seen += $at["faults"]; least += $at["faults_min"] }
		END { print seen "/" least }' /tmp/e/latest/repeats.csv >/tmp/faults
	read -r "$1" </tmp/faults
}

disks='msync,msync-async,msync-clean,msync-zero,fsync-map,fdatasync-map,clwb,flush-twice,load,read'
files='pwrite,osync,odsync,rwf-dsync,fsync,fdatasync,append,create'

for fs in ext4 xfs; do
	create dax 1 -m fsdax -M mem || break
	mkdir -p /mnt/e
	case $fs in
	ext4) mkfs.ext4 -q -F -b 4096 -E stride=512,stripe-width=512,nodiscard "/dev/$dax" ;;
	xfs) mkfs.xfs -q -f -m reflink=0 -d su=2m,sw=1 "/dev/$dax" >/tmp/mkfs 2>&1 ;;
	esac
	mount -t "$fs" -o dax=always "/dev/$dax" /mnt/e || { not_ok "mount $fs"; break; }

	measure /mnt/e "$disks" 64,4K,16K --set page_size=4K --set working_set=64K
	all_pass "$fs, 4K pages" 28
	measure /mnt/e msync 4K --set page_size=4K --set working_set=4K
	faults got
	like "$got" '5[0-2]/50' "$fs: an op of msync takes one fault again"
	measure /mnt/e msync,fdatasync-map,clwb 64,16K --set page_size=2M --set working_set=2M
	all_pass "$fs, 2M pages" 6
	[ "$fs" = xfs ] || {
		measure /mnt/e "$files" 4K --set targets.e.size=16M
		all_pass "$fs, descriptors" 8
		measure /mnt/e msync,clwb 4K --set page_size=4K --set working_set=64K -T 2 --set cpus=0-1
		all_pass "$fs, two threads" 2
	}
	umount /mnt/e
	regions_empty
done

# What is not executed cannot take a line out of the cache: here it is not claimed.
check 'flush instructions do what they are for'
like "$check" 'n/a,0,0,*an emulated CPU, whose times mean nothing*' 'flushes of an emulator are not judged'
sed -n 's/.*"clwb_keeps_line": //p' /tmp/e/latest/run.json >/tmp/keeps
read -r got </tmp/keeps
like "$got" 'null*' 'nor does anybody know what its clwb keeps'

# Without tracefs nothing can be counted, and the run says how to mend that.
umount /sys/kernel/tracing
measure dram:1M clwb 64
check 'system calls as the kernels expect'
like "$check" 'n/a,0,0,*no tracefs is mounted*' 'without tracefs: the reason'
mount -t tracefs trace /sys/kernel/tracing
rm -rf /tmp/e
run-bench -q -k clwb -t dram:1M -o /tmp/e --quick --set repeats=1 --set max_repeats=1 --set window=1ms >/tmp/measure 2>&1
check 'system calls as the kernels expect'
like "$check" 'n/a,0,0,*(--events raw_syscalls:sys_enter*' 'nobody asked: how to'
finish
