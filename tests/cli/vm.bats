#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# scripts/vm as its caller sees it. Each boot costs some 4 s, so few.

bats_require_minimum_version 1.5.0

setup() {
	vm=$BATS_TEST_DIRNAME/../../scripts/vm
}

need_qemu() {
	command -v qemu-system-x86_64 >/dev/null || skip "no QEMU"
}

# Starts a machine that would run for long; $pid is scripts/vm, $qemu QEMU,
# $work the directory of its files.
start_long() {
	# An ignored SIGINT, which background jobs have, could not be trapped.
	env --default-signal=INT "$vm" run -d none "$@" \
		--qemu "-pidfile $BATS_TEST_TMPDIR/qemu" 'sleep 300' \
		>"$BATS_TEST_TMPDIR/log" 2>&1 3>&- &
	pid=$!
	for _ in {1..200}; do
		[ ! -s "$BATS_TEST_TMPDIR/qemu" ] || break
		sleep 0.1
	done
	qemu=$(cat "$BATS_TEST_TMPDIR/qemu")
	work=$(tr '\0' '\n' <"/proc/$qemu/cmdline" | sed -n 's|/initrd$||p')
	[ -d "$work" ]
}

nothing_left() {
	run ! kill -0 "$qemu"
	[ ! -e "$work" ]
}

@test "vm --help tells commands and options" {
	run -0 "$vm" --help
	for word in image run shell bench --dimm --keep --virtio-pmem; do
		[[ $output == *$word* ]]
	done
}

@test "vm: mistakes are one line and 125" {
	for arguments in "fly" "run" "run --colour red true" "run -d 10M@0 true" \
		"run -d 656M@7 true" "run -m big true" "run -p maybe true" \
		"run -t 0 true" "run -f no/such true" "bench no/such"; do
		# shellcheck disable=SC2086
		run -125 "$vm" $arguments
		[ "${#lines[@]}" -eq 1 ]
	done
}

@test "vm: a missing tool is named with its package" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	for tool in bash dirname env; do
		ln -s "$(command -v $tool)" "$BATS_TEST_TMPDIR/bin/"
	done
	PATH=$BATS_TEST_TMPDIR/bin run -125 "$vm" run true
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *qemu-system-x86_64*"apt-get install"*qemu-system-x86* ]]
}

# bats test_tags=slow
@test "vm run: status, output, words and files come through" {
	need_qemu
	head -c 1000000 /dev/urandom >"$BATS_TEST_TMPDIR/blob"
	# shellcheck disable=SC2016 # expands inside
	run -7 --separate-stderr "$vm" run -d none -o "$BATS_TEST_TMPDIR/got" \
		-f "$BATS_TEST_TMPDIR/blob" sh -c '
		cp blob /out/
		printf "%s|" "$@"
		echo said >&2
		exit 7' sh "it's" 'two words' '$HOME'
	[ "$output" = "it's|two words|\$HOME|said" ]
	cmp "$BATS_TEST_TMPDIR/blob" "$BATS_TEST_TMPDIR/got/blob"
}

# bats test_tags=slow
@test "vm run: a timeout is 124 and leaves nothing" {
	need_qemu
	start_long -t 3
	wait "$pid" || status=$?
	[ "$status" -eq 124 ]
	nothing_left
}

# bats test_tags=slow
@test "vm run: a machine that ends without a status is 125 and says why" {
	need_qemu
	run -125 "$vm" run -d none 'echo 1 >/proc/sys/kernel/sysrq; echo c >/proc/sysrq-trigger'
	[[ $output == *'the kernel inside panicked'*'without a status'* ]]
	[[ $output == *'the command had begun, and not ended'*'Kernel panic'* ]]
	run -125 "$vm" run -d none 'poweroff -f'
	[[ $output == *'the machine went off or reset itself'* ]]
	start_long
	kill -KILL "$qemu"
	wait "$pid" || status=$?
	[ "$status" -eq 125 ]
	grep -q 'QEMU was killed by SIGKILL .*out of memory' "$BATS_TEST_TMPDIR/log"
	nothing_left
}

# bats test_tags=slow
@test "vm run: Ctrl-C is 130 and leaves nothing" {
	need_qemu
	start_long
	kill -INT "$pid"
	wait "$pid" || status=$?
	[ "$status" -eq 130 ]
	nothing_left
}

# bats test_tags=slow
@test "vm run: killed outright, it takes QEMU along" {
	need_qemu
	start_long
	kill -KILL "$pid"
	for _ in {1..50}; do
		kill -0 "$qemu" 2>/dev/null || break
		sleep 0.1
	done
	run ! kill -0 "$qemu"
	# This nobody could clean up.
	rm -r "${work:?}"
}

@test "--qemu: what the machine needs for itself is refused" {
	for word in "-serial stdio" "--serial stdio" "-smp 2 -nographic" "-monitor stdio" "-kernel x" "-append x"; do
		run -125 "$vm" run --qemu "$word" true
		[[ $output == *"that one is the machine's own"* ]]
	done
}

# bats test_tags=slow
@test "bench: a namespace that the config names is made, and written without being asked for" {
	need_qemu
	printf '%s\n' 'version: 1' 'targets: [{name: btt, sector: {namespace: mine}}]' \
		'benches: [{name: b, kernel: sector, size: 4K, repeats: 1, max_repeats: 1, windows: 2, window: 1ms, warmup: 0, settle: fixed}]' \
		>"$BATS_TEST_TMPDIR/mine.yaml"
	run -0 "$vm" bench -d 128M@0 -t 300 -o "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/mine.yaml"
	grep -q ',sector,btt,.*,ok$' "$BATS_TEST_TMPDIR"/out/2*/points.csv
}

@test "-k BZIMAGE,MODULES: any kernel by its path, with the modules of its own release" {
	need_qemu
	"$vm" image >/dev/null
	local ours series tree=$BATS_TEST_DIRNAME/../.. k=$BATS_TEST_TMPDIR/k
	series=$("$tree/scripts/vm.d/kernel")
	ours=$tree/build/vm/kernel-$series
	mkdir "$k"
	cp "$ours/vmlinuz" "$k/bzImage"
	run -125 "$vm" run -k "$k/bzImage,$k" true
	[[ $output == "vm: no modules of $series."*" (that is $k/bzImage) in $k" ]]
	run -125 "$vm" run -k "$k/missing" true
	[ "$output" = "vm: cannot read the kernel $k/missing" ]
	run -125 "$vm" run -k "$BATS_TEST_FILENAME" true
	[ "$output" = "vm: $BATS_TEST_FILENAME is no bzImage" ]
	# As `make modules_install` leaves them, or a distribution that compresses them.
	cp -r "$ours/lib" "$k"
	rm "$k"/lib/modules/*/modules.dep
	xz -k "$k"/lib/modules/*/kernel/fs/xfs/xfs.ko
	rm "$k"/lib/modules/*/kernel/fs/xfs/xfs.ko
	run -0 "$vm" run -k "$k/bzImage,$k" -n 1 -d 64M@0 'uname -r; modprobe xfs && grep -c xfs /proc/filesystems; ls /sys/bus/nd/devices | grep -c region'
	[[ ${lines[0]} == "$series".* ]]
	[ "${lines[1]} ${lines[2]}" = '1 1' ]
	# A kernel that does not come up is one to skip.
	run -125 "$vm" run -k "$k/bzImage" -d none --append rdinit=/none true
}
