#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# mode audit and run-bench verify, without a power cut: what was acknowledged is there, and what
# is spoiled afterwards is found and named.

load helper

setup() {
	common_setup
	mkdir d
	: >acks
}

audit() { # audit KERNELS ARG...
	bench run -q -k "$1" -s 4K -t "$PWD/d" -m audit --set settle=fixed --set repeats=1 --set working_set=64K \
		--acks acks -o r "${@:2}"
}
slot() { find d -name 's0*' -type f | sort | sed -n "$1p"; }

@test "every op of every kind of kernel is acknowledged and found" {
	for k in clwb ntstore msync msync-async fsync-map pwrite odsync fdatasync append create touch; do
		[[ $k =~ clwb ]] && ! grep -qw clwb /proc/cpuinfo && continue
		: >acks
		audit $k >/dev/null
		[ "$(grep -c ^A acks)" = 16 ]
		grep -q '^E 0 0 0 0$' acks
		says 0 '16 acknowledged, 16 slots ok, 0 lost' -- "$bin" verify acks
	done
	: >acks
	audit store --set threads=2 >/dev/null
	says 0 'thread 1: 8 acknowledged, 8 slots ok' -- "$bin" verify acks
	says 1 'standard output: ' -- bash -c "'$bin' verify acks >/dev/full"
}

@test "what is lost is counted by what stands there instead" {
	audit create >/dev/null
	dd if=/dev/zero of="$(slot 1)" bs=512 seek=3 count=1 conv=notrunc 2>/dev/null
	: >"$(slot 2)"
	gone=$(slot 3)
	cp "$(slot 4)" "$(slot 5)"
	dd if=/dev/zero of="$(slot 6)" bs=4K count=1 2>/dev/null
	dd if=/dev/urandom of="$(slot 7)" bs=4K count=1 2>/dev/null
	rm "$gone"
	says 1 '10 slots ok, 6 lost, missing 1, short 1, zeros 1, torn 1, foreign 1, other 1' -- "$bin" verify acks
	says 1 'slot 2: missing: no such file' -- "$bin" verify -v acks
	"$bin" verify --json acks >json || [ $? = 1 ]
	python3 -c 'import json; d = json.load(open("json")); assert d[0]["ok"] == 10 and d[0]["ended"], d'
}

@test "an op that was under way is no loss; an older one of the slot is" {
	audit pwrite --set ops=32 >/dev/null
	[ "$(grep -c ^A acks)" = 32 ]
	says 0 '32 acknowledged, 16 slots ok' -- "$bin" verify acks
	# The op after the last that was heard of, and one that was not.
	grep -v '^[AE]' acks >early
	grep ^A acks | head -n 31 >>early
	says 0 '31 acknowledged, 16 slots ok' -- "$bin" verify early
	grep -v '^[AE]' acks >none
	grep ^A acks | sed -n '1,16p' >>none
	says 1 '1 slots ok, 15 lost, other 15' -- "$bin" verify none
	printf 'A 0 0 0 40 3\n' >>acks
	says 1 '15 slots ok, 1 lost, older 1' -- "$bin" verify acks
}

@test "what is prepared anew holds no more; a line that is cut off was not said" {
	audit pwrite >/dev/null
	cp acks first
	audit pwrite >/dev/null
	says 0 'point 0 rep 0' -- "$bin" verify acks
	printf 'P 0 1 %s\n' "$PWD/d/$(ls -t d | head -n 1)" >>acks
	says 0 -- "$bin" verify acks
	[ "$(grep -c 'point 0' <<<"$output")" = 1 ]
	printf 'A 0 0 0 1' >>first
	says 0 '16 acknowledged' -- "$bin" verify first
	printf '\n' >>first
	says 2 'first:20: no acknowledgement' -- "$bin" verify first
}

@test "images stand in for devices; other places for files" {
	audit pwrite >/dev/null
	file=$(awk '/^B/ { print $10 }' acks)
	mkdir elsewhere
	cp --parents "$file" elsewhere
	cp "$file" image
	rm "$file"
	says 1 '16 lost, missing 16' -- "$bin" verify acks
	says 0 '16 slots ok' -- "$bin" verify --root elsewhere acks
	says 0 '16 slots ok' -- "$bin" verify --image "$file=image" acks
	cat <(head -c 8192 /dev/zero) image >shifted
	says 0 '16 slots ok' -- "$bin" verify --image "$file=shifted@8K" acks
	says 2 'DEVICE=FILE' -- "$bin" verify --btt "$file=image" acks
	says 2 'DEVICE=FILE' -- "$bin" verify --image "$file" acks
}

@test "an audit wants somebody to hear it, and nobody is heard in vain" {
	says 2 'want --acks' -- "$bin" run -k clwb -t dram -m audit -o r
	says 2 'there are none' -- "$bin" run -k clwb -t dram --acks acks -o r
	says 1 'No such file' -- "$bin" run -k store -t "$PWD/d" -m audit --set repeats=1 --set settle=fixed --acks none/acks -o r
}
