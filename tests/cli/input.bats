#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# Bad input: a clear message with its place, exit code 2, nothing made, no crash.

load helper

# bad TEXT... : plan of the config on standard input is refused with 2 and these words.
bad() {
	cat >bad.yaml
	says 2 "$@" -- "$bin" plan bad.yaml
	says 2 "$@" -- "$bin" -o results bad.yaml
	[ ! -e results ]
}

# A config around one bench line.
around() { printf '%s\n' 'version: 1' 'targets: [{name: ram, dram: 1M}]' 'benches:' "  - {name: b, kernel: null$1}"; }

@test "unknown key: place, caret, did you mean" {
	around ', sizes: 64' | bad "bad.yaml:4:29: error: unknown key 'sizes'; did you mean 'size'?" '^~~~~'
}

@test "duplicate key" {
	around ', size: 64, size: 4K' | bad "duplicate key 'size'"
}

@test "mistyped and out-of-range values name what is allowed" {
	around ', size: big' | bad "'big' is not valid; expected a size from 1 to 64M"
	around ', size: 65M' | bad "'65M' is out of range"
	around ', size: 007' | bad "'007' is not valid"
	around ', threads: 0' | bad "'0' is out of range"
	around ', threads: 4097' | bad "'4097' is out of range"
	around ', mode: fast' | bad "expected throughput, latency or audit"
	around ', repeats: [1, 2]' | bad 'repeats'
	around ', window: 3s' | bad 'out of range'
}

@test "unknown kernel, kernel parameter, target" {
	around ', kernel: clbw' | bad "duplicate key 'kernel'"
	around '' | sed 's/null/clbw/' | bad "no kernel is called 'clbw'; did you mean 'clwb'?"
	around ', fence: 4' | bad "'fence' is a parameter of clflush" 'no kernel of this bench has it'
	around ', target: [rum]' | bad "no target is called 'rum'; did you mean 'ram'?"
}

@test "alias cycles, undefined and exploding aliases" {
	around ', size: &s [64, *s]' | bad '*s stands inside of what it stands for'
	around ', size: *s' | bad "*s: no anchor '&s' before it"
	bad 'aliases expand to more than' <"$top/tests/golden/config/laughs.yaml"
}

@test "no text at all: binary junk, NUL, wrong UTF-8, a directive, an empty file" {
	head -c 4096 "$bin" | bad 'NUL byte: this is not a text file'
	for seed in 1 2 3 4 5; do
		python3 -c "import random, sys
random.seed($seed)
sys.stdout.buffer.write(bytes(random.randrange(1, 256) for _ in range(300)))" | bad 'bad.yaml:' 'error:'
	done
	printf '\xf6' | bad 'bad.yaml:1:1: error: '
	printf '%%' | bad 'bad.yaml:1:1: error: ' directive
	bad "bad.yaml:1:1: error: the file is empty; a config needs 'version: 1'" </dev/null
	printf '\n\n' | bad 'bad.yaml:1:1: error: '
	head -c 1100000 /dev/zero | tr '\0' '#' | bad '1 MiB'
}

@test "a directory, a missing file, one that may not be read" {
	says 2 'd: Is a directory' -- "$bin" "$(mkdir d && echo d)"
	says 2 'd: Is a directory' -- "$bin" plan d
	says 2 'none.yaml: no such file' -- "$bin" none.yaml
	need_root
	need setpriv
	around '' >secret.yaml
	chmod 600 secret.yaml
	chmod 755 .
	says 2 'secret.yaml: Permission denied' -- setpriv --reuid=65534 --regid=65534 --clear-groups "$bin" plan "$PWD/secret.yaml"
}

@test "every bad config of tests/golden is refused with 2" {
	for err in "$top"/tests/golden/config/*.err; do
		! grep -q error: "$err" || says 2 'error:' -- "$bin" plan "${err%.err}.yaml"
	done
}

@test "a sweep that keeps nothing: 3, and it says what left nothing" {
	says 3 'nothing to measure: --filter: no point has size=3; size is 64' -- "$bin" -k null -t dram:1M -s 64 --filter 'size=3'
	around ', exclude: [{kernel: null}]' >none.yaml
	says 3 '`exclude` leaves no point' -- "$bin" none.yaml
	says 3 '0 points' '`exclude` leaves no point' -- "$bin" plan none.yaml
	[ ! -e results ]
}

@test "nothing that could run: 3 and the first reason" {
	says 3 'nothing to measure: 2 skipped, the first because: ' 'lacks FD' -- "$bin" -k pwrite,fdatasync -t dram:1M
	says 3 'threads, but placement' -- "$bin" -k null -t dram:1M -T 4096
	says 3 'not a multiple of' -- "$bin" plan -k store -t dram:1M -s 12
	[ ! -e results ]
}

@test "a target that cannot be reached is an error; optional, it is a skip" {
	says 2 'target nowhere: ' '/no/such/nowhere: no such directory' -- "$bin" -k null -t /no/such/nowhere
	says 2 'no such device' 'list targets' -- "$bin" -k sector -t /dev/nosuchdisk
	says 2 'passwd is not a directory' -- "$bin" -k null -t /etc/passwd
	says 2 'is not a block device' -- "$bin" -k sector -t /dev/null
	printf '%s\n' 'version: 1' 'targets: [{name: pm, fsdax: /no/such, optional: true}, {name: ram, dram: 1M}]' \
		'benches: [{name: b, kernel: null}]' >o.yaml
	says 0 'no such directory' '1 skipped' -- "$bin" plan o.yaml
	printf '%s\n' 'version: 1' 'targets: [{name: pm, fsdax: /dev/shm}]' 'benches: [{name: b, kernel: null}]' |
		bad 'bad.yaml:2:29: error: target pm: /dev/shm (tmpfs' 'statx says that its files are not DAX' '^~~~~~~~'
	printf '%s\n' 'version: 1' 'targets:' '- name: d' '  devdax: /dev/null' '- {name: e, raw: /tmp}' \
		'benches: [{name: b, kernel: null}]' |
		bad 'bad.yaml:4:11: error: target d: /dev/null' 'bad.yaml:5:18: error: target e: /tmp is not a block device' '^~~~'
	printf '%s\n' 'version: 1' 'targets: [{name: r, dram: 1M}]' 'events: [cycles, "x y"]' 'benches: [{name: b, kernel: null}]' |
		bad 'bad.yaml:3:19: error: an event is'
}

@test "a tab where YAML wants blanks; a top key misspelt is said once" {
	printf 'version: 1\ntargets:\n\t- {name: r, dram: 1M}\n' | bad 'bad.yaml:3:1: error: a tab in the indentation'
	printf '%s\n' 'version: 1' 'target: [{name: r, dram: 1M}]' 'benchs: [{name: b, kernel: null}]' |
		bad "bad.yaml:2:1: error: unknown key 'target'; did you mean 'targets'?" "'benches'?"
	run "$bin" plan bad.yaml
	[[ $output != *missing* ]]
}

@test "more memory, or a larger file, than there is" {
	says 2 'of memory asked' 'set a smaller size' -- "$bin" -k null -t dram:512T
	mkdir d
	says 2 'needs 512T and 8M of headroom' -- "$bin" -k pwrite -t d --set targets.d.size=512T
	[ -z "$(ls d)" ]
}

@test "many of everything" {
	says 2 'more than 256' -- "$bin" plan -k null $(printf -- '--set seed=1 %.0s' {1..300})
	long=$(printf 'x%.0s' {1..5000})
	says 2 'name' -- "$bin" plan "$long"
	says 2 'is not valid' -- "$bin" plan -k "$long" -t dram:1M
	says 2 'expected a path' -- "$bin" plan -k null -t "/tmp/$long"
	says 2 filter -- "$bin" plan -k null -t dram:1M --filter "$(printf '(%.0s' {1..5000})"
	says 2 error -- "$bin" plan -k null -t dram:1M --set "size=$long"
	run timeout 20 "$bin" -k null -t dram:1M -o "/tmp/$long"
	[ "$status" = 2 ]
	has 'too long'
}
