#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# run-bench doctor, on this machine and on the files of a made-up one; and what a run keeps of it.

load helper

json() { python3 -c "import json, sys; d = json.load(sys.stdin); $1"; }
elsewhere() { DAXMARK_ROOT=$top/tests/golden/sysfs-doctor "$bin" doctor "$@"; }

@test "doctor: a table, a count, and nothing changed" {
	says 0 WHAT NOW WANT WHY 'HOW TO MEND' ' bad, ' ' info, ' -- "$bin" doctor
	says 2 'no arguments' -- "$bin" doctor here
	says 0 'Usage: run-bench doctor' --strict --json -- "$bin" doctor --help
}

@test "doctor -v shows what is well, too" {
	[ "$("$bin" doctor -v | grep -c '^ok ')" -gt 5 ]
	[ "$("$bin" doctor | grep -c '^ok ')" = 0 ]
}

@test "doctor --json: findings, tuning, timer" {
	"$bin" doctor --json | json '
assert d["schema"] == "daxmark.doctor/1.0"
for f in d["findings"]:
    assert f["severity"] in ("ok", "info", "warn", "bad") and f["id"] and f["what"] and f["now"] and f["want"], f
    assert f["severity"] == "ok" or (f["why"] and f["mend"]), f
assert sum(d[s] for s in ("ok", "info", "warn", "bad")) == len(d["findings"])
assert d["tuning"]["kernel"] and d["timer"]["hz"] > 1e6 and d["timer"]["quantum_ns"] > 0
assert isinstance(d["timer"]["reliable"], bool) and d["load"]["load1"] >= 0'
}

@test "doctor finds what is wrong with a machine, and how to mend it" {
	elsewhere --json | json '
want = {"dax-cache": "bad", "queue-cache": "bad", "load": "bad", "clocksource": "bad", "domain": "warn", "volatile": "warn",
    "mount": "warn", "reflink": "warn", "scrub": "warn", "quota": "warn", "governor": "warn", "turbo": "warn", "idle": "warn",
    "microcode": "warn", "thp": "warn", "numa-balancing": "warn", "steal": "warn", "psi-cpu": "warn", "swap": "info",
    "irqbalance": "info", "uncore": "info", "smt": "info", "prefetchers": "info", "clustering": "info", "isolated": "info",
    "tmpfs-huge": "info", "mitigations": "info", "seccomp": "info", "console": "info", "deep-flush": "info",
    "poison": "bad", "nvdimm": "bad", "barrier": "bad", "tainted": "bad", "messages": "warn"}
order = {"ok": 0, "info": 1, "warn": 2, "bad": 3}
found = {}
for f in d["findings"]:
    if order[f["severity"]] > order.get(found.get(f["id"]), -1): found[f["id"]] = f["severity"]
wrong = {k: found.get(k) for k in want if found.get(k) != want[k]}
assert not wrong, wrong
mend = [f["mend"] for f in d["findings"]]
assert "echo 1 > /sys/block/pmem0/dax/write_cache" in mend
assert "umount /mnt/pmem2 && mount -o dax=always /dev/pmem2 /mnt/pmem2" in mend
assert "ndctl wait-scrub ndbus0" in mend
assert "ndctl clear-errors -r region0 all   # what stood there is lost" in mend
assert "echo max > /sys/fs/cgroup/box/cpu.max" in mend
assert d["messages"] == {"lines": 24, "doubtful": 15}, d["messages"]
assert d["timer"] is None'
}

# What the environment adds is set: root, a program called gnuplot, a TMPDIR on no tmpfs.
settled() {
	local as_root=

	[ "$(id -u)" = 0 ] || as_root="$(command -v unshare) -r"
	mkdir -p only
	ln -sf /bin/true only/gnuplot
	env -i PATH="$PWD/only" TMPDIR=/proc COLUMNS=80 DAXMARK_ROOT="$top/tests/golden/sysfs-doctor" \
		DAXMARK_DATADIR="$top" $as_root "$bin" doctor "$@"
}

@test "doctor on the files of a machine: every finding and every fact, word for word" {
	settled -v >text
	settled --json | python3 -m json.tool --sort-keys >json
	diff -u "$top/tests/golden/doctor.txt" text
	diff -u "$top/tests/golden/doctor.json" json
}

@test "doctor without persistent memory: what to do depends on whether there is a region" {
	mkdir -p root/sys/bus/nd/devices/ndbus0
	DAXMARK_ROOT=$PWD/root "$bin" doctor --json | json '
f = [f for f in d["findings"] if f["id"] == "no-pmem"][0]
assert f["now"] == "none in this machine" and f["mend"].startswith("# NVDIMMs"), f'
	mkdir root/sys/bus/nd/devices/region0
	DAXMARK_ROOT=$PWD/root "$bin" doctor --json | json '
f = [f for f in d["findings"] if f["id"] == "no-pmem"][0]
assert f["mend"].startswith("run-bench prepare --print fsdax"), f'
}

@test "doctor: the disk of a BTT is well as it is" {
	mkdir -p root/sys/block/pmem0s/queue
	echo 'write through' >root/sys/block/pmem0s/queue/write_cache
	DAXMARK_ROOT=$PWD/root "$bin" doctor --json | json '
assert not [f for f in d["findings"] if f["id"] == "queue-cache"]'
	mv root/sys/block/pmem0s root/sys/block/pmem0
	DAXMARK_ROOT=$PWD/root "$bin" doctor --json | json '
assert [f["severity"] for f in d["findings"] if f["id"] == "queue-cache"] == ["bad"]'
}

@test "doctor prints for 80 columns; only what is to be copied is longer, and sh can read it" {
	elsewhere -v >out
	run ! grep -vE '^     \$ |^.{0,80}$' out
	sed -n 's/^     \$ //p' out | grep -v '^HOW TO MEND' >commands
	[ "$(wc -l <commands)" -gt 35 ]
	# A line each, as it would be typed.
	while read -r line; do bash -nc "$line" || { echo "$line"; false; }; done <commands
	grep -qF "mount -o remount,barrier '/mnt/it'\\''s old'" commands
}

@test "doctor: what every mend begins with is a command of Debian, or a word of the shell" {
	elsewhere --json | json '
import re, shlex
known = set("""apt-get awk cpupower dmesg echo export for iotop mkdir mount ndctl ps reboot run-bench swapoff sysctl sudo
    systemctl taskset umount unset wrmsr modprobe""".split())
for f in d["findings"]:
    m = f["mend"]
    if m and not m.startswith("#"): assert m.split()[0] in known, m'
}

@test "doctor --strict: 4 when a finding is bad, as that of the exit codes" {
	run elsewhere --strict
	[ "$status" = 4 ]
	run elsewhere
	[ "$status" = 0 ]
}

@test "doctor without root: the first lines say what is lost" {
	need_root
	need setpriv
	cp "$bin" "$BATS_TEST_TMPDIR/b" && chmod -R a+rx "$BATS_TEST_TMPDIR"
	run setpriv --reuid=65534 --regid=65534 --clear-groups "$BATS_TEST_TMPDIR/b" doctor
	[ "$status" = 0 ] || skip 'the binary cannot be reached by nobody'
	[[ ${lines[0]} == 'Not root.'* ]]
	has counters DIMM 'sudo run-bench doctor'
	[ "$(cat /proc/sys/kernel/dmesg_restrict)" = 0 ] || has 'kernel messages: lost memory' 'not for this user' 'dmesg_restrict=0'
	# On the first screen.
	[ "$(grep -n 'sudo run-bench doctor' <<<"$output" | cut -d: -f1)" -lt 12 ]
}

@test "a run keeps host, tuning, timer and findings in run.json" {
	says 0 -- "$bin" -q -k null -s 64 -t dram:16M "${tiny[@]}"
	json '
h, t = d["host"], d["timer"]
assert h["cmdline"] and h["vulnerabilities"] and "microcode" in h and "preemption" in h
assert t["floor"]["issue_ns"] > 0 and t["skew"]["pairs"] <= t["skew"]["planned"]
assert d["tuning"]["kernel"]["transparent_hugepage"] and "load" in d["doctor"]
assert all(f["severity"] != "ok" for f in d["doctor"]["findings"])
assert all("write_path" in x for x in d["targets"])' <results/latest/run.json
	[ -s results/latest/env/process-status.txt ]
}

@test "a run keeps what dmesg and dmidecode say, where they say it" {
	mkdir tools
	printf '#!/bin/sh\necho "kern  :warn  : nd_pmem: $*"\n' >tools/dmesg
	printf '#!/bin/sh\necho "half a table"; exit 1\n' >tools/dmidecode
	chmod +x tools/*
	says 0 -- env PATH="$PWD/tools:$PATH" "$bin" -q -k null -s 64 -t dram:16M "${tiny[@]}"
	grep -qx 'kern  :warn  : nd_pmem: -kx' results/latest/env/dmesg.txt
	[ ! -e results/latest/env/dmidecode.txt ]
}

@test "what decides a flush is read before and after: a change is a warning" {
	need_root
	truncate -s 400M disk
	device disk
	cache=/sys/block/${device#/dev/}/queue/write_cache
	echo 'write back' >"$cache" && [ "$(cat "$cache")" = 'write back' ] || skip 'no write cache to turn off'
	mkfs.ext4 -q "$device" 2>/dev/null || skip 'no mkfs.ext4'
	mounted "$device" "$BATS_TEST_TMPDIR/m"
	(
		for _ in {1..100}; do [ -e results/latest ] && break; sleep 0.05; done
		echo 'write through' >"$cache"
	) >/dev/null 2>&1 3>&- &
	says 0 -- "$bin" -q -k msync -s 4K -t "$BATS_TEST_TMPDIR/m" "${tiny[@]}" --set targets.m.size=16M --set repeats=4 --set max_repeats=4
	wait
	json '
t = d["targets"][0]
assert t["write_path"]["queue_write_cache"] == "write back" and t["write_path_after"]["queue_write_cache"] == "write through", t
assert any("queue_write_cache" in w for w in d["quality"]["warnings"])' <results/latest/run.json
	grep -q 'queue_write_cache' results/latest/report.html
}

@test "run and export --anonymize: no name is left, the directory's neither" {
	local names="$(hostname)|alice|$(cat /proc/sys/kernel/random/boot_id)"

	mkdir -p home-alice
	export HOME=$BATS_TEST_TMPDIR/home-alice USER=alice
	says 0 -- "$bin" -q -k null -s 64 -t "dram:16M,$HOME" "${tiny[@]}" --anonymize
	[[ $(readlink results/latest) == *-host-* ]]
	run ! grep -rIlwE "$names" results/latest/
	says 0 -- "$bin" report results/latest
	says 0 -- "$bin" -q -k null -s 64 -t "dram:16M,$HOME" "${tiny[@]}" -o plain
	grep -qw "$(hostname)" plain/latest/run.json
	says 0 -- "$bin" export --format artifact --anonymize -o a.tar plain/latest
	mkdir out
	tar xf a.tar -C out
	run ! grep -rIlwE "$names" out
	[ -z "$(find results/latest/ out -name env)" ]
	json 'assert d["host"]["name"].startswith("host-") and "cmdline" not in d["host"]' <results/latest/run.json
	run ! compgen -G "$TMPDIR/daxmark-export-*"
}

@test "run --anonymize on a machine called like a column, by a user called like a key" {
	need_root
	need unshare
	export USER=kernel LOGNAME=point HOME=$BATS_TEST_TMPDIR
	unshare --uts true || skip 'no other host name'
	run timeout 60 unshare --uts sh -c 'hostname bench && exec "$@"' - "$bin" -q -k null -s 64 -t dram:16M "${tiny[@]}" --anonymize
	[ "$status" = 0 ]
	[[ $(readlink results/latest) == *-host-* ]]
	json 'assert d["host"]["name"].startswith("host-") and d["host"]["kernel"]' <results/latest/run.json
	head -n 1 results/latest/points.csv | grep -q ',bench,kernel,'
	says 0 null -- "$bin" report results/latest
}

@test "run --strict: 4 when a finding is bad, 0 when none is" {
	run "$bin" -q -k null -s 64 -t dram:16M "${tiny[@]}" --strict
	bad=$(json 'print(d["doctor"]["bad"])' <results/latest/run.json)
	[ "$status" = "$((bad > 0 ? 4 : 0))" ]
}
