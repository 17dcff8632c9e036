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
	for f in bin/run-bench bin/run-bench-worker share/man/man1/run-bench.1 include/daxmark/kernel.h include/daxmark/isa.h \
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

@test "a worker is the lean program beside run-bench, with few libraries; run-bench alone does without" {
	[ "$(ldd "$bin-worker" | wc -l)" -lt 12 ]
	! ldd "$bin-worker" | grep -E 'pmem|crypto|pfm|fyaml|sqlite'
	mkdir lone
	cp "$bin" lone
	says 0 clwb -- lone/run-bench "${tiny[@]}" -k clwb -t dram:1M
	cp /bin/false lone/run-bench-worker
	says 1 'the worker ended with exit code 1 and no answer' -- lone/run-bench "${tiny[@]}" -k clwb -t dram:1M
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
	says 0 clwb-backwards -- "$bin" "${tiny[@]}" --kernel-path . -k clwb-backwards -s 4K -t dram:1M --set fence=1,4
	valid results/latest complete 1
}

# A root with the files of the C library's package and nothing else, in $bare.
bare_root() {
	bare=$BATS_TEST_TMPDIR/bare
	mkdir -p "$bare"/{proc,sys,dev,tmp,usr/lib,usr/lib64}
	for lib in lib lib64; do ln -s "usr/$lib" "$bare/$lib"; done
	dpkg-query -L libc6 | grep -E '\.so(\.[0-9]+)*$' | while read -r f; do
		[ ! -f "$f" ] || { mkdir -p "$bare/$(dirname "$f")" && cp -L "$f" "$bare/$f"; }
	done
	[ ! -e "$bare/bin" ]
}

@test "make bundle: one tarball, with every library but the C library's, found without help" {
	env -u MAKEFLAGS -u MAKELEVEL make -s -C "$top" B="$BATS_FILE_TMPDIR/b" bundle >log 2>&1 || { cat log; return 1; }
	grep -o '/.*\.tar\.gz: needs glibc 2\.[0-9]*$' log
	tar -xzf "$(sed -n 's/: needs glibc.*//p' log)"
	[ "$(ls -d daxmark-* | wc -l)" = 1 ]
	cd daxmark-*/
	for f in README LICENSE lib/SOURCES share/man/man1/run-bench.1 share/daxmark/configs/quick.yaml fleet.sbatch; do
		[ -s "$f" ] || { echo "no $f"; false; }
	done
	! ls lib | grep -E '^(libc|libm|ld-linux.*)\.so'
	# Whatever is not of libc6 comes from the bundle, also what a library needs.
	! ldd bin/run-bench | awk '$3 ~ /^\// { print $3 }' | grep -vE "^$PWD/|/lib(c|m|dl|rt|pthread|resolv)\.so"
	[ "$(grep -c '  ' lib/SOURCES)" = "$(ls lib/*.so* | wc -l)" ]
}

@test "the bundle measures in a root with nothing but the C library, and says that figures are for elsewhere" {
	need_root
	need dpkg-query
	bare_root
	[ -d "$BATS_FILE_TMPDIR/b/bundle" ] || env -u MAKEFLAGS -u MAKELEVEL make -s -C "$top" B="$BATS_FILE_TMPDIR/b" bundle
	tar -C "$bare" -xzf "$BATS_FILE_TMPDIR"/b/bundle/daxmark-*.tar.gz
	cat >inside <<-'END'
		#!/bin/sh
		cd "$1" && shift && mount -t proc proc proc && mount --rbind /sys sys && mount --rbind /dev dev &&
			exec chroot . "/$(echo daxmark-*/bin/run-bench)" "$@"
	END
	inside=(unshare --mount --propagation private sh inside "$bare")
	says 0 clwb gnuplot 'run-bench report' -- "${inside[@]}" "${tiny[@]}" -o /tmp -k null,clwb -t dram:1M
	valid "$bare/tmp/latest" complete 1
	# Where there is gnuplot the same figures are drawn.
	says 0 -- "$bin" report "$bare"/tmp/2*
	ls "$bare"/tmp/latest/plots/ladder.svg
	says 0 'quick' -- "${inside[@]}" list configs
}
