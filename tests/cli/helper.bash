# SPDX-License-Identifier: BSD-2-Clause
# What the command-line tests share.  RUN_BENCH: another binary than build/run-bench.
# shellcheck shell=bash disable=SC2034

bats_require_minimum_version 1.5.0
top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
build=${B:-build}
[[ $build == /* ]] || build=$top/$build
bin=${RUN_BENCH:-$build/run-bench}

# The shortest schedule there is; -k null or clwb with it takes 0.3 s.
tiny=(--set repeats=1 --set max_repeats=1 --set windows=2 --set window=1ms --set warmup=0 --set settle=fixed)
# Three repeats.
short=(--set repeats=3 --set max_repeats=3 --set windows=2 --set window=1ms --set warmup=0 --set settle=fixed)

common_setup() {
	cd "$BATS_TEST_TMPDIR" || return
	[ -x "$bin" ] || { echo "$bin is not built"; return 1; }
	# Own loop devices lie over files in here, so that a leak can be told from a neighbour's device.
	export TMPDIR=$BATS_TEST_TMPDIR
	unset DAXMARK_DATADIR
	# Built elsewhere (make B=/tmp/x) it does not find configs/ and plots/ by itself.
	[[ $bin == "$top"/* ]] || export DAXMARK_DATADIR=$top
	unset DAXMARK_WITHOUT DAXMARK_WORKER_SECONDS DAXMARK_HELPER_SECONDS SLURM_JOB_ID NO_COLOR
}
setup() { common_setup; }
teardown() { drop_devices; }

bench() { "$bin" "$@"; }

# says CODE TEXT... -- COMMAND...: that exit code, and every TEXT in what it prints.
says() {
	local code=$1 texts=()
	shift
	while [ "$1" != -- ]; do texts+=("$1"); shift; done
	shift
	run timeout 60 "$@"
	[ "$status" = "$code" ] || { echo "exit code $status, not $code: $*"; echo "$output" | head -n 30; return 1; }
	has "${texts[@]}"
}

# Every TEXT in $output; and never the traces of a crash.
has() {
	for text; do
		[[ $output == *"$text"* ]] || { echo "missing: $text"; echo "in: $output" | head -n 30; return 1; }
	done
	[[ $output != *Sanitizer* && $output != *'runtime error'* && $output != *'ssertion'* ]]
}

# valid DIR [complete N]: every table and JSON file of a results directory can be read.
valid() { python3 "$BATS_TEST_DIRNAME/results.py" "$@"; }

# same_pdf A B: byte by byte; where cairo compressed the date (1.18), all that is in them but that.
same_pdf() {
	cmp -s "$1" "$2" || python3 - "$1" "$2" <<-'E'
		import re, sys, zlib
		def inside(file):
		    data = open(file, "rb").read()
		    assert b"/ObjStm" in data, file + " is not compressed"
		    for m in re.finditer(rb"/Type /(\w+)[^>]*>>\s*stream\r?\n|stream\r?\n", data):
		        if m[1] != b"XRef" and data[m.end():m.end() + 1] == b"x":
		            yield re.sub(rb"Date \(D:\d+", b"", zlib.decompressobj().decompress(data[m.end():]))
		a, b = (list(inside(file)) for file in sys.argv[1:])
		assert a == b and len(a) > 3, sys.argv[1]
	E
}

# same_files DIR DIR: the same names, the same bytes.
same_files() {
	local f
	diff -r --exclude '*.pdf' "$1" "$2"
	for f in "$1"/*.pdf; do same_pdf "$f" "$2/${f##*/}" || return; done
}

need_root() { [ "$(id -u)" = 0 ] || skip 'not root'; }
need() { for tool; do command -v "$tool" >/dev/null || skip "no $tool"; done; }

# device FILE: a loop device over it, in $device; teardown takes it away.
device() {
	device=$(losetup --find --show "$1" 2>/dev/null) || skip 'no loop devices'
	echo "$device" >>"$BATS_TEST_TMPDIR/devices"
}

# mounted OPTIONS... DIR: mount(8), undone by teardown.
mounted() {
	mkdir -p "${!#}"
	mount "$@" || skip 'cannot mount'
	realpath "${!#}" >>"$BATS_TEST_TMPDIR/mounts"
}

# A directory that others may enter, in $public; bats' own they may not.
public() {
	public=$(mktemp -d /tmp/daxmark-cli.XXXXXX)
	chmod 755 "$public"
	echo "$public" >"$BATS_TEST_TMPDIR/public"
}

# A directory on a disk, in $disk: /tmp may be in memory, where a sync promises nothing.
on_disk() {
	disk=$(mktemp -d "$build/cli.XXXXXX")
	echo "$disk" >"$BATS_TEST_TMPDIR/on_disk"
	[ "$(stat -f -c %T "$disk")" != tmpfs ] || skip 'the tree lies in memory'
}

drop_devices() {
	local x
	cd /
	for x in public on_disk; do
		[ ! -s "$BATS_TEST_TMPDIR/$x" ] || rm -rf "$(cat "$BATS_TEST_TMPDIR/$x")"
	done
	if [ -s "$BATS_TEST_TMPDIR/mounts" ]; then
		tac "$BATS_TEST_TMPDIR/mounts" | while read -r x; do umount -l "$x" 2>/dev/null || :; done
	fi
	if [ -s "$BATS_TEST_TMPDIR/devices" ]; then
		while read -r x; do
			swapoff "$x" 2>/dev/null || :
			losetup -d "$x" 2>/dev/null || :
		done <"$BATS_TEST_TMPDIR/devices"
	fi
}

# Nothing of this test's runs is left: loop devices, own directories, workers.
nothing_left() {
	local f
	for f in /sys/block/loop*/loop/backing_file; do
		[ -e "$f" ] || continue
		if grep -qsF "$BATS_TEST_TMPDIR/#" "$f"; then echo "left: $f"; return 1; fi
	done
	for f in "$BATS_TEST_TMPDIR"/*/daxmark-* "$BATS_TEST_TMPDIR"/daxmark-*; do
		[ ! -e "$f" ] || { echo "left: $f"; return 1; }
	done
}

# build_kernels: tests/cli/kernels/NAME.c as $BATS_FILE_TMPDIR/k/NAME/NAME.so.
build_kernels() {
	local c name
	for c in "$BATS_TEST_DIRNAME"/kernels/*.c; do
		name=$(basename "$c" .c)
		mkdir -p "$BATS_FILE_TMPDIR/k/$name"
		${CC:-cc} -O1 -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -shared -fPIC \
			-I"$top/kernels/include" -o "$BATS_FILE_TMPDIR/k/$name/$name.so" "$c"
	done
}
