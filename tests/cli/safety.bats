#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The guard: what may be written to, and what is refused with 5 and left as it was (DESIGN 8).

load helper

setup() {
	common_setup
	need_root
	truncate -s 32M disk
}

# refused TEXT... -- OPTIONS...: 5, these words, no byte of $device changed, nothing measured.
refused() {
	local texts=() before
	while [ "$1" != -- ]; do texts+=("$1"); shift; done
	shift
	before=$(sha256sum <disk)
	rm -rf results
	says 5 "$device" "${texts[@]}" -- "$bin" "${tiny[@]}" -k sector,pwrite,store,msync -s 4K -t "$device" "$@"
	sync
	[ "$(sha256sum <disk)" = "$before" ]
	[ ! -e results/latest ] || grep -q '"status": "refused"' results/latest/run.json
	! grep -q ',ok' results/latest/repeats.csv 2>/dev/null
}

@test "a blank device: refused without --destroy-data, or with another name" {
	device disk
	refused "--destroy-data=$device" --
	refused "--destroy-data=$device" -- --destroy-data=/dev/null
	refused "--destroy-data=$device" -- --overwrite-nonblank
	refused "--destroy-data=$device" -- "--destroy-data=${device#/dev/}"
}

@test "a blank device that is named is written; plan and list never touch it" {
	device disk
	before=$(sha256sum <disk)
	says 0 sector -- "$bin" plan -k sector -s 4K -t "$device" "--destroy-data=$device" || says 0 sector -- "$bin" plan -k sector -s 4K -t "$device"
	"$bin" list targets >/dev/null
	[ "$(sha256sum <disk)" = "$before" ]
	says 0 sector -- "$bin" "${tiny[@]}" -k sector,pwrite -s 4K -t "$device" "--destroy-data=$device"
	valid results/latest complete 1
	[ "$(sha256sum <disk)" != "$before" ]
}

# bats test_tags=slow
@test "ext4: refused even when named, unchanged; --overwrite-nonblank is the second key" {
	need mkfs.ext4
	mkfs.ext4 -q disk
	device disk
	refused "--destroy-data=$device" --
	refused ext4 '--overwrite-nonblank' -- "--destroy-data=$device"
	refused "--destroy-data=$device" -- --overwrite-nonblank
	says 0 sector -- "$bin" "${tiny[@]}" -k sector -s 4K -t "$device" "--destroy-data=$device" --overwrite-nonblank
}

# bats test_tags=slow
@test "swap, partition tables, RAID, LVM, LUKS signatures are refused" {
	need mkswap
	mkswap -q disk 2>/dev/null || mkswap disk >/dev/null
	device disk
	refused swap -- "--destroy-data=$device"
	dd if=/dev/zero of=disk bs=1M count=1 conv=notrunc 2>/dev/null
	# An MBR with one Linux partition from sector 2048 on.
	printf '\0\x20\x21\0\x83\x01\x01\x04\0\x08\0\0\0\x40\0\0' | dd of=disk bs=1 seek=446 conv=notrunc 2>/dev/null
	printf '\x55\xaa' | dd of=disk bs=1 seek=510 conv=notrunc 2>/dev/null
	refused 'partition table' -- "--destroy-data=$device"
	dd if=/dev/zero of=disk bs=1M count=1 conv=notrunc 2>/dev/null
	printf 'LABELONE' | dd of=disk bs=1 seek=512 conv=notrunc 2>/dev/null
	printf 'LVM2 001' | dd of=disk bs=1 seek=536 conv=notrunc 2>/dev/null
	printf '\x01' | dd of=disk bs=1 seek=520 conv=notrunc 2>/dev/null
	printf '\x20\0\0\0' | dd of=disk bs=1 seek=532 conv=notrunc 2>/dev/null
	refused LVM2 -- "--destroy-data=$device"
	dd if=/dev/zero of=disk bs=1M count=1 conv=notrunc 2>/dev/null
	printf 'LUKS\xba\xbe\0\x01' | dd of=disk bs=1 conv=notrunc 2>/dev/null
	refused LUKS -- "--destroy-data=$device"
	dd if=/dev/zero of=disk bs=1M count=1 conv=notrunc 2>/dev/null
	printf 'BTT_ARENA_INFO\0\0' | dd of=disk bs=1 seek=4096 conv=notrunc 2>/dev/null
	refused BTT -- "--destroy-data=$device"
}

@test "mounted: refused for that, and nobody is told how to have it overwritten; plan says so" {
	need mkfs.ext4
	mkfs.ext4 -q disk
	device disk
	mounted "$device" m
	says 5 "refused: $device is mounted" -- "$bin" "${tiny[@]}" -k sector -s 4K -t "$device"
	[[ $output != *--destroy-data* ]]
	says 0 "would be refused: $device is mounted" '0 to measure' '1 would be refused' 'exit code 5' -- \
		"$bin" plan -k sector -s 4K -t "$device" "--destroy-data=$device"
	umount m
	says 0 "would be refused: $device would be overwritten" "--destroy-data=$device" '1 to measure' -- \
		"$bin" plan -k sector,null -s 4K -t "$device,loop:8M" --filter "target!=loop || kernel=null" --set exclude="[{kernel: null, target: ${device#/dev/}}]"
	says 0 'would be refused' 'carries ext4' -- "$bin" plan -k sector -s 4K -t "$device" "--destroy-data=$device"
	says 0 '1 to measure, 0 skipped; seed' -- "$bin" plan -k sector -s 4K -t "$device" "--destroy-data=$device" --overwrite-nonblank
	"$bin" plan --json -k sector -s 4K -t "$device" >j
	python3 -c 'import json; d = json.load(open("j")); assert d["refused"] == 1 and "--destroy-data" in d["list"][0]["refused"] and d["list"][0]["skip"] is None'
}

# bats test_tags=slow
@test "mounted, in use as swap, under another loop device: no option helps" {
	need mkfs.ext4 mkswap
	mkfs.ext4 -q disk
	device disk
	mounted "$device" m
	echo precious >m/file
	sync
	for options in "--destroy-data=$device" "--destroy-data=$device --overwrite-nonblank"; do
		# shellcheck disable=SC2086
		says 5 'is mounted' umount -- "$bin" "${tiny[@]}" -k sector -s 4K -t "$device" $options
	done
	[ "$(cat m/file)" = precious ]
	umount m
	first=$device
	device "$first"
	says 5 'lies under' losetup -- "$bin" "${tiny[@]}" -k sector -s 4K -t "$first" "--destroy-data=$first" --overwrite-nonblank
	losetup -d "$device"
	mkswap "$first" >/dev/null 2>&1
	swapon "$first" 2>/dev/null || skip 'no swap here'
	says 5 'is swap space' swapoff -- "$bin" "${tiny[@]}" -k sector -s 4K -t "$first" "--destroy-data=$first" --overwrite-nonblank
	swapoff "$first"
}

# bats test_tags=slow
@test "the consent is for one name: a link to the device must be named as the config names it" {
	device disk
	ln -s "$device" link
	printf '%s\n' 'version: 1' "targets: [{name: l, raw: $PWD/link}]" 'benches: [{name: b, kernel: sector, size: 4K}]' >l.yaml
	says 5 "--destroy-data=$PWD/link" -- "$bin" "${tiny[@]}" l.yaml "--destroy-data=$device"
	says 0 sector -- "$bin" "${tiny[@]}" l.yaml "--destroy-data=$PWD/link"
}

@test "one refusal is before all points, of other targets too" {
	device disk
	says 5 "--destroy-data=$device" -- "$bin" "${tiny[@]}" -k null,sector -s 4K -t "dram:1M,$device"
	! grep -q , <(tail -n +2 results/latest/repeats.csv)
}

# bats test_tags=slow
@test "two runs do not share a device" {
	device disk
	"$bin" -q -k sector -s 4K -t "$device" "--destroy-data=$device" --set repeats=3 --set max_repeats=3 --set windows=2 \
		--set window=300ms --set settle=fixed -o one >/dev/null 2>&1 3>&- &
	pid=$!
	for _ in {1..300}; do
		grep -qs ',ok,' one/latest/repeats.csv && break
		sleep 0.02
	done
	run timeout 60 "$bin" "${tiny[@]}" -k sector -s 4K -t "$device" "--destroy-data=$device" -o two
	[ "$status" = 2 ] || [ "$status" = 5 ]
	has 'another run of daxmark uses it'
	wait "$pid"
	valid one/latest complete 3
}

# bats test_tags=slow
@test "resume needs the consent again" {
	device disk
	"$bin" -q "${tiny[@]}" -k sector -s 4K -t "$device" "--destroy-data=$device"
	sed -i 2d results/latest/repeats.csv
	says 5 "--destroy-data=$device" -- "$bin" resume results/latest
	says 0 -- "$bin" resume results/latest "--destroy-data=$device"
	valid results/latest complete 1
}

# bats test_tags=slow
@test "an own directory's name that is taken by somebody is left alone" {
	mkdir d
	"$bin" -q "${tiny[@]}" -k pwrite -s 4K -t d --set targets.d.size=16M
	own=d/daxmark-$(readlink results/latest)-d
	sed -i 2d results/latest/repeats.csv
	mkdir "$own"
	echo precious >"$own/data-hole-0"
	says 2 "$own" "is not this run's own directory" -- "$bin" resume results/latest
	[ "$(cat "$own/data-hole-0")" = precious ]
	rm -r "$own"
	mkdir elsewhere
	echo precious >elsewhere/data-hole-0
	ln -s "$PWD/elsewhere" "$own"
	says 2 "$own" -- "$bin" resume results/latest
	[ "$(cat elsewhere/data-hole-0)" = precious ]
}

# Between the look at a device and its use, it becomes another's: whoever attaches is quick, or late.
# bats test_tags=slow
@test "a loop device that is attached to a mounted file meanwhile: none of its bytes is written, 20 times" {
	need mkfs.ext4
	truncate -s 32M precious
	mkfs.ext4 -q precious
	device precious
	mounted -o ro "$device" m
	sync
	sha256sum precious >before
	for n in {1..20}; do
		device disk
		(
			sleep "0.$((n * 3 + 10))"
			for _ in {1..50}; do
				losetup -d "$device" 2>/dev/null || :
				losetup "$device" precious 2>/dev/null && break
				sleep 0.01
			done
		) 3>&- &
		run timeout 60 "$bin" "${short[@]}" -k sector,pwrite,store -s 4K -t "$device" "--destroy-data=$device"
		[ "$status" -lt 124 ]
		wait $!
		losetup -d "$device" || :
		sync
		sha256sum -c --quiet before
	done
}
