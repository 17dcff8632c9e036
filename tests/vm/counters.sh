# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm:
# files: build/tests/counters
# The kernel's own counts, through bench/events/counters.c, are those of FACTS 2 and 6.
. ./tests/vm/lib.sh

# Each event is a WORD=EVENT; counted around WORK PATH SIZE COUNT, its number goes
# to $WORD, "n/a" when it was not counted: count WORK PATH SIZE COUNT WORD=EVENT...
count() {
	_work="$1 $2 $3 $4"
	shift 4
	_events=
	for _e; do
		_events="$_events ${_e#*=}"
		eval "${_e%%=*}=n/a"
	done
	# shellcheck disable=SC2086
	build/tests/counters $_events -- $_work >/tmp/counts 2>&1 || {
		not_ok "counters $_work"
		said </tmp/counts
	}
	while read -r _event _value _; do
		for _e; do
			[ "${_e#*=}" != "$_event" ] || eval "${_e%%=*}=\$_value"
		done
	done </tmp/counts
}

flush=kprobe:nvdimm_flush
copy=kprobe:__memcpy_flushcache
wb=kprobe:arch_wb_cache_pmem
commit=kprobe:jbd2_journal_commit_transaction

# A BTT: data, two halves of the log, the map; each copied and flushed.
if create btt 0 -m sector -l 4096; then
	count direct "/dev/$btt" 4096 100 f=$flush s=$flush@system m=$copy \
		q=kprobe:nd_btt:btt_submit_bio r=kretprobe:nvdimm_flush t=raw_syscalls:sys_enter
	is "$f" 400 'BTT: 4 nvdimm_flush a sector write'
	is "$m" 400 'BTT: 4 memcpy_flushcache a sector write'
	is "$s" 400 'BTT: the same at system scope'
	is "$r" 400 'BTT: every nvdimm_flush returns'
	is "$q" 100 'BTT: a bio a write (kprobe MODULE:FUNCTION)'
	is "$t" 101 'BTT: a system call a write, and the one that stops counting'
fi

if create dax 1 -m fsdax -M mem && mkfs.ext4 -q -F -b 4096 \
	-E stride=512,stripe-width=512,nodiscard "/dev/$dax" &&
	mkdir -p /mnt/e && mount -o dax=always,commit=300 "/dev/$dax" /mnt/e; then
	dd if=/dev/zero of=/mnt/e/f bs=64k count=16 2>/dev/null
	fallocate -l 1M /mnt/e/u
	sync

	count msync /mnt/e/f 4096 100 f=$flush w=$wb p=page-faults j=$commit@system
	like "$f $w $p $j" '100 100 10[0-2] 0' 'msync: a write-back, a flush, a fault; no commit'
	# A page of the program itself may fault once here: faults are not asked for.
	count write /mnt/e/f 4096 100 f=$flush w=$wb j=$commit@system
	is "$f $w $j" '0 0 0' 'pwrite: nothing of it'
	count dsync /mnt/e/f 4096 100 f=$flush w=$wb j=$commit@system
	is "$f $w $j" '100 0 0' 'O_DSYNC pwrite: one flush'
	echo 0 >"/sys/block/$dax/dax/write_cache"
	count msync /mnt/e/f 4096 100 f=$flush w=$wb
	is "$f $w" '100 0' 'msync with dax/write_cache 0: no write-back'
	echo 1 >"/sys/block/$dax/dax/write_cache"

	# A commit is the work of the journal's thread: this one sees nothing of it.
	count append /mnt/e/g 4096 20 j=$commit s=$commit@system \
		e=jbd2:jbd2_start_commit@system t=jbd2:jbd2_start_commit
	is "$j $s" '0 20' 'append and fsync: a commit each, at system scope only'
	is "$t $e" '0 20' 'append and fsync: the tracepoint says the same'
	count touch /mnt/e/f 4096 20 s=$commit@system d=fs_dax:dax_pte_fault_done
	is "$s $d" '0 20' 'MAP_SYNC, written blocks: faults without a commit'
	count touch /mnt/e/u 4096 20 s=$commit@system
	is "$s" 20 'MAP_SYNC, unwritten blocks: a commit each'
fi

# What cannot be counted says why.
build/tests/counters cycles kprobe:memcpy_flushcache kprobe:cleanup_module kprobe:t_start \
	kprobe:native_read_msr kprobe:nd_btt:nvdimm_flush sched:sched_swich -- try . 1 1 >/tmp/why 2>&1
want() {
	_found=no
	while read -r _line; do
		# shellcheck disable=SC2254
		case $_line in
		$2) _found=yes ;;
		esac
	done </tmp/why
	is "$_found" yes "$1"
	[ "$_found" = yes ] || said </tmp/why
}
want 'no PMU' "cycles refused ENOENT: *no PMU in this (virtual) machine*"
want 'another name' "kprobe:memcpy_flushcache refused ENOENT: *did you mean '__memcpy_flushcache'?"
want 'one in each module' "kprobe:cleanup_module refused ENOTUNIQ: *name it MODULE:FUNCTION"
want 'several in the kernel' "kprobe:t_start refused ENOTUNIQ: *in vmlinux*"
want 'no probes allowed' "kprobe:native_read_msr refused EINVAL: *blacklist*"
want 'wrong module' "kprobe:nd_btt:nvdimm_flush refused ENOENT: *it is in libnvdimm"
want 'tracepoint mistyped' "sched:sched_swich refused ENOENT: *did you mean 'sched_switch'?"
finish
