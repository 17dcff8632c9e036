#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# The build and the tests as their user sees them: a copy of the tree for all tests here, with
# what is built in it.

load helper

setup_file() {
	export tree=$BATS_FILE_TMPDIR/tree
	mkdir -p "$tree/build"
	cp -a "$top"/{Makefile,run-bench,bench,kernels,configs,plots,docs,scripts,tests,powercut} "$tree"
	cp -a "$build"/{bench,kernels,unit,shadow,kernels.inc,version.inc,objects,run-bench} "$tree/build"
	build all || { cat "$BATS_FILE_TMPDIR/make.log"; return 1; }
}

setup() { common_setup; cd "$tree"; }

# make in that tree as from a shell, quietly on success.
build() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u B make -C "$tree" "$@" >"$BATS_FILE_TMPDIR/make.log" 2>&1
}
built() { build "$@" || { cat "$BATS_FILE_TMPDIR/make.log"; return 1; }; }
log() { cat "$BATS_FILE_TMPDIR/make.log"; }

@test "a kernel that goes, and one that comes, need no make clean" {
	mv kernels/clwb.c "$BATS_TEST_TMPDIR"
	built all
	run -0 build/run-bench list kernels
	grep -q '^ntstore ' <<<"$output"
	! grep '^clwb ' <<<"$output"
	mv "$BATS_TEST_TMPDIR/clwb.c" kernels
	built all
	build/run-bench list kernels | grep '^clwb '
}

@test "a source of the harness that goes is no longer in the program" {
	printf 'int passing_guest(void);\nint\npassing_guest(void)\n{\n\treturn 1;\n}\n' >bench/base/guest.c
	built all
	nm build/run-bench | grep -w passing_guest
	rm bench/base/guest.c
	built all
	! nm build/run-bench | grep -w passing_guest
}

@test "nothing changed: nothing is compiled or linked" {
	built all
	run -0 log
	[[ $output != *CC* && $output != *LD* ]]
}

@test "whoever builds waits for who is building: make, make install, run-bench" {
	for command in 'make -s' './run-bench --version' 'make -s install DESTDIR=to'; do
		# shellcheck disable=SC2086 # words
		run -124 flock build/.lock timeout 1 env -u MAKEFLAGS -u MAKELEVEL $command
		[[ $output != *daxmark* ]] && [ ! -e to ]
		# shellcheck disable=SC2086
		run -0 timeout 60 env -u MAKEFLAGS -u MAKELEVEL $command
	done
	[ -x to/usr/local/bin/run-bench ]
}

@test "a tree that another user built is used as it is" {
	need_root
	need setpriv
	public
	cp -a run-bench configs plots "$public"
	mkdir "$public/build" && cp build/run-bench "$public/build"
	cd "$public"
	says 0 daxmark -- setpriv --reuid 65534 --regid 65534 --clear-groups "$public/run-bench" --version
	[ "$(ls -A build)" = run-bench ]
}

@test "make unit-test runs one test with T=, one case of it with C=, and no other" {
	built -s unit-test T=text
	run -0 log
	has '1..' 'sizes' 'lists'
	[ "$(grep -c '^1\.\.' <<<"$output")" = 1 ]
	built -s unit-test T=text C=lists
	run -0 log
	[ "$(grep -c '^ok' <<<"$output")" = 1 ]
	has 'ok 1 - lists'
	! build -s unit-test T=text C=nobody
	run -0 log
	has "no case is called nobody"
	! build -s unit-test T=nobody
}

@test "a changed object relinks the unit tests that name it, and no other" {
	built tested
	touch bench/stats/ranktest.c
	built tested
	run -0 log
	[ "$(grep -o 'LD .*/unit/.*' <<<"$output" | sed 's,.*/,,' | sort | xargs)" = \
		"$(grep -l '^// links:.* ranktest\.o' tests/unit/*.c | xargs -n 1 basename -s .c | sort | xargs)" ]
	[ "$(grep -c 'CC .*tests/unit' <<<"$output")" = 0 ]
}

@test "a dependency that a unit test does not name does not link" {
	cp bench/base/text.c "$BATS_TEST_TMPDIR"
	printf '#include "datadir.h"\nconst char *passing(void);\nconst char *\npassing(void)\n{\n\treturn data_dir();\n}\n' >>bench/base/text.c
	! build build/unit/text
	run -0 log
	has 'undefined reference' data_dir
	cp "$BATS_TEST_TMPDIR/text.c" bench/base/text.c
	built build/unit/text
}

@test "what a room does not see it cannot include" {
	cp bench/base/text.c "$BATS_TEST_TMPDIR"
	printf '#include "plan.h"\n' >>bench/base/text.c
	! build all
	run -0 log
	has 'plan.h: No such file'
	cp "$BATS_TEST_TMPDIR/text.c" bench/base/text.c
}

@test "tests/run: failed tests first, with their lines; who was silent has failed; the sum last" {
	run -1 tests/run -l "$BATS_TEST_TMPDIR/log" \
		'tap=printf "1..3\nok 1 good\nnot ok 2 bad\n# it said 7\nok 3 other # skip no such tool\n# as it is\n"; exit 1' \
		'asm=echo "FAIL clwb asm: no clwb"; echo "asm: 3 passed, 1 failed"; exit 1' 'dead=exit 3' 'silent=true'
	has 'tap             1 passed   1 failed   1 skipped' $'  not ok 2 bad\n  # it said 7\n  -- all of it' \
		'asm             3 passed   1 failed' '  FAIL clwb asm: no clwb' 'dead            0 passed   1 failed'
	[[ $output != *'as it is'* ]]
	[ "${lines[-1]}" = '4 passed, 4 failed, 1 skipped' ]
	run -0 tests/run -l "$BATS_TEST_TMPDIR/log" 'one=echo ok 1 a'
	[ "${lines[-1]}" = '1 passed, 0 failed' ]
}

@test "tests/run: side by side, but one by one after the word then" {
	meet='touch $0.here; for i in 1 2 3 4 5 6 7 8 9 10; do [ -e $1.here ] && echo ok 1 met && exit; sleep 0.1; done; echo not ok 1 alone'
	cd "$BATS_TEST_TMPDIR"
	run -0 "$tree/tests/run" -j 2 -l log "a=sh -c '$meet' a b" "b=sh -c '$meet' b a"
	[ "${lines[-1]}" = '2 passed, 0 failed' ]
	rm ./*.here
	run -1 "$tree/tests/run" -j 2 -l log then "a=sh -c '$meet' a b; rm a.here" "b=sh -c '$meet' b a"
	[ "${lines[-1]}" = '0 passed, 2 failed' ]
}

# A folder of the tools that scripts/deps needs and of stubs, to be its whole PATH.
tools() {
	mkdir "$1"
	for tool in sh tr fold sed cat dirname awk; do ln -s "$(command -v $tool)" "$1/"; done
}
stub() { printf '#!/bin/sh\n%s\n' "$2" >"$1" && chmod +x "$1"; }

@test "deps: silent when nothing is missing; without rights it says what to install" {
	cd "$BATS_TEST_TMPDIR"
	tools all
	stub all/dpkg-query 'echo install ok installed'
	stub all/apt-get 'echo "apt-get was called"; exit 1'
	for kind in '' run test soak; do
		# shellcheck disable=SC2086 # none is no argument
		says 0 -- env PATH="$PWD/all" "$top/scripts/deps" $kind
		[ -z "$output" ]
	done
	tools some
	stub some/dpkg-query 'case $* in *libfyaml* | *bats*) ;; *) echo install ok installed ;; esac'
	stub some/apt-get 'echo "apt-get was called"; exit 1'
	stub some/id 'echo 1000'
	says 1 'apt-get install --no-install-recommends libfyaml-dev' 'As root' -- env PATH="$PWD/some" "$top/scripts/deps"
	[[ $output != *'was called'* && $output != *bats* ]]
	says 1 libfyaml-dev bats -- env PATH="$PWD/some" "$top/scripts/deps" test
}

@test "deps: the names of other distributions, as a command that can be pasted" {
	cd "$BATS_TEST_TMPDIR"
	tools none
	elsewhere() {
		# shellcheck disable=SC2059 # lines
		printf "$1" >os-release
		shift
		says 1 'not a Debian system' "$@" -- env PATH="$PWD/none" OS_RELEASE="$PWD/os-release" "$top/scripts/deps" test
		[[ $output != *libfyaml-dev\ * ]]
		sed -n '/install/,/[^\\]$/p' <<<"$output" | sh -n
	}
	elsewhere 'ID=fedora\n' 'dnf install' libfyaml-devel jansson-devel ShellCheck
	elsewhere 'ID="rocky"\nID_LIKE="rhel centos fedora"\n' epel-release crb libRmath-devel qemu-kvm
	elsewhere 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n' 'zypper install' libjansson-devel linux-glibc-devel 'sources of R'
	says 1 'packages of Debian' libfyaml-dev gnuplot-nox -- env PATH="$PWD/none" OS_RELEASE=/dev/null "$top/scripts/deps"
}

@test "make deps: demo and install ask for no test package, check does" {
	stub scripts/deps 'echo "deps $*"'
	for goals in 'deps demo' 'deps install' deps; do
		# shellcheck disable=SC2086
		run -0 env -u MAKEFLAGS -u MAKELEVEL make -n $goals
		has 'scripts/deps run'
	done
	run -0 env -u MAKEFLAGS -u MAKELEVEL make -n deps unit-test
	has 'scripts/deps test'
}
