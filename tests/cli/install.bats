#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# bats file_tags=slow
# make install, and what is installed: one install for all tests here.

load helper

setup_file() {
	export dest=$BATS_FILE_TMPDIR/dest
	make -s -C "$BATS_TEST_DIRNAME/../.." -j2 B="$BATS_FILE_TMPDIR/b" DESTDIR="$dest" PREFIX=/usr install \
		>"$BATS_FILE_TMPDIR/make.log" 2>&1 || { cat "$BATS_FILE_TMPDIR/make.log"; return 1; }
}

setup() {
	common_setup
	unset DAXMARK_DATADIR
	bin=$dest/usr/bin/run-bench
}

@test "make install is silent about all but what it builds, and puts everything in its place" {
	! grep -iE 'warning|error' "$BATS_FILE_TMPDIR/make.log"
	cd "$dest/usr"
	for f in bin/run-bench share/man/man1/run-bench.1 include/daxmark/kernel.h include/daxmark/isa.h \
		share/daxmark/configs/quick.yaml share/daxmark/plots/common.gp share/bash-completion/completions/run-bench; do
		[ -s "$f" ] || { echo "no $f"; false; }
	done
	[ -x bin/run-bench ]
	[ "$(ls "$dest")" = usr ]
}

@test "the installed program runs from elsewhere, with its configs and figures" {
	run -0 --separate-stderr "$bin" "${tiny[@]}" -k null,clwb -t dram:1M
	has clwb
	[[ $stderr != *'not drawn'* ]]
	valid results/latest complete 1
	ls results/latest/plots/ladder.svg
	says 0 usr/share/daxmark/configs/quick.yaml 'at most a minute' -- "$bin" list configs
	says 0 'points:' -- "$bin" plan
}

@test "the man page renders without warnings and explains options, keys and exit codes" {
	need man
	MANWIDTH=100 LC_ALL=C.UTF-8 run -0 --separate-stderr man --nh --nj --warnings=all -l "$dest/usr/share/man/man1/run-bench.1"
	[ -z "$stderr" ] || { echo "$stderr"; false; }
	has RUN-BENCH 'EXIT STATUS' working_set --destroy-data DAXMARK_DATADIR 'refused for safety'
	! grep -n '@[A-Z]*@' "$dest/usr/share/man/man1/run-bench.1"
	# Every option of every command is in it.
	for command in run $("$bin" --help | sed -n 's/^  run-bench \([a-z]*\) .*/\1/p'); do
		for option in $("$bin" "$command" --help | grep -oE '^ .*--[a-z-]+' | grep -oE -- '--[a-z-]+'); do
			has "$option"
		done
		has "run-bench $command"
	done
}

@test "the completion that is installed" {
	run -0 bash -c 'source "$1"; COMP_WORDS=(run-bench -k clwb,nts) COMP_CWORD=2; _run_bench "$2"; echo "${COMPREPLY[@]}"' _ \
		"$dest/usr/share/bash-completion/completions/run-bench" "$bin"
	[ "$output" = clwb,ntstore ]
}

@test "a kernel built against the installed headers runs" {
	awk '/^```/ { on = $0 == "```c"; next } on' "$top/docs/adding-a-kernel.md" >clwb-backwards.c
	${CC:-cc} -O2 -std=gnu11 -D_GNU_SOURCE -shared -fPIC -I"$dest/usr/include/daxmark" -o clwb-backwards.so clwb-backwards.c
	says 0 clwb-backwards 'last line to the first' -- "$bin" list kernels --kernel-path .
	grep -qw clwb /proc/cpuinfo || skip 'no CLWB'
	says 0 clwb-backwards -- "$bin" -q "${tiny[@]}" --kernel-path . -k clwb-backwards -s 4K -t dram:1M --set fence=1,4
	valid results/latest complete 1
}
