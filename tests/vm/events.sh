# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: BSD-2-Clause
# vm:
# run-bench --events, whole: counting repeats give the kernel's own counts per op (FACTS 1, 2, 6),
# exactly, and timed repeats none.
. ./tests/vm/lib.sh

# Counts of a run's counting repeats over their ops, as COUNT/OPS: per_op EVENT; "n/a" without rows.
per_op() {
	awk -F, -v e="$1" '
		FNR == 1 { file++; next }
		file == 1 && $3 == "counting" { counting[$1 "," $2] = 1 }
		file == 2 && ($1 "," $2) in counting { ops += $7 }
		file == 3 && $4 == e && $7 > 0 { value += $5; seen = 1 }
		END { if (!seen || !ops) print "n/a"; else printf "%.3f\n", value / ops }
	' /tmp/e/latest/repeats.csv /tmp/e/latest/samples.csv /tmp/e/latest/counters.csv >/tmp/per_op
	read -r per_op </tmp/per_op
}

# measure KERNEL TARGET SIZE EVENTS [OPTION...]: tiny, 50 ops a window.
measure() {
	_k=$1 _t=$2 _s=$3 _e=$4
	shift 4
	rm -rf /tmp/e
	run-bench -q -k "$_k" -t "$_t" -s "$_s" --events "$_e" -o /tmp/e --set repeats=1 --set max_repeats=1 \
		--set settle=fixed --set windows=1 --set ops=50 --set warmup=1ms --set counting=1 \
		--set working_set=1M "$@" >/tmp/measure 2>&1 || {
		not_ok "run-bench -k $_k -t $_t"
		said </tmp/measure
	}
}

# pages PAGE_SIZE: what the tracepoint says of the write-backs of a few msync, PGLEN... of each kind.
trace=/sys/kernel/tracing
one=fs_dax:dax_writeback_one
pages() {
	: >$trace/trace
	echo 1 >$trace/events/fs_dax/dax_writeback_one/enable
	measure msync /mnt/e 64 $one,$flush,$wb --set "page_size=$1" --set working_set=2M
	echo 0 >$trace/events/fs_dax/dax_writeback_one/enable
	pages=$(sed -n 's/.* pglen \(0x[0-9a-f]*\).*/\1/p' $trace/trace | sort -u | tr '\n' ' ')
}

flush=kprobe:nvdimm_flush
copy=kprobe:__memcpy_flushcache
wb=kprobe:arch_wb_cache_pmem
commit=kprobe:jbd2_journal_commit_transaction@system

if create btt 0 -m sector -l 4096; then
	measure sector "/dev/$btt" 4096 "$flush,$copy" --destroy-data="/dev/$btt" --set sync=none
	per_op "$flush"; is "$per_op" 4.000 'sector on BTT: 4 nvdimm_flush an op'
	per_op "$copy"; is "$per_op" 4.000 'sector on BTT: 4 memcpy_flushcache an op'
fi

if create dax 1 -m fsdax -M mem && mkfs.ext4 -q -F -b 4096 \
	-E stride=512,stripe-width=512,nodiscard "/dev/$dax" &&
	mkdir -p /mnt/e && mount -o dax=always,commit=300 "/dev/$dax" /mnt/e; then
	# One slot: a page faults when it is stored to after its msync, not on every msync.
	measure msync /mnt/e 4K "$flush,$wb,page-faults" --set page_size=4K --set working_set=4K
	per_op "$wb"; is "$per_op" 1.000 'msync of a page: one write-back'
	per_op "$flush"; is "$per_op" 1.000 'msync of a page: one nvdimm_flush'
	# One page of the worker's own may fault while it is counted: 1 of 50 ops, 0.02.
	per_op page-faults; like "$per_op" '1.0[0-2]0' 'msync of a page: one fault by the next store'

	# What a write-back is of: the page that the mapping has, however little was stored.
	for size in 4K:0x1 2M:0x200; do
		pages "${size%:*}"
		is "$pages" "${size#*:} " "msync of 64 bytes in a page of ${size%:*}: that page is written back"
		for e in $one "$flush" "$wb"; do
			per_op "$e"; is "$per_op" 1.000 "and an op is one $e"
		done
	done

	measure odsync /mnt/e 4K "$flush,$commit"
	per_op "$flush"; is "$per_op" 1.000 'O_DSYNC overwrite: one flush'
	per_op "$commit"; is "$per_op" 0.000 'O_DSYNC overwrite: no commit'

	measure pwrite /mnt/e 4K "$flush,$wb"
	per_op "$flush"; is "$per_op" 0.000 'pwrite: no flush'
	per_op "$wb"; is "$per_op" 0.000 'pwrite: no write-back'

	measure clwb /mnt/e 4K "$flush,$wb,page-faults" --set page_size=4K
	per_op "$wb"; is "$per_op" 0.000 'clwb: the kernel writes nothing back'
	per_op page-faults; like "$per_op" '0.0[0-2]0' 'clwb: no fault'

	measure append /mnt/e 4K "$commit"
	per_op "$commit"; is "$per_op" 1.000 'append: a commit an op, in the journal'\''s thread'

	echo 0 >"/sys/block/$dax/dax/write_cache"
	measure msync /mnt/e 4K "$flush,$wb" --set page_size=4K
	per_op "$wb"; is "$per_op" 0.000 'msync with dax/write_cache 0: no write-back'
	per_op "$flush"; is "$per_op" 1.000 'msync with dax/write_cache 0: still a flush'
	echo 1 >"/sys/block/$dax/dax/write_cache"
	umount /mnt/e
fi

regions_empty
force=kprobe:xfs:xfs_log_force_seq@system
if create dax 1 -m fsdax -M mem && mkfs.xfs -q -f -d su=2m,sw=1 "/dev/$dax" >/dev/null 2>&1 &&
	mount -t xfs -o dax=always "/dev/$dax" /mnt/e; then
	measure msync /mnt/e 4K "$flush,$wb" --set page_size=4K --set working_set=4K
	per_op "$wb"; is "$per_op" 1.000 'XFS, msync of a page: one write-back'
	per_op "$flush"; is "$per_op" 1.000 'XFS, msync of a page: one nvdimm_flush'
	measure append /mnt/e 4K "$flush,$force"
	per_op "$flush"; is "$per_op" 2.000 'XFS, append: two flushes'
	per_op "$force"; is "$per_op" 1.000 'XFS, append: the log is forced once'
	umount /mnt/e
fi
finish
